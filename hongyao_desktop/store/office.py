"""An open office file (台账文件): reading, searching, named operations, backup, check. :mod:`opening` opens files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self, TypeVar

from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.desk import Changes, Operator
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.register import Register
from hongyao_desktop.store import keys
from hongyao_desktop.store.backup import Backup, Source, backups_in, make_backup, remove, superseded
from hongyao_desktop.store.backup_rounds import BackupRounds
from hongyao_desktop.store.check import Checker, CheckReport, Progress
from hongyao_desktop.store.door import Door
from hongyao_desktop.store.driver import Connection, DriverError, refusal_for, worded
from hongyao_desktop.store.follower import Follower
from hongyao_desktop.store.journal import Entry, Head, Undo, head_of
from hongyao_desktop.store.migrate import expected_schema, known_steps
from hongyao_desktop.store.opened import Done, OfficeInfo, Opened
from hongyao_desktop.store.pages import ListQuery, Pages
from hongyao_desktop.store.reading import Readers
from hongyao_desktop.store.recount import tail_fits
from hongyao_desktop.store.searching import Searching
from hongyao_desktop.store.state import read_head_note
from hongyao_desktop.store.undo import last_undoable, offered, put_back
from hongyao_desktop.store.writing import DoorWriter

T = TypeVar("T")


class Office:
    """An open office file.

    Never write to it other than by :meth:`transact`; never keep a writer beyond its operation.

    Attributes:
        path: where the file lies.
        who: the operator who opened it.
        info: whose file it is.
        clock: where times in it come from.
        registers: the descriptions of the registers it is opened for; they give search keys and names for rows.
        rounds: the automatic backups, None where nobody asked for them; see :meth:`back_up_by_itself`.
        leaving: done first when the file is closed; the access log notes the leaving by it.
        warnings: sentences worth showing after opening, such as an older copy found in the file's place; see also
            :attr:`problems`.
    """

    def __init__(
        self,
        opened: Opened,
        *,
        who: Operator,
        info: OfficeInfo,
        clock: Clock,
        registers: Sequence[Register] = (),
    ) -> None:
        self.path = opened.path
        self.who = who
        self.info = info
        self.clock = clock
        self.registers = tuple(registers)
        self.warnings: tuple[str, ...] = opened.warnings
        self._opened = opened
        self._readers = Readers(opened.new_connection, opened.path)
        self._searching = Searching(opened.connection, opened.path, self.registers)
        self._searching.index.prepare(writable=not opened.read_only)
        self._door = Door(opened, self._searching.index)
        self._follower = Follower(self._door.catch_up)
        self._listeners: list[Callable[[Changes], None]] = []
        if not tail_fits(opened.connection):
            self.warnings += ("最近的操作日志与校验值不符，文件可能被人改动，请先做一次核查",)
        self.leaving: Callable[[], None] | None = None
        self.rounds: BackupRounds | None = None
        stale = self._door.begin()
        if stale:
            self.warnings = (stale, *self.warnings)  # first, for it says what to do
        if self._door.writes:
            self._settle()

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong at the moment without stopping the work, such as a backup folder that cannot be written."""
        found = []
        if self._door.problem is not None:
            found.append(self._door.problem)
        if self.rounds is not None and self.rounds.problem is not None:
            found.append(self.rounds.problem)
        if self._follower.error is not None:
            found.append("后台整理检索和操作备份日志时程序出错，新记录可能一时搜不到，请关闭后重新打开")
        return tuple(found)

    @property
    def opened(self) -> Opened:
        """What opening left behind (keys, places); for the other files of this room only."""
        return self._opened

    # -- reading

    def reader(self) -> Readers:
        """The query-only view; may be used from any thread and in a ``with`` statement."""
        return self._readers

    def head(self) -> str:
        """The chain value after the last operation, as printed on every paper."""
        with self._readers.connection() as connection:
            return head_of(connection).hash

    def search(self, register: Register | str, text: str, limit: int = 50) -> list[str]:
        """Ids of at most ``limit`` rows of a register in which every word of ``text`` is found, the closest first.

        A word is found where it begins any part of a name, its initials or pinyin, a number or its last digits.
        """
        self._await_keys()
        with worded(self.path), self._readers.connection() as connection:
            return self._searching.finder(register).find(connection, text, limit)

    def pages(self, register: Register | str, query: ListQuery) -> Pages:
        """The rows of a register that answer ``query``, a page at a time."""
        if query.search.strip():
            self._await_keys()
        searching = self._searching
        return Pages(self._readers, searching.described(register), searching.finder(register), query)

    def reindex(self, progress: Callable[[int], None] | None = None) -> None:
        """Build all search keys anew (重建检索)."""
        self._door.reindex(progress)

    def backup(
        self, folder: Path | None = None, progress: Callable[[int, int], None] | None = None
    ) -> Backup:
        """Copy the file as confirmed at this moment into the backup folder (or another one) and verify the copy.

        May run on any thread beside reading and writing. ``progress`` hears (pages done, pages in all).
        """
        opened = self._opened
        self._door.require_same_file()
        source = Source(self.path, opened.file_id, opened.file_key, opened.ring)
        return make_backup(source, folder or opened.backup_folder, self.clock.now(), progress)

    def backups(self, folder: Path | None = None) -> list[Backup]:
        """The backups of this file in the backup folder (or another one), newest first."""
        return backups_in(folder or self._opened.backup_folder, self._opened.file_id)

    def back_up_by_itself(self, large: Callable[[str], bool]) -> None:
        """From now on backups are made at closing, once a day, and before operations whose name is ``large``."""
        if not self._opened.read_only:
            self.rounds = BackupRounds(self, large)

    def thin_backups(self, most: int, folder: Path | None = None) -> list[Backup]:
        """Delete backups that younger ones stand for; returns those deleted."""
        gone = superseded(self.backups(folder), self.clock.now(), most)
        remove(gone)
        return gone

    def finish_index(self) -> None:
        """Wait until the search index knows everything confirmed; at once unless a large import went before."""
        self._follower.finish()

    def _await_keys(self) -> None:
        """Let a search see what was saved a moment ago, unless somebody is saving: he is not waited for."""
        self._searching.await_keys(self._follower, self._readers, lambda: self._door.busy)

    def _settle(self) -> None:
        """Let what fell behind (search index, sealed log) follow in the background."""
        if self._door.behind:
            self._follower.start()

    def check(
        self, progress: Progress | None = None, *, printed_head: str | None = None, thorough: bool = False
    ) -> CheckReport:
        """Hold tables and journal against each other; see :mod:`check`. Works beside reading and writing.

        ``printed_head`` is a chain value from a paper. ``progress`` hears (done, total) and may raise to break off.
        ``thorough`` also looks up every row in every index.
        """
        tip = self._opened.log_tip()  # read before the journal, which has all that it confirms
        connection = self._opened.new_connection()
        try:
            connection.execute("PRAGMA query_only = ON")
            checker = Checker(connection, self.registers, progress, thorough)
            expected = expected_schema(known_steps(), self.clock)
            note = read_head_note(self._opened.state, self._opened.file_id, self.path)
            checker.missing = self._opened.missing_operations(tip, connection)
            return checker.run(expected, note, printed_head)
        except DriverError as error:
            refusal = refusal_for(error, self.path)
            if refusal is None:
                raise
            raise refusal from error
        finally:
            connection.close()

    # -- the door

    def transact(
        self,
        op: str,
        fn: Callable[[DoorWriter], T],
        *,
        reason: str | None = None,
        undo: Undo = Undo.YES,
    ) -> Done[T]:
        """Run ``fn`` as one named operation: all of it is written, journalled and synced, or nothing is.

        ``op`` is the Chinese name a clerk would use (it stands in the journal and in "撤销：…"). Listeners hear of it
        after it is confirmed. Raises what ``fn`` raises, with everything rolled back; a full disk, a locked or
        replaced file become a Refusal. Operations do not nest.
        """
        return self._transact(op, lambda connection, head: self._write(connection, head, fn), reason, undo)

    def rekey(
        self,
        op: str,
        fn: Callable[[DoorWriter, keys.KeyRing], tuple[T, keys.KeyRing]],
        *,
        reason: str | None = None,
    ) -> Done[T]:
        """Run ``fn`` as one operation that also changes the ring of keys; never undone.

        The new ring is confirmed inside the file together with the operation and written outside afterwards; when that
        fails, the next opening does it.
        """
        opened = self._opened
        changed: list[keys.KeyRing] = []

        def work(connection: Connection, head: Head) -> T:
            result, ring = self._write(connection, head, lambda writer: fn(writer, opened.ring))
            connection.execute("UPDATE key_ring SET version = ?, body = ?", (ring.version, ring.to_text()))
            changed.append(ring)
            return result

        done = self._transact(op, work, reason, Undo.NO)
        opened.ring = changed[-1]
        try:
            keys.store_ring(opened.ring, self.path, opened.state)
        except OSError as error:
            raise Refusal(
                f"“{op}”已保存，但钥匙文件没有写上，请检查磁盘空间和写权限，然后用原来的口令重新打开一次"
            ) from error
        return done

    def undoable(self) -> str | None:
        """The name of this operator's last operation when it can be taken back, else None."""
        with self._readers.connection() as connection:
            return offered(connection, self.who.id)

    def undo_last(self) -> Changes:
        """Take back this operator's last operation; returns what that changed.

        Refuses when there is none, when it was a posting, or when its records have changed since.
        """
        with self._readers.connection() as connection:
            last = last_undoable(connection, self.who.id)
        if last is None:
            raise Refusal("没有可以撤销的操作，过账和打印不能撤销，记错的账请冲正")
        done = self._transact(
            f"撤销：{last.op}",
            lambda connection, _: put_back(connection, last),
            None,
            Undo.YES,
            undoes=last.seq,
        )
        if done.changes is None:
            raise Refusal(f"“{last.op}”已经撤销过了")
        return done.changes

    def _write(self, connection: Connection, head: Head, fn: Callable[[DoorWriter], T]) -> T:
        writer = DoorWriter(connection, self.who, self.clock, head.seq + 1)
        try:
            return fn(writer)
        finally:
            writer.end()

    def _transact(
        self,
        op: str,
        work: Callable[[Connection, Head], T],
        reason: str | None,
        undo: Undo,
        undoes: int | None = None,
    ) -> Done[T]:
        if not op.strip():
            raise ValueError("an operation needs a name")
        if self._door.entered:
            raise RuntimeError(
                f"operation {op!r} begun inside another one; call the service function instead"
            )
        if self.rounds is not None:
            self.rounds.before(op)
        done = self._door.operate(work, lambda: Entry(op, self.who, self.clock.now(), reason, undo, undoes))
        self._settle()
        if done.changes is not None:
            if self.rounds is not None:
                self.rounds.after()
            for listener in tuple(self._listeners):
                listener(done.changes)
        return done

    def aside(self, work: Callable[[Connection], T]) -> T:
        """Write what is no record (drafts) in a transaction of its own, unjournalled; for this room only."""
        return self._door.aside(work)

    @property
    def settings(self) -> dict[str, str]:
        """The settings kept in the file, by key; read one with ``core.settings``: ``IDLE_MINUTES.read(...)``."""
        return {row["id"]: row["value"] for row in self._readers.all("SELECT id, value FROM setting")}

    def subscribe(self, listener: Callable[[Changes], None]) -> Callable[[], None]:
        """Call ``listener`` after every confirmed operation, in the thread that wrote; returns how to stop.

        A listener only notes what changed (or queues a signal); it must not raise.
        """
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    # -- the end

    def close(self) -> None:
        """Close all connections, fold the write-ahead log into the file and let go of the lock.

        Makes the automatic backup before. After a large import this first waits until the search index is complete.
        """
        leaving, self.leaving = self.leaving, None
        if leaving is not None:
            leaving()
        self._follower.close()
        rounds, self.rounds = self.rounds, None
        try:
            if rounds is not None:
                rounds.at_close()
        finally:
            self._door.shut(self._readers.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
