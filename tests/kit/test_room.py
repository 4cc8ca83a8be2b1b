"""Where room is short, things give way in order: into menus, into an ellipsis, never into each other."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from hongyao_desktop.kit.filters import FilterBar
from hongyao_desktop.kit.look import Look
from hongyao_desktop.kit.parts import RegisterPageParts
from hongyao_desktop.kit.pieces import ElidedLabel
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from tests.kit.conftest import Shown
from tests.kit.office import DESK, PEOPLE

VERBS = tuple(Verb(label=word, run=lambda _w, _v, _r: "") for word in ("停用", "打印服务证明", "奖励积分"))


def menu_words(button: QPushButton) -> list[str]:
    menu = button.menu()
    menu.aboutToShow.emit()
    return [action.text() for action in menu.actions() if action.isVisible() and action.text()]


def test_filters_then_views_move_into_the_menu(
    session: Session, shown: Shown, settle: Callable[[], None]
) -> None:
    from PySide6.QtWidgets import QWidget

    host = QWidget()
    bar = FilterBar(session, PEOPLE, None, host)
    shown(host)
    bar.setGeometry(0, 0, 1100, 44)
    bar.show()
    bar.recount()
    settle()
    assert all(not tab.isHidden() for tab in bar.tabs)
    assert all(not button.isHidden() for button in bar._buttons.values())
    bar.resize(460, 44)
    settle()
    assert all(not tab.isHidden() for tab in bar.tabs)
    assert "服务类别：全部" in menu_words(bar.more)
    bar.resize(240, 44)
    settle()
    assert not bar.tabs[0].isHidden()
    assert any(words.startswith("在册") for words in menu_words(bar.more))
    bar.choose_view(2)
    settle()
    assert not bar.tabs[2].isHidden(), "the chosen view stays in sight"
    right = max(widget.geometry().right() for widget in (*bar.tabs, bar.more) if not widget.isHidden())
    assert right < 240


def test_verbs_without_room_move_into_the_menu(
    session: Session, shown: Shown, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    page = RegisterPage(session, DESK, RegisterPageParts(verbs=VERBS))
    shown(page)
    page.enter()
    qtbot.waitUntil(lambda: page.table.current_id() != "")
    page.splitter.setSizes([500, 660])
    settle()
    buttons = [button for _verb, button in page.panel.buttons.verbs]
    assert [button.isHidden() for button in buttons] == [False, False, True]
    assert menu_words(page.panel.buttons.more) == ["奖励积分"]
    page.splitter.setSizes([860, 300])
    settle()
    assert [button.isHidden() for button in buttons] == [True, True, True]
    assert menu_words(page.panel.buttons.more) == [verb.label for verb in VERBS]
    right = page.panel.buttons.more.mapTo(page.panel, page.panel.buttons.more.rect().topRight()).x()
    assert right <= page.panel.width()


def test_a_long_sentence_ends_in_an_ellipsis_and_is_its_own_tip(dressed: Look, shown: Shown) -> None:
    label = ElidedLabel("输入姓名首字母，↓ 选人，Enter 下一行；可从表格粘贴")
    shown(label)
    label.resize(120, 20)
    label.grab()
    assert label.toolTip() == label.text()
    assert label.minimumSizeHint().width() < 60
    label.resize(label.sizeHint().width(), 20)
    label.grab()
    assert label.toolTip() == ""
