"""What printed papers about people have in common: the public notice (公示), form tables, closing lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hongyao_desktop.core import workdays
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.fields import Align
from hongyao_desktop.paper.catalogue import PaperRequest, Parameter
from hongyao_desktop.paper.cells import Cell
from hongyao_desktop.paper.document import (
    Block,
    Column,
    Document,
    Note,
    Paragraph,
    QrCode,
    Role,
    Seal,
    SignatureRow,
    Table,
    Title,
)

SCAN = "核验二维码：可与台账核对这份材料是否出自本台账、有没有改动。"

NOTICE_PARAMETERS = (
    Parameter("start", "公示起始日", "", "公示的第一天，不填则为打印当天"),
    Parameter("days", "公示工作日", "5", "公示几个工作日，首尾都算"),
    Parameter(
        "phone",
        "异议电话",
        "",
        "受理异议的公开电话；不填则用设置里的公开联系电话",
        required=True,
        public=True,
    ),
    Parameter("place", "受理地点", "", "受理异议的地点", required=True, public=True),
)


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a notice: the first and the last of ``days`` working days, both included."""

    first: dt.date
    last: dt.date
    days: int

    @property
    def words(self) -> str:
        """2026年10月8日至10月14日（5个工作日）."""
        until = format_cn(self.last).removeprefix(f"{self.first.year}年")
        return f"{format_cn(self.first)}至{until}（{self.days}个工作日）"


def notice_span(request: PaperRequest) -> Span:
    """When a notice hangs; the holiday calendar decides, and says so when it does not know the year yet."""
    start = request.day("start", "公示起始日", request.clock.today())
    days = request.count("days", "公示工作日", low=1, high=60)
    first = workdays.add_workdays(start - dt.timedelta(days=1), 1, request.workdays)
    last = workdays.add_workdays(start - dt.timedelta(days=1), days, request.workdays)
    warning = workdays.assumption(first, last, request.workdays)
    if warning is not None:
        request.remarks.append(warning.message)
    return Span(first, last, days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A public notice: what it is about, on what ground, and the table of names (already masked)."""

    title: str
    opening: str
    table: Table
    notes: Sequence[str] = field(default=())
    subject: str = ""


def notice_document(request: PaperRequest, notice: Notice) -> Document:
    """A notice as it hangs: ground and dates, the list, where to object, issuer and date, code."""
    span = notice_span(request)
    blocks: list[Block] = [
        Title(notice.title),
        Paragraph(f"{notice.opening}现予公示，公示期为{span.words}。"),
        notice.table,
        *(Note(note) for note in notice.notes),
        Paragraph(
            "公示期间如有异议，可以来电、来访或以书面形式反映，反映情况应当真实、具体。"
            f"受理电话：{request.text('phone')}；受理地点：{request.text('place')}。"
        ),
        QrCode(caption=SCAN),
        Seal(request.office, span.first),
    ]
    return Document(
        notice.title, tuple(blocks), meta=request.meta(notice.subject or notice.title), foot=request.foot()
    )


def form_table(pairs: Iterable[tuple[str, Cell]], *, name: str, across: int = 2) -> Table:
    """A form: 项目 and 内容, ``across`` pairs in a row; the two words stand only in its sheet."""
    known = list(pairs)
    known += [("", None)] * (-len(known) % across)
    rows = [
        tuple(cell for pair in known[start : start + across] for cell in pair)
        for start in range(0, len(known), across)
    ]
    pair = Column("项目", 1.1, align=Align.CENTER), Column("内容", 2.2)
    return Table(pair * across, rows, name=name, row_height=8.5, headed=False)


def dated(request: PaperRequest, words: str) -> Paragraph:
    """The line under a title, in 楷体."""
    return Paragraph(words or period_words(request), Role.KAI)


def period_words(request: PaperRequest) -> str:
    """2026年1月1日至2026年9月30日."""
    return f"{format_cn(request.period.first)}至{format_cn(request.period.last)}"


def signed(request: PaperRequest, *labels: str) -> SignatureRow:
    """Who signs, with the day the paper was made."""
    return SignatureRow((*labels, f"日期：{format_cn(request.clock.today())}"))
