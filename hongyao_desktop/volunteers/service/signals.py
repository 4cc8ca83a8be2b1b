"""Suspicions (疑点) set aside with a reason, and taken up again."""

from __future__ import annotations

from typing import Final

from hongyao_desktop.core.desk import Role, Writer, require
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.records.suspicions import Signal

CHECKERS: Final = (Role.REVIEW, Role.APPROVE)
"""Who may set a suspicion aside."""


def dismiss(writer: Writer, signal: Signal, reason: str) -> str:
    """Set a suspicion aside (核实无误) with the reason; returns the dismissal's id. Who entered it may not."""
    require(writer, *CHECKERS)
    if not reason.strip():
        raise Refusal("核实无误要写明怎样核实的")
    if writer.who.name in signal.hands:
        raise Refusal(f"这些记录是{signal.operator}录入的，请由另一位同事核实")
    known = writer.one(
        "SELECT id, status FROM signal_dismissal WHERE signal = ? AND evidence = ?",
        (signal.kind.value, signal.key),
    )
    if known is not None and known["status"] == "有效":
        raise Refusal("这条疑点已经核实过")
    row = {
        "sentence": signal.sentence,
        "reason": reason.strip(),
        "dismissed_on": writer.clock.today().isoformat(),
        "recorded_by": writer.who.name,
        "status": "有效",
    }
    if known is not None:
        writer.update("signal_dismissal", known["id"], row)
        return str(known["id"])
    return writer.insert("signal_dismissal", {**row, "signal": signal.kind.value, "evidence": signal.key})


def take_up_again(writer: Writer, dismissal_id: str) -> str:
    """A suspicion that was set aside is open again (收回); returns the dismissal's id."""
    require(writer, *CHECKERS)
    status = writer.value("SELECT status FROM signal_dismissal WHERE id = ?", (dismissal_id,))
    if status is None:
        raise Refusal("这条核实记录不在台账里，请刷新列表后重新选择")
    if status != "有效":
        raise Refusal("这条核实记录已经收回")
    writer.update("signal_dismissal", dismissal_id, {"status": "已收回"})
    return dismissal_id
