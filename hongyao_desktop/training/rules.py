"""Rules of training: minutes and 学时 from a mark, the 1/7 leave meter, requirement and gap of a year.

Numbers come from the rule sets ``training-credit`` and ``training-requirement``; nothing here is a constant of law.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hongyao_desktop.core import hours
from hongyao_desktop.core.rules import RuleSet


@dataclass(frozen=True, slots=True)
class Credit:
    """What one mark in one session is worth: minutes present, 学时 in hundredths, and one sentence why."""

    minutes: int
    credit: int
    explanation: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one category must reach in a year: 学时 in hundredths and which column counts (集中, 网络 or 全部)."""

    category: str
    credit: int
    form: str
    source: str


@dataclass(frozen=True, slots=True)
class LeaveMeter:
    """How much of a class one trainee missed by leave, against the limit of the rule set (leave > 1/7)."""

    leave_minutes: int
    total_minutes: int
    exceeded: bool
    sentence: str


def part_minutes(rule: RuleSet, part: str) -> int:
    """Length of a session of this part of the day, in minutes, by the rule set."""
    return int(rule.body["parts"][part]["minutes"])


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


def column_of(rule: RuleSet, form: str) -> str:
    """Which column of the year sheet a form of training fills: 集中, 网络 or 其他; they never mix (DOMAIN 2.2)."""
    if form in rule.body["central_forms"]:
        return "集中"
    return "网络" if form in rule.body["online_forms"] else "其他"


def requirements(rule: RuleSet) -> dict[str, Requirement]:
    """The yearly requirement by category."""
    return {
        entry["name"]: Requirement(entry["name"], int(entry["credit"]), entry["form"], rule.title)
        for entry in rule.body["categories"]
    }


def strictest(categories: Iterable[str], rule: RuleSet) -> Requirement | None:
    """The requirement a person with several categories has to meet: the highest one; None without any."""
    known = requirements(rule)
    found = [known[category] for category in categories if category in known]
    return max(found, key=lambda requirement: requirement.credit) if found else None


def leave_meter(rule: RuleSet, sessions: Iterable[tuple[int, str | None]]) -> LeaveMeter:
    """The leave meter of one trainee over ``(minutes of the session, mark)`` of all sessions of the class."""
    rows = list(sessions)
    total = sum(minutes for minutes, _mark in rows)
    leave = sum(minutes for minutes, mark in rows if mark == "请假")
    limit: Mapping[str, Any] = rule.body["leave_limit"]
    exceeded = leave * int(limit["denominator"]) > total * int(limit["numerator"])
    part = f"{limit['numerator']}/{limit['denominator']}"
    sentence = f"请假{hours.format_minutes(leave)}小时，全班{hours.format_minutes(total)}小时"
    if exceeded:
        sentence += f"，超过{part}（{limit['source']}）"
    return LeaveMeter(leave, total, exceeded, sentence)


def gap(required: Requirement | None, central: int, online: int, other: int) -> int:
    """学时 still missing, in hundredths; 0 when met or nothing is required. Online never fills 集中."""
    if required is None:
        return 0
    got = {"集中": central, "网络": online, "全部": central + online + other}[required.form]
    return max(0, required.credit - got)
