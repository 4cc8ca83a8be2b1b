"""What the printed papers of training ask for: a class or a person as a clerk names it, a person's training by year."""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.problem import Refusal


def class_named(reader: Reader, word: str, period: Period) -> Row:
    """A class by number, id or name; without a word the latest of the period. Refuses when there is none."""
    if word:
        found = reader.one(
            "SELECT * FROM training_class_view WHERE number = ?1 OR id = ?1 OR name = ?1 "
            "ORDER BY starts_on DESC LIMIT 1",
            (word,),
        )
        if found is None:
            raise Refusal(f"没有编号或名称为“{word}”的培训班次，请核对", exit_code=2)
        return found
    found = reader.one(
        "SELECT * FROM training_class_view WHERE status <> '取消' AND starts_on <= ? AND ends_on >= ? "
        "ORDER BY starts_on DESC, number DESC LIMIT 1",
        (period.last.isoformat(), period.first.isoformat()),
    )
    if found is None:
        raise Refusal("期间没有培训班次，请写明班次编号或名称", exit_code=2)
    return found


def people_of_class(reader: Reader, class_id: str) -> list[Row]:
    """The trainees in sheet order with what a roster shows of them."""
    return reader.all(
        """
        SELECT trainee.*, person.name, person.sex, person.phone, person.employer, unit.name AS unit_name
        FROM trainee JOIN person ON person.id = trainee.person_id LEFT JOIN unit ON unit.id = person.unit_id
        WHERE trainee.class_id = ? ORDER BY trainee.position, trainee.id
        """,
        (class_id,),
    )


def person_named(reader: Reader, word: str) -> Row:
    """A cadre or trainee by name or person id; refuses nobody, and more than one, naming their units."""
    found = reader.all(
        """
        SELECT * FROM person_view WHERE (name = ?1 OR id = ?1)
          AND (EXISTS (SELECT 1 FROM cadre WHERE cadre.person_id = person_view.id)
               OR EXISTS (SELECT 1 FROM trainee WHERE trainee.person_id = person_view.id))
        ORDER BY sort_key, id
        """,
        (word,),
    )
    if len(found) == 1:
        return found[0]
    if found:
        units = "、".join(f"{row['unit_name'] or '无组织'}（{row['id']}）" for row in found[:6])
        raise Refusal(f"叫“{word}”的学员有 {len(found)} 位，请改写括号里的内部编号：{units}", exit_code=2)
    raise Refusal(f"培训台账里没有叫“{word}”的人，请核对姓名", exit_code=2)


def categories_of(reader: Reader, person_id: str) -> list[Row]:
    """A person's cadre categories, the latest first."""
    return reader.all("SELECT * FROM cadre WHERE person_id = ? ORDER BY from_on DESC, id", (person_id,))


def classes_of(reader: Reader, person_id: str, first: dt.date, last: dt.date) -> list[Row]:
    """The classes a person attended between two days: times present, leave, minutes, 学时 by the records."""
    return reader.all(
        """
        SELECT seat.class_id, seat.class_name, class.number, class.form, class.host, class.tier,
            MIN(seat.held_on) AS first_on, MAX(seat.held_on) AS last_on, trainee.post, trainee.status,
            SUM(seat.minutes > 0) AS times, SUM(seat.mark = '请假') AS leave, SUM(seat.mark = '缺勤') AS absent,
            SUM(seat.minutes) AS minutes, SUM(seat.credit) AS credit
        FROM attendance_view AS seat JOIN training_class AS class ON class.id = seat.class_id
        JOIN trainee ON trainee.id = seat.trainee_id
        WHERE seat.person_id = ? AND seat.held_on BETWEEN ? AND ?
        GROUP BY seat.class_id ORDER BY first_on, class.number
        """,
        (person_id, first.isoformat(), last.isoformat()),
    )


def years_of(reader: Reader, person_id: str) -> list[int]:
    """The years in which a person has attendance, the earliest first."""
    rows = reader.all(
        "SELECT DISTINCT CAST(substr(held_on, 1, 4) AS INTEGER) AS year FROM attendance_view "
        "WHERE person_id = ? ORDER BY year",
        (person_id,),
    )
    return [int(row["year"]) for row in rows]
