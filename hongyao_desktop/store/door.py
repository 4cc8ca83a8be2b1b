"""The door (门) of an open file: one operation at a time, all of it written, journalled and synced, or nothing.

It owns the writing connection and the log of sealed operations; :class:`office.Office` gives operations their names,
their backups and their listeners.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import place
from hongyao_desktop.store.driver import Connection, DriverError, refusal_for, worded
from hongyao_desktop.store.journal import Entry, Head, head_of, open_door, seal
from hongyao_desktop.store.log_keeper import LogKeeper
from hongyao_desktop.store.opened import Done, Opened
from hongyao_desktop.store.search import SearchIndex
from hongyao_desktop.store.state import HeadNote, read_head_note, write_head_note

T = TypeVar("T")


class Door:
    """The one place where the file is written; may be used from any thread, one at a time gets in."""

    def __init__(self, opened: Opened, index: SearchIndex) -> None:
        self._opened = opened
        self._index = index
        self._connection: Connection | None = opened.connection
        self._one = threading.Lock()
        self._inside: int | None = None
        self._stale = ""
        self._log: LogKeeper | None = None

    def begin(self) -> str:
        """Begin the log of sealed operations; says why where the file lacks some and is only to be read, else ""."""
        opened = self._opened
        if opened.read_only:
            missing = opened.missing_operations(opened.log_tip(), opened.connection)
        else:
            self._log = LogKeeper(opened.backup_folder, opened.file_id, opened.file_key)
            self._log.start(opened.connection)
            missing = self._log.ahead
        if missing:
            self._hold_still(missing)
        return self._stale

    def _hold_still(self, missing: int) -> None:
        """Open for reading only: whatever was written now would begin a second history beside the one in the log."""
        self._stale = (
            f"操作备份日志里有 {missing} 次操作在文件里没有，文件可能被换成了旧的，只能查看，"
            "请退出，在登录页“用备份恢复”里重建"
        )
        log, self._log = self._log, None
        if log is not None:
            log.close()
            self._opened.read_only = True
            self._opened.connection.execute("PRAGMA query_only = ON")

    @property
    def writes(self) -> bool:
        """Whether operations are kept in the log beside the file: it is open for writing."""
        return self._log is not None

    @property
    def problem(self) -> str | None:
        """What keeps the log from being written, None while it is well."""
        return self._log.problem if self._log is not None else None

    @property
    def busy(self) -> bool:
        """Whether an operation is under way."""
        return self._inside is not None

    @property
    def entered(self) -> bool:
        """Whether the operation under way is that of this thread."""
        return self._inside == threading.get_ident()

    # -- operations

    def operate(self, work: Callable[[Connection, Head], T], entry: Callable[[], Entry]) -> Done[T]:
        """Run ``work`` as one operation; ``entry`` is what the journal says of it, asked for when it is sealed."""
        with self._one:
            self._inside = threading.get_ident()
            try:
                return self._run(work, entry)
            finally:
                self._inside = None

    def _run(self, work: Callable[[Connection, Head], T], entry: Callable[[], Entry]) -> Done[T]:
        connection = self._live()
        self.require_same_file()
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                head = open_door(connection)
                result = work(connection, head)
                sealed = seal(connection, head, entry())
                if sealed is not None:
                    self._index.follow(sealed.changes.tables)
                    if self._log is not None:
                        self._log.begin(sealed)
                connection.execute("COMMIT")
            except BaseException:
                try:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                finally:
                    if self._log is not None:
                        self._log.take_back()
                raise
        except DriverError as error:
            refusal = refusal_for(error, self._opened.path)
            if refusal is None:
                raise
            raise refusal from error
        if self._log is not None:
            self._log.settle()
        return Done(result, None if sealed is None else sealed.changes)

    def aside(self, work: Callable[[Connection], T]) -> T:
        """Write what is no record in a transaction of its own, unjournalled."""
        with self._one:
            connection = self._live()
            self.require_same_file()
            with worded(self._opened.path):
                connection.execute("BEGIN IMMEDIATE")
                try:
                    result = work(connection)
                    connection.execute("COMMIT")
                except BaseException:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise
            return result

    # -- what follows an operation

    @property
    def behind(self) -> bool:
        """Whether the search index or the log has not followed the last operations yet."""
        return self._index.behind or (self._log is not None and self._log.behind)

    def catch_up(self) -> bool:
        """One step of following; True when nothing is left."""
        with self._one:
            if self._connection is None:
                return True
            try:
                logged = self._log is None or not self._log.behind or self._log.catch_up(self._connection)
                return (not self._index.behind or self._index.catch_up()) and logged
            except DriverError as error:
                # A full disk must not take the program with it; the next operation or opening tries again.
                if refusal_for(error, self._opened.path) is None:
                    raise
                return True

    def reindex(self, progress: Callable[[int], None] | None) -> None:
        """Build all search keys anew."""
        self._live()
        with self._one:
            self._index.rebuild(progress)

    # -- whether and until when

    def _live(self) -> Connection:
        if self._connection is None:
            raise Refusal("台账文件已经关闭，请重新打开")
        if self._stale:
            raise Refusal(self._stale)
        if self._opened.read_only:
            raise Refusal(f"“{self._opened.path.name}”是以只读方式打开的，不能修改")
        return self._connection

    def require_same_file(self) -> None:
        """Refuse when another file lies where this one was opened."""
        path = self._opened.path
        if place.identity_of(path) != self._opened.identity:
            raise Refusal(
                f"“{path.name}”在使用中被移动、删除或替换，已停止保存，请不要关闭电脑，把文件放回原处后重新打开"
            )

    def shut(self, first: Callable[[], None]) -> None:
        """Run ``first``, note how far the journal went, fold the write-ahead log into the file, let go of the lock."""
        with self._one:
            connection, self._connection = self._connection, None
            if connection is None:
                return
            first()
            try:
                if not self._opened.read_only:
                    self._note_head(connection)
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            except DriverError as error:
                if refusal_for(error, self._opened.path) is None:
                    raise
            finally:
                if self._log is not None:
                    self._log.close()
                connection.close()
                self._opened.lock.release()

    def _note_head(self, connection: Connection) -> None:
        """Note how far the journal went, unless it contradicts the note already there: that one is the proof."""
        opened, head = self._opened, head_of(connection)
        if read_head_note(opened.state, opened.file_id, opened.path).fits(connection):
            write_head_note(opened.state, opened.file_id, opened.path, HeadNote(head.seq, head.hash))
