"""Printed papers of service orders: the slip that goes with an order (工单), and the list of a period (工单台账)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hongyao_desktop.core import masking
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.fields import Align, CellKind
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.orders.queries import boards, listing
from hongyao_desktop.orders.records.states import Move, State
from hongyao_desktop.orders.rules import flow
from hongyao_desktop.orders.rules.limits import due_words
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec, Parameter
from hongyao_desktop.paper.document import (
    Column,
    Document,
    Line,
    Note,
    Orientation,
    Paragraph,
    Role,
    SignatureRow,
    Spacer,
    Table,
    Title,
    serial_column,
)

_BLANK = "　"
_BOXES = "居民：□满意　□基本满意　□不满意\n支部：□满意　□基本满意　□不满意"
_STEPS_ON_SLIP = (Move.ASK, Move.DECIDE, Move.DISPATCH, Move.ACCEPT, Move.COMPLETE, Move.RATE)
LIST_COLUMNS = (
    serial_column(),
    Column("工单号", kind=CellKind.CODE, wrap=False),
    Column("点单日期", kind=CellKind.DATE, wrap=False),
    Column("居民", wrap=False),
    Column("诉求内容"),
    Column("来源", wrap=False),
    Column("性质", wrap=False),
    Column("受理组织"),
    Column("接单人", wrap=False),
    Column("完成日期", kind=CellKind.DATE, wrap=False),
    Column("办理结果", wrap=False),
    Column("居民评价", wrap=False),
    Column("状态", wrap=False),
)


def order_slip(request: PaperRequest) -> Document:
    """One order on a page: what is asked, each step with its day and a place to sign; open steps stay blank."""
    order = listing.order_by_number(request.reader, request.text("number"))
    if order is None:
        raise Refusal(f"没有工单号为“{request.text('number')}”的工单，请核对后再打印", exit_code=2)
    steps = boards.steps_of(request.reader, order["id"])
    purpose = request.purpose
    facts: list[tuple[str, Any, str, Any]] = [
        ("工单号", order["number"], "来源", order["channel"]),
        ("居民", masking.mask_name(order["resident"], purpose), "联系电话", _phone(order, purpose)),
        ("受理组织", order["unit_name"], "类别", f"{order['kind']}（{order['matter']}）"),
        ("点单日期", _day(order["asked_on"]), "希望办结日", _day(order["wanted_by"])),
    ]
    told = (
        ("诉求内容", order["topic"]),
        ("住址", masking.mask_address(order["address"] or "", purpose) or _BLANK),
        ("办理结果", order["outcome"] or _BLANK),
    )
    return Document(
        f"工单 {order['number']}",
        (
            Title("居民服务工单"),
            Table(
                (_label(22), Column("内容", 56), _label(24), Column("内容", 54)),
                facts,
                name="工单",
                row_height=8.5,
                headed=False,
            ),
            Spacer(),
            Table((_label(22), Column("内容", 134)), told, name="诉求和结果", row_height=8.5, headed=False),
            Spacer(),
            Table(
                (Column("步骤", 16), Column("日期", 34), Column("办理情况", 74), Column("签名", 32)),
                [(move.value, *_step_cells(move, steps), _BLANK) for move in _STEPS_ON_SLIP],
                name="办理记录",
                row_height=12,
            ),
            Note(_note_words(order)),
            SignatureRow(("居民签名", "接单人", "支部书记")),
        ),
        meta=request.meta("工单"),
        foot=request.foot(dated=False),
    )


def _label(width: int) -> Column:
    """What stands in the next cell of the form."""
    return Column("项目", width, align=Align.CENTER)


def _phone(order: Row, purpose: Purpose) -> str:
    return masking.mask_phone(order["phone"] or "", purpose) or _BLANK


def _day(value: str | None) -> str:
    return format_cn(dt.date.fromisoformat(value)) if value else _BLANK


def _step_cells(move: Move, steps: list[Row]) -> tuple[str, str]:
    """Day and words of the last time a step was taken; blank, to be written on, when it was not yet."""
    taken = [
        step
        for step in steps
        if step["move"] == move or (move is Move.DISPATCH and step["move"] == Move.REDISPATCH)
    ]
    if not taken:
        return _BLANK, _BOXES if move is Move.RATE else _BLANK
    last = taken[-1]
    parts = [
        last["helper_name"] if move in (Move.DISPATCH, Move.ACCEPT) else None,
        last["reason"],
        last["note"],
    ]
    return _day(last["taken_on"]), "；".join(part for part in parts if part) or _BLANK


def _note_words(order: Row) -> str:
    state = State(order["state"])
    if state.closed:
        return f"本单{state.value}。"
    due = f"，请在{_day(order['due_on'])}前办理" if order["due_on"] else ""
    return f"下一步：{flow.moves_from(state)[0]}{due}。双方评单后登记服务时长。"


def order_list(request: PaperRequest) -> Document:
    """The orders taken within the period, one a line, with what became of them."""
    orders = listing.orders_taken(request.reader, request.period, request.scope)
    rows = [
        Line(
            (
                place,
                row["number"],
                row["asked_on"],
                masking.mask_name(row["resident"], request.purpose),
                row["topic"],
                row["channel"],
                row["matter"],
                row["unit_name"],
                masking.mask_name(row["helper_name"] or "", request.purpose),
                row["completed_on"],
                row["outcome"],
                row["resident_word"],
                row["state"],
            ),
            source=f"orders/{row['id']}",
        )
        for place, row in enumerate(orders, 1)
    ]
    done = [row for row in orders if row["completed_on"]]
    timely = sum(bool(row["finish_due_on"]) and row["completed_on"] <= row["finish_due_on"] for row in done)
    first, last = format_cn(request.period.first), format_cn(request.period.last)
    return Document(
        f"工单台账（{request.scope.label}）",
        (
            Title("居民服务工单台账"),
            Paragraph(f"{first}至{last}点单", Role.KAI),
            Table(
                LIST_COLUMNS,
                rows,
                name="工单台账",
                caption_left=f"填报单位：{request.scope.label}",
                caption_right=f"共 {len(orders)} 件，已完成 {len(done)} 件，其中按时 {timely} 件",
                size=9,
                empty_text="期间没有工单",
            ),
            Note("按点单日期列出，作废的不列。状态和评价为打印时的情况；居民只列姓名，电话和住址不列。"),
            SignatureRow(("负责人", "审核人", "制表人", f"打印日期：{format_cn(request.clock.today())}")),
        ),
        meta=request.meta("工单台账"),
        foot=request.foot(),
        orientation=Orientation.LANDSCAPE,
    )


_OPEN_COLUMNS = (
    serial_column(),
    Column("工单号", kind=CellKind.CODE, wrap=False),
    Column("居民", wrap=False),
    Column("诉求内容"),
    Column("受理组织"),
    Column("接单人", wrap=False),
    Column("状态", wrap=False),
    Column("应办日期", kind=CellKind.DATE, wrap=False),
)


def overdue_list(request: PaperRequest) -> Document:
    """Open orders whose step is overdue today, the longest first, with what should have been done."""
    today = request.clock.today()
    orders = boards.overdue_orders(request.reader, today, scope=request.scope)
    rows = [
        Line(
            (
                *_open_cells(place, row, request.purpose),
                row["due_on"],
                due_words(dt.date.fromisoformat(row["due_on"]), today),
                flow.moves_from(State(row["state"]))[0].value,
            ),
            source=f"orders/{row['id']}",
        )
        for place, row in enumerate(orders, 1)
    ]
    columns = (*_OPEN_COLUMNS, Column("逾期", wrap=False), Column("该办", wrap=False))
    return _open_document(
        request, "逾期工单清单", columns, rows, "期限按工作日计，办法见“工单时限”。居民电话和住址不列。"
    )


def unrated_list(request: PaperRequest) -> Document:
    """Finished orders that one side or both have not rated (评单缺失): no hours are posted for them yet."""
    orders = boards.unrated_orders(request.reader, scope=request.scope)
    rows = [
        Line(
            (
                *_open_cells(place, row, request.purpose),
                row["due_on"],
                row["completed_on"],
                "、".join(boards.missing_of(row)),
            ),
            source=f"orders/{row['id']}",
        )
        for place, row in enumerate(orders, 1)
    ]
    columns = (*_OPEN_COLUMNS, Column("完成日期", kind=CellKind.DATE, wrap=False), Column("缺什么"))
    return _open_document(
        request,
        "评单缺失清单",
        columns,
        rows,
        "双方评单后才登记服务时长；联系不上居民的可以写明理由先记时长。",
    )


def _open_cells(place: int, row: Row, purpose: Purpose) -> tuple[Any, ...]:
    return (
        place,
        row["number"],
        masking.mask_name(row["resident"], purpose),
        row["topic"],
        row["unit_name"],
        masking.mask_name(row["helper_name"] or "", purpose),
        row["state"],
    )


def _open_document(
    request: PaperRequest, title: str, columns: tuple[Column, ...], rows: list[Line], note: str
) -> Document:
    today = format_cn(request.clock.today())
    return Document(
        f"{title}（{request.scope.label}）",
        (
            Title(title),
            Paragraph(f"截至{today}", Role.KAI),
            Table(
                columns,
                rows,
                name=title,
                caption_left=f"填报单位：{request.scope.label}",
                caption_right=f"共 {len(rows)} 件",
                size=9,
                empty_text="没有",
            ),
            Note(note),
            SignatureRow(("负责人", "督办人", "制表人", f"打印日期：{today}")),
        ),
        meta=request.meta(title),
        foot=request.foot(),
        orientation=Orientation.LANDSCAPE,
    )


PAPERS: tuple[PaperSpec, ...] = (
    PaperSpec(
        name="order-slip",
        label="工单",
        help="一件一页，随单流转：诉求、每一步的日期和签名栏、双方评价。按“报送”打印时电话印全号，供上门联系。",
        build=order_slip,
        purposes=(Purpose.INTERNAL, Purpose.REPORT),
        parameters=(Parameter("number", "工单号", "", "如 2026-0042", required=True),),
    ),
    PaperSpec(
        name="order-list",
        label="工单台账",
        help="期间内点单的工单，一件一行，写明接单人、完成日期、结果和评价。",
        build=order_list,
        purposes=(Purpose.INTERNAL, Purpose.PUBLIC),
    ),
    PaperSpec(
        name="orders-overdue",
        label="逾期工单清单",
        help="今天已经超过期限的工单，逾期最久的在前，写明该办哪一步、由谁办。",
        build=overdue_list,
        purposes=(Purpose.INTERNAL, Purpose.REPORT),
    ),
    PaperSpec(
        name="orders-unrated",
        label="评单缺失清单",
        help="已完成、还缺居民或支部评价的工单；评单前不登记时长。",
        build=unrated_list,
        purposes=(Purpose.INTERNAL, Purpose.REPORT),
    ),
)
