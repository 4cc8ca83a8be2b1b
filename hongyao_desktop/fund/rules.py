"""What may be booked, as pure functions: categories by words, limits, no day below zero, red and blue summaries.

Sources: 会计基础工作规范 arts. 48, 51, 60, 63; 会计软件基本功能和服务规范 art. 21; 现金管理暂行条例.
Amounts are 分; days are dates.  Places' own amounts come as dated rule sets, never from here.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.money import format_fen
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.fund.records import METHODS, Draft

CATEGORIES_KIND = "fund-categories"
LIMITS_KIND = "fund-limits"
OPENING_SUMMARY = "上年结转"
PLAIN_NAME = "党内关爱基金"
"""What a fund is called when a sheet does not say."""


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of income or expense (类别); ``words`` in a summary point to it."""

    name: str
    direction: str
    kind: str
    words: tuple[str, ...]
    fallback: bool = False


@dataclass(frozen=True, slots=True)
class Categories:
    """The categories of one rule set, in the order in which their words are tried."""

    listed: tuple[Category, ...]

    def named(self, name: str) -> Category | None:
        """The category called ``name``."""
        return next((category for category in self.listed if category.name == name), None)

    def guess(self, direction: str, summary: str) -> Category | None:
        """The first category of this side one of whose words the summary holds; None when no word fits."""
        for category in self.listed:
            if category.direction == direction and any(word in summary for word in category.words):
                return category
        return None

    def fallback(self, direction: str) -> Category:
        """Where an entry goes that no word places (其他收入, 其他支出)."""
        return next(c for c in self.listed if c.direction == direction and c.fallback)

    def correction(self, direction: str) -> Category:
        """Where the blue correction of an earlier year goes."""
        return next(c for c in self.listed if c.direction == direction and c.kind == "更正")

    @property
    def opening(self) -> Category:
        """Where opening balances go."""
        return next(c for c in self.listed if c.direction == "期初")


def categories_from(body: Mapping[str, Any]) -> Categories:
    """Read the body of a rule set of kind ``fund-categories``; raises ValueError when a needed category is missing."""
    listed = tuple(
        Category(c["name"], c["direction"], c["kind"], tuple(c["words"]), bool(c.get("fallback", False)))
        for c in body["categories"]
    )
    held = {(c.direction, c.kind) for c in listed} | {(c.direction, "兜底") for c in listed if c.fallback}
    for side, what in (
        ("期初", "期初"),
        ("收入", "更正"),
        ("支出", "更正"),
        ("收入", "兜底"),
        ("支出", "兜底"),
    ):
        if (side, what) not in held:
            raise ValueError(f"类别规则里缺少{side}方的{what}类别，请补上")
    return Categories(listed)


@dataclass(frozen=True, slots=True)
class Limits:
    """The amounts of one place: per payment by category, per person and year, cash; in 分.

    ``prior_year_until`` is the month and day up to which an entry dated in the year before may still be booked.
    """

    single_fen: Mapping[str, int]
    person_year_fen: int | None
    cash_fen: int | None
    prior_year_until: tuple[int, int]


def limits_from(body: Mapping[str, Any]) -> Limits:
    """Read the body of a rule set of kind ``fund-limits``."""
    month, _, day = str(body["prior_year_until"]).partition("-")
    return Limits(
        dict(body["single_fen"]), body.get("person_year_fen"), body.get("cash_fen"), (int(month), int(day))
    )


@dataclass(frozen=True, slots=True)
class Shortage:
    """The first day on which money would be missing, and how much (分, above 0)."""

    day: dt.date
    missing_fen: int

    @property
    def sentence(self) -> str:
        """Which day and how much, for the clerk."""
        return f"{format_cn(self.day)}的结余不够，差 {format_fen(self.missing_fen)} 元"


def first_shortage(days: Iterable[tuple[dt.date, int]], start_fen: int = 0) -> Shortage | None:
    """The first day whose closing balance is below zero.

    ``days`` are (day, net of the day) in order of days; ``start_fen`` is the balance before the first of them.
    """
    balance = start_fen
    for day, net in days:
        balance += net
        if balance < 0:
            return Shortage(day, -balance)
    return None


class Purse:
    """Which of many payments can be afforded when no day may end below zero.

    Built from the nets of days that are already sure (ledger and all receipts to come), every day of a payment among
    them; :meth:`admit` is then asked once per payment, in order of days, and remembers what it let through.
    """

    def __init__(self, nets: Mapping[dt.date, int], start_fen: int = 0) -> None:
        """``nets`` by day, ``start_fen`` the balance before the first of them; 分."""
        self._days = sorted(nets)
        self._balances = list(accumulate((nets[day] for day in self._days), initial=start_fen))[1:]
        self._floors = list(accumulate(reversed(self._balances), min))[::-1]
        self._spent = 0

    def admit(self, day: dt.date, out_fen: int) -> Shortage | None:
        """Let ``out_fen`` out on ``day``, or say where that fails; not before a day already asked for."""
        index = bisect_left(self._days, day)
        if self._floors[index] - self._spent >= out_fen:
            self._spent += out_fen
            return None
        later = range(index, len(self._days))
        place = next(place for place in later if self._balances[place] - self._spent < out_fen)
        return Shortage(self._days[place], out_fen + self._spent - self._balances[place])


def voucher(number: int) -> str:
    """How a number within fund and year is written: 记-005; 期初 for the opening."""
    return "期初" if number == 0 else f"记-{number:03d}"


def reversal_summary(day: dt.date, number: int) -> str:
    """Summary of a red entry (会计基础工作规范 art. 51)."""
    return f"注销{day.month}月{day.day}日{voucher(number)}号凭证"


def replacement_summary(day: dt.date, number: int) -> str:
    """Summary of the blue entry that stands in for a cancelled one of the same year."""
    return f"订正{day.month}月{day.day}日{voucher(number)}号凭证"


def prior_year_summary(day: dt.date, number: int) -> str:
    """Summary of the blue entry that makes good an error of an earlier year."""
    return f"更正{day.year}年{day.month}月{day.day}日{voucher(number)}号凭证"


def payee_of(summary: str) -> str | None:
    """The party named after the colon of a summary such as 「大病救助：张三」, when it is short enough to be a name."""
    for colon in ("：", ":"):
        head, found, tail = summary.partition(colon)
        if found and head.strip() and 1 < len(tail.strip()) <= 20:
            return tail.strip()
    return None


def prior_year_open(entry_year: int, today: dt.date, limits: Limits) -> bool:
    """True while an entry dated in ``entry_year`` may be booked on ``today`` by hand."""
    if entry_year >= today.year:
        return True
    return entry_year == today.year - 1 and (today.month, today.day) <= limits.prior_year_until


def draft_problems(draft: Draft, today: dt.date, opened_on: dt.date, limits: Limits | None) -> list[Problem]:
    """Everything wrong with one draft that can be told without the ledger.

    ``limits`` None leaves amounts and the year's end alone: so old books can be brought in.
    """
    found = _amount_problems(draft)
    if not draft.summary.strip():
        found.append(_error("fund.summary", "摘要没有填写", "summary"))
    if draft.day > today:
        found.append(_error("fund.future", f"{format_cn(draft.day)}还没有到，请核对日期", "entry_on"))
    if draft.day < opened_on:
        message = f"{format_cn(draft.day)}早于建账日期{format_cn(opened_on)}，已包含在期初余额里"
        found.append(_error("fund.early", message, "entry_on"))
    if draft.method not in METHODS:
        found.append(_error("fund.method", f"结算方式没有“{draft.method}”，请选银行或现金", "method"))
    if draft.attachments < 0:
        found.append(_error("fund.attachments", "附件张数不能小于 0", "attachments"))
    if limits is not None and not found:
        found += _limit_problems(draft, today, limits)
    return found


def _error(code: str, message: str, field: str) -> Problem:
    return Problem(Level.ERROR, code, message, field)


def _amount_problems(draft: Draft) -> list[Problem]:
    """One side only, and above zero."""
    if draft.in_fen and draft.out_fen:
        return [_error("fund.sides", "收入和支出只能填一边，请分成两笔", "out_fen")]
    if not draft.in_fen and not draft.out_fen:
        return [_error("fund.blank", "收入和支出都是空的，请填一边", "in_fen")]
    if draft.in_fen < 0 or draft.out_fen < 0:
        side = "out_fen" if draft.out_fen else "in_fen"
        return [_error("fund.negative", "金额不能是负数，记错的请用“冲正”", side)]
    return []


def _limit_problems(draft: Draft, today: dt.date, limits: Limits) -> list[Problem]:
    found: list[Problem] = []
    if not prior_year_open(draft.day.year, today, limits):
        month, day = limits.prior_year_until
        message = (
            f"{draft.day.year}年的账已过补记期（次年{month}月{day}日止），请登记在今天，摘要写明更正哪一笔"
        )
        found.append(_error("fund.prior_year", message, "entry_on"))
    single = limits.single_fen.get(draft.category or "")
    if single is not None and draft.out_fen > single * max(draft.persons or 1, 1):
        message = f"{draft.category}每人次最多 {format_fen(single)} 元，这里是 {format_fen(draft.out_fen)} 元，请核对"
        found.append(_error("fund.single", message, "out_fen"))
    if limits.cash_fen is not None and draft.method == "现金" and draft.out_fen > limits.cash_fen:
        message = f"现金支付超过 {format_fen(limits.cash_fen)} 元，一般应转账支付"
        found.append(Problem(Level.WARNING, "fund.cash", message, "method"))
    return found
