"""The pages of people and units: what is closed is closed with a reason, by keyboard, and comes back the same way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.people import service
from hongyao_desktop.people.page import PAGES
from hongyao_desktop.people.records import PEOPLE, UNITS
from hongyao_desktop.store import Office, open_office
from tests.kit.keyboard import focused, hold, press
from tests.offices import ALL_ROLES, PASSWORD, fixed_clock, make_file
from tests.screens import shown


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    path = make_file(tmp_path)
    state = path.parent / "state"
    opened = open_office(
        path,
        operator=ALL_ROLES.name,
        password=PASSWORD,
        clock=fixed_clock(),
        state=state,
        registers=(PEOPLE, UNITS),
    )
    with closing(opened):
        yield opened


def build(session: Session, place: str) -> RegisterPage:
    page = next(spec for spec in PAGES if spec.place == place).build(session)
    assert isinstance(page, RegisterPage)
    return page


def steps(page: RegisterPage) -> list[str]:
    """Steps offered beside 保存 and 撤销, as buttons or under 更多."""
    buttons = [b.text() for _v, b in page.panel.buttons.verbs if not b.isHidden()]
    return buttons + [action.text() for _v, action in page.panel.buttons.in_menu if action.isVisible()]


def take(page: RegisterPage, label: str) -> None:
    """Take a step as Tab and the space bar do."""
    button = next(b for b in page.panel.findChildren(QPushButton) if b.text() == label and b.isVisible())
    button.setFocus()
    press(" ")


def test_somebody_moves_away_and_comes_back(
    office: Office, tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    person = office.transact("登记人员", lambda w: service.save_person(w, {"name": "单玥"}, None)).result
    with shown(office, tmp_path, qapp, qtbot, lambda session: build(session, "people")) as page:
        qtbot.waitUntil(lambda: page.panel.row_id == person)
        assert steps(page) == ["迁出或去世"]
        take(page, "迁出或去世")
        assert focused().accessibleName().startswith("状态")
        press("\n\n")
        assert focused().accessibleName().startswith("原因")
        hold(Qt.Key.Key_S)
        qtbot.waitUntil(lambda: "原因还没有填" in page.messages.text)
        press("迁往外区\n")
        hold(Qt.Key.Key_S)
        qtbot.waitUntil(lambda: page.messages.text == "已登记")
        row = office.reader().one("SELECT status, status_on, status_reason FROM person")
        assert row == {"status": "迁出", "status_on": "2026-11-20", "status_reason": "迁往外区"}
        qtbot.waitUntil(lambda: steps(page) == ["恢复在册"])
        take(page, "恢复在册")
        press("迁回\n")
        hold(Qt.Key.Key_S)
        qtbot.waitUntil(lambda: page.messages.text == "已恢复在册")
    assert office.reader().value("SELECT status FROM person") == "在册"


def test_a_unit_is_not_closed_while_others_stand_below(
    office: Office, tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    def found(writer: Writer) -> str:
        top = {"code": "00", "name": "样例街道", "level": "街道", "kind": "街道大工委"}
        street = service.save_unit(writer, top, None)
        below = {"code": "01", "name": "水湾社区", "level": "社区", "kind": "社区大党委", "parent_id": street}
        service.save_unit(writer, below, None)
        return street

    street = office.transact("登记组织", found).result
    with shown(office, tmp_path, qapp, qtbot, lambda session: build(session, "units")) as page:
        qtbot.waitUntil(lambda: page.panel.row_id == street)
        take(page, "撤销组织")
        press("合并\n")
        hold(Qt.Key.Key_S)
        qtbot.waitUntil(lambda: "下面还有 1 个在用的组织" in page.messages.text)
        press("⎋⎋")
        assert focused() is page.table.view
        press("↓")
        qtbot.waitUntil(lambda: page.panel.label == "水湾社区")
        take(page, "撤销组织")
        press("合并\n")
        hold(Qt.Key.Key_S)
        qtbot.waitUntil(lambda: page.messages.text == "已撤销")
    row = office.reader().one("SELECT status, closed_on, status_reason FROM unit WHERE code = '01'")
    assert row == {"status": "撤销", "closed_on": "2026-11-20", "status_reason": "合并"}
