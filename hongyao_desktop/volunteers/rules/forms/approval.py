"""The form of the approval rule (积分认定办法): a line for each step, the last notice, and when a round is through."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

from hongyao_desktop.core import workdays
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.fields import Date
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.rules import approval
from hongyao_desktop.volunteers.rules.approval import Rhythm, Step
from hongyao_desktop.volunteers.rules.forms.form import COUNT, WORKDAYS, Body, RuleForm, lines_input, made

_LINES: Final = re.compile(r"[\n、，,；;]+")
_NOTICE: Final = re.compile(r"^公示(?P<days>\d{1,3})(?:个?工作)?[日天]$")


def _line(one: Any) -> str:
    if isinstance(one, str):
        return one
    parts = [one["name"]]
    if one.get("public_days"):
        parts.append(f"公示{one['public_days']}日")
    if one.get("every"):
        parts.append(one["every"])
    return " ".join(parts)


def _entry(line: str) -> str | dict[str, Any]:
    """One line: the step's name, then 公示5日 for a notice and 每月 or 每季 for its rhythm."""
    name, *rest = line.split()
    found: dict[str, Any] = {"name": name}
    for part in rest:
        if notice := _NOTICE.match(part):
            found["public_days"] = int(notice["days"])
        elif part in tuple(Rhythm):
            found["every"] = part
        else:
            raise Refusal(
                f"“逐级步骤”里“{name}”后面的“{part}”看不懂，一行一级，名称后面可以写：公示5日、每月、每季"
            )
    return found if rest else name


def _body(values: Row) -> dict[str, Any]:
    lines = [line.strip() for line in _LINES.split(values.get("steps") or "") if line.strip()]
    return {"steps": [_entry(line) for line in lines], "public_days": values.get("public_days") or 0}


def _values(body: Body) -> Row:
    return {"steps": "\n".join(_line(one) for one in body["steps"]), "public_days": body["public_days"]}


def _try(rule: approval.ApprovalRule, asked: Row) -> list[str]:
    if not rule.asked:
        return ["登记后积分马上可以使用"]
    said = ["登记 → " + " → ".join(step.shown() for step in rule.steps) if rule.steps else "登记"]
    if not asked.get("day"):
        return said
    start = cursor = dt.date.fromisoformat(asked["day"])
    off: Mapping[dt.date, bool] = asked.get(WORKDAYS, {})
    for step in rule.steps:
        cursor = max(cursor, step.not_before(start) or cursor)
        if step.public_days:
            cursor = _noticed(said, step, cursor, off)
        elif step.every:
            said.append(f"{step.name}：{format_cn(cursor)}起办")
    if rule.public_days:
        until = workdays.add_workdays(cursor - dt.timedelta(days=1), rule.public_days, off)
        said.append(
            f"{format_cn(cursor)}起公示 {rule.public_days} 个工作日，到{format_cn(until)}，第二天起可以使用"
        )
    elif len(said) > 1:
        said.append(f"最早{format_cn(cursor)}可以使用")
    return said


def _noticed(said: list[str], step: Step, first: dt.date, off: Mapping[dt.date, bool]) -> dt.date:
    """A notice within the chain in words; returns the day after it."""
    until = workdays.add_workdays(first - dt.timedelta(days=1), step.public_days, off)
    said.append(f"{step.name}：{format_cn(first)}至{format_cn(until)}，{step.public_days} 个工作日")
    return until + dt.timedelta(days=1)


APPROVAL = RuleForm(
    kind=approval.KIND,
    label="积分认定办法",
    help="积分登记后要经过哪几级、在哪里公示、多久办一次，才可以使用；没有步骤就是登记后可用。",
    fields=(
        lines_input(
            "steps",
            "逐级步骤",
            "一行一级，先后为序。要公示的写：队内公示 公示5日；按季办的写：上级审核 每季。",
            "社区审核",
        ),
        made("public_days", "最后公示几个工作日", COUNT, width=6, help="0 表示最后不再公示。"),
    ),
    to_values=_values,
    to_body=_body,
    read=approval.approval_rule,
    blank={"steps": [], "public_days": 0},
    trial=(made("day", "哪天登记的积分", Date(), width=8),),
    try_out=_try,
    defaults={"day": "2026-11-23"},
    past="那一天以来登记、还没有认定的积分，都要认定以后才能使用",
)
