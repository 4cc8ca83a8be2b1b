"""Figures (指标) of service orders (SYSTEMS M2, R16): each a SELECT of the records behind the number and its 口径.

There is no percentage among them: a rate is two counts side by side, so that both can be opened.
"""

from __future__ import annotations

from hongyao_desktop.core.figure import Figure, PeriodRule, Unit
from hongyao_desktop.orders.queries.lookups import OPEN_SQL, STANDS

_COUNT = "COUNT(*)"
_GROUP = "服务工单"
_WHERE_COUNTED = "归口按受理组织，上报后按上级；作废的不计。"

_ORDERS = """
    SELECT ord.id, ord.number, ord.asked_on, ord.topic, ord.kind, ord.matter, ord.channel, ord.state, ord.due_on,
        ord.completed_on, ord.finish_due_on, ord.closed_on, ord.outcome, ord.deliberated_at, ord.dispatches,
        ord.refusals,
        (SELECT name FROM unit WHERE id = ord.unit_id) AS unit_name,
        COALESCE((SELECT person.name FROM volunteer JOIN person ON person.id = volunteer.person_id
            WHERE volunteer.id = ord.volunteer_id), ord.helper) AS helper_name
    FROM service_order AS ord
    WHERE ord.unit_id IN (SELECT id FROM scope) AND ord.state <> '作废'
"""
_ASKED = f"{_ORDERS} AND ord.asked_on BETWEEN :first AND :last"
_COMPLETED = f"{_ORDERS} AND ord.completed_on BETWEEN :first AND :last"
_CLOSED = f"{_ORDERS} AND ord.closed_on BETWEEN :first AND :last"
_OPEN_AT_END = f"""
    {_ORDERS} AND ord.asked_on <= :last AND (ord.state IN ({OPEN_SQL}) OR ord.closed_on > :last)
"""
_LAST_STEP = """
    (SELECT {column} FROM order_step AS step WHERE step.order_id = ord.id AND step.taken_on <= :last
        ORDER BY step.id DESC LIMIT 1)
"""
# The last day changes with a step, and between steps with a longer limit or a rest (none while the order rests).
_LAST_DUE = """
    (SELECT due_on FROM (
        SELECT id, due_on, taken_on AS day FROM order_step WHERE order_id = ord.id
        UNION ALL SELECT id, due_on, happened_on FROM order_event WHERE order_id = ord.id
    ) WHERE day <= :last ORDER BY id DESC LIMIT 1)
"""
_LAST_STATE = _LAST_STEP.format(column="step.to_state")
_LAST_REST = """
    (SELECT kind FROM order_event WHERE order_id = ord.id AND kind IN ('挂起', '恢复') AND happened_on <= :last
        ORDER BY id DESC LIMIT 1)
"""

_COLUMNS = (
    ("number", "工单号"),
    ("asked_on", "点单日期"),
    ("topic", "诉求内容"),
    ("kind", "类别"),
    ("channel", "来源"),
    ("unit_name", "受理组织"),
    ("helper_name", "接单人"),
    ("completed_on", "完成日期"),
    ("state", "状态"),
)
_DONE_COLUMNS = (
    ("number", "工单号"),
    ("topic", "诉求内容"),
    ("matter", "性质"),
    ("unit_name", "受理组织"),
    ("helper_name", "接单人"),
    ("completed_on", "完成日期"),
    ("finish_due_on", "应办结日期"),
    ("outcome", "办理结果"),
)
_RATED = f"""
    SELECT rating.id, rating.rated_on, ord.number, ord.topic, ord.channel, ord.kind, ord.matter,
        rating.side, rating.word, rating.score, rating.remark,
        (SELECT name FROM unit WHERE id = ord.unit_id) AS unit_name
    FROM order_rating AS rating JOIN service_order AS ord ON ord.id = rating.order_id
    WHERE rating.rated_on BETWEEN :first AND :last AND ord.unit_id IN (SELECT id FROM scope) AND {STANDS}
"""
_RATED_COLUMNS = (
    ("rated_on", "评单日期"),
    ("number", "工单号"),
    ("topic", "诉求内容"),
    ("side", "评价方"),
    ("word", "评价"),
    ("score", "打分"),
    ("remark", "意见"),
    ("unit_name", "受理组织"),
)
_HELPERS = """
    SELECT volunteer.id, volunteer.number, person.name, unit.name AS unit_name, done.orders
    FROM (
        SELECT ord.volunteer_id, COUNT(*) AS orders FROM order_view AS ord
        WHERE ord.completed_on BETWEEN :first AND :last AND ord.unit_id IN (SELECT id FROM scope)
            AND ord.volunteer_id IS NOT NULL AND ord.state <> '作废'
        GROUP BY ord.volunteer_id
    ) AS done
    JOIN volunteer ON volunteer.id = done.volunteer_id
    JOIN person ON person.id = volunteer.person_id
    LEFT JOIN unit ON unit.id = person.unit_id
"""


def _posted(made: str, record: str) -> str:
    """Hours that orders made: of who took them, or of those who helped."""
    return f"""
    SELECT service.id, service.served_on, ord.number, ord.topic, service.minutes, service.evidence,
        (SELECT person.name FROM volunteer JOIN person ON person.id = volunteer.person_id
            WHERE volunteer.id = service.volunteer_id) AS helper_name
    FROM {made} JOIN service_record AS service ON service.id = {record}
    WHERE ord.completed_on BETWEEN :first AND :last AND ord.unit_id IN (SELECT id FROM scope)
        AND NOT EXISTS (SELECT 1 FROM service_record AS back WHERE back.reverses_id = service.id)
    """


_HELPED = "service_order AS ord JOIN order_share_view AS share ON share.order_id = ord.id"
_POSTED = (
    f"{_posted('order_view AS ord', 'ord.living_record_id')} UNION ALL "
    f"{_posted(_HELPED, 'share.living_record_id')}"
)


def _orders(
    code: str,
    label: str,
    definition: str,
    rows: str,
    *,
    rule: PeriodRule = PeriodRule.WITHIN,
    columns: tuple[tuple[str, str], ...] = _COLUMNS,
) -> Figure:
    return Figure(
        code=code,
        label=label,
        unit=Unit.PIECES,
        definition=definition + _WHERE_COUNTED,
        period_rule=rule,
        rows=rows,
        measure=_COUNT,
        columns=columns,
        register="orders",
        group=_GROUP,
    )


def _ratings(code: str, label: str, side: str, word: str) -> Figure:
    return Figure(
        code=code,
        label=label,
        unit=Unit.PIECES,
        definition=f"期间内{side}评为“{word}”的工单数，按评单日期；与同期{side}评单数对照得满意情况。",
        period_rule=PeriodRule.WITHIN,
        rows=f"{_RATED} AND rating.side = '{side}' AND rating.word = '{word}'",
        measure=_COUNT,
        columns=_RATED_COLUMNS,
        register="order_ratings",
        group=_GROUP,
    )


FIGURES = (
    _orders("GD-01", "受理工单", "期间内点单的工单数，按点单日期，含不受理和转出的。", _ASKED),
    _orders(
        "GD-02",
        "办结工单",
        "期间内登记完成的工单数，按完成日期，不论是否已评单。",
        _COMPLETED,
        columns=_DONE_COLUMNS,
    ),
    _orders(
        "GD-03",
        "按时办结工单",
        "办结工单中完成日期不晚于应办结日期的件数；应办结日期从接单起按工作日时限推算，延期和挂起的按延后的日期。与“办结工单”对照得按时办结情况；"
        "旧表转入没有时限的不算按时。",
        f"{_COMPLETED} AND ord.completed_on <= ord.finish_due_on",
        columns=_DONE_COLUMNS,
    ),
    _orders(
        "GD-04",
        "逾期办结工单",
        "办结工单中完成日期晚于应办结日期的件数。",
        f"{_COMPLETED} AND ord.completed_on > ord.finish_due_on",
        columns=_DONE_COLUMNS,
    ),
    _orders(
        "GD-05",
        "不受理和转出",
        "期间内支部议单不受理、或转给本单位以外办理的工单数，按办理日期。",
        f"{_CLOSED} AND ord.state IN ('不受理', '已转出')",
    ),
    _orders(
        "GD-06",
        "在办工单",
        "截至期末还没有评单、也没有不受理或转出的工单数。",
        _OPEN_AT_END,
        rule=PeriodRule.AS_OF,
    ),
    _orders(
        "GD-07",
        "逾期工单",
        "在办工单中截至期末所在步骤已过最后一天的件数，各步按工作日时限；期末在今天之后的，按那一天推算。",
        f"{_OPEN_AT_END} AND {_LAST_DUE} < :last",
        rule=PeriodRule.AS_OF,
    ),
    _orders(
        "GD-08",
        "评单缺失",
        "截至期末已完成、居民或支部一方以上还没有评价的工单数；评单之前不登记时长。",
        f"{_OPEN_AT_END} AND {_LAST_STATE} = '已完成'",
        rule=PeriodRule.AS_OF,
    ),
    _orders(
        "GD-09",
        "挂起工单",
        "截至期末正挂起、还没有恢复的工单数；挂起期间不计时限。",
        f"{_OPEN_AT_END} AND {_LAST_REST} = '挂起'",
        rule=PeriodRule.AS_OF,
    ),
    _orders(
        "GD-10",
        "延期工单",
        "期间内批准延期的工单数，一件延几次只计一次，按延期日期。",
        f"{_ORDERS} AND ord.id IN (SELECT order_id FROM order_event WHERE kind = '延期' "
        "AND happened_on BETWEEN :first AND :last)",
    ),
    Figure(
        code="GD-11",
        label="居民评单",
        unit=Unit.PIECES,
        definition="期间内居民给出评价的工单数，按评单日期。",
        period_rule=PeriodRule.WITHIN,
        rows=f"{_RATED} AND rating.side = '居民'",
        measure=_COUNT,
        columns=_RATED_COLUMNS,
        register="order_ratings",
        group=_GROUP,
    ),
    _ratings("GD-12", "居民满意", "居民", "满意"),
    _ratings("GD-13", "居民基本满意", "居民", "基本满意"),
    _ratings("GD-14", "居民不满意", "居民", "不满意"),
    _orders(
        "GD-20",
        "解决居民诉求",
        "期间内办结、办理结果为“已解决”或“已调解”的工单数，不分性质，含民情事项和矛盾纠纷，按完成日期。",
        f"{_COMPLETED} AND ord.outcome IN ('已解决', '已调解')",
        columns=_DONE_COLUMNS,
    ),
    _orders(
        "GD-21",
        "解决民情事项",
        "期间内办结、性质为“民情事项”、办理结果为“已解决”的工单数，按完成日期。",
        f"{_COMPLETED} AND ord.matter = '民情事项' AND ord.outcome = '已解决'",
        columns=_DONE_COLUMNS,
    ),
    _orders(
        "GD-22",
        "化解矛盾纠纷",
        "期间内办结、性质为“矛盾纠纷”、办理结果为“已调解”或“已解决”的工单数，按完成日期。",
        f"{_COMPLETED} AND ord.matter = '矛盾纠纷' AND ord.outcome IN ('已调解', '已解决')",
        columns=_DONE_COLUMNS,
    ),
    _orders(
        "GD-23",
        "议事协商解决",
        "期间内办结、经议事平台商定、办理结果为“已解决”或“已调解”的工单数，不分性质，按完成日期；"
        "已含在解决居民诉求之内。",
        f"{_COMPLETED} AND ord.deliberated_at IS NOT NULL AND ord.outcome IN ('已解决', '已调解')",
        columns=(*_DONE_COLUMNS, ("deliberated_at", "议事协商")),
    ),
    Figure(
        code="GD-31",
        label="接单党员",
        unit=Unit.PEOPLE,
        definition="期间内办结过工单的接单人数，一人办几件只计一次，按完成日期。",
        period_rule=PeriodRule.WITHIN,
        rows=_HELPERS,
        measure=_COUNT,
        columns=(("number", "编号"), ("name", "姓名"), ("unit_name", "组织"), ("orders", "办结件数")),
        register="volunteers",
        group=_GROUP,
    ),
    Figure(
        code="GD-32",
        label="工单服务时长",
        unit=Unit.HOURS,
        definition="期间内办结的工单所登记的服务时长（接单人和协办人各记各的），已含在志愿服务时长之内，按完成日期；更正过的按更正后的，冲正的不计。",
        period_rule=PeriodRule.WITHIN,
        rows=_POSTED,
        measure="COALESCE(SUM(minutes), 0)",
        columns=(
            ("served_on", "服务日期"),
            ("number", "工单号"),
            ("topic", "诉求内容"),
            ("helper_name", "服务人"),
            ("minutes", "时长"),
            ("evidence", "来源"),
        ),
        register="service_records",
        group=_GROUP,
    ),
)
