"""The slip of one go at the counter (兑换单): what was redeemed, what it took, and who fetched it."""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.core import hours, masking
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec, Parameter
from hongyao_desktop.paper.document import (
    Column,
    Document,
    Line,
    Note,
    SignatureRow,
    Sum,
    Table,
    Title,
    serial_column,
)
from hongyao_desktop.volunteers.queries import lookups, slips


def build_slip(request: PaperRequest) -> Document:
    """One slip; for goods that still wait it says until when."""
    head, lines = slips.slip(request.reader, request.text("number"))
    name = masking.mask_name(head["name"], request.purpose)
    rows = [
        Line(
            (
                place,
                row["number"],
                row["good_name"],
                row["quantity"],
                row["measure"],
                row["price_points"],
                row["points"],
                row["state"],
            ),
            f"shop_redemptions/{row['id']}",
        )
        for place, row in enumerate(lines, 1)
    ]
    day = format_cn(dt.date.fromisoformat(head["ordered_on"]))
    waiting = [row for row in lines if row["state"] == "待领取"]
    until = min((row["pick_up_by"] for row in waiting), default="")
    said = "积分和库存已同时减少；服务时长和星级不变。"
    if until:
        day_words = format_cn(dt.date.fromisoformat(until))
        home = waiting[0]["way"] != "自取"
        said = (
            f"{day_words}前送货上门，请收货时在本单签名。{said}"
            if home
            else f"请在{day_words}前凭本单领取，过期可取消。{said}"
        )
    balance = lookups.volunteer(request.reader, lines[0]["volunteer_id"])["points"]
    table = Table(
        (
            serial_column(),
            Column("兑换单号", kind=CellKind.CODE, wrap=False),
            Column("品名"),
            Column("数量", kind=CellKind.INTEGER, sum=Sum.NONE),
            Column("单位"),
            Column("单价（分）", kind=CellKind.POINTS, sum=Sum.NONE),
            Column("用去积分", kind=CellKind.POINTS),
            Column("状态"),
        ),
        rows,
        name="兑换单",
        total_label="合计",
        caption_left=f"志愿者：{name}（{head['volunteer_number']}）",
        caption_right=f"{day}　余 {hours.format_centi(balance)} 分",
        row_height=9,
    )
    title = f"积分兑换单 {head['number']}"
    return Document(
        title,
        (Title("积分兑换单"), table, Note(said), SignatureRow(("领取人签名", "经办人", "领取日期"))),
        meta=request.meta("积分兑换单"),
        foot=request.foot(f"单号 {head['number']}", dated=False),
    )


SLIP = PaperSpec(
    name="shop-slip",
    label="积分兑换单",
    help="柜台一次兑换的单子：品名、数量、用去积分、余额，领取人签名；没有领的写明期限。",
    build=build_slip,
    purposes=(Purpose.INTERNAL,),
    parameters=(Parameter("number", "单号", "", "如 单2026-0001 或 兑2026-0012", required=True),),
)
