"""Forms of what is kept an eye on: conduct, suspicions, spot reports, the shop."""

from __future__ import annotations

from typing import Any

from hongyao_desktop.core import hours, money
from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.fields import Integer, Money, Text
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.rules import conduct, shop, signals, spots
from hongyao_desktop.volunteers.rules.forms.form import (
    COUNT,
    POINTS,
    RuleForm,
    as_points,
    entries,
    lines_input,
    made,
    numbers,
    of_points,
    table,
    words,
)

# ------------------------------------------------------------------------------------------------ conduct


def _times(shown: str | None, what: str) -> dict[str, int]:
    times = {}
    for name, count in entries(shown, what):
        digits = count.removesuffix("次").strip()
        if not digits.isdigit():
            raise Refusal(f"“{what}”里的“{name}”要写次数，如：{name} 5")
        times[name] = int(digits)
    return times


def _conduct_body(values: Row) -> dict[str, Any]:
    most, below = values.get("blacklist_points"), values.get("deregister_below")
    return {
        "deductions": numbers(values["deductions"], "每次扣分"),
        "blacklist": _times(values.get("blacklist"), "满几次列入黑名单"),
        "blacklist_points": None if most is None else as_points(most),
        "blacklist_days": values.get("blacklist_days") or 365,
        "bar_years": values.get("bar_years") or 0,
        "deregister": _times(values.get("deregister"), "满几次建议注销"),
        "deregister_below": None if below is None else as_points(below),
        "voids": words(values.get("voids")),
    }


def _try_conduct(rule: conduct.ConductRule, asked: Row) -> list[str]:
    kind, times = asked.get("kind") or "", asked.get("times") or 0
    if kind not in rule.deductions:
        return [f"“{kind}”不在办法里，可以填：{'、'.join(rule.kinds)}"]
    each = rule.deductions[kind]
    said = [
        f"{kind}一次扣 {hours.format_centi(each)} 分，一年 {times} 次共扣 {hours.format_centi(each * times)} 分"
    ]
    reason = conduct.blacklist_reason(rule, kind, times, each * times, year=2026)
    said.append(f"{reason}，{rule.blacklist_days} 天内不能兑换" if reason else "没有到列入黑名单的次数")
    if kind == conduct.FALSEHOOD and rule.bar_years:
        said.append(f"{rule.bar_years} 年内不评星级")
    if kind in rule.voids:
        said.append("那次活动的时长和积分冲正，按 0 小时计")
    left = (asked.get("earned") or 0) - each * times
    out = conduct.deregister_reason(rule, {kind: times}, left, year=2026)
    if out:
        said.append(f"建议注销：{out}")
    elif rule.deregister or rule.deregister_below is not None:
        said.append(f"当年得分减扣分 {hours.format_centi(left)} 分，不建议注销")
    return said


CONDUCT = RuleForm(
    kind=conduct.KIND,
    label="失信办法",
    help="缺席、投诉、虚报各扣多少分，满几次列入黑名单或建议注销，哪些事那次活动不算，多久不评星级。",
    fields=(
        lines_input("deductions", "每次扣分", "一行一类。", "缺席 5"),
        lines_input("blacklist", "满几次列入黑名单", "一行一类，按一个自然年数。", "缺席 5"),
        made("blacklist_points", "一年扣满多少分列入", POINTS, width=6, help="留空表示不按扣分。"),
        made("blacklist_days", "列入多少天", COUNT, width=6),
        made("bar_years", "虚报后几年不评星级", COUNT, width=6),
        lines_input(
            "deregister",
            "满几次建议注销",
            "一行一类，按一个自然年数；列在“疑点”里，由人核实后办退出。",
            "恶意行为 3",
        ),
        made(
            "deregister_below",
            "一年积分低于多少建议注销",
            POINTS,
            width=6,
            help="当年得的减去当年应扣的，填 0 就是扣成负数的。留空表示不按积分。",
        ),
        made(
            "voids",
            "哪些事那次活动按 0 小时",
            Text(max_chars=60),
            width=14,
            help="登记时写明活动，时长和积分一并冲正；用顿号隔开，留空表示没有。",
            example="投诉、不服从安排",
        ),
    ),
    to_values=lambda body: {
        "deductions": table(body["deductions"].items()),
        "blacklist": table(body["blacklist"].items()),
        "blacklist_points": None if body["blacklist_points"] is None else of_points(body["blacklist_points"]),
        "blacklist_days": body["blacklist_days"],
        "bar_years": body["bar_years"],
        "deregister": table(body.get("deregister", {}).items()),
        "deregister_below": (
            None if body.get("deregister_below") is None else of_points(body["deregister_below"])
        ),
        "voids": "、".join(body.get("voids", ())),
    },
    to_body=_conduct_body,
    read=conduct.conduct_rule,
    blank={
        "deductions": {"缺席": "5", "投诉": "10", "虚报时长": "50"},
        "blacklist": {"缺席": 5},
        "blacklist_points": None,
        "blacklist_days": 365,
        "bar_years": 1,
    },
    trial=(
        made("kind", "什么事", Text(max_chars=20), width=6),
        made("times", "一年几次", COUNT, width=6),
        made("earned", "当年得了多少分", POINTS, width=6),
    ),
    try_out=_try_conduct,
    defaults={"kind": "缺席", "times": 5, "earned": 0},
)

# ------------------------------------------------------------------------------------------------ suspicions

_SIGNAL_FIELDS = (
    made("burst_minutes", "几分钟之内", COUNT, required=True, width=6),
    made("burst_records", "录入多少人次算成批", COUNT, required=True, width=6),
    made("least_records", "同样情形满多少条", COUNT, required=True, width=6),
    made("night_from", "深夜从几点", Integer(high=23), required=True, width=6),
    made("night_until", "到次日几点", Integer(high=23), required=True, width=6),
)

SIGNALS = RuleForm(
    kind=signals.KIND,
    label="疑点标准",
    help="多少条、多快、多晚录入的时长列为疑点，请人核实。",
    fields=_SIGNAL_FIELDS,
    to_values=dict,
    to_body=lambda values: {field.name: values.get(field.name) or 0 for field in _SIGNAL_FIELDS},
    read=signals.signal_rule,
    blank={"burst_minutes": 2, "burst_records": 40, "least_records": 10, "night_from": 22, "night_until": 6},
    trial=(made("hour", "几点录入", Integer(high=23), width=6),),
    try_out=lambda rule, asked: [
        "列为深夜录入" if rule.at_night(asked.get("hour") or 0) else "不列为深夜录入"
    ],
    defaults={"hour": 23},
)

# ------------------------------------------------------------------------------------------------ spot reports

SPOTS = RuleForm(
    kind=spots.KIND,
    label="随手拍受理办法",
    help="多少小时内的重复上报并入首报，按哪些字眼判断类别。",
    fields=(
        made("merge_hours", "多少小时内并入首报", COUNT, required=True, width=6),
        made("other", "认不出时的类别", Text(max_chars=10), required=True, width=6),
        lines_input("kinds", "类别和字眼", "一行一类：类别，再写字眼，用顿号隔开。", "照明损坏 路灯、照明"),
    ),
    to_values=lambda body: {
        "merge_hours": body["merge_hours"],
        "other": body["other"],
        "kinds": table((one["kind"], "、".join(one["words"])) for one in body["kinds"]),
    },
    to_body=lambda values: {
        "merge_hours": values["merge_hours"],
        "other": values["other"],
        "kinds": [
            {"kind": name, "words": words(rest)} for name, rest in entries(values.get("kinds"), "类别和字眼")
        ],
    },
    read=spots.spots_rule,
    blank={"merge_hours": 72, "other": "其他", "kinds": []},
    trial=(made("content", "上报内容", Text(max_chars=100), width=14),),
    try_out=lambda rule, asked: [f"判断为“{spots.kind_of(rule, asked.get('content') or '')}”"],
    defaults={"content": "三号楼路灯不亮"},
)

# ------------------------------------------------------------------------------------------------ shop


def _try_shop(rule: shop.ShopRule, asked: Row) -> list[str]:
    visits, points = asked.get("visits") or 0, asked.get("points") or 0
    said = []
    if rule.quarter_visits is not None and visits >= rule.quarter_visits:
        said.append(f"本季度已兑换 {visits} 次，满 {rule.quarter_visits} 次{shop.ONE_VISIT}，不能再兑换")
    if rule.quarter_points is not None:
        left = max(rule.quarter_points - points, 0)
        said.append(f"本季度还可用 {hours.format_centi(left)} 分")
    return said or ["可以兑换，没有限额"]


SHOP = RuleForm(
    kind=shop.KIND,
    label="积分兑换办法",
    help="每季度最多兑换几次、用多少分、同一样几件，几天内领取，一年采购多少钱。",
    fields=(
        made("quarter_visits", "每季度最多几次", COUNT, width=6, help="同一天的几笔算一次，留空表示不限。"),
        made("quarter_points", "每季度最多用多少分", POINTS, width=6),
        made("quarter_same_good", "每季度同一样最多几件", COUNT, width=6),
        made("pick_up_days", "几天内领取", COUNT, required=True, width=6),
        made("year_budget", "一年采购预算（元）", Money(), width=6),
    ),
    to_values=lambda body: {
        "quarter_visits": body["quarter_visits"],
        "quarter_points": None if body["quarter_points"] is None else of_points(body["quarter_points"]),
        "quarter_same_good": body["quarter_same_good"],
        "pick_up_days": body["pick_up_days"],
        "year_budget": None if body["year_budget"] is None else money.parse_fen(body["year_budget"]),
    },
    to_body=lambda values: {
        "quarter_visits": values.get("quarter_visits"),
        "quarter_points": (
            None if values.get("quarter_points") is None else as_points(values["quarter_points"])
        ),
        "quarter_same_good": values.get("quarter_same_good"),
        "pick_up_days": values["pick_up_days"],
        "year_budget": (
            None
            if values.get("year_budget") is None
            else money.format_fen(values["year_budget"]).replace(",", "")
        ),
    },
    read=shop.shop_rule,
    blank={
        "quarter_visits": None,
        "quarter_points": None,
        "quarter_same_good": None,
        "pick_up_days": 7,
        "year_budget": None,
    },
    trial=(
        made("visits", "本季度已兑换几次", COUNT, width=6),
        made("points", "本季度已用多少分", POINTS, width=6),
    ),
    try_out=_try_shop,
    defaults={"visits": 1, "points": 10000},
)
