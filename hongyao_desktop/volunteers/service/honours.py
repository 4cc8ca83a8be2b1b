"""Rating by stars (星级评定): proposed and published, objected to, granted after the notice, taken back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hongyao_desktop.core import workdays
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Reader, Role, Writer, require
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.people.calendar import office_workdays
from hongyao_desktop.people.queries import unit_scope
from hongyao_desktop.volunteers.queries import conduct, lookups, paper_rows
from hongyao_desktop.volunteers.queries import honours as queries
from hongyao_desktop.volunteers.queries.shelf import stars_rules
from hongyao_desktop.volunteers.rules.stars import StarsRule


@dataclass(frozen=True, slots=True)
class Planned:
    """What a review would hold: who is proposed, who is left out, the last day of the notice."""

    unit_id: str
    rule: StarsRule
    found: tuple[queries.Candidate, ...]
    barred: tuple[queries.Candidate, ...]
    until: dt.date


def plan_review(reader: Reader, as_of: dt.date, unit_id: str | None, today: dt.date) -> Planned:
    """Look at a review before it begins; refuses when nobody would be in it."""
    if as_of > today:
        raise Refusal(f"{format_cn(as_of)}还没有到，请核对截止日期")
    home = unit_id or lookups.office_unit_id(reader)
    if home is None:
        raise Refusal("组织体系里还没有本单位，请先登记组织")
    name = str(reader.value("SELECT name FROM unit WHERE id = ?", (home,)))
    rule = stars_rules(reader).on(as_of)
    all_of_them = queries.candidates(reader, unit_scope(home, name), as_of, rule, today)
    found = tuple(one for one in all_of_them if not one.barred)
    if not found:
        raise Refusal(f"截至{format_cn(as_of)}没有达到新星级的志愿者，不用评定")
    until = workdays.add_workdays(today - dt.timedelta(days=1), rule.public_days, office_workdays(reader))
    return Planned(home, rule, found, tuple(one for one in all_of_them if one.barred), until)


def begin_review(writer: Writer, as_of: dt.date, unit_id: str | None = None) -> str:
    """Propose everybody of a unit whose hours reached a higher star, and begin the notice today; returns its id.

    Who is barred after a falsehood is left out. Refuses when nobody is left.
    """
    require(writer, Role.ENTRY, Role.REVIEW)
    today = writer.clock.today()
    planned = plan_review(writer, as_of, unit_id, today)
    home, rule, found, until = planned.unit_id, planned.rule, planned.found, planned.until
    serial = int(
        writer.value("SELECT COUNT(*) FROM star_review WHERE substr(number, 2, 4) = ?", (str(today.year),))
    )
    review_id = writer.insert(
        "star_review",
        {
            "number": f"星{today.year}-{serial + 1:02d}",
            "unit_id": home,
            "rule_id": rule.id,
            "as_of": as_of.isoformat(),
            "public_from": today.isoformat(),
            "public_until": until.isoformat(),
            "status_on": today.isoformat(),
            "recorded_by": writer.who.name,
        },
    )
    writer.insert_many(
        "star_grant",
        (
            {
                "review_id": review_id,
                "volunteer_id": one.row["id"],
                "star": one.rank.name,
                "reached": one.rank.reached,
                "minutes": paper_rows.total(one.row) - one.uncounted,
                "points": one.row["earned_points"],
                "granter": one.rank.by or None,
            }
            for one in found
        ),
    )
    return review_id


def grant_review(writer: Writer, review_id: str) -> int:
    """After the notice everybody nobody objected to gets the star (授予); returns how many.

    Who was barred while the notice ran gets none, with the reason of the bar.
    """
    require(writer, Role.APPROVE)
    row = queries.review(writer, review_id)
    if row["status"] != "公示中":
        raise Refusal(f"{row['number']}现在是“{row['status']}”，不能再授予")
    today = writer.clock.today()
    until = dt.date.fromisoformat(row["public_until"])
    if today <= until:
        raise Refusal(f"公示到{format_cn(until)}为止，第二天起才能授予")
    proposed = [one for one in queries.grants_of(writer, review_id) if one["status"] == "拟评"]
    granted = 0
    for one in proposed:
        bar = conduct.bar_on(writer, one["volunteer_id"], conduct.NO_STARS, today)
        if bar is not None:
            why = f"{conduct.NO_STARS}：{bar['reason']}"
            writer.update("star_grant", one["id"], {"status": "不授予", "status_reason": why})
            continue
        writer.update("star_grant", one["id"], {"status": "已授予"})
        granted += 1
    writer.update("star_review", review_id, {"status": "已授予", "status_on": today.isoformat()})
    return granted


def object_star(writer: Writer, review_id: str, volunteer_id: str, reason: str) -> str:
    """Somebody objected while the notice runs (异议): this volunteer gets no star; returns the grant's id."""
    require(writer, Role.REVIEW, Role.APPROVE)
    row = queries.review(writer, review_id)
    if row["status"] != "公示中":
        raise Refusal(f"{row['number']}现在是“{row['status']}”，公示中的才能提异议")
    own = [one for one in queries.grants_of(writer, review_id) if one["volunteer_id"] == volunteer_id]
    if not own:
        shown = lookups.standing(writer, volunteer_id).shown
        raise Refusal(f"{shown}不在{row['number']}的名单里，请核对是不是同名的另一位")
    return refuse_star(writer, own[0]["id"], reason)


def refuse_star(writer: Writer, grant_id: str, reason: str) -> str:
    """Somebody objected, or it was wrong: not granted (不授予), or taken back once granted (取消); returns its id."""
    require(writer, Role.REVIEW, Role.APPROVE)
    if not reason.strip():
        raise Refusal("不授予或取消星级要写明原因")
    row = queries.grant(writer, grant_id)
    if row["status"] not in ("拟评", "已授予"):
        raise Refusal(f"{row['name']}的{row['star']}已经{row['status']}")
    status = "不授予" if row["status"] == "拟评" else "取消"
    writer.update("star_grant", grant_id, {"status": status, "status_reason": reason.strip()})
    return grant_id


def withdraw_review(writer: Writer, review_id: str, reason: str) -> str:
    """Give a review up while it is published (撤回); everybody can be proposed again; returns its id."""
    require(writer, Role.REVIEW, Role.APPROVE)
    if not reason.strip():
        raise Refusal("撤回要写明原因")
    row = queries.review(writer, review_id)
    if row["status"] != "公示中":
        raise Refusal(f"{row['number']}现在是“{row['status']}”，公示中的才能撤回")
    for one in queries.grants_of(writer, review_id):
        if one["status"] == "拟评":
            changes = {"status": "不授予", "status_reason": f"整批撤回：{reason.strip()}"}
            writer.update("star_grant", one["id"], changes)
    writer.update(
        "star_review",
        review_id,
        {
            "status": "撤回",
            "status_on": writer.clock.today().isoformat(),
            "status_reason": reason.strip(),
        },
    )
    return review_id
