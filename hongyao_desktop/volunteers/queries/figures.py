"""Figures (指标) of volunteering: each a SELECT of the records behind the number and its 口径."""

from __future__ import annotations

from dataclasses import replace

from hongyao_desktop.core.figure import Figure, PeriodRule, Unit
from hongyao_desktop.volunteers.queries.spans import minutes_kept, people_kept
from hongyao_desktop.volunteers.records.rows import OPENING_HOURS

_IN_SCOPE = "IN (SELECT id FROM scope)"
_COUNT = "COUNT(*)"
_HOURS_KEPT_APART = "时长按登记的整分钟累计，冲正的不计；签到、补录、导入分别合计。归口按服务时所在组织。"


def _whose(ledger: str) -> str:
    """Number, name and unit of a ledger row.

    Subqueries instead of joins: where a figure only counts or adds up, the engine leaves them out, which halves the
    time over a year of a million records.
    """
    person = "FROM volunteer JOIN person ON person.id = volunteer.person_id WHERE volunteer.id ="
    return f"""
        (SELECT number FROM volunteer WHERE id = {ledger}.volunteer_id) AS number,
        (SELECT person.name {person} {ledger}.volunteer_id) AS name,
        (SELECT name FROM unit WHERE id = {ledger}.unit_id) AS unit_name
    """


ON_REGISTER = f"""
    SELECT volunteer.id, volunteer.number, person.name, unit.name AS unit_name, volunteer.kind,
        volunteer.platform, volunteer.joined_on
    FROM volunteer
    JOIN person ON person.id = volunteer.person_id
    LEFT JOIN unit ON unit.id = person.unit_id
    WHERE volunteer.status <> '待审核'
        AND (volunteer.joined_on IS NULL OR volunteer.joined_on <= :last)
        AND (volunteer.left_on IS NULL OR volunteer.left_on > :last)
        AND NOT (person.status = '去世' AND COALESCE(person.status_on, :last) <= :last)
        AND person.unit_id {_IN_SCOPE}
"""
"""Who is on the register at the end of the period; the roster on paper asks the same."""

_SERVED = f"""
    SELECT service.id, service.served_on, {_whose("service")}, service.title, service.minutes, service.evidence
    FROM service_record AS service
    WHERE service.served_on BETWEEN :first AND :last
        AND service.reverses_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM service_record AS back WHERE back.reverses_id = service.id)
        AND service.unit_id {_IN_SCOPE}
"""

_SERVED_PEOPLE = f"""
    SELECT volunteer.id, volunteer.number, person.name, unit.name AS unit_name, served.times, served.minutes
    FROM (
        SELECT service.volunteer_id, COUNT(*) AS times, SUM(service.minutes) AS minutes
        FROM service_record AS service
        WHERE service.served_on BETWEEN :first AND :last
            AND service.reverses_id IS NULL
            AND NOT EXISTS (SELECT 1 FROM service_record AS back WHERE back.reverses_id = service.id)
            AND service.unit_id {_IN_SCOPE}
        GROUP BY service.volunteer_id
    ) AS served
    JOIN volunteer ON volunteer.id = served.volunteer_id
    JOIN person ON person.id = volunteer.person_id
    LEFT JOIN unit ON unit.id = person.unit_id
"""

_ACTIVE_NEW = f"""
    SELECT volunteer.id, volunteer.number, person.name, unit.name AS unit_name, volunteer.kind,
        volunteer.platform, volunteer.joined_on
    FROM volunteer
    JOIN person ON person.id = volunteer.person_id
    LEFT JOIN unit ON unit.id = person.unit_id
    WHERE volunteer.kind = '新就业群体' AND volunteer.id IN (
        SELECT service.volunteer_id FROM service_record AS service
        WHERE service.served_on BETWEEN :first AND :last AND service.title <> '{OPENING_HOURS}'
            AND service.reverses_id IS NULL
            AND NOT EXISTS (SELECT 1 FROM service_record AS back WHERE back.reverses_id = service.id)
            AND service.unit_id {_IN_SCOPE}
        UNION
        SELECT spot.volunteer_id FROM spot_report AS spot
        WHERE spot.status <> '作废' AND spot.reported_on BETWEEN :first AND :last AND spot.unit_id {_IN_SCOPE}
    )
"""

_STARS = f"""
    SELECT own.id, own.status_on, own.number, own.name, own.unit_name, own.star, own.minutes, own.review_number
    FROM star_grant_view AS own
    WHERE own.status = '已授予' AND own.status_on BETWEEN :first AND :last AND own.unit_id {_IN_SCOPE}
"""

_CERTIFIED = f"""
    SELECT own.id, own.number, own.issued_on, own.name, own.volunteer_number, own.unit_name, own.used_for, own.handler
    FROM service_certificate AS own
    JOIN volunteer ON volunteer.id = own.volunteer_id
    JOIN person ON person.id = volunteer.person_id
    WHERE own.status = '有效' AND own.issued_on BETWEEN :first AND :last AND person.unit_id {_IN_SCOPE}
"""

_ACTIVITIES = f"""
    SELECT activity.id, activity.held_on, activity.title, activity.category, activity.place, unit.name AS unit_name
    FROM activity LEFT JOIN unit ON unit.id = activity.unit_id
    WHERE activity.status = '已举办' AND activity.held_on BETWEEN :first AND :last
        AND activity.unit_id {_IN_SCOPE}
"""

_MOVED = f"""
    SELECT point.id, point.entered_on, {_whose("point")}, point.kind, point.points, -point.points AS taken,
        point.explanation
    FROM point_entry AS point
    LEFT JOIN point_entry AS origin ON origin.id = point.reverses_id
    WHERE point.entered_on BETWEEN :first AND :last AND point.unit_id {_IN_SCOPE}
"""

_SPOTS = f"""
    SELECT spot.id, spot.reported_on, spot.reporter, spot.platform, spot.place, spot.kind, spot.content,
        spot.closed_on, spot.status, unit.name AS unit_name
    FROM spot_report AS spot LEFT JOIN unit ON unit.id = spot.unit_id
    WHERE spot.unit_id {_IN_SCOPE}
"""

_PERSON_COLUMNS = (
    ("number", "编号"),
    ("name", "姓名"),
    ("unit_name", "组织"),
    ("kind", "人员类别"),
    ("platform", "所属平台"),
    ("joined_on", "注册日期"),
)
_SERVICE_COLUMNS = (
    ("served_on", "服务日期"),
    ("number", "志愿者编号"),
    ("name", "姓名"),
    ("title", "活动名称"),
    ("minutes", "时长"),
    ("evidence", "来源"),
    ("unit_name", "归口组织"),
)
_POINT_COLUMNS = (
    ("entered_on", "记分日期"),
    ("number", "志愿者编号"),
    ("name", "姓名"),
    ("kind", "类别"),
    ("points", "积分"),
    ("explanation", "说明"),
)
_SPOT_COLUMNS = (
    ("reported_on", "上报日期"),
    ("reporter", "上报人"),
    ("platform", "所属平台"),
    ("place", "地点"),
    ("kind", "问题类别"),
    ("content", "内容"),
    ("closed_on", "办结日期"),
    ("status", "办理状态"),
)


def _people(code: str, label: str, definition: str, condition: str = "") -> Figure:
    return Figure(
        code=code,
        label=label,
        unit=Unit.PEOPLE,
        definition=definition,
        period_rule=PeriodRule.AS_OF,
        rows=ON_REGISTER + condition,
        measure=_COUNT,
        columns=_PERSON_COLUMNS,
        register="volunteers",
        group="志愿者",
    )


def _minutes(code: str, label: str, definition: str, condition: str = "") -> Figure:
    return Figure(
        code=code,
        label=label,
        unit=Unit.HOURS,
        definition=definition + _HOURS_KEPT_APART,
        period_rule=PeriodRule.WITHIN,
        rows=_SERVED + condition,
        measure="COALESCE(SUM(minutes), 0)",
        columns=_SERVICE_COLUMNS,
        register="service_records",
        group="志愿服务",
    )


def _points(code: str, label: str, definition: str, condition: str, column: str = "points") -> Figure:
    return Figure(
        code=code,
        label=label,
        unit=Unit.POINTS,
        definition=definition,
        period_rule=PeriodRule.WITHIN,
        rows=_MOVED + condition,
        measure=f"COALESCE(SUM({column}), 0)",
        columns=_POINT_COLUMNS,
        register="point_entries",
        group="志愿积分",
    )


def _spots(code: str, label: str, definition: str, condition: str) -> Figure:
    return Figure(
        code=code,
        label=label,
        unit=Unit.PIECES,
        definition=definition,
        period_rule=PeriodRule.WITHIN,
        rows=_SPOTS + condition,
        measure=_COUNT,
        columns=_SPOT_COLUMNS,
        register="spot_reports",
        group="随手拍",
    )


FIGURES = (
    _people(
        "ZY-01",
        "在册志愿者",
        "截至期末在册的志愿者，一人只计一次；待审核、已停用、已退出和已去世的不计。注册日期空白的按早已注册计。",
    ),
    _people(
        "ZY-02",
        "新就业群体志愿者",
        "在册志愿者中人员类别为“新就业群体”的人数，口径同在册志愿者。",
        "AND volunteer.kind = '新就业群体'",
    ),
    _people(
        "ZY-03",
        "期内新注册志愿者",
        "截至期末仍在册、注册日期在期间内的志愿者。注册日期空白的不计。",
        "AND volunteer.joined_on >= :first",
    ),
    Figure(
        code="ZY-11",
        label="活动场次",
        unit=Unit.SESSIONS,
        definition="期间内已举办的志愿活动数，计划和取消的不计。归口按主办组织。",
        period_rule=PeriodRule.WITHIN,
        rows=_ACTIVITIES,
        measure=_COUNT,
        columns=(
            ("held_on", "活动日期"),
            ("title", "活动名称"),
            ("category", "服务类别"),
            ("place", "地点"),
            ("unit_name", "主办组织"),
        ),
        register="activities",
        group="志愿服务",
    ),
    Figure(
        code="ZY-12",
        label="服务人次",
        unit=Unit.TIMES,
        definition="期间内的服务记录条数，一人参加几次计几次，冲正的不计。归口按服务时所在组织。",
        period_rule=PeriodRule.WITHIN,
        rows=_SERVED,
        measure=_COUNT,
        columns=_SERVICE_COLUMNS,
        register="service_records",
        group="志愿服务",
    ),
    Figure(
        code="ZY-13",
        label="参与志愿者",
        unit=Unit.PEOPLE,
        definition="期间内有服务记录的志愿者人数，一人参加几次只计一次，所以街道数可能小于各社区之和。",
        period_rule=PeriodRule.WITHIN,
        rows=_SERVED_PEOPLE,
        measure=_COUNT,
        columns=(
            ("number", "编号"),
            ("name", "姓名"),
            ("unit_name", "组织"),
            ("times", "次数"),
            ("minutes", "时长"),
        ),
        register="volunteers",
        group="志愿服务",
        kept=people_kept,
    ),
    Figure(
        code="ZY-14",
        label="参与的新就业群体志愿者",
        unit=Unit.PEOPLE,
        definition=(
            "期间内有服务记录或随手拍上报的新就业群体志愿者人数，一人只计一次；期初转入的时长和作废的上报不计。"
            "归口按服务或问题所在组织。"
        ),
        period_rule=PeriodRule.WITHIN,
        rows=_ACTIVE_NEW,
        measure=_COUNT,
        columns=_PERSON_COLUMNS,
        register="volunteers",
        group="志愿服务",
    ),
    replace(
        _minutes(
            "ZY-21",
            "服务时长",
            "期间内全部服务时长，含截至日期在期间内的期初转入时长（单列在“其中期初转入时长”）。",
        ),
        kept=minutes_kept,
    ),
    _minutes("ZY-22", "其中签到时长", "本办按签到表登记的时长。", "AND service.evidence = '签到'"),
    _minutes("ZY-23", "其中补录时长", "事后补登、写明原因的时长。", "AND service.evidence = '补录'"),
    _minutes(
        "ZY-24", "其中导入时长", "从其他表格转入、没有本办签到的时长。", "AND service.evidence = '导入'"
    ),
    _minutes(
        "ZY-25",
        "新就业群体服务时长",
        "人员类别为“新就业群体”的志愿者的服务时长。",
        "AND (SELECT kind FROM volunteer WHERE id = service.volunteer_id) = '新就业群体'",
    ),
    _minutes(
        "ZY-26",
        "其中期初转入时长",
        "从启用台账以前的旧簿册一次转入的时长，是以前年度的服务，记在转入的截至日期；已含在服务时长和导入时长内，"
        "每人计一个人次。",
        f"AND service.title = '{OPENING_HOURS}' AND service.evidence = '导入'",
    ),
    _points(
        "ZY-31",
        "积分发放",
        "期间内记入的服务、随手拍和奖励积分，减去对它们的冲正。按记分日期，归口按记分时所在组织。",
        "AND COALESCE(origin.kind, point.kind) IN ('服务', '随手拍', '奖励')",
    ),
    _points(
        "ZY-32",
        "积分扣减",
        "期间内扣减、兑换和到期的积分，减去对它们的冲正。按记分日期，归口按记分时所在组织。",
        "AND COALESCE(origin.kind, point.kind) IN ('扣减', '兑换', '到期')",
        "taken",
    ),
    _spots(
        "ZY-41",
        "随手拍上报",
        "上报日期在期间内的件数，并入首报的也计，作废的不计。归口按问题所在组织。",
        "AND spot.status <> '作废' AND spot.reported_on BETWEEN :first AND :last",
    ),
    _spots(
        "ZY-42",
        "随手拍办结",
        "办结日期在期间内的件数，一个问题只计首报一件。归口按问题所在组织。",
        "AND spot.status = '办结' AND spot.closed_on BETWEEN :first AND :last",
    ),
    Figure(
        code="ZY-61",
        label="授予星级",
        unit=Unit.PEOPLE,
        definition="期间内公示期满授予星级的人数，不授予和取消的不计；期间内两次升星的计两次。归口按志愿者所在组织。",
        period_rule=PeriodRule.WITHIN,
        rows=_STARS,
        measure=_COUNT,
        columns=(
            ("status_on", "授予日期"),
            ("number", "编号"),
            ("name", "姓名"),
            ("unit_name", "组织"),
            ("star", "星级"),
            ("minutes", "时长"),
            ("review_number", "评定编号"),
        ),
        register="star_grants",
        group="志愿服务",
    ),
    Figure(
        code="ZY-62",
        label="开具服务证明",
        unit=Unit.PIECES,
        definition="开具日期在期间内、现在有效的志愿服务证明份数，作废的不计。归口按志愿者所在组织。",
        period_rule=PeriodRule.WITHIN,
        rows=_CERTIFIED,
        measure=_COUNT,
        columns=(
            ("number", "证明编号"),
            ("issued_on", "开具日期"),
            ("name", "姓名"),
            ("volunteer_number", "志愿者编号"),
            ("unit_name", "组织"),
            ("used_for", "用途"),
            ("handler", "经办人"),
        ),
        register="certificates",
        group="志愿服务",
    ),
)
