"""Finding the volunteer a sheet row means: by number, identity number, its tail or the phone, with the name.

Numbers may be covered (158****8603): what is open has to agree.

A name alone is taken only when one volunteer bears it, and then it is said (PEERS section 10: "only name matched,
two real people merged").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.volunteers.imports import covered
from hongyao_desktop.volunteers.queries import lookups

_TAIL = 4


@dataclass(frozen=True, slots=True)
class Match:
    """The volunteer a row means, or None with the finding that says why."""

    row: Row | None
    problem: Problem | None = None


class Roster:
    """The volunteers bearing the names of a sheet, loaded once for an import."""

    def __init__(self, reader: Reader, names: Sequence[str]) -> None:
        self._by_name = lookups.volunteers_by_name(reader, names)

    def knows(self, name: str) -> bool:
        """Whether a volunteer of this name was found among those asked for."""
        return name in self._by_name

    def match(self, values: Mapping[str, Any]) -> Match:
        """The volunteer these values mean; ``values`` may hold name, number, id_number, id_tail and phone."""
        name = str(values.get("name") or "")
        alike = self._by_name.get(name, [])
        keys = _keys(values)
        shown = f"{name}（{'，'.join(said for said, _ in keys)}）" if keys else name
        if not alike:
            return _refused("import.unknown", f"花名册里没有{shown}，请先登记这位志愿者再导入")
        fitting = [row for row in alike if all(fits(row) for _, fits in keys)]
        if len(fitting) > 1:
            # Who was merged into another entry, left or died stays on file and would make every name doubtful.
            serving = [row for row in fitting if row["status"] == "在册" and row["person_status"] == "在册"]
            fitting = serving if len(serving) == 1 else fitting
        if len(fitting) == 1:
            return Match(fitting[0], None if keys else _by_name_only(fitting[0]))
        numbers = "、".join(row["number"] for row in (fitting or alike)[:5])
        if fitting:
            more = "表中信息不足以分清" if keys else "不能只凭姓名登记，请在表中加上编号、电话或证件后四位"
            return _refused("import.ambiguous", f"花名册里有 {len(fitting)} 位{shown}（{numbers}），{more}")
        return _refused(
            "import.mismatch",
            f"花名册里的{name}（{numbers}）与表中{'、'.join(s for s, _ in keys)}对不上，请核对",
        )


def _keys(values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What narrows the name down: words for a finding, and the test a volunteer has to pass."""
    keys: list[tuple[str, Any]] = []
    number, id_number, phone = values.get("number"), values.get("id_number"), values.get("phone")
    tail = str(values.get("id_tail") or "").upper()
    if number:
        keys.append((f"编号 {number}", lambda row: row["number"] == number))
    if id_number:
        keys.append((f"证件尾号 {id_number[-_TAIL:]}", lambda row: covered.fits(id_number, row["id_number"])))
    elif tail:
        tail = tail.zfill(_TAIL)
        keys.append((f"证件尾号 {tail}", lambda row: (row["id_number"] or "").endswith(tail)))
    if phone and not keys:
        keys.append((f"电话尾号 {phone[-_TAIL:]}", lambda row: covered.fits(phone, row["phone"])))
    return keys


def _by_name_only(row: Row) -> Problem:
    message = f"只凭姓名对应到{row['name']}（{row['number']}），请核对是不是本人"
    return Problem(Level.WARNING, "import.name_only", message, "name")


def _refused(code: str, message: str) -> Match:
    return Match(None, Problem(Level.ERROR, code, message, "name"))
