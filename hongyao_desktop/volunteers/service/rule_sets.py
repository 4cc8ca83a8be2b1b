"""Versions of rules (规则版本): a change is a new version with the day it takes effect; an old one is never altered."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Reader, Role, Row, Writer, refuse_errors, require
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.volunteers.queries import rule_sets as queries
from hongyao_desktop.volunteers.queries.shipped import Shipped, missing
from hongyao_desktop.volunteers.rules.forms import EXAMPLE, FORMS, RuleForm, form_of
from hongyao_desktop.volunteers.rules.forms.contradictions import contradictions


def draft_of(form: RuleForm, values: Row, *, name: str = "草稿", version: int = 1) -> RuleSet:
    """The rule as typed, not yet on file; refuses what contradicts itself or cannot be understood, saying what."""
    found = contradictions(form, values)
    if found:
        raise Refusal(found[0].message, problems=found)
    body: Mapping[str, Any] = form.to_body(values)
    made = RuleSet(
        id="",
        kind=form.kind,
        name=values.get("name") or name,
        version=version,
        effective_on=dt.date.fromisoformat(values["effective_on"]),
        source=values.get("source") or "",
        body=body,
    )
    try:
        form.read(made)
    except Refusal as wrong:
        if not isinstance(wrong.__cause__, ValueError):
            raise
        # Who is typing knows which rule it is: only what is wrong with it is said.
        raise Refusal(f"{wrong.__cause__}，请改好再存") from wrong
    return made


def check_version(reader: Reader, kind: str | RuleForm, values: Row, today: dt.date) -> list[Problem]:
    """Everything wrong or doubtful about a new version before it is saved; other rooms bring their own form."""
    form = _form(kind)
    found = []
    for field, label in (("name", "名称"), ("source", "依据"), ("effective_on", "生效日期")):
        if not values.get(field):
            found.append(Problem(Level.ERROR, "rule.missing", f"{label}没有填写", field))
    if found:
        return found
    try:
        draft_of(form, values)
    except Refusal as wrong:
        return list(wrong.problems) or [Problem(Level.ERROR, "rule.body", str(wrong))]
    day = dt.date.fromisoformat(values["effective_on"])
    if day < today:
        message = f"{format_cn(day)}已经过去：{form.past}"
        found.append(Problem(Level.QUESTION, "rule.past", message, "effective_on"))
    same = reader.one(
        "SELECT name, version FROM rule_set WHERE kind = ? AND effective_on = ? AND status = '有效'",
        (form.kind, values["effective_on"]),
    )
    if same is not None:
        message = f"《{same['name']}》第{same['version']}版也从这一天生效，保存后以新的一版为准"
        found.append(Problem(Level.QUESTION, "rule.same_day", message, "effective_on"))
    return found


def add_version(writer: Writer, kind: str | RuleForm, values: Row) -> str:
    """Write a new version of a rule (also the first one of its name); returns its id. Nothing on file changes."""
    require(writer, Role.REVIEW, Role.APPROVE)
    refuse_errors(check_version(writer, kind, values, writer.clock.today()))
    form = _form(kind)
    name = values["name"].strip()
    rule = draft_of(form, values)
    # In force is the latest day, then the highest version: a new one counts above others of its day.
    last = writer.value(
        "SELECT MAX(version) FROM rule_set WHERE kind = ? AND (name = ? OR effective_on = ?)",
        (form.kind, name, values["effective_on"]),
    )
    return writer.insert(
        "rule_set",
        {
            "kind": form.kind,
            "name": name,
            "version": int(last or 0) + 1,
            "effective_on": values["effective_on"],
            "source": values["source"].strip(),
            "body": json.dumps(rule.body, ensure_ascii=False),
        },
    )


def stop_version(writer: Writer, rule_id: str, reason: str) -> str:
    """Set a version aside that nothing was counted by (停用); returns its id. One that was used stays what it is."""
    require(writer, Role.REVIEW, Role.APPROVE)
    if not reason.strip():
        raise Refusal("停用要写明原因")
    rule = queries.rule_set(writer, rule_id)
    if rule is None:
        raise Refusal("这一版规则不在台账里，请刷新后重新选择")
    if rule.kind.endswith(EXAMPLE):
        raise Refusal("样例不参加计算，不用停用")
    if queries.was_used(writer, rule):
        raise Refusal(f"{rule.title}已经用过，按它记下的还在台账里，不能停用；要改办法请存一个新版本")
    others = writer.value(
        "SELECT COUNT(*) FROM rule_set WHERE kind = ? AND status = '有效' AND id <> ?", (rule.kind, rule_id)
    )
    if not others:
        raise Refusal("这类规则只有这一版，停用后就没有规则可用，请先存一个新版本")
    writer.update("rule_set", rule_id, {"status": "停用"})
    return rule_id


def take_examples(writer: Writer, shipped: Sequence[Shipped], forms: Sequence[RuleForm] = FORMS) -> list[str]:
    """Take the examples into the file that it lacks (收入样例); returns their ids. They take no part in counting."""
    require(writer, Role.REVIEW, Role.APPROVE)
    lacking = missing(writer, shipped, forms)
    if not lacking:
        raise Refusal("程序自带的样例都在这里了，不用再收入")
    return [writer.insert("rule_set", one.columns()) for one in lacking]


def _form(kind: str | RuleForm) -> RuleForm:
    if isinstance(kind, RuleForm):
        return kind
    form = form_of(kind)
    if form is None:
        raise Refusal("这类规则不在这里修改")
    return form
