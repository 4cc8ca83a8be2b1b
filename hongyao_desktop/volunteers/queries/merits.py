"""What star rules ask beside hours and points (星级的其他条件), read once for many volunteers and only where asked."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from hongyao_desktop.core.desk import Reader
from hongyao_desktop.volunteers.records.rows import duration_text
from hongyao_desktop.volunteers.rules.stars import Merits, StarsRule, months_between


class MeritBook:
    """Hours that count for no star, the last service, and stars granted, as of a day.

    With ``volunteer_id`` of that one alone.  Nothing is read for conditions the rule does not have.
    """

    def __init__(
        self, reader: Reader, rule: StarsRule, as_of: dt.date, volunteer_id: str | None = None
    ) -> None:
        self.rule = rule
        self.as_of = as_of
        self._uncounted: dict[str, dict[str, int]] = defaultdict(dict)
        self._last: dict[str, dt.date] = {}
        self._held: dict[str, set[str]] = defaultdict(set)
        asked: dict[str, Any] = {"day": as_of.isoformat(), "who": volunteer_id}
        if rule.uncounted:
            self._read_uncounted(reader, asked)
        if rule.asks_months:
            self._read_last(reader, asked)
        if rule.asks_granted:
            for row in reader.all(
                "SELECT volunteer_id, star FROM star_grant WHERE status = '已授予' "
                "AND (:who IS NULL OR volunteer_id = :who)",
                {"who": volunteer_id},
            ):
                self._held[row["volunteer_id"]].add(row["star"])

    def _read_uncounted(self, reader: Reader, asked: dict[str, Any]) -> None:
        words = json.dumps(list(self.rule.uncounted), ensure_ascii=False)
        evidence = json.dumps([one.value for one in self.rule.evidence], ensure_ascii=False)
        rows = reader.all(
            """
            SELECT service.volunteer_id, activity.category, SUM(service.minutes) AS minutes
            FROM activity JOIN service_record AS service ON service.activity_id = activity.id
            WHERE activity.category IN (SELECT value FROM json_each(:words)) AND service.served_on <= :day
                AND service.evidence IN (SELECT value FROM json_each(:evidence))
                AND (:who IS NULL OR service.volunteer_id = :who)
            GROUP BY service.volunteer_id, activity.category HAVING SUM(service.minutes) <> 0
            """,
            {**asked, "words": words, "evidence": evidence},
        )
        for row in rows:
            self._uncounted[row["volunteer_id"]][row["category"]] = row["minutes"]

    def _read_last(self, reader: Reader, asked: dict[str, Any]) -> None:
        rows = reader.all(
            """
            SELECT service.volunteer_id, MAX(service.served_on) AS last FROM service_record AS service
            WHERE service.served_on <= :day AND (:who IS NULL OR service.volunteer_id = :who)
                AND service.reverses_id IS NULL
                AND NOT EXISTS (SELECT 1 FROM service_record AS back WHERE back.reverses_id = service.id)
            GROUP BY service.volunteer_id
            """,
            asked,
        )
        self._last = {row["volunteer_id"]: dt.date.fromisoformat(row["last"]) for row in rows}

    def uncounted(self, volunteer_id: str) -> Mapping[str, int]:
        """Minutes that count for no star, by category."""
        return self._uncounted.get(volunteer_id, {})

    def uncounted_minutes(self, volunteer_id: str) -> int:
        """All minutes that count for no star."""
        return sum(self.uncounted(volunteer_id).values())

    def uncounted_words(self, volunteer_id: str) -> str:
        """The same in words with the reasons; "" when all hours count."""
        return "；".join(
            f"“{word}”{duration_text(minutes)}：{self.rule.uncounted[word]}"
            for word, minutes in self.uncounted(volunteer_id).items()
        )

    def merits(self, row: Mapping[str, Any]) -> Merits:
        """The other conditions for a row with the volunteer's ``id`` and ``joined_on``."""
        joined = row.get("joined_on")
        last = self._last.get(str(row.get("id")))
        active = months_between(dt.date.fromisoformat(joined), last) if joined and last else 0
        return Merits(
            months=active if joined else None,
            held=frozenset(self._held.get(str(row.get("id")), ())),
        )
