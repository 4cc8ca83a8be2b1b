"""The office's working days (工作日): read by deadlines and notices, corrected by those who look after the office."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from hongyao_desktop.core.day_corrections import (
    DayCorrection,
    overrides_of,
    read_corrections,
    write_corrections,
)
from hongyao_desktop.core.desk import Reader, Role, Writer
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.settings import DAY_CORRECTIONS, SettingProblem
from hongyao_desktop.core.workdays import Overrides

MAY_CORRECT: Final = frozenset({Role.SYSTEM_ADMIN, Role.REVIEW, Role.APPROVE})
"""Who may correct working days: they move the ends of notices and the limits of orders."""


def office_workdays(reader: Reader) -> Overrides:
    """The office's corrections, for counting working days."""
    return overrides_of(_stored(reader))


def corrections(reader: Reader) -> tuple[DayCorrection, ...]:
    """The office's corrections by day."""
    return read_corrections(_stored(reader))


def correct_days(
    writer: Writer, added: Sequence[DayCorrection], removed: Iterable[DayCorrection] = ()
) -> None:
    """Add corrections (a day that has one gets the new one) and take others back.

    What was counted before keeps its day; papers and steps from now on follow. Refuses operators who may not.
    """
    if not writer.who.roles & MAY_CORRECT:
        raise Refusal(f"{writer.who.name}不能更正工作日，请由审核、审批人员或系统管理员办理")
    gone = {correction.day for correction in removed}
    kept = [correction for correction in corrections(writer) if correction.day not in gone]
    try:
        text = write_corrections([*kept, *added])
    except SettingProblem as problem:
        raise Refusal("更正的日子太多，请先删去往年的再添加") from problem
    key = DAY_CORRECTIONS.key
    if writer.value("SELECT 1 FROM setting WHERE id = ?", (key,)) is None:
        writer.insert("setting", {"id": key, "value": text})
    else:
        writer.update("setting", key, {"value": text})


def _stored(reader: Reader) -> dict[str, str]:
    kept = reader.value("SELECT value FROM setting WHERE id = ?", (DAY_CORRECTIONS.key,))
    return {} if kept is None else {DAY_CORRECTIONS.key: str(kept)}
