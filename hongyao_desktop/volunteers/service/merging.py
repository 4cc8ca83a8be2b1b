"""Doubles made one (合并重复): hours and points move to the volunteer who stays; a snapshot lets it be undone.

Ledgers are never changed: what moves is reversed on one side and written anew on the other, with its evidence, its
rule version and where it came from.  Services both had at the same time count once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hongyao_desktop.core import hours
from hongyao_desktop.core.desk import Reader, Role, Row, Writer, require
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.queries import lookups, signups
from hongyao_desktop.volunteers.queries.correcting import living_record
from hongyao_desktop.volunteers.records.rows import PointKind, ServiceRecord, VolunteerStatus, service_of
from hongyao_desktop.volunteers.rules.clashes import overlap_minutes, same_activity
from hongyao_desktop.volunteers.service.entries import reverse_entry
from hongyao_desktop.volunteers.service.events import (
    award_recruiting,
    move_recruits,
    set_recruiter,
    take_back_recruiting,
)
from hongyao_desktop.volunteers.service.recording import reverse_service
from hongyao_desktop.volunteers.service.settling import settle

_FILLED = ("phone", "id_kind", "id_number", "birth_on", "sex", "address", "politics", "employer")
_OWN = ("category", "team", "skills", "platform", "free_times", "relation_at", "insured_until", "guardian")
_SERVICE = (
    *("unit_id", "activity_id", "title", "served_on", "starts_minute", "ends_minute", "minutes", "evidence"),
    *("reason", "witness", "recorded_on", "recorded_by"),
)
_ENTRY = (
    *("unit_id", "kind", "points", "earned_on", "counted_minutes", "cut_minutes", "cut_points", "cut_by"),
    *("spot_report_id", "rule_id", "explanation"),
)


@dataclass(frozen=True, slots=True)
class Merging:
    """What a merge would do: records that move, records both have, points in hundredths, fields that are filled."""

    kept: Row
    gone: Row
    moving: tuple[Row, ...]
    doubles: tuple[Row, ...]
    filled: Mapping[str, Any]


def look_at(reader: Reader, kept_id: str, gone_id: str) -> Merging:
    """What would happen; refuses the same person twice, and who has been merged already."""
    if kept_id == gone_id:
        raise Refusal("请选两位不同的志愿者")
    kept, gone = lookups.volunteer(reader, kept_id), lookups.volunteer(reader, gone_id)
    merged = reader.value("SELECT 1 FROM volunteer_merge WHERE gone_id = ? AND status = '有效'", (gone_id,))
    if merged is not None:
        raise Refusal(f"{gone['name']}（{gone['number']}）已经并入别人，不能再合并")
    theirs = [service_of(row) for row in _services(reader, kept_id)]
    moving: list[Row] = []
    doubles: list[Row] = []
    for row in _services(reader, gone_id):
        (doubles if _double(service_of(row), theirs) else moving).append(row)
    person = _person(reader, kept["person_id"])
    other = _person(reader, gone["person_id"])
    filled = {name: other[name] for name in _FILLED if person[name] is None and other[name] is not None}
    return Merging(kept, gone, tuple(moving), tuple(doubles), filled)


def _double(record: ServiceRecord, others: list[ServiceRecord]) -> bool:
    return any(overlap_minutes(record, other) or same_activity(record, other) for other in others)


def _services(reader: Reader, volunteer_id: str) -> list[Row]:
    return reader.all(
        "SELECT service.* FROM service_record AS service WHERE service.volunteer_id = ? "
        "AND service.reverses_id IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM service_record AS back WHERE back.reverses_id = service.id) ORDER BY service.id",
        (volunteer_id,),
    )


def _person(reader: Reader, person_id: str) -> Row:
    row = reader.one("SELECT * FROM person WHERE id = ?", (person_id,))
    assert row is not None, "a volunteer has a person"
    return row


def merge(writer: Writer, kept_id: str, gone_id: str, reason: str) -> str:
    """Make two entries of one person one; returns the merge's id. See :func:`undo_merge`."""
    require(writer, Role.REVIEW, Role.APPROVE)
    if not reason.strip():
        raise Refusal("合并要写明怎样认定是同一个人")
    seen = look_at(writer, kept_id, gone_id)
    kept, gone = seen.kept, seen.gone
    own = _own_row(writer, kept_id)
    added = {
        name: value
        for name, value in _own_row(writer, gone_id).items()
        if name in _OWN and value is not None and own[name] is None
    }
    snapshot: dict[str, Any] = {
        "kept": own,
        "gone": _own_row(writer, gone_id),
        "kept_person": {name: _person(writer, kept["person_id"])[name] for name in _FILLED},
        "kept_points": kept["points"],
        "gone_points": gone["points"],
    }
    why = f"并入{kept['number']}：{reason.strip()}"
    snapshot["doubles"] = [row["id"] for row in seen.doubles]
    for row in seen.doubles:
        reverse_service(writer, row["id"], f"{why}（两处登记了同一次服务）")
    snapshot["moved"] = _move(writer, seen.moving, gone, kept, why)
    # Before balances move: who was brought in twice was brought in by nobody, recruits go with their recruiter.
    take_back_recruiting(writer, gone_id, why)
    if own["recruiter_id"] == gone_id:
        take_back_recruiting(writer, kept_id, why)
    snapshot["recruits"] = move_recruits(writer, gone_id, kept_id, why)
    snapshot["signups"] = _take_over_signups(writer, gone_id, kept_id, why)
    snapshot["transfers"] = _transfer(writer, gone_id, kept_id, why)
    if seen.filled:
        writer.update("person", kept["person_id"], seen.filled)
    if added:
        writer.update("volunteer", kept_id, added)
    today = writer.clock.today().isoformat()
    writer.update(
        "volunteer",
        gone_id,
        {"status": VolunteerStatus.LEFT.value, "left_on": today, "status_reason": why},
    )
    settle(writer, [kept_id, gone_id])
    return writer.insert(
        "volunteer_merge",
        {
            "kept_id": kept_id,
            "gone_id": gone_id,
            "merged_on": today,
            "reason": reason.strip(),
            "snapshot": json.dumps(snapshot, ensure_ascii=False),
            "records": len(seen.moving),
            "doubles": len(seen.doubles),
            "points": gone["points"],
            "recorded_by": writer.who.name,
        },
    )


def _take_over_signups(writer: Writer, of: str, to: str, why: str) -> dict[str, list[str]]:
    """Places on lists still to come go along; where both are on one, one of them is withdrawn. Returns which."""
    done: dict[str, list[str]] = {"moved": [], "dropped": []}
    for row in signups.coming_of(writer, of, writer.clock.today()):
        if signups.signup(writer, row["activity_id"], to) is None:
            writer.update("activity_signup", row["id"], {"volunteer_id": to})
            done["moved"].append(row["id"])
        else:
            writer.update("activity_signup", row["id"], {"status": "取消", "status_reason": why})
            done["dropped"].append(row["id"])
    return done


def _give_back_signups(writer: Writer, taken: Mapping[str, list[str]], to: str) -> None:
    """Places that went along go back while the activity is still to come."""
    for place in taken.get("moved", ()):
        if writer.value("SELECT status FROM activity_signup WHERE id = ?", (place,)) == "报名":
            writer.update("activity_signup", place, {"volunteer_id": to})
    for place in taken.get("dropped", ()):
        if writer.value("SELECT status FROM activity_signup WHERE id = ?", (place,)) == "取消":
            writer.update("activity_signup", place, {"status": "报名", "status_reason": None})


def _own_row(reader: Reader, volunteer_id: str) -> Row:
    row = reader.one("SELECT * FROM volunteer WHERE id = ?", (volunteer_id,))
    assert row is not None, "looked up before"
    return row


def _move(writer: Writer, rows: tuple[Row, ...] | list[Row], of: Row, to: Row, why: str) -> list[str]:
    """Services with the points they made, from one volunteer to another; returns the new records' ids."""
    made: list[str] = []
    for row in rows:
        entries = lookups.point_entries_in_force(writer, "service_record_id", row["id"])
        kept = {name: row[name] for name in _SERVICE}
        came = f"原登记在{of['number']}名下，{why}"
        source = f"{row['source']}；{came}" if row["source"] else came
        new = writer.insert("service_record", {**kept, "volunteer_id": to["id"], "source": source})
        _take_away(writer, row, entries, why)
        for entry in entries:
            writer.insert(
                "point_entry",
                {
                    **{name: entry[name] for name in _ENTRY},
                    "volunteer_id": to["id"],
                    "service_record_id": new,
                    "entered_on": writer.clock.today().isoformat(),
                    "recorded_by": writer.who.name,
                    "source": source,
                },
            )
        _hand_on(writer, row["id"], new)
        made.append(new)
    return made


def _hand_on(writer: Writer, before_id: str, after_id: str) -> None:
    """Which record took which one's place, so that whatever a record was made of finds the one that lives."""
    writer.insert("service_transfer", {"before_id": before_id, "after_id": after_id})


def _take_away(writer: Writer, row: Row, entries: list[Row], why: str) -> None:
    """Reverse a service and its points without filling caps again: they go on elsewhere."""
    kept = ("volunteer_id", "unit_id", "activity_id", "title", "served_on", "evidence", "witness")
    writer.insert(
        "service_record",
        {
            **{name: row[name] for name in (*kept, "starts_minute", "ends_minute")},
            "minutes": -row["minutes"],
            "reason": why,
            "reverses_id": row["id"],
            "recorded_on": writer.clock.today().isoformat(),
            "recorded_by": writer.who.name,
        },
    )
    for entry in entries:
        reverse_entry(writer, entry, why)


def _transfer(writer: Writer, of: str, to: str, why: str) -> int:
    """What is left of a balance after the services moved: spot points, bonuses, less what was spent. Returns it."""
    points = int(lookups.volunteer(writer, of)["points"])
    if not points:
        return 0
    _shift(writer, of, to, points, ("合并转出", "合并转入"), why)
    return points


def _shift(writer: Writer, of: str, to: str, points: int, words: tuple[str, str], why: str) -> None:
    """Points go from one volunteer to another: an entry on each side, both saying why."""
    today = writer.clock.today().isoformat()
    for volunteer_id, sign, word in ((of, -1, words[0]), (to, 1, words[1])):
        row = lookups.volunteer(writer, volunteer_id)
        writer.insert(
            "point_entry",
            {
                "volunteer_id": volunteer_id,
                "unit_id": row["unit_id"] or lookups.office_unit_id(writer),
                "entered_on": today,
                "kind": PointKind.OPENING.value,
                "points": sign * points,
                "earned_on": today,
                "explanation": f"{word} {hours.format_centi(abs(points))} 分：{why}",
                "recorded_by": writer.who.name,
                "source": why,
            },
        )


def undo_merge(writer: Writer, merge_id: str, reason: str) -> str:
    """They were two people after all (撤销合并): records and points go back as they were; returns the merge's id.

    What was recorded for the one who stayed since then stays with him.
    """
    require(writer, Role.REVIEW, Role.APPROVE)
    if not reason.strip():
        raise Refusal("撤销合并要写明原因")
    row = writer.one("SELECT * FROM volunteer_merge WHERE id = ?", (merge_id,))
    if row is None:
        raise Refusal("这次合并不在台账里，请刷新列表后重新选择")
    if row["status"] != "有效":
        raise Refusal("这次合并已经撤销")
    snapshot = json.loads(row["snapshot"])
    kept, gone = lookups.volunteer(writer, row["kept_id"]), lookups.volunteer(writer, row["gone_id"])
    why = f"撤销并入{kept['number']}：{reason.strip()}"
    before = snapshot["gone"]
    names = ("status", "left_on", "status_reason")
    writer.update("volunteer", gone["id"], {name: before[name] for name in names})
    live = {found["id"]: found for found in _services(writer, kept["id"])}
    moved = [
        living_record(writer, one) for one in snapshot["moved"]
    ]  # corrected since: the new version goes back
    _move(writer, [live[one] for one in moved if one in live], kept, gone, why)
    _give_back_signups(writer, snapshot.get("signups", {}), gone["id"])
    for one in snapshot["doubles"]:
        _restore(writer, one, gone["id"], why)
    if snapshot["transfers"]:
        words = ("撤销合并转出", "撤销合并转回")
        _shift(writer, kept["id"], gone["id"], int(snapshot["transfers"]), words, why)
    changed = {
        name: value
        for name, value in snapshot["kept_person"].items()
        if _person(writer, kept["person_id"])[name] != value
    }
    if changed:
        writer.update("person", kept["person_id"], changed)
    own = {name: snapshot["kept"][name] for name in _OWN}
    writer.update("volunteer", kept["id"], own)
    set_recruiter(writer, snapshot.get("recruits", []), gone["id"], why)
    for one in (gone["id"], kept["id"]):
        award_recruiting(writer, one)
    settle(writer, [kept["id"], gone["id"]])
    changes = {
        "status": "已撤销",
        "status_reason": reason.strip(),
        "status_on": writer.clock.today().isoformat(),
    }
    writer.update("volunteer_merge", merge_id, changes)
    return merge_id


def _restore(writer: Writer, record_id: str, volunteer_id: str, why: str) -> None:
    """A service that both had is written again for the one who lost it, with its points."""
    row = lookups.service(writer, record_id)
    new = writer.insert(
        "service_record",
        {**{name: row[name] for name in _SERVICE}, "volunteer_id": volunteer_id, "source": why},
    )
    _hand_on(writer, record_id, new)
    entry = writer.one(
        "SELECT * FROM point_entry WHERE service_record_id = ? AND reverses_id IS NULL ORDER BY id DESC LIMIT 1",
        (record_id,),
    )
    if entry is not None:
        writer.insert(
            "point_entry",
            {
                **{name: entry[name] for name in _ENTRY},
                "volunteer_id": volunteer_id,
                "service_record_id": new,
                "entered_on": writer.clock.today().isoformat(),
                "recorded_by": writer.who.name,
                "source": why,
            },
        )


def merged(reader: Reader, merge_id: str) -> Row:
    """A merge with both numbers, minutes that moved, and what the one who stayed has now; refuses an unknown one."""
    row = reader.one(
        """
        SELECT own.*, kept.number AS kept_number, gone.number AS gone_number, gone.status AS gone_status,
            kept.total_minutes, kept.points AS balance,
            (SELECT COALESCE(SUM(service.minutes), 0) FROM service_record AS service
                WHERE service.id IN (SELECT value FROM json_each(own.snapshot, '$.moved'))) AS minutes
        FROM volunteer_merge AS own
        JOIN volunteer_view AS kept ON kept.id = own.kept_id JOIN volunteer_view AS gone ON gone.id = own.gone_id
        WHERE own.id = ?
        """,
        (merge_id,),
    )
    if row is None:
        raise Refusal("这次合并不在台账里，请刷新列表后重新选择")
    return row


NOT_ONE: Final = "疑似重复"
"""The kind of suspicion that two entries are one person; who looked into it and why it is not so stands with it."""


def keep_apart(writer: Writer, one_id: str, other_id: str, reason: str) -> str:
    """Two entries that look alike are two people (不是同一人), with the reason; returns the id of the note.

    The pair is not proposed again until the note is taken back (疑点核实里收回).
    """
    require(writer, Role.REVIEW, Role.APPROVE)
    if not reason.strip():
        raise Refusal("要写明怎样核实不是同一人")
    if one_id == other_id:
        raise Refusal("请选两位不同的志愿者")
    one, other = sorted((one_id, other_id))
    first, second = lookups.volunteer(writer, one), lookups.volunteer(writer, other)
    shown = "与".join(f"{row['name']}（{row['number']}）" for row in (first, second))
    known = writer.one(
        "SELECT id, status FROM signal_dismissal WHERE signal = ? AND evidence = ?",
        (NOT_ONE, f"{one}:{other}"),
    )
    if known is not None and known["status"] == "有效":
        raise Refusal(f"{shown}已经核实过不是同一人")
    row = {
        "sentence": f"{shown}像是同一人",
        "reason": reason.strip(),
        "dismissed_on": writer.clock.today().isoformat(),
        "recorded_by": writer.who.name,
        "status": "有效",
    }
    if known is not None:
        writer.update("signal_dismissal", known["id"], row)
        return str(known["id"])
    return writer.insert("signal_dismissal", {**row, "signal": NOT_ONE, "evidence": f"{one}:{other}"})


def likely_doubles(reader: Reader, limit: int = 200) -> list[Row]:
    """Pairs of volunteers in service who share the identity number, name and phone, or name and birthday.

    The surest first. A birthday only counts where one of the two has no identity number on file. Pairs that somebody
    found to be two people (:func:`keep_apart`) are left out.
    """
    return reader.all(
        f"""
        WITH mine AS MATERIALIZED (
            SELECT volunteer.id, volunteer.number, person.name, person.id_number, person.phone, person.birth_on
            FROM volunteer JOIN person ON person.id = volunteer.person_id WHERE volunteer.status = '在册'
        ), pairs AS (
            SELECT 1 AS grade, one.id AS kept_id, other.id AS gone_id
            FROM mine AS one JOIN mine AS other ON other.id_number = one.id_number AND other.id > one.id
            UNION ALL
            SELECT 2, one.id, other.id
            FROM mine AS one JOIN mine AS other
                ON other.phone = one.phone AND other.name = one.name AND other.id > one.id
            UNION ALL
            SELECT 3, one.id, other.id
            FROM mine AS one JOIN mine AS other
                ON other.birth_on = one.birth_on AND other.name = one.name AND other.id > one.id
            WHERE one.id_number IS NULL OR other.id_number IS NULL
        )
        SELECT pair.kept_id || ':' || pair.gone_id AS id, pair.kept_id, pair.gone_id, kept.name,
            kept.number AS kept_number, gone.number AS gone_number,
            CASE MIN(pair.grade) WHEN 1 THEN '证件号码相同' WHEN 2 THEN '姓名、电话相同' ELSE '姓名、出生日期相同' END
                AS ground
        FROM pairs AS pair JOIN mine AS kept ON kept.id = pair.kept_id JOIN mine AS gone ON gone.id = pair.gone_id
        WHERE NOT EXISTS (
            SELECT 1 FROM signal_dismissal AS note WHERE note.signal = '{NOT_ONE}' AND note.status = '有效'
                AND note.evidence = pair.kept_id || ':' || pair.gone_id
        )
        GROUP BY pair.kept_id, pair.gone_id ORDER BY MIN(pair.grade), kept.name, kept.number, gone.number LIMIT ?
        """,
        (limit,),
    )
