"""A small training office for tests: one unit, the shipped rule sets, people and a class of two half days."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.people import service as people
from hongyao_desktop.store import Office
from hongyao_desktop.training import service
from tests.offices import make_office

RULES = Path(__file__).parents[2] / "resources" / "rules"
FIRST_DAY = dt.date(2026, 5, 11)


def shipped(kind: str) -> RuleSet:
    """A shipped rule set as a value."""
    data = json.loads((RULES / f"{kind}.json").read_text(encoding="utf-8"))
    return RuleSet(
        id=kind,
        kind=data["kind"],
        name=data["name"],
        version=data["version"],
        effective_on=dt.date.fromisoformat(data["effective_on"]),
        source=data["source"],
        body=data["body"],
    )


@dataclass
class Classroom:
    office: Office
    class_id: str
    sessions: list[str]
    trainees: list[str]
    people: list[str]


def _set_up(writer: Writer) -> tuple[str, list[str], list[str], list[str]]:
    writer.insert("unit", {"code": "00", "name": "样例街道", "level": "街道", "kind": "街道大工委"})
    for kind in ("training-credit", "training-requirement"):
        rule = shipped(kind)
        row = {
            "kind": kind,
            "name": rule.name,
            "version": rule.version,
            "effective_on": rule.effective_on.isoformat(),
            "source": rule.source,
            "body": json.dumps(rule.body, ensure_ascii=False),
        }
        writer.insert("rule_set", row)
    class_id = service.save_class(
        writer,
        {"name": "书记培训班", "form": "脱产", "starts_on": "2026-05-11", "ends_on": "2026-05-13"},
        None,
    )
    sessions = [service.hold_session(writer, class_id, FIRST_DAY, part) for part in ("上午", "下午")]
    unit = writer.value("SELECT id FROM unit")
    names = ("单玥", "曾桂英", "欧阳建国")
    who = [people.save_person(writer, {"name": name, "unit_id": unit}, None) for name in names]
    trainees = [service.enrol_trainee(writer, class_id, person, post="书记") for person in who]
    return class_id, sessions, trainees, who


def make_classroom(folder: Path) -> Classroom:
    """An office in which a class of three has been planned."""
    office = make_office(folder)
    done = office.transact("准备", _set_up)
    return Classroom(office, *done.result)
