"""Reading a spreadsheet file (读表): the only door for files that come from outside.

`read_book` starts a process with limits (`child`), takes the values from its pipe and stops it when it is too slow,
too large or no longer wanted. Whatever the file does, the answer is a `Book` or one Chinese sentence.
"""

from __future__ import annotations

import logging
import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Self

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.sheets import child, wire
from hongyao_desktop.sheets.book import Book, BookKind, Limits, Sheet
from hongyao_desktop.sheets.sniff import broken, too_big_inside

_log = logging.getLogger(__name__)
_LOOK_EVERY_SECONDS = 0.1
_FRAMES_WAITING = 4
_NO_WINDOW = 0x08000000  # CREATE_NO_WINDOW: no console flashes up on Windows
_KILLED_FOR_SIZE = {-6, -9, -11, 137, 134}


class Cancelled(Refusal):
    """The user stopped the reading."""


def read_book(
    path: Path,
    *,
    limits: Limits | None = None,
    cancelled: Callable[[], bool] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Book:
    """Read all sheets of a spreadsheet or text file.

    Args:
        path: the file; its name's ending is not trusted.
        limits: what the file may cost; `Limits()` if not given.
        cancelled: asked several times a second; reading stops when it says yes.
        progress: told the number of rows read so far, now and then.

    Raises:
        Refusal: one sentence about a file that is missing, no table, locked, empty, broken, too large or too slow.
        Cancelled: `cancelled` said yes.
    """
    limits = limits or Limits()
    _refuse_what_is_no_file(path)
    with _Reading(path, limits) as reading:
        return reading.book(cancelled or (lambda: False), progress or (lambda _rows: None))


def _refuse_what_is_no_file(path: Path) -> None:
    """Folders, devices and pipes never reach the reading process: opening some of them waits for ever."""
    try:
        if path.is_dir():
            raise Refusal(f"“{path.name}”是文件夹；请选择里面的表格文件")
        if not path.exists():
            raise Refusal(f"没有找到“{path.name}”；请核对文件位置")
        if not path.is_file():
            raise Refusal(f"“{path.name}”不是普通文件；请选择表格文件")
    except (OSError, ValueError) as error:
        raise Refusal(f"“{path.name}”读不出来；请核对文件位置") from error


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, child.ARGUMENT]
    return [sys.executable, "-X", "utf8", "-P", "-m", "hongyao_desktop.sheets.child"]


def _environment() -> dict[str, str]:
    """The child finds this very package, also when it was not installed."""
    environment = {**os.environ, "RUST_BACKTRACE": "0"}
    if not getattr(sys, "frozen", False):
        environment["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    return environment


class _Reading:
    """One running reading process, ended on leaving the block in every case."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._deadline = time.monotonic() + limits.seconds
        self._frames: queue.Queue[bytes | None] = queue.Queue(_FRAMES_WAITING)
        self._stopped = threading.Event()
        self._complaint = b""

    def __enter__(self) -> Self:
        try:
            self._process = subprocess.Popen(
                _command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_environment(),
                creationflags=_NO_WINDOW if sys.platform == "win32" else 0,
            )
        except OSError as error:
            raise Refusal("读表程序没有启动起来；请重新打开程序再试") from error
        self._threads = [
            threading.Thread(target=self._receive, name="sheet frames", daemon=True),
            threading.Thread(target=self._listen, name="sheet complaints", daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._stopped.set()
        self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert stream is not None
            try:
                stream.close()
            except OSError:
                _log.debug("the reading process closed its end first")

    # ------------------------------------------------------------------------------------------------- the two threads

    def _receive(self) -> None:
        stdout = self._stream(self._process.stdout)
        frame: bytes | None = b""
        while frame is not None and not self._stopped.is_set():
            frame = wire.read_frame(stdout.read)
            while not self._stopped.is_set():
                try:
                    self._frames.put(frame, timeout=_LOOK_EVERY_SECONDS)
                    break
                except queue.Full:
                    continue

    def _listen(self) -> None:
        """Keep the end of what the process complains about, for the log; it must never block on a full pipe."""
        stderr = self._stream(self._process.stderr)
        while piece := stderr.read(4096):
            self._complaint = (self._complaint + piece)[-4096:]

    @staticmethod
    def _stream(stream: Any) -> BinaryIO:
        assert stream is not None
        result: BinaryIO = stream
        return result

    # ------------------------------------------------------------------------------------------------------- the book

    def book(self, cancelled: Callable[[], bool], progress: Callable[[int], None]) -> Book:
        try:
            stdin = self._stream(self._process.stdin)
            stdin.write(wire.request(self._path, self._limits))
            stdin.close()
        except OSError as error:
            raise self._died() from error
        about: dict[str, Any] = {}
        heads: list[dict[str, Any]] = []
        bodies: list[list[list[Any]]] = []
        count = 0
        while True:
            kind, content = self._next(cancelled)
            if kind == wire.ROWS:
                bodies[-1].extend(content)
                count += len(content)
                progress(count)
            elif kind == wire.BOOK:
                about = content
            elif kind == wire.SHEET:
                heads.append(content)
                bodies.append([])
            elif kind == wire.REFUSED:
                message, exit_code = content
                raise Refusal(str(message), int(exit_code))
            else:
                return self._put_together(about, heads, bodies)

    def _next(self, cancelled: Callable[[], bool]) -> tuple[str, Any]:
        while True:
            if cancelled():
                raise Cancelled(f"已停止读取“{self._path.name}”，没有改动任何数据")
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise Refusal(
                    f"“{self._path.name}”读了 {self._limits.seconds:g} 秒还没有读完，已停止；"
                    "请删去多余内容或拆成几个文件"
                )
            try:
                frame = self._frames.get(timeout=min(_LOOK_EVERY_SECONDS, left))
            except queue.Empty:
                continue
            if frame is None:
                raise self._died()
            try:
                return wire.unpack(frame)
            except (
                pickle.UnpicklingError,
                ValueError,
                TypeError,
                AttributeError,
                EOFError,
                IndexError,
            ) as error:
                raise broken(self._path.name) from error

    def _died(self) -> Refusal:
        """The process ended in the middle: for want of memory, or because the reader choked on the file."""
        self._process.kill()
        code = self._process.wait()
        self._threads[1].join()
        _log.warning("reading process ended with %s: %s", code, self._complaint.decode("utf-8", "replace"))
        if code in _KILLED_FOR_SIZE or b"memory allocation" in self._complaint:
            return too_big_inside(self._path.name, self._limits.memory_bytes)
        return broken(self._path.name)

    def _put_together(
        self, about: dict[str, Any], heads: list[dict[str, Any]], bodies: list[list[list[Any]]]
    ) -> Book:
        sheets = tuple(
            Sheet(**{**head, "hidden_rows": frozenset(head["hidden_rows"]), "rows": rows})
            for head, rows in zip(heads, bodies, strict=True)
            if head["faults"] or any(value is not None for row in rows for value in row)
        )
        if not sheets:
            raise Refusal(f"“{self._path.name}”里没有任何内容；请核对是不是选错了文件")
        return Book(
            file_name=self._path.name,
            kind=BookKind(about["kind"]),
            sheets=sheets,
            digest=about["digest"],
            encoding=about.get("encoding"),
            separator=about.get("separator"),
            notes=tuple(about.get("notes", ())),
        )
