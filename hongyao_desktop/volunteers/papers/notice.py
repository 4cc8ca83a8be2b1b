"""The public notice (公示) of stars or points: numbers and masked names, dates by working days, where to object.

Never an identity number, phone or address (志愿服务条例 art. 20, DOMAIN 1.7); what is written is scanned besides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from hongyao_desktop.core import masking, strokes
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.figure import Unit, format_value
from hongyao_desktop.core.hours import format_minutes
from hongyao_desktop.core.masking import HIDDEN_TEXT, Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec, Parameter
from hongyao_desktop.paper.document import Column, Document, Line, Sum, Table, serial_column
from hongyao_desktop.people.papers import NOTICE_PARAMETERS, Notice, notice_document, period_words
from hongyao_desktop.volunteers.queries import approval, honours, paper_rows
from hongyao_desktop.volunteers.queries.shelf import stars_rules
from hongyao_desktop.volunteers.rules.stars import StarsRule

STARS: Final = "星级"
POINTS: Final = "积分"
ORDERS: Final = ("高低", strokes.LABEL)
_CONSENT: Final = "未登记同意公开姓名的志愿者只列编号。"


def build_notice(request: PaperRequest) -> Document:
    """Who reached a star, or got points, within the period."""
    what = request.choice("what", "公示内容", (STARS, POINTS))
    order = request.choice("order", "排序", ORDERS)
    made = _stars(request, order) if what == STARS else _points(request, order)
    return notice_document(request, made)


def _stars(request: PaperRequest, order: str) -> Notice:
    if request.text("number"):
        return _review(request, order)
    rule = stars_rules(request.reader).find(request.period.last)
    if rule is None:
        raise Refusal("还没有星级标准，不能公示星级，请先在“规则”页里添加")
    found = paper_rows.promotions(request.reader, request.scope, request.period, rule)
    if not found:
        raise Refusal("期间没有达到新星级的志愿者，不需要公示，请核对起止日期")
    if order == strokes.LABEL:
        found.sort(key=lambda one: (strokes.name_key(one.row["name"]), one.row["number"]))
    rated = [(one.row, one.minutes, one.before.name, one.after.name, one.after.by) for one in found]
    opening = f"根据{rule.title}，{period_words(request)}期间共有{len(rated)}名志愿者的累计服务时长达到新的星级标准。"
    return Notice(
        title=f"{request.scope.label}志愿者星级评定公示",
        opening=opening,
        table=_rated(request, rated),
        notes=(_thresholds(rule), _CONSENT),
    )


def _review(request: PaperRequest, order: str) -> Notice:
    """The names of one review as they were proposed: the notice and the grant are of the same people."""
    review = honours.review_numbered(request.reader, request.text("number"))
    found = [
        row for row in honours.grants_of(request.reader, review["id"]) if row["status"] in ("拟评", "已授予")
    ]
    if not found:
        raise Refusal(f"{review['number']}的名单里没有人拟评，不需要公示")
    if order == strokes.LABEL:
        found.sort(key=lambda row: (strokes.name_key(row["name"]), row["number"]))
    held = honours.held_before(request.reader, review["id"])
    rated = [
        (
            {**row, "id": row["volunteer_id"]},
            row["minutes"],
            held.get(row["volunteer_id"], ""),
            row["star"],
            row["granter"],
        )
        for row in found
    ]
    as_of = dt.date.fromisoformat(review["as_of"])
    rule = stars_rules(request.reader).on(as_of)
    return Notice(
        title=f"{review['unit_name']}志愿者星级评定公示",
        opening=(
            f"根据{rule.title}，时长统计截至{format_cn(as_of)}，"
            f"共有{len(rated)}名志愿者的累计服务时长达到新的星级标准（评定编号 {review['number']}）。"
        ),
        table=_rated(request, rated),
        notes=(_thresholds(rule), _CONSENT),
    )


def _rated(request: PaperRequest, rated: Sequence[tuple[Row, int, str, str, str | None]]) -> Table:
    """Who is proposed for which star: the row, minutes, the star held, the star proposed, who grants it."""
    silent = paper_rows.silent_ids(request.reader)
    levels = any(by for *_others, by in rated)
    rows = [
        Line(
            (
                place,
                row["number"],
                _name(row["id"], row["name"], silent),
                row["unit_name"],
                minutes,
                before or "—",
                after,
                *((by or "—",) if levels else ()),
            ),
            f"volunteers/{row['id']}",
        )
        for place, (row, minutes, before, after, by) in enumerate(rated, 1)
    ]
    return Table(
        (
            serial_column(),
            Column("志愿者编号", kind=CellKind.CODE),
            Column("姓名"),
            Column("组织"),
            Column("累计时长（小时）", kind=CellKind.HOURS, sum=Sum.NONE),
            Column("原星级", kind=CellKind.CODE),
            Column("拟评星级", kind=CellKind.CODE),
            *((Column("授予机关"),) if levels else ()),
        ),
        rows,
        name="星级评定",
        empty_text="期间没有达到新星级的志愿者",
    )


def _thresholds(rule: StarsRule) -> str:
    steps = "、".join(f"{star.name} {format_minutes(star.minutes)} 小时" for star in rule.stars)
    less = f"{'、'.join(rule.uncounted)}的时长不计入。" if rule.uncounted else ""
    return f"星级标准：{steps}。{less}"


def _round(request: PaperRequest, order: str) -> Notice:
    """Who got how much by one round of approval: the names and points that become usable when nobody objects."""
    row = approval.lot_numbered(request.reader, request.text("number"))
    if row["public_from"] is None or row["status"] in ("审核中", "退回"):
        raise Refusal(f"{row['number']}现在是“{row['status']}”，公示开始以后才能打印公示", exit_code=2)
    found = approval.lot_people(request.reader, row["id"])
    if not found:
        raise Refusal(f"{row['number']}的积分已全部冲正，不需要公示")
    if order == strokes.LABEL:
        found.sort(key=lambda one: (strokes.name_key(one["name"]), one["number"]))
    silent = paper_rows.silent_ids(request.reader)
    rows = [
        Line(
            (
                place,
                one["number"],
                _name(one["id"], one["name"], silent),
                one["unit_name"],
                one["entries"],
                one["points"],
            ),
            f"volunteers/{one['id']}",
        )
        for place, one in enumerate(found, 1)
    ]
    table = Table(
        (
            serial_column(),
            Column("志愿者编号", kind=CellKind.CODE),
            Column("姓名"),
            Column("组织"),
            Column("笔数", kind=CellKind.INTEGER),
            Column("积分", kind=CellKind.POINTS),
        ),
        rows,
        name="志愿积分",
        total_label="合计",
    )
    first, last = (format_cn(dt.date.fromisoformat(row[name])) for name in ("first_on", "last_on"))
    entries = sum(one["entries"] for one in found)
    total = format_value(Unit.POINTS, sum(one["points"] for one in found))
    opening = (
        f"{first}至{last}登记的志愿积分，共有{len(rows)}名志愿者、{entries:,}笔、{total}分"
        f"（认定编号 {row['number']}）。公示期满没有异议的，可以使用。"
    )
    return Notice(
        title=f"{row['unit_name']}志愿积分公示",
        opening=opening,
        table=table,
        notes=(_CONSENT,),
        subject="志愿积分公示",
    )


def _points(request: PaperRequest, order: str) -> Notice:
    if request.text("number"):
        return _round(request, order)
    found = paper_rows.points_within(request.reader, request.scope, request.period)
    if order == strokes.LABEL:
        found.sort(key=lambda row: (strokes.name_key(row["name"]), row["number"]))
    silent = paper_rows.silent_ids(request.reader)
    rows = [
        Line(
            (
                place,
                row["number"],
                _name(row["id"], row["name"], silent),
                row["unit_name"],
                row["got"],
                row["balance"],
            ),
            f"volunteers/{row['id']}",
        )
        for place, row in enumerate(found, 1)
    ]
    table = Table(
        (
            serial_column(),
            Column("志愿者编号", kind=CellKind.CODE),
            Column("姓名"),
            Column("组织"),
            Column("本期积分", kind=CellKind.POINTS),
            Column("积分结余", kind=CellKind.POINTS),
        ),
        rows,
        name="志愿积分",
        total_label="合计" if rows else "",
        empty_text="期间没有积分变动",
    )
    title = f"{request.scope.label}志愿积分公示"
    opening = f"{period_words(request)}，共有{len(rows)}名志愿者有积分变动，兑换、扣减和冲正已计入。"
    return Notice(title=title, opening=opening, table=table, notes=(_CONSENT,))


def _name(volunteer_id: str, name: str, silent: frozenset[str]) -> str:
    return HIDDEN_TEXT if volunteer_id in silent else masking.mask_name(name, Purpose.PUBLIC)


NOTICE = PaperSpec(
    name="volunteer-notice",
    label="志愿者公示",
    help="星级或积分公示：编号和脱敏姓名，公示期按工作日计算，印异议受理电话和地点；写出前自动检查有没有泄露个人信息。",
    build=build_notice,
    purposes=(Purpose.PUBLIC,),
    parameters=(
        Parameter("what", "公示内容", STARS, "公示星级评定还是积分变动", choices=(STARS, POINTS)),
        Parameter("number", "评定或认定编号", "", "写了就公示这一次评定或认定的名单，不按期间推算"),
        Parameter("order", "排序", ORDERS[0], "名单的先后", choices=ORDERS),
        *NOTICE_PARAMETERS,
    ),
)
