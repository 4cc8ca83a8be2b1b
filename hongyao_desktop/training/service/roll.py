"""Trainees (学员) of a class and the roll (点名): who was there, in one operation for a whole session."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hongyao_desktop.core.desk import Reader, Role, Row, Writer, refuse_errors, require
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.training import queries, rules
from hongyao_desktop.training.records import MARKS
from hongyao_desktop.training.service.counting import worth


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell of the roll: who, and 到, 迟到, 早退, 请假 or 缺勤, with the reason of a leave."""

    trainee_id: str
    mark: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody to be put on the list of a class; post and category are looked up when left out."""

    person_id: str
    post: str | None = None
    category: str | None = None


# ------------------------------------------------------------------------------------------------------------ trainees


def enrol_trainee(
    writer: Writer, class_id: str, person_id: str, *, post: str | None = None, category: str | None = None
) -> str:
    """Put a person on the list of a class, with post and category as they are then; returns the trainee id."""
    return enrol_trainees(writer, class_id, [Newcomer(person_id, post, category)])[person_id]


def enrol_trainees(writer: Writer, class_id: str, newcomers: Iterable[Newcomer]) -> dict[str, str]:
    """Put people on the list of a class in this order; returns trainee ids by person id.

    Somebody already on the list stays where he is. Category and post that are not given are those of the cadre
    register on the first day of the class, else the person's employer; they stay as they are then.
    """
    require(writer, Role.ENTRY, Role.REVIEW)
    training = queries.training_class(writer, class_id)
    if training is None:
        raise Refusal("班次不在台账里，请重新选择")
    if training["status"] == "取消":
        raise Refusal(f"“{training['name']}”已取消，不能再加学员")
    wanted = {newcomer.person_id: newcomer for newcomer in newcomers}
    listed = {row["person_id"]: row for row in queries.trainees(writer, class_id)}
    new = [newcomer for person_id, newcomer in wanted.items() if person_id not in listed]
    if new:
        first = max((row["position"] for row in listed.values()), default=0) + 1
        writer.insert_many("trainee", _rows(writer, training, new, first))
        listed = {row["person_id"]: row for row in queries.trainees(writer, class_id)}
    return {person_id: listed[person_id]["id"] for person_id in wanted}


def _rows(writer: Writer, training: Row, new: Sequence[Newcomer], first: int) -> list[dict[str, Any]]:
    ids = [newcomer.person_id for newcomer in new]
    known = queries.cadre_snapshots(writer, ids, training["starts_on"])
    people = {
        row["id"]: row
        for row in writer.all(
            "SELECT id, name, employer, status FROM person WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(ids),),
        )
    }
    rows = []
    for position, newcomer in enumerate(new, start=first):
        person = people.get(newcomer.person_id)
        if person is None:
            raise Refusal("有一位学员已不在人员台账里，请刷新后再试")
        if person["status"] == "去世":
            raise Refusal(f"{person['name']}在人员台账里已登记去世，请核对是不是同名的另一位")
        category, post = known.get(newcomer.person_id, (None, None))
        rows.append(
            {
                "class_id": training["id"],
                "person_id": newcomer.person_id,
                "position": position,
                "post": newcomer.post or post or person["employer"],
                "category": newcomer.category or category,
            }
        )
    return rows


def withdraw_trainee(writer: Writer, trainee_id: str, reason: str) -> None:
    """Mark a trainee as withdrawn (退学), with the reason; what was attended so far stays counted."""
    require(writer, Role.ENTRY, Role.REVIEW)
    writer.update("trainee", trainee_id, {"status": "退学", "status_reason": reason})


def check_certificate(reader: Reader, trainee_id: str) -> list[Problem]:
    """What stands against a certificate (结业证) for this trainee: leave over the limit forbids it (DOMAIN item 19)."""
    row = reader.one(
        "SELECT trainee.*, person.name FROM trainee JOIN person ON person.id = person_id WHERE trainee.id = ?",
        (trainee_id,),
    )
    sheet = queries.class_sheet(reader, row["class_id"]) if row is not None else None
    if row is None or sheet is None:
        raise Refusal("学员不在这个班的名单里，请刷新后再试")
    if row["status"] == "退学":
        return [Problem(Level.ERROR, "certificate.left", f"{row['name']}已退学，不能发结业证")]
    seats = [sheet.mark(session["id"], trainee_id) for session in sheet.sessions]
    return rules.completion_problems(
        row["name"], sheet.meter(trainee_id), seats.count("缺勤"), seats.count(None)
    )


def complete_trainee(writer: Writer, trainee_id: str) -> None:
    """Let a trainee complete the class (结业); refused with the rule when a certificate could not be given."""
    require(writer, Role.ENTRY, Role.REVIEW)
    refuse_errors(check_certificate(writer, trainee_id))
    writer.update("trainee", trainee_id, {"status": "结业", "status_reason": None})


# ---------------------------------------------------------------------------------------------------------------- roll


def call_roll(writer: Writer, session_id: str, roll: Iterable[Mark]) -> int:
    """Write the marks of one session; a mark already there is corrected. Returns how many rows changed.

    A mark that stays the same keeps its 学时 and its rule. The same person is counted once per half day: a second
    session of another class at the same time is refused and both are named (PEERS section 8 item 19).
    """
    require(writer, Role.ENTRY, Role.REVIEW)
    session = queries.session(writer, session_id)
    if session is None:
        raise Refusal("课次不在台账里，请重新选择")
    if "取消" in (session["status"], session["class_status"]):
        raise Refusal(f"“{session['class_name']}”{session['held_on']}的课次已取消，不能点名")
    entries = _checked(writer, session, roll)
    rule = queries.credit_rule(writer, session["held_on"])
    values = {mark: worth(rule, session, mark) for mark in {entry.mark for entry in entries}}
    _refuse_clashes(writer, session, [entry.trainee_id for entry in entries if values[entry.mark]["minutes"]])
    known = {
        row["trainee_id"]: row
        for row in writer.all("SELECT * FROM attendance WHERE session_id = ?", (session_id,))
    }
    new = []
    changed = 0
    for entry in entries:
        before = known.get(entry.trainee_id)
        row = {"mark": entry.mark, "reason": entry.reason, **values[entry.mark]}
        if before is None:
            new.append({"session_id": session_id, "trainee_id": entry.trainee_id, **row})
        elif before["mark"] != entry.mark:
            writer.update("attendance", before["id"], row)
            changed += 1
        elif before["reason"] != entry.reason:
            writer.update("attendance", before["id"], {"reason": entry.reason})
            changed += 1
    return changed + writer.insert_many("attendance", new)


def _checked(reader: Reader, session: Row, roll: Iterable[Mark]) -> list[Mark]:
    """The entries of a roll, each a known mark of somebody on the list; the last one counts where one comes twice."""
    entries = list({entry.trainee_id: entry for entry in roll}.values())
    for entry in entries:
        if entry.mark not in MARKS:
            raise Refusal(f"考勤“{entry.mark}”不在{'、'.join(MARKS)}之内，请改正")
    listed = {
        row["id"] for row in reader.all("SELECT id FROM trainee WHERE class_id = ?", (session["class_id"],))
    }
    strangers = sum(entry.trainee_id not in listed for entry in entries)
    if strangers:
        raise Refusal(f"有 {strangers} 人不在“{session['class_name']}”的学员名单里，请先加入名单")
    return entries


def _refuse_clashes(reader: Reader, session: Row, present: Sequence[str]) -> None:
    for clash in queries.elsewhere(reader, session, present).values():
        raise Refusal(
            f"{clash['person_name']} {session['held_on']} {clash['part']}已在“{clash['class_name']}”点到，"
            f"不能同时在“{session['class_name']}”点到，请核对"
        )


def correct_mark(writer: Writer, values: Mapping[str, Any], row_id: str | None) -> str:
    """Correct the mark of one attendance row; minutes and 学时 follow by the rule of that day."""
    require(writer, Role.ENTRY, Role.REVIEW)
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
