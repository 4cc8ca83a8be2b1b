"""The registers of the points shop (积分超市): goods, stock movements, redemptions; and their typed rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from hongyao_desktop.core.fields import Choice, Code, Date, Integer, Money, Points, Reference, Search, Text
from hongyao_desktop.core.register import Field, Register, Sensitivity
from hongyao_desktop.volunteers.records.services import NAME, RECORDED_BY, SOURCE, STATE, VOLUNTEER
from hongyao_desktop.volunteers.records.volunteers import NOTE, UNIT_NAME

OFFERED = "在换"
STOPPED = "停换"


class Movement(StrEnum):
    """Why stock moved (库存变动). RETURN (退回) takes back a redemption, REVERSAL (冲正) any other movement."""

    STOCKED = "进货"
    REDEEMED = "兑换"
    RETURN = "退回"
    SURPLUS = "盘盈"
    LOSS = "盘亏"
    REVERSAL = "冲正"


class Stage(StrEnum):
    """Where a redemption stands (兑换状态)."""

    WAITING = "待领取"
    HANDED = "已领取"
    CANCELLED = "已取消"
    RETURNED = "已退回"


TO_BRING = "待送"
"""How a redemption that waits to be brought home is called on screens."""


def stage_words(row: Mapping[str, Any]) -> str:
    """Where a redemption stands as screens say it: what is to be brought home does not wait to be fetched."""
    waits_at_home = row["state"] == Stage.WAITING and row["way"] != "自取"
    return TO_BRING if waits_at_home else str(row["state"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What a volunteer redeemed in a quarter, cancelled ones left out: days, hundredths of points, pieces of one good.

    ``today`` says whether one of the days is the day asked about: several redemptions of one day are one visit.
    ``again_on`` is the first day of the next quarter, when limits begin anew; None where it was not asked.
    """

    visits: int = 0
    points: int = 0
    same_good: int = 0
    today: bool = False
    again_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLine:
    """One line of a delivery: so many pieces of a good, and what they cost together in 分 (None: not known)."""

    good_id: str
    quantity: int
    cost_fen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountLine:
    """One line of an inventory count: so many pieces of a good were found, with the reason for a difference."""

    good_id: str
    counted: int
    reason: str | None = None


def _derived(
    name: str, label: str, kind: Text | Code | Integer | Choice | Date | Points, width: int
) -> Field:
    return Field(
        name=name, label=label, type=kind, sensitivity=Sensitivity.INTERNAL, derived=True, width=width
    )


GOOD = Field(
    name="good_id",
    label="商品",
    type=Reference("shop_goods"),
    sensitivity=Sensitivity.OPEN,
    required=True,
    width=10,
)
GOOD_NUMBER = _derived("good_number", "商品编号", Code(max_chars=20), 5)
GOOD_NAME = _derived("good_name", "品名", Text(max_chars=40), 9)
MEASURE = _derived("measure", "单位", Text(max_chars=8), 3)
QUANTITY = Field(
    name="quantity",
    label="数量",
    type=Integer(low=1, high=100_000),
    sensitivity=Sensitivity.OPEN,
    required=True,
    width=4,
)
COST = Field(
    name="cost_fen",
    label="金额",
    type=Money(allow_negative=True),
    sensitivity=Sensitivity.INTERNAL,
    width=6,
    aliases=("进货金额", "金额（元）", "总价"),
    help="这一批的总价；捐赠的填 0。",
)

GOODS = Register(
    name="shop_goods",
    label="兑换商品",
    table="shop_good",
    source="shop_good_view",
    title_field="name",
    sort="number",
    list_columns=("number", "name", "category", "points", "measure", "stock", "shelf", "warn_at", "status"),
    filters=("category", "shelf", "unit_id"),
    unit_field="unit_id",
    status_field="status",
    help="积分超市里能换的物品和服务。服务按名额进货，如理发券 20 张。库存由进货、兑换和盘点算出，不直接填写。",
    fields=(
        Field(
            name="number",
            label="编号",
            type=Code(max_chars=20),
            sensitivity=Sensitivity.OPEN,
            width=4,
            search=Search.CODE,
            aliases=("商品编号", "货号"),
            help="留空时自动接着编。",
        ),
        Field(
            name="name",
            label="品名",
            type=Text(max_chars=40),
            sensitivity=Sensitivity.OPEN,
            required=True,
            width=9,
            search=Search.TEXT,
            aliases=("商品名称", "物品名称", "物品", "名称", "兑换物品"),
            example="洗衣液 1kg",
        ),
        Field(
            name="category",
            label="类别",
            type=Choice(("实物", "服务"), synonyms=(("物品", "实物"), ("商品", "实物"))),
            sensitivity=Sensitivity.OPEN,
            default="实物",
            width=4,
            aliases=("商品类别", "种类"),
        ),
        Field(
            name="points",
            label="积分价",
            type=Points(),
            sensitivity=Sensitivity.OPEN,
            required=True,
            width=5,
            aliases=("所需积分", "兑换积分", "积分", "分值"),
            example="30",
        ),
        Field(
            name="measure",
            label="单位",
            type=Text(max_chars=8),
            sensitivity=Sensitivity.OPEN,
            default="件",
            width=3,
            aliases=("计量单位",),
            example="瓶",
        ),
        Field(
            name="warn_at",
            label="预警数",
            type=Integer(high=100_000),
            sensitivity=Sensitivity.OPEN,
            width=4,
            aliases=("库存预警", "最低库存"),
            help="库存到这个数就提示补货。",
        ),
        Field(
            name="unit_id",
            label="所属组织",
            type=Reference("units"),
            sensitivity=Sensitivity.OPEN,
            width=10,
            help="哪里的积分超市，留空为本单位。",
        ),
        UNIT_NAME,
        _derived("stock", "库存", Integer(), 4),
        _derived("shelf", "货架", Choice(("有货", "不足", "缺货")), 4),
        Field(
            name="status",
            label="状态",
            type=Choice((OFFERED, STOPPED)),
            sensitivity=Sensitivity.OPEN,
            derived=True,
            width=4,
        ),
        NOTE,
        SOURCE,
    ),
)

MOVEMENTS = Register(
    name="shop_movements",
    label="库存流水",
    table="shop_movement",
    source="shop_movement_view",
    title_field="good_name",
    sort="moved_on",
    list_columns=("moved_on", "good_name", "kind", "quantity", "measure", "cost_fen", "reason", "state"),
    filters=("kind", "unit_id"),
    unit_field="unit_id",
    search_via=(("good_id", "shop_goods"),),
    sum_columns=("cost_fen",),
    append_only=True,
    help="库存只增记不改动：进货、兑换、退回、盘盈、盘亏各一笔，登错了用冲正。库存等于各笔之和。",
    fields=(
        Field(
            name="moved_on",
            label="日期",
            type=Date(past_only=True),
            sensitivity=Sensitivity.OPEN,
            required=True,
            width=6,
            aliases=("进货日期", "盘点日期"),
        ),
        GOOD,
        GOOD_NUMBER,
        GOOD_NAME,
        Field(
            name="kind",
            label="变动",
            type=Choice(tuple(kind.value for kind in Movement)),
            sensitivity=Sensitivity.OPEN,
            derived=True,
            width=4,
        ),
        Field(
            name="quantity",
            label="数量",
            type=Integer(low=-100_000, high=100_000),
            sensitivity=Sensitivity.OPEN,
            required=True,
            width=4,
        ),
        MEASURE,
        COST,
        Field(
            name="reason",
            label="原因",
            type=Text(max_chars=100),
            sensitivity=Sensitivity.INTERNAL,
            width=12,
        ),
        _derived("redemption_number", "兑换单号", Code(max_chars=20), 8),
        Field(
            name="unit_id",
            label="所属组织",
            type=Reference("units"),
            sensitivity=Sensitivity.OPEN,
            derived=True,
            width=10,
        ),
        UNIT_NAME,
        STATE,
        RECORDED_BY,
        replace(SOURCE, label="出处", help="发票、收据或捐赠人；导入的写明哪张表。"),
    ),
)

REDEMPTIONS = Register(
    name="shop_redemptions",
    label="兑换记录",
    table="shop_redemption",
    source="shop_redemption_view",
    title_field="name",
    sort="ordered_on",
    list_columns=(
        *("ordered_on", "number", "volunteer_number", "name", "good_name", "quantity", "measure"),
        *("points", "state"),
    ),
    filters=("state", "way", "unit_id"),
    unit_field="unit_id",
    search_via=(("volunteer_id", "volunteers"), ("good_id", "shop_goods")),
    sum_columns=("points",),
    append_only=True,
    help="每兑换一次一条，积分和库存同时减少；取消或退回时一并加回来，服务时长始终不变。",
    fields=(
        Field(
            name="ordered_on",
            label="兑换日期",
            type=Date(),
            sensitivity=Sensitivity.INTERNAL,
            required=True,
            width=6,
        ),
        Field(
            name="number",
            label="单号",
            type=Code(max_chars=20),
            sensitivity=Sensitivity.OPEN,
            derived=True,
            width=7,
        ),
        VOLUNTEER,
        _derived("volunteer_number", "志愿者编号", Code(max_chars=20), 6),
        NAME,
        GOOD,
        GOOD_NUMBER,
        GOOD_NAME,
        QUANTITY,
        MEASURE,
        _derived("price_points", "当时单价", Points(), 5),
        Field(
            name="points",
            label="用去积分",
            type=Points(),
            sensitivity=Sensitivity.INTERNAL,
            derived=True,
            width=5,
        ),
        _derived("way", "领取方式", Choice(("自取", "送货上门")), 5),
        replace(_derived("deliver_to", "送到", Text(max_chars=100), 12), sensitivity=Sensitivity.SECRET),
        _derived("pick_up_by", "领取期限", Date(), 6),
        _derived("reminded_on", "催领日期", Date(), 6),
        _derived("picked_up_on", "领取日期", Date(), 6),
        _derived("ended_on", "取消日期", Date(), 6),
        _derived("end_reason", "取消原因", Text(max_chars=100), 10),
        _derived("state", "状态", Choice(tuple(stage.value for stage in Stage)), 5),
        Field(
            name="unit_id",
            label="归口组织",
            type=Reference("units"),
            sensitivity=Sensitivity.INTERNAL,
            derived=True,
            width=10,
        ),
        UNIT_NAME,
        NOTE,
        RECORDED_BY,
        SOURCE,
    ),
)
