"""Look-ups that services, screens and imports share."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.people import queries as people
from hongyao_desktop.volunteers.records.rows import (
    OPENING_HOURS,
    Activity,
    ServiceRecord,
    Standing,
    Training,
    activity_of,
    service_of,
    standing_of,
)
from hongyao_desktop.volunteers.rules.points import Span

_AT_ONCE = 500
_LIVE = (
    "service.reverses_id IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM service_record AS back WHERE back.reverses_id = service.id)"
)


def in_parts(values: Collection[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Distinct ``values`` in parts small enough to bind, each with its row of question marks."""
    distinct = list(dict.fromkeys(values))
    for start in range(0, len(distinct), _AT_ONCE):
        part = distinct[start : start + _AT_ONCE]
        yield ", ".join("?" * len(part)), part


def volunteer(reader: Reader, volunteer_id: str) -> Row:
    """One volunteer with person and totals; refuses an id that is not on file."""
    row = reader.one("SELECT * FROM volunteer_view WHERE id = ?", (volunteer_id,))
    if row is None:
        raise Refusal("这位志愿者不在台账里，请刷新列表后重新选择")
    return row


def standing(reader: Reader, volunteer_id: str) -> Standing:
    """One volunteer's standing; refuses an id that is not on file."""
    return standing_of(volunteer(reader, volunteer_id))


def standings(reader: Reader, volunteer_ids: Collection[str]) -> dict[str, Standing]:
    """The standing of each of these volunteers that is on file, by id."""
    found: dict[str, Standing] = {}
    for marks, part in in_parts(volunteer_ids):
        for row in reader.all(f"SELECT * FROM volunteer_view WHERE id IN ({marks})", part):
            found[row["id"]] = standing_of(row)
    return found


def volunteer_of_person(reader: Reader, person_id: str) -> Row | None:
    """The person's place among the volunteers, whatever its status."""
    return reader.one("SELECT * FROM volunteer WHERE person_id = ?", (person_id,))


def volunteers_by_name(reader: Reader, names: Collection[str]) -> dict[str, list[Row]]:
    """All volunteers of these names, by name; a name alone identifies nobody."""
    found: dict[str, list[Row]] = defaultdict(list)
    for marks, part in in_parts(names):
        for row in reader.all(f"SELECT * FROM volunteer_view WHERE name IN ({marks}) ORDER BY number", part):
            found[row["name"]].append(row)
    return dict(found)


def activity(reader: Reader, activity_id: str) -> Activity:
    """One activity; refuses an id that is not on file."""
    row = reader.one("SELECT * FROM activity WHERE id = ?", (activity_id,))
    if row is None:
        raise Refusal("这个活动不在台账里，请刷新列表后重新选择")
    return activity_of(row)


def activities_named(reader: Reader, title: str, held_on: dt.date) -> list[Activity]:
    """Activities with this title on this day that were not cancelled."""
    rows = reader.all(
        "SELECT * FROM activity WHERE title = ? AND held_on = ? AND status <> '取消' ORDER BY id",
        (title, held_on.isoformat()),
    )
    return [activity_of(row) for row in rows]


def service(reader: Reader, record_id: str) -> Row:
    """One service record with its state (有效, 已冲正 or 冲正); refuses an id that is not on file."""
    row = reader.one("SELECT * FROM service_view WHERE id = ?", (record_id,))
    if row is None:
        raise Refusal("这条服务记录不在台账里，请刷新列表后重新选择")
    return row


def services_around(
    reader: Reader, volunteer_ids: Collection[str], first: dt.date, last: dt.date
) -> dict[str, list[ServiceRecord]]:
    """Records in force of these volunteers from the day before ``first`` to the day after ``last``, by volunteer.

    The days beside matter because a service may run over midnight. Opening hours (期初时长) are years, not a day.
    """
    day = dt.timedelta(days=1)
    found: dict[str, list[ServiceRecord]] = defaultdict(list)
    for marks, part in in_parts(volunteer_ids):
        rows = reader.all(
            f"SELECT service.* FROM service_record AS service WHERE service.volunteer_id IN ({marks}) "
            f"AND service.served_on BETWEEN ? AND ? AND service.title <> '{OPENING_HOURS}' AND {_LIVE} "
            "ORDER BY service.served_on, service.id",
            (*part, (first - day).isoformat(), (last + day).isoformat()),
        )
        for row in rows:
            found[row["volunteer_id"]].append(service_of(row))
    return dict(found)


def trainings_on(
    reader: Reader, volunteer_ids: Collection[str], first: dt.date, last: dt.date
) -> dict[str, list[Training]]:
    """Training sessions these volunteers attended from ``first`` to ``last``, by volunteer (培训签到)."""
    found: dict[str, list[Training]] = defaultdict(list)
    for marks, part in in_parts(volunteer_ids):
        rows = reader.all(
            f"""
            SELECT volunteer.id, session.held_on, session.part, class.name
            FROM training_session AS session
            CROSS JOIN attendance ON attendance.session_id = session.id AND attendance.mark IN ('到', '迟到', '早退')
            CROSS JOIN trainee ON trainee.id = attendance.trainee_id
            CROSS JOIN volunteer ON volunteer.person_id = trainee.person_id
            JOIN training_class AS class ON class.id = session.class_id
            WHERE session.held_on BETWEEN ? AND ? AND session.status = '正常' AND volunteer.id IN ({marks})
            """,
            (first.isoformat(), last.isoformat(), *part),
        )
        for row in rows:
            day = dt.date.fromisoformat(row["held_on"])
            found[row["id"]].append(Training(day, row["part"], row["name"]))
    return dict(found)


def records_of_activity(reader: Reader, activity_id: str) -> list[Row]:
    """The records in force of one activity, with number and name, in the order of entry."""
    return reader.all(
        f"SELECT service.*, volunteer.number, person.name FROM service_record AS service "
        "JOIN volunteer ON volunteer.id = service.volunteer_id JOIN person ON person.id = volunteer.person_id "
        f"WHERE service.activity_id = ? AND {_LIVE} ORDER BY service.id",
        (activity_id,),
    )


def span_days(span: Span, day: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the day, month or year that ``day`` lies in."""
    match span:
        case Span.DAY:
            return day, day
        case Span.MONTH:
            first = day.replace(day=1)
            return first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        case Span.YEAR:
            return day.replace(month=1, day=1), day.replace(month=12, day=31)


def points_got(
    reader: Reader,
    volunteer_ids: Collection[str],
    spans: Collection[Span],
    day: dt.date,
    *,
    spots: bool = False,
) -> dict[str, dict[Span, int]]:
    """Points got for service (or for spot reports) in each span around ``day``, reversals taken off."""
    column = "spot_report_id" if spots else "service_record_id"
    got: dict[str, dict[Span, int]] = defaultdict(dict)
    for span in spans:
        first, last = span_days(span, day)
        for marks, part in in_parts(volunteer_ids):
            rows = reader.all(
                f"SELECT volunteer_id, SUM(points) AS points FROM point_entry WHERE volunteer_id IN ({marks}) "
                f"AND earned_on BETWEEN ? AND ? AND {column} IS NOT NULL GROUP BY volunteer_id",
                (*part, first.isoformat(), last.isoformat()),
            )
            for row in rows:
                got[row["volunteer_id"]][span] = row["points"]
    return dict(got)


def point_entries_in_force(reader: Reader, column: str, row_id: str) -> list[Row]:
    """Point entries not taken back that a service record or a spot report made (``column`` names which)."""
    if column not in ("service_record_id", "spot_report_id"):
        raise ValueError(f"not a source of points: {column!r}")
    return reader.all(
        f"SELECT point.* FROM point_entry AS point WHERE point.{column} = ? AND point.reverses_id IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM point_entry AS back WHERE back.reverses_id = point.id) ORDER BY point.id",
        (row_id,),
    )


@dataclass(frozen=True, slots=True)
class Home:
    """Where a unit belongs for numbering: the community (or street) and the word its numbers begin with."""

    unit_id: str
    prefix: str


def home_of(reader: Reader, unit_id: str) -> Home:
    """The community a unit lies in, or the street itself; its name without 社区, 村, 街道 begins the numbers."""
    rows = reader.all(
        """
        WITH RECURSIVE up(id, name, level, parent_id, depth) AS (
            SELECT id, name, level, parent_id, 0 FROM unit WHERE id = ?
            UNION ALL
            SELECT unit.id, unit.name, unit.level, unit.parent_id, depth + 1
            FROM unit JOIN up ON unit.id = up.parent_id
        )
        SELECT id, name, level FROM up ORDER BY depth
        """,
        (unit_id,),
    )
    if not rows:
        raise Refusal("所选组织不在台账里，请重新选择")
    home = next((row for row in rows if row["level"] in ("社区", "街道")), rows[-1])
    name = str(home["name"])
    for ending in ("社区", "街道", "村", "镇"):
        name = name.removesuffix(ending) or name
    return Home(home["id"], name[:8])


def last_number(reader: Reader, prefix: str) -> int:
    """The highest running number given out with this prefix; 0 when there is none."""
    shown = reader.value(
        "SELECT number FROM volunteer WHERE number >= ? AND number < ? "
        "ORDER BY length(number) DESC, number DESC LIMIT 1",
        (f"{prefix}-", f"{prefix}."),
    )
    digits = str(shown or "").removeprefix(f"{prefix}-")
    return int(digits) if digits.isdigit() else 0


def office_unit_id(reader: Reader) -> str | None:
    """The office's own unit, to which everything without a unit of its own belongs."""
    top = people.top_unit(reader)
    return None if top is None else str(top["id"])


def total_faults(reader: Reader) -> list[Problem]:
    """Compare the running totals with the ledgers added up anew; one error for each volunteer that differs."""
    rows = reader.all(
        """
        WITH served AS (
            SELECT volunteer_id,
                SUM(iif(evidence = '签到', minutes, 0)) AS signed_minutes,
                SUM(iif(evidence = '补录', minutes, 0)) AS made_up_minutes,
                SUM(iif(evidence = '导入', minutes, 0)) AS imported_minutes,
                SUM(iif(title = :opening, 0, iif(reverses_id IS NULL, 1, -1))) AS services
            FROM service_record GROUP BY volunteer_id
        ), scored AS (
            SELECT volunteer_id, SUM(points) AS points FROM point_entry GROUP BY volunteer_id
        )
        SELECT volunteer.number, person.name
        FROM volunteer
        JOIN person ON person.id = volunteer.person_id
        LEFT JOIN volunteer_total AS total ON total.volunteer_id = volunteer.id
        LEFT JOIN served ON served.volunteer_id = volunteer.id
        LEFT JOIN scored ON scored.volunteer_id = volunteer.id
        WHERE total.signed_minutes IS NOT COALESCE(served.signed_minutes, 0)
            OR total.made_up_minutes IS NOT COALESCE(served.made_up_minutes, 0)
            OR total.imported_minutes IS NOT COALESCE(served.imported_minutes, 0)
            OR total.services IS NOT COALESCE(served.services, 0)
            OR total.points IS NOT COALESCE(scored.points, 0)
        ORDER BY volunteer.number
        """,
        {"opening": OPENING_HOURS},
    )
    return [
        Problem(
            Level.ERROR,
            "volunteers.total",
            f"{row['name']}（{row['number']}）的时长或积分合计与明细之和不符，请停止录入并联系维护人员",
        )
        for row in rows
    ]


def waiting_volunteers(reader: Reader) -> int:
    """How many volunteers wait for review."""
    return int(reader.value("SELECT COUNT(*) FROM volunteer WHERE status = '待审核'") or 0)


def insurance_ending(reader: Reader, until: dt.date) -> list[Row]:
    """Volunteers in service whose insurance has ended or ends by a day, the earliest first: id, name, that day."""
    return reader.all(
        """
        SELECT volunteer.id, person.name, volunteer.insured_until
        FROM volunteer JOIN person ON person.id = volunteer.person_id
        WHERE volunteer.status = '在册' AND person.status <> '去世' AND volunteer.insured_until <= ?
        ORDER BY volunteer.insured_until, volunteer.number
        """,
        (until.isoformat(),),
    )


def open_spots(reader: Reader) -> int:
    """How many spot reports are not closed yet."""
    return int(reader.value("SELECT COUNT(*) FROM spot_report WHERE status = '待办'") or 0)
