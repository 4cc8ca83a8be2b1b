"""Planning a class (培训班次) and its sessions (课次)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hongyao_desktop.core.desk import Reader, Role, Row, Writer, refuse_errors, require
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.people.queries import top_unit
from hongyao_desktop.people.service import missing_fields
from hongyao_desktop.training import queries, rules
from hongyao_desktop.training.records import CLASSES, PARTS, SESSION_FIELDS
from hongyao_desktop.training.service.counting import recount_session

_CLASS_COLUMNS = frozenset(field.name for field in CLASSES.entered)
_NEVER_NULL = frozenset({"number", "planned_credit", "status", "unit_id", "form"})


def check_class(reader: Reader, values: Row, row_id: str | None) -> list[Problem]:
    """Everything wrong about a class before saving."""
    found = missing_fields(CLASSES, values)
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
    known = queries.training_class(reader, row_id) if row_id is not None else None
    return found + (_new_class_problems(reader, values) if known is None else _changed(reader, values, known))


def _new_class_problems(reader: Reader, values: Row) -> list[Problem]:
    found = []
    if values.get("status") == "取消":
        found.append(Problem(Level.ERROR, "class.status", "新办的班次不能是取消，请改正状态", "status"))
    same = reader.one(
        "SELECT number FROM training_class WHERE name = ? AND starts_on = ? AND status <> '取消'",
        (values["name"], values["starts_on"]),
    )
    if same is not None:
        message = f"同名、同日开始的班次已有一个（{same['number']}），确认不是同一期再保存"
        found.append(Problem(Level.QUESTION, "class.double", message, "name"))
    return found


def _changed(reader: Reader, values: Row, known: Row) -> list[Problem]:
    found = []
    outside = reader.one(
        "SELECT held_on FROM training_session WHERE class_id = ? AND status = '正常' "
        "AND NOT held_on BETWEEN ? AND ? LIMIT 1",
        (known["id"], values["starts_on"], values["ends_on"]),
    )
    if outside is not None:
        message = f"{outside['held_on']} 已有课次，起止日期要把它包在内"
        found.append(Problem(Level.ERROR, "class.sessions", message, "starts_on"))
    if values.get("status") == "取消" and known["status"] != "取消":
        message = "取消班次要写明原因，请用“取消班次”"
        found.append(Problem(Level.ERROR, "class.status", message, "status"))
    if values["form"] != known["form"] and _people_present(reader, known["id"]):
        message = f"改为“{values['form']}”后，这个班已计的学时一并改列，确认再保存"
        found.append(Problem(Level.QUESTION, "class.form", message, "form"))
    return found


def save_class(writer: Writer, values: Row, row_id: str | None) -> str:
    """Write a new class or change one; returns the class id. A new class gets the next number of its year."""
    require(writer, Role.ENTRY, Role.REVIEW)
    refuse_errors(check_class(writer, values, row_id))
    row: dict[str, Any] = {
        key: value
        for key, value in values.items()
        if key in _CLASS_COLUMNS and (value is not None or key not in _NEVER_NULL)
    }
    row["year"] = int(values["starts_on"][:4])
    if values.get("source"):
        row["source"] = values["source"]
    if row_id is not None:
        writer.update("training_class", row_id, row)
        return row_id
    if not row.get("unit_id"):
        top = top_unit(writer)
        row["unit_id"] = top["id"] if top else None
    row.setdefault("number", next_number(writer, row["year"]))
    return writer.insert("training_class", row)


def next_number(reader: Reader, year: int) -> str:
    """The next free class number of a year, such as 2026-03."""
    numbers = reader.all("SELECT number FROM training_class WHERE number LIKE ?", (f"{year:04d}-%",))
    used = [int(row["number"][5:]) for row in numbers if row["number"][5:].isdigit()]
    return f"{year:04d}-{max(used, default=0) + 1:02d}"


def cancel_class(writer: Writer, class_id: str, reason: str) -> None:
    """Cancel a class; refuses once somebody was present."""
    require(writer, Role.ENTRY, Role.REVIEW)
    present = _people_present(writer, class_id)
    if present:
        raise Refusal(f"已有 {present} 人次计了学时，不能取消；如点名有误请先改正点名")
    writer.update("training_class", class_id, {"status": "取消", "status_reason": reason})


def _people_present(reader: Reader, class_id: str) -> int:
    return int(
        reader.value("SELECT COUNT(*) FROM attendance_view WHERE class_id = ? AND minutes > 0", (class_id,))
    )


# ------------------------------------------------------------------------------------------------------------ sessions


def check_session(reader: Reader, class_id: str, values: Row, row_id: str | None) -> list[Problem]:
    """Everything wrong about a session of a class before saving."""
    found = [
        Problem(Level.ERROR, "field.missing", f"{field.label}没有填写", field.name)
        for field in SESSION_FIELDS
        if field.required and values.get(field.name) in (None, "")
    ]
    if found:
        return found
    training = queries.training_class(reader, class_id)
    if training is None:
        raise Refusal("班次不在台账里，请重新选择")
    if training["status"] == "取消":
        raise Refusal(f"“{training['name']}”已取消，不能再加课次")
    day, part = values["held_on"], values["part"]
    if part not in PARTS:
        message = f"时段“{part}”不在{'、'.join(PARTS)}之内，请改正"
        return [Problem(Level.ERROR, "session.part", message, "part")]
    if not training["starts_on"] <= day <= training["ends_on"]:
        span = f"{training['starts_on']} 至 {training['ends_on']}"
        message = f"{day} 不在“{training['name']}”的起止日期（{span}）之内，请核对日期"
        found.append(Problem(Level.ERROR, "session.outside", message, "held_on"))
    others = [
        row for row in queries.sessions(reader, class_id) if row["held_on"] == day and row["id"] != row_id
    ]
    taken = [row["part"] for row in others if rules.overlap(row["part"], part)]
    if taken:
        message = f"{day} {'、'.join(taken)}已有课次，同一时段不能登记两次"
        found.append(Problem(Level.ERROR, "session.taken", message, "part"))
    rule = queries.credit_rule(reader, day)
    given = values.get("minutes")
    minutes = rules.part_minutes(rule, part) if given is None else given
    length = rules.length_problem(rule, minutes, sum(row["minutes"] for row in others))
    if length is not None and not taken:
        found.append(length)
    return found


def save_session(writer: Writer, class_id: str, values: Row, row_id: str | None) -> str:
    """Add a session to a class or change one; returns the session id.

    ``values``: held_on (YYYY-MM-DD), part, and where known minutes (else the rule set's usual length), topic, teacher.
    When day, part or length of a session change, the 学时 of those already marked follow.
    """
    require(writer, Role.ENTRY, Role.REVIEW)
    row: dict[str, Any] = {field.name: values.get(field.name) for field in SESSION_FIELDS}
    refuse_errors(check_session(writer, class_id, row, row_id))
    if row["minutes"] is None:
        row["minutes"] = rules.part_minutes(queries.credit_rule(writer, row["held_on"]), row["part"])
    if row_id is None:
        return writer.insert("training_session", {"class_id": class_id, **row})
    known = queries.session(writer, row_id)
    if known is None or known["class_id"] != class_id:
        raise Refusal("课次不在台账里，请重新选择")
    writer.update("training_session", row_id, row)
    if any(known[name] != row[name] for name in ("held_on", "part", "minutes")):
        recount_session(writer, row_id)
    return row_id


def cancel_session(writer: Writer, session_id: str, reason: str) -> None:
    """Take a session out of its class, with the reason; refuses once it has marks."""
    require(writer, Role.ENTRY, Role.REVIEW)
    marked = writer.value("SELECT COUNT(*) FROM attendance WHERE session_id = ?", (session_id,))
    if marked:
        raise Refusal(f"这个课次已点名 {marked} 人，不能取消；日期、时段写错的请直接修改课次")
    writer.update("training_session", session_id, {"status": "取消", "status_reason": reason})


def next_slot(sheet: queries.ClassSheet) -> tuple[str, str]:
    """Day and part that most likely come next in a class: after a morning its afternoon, then the next day."""
    if not sheet.sessions:
        return sheet.training["starts_on"], "上午"
    last = sheet.sessions[-1]
    if last["part"] == "上午":
        return last["held_on"], "下午"
    part = "全天" if last["part"] == "全天" else "上午"
    day = dt.date.fromisoformat(last["held_on"]) + dt.timedelta(days=1)
    return min(day.isoformat(), sheet.training["ends_on"]), part
