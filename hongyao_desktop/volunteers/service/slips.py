"""Several goods in one go at the counter (兑换单)."""

from __future__ import annotations

from collections.abc import Sequence

from hongyao_desktop.core.desk import Role, Writer, require
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.service.shop import redeem


def redeem_several(
    writer: Writer,
    volunteer_id: str,
    wishes: Sequence[tuple[str, int]],
    *,
    handed_over: bool = True,
    note: str | None = None,
) -> str:
    """Redeem several goods (商品, 数量) in one go on one slip: all of them or nothing; returns its id."""
    require(writer, Role.ENTRY, Role.REVIEW)
    if not wishes:
        raise Refusal("还没有选商品，请至少选一样")
    today = writer.clock.today()
    serial = int(
        writer.value("SELECT COUNT(*) FROM shop_slip WHERE substr(ordered_on, 1, 4) = ?", (str(today.year),))
    )
    slip_id = writer.insert(
        "shop_slip",
        {
            "number": f"单{today.year}-{serial + 1:04d}",
            "volunteer_id": volunteer_id,
            "ordered_on": today.isoformat(),
            "recorded_by": writer.who.name,
        },
    )
    for good_id, quantity in wishes:
        made = redeem(writer, volunteer_id, good_id, quantity, handed_over=handed_over, note=note)
        writer.insert("shop_slip_line", {"slip_id": slip_id, "redemption_id": made})
    return slip_id
