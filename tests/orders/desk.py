"""An office with the shipped rules, a street with communities, and members who take orders."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.desk import Row, Writer
from hongyao_desktop.orders.queries import lookups
from hongyao_desktop.orders.records.states import Word
from hongyao_desktop.orders.service import finishing, stepping, taking
from hongyao_desktop.orders.service.finishing import Finish, Score
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.service import enrolment
from tests.volunteers.conftest import RULES, put_rules, put_units

NOON = dt.datetime(2026, 11, 20, 12)  # noqa: DTZ001 - FixedClock takes it as Beijing time
TODAY = NOON.date()
ORDER: dict[str, Any] = {
    "resident": "曾桂英",
    "phone": "13812345678",
    "address": "三号楼2单元401",
    "topic": "厨房水管漏水，请人上门修",
    "asked_on": "2026-11-16",
}


def put_order_rules(writer: Writer, **duties: Any) -> None:
    """The shipped rule sets of orders; ``duties`` change entries of the body of ``order-duties``."""
    for path in sorted(RULES.glob("order-*.json")):
        rule = json.loads(path.read_text(encoding="utf-8"))
        body = rule.pop("body") | (duties if path.stem == "order-duties" else {})
        writer.insert("rule_set", {**rule, "body": json.dumps(body, ensure_ascii=False)})


@dataclass
class Desk:
    """Whoever opened the office, with every verb of an order at hand."""

    office: Office
    clock: FixedClock
    units: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)

    def prepare(self, **duties: Any) -> Desk:
        """Rules, units and three members."""

        def everything(writer: Writer) -> None:
            put_rules(writer, "volunteer-points", "volunteer-limits", "volunteer-stars", "volunteer-spots")
            put_order_rules(writer, **duties)
            self.units = put_units(writer)
            for place, name in enumerate(("单玥", "尉迟建国", "郭艳")):
                form = {"name": name, "unit_id": self.units["水湾社区"], "phone": f"1391234567{place}"}
                self.people[name] = enrolment.save_volunteer(writer, form, None)

        self.office.transact("建立单位", everything)
        return self

    def on(self, day: dt.date) -> None:
        self.clock.set(dt.datetime.combine(day, dt.time(12)))

    def take(self, **changes: Any) -> str:
        values = {**ORDER, **changes}
        return self.office.transact("点单", lambda w: taking.save_order(w, values, None)).result

    def decide(self, order_id: str, on: dt.date | None = None) -> None:
        self.office.transact("议单", lambda w: stepping.decide(w, order_id, on=on))

    def dispatch(self, order_id: str, name: str = "单玥", **more: Any) -> None:
        self.office.transact("派单", lambda w: stepping.dispatch(w, order_id, self.people[name], **more))

    def accept(self, order_id: str, on: dt.date | None = None) -> None:
        self.office.transact("接单", lambda w: stepping.accept(w, order_id, on=on))

    def give_back(self, order_id: str, reason: str = "出差在外") -> None:
        self.office.transact("退单", lambda w: stepping.give_back(w, order_id, reason))

    def finish(self, order_id: str, **more: Any) -> str | None:
        finish = Finish(**{"completed_on": self.clock.today(), "minutes": 90, **more})
        return self.office.transact("完成", lambda w: finishing.complete(w, order_id, finish)).result

    def rate(
        self, order_id: str, resident: Word | None = Word.GOOD, branch: Word | None = Word.GOOD
    ) -> str | None:
        said, ours = (Score(word) if word else None for word in (resident, branch))
        return self.office.transact(
            "评单", lambda w: finishing.rate(w, order_id, resident=said, branch=ours)
        ).result

    def accepted(self, **changes: Any) -> str:
        """An order that somebody is at work on."""
        order_id = self.take(**changes)
        self.decide(order_id)
        self.dispatch(order_id)
        self.accept(order_id)
        return order_id

    def finished(self, **changes: Any) -> str:
        """An order that is done and waits for its ratings."""
        order_id = self.accepted(**changes)
        self.finish(order_id)
        return order_id

    def order(self, order_id: str) -> Row:
        return lookups.order(self.office.reader(), order_id)

    def count(self, table: str) -> int:
        return int(self.office.reader().value(f"SELECT COUNT(*) FROM {table}") or 0)

    def faults(self) -> list[str]:
        reader = self.office.reader()
        found = [*lookups.number_faults(reader), *lookups.life_faults(reader)]
        found += [*lookups.hours_faults(reader), *lookups.rest_faults(reader)]
        return [problem.message for problem in found]
