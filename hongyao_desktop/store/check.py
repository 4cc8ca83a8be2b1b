"""Checking an office file (核查): is every row what the journal says, and is the journal whole?

The chain is computed anew from the images; the images are held against the tables.  For that no row is looked up: a
keyed 64-bit hash of each image goes into one running sum per table, added where a row came to be and taken off where
it ended, and the sum over the table's present rows must be the same.  Only where it is not, the rows are compared one
by one (:mod:`blame`).  Everything is read in blocks put together inside SQLite, while the block before is hashed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.core.register import Register
from hongyao_desktop.store import blame, chain
from hongyao_desktop.store.blocks import BlockReader, table_block_sql
from hongyao_desktop.store.driver import Connection, DriverError
from hongyao_desktop.store.journal import Head, head_of
from hongyao_desktop.store.migrate import schema_of
from hongyao_desktop.store.recount import Recount, Sums
from hongyao_desktop.store.shapes import shapes_of
from hongyao_desktop.store.state import HeadNote

Progress = Callable[[int, int], None]
"""Told how far (done, total) after every block; raising in it breaks the check off."""

MOST_FINDINGS = 50

_STEPS_A_TURN = 20_000
_PAGES_A_TURN = 90
"""How many pages SQLite's check has read, roughly, after so many of its own steps; it does not say itself."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found.

    Attributes:
        ok: nothing is wrong.
        findings: what is wrong, the first wrong row first.
        head: the chain value of the file.
        operations: how many operations were recomputed.
        images: how many images.
        algorithm: label of the hash algorithm, such as SM3.
    """

    ok: bool
    findings: tuple[Problem, ...]
    head: str
    operations: int
    images: int
    algorithm: str


@dataclass(slots=True)
class Checker:
    """One run over one connection inside a read transaction.

    Attributes:
        connection: a connection of its own; it is used from a second thread too.
        registers: for naming rows as clerks know them.
        progress: see :data:`Progress`.
        thorough: also look up every row in every index (minutes for a million rows).
        foreign: the file comes from elsewhere: unless its schema is ours, nothing in it is touched, because a view or
            trigger in the place of a table may do anything, also never end.
        missing: how many confirmed operations the log of sealed operations has that the journal lacks.
    """

    connection: Connection
    registers: Sequence[Register] = ()
    progress: Progress | None = None
    thorough: bool = False
    foreign: bool = False
    missing: int = 0
    findings: list[Problem] = field(default_factory=list)
    done: int = 0
    total: int = 0

    def found(self, code: str, message: str) -> None:
        """Note a finding; beyond a limit only the fact that there are more."""
        if len(self.findings) == MOST_FINDINGS:
            self.findings.append(
                Problem(Level.ERROR, "check.more", "问题很多，后面的不再列出，请用最近的备份恢复")
            )
        elif len(self.findings) < MOST_FINDINGS:
            self.findings.append(Problem(Level.ERROR, code, message))

    def step(self, rows: int) -> None:
        """Tell how far the check has come."""
        self.done += rows
        if self.progress is not None:
            self.progress(min(self.done, self.total), self.total)

    def run(self, expected: dict[str, str] | None, note: HeadNote, printed: str | None) -> CheckReport:
        """Everything: file, schema, chain, tables, heads."""
        self.connection.execute("BEGIN")
        try:
            return self._run(expected, note, printed)
        finally:
            self.connection.execute("ROLLBACK")

    def _run(self, expected: dict[str, str] | None, note: HeadNote, printed: str | None) -> CheckReport:
        if expected is not None:
            self.check_schema(expected)
            if self.foreign and self.findings:
                return CheckReport(False, tuple(self.findings), "", 0, 0, "")
        head = head_of(self.connection)
        pages = int(self.connection.execute("PRAGMA page_count").fetchone()[0])
        self.total = 2 * pages + head.seq + 2 * head.images
        self.step(0)
        readable = self.check_pages(pages)
        operations = images = 0
        try:
            operations, images = self.check_journal(head)
            self.check_heads(head, note, printed)
        except DriverError:
            if readable:
                raise
        except (ValueError, TypeError, KeyError, RecursionError):
            # What stands in the columns is not what any version of this program writes there.
            self.found("check.content", "日志里有无法解读的内容，被人改动，请用最近的备份恢复")
        self.step(max(self.total - self.done, 0))  # there are fewer rows than images
        return CheckReport(
            not self.findings,
            tuple(self.findings),
            head.hash,
            operations,
            images,
            chain.ALGORITHM_LABELS.get(head.algorithm, head.algorithm),
        )

    def check_pages(self, pages: int) -> bool:
        """SQLite's own checks: sealed pages, trees and indexes, references. False when pages cannot be read."""
        begun = self.done
        # The cipher's own check reads the file past the write-ahead log: after a power cut in the middle of folding the
        # log in, it sees torn pages that the log replaces. Then SQLite's check, which reads every page through the log
        # and its seal, has to do.
        sealed = [str(row[0]) for row in self.connection.execute("PRAGMA cipher_integrity_check")]
        if sealed and not self._log_in_use():
            self.found("check.page", f"文件有 {len(sealed)} 处损坏（{sealed[0]}），请用最近的备份恢复")
            return False
        self.step(pages)
        for words in self._structure(begun + 2 * pages):
            if words != "ok":
                self.found("check.structure", f"文件内部结构有误：{words}，请用最近的备份恢复")
        self.step(begun + 2 * pages - self.done)
        for table, row, target, _ in self.connection.execute("PRAGMA foreign_key_check").fetchmany(20):
            self.found("check.reference", f"表 {table} 第 {row} 行引用的 {target} 记录不存在")
        return True

    def _structure(self, most: int) -> list[str]:
        """What SQLite's check of all trees says; tells how far it is, up to ``most``, and can be broken off."""
        check = "integrity_check" if self.thorough else "quick_check"
        self.connection.set_progress_handler(
            lambda: self.step(min(_PAGES_A_TURN, most - self.done)), _STEPS_A_TURN
        )
        try:
            return [str(row[0]) for row in self.connection.execute(f"PRAGMA {check}(20)")]
        except DriverError:
            self.step(0)  # raises again what was raised while SQLite was at it, and was lost there
            raise
        finally:
            self.connection.set_progress_handler(None, 0)

    def _log_in_use(self) -> bool:
        """Whether a write-ahead log with content lies beside the file."""
        path = str(self.connection.execute("PRAGMA database_list").fetchone()[2])
        log = Path(f"{path}-wal")
        return bool(path) and log.exists() and log.stat().st_size > 0

    def check_schema(self, expected: dict[str, str]) -> None:
        """Tables, indexes, views and triggers must be those this program makes."""
        kinds = {"table": "表", "index": "索引", "view": "视图", "trigger": "触发器"}
        present = schema_of(self.connection)
        for name in sorted(expected.keys() | present.keys()):
            if expected.get(name) == present.get(name):
                continue
            kind, _, bare = name.partition(" ")
            what = "缺失" if name not in present else "多出" if name not in expected else "被改动"
            self.found("check.schema", f"{kinds.get(kind, kind)} {bare} {what}，有人绕过程序改过文件结构")

    def check_heads(self, head: Head, note: HeadNote, printed: str | None) -> None:
        """The journal must still contain what this computer noted and what a paper shows."""
        if not note.fits(self.connection):
            self.found(
                "check.note",
                f"本机记得这个文件到过第 {note.seq} 号操作，现在日志到第 {head.seq} 号，"
                "末尾的操作被删去，或文件被旧文件替换",
            )
        if printed is not None:
            value = "".join(printed.split()).lower()
            row = self.connection.execute(
                "SELECT 1 FROM journal_operation WHERE hash >= ? AND hash < ? || 'g' LIMIT 1", (value, value)
            ).fetchone()
            if row is None or not value:
                self.found("check.printed", f"日志里没有打印件上的校验值 {printed}，打印之后日志被改过")
        if self.missing:
            self.found("check.log", f"操作备份日志里有 {self.missing} 次操作在文件里没有，请用“重建”找回")

    # -- the chain and the images

    def check_journal(self, head: Head) -> tuple[int, int]:
        """Recompute the chain, compare images and tables; returns how many operations and images there are."""
        shapes = shapes_of(self.connection)
        sums = Sums(shapes)
        wrong = []
        with BlockReader(self.connection) as reader:
            operations, images = Recount(reader, head, sums, self.found, self.step).run()
            for table, shape in shapes.items():
                total = 0
                for block in reader.blocks(table_block_sql(shape)):
                    total += sums.of(block.lines)
                    self.step(len(block.lines))
                if total != sums.by_table.get(table.encode(), 0):
                    wrong.append(shape)
        naming = blame.Naming(self.connection, self.registers)
        for shape in wrong:
            for code, message in blame.wrong_rows(self.connection, shape, naming, MOST_FINDINGS):
                self.found(code, message)
        for name in sorted(sums.by_table.keys() - {table.encode() for table in shapes}):
            self.found("check.table", f"日志里有不认识的表 {name.decode(errors='replace')}")
        return operations, images
