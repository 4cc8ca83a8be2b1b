"""A trial of approval (积分认定试行) in a demonstration street: two months by steps and notice, then without again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.volunteers.queries import approval as queries
from hongyao_desktop.volunteers.rules.approval import KIND
from hongyao_desktop.volunteers.service import approval, rule_sets

BEGAN_DAYS_AGO = 75
GATHERED_DAYS_AGO = 45
REVIEWED_DAYS_AGO = 43
_NAME = "样例街道积分认定办法"


def _rule(day: dt.date, source: str, **body: Any) -> Mapping[str, Any]:
    return {"name": _NAME, "effective_on": day.isoformat(), "source": source, **body}


def begin_trial(writer: Writer, day: dt.date) -> str:
    """From this day on points wait for a review and a notice; returns the rule's id."""
    values = _rule(day, "样例：试行两个月，社区审核、公示以后可以使用。", steps="社区审核", public_days=5)
    return rule_sets.add_version(writer, KIND, dict(values))


def gather_round(writer: Writer, first: dt.date, last: dt.date) -> str:
    """What was entered for the first community within these days becomes a round; "" when nothing was."""
    unit_id = writer.value("SELECT id FROM unit WHERE level = '社区' ORDER BY code LIMIT 1")
    if not queries.waiting_entries(writer, unit_id, first, last, first).entry_ids:
        return ""
    return approval.begin_lot(writer, unit_id, first, last)


def review_round(writer: Writer, lot_id: str) -> dt.date:
    """The one review of the round; returns the last day of the notice."""
    approval.pass_step(writer, lot_id, "名单和照片相符")
    return dt.date.fromisoformat(queries.lot(writer, lot_id)["public_until"])


def end_trial(writer: Writer, lot_id: str, day: dt.date) -> str:
    """The round is usable, and from this day on nothing waits any more; returns the rule's id."""
    approval.release_lot(writer, lot_id)
    values = _rule(day, "样例：试行结束，登记后即可使用。", steps="", public_days=0)
    return rule_sets.add_version(writer, KIND, dict(values))
