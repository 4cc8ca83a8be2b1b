"""The verbs of training: plan a class, hold a session, call the roll."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hongyao_desktop.core.desk import Reader, Role, Row, Writer, refuse_errors, require
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.rules import RuleSet, in_force
from hongyao_desktop.people import service as people
from hongyao_desktop.people.queries import top_unit
from hongyao_desktop.training import queries, rules
from hongyao_desktop.training.records import CADRES, CLASSES, MARKS, PARTS

CREDIT_RULE = "training-credit"


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell of the roll: who, and 到, 迟到, 早退, 请假 or 缺勤, with the reason of a leave."""

    trainee_id: str
    mark: str
    reason: str | None = None


def check_class(reader: Reader, values: Row, row_id: str | None) -> list[Problem]:
    """Everything wrong about a class before saving."""
    found = people.missing_fields(CLASSES, values)
    if found:
        return found
    if values["ends_on"] < values["starts_on"]:
        found.append(Problem(Level.ERROR, "class.dates", "结束日期早于开始日期，请核对", "ends_on"))
    number = values.get("number")
    if number:
        taken = reader.one("SELECT id, name FROM training_class WHERE number = ?", (number,))
        if taken is not None and taken["id"] != row_id:
            message = f"班次编号 {number} 已用于“{taken['name']}”，请换一个或留空自动编号"
            found.append(Problem(Level.ERROR, "class.number", message, "number"))
    if row_id is not None:
        outside = reader.one(
            "SELECT held_on FROM training_session WHERE class_id = ? AND NOT held_on BETWEEN ? AND ? LIMIT 1",
            (row_id, values["starts_on"], values["ends_on"]),
        )
        if outside is not None:
            message = f"{outside['held_on']} 已有课次，起止日期要把它包在内"
            found.append(Problem(Level.ERROR, "class.sessions", message, "starts_on"))
    return found


def save_class(writer: Writer, values: Row, row_id: str | None) -> str:
    """Write a new class or change one; returns the class id. A new class gets the next number of its year."""
    require(writer, Role.ENTRY, Role.REVIEW)
    refuse_errors(check_class(writer, values, row_id))
    entered = {field.name for field in CLASSES.entered}
    row = {key: value for key, value in values.items() if key in entered and value is not None}
    row["year"] = int(values["starts_on"][:4])
    if not row.get("unit_id"):
        top = top_unit(writer)
        row["unit_id"] = top["id"] if top else None
    if row_id is None:
        row.setdefault("number", next_number(writer, row["year"]))
        return writer.insert("training_class", row)
    writer.update("training_class", row_id, row)
    return row_id


def next_number(reader: Reader, year: int) -> str:
    """The next free class number of a year, such as 2026-03."""
    numbers = reader.all("SELECT number FROM training_class WHERE number LIKE ?", (f"{year:04d}-%",))
    used = [int(row["number"][5:]) for row in numbers if row["number"][5:].isdigit()]
    return f"{year:04d}-{max(used, default=0) + 1:02d}"


def cancel_class(writer: Writer, class_id: str, reason: str) -> None:
    """Cancel a class; refuses once somebody was present."""
    require(writer, Role.ENTRY, Role.REVIEW)
    present = writer.value(
        "SELECT COUNT(*) FROM attendance_view WHERE class_id = ? AND credit > 0", (class_id,)
    )
    if present:
        raise Refusal(f"已有 {present} 人次计了学时，不能取消；如点名有误请先改正点名")
    writer.update("training_class", class_id, {"status": "取消", "status_reason": reason})


def hold_session(
    writer: Writer,
    class_id: str,
    held_on: dt.date,
    part: str,
    *,
    minutes: int | None = None,
    topic: str | None = None,
) -> str:
    """Add a session to a class; its length is the rule set's usual one unless given. Returns the session id."""
    require(writer, Role.ENTRY, Role.REVIEW)
    if part not in PARTS:
        raise Refusal(f"时段“{part}”不在上午、下午、晚上、全天之内，请改正")
    training = queries.training_class(writer, class_id)
    if training is None:
        raise Refusal("班次不在台账里，请重新选择")
    day = held_on.isoformat()
    if not training["starts_on"] <= day <= training["ends_on"]:
        span = f"{training['starts_on']} 至 {training['ends_on']}"
        raise Refusal(f"{day} 不在“{training['name']}”的起止日期（{span}）之内，请核对日期")
    held = writer.all("SELECT part FROM training_session WHERE class_id = ? AND held_on = ?", (class_id, day))
    taken = {row["part"] for row in held}
    if part in taken or (taken and part == "全天") or "全天" in taken:
        raise Refusal(f"{day} {'、'.join(sorted(taken))}已有课次，同一时段不能登记两次")
    rule = in_force(writer, CREDIT_RULE, held_on)
    length = rules.part_minutes(rule, part) if minutes is None else minutes
    if length <= 0:
        raise Refusal("课次时长要大于零，请核对")
    return writer.insert(
        "training_session",
        {"class_id": class_id, "held_on": day, "part": part, "minutes": length, "topic": topic},
    )


def enrol_trainee(
    writer: Writer, class_id: str, person_id: str, *, post: str | None = None, category: str | None = None
) -> str:
    """Put a person on the list of a class, with post and category as they are then; returns the trainee id."""
    require(writer, Role.ENTRY, Role.REVIEW)
    known = writer.one("SELECT id FROM trainee WHERE class_id = ? AND person_id = ?", (class_id, person_id))
    if known is not None:
        return str(known["id"])
    position = writer.value(
        "SELECT COALESCE(MAX(position), 0) + 1 FROM trainee WHERE class_id = ?", (class_id,)
    )
    return writer.insert(
        "trainee",
        {
            "class_id": class_id,
            "person_id": person_id,
            "position": position,
            "post": post,
            "category": category,
        },
    )


def call_roll(writer: Writer, session_id: str, roll: Iterable[Mark]) -> int:
    """Write the marks of one session; a mark already there is corrected. Returns how many rows changed.

    The same person is counted once per half day: a second session of another class at the same time is refused and
    both are named (PEERS section 8 item 19).
    """
    require(writer, Role.ENTRY, Role.REVIEW)
    session = writer.one(
        "SELECT training_session.*, training_class.name AS class_name FROM training_session "
        "JOIN training_class ON training_class.id = class_id WHERE training_session.id = ?",
        (session_id,),
    )
    if session is None:
        raise Refusal("课次不在台账里，请重新选择")
    rule = in_force(writer, CREDIT_RULE, dt.date.fromisoformat(session["held_on"]))
    changed = 0
    for entry in roll:
        if entry.mark not in MARKS:
            raise Refusal(f"考勤“{entry.mark}”不在{'、'.join(MARKS)}之内，请改正")
        if entry.mark in ("到", "迟到", "早退"):
            _refuse_clash(writer, session, entry)
        changed += _write_mark(writer, rule, session, entry)
    return changed


def _refuse_clash(reader: Reader, session: Row, entry: Mark) -> None:
    clash = reader.one(
        """
        SELECT attendance_view.person_name, attendance_view.class_name, attendance_view.part
        FROM attendance_view JOIN trainee ON trainee.id = :trainee
        WHERE attendance_view.person_id = trainee.person_id AND attendance_view.held_on = :day
          AND attendance_view.session_id <> :session AND attendance_view.minutes > 0
          AND (attendance_view.part = :part OR attendance_view.part = '全天'
               OR (:part = '全天' AND attendance_view.part <> '晚上'))
        LIMIT 1
        """,
        {
            "trainee": entry.trainee_id,
            "day": session["held_on"],
            "session": session["id"],
            "part": session["part"],
        },
    )
    if clash is not None:
        raise Refusal(
            f"{clash['person_name']} {session['held_on']} {clash['part']}已在“{clash['class_name']}”点到，"
            f"不能同时在“{session['class_name']}”点到，请核对"
        )


def _write_mark(writer: Writer, rule: RuleSet, session: Row, entry: Mark) -> int:
    credit = rules.credit_of(rule, session["part"], session["minutes"], entry.mark)
    row: dict[str, Any] = {
        "mark": entry.mark,
        "reason": entry.reason,
        "minutes": credit.minutes,
        "credit": credit.credit,
        "rule_id": rule.id,
        "explanation": credit.explanation,
    }
    known = writer.one(
        "SELECT * FROM attendance WHERE session_id = ? AND trainee_id = ?", (session["id"], entry.trainee_id)
    )
    if known is None:
        writer.insert("attendance", {"session_id": session["id"], "trainee_id": entry.trainee_id, **row})
        return 1
    if known["mark"] == entry.mark and known["reason"] == entry.reason:
        return 0
    writer.update("attendance", known["id"], row)
    return 1


def check_cadre(reader: Reader, values: Row, row_id: str | None) -> list[Problem]:
    """Everything wrong about a cadre's category before saving."""
    found = people.missing_fields(CADRES, values)
    if found:
        return found
    if values.get("until_on") and values["until_on"] < values["from_on"]:
        found.append(Problem(Level.ERROR, "cadre.dates", "截止日期早于起始日期，请核对", "until_on"))
    if (values.get("exempt_from") or values.get("exempt_until")) and not values.get("exempt_reason"):
        found.append(Problem(Level.ERROR, "cadre.exempt", "填了免学起止，还要写明免学原因", "exempt_reason"))
    same = reader.one(
        "SELECT id FROM cadre WHERE person_id = ?1 AND category = ?2 AND (until_on IS NULL OR until_on >= ?3) "
        "AND from_on <= COALESCE(?4, '9999-12-31') AND id <> COALESCE(?5, '')",
        (values["person_id"], values["category"], values["from_on"], values.get("until_on"), row_id),
    )
    if same is not None:
        message = f"这位同志在这段时间已登记为“{values['category']}”，请改原来的那一条"
        found.append(Problem(Level.ERROR, "cadre.double", message, "category"))
    return found


def save_cadre(writer: Writer, values: Row, row_id: str | None) -> str:
    """Write a cadre's category or change one; returns its id."""
    require(writer, Role.ENTRY, Role.REVIEW)
    refuse_errors(check_cadre(writer, values, row_id))
    entered = {field.name for field in CADRES.entered}
    row = {key: value for key, value in values.items() if key in entered}
    if row_id is None:
        return writer.insert("cadre", row)
    writer.update("cadre", row_id, row)
    return row_id


def correct_mark(writer: Writer, values: Mapping[str, Any], row_id: str | None) -> str:
    """Correct the mark of one attendance row; minutes and 学时 follow by the rule of that day."""
    if row_id is None:
        raise Refusal("考勤由班次点名产生，请到“培训班次”里点名")
    row = writer.one("SELECT session_id, trainee_id FROM attendance WHERE id = ?", (row_id,))
    if row is None:
        raise Refusal("这条考勤已不在台账里，请刷新后再试")
    call_roll(writer, row["session_id"], [Mark(row["trainee_id"], values["mark"], values.get("reason"))])
    return row_id


def check_mark(_reader: Reader, values: Row, _row_id: str | None) -> list[Problem]:
    """Everything wrong about a corrected mark: a leave needs its reason."""
    if values.get("mark") == "请假" and not values.get("reason"):
        return [Problem(Level.WARNING, "mark.reason", "请假最好写明原因", "reason")]
    return []
