"""Drafts (草稿): what stands half typed in a form, kept so that neither crash nor power cut nor lock loses it.

Drafts are no records: they are not journalled, no figure sees them, and they go when the form is saved or given up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hongyao_desktop.core.clock import iso_second
from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.office import Office

LARGEST: Final = 1_000_000
"""Characters of one draft; a form is never that long."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One half-typed form.

    Attributes:
        place: which form it is, as the screen calls it, such as "people:new" or "people:" and a row id.
        values: what was typed, by field.
        kept_at: when, as text with the time zone.
    """

    place: str
    values: dict[str, Any]
    kept_at: str


class Drafts:
    """The drafts of the operator who opened an office; other operators neither see nor overwrite them."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def keep(self, place: str, values: Mapping[str, Any]) -> None:
        """Keep what stands in a form; call it when a field is left, not at every key. Blank fields may be left out."""
        body = json.dumps(dict(values), ensure_ascii=False)
        if len(body) > LARGEST:
            raise Refusal("草稿太长，没有保存，请先把表单存下来")
        row = (self._office.who.id, place, body, iso_second(self._office.clock.now()))

        def write(connection: Connection) -> None:
            connection.execute(
                "INSERT INTO draft(operator_id, place, body, kept_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT(operator_id, place) DO UPDATE SET body = excluded.body, kept_at = excluded.kept_at",
                row,
            )

        self._office.aside(write)

    def drop(self, place: str) -> None:
        """The form was saved or given up."""
        key = (self._office.who.id, place)
        if self.at(place) is not None:
            self._office.aside(
                lambda connection: connection.execute(
                    "DELETE FROM draft WHERE operator_id = ? AND place = ?", key
                )
            )

    def settle(self, writer: Writer, place: str) -> None:
        """Drop it inside the operation that makes a record of it: after a crash there is one or the other, not both."""
        writer.execute("DELETE FROM draft WHERE operator_id = ? AND place = ?", (self._office.who.id, place))

    def at(self, place: str) -> Draft | None:
        """The draft of one form, if there is one."""
        return next((draft for draft in self.all() if draft.place == place), None)

    def all(self) -> list[Draft]:
        """All drafts of this operator, newest first; offered after opening."""
        rows = self._office.reader().all(
            "SELECT place, body, kept_at FROM draft WHERE operator_id = ? ORDER BY kept_at DESC, place",
            (self._office.who.id,),
        )
        return [Draft(row["place"], json.loads(row["body"]), row["kept_at"]) for row in rows]
