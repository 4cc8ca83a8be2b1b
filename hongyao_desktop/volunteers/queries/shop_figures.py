"""Figures of the points shop (积分超市): what was redeemed, what is in stock, what was bought."""

from __future__ import annotations

from hongyao_desktop.core.figure import Figure, PeriodRule, Unit

_SCOPED = "IN (SELECT id FROM scope)"
_REDEEMED = f"""
    SELECT redemption.id, redemption.ordered_on, redemption.number, redemption.volunteer_number, redemption.name,
        redemption.good_name, redemption.quantity, redemption.points, redemption.state, redemption.unit_name
    FROM shop_redemption_view AS redemption
    WHERE redemption.ordered_on BETWEEN :first AND :last AND redemption.state IN ('待领取', '已领取')
        AND redemption.unit_id {_SCOPED}
"""
_REDEEMED_COLUMNS = (
    ("ordered_on", "兑换日期"),
    ("number", "单号"),
    ("volunteer_number", "志愿者编号"),
    ("name", "姓名"),
    ("good_name", "品名"),
    ("quantity", "数量"),
    ("points", "用去积分"),
    ("state", "状态"),
)
_ON_SHELF = f"""
    SELECT good.id, good.number, good.name, good.category, good.measure, SUM(movement.quantity) AS stock,
        unit.name AS unit_name
    FROM shop_good AS good
    JOIN shop_movement AS movement ON movement.good_id = good.id AND movement.moved_on <= :last
    LEFT JOIN unit ON unit.id = good.unit_id
    WHERE good.unit_id {_SCOPED}
    GROUP BY good.id HAVING SUM(movement.quantity) > 0
"""
_BOUGHT = f"""
    SELECT movement.id, movement.moved_on, movement.good_number, movement.good_name, movement.kind,
        movement.quantity, movement.cost_fen, movement.source
    FROM shop_movement_view AS movement
    WHERE movement.moved_on BETWEEN :first AND :last AND movement.cost_fen IS NOT NULL
        AND movement.unit_id {_SCOPED}
"""


def _redeemed(
    code: str, label: str, unit: Unit, definition: str, measure: str, condition: str = ""
) -> Figure:
    return Figure(
        code=code,
        label=label,
        unit=unit,
        definition=definition + "已取消和已退回的不计。归口按兑换时志愿者所在组织。",
        period_rule=PeriodRule.WITHIN,
        rows=_REDEEMED + condition,
        measure=measure,
        columns=_REDEEMED_COLUMNS,
        register="shop_redemptions",
        group="积分超市",
    )


FIGURES = (
    _redeemed(
        "ZY-51", "兑换人次", Unit.TIMES, "兑换日期在期间内的兑换笔数，一人兑换几笔计几次。", "COUNT(*)"
    ),
    _redeemed(
        "ZY-52",
        "兑换积分",
        Unit.POINTS,
        "兑换日期在期间内的兑换用去的积分。",
        "COALESCE(SUM(points), 0)",
    ),
    _redeemed(
        "ZY-53",
        "其中待领取",
        Unit.TIMES,
        "兑换日期在期间内、到现在还没有领取的笔数。",
        "COUNT(*)",
        "AND redemption.state = '待领取'",
    ),
    Figure(
        code="ZY-54",
        label="现有库存品种",
        unit=Unit.UNITS,
        definition="截至期末库存流水合计大于 0 的商品种数，物品和服务名额都计，停换的有库存也计。归口按商品所属组织。",
        period_rule=PeriodRule.AS_OF,
        rows=_ON_SHELF,
        measure="COUNT(*)",
        columns=(
            ("number", "编号"),
            ("name", "品名"),
            ("category", "类别"),
            ("stock", "库存"),
            ("measure", "单位"),
            ("unit_name", "所属组织"),
        ),
        register="shop_goods",
        group="积分超市",
    ),
    Figure(
        code="ZY-55",
        label="超市进货金额",
        unit=Unit.YUAN,
        definition="期间内进货登记的金额，减去对它们的冲正；没有登记金额的不计。归口按商品所属组织。",
        period_rule=PeriodRule.WITHIN,
        rows=_BOUGHT,
        measure="COALESCE(SUM(cost_fen), 0)",
        columns=(
            ("moved_on", "日期"),
            ("good_number", "商品编号"),
            ("good_name", "品名"),
            ("kind", "变动"),
            ("quantity", "数量"),
            ("cost_fen", "金额"),
            ("source", "出处"),
        ),
        register="shop_movements",
        group="积分超市",
    ),
)
