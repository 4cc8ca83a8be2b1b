"""The lines of the rule bench (规则): columns of the list, head of the form, and what a change means in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Reader, Role, Row, Writer, roles_words
from hongyao_desktop.core.fields import Choice, Date, FieldType, Integer, Text
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.volunteers.page.care.approval import points_text
from hongyao_desktop.volunteers.page.volunteers import REASON
from hongyao_desktop.volunteers.queries import rule_changes, year_end
from hongyao_desktop.volunteers.queries import rule_sets as changed
from hongyao_desktop.volunteers.queries.rule_changes import Differences
from hongyao_desktop.volunteers.queries.rule_sets import RuleChange
from hongyao_desktop.volunteers.queries.shelf import expiry_rules
from hongyao_desktop.volunteers.queries.shipped import NOT_TAKEN
from hongyao_desktop.volunteers.rules import conduct, expiry, points, stars
from hongyao_desktop.volunteers.service import rule_sets

_TONES: Final = {
    "现行": "good",
    "未生效": "info",
    "历史": "ink_3",
    "停用": "ink_3",
    "样例": "ink_2",
    NOT_TAKEN: "info",
}


def _listed(name: str, label: str, kind: FieldType, width: int) -> Field:
    return Field(name=name, label=label, type=kind, sensitivity=Sensitivity.OPEN, derived=True, width=width)


COLUMNS = (
    _listed("label", "规则", Text(), 5),
    _listed("shown", "名称", Text(), 13),
    _listed("version", "版", Integer(), 2),
    _listed("effective_on", "生效", Date(), 5),
    _listed("state", "状态", Choice(tuple(_TONES)), 4),
)
HEAD = (
    Field(
        name="name",
        label="名称",
        type=Text(max_chars=40),
        sensitivity=Sensitivity.OPEN,
        required=True,
        width=14,
    ),
    Field(
        name="effective_on",
        label="生效日期",
        type=Date(),
        sensitivity=Sensitivity.OPEN,
        required=True,
        width=6,
        help="这一天和以后的服务按这一版计，以前的不变。",
    ),
    Field(
        name="source",
        label="依据",
        type=Text(max_chars=200),
        sensitivity=Sensitivity.OPEN,
        required=True,
        width=14,
        example="党工委会议纪要〔2026〕8号",
    ),
)


_NAMED_EXAMPLES: Final = 3


def shown(row: Row) -> Row:
    """A version as the list shows it: the column of states says that it is an example, the name need not."""
    name = row["name"]
    if row["state"] in ("样例", NOT_TAKEN):
        name = name.removesuffix("（样例）").replace("，样例）", "）")
    return {**row, "shown": name}


def _stop(writer: Writer, values: Row, row: Row | None) -> str:
    assert row is not None
    return rule_sets.stop_version(writer, str(row["id"]), values["reason"])


STOP: Final = Verb(
    label="停用这一版",
    run=_stop,
    fields=(replace(REASON, example="会议没有通过"),),
    note="只能停用还没有用来计过的一版；停用以后按前一版算，这一版留在列表里。",
    reason="reason",
    done="已停用，按前一版算",
)


def untaken_words(rows: Sequence[Row]) -> str:
    """Which examples of the program the file lacks, in one sentence; "" while it has them all."""
    names = [row["shown"] for row in rows if row["state"] == NOT_TAKEN]
    if not names:
        return ""
    more = f"等 {len(names)} 个" if len(names) > _NAMED_EXAMPLES else ""
    return f"程序新带的样例本台账还没有：{'、'.join(names[:_NAMED_EXAMPLES])}{more}"


_DECIDING: Final = (Role.REVIEW, Role.APPROVE)
DECIDED_BY: Final = f"规则由有“{roles_words(_DECIDING)}”权限的同事修改，这里可以查看和试算"


def may_decide(roles: frozenset[Role]) -> bool:
    """Whether somebody changes rules at all."""
    return bool(roles.intersection(_DECIDING))


def may_stop(row: Row, roles: frozenset[Role]) -> bool:
    """Whether a version can be set aside at all; whether it was used is said when one tries."""
    return may_decide(roles) and row["state"] in ("现行", "未生效")


def tone(field: Field, row: Row) -> str | None:
    """Colours of the list: what holds, what will, what is over."""
    if field.name == "state":
        return _TONES.get(row["state"])
    return "ink_3" if row["state"] in ("历史", "停用") else None


_MONTHS_BACK: Final = 12
_NAMED: Final = 6


def _points_change(reader: Reader, draft: Any, today: dt.date) -> list[str]:
    first = (today - dt.timedelta(days=30 * _MONTHS_BACK)).replace(day=1)
    return change_words(changed.what_would_change(reader, draft, first, today))


def _stars_change(reader: Reader, draft: Any, today: dt.date) -> list[str]:
    return star_words(rule_changes.star_changes(reader, draft, today))


def _conduct_change(reader: Reader, draft: Any, today: dt.date) -> list[str]:
    return strike_words(rule_changes.strike_off_changes(reader, draft, today), today.year)


def _expiry_change(reader: Reader, draft: Any, today: dt.date) -> list[str]:
    running = expiry_rules(reader).find(today)
    said = [f"假如今天清零，按这一版：{_cleared(reader, today, draft)}"]
    if running is not None:
        said.append(f"按现行的一版：{_cleared(reader, today, running)}")
    return [*said, "这里只是试算，清零在“清零”页里办"]


def _cleared(reader: Reader, today: dt.date, rule: expiry.ExpiryRule) -> str:
    cutoff = rule.cutoff(today)
    if cutoff is None:
        return "积分长期有效，不清零"
    found = year_end.preview(reader, today, rule)
    if not found.lines:
        return f"没有{format_cn(cutoff)}以前得到、还没有用的积分"
    return f"{format_cn(cutoff)}以前得到的，{len(found.lines):,} 人共 {points_text(found.points)} 分"


CHANGES: Final[Mapping[str, Callable[[Reader, Any, dt.date], list[str]]]] = {
    points.KIND: _points_change,
    stars.KIND: _stars_change,
    conduct.KIND: _conduct_change,
    expiry.KIND: _expiry_change,
}
"""Kinds of rules of which it can be said what another version would change, and who says it."""


def star_words(found: Differences) -> list[str]:
    """Whose star would be another one, in sentences."""
    if not found.lines:
        return [f"今天按这一版评，{found.people:,} 人的星级都不变"]
    parts = [f"升高 {found.better:,} 人"] if found.better else []
    parts += [f"降低 {found.worse:,} 人"] if found.worse else []
    differ = f"{len(found.lines):,} 人的星级会不同" + (f"（{'，'.join(parts)}）" if parts else "")
    said = [f"假如今天按这一版评：{found.people:,} 人里，{differ}"]
    return [*said, *named_lines(found), "已经授予的星级不会改动"]


def strike_words(found: Differences, year: int) -> list[str]:
    """Who would be proposed for striking off, or no longer, in sentences."""
    if not found.people:
        return [f"{year}年没有失信记录和扣减，看不出变化"]
    if not found.lines:
        return [f"{year}年有失信记录或扣减的 {found.people:,} 人，建议注销的都不变"]
    said = [f"假如{year}年按这一版：有失信记录或扣减的 {found.people:,} 人里，{len(found.lines):,} 人不同"]
    return [*said, *named_lines(found), "已经扣的分和列入的黑名单不会改动"]


def named_lines(found: Differences) -> list[str]:
    """The first of those for whom something differs, and how many more there are."""
    said = [f"{line.name}（{line.number}） {line.before} → {line.after}" for line in found.lines[:_NAMED]]
    more = len(found.lines) - _NAMED
    return [*said, f"还有 {more:,} 人"] if more > 0 else said


def change_words(found: RuleChange) -> list[str]:
    """What would change, in sentences."""
    span = f"{format_cn(found.first)}至{format_cn(found.last)}"
    if not (found.counted or found.spots or found.events):
        return [f"{span}没有登记服务和随手拍，看不出变化"]
    counted = f"{found.counted:,} 条服务" + (f"、{found.spots:,} 件随手拍" if found.spots else "")
    counted += f"、介绍加入 {found.events:,} 人" if found.events else ""
    if not found.records:
        return [f"{span}的 {counted}按这一版重算，积分都不变"]
    before, after = points_text(found.before), points_text(found.after)
    more = points_text(abs(found.after - found.before))
    said = [
        f"假如{span}按这一版计：{counted}里，{found.records:,} 条、{found.people:,} 人的积分会不同",
        f"共 {before} 分 → {after} 分，{'多' if found.after > found.before else '少'} {more} 分",
    ]
    said += [
        f"{line.name}（{line.number}） {points_text(line.before)} → {points_text(line.after)} 分"
        for line in found.lines[:4]
    ]
    if found.cut_short:
        said.append(f"只算了前 {max(found.counted, found.spots):,} 条")
    return [*said, "已经记下的积分不会改动，各按当时的一版"]
