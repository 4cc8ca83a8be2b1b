"""The import target of sign-in sheets (培训签到表).

The head of such a sheet names the class, its days, place and planned 学时; every further column is one session.  A
blank cell is not taken for an absence: the seat stays open and is named (PEERS section 8 item 8).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.desk import ImportPlan, ImportTarget, Reader, Row, SheetFacts, SheetRow, Writer
from hongyao_desktop.core.fields import Text
from hongyao_desktop.core.problem import Level, Problem, Refusal, has_errors
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.people import service as people_service
from hongyao_desktop.people.records import ID_NUMBER, NAME, PHONE
from hongyao_desktop.training import queries, rules, service
from hongyao_desktop.training.imports.heading import ClassHead, Heading, Slot, is_session, read_heading
from hongyao_desktop.training.imports.marks import read_mark
from hongyao_desktop.training.imports.who import Directory, squeezed
from hongyao_desktop.training.queries import ClassSheet
from hongyao_desktop.training.records import MARKS, PRESENT
from hongyao_desktop.training.service import Mark, Newcomer


@dataclass(frozen=True, slots=True)
class RollLine:
    """One trainee of the sheet: the person found on file or None, and the marks by session."""

    heading: Heading
    person_id: str | None
    values: Mapping[str, Any]
    marks: tuple[tuple[Slot, str, str | None], ...]


@dataclass(slots=True)
class _Plan:
    """A sheet while it is understood."""

    reader: Reader
    heading: Heading
    known: ClassSheet | None
    directory: Directory
    counts: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    corrected: int = 0
    added: int = 0

    def line(self, row: SheetRow, idle: frozenset[str]) -> tuple[RollLine | None, list[Problem]]:
        """One row: its marks, its person, and what is wrong or open about it."""
        found: list[Problem] = []
        marks: list[tuple[Slot, str, str | None]] = []
        for header, slot in self.heading.columns.items():
            if header in idle:
                continue
            seat = self._seat(row, header, slot)
            if isinstance(seat, Problem):
                found.append(seat)
            else:
                marks.append((slot, *seat))
        if not row.values.get("name"):
            found.append(Problem(Level.ERROR, "field.missing", "姓名没有填写", "name"))
            return None, found
        person_id, doubt = self.directory.find(row.values)
        if doubt is not None:
            found.append(doubt)
        return RollLine(self.heading, person_id, dict(row.values), tuple(marks)), found

    def _seat(self, row: SheetRow, header: str, slot: Slot) -> tuple[str, str | None] | Problem:
        written = row.raw.get(header, "").strip()
        place = {"row": row.number, "column": row.columns.get(header)}
        if not written:
            self.counts["空白"] += 1
            message = f"{described(slot)}没有记号，先空着；确认缺勤后请在班次里补点"
            return Problem(Level.WARNING, "mark.blank", message, None, **place)  # type: ignore[arg-type]
        mark = read_mark(written, row.values.get("name") or "")
        if mark is None:
            message = f"“{written}”看不出是到、迟到、早退、请假还是缺勤，请改写"
            return Problem(Level.ERROR, "mark.unknown", message, None, value=written, **place)  # type: ignore[arg-type]
        self.counts[mark.mark] += 1
        return mark.mark, mark.reason

    def compare(self, line: RollLine) -> None:
        """Count what of a line is new, corrected, or already on file as it stands."""
        trainee, sessions = self._place_of(line)
        for slot, mark, reason in line.marks:
            before = self.known.marks.get((sessions.get(slot, ""), trainee)) if self.known else None
            if before is None:
                self.added += 1
            elif (before["mark"], before["reason"]) == (mark, reason):
                self.unchanged += 1
            else:
                self.corrected += 1

    def _place_of(self, line: RollLine) -> tuple[str, dict[Slot, str]]:
        if self.known is None:
            return "", {}
        ids = (row["id"] for row in self.known.trainees if row["person_id"] == line.person_id)
        return next(ids, ""), {_slot_of(row): row["id"] for row in self.known.sessions}


def described(slot: Slot) -> str:
    """A session in a sentence: 5月11日上午."""
    day, part = slot
    return f"{day.month}月{day.day}日{part}"


def _slot_of(session: Row) -> Slot:
    return dt.date.fromisoformat(session["held_on"]), str(session["part"])


def plan(reader: Reader, facts: SheetFacts, rows: Sequence[SheetRow], clock: Clock) -> ImportPlan:
    """What the sheet would add: the class, its sessions, the trainees and their marks. Writes nothing."""
    today = clock.today()
    body = [row for row in rows if row.kind == "data"]
    headers = list(dict.fromkeys(header for row in body for header in row.raw))
    heading = read_heading(headers, facts, today, _rule_on(reader, today.isoformat()))
    known = _known_class(reader, heading.head, facts)
    if known is not None:
        _refuse_other_parts(heading, known)
    directory = Directory(reader, (row.values for row in body), known.training["id"] if known else None)
    sheet = _Plan(reader, heading, known, directory)
    idle = frozenset(
        header for header in heading.columns if not any(row.raw.get(header, "").strip() for row in body)
    )
    problems = [*heading.problems, *(_idle_problem(header) for header in sorted(idle))]
    lines: list[tuple[SheetRow, RollLine, list[Problem]]] = []
    for row in body:
        line, found = sheet.line(row, idle)
        if line is None:
            problems += _placed(row, found)
        else:
            lines.append((row, line, found))
    _find_repeats(lines)
    _find_clashes(reader, lines, known)
    items: list[tuple[int, RollLine]] = []
    for row, line, found in lines:
        problems += _placed(row, found)
        if not has_errors(found) and all(problem.level is not Level.QUESTION for problem in found):
            sheet.compare(line)
            items.append((row.number, line))
    problems += _total_problems(rows, heading)
    if items and not sheet.added and not sheet.corrected:
        message = f"“{heading.head.name}”的这些点名都已在台账里，没有新内容"
        problems.append(Problem(Level.WARNING, "import.known", message))
    return ImportPlan(tuple(items), tuple(problems), _summary(sheet, body, idle))


def _summary(sheet: _Plan, body: Sequence[SheetRow], idle: frozenset[str]) -> dict[str, str]:
    head = sheet.heading.head
    return {
        "班次": head.name,
        "起止": f"{head.starts_on.isoformat()} 至 {head.ends_on.isoformat()}",
        "形式": head.form,
        "读到学员": str(len(body)),
        "课次": str(len(sheet.heading.columns) - len(idle)),
        **{mark: str(sheet.counts[mark]) for mark in (*MARKS, "空白")},
        "新增点名": str(sheet.added),
        "改正点名": str(sheet.corrected),
        "已在台账": str(sheet.unchanged),
    }


def _placed(row: SheetRow, found: Sequence[Problem]) -> list[Problem]:
    return [problem.at(row=row.number, column=row.columns.get(problem.field or "")) for problem in found]


def _idle_problem(header: str) -> Problem:
    message = f"“{header}”一列全是空白，先不建这个课次"
    return Problem(Level.WARNING, "session.idle", message)


def _rule_on(reader: Reader, day: str) -> RuleSet | None:
    try:
        return queries.credit_rule(reader, day)
    except Refusal:
        return None


def _known_class(reader: Reader, head: ClassHead, facts: SheetFacts) -> ClassSheet | None:
    """The class this sheet was imported into before: of the same name, and held in the same days or from this file."""
    row = reader.one(
        "SELECT id FROM training_class WHERE name = :name AND status <> '取消' AND ("
        "(starts_on <= :last AND ends_on >= :first) OR (source = :file AND year = :year)) ORDER BY id LIMIT 1",
        {
            "name": head.name,
            "first": head.starts_on.isoformat(),
            "last": head.ends_on.isoformat(),
            "file": facts.file_name,
            "year": head.starts_on.year,
        },
    )
    return queries.class_sheet(reader, row["id"]) if row is not None else None


def _refuse_other_parts(heading: Heading, known: ClassSheet) -> None:
    """A whole day cannot stand beside its own halves; the sheet and the class have to agree first."""
    held = {_slot_of(row) for row in known.sessions}
    for header, slot in heading.columns.items():
        for day, part in held:
            if day == slot[0] and part != slot[1] and rules.overlap(part, slot[1]):
                raise Refusal(
                    f"“{known.training['name']}”{described((day, part))}已有课次，表上“{header}”是{slot[1]}，"
                    "请把列名改一致"
                )


def _find_repeats(lines: Sequence[tuple[SheetRow, RollLine, list[Problem]]]) -> None:
    """The same person twice in one sheet: the later row goes back."""
    seen: dict[tuple[str, ...], int] = {}
    for row, line, found in lines:
        values = line.values
        described_by = (values.get("post"), values.get("phone"), values.get("id_number"))
        key = (line.person_id,) if line.person_id else (values["name"], *map(squeezed, described_by))
        if key in seen:
            message = f"{values['name']}与第 {seen[key]} 行重复，同一人只记一次"
            found.append(Problem(Level.ERROR, "trainee.repeated", message, "name"))
        seen.setdefault(key, row.number)


def _find_clashes(
    reader: Reader, lines: Sequence[tuple[SheetRow, RollLine, list[Problem]]], known: ClassSheet | None
) -> None:
    """Somebody present here was present in another class at the same time: one of the two is wrong."""
    people = sorted({line.person_id for _row, line, _found in lines if line.person_id})
    days = sorted({slot[0].isoformat() for _row, line, _found in lines for slot, _mark, _why in line.marks})
    class_id = known.training["id"] if known is not None else None
    there = queries.present_elsewhere(reader, people, days, class_id)
    for _row, line, found in lines:
        for slot, mark, _reason in line.marks:
            if mark not in PRESENT or line.person_id is None:
                continue
            for other in there.get((line.person_id, slot[0].isoformat()), ()):
                if rules.overlap(other["part"], slot[1]):
                    message = (
                        f"{line.values['name']}{described(slot)}已在“{other['class_name']}”点到，"
                        "同一时段只记一处，请核对"
                    )
                    found.append(Problem(Level.ERROR, "mark.elsewhere", message, "name"))


def _total_problems(rows: Sequence[SheetRow], heading: Heading) -> list[Problem]:
    """Where the sheet counts its people itself (实到), the count is held against the marks."""
    found = []
    for row in rows:
        label = "".join(row.raw.values())
        if row.kind != "total" or "应到" in label:
            continue
        for header, slot in heading.columns.items():
            stated = row.raw.get(header, "").strip().removesuffix("人")
            letter = row.columns.get(header)
            if not stated.isdigit():
                continue
            seats = [
                (mark is not None and mark.mark in PRESENT, other.columns.get(header) == letter)
                for other in rows
                if other.kind == "data"
                for mark in [read_mark(other.raw.get(header, "").strip(), other.values.get("name") or "")]
            ]
            counts = {
                sum(present for present, _mine in seats),
                sum(present and mine for present, mine in seats),
            }
            if int(stated) not in counts:
                message = f"{described(slot)}表上写实到 {stated} 人，逐行数到 {max(counts)} 人，请核对"
                found.append(Problem(Level.WARNING, "roll.total", message, None, row.number, letter, stated))
    return found


# -------------------------------------------------------------------------------------------------------------- commit


def commit(writer: Writer, facts: SheetFacts, found: ImportPlan) -> int:
    """Write the class, its sessions, trainees and marks; returns how many marks were added or corrected."""
    lines: list[RollLine] = [item for _row, item in found.items]
    if not lines:
        return 0
    heading = lines[0].heading
    slots = sorted({slot for line in lines for slot, _mark, _reason in line.marks}, key=_in_order)
    class_id = _class(writer, heading.head, facts)
    held = {_slot_of(row): row["id"] for row in queries.sessions(writer, class_id)}
    for slot in slots:
        if slot not in held:
            held[slot] = service.hold_session(writer, class_id, *slot, topic=heading.topics.get(slot))
    people = [line.person_id or _new_person(writer, line) for line in lines]
    trainees = service.enrol_trainees(
        writer,
        class_id,
        [Newcomer(person_id, line.values.get("post")) for person_id, line in zip(people, lines, strict=True)],
    )
    rolls: dict[str, list[Mark]] = {}
    for person_id, line in zip(people, lines, strict=True):
        for slot, mark, reason in line.marks:
            rolls.setdefault(held[slot], []).append(Mark(trainees[person_id], mark, reason))
    return sum(service.call_roll(writer, session_id, roll) for session_id, roll in rolls.items())


def _in_order(slot: Slot) -> tuple[str, int]:
    return slot[0].isoformat(), ("上午", "全天", "下午", "晚上").index(slot[1])


def _new_person(writer: Writer, line: RollLine) -> str:
    values = {key: line.values[key] for key in ("name", "phone", "id_number") if line.values.get(key)}
    return people_service.save_person(writer, {**values, "employer": line.values.get("post")}, None)


def _class(writer: Writer, head: ClassHead, facts: SheetFacts) -> str:
    known = _known_class(writer, head, facts)
    if known is not None:
        training = known.training
        days = {
            "starts_on": min(training["starts_on"], head.starts_on.isoformat()),
            "ends_on": max(training["ends_on"], head.ends_on.isoformat()),
        }
        if any(training[name] != day for name, day in days.items()):
            service.save_class(writer, {**training, **days}, training["id"])
        return str(training["id"])
    values = {
        "name": head.name,
        "form": head.form,
        "tier": head.tier,
        "starts_on": head.starts_on.isoformat(),
        "ends_on": head.ends_on.isoformat(),
        "place": head.place,
        "teacher": head.teacher,
        "host": head.host,
        "planned_credit": head.planned_credit,
        "note": f"由“{facts.file_name}”导入",
        "source": facts.file_name,
    }
    return service.save_class(writer, values, None)


POST = Field(
    name="post",
    label="单位及职务",
    type=Text(max_chars=60),
    sensitivity=Sensitivity.INTERNAL,
    width=12,
    aliases=("工作单位及职务", "单位职务", "职务", "单位", "工作单位", "所在单位", "所在社区", "社区"),
)
NOTE = Field(name="note", label="备注", type=Text(), sensitivity=Sensitivity.INTERNAL, width=10)

SIGN_IN = ImportTarget(
    name="attendance",
    label="培训签到表",
    fields=(NAME, POST, PHONE, ID_NUMBER, NOTE),
    plan=plan,
    commit=commit,
    register="attendance",
    claims=is_session,
    help="一张签到表是一个班次：表格上方写班名、时间、地点，每个课次一列（如“11日上午”），格内打√或写迟到、请假。",
)
