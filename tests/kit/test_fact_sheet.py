"""A record to be read only: values as lists show them, and nothing said twice."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.fields import Code, FieldType, Name, Points, Reference, Text
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.fact_sheet import FactSheet


def _field(name: str, label: str, kind: FieldType) -> Field:
    return Field(name=name, label=label, type=kind, sensitivity=Sensitivity.OPEN, derived=True)


FIELDS = (
    _field("who", "志愿者", Reference("volunteers")),
    _field("number", "志愿者编号", Code(max_chars=20)),
    _field("name", "姓名", Name()),
    _field("unit", "归口组织", Reference("units")),
    _field("unit_name", "组织", Text()),
    _field("points", "积分", Points()),
    _field("note", "说明", Text()),
)
NAMES = {"v1": "宋文红（石桥-0078）", "u1": "石桥社区"}


def shown(sheet: FactSheet) -> list[str]:
    return [label.text() for label in sheet.widget().findChildren(QLabel) if not label.isHidden()]


def test_what_a_name_says_is_not_said_again(qtbot: QtBot) -> None:
    sheet = FactSheet(FIELDS, name_of=lambda _register, row_id: NAMES.get(row_id))
    qtbot.addWidget(sheet)
    row = {
        "who": "v1",
        "number": "石桥-0078",
        "name": "宋文红",
        "unit": "u1",
        "unit_name": "石桥社区",
        "points": 212500,
        "note": "石桥",
    }
    sheet.show_row(row)
    assert shown(sheet) == [
        "志愿者",
        "宋文红（石桥-0078）",
        "归口组织",
        "石桥社区",
        "积分",
        "2,125",
        "说明",
        "石桥",
    ]
    sheet.show_row({**row, "unit_name": "东门社区", "number": "东门-0001", "note": None})
    assert shown(sheet) == [
        "志愿者",
        "宋文红（石桥-0078）",
        "志愿者编号",
        "东门-0001",
        "归口组织",
        "石桥社区",
        "组织",
        "东门社区",
        "积分",
        "2,125",
        "说明",
        "—",
    ]
