"""Temporary files lie in a folder of the program's own; a program that was killed leaves none for long."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

from hongyao_desktop.app.access.temporary import own_temporary, sweep

ROOT = Path(__file__).resolve().parents[2]
PREVIEW = """
import sys, tempfile
from pathlib import Path
from hongyao_desktop.app.access.temporary import own_temporary

with own_temporary(Path(sys.argv[1])):
    place = Path(tempfile.mkdtemp()) / "draft.pdf"
    place.write_text("11010519491231002X")
    print(place, flush=True)
    sys.stdin.read()
"""


def preview(state: Path) -> tuple[subprocess.Popen[str], Path]:
    """Another program with a paper on its screen."""
    program = subprocess.Popen(
        [sys.executable, "-c", PREVIEW, str(state)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert program.stdout is not None
    return program, Path(program.stdout.readline().strip())


def end(program: subprocess.Popen[str]) -> None:
    for pipe in (program.stdin, program.stdout):
        if pipe is not None:
            pipe.close()
    program.wait()


def test_what_a_killed_program_left_is_swept_and_a_running_one_is_left_alone(tmp_path: Path) -> None:
    killed, left = preview(tmp_path)
    running, shown = preview(tmp_path)
    killed.send_signal(signal.SIGKILL)
    end(killed)
    assert left.is_file(), "nobody could clean up"
    with own_temporary(tmp_path):
        assert not left.exists()
        assert shown.is_file(), "the other program still shows it"
    end(running)
    assert not shown.exists(), "whoever ends in peace cleans up"
    assert not list((tmp_path / "temporary").iterdir())


def test_everything_temporary_lies_there_and_nobody_else_may_look(tmp_path: Path) -> None:
    before = tempfile.gettempdir()
    with own_temporary(tmp_path) as folder:
        assert folder is not None
        assert Path(tempfile.gettempdir()) == folder
        if os.name == "posix":
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "draft.pdf").write_text("x")
    assert not folder.exists()
    assert tempfile.gettempdir() == before


def test_where_no_folder_can_be_made_the_systems_serves(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    before = tempfile.gettempdir()
    with own_temporary(blocked) as folder:
        assert folder is None
        assert tempfile.gettempdir() == before
    assert sweep(tmp_path / "nothing here") == 0
