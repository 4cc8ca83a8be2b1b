"""The search box of a page: keys that come in one go are searched for once, and it grows with the text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from hongyao_desktop.kit.look import Look
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.search_box import SearchBox
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Height, Width
from tests.kit.conftest import Shown
from tests.kit.keyboard import focused, hold


@pytest.fixture
def page(session: Session, shown: Shown) -> Page:
    made = Page(session, "志愿者")
    made.add_search("姓名、电话", "志愿者")
    shown(made)
    return made


@pytest.fixture
def large(dressed: Look) -> Iterator[Look]:
    yield dressed
    dressed.change(scale=1.0)


def box_of(page: Page) -> SearchBox:
    [box] = page.findChildren(SearchBox)
    return box


def test_it_says_what_it_searches_and_which_key_leads_there(page: Page, qtbot: QtBot) -> None:
    box = box_of(page)
    assert box.placeholderText() == "姓名、电话　Ctrl+F"
    assert box.accessibleName() == "查找志愿者"
    box.setText("王")
    page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    page.setFocus()
    qtbot.waitUntil(page.hasFocus)
    hold(Qt.Key.Key_F)
    assert focused() is box
    assert box.selectedText() == "王"


def test_keys_in_one_go_are_searched_for_once_and_lifting_is_not_typing(page: Page, qtbot: QtBot) -> None:
    box = box_of(page)
    heard: list[str] = []
    box.typed.connect(lambda: heard.append(box.words()))
    QTest.keyClicks(box, "wzk ")
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == ["wzk"]
    QTest.keyClicks(box, "x")
    box.lift()
    QTest.keyClicks(box, "y")
    qtbot.waitUntil(lambda: len(heard) > 1)
    assert heard == ["wzk", "y"]


def test_it_grows_with_the_text(page: Page, large: Look) -> None:
    box = box_of(page)
    large.change(scale=1.5)
    assert (box.sizeHint().width(), box.height()) == (large.px(Width.SEARCH), large.px(Height.INPUT))
    assert box.height() > Height.INPUT
    assert box.minimumSizeHint().width() < box.minimumWidth() < box.sizeHint().width(), "it gives way to tabs"
