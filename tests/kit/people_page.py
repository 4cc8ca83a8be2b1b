"""The page of the fake office's people as tests of register pages show it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from hongyao_desktop.core.desk import Row, Writer
from hongyao_desktop.core.fields import Text
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.parts import DetailTab, Facts, RegisterPageParts
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.verb_form import Verb
from tests.kit.office import tone

REASON = Field(name="reason", label="原因", type=Text(), sensitivity=Sensitivity.OPEN, required=True)


def stop_person(writer: Writer, values: Row, row: Row | None) -> str:
    assert row is not None
    if values["reason"] == "不许":
        raise Refusal("今天不能停用")
    writer.update("people", row["id"], {"status": "停用", "note": values["reason"]})
    return str(row["id"])


STOP = Verb(label="停用", fields=(REASON,), run=stop_person, reason="reason", done="已停用")


PARTS = RegisterPageParts(
    tone=tone,
    facts=lambda reader, row: Facts(
        figures=(("时长", "312.5"),),
        subtitle=row["number"],
        note=f"共 {reader.value('SELECT COUNT(*) FROM people')} 人",
    ),
    tabs=(DetailTab(label="时长", build=lambda _session: QWidget()),),
    verbs=(STOP,),
)


def entry_text(page: RegisterPage, name: str) -> str:
    return page.panel.form.boxes[name].entry.text()
