"""The figures of training (指标), each a number and the records behind it from one query."""

from __future__ import annotations

from hongyao_desktop.core.figure import Figure, PeriodRule, Unit

_WITHIN = "held_on BETWEEN :first AND :last AND unit_id IN (SELECT id FROM scope)"
_ATTENDANCE_COLUMNS = (
    ("held_on", "日期"),
    ("part", "时段"),
    ("class_name", "班次"),
    ("person_name", "姓名"),
    ("mark", "考勤"),
    ("credit", "学时"),
)

FIGURES = (
    Figure(
        code="PX-01",
        label="培训班次",
        unit=Unit.CLASSES,
        definition="期间内开课的培训班次数，取消的不计；跨期的班次在两期都计。",
        period_rule=PeriodRule.WITHIN,
        rows=(
            "SELECT id, number, name, starts_on, ends_on FROM training_class WHERE status <> '取消' "
            "AND starts_on <= :last AND ends_on >= :first AND unit_id IN (SELECT id FROM scope)"
        ),
        measure="COUNT(*)",
        columns=(("number", "编号"), ("name", "班次"), ("starts_on", "开始"), ("ends_on", "结束")),
        register="training_classes",
        group="干部培训",
    ),
    Figure(
        code="PX-02",
        label="培训课次",
        unit=Unit.SESSIONS,
        definition="期间内举办的课次数，取消的班次和课次不计。",
        period_rule=PeriodRule.WITHIN,
        rows=(
            "SELECT training_session.id, held_on, part, training_class.name AS class_name FROM training_session "
            "JOIN training_class ON training_class.id = class_id WHERE training_class.status <> '取消' "
            "AND training_session.status = '正常' AND held_on BETWEEN :first AND :last "
            "AND unit_id IN (SELECT id FROM scope)"
        ),
        measure="COUNT(*)",
        columns=(("held_on", "日期"), ("part", "时段"), ("class_name", "班次")),
        register="training_classes",
        group="干部培训",
    ),
    Figure(
        code="PX-03",
        label="参训人数",
        unit=Unit.PEOPLE,
        definition="期间内至少到课一次的人数，一人只计一次。",
        period_rule=PeriodRule.WITHIN,
        rows=(
            "SELECT MIN(id) AS id, person_id, person_name, COUNT(*) AS times, SUM(credit) AS credit "
            f"FROM attendance_view WHERE minutes > 0 AND {_WITHIN} GROUP BY person_id"
        ),
        measure="COUNT(*)",
        columns=(("person_name", "姓名"), ("times", "到课次数"), ("credit", "学时")),
        register="attendance",
        group="干部培训",
    ),
    Figure(
        code="PX-04",
        label="参训人次",
        unit=Unit.TIMES,
        definition="期间内到课的人次，一人一课次计一次；请假、缺勤不计。",
        period_rule=PeriodRule.WITHIN,
        rows=f"SELECT * FROM attendance_view WHERE minutes > 0 AND {_WITHIN}",
        measure="COUNT(*)",
        columns=_ATTENDANCE_COLUMNS,
        register="attendance",
        group="干部培训",
    ),
    Figure(
        code="PX-05",
        label="培训学时",
        unit=Unit.CREDIT_HOURS,
        definition="期间内各课次按当日折算规则计得的学时合计，含网络学时。",
        period_rule=PeriodRule.WITHIN,
        rows=f"SELECT * FROM attendance_view WHERE credit > 0 AND {_WITHIN}",
        measure="COALESCE(SUM(credit), 0)",
        columns=_ATTENDANCE_COLUMNS,
        register="attendance",
        group="干部培训",
    ),
    Figure(
        code="PX-06",
        label="请假缺勤",
        unit=Unit.TIMES,
        definition="期间内请假和缺勤的人次，取消的班次不计。",
        period_rule=PeriodRule.WITHIN,
        rows=(
            "SELECT * FROM attendance_view WHERE mark IN ('请假', '缺勤') "
            f"AND class_id IN (SELECT id FROM training_class WHERE status <> '取消') AND {_WITHIN}"
        ),
        measure="COUNT(*)",
        columns=_ATTENDANCE_COLUMNS,
        register="attendance",
        group="干部培训",
    ),
)
