"""Start-up: the log-in window needs little in memory; what follows is loaded behind it and measured."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from pytestqt.qtbot import QtBot

from hongyao_desktop.app.bench_start import measure_enter, measure_start
from hongyao_desktop.app.offices import OpenOffices
from hongyao_desktop.app.window.main_window import MainWindow
from hongyao_desktop.app.window.window_memory import WindowMemory
from hongyao_desktop.kit.keys import ENTER
from hongyao_desktop.store.bench import Measured
from hongyao_desktop.store.state import STATE_VARIABLE
from tests.offices import make_file

HEAVY = (
    "sqlcipher3",
    "argon2",
    "cryptography",
    "_hashlib",
    "platform",
    "click",
    "openpyxl",
    "reportlab",
    "pypinyin",
    "PySide6.QtSvg",
    "hongyao_desktop.store.office",
    "hongyao_desktop.core.register",
    "hongyao_desktop.app.modules",
    "hongyao_desktop.kit.form",
)


def test_the_login_window_is_drawn_before_cipher_pages_and_modules_are_loaded() -> None:
    script = (
        "import sys; import hongyao_desktop.__main__, hongyao_desktop.app.window.run_window;"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "[]"


def test_the_login_window_is_drawn_before_python_knows_the_constants_of_qt(tmp_path: Path) -> None:
    script = (
        "import enum, sys; made = set(); before = enum.EnumType._create_\n"
        "def noted(cls, name, *given, **named):\n"
        "    made.add(name)\n"
        "    return before(cls, name, *given, **named)\n"
        "enum.EnumType._create_ = noted\n"
        "from PySide6.QtCore import QTimer; from PySide6.QtWidgets import QApplication\n"
        "from hongyao_desktop.__main__ import main; sys.argv = ['hongyao']\n"
        "seen = lambda: (print('EchoMode' in made, *made & {'Key', 'PixelMetric'}), QApplication.quit())\n"
        "QTimer.singleShot(0, lambda: QTimer.singleShot(0, seen)); main()"
    )
    path = make_file(tmp_path)
    (tmp_path / "recent.json").write_text(json.dumps([str(path)]), encoding="utf-8")
    environment = {**os.environ, STATE_VARIABLE: str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    told = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, env=environment
    )
    assert told.stdout.split() == ["True"]


def test_the_keys_that_confirm_are_those_of_qt() -> None:
    assert set(ENTER) == {Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value}


def test_the_rest_is_loaded_piece_by_piece_while_the_window_waits(qtbot: QtBot, tmp_path: Path) -> None:
    window = MainWindow(OpenOffices(state=tmp_path), WindowMemory(tmp_path))
    qtbot.addWidget(window)
    window.start(None)
    window.show()
    assert window.warming.left
    qtbot.waitUntil(lambda: not window.warming.left, timeout=20_000)
    assert "hongyao_desktop.app.window.page_list" in sys.modules
    assert {"HY Rare A", "HY Rare B", "HY Rare C"} <= set(QFontDatabase.families())
    window.close()


def test_memory_is_looked_after_again_once_the_window_is_drawn(tmp_path: Path) -> None:
    script = (
        "import gc, sys; from PySide6.QtCore import QTimer; from PySide6.QtWidgets import QApplication;"
        "from hongyao_desktop.__main__ import main; sys.argv = ['hongyao'];"
        "seen = lambda: (print(gc.isenabled(), gc.get_freeze_count() > 10_000), QApplication.quit());"
        "QTimer.singleShot(0, seen); main()"
    )
    environment = {**os.environ, STATE_VARIABLE: str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    told = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, env=environment
    )
    assert told.stdout.split() == ["True", "True"]


@pytest.mark.parametrize("measure", [measure_start, measure_enter])
def test_start_up_is_measured(measure: Callable[[Path, int], Measured], tmp_path: Path) -> None:
    measured = measure(tmp_path, 1)
    assert measured.value > 0
    assert measured.floor is None or measured.floor > 0
