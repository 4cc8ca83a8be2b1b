"""Which person on file a row of a sign-in sheet speaks of; a name alone is never enough."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hongyao_desktop.core import text
from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.problem import Level, Problem


def squeezed(value: str | None) -> str:
    """A post or unit for comparing: half width, without spaces."""
    return re.sub(r"\s", "", text.half_width(value or "")).lower()


class Directory:
    """Everybody on file that the rows of one sheet may speak of, read in a few queries.

    ``class_id`` is the class the sheet was imported into before, None for a new one: its own list knows its people.
    """

    def __init__(self, reader: Reader, rows: Iterable[Mapping[str, Any]], class_id: str | None) -> None:
        asked = list(rows)
        names = sorted({row["name"] for row in asked if row.get("name")})
        numbers = sorted({row["id_number"] for row in asked if row.get("id_number")})
        self._alike: dict[str, list[Row]] = defaultdict(list)
        for person in reader.all(
            "SELECT * FROM person_view WHERE name IN (SELECT value FROM json_each(?)) AND status <> '去世' ORDER BY id",
            (json.dumps(names),),
        ):
            self._alike[person["name"]].append(person)
        self._numbers: dict[str, list[Row]] = defaultdict(list)
        for person in reader.all(
            "SELECT * FROM person_view WHERE id_number IN (SELECT value FROM json_each(?))",
            (json.dumps(numbers),),
        ):
            self._numbers[person["id_number"]].append(person)
        self._posts: dict[str, set[str]] = defaultdict(set)
        self._listed: dict[tuple[str, str], list[str]] = defaultdict(list)
        ids = json.dumps([person["id"] for people in self._alike.values() for person in people])
        for row in reader.all(
            "SELECT person_id, post, class_id FROM trainee WHERE person_id IN (SELECT value FROM json_each(?1)) "
            "UNION SELECT person_id, post, NULL FROM cadre WHERE person_id IN (SELECT value FROM json_each(?1))",
            (ids,),
        ):
            if row["post"]:
                self._posts[row["person_id"]].add(squeezed(row["post"]))
            if class_id is not None and row["class_id"] == class_id:
                self._listed[row["person_id"], squeezed(row["post"])].append(row["person_id"])

    def find(self, values: Mapping[str, Any]) -> tuple[str | None, Problem | None]:
        """The person of a row: by number, by phone and name, on the list of the class, or by name and post.

        Returns (None, None) for somebody who is not on file, and a question when a like name cannot be told apart.
        """
        name, number, phone = values["name"], values.get("id_number"), values.get("phone")
        alike = self._alike.get(name, [])
        if number and self._numbers.get(number):
            return self._by_number(name, number)
        if number:  # nobody has this number, so whoever has another one is somebody else
            alike = [person for person in alike if not person["id_number"]]
        if phone:
            same = [person for person in alike if person["phone"] == phone]
            if len(same) == 1:
                return str(same[0]["id"]), None
        post = squeezed(values.get("post"))
        for fits in (self._is_listed, self._has_post, self._in_unit):
            same = [person for person in alike if fits(person, post)]
            if len(same) == 1:
                return str(same[0]["id"]), None
            if same:
                return None, self._question(name, same)
        return None, self._question(name, alike) if alike else None

    def _by_number(self, name: str, number: str) -> tuple[str | None, Problem | None]:
        owners = self._numbers[number]
        same = [person for person in owners if person["name"] == name]
        if len(same) == 1:
            return str(same[0]["id"]), None
        if same:
            return None, self._question(name, same)
        message = f"证件号码在人员台账里是{owners[0]['name']}的，与表上的{name}不符，请核对号码或姓名"
        return None, Problem(Level.ERROR, "trainee.number", message, "id_number")

    def _is_listed(self, person: Row, post: str) -> bool:
        return bool(self._listed.get((person["id"], post)))

    def _has_post(self, person: Row, post: str) -> bool:
        return bool(post) and (post == squeezed(person["employer"]) or post in self._posts[person["id"]])

    def _in_unit(self, person: Row, post: str) -> bool:
        unit = squeezed(person["unit_name"])
        return len(unit) > 2 and post.startswith(unit)

    @staticmethod
    def _question(name: str, alike: Sequence[Row]) -> Problem:
        shown = "、".join(_place_of(person) for person in alike[:3])
        more = f"等 {len(alike)} 位" if len(alike) > 1 else ""
        message = (
            f"台账里已有同名的{name}（{shown}{more}），不能只凭姓名认定，请在表上补电话或证件号码，"
            "或先在人员台账里写明其单位及职务"
        )
        return Problem(Level.QUESTION, "trainee.same_name", message, "name")


def _place_of(person: Row) -> str:
    return str(person["employer"] or person["unit_name"] or "未写单位")
