"""What a rule as typed may not say: numbers too small, and terms that contradict each other (自相矛盾).

A rule on file is read as it stands; this is asked before a new version of it is tried out or saved. Every finding names
the input and says what to change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Final

from hongyao_desktop.core import hours
from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.volunteers.rules import clashes, conduct, expiry, points, shop, signals, spots, stars
from hongyao_desktop.volunteers.rules.forms.form import RuleForm

_LEAST: Final[Mapping[str, Mapping[str, int]]] = {
    points.KIND: {"step_minutes": 1, "cap_day": 1, "cap_month": 1, "cap_year": 1}
    | {"spot_cap_day": 1, "spot_cap_month": 1, "spot_cap_year": 1, "single_cap_minutes": 1},
    clashes.KIND: {"day_refuse_minutes": 1, "overlap_minutes": 1, "adult_age": 1, "sign_ins_per_activity": 1},
    conduct.KIND: {"blacklist_days": 1, "deregister_below": -1_000_000},
    stars.KIND: {"public_days": 1},
    signals.KIND: {"burst_minutes": 1, "burst_records": 2, "least_records": 2},
    shop.KIND: {"quarter_visits": 1, "quarter_points": 1, "quarter_same_good": 1},
}
"""Inputs that make no sense below this number; every other number may be nothing, and none may be less."""


def contradictions(form: RuleForm, values: Row) -> list[Problem]:
    """Everything a rule as typed contradicts itself in, each at its input; empty when it may be tried."""
    found = list(_too_small(form, values))
    if not found and form.kind in _CHECKS:
        found += (
            Problem(Level.ERROR, "rule.contradiction", said, name)
            for name, said in _CHECKS[form.kind](values)
        )
    return found


def _too_small(form: RuleForm, values: Row) -> Iterator[Problem]:
    least = _LEAST.get(form.kind, {})
    for field in form.fields:
        value = values.get(field.name)
        if not isinstance(value, int):
            continue
        lowest = least.get(field.name, 0)
        if value < lowest:
            blank = "" if field.required else "；不限请留空"
            said = f"{field.label}要大于 0" if lowest == 1 else f"{field.label}至少是 {lowest}"
            yield Problem(Level.ERROR, "rule.small", f"{said}{blank}", field.name)


_Said = Iterator[tuple[str, str]]
"""Input and sentence."""


def _points(values: Row) -> _Said:
    yield from _caps(values)
    yield from _lengths(values)
    if not (values.get("evidence") or "").strip():
        yield "evidence", "计分的时长来源一项也没有，服务都得不到分，请至少写一项"
    yield from _categories(values)


def _caps(values: Row) -> _Said:
    """A cap of a shorter span above one of a longer span never cuts anything."""
    for prefix, what in (("cap_", "得分"), ("spot_cap_", "")):
        spans = (("day", "每日"), ("month", "每月"), ("year", "每年"))
        limits = [(prefix + name, word, values.get(prefix + name)) for name, word in spans]
        standing = [(name, word, most) for name, word, most in limits if most is not None]
        for (name, word, most), (_longer_name, longer, beyond) in pairwise(standing):
            if most > beyond:
                shown, less = hours.format_centi(most), hours.format_centi(beyond)
                yield name, f"{word}最多{what} {shown} 分，比{longer}最多的 {less} 分还多，请改其中一个"


def _lengths(values: Row) -> _Said:
    most = values.get("single_cap_minutes")
    for name, words in (("at_least_minutes", "不足按它计的"), ("step_minutes", "一档")):
        minutes = values.get(name) or 0
        if most is not None and minutes > most:
            yield name, f"{words} {minutes} 分钟，比单次最多计的 {most} 分钟还长，请改其中一个"


def _categories(values: Row) -> _Said:
    uncounted = _words(values.get("uncounted"))
    for name, label in (("items", "分项"), ("coefficients", "系数")):
        for words in map(str.split, (values.get(name) or "").splitlines()):
            if words and words[0] in uncounted:
                yield "uncounted", f"“{words[0]}”写了不计分，又写在“{label}”里，请留一处"
            elif words and name == "coefficients" and words[-1] in ("0", "0.0", "0.00"):
                yield name, f"“{words[0]}”的系数要大于 0；不计分的请写在“不计分的服务类别”里"


def _limits(values: Row) -> _Said:
    warn, refuse = values.get("day_warn_minutes"), values.get("day_refuse_minutes")
    if warn is not None and refuse is not None and warn > refuse:
        yield (
            "day_warn_minutes",
            f"超过 {refuse} 分钟就不予登记，超过 {warn} 分钟才提醒不会起作用，请改其中一个",
        )
    late, void = values.get("late_days"), values.get("void_days")
    if late is not None and void and late >= void:
        yield "late_days", f"超过 {void} 天就不再登记，超过 {late} 天按补录不会起作用，请改其中一个"
    opens, closes = values.get("office_from_minute"), values.get("office_until_minute")
    if opens is not None and closes is not None and opens >= closes:
        yield "office_until_minute", "下班时间要晚于上班时间，请改其中一个"


def _expiry(values: Row) -> _Said:
    years, mode = values.get("years") or 0, values.get("mode")
    if mode == expiry.Mode.CARRY and years < 1:
        yield "years", "结转至少 1 年；当年年末就清零的，“年末怎样处理”请选清零"
    if mode == expiry.Mode.CLEAR and years:
        yield "years", f"年末清零不结转，又写了结转 {years} 年，请改其中一个"
    shown = str(values.get("month_day") or "")
    try:
        dt.date.fromisoformat(f"2025-{shown}")
    except ValueError:
        yield "month_day", f"年度截止日“{shown}”不是一个日期，请写成月-日，如 12-31"


def _signals(values: Row) -> _Said:
    first, last = values.get("night_from"), values.get("night_until")
    if first is not None and first == last:
        yield "night_until", "深夜的开始和结束是同一个钟点，请改其中一个"


def _spots(values: Row) -> _Said:
    kinds: dict[str, str] = {}
    for line in (values.get("kinds") or "").splitlines():
        kind, _space, words = line.strip().partition(" ")
        for word in _words(words):
            if kinds.setdefault(word, kind) != kind:
                yield "kinds", f"字眼“{word}”写在“{kinds[word]}”和“{kind}”两类里，请留一处"


def _words(text: str | None) -> list[str]:
    """Words of a list typed with any of the usual separators."""
    cleaned = (text or "").replace("，", "、").replace(",", "、").replace("\n", "、")
    return [word.strip() for word in cleaned.split("、") if word.strip()]


_CHECKS: Final[Mapping[str, Callable[[Row], _Said]]] = {
    points.KIND: _points,
    clashes.KIND: _limits,
    expiry.KIND: _expiry,
    signals.KIND: _signals,
    spots.KIND: _spots,
}
