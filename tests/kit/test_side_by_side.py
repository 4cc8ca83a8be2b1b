"""Parts beside each other: each keeps its width while there is room; with large text the form gives way first."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.look import Look
from hongyao_desktop.kit.session import PlainMemory
from hongyao_desktop.kit.sibling_tabs import SiblingTabs
from hongyao_desktop.kit.side_by_side import SideBySide


@pytest.fixture
def host(dressed: Look) -> Iterator[QWidget]:
    made = QWidget()
    made.resize(1160, 600)
    yield made
    made.deleteLater()
    dressed.change(scale=1.0)


def pair(host: QWidget) -> SideBySide:
    made = SideBySide([(QWidget(), 766), (QWidget(), 372)], host)
    made.resize(host.width(), host.height())
    host.show()
    return made


def test_the_form_has_its_width_and_the_list_what_is_left(host: QWidget) -> None:
    parts = pair(host)
    assert parts.sizes() == [1160 - 12 - 372, 372]
    parts.resize(1400, 600)
    assert parts.sizes() == [1400 - 12 - 372, 372]


def test_with_large_text_the_form_gives_a_quarter_at_most(host: QWidget, dressed: Look) -> None:
    dressed.change(scale=1.5)
    parts = pair(host)
    assert parts.sizes()[1] == 372 * 3 // 2 * 3 // 4


def test_what_the_operator_chose_is_kept(host: QWidget) -> None:
    memory = PlainMemory()
    memory.put("here", [500, 648])
    parts = SideBySide([(QWidget(), 766), (QWidget(), 372)], host)
    parts.remember(memory, "here")
    parts.resize(1160, 600)
    host.show()
    assert parts.sizes() == [500, 648]


def test_an_empty_list_wraps_its_sentence_to_the_room_there_is(host: QWidget) -> None:
    empty = EmptyState(
        "还没有打印记录", "每次打印和存盘各一条，只增不改；内容码的前 8 位印在纸上核验码的后半。", parent=host
    )
    empty.resize(260, 400)
    host.show()
    label = next(label for label in empty.findChildren(QLabel) if label.text().startswith("每次"))
    assert label.width() <= 260
    assert label.height() >= label.heightForWidth(label.width())


def test_pages_without_room_stand_under_more(host: QWidget) -> None:
    went: list[str] = []
    tabs = SiblingTabs(host)
    for word in ("活动", "时长", "积分", "积分超市", "规则"):
        tabs.add(word, partial(went.append, word))
    host.show()
    tabs.resize(tabs.sizeHint())
    assert not tabs.more.isVisible()
    tabs.resize(tabs.minimumSizeHint().width() + tabs._tabs[0].sizeHint().width() + 10, 40)
    assert [tab.text() for tab in tabs._tabs if tab.isVisible()] == ["活动"]
    menu = tabs.more.menu()
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == ["时长", "积分", "积分超市", "规则"]
    menu.actions()[2].trigger()
    assert went == ["积分超市"]


def test_the_words_stand_in_the_same_places_whichever_page_is_in_front(host: QWidget) -> None:
    words = ("志愿者", "活动", "积分超市", "规则")
    places: list[list[int]] = []
    for front in words:
        tabs = SiblingTabs(host)
        for word in words:
            tabs.add(word, lambda: None, front=word == front)
        tabs.show()
        tabs.resize(tabs.sizeHint())
        places.append([tab.x() for tab in tabs._tabs])
        assert [tab.text() for tab in tabs._tabs if tab.isChecked()] == [front]
    host.show()
    assert all(one == places[0] for one in places)


def test_the_page_in_front_is_named_even_where_it_has_no_room(host: QWidget) -> None:
    tabs = SiblingTabs(host)
    for word in ("活动", "时长", "积分", "积分超市", "规则"):
        tabs.add(word, lambda: None, front=word == "规则")
    host.show()
    tabs.resize(tabs.minimumSizeHint().width() + tabs._tabs[0].sizeHint().width() + 10, 40)
    assert tabs.more.isVisible()
    assert tabs.more.text() == "规则"
    assert tabs.more.isChecked()
    tabs.more.menu().aboutToShow.emit()
    assert [action.text() for action in tabs.more.menu().actions()] == ["时长", "积分", "积分超市"]
