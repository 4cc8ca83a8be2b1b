"""An office for the kit's tests: one table of people in memory behind the protocols, nothing of the real store."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from hongyao_desktop.core import ids, pinyin
from hongyao_desktop.core.clock import BEIJING, FixedClock
from hongyao_desktop.core.desk import Changes, Desk, Operator, Params, Reader, Role, Row, Writer
from hongyao_desktop.core.fields import (
    Choice,
    Code,
    Date,
    Flag,
    IdNumber,
    Minutes,
    Name,
    Phone,
    Points,
    Reference,
    Text,
)
from hongyao_desktop.core.lookup import Lookup, Match
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.register import Field, Register, Sensitivity
from hongyao_desktop.kit.rows import HeldRows, RowQuery, RowSource

T = TypeVar("T")
NAMES = (
    "王喆堃", "单玥", "尉迟建国", "曾桂英", "解敏", "李䶮", "仇国华", "张𬬭", "查秀兰", "区少芬",
    "欧阳慧", "朴永哲", "乐嘉", "盖文斌", "翟小川", "缪芳", "陈建军", "刘淑珍", "赵一鸣", "钱多多",
    "孙丽华", "周洁", "吴刚", "郑爽", "冯程", "褚卫东", "卫红", "蒋勤", "沈默", "韩梅梅",
    "杨柳", "朱德海", "秦岭", "尤佳", "许诺",
)  # fmt: skip
GRIDS = ("一网格", "二网格", "三网格", "四网格")
KINDS = ("助老、义剪", "理论宣讲", "巡查、劝导", "助老", "外卖骑手 · 随手拍", "文明劝导")

PEOPLE = Register(
    name="people",
    label="志愿者",
    table="people",
    source="people",
    title_field="name",
    sort="number",
    list_columns=("number", "name", "sex", "grid", "service", "minutes", "points", "stars", "status"),
    sum_columns=("minutes", "points"),
    filters=("grid", "service"),
    status_field="status",
    help="在这里登记参加志愿服务的居民，时长和积分由活动签到自动得出。",
    fields=(
        Field(
            name="number", label="编号", type=Code(), sensitivity=Sensitivity.INTERNAL, derived=True, width=6
        ),
        Field(
            name="name",
            label="姓名",
            type=Name(),
            sensitivity=Sensitivity.INTERNAL,
            required=True,
            width=5,
            example="尉迟建国",
        ),
        Field(name="sex", label="性别", type=Choice(("男", "女")), sensitivity=Sensitivity.INTERNAL, width=3),
        Field(
            name="id_number",
            label="证件号码",
            type=IdNumber(),
            sensitivity=Sensitivity.SECRET,
            required=True,
            width=10,
        ),
        Field(name="phone", label="联系电话", type=Phone(), sensitivity=Sensitivity.PERSONAL, width=8),
        Field(name="grid", label="所在网格", type=Choice(GRIDS), sensitivity=Sensitivity.INTERNAL, width=4),
        Field(
            name="service",
            label="服务类别",
            type=Choice(KINDS, open_list=True),
            sensitivity=Sensitivity.INTERNAL,
            width=9,
            help="一人可以参加多类服务",
        ),
        Field(
            name="insured_until",
            label="保险到期",
            type=Date(),
            sensitivity=Sensitivity.INTERNAL,
            width=8,
        ),
        Field(name="consent", label="同意公示", type=Flag(), sensitivity=Sensitivity.INTERNAL, width=4),
        Field(
            name="friend_id",
            label="介绍人",
            type=Reference("people"),
            sensitivity=Sensitivity.INTERNAL,
            section="其他",
            width=12,
        ),
        Field(
            name="note",
            label="备注",
            type=Text(multiline=True),
            sensitivity=Sensitivity.INTERNAL,
            section="其他",
            width=20,
        ),
        Field(
            name="minutes",
            label="时长",
            type=Minutes(),
            sensitivity=Sensitivity.INTERNAL,
            derived=True,
            width=4,
        ),
        Field(
            name="points",
            label="积分",
            type=Points(),
            sensitivity=Sensitivity.INTERNAL,
            derived=True,
            width=4,
        ),
        Field(
            name="stars", label="星级", type=Text(), sensitivity=Sensitivity.INTERNAL, derived=True, width=4
        ),
        Field(
            name="status",
            label="状态",
            type=Choice(("待审核", "在册", "停用")),
            sensitivity=Sensitivity.INTERNAL,
            derived=True,
            width=4,
        ),
    ),
)
COLUMNS = tuple(field.name for field in PEOPLE.fields)


def person(place: int) -> Row:
    """One invented person."""
    hours = (3125, 980, 10060, 6405, 420, 2995, 775)[place % 7]
    return {
        "id": f"p{place:06d}",
        "number": f"水湾-{place + 231:04d}",
        "name": NAMES[place % len(NAMES)],
        "sex": "女" if place % 3 == 1 else "男",
        "id_number": "11010519491231002X",
        "phone": f"1875{place % 10000:04d}846",
        "grid": GRIDS[place % 4],
        "service": KINDS[place % 6],
        "insured_until": "2026-09-30",
        "consent": 1,
        "friend_id": None,
        "note": None,
        "minutes": hours * 6,
        "points": hours * 100,
        "stars": ("★★", "—", "★★★★", "★★★", "—", "★", "—")[place % 7],
        "status": "待审核" if place % 7 == 6 else "在册",
    }


class FakeReader:
    """A reader over one sqlite connection shared by all threads."""

    def __init__(self, office: FakeOffice) -> None:
        self._office = office

    def all(self, sql: str, params: Params = ()) -> list[Row]:
        with self._office.lock:
            return [dict(row) for row in self._office.db.execute(sql, params)]

    def one(self, sql: str, params: Params = ()) -> Row | None:
        return next(iter(self.all(sql, params)), None)

    def value(self, sql: str, params: Params = ()) -> Any:
        row = self.one(sql, params)
        return None if row is None else next(iter(row.values()))

    def stream(self, sql: str, params: Params = ()) -> Iterator[Row]:
        return iter(self.all(sql, params))


class FakeWriter(FakeReader):
    """A writer that notes what it touched."""

    op_seq = 1

    def __init__(self, office: FakeOffice) -> None:
        super().__init__(office)
        self.who = office.who
        self.clock = office.clock
        self.touched: dict[str, list[str]] = {}

    def insert(self, table: str, values: Mapping[str, Any]) -> str:
        row = {"id": ids.new_id(self.clock), **values}
        names = ", ".join(row)
        self._office.db.execute(
            f"INSERT INTO {table}({names}) VALUES ({', '.join('?' * len(row))})", list(row.values())
        )
        self.touched.setdefault(table, []).append(str(row["id"]))
        return str(row["id"])

    def insert_many(self, table: str, rows: Any) -> int:
        return sum(1 for row in rows if self.insert(table, row))

    def update(self, table: str, row_id: str, changes: Mapping[str, Any]) -> None:
        sets = ", ".join(f"{name} = ?" for name in changes)
        self._office.db.execute(f"UPDATE {table} SET {sets} WHERE id = ?", [*changes.values(), row_id])
        self.touched.setdefault(table, []).append(row_id)

    def execute(self, sql: str, params: Params = ()) -> int:
        return self._office.db.execute(sql, params).rowcount


@dataclass(frozen=True)
class FakeDone:
    result: Any
    changes: Changes | None


class FakeOffice:
    """What :class:`hongyao_desktop.kit.session.OfficeLike` asks for, with one step of undo."""

    def __init__(self, people: int = 24) -> None:
        self.who = Operator("op", "李静", frozenset({Role.ENTRY}))
        self.clock = FixedClock(dt.datetime(2026, 11, 22, 10, 42, tzinfo=BEIJING))
        self.lock = threading.RLock()
        self.db = sqlite3.connect(":memory:", check_same_thread=False)
        self.db.row_factory = sqlite3.Row
        self.db.execute(f"CREATE TABLE people(id PRIMARY KEY, {', '.join(COLUMNS)})")
        self.db.execute("CREATE TABLE looked(register, row_id, field)")
        marks = ", ".join("?" * (len(COLUMNS) + 1))
        self.db.executemany(
            f"INSERT INTO people VALUES ({marks})", [list(person(place).values()) for place in range(people)]
        )
        self.threads: set[str] = set()
        self.ops: list[tuple[str, str | None]] = []
        self._before: bytes | None = None
        self._listeners: list[Callable[[Changes], None]] = []

    def reader(self) -> Reader:
        return FakeReader(self)

    def transact(self, op: str, fn: Callable[[Writer], T], *, reason: str | None = None) -> FakeDone:
        with self.lock:
            self.threads.add(threading.current_thread().name)
            before = self.db.serialize()
            writer = FakeWriter(self)
            try:
                result = fn(cast(Writer, writer))
            except BaseException:
                self.db.rollback()
                raise
            self.db.commit()
            self._before = before
            self.ops.append((op, reason))
        changes = Changes(len(self.ops), op, {name: tuple(rows) for name, rows in writer.touched.items()})
        for listener in list(self._listeners):
            listener(changes)
        return FakeDone(result, changes)

    def subscribe(self, listener: Callable[[Changes], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def undoable(self) -> str | None:
        return self.ops[-1][0] if self._before is not None else None

    def undo_last(self) -> Changes:
        with self.lock:
            if self._before is None:
                raise Refusal("没有可以撤销的操作")
            self.db.deserialize(self._before)
            self._before = None
        changes = Changes(len(self.ops) + 1, self.ops[-1][0], {"people": ()})
        for listener in list(self._listeners):
            listener(changes)
        return changes


def check_person(reader: Reader, values: Row, row_id: str | None) -> list[Problem]:
    """One warning and one objection, as a module would make them."""
    found = []
    until = values.get("insured_until")
    if until and until < "2026-11-22":
        found.append(
            Problem(Level.WARNING, "insured.over", "已过期，安排有风险的活动前请续保", "insured_until")
        )
    same = reader.one("SELECT id FROM people WHERE name = ? AND id <> ?", (values["name"], row_id or ""))
    if same and values.get("note") != "同名不同人":
        found.append(Problem(Level.QUESTION, "same.name", f"已有一位{values['name']}，请核对是不是同一个人"))
    return found


def save_person(writer: Writer, values: Row, row_id: str | None) -> str:
    """Write a person."""
    if values["name"] == "不许":
        raise Refusal("这个名字今天不能登记，请明天再试")
    if row_id is None:
        return writer.insert("people", {**values, "number": "水湾-0999", "status": "待审核"})
    writer.update("people", row_id, values)
    return row_id


DESK = Desk(register=PEOPLE, check=check_person, save=save_person)


def make_rows(reader: Reader, register: Register, query: RowQuery) -> RowSource:
    """All rows that fit, held in memory."""
    rows = reader.all(f"SELECT * FROM {register.source} ORDER BY {query.sort or register.sort}")
    if query.descending:
        rows.reverse()
    for column, value in query.equals:
        rows = [row for row in rows if row[column] == value]
    for column, first, last in query.spans:
        rows = [
            row
            for row in rows
            if row[column] is not None
            and (first is None or row[column] >= first)
            and (last is None or row[column] <= last)
        ]
    if query.search:
        rows = [row for row in rows if _fits(row, query.search)]
    return HeldRows(rows, register.sum_columns)


def _fits(row: Row, typed: str) -> bool:
    keys = {*pinyin.search_keys(row["name"]), row["number"], row["phone"][-4:]}
    return any(key.startswith(pinyin.query_key(typed)) for key in keys)


def find_people(reader: Reader, typed: str, most: int) -> Sequence[Match]:
    """People by name or initials."""
    rows = reader.all("SELECT * FROM people ORDER BY number")
    return [_match(row) for row in rows if not typed or _fits(row, typed)][:most]


def show_person(reader: Reader, row_id: str) -> Match | None:
    """One person by id."""
    row = reader.one("SELECT * FROM people WHERE id = ?", (row_id,))
    return None if row is None else _match(row)


def _match(row: Row) -> Match:
    return Match(row["id"], row["name"], f"{row['number']} {row['grid']}", row)


LOOKUP = Lookup(find=find_people, show=show_person)


def tone(field: Field, row: Row) -> str | None:
    """Colours of the list."""
    if field.name == "status":
        return "good" if row["status"] == "在册" else "warn"
    if field.name == "number":
        return "ink_2"
    return "seal" if field.name == "stars" else None
