"""The year sheet (年度学时): what every cadre had to reach, what was got by form, and what is missing.

Categories are those held on 31 December or on the day the person left; sessions count in the year they were held, so
a class over New Year is split by itself (DOMAIN section 8 items 17, 18, 20).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from hongyao_desktop.core import hours
from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Scope
from hongyao_desktop.core.rules import in_force
from hongyao_desktop.training import rules
from hongyao_desktop.training.queries import CREDIT_RULE
from hongyao_desktop.training.rules import Got, Requirement

REQUIREMENT_RULE = "training-requirement"
ALL_COLUMNS = "全部"


@dataclass(frozen=True, slots=True)
class Need:
    """One requirement of one person held against what was got in its span. 学时 in hundredths."""

    requirement: Requirement
    first: dt.date
    last: dt.date
    got: int
    short: int

    @property
    def label(self) -> str:
        """The column that counts, as a word: 集中, 网络, or 合计 where all of them do."""
        return "合计" if self.requirement.form == ALL_COLUMNS else self.requirement.form

    @property
    def sentence(self) -> str:
        """What is asked, on what ground, what was got and what is missing."""
        span = "" if self.requirement.years == 1 else f"{self.first.isoformat()} 至 {self.last.isoformat()} "
        asked = (
            f"{self.requirement.category}{span}{self.label}{hours.format_centi(self.requirement.credit)}学时"
        )
        state = f"还差{hours.format_centi(self.short)}学时" if self.short else "已达到"
        return f"{asked}，已得{hours.format_centi(self.got)}学时，{state}（{self.requirement.source}）"


@dataclass(frozen=True, slots=True, kw_only=True)
class YearLine:
    """One person's line of the year sheet. All 学时 in hundredths."""

    person_id: str
    name: str
    unit_name: str | None
    post: str | None
    categories: tuple[str, ...]
    got: Got
    needs: tuple[Need, ...]
    exempt_reason: str | None

    @property
    def required(self) -> int:
        """The highest requirement, 0 without any."""
        return max((need.requirement.credit for need in self.needs), default=0)

    @property
    def short(self) -> int:
        """The largest gap; 0 when everything is met or the person is exempt."""
        return 0 if self.exempt_reason else max((need.short for need in self.needs), default=0)


def year_sheet(reader: Reader, year: int, scope: Scope) -> list[YearLine]:
    """Requirement, what was got by form, and the gap of every cadre of the scope for one year, by name."""
    first, last = f"{year:04d}-01-01", f"{year:04d}-12-31"
    people: dict[str, list[Row]] = {}
    for row in reader.all(
        f"""
        WITH RECURSIVE {scope.sql}
        SELECT * FROM cadre_view WHERE from_on <= :last AND (until_on IS NULL OR until_on >= :first)
          AND (person_status = '在册' OR COALESCE(person_status_on, :first) >= :first)
          AND unit_id IN (SELECT id FROM scope) ORDER BY sort_key, person_id, from_on, id
        """,
        {"first": first, "last": last, **scope.params},
    ):
        people.setdefault(row["person_id"], []).append(row)
    sheet = _Sheet(reader, dt.date(year, 12, 31))
    return sheet.lines(people)


class _Sheet:
    """The year sheet while it is put together."""

    def __init__(self, reader: Reader, last: dt.date) -> None:
        self._reader = reader
        self._last = last
        self._credit_rule = in_force(reader, CREDIT_RULE, last)
        self._need_rule = in_force(reader, REQUIREMENT_RULE, last)
        self._wanted: dict[tuple[str, ...], tuple[Requirement, ...]] = {}

    def lines(self, people: Mapping[str, list[Row]]) -> list[YearLine]:
        of_year = self._got(dt.date(self._last.year, 1, 1), self._last, None)
        of_spans = self._got_of_spans(people)
        return [
            self._line(person_id, rows, of_year.get(person_id, Got()), of_spans)
            for person_id, rows in people.items()
        ]

    def _line(
        self,
        person_id: str,
        rows: list[Row],
        of_year: Got,
        of_spans: Mapping[tuple[str, dt.date, dt.date], Got],
    ) -> YearLine:
        day = leaving_day(rows, self._last)
        held = held_on(rows, day) or rows  # somebody who left before the category began
        needs = []
        for requirement, first, last in self._needs(held, day):
            got = of_year if requirement.years == 1 else of_spans.get((person_id, first, last), Got())
            needs.append(
                Need(requirement, first, last, got.of(requirement.form), rules.gap(requirement, got))
            )
        newest = held[-1]
        return YearLine(
            person_id=person_id,
            name=newest["person_name"],
            unit_name=newest["unit_name"],
            post=next((row["post"] for row in reversed(held) if row["post"]), None),
            categories=tuple(dict.fromkeys(row["category"] for row in held)),
            got=of_year,
            needs=tuple(needs),
            exempt_reason=next((row["exempt_reason"] for row in held if is_exempt(row, day)), None),
        )

    def _needs(self, held: list[Row], day: dt.date) -> Iterable[tuple[Requirement, dt.date, dt.date]]:
        begun = {row["category"]: row["from_on"] for row in reversed(held)}
        wanted = self._wanted.get(tuple(begun))
        if wanted is None:  # few combinations of categories, many people
            wanted = self._wanted[tuple(begun)] = rules.requirements_of(begun, self._need_rule)
        for requirement in wanted:
            first = dt.date.fromisoformat(begun[requirement.category])
            yield requirement, *rules.span_of(requirement, first, day)

    def _got_of_spans(self, people: Mapping[str, list[Row]]) -> dict[tuple[str, dt.date, dt.date], Got]:
        """What was got in spans longer than a year; people with the same span are asked for together."""
        spans: dict[tuple[dt.date, dt.date], list[str]] = {}
        for person_id, rows in people.items():
            day = leaving_day(rows, self._last)
            for requirement, first, last in self._needs(held_on(rows, day), day):
                if requirement.years > 1:
                    spans.setdefault((first, last), []).append(person_id)
        found = {}
        for (first, last), asked in spans.items():
            for person_id, got in self._got(first, min(last, self._last), asked).items():
                found[person_id, first, last] = got
        return found

    def _got(self, first: dt.date, last: dt.date, people: Collection[str] | None) -> dict[str, Got]:
        """学时 by person and column between two days; of everybody when ``people`` is None."""
        among = "" if people is None else "AND trainee.person_id IN (SELECT value FROM json_each(:people))"
        rows = self._reader.all(
            f"""
            SELECT trainee.person_id, training_class.form, SUM(seats.credit) AS credit FROM (
                SELECT attendance.trainee_id, SUM(attendance.credit) AS credit
                FROM training_session CROSS JOIN attendance ON attendance.session_id = training_session.id
                WHERE training_session.held_on BETWEEN :first AND :last AND training_session.status = '正常'
                GROUP BY attendance.trainee_id
            ) AS seats
            JOIN trainee ON trainee.id = seats.trainee_id
            JOIN training_class ON training_class.id = trainee.class_id
            WHERE seats.credit > 0 {among}
            GROUP BY trainee.person_id, training_class.form
            """,
            {
                "first": first.isoformat(),
                "last": last.isoformat(),
                **({} if people is None else {"people": json.dumps(list(people))}),
            },
        )
        columns: dict[str, dict[str, int]] = {}
        for row in rows:
            column = rules.column_of(self._credit_rule, row["form"])
            of_person = columns.setdefault(row["person_id"], {})
            of_person[column] = of_person.get(column, 0) + row["credit"]
        return {
            person_id: Got(got.get("集中", 0), got.get("网络", 0), got.get("其他", 0))
            for person_id, got in columns.items()
        }


def leaving_day(rows: Iterable[Row], last: dt.date) -> dt.date:
    """The day whose categories count: ``last`` (31 December), or the day the person left before it."""
    days = []
    for row in rows:
        gone = row["person_status_on"] if row["person_status"] != "在册" else None
        ends = [dt.date.fromisoformat(day) for day in (row["until_on"], gone) if day]
        days.append(min([last, *ends]))
    return max(days, default=last)


def held_on(rows: Iterable[Row], day: dt.date) -> list[Row]:
    """The rows among a person's categories that hold on a day."""
    text = day.isoformat()
    return [
        row for row in rows if row["from_on"] <= text and (row["until_on"] is None or row["until_on"] >= text)
    ]


def is_exempt(row: Row, day: dt.date) -> bool:
    """Whether a category is marked exempt (免学) on a day."""
    text = day.isoformat()
    begun = row["exempt_from"] is None or row["exempt_from"] <= text
    over = row["exempt_until"] is not None and row["exempt_until"] < text
    return bool(row["exempt_reason"]) and begun and not over


def attended(reader: Reader, person_id: str, year: int) -> list[Row]:
    """The classes a person got 学时 in during a year: class, form, first day, times present, credit."""
    return reader.all(
        """
        SELECT class_id, class_name, form, MIN(held_on) AS first_on, COUNT(*) AS times, SUM(credit) AS credit
        FROM attendance_view WHERE person_id = ? AND held_on BETWEEN ? AND ? AND credit > 0
        GROUP BY class_id ORDER BY first_on, class_name
        """,
        (person_id, f"{year:04d}-01-01", f"{year:04d}-12-31"),
    )
