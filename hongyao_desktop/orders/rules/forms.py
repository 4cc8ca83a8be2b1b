"""Forms of the rule sets of orders (五单时限、来源和类别、分工), for the rule bench."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.fields import Choice, Date, Text
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.roles import CHANGING, in_order
from hongyao_desktop.core.workdays import NO_OVERRIDES
from hongyao_desktop.orders.records.states import (
    OPEN_STATES,
    SPOT_CHANNEL,
    Event,
    HoursAfter,
    Move,
    State,
    Word,
)
from hongyao_desktop.orders.rules import limits
from hongyao_desktop.orders.rules.limits import Duties, Limits, Lists, due_day
from hongyao_desktop.volunteers.rules.forms.form import (
    COUNT,
    WORKDAYS,
    RuleForm,
    entries,
    lines_input,
    made,
    table,
    words,
)

_STEPS: Final = dict(zip(("议单", "派单", "接单", "办结", "评单"), OPEN_STATES, strict=True))
_NAMES: Final = {state: name for name, state in _STEPS.items()}
_PAIR: Final = re.compile(r"([^\d\s、，,]+)\s*(\d+)")
_SPAN: Final = re.compile(r"(\d)(?:\s*(?:-|—|至|~)\s*(\d))?")

# ------------------------------------------------------------------------------------------------ time limits


def _limits_body(values: Row) -> dict[str, Any]:
    by_channel: dict[str, dict[str, int]] = {}
    for channel, rest in entries(values.get("by_channel"), "从紧的来源"):
        pairs = _PAIR.findall(rest)
        wrong = next((name for name, _count in pairs if name not in _STEPS), None)
        if wrong is not None or not pairs:
            shown = "、".join(_STEPS)
            raise Refusal(
                f"“从紧的来源”里“{channel}”要写步骤和工作日，如：{channel} 接单 0、办结 2；步骤有{shown}"
            )
        by_channel[channel] = {_STEPS[name].value: int(count) for name, count in pairs}
    days = {state.value: values.get(f"days_{place}") for place, state in enumerate(OPEN_STATES)}
    missing = next((_NAMES[State(state)] for state, count in days.items() if count is None), None)
    if missing is not None:
        raise Refusal(f"“{missing}”的工作日还没有填；当天要办的填 0")
    return {"workdays": days, "by_channel": by_channel}


def _limits_values(body: Mapping[str, Any]) -> Row:
    lines = [
        (channel, "、".join(f"{_NAMES[State(state)]} {count}" for state, count in counts.items()))
        for channel, counts in body["by_channel"].items()
    ]
    days = {f"days_{place}": body["workdays"][state.value] for place, state in enumerate(OPEN_STATES)}
    return {**days, "by_channel": table(lines)}


def _try_limits(rule: Limits, asked: Row) -> list[str]:
    channel = asked.get("channel") or ""
    day = dt.date.fromisoformat(asked["day"]) if asked.get("day") else dt.date(2026, 11, 20)
    said = []
    for name, state in _STEPS.items():
        due = due_day(rule, state, channel, day, overrides=asked.get(WORKDAYS, NO_OVERRIDES))
        said.append(f"{name}最迟{format_cn(due)}" if due else name)
        day = due or day
    return [f"每一步都拖到最后一天：{'，'.join(said)}"]


LIMITS = RuleForm(
    kind=limits.LIMITS_KIND,
    label="五单时限",
    help="每一步几个工作日，哪些来源从紧。",
    fields=(
        *(made(f"days_{place}", f"{name}几个工作日", COUNT, width=6) for place, name in enumerate(_STEPS)),
        lines_input(
            "by_channel", "从紧的来源", "一行一个来源，没有写的步骤按上面的。", "吹哨报到 接单 0、办结 2"
        ),
    ),
    to_values=_limits_values,
    to_body=_limits_body,
    read=limits.limits_of,
    blank={"workdays": dict.fromkeys((state.value for state in OPEN_STATES), 1), "by_channel": {}},
    trial=(made("channel", "来源", Text(max_chars=20), width=6), made("day", "点单日期", Date(), width=6)),
    try_out=_try_limits,
    defaults={"channel": "吹哨报到", "day": "2026-11-20"},
)

# ------------------------------------------------------------------------------------------------ sources, kinds


def _lists_body(values: Row) -> dict[str, Any]:
    channels = words(values.get("channels"))
    if SPOT_CHANNEL not in channels:
        raise Refusal(f"“来源”里要留着“{SPOT_CHANNEL}”，随手拍转工单要用")
    kinds = [
        {"kind": kind, "words": words(rest)} for kind, rest in entries(values.get("kinds"), "类别和字眼")
    ]
    if not kinds:
        raise Refusal("“类别和字眼”至少要有一行，如：助老助残 老人、陪诊")
    return {"channels": channels, "other": (values.get("other") or "其他").strip(), "kinds": kinds}


def _try_lists(rule: Lists, asked: Row) -> list[str]:
    topic = asked.get("topic") or ""
    return [f"“{topic}”归为“{rule.kind_of(topic)}”", f"来源：{'、'.join(rule.channels)}"]


LISTS = RuleForm(
    kind=limits.LISTS_KIND,
    label="来源和类别",
    help="工单从哪里来，按诉求内容的哪些字眼归类。",
    fields=(
        made(
            "channels", "来源", Text(max_chars=200), width=14, help="用顿号隔开；最后一个用于说不清来源的。"
        ),
        lines_input("kinds", "类别和字眼", "一行一类，先出现的字眼为准。", "助老助残 老人、独居、陪诊"),
        made("other", "都不像的归为", Text(max_chars=20), width=6),
    ),
    to_values=lambda body: {
        "channels": "、".join(body["channels"]),
        "kinds": table((entry["kind"], "、".join(entry["words"])) for entry in body["kinds"]),
        "other": body["other"],
    },
    to_body=_lists_body,
    read=limits.lists_of,
    blank={"channels": [SPOT_CHANNEL, "其他"], "kinds": [], "other": "其他"},
    trial=(made("topic", "诉求内容", Text(max_chars=100), width=14),),
    try_out=_try_lists,
    defaults={"topic": "厨房水管漏水，请人上门修"},
)

# ------------------------------------------------------------------------------------------------ duties

_DUTIES: Final[tuple[Move | Event, ...]] = (
    *(move for move in Move if move not in limits.NOBODYS),
    *Event,
)


def _duties_body(values: Row) -> dict[str, Any]:
    known = {duty.value: duty for duty in _DUTIES}
    allowed = [role.value for role in in_order(CHANGING)]
    roles: dict[str, list[str]] = {}
    for name, rest in entries(values.get("roles"), "谁可以办"):
        who = words(rest)
        if name not in known:
            raise Refusal(f"“谁可以办”里没有“{name}”这一步，可以写：{'、'.join(known)}")
        wrong = next((role for role in who if role not in allowed), None)
        if wrong is not None:
            raise Refusal(f"“{name}”里的“{wrong}”不是可以办理的权限，可以写：{'、'.join(allowed)}")
        roles[name] = who
    left = [duty.value for duty in _DUTIES if duty.value not in roles]
    if left:
        raise Refusal(f"“谁可以办”里缺“{'、'.join(left)}”，请补上是谁办")
    return {"roles": roles, "scores": _scores(values.get("scores")), "hours_after": values["hours_after"]}


def _scores(shown: str | None) -> dict[str, list[int]]:
    scores: dict[str, list[int]] = {}
    for word, rest in entries(shown, "评价打分"):
        span = _SPAN.fullmatch(rest.strip())
        if span is None or word not in tuple(Word):
            raise Refusal(f"“评价打分”里的“{word} {rest}”要写成“满意 4-5”的样子，评价有{'、'.join(Word)}")
        low, high = int(span[1]), int(span[2] or span[1])
        if not 1 <= low <= high <= 5:
            raise Refusal(f"“{word}”的分数要在 1 到 5 之间，小的写在前面")
        scores[word] = [low, high]
    left = [word.value for word in Word if word.value not in scores]
    if left:
        raise Refusal(f"“评价打分”里缺“{'、'.join(left)}”")
    return scores


def _duties_values(body: Mapping[str, Any]) -> Row:
    """Steps that an older version does not name are written out with who may take them by its own words."""
    told = body["roles"]
    lines = [(duty.value, told.get(duty.value) or told[limits.like(duty).value]) for duty in _DUTIES]
    spans = [
        (word, str(low) if low == high else f"{low}-{high}") for word, (low, high) in body["scores"].items()
    ]
    return {
        "roles": table((name, "、".join(who)) for name, who in lines),
        "scores": table(spans),
        "hours_after": body["hours_after"],
    }


def _try_duties(rule: Duties, asked: Row) -> list[str]:
    step = asked.get("step") or ""
    found = next((duty for duty in _DUTIES if duty.value == step), None)
    said = f"“{step}”由有“{'、'.join(rule.roles[found])}”权限的同事办" if found else f"没有“{step}”这一步"
    return [said, f"时长在{rule.hours_after}后登记"]


DUTIES = RuleForm(
    kind=limits.DUTIES_KIND,
    label="五单分工",
    help="每一步由谁办，评价怎么打分，时长什么时候登记。",
    fields=(
        lines_input("roles", "谁可以办", "一行一步，权限用顿号隔开；谁能办，谁能撤回。", "派单 录入、审核"),
        lines_input("scores", "评价打分", "一行一种评价。", "满意 4-5"),
        made("hours_after", "时长何时登记", Choice(tuple(HoursAfter)), width=6, required=True),
    ),
    to_values=_duties_values,
    to_body=_duties_body,
    read=limits.duties_of,
    blank={"roles": {}, "scores": {}, "hours_after": HoursAfter.RATED.value},
    trial=(made("step", "哪一步", Choice(tuple(duty.value for duty in _DUTIES)), width=6),),
    try_out=_try_duties,
    defaults={"step": Event.EXTEND.value},
)

FORMS: tuple[RuleForm, ...] = (LIMITS, LISTS, DUTIES)
"""Every kind of rule of orders, in the order a clerk meets them."""
