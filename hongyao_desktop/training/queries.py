"""Named questions about classes: their sessions, trainees and marks, as lists and as one sheet."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Period, Scope
from hongyao_desktop.core.rules import RuleSet, in_force
from hongyao_desktop.training import rules
from hongyao_desktop.training.records import MARKS

CREDIT_RULE = "training-credit"
_IN_ORDER = "held_on, CASE part WHEN '上午' THEN 1 WHEN '全天' THEN 1 WHEN '下午' THEN 2 ELSE 3 END"


def training_class(reader: Reader, class_id: str) -> Row | None:
    """One class with its counts."""
    return reader.one("SELECT * FROM training_class_view WHERE id = ?", (class_id,))


def classes(reader: Reader, period: Period, scope: Scope) -> list[Row]:
    """Classes held at least partly within the period.

    ``held`` sessions, ``present`` people and ``credit`` given are those of the period only, so that a class over New
    Year is split by session and the columns agree with the figures.
    """
    return reader.all(
        f"""
        WITH RECURSIVE {scope.sql}
        SELECT class.*,
               (SELECT COUNT(*) FROM training_session
                WHERE class_id = class.id AND status = '正常' AND held_on BETWEEN :first AND :last) AS held,
               (SELECT COUNT(DISTINCT trainee_id) FROM attendance_view
                WHERE class_id = class.id AND minutes > 0 AND held_on BETWEEN :first AND :last) AS present,
               (SELECT COALESCE(SUM(credit), 0) FROM attendance_view
                WHERE class_id = class.id AND held_on BETWEEN :first AND :last) AS credit
        FROM training_class_view AS class
        WHERE class.status <> '取消' AND class.starts_on <= :last AND class.ends_on >= :first
          AND class.unit_id IN (SELECT id FROM scope)
        ORDER BY class.starts_on, class.number
        """,
        {"first": period.first.isoformat(), "last": period.last.isoformat(), **scope.params},
    )


def board(reader: Reader, today: str) -> list[Row]:
    """All classes, the latest first, cancelled ones at the end.

    ``unmarked`` counts the seats of sessions held by ``today`` that nobody has keyed, in classes still under way.
    """
    return reader.all(
        """
        SELECT class.*, CASE WHEN class.status IN ('计划', '进行中') THEN (
            SELECT COUNT(*) FROM training_session AS held JOIN trainee ON trainee.class_id = held.class_id
            WHERE held.class_id = class.id AND held.status = '正常' AND held.held_on <= ?
              AND trainee.status <> '退学' AND NOT EXISTS (
                SELECT 1 FROM attendance WHERE session_id = held.id AND trainee_id = trainee.id)
        ) ELSE 0 END AS unmarked
        FROM training_class_view AS class
        ORDER BY class.status = '取消', class.starts_on DESC, class.number DESC
        """,
        (today,),
    )


def session(reader: Reader, session_id: str) -> Row | None:
    """One session with name and state of its class."""
    return reader.one(
        "SELECT training_session.*, training_class.name AS class_name, training_class.status AS class_status "
        "FROM training_session JOIN training_class ON training_class.id = class_id WHERE training_session.id = ?",
        (session_id,),
    )


def sessions(reader: Reader, class_id: str) -> list[Row]:
    """The sessions of a class in the order they are held, without cancelled ones."""
    return reader.all(
        f"SELECT * FROM training_session WHERE class_id = ? AND status = '正常' ORDER BY {_IN_ORDER}",
        (class_id,),
    )


def trainees(reader: Reader, class_id: str) -> list[Row]:
    """The trainees of a class in sheet order, with name and unit."""
    return reader.all(
        "SELECT trainee.*, person.name, person.phone FROM trainee JOIN person ON person.id = trainee.person_id "
        "WHERE class_id = ? ORDER BY position, trainee.id",
        (class_id,),
    )


def marks(reader: Reader, class_id: str) -> dict[tuple[str, str], Row]:
    """The attendance of a class by (session id, trainee id)."""
    rows = reader.all(
        "SELECT attendance.* FROM training_session JOIN attendance ON attendance.session_id = training_session.id "
        "WHERE training_session.class_id = ? AND training_session.status = '正常'",
        (class_id,),
    )
    return {(row["session_id"], row["trainee_id"]): row for row in rows}


@dataclass(frozen=True, slots=True)
class ClassSheet:
    """One class as its attendance sheet: people down, sessions across.

    Attributes:
        training: the class with its counts.
        sessions: in the order held; each carries ``credits``, the 学时 by mark, and ``full_credit``, that of 到.
        trainees: in sheet order.
        marks: attendance rows by (session id, trainee id).
        rule: the rule set whose leave limit holds for the class (in force on its first day).
    """

    training: Row
    sessions: list[Row]
    trainees: list[Row]
    marks: dict[tuple[str, str], Row]
    rule: RuleSet

    def mark(self, session_id: str, trainee_id: str) -> str | None:
        """The mark of one seat, None while nobody has keyed it."""
        row = self.marks.get((session_id, trainee_id))
        return None if row is None else str(row["mark"])

    def meter(
        self, trainee_id: str, changed: Mapping[tuple[str, str], str | None] | None = None
    ) -> rules.LeaveMeter:
        """The 1/7 leave meter of a trainee; ``changed`` holds marks that are typed but not saved yet."""
        typed = changed or {}
        return rules.leave_meter(
            self.rule,
            (
                (
                    session["full_credit"],
                    typed.get((session["id"], trainee_id), self.mark(session["id"], trainee_id)),
                )
                for session in self.sessions
            ),
            self.training["planned_credit"],
        )

    def credit(self, trainee_id: str, changed: Mapping[tuple[str, str], str | None] | None = None) -> int:
        """学时 of the trainee in this class, in hundredths; typed marks count as they would be written."""
        typed = changed or {}
        total = 0
        for session in self.sessions:
            key = session["id"], trainee_id
            if key in typed:
                mark = typed[key]
                total += session["credits"][mark] if mark else 0
            elif key in self.marks:
                total += self.marks[key]["credit"]
        return total


def class_sheet(reader: Reader, class_id: str) -> ClassSheet | None:
    """A class as its attendance sheet; None when it is not there."""
    training = training_class(reader, class_id)
    if training is None:
        return None
    held = sessions(reader, class_id)
    by_day: dict[str, RuleSet] = {}
    for row in held:
        day = row["held_on"]
        rule = by_day.get(day) or by_day.setdefault(day, credit_rule(reader, day))
        row["credits"] = {
            mark: rules.credit_of(rule, row["part"], row["minutes"], mark).credit for mark in MARKS
        }
        row["full_credit"] = row["credits"]["到"]
    rule = credit_rule(reader, training["starts_on"])
    return ClassSheet(training, held, trainees(reader, class_id), marks(reader, class_id), rule)


def credit_rule(reader: Reader, day: str) -> RuleSet:
    """The rule set in force on a day (YYYY-MM-DD) for turning time into 学时."""
    return in_force(reader, CREDIT_RULE, dt.date.fromisoformat(day))


def elsewhere(reader: Reader, held: Row, trainee_ids: Iterable[str]) -> dict[str, Row]:
    """Trainees of a session who were present in another class at the same time: trainee id to that attendance.

    ``held`` is a session row; the other attendance has person_name, class_name, held_on, part (PEERS 8.19).
    """
    return {
        row["mine"]: row
        for row in reader.all(
            """
            SELECT trainee.id AS mine, other.person_name, other.class_name, other.held_on, other.part
            FROM trainee JOIN attendance_view AS other ON other.person_id = trainee.person_id
            WHERE trainee.id IN (SELECT value FROM json_each(:trainees)) AND other.held_on = :day
              AND other.session_id <> :session AND other.minutes > 0
            """,
            {
                "trainees": json.dumps(list(trainee_ids)),
                "day": held["held_on"],
                "session": held["id"],
            },
        )
        if rules.overlap(row["part"], held["part"])
    }


def present_elsewhere(
    reader: Reader, people: Collection[str], days: Collection[str], class_id: str | None
) -> dict[tuple[str, str], list[Row]]:
    """Where these people were present on these days outside one class, by (person id, day)."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in reader.all(
        """
        SELECT person_id, held_on, part, class_name FROM attendance_view
        WHERE held_on IN (SELECT value FROM json_each(:days)) AND minutes > 0 AND class_id IS NOT :class
          AND person_id IN (SELECT value FROM json_each(:people))
        """,
        {"days": json.dumps(list(days)), "people": json.dumps(list(people)), "class": class_id},
    ):
        found.setdefault((row["person_id"], row["held_on"]), []).append(row)
    return found


def cadre_snapshots(reader: Reader, people: Collection[str], day: str) -> dict[str, tuple[str, str | None]]:
    """Categories (joined by 、) and post of people as they are on a day, for the list of a class."""
    found: dict[str, tuple[str, str | None]] = {}
    for row in reader.all(
        """
        SELECT person_id, GROUP_CONCAT(category, '、') AS categories, MAX(post) AS post FROM (
            SELECT * FROM cadre WHERE person_id IN (SELECT value FROM json_each(?1))
            AND from_on <= ?2 AND (until_on IS NULL OR until_on >= ?2) ORDER BY from_on, id)
        GROUP BY person_id
        """,
        (json.dumps(list(people)), day),
    ):
        found[row["person_id"]] = row["categories"], row["post"]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One attendance whose 学时 the rules now in force would give differently. Credits in hundredths."""

    attendance_id: str
    person_name: str
    class_name: str
    held_on: str
    part: str
    mark: str
    before: int
    after: rules.Credit
    rule_id: str


def differences(reader: Reader, period: Period, class_id: str | None = None) -> list[Difference]:
    """What counting again by the rules now in force would change, in one class or all; nothing is written.

    A changed rule touches no past row by itself; this list is shown first (DOMAIN section 8 item 16).
    """
    rows = reader.all(
        "SELECT attendance_view.*, training_session.minutes AS length FROM attendance_view "
        "JOIN training_session ON training_session.id = session_id "
        "WHERE attendance_view.held_on BETWEEN ? AND ? AND (?3 IS NULL OR attendance_view.class_id = ?3) "
        "ORDER BY attendance_view.held_on, sort_key, attendance_view.id",
        (period.first.isoformat(), period.last.isoformat(), class_id),
    )
    by_day: dict[str, RuleSet] = {}
    found = []
    for row in rows:
        day = row["held_on"]
        rule = by_day.get(day) or by_day.setdefault(day, credit_rule(reader, day))
        credit = rules.credit_of(rule, row["part"], row["length"], row["mark"])
        if (credit.minutes, credit.credit) != (row["minutes"], row["credit"]):
            found.append(
                Difference(
                    attendance_id=row["id"],
                    person_name=row["person_name"],
                    class_name=row["class_name"],
                    held_on=day,
                    part=row["part"],
                    mark=row["mark"],
                    before=row["credit"],
                    after=credit,
                    rule_id=rule.id,
                )
            )
    return found
