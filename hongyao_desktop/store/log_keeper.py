"""Keeps the log of sealed operations beside the work: after every commit, and in small steps when it fell behind."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

from hongyao_desktop.store.appending import SealedLog
from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.journal import Sealed, head_of
from hongyao_desktop.store.sealed import History, Seal, Tip, operations_missing, tip_of

_STEP: Final = 100


def missing_in(folder: Path, file_id: bytes, file_key: bytes, tip: Tip, connection: Connection) -> int:
    """How many confirmed operations of a log the journal lacks; 0 also when the log cannot be read."""
    try:
        return operations_missing(connection, tip, lambda: History(folder, file_id, file_key))
    except OSError:
        return 0


def tip_in(folder: Path, file_id: bytes, file_key: bytes) -> Tip:
    """Where a log stands, changing nothing; an empty tip also when the log cannot be read."""
    try:
        return tip_of(folder, Seal(file_id, file_key))
    except OSError:
        return Tip()


class LogKeeper:
    """The log of one open office; a folder that cannot be used never stops the work, it is said in :attr:`problem`.

    Attributes:
        behind: whether the journal has operations that the log lacks.
        problem: a sentence for the user while the log cannot be written, else None.
        ahead: how many operations the log has that the file lacks: the file was replaced by an older one.
    """

    def __init__(self, folder: Path, file_id: bytes, file_key: bytes) -> None:
        self._folder = folder
        self._file_id = file_id
        self._file_key = file_key
        self._log: SealedLog | None = None
        self._appender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sealed-log")
        self._appending: Future[None] | None = None
        self.behind = True
        self.problem: str | None = None
        self.ahead = 0

    def start(self, connection: Connection) -> None:
        """Open the log and compare it with the journal."""
        if self._log is None and not self._open():
            return
        assert self._log is not None
        try:
            self._compare(self._log, connection)
        except OSError:
            self._lose()

    def _compare(self, log: SealedLog, connection: Connection) -> None:
        head = head_of(connection)
        row = connection.execute("SELECT hash FROM journal_operation WHERE seq = ?", (log.seq,)).fetchone()
        if log.seq and (row is None or row[0] != log.hash):
            if log.seq == head.seq + 1 and log.prev == head.hash and not log.confirmed:
                # Cut off between the two syncs: nobody was told that it was saved, for that comes after the mark.
                log.go_back(head.seq, head.hash)
            else:
                self.ahead = operations_missing(connection, log.tip, log.history)
        elif not log.confirmed:
            log.confirm()
        self.behind = (log.seq, log.hash) != (head.seq, head.hash)

    def begin(self, sealed: Sealed) -> None:
        """Begin to append the operation that is about to be committed; :meth:`settle` or :meth:`take_back` follows.

        Log and file are synced at the same moment. When the program dies in between, the log may have one operation
        that the file lacks; nobody was told that it was saved, and no mark in the log says so either.
        """
        self._appended()  # of an operation that was broken off between commit and settling
        if self.behind or self._log is None:
            self.behind = True
            return
        self._appending = self._appender.submit(self._log.append, sealed.fields, sealed.hash, sealed.blocks)

    def settle(self) -> None:
        """The operation is committed; returns when the log has it too, or has been given up for now."""
        if self._appended() and self._log is not None:
            try:
                self._log.confirm()
            except OSError:
                self._lose()

    def take_back(self) -> None:
        """The operation was not committed."""
        if self._appended() and self._log is not None:
            try:
                self._log.take_back()
            except OSError:
                self._lose()

    def _appended(self) -> bool:
        """Wait for what :meth:`begin` began; whether something was begun and stands in the log."""
        appending, self._appending = self._appending, None
        if appending is None:
            return False
        try:
            appending.result()
        except OSError:
            self._lose()
            return False
        return True

    def catch_up(self, connection: Connection) -> bool:
        """Append some of what is missing; True when nothing is left, or nothing can be done for now."""
        if self._log is None and not self._open():
            return True
        assert self._log is not None
        try:
            self._log.begin_at(connection)
            done = self._log.follow(connection, _STEP)
        except OSError:
            self._lose()
            return True
        self.behind = not done
        return done

    def close(self) -> None:
        """End: the thread is gone and the log's file let go."""
        self._appender.shutdown()
        self._let_go()

    def _let_go(self) -> None:
        if self._log is not None:
            self._log.close()
            self._log = None

    def _open(self) -> bool:
        log = SealedLog(self._folder, self._file_id, self._file_key)
        try:
            log.open()
        except OSError:
            self._lose()
            return False
        self._log, self.problem = log, None
        return True

    def _lose(self) -> None:
        self.behind = True
        self.problem = f"操作备份日志写不进“{self._folder}”，保存不受影响，请检查备份文件夹或 U 盘"
        self._let_go()
