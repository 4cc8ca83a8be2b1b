"""What happens when the program itself is at fault: one sentence for the user, a report for whoever mends it.

The report holds where it happened and what kind of error it was, never the error's own text: that may carry a name, a
number or a password (CODEBASES section 2.8).
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import hongyao_desktop
from hongyao_desktop.store.state import state_folder

if TYPE_CHECKING:
    import datetime as dt

_KEPT = 20


def report_lines(kind: type[BaseException], trace: TracebackType | None) -> list[str]:
    """The report: version, system, kind of error, and the places in the code it passed through."""
    import platform
    import traceback

    lines = [
        f"红耀台账 {hongyao_desktop.__version__}",
        f"{platform.system()} {platform.release()} Python {platform.python_version()}",
        kind.__name__,
    ]
    return lines + [
        f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)
    ]


def write_report(kind: type[BaseException], trace: TracebackType | None, now: dt.datetime) -> Path | None:
    """Write a report into this computer's data folder and keep the last few; None when it cannot be written."""
    folder = state_folder() / "crashes"
    path = folder / f"{now:%Y%m%d-%H%M%S}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(report_lines(kind, trace)) + "\n", encoding="utf-8")
        for old in sorted(folder.glob("*.txt"))[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return None
    return path


def sentence(report: Path | None) -> str:
    """What the user is told."""
    where = f"，记录在 {report}" if report is not None else ""
    return f"程序出了问题，已保存的内容不受影响{where}，请把这份记录交给维护人员"


def tell_on_terminal(kind: type[BaseException], _error: BaseException, trace: TracebackType | None) -> None:
    """Take the place of Python's own hook: a sentence instead of a traceback."""
    if issubclass(kind, KeyboardInterrupt):
        sys.stderr.write("已取消\n")
        return
    import datetime as dt

    report = write_report(kind, trace, dt.datetime.now(tz=dt.UTC).astimezone())
    sys.stderr.write(sentence(report) + "\n")
