"""Suspicions (疑点): patterns in what was entered that somebody should look at, each with its evidence.

A suspicion is computed, never stored; what is stored is why it was set aside (``signal_dismissal``). ``key`` is the
same as long as the evidence is, so a dismissal holds until something new is added.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.text import quoted
from hongyao_desktop.volunteers.queries import conduct
from hongyao_desktop.volunteers.queries.findings import findings_on_file
from hongyao_desktop.volunteers.queries.shelf import limits_rules, signal_rules
from hongyao_desktop.volunteers.records.rows import OPENING_HOURS, duration_text
from hongyao_desktop.volunteers.records.suspicions import Kind, Signal, hands_of, made
from hongyao_desktop.volunteers.rules.signals import SignalRule, surname_of


def signals(reader: Reader, period: Period, *, dismissed: bool = False) -> list[Signal]:
    """Suspicions about services keyed in within the period, the gravest first; with those set aside when wanted.

    What came in by import is looked at where it is imported: a table is always a burst. Only long days count it.
    """
    rows = reader.all(
        """
        SELECT service.id, service.recorded_by, service.recorded_on, service.served_on, service.minutes,
            service.activity_id, service.title,
            EXISTS (
                WITH RECURSIVE past(id) AS (
                    SELECT service.id
                    UNION ALL
                    SELECT COALESCE(
                        (SELECT before_id FROM service_correction WHERE after_id = past.id),
                        (SELECT before_id FROM service_transfer WHERE after_id = past.id)
                    ) FROM past WHERE past.id IS NOT NULL
                ) SELECT 1 FROM past WHERE EXISTS (SELECT 1 FROM service_order WHERE service_record_id = past.id)
                    OR EXISTS (SELECT 1 FROM order_share WHERE service_record_id = past.id)
            ) AS ordered,
            volunteer.number, person.name, operation.at
        FROM service_record AS service
        JOIN volunteer ON volunteer.id = service.volunteer_id
        JOIN person ON person.id = volunteer.person_id
        LEFT JOIN journal_image AS image
            ON image.row_id = service.id AND image.table_name = 'service_record' AND image.action = 'I'
        LEFT JOIN journal_operation AS operation ON operation.seq = image.op_seq
        WHERE service.recorded_on BETWEEN ? AND ? AND service.reverses_id IS NULL AND service.evidence <> '导入'
            AND NOT EXISTS (SELECT 1 FROM service_record AS back WHERE back.reverses_id = service.id)
        ORDER BY service.recorded_by, operation.at, service.id
        """,
        (period.first.isoformat(), period.last.isoformat()),
    )
    by_hand: dict[str, list[Row]] = {}
    for row in rows:
        by_hand.setdefault(row["recorded_by"], []).append(row)
    known = {
        (row["signal"], row["evidence"]): str(row["reason"])
        for row in reader.all("SELECT * FROM signal_dismissal WHERE status = '有效'")
    }
    found: list[Signal] = []
    rule = signal_rules(reader).nearest(period.last)
    looks: tuple[Callable[[SignalRule, str, list[Row]], list[Signal]], ...] = (
        _bursts,
        _own,
        _night,
        _no_activity,
        _round,
        _surname,
    )
    for hand, entered in by_hand.items():
        for look in looks:
            found += look(rule, hand, entered)
    found += _long_days(reader, period)
    found += findings_on_file(reader, period)
    found += _strike_offs(reader, period)
    marked = [replace(one, dismissed=known.get((one.kind.value, one.key), "")) for one in found]
    shown = [one for one in marked if dismissed or not one.dismissed]
    return sorted(shown, key=lambda one: (one.weight, one.key), reverse=True)


def _strike_offs(reader: Reader, period: Period) -> list[Signal]:
    """Whom the rule of conduct would strike off for what happened in the years of the period; a person decides."""
    return [
        Signal(
            kind=Kind.STRIKE_OFF,
            key=f"{one.row['volunteer_id']}|{year}|{one.incidents[-1]['id']}|{len(one.incidents)}",
            operator=hands_of(one.incidents),
            records=len(one.incidents),
            minutes=0,
            sentence=f"{one.row['name']}（{one.row['number']}）{one.reason}",
            record_ids=tuple(row["id"] for row in one.incidents),
            volunteer_id=one.row["volunteer_id"],
        )
        for year in range(period.first.year, period.last.year + 1)
        for one in conduct.strike_offs(reader, year, period.last)
    ]


def _long_days(reader: Reader, period: Period) -> list[Signal]:
    """Days on which one person served longer than the limit warns at, whoever entered it and however it came in.

    Looked for among the days of which something was entered within the period; all records of the day are shown.
    """
    limits = limits_rules(reader).nearest(period.last)
    limit = limits.day_warn_minutes
    rows = reader.all(
        f"""
        SELECT service.id, service.recorded_by, service.served_on, service.minutes, service.title,
            volunteer.number, person.name
        FROM (
            SELECT volunteer_id, served_on FROM service_record
            WHERE recorded_on BETWEEN ? AND ? AND title <> '{OPENING_HOURS}'
            GROUP BY volunteer_id, served_on
        ) AS day
        CROSS JOIN service_record AS service
            ON service.volunteer_id = day.volunteer_id AND service.served_on = day.served_on
        JOIN volunteer ON volunteer.id = service.volunteer_id
        JOIN person ON person.id = volunteer.person_id
        WHERE (
            SELECT SUM(minutes) FROM service_record AS other WHERE other.volunteer_id = day.volunteer_id
                AND other.served_on = day.served_on AND other.title <> '{OPENING_HOURS}'
        ) > ? AND service.title <> '{OPENING_HOURS}' AND service.reverses_id IS NULL
            AND NOT EXISTS (SELECT 1 FROM service_record AS back WHERE back.reverses_id = service.id)
        ORDER BY volunteer.number, service.served_on, service.id
        """,
        (period.first.isoformat(), period.last.isoformat(), limit),
    )
    by_day: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        by_day.setdefault((row["number"], row["served_on"]), []).append(row)
    found: list[Signal] = []
    for (number, day), entered in by_day.items():
        minutes = sum(row["minutes"] for row in entered)
        total = duration_text(minutes)
        most = limits.day_refuse_minutes
        above = f"一天最多 {duration_text(most)}" if minutes > most else f"一天 {duration_text(limit)}"
        said = "、".join(f"{quoted(row['title'])}{duration_text(row['minutes'])}" for row in entered[:3])
        more = f"等 {len(entered)} 条" if len(entered) > 3 else ""
        sentence = (
            f"{entered[0]['name']}（{number}）{format_cn(dt.date.fromisoformat(day))}共 {total}，"
            f"超过{above}：{said}{more}"
        )
        found.append(made(Kind.LONG_DAY, hands_of(entered), entered, sentence))
    return found


def _moment(row: Row) -> dt.datetime | None:
    return dt.datetime.fromisoformat(row["at"]) if row["at"] else None


def _bursts(rule: SignalRule, hand: str, rows: list[Row]) -> list[Signal]:
    """Many records of several operations within minutes: one person keys one activity at a time, and reads it."""
    found: list[Signal] = []
    whole = [row for row in rows if row["minutes"] % 60 == 0]
    timed = [(moment, row) for row in whole if (moment := _moment(row)) is not None]
    start = 0
    while start < len(timed):
        end = start
        limit = timed[start][0] + dt.timedelta(minutes=rule.burst_minutes)
        while end + 1 < len(timed) and timed[end + 1][0] <= limit:
            end += 1
        batch = [row for _when, row in timed[start : end + 1]]
        if len(batch) >= rule.burst_records:
            total = duration_text(sum(row["minutes"] for row in batch))
            when = timed[start][0].strftime("%Y-%m-%d %H:%M")
            sentence = (
                f"{hand} {when} 起 {rule.burst_minutes} 分钟内录入 {len(batch)} 人次，全是整点时长，共 {total}，"
                f"最多的一次 {duration_text(max(row['minutes'] for row in batch))}（{quoted(batch[0]['title'])}等）"
            )
            found.append(made(Kind.BURST, hand, batch, sentence))
        start = end + 1
    return found


def _own(_rule: SignalRule, hand: str, rows: list[Row]) -> list[Signal]:
    own = [row for row in rows if row["name"] == hand]
    if not own:
        return []
    total = duration_text(sum(row["minutes"] for row in own))
    return [made(Kind.OWN, hand, own, f"{hand}登记了与本人同名的时长 {len(own)} 条，共 {total}")]


def _night(rule: SignalRule, hand: str, rows: list[Row]) -> list[Signal]:
    late = [row for row in rows if (moment := _moment(row)) is not None and rule.at_night(moment.hour)]
    if not late:
        return []
    first = _moment(late[0])
    when = first.strftime("%Y-%m-%d %H:%M") if first else ""
    total = duration_text(sum(row["minutes"] for row in late))
    night = f"{rule.night_from} 点到次日 {rule.night_until} 点"
    sentence = f"{hand}在 {night}之间录入 {len(late)} 条，共 {total}，最早一次 {when}"
    return [made(Kind.NIGHT, hand, late, sentence)]


def _no_activity(rule: SignalRule, hand: str, rows: list[Row]) -> list[Signal]:
    """Many hours that belong to no activity on file, and to no order."""
    loose = [row for row in rows if row["activity_id"] is None and not row["ordered"]]
    if len(loose) < rule.least_records:
        return []
    total = duration_text(sum(row["minutes"] for row in loose))
    sentence = f"{hand}录入的 {len(loose)} 条时长没有对应的活动，共 {total}，如{quoted(loose[0]['title'])}"
    return [made(Kind.NO_ACTIVITY, hand, loose, sentence)]


def _round(rule: SignalRule, hand: str, rows: list[Row]) -> list[Signal]:
    """Everything one operator entered for one volunteer is whole hours, many times."""
    found: list[Signal] = []
    by_person: dict[str, list[Row]] = {}
    for row in rows:
        by_person.setdefault(row["number"], []).append(row)
    for number, entered in by_person.items():
        if len(entered) >= rule.least_records and all(row["minutes"] % 60 == 0 for row in entered):
            total = duration_text(sum(row["minutes"] for row in entered))
            sentence = (
                f"{hand}为{entered[0]['name']}（{number}）录入的 {len(entered)} 条全是整点时长，共 {total}"
            )
            found.append(made(Kind.ROUND, hand, entered, sentence))
    return found


def _surname(rule: SignalRule, hand: str, rows: list[Row]) -> list[Signal]:
    """Mostly people of the operator's own surname, one by one: relatives perhaps."""
    own = surname_of(hand)
    alike = [row for row in rows if row["activity_id"] is None and surname_of(row["name"]) == own]
    if len(alike) < rule.least_records or len(alike) * 2 < len(rows):
        return []
    names = "、".join(dict.fromkeys(row["name"] for row in alike[:5]))
    day = format_cn(dt.date.fromisoformat(alike[0]["recorded_on"]))
    sentence = f"{hand}自{day}起单独登记的时长里有 {len(alike)} 条是同姓的{names}等，过半"
    return [made(Kind.SURNAME, hand, alike, sentence)]
