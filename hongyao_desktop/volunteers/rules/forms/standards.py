"""Forms of limits and of the year end (登记限额、积分结转)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.fields import Choice, Date, Integer, Minutes, Text, TimeOfDay
from hongyao_desktop.volunteers.records.rows import duration_text
from hongyao_desktop.volunteers.rules import clashes, expiry
from hongyao_desktop.volunteers.rules.forms.form import (
    COUNT,
    MINUTES,
    Body,
    RuleForm,
    made,
)

# ------------------------------------------------------------------------------------------------ limits

_LIMIT_FIELDS = (
    made("day_warn_minutes", "一日超过多少分钟提醒", MINUTES, required=True, width=6),
    made("day_refuse_minutes", "一日超过多少分钟不予登记", MINUTES, required=True, width=6),
    made("overlap_minutes", "重叠几分钟起算冲突", MINUTES, required=True, width=6),
    made("late_days", "超过多少天按补录", COUNT, required=True, width=6),
    made("void_days", "超过多少天不再登记", COUNT, width=6, help="签到和补录都不再收；0 表示不设。"),
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
    made(
        "staff_categories",
        "在岗人员类别",
        Text(max_chars=100),
        width=12,
        help="培训台账里的人员类别，用“、”隔开；他们工作日上班时间的服务提醒核对。留空不设。",
    ),
    made("office_from_minute", "上班时间", TimeOfDay(), width=6),
    made("office_until_minute", "下班时间", TimeOfDay(), width=6),
)
_LIMITS_BLANK = {
    "presence_percent": 0,
    "void_days": 0,
    "staff_categories": "",
    "office_from_minute": 510,
    "office_until_minute": 1050,
}


def _limit_values(body: Body) -> Row:
    return {**_LIMITS_BLANK, **body, "staff_categories": "、".join(body.get("staff_categories", ()))}


def _limits_body(values: Row) -> dict[str, Any]:
    told = str(values.get("staff_categories") or "").replace("，", "、").replace(",", "、")
    body = {field.name: values.get(field.name) or 0 for field in _LIMIT_FIELDS}
    return {**body, "staff_categories": [name.strip() for name in told.split("、") if name.strip()]}


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
        least = duration_text(clashes.least_presence(length, rule))
        said.append(f"活动全长 {duration_text(length)}，至少到场 {least}，不够，不登记时长")
    late = asked.get("days") or 0
    if 0 < rule.void_days < late:
        said.append(f"过去 {late} 天：超过 {rule.void_days} 天，不再登记")
    elif late > rule.late_days:
        said.append(f"过去 {late} 天：按补录登记，写明原因")
    return said


LIMITS = RuleForm(
    kind=clashes.KIND,
    label="登记限额",
    help="一日多长提醒、多长不予登记，多少天后按补录，至少到场多久才算。",
    fields=_LIMIT_FIELDS,
    to_values=_limit_values,
    to_body=_limits_body,
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
    past="做过的清零不变，以后再清零按这一版",
)
