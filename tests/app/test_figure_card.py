"""A figure on the first page says that it is being counted when that takes a while."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from hongyao_desktop.app.window.home_facts import Card
from hongyao_desktop.app.window.home_page import FigureCard

CARD = Card(
    label="服务时长",
    value="3,296",
    unit="小时",
    note="2026 年至今",
    months=(1, 2, 3),
    month_words=("1", "2", "3"),
    ends=("2026年1月", "2026年3月"),
    register="service_records",
)


def test_a_card_without_its_figure_says_that_it_is_being_counted(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    card = FigureCard(host)
    qtbot.waitUntil(lambda: card.label.text() == "正在统计")
    card.show_card(CARD)
    assert (card.label.text(), card.value.text()) == ("服务时长", "3,296")


def test_a_card_that_has_its_figure_keeps_it(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    card, other = FigureCard(host), FigureCard(host)
    card.show_card(CARD)
    qtbot.waitUntil(lambda: other.label.text() == "正在统计")
    assert card.label.text() == "服务时长"
