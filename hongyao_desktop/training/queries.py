"""Named questions about training, and its figures (指标)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Figure, Period, PeriodRule, Scope, Unit
from hongyao_desktop.core.rules import RuleSet, in_force
from hongyao_desktop.training import rules


def training_class(reader: Reader, class_id: str) -> Row | None:
    """One class with its counts."""
    return reader.one("SELECT * FROM training_class_view WHERE id = ?", (class_id,))


def classes(reader: Reader, period: Period, scope: Scope) -> list[Row]:
    """Classes held at least partly within the period.

    ``held`` sessions, ``present`` people and ``credit`` given are those of the period only, so that a class over New
    Year is split by session and the columns agree with the figures.
    """
    return reader.all(
        f"""
        WITH RECURSIVE {scope.sql}
        SELECT class.*,
               (SELECT COUNT(*) FROM training_session
                WHERE class_id = class.id AND held_on BETWEEN :first AND :last) AS held,
               (SELECT COUNT(DISTINCT trainee_id) FROM attendance_view
                WHERE class_id = class.id AND minutes > 0 AND held_on BETWEEN :first AND :last) AS present,
               (SELECT COALESCE(SUM(credit), 0) FROM attendance_view
                WHERE class_id = class.id AND held_on BETWEEN :first AND :last) AS credit
        FROM training_class_view AS class
        WHERE class.status <> '取消' AND class.starts_on <= :last AND class.ends_on >= :first
          AND class.unit_id IN (SELECT id FROM scope)
        ORDER BY class.starts_on, class.number
        """,
        {"first": period.first.isoformat(), "last": period.last.isoformat(), **scope.params},
    )


def sessions(reader: Reader, class_id: str) -> list[Row]:
    """The sessions of a class in the order they are held."""
    return reader.all(
        "SELECT * FROM training_session WHERE class_id = ? ORDER BY held_on, "
        "CASE part WHEN '上午' THEN 1 WHEN '全天' THEN 1 WHEN '下午' THEN 2 ELSE 3 END",
        (class_id,),
    )


def trainees(reader: Reader, class_id: str) -> list[Row]:
    """The trainees of a class in sheet order, with name and unit."""
    return reader.all(
        "SELECT trainee.*, person.name, person.phone FROM trainee JOIN person ON person.id = trainee.person_id "
        "WHERE class_id = ? ORDER BY position, trainee.id",
        (class_id,),
    )


def marks(reader: Reader, class_id: str) -> dict[tuple[str, str], Row]:
    """The attendance of a class by (session id, trainee id)."""
    rows = reader.all("SELECT * FROM attendance_view WHERE class_id = ?", (class_id,))
    return {(row["session_id"], row["trainee_id"]): row for row in rows}


def leave_meters(reader: Reader, class_id: str, day: dt.date) -> dict[str, rules.LeaveMeter]:
    """The 1/7 leave meter of every trainee of a class, by trainee id."""
    rule = in_force(reader, "training-credit", day)
    held = sessions(reader, class_id)
    known = marks(reader, class_id)
    return {
        trainee["id"]: rules.leave_meter(
            rule,
            (
                (session["minutes"], known.get((session["id"], trainee["id"]), {}).get("mark"))
                for session in held
            ),
        )
        for trainee in trainees(reader, class_id)
    }


def cadre_categories(reader: Reader, person_id: str, day: dt.date) -> list[Row]:
    """The categories a person holds on a day."""
    return reader.all(
        "SELECT * FROM cadre WHERE person_id = ?1 AND from_on <= ?2 AND (until_on IS NULL OR until_on >= ?2)",
        (person_id, day.isoformat()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class YearLine:
    """One person's line of the year sheet (年度学时). All 学时 in hundredths."""

    person_id: str
    name: str
    categories: tuple[str, ...]
    required: int
    central: int
    online: int
    other: int
    short: int
    exempt_reason: str | None


def year_sheet(reader: Reader, year: int, scope: Scope) -> list[YearLine]:
    """Requirement, what was got by form, and the gap of every cadre of the scope for one year.

    Categories are those held on 31 December (or on the day they ended within the year); sessions count in the year
    they were held, so a class over New Year is split by itself (DOMAIN section 8 items 17, 18, 20).
    """
    first, last = f"{year:04d}-01-01", f"{year:04d}-12-31"
    day = dt.date(year, 12, 31)
    credit_rule = in_force(reader, "training-credit", day)
    need_rule = in_force(reader, "training-requirement", day)
    got: dict[str, dict[str, int]] = {}
    for row in reader.all(
        "SELECT person_id, form, SUM(credit) AS credit FROM attendance_view "
        "WHERE held_on BETWEEN ? AND ? GROUP BY person_id, form",
        (first, last),
    ):
        column = rules.column_of(credit_rule, row["form"])
        person = got.setdefault(row["person_id"], {})
        person[column] = person.get(column, 0) + row["credit"]
    people: dict[str, list[Row]] = {}
    for row in reader.all(
        f"""
        WITH RECURSIVE {scope.sql}
        SELECT * FROM cadre_view WHERE from_on <= :last AND (until_on IS NULL OR until_on >= :first)
          AND unit_id IN (SELECT id FROM scope) ORDER BY sort_key, person_id
        """,
        {"first": first, "last": last, **scope.params},
    ):
        people.setdefault(row["person_id"], []).append(row)
    return [_year_line(rows, got.get(person_id, {}), need_rule, last) for person_id, rows in people.items()]


def _year_line(rows: list[Row], got: dict[str, int], rule: RuleSet, last: str) -> YearLine:
    held = [row for row in rows if row["until_on"] is None or row["until_on"] >= last] or rows
    categories = tuple(row["category"] for row in held)
    exempt = next((row["exempt_reason"] for row in rows if _exempt(row, last)), None)
    required = rules.strictest(categories, rule)
    central, online, other = (got.get(column, 0) for column in ("集中", "网络", "其他"))
    return YearLine(
        person_id=rows[0]["person_id"],
        name=rows[0]["person_name"],
        categories=categories,
        required=required.credit if required else 0,
        central=central,
        online=online,
        other=other,
        short=0 if exempt else rules.gap(required, central, online, other),
        exempt_reason=exempt,
    )


def _exempt(row: Row, day: str) -> bool:
    if not row["exempt_reason"]:
        return False
    begun = row["exempt_from"] is None or row["exempt_from"] <= day
    return begun and (row["exempt_until"] is None or row["exempt_until"] >= day)


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
        definition="期间内举办的课次数，取消的班次不计。",
        period_rule=PeriodRule.WITHIN,
        rows=(
            "SELECT training_session.id, held_on, part, training_class.name AS class_name FROM training_session "
            "JOIN training_class ON training_class.id = class_id WHERE training_class.status <> '取消' "
            "AND held_on BETWEEN :first AND :last AND unit_id IN (SELECT id FROM scope)"
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
        definition="期间内请假和缺勤的人次。",
        period_rule=PeriodRule.WITHIN,
        rows=f"SELECT * FROM attendance_view WHERE mark IN ('请假', '缺勤') AND {_WITHIN}",
        measure="COUNT(*)",
        columns=_ATTENDANCE_COLUMNS,
        register="attendance",
        group="干部培训",
    ),
)
