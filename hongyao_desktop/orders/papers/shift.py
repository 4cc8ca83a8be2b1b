"""The sheet that one shift hands to the next (工单交接单): what was done, and what is still open."""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.core import masking
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.orders.papers.lists import brief
from hongyao_desktop.orders.queries import listing, lookups
from hongyao_desktop.orders.records.states import State
from hongyao_desktop.orders.rules.limits import due_words
from hongyao_desktop.paper.catalogue import PaperRequest
from hongyao_desktop.paper.document import (
    Column,
    Document,
    Heading,
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

_DONE = (
    serial_column(),
    Column("日期", kind=CellKind.DATE, wrap=False),
    Column("登记人", wrap=False),
    Column("工单号", kind=CellKind.CODE, wrap=False),
    Column("事项", wrap=False),
    Column("诉求内容"),
    Column("情况"),
)
_LEFT = (
    serial_column(),
    Column("工单号", kind=CellKind.CODE, wrap=False),
    Column("居民"),
    Column("诉求内容"),
    Column("待办", wrap=False),
    Column("接单人"),
    Column("期限", wrap=False),
    Column("最近的跟进"),
)


def shift_sheet(request: PaperRequest) -> Document:
    """What was done since a day, today if none is given, and every open order today, the most urgent first."""
    reader, today, purpose = request.reader, request.clock.today(), request.purpose
    since = request.day("since", "自哪天", today)
    done = listing.happened(reader, since, today, request.scope)
    left = listing.still_open(reader, request.scope)
    first, last = format_cn(since), format_cn(today)
    said = [
        Line(
            (
                place,
                row["taken_on"],
                row["recorded_by"],
                row["number"],
                row["move"],
                brief(row["topic"]),
                "；".join(words for words in (row["helper_name"], row["reason"], row["note"]) if words),
            ),
            source=f"orders/{row['order_id']}",
        )
        for place, row in enumerate(done, 1)
    ]
    waiting = [
        Line(
            (
                place,
                row["number"],
                masking.mask_name(row["resident"], purpose),
                brief(row["topic"]),
                State(row["state"]).waits_for,
                masking.mask_name(row["helper_name"] or "", purpose),
                due_words(lookups.day_of(row["due_on"]), today, lookups.day_of(row["held_on"])),
                _last_words(row["followed_on"], row["followed"]),
            ),
            source=f"orders/{row['id']}",
        )
        for place, row in enumerate(left, 1)
    ]
    return Document(
        f"工单交接单（{request.scope.label}）",
        (
            Title("工单交接单"),
            Paragraph(first if first == last else f"{first}至{last}", Role.KAI),
            Heading(1, "本班办理"),
            Table(
                _DONE,
                said,
                name="本班办理",
                caption_right=f"共 {len(said)} 项",
                size=9,
                empty_text="没有办理",
            ),
            Heading(1, "移交下一班"),
            Table(
                _LEFT,
                waiting,
                name="移交下一班",
                caption_right=f"共 {len(waiting)} 件",
                size=9,
                empty_text="没有未办结的工单",
            ),
            Note("本班办理按办理日期列出；移交的为打印时尚未办结的工单，急的在前。电话和住址不列。"),
            SignatureRow(("交班人", "接班人", "交接时间", f"打印日期：{format_cn(today)}")),
        ),
        meta=request.meta("工单交接单"),
        foot=request.foot(dated=False),
        orientation=Orientation.LANDSCAPE,
    )


def _last_words(day: str | None, said: str | None) -> str:
    if day is None:
        return ""
    when = dt.date.fromisoformat(day)
    return f"{when.month}月{when.day}日：{said}"
