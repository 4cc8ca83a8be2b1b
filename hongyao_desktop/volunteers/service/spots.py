"""Spot reports (随手拍): taking a report, merging repeats into the first one, closing it, points for the reporter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hongyao_desktop.core import dates
from hongyao_desktop.core.desk import Reader, Role, Row, Writer, refuse_errors, require
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.people.service import missing_fields
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries.shelf import points_rules, spots_rules
from hongyao_desktop.volunteers.records.points import SPOTS
from hongyao_desktop.volunteers.records.rows import PointKind, SpotStatus
from hongyao_desktop.volunteers.rules.points import Award, spot_award
from hongyao_desktop.volunteers.rules.spots import Sighting, first_report, kind_of
from hongyao_desktop.volunteers.service.entries import reverse_entry
from hongyao_desktop.volunteers.service.settling import refill_caps, settle

_COLUMNS = tuple(field.name for field in SPOTS.entered)
_SETTLED = (SpotStatus.MERGED.value, SpotStatus.VOID.value)


@dataclass(frozen=True, slots=True)
class SpotTaken:
    """A report that was written, and the earlier one it repeats, if any."""

    report_id: str
    merged_into: Row | None


def check_spot(reader: Reader, values: Row, row_id: str | None) -> list[Problem]:
    """Everything wrong or doubtful about a report before saving, the report it repeats included."""
    found = missing_fields(SPOTS, values)
    if found or row_id is not None:
        return found
    found += _whose(reader, values)
    first = repeated(reader, values)
    if first is not None:
        day = dates.format_cn(dt.date.fromisoformat(first["reported_on"]))
        message = f"与{first['reporter']}{day}上报的“{first['content']}”是同一问题，保存后并入首报"
        found.append(Problem(Level.QUESTION, "spot.repeat", message, "content"))
    return found


def _whose(reader: Reader, values: Row) -> list[Problem]:
    """Whether the reporter is the volunteer who would get the points, as far as the name tells."""
    name, chosen = values["reporter"], values.get("volunteer_id")
    if chosen:
        who = lookups.standing(reader, chosen)
        if who.name == name:
            return []
        message = f"上报人是{name}，对应的志愿者是{who.shown}，积分记给{who.name}，请核对"
        return [Problem(Level.QUESTION, f"spot.whose.{chosen}", message, "volunteer_id")]
    alike = (
        [] if reporter_by_phone(reader, values) else lookups.volunteers_by_name(reader, [name]).get(name, [])
    )
    if not alike:
        return []
    who_is = f"有{name}（{alike[0]['number']}）" if len(alike) == 1 else f"有 {len(alike)} 位{name}"
    message = f"志愿者里{who_is}，是本人的请在“对应志愿者”里选定，积分才记得上"
    return [Problem(Level.WARNING, "spot.claimable", message, "volunteer_id")]


def save_spot(writer: Writer, values: Row, row_id: str | None) -> str:
    """Take a new report or mend what is written about one; returns its id."""
    if row_id is None:
        return report_spot(writer, values).report_id
    require(writer, Role.ENTRY, Role.REVIEW)
    before = _report(writer, row_id)
    refuse_errors(check_spot(writer, {**before, **values}, row_id))
    if (
        before["status"] == SpotStatus.CLOSED
        and values.get("volunteer_id", before["volunteer_id"]) != before["volunteer_id"]
    ):
        raise Refusal("已办结的随手拍要用“对应志愿者”改上报人，积分才会一并调整")
    writer.update("spot_report", row_id, {name: values[name] for name in _COLUMNS if name in values})
    return row_id


def report_spot(writer: Writer, values: Mapping[str, Any], *, source: str | None = None) -> SpotTaken:
    """Take a report; a repeat is merged into the first one at once. ``closed_on`` closes it in the same step.

    The kind follows from the words of the report when it is not given; a report without a unit belongs to the office.
    A reporter whose name and phone are those of one volunteer is matched to him.
    """
    require(writer, Role.ENTRY, Role.REVIEW)
    row = {name: values.get(name) for name in _COLUMNS}
    refuse_errors(missing_fields(SPOTS, row))
    row["kind"], row["unit_id"] = _kind_and_unit(writer, values)
    row["volunteer_id"] = row["volunteer_id"] or reporter_by_phone(writer, row)
    first = repeated(writer, row)
    if first is not None:
        row |= {
            "status": SpotStatus.MERGED.value,
            "merged_into_id": first["id"],
            "status_reason": "与首报为同一问题",
        }
    report_id = writer.insert("spot_report", {**row, "source": source})
    if first is None and values.get("closed_on"):
        close_spot(
            writer,
            report_id,
            closed_on=dt.date.fromisoformat(values["closed_on"]),
            outcome=values.get("outcome"),
        )
    return SpotTaken(report_id, first)


def reporter_by_phone(reader: Reader, values: Mapping[str, Any]) -> str | None:
    """The one volunteer with the reporter's name and phone; a name alone matches nobody."""
    name, phone = values["reporter"], values.get("phone")
    if not phone:
        return None
    alike = [row for row in lookups.volunteers_by_name(reader, [name]).get(name, []) if row["phone"] == phone]
    return str(alike[0]["id"]) if len(alike) == 1 else None


def _kind_and_unit(reader: Reader, values: Mapping[str, Any]) -> tuple[str, str | None]:
    day = dt.date.fromisoformat(values["reported_on"])
    kind = values.get("kind") or kind_of(spots_rules(reader).nearest(day), values["content"])
    return kind, values.get("unit_id") or lookups.office_unit_id(reader)


def repeated(reader: Reader, values: Mapping[str, Any]) -> Row | None:
    """The first report these values repeat by the rule in force on their day, or None."""
    day = dt.date.fromisoformat(values["reported_on"])
    rule = spots_rules(reader).nearest(day)
    kind, unit_id = _kind_and_unit(reader, values)
    new = Sighting(
        str(values.get("id") or ""), day, values.get("reported_minute"), unit_id, values["place"], kind
    )
    since = day - dt.timedelta(hours=rule.merge_hours + 24)
    rows = reader.all(
        "SELECT * FROM spot_report WHERE reported_on BETWEEN ? AND ? AND place = ? AND kind = ? "
        "AND status IN ('待办', '办结') ORDER BY reported_on, id",
        (since.isoformat(), day.isoformat(), values["place"], kind),
    )
    first = first_report(rule, new, [sighting_of(row) for row in rows])
    return next((row for row in rows if first is not None and row["id"] == first.id), None)


def sighting_of(row: Row) -> Sighting:
    """A report as far as merging is concerned, from its table row."""
    return Sighting(
        row["id"],
        dt.date.fromisoformat(row["reported_on"]),
        row["reported_minute"],
        row["unit_id"],
        row["place"],
        row["kind"],
        dt.date.fromisoformat(row["closed_on"]) if row["closed_on"] else None,
    )


def close_spot(
    writer: Writer, report_id: str, *, closed_on: dt.date | None = None, outcome: str | None = None
) -> Award | None:
    """Close a report (办结); its reporter gets the points once he is matched to a volunteer. Returns the award."""
    require(writer, Role.ENTRY, Role.REVIEW)
    row = _report(writer, report_id)
    if row["status"] != SpotStatus.OPEN:
        raise Refusal(f"这件随手拍已{row['status']}，不能再办结")
    day = closed_on or writer.clock.today()
    if day < dt.date.fromisoformat(row["reported_on"]):
        reported = dates.format_cn(dt.date.fromisoformat(row["reported_on"]))
        raise Refusal(f"办结日期{dates.format_cn(day)}早于上报日期{reported}，请核对")
    if day > writer.clock.today():
        raise Refusal(f"办结日期{dates.format_cn(day)}还没有到，请核对")
    changes = {"status": SpotStatus.CLOSED.value, "closed_on": day.isoformat(), "outcome": outcome}
    writer.update("spot_report", report_id, changes)
    return _award(writer, {**row, **changes})


def reopen_spot(writer: Writer, report_id: str, reason: str) -> None:
    """A report that was closed by mistake waits again (撤回办结); its points are taken back."""
    require(writer, Role.ENTRY, Role.REVIEW)
    if not reason.strip():
        raise Refusal("撤回办结要写明原因")
    row = _report(writer, report_id)
    if row["status"] != SpotStatus.CLOSED:
        raise Refusal(f"这件随手拍是“{row['status']}”，没有办结，不用撤回")
    _take_back(writer, row, reason.strip())
    changes = {
        "status": SpotStatus.OPEN.value,
        "closed_on": None,
        "outcome": None,
        "status_reason": reason.strip(),
    }
    writer.update("spot_report", report_id, changes)


def claim_spot(writer: Writer, report_id: str, volunteer_id: str) -> Award | None:
    """Match a report to the volunteer who made it (对应志愿者); a closed report's points follow him."""
    require(writer, Role.ENTRY, Role.REVIEW)
    row = _report(writer, report_id)
    standing = lookups.standing(writer, volunteer_id)
    if row["volunteer_id"] == volunteer_id:
        return None
    _take_back(writer, row, f"改由{standing.shown}领取")
    writer.update("spot_report", report_id, {"volunteer_id": volunteer_id})
    changed = {**row, "volunteer_id": volunteer_id}
    return _award(writer, changed) if row["status"] == SpotStatus.CLOSED else None


def merge_spot(writer: Writer, report_id: str, first_id: str) -> None:
    """Merge a report into the first one of the same fault (并入首报) where the rule did not see that it is the same.

    What had been merged into it goes with it, and points it had brought are taken back: they are the first reporter's.
    """
    require(writer, Role.ENTRY, Role.REVIEW)
    row, first = _report(writer, report_id), _report(writer, first_id)
    if row["status"] in _SETTLED:
        raise Refusal(f"这件随手拍已{row['status']}，不能再并入别的")
    if report_id == first_id:
        raise Refusal("不能并入它自己，请选更早的那一件")
    if first["status"] in _SETTLED:
        raise Refusal(f"选的那一件已{first['status']}，请选待办或办结的首报")
    if _moment(first) > _moment(row):
        day = dates.format_cn(dt.date.fromisoformat(first["reported_on"]))
        raise Refusal(f"选的那一件是{day}上报的，比这一件晚；首报是更早的那一件，请反过来并入")
    _take_back(writer, row, f"并入{first['reporter']}的首报")
    changes = {
        "status": SpotStatus.MERGED.value,
        "merged_into_id": first_id,
        "closed_on": None,
        "status_reason": "与首报为同一问题",
    }
    for other in writer.all("SELECT id FROM spot_report WHERE merged_into_id = ?", (report_id,)):
        writer.update("spot_report", other["id"], {"merged_into_id": first_id})
    writer.update("spot_report", report_id, changes)


def split_spot(writer: Writer, report_id: str, reason: str) -> None:
    """Take a report out of the first one again (拆出): it is another fault and waits by itself."""
    require(writer, Role.ENTRY, Role.REVIEW)
    if not reason.strip():
        raise Refusal("拆出要写明原因")
    row = _report(writer, report_id)
    if row["status"] != SpotStatus.MERGED:
        raise Refusal(f"这件随手拍是“{row['status']}”，没有并入首报，不用拆出")
    changes = {"status": SpotStatus.OPEN.value, "merged_into_id": None, "status_reason": reason.strip()}
    writer.update("spot_report", report_id, changes)


def _moment(row: Row) -> tuple[str, int]:
    return row["reported_on"], row["reported_minute"] or 0


def void_spot(writer: Writer, report_id: str, reason: str) -> None:
    """Void a report (作废) with the reason; its points are taken back."""
    require(writer, Role.REVIEW, Role.APPROVE)
    if not reason.strip():
        raise Refusal("作废要写明原因")
    row = _report(writer, report_id)
    if row["status"] in _SETTLED:
        raise Refusal(f"这件随手拍已{row['status']}，不能作废")
    _take_back(writer, row, f"随手拍作废：{reason.strip()}")
    changes = {"status": SpotStatus.VOID.value, "closed_on": None, "status_reason": reason.strip()}
    writer.update("spot_report", report_id, changes)


def _report(reader: Reader, report_id: str) -> Row:
    row = reader.one("SELECT * FROM spot_report WHERE id = ?", (report_id,))
    if row is None:
        raise Refusal("这件随手拍不在台账里，请刷新列表后重新选择")
    return row


def _take_back(writer: Writer, row: Row, reason: str) -> None:
    for entry in lookups.point_entries_in_force(writer, "spot_report_id", row["id"]):
        reverse_entry(writer, entry, reason)
        refill_caps(writer, entry["volunteer_id"], dt.date.fromisoformat(entry["earned_on"]))
        settle(writer, [entry["volunteer_id"]])


def _award(writer: Writer, row: Row) -> Award | None:
    """Points for a closed report by the rule in force on the day it was made; none while nobody is matched."""
    day = dt.date.fromisoformat(row["reported_on"])
    rule = points_rules(writer).find(day)
    volunteer_id = row["volunteer_id"]
    if rule is None or volunteer_id is None or not (rule.spot_points or rule.spot_kinds):
        return None
    got = lookups.points_got(writer, [volunteer_id], rule.spot_caps, day, spots=True)
    award = spot_award(rule, got.get(volunteer_id, {}), row["kind"])
    standing = lookups.standing(writer, volunteer_id)
    writer.insert(
        "point_entry",
        {
            "volunteer_id": volunteer_id,
            "unit_id": standing.unit_id or lookups.office_unit_id(writer),
            "entered_on": writer.clock.today().isoformat(),
            "kind": PointKind.SPOT.value,
            "points": award.points,
            "earned_on": day.isoformat(),
            "cut_points": award.cut_points,
            "cut_by": award.cut_by,
            "spot_report_id": row["id"],
            "rule_id": rule.id,
            "explanation": f"{award.explanation}（{row['place']}：{row['content']}）",
            "recorded_by": writer.who.name,
        },
    )
    settle(writer, [volunteer_id])
    return award
