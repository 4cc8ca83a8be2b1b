"""The registers that look after points: approval, year ends, stars, conduct, merges, suspicions set aside."""

from __future__ import annotations

from dataclasses import replace

from hongyao_desktop.core.fields import (
    Choice,
    Code,
    Date,
    FieldType,
    Integer,
    Minutes,
    Points,
    Reference,
    Text,
)
from hongyao_desktop.core.register import Field, Register, Sensitivity
from hongyao_desktop.volunteers.records.services import NAME, NUMBER, RECORDED_BY, VOLUNTEER
from hongyao_desktop.volunteers.records.volunteers import UNIT_NAME


def _shown(name: str, label: str, kind: FieldType, width: int = 6, *, open_: bool = False) -> Field:
    level = Sensitivity.OPEN if open_ else Sensitivity.INTERNAL
    return Field(name=name, label=label, type=kind, sensitivity=level, derived=True, width=width)


_NUMBER = _shown("number", "编号", Code(max_chars=20), 6, open_=True)
_UNIT = Field(
    name="unit_id",
    label="归口组织",
    type=Reference("units"),
    sensitivity=Sensitivity.OPEN,
    derived=True,
    width=8,
)
_POINTS = _shown("points", "积分", Points(allow_negative=True), 5)
_PEOPLE = _shown("people", "人数", Integer(), 4, open_=True)
_REASON = _shown("status_reason", "原因", Text(), 10)
_STATUS_ON = _shown("status_on", "办理日期", Date(), 6, open_=True)

LOTS = Register(
    name="point_lots",
    label="积分认定",
    table="point_lot",
    source="point_lot_view",
    title_field="number",
    sort="last_on",
    list_columns=("number", "unit_name", "last_on", "people", "points", "waits_for", "status"),
    filters=("status", "unit_id"),
    unit_field="unit_id",
    status_field="status",
    help="把一段时间登记的积分归为一批，逐级审核、公示，公示期满后才可以使用。步骤在“规则”里设。",
    fields=(
        _NUMBER,
        _UNIT,
        UNIT_NAME,
        _shown("first_on", "起始日期", Date(), 6, open_=True),
        _shown("last_on", "截止日期", Date(), 6, open_=True),
        _PEOPLE,
        _shown("entries", "笔数", Integer(), 4, open_=True),
        _POINTS,
        _shown("waits_for", "等待", Text(), 12, open_=True),
        _shown("public_from", "公示起", Date(), 6, open_=True),
        _shown("public_until", "公示止", Date(), 6, open_=True),
        _shown("status", "状态", Choice(("审核中", "公示中", "可用", "退回")), 4, open_=True),
        _STATUS_ON,
        _REASON,
        RECORDED_BY,
    ),
)

EXPIRIES = Register(
    name="point_expiries",
    label="积分清零",
    table="point_expiry",
    source="point_expiry",
    title_field="number",
    sort="ran_on",
    list_columns=("number", "kind", "cutoff_on", "ran_on", "people", "points", "status"),
    filters=("status",),
    status_field="status",
    help="按结转办法把过期的积分清零，每人一笔、写明原因；做错了整批撤回。服务时长和星级不变。",
    fields=(
        _NUMBER,
        _shown("kind", "类别", Choice(("年终清零", "到期清零")), 5, open_=True),
        _shown("cutoff_on", "清到哪天得的", Date(), 7, open_=True),
        _shown("ran_on", "清零日期", Date(), 6, open_=True),
        _PEOPLE,
        _POINTS,
        _shown("status", "状态", Choice(("有效", "已撤回")), 4, open_=True),
        _STATUS_ON,
        _REASON,
        RECORDED_BY,
    ),
)

REVIEWS = Register(
    name="star_reviews",
    label="星级评定",
    table="star_review",
    source="star_review_view",
    title_field="number",
    sort="as_of",
    list_columns=("number", "unit_name", "as_of", "people", "granted", "public_until", "status"),
    filters=("status", "unit_id"),
    unit_field="unit_id",
    status_field="status",
    help="截至一天达到新星级的志愿者列成一批，公示期满没有异议的授予星级。虚报时长受限的不列入。",
    fields=(
        _NUMBER,
        _UNIT,
        UNIT_NAME,
        _shown("as_of", "时长截至", Date(), 6, open_=True),
        _PEOPLE,
        _shown("granted", "已授予", Integer(), 4, open_=True),
        _shown("public_from", "公示起", Date(), 6, open_=True),
        _shown("public_until", "公示止", Date(), 6, open_=True),
        _shown("status", "状态", Choice(("公示中", "已授予", "撤回")), 4, open_=True),
        _STATUS_ON,
        _REASON,
        RECORDED_BY,
    ),
)

GRANTS = Register(
    name="star_grants",
    label="星级名单",
    table="star_grant",
    source="star_grant_view",
    title_field="name",
    sort="as_of",
    list_columns=("review_number", "number", "name", "unit_name", "star", "granter", "minutes", "status"),
    filters=("status", "star", "unit_id"),
    unit_field="unit_id",
    status_field="status",
    search_via=(("volunteer_id", "volunteers"),),
    help="谁在哪一次评定里拟评、授予了几星；有异议的不授予，查实虚报的取消。",
    fields=(
        _shown("review_number", "评定编号", Code(max_chars=20), 6, open_=True),
        replace(VOLUNTEER, derived=True, required=False),
        NUMBER,
        NAME,
        _UNIT,
        UNIT_NAME,
        _shown("star", "星级", Text(), 4, open_=True),
        _shown("granter", "授予机关", Text(), 7, open_=True),
        _shown("minutes", "计入时长", Minutes(), 5),
        _POINTS,
        _shown("as_of", "时长截至", Date(), 6, open_=True),
        _shown("status", "状态", Choice(("拟评", "已授予", "不授予", "取消")), 4, open_=True),
        _REASON,
    ),
)

INCIDENTS = Register(
    name="volunteer_incidents",
    label="失信记录",
    table="volunteer_incident",
    source="volunteer_incident_view",
    title_field="name",
    sort="happened_on",
    list_columns=("happened_on", "number", "name", "kind", "content", "deducted", "status"),
    filters=("kind", "status", "unit_id"),
    unit_field="unit_id",
    status_field="status",
    search_via=(("volunteer_id", "volunteers"),),
    sum_columns=("deducted",),
    help="缺席、投诉、虚报时长等，按失信办法扣分，满次数的列入黑名单。记错了用撤销，扣的分一并还回。",
    fields=(
        _shown("happened_on", "日期", Date(), 6),
        replace(VOLUNTEER, derived=True, required=False),
        NUMBER,
        NAME,
        _shown("kind", "类别", Text(), 5),
        _shown("content", "情况", Text(), 12),
        _shown("activity_title", "活动", Text(), 8, open_=True),
        _shown("deducted", "扣分", Points(), 4),
        _UNIT,
        UNIT_NAME,
        _shown("status", "状态", Choice(("有效", "已撤销")), 4, open_=True),
        _REASON,
        RECORDED_BY,
    ),
)

BARS = Register(
    name="volunteer_bars",
    label="黑名单和限制",
    table="volunteer_bar",
    source="volunteer_bar_view",
    title_field="name",
    sort="from_on",
    list_columns=("kind", "number", "name", "from_on", "until_on", "reason", "status"),
    filters=("kind", "status", "unit_id"),
    unit_field="unit_id",
    status_field="status",
    search_via=(("volunteer_id", "volunteers"),),
    help="黑名单里的不能兑换，暂停评星的不列入星级评定；到期自动失效，也可以提前解除。",
    fields=(
        _shown("kind", "类别", Choice(("黑名单", "暂停评星")), 5),
        replace(VOLUNTEER, derived=True, required=False),
        NUMBER,
        NAME,
        _UNIT,
        UNIT_NAME,
        _shown("from_on", "起始日期", Date(), 6),
        _shown("until_on", "到期日期", Date(), 6),
        _shown("reason", "原因", Text(), 14),
        _shown("status", "状态", Choice(("有效", "已解除")), 4, open_=True),
        _shown("status_reason", "解除原因", Text(), 10),
        RECORDED_BY,
    ),
)

MERGES = Register(
    name="volunteer_merges",
    label="合并重复",
    table="volunteer_merge",
    source="volunteer_merge_view",
    title_field="name",
    sort="merged_on",
    list_columns=(
        "merged_on",
        "name",
        "kept_number",
        "gone_number",
        "records",
        "doubles",
        "points",
        "status",
    ),
    filters=("status",),
    status_field="status",
    search_via=(("kept_id", "volunteers"), ("gone_id", "volunteers")),
    help="同一个人登记了两次的，合并到一个编号下：时长和积分转过去，同一次服务只算一次。合并错了可以撤销。",
    fields=(
        _shown("merged_on", "合并日期", Date(), 6),
        _shown("name", "姓名", Text(), 5),
        _shown("kept_number", "保留编号", Code(max_chars=20), 7, open_=True),
        _shown("gone_number", "并入编号", Code(max_chars=20), 7, open_=True),
        _shown("records", "转入时长条数", Integer(), 5),
        _shown("doubles", "重复条数", Integer(), 4),
        _POINTS,
        _shown("reason", "认定依据", Text(), 12),
        _UNIT,
        UNIT_NAME,
        _shown("status", "状态", Choice(("有效", "已撤销")), 4, open_=True),
        _STATUS_ON,
        _REASON,
        RECORDED_BY,
    ),
)

DISMISSALS = Register(
    name="signal_dismissals",
    label="疑点核实",
    table="signal_dismissal",
    source="signal_dismissal",
    title_field="signal",
    sort="dismissed_on",
    list_columns=("dismissed_on", "signal", "sentence", "reason", "recorded_by", "status"),
    filters=("signal", "status"),
    status_field="status",
    help="核实过的时长疑点和理由；由录入人以外的同事核实，可以收回重新列出。",
    fields=(
        _shown("dismissed_on", "核实日期", Date(), 6),
        _shown("signal", "疑点", Text(), 5),
        _shown("sentence", "证据", Text(), 16),
        _shown("reason", "核实情况", Text(), 12),
        _shown("status", "状态", Choice(("有效", "已收回")), 4, open_=True),
        replace(RECORDED_BY, label="核实人"),
    ),
)

REGISTERS = (LOTS, EXPIRIES, REVIEWS, GRANTS, INCIDENTS, BARS, MERGES, DISMISSALS)
