"""An office with a street, two communities and a grid, the shipped rules, and people to serve in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.service import enrolment
from tests.offices import evening_clock, make_office

RULES = Path(__file__).parents[2] / "resources" / "rules"


def put_rules(writer: Writer, *names: str) -> None:
    """Copy shipped rule sets into the file, as making an office does."""
    for path in sorted(RULES.glob("volunteer-*.json")):
        if names and path.stem not in names:
            continue
        rule = json.loads(path.read_text(encoding="utf-8"))
        body = json.dumps(rule.pop("body"), ensure_ascii=False)
        writer.insert("rule_set", {**rule, "body": body})


def put_units(writer: Writer) -> dict[str, str]:
    """A street with two communities and one grid; ids by name."""
    made: dict[str, str] = {}
    for code, name, level, kind, parent in (
        ("00", "样例街道", "街道", "街道大工委", None),
        ("01", "水湾社区", "社区", "社区大党委", "样例街道"),
        ("02", "东门社区", "社区", "社区大党委", "样例街道"),
        ("0103", "三号网格", "网格", "网格大支部", "水湾社区"),
    ):
        values = {"code": code, "name": name, "level": level, "kind": kind}
        made[name] = writer.insert("unit", {**values, "parent_id": made[parent] if parent else None})
    return made


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = make_office(tmp_path, clock=evening_clock())
    opened.transact("建立单位", put_rules)
    yield opened
    opened.close()


@pytest.fixture
def units(office: Office) -> dict[str, str]:
    return office.transact("登记组织", put_units).result


@pytest.fixture
def enrol(office: Office, units: dict[str, str]) -> Callable[..., str]:
    """Enrol a volunteer by name, with other fields as wanted; returns the volunteer's id."""

    def put(name: str, unit: str = "水湾社区", **values: object) -> str:
        form = {"name": name, "unit_id": units[unit], **values}
        return office.transact("登记志愿者", lambda w: enrolment.save_volunteer(w, form, None)).result

    return put
