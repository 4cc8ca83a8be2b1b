"""The register of photos under spot reports (随手拍照片)."""

from __future__ import annotations

from dataclasses import replace

from hongyao_desktop.core.fields import Code, FieldType, Integer, Reference, Text
from hongyao_desktop.core.register import Field, Register, Sensitivity
from hongyao_desktop.volunteers.records.points import SPOTS
from hongyao_desktop.volunteers.records.services import RECORDED_BY


def _shown(name: str, label: str, kind: FieldType, width: int) -> Field:
    return Field(
        name=name, label=label, type=kind, sensitivity=Sensitivity.INTERNAL, derived=True, width=width
    )


PHOTOS = Register(
    name="spot_photos",
    label="随手拍照片",
    table="spot_photo",
    source="spot_photo_view",
    title_field="file_name",
    sort="reported_on",
    list_columns=("reported_on", "reporter", "place", "content", "file_name", "file_hash", "elsewhere"),
    unit_field="unit_id",
    append_only=True,
    help="随手拍所附的照片：记文件名、大小和校验值，照片本身留在原处；同一张照片用在两件随手拍上的，“又用于”大于 0。",
    fields=(
        replace(SPOTS.field("reported_on"), derived=True, required=False),
        replace(SPOTS.field("reporter"), derived=True, required=False),
        replace(SPOTS.field("place"), derived=True, required=False),
        replace(SPOTS.field("content"), derived=True, required=False),
        _shown("file_name", "文件名", Text(max_chars=200), 10),
        _shown("file_bytes", "字节数", Integer(), 5),
        _shown("file_hash", "校验值", Code(max_chars=64), 12),
        _shown("elsewhere", "又用于（件）", Integer(), 5),
        _shown("note", "说明", Text(max_chars=200), 10),
        _shown("spot_report_id", "随手拍", Reference("spot_reports"), 8),
        replace(SPOTS.field("unit_id"), derived=True, required=False),
        RECORDED_BY,
    ),
)
