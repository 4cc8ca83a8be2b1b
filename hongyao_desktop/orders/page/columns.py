"""Columns of cards: a column counts and scrolls by itself, ← and → go to the next one, Enter opens the card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QScrollArea,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.keys import ENTER
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.tokens import Radius, Space, TypeSize, Width
from hongyao_desktop.orders.queries.boards import Card, Column

Index = QModelIndex | QPersistentModelIndex
TOPIC_LINES: Final = 2
_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_TIP: Final = int(Qt.ItemDataRole.ToolTipRole)
_SPOKEN: Final = int(Qt.ItemDataRole.AccessibleTextRole)


class CardModel(QAbstractListModel):
    """The cards of one column."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cards: Sequence[Card] = ()

    def show_cards(self, cards: Sequence[Card]) -> None:
        """Show other cards."""
        self.beginResetModel()
        self.cards = cards
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One row a card."""
        return 0 if parent.isValid() else len(self.cards)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """What screen readers and tips say; the delegate paints from the card itself."""
        if not index.isValid() or role not in (_DISPLAY, _TIP, _SPOKEN):
            return None
        card = self.cards[index.row()]
        words = (card.number, card.name, card.topic, card.helper, card.due, card.missing)
        return ("\n" if role == _TIP else "，").join(word for word in words if word)


class CardDelegate(QStyledItemDelegate):
    """Paints a card: number and due word, whose it is, two lines of what is asked for, what is missing."""

    def __init__(self, view: CardColumn) -> None:
        super().__init__(view)
        self._view = view

    def _heights(self) -> tuple[int, int]:
        style = look()
        hint = QFontMetrics(style.font(TypeSize.HINT)).height()
        body = QFontMetrics(style.font(TypeSize.BODY)).height()
        return hint, body

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """All cards are equally high, so that columns line up."""
        hint, body = self._heights()
        style = look()
        inner = 2 * hint + (TOPIC_LINES + 1) * body + 3 * style.px(Space.XS)
        return QSize(0, inner + 2 * style.px(Space.S) + style.px(Space.S))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one card."""
        style = look()
        card = self._view.cards.cards[index.row()]
        whole: QRect = option.rect  # type: ignore[attr-defined]  # the stubs leave out QStyleOption's members
        state = option.state  # type: ignore[attr-defined]
        chosen = self._view.chosen == card.id
        area = whole.adjusted(0, 0, -1, -style.px(Space.S))
        painter.save()
        ground = "seal_soft" if chosen else "hover" if state & QStyle.StateFlag.State_MouseOver else "surface"
        keyed = chosen and self._view.hasFocus()
        painter.setPen(QPen(style.colour("seal" if keyed else "line"), 2 if keyed else 1))
        painter.setBrush(style.colour(ground))
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), Radius.PANEL, Radius.PANEL)
        if chosen:
            edge = area.adjusted(1, style.px(Space.XS), 0, -style.px(Space.XS))
            painter.fillRect(edge.x(), edge.y(), Width.EDGE, edge.height(), style.colour("seal"))
        pad = style.px(Space.S)
        self._words(painter, card, area.adjusted(pad, pad, -pad, -pad))
        painter.restore()

    def _words(self, painter: QPainter, card: Card, area: QRect) -> None:
        style = look()
        hint, body = self._heights()
        gap = style.px(Space.XS)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        line = QRect(area.x(), area.y(), area.width(), hint)
        painter.setFont(style.font(TypeSize.HINT, bold=card.overdue))
        painter.setPen(style.colour("bad" if card.overdue else "ink_3"))
        due_width = painter.fontMetrics().horizontalAdvance(card.due)
        painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), card.due)
        painter.setFont(style.font(TypeSize.HINT))
        painter.setPen(style.colour("ink_3"))
        room = max(area.width() - due_width - gap, 0)
        painter.drawText(line, int(left), short_number(card.number, painter.fontMetrics(), room))
        line = QRect(area.x(), line.bottom() + 1 + gap, area.width(), body)
        painter.setFont(style.font(TypeSize.BODY, bold=True))
        painter.setPen(style.colour("ink"))
        # A long name leaves room for whoever took the order.
        name = _elided(painter, card.name, area.width() * 3 // 5 if card.helper else area.width())
        painter.drawText(line, int(left), name)
        if card.helper:
            beside = painter.fontMetrics().horizontalAdvance(name) + style.px(Space.S)
            painter.setFont(style.font(TypeSize.HINT))
            painter.setPen(style.colour("ink_2"))
            rest = line.adjusted(beside, 0, 0, 0)
            helper = _elided(painter, f"→ {card.helper}", rest.width())
            painter.drawText(rest, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), helper)
        painter.setFont(style.font(TypeSize.BODY))
        painter.setPen(style.colour("ink"))
        top = line.bottom() + 1 + gap // 2
        for words in broken(card.topic, painter.fontMetrics(), area.width(), TOPIC_LINES):
            painter.drawText(QRect(area.x(), top, area.width(), body), int(left), words)
            top += body
        if card.missing:
            foot = QRect(area.x(), area.bottom() - hint + 1, area.width(), hint)
            size = TypeSize.HINT
            icon = style.pixmap("warning", "warn", size, painter.device().devicePixelRatio())
            edge = style.px(size)
            painter.drawPixmap(foot.x(), foot.y() + (hint - edge) // 2, edge, edge, icon)
            painter.setFont(style.font(TypeSize.HINT))
            painter.setPen(style.colour("warn"))
            words_area = foot.adjusted(edge + gap, 0, 0, 0)
            painter.drawText(words_area, int(left), _elided(painter, card.missing, words_area.width()))


def _elided(painter: QPainter, words: str, width: int) -> str:
    return painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, max(width, 0))


def short_number(number: str, metrics: QFontMetrics, room: int) -> str:
    """The number of an order, without its year beside a long due word."""
    if metrics.horizontalAdvance(number) <= room:
        return number
    return metrics.elidedText(number.rpartition("-")[2], Qt.TextElideMode.ElideLeft, room)


def broken(words: str, metrics: QFontMetrics, width: int, lines: int) -> list[str]:
    """A text in at most ``lines`` lines; Chinese may be broken anywhere, the last line ends in … where it must."""
    shown: list[str] = []
    rest = words.replace("\n", " ").strip()
    while rest and len(shown) < lines:
        if len(shown) == lines - 1:
            shown.append(metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width))
            break
        fits = len(rest)
        while fits > 1 and metrics.horizontalAdvance(rest[:fits]) > width:
            fits -= 1
        # A line never begins with a mark that closes.
        while fits < len(rest) and fits > 1 and rest[fits] in "，。、；：）”！？":
            fits -= 1
        shown.append(rest[:fits])
        rest = rest[fits:]
    return shown


class CardColumn(QListView):
    """The cards of one state.

    Signals:
        sideways: ← (-1) or → (+1).
        picked: a card became the current one (its id).
        opened: Enter or a double click (its id).
    """

    sideways = Signal(int)
    picked = Signal(str)
    opened = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("cards")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.chosen = ""
        self.cards = CardModel(self)
        self.setModel(self.cards)
        self.setItemDelegate(CardDelegate(self))
        self.clicked.connect(self._clicked)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.cards.cards[index.row()].id))

    def _clicked(self, index: Index) -> None:
        self.picked.emit(self.cards.cards[index.row()].id)

    def pick(self, row: int) -> bool:
        """Make the card at a place the current one; False for an empty column."""
        cards = self.cards.cards
        if not cards:
            return False
        row = max(0, min(row, len(cards) - 1))
        self.setCurrentIndex(self.cards.index(row, 0))
        self.picked.emit(cards[row].id)
        return True

    def place_of(self, card_id: str) -> int | None:
        """Where a card lies in the column."""
        return next((row for row, card in enumerate(self.cards.cards) if card.id == card_id), None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Enter opens."""
        key = event.key()
        row = self.currentIndex().row()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.sideways.emit(-1 if key == Qt.Key.Key_Left else 1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.pick(row + (1 if key == Qt.Key.Key_Down else -1))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.pick(0 if key == Qt.Key.Key_Home else len(self.cards.cards) - 1)
        elif key in ENTER and 0 <= row < len(self.cards.cards):
            self.opened.emit(self.cards.cards[row].id)
        else:
            super().keyPressEvent(event)


class Lane(QWidget):
    """A column with its head: what the orders wait for, how many there are, how many of them are overdue."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        style = look()
        self.title = named(QLabel(self), "sectionTitle")
        self.count = named(QLabel(self), "note")
        self.late = named(QLabel(self), "recordState")
        self.late.setProperty("tone", "bad")
        head = QHBoxLayout()
        head.setContentsMargins(style.px(Space.XS), 0, style.px(Space.XS), 0)
        head.setSpacing(style.px(Space.XS))
        head.addWidget(self.title)
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self.late)
        self.list = CardColumn(self)
        self.rest = named(QLabel(self), "note")
        self.rest.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(Space.S))
        column.addLayout(head)
        column.addWidget(self.list, 1)
        column.addWidget(self.rest)

    def show_column(self, column: Column, chosen: str) -> None:
        """Show a state's cards; the chosen one stays chosen."""
        words = column.state.waits_for
        self.title.setText(words)
        self.count.setText(f"{column.count:,}")
        self.late.setText(f"逾期 {column.overdue:,}" if column.overdue else "")
        left = column.count - len(column.cards)
        self.rest.setText(f"另有 {left:,} 件，按 F3 查找" if left else "")
        self.rest.setVisible(left > 0)
        self.list.setAccessibleName(f"{words} {column.count} 件，逾期 {column.overdue} 件")
        scrolled = self.list.verticalScrollBar().value()
        self.list.chosen = chosen
        self.list.cards.show_cards(column.cards)
        self.list.verticalScrollBar().setValue(scrolled)
        place = self.list.place_of(chosen)
        if place is not None:
            self.list.setCurrentIndex(self.list.cards.index(place, 0))


class Lanes(QScrollArea):
    """All columns beside each other; in a narrow window they keep their words and scroll sideways.

    Signals:
        picked: another card is the current one (its id).
        opened: a card was opened (its id).
    """

    picked = Signal(str)
    opened = Signal(str)

    def __init__(self, count: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.chosen = ""
        self._left_lane = 0
        self._left_row = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QWidget(self)
        body.setObjectName("lanes")
        body.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().px(Space.S))
        self.lanes = [Lane(body) for _ in range(count)]
        for place, lane in enumerate(self.lanes):
            row.addWidget(lane, 1)
            lane.list.sideways.connect(lambda step, at=place: self._sideways(at, step))
            lane.list.picked.connect(self._picked)
            lane.list.opened.connect(self.opened)
        self.setWidget(body)

        # Over the empty columns, not in their place: the keyboard stays where it is.
        self.empty = EmptyState("", "", parent=self)
        self.empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.empty.hide()

    def say_empty(self, title: str, teaching: str) -> None:
        """Say why there is no card; without words there are some."""
        self.empty.set_words(title, teaching)
        self.empty.setVisible(bool(title))
        self.empty.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The words stay in the middle."""
        super().resizeEvent(event)
        self.empty.setGeometry(self.rect())

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Show the board; the chosen card stays chosen wherever it went."""
        for at, lane in enumerate(self.lanes):
            place = lane.list.place_of(self.chosen)
            if place is not None:
                self._left_lane, self._left_row = at, place
        for lane, column in zip(self.lanes, columns, strict=True):
            lane.show_column(column, self.chosen)

    def choose(self, card_id: str) -> None:
        """Mark a card, without telling anybody."""
        self.chosen = card_id
        for lane in self.lanes:
            lane.list.chosen = card_id
            place = lane.list.place_of(card_id)
            if place is not None:
                lane.list.setCurrentIndex(lane.list.cards.index(place, 0))
                self.bring(lane)
            lane.list.viewport().update()

    def bring(self, lane: Lane) -> None:
        """Scroll a column into sight, whole where there is room."""
        self.ensureWidgetVisible(lane, look().px(Space.S), 0)

    def lane_of(self, card_id: str) -> Lane | None:
        """The column a card lies in."""
        return next((lane for lane in self.lanes if lane.list.place_of(card_id) is not None), None)

    def focus_cards(self) -> None:
        """Put the keyboard on the chosen card; when it has left the board, on the next one of its column."""
        lane = self.lane_of(self.chosen)
        row = 0
        if lane is None and self.lanes[self._left_lane].list.cards.cards:
            lane, row = self.lanes[self._left_lane], self._left_row
        lane = lane or next((each for each in self.lanes if each.list.cards.cards), None)
        self.bring(lane or self.lanes[0])
        (lane or self.lanes[0]).list.setFocus(Qt.FocusReason.OtherFocusReason)
        if lane is not None and lane.list.place_of(self.chosen) is None:
            lane.list.pick(row)

    def focus_first(self) -> None:
        """Put the keyboard on the first card there is and choose it."""
        lane = next((each for each in self.lanes if each.list.cards.cards), None)
        if lane is not None:
            lane.list.setFocus(Qt.FocusReason.OtherFocusReason)
            lane.list.pick(0)

    def _picked(self, card_id: str) -> None:
        if card_id != self.chosen:
            self.choose(card_id)
            self.picked.emit(card_id)

    def _sideways(self, place: int, step: int) -> None:
        """The next column that has cards, at the same height."""
        row = max(self.lanes[place].list.currentIndex().row(), 0)
        at = place + step
        while 0 <= at < len(self.lanes):
            view = self.lanes[at].list
            if view.cards.cards:
                view.setFocus(Qt.FocusReason.OtherFocusReason)
                view.pick(row)
                return
            at += step
