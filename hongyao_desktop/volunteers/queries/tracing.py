"""Where points came from and where they went (来源和去向): one entry of the ledger and all it hangs together with."""

from __future__ import annotations

from hongyao_desktop.core import hours
from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.volunteers.queries.spending import drawn_from

POINTS_PLACE = "volunteers.points"


def trace(reader: Reader, entry_id: str) -> list[Row]:
    """The lines of one entry's story, in the order it is told; each says where the line itself may be opened.

    A line holds ``relation`` (起因, 用了, 用于, 冲正, 被冲正, 还剩, 欠分), ``earned_on``, ``kind``, ``points``,
    ``explanation`` in plain words, and ``place`` with ``target`` ("" where there is nothing to open).
    """
    entry = reader.one("SELECT * FROM point_view WHERE id = ?", (entry_id,))
    if entry is None:
        return []
    return [
        *_causes(reader, entry),
        *_reversals(reader, entry),
        *(_ledger_line("用了", row) for row in drawn_from(reader, entry_id)),
        *(_ledger_line("用于", row) for row in _spent_on(reader, entry_id)),
        *_rest(reader, entry),
    ]


def _line(
    relation: str, day: str, kind: str, points: int, words: str, place: str = "", target: str = ""
) -> Row:
    return {
        "id": f"{relation}:{target or relation}",
        "relation": relation,
        "earned_on": day,
        "kind": kind,
        "points": points,
        "explanation": words,
        "place": place,
        "target": target,
    }


def _ledger_line(relation: str, row: Row) -> Row:
    day, words = row["earned_on"], row["explanation"]
    return _line(relation, day, row["kind"], row["points"], words, POINTS_PLACE, row["id"])


def _spent_on(reader: Reader, award_id: str) -> list[Row]:
    return reader.all(
        """
        SELECT spend.id, spend.entered_on AS earned_on, spend.kind, spend.explanation, SUM(link.points) AS points
        FROM point_link AS link JOIN point_entry AS spend ON spend.id = link.spend_id
        WHERE link.award_id = ? GROUP BY spend.id HAVING SUM(link.points) <> 0
        ORDER BY spend.entered_on, spend.id
        """,
        (award_id,),
    )


def _causes(reader: Reader, entry: Row) -> list[Row]:
    """What the entry was written for: a service, a spot report, a redemption, a year end."""
    found = []
    if entry["service_record_id"]:
        row = reader.one("SELECT * FROM service_view WHERE id = ?", (entry["service_record_id"],))
        if row is not None:
            words = (
                f"{row['title']}，服务{hours.format_minutes(abs(row['minutes']))}小时（{row['evidence']}）"
            )
            target = ("volunteers.services", row["id"])
            found.append(_line("起因", row["served_on"], "服务", entry["points"], words, *target))
    if entry["spot_report_id"]:
        row = reader.one("SELECT * FROM spot_report WHERE id = ?", (entry["spot_report_id"],))
        if row is not None:
            words = f"{row['place']}：{row['content']}"
            target = ("volunteers.spots", row["id"])
            found.append(_line("起因", row["reported_on"], "随手拍", entry["points"], words, *target))
    row = reader.one("SELECT * FROM shop_redemption_view WHERE point_entry_id = ?", (entry["id"],))
    if row is not None:
        words = f"{row['number']} 兑换{row['good_name']} {row['quantity']} {row['measure']}，{row['state']}"
        target = ("volunteers.shop.redemptions", row["id"])
        found.append(_line("起因", row["ordered_on"], "兑换", entry["points"], words, *target))
    row = reader.one(
        "SELECT batch.* FROM point_expiry AS batch JOIN point_expiry_entry AS made ON made.expiry_id = batch.id "
        "WHERE made.point_entry_id = ?",
        (entry["id"],),
    )
    if row is not None:
        words = f"{row['number']} {row['kind']}：{row['cutoff_on']}以前得到、没有用的积分到期"
        target = ("volunteers.expiries", row["id"])
        found.append(_line("起因", row["ran_on"], "到期", entry["points"], words, *target))
    return found


def _reversals(reader: Reader, entry: Row) -> list[Row]:
    found = []
    taken_back = reader.one("SELECT * FROM point_view WHERE id = ?", (entry["reverses_id"],))
    if taken_back is not None:
        found.append(_ledger_line("冲正", {**taken_back, "earned_on": taken_back["entered_on"]}))
    back = reader.one("SELECT * FROM point_view WHERE reverses_id = ?", (entry["id"],))
    if back is not None:
        found.append(_ledger_line("被冲正", {**back, "earned_on": back["entered_on"]}))
    return found


def _rest(reader: Reader, entry: Row) -> list[Row]:
    """What is left of points that came; what of points that went is not covered by any (欠分)."""
    if entry["state"] != "有效" or not entry["points"]:
        return []
    day = entry["entered_on"]
    if entry["points"] > 0:
        left = reader.value("SELECT remaining FROM point_award_view WHERE id = ?", (entry["id"],)) or 0
        words = "还没有用的，兑换时从最早得到的用起" if left else "这一笔已经用完"
        return [_line("还剩", day, "", left, words)]
    linked = reader.value("SELECT SUM(points) FROM point_link WHERE spend_id = ?", (entry["id"],)) or 0
    debt = -entry["points"] - linked
    words = "当时的积分后来被收回，这些还没有积分可抵，以后得到的先补上"
    return [_line("欠分", day, "", -debt, words)] if debt > 0 else []
