"""Rules of training: minutes and 学时 from a mark, the 1/7 leave meter, requirement and gap of a year.

Numbers come from the rule sets ``training-credit`` and ``training-requirement``; nothing here is a constant of law.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from hongyao_desktop.core import hours
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.core.rules import RuleSet

_HALF_DAYS = frozenset({"上午", "下午"})


@dataclass(frozen=True, slots=True)
class Credit:
    """What one mark in one session is worth: minutes present, 学时 in hundredths, and one sentence why."""

    minutes: int
    credit: int
    explanation: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one category must reach: 学时 in hundredths, which column counts (集中, 网络 or 全部), in how many years."""

    category: str
    credit: int
    form: str
    years: int
    source: str


@dataclass(frozen=True, slots=True)
class Got:
    """学时 got in some span of time by column of the year sheet, in hundredths."""

    central: int = 0
    online: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        """All columns together."""
        return self.central + self.online + self.other

    def of(self, form: str) -> int:
        """What counts towards a requirement of this form: 集中 and 网络 never fill each other (DOMAIN 2.2)."""
        return {"集中": self.central, "网络": self.online, "全部": self.total}[form]


@dataclass(frozen=True, slots=True)
class LeaveMeter:
    """How much of a class one trainee missed by leave, in hundredths of 学时, against the limit of the rule set.

    ``limit`` is the largest leave still allowed; ``sentence`` quotes the rule once it is exceeded.
    """

    leave: int
    total: int
    limit: int
    exceeded: bool
    sentence: str


# ------------------------------------------------------------------------------------------------------------ sessions


def part_minutes(rule: RuleSet, part: str) -> int:
    """Length of a session of this part of the day, in minutes, by the rule set."""
    return int(rule.body["parts"][part]["minutes"])


def overlap(first: str, second: str) -> bool:
    """Whether two parts of one day share time: the same part, or a whole day (全天) and one of its halves."""
    return first == second or ("全天" in (first, second) and bool(_HALF_DAYS & {first, second}))


def credit_of(rule: RuleSet, part: str, minutes: int, mark: str) -> Credit:
    """Minutes and 学时 of one mark.

    The credit of the part is scaled when the session was shorter or longer than the part's usual length, then by the
    percentage of the mark; fractions of a hundredth are dropped, so no path gives more than the minutes allow.
    """
    usual = rule.body["parts"][part]
    percent = int(rule.body["marks"][mark])
    present = minutes * percent // 100
    credit = int(usual["credit"]) * minutes * percent // (int(usual["minutes"]) * 100)
    full = hours.format_centi(int(usual["credit"]))
    sentence = (
        f"{part}{mark}，按{rule.title}{part}{hours.format_minutes(int(usual['minutes']))}小时计{full}学时"
    )
    if percent != 100:
        sentence += f"，{mark}按{percent}%计"
    if minutes != int(usual["minutes"]):
        sentence += f"，本次{hours.format_minutes(minutes)}小时按比例"
    return Credit(present, credit, f"{sentence}，得{hours.format_centi(credit)}学时")


def length_problem(rule: RuleSet, minutes: int, others_that_day: int) -> Problem | None:
    """A session has some length, and the sessions of one day of a class fit into that day."""
    if minutes <= 0:
        return Problem(Level.ERROR, "session.minutes", "课次时长要大于零，请核对", "minutes")
    longest = int(rule.body["longest_day_minutes"])
    if minutes + others_that_day > longest:
        message = (
            f"这一天共 {hours.format_minutes(minutes + others_that_day)} 小时，超过一天最多的 "
            f"{hours.format_minutes(longest)} 小时（{rule.title}），请核对时长"
        )
        return Problem(Level.ERROR, "session.day", message, "minutes")
    return None


# --------------------------------------------------------------------------------------------------------------- leave


def leave_meter(rule: RuleSet, seats: Iterable[tuple[int, str | None]], planned: int = 0) -> LeaveMeter:
    """The leave meter of one trainee over ``(full credit of the session, mark)`` of all sessions entered so far.

    The whole of the class is its planned 学时, or what is entered when that is more, so that a leave on the first of
    fourteen half days is not measured against that half day alone.
    """
    rows = list(seats)
    limit = rule.body["leave_limit"]
    total = max(planned, sum(credit for credit, _mark in rows))
    leave = sum(credit for credit, mark in rows if mark in limit["marks"])
    numerator, denominator = int(limit["numerator"]), int(limit["denominator"])
    exceeded = leave * denominator > total * numerator
    sentence = f"请假{hours.format_centi(leave)}学时，全班{hours.format_centi(total)}学时"
    if exceeded:
        sentence += f"，超过{numerator}/{denominator}（{limit['source']}）"
    return LeaveMeter(leave, total, total * numerator // denominator, exceeded, sentence)


def completion_problems(name: str, meter: LeaveMeter, absences: int, unmarked: int) -> list[Problem]:
    """What stands against giving a trainee the certificate (结业证): leave over the limit forbids it."""
    found = []
    if meter.exceeded:
        message = f"{name}{meter.sentence}，不能结业、不能发结业证，应按退学处理"
        found.append(Problem(Level.ERROR, "certificate.leave", message))
    if absences:
        message = f"{name}缺勤 {absences} 次，确认可以结业后再办"
        found.append(Problem(Level.QUESTION, "certificate.absent", message))
    if unmarked:
        message = f"{name}还有 {unmarked} 个课次没有点名，请先补记"
        found.append(Problem(Level.ERROR, "certificate.unmarked", message))
    return found


# ---------------------------------------------------------------------------------------------------------- year sheet


def column_of(rule: RuleSet, form: str) -> str:
    """Which column of the year sheet a form of training fills: 集中, 网络 or 其他; they never mix (DOMAIN 2.2)."""
    if form in rule.body["central_forms"]:
        return "集中"
    return "网络" if form in rule.body["online_forms"] else "其他"


def requirements_of(categories: Iterable[str], rule: RuleSet) -> tuple[Requirement, ...]:
    """What a person of these categories must reach, each requirement for itself, the highest first.

    Of two requirements on the same column in the same span only the higher one is named, since it includes the other.
    """
    wanted = set(categories)
    highest: dict[tuple[str, int], Requirement] = {}
    for entry in rule.body["categories"]:
        if entry["name"] not in wanted:
            continue
        requirement = Requirement(
            entry["name"], int(entry["credit"]), entry["form"], int(entry["years"]), entry["source"]
        )
        key = requirement.form, requirement.years
        if key not in highest or requirement.credit > highest[key].credit:
            highest[key] = requirement
    return tuple(sorted(highest.values(), key=lambda requirement: -requirement.credit))


def gap(required: Requirement, got: Got) -> int:
    """学时 still missing, in hundredths; 0 when met."""
    return max(0, required.credit - got.of(required.form))


def span_of(required: Requirement, begun: dt.date, day: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the span in which a requirement must be met and in which ``day`` falls.

    A requirement of one year runs with the calendar; one of several years (登记期) runs from the day it began.
    """
    if required.years == 1:
        return dt.date(day.year, 1, 1), dt.date(day.year, 12, 31)
    turns = max(0, (day.year - begun.year) // required.years)
    if turns and years_later(begun, turns * required.years) > day:
        turns -= 1
    first = years_later(begun, turns * required.years)
    return first, years_later(first, required.years) - dt.timedelta(days=1)


def years_later(day: dt.date, years: int) -> dt.date:
    """The same day some years later; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)
