"""Every page at every text size on a screen of 1366×768: no word of a button or label is cut off, nothing overlaps."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from hongyao_desktop.app.access.entrance import LoginPanel
from hongyao_desktop.app.window.navigation import NavigationItem
from hongyao_desktop.fund.page import CashBookPage
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.pieces import ElidedLabel
from tests.app.demonstrations import PASSWORD, copied
from tests.app.desk import Desk

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture(params=[1.25, 1.5], ids=["125 %", "150 %"])
def large(request: pytest.FixtureRequest, desk: Desk, tmp_path: Path) -> Iterator[Desk]:
    """The window at a large text size, with the demonstration office open for its clerk."""
    look().change(scale=request.param)
    desk.window.resize(1366, 768)
    desk.window.start(copied(tmp_path))
    panel = desk.window.entrance.panel
    assert isinstance(panel, LoginPanel)
    desk.type(PASSWORD)
    desk.press(Qt.Key.Key_Return)
    desk.settle()
    yield desk
    look().change(scale=1.0)
    desk.settle()


QUESTION = (
    "已有同名同证件号码的登记（样例-0012，柳巷社区第三网格），是不是同一个人？是同一个人请打开原来的登记"
)


def words_of(widget: QWidget) -> str:
    return widget.text().strip() if isinstance(widget, QLabel | QAbstractButton) else ""


def cut_off(page: QWidget) -> list[str]:
    """Buttons and labels in sight that are smaller than their words."""
    found = []
    for widget in page.findChildren(QWidget):
        words = words_of(widget)
        if not words or not widget.isVisible() or isinstance(widget, ElidedLabel | NavigationItem):
            continue
        if isinstance(widget, QToolButton):
            short = widget.width() < widget.fontMetrics().horizontalAdvance(words) + 4
        elif isinstance(widget, QPushButton):
            short = widget.width() < widget.minimumSizeHint().width() - 1
        elif isinstance(widget, QLabel) and widget.wordWrap():
            short = widget.height() < widget.heightForWidth(widget.width()) - 1
        else:
            short = widget.width() < widget.fontMetrics().horizontalAdvance(words) - 1 and "<" not in words
        if short:
            found.append(f"{type(widget).__name__} {words[:24]} {widget.width()}×{widget.height()}")
    return found


def test_no_page_cuts_its_words_off(large: Desk) -> None:
    found: dict[str, list[str]] = {}
    for place in list(large.shell.specs):
        large.shell.open(place)
        large.settle()
        page = large.shell.page
        assert isinstance(page, Page)
        page.messages.clear()
        large.settle()
        cut = cut_off(page)
        page.messages.say(Tone.WARN, QUESTION, action="确认无误，保存  Ctrl+S")
        large.settle()
        cut += [f"with a message: {words}" for words in cut_off(page) if words not in cut]
        if cut:
            found[place] = cut
        assert page.rect().contains(page.messages.geometry()), place
        right = max(
            (
                child.mapTo(page, child.rect().topRight()).x()
                for child in page.children()
                if isinstance(child, QWidget) and child.isVisible()
            ),
            default=0,
        )
        if right > page.width():
            found.setdefault(place, []).append(f"reaches {right - page.width()} px out of the window")
    if cut := cut_off(large.shell.navigation):
        found["navigation"] = cut
    assert found == {}, "\n".join(f"{place}: {words}" for place, words in found.items())


def test_what_stands_against_an_entry_is_said_to_its_end(large: Desk) -> None:
    large.shell.open("fund")
    large.settle()
    page = large.shell.page
    assert isinstance(page, CashBookPage)
    for place, text in (("summary", "大病救助：周某"), ("out_fen", "1000000")):
        page.dock.entry.inputs[place].set_text(text)
    page.dock.check()
    hint = page.dock.entry.hint
    large.qtbot.waitUntil(lambda: "请核对" in hint.text)
    assert hint.width() > hint.fontMetrics().horizontalAdvance(hint.text)
    assert hint.geometry().bottom() < page.dock.entry.height()
    page.table.select(page.table.model.rowCount() - 2)
    page.reverse()
    large.settle()
    assert page.dock.taking_back
    assert "Ctrl+S 冲正" in large.shell.status.keys.text(), "the keys named are those of the strip"
    page.dock.save()
    hint = page.dock.strip.hint
    assert hint.text == "请写明原因"
    assert hint.width() > hint.fontMetrics().horizontalAdvance(hint.text)
    page.dock.close_strip()
    assert "Ctrl+S 登记" in large.shell.status.keys.text()
    page.dock.clear()


@pytest.mark.parametrize("name", ["孙系统", "吴日志"])
def test_no_page_of_the_administrators_cuts_its_words_off(desk: Desk, tmp_path: Path, name: str) -> None:
    look().change(scale=1.5)
    try:
        desk.window.resize(1366, 768)
        desk.window.way_in.open_office(copied(tmp_path), name, PASSWORD)
        desk.qtbot.waitUntil(lambda: desk.window.shell is not None, timeout=20_000)
        desk.settle()
        for place in list(desk.shell.specs):
            desk.shell.open(place)
            desk.settle()
            page = desk.shell.page
            assert page is not None
            assert cut_off(page) == [], place
            lines = sorted(page.findChildren(QLineEdit), key=lambda line: line.mapTo(page, line.pos()).x())
            for left, right in pairwise(line for line in lines if line.isVisible() and line.parent() is page):
                assert left.geometry().right() < right.geometry().left(), place
    finally:
        look().change(scale=1.0)
        desk.settle()


def test_the_status_line_names_the_keys_it_has_room_for_and_always_f1(large: Desk) -> None:
    strip = large.shell.status.keys
    for place in ("training.classes", "fund", "people"):
        large.shell.open(place)
        large.settle()
        assert strip.fontMetrics().horizontalAdvance(strip.text()) <= strip.width()
        assert strip.text().endswith("F1 帮助")
