"""工作台: what is to be done today, four figures with their months, what was done last. Every item opens its place."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.app.window.home_facts import Card, RecentLine
from hongyao_desktop.core.desk import Reader
from hongyao_desktop.kit.charts import MonthLine
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.keys import ENTER
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pages import Page, WorkItem, unfinished
from hongyao_desktop.kit.pieces import ElidedLabel, empty_out, named, once
from hongyao_desktop.kit.rows import Index
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Height, Space, TypeSize, Width

SLOW_CARD_S: Final = 0.3
CARD_KEPT_S: Final = 120.0
"""Figures of a big office are not computed anew after every single change."""

WEEKDAYS: Final = "一二三四五六日"
_SLOW_MS: Final = 600
_ITEM: Final = int(Qt.ItemDataRole.UserRole) + 1

Work = Mapping[str, Sequence[WorkItem]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeSources:
    """Where the first page gets its facts; all run on reading workers."""

    work: Callable[[Reader], Work]
    cards: Sequence[Callable[[Reader], Card]]
    imports: Callable[[Reader], list[RecentLine]]
    operations: Callable[[Reader], list[RecentLine]]


class WorkDelegate(QStyledItemDelegate):
    """Paints one thing to do: count, words, due words with a mark when they are an objection."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """One navigation item high."""
        return QSize(0, look().px(Height.NAVIGATION))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the line."""
        style = look()
        rect: QRect = option.rect  # type: ignore[attr-defined]  # the stubs leave out QStyleOption's members
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        item = index.data(_ITEM)
        if not isinstance(item, WorkItem):
            return
        chosen = bool(state & QStyle.StateFlag.State_Selected) and bool(
            state & QStyle.StateFlag.State_HasFocus
        )
        if chosen:
            painter.fillRect(rect, style.colour("seal_soft"))
            painter.fillRect(rect.x(), rect.y(), style.px(Width.EDGE), rect.height(), style.colour("seal"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, style.colour("hover"))
        painter.setPen(style.colour("line"))
        painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
        area = rect.adjusted(style.px(Space.M), 0, -style.px(Space.M), 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(style.font(TypeSize.SECTION, bold=True))
        painter.setPen(style.colour("seal"))
        count = QRect(area.left(), area.top(), style.px(Height.NAVIGATION), area.height())
        painter.drawText(count, int(middle | Qt.AlignmentFlag.AlignRight), f"{item.count:,}")
        painter.setFont(style.font(TypeSize.HINT))
        painter.setPen(style.colour("bad" if item.overdue else "ink_2"))
        painter.drawText(area, int(middle | Qt.AlignmentFlag.AlignRight), item.due)
        used = painter.fontMetrics().horizontalAdvance(item.due)
        if item.overdue:
            size = style.px(TypeSize.BODY)
            mark = style.pixmap("warning", "bad", TypeSize.BODY, painter.device().devicePixelRatio())
            left = area.right() - used - size - style.px(Space.XS)
            painter.drawPixmap(left, area.center().y() - size // 2, size, size, mark)
            used += size + style.px(Space.XS)
        words = area.adjusted(count.width() + style.px(Space.M), 0, -used - style.px(Space.S), 0)
        painter.setFont(style.font(TypeSize.BODY))
        painter.setPen(style.colour("ink"))
        text = painter.fontMetrics().elidedText(item.words, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, int(middle | Qt.AlignmentFlag.AlignLeft), text)


class WorkList(QListWidget):
    """今天要办的.

    Signals:
        wanted: an item was opened (:class:`WorkItem`).
    """

    wanted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setItemDelegate(WorkDelegate(self))
        self.setAccessibleName("今天要办的")
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(self._open)

    def show_items(self, items: Sequence[WorkItem]) -> None:
        """Show these, in order."""
        self.clear()
        for item in items:
            line = QListWidgetItem(f"{item.words} {item.count} {item.due}".strip(), self)
            line.setData(_ITEM, item)
        if items:
            self.setCurrentRow(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        current = self.currentItem()
        if event.key() in ENTER and current is not None:
            self._open(current)
        else:
            super().keyPressEvent(event)

    def _open(self, line: QListWidgetItem) -> None:
        item = line.data(_ITEM)
        if isinstance(item, WorkItem):
            self.wanted.emit(item)


class FigureCard(QFrame):
    """One figure with its line of months."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        named(self, "panel")
        self._register = ""
        self._took_s = self._shown_at = 0.0
        style = look()
        self.label = named(QLabel(self), "fieldLabel")
        self.note = named(QLabel(self), "note")
        self.value = named(QLabel(self), "bigFigure")
        self.unit = named(QLabel(self), "note")
        self.line = MonthLine(self)
        head = QHBoxLayout()
        head.addWidget(self.label)
        head.addStretch(1)
        head.addWidget(self.note)
        middle = QHBoxLayout()
        middle.setSpacing(style.px(Space.XS))
        middle.addWidget(self.value)
        middle.addWidget(self.unit, 0, Qt.AlignmentFlag.AlignBottom)
        middle.addStretch(1)
        column = QVBoxLayout(self)
        side = style.px(Space.L)
        column.setContentsMargins(side, style.px(Space.M), side, style.px(Space.M))
        column.setSpacing(style.px(Space.XS))
        column.addLayout(head)
        column.addLayout(middle)
        column.addWidget(self.line, 1)
        # In a large office the figures take a moment; a card that stays blank looks broken.
        self._waiting = once(self, _SLOW_MS)
        self._waiting.timeout.connect(lambda: self.label.setText("正在统计"))
        self._waiting.start()

    def outdated(self) -> bool:
        """Whether it is to be computed anew after a change: one that takes long only now and then."""
        return self._took_s < SLOW_CARD_S or time.monotonic() - self._shown_at > CARD_KEPT_S

    def show_card(self, card: Card, took_s: float = 0.0) -> None:
        """Show a figure that took so many seconds."""
        self._waiting.stop()
        self._took_s, self._shown_at = took_s, time.monotonic()
        self._register = card.register
        self.label.setText(card.label)
        self.note.setText(card.note)
        self.value.setText(card.value)
        self.value.setAccessibleName(f"{card.label} {card.value} {card.unit}")
        self.unit.setText(card.unit)
        self.line.show_values(card.months, card.month_words, f"{card.label}近 12 个月", card.ends)


class RecentList(QFrame):
    """A short list of what was done last."""

    def __init__(self, title: str, nothing: str, parent: QWidget) -> None:
        super().__init__(parent)
        named(self, "panel")
        self._nothing = nothing
        self._lines: Sequence[RecentLine] = ()
        style = look()
        column = QVBoxLayout(self)
        side = style.px(Space.L)
        column.setContentsMargins(side, style.px(Space.M), side, style.px(Space.M))
        column.setSpacing(style.px(Space.S))
        column.addWidget(named(QLabel(title, self), "sectionTitle"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(style.px(Space.M))
        self._grid.setVerticalSpacing(style.px(Space.XS))
        self._grid.setColumnStretch(1, 1)
        column.addLayout(self._grid)
        column.addStretch(1)

    def show_lines(self, lines: Sequence[RecentLine]) -> None:
        """Show these, newest first, as many as there is room for."""
        self._lines = lines
        self._lay()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer lines."""
        super().resizeEvent(event)
        self._lay()

    def _lay(self) -> None:
        line_height = look().px(TypeSize.BODY) + look().px(Space.M)
        room = max(1, (self.height() - look().px(Height.TOOLBAR)) // line_height)
        empty_out(self._grid)
        if not self._lines:
            self._grid.addWidget(named(QLabel(self._nothing, self), "note"), 0, 0, 1, 3)
        for row, line in enumerate(self._lines[:room]):
            words = ElidedLabel(line.words, self)
            words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self._grid.addWidget(named(QLabel(line.at, self), "note"), row, 0)
            self._grid.addWidget(words, row, 1)
            self._grid.addWidget(named(QLabel(line.who, self), "note"), row, 2)


def _timed(source: Callable[[Reader], Card], reader: Reader) -> tuple[Card, float]:
    began = time.monotonic()
    return source(reader), time.monotonic() - began


class HomePage(Page):
    """The first page."""

    def __init__(self, session: Session, sources: HomeSources) -> None:
        super().__init__(session, "工作台")
        self._sources = sources
        style = look()
        today = session.today()
        day = f"{today.year}年{today.month}月{today.day}日　星期{WEEKDAYS[today.weekday()]}"
        self.head.addWidget(named(QLabel(day, self), "note"))
        self.work = WorkList(self)
        self.nothing = EmptyState("今天没有要办的", "有待审核、到期或逾期的事情时，会列在这里", parent=self)
        self.cards = [FigureCard(self) for _source in sources.cards]
        self.imports = RecentList("最近导入的表格", "还没有导入过表格", self)
        self.operations = RecentList("最近的操作", "还没有操作", self)
        grid = QGridLayout()
        grid.setSpacing(style.px(Space.M))
        grid.setContentsMargins(0, 0, 0, style.px(Space.L))
        grid.addWidget(self._work_panel(), 0, 0, 2, 1)
        for number, card in enumerate(self.cards):
            grid.addWidget(card, number // 2, 1 + number % 2)
        grid.addWidget(self.imports, 2, 0)
        grid.addWidget(self.operations, 2, 1, 1, 2)
        grid.setColumnStretch(0, 5)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 3)
        grid.setRowStretch(0, 3)
        grid.setRowStretch(1, 3)
        grid.setRowStretch(2, 3)
        self.column.addLayout(grid, 1)
        self.work.wanted.connect(self._open)
        session.drafts.waiting_changed.connect(self._outdated)

    def _work_panel(self) -> QWidget:
        style = look()
        panel = named(QFrame(self), "panel")
        self._stack = QStackedLayout()
        self._stack.addWidget(self.work)
        self._stack.addWidget(self.nothing)
        column = QVBoxLayout(panel)
        column.setContentsMargins(
            style.px(Space.XS), style.px(Space.M), style.px(Space.XS), style.px(Space.XS)
        )
        title = named(QLabel("今天要办的", panel), "sectionTitle")
        title.setContentsMargins(style.px(Space.M), 0, 0, 0)
        column.addWidget(title)
        column.addLayout(self._stack, 1)
        return panel

    def reload(self) -> None:
        """Ask for everything; each part appears when it is ready."""
        self.session.read(self, self._sources.work, self._show_work)
        self.session.read(self, self._sources.imports, self.imports.show_lines)
        self.session.read(self, self._sources.operations, self.operations.show_lines)
        for card, source in zip(self.cards, self._sources.cards, strict=True):
            if card.outdated():
                self.session.read(self, partial(_timed, source), partial(self._show_card, card))

    def _outdated(self) -> None:
        """A draft was answered for elsewhere: read again when this page is shown."""
        self._stale = True

    def activate(self) -> None:
        """The list of work has the keyboard."""
        self.work.setFocus()

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The strip."""
        return (("↑ ↓", "选择"), ("Enter", "打开"), ("Ctrl+1…9", "到各部分"))

    def _show_work(self, work: Work) -> None:
        left = unfinished(self.session.drafts)
        items = [item for found in (*work.values(), *left.values()) for item in found if item.count]
        items.sort(key=lambda item: (not item.overdue, not item.due))
        self.work.show_items(items)
        self._stack.setCurrentIndex(0 if items else 1)

    @staticmethod
    def _show_card(card: FigureCard, answer: tuple[Card, float]) -> None:
        card.show_card(*answer)

    def _open(self, item: WorkItem) -> None:
        if item.place:
            self.session.go(item.place, item.row_id)
