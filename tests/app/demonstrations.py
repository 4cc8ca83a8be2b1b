"""A demonstration office for the tests of the command line: made once in a run, copied for every test."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hongyao_desktop.app.cli import main
from hongyao_desktop.app.demo.build import PASSWORD, build_demo
from hongyao_desktop.core.clock import SystemClock

NAME = "演示单位.hongyao"


@dataclass
class Told:
    """What a command said: its exit code, what it printed, and its sentence on standard error."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


@cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="hongyao-demo-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    build_demo(folder / NAME, "office", SystemClock())
    return folder / NAME


def copied(folder: Path) -> Path:
    """A copy of the demonstration office in ``folder``."""
    for suffix in ("", ".keys"):
        shutil.copyfile(f"{_template()}{suffix}", folder / f"{NAME}{suffix}")
    return folder / NAME


def told(capsys: pytest.CaptureFixture[str], arguments: Sequence[str | Path]) -> Told:
    """Run a command line in this process."""
    capsys.readouterr()
    code = main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return Told(code, said.out, said.err)


def one_chinese_sentence(err: str) -> bool:
    """True for one line with Chinese in it and nothing of Python's own."""
    line = err.strip()
    return (
        bool(line)
        and "\n" not in line
        and any("\u4e00" <= char <= "\u9fff" for char in line)
        and "Traceback" not in line
        and "Error" not in line
    )


__all__ = ["PASSWORD", "Told", "copied", "one_chinese_sentence", "told"]
