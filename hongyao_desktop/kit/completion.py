"""The list that drops below an input: answers to a few typed letters, chosen with ↓ and Enter.

It is a child of the window, not a window of its own, so the keyboard (and the input method) never leave the input.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.core import pinyin
from hongyao_desktop.core.lookup import Match
from hongyao_desktop.kit.keys import is_composing
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.rows import Index
from hongyao_desktop.kit.tokens import Height, Space, TypeSize

ROWS_SHOWN: Final = 8
_NOTE: Final = int(Qt.ItemDataRole.UserRole) + 1


def find_words(options: Sequence[str], typed: str) -> list[str]:
    """The options that answer what was typed: beginning with it, then pinyin initials, then holding it.

    Initials of a whole word go before those of a part of another one: ``bmy`` is 不满意 before 基本满意.
    """
    wanted = typed.strip()
    if not wanted:
        return list(options)
    key = pinyin.query_key(wanted)
    ranked = []
    for position, word in enumerate(options):
        if word.startswith(wanted):
            rank = 0
        elif is_whole(word, key):
            rank = 1
        elif key and pinyin.initials(word).startswith(key):
            rank = 2
        elif key and any(known.startswith(key) for known in _keys_of(word)):
            rank = 3
        elif wanted in word:
            rank = 4
        else:
            continue
        ranked.append((rank, position, word))
    return [word for _rank, _position, word in sorted(ranked)]


def is_whole(word: str, key: str) -> bool:
    """Whether ``key`` (as :func:`pinyin.query_key` makes it) is all initials of a word, none left over."""
    return bool(key) and pinyin.initials(word) == key


@lru_cache(maxsize=4096)
def _keys_of(word: str) -> frozenset[str]:
    return frozenset(pinyin.search_keys(word))


class _MatchDelegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, look().px(Height.ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        style = look()
        rect: QRect = option.rect  # type: ignore[attr-defined]  # the stubs leave out QStyleOption's members
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.fillRect(rect, style.colour("seal_soft" if chosen else "surface"))
        if chosen:
            painter.fillRect(rect.x(), rect.y(), 3, rect.height(), style.colour("seal"))
        inner = rect.adjusted(style.px(Space.M), 0, -style.px(Space.M), 0)
        note = str(index.data(_NOTE) or "")
        painter.setFont(style.font(TypeSize.HINT))
        painter.setPen(style.colour("ink_3"))
        room = painter.fontMetrics().horizontalAdvance(note) if note else 0
        flags = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, int(flags | Qt.AlignmentFlag.AlignRight), note)
        painter.setFont(style.font(TypeSize.BODY))
        painter.setPen(style.colour("ink"))
        words = inner.adjusted(0, 0, -(room + style.px(Space.S) if room else 0), 0)
        text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, int(flags | Qt.AlignmentFlag.AlignLeft), text)


class CompletionPopup(QFrame):
    """The drop-down of one input.

    Signals:
        chosen: an answer was taken (:class:`Match`).
    """

    chosen = Signal(object)

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor.window())
        self.setObjectName("popup")
        self._anchor = anchor
        self._matches: list[Match] = []
        self._list = QListWidget(self)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setItemDelegate(_MatchDelegate(self._list))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setUniformItemSizes(True)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setAccessibleName("备选")
        self._list.itemClicked.connect(lambda _item: self.take())
        inside = QVBoxLayout(self)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self._list)
        anchor.destroyed.connect(self.deleteLater)
        self.hide()

    @property
    def matches(self) -> list[Match]:
        """The answers offered now."""
        return self._matches if not self.isHidden() else []

    def offer(self, matches: Sequence[Match], *, choose_first: bool = True) -> None:
        """Show answers below the anchor; none hides the list."""
        self._matches = list(matches)
        self._list.clear()
        if not matches:
            self.hide()
            return
        for match in matches:
            item = QListWidgetItem(match.label, self._list)
            item.setData(_NOTE, match.note)
        self._list.setCurrentRow(0 if choose_first else -1)
        self._place()
        self.show()
        self.raise_()

    def current(self) -> Match | None:
        """The answer marked now."""
        row = self._list.currentRow()
        return self._matches[row] if self.matches and 0 <= row < len(self._matches) else None

    def move_mark(self, step: int) -> None:
        """Mark the next or previous answer."""
        count = len(self._matches)
        if count:
            self._list.setCurrentRow((self._list.currentRow() + step) % count)

    def take(self) -> bool:
        """Take the marked answer; False when there is none."""
        match = self.current()
        self.hide()
        if match is None:
            return False
        self.chosen.emit(match)
        return True

    def _place(self) -> None:
        style = look()
        window = self._anchor.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        row = style.px(Height.ROW)
        wanted = min(len(self._matches), ROWS_SHOWN) * row + 2
        scrolls = len(self._matches) > ROWS_SHOWN
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if scrolls else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self._list.setVerticalScrollBarPolicy(policy)
        notes = max((style.text_width(m.note, TypeSize.HINT) for m in self._matches), default=0)
        words = max(style.text_width(m.label) for m in self._matches)
        width = max(self._anchor.width(), words + notes + 4 * style.px(Space.L))
        width = min(width, window.width() - 2 * style.px(Space.S))
        top_left = self._anchor.mapTo(window, QPoint(0, self._anchor.height() + 2))
        below = window.height() - top_left.y() - style.px(Space.S)
        y = top_left.y()
        if below < wanted:
            above = self._anchor.mapTo(window, QPoint(0, 0)).y() - 2
            if above > below:
                wanted = min(wanted, above)
                y = above - wanted
            else:
                wanted = max(row + 2, below)
        x = min(top_left.x(), window.width() - width - style.px(Space.S))
        self.setGeometry(x, y, width, wanted)


class CompletionKeys(QObject):
    """Event filter that lets an input drive its drop-down; install it after other filters so that it is asked first.

    ``ask`` fills the drop-down for the text as it stands (↓ on a closed list).
    """

    def __init__(self, line: QWidget, popup: CompletionPopup, ask: Callable[[], None]) -> None:
        super().__init__(line)
        self._line = line
        self._popup = popup
        self._ask = ask
        line.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """↓ and ↑ move the mark, Esc closes; Enter and Tab stay with the form, which takes the mark first."""
        if event.type() == QEvent.Type.FocusOut:
            self._popup.hide()
            return False
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or is_composing(watched):
            return False
        shown = not self._popup.isHidden()
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            if shown:
                self._popup.move_mark(1 if key == Qt.Key.Key_Down else -1)
                return True
            if key == Qt.Key.Key_Down:
                self._ask()
                return True
            return False
        if key == Qt.Key.Key_Escape and shown:
            self._popup.hide()
            return True
        return False
