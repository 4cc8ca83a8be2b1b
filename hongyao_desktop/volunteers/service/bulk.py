"""Recording very many services in one operation (demonstration files, opening years): inside the door, but fast."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from hongyao_desktop.core import ids
from hongyao_desktop.core.desk import Role, Writer, require
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries.shelf import Shelf, points_rules
from hongyao_desktop.volunteers.records.rows import Activity, ServiceRecord
from hongyao_desktop.volunteers.rules.points import Award, PointsRule, Span, service_award
from hongyao_desktop.volunteers.service.entries import point_row

_BATCH = 2000


@dataclass(slots=True)
class _Got:
    """Points got per volunteer in the span that is running; forgotten when the next one begins."""

    first: dt.date | None = None
    points: dict[str, int] | None = None

    def of(self, first: dt.date) -> dict[str, int]:
        if self.points is None or self.first != first:
            self.first, self.points = first, {}
        return self.points


def bulk_activities(writer: Writer, activities: Iterable[Activity]) -> list[str]:
    """Write many activities; returns their ids in the order given."""
    require(writer, Role.ENTRY)
    made: list[str] = []

    def rows() -> Iterator[dict[str, Any]]:
        for activity in activities:
            made.append(ids.new_id(writer.clock))
            yield {**activity.columns(), "id": made[-1]}

    writer.insert_many("activity", rows())
    return made


def bulk_record(
    writer: Writer, services: Iterable[tuple[ServiceRecord, str | None]], *, recorded_by: str | None = None
) -> int:
    """Write many services with their categories, and the points of the rule in force on each day; returns how many.

    The services must come in the order of their days, carry their unit, and be free of clashes: nothing is looked up
    or checked here. Each counts as recorded on its own day. Raises ValueError when a day goes back.
    """
    require(writer, Role.ENTRY)
    shelf = points_rules(writer)
    office = lookups.office_unit_id(writer)
    hand = recorded_by or writer.who.name
    got = {span: _Got() for span in Span}
    stream = iter(services)
    last: dt.date | None = None
    count = 0
    while batch := list(islice(stream, _BATCH)):
        records: list[dict[str, Any]] = []
        entries: list[dict[str, Any]] = []
        for record, category in batch:
            day = record.served_on
            if last is not None and day < last:
                raise ValueError(f"services go back from {last} to {day}; sort them by day")
            last = day
            row = record.columns()
            row["unit_id"] = record.unit_id or office
            row["id"] = ids.new_id(writer.clock)
            row["recorded_on"], row["recorded_by"] = row["served_on"], hand
            records.append(row)
            entry = _entry(shelf, record, category, row, got)
            if entry is not None:
                entries.append(entry)
        count += writer.insert_many("service_record", records)
        writer.insert_many("point_entry", entries)
    return count


def _entry(
    shelf: Shelf[PointsRule],
    record: ServiceRecord,
    category: str | None,
    row: dict[str, Any],
    got: dict[Span, _Got],
) -> dict[str, Any] | None:
    rule = shelf.find(record.served_on)
    if rule is None:
        return None
    used = {span: got[span].of(lookups.span_days(span, record.served_on)[0]) for span in rule.caps}
    award: Award = service_award(
        rule,
        minutes=record.minutes,
        evidence=record.evidence,
        category=category,
        already={span: points.get(record.volunteer_id, 0) for span, points in used.items()},
    )
    for points in used.values():
        points[record.volunteer_id] = points.get(record.volunteer_id, 0) + award.points
    entry = point_row(record, row["id"], award, rule, today=record.served_on, hand=row["recorded_by"])
    return {**entry, "unit_id": row["unit_id"]}
