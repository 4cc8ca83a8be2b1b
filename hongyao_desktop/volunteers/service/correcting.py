"""Correcting an hour (更正时长): a traced new version takes the place of what was wrong (order 67, DOMAIN 1.2)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from hongyao_desktop.core.desk import Reader, Role, Row, Writer, require
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.records.rows import OPENING_HOURS, Evidence, ServiceRecord, service_of
from hongyao_desktop.volunteers.service.recording import findings, reverse_service, write_services

_TOO_LATE = frozenset({"service.late", "service.void"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What the hour should have said: its length, its times, why, and who pointed it out (提出人)."""

    minutes: int
    starts_minute: int | None
    ends_minute: int | None
    reason: str
    raised_by: str | None = None


def corrected(row: Row, right: Correction) -> ServiceRecord:
    """The new version of a record; what it rests on, its activity and day stay."""
    before = service_of(row)
    reason = f"更正：{right.reason.strip()}"
    if before.evidence is Evidence.MADE_UP and before.reason:
        reason = f"{before.reason}；{reason}"
    came = f"更正 {row['recorded_by']} {row['recorded_on']} 登记的记录"
    return replace(
        before,
        id=None,
        minutes=right.minutes,
        starts_minute=right.starts_minute,
        ends_minute=right.ends_minute,
        reason=reason,
        source=f"{row['source']}；{came}"
        if row["source"]
        else came,  # of which order or list it was stays known
    )


def correction_findings(
    reader: Reader, row: Row, right: Correction, *, today: dt.date, recorder: str
) -> list[Problem]:
    """Findings about the new version beside everything but the one it replaces; a correction is never too late."""
    before = service_of(row)
    if (right.minutes, right.starts_minute, right.ends_minute) == (
        before.minutes,
        before.starts_minute,
        before.ends_minute,
    ):
        return [Problem(Level.ERROR, "service.same", "和原来登记的一样，没有要更正的", "minutes")]
    activity = lookups.activity(reader, row["activity_id"]) if row["activity_id"] else None
    (found,) = findings(
        reader,
        [corrected(row, right)],
        activity=activity,
        today=today,
        recorder=recorder,
        instead_of=row["id"],
    )
    return [problem for problem in found if problem.code not in _TOO_LATE]


def correct_service(writer: Writer, record_id: str, right: Correction) -> str:
    """Reverse a record and write its new version with the points that follow; returns the id of the new one."""
    require(writer, Role.ENTRY, Role.REVIEW)
    reason = right.reason.strip()
    if not reason:
        raise Refusal("更正要写明原因，如：本人提出，照签到表应为 2.5 小时")
    row = lookups.service(writer, record_id)
    if row["state"] != "有效":
        raise Refusal(f"{row['name']}的这条记录已经冲正，不能再更正")
    if row["title"] == OPENING_HOURS:
        raise Refusal("期初时长按原来的册子转入，不能更正；转错了用冲正")
    problems = correction_findings(writer, row, right, today=writer.clock.today(), recorder=writer.who.name)
    errors = [problem for problem in problems if problem.level is Level.ERROR]
    if errors:
        raise Refusal(errors[0].message, problems=errors)
    activity = lookups.activity(writer, row["activity_id"]) if row["activity_id"] else None
    reverse_service(writer, record_id, f"更正：{reason}")
    (written,) = write_services(writer, [(corrected(row, right), activity.category if activity else None)])
    writer.insert(
        "service_correction",
        {
            "before_id": record_id,
            "after_id": written.record_id,
            "reason": reason,
            "raised_by": (right.raised_by or "").strip() or None,
            "corrected_on": writer.clock.today().isoformat(),
            "recorded_by": writer.who.name,
        },
    )
    return written.record_id
