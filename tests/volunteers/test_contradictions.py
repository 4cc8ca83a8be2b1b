"""Rules as typed that contradict themselves: refused at their input, in a sentence a clerk can act on."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.rules.forms import EXAMPLE, form_of
from hongyao_desktop.volunteers.rules.forms.contradictions import contradictions
from hongyao_desktop.volunteers.service.rule_sets import draft_of
from tests.volunteers.conftest import RULES

SHIPPED = sorted(path.stem for kind in ("volunteer", "shop") for path in RULES.glob(f"{kind}-*.json"))


def body_of(stem: str) -> tuple[str, dict[str, Any]]:
    rule = json.loads((RULES / f"{stem}.json").read_text(encoding="utf-8"))
    return rule["kind"].removesuffix(EXAMPLE), rule["body"]


@pytest.mark.parametrize("stem", SHIPPED)
def test_what_is_shipped_contradicts_nothing(stem: str) -> None:
    kind, body = body_of(stem)
    form = form_of(kind)
    assert form is not None
    assert contradictions(form, form.to_values(body)) == []


WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("volunteer-points", {"step_minutes": 0}, "step_minutes", "几分钟一档要大于 0"),
    ("volunteer-points", {"per_hour": -100}, "per_hour", "每小时得分至少是 0"),
    ("volunteer-points", {"cap_day": 0}, "cap_day", "每日最多得分要大于 0；不限请留空"),
    ("volunteer-points", {"cap_day": 20000, "cap_month": 10000}, "cap_day", "比每月最多的 100 分还多"),
    ("volunteer-points", {"cap_day": 20000, "cap_year": 10000}, "cap_day", "比每年最多的 100 分还多"),
    ("volunteer-points", {"spot_cap_month": 1000}, "spot_cap_day", "每日最多 20 分，比每月最多的 10 分还多"),
    ("volunteer-points", {"at_least_minutes": 180}, "at_least_minutes", "比单次最多计的 120 分钟还长"),
    ("volunteer-points", {"step_minutes": 240}, "step_minutes", "一档 240 分钟，比单次最多计的 120 分钟还长"),
    ("volunteer-points", {"evidence": ""}, "evidence", "一项也没有，服务都得不到分"),
    ("volunteer-points", {"uncounted": "应急值守"}, "uncounted", "写了不计分，又写在“系数”里"),
    ("volunteer-points", {"items": "宣讲 每次 15", "uncounted": "宣讲"}, "uncounted", "又写在“分项”里"),
    ("volunteer-points", {"coefficients": "应急值守 0"}, "coefficients", "系数要大于 0"),
    ("volunteer-limits", {"day_warn_minutes": 1500}, "day_warn_minutes", "才提醒不会起作用"),
    ("volunteer-limits", {"void_days": 10}, "late_days", "超过 10 天就不再登记"),
    ("volunteer-limits", {"office_until_minute": 500}, "office_until_minute", "下班时间要晚于上班时间"),
    ("volunteer-expiry", {"years": 0}, "years", "结转至少 1 年"),
    ("volunteer-expiry", {"mode": "清零"}, "years", "年末清零不结转，又写了结转 2 年"),
    ("volunteer-expiry", {"month_day": "13-01"}, "month_day", "不是一个日期，请写成月-日，如 12-31"),
    ("volunteer-expiry", {"month_day": "02-29"}, "month_day", "年度截止日“02-29”不是一个日期"),
    ("volunteer-signals", {"night_from": 6}, "night_until", "同一个钟点"),
    (
        "volunteer-spots",
        {"kinds": "照明 路灯、楼道灯\n道路 路面、路灯"},
        "kinds",
        "“路灯”写在“照明”和“道路”两类里",
    ),
    ("shop-limits", {"quarter_visits": 0}, "quarter_visits", "每季度最多几次要大于 0；不限请留空"),
    ("shop-limits", {"year_budget": -100}, "year_budget", "一年采购预算（元）至少是 0；不限请留空"),
]


@pytest.mark.parametrize(("kind", "changed", "field", "said"), WRONG)
def test_a_contradiction_is_said_at_its_input(
    kind: str, changed: dict[str, Any], field: str, said: str
) -> None:
    form = form_of(kind)
    assert form is not None
    values = {**form.to_values(body_of(kind)[1]), **changed}
    found = contradictions(form, values)
    assert found
    assert found[0].field == field
    assert said in found[0].message
    with pytest.raises(Refusal, match=re.escape(said)):
        draft_of(form, {**values, "effective_on": "2027-01-01", "name": "办法", "source": "纪要"})


def test_what_is_wrong_is_said_without_the_name_of_a_rule_that_is_not_on_file() -> None:
    form = form_of("volunteer-stars")
    assert form is not None
    values = {**form.to_values(body_of("volunteer-stars")[1]), "effective_on": "2027-01-01"}
    with pytest.raises(Refusal) as wrong:
        draft_of(form, {**values, "stars": "一星 300\n二星 100"})
    assert str(wrong.value) == "各星级时长要从低到高，请改好再存"
