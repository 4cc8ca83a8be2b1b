"""Year end of points (年终清零、到期清零): done in one operation after a look, taken back as a whole."""

from __future__ import annotations

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Role, Writer, require
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.queries.year_end import entries_of, preview
from hongyao_desktop.volunteers.rules.expiry import Mode
from hongyao_desktop.volunteers.service.entries import reverse_entry
from hongyao_desktop.volunteers.service.settling import expire, settle


def run_year_end(writer: Writer) -> str:
    """Clear what the preview shows, every volunteer with one entry that explains itself; returns the batch's id.

    Refuses when nothing is to be cleared. It can be taken back by :func:`withdraw_year_end`.
    """
    require(writer, Role.REVIEW, Role.APPROVE)
    today = writer.clock.today()
    found = preview(writer, today)
    if not found.lines:
        raise Refusal(f"没有{format_cn(found.cutoff_on)}以前得到、还没有用的积分，不用清零")
    year = today.year
    serial = int(
        writer.value("SELECT COUNT(*) FROM point_expiry WHERE substr(ran_on, 1, 4) = ?", (str(year),))
    )
    batch = writer.insert(
        "point_expiry",
        {
            "number": f"清{year}-{serial + 1:02d}",
            "kind": "年终清零" if found.rule.mode is Mode.CLEAR else "到期清零",
            "cutoff_on": found.cutoff_on.isoformat(),
            "ran_on": today.isoformat(),
            "rule_id": found.rule.id,
            "people": len(found.lines),
            "points": found.points,
            "recorded_by": writer.who.name,
        },
    )
    for volunteer_id, points in found.lines:
        expire(writer, volunteer_id, batch, points)
    settle(writer, [volunteer_id for volunteer_id, _points in found.lines])
    return batch


def withdraw_year_end(writer: Writer, expiry_id: str, reason: str) -> str:
    """Take a year end back (撤回): every entry of it is reversed, points are there again; returns the batch's id."""
    require(writer, Role.REVIEW, Role.APPROVE)
    if not reason.strip():
        raise Refusal("撤回要写明原因")
    batch = writer.one("SELECT * FROM point_expiry WHERE id = ?", (expiry_id,))
    if batch is None:
        raise Refusal("这次清零不在台账里，请刷新列表后重新选择")
    if batch["status"] != "有效":
        raise Refusal(f"{batch['number']} 已经撤回，不能再撤回一次")
    changes = {
        "status": "已撤回",
        "status_reason": reason.strip(),
        "status_on": writer.clock.today().isoformat(),
    }
    writer.update("point_expiry", expiry_id, changes)
    rows = entries_of(writer, expiry_id)
    for row in rows:
        reverse_entry(writer, row, f"撤回{batch['kind']} {batch['number']}：{reason.strip()}")
    settle(writer, [row["volunteer_id"] for row in rows])
    return expiry_id
