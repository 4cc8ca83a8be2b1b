"""Points outside service: bonuses, deductions, opening balances, and taking entries back."""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.core import hours
from hongyao_desktop.core.desk import Role, Writer, require
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.records.rows import PointKind
from hongyao_desktop.volunteers.service.entries import reverse_entry
from hongyao_desktop.volunteers.service.events import refuse_if_event
from hongyao_desktop.volunteers.service.settling import settle


def award_points(
    writer: Writer, volunteer_id: str, points: int, reason: str, *, earned_on: dt.date | None = None
) -> str:
    """Give a bonus (奖励) of ``points`` hundredths with its reason; returns the entry's id."""
    require(writer, Role.REVIEW, Role.APPROVE)
    return _enter(writer, volunteer_id, PointKind.BONUS, points, reason, earned_on=earned_on)


def deduct_points(writer: Writer, volunteer_id: str, points: int, reason: str) -> str:
    """Take ``points`` hundredths away (扣减) with the reason; never more than the balance. Returns the entry's id."""
    require(writer, Role.REVIEW, Role.APPROVE)
    row = lookups.volunteer(writer, volunteer_id)
    if points > row["points"]:
        balance, wanted = hours.format_centi(row["points"]), hours.format_centi(points)
        raise Refusal(f"{row['name']}（{row['number']}）积分余额 {balance} 分，不够扣 {wanted} 分")
    return _enter(writer, volunteer_id, PointKind.DEDUCTION, points, reason, sign=-1)


def opening_points(
    writer: Writer, volunteer_id: str, points: int, source: str, *, as_of: dt.date | None = None
) -> str:
    """Take over a balance from older books (期初) once, naming the paper it stands on; returns the entry's id."""
    require(writer, Role.REVIEW, Role.APPROVE)
    if as_of is not None and as_of > writer.clock.today():
        raise Refusal("截至日期还没有到，请写旧积分册上余额的日期")
    known = writer.one(
        "SELECT id FROM point_entry AS point WHERE volunteer_id = ? AND kind = ? "
        "AND NOT EXISTS (SELECT 1 FROM point_entry AS back WHERE back.reverses_id = point.id)",
        (volunteer_id, PointKind.OPENING.value),
    )
    if known is not None:
        raise Refusal("这位志愿者已有期初积分，要改请先冲正原来那一笔")
    return _enter(writer, volunteer_id, PointKind.OPENING, points, source, earned_on=as_of, source=source)


def reverse_points(writer: Writer, entry_id: str, reason: str) -> str:
    """Take back one entry that no service made (冲正); returns the reversing entry's id."""
    require(writer, Role.REVIEW, Role.APPROVE)
    if not reason.strip():
        raise Refusal("冲正要写明原因")
    entry = writer.one("SELECT * FROM point_view WHERE id = ?", (entry_id,))
    if entry is None:
        raise Refusal("这笔积分不在台账里，请刷新列表后重新选择")
    if entry["state"] != "有效":
        raise Refusal(
            f"{entry['name']}的这笔积分{'是冲正' if entry['reverses_id'] else '已经冲正过'}，不能再冲正"
        )
    if entry["service_record_id"]:
        raise Refusal("这笔积分由服务时长算出，请冲正那条服务记录，时长和积分会一并收回")
    if writer.value("SELECT 1 FROM point_expiry_entry WHERE point_entry_id = ?", (entry_id,)) is not None:
        raise Refusal("这笔积分随年终清零扣去，不能单独冲正，请在“到期清零”里整批撤回")
    refuse_if_event(writer, entry_id)
    redemption = writer.value("SELECT number FROM shop_redemption WHERE point_entry_id = ?", (entry_id,))
    if redemption is not None:
        raise Refusal(
            f"这笔积分用于积分超市的兑换 {redemption}，请在积分超市取消或退回，积分和库存会一并还回"
        )
    reversing = reverse_entry(writer, entry, reason.strip())
    settle(writer, [entry["volunteer_id"]])
    return reversing


def _enter(
    writer: Writer,
    volunteer_id: str,
    kind: PointKind,
    points: int,
    reason: str,
    *,
    sign: int = 1,
    earned_on: dt.date | None = None,
    source: str | None = None,
) -> str:
    if points <= 0:
        raise Refusal("分值要大于 0")
    if not reason.strip():
        raise Refusal(f"{kind.value}要写明原因")
    row = lookups.volunteer(writer, volunteer_id)
    today = writer.clock.today()
    entry = {
        "volunteer_id": volunteer_id,
        "unit_id": row["unit_id"] or lookups.office_unit_id(writer),
        "entered_on": today.isoformat(),
        "kind": kind.value,
        "points": sign * points,
        "earned_on": (earned_on or today).isoformat(),
        "explanation": f"{kind.value} {hours.format_centi(points)} 分：{reason.strip()}",
        "recorded_by": writer.who.name,
        "source": source,
    }
    made = writer.insert("point_entry", entry)
    settle(writer, [volunteer_id])
    return made
