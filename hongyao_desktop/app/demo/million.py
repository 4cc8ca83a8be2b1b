"""The demonstration for speed: people and service records by the million."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from hongyao_desktop.app.demo.invented import Inventor
from hongyao_desktop.app.demo.units import Tree
from hongyao_desktop.core.desk import Writer
from hongyao_desktop.people.service import bulk_people
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.records.rows import Evidence, ServiceRecord
from hongyao_desktop.volunteers.service.bulk import bulk_record
from hongyao_desktop.volunteers.service.enrolment import bulk_enrol

_BATCH = 50_000
_VOLUNTEER_SHARE = 20


def make_million(
    office: Office,
    tree: Tree,
    chance: random.Random,
    today: dt.date,
    rows: int,
    progress: Callable[[str], None],
) -> dict[str, int]:
    """``rows`` people, a twentieth of them volunteers, and ``rows`` service records, in operations of 50,000."""
    inventor = Inventor(chance, today)
    for done in range(0, rows, _BATCH):
        size = min(_BATCH, rows - done)
        progress(f"登记人员 {done:,}")
        office.transact("登记人员", partial(_write_people, _people(inventor, tree, size)))
    chosen = [
        (row["id"], row["unit_id"])
        for row in office.reader().all(
            "SELECT id, unit_id FROM person ORDER BY id LIMIT ?", (rows // _VOLUNTEER_SHARE,)
        )
    ]
    progress("登记志愿者")
    ids: list[str] = office.transact(
        "登记志愿者",
        lambda writer: bulk_enrol(
            writer, ({"person_id": person, "unit_id": unit, "status": "在册"} for person, unit in chosen)
        ),
    ).result
    volunteers = [(volunteer, unit) for volunteer, (_person, unit) in zip(ids, chosen, strict=True)]
    records = 0
    stream = _services(volunteers, rows, today)
    while records < rows and volunteers:
        progress(f"登记志愿服务 {records:,}")
        batch = [record for _order, record in zip(range(_BATCH), stream, strict=False)]
        if not batch:
            break
        records += office.transact("登记志愿服务", partial(_write_services, batch)).result
    return {"人员": rows, "志愿者": len(ids), "服务记录": records}


def _write_people(people: Iterator[dict[str, Any]], writer: Writer) -> int:
    return bulk_people(writer, people)


def _write_services(batch: Sequence[ServiceRecord], writer: Writer) -> int:
    return bulk_record(writer, ((record, None) for record in batch))


def _people(inventor: Inventor, tree: Tree, count: int) -> Iterator[dict[str, Any]]:
    grids = tree.all_grids
    for order in range(count):
        yield {**inventor.person(), "unit_id": grids[order % len(grids)], "note": "演示数据，虚构人员"}


def _services(volunteers: Sequence[tuple[str, str]], count: int, today: dt.date) -> Iterator[ServiceRecord]:
    """``count`` records in order of days over three years; nobody serves twice on one day."""
    days = 1_000
    a_day = min(len(volunteers), -(-count // days)) if volunteers else 0
    made = 0
    place = 0
    for day in range(days, 0, -1):
        served_on = today - dt.timedelta(days=day)
        for _ in range(a_day):
            if made >= count:
                return
            volunteer, unit = volunteers[place % len(volunteers)]
            place += 1
            made += 1
            yield ServiceRecord(
                volunteer_id=volunteer,
                unit_id=unit,
                title="网格巡查",
                served_on=served_on,
                starts_minute=540,
                ends_minute=540 + 60 * (1 + place % 3),
                minutes=60 * (1 + place % 3),
                evidence=Evidence.SIGNED,
            )
