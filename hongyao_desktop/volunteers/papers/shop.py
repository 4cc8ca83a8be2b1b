"""Papers of the points shop (积分超市): the register of redemptions, who still has to fetch, the sheet for counting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hongyao_desktop.core import masking
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec, Parameter
from hongyao_desktop.paper.document import (
    Column,
    Document,
    Line,
    Note,
    Orientation,
    SignatureRow,
    Sum,
    Table,
    Title,
    serial_column,
)
from hongyao_desktop.volunteers.queries import shop_papers

ROW_HEIGHT: Final = 9.0
"""Millimetres; a figure or a signature written by hand needs them."""
EVERY: Final = "全部"
LATE: Final = "逾期"
TO_BRING: Final = "送货"
TO_FETCH: Final = "自取"
BLANK_SHEET: Final = "空表"
RESULT: Final = "结果"


def build_register(request: PaperRequest) -> Document:
    """Every redemption of the period with a place for a signature; cancelled ones are listed and not added up."""
    rows = shop_papers.redemptions(request.reader, request.scope, request.period)
    lines = [
        Line(
            (
                place,
                row["ordered_on"],
                row["number"],
                row["volunteer_number"],
                masking.mask_name(row["name"], request.purpose),
                row["good_name"],
                row["quantity"],
                row["measure"],
                row["points"] if row["stands"] else None,
                row["state"] if row["stands"] else f"{row['state']}：{row['end_reason']}",
                None,
            ),
            f"shop_redemptions/{row['id']}",
        )
        for place, row in enumerate(rows, 1)
    ]
    standing = sum(bool(row["stands"]) for row in rows)
    return _wide_list(
        request,
        _Words(
            name="积分兑换登记簿",
            captions=(
                f"{format_cn(request.period.first)}至{format_cn(request.period.last)}",
                f"共 {len(rows)} 笔，其中有效 {standing} 笔",
            ),
            empty="期间没有兑换",
            note="已取消和已退回的列出，不计入合计。",
            signers=("经办人", "核对人", "负责人"),
            adds_up=True,
        ),
        (
            Column("兑换日期", 1.7, kind=CellKind.DATE),
            Column("单号", 1.9, kind=CellKind.CODE),
            Column("志愿者编号", 1.7, kind=CellKind.CODE),
            Column("姓名", 1.3),
            Column("品名", 2.2),
            Column("数量", 0.8, kind=CellKind.INTEGER, sum=Sum.NONE),
            Column("单位", 0.8),
            Column("用去积分", 1.2, kind=CellKind.POINTS),
            Column("状态", 1.8),
            Column("领取人签名", 1.8),
        ),
        lines,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """What a list of redemptions says around its lines; ``title`` where it says more than the ``name``."""

    name: str
    title: str = ""
    captions: tuple[str, str]
    empty: str
    note: str
    signers: tuple[str, str, str]
    adds_up: bool


def _wide_list(
    request: PaperRequest, words: _Words, columns: Sequence[Column], lines: Sequence[Line]
) -> Document:
    """A list of redemptions across the page, a line for each and room to write by hand, signed below.

    One that adds up has totals and is dated at its foot; one that does not is of the day in its caption.
    """
    table = Table(
        (serial_column(), *columns),
        lines,
        name=words.name,
        total_label="合计" if words.adds_up else "",
        page_subtotal=words.adds_up,
        size=9,
        row_height=ROW_HEIGHT,
        caption_left=words.captions[0],
        caption_right=words.captions[1],
        empty_text=words.empty,
    )
    return Document(
        f"{words.name}（{request.scope.label}）",
        (Title(words.title or words.name), table, Note(words.note), SignatureRow(words.signers)),
        meta=request.meta(words.name),
        foot=request.foot(dated=words.adds_up),
        orientation=Orientation.LANDSCAPE,
    )


def build_waiting(request: PaperRequest) -> Document:
    """What waits today, the longest first: to phone people about, or to carry along when bringing things home."""
    which = request.choice("which", "范围", (EVERY, LATE, TO_FETCH, TO_BRING))
    today = request.clock.today()
    rows = [
        row
        for row in shop_papers.waiting(request.reader, request.scope)
        if which == EVERY
        or (which == LATE and row["pick_up_by"] < today.isoformat())
        or (which == TO_FETCH and row["way"] == "自取")
        or (which == TO_BRING and row["way"] != "自取")
    ]
    lines = [
        Line(
            (
                place,
                row["number"],
                masking.mask_name(row["name"], request.purpose),
                masking.mask_phone(row["phone"] or "", request.purpose),
                f"{row['good_name']} {row['quantity']} {row['measure']}",
                row["pick_up_by"],
                max((today - dt.date.fromisoformat(row["pick_up_by"])).days, 0) or None,
                row["reminded_on"],
                masking.mask_address(row["deliver_to"], request.purpose) if row["deliver_to"] else "自取",
                None,
            ),
            f"shop_redemptions/{row['id']}",
        )
        for place, row in enumerate(rows, 1)
    ]
    return _wide_list(
        request,
        _Words(
            name="待领和送货名单",
            captions=(f"截至{format_cn(today)}　{which}", f"共 {len(rows)} 笔"),
            empty="没有等着领取或送货的",
            note="期限过了还不来领的，催领后仍不领可以取消，积分和库存一并加回。",
            signers=("送货人", "经办人", "日期"),
            title="兑换待领和送货名单",
            adds_up=False,
        ),
        (
            Column("单号", 1.8, kind=CellKind.CODE),
            Column("姓名", 1.2),
            Column("联系电话", 1.8, kind=CellKind.CODE),
            Column("品名和数量", 2.2),
            Column("期限", 1.6, kind=CellKind.DATE),
            Column("逾期天数", 0.9, kind=CellKind.INTEGER, sum=Sum.NONE),
            Column("催领日期", 1.6, kind=CellKind.DATE),
            Column("送到", 2.4),
            Column("签收", 1.5),
        ),
        lines,
    )


def build_count(request: PaperRequest) -> Document:
    """The shelf with an empty column to count into, or what the count of a day found."""
    today = request.clock.today()
    if request.choice("what", "内容", (BLANK_SHEET, RESULT)) == RESULT:
        return _count_result(request, request.day("day", "盘点日期", today))
    book = request.yes("book")
    goods = shop_papers.shelf(request.reader, request.scope)
    lines = [
        Line(
            (
                f"{place:02d}",
                row["number"],
                row["name"],
                row["measure"],
                row["stock"] if book else None,
                *(None,) * 3,
            ),
            f"shop_goods/{row['id']}",
        )
        for place, row in enumerate(goods, 1)
    ]
    table = Table(
        (
            Column("行码", 0.8, kind=CellKind.CODE),
            Column("编号", 1.0, kind=CellKind.CODE),
            Column("品名", 3.0),
            Column("单位", 0.8),
            Column("账面数", 1.2, kind=CellKind.INTEGER, sum=Sum.NONE),
            Column("实有数", 1.4),
            Column("盘盈或盘亏", 1.4),
            Column("原因", 2.4),
        ),
        lines,
        name="盘点表",
        row_height=ROW_HEIGHT,
        caption_left=f"盘点日期：{format_cn(today)}",
        caption_right=f"共 {len(goods)} 种",
        empty_text="货架是空的",
    )
    return Document(
        f"积分超市盘点表（{request.scope.label}）",
        (
            Title("积分超市盘点表"),
            table,
            Note(
                "当天盘、当天录：在“盘点”页按行码从上到下填实有数，不符的写明原因；没有盘的空着，库存不变。"
            ),
            SignatureRow(("盘点人", "监盘人", "录入人", "日期")),
        ),
        meta=request.meta("积分超市盘点表"),
        foot=request.foot(dated=False),
    )


def _count_result(request: PaperRequest, day: dt.date) -> Document:
    rows = shop_papers.counted(request.reader, request.scope, day)
    lines = [
        Line(
            (
                place,
                row["good_number"],
                row["good_name"],
                row["measure"],
                row["book"],
                row["counted"],
                _difference(row["counted"] - row["book"]),
                f"{row['reason'] or ''}（已冲正）" if row["taken_back"] else row["reason"],
                row["recorded_by"],
            ),
            row["place"],
        )
        for place, row in enumerate(rows, 1)
    ]
    differing = sum(row["book"] != row["counted"] for row in rows)
    table = Table(
        (
            serial_column(),
            Column("编号", 1.0, kind=CellKind.CODE),
            Column("品名", 2.8),
            Column("单位", 0.8),
            Column("账面数", 1.1, kind=CellKind.INTEGER, sum=Sum.NONE),
            Column("实有数", 1.1, kind=CellKind.INTEGER, sum=Sum.NONE),
            Column("盘盈或盘亏", 1.4),
            Column("原因", 2.4),
            Column("录入人", 1.2),
        ),
        lines,
        name="盘点结果",
        caption_left=f"盘点日期：{format_cn(day)}",
        caption_right=f"盘点 {len(rows)} 种，不符 {differing} 种",
        empty_text="这一天没有盘点",
    )
    return Document(
        f"积分超市盘点结果（{request.scope.label}）",
        (
            Title("积分超市盘点结果"),
            table,
            Note("盘点时账面与实有相同的也列出；没有列出的商品这一天没有盘。"),
            SignatureRow(("盘点人", "监盘人", "负责人", "日期")),
        ),
        meta=request.meta("积分超市盘点结果"),
        foot=request.foot(dated=False),
    )


def _difference(pieces: int) -> str:
    """A difference in words, so that nobody reads a sign the wrong way round."""
    if not pieces:
        return "相符"
    return f"{'盘盈' if pieces > 0 else '盘亏'} {abs(pieces)}"


REGISTER = PaperSpec(
    name="shop-register",
    label="积分兑换登记簿",
    help="期间的每笔兑换，一笔一行，有领取人签名栏；取消和退回的列出，不计入合计。",
    build=build_register,
    purposes=(Purpose.INTERNAL, Purpose.REPORT, Purpose.AUDIT),
)
WAITING = PaperSpec(
    name="shop-waiting",
    label="兑换待领和送货名单",
    help="今天还没有领走、送到的兑换，逾期最久的在前，催领和送货用。按“报送”打印时电话和住址印全，供联系和送货。",
    build=build_waiting,
    purposes=(Purpose.INTERNAL, Purpose.REPORT),
    parameters=(
        Parameter(
            "which", "范围", EVERY, "全部、逾期的、来领的或送货的", choices=(EVERY, LATE, TO_FETCH, TO_BRING)
        ),
    ),
)
COUNT = PaperSpec(
    name="shop-count",
    label="积分超市盘点表",
    help="盘点用的空表，行码与“盘点”页的顺序一致；或某一天盘点的结果，相符的也列出。",
    build=build_count,
    purposes=(Purpose.INTERNAL, Purpose.AUDIT),
    parameters=(
        Parameter("what", "内容", BLANK_SHEET, "盘点前的空表，或盘点后的结果", choices=(BLANK_SHEET, RESULT)),
        Parameter("book", "账面数", "是", "空表上印不印账面数；不印的盘得更实", choices=("是", "否")),
        Parameter("day", "盘点日期", "", "哪一天的结果；不填则为今天"),
    ),
)
