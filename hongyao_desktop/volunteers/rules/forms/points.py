"""The form of the points rule (积分办法): points per hour, time and piece, coefficients, rounding, caps, who counts."""

from __future__ import annotations

from typing import Any

from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.fields import Choice, Minutes, Text
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.records.rows import Evidence, VolunteerKind
from hongyao_desktop.volunteers.rules import points as rules
from hongyao_desktop.volunteers.rules.forms.form import (
    MINUTES,
    Body,
    RuleForm,
    as_points,
    entries,
    lines_input,
    made,
    numbers,
    of_points,
    plain,
    table,
    words,
)
from hongyao_desktop.volunteers.rules.forms.form import (
    POINTS as POINTS_TYPE,
)
from hongyao_desktop.volunteers.rules.points import Event, Measure, PointsRule, Rounding, Span

_CAPS = (
    ("day", Span.DAY),
    ("month", Span.MONTH),
    ("year", Span.YEAR),
)
_HOURS = "按时长计分"
_ITEMS = "分项和系数"
_LIMITS = "封顶"
_WHO = "哪些计分"
_SPOT = "随手拍（按件）"
_EVENTS = "另计分的事"

FIELDS = (
    made("per_hour", "每小时得分", POINTS_TYPE, required=True, section=_HOURS, width=5),
    made("step_minutes", "几分钟一档", MINUTES, required=True, section=_HOURS, width=5),
    made(
        "rounding",
        "零头",
        Choice(tuple(one.value for one in Rounding)),
        required=True,
        section=_HOURS,
        width=5,
    ),
    made(
        "at_least_minutes",
        "不足多少分钟按它计",
        MINUTES,
        section=_HOURS,
        width=5,
        help="填 60：不足 1 小时按 1 小时计；0 表示不设。",
    ),
    made(
        "single_cap_minutes",
        "单次最多计多少分钟",
        MINUTES,
        section=_HOURS,
        width=5,
        help="留空表示不封顶。",
    ),
    lines_input(
        "items",
        "分项",
        "一行一项：服务类别、每小时或每次、分值。没有列出的按上面的每小时得分。",
        "宣讲 每次 15",
        _ITEMS,
    ),
    lines_input("coefficients", "系数", "一行一项：服务类别和系数。", "应急值守 1.5", _ITEMS),
    made("cap_day", "每日最多得分", POINTS_TYPE, section=_LIMITS, width=5, help="留空表示不封顶。"),
    made("cap_month", "每月最多得分", POINTS_TYPE, section=_LIMITS, width=5),
    made("cap_year", "每年最多得分", POINTS_TYPE, section=_LIMITS, width=5),
    made(
        "evidence",
        "计分的时长来源",
        Text(max_chars=20),
        required=True,
        section=_WHO,
        help="从签到、补录、导入里选，用顿号隔开。",
    ),
    made(
        "eligible",
        "计分的人员类别",
        Text(max_chars=60),
        section=_WHO,
        help="普通、新就业群体，用顿号隔开；留空表示都计。",
    ),
    made(
        "uncounted",
        "不计分的服务类别",
        Text(max_chars=200),
        section=_WHO,
        example="捐款捐物、学校义务劳动",
        help="用顿号隔开。",
    ),
    lines_input(
        "events",
        "另计分的事",
        f"一行一项：事项和分值，可以写{'、'.join(Event)}。自动记给应得的人，不受封顶限制。",
        "介绍加入 2",
        _EVENTS,
    ),
    made("spot_points", "每件得分", POINTS_TYPE, section=_SPOT, width=5),
    lines_input("spot_kinds", "分类别每件得分", "一行一项：问题类别和分值。", "消防通道 8", _SPOT),
    made("spot_cap_day", "每日最多", POINTS_TYPE, section=_SPOT, width=5),
    made("spot_cap_month", "每月最多", POINTS_TYPE, section=_SPOT, width=5),
    made("spot_cap_year", "每年最多", POINTS_TYPE, section=_SPOT, width=5),
)

TRIAL = (
    made("minutes", "时长（小时）", Minutes(), width=5, example="1.5"),
    made("category", "服务类别", Text(max_chars=20), width=6),
    made("evidence", "来源", Choice(tuple(one.value for one in Evidence)), width=5),
    made("kind", "人员类别", Choice(tuple(one.value for one in VolunteerKind)), width=6),
    made("got_day", "当日已得", POINTS_TYPE, width=5),
    made("got_month", "当月已得", POINTS_TYPE, width=5),
    made("got_year", "当年已得", POINTS_TYPE, width=5),
    made("spot_kind", "随手拍问题类别", Text(max_chars=20), width=8, help="填了就试算一件随手拍。"),
    made("event", "另计分的事", Choice(tuple(one.value for one in Event)), width=8),
)


def _cap_values(prefix: str, caps: Body) -> Row:
    return {
        f"{prefix}_{name}": of_points(caps[span.value]) if span.value in caps else None
        for name, span in _CAPS
    }


def _caps_of(prefix: str, values: Row) -> dict[str, str]:
    return {
        span.value: as_points(values[f"{prefix}_{name}"])
        for name, span in _CAPS
        if values.get(f"{prefix}_{name}") is not None
    }


def _to_values(body: Body) -> Row:
    items = body.get("items", {})
    return {
        "per_hour": of_points(body["per_hour"]),
        "step_minutes": body["step_minutes"],
        "rounding": body["rounding"],
        "at_least_minutes": body["at_least_minutes"],
        "single_cap_minutes": body["single_cap_minutes"],
        "evidence": "、".join(body["evidence"]),
        "eligible": "、".join(body.get("eligible", ())),
        "uncounted": "、".join(body.get("uncounted", ())),
        "items": table((name, f"每{item['per']} {item['points']}") for name, item in items.items()),
        "coefficients": table(body["coefficients"].items()),
        **_cap_values("cap", body["caps"]),
        "events": table(body.get("events", {}).items()),
        "spot_points": of_points(body["spot"]["points"]),
        "spot_kinds": table(body["spot"].get("kinds", {}).items()),
        **_cap_values("spot_cap", body["spot"]["caps"]),
    }


def _item(name: str, shown: str) -> dict[str, str]:
    for measure in Measure:
        for word in (f"每{measure.value}", measure.value):
            if shown.startswith(word):
                return {
                    "per": measure.value,
                    "points": plain(shown.removeprefix(word).strip(), f"分项里的{name}"),
                }
    raise Refusal(f"“分项”里的“{name}”要写每小时还是每次，如：{name} 每次 15")


def _among(shown: str | None, allowed: tuple[str, ...], what: str) -> list[str]:
    found = words(shown)
    wrong = next((word for word in found if word not in allowed), None)
    if wrong is not None:
        raise Refusal(f"“{what}”里的“{wrong}”不在可选内容里，请改为：{'、'.join(allowed)}")
    return found


def _events(shown: str | None) -> dict[str, str]:
    found = numbers(shown, "另计分的事")
    _among("、".join(found), tuple(Event), "另计分的事")
    return found


def _to_body(values: Row) -> dict[str, Any]:
    return {
        "per_hour": as_points(values["per_hour"]),
        "step_minutes": values["step_minutes"],
        "rounding": values["rounding"],
        "at_least_minutes": values.get("at_least_minutes") or 0,
        "single_cap_minutes": values.get("single_cap_minutes") or None,
        "evidence": _among(values["evidence"], tuple(Evidence), "计分的时长来源"),
        "eligible": _among(values.get("eligible"), tuple(VolunteerKind), "计分的人员类别"),
        "uncounted": words(values.get("uncounted")),
        "items": {name: _item(name, rest) for name, rest in entries(values.get("items"), "分项")},
        "coefficients": numbers(values.get("coefficients"), "系数"),
        "caps": _caps_of("cap", values),
        "events": _events(values.get("events")),
        "spot": {
            "points": as_points(values.get("spot_points")),
            "kinds": numbers(values.get("spot_kinds"), "分类别每件得分"),
            "caps": _caps_of("spot_cap", values),
        },
    }


def _try(rule: PointsRule, asked: Row) -> list[str]:
    already = {span: asked.get(f"got_{name}") or 0 for name, span in _CAPS}
    said = []
    if asked.get("minutes"):
        award = rules.service_award(
            rule,
            minutes=asked["minutes"],
            evidence=Evidence(asked.get("evidence") or Evidence.SIGNED),
            category=asked.get("category"),
            kind=asked.get("kind"),
            already=already,
        )
        said.append(award.explanation)
    if asked.get("spot_kind"):
        said.append(rules.spot_award(rule, already, asked["spot_kind"]).explanation)
    if asked.get("event"):
        award_ = rules.event_award(rule, Event(asked["event"]), "某某")
        said.append(award_.explanation if award_ is not None else f"“{asked['event']}”不另计分")
    return said or ["填一次服务的时长，这里写明得多少分、怎样算出"]


POINTS = RuleForm(
    kind=rules.KIND,
    label="积分办法",
    help="服务一小时、一次、一件得多少分，系数、零头、封顶和哪些计分。",
    fields=FIELDS,
    to_values=_to_values,
    to_body=_to_body,
    read=rules.points_rule,
    blank={
        "per_hour": "1",
        "step_minutes": 30,
        "rounding": "舍去",
        "at_least_minutes": 0,
        "single_cap_minutes": None,
        "evidence": ["签到", "补录", "导入"],
        "coefficients": {},
        "caps": {},
        "spot": {"points": "0", "caps": {}},
    },
    trial=TRIAL,
    try_out=_try,
    defaults={"minutes": 150, "evidence": "签到", "kind": "普通"},
)
