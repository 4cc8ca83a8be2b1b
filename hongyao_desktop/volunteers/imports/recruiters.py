"""Who brought whom in (介绍人), as rosters write it: a number, a name, or 单玥（水湾-0002）.

A name is taken only where it is one person's; where it may be several people's, the row goes back and asks for the
number. Somebody who is on no list is no volunteer: his name is kept in the note.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from hongyao_desktop.core import names
from hongyao_desktop.core.desk import Reader, Row, SheetRow
from hongyao_desktop.core.fields import Text
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.records.volunteers import VOLUNTEERS

FIELD: Final = replace(
    VOLUNTEERS.field("recruiter_id"),
    name="recruiter",
    type=Text(max_chars=60),
    aliases=("介绍人姓名", "推荐人", "引荐人", "介绍人编号", "介绍志愿者"),
)
"""The column of a sheet; it holds words, the register an id."""

_BOTH: Final = re.compile(r"^(.*?)\s*[（(]([^（）()]+)[)）]$")


class Recruiters:
    """The volunteers whom a sheet names as recruiters, looked up once."""

    def __init__(self, reader: Reader, shown: Sequence[str]) -> None:
        words = {part for text in shown for part in _parts(text) if part}
        self._by_name = lookups.volunteers_by_name(reader, sorted(map(names.clean, words)))
        self._by_number: dict[str, Row] = {}
        for marks, part in lookups.in_parts(sorted(words)):
            for row in reader.all(f"SELECT * FROM volunteer_view WHERE number IN ({marks})", part):
                self._by_number[row["number"]] = row

    def settle(
        self, items: Sequence[tuple[int, dict[str, Any]]], rows: Mapping[int, SheetRow]
    ) -> tuple[list[tuple[int, dict[str, Any]]], list[tuple[SheetRow, Problem]]]:
        """The items with their recruiters: ``recruiter_id`` on file, ``recruiter_row`` in the list; and the findings.

        Items that ask something are left out, and so are those whose recruiter was left out.
        """
        if not any(item.get("recruiter") for _number, item in items):
            return list(items), []
        asked: list[tuple[SheetRow, Problem]] = []
        kept = list(items)
        while True:
            in_list: dict[str, list[int]] = defaultdict(list)
            for number, item in kept:
                in_list[item["name"]].append(number)
            tried = [(number, item, *self._one(number, item, in_list)) for number, item in kept]
            asking = [
                (rows[number], problem)
                for number, _item, _done, problem in tried
                if problem is not None and problem.level is Level.ERROR
            ]
            if not asking:
                said = [(rows[number], problem) for number, _item, _done, problem in tried if problem]
                return [(number, done) for number, _item, done, _problem in tried], [*asked, *said]
            asked += asking
            back = {row.number for row, _problem in asking}
            kept = [(number, item) for number, item in kept if number not in back]

    def _one(
        self, number: int, item: dict[str, Any], in_list: Mapping[str, list[int]]
    ) -> tuple[dict[str, Any], Problem | None]:
        shown = str(item.get("recruiter") or "").strip()
        done = {name: value for name, value in item.items() if name != "recruiter"}
        if not shown:
            return done, None
        for word in _parts(shown):
            if word in self._by_number:
                row = self._by_number[word]
                if len(_parts(shown)) > 1 and not names.same_name(row["name"], _parts(shown)[0]):
                    return done, _asks(f"介绍人编号 {word} 是{row['name']}，与“{shown}”的姓名不同，请核对")
                return {**done, "recruiter_id": row["id"]}, None
        name = names.clean(_parts(shown)[0])
        on_file = [row for row in self._by_name.get(name, []) if row["status"] == "在册"]
        listed = [other for other in in_list.get(name, ()) if other != number]
        if name == item["name"] and not on_file and not listed:
            return done, _asks("介绍人不能是本人，请核对")
        if len(on_file) + len(listed) > 1:
            numbers = "、".join([row["number"] for row in on_file] + [f"本表第 {row} 行" for row in listed])
            return done, _asks(
                f"介绍人{name}有 {len(on_file) + len(listed)} 位（{numbers}），请写明志愿者编号"
            )
        if on_file:
            return {**done, "recruiter_id": on_file[0]["id"]}, None
        if listed:
            return {**done, "recruiter_row": listed[0]}, None
        note = "；".join(part for part in (done.get("note"), f"介绍人：{shown}") if part)
        message = f"介绍人{shown}不在花名册里，没有登记为介绍人，记在备注里"
        return {**done, "note": note}, Problem(Level.WARNING, "import.recruiter", message, FIELD.name)


def _parts(shown: str) -> list[str]:
    """Name and number of 单玥（水湾-0002）; else the one word."""
    both = _BOTH.match(shown.strip())
    return [both[1], both[2]] if both else [shown.strip()]


def _asks(message: str) -> Problem:
    return Problem(Level.ERROR, "import.recruiter", message, FIELD.name)
