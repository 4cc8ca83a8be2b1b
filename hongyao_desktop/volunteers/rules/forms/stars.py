"""The form of the star thresholds (星级标准): a line for each star with its conditions, what does not count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.fields import Minutes, Text
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.records.rows import Evidence
from hongyao_desktop.volunteers.rules import stars
from hongyao_desktop.volunteers.rules.forms.form import (
    COUNT,
    POINTS,
    Body,
    RuleForm,
    entries,
    lines_input,
    made,
    plain,
    table,
    words,
)

_NUMBER: Final = re.compile(r"^(?P<number>\d+(?:\.\d+)?)(?:小时|分)?$")
_MONTHS: Final = re.compile(r"^(?:注册)?满?(?P<months>\d{1,3})个月$")
_AFTER: Final = re.compile(r"^先有(?P<star>.+)$")
_BY: Final = re.compile(r"^由?(?P<by>.+?)授予$")


def _star_line(step: Mapping[str, Any]) -> str:
    parts = [step["hours"]]
    if "points" in step:
        parts.append(step["points"])
    if step.get("months"):
        parts.append(f"注册{step['months']}个月")
    if step.get("after"):
        parts.append(f"先有{step['after']}")
    if step.get("by"):
        parts.append(f"{step['by']}授予")
    return " ".join(parts)


def _step(name: str, shown: str) -> dict[str, Any]:
    """One line of the table: hours, points perhaps, and conditions in any order."""
    step: dict[str, Any] = {"name": name}
    for part in shown.split():
        if number := _NUMBER.match(part):
            word = "points" if "hours" in step else "hours"
            if word in step:
                raise Refusal(f"“各星级”里{name}写了三个数，只写小时数和积分")
            step[word] = plain(number["number"], f"{name}的{'小时数' if word == 'hours' else '积分'}")
        elif months := _MONTHS.match(part):
            step["months"] = int(months["months"])
        elif after := _AFTER.match(part):
            step["after"] = after["star"]
        elif by := _BY.match(part):
            step["by"] = by["by"]
        else:
            raise Refusal(
                f"“各星级”里{name}的“{part}”看不懂，数字后面可以写：注册6个月、先有四星、县志愿者协会授予"
            )
    if "hours" not in step:
        raise Refusal(f"“各星级”里{name}没有写小时数，如：{name} 100")
    return step


def _body(values: Row) -> dict[str, Any]:
    steps = [_step(name, rest) for name, rest in entries(values["stars"], "各星级")]
    if not steps:
        raise Refusal("“各星级”还没有填，一行一级，如：一星 100")
    known = tuple(Evidence)
    evidence = words(values["evidence"])
    if not evidence or any(word not in known for word in evidence):
        raise Refusal(f"“计入的时长来源”请从{'、'.join(known)}里选")
    body = {"evidence": evidence, "stars": steps, "public_days": values.get("public_days") or 5}
    uncounted = dict(entries(values.get("uncounted"), "不计入的服务类别"))
    return {**body, "uncounted": uncounted} if uncounted else body


def _values(body: Body) -> Row:
    return {
        "stars": table((step["name"], _star_line(step)) for step in body["stars"]),
        "evidence": "、".join(body["evidence"]),
        "uncounted": table(body.get("uncounted", {}).items()),
        "public_days": body.get("public_days", 5),
    }


def _try(rule: stars.StarsRule, asked: Row) -> list[str]:
    minutes, months = asked.get("minutes") or 0, asked.get("months")
    merits = stars.Merits(months=months, held=frozenset(words(asked.get("held"))))
    rank = stars.rank_of(rule, minutes, asked.get("points") or 0, merits)
    reached = f"现在是{rank.name}" + (f"，由{rank.by}授予" if rank.by else "") if rank.name else "还没有星级"
    said = [f"{reached}；{rank.sentence}" if rank.reached < len(rule.stars) else reached]
    category = asked.get("category")
    if category and category in rule.uncounted:
        said.append(f"“{category}”的时长不计入星级：{rule.uncounted[category]}")
    elif category and rule.uncounted:
        said.append(f"“{category}”的时长计入星级")
    return said


STARS = RuleForm(
    kind=stars.KIND,
    label="星级标准",
    help="每一星级要多少小时，有的地方还要积分、注册满几个月、先有前一星级，由谁授予；哪些类别的时长不计入。",
    fields=(
        lines_input(
            "stars",
            "各星级",
            "一行一级：名称、小时数，要积分的再写积分；还可以写注册6个月、先有四星、县级授予。",
            "一星 100",
        ),
        made(
            "evidence",
            "计入的时长来源",
            Text(max_chars=20),
            required=True,
            help="从签到、补录、导入里选，用顿号隔开。",
        ),
        lines_input(
            "uncounted",
            "不计入的服务类别",
            "一行一类：服务类别和原因。这些时长照样登记，另外列出。",
            "捐款捐物 捐款、捐物和网上捐赠不是服务时间",
        ),
        made("public_days", "授予前公示几个工作日", COUNT, width=6),
    ),
    to_values=_values,
    to_body=_body,
    read=stars.stars_rule,
    blank={"evidence": ["签到", "补录", "导入"], "stars": [{"name": "一星", "hours": "100"}]},
    trial=(
        made("minutes", "累计时长（小时）", Minutes(), width=6, example="299.5"),
        made("points", "积分", POINTS, width=6),
        made("months", "注册并服务几个月", COUNT, width=6, help="留空按早已注册算。"),
        made("held", "已授予的星级", Text(max_chars=20), width=6, example="四星"),
        made("category", "服务类别", Text(max_chars=20), width=8, help="填了就说明这一类计不计入。"),
    ),
    try_out=_try,
    defaults={"minutes": 299 * 60 + 30, "points": 0},
)
