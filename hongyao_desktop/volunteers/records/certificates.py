"""The register of service certificates (志愿服务证明登记): what was issued to whom, and what became of it."""

from __future__ import annotations

from typing import Final

from hongyao_desktop.core.fields import Choice, Code, Date, FieldType, Integer, Minutes, Name, Text
from hongyao_desktop.core.register import Field, Register, Sensitivity
from hongyao_desktop.volunteers.records.services import VOLUNTEER

STANDING: Final = ("有效", "作废")


def _shown(name: str, label: str, kind: FieldType, width: int, section: str = "证明") -> Field:
    return Field(
        name=name,
        label=label,
        type=kind,
        sensitivity=Sensitivity.INTERNAL,
        derived=True,
        width=width,
        section=section,
    )


CERTIFICATES = Register(
    name="certificates",
    label="服务证明",
    table="service_certificate",
    source="service_certificate",
    title_field="name",
    sort="number",
    list_columns=(
        "number",
        "name",
        "volunteer_number",
        "last_on",
        "used_for",
        "issued_on",
        "handler",
        "status",
    ),
    filters=("status",),
    status_field="status",
    search_via=(("volunteer_id", "volunteers"),),
    help="开具过的志愿服务证明，按编号登记；开错了用更正换开，旧号作废，不删除。",
    fields=(
        _shown("number", "证明编号", Code(max_chars=20), 12),
        _shown("name", "姓名", Name(), 6),
        _shown("volunteer_number", "志愿者编号", Code(max_chars=20), 8),
        VOLUNTEER,
        _shown("unit_name", "组织", Text(), 12),
        _shown("first_on", "起始日期", Date(), 8),
        _shown("last_on", "截止日期", Date(), 8),
        _shown("services", "服务次数", Integer(), 5),
        _shown("signed_minutes", "签到时长", Minutes(), 6),
        _shown("made_up_minutes", "补录时长", Minutes(), 6),
        _shown("imported_minutes", "导入时长", Minutes(), 6),
        _shown("used_for", "用途", Text(), 10),
        _shown("issued_on", "开具日期", Date(), 8, "开具"),
        _shown("issued_by", "开具人", Text(), 6, "开具"),
        _shown("chief", "单位负责人", Text(), 6, "开具"),
        _shown("handler", "经办人", Text(), 6, "开具"),
        _shown("status", "状态", Choice(STANDING), 5, "状态"),
        _shown("status_on", "作废日期", Date(), 8, "状态"),
        _shown("status_reason", "作废原因", Text(), 14, "状态"),
    ),
)
