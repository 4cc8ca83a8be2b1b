"""Plain lists: any register as a paper (台账清单), and the print runs (打印登记簿)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from hongyao_desktop.app.modules import REGISTERS, find_register
from hongyao_desktop.app.printing.print_runs import runs
from hongyao_desktop.core import strokes
from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.fields import CellKind, Name, ParseContext, Reference
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.register import Field, Register
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec, Parameter
from hongyao_desktop.paper.document import (
    Column,
    Document,
    Orientation,
    SignatureRow,
    Table,
    Title,
    serial_column,
)
from hongyao_desktop.paper.listing import list_fields, register_list
from hongyao_desktop.store import Office
from hongyao_desktop.store.pages import ListQuery

_AT_ONCE: Final = 500
ORDERS: Final = ("默认", strokes.LABEL)
_LABELS: Final = tuple(register.label for register in REGISTERS)


class _Lazy:
    """The rows of a register by id, a few hundred at a time; read anew whenever somebody walks through them."""

    def __init__(self, reader: Reader, register: Register, ids: Sequence[str]) -> None:
        self._reader = reader
        self._register = register
        self._ids = ids

    def __iter__(self) -> Iterator[Row]:
        for start in range(0, len(self._ids), _AT_ONCE):
            part = self._ids[start : start + _AT_ONCE]
            sql = f"SELECT * FROM {self._register.source} WHERE id IN (SELECT value FROM json_each(?))"
            found = {row["id"]: row for row in self._reader.all(sql, (json.dumps(part),))}
            yield from (found[row_id] for row_id in part if row_id in found)


def register_rows(office: Office, name: str, search: str) -> tuple[Register, Iterable[Row]]:
    """A register by name or label and its rows that answer a search, in the order of its list."""
    register = find_register(name)
    ids = office.pages(register, ListQuery(search=search)).ids()
    return register, _Lazy(office.reader(), register, ids)


def build_list(request: PaperRequest) -> Document:
    """The list of a register: the rows of the unit asked for, the columns asked for, in the order asked for."""
    register, rows = request.rows_of(request.text("register"), request.text("search"))
    fields = _columns(register, request.text("columns"))
    rows = _meeting(request, register, _within(request, register, rows))
    order = request.choice("order", "排序", ORDERS)
    if order == strokes.LABEL:
        rows = _by_strokes(register, rows)
    asked = [text for text in (request.text("search"), request.text("where")) if text]
    words = [f"条件：{'；'.join(asked)}"] if asked else []
    words += [f"按{order}排列"] if order != ORDERS[0] else []
    words += [f"用途：{request.purpose.label}"] if request.purpose is not Purpose.INTERNAL else []
    return register_list(
        register,
        rows,
        unit=request.scope.label,
        meta=request.meta(register.label),
        foot=request.foot(register.label, dated=False),
        fields=fields,
        purpose=request.purpose,
        note="；".join(words),
    )


def _columns(register: Register, wanted: str) -> tuple[Field, ...]:
    """Columns by label or name, separated by commas; those of the screen's list when none are named."""
    if not wanted:
        return list_fields(register)
    known = {key: field for field in register.fields for key in (field.name, field.label)}
    found = []
    for word in wanted.replace("，", ",").replace("、", ",").split(","):
        field = known.get(word.strip())
        if field is None or isinstance(field.type, Reference):
            usable = "、".join(
                field.label for field in register.fields if not isinstance(field.type, Reference)
            )
            raise Refusal(f"{register.label}没有“{word.strip()}”这一栏，可用的有：{usable}", exit_code=2)
        found.append(field)
    return tuple(dict.fromkeys(found))


def _within(request: PaperRequest, register: Register, rows: Iterable[Row]) -> Iterable[Row]:
    """The rows of the unit asked for and below; all of them for the whole office, also those without a unit."""
    unit = register.unit_field
    if unit is None or request.reader.value(
        "SELECT parent_id IS NULL FROM unit WHERE id = ?", (request.scope.params["scope_unit"],)
    ):
        return rows
    sql = f"WITH RECURSIVE {request.scope.sql} SELECT id FROM scope"
    units = {row["id"] for row in request.reader.all(sql, request.scope.params)}
    return [row for row in rows if row[unit] in units]


def _meeting(request: PaperRequest, register: Register, rows: Iterable[Row]) -> Iterable[Row]:
    """The rows that meet every condition: 类别=兑换, or 记分日期=2026-01-01..2026-03-31 with either end open."""
    tests = [
        _condition(request, register, part)
        for part in request.text("where").replace(";", "；").split("；")
        if part.strip()
    ]
    return [row for row in rows if all(test(row) for test in tests)] if tests else rows


def _condition(request: PaperRequest, register: Register, part: str) -> Callable[[Row], bool]:
    label, equals, wanted = (word.strip() for word in part.partition("="))
    known = {key: field for field in register.fields for key in (field.name, field.label)}
    field = known.get(label)
    if field is None or not equals:
        raise Refusal(
            f"条件“{part.strip()}”看不懂，请写成“类别=兑换”或“记分日期=2026-01-01..2026-03-31”", exit_code=2
        )
    if ".." not in wanted:
        words = set(wanted.split("|"))
        return lambda row: str(row[field.name] or "") in words or field.type.format(row[field.name]) in words
    context = ParseContext(request.clock.today())
    ends = [field.type.parse(text, context).value if text.strip() else None for text in wanted.split("..", 1)]
    if ends == [None, None]:
        raise Refusal(f"条件“{part.strip()}”没有写起止，请写成“{label}=起..止”", exit_code=2)
    low, high = ends

    def between(row: Row) -> bool:
        value = row[field.name]
        return value is not None and (low is None or value >= low) and (high is None or value <= high)

    return between


def _by_strokes(register: Register, rows: Iterable[Row]) -> Iterable[Row]:
    name = next((field.name for field in register.fields if isinstance(field.type, Name)), None)
    if name is None:
        raise Refusal(f"{register.label}没有姓名一栏，不能按姓氏笔画排列", exit_code=2)
    return sorted(rows, key=lambda row: (strokes.name_key(str(row[name] or "")), row["id"]))


REGISTER_LIST = PaperSpec(
    name="list",
    label="台账清单",
    help="任何一本台账的清单：可以查找、选栏目、按姓氏笔画排列；证件号码等只在写明栏目时印出，并按用途脱敏。",
    build=build_list,
    purposes=(Purpose.INTERNAL, Purpose.REPORT, Purpose.AUDIT, Purpose.PUBLIC),
    parameters=(
        Parameter("register", "台账", "", "台账名称", required=True, choices=_LABELS),
        Parameter("search", "查找", "", "只印查到的记录"),
        Parameter("where", "条件", "", "如 类别=兑换；记分日期=2026-01-01..2026-03-31，几条用分号隔开"),
        Parameter("columns", "栏目", "", "栏目名称，用逗号分开；不填则与列表相同"),
        Parameter("order", "排序", ORDERS[0], "记录的先后", choices=ORDERS),
    ),
)


def build_print_runs(request: PaperRequest) -> Document:
    """Who printed what within the period, for whoever looks after access."""
    rows = [_run_row(number, row) for number, row in enumerate(_runs(request), 1)]
    table = Table(
        (
            serial_column(),
            Column("时间", 2.3, kind=CellKind.CODE),
            Column("操作员", 1.2),
            Column("材料", 4.6),
            Column("格式", 1.1, kind=CellKind.CODE),
            Column("用途", 0.8, kind=CellKind.CODE),
            Column("范围", 2.2),
            Column("行数", 0.9, kind=CellKind.INTEGER),
            Column("内容码", 1.4, kind=CellKind.CODE),
        ),
        rows,
        name="打印登记",
        empty_text="期间没有打印",
        size=9,
    )
    title = f"{request.scope.label}打印登记簿"
    signed = SignatureRow(("审计管理员", f"打印：{request.printed_by}"))
    return Document(
        title,
        (Title(title), table, signed),
        meta=request.meta("打印登记"),
        foot=request.foot(),
        orientation=Orientation.LANDSCAPE,
    )


def _runs(request: PaperRequest) -> list[Row]:
    return runs(request.reader, request.period.first.isoformat(), request.period.last.isoformat())


def _run_row(number: int, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        number,
        str(row["printed_at"])[:16].replace("T", " "),
        row["operator"],
        row["title"],
        row["form"],
        Purpose(row["purpose"]).label,
        row["unit_name"],
        row["line_count"],
        str(row["checksum"])[:8],
    )


PRINT_RUNS = PaperSpec(
    name="print-runs",
    label="打印登记簿",
    help="期间内谁在什么时候打印了什么、作什么用途；内容码与纸上核验码的后八位一致。",
    build=build_print_runs,
    purposes=(Purpose.INTERNAL, Purpose.AUDIT),
)
