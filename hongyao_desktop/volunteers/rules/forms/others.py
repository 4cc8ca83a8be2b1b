"""Forms of the other rules of the room: limits, stars, year end, approval, conduct, spot reports, shop."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hongyao_desktop.core import hours, money, workdays
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.fields import Choice, Date, Integer, Minutes, Money, Text
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.records.rows import Evidence, duration_text
from hongyao_desktop.volunteers.rules import approval, clashes, conduct, expiry, shop, spots, stars
from hongyao_desktop.volunteers.rules.forms.form import (
    COUNT,
    MINUTES,
    POINTS,
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

# ------------------------------------------------------------------------------------------------ limits

_LIMIT_FIELDS = (
    made("day_warn_minutes", "一日超过多少分钟提醒", MINUTES, required=True, width=6),
    made("day_refuse_minutes", "一日超过多少分钟不予登记", MINUTES, required=True, width=6),
    made("overlap_minutes", "重叠几分钟起算冲突", MINUTES, required=True, width=6),
    made("late_days", "超过多少天按补录", COUNT, required=True, width=6),
    made("sign_ins_per_activity", "同一活动一日最多签到次数", COUNT, required=True, width=6),
    made("window_tolerance_minutes", "起止时间可差多少分钟", MINUTES, required=True, width=6),
    made("adult_age", "成年年龄", COUNT, required=True, width=6),
    made(
        "presence_percent",
        "至少到场百分之几",
        Integer(high=100),
        width=6,
        help="到场不足活动全长的这个比例，不登记时长；0 表示不设。",
    ),
)


def _try_limits(rule: clashes.Limits, asked: Row) -> list[str]:
    minutes, length = asked.get("minutes") or 0, asked.get("length") or 0
    said = []
    if minutes > rule.day_refuse_minutes:
        said.append(f"一日 {duration_text(minutes)}：超过 {duration_text(rule.day_refuse_minutes)}，不能登记")
    elif minutes > rule.day_warn_minutes:
        said.append(f"一日 {duration_text(minutes)}：超过 {duration_text(rule.day_warn_minutes)}，提醒核对")
    else:
        said.append(f"一日 {duration_text(minutes)}：可以登记")
    if length and clashes.too_short(minutes, length, rule):
        least = duration_text(length * rule.presence_percent // 100)
        said.append(f"活动全长 {duration_text(length)}，至少到场 {least}，不够，不登记时长")
    late = asked.get("days") or 0
    if late > rule.late_days:
        said.append(f"过去 {late} 天：按补录登记，写明原因")
    return said


LIMITS = RuleForm(
    kind=clashes.KIND,
    label="登记限额",
    help="一日多长提醒、多长不予登记，多少天后按补录，至少到场多久才算。",
    fields=_LIMIT_FIELDS,
    to_values=lambda body: {"presence_percent": 0, **body},
    to_body=lambda values: {field.name: values.get(field.name) or 0 for field in _LIMIT_FIELDS},
    read=clashes.limits_of,
    blank={
        "day_warn_minutes": 480,
        "day_refuse_minutes": 1440,
        "overlap_minutes": 1,
        "late_days": 30,
        "sign_ins_per_activity": 3,
        "window_tolerance_minutes": 30,
        "adult_age": 18,
    },
    trial=(
        made("minutes", "到场时长（小时）", Minutes(), width=6),
        made("length", "活动全长（小时）", Minutes(), width=6),
        made("days", "过去几天才登记", COUNT, width=6),
    ),
    try_out=_try_limits,
    defaults={"minutes": 60, "length": 180, "days": 0},
)

# ------------------------------------------------------------------------------------------------ stars


def _star_lines(body: Body) -> str:
    return table(
        (step["name"], f"{step['hours']} {step['points']}" if "points" in step else step["hours"])
        for step in body["stars"]
    )


def _stars_body(values: Row) -> dict[str, Any]:
    steps: list[dict[str, str]] = []
    for name, rest in entries(values["stars"], "各星级"):
        parts = rest.split()
        step = {"name": name, "hours": plain(parts[0], f"{name}的小时数")}
        if len(parts) > 1:
            step["points"] = plain(parts[1], f"{name}的积分")
        steps.append(step)
    if not steps:
        raise Refusal("“各星级”还没有填，一行一级，如：一星 100")
    known = tuple(Evidence)
    evidence = words(values["evidence"])
    if not evidence or any(word not in known for word in evidence):
        raise Refusal(f"“计入的时长来源”请从{'、'.join(known)}里选")
    return {"evidence": evidence, "stars": steps}


STARS = RuleForm(
    kind=stars.KIND,
    label="星级标准",
    help="每一星级要多少小时，有的地方还要多少积分。",
    fields=(
        lines_input(
            "stars",
            "各星级",
            "一行一级，从低到高：名称、小时数，要积分的再写积分。",
            "一星 100",
        ),
        made(
            "evidence",
            "计入的时长来源",
            Text(max_chars=20),
            required=True,
            help="从签到、补录、导入里选，用顿号隔开。",
        ),
    ),
    to_values=lambda body: {"stars": _star_lines(body), "evidence": "、".join(body["evidence"])},
    to_body=_stars_body,
    read=stars.stars_rule,
    blank={"evidence": ["签到", "补录", "导入"], "stars": [{"name": "一星", "hours": "100"}]},
    trial=(
        made("minutes", "累计时长（小时）", Minutes(), width=6, example="299.5"),
        made("points", "积分", POINTS, width=6),
    ),
    try_out=lambda rule, asked: [_rank_words(rule, asked)],
    defaults={"minutes": 299 * 60 + 30, "points": 0},
)


def _rank_words(rule: stars.StarsRule, asked: Row) -> str:
    rank = stars.rank_of(rule, asked.get("minutes") or 0, asked.get("points") or 0)
    reached = f"现在是{rank.name}" if rank.name else "还没有星级"
    return f"{reached}；{rank.sentence}" if rank.lack_minutes or rank.lack_points else reached


# ------------------------------------------------------------------------------------------------ year end


def _try_expiry(rule: expiry.ExpiryRule, asked: Row) -> list[str]:
    day = dt.date.fromisoformat(asked["day"]) if asked.get("day") else None
    if day is None:
        return ["填一个日期，这里写明那天做清零会清到哪一天"]
    cutoff = rule.cutoff(day)
    if cutoff is None:
        return ["积分长期有效，不清零"]
    return [f"{format_cn(day)}做清零：{format_cn(cutoff)}以前得到、还没有用的积分清零；时长不变"]


EXPIRY = RuleForm(
    kind=expiry.KIND,
    label="积分结转办法",
    help="年末清零、结转几年，还是长期有效；服务时长都不受影响。",
    fields=(
        made("mode", "年末怎样处理", Choice(tuple(one.value for one in expiry.Mode)), required=True, width=6),
        made("years", "结转几年", COUNT, width=6, help="得分当年之后再留几年；清零和不清零的填 0。"),
        made("month_day", "年度截止日", Text(max_chars=5), required=True, width=6, example="12-31"),
    ),
    to_values=dict,
    to_body=lambda values: {
        "mode": values["mode"],
        "years": values.get("years") or 0,
        "month_day": values["month_day"],
    },
    read=expiry.expiry_rule,
    blank={"mode": "结转", "years": 2, "month_day": "12-31"},
    trial=(made("day", "清零日期", Date(), width=8),),
    try_out=_try_expiry,
    defaults={"day": "2027-01-05"},
)

# ------------------------------------------------------------------------------------------------ approval


def _try_approval(rule: approval.ApprovalRule, asked: Row) -> list[str]:
    if not rule.asked:
        return ["登记后积分马上可以使用"]
    said = ["登记 → " + " → ".join(rule.steps) if rule.steps else "登记"]
    if rule.public_days and asked.get("day"):
        start = dt.date.fromisoformat(asked["day"])
        until = workdays.add_workdays(start - dt.timedelta(days=1), rule.public_days)
        said.append(
            f"{format_cn(start)}起公示 {rule.public_days} 个工作日，到{format_cn(until)}，第二天起可以使用"
        )
    return said


APPROVAL = RuleForm(
    kind=approval.KIND,
    label="积分认定办法",
    help="积分登记后要经过哪几级、公示几个工作日才可以使用；没有步骤就是登记后可用。",
    fields=(
        made(
            "steps",
            "逐级步骤",
            Text(max_chars=200),
            help="按先后写，用顿号隔开；留空表示不用认定。",
            example="社区审核、街道确认",
            width=14,
        ),
        made("public_days", "公示几个工作日", COUNT, width=6),
    ),
    to_values=lambda body: {"steps": "、".join(body["steps"]), "public_days": body["public_days"]},
    to_body=lambda values: {
        "steps": words(values.get("steps")),
        "public_days": values.get("public_days") or 0,
    },
    read=approval.approval_rule,
    blank={"steps": [], "public_days": 0},
    trial=(made("day", "公示起始日", Date(), width=8),),
    try_out=_try_approval,
    defaults={"day": "2026-11-23"},
)

# ------------------------------------------------------------------------------------------------ conduct


def _conduct_body(values: Row) -> dict[str, Any]:
    times = {}
    for name, shown in entries(values.get("blacklist"), "满几次列入黑名单"):
        if not shown.isdigit():
            raise Refusal(f"“满几次列入黑名单”里的“{name}”要写次数，如：{name} 5")
        times[name] = int(shown)
    most = values.get("blacklist_points")
    return {
        "deductions": numbers(values["deductions"], "每次扣分"),
        "blacklist": times,
        "blacklist_points": None if most is None else as_points(most),
        "blacklist_days": values.get("blacklist_days") or 365,
        "bar_years": values.get("bar_years") or 0,
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
    return said


CONDUCT = RuleForm(
    kind=conduct.KIND,
    label="失信办法",
    help="缺席、投诉、虚报各扣多少分，满几次列入黑名单，多久不评星级。",
    fields=(
        lines_input("deductions", "每次扣分", "一行一类。", "缺席 5"),
        lines_input("blacklist", "满几次列入黑名单", "一行一类，按一个自然年数。", "缺席 5"),
        made("blacklist_points", "一年扣满多少分列入", POINTS, width=6, help="留空表示不按扣分。"),
        made("blacklist_days", "列入多少天", COUNT, width=6),
        made("bar_years", "虚报后几年不评星级", COUNT, width=6),
    ),
    to_values=lambda body: {
        "deductions": table(body["deductions"].items()),
        "blacklist": table(body["blacklist"].items()),
        "blacklist_points": None if body["blacklist_points"] is None else of_points(body["blacklist_points"]),
        "blacklist_days": body["blacklist_days"],
        "bar_years": body["bar_years"],
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
    ),
    try_out=_try_conduct,
    defaults={"kind": "缺席", "times": 5},
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
        said.append(f"本季度已兑换 {visits} 次，满 {rule.quarter_visits} 次，不能再兑换")
    if rule.quarter_points is not None:
        left = max(rule.quarter_points - points, 0)
        said.append(f"本季度还可用 {hours.format_centi(left)} 分")
    return said or ["可以兑换，没有限额"]


SHOP = RuleForm(
    kind=shop.KIND,
    label="积分兑换办法",
    help="每季度最多兑换几次、用多少分、同一样几件，几天内领取，一年采购多少钱。",
    fields=(
        made("quarter_visits", "每季度最多几次", COUNT, width=6, help="留空表示不限。"),
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
