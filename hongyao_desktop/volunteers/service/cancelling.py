"""Cancelling an activity (取消活动): what it takes back, said before and done at once."""

from __future__ import annotations

from typing import Final

from hongyao_desktop.core import hours
from hongyao_desktop.core.desk import Reader, Role, Writer, require
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries.cancelling import what_goes
from hongyao_desktop.volunteers.records.rows import duration_text
from hongyao_desktop.volunteers.service.recording import reverse_service

CANCELLERS: Final = (Role.REVIEW, Role.APPROVE)
"""Who may cancel an activity: it takes back what others entered."""


def cancel_findings(reader: Reader, activity_id: str) -> list[Problem]:
    """What cancelling would take back, as a question; nothing is asked where no hours were entered."""
    gone = what_goes(reader, activity_id)
    if not gone.people:
        return []
    debts = (
        f"，其中 {gone.debtors} 人的积分已经用掉，会欠 {hours.format_centi(gone.debt)} 分"
        if gone.debtors
        else ""
    )
    message = f"将冲正 {gone.people} 人 {duration_text(gone.minutes)}，收回 {hours.format_centi(gone.points)} 分{debts}"
    return [Problem(Level.QUESTION, "activity.cancel", message)]


def cancel_activity(writer: Writer, activity_id: str, reason: str) -> int:
    """Cancel an activity and take back every record of it; returns how many records were reversed.

    Who had signed up is taken off the list, nobody is absent from what did not take place.
    """
    require(writer, *CANCELLERS)
    reason = reason.strip()
    if not reason:
        raise Refusal("取消活动要写明原因")
    lookups.activity(writer, activity_id)
    records = lookups.records_of_activity(writer, activity_id)
    for record in records:
        reverse_service(writer, record["id"], f"活动取消：{reason}")
    writer.update("activity", activity_id, {"status": "取消", "status_reason": reason})
    for row in writer.all(
        "SELECT id FROM activity_signup WHERE activity_id = ? AND status <> '取消'", (activity_id,)
    ):
        writer.update(
            "activity_signup", row["id"], {"status": "取消", "status_reason": f"活动取消：{reason}"}
        )
    return len(records)
