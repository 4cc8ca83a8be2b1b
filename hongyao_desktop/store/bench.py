"""Measured jobs of the file (性能测量), each with its floor in the same run: the same done with the bare library.

Everything runs on a file of made-up rows in a folder given by the caller; the shapes are those of a real register (a
name, a number, a phone, six indexes), the words are not.
"""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from hongyao_desktop.core import pinyin
from hongyao_desktop.core.clock import SystemClock
from hongyao_desktop.core.desk import Operator, Role
from hongyao_desktop.core.fields import IdNumber, Integer, Name, Phone, Search, Text
from hongyao_desktop.core.ids import new_id
from hongyao_desktop.core.register import Field, Register, Sensitivity
from hongyao_desktop.store import chain
from hongyao_desktop.store.blocks import IMAGE_BLOCK_SQL, BlockReader
from hongyao_desktop.store.check import Checker
from hongyao_desktop.store.driver import Connection, connect, set_journal_mode
from hongyao_desktop.store.journal import head_of
from hongyao_desktop.store.keys import KeyCost
from hongyao_desktop.store.migrate import Step, known_steps
from hongyao_desktop.store.office import Office
from hongyao_desktop.store.opened import OfficeInfo
from hongyao_desktop.store.opening import Making, create_office, open_office
from hongyao_desktop.store.pages import ListQuery

_PASSWORD: Final = "Bench-2026"  # noqa: S105 - of a file that lives for a minute
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁"
)
_GIVEN: Final = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林欢佳思雨欣怡晨阳"
)
_BATCH: Final = 100_000

_COLUMNS: Final = (
    "id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, sort_key TEXT NOT NULL, number TEXT, phone TEXT,"
    " unit TEXT, born_on TEXT, amount INTEGER NOT NULL DEFAULT 0, status TEXT NOT NULL DEFAULT '在用', note TEXT"
)


def _table(name: str) -> tuple[str, ...]:
    indexes = (
        ("sort", "sort_key, id"),
        ("number", "number"),
        ("phone", "phone"),
        ("name", "name"),
        ("unit", "unit"),
    )
    return (
        f"CREATE TABLE {name}({_COLUMNS}) STRICT",
        *(f"CREATE INDEX {name}_{short} ON {name}({columns})" for short, columns in indexes),
    )


SAMPLE: Final = Register(
    name="sample",
    label="样本",
    table="sample",
    source="sample",
    title_field="name",
    fields=(
        Field(name="name", label="姓名", type=Name(), sensitivity=Sensitivity.OPEN, search=Search.NAME),
        Field(name="number", label="号码", type=IdNumber(), sensitivity=Sensitivity.SECRET, search=Search.ID),
        Field(
            name="phone", label="电话", type=Phone(), sensitivity=Sensitivity.PERSONAL, search=Search.PHONE
        ),
        Field(name="unit", label="组织", type=Text(), sensitivity=Sensitivity.OPEN),
        Field(name="amount", label="数", type=Integer(), sensitivity=Sensitivity.OPEN),
    ),
    list_columns=("name", "phone", "unit", "amount"),
    sort="sort_key",
    help="",
    sum_columns=("amount",),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure.

    Attributes:
        name: short key of the job.
        label: what was done, in Chinese.
        value: milliseconds.
        floor: milliseconds of the bare library for the same, None where the bar is in milliseconds.
        bar: the most that is allowed, as a multiple of the floor, or in milliseconds where there is no floor.
        details: further figures, such as percentiles.
    """

    name: str
    label: str
    value: float
    floor: float | None
    bar: float
    details: dict[str, float]

    @property
    def ratio(self) -> float | None:
        """How many times the floor."""
        return None if self.floor is None else self.value / self.floor

    @property
    def good(self) -> bool:
        """Within the bar."""
        return (self.value if self.ratio is None else self.ratio) <= self.bar


class Bench:
    """A bench file of ``rows`` rows in ``folder`` (emptied first), and the jobs that are measured on it."""

    def __init__(self, folder: Path, rows: int) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._folder = folder
        self._path = folder / "bench.hyt"
        self._rows = rows
        self._random = random.Random(20261122)  # noqa: S311 - the same rows on every run
        self._steps = (known_steps()[0], Step("m9000_bench", _table("sample"), watched=("sample",)))
        self._units = [new_id(SystemClock()) for _ in range(60)]
        self._made: Measured | None = None

    def run(self, only: Sequence[str] = ()) -> Iterator[Measured]:
        """Measure all jobs, or those named."""
        jobs: dict[str, Callable[[Office], Measured]] = {
            "save": self.save,
            "search": self.search,
            "page": self.page,
            "check": self.check,
        }
        made = self.make()
        if not only or "bulk" in only:
            yield made
        office = open_office(
            self._path,
            operator=None,
            password=_PASSWORD,
            clock=SystemClock(),
            state=self._folder / "state",
            registers=(SAMPLE,),
            steps=self._steps,
        )
        with office:
            office.finish_index()
            for name, job in jobs.items():
                if not only or name in only:
                    yield job(office)

    # -- the jobs

    def make(self) -> Measured:
        """Write all rows through the door; floor: the same rows into the same table with the bare driver."""
        office = create_office(
            self._path,
            office=OfficeInfo("测量", "测量"),
            operators=[(Operator("", "测量", frozenset({Role.ENTRY})), _PASSWORD)],
            clock=SystemClock(),
            state=self._folder / "state",
            making=Making(cost=KeyCost(64, 1, 1), steps=self._steps),
        )
        bare = self._bare("bare-bulk.db")
        value = floor = 0.0
        with office:
            for start in range(0, self._rows, _BATCH):
                rows = [self._row() for _ in range(min(_BATCH, self._rows - start))]
                value += _timed(partial(_insert_ours, office, rows))
                floor += _timed(partial(_insert_bare, bare, rows))
        bare.close()
        label = f"经登记门一次写入 {self._rows:,} 行（含影像和日志）"
        return Measured("bulk", label, value, floor, 4.0, {"rows": float(self._rows)})

    def save(self, office: Office, times: int = 300) -> Measured:
        """Single confirmed saves; floor: the same row committed and synced by the bare driver, in turn with ours."""
        bare = self._bare("bare-save.db")
        ours, floor = [], []
        for _ in range(times):
            row = self._row()
            ours.append(_timed(partial(_insert_ours, office, [row])))
            office.finish_index()  # search keys follow a save; they must not slow down the floor
            floor.append(_timed(partial(_insert_bare, bare, [row])))
        bare.close()
        details = {"p99": _part(ours, 0.99), "floor_p99": _part(floor, 0.99)}
        return Measured("save", "确认保存一条（落盘）", _part(ours, 0.5), _part(floor, 0.5), 3.0, details)

    def search(self, office: Office, times: int = 1000) -> Measured:
        """A typed prefix to the rows of the first page."""
        texts = self._typed(office, times)
        reader = office.reader()

        def first_page(text: str) -> object:
            return office.pages(SAMPLE, ListQuery(search=text)).page(reader, 0)

        for text in texts[:100]:
            first_page(text)
        took = [_timed(partial(first_page, text)) for text in texts]
        keys = [_timed(partial(office.search, SAMPLE, text)) for text in texts]
        details = {"p50": _part(took, 0.5), "keys_p50": _part(keys, 0.5), "keys_p99": _part(keys, 0.99)}
        return Measured("search", "搜索框每次按键到首页", _part(took, 0.99), None, 16.0, details)

    def page(self, office: Office, times: int = 500) -> Measured:
        """A jump to any page of the whole list."""
        reader = office.reader()
        first = _timed(lambda: office.pages(SAMPLE, ListQuery()).page(reader, 0))
        pages = office.pages(SAMPLE, ListQuery())
        prepared = _timed(pages.prepare)
        last = max(pages.count() // pages.page_size, 1)
        took = [_timed(lambda: pages.page(reader, self._random.randrange(last))) for _ in range(times)]
        details = {"p50": _part(took, 0.5), "first_page": first, "order": prepared}
        return Measured("page", "列表任意跳转一页", _part(took, 0.99), None, 16.0, details)

    def check(self, office: Office) -> Measured:
        """Chain and images of the whole journal; floor: hashing the same lines from memory. The better of two each."""
        with office.reader().connection() as connection:
            algorithm = head_of(connection).algorithm
            lines: list[bytes] = []
            with BlockReader(connection) as reader:
                for block in reader.blocks(IMAGE_BLOCK_SQL):
                    lines += block.lines
            floor = min(_timed(lambda: _hash_all(algorithm, lines)) for _ in range(2))
            count = len(lines)
            lines.clear()
            value = min(_timed(lambda: _check_journal(connection)) for _ in range(2))
        label = f"核查日志链和影像 {count:,} 行（{chain.ALGORITHM_LABELS[algorithm]}）"
        return Measured("check", label, value, floor, 3.0, {"rows": float(count)})

    # -- inside

    def _row(self) -> dict[str, Any]:
        pick = self._random
        name = pick.choice(_SURNAMES) + "".join(pick.choices(_GIVEN, k=pick.choice((1, 2, 2))))
        return {
            "name": name,
            "sort_key": pinyin.sort_key(name),
            "number": f"4404{pick.randrange(10**14):014}",
            "phone": f"1{pick.randrange(3 * 10**9, 10**10)}",
            "unit": pick.choice(self._units),
            "born_on": f"19{pick.randrange(50, 100)}-{pick.randrange(1, 13):02}-{pick.randrange(1, 29):02}",
            "amount": pick.randrange(10_000),
        }

    def _bare(self, name: str) -> Connection:
        connection = connect(self._folder / name, bytes(32), bytes(16), create=True)
        set_journal_mode(connection)
        for statement in _table("sample"):
            connection.execute(statement)
        return connection

    def _typed(self, office: Office, times: int) -> list[str]:
        """Beginnings of what people type: parts of names, initials, phone and number tails."""
        rows = office.reader().all(
            "SELECT name, phone, number FROM sample WHERE rowid IN"
            " (SELECT abs(random()) % (SELECT max(rowid) FROM sample) + 1 FROM journal_image LIMIT 500)"
        )
        found = []
        for _ in range(times):
            row = self._random.choice(rows)
            text = self._random.choice(
                (
                    row["name"],
                    row["name"][1:],
                    pinyin.initials(row["name"]),
                    row["phone"],
                    row["phone"][-4:],
                    row["number"][-6:],
                )
            )
            found.append(text[: self._random.randint(1, len(text))])
        return found


def _insert_ours(office: Office, rows: Sequence[dict[str, Any]]) -> None:
    if len(rows) == 1:
        office.transact("新增样本", lambda writer: writer.insert("sample", rows[0]))
    else:
        office.transact("导入样本", lambda writer: writer.insert_many("sample", rows))


def _insert_bare(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    clock = SystemClock()
    names = ("id", *rows[0])
    sql = f"INSERT INTO sample({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(sql, ((new_id(clock), *row.values()) for row in rows))
    connection.execute("COMMIT")


def _check_journal(connection: Connection) -> None:
    checker = Checker(connection)
    checker.check_journal(head_of(connection))
    if checker.findings:
        raise RuntimeError(checker.findings[0].message)


def _hash_all(algorithm: str, lines: Sequence[bytes]) -> None:
    base = chain.hasher(algorithm)
    for line in lines:
        one = base.copy()
        one.update(line)
        one.digest()


def _timed(work: Callable[[], object]) -> float:
    """Milliseconds that ``work`` takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _part(values: Sequence[float], part: float) -> float:
    return sorted(values)[min(int(len(values) * part), len(values) - 1)]
