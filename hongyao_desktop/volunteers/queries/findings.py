"""Findings about services on file (时长核查): what entry asks about or refuses, looked for among everything entered.

Entry warns and may be answered with yes; tables, merges and days of death told later bring in what entry never saw.
So the same tests stand in the list of suspicions, each with the records it is about (DOMAIN 1.4, tests a to j).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.text import quoted
from hongyao_desktop.people.calendar import office_workdays
from hongyao_desktop.volunteers.queries.duties import duties_between
from hongyao_desktop.volunteers.queries.shelf import limits_rules
from hongyao_desktop.volunteers.records.rows import OPENING_HOURS, clock_text, duration_text, service_of
from hongyao_desktop.volunteers.records.suspicions import Kind, Signal, hands_of, made
from hongyao_desktop.volunteers.rules.clashes import Limits, overlap_minutes, same_activity
from hongyao_desktop.volunteers.rules.staff import on_duty

_LIVE: Final = (
    f"service.reverses_id IS NULL AND service.title <> '{OPENING_HOURS}' "
    "AND NOT EXISTS (SELECT 1 FROM service_record AS back WHERE back.reverses_id = service.id)"
)
_WHO: Final = """
    JOIN volunteer ON volunteer.id = service.volunteer_id
    JOIN person ON person.id = volunteer.person_id
"""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One look through the entries of a period."""

    reader: Reader
    first: str
    last: str
    limits: Limits


def findings_on_file(reader: Reader, period: Period) -> list[Signal]:
    """Every finding about what was entered within the period, in no order."""
    asked = _Asked(
        reader, period.first.isoformat(), period.last.isoformat(), limits_rules(reader).nearest(period.last)
    )
    found: list[Signal] = []
    for look in (_pairs, _early, _late, _outside, _gone, _staff, _photos):
        found += look(asked)
    return found


def _day(text: str) -> str:
    return format_cn(dt.date.fromisoformat(text))


def _who(row: Row) -> str:
    return f"{row['name']}（{row['number']}）"


def _entered(asked: _Asked, more: str, *values: Any, columns: str = "", joins: str = "") -> list[Row]:
    """Services in force that were entered within the period and meet a condition."""
    return asked.reader.all(
        f"SELECT service.*, volunteer.number, person.name{columns} FROM service_record AS service {_WHO} {joins} "
        f"WHERE service.recorded_on BETWEEN ? AND ? AND {_LIVE} AND {more} "
        "ORDER BY service.recorded_by, service.served_on, service.id",
        (asked.first, asked.last, *values),
    )


def _by_activity(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows of one hand, activity and day together."""
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["recorded_by"], row["activity_id"] or row["title"], row["served_on"]].append(row)
    yield from groups.values()


def _people(rows: Sequence[Row]) -> str:
    """Who it is about: one person by name and number, several counted."""
    names = list(dict.fromkeys(_who(row) for row in rows))
    return names[0] if len(names) == 1 else f"{names[0]}等 {len(names)} 人"


# ------------------------------------------------------------------------------------------------ two records


def _pairs(asked: _Asked) -> list[Signal]:
    """Two records of one person at one time, or twice for one activity; days with one record cost an index only."""
    rows = asked.reader.all(
        f"""
        SELECT service.*, volunteer.number, person.name FROM (
            SELECT volunteer_id, served_on FROM service_record
            GROUP BY volunteer_id, served_on HAVING COUNT(*) > 1
            UNION SELECT volunteer_id, served_on FROM service_record WHERE ends_minute > 1440
            UNION SELECT volunteer_id, date(served_on, '+1 day') FROM service_record WHERE ends_minute > 1440
        ) AS busy
        CROSS JOIN service_record AS service
            ON service.volunteer_id = busy.volunteer_id AND service.served_on = busy.served_on
        {_WHO}
        WHERE {_LIVE} ORDER BY service.volunteer_id, service.served_on, service.id
        """
    )
    own: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        own[row["volunteer_id"]].append(row)
    return [
        found
        for entered in own.values()
        for place, row in enumerate(entered)
        for other in entered[place + 1 :]
        if any(asked.first <= one["recorded_on"] <= asked.last for one in (row, other))
        if (found := _pair(row, other, asked.limits)) is not None
    ]


def _pair(row: Row, other: Row, limits: Limits) -> Signal | None:
    first, second = service_of(row), service_of(other)
    both = [row, other]
    overlap = overlap_minutes(first, second)
    if overlap >= limits.overlap_minutes:
        said = (
            f"{_who(row)}重叠 {duration_text(overlap)}：{first.described()}与{second.described()}，只能留一条"
        )
        return made(Kind.OVERLAP, hands_of(both), both, said)
    if (
        first.served_on == second.served_on
        and same_activity(first, second)
        and (first.span is None or second.span is None)
    ):
        said = f"{_who(row)}同一活动登记了两次：{first.described()}与{second.described()}，请核对是否重复"
        return made(Kind.DOUBLE, hands_of(both), both, said)
    return None


# ------------------------------------------------------------------------------------------------ days


def _early(asked: _Asked) -> list[Signal]:
    """Entered before the service took place."""
    found = []
    for rows in _by_activity(_entered(asked, "service.recorded_on < service.served_on")):
        first = rows[0]
        said = (
            f"{first['recorded_by']} {_day(first['recorded_on'])}登记了{quoted(first['title'])}{_people(rows)}的时长，"
            f"活动日期{_day(first['served_on'])}还没有到"
        )
        found.append(made(Kind.EARLY, first["recorded_by"], rows, said))
    return found


def _late(asked: _Asked) -> list[Signal]:
    """Entered so late that it should have been a make-up with reason and witness, but was called signed."""
    limit = asked.limits.late_days
    rows = _entered(
        asked,
        "service.evidence = '签到' AND julianday(service.recorded_on) - julianday(service.served_on) > ?",
        limit,
    )
    found = []
    for group in _by_activity(rows):
        first = group[0]
        late = (dt.date.fromisoformat(first["recorded_on"]) - dt.date.fromisoformat(first["served_on"])).days
        said = (
            f"{first['recorded_by']} {_day(first['recorded_on'])}登记了{_day(first['served_on'])}"
            f"{quoted(first['title'])}"
            f"{_people(group)}的时长，过了 {late} 天，超过 {limit} 天没有按补录"
        )
        found.append(made(Kind.LATE, first["recorded_by"], group, said))
    return found


def _outside(asked: _Asked) -> list[Signal]:
    """Times or day that are not those of the activity, or without times more minutes than it lasted."""
    tolerance = asked.limits.window_tolerance_minutes
    rows = _entered(
        asked,
        "(activity.held_on <> service.served_on OR activity.starts_minute - service.starts_minute > ? "
        "OR service.ends_minute - activity.ends_minute > ? OR service.starts_minute IS NULL "
        "AND service.minutes > activity.ends_minute - activity.starts_minute + ?)",
        tolerance,
        tolerance,
        tolerance,
        columns=", activity.held_on, activity.starts_minute AS begins, activity.ends_minute AS closes",
        joins="JOIN activity ON activity.id = service.activity_id",
    )
    found = []
    for group in _by_activity(rows):
        first = group[0]
        times = (
            f" {clock_text(first['begins'])}—{clock_text(first['closes'])}"
            if first["begins"] is not None and first["closes"] is not None
            else ""
        )
        longer = first["starts_minute"] is None and first["held_on"] == first["served_on"]
        said = (
            f"{_people(group)}的{service_of(first).described()}{'比活动还长' if longer else '不在活动时间里'}："
            f"{quoted(first['title'])}是{_day(first['held_on'])}{times}"
        )
        found.append(made(Kind.WINDOW, first["recorded_by"], group, said))
    return found


# ------------------------------------------------------------------------------------------------ people


def _gone(asked: _Asked) -> list[Signal]:
    """Served on or after the day of death, moving away or leaving; that day is often told only later."""
    rows = _entered(
        asked,
        "(person.status <> '在册' AND service.served_on >= COALESCE(person.status_on, service.served_on) "
        "OR volunteer.status IN ('停用', '退出') AND service.served_on >= volunteer.left_on)",
        columns=", person.status AS person_status, person.status_on, volunteer.status AS standing, volunteer.left_on",
    )
    own: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        own[row["volunteer_id"]].append(row)
    found = []
    for group in own.values():
        first = group[0]
        dead_or_moved = first["person_status"] != "在册"
        state = first["person_status"] if dead_or_moved else first["standing"]
        since = first["status_on"] if dead_or_moved else first["left_on"]
        when = f"{_day(since)}" if since else ""
        more = f"等 {len(group)} 条" if len(group) > 1 else ""
        said = f"{_who(first)}{when}已{state}，那以后还有{service_of(first).described()}{more}"
        found.append(made(Kind.GONE, hands_of(group), group, said))
    return found


def _staff(asked: _Asked) -> list[Signal]:
    """Services of staff in office hours of working days: daily work is no voluntary service (北京, DOMAIN 1.3)."""
    limits = asked.limits
    duties = duties_between(asked.reader, limits.staff_categories, dt.date.min, dt.date.max)
    if not duties:
        return []
    marks = ", ".join("?" * len(duties))
    rows = _entered(asked, f"service.volunteer_id IN ({marks})", *duties)
    worked = office_workdays(asked.reader)
    own: dict[str, list[tuple[Row, str]]] = defaultdict(list)
    for row in rows:
        post = on_duty(service_of(row), duties[row["volunteer_id"]], limits, worked)
        if post is not None:
            own[row["volunteer_id"]].append((row, post.shown))
    found = []
    for pairs in own.values():
        group = [row for row, _post in pairs]
        first, post_name = pairs[0]
        more = f"等 {len(group)} 条" if len(group) > 1 else ""
        service = service_of(first).described()
        said = f"{_who(first)}是{post_name}，工作日上班时间登记了{service}{more}，请核对是否本职工作"
        found.append(made(Kind.STAFF, hands_of(group), group, said))
    return found


# ------------------------------------------------------------------------------------------------ photos


def _photos(asked: _Asked) -> list[Signal]:
    """One photo under two spot reports that were not merged."""
    rows = asked.reader.all(
        """
        SELECT report.id, 0 AS minutes, report.reporter, report.place, report.reported_on,
            photo.file_hash, photo.file_name, photo.recorded_by, photo.recorded_on
        FROM (
            SELECT file_hash FROM spot_photo GROUP BY file_hash HAVING COUNT(DISTINCT spot_report_id) > 1
        ) AS twice
        JOIN spot_photo AS photo ON photo.file_hash = twice.file_hash
        JOIN spot_report AS report ON report.id = photo.spot_report_id AND report.status IN ('待办', '办结')
        ORDER BY photo.file_hash, report.reported_on, report.id
        """
    )
    same: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        same[row["file_hash"]].append(row)
    found = []
    for group in same.values():
        if len(group) > 1 and any(asked.first <= row["recorded_on"] <= asked.last for row in group):
            said = "、".join(
                f"{row['reporter']}{_day(row['reported_on'])}在{row['place']}" for row in group[:3]
            )
            words = f"同一张照片“{group[0]['file_name']}”用在 {len(group)} 件随手拍上：{said}"
            found.append(made(Kind.PHOTO, hands_of(group), group, words))
    return found
