"""Lists of service orders on paper: those of a period (工单台账), those that are overdue, those without a rating."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from hongyao_desktop.core import masking
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.orders.queries import boards, listing
from hongyao_desktop.orders.records.states import State
from hongyao_desktop.orders.rules import flow
from hongyao_desktop.orders.rules.limits import due_words
from hongyao_desktop.paper.catalogue import PaperRequest
from hongyao_desktop.paper.document import (
    Column,
    Document,
    Line,
    Note,
    Orientation,
    Paragraph,
    Role,
    SignatureRow,
    Table,
    Title,
    serial_column,
)

LIST_COLUMNS = (
    serial_column(),
    Column("工单号", kind=CellKind.CODE, wrap=False),
    Column("点单日期", kind=CellKind.DATE, wrap=False),
    Column("居民"),
    Column("诉求内容"),
    Column("来源", wrap=False),
    Column("性质", wrap=False),
    Column("受理组织"),
    Column("接单人"),
    Column("完成日期", kind=CellKind.DATE, wrap=False),
    Column("办理结果", wrap=False),
    Column("居民评价", wrap=False),
    Column("状态", wrap=False),
)


TOPIC_ON_LISTS = 60
"""Longer texts of residents show their beginning on lists; the slip has the whole."""


def brief(topic: str) -> str:
    """What is asked for, on a list."""
    return topic if len(topic) <= TOPIC_ON_LISTS else f"{topic[: TOPIC_ON_LISTS - 1]}…"


def order_list(request: PaperRequest) -> Document:
    """The orders taken within the period, one a line, with what became of them.

    What residents wrote may name them or say where they live; on a public list the kind stands in its place.
    """
    public = request.purpose is Purpose.PUBLIC
    columns = tuple(
        replace(column, label="类别") if public and column.label == "诉求内容" else column
        for column in LIST_COLUMNS
    )
    orders = listing.orders_taken(request.reader, request.period, request.scope)
    rows = [
        Line(
            (
                place,
                row["number"],
                row["asked_on"],
                masking.mask_name(row["resident"], request.purpose),
                row["kind"] if public else brief(row["topic"]),
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
                columns,
                rows,
                name="工单台账",
                caption_left=f"填报单位：{request.scope.label}",
                caption_right=f"共 {len(orders)} 件，已完成 {len(done)} 件，其中按时 {timely} 件",
                size=9,
                empty_text="期间没有工单",
            ),
            Note(
                "按点单日期列出，作废的不列。状态和评价为打印时的情况；"
                + ("公示只列类别，不列诉求原文。" if public else "居民只列姓名，电话和住址不列。")
            ),
            SignatureRow(("负责人", "审核人", "制表人", f"打印日期：{format_cn(request.clock.today())}")),
        ),
        meta=request.meta("工单台账"),
        foot=request.foot(),
        orientation=Orientation.LANDSCAPE,
    )


_OPEN_COLUMNS = (
    serial_column(),
    Column("工单号", kind=CellKind.CODE, wrap=False),
    Column("居民"),
    Column("诉求内容"),
    Column("受理组织"),
    Column("接单人"),
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
        brief(row["topic"]),
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
        foot=request.foot(dated=False),
        orientation=Orientation.LANDSCAPE,
    )
