"""Dated rule sets (规则版本): amounts, thresholds and conversions of one place, as data with a source and a date.

A rule set lies in the table ``rule_set`` of the office file (copied there from ``resources/rules/`` when the
office is made, editable since).  A posting keeps the id of the rule set that made it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hongyao_desktop.core.desk import Reader
from hongyao_desktop.core.problem import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """One version of one kind of rule; ``body`` is the kind's own JSON, read by the module's ``rules.py``."""

    id: str
    kind: str
    name: str
    version: int
    effective_on: dt.date
    source: str
    body: Mapping[str, Any]

    @property
    def title(self) -> str:
        """How a posting names it: 《名称》第 2 版（2026年1月1日起）."""
        day = self.effective_on
        return f"《{self.name}》第{self.version}版（{day.year}年{day.month}月{day.day}日起）"


def in_force(reader: Reader, kind: str, day: dt.date) -> RuleSet:
    """The rule set of ``kind`` in force on ``day``; refuses when none is."""
    row = reader.one(
        "SELECT * FROM rule_set WHERE kind = ? AND effective_on <= ? AND status = '有效' "
        "ORDER BY effective_on DESC, version DESC LIMIT 1",
        (kind, day.isoformat()),
    )
    if row is None:
        known = reader.value(
            "SELECT name FROM rule_set WHERE kind = ? ORDER BY effective_on LIMIT 1", (kind,)
        )
        named = f"《{known}》在 {day.isoformat()} 没有生效的版本" if known else "这一天没有生效的规则"
        raise Refusal(f"{named}，请先补上这一天适用的规则版本")
    return from_row(row)


def from_row(row: Mapping[str, Any]) -> RuleSet:
    """A rule set from its table row."""
    return RuleSet(
        id=row["id"],
        kind=row["kind"],
        name=row["name"],
        version=row["version"],
        effective_on=dt.date.fromisoformat(row["effective_on"]),
        source=row["source"],
        body=json.loads(row["body"]),
    )
