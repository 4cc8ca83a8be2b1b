"""After every movement of points: room under caps is filled again, year ends and links follow (积分结算).

Nothing here is asked for by a clerk; the verbs of this room call it before they end, so that within one operation the
ledger is always what the fold of ``rules.spending`` and the caps of ``rules.points`` say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from hongyao_desktop.core import hours
from hongyao_desktop.core.desk import Row, Writer
from hongyao_desktop.core.ids import new_id
from hongyao_desktop.volunteers.queries import lookups, spending
from hongyao_desktop.volunteers.queries.shelf import points_rules
from hongyao_desktop.volunteers.queries.spending import Account
from hongyao_desktop.volunteers.records.rows import Evidence, PointKind
from hongyao_desktop.volunteers.rules.points import Award, PointsRule, Span, service_award, spot_award
from hongyao_desktop.volunteers.rules.spending import Ending
from hongyao_desktop.volunteers.service.entries import reverse_entry

_REFILLED = "因冲正腾出限额，重新计分"


def settle(writer: Writer, volunteer_ids: Collection[str]) -> None:
    """Bring year ends and links of these volunteers up to what follows from their entries."""
    known = spending.endings(writer)
    needy = spending.who_needs_links(writer, volunteer_ids, known)
    if not needy:
        return
    accounts = spending.accounts(writer, needy)
    if known:
        changed = [one for one in accounts.values() if _end(writer, one, known)]
        accounts |= spending.accounts(writer, [one.volunteer_id for one in changed])
    on_file = spending.links_of(writer, needy)
    today = writer.clock.today().isoformat()
    rows: list[Row] = []
    for volunteer_id, account in accounts.items():
        wanted = account.folded(known).links
        before = on_file.get(volunteer_id, {})
        for spend_id, award_id in sorted(wanted.keys() | before.keys()):
            more = wanted.get((spend_id, award_id), 0) - before.get((spend_id, award_id), 0)
            if more:
                rows.append(
                    {
                        "id": new_id(writer.clock),
                        "volunteer_id": volunteer_id,
                        "award_id": award_id,
                        "spend_id": spend_id,
                        "points": more,
                        "linked_on": today,
                    }
                )
    if rows:
        writer.insert_many("point_link", rows)


def _end(writer: Writer, account: Account, known: Iterable[Ending]) -> bool:
    """Entries of year ends as they follow; True when one had to change."""
    endings = list(known)
    changed = False
    for ending_id, points in account.folded(endings).gone.items():
        old = account.expired.get(ending_id)
        if points == (0 if old is None else -old["points"]):
            continue
        if old is not None:
            reverse_entry(writer, old, "来源积分有变动，重新计算清零")
        if points:
            expire(writer, account.volunteer_id, ending_id, points)
        changed = True
    return changed


def expire(writer: Writer, volunteer_id: str, expiry_id: str, points: int) -> str:
    """Write what a year end takes from one volunteer; returns the entry's id."""
    ending = writer.one("SELECT * FROM point_expiry WHERE id = ?", (expiry_id,))
    if ending is None:
        raise ValueError(f"no year end {expiry_id!r}")
    row = lookups.volunteer(writer, volunteer_id)
    entry_id = writer.insert(
        "point_entry",
        {
            "volunteer_id": volunteer_id,
            "unit_id": row["unit_id"] or lookups.office_unit_id(writer),
            "entered_on": writer.clock.today().isoformat(),  # a month that was reported must not change
            "kind": PointKind.EXPIRY.value,
            "points": -points,
            "earned_on": ending["ran_on"],
            "rule_id": ending["rule_id"],
            "explanation": f"{ending['kind']} {ending['number']}：{ending['cutoff_on']} 以前得到、"
            f"尚未使用的积分 {hours.format_centi(points)} 分清零，服务时长不变",
            "recorded_by": writer.who.name,
            "source": ending["number"],
        },
    )
    writer.insert("point_expiry_entry", {"expiry_id": expiry_id, "point_entry_id": entry_id})
    return entry_id


def refill_caps(writer: Writer, volunteer_id: str, day: dt.date) -> int:
    """Awards around ``day`` that a cap had cut get the room a reversal left; returns how many were counted anew."""
    shelf = points_rules(writer)
    rule = shelf.find(day)
    if rule is None or not (rule.caps or rule.spot_caps):
        return 0
    widest = max((*rule.caps, *rule.spot_caps), key=list(Span).index)
    first, last = lookups.span_days(widest, day)
    rows = writer.all(
        "SELECT point.* FROM point_entry AS point WHERE point.volunteer_id = ? AND point.earned_on BETWEEN ? AND ? "
        "AND point.cut_points > 0 AND point.reverses_id IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM point_entry AS back WHERE back.reverses_id = point.id) ORDER BY point.earned_on, point.id",
        (volunteer_id, first.isoformat(), last.isoformat()),
    )
    return sum(_refilled(writer, row) for row in rows)


def _refilled(writer: Writer, entry: Row) -> bool:
    day = dt.date.fromisoformat(entry["earned_on"])
    rule = points_rules(writer).find(day)
    if rule is None or rule.id != entry["rule_id"]:
        return False
    who = entry["volunteer_id"]
    of_spot = entry["spot_report_id"] is not None
    caps = rule.spot_caps if of_spot else rule.caps
    got = lookups.points_got(writer, [who], caps, day, spots=of_spot).get(who, {})
    already = {span: points - entry["points"] for span, points in got.items()}
    if of_spot:
        kind = writer.value("SELECT kind FROM spot_report WHERE id = ?", (entry["spot_report_id"],))
        award = spot_award(rule, already, kind)
    else:
        award = _served(writer, rule, entry, already)
    if award.points <= entry["points"]:
        return False
    reverse_entry(writer, entry, _REFILLED)
    kept = ("volunteer_id", "unit_id", "kind", "earned_on", "service_record_id", "spot_report_id", "rule_id")
    writer.insert(
        "point_entry",
        {
            **{name: entry[name] for name in kept},
            "entered_on": writer.clock.today().isoformat(),
            "points": award.points,
            "counted_minutes": award.counted_minutes,
            "cut_minutes": award.cut_minutes,
            "cut_points": award.cut_points,
            "cut_by": award.cut_by,
            "explanation": f"{award.explanation}（{_REFILLED}）",
            "recorded_by": writer.who.name,
        },
    )
    return True


def _served(writer: Writer, rule: PointsRule, entry: Row, already: Mapping[Span, int]) -> Award:
    row = lookups.service(writer, entry["service_record_id"])
    category = lookups.activity(writer, row["activity_id"]).category if row["activity_id"] else None
    return service_award(
        rule,
        minutes=row["minutes"],
        evidence=Evidence(row["evidence"]),
        category=category,
        kind=lookups.standing(writer, entry["volunteer_id"]).kind,
        already=already,
    )
