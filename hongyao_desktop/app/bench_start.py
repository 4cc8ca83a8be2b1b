"""Start-up measured as an operator feels it (启动测速): until the log-in can be typed into, and from there to work.

Each run is a process of its own, begun like a double click on a computer where a file was used before.  Its moments
are told on the clock both processes share, so that loading Python itself counts and taking the process down does not.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from hongyao_desktop.app.bootstrap import new_office
from hongyao_desktop.core.desk import Operator, Role
from hongyao_desktop.store import OfficeInfo
from hongyao_desktop.store.bench import Measured
from hongyao_desktop.store.state import STATE_VARIABLE

BAR: Final = 1.5
MOST_ENTER_MS: Final = 1000.0
"""From Enter after the password to the first page: within a second nobody's thought is interrupted."""
_PASSWORD: Final = "Cesu-2026"  # noqa: S105 - of a file that is deleted again

_EMPTY_WINDOW: Final = """
import time
from PySide6.QtWidgets import QApplication, QMainWindow
from PySide6.QtCore import QTimer
app = QApplication([]); window = QMainWindow(); window.show()
QTimer.singleShot(0, lambda: (print(time.perf_counter()), app.quit())); app.exec()
"""

_TO_THE_LOGIN: Final = """
import gc, sys, time
gc.disable()
from PySide6.QtWidgets import QApplication
from PySide6.QtCore import QTimer
from hongyao_desktop.__main__ import main
def seen():
    print(time.perf_counter()); QApplication.quit()
QTimer.singleShot(0, lambda: QTimer.singleShot(0, seen))
sys.argv = ["hongyao"]
main()
"""
"""The first line is the first of `main` too, which loads Qt only then; here Qt has to be loaded before."""

_TO_THE_FIRST_PAGE: Final = """
import sys, time
from PySide6.QtWidgets import QApplication
from PySide6.QtCore import QTimer
from hongyao_desktop.__main__ import main
password, began = sys.argv.pop(), []
def window():
    return next(widget for widget in QApplication.topLevelWidgets() if hasattr(widget, "entrance"))
def step():
    if began:
        if window().shell is not None and window().shell.page is not None:
            watch.stop()
            QTimer.singleShot(0, seen)
    elif not window().warming.left:
        began.append(time.perf_counter())
        window().entrance.panel.password.setText(password)
        window().entrance.panel.primary.click()
def seen():
    print(time.perf_counter() - began[0])
    window().close()
watch = QTimer()
watch.timeout.connect(step)
QTimer.singleShot(0, lambda: watch.start(1))
main()
"""
"""The password is put in once everything is loaded, as when a person types it."""


def measure_start(folder: Path, times: int = 7) -> Measured:
    """From starting the process to a log-in that can be typed into; floor: an empty window of the bare library."""
    environment = _computer(folder)

    def run(script: str) -> float:
        began = time.perf_counter()
        return (float(_told(script, environment)) - began) * 1000

    for script in (_EMPTY_WINDOW, _TO_THE_LOGIN):
        run(script)
    floor: list[float] = []
    ours: list[float] = []
    for _ in range(times):
        floor.append(run(_EMPTY_WINDOW))
        ours.append(run(_TO_THE_LOGIN))
    middle = statistics.median
    details = {"best": min(ours), "worst": max(ours), "floor_best": min(floor)}
    return Measured("start", "冷启动到可以输入口令的窗口", middle(ours), middle(floor), BAR, details)


def measure_enter(folder: Path, times: int = 5) -> Measured:
    """From the password to the first page: its derivation, opening and checking the file, building the page."""
    environment = _computer(folder)
    took = [float(_told(_TO_THE_FIRST_PAGE, environment, _PASSWORD)) * 1000 for _ in range(times)]
    details = {"best": min(took), "worst": max(took)}
    return Measured("enter", "输完口令到第一页", statistics.median(took), None, MOST_ENTER_MS, details)


def _computer(folder: Path) -> dict[str, str]:
    """A computer on which one small office file was used before."""
    state = folder / "state"
    path = folder / "启动.hongyao"
    environment = {**os.environ, STATE_VARIABLE: str(state)}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Where the program was used before, it lies compiled; a tester's computer may forbid that, and would then be
    # compiling this program, and only this one, anew at every start.  The runs before the first measured one do it.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    if not path.exists():
        who = Operator("", "测速", frozenset({Role.ENTRY, Role.CASHIER}))
        new_office(path, OfficeInfo("测速", "测速街道"), [(who, _PASSWORD)]).close()
        state.mkdir(parents=True, exist_ok=True)
        (state / "recent.json").write_text(json.dumps([str(path)]), encoding="utf-8")
    return environment


def _told(script: str, environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.split()[-1]
