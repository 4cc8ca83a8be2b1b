"""Finding words on a paper on the screen (查找文字): a line above the pages, and marks over the places found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from hongyao_desktop.kit.jobs import Jobs
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.preview import PaperView
from hongyao_desktop.kit.tokens import Height, Space

_VEIL: Final = 0.28
_AROUND: Final = 2


class HitLike(Protocol):
    """A place where a text stands: page from 1, boxes in points from the upper left of the page."""

    @property
    def page(self) -> int:
        """The page."""

    @property
    def boxes(self) -> tuple[tuple[float, float, float, float], ...]:
        """Left, top, right, bottom of each line of it."""


class _Marks(QWidget):
    """A veil over the sheets that colours the places found; clicks go through to the paper."""

    def __init__(self, view: PaperView) -> None:
        super().__init__(view.widget())
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._view = view
        self.hits: Sequence[HitLike] = ()
        self.current = -1
        view.widget().installEventFilter(self)
        self._cover()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The veil is as large as the mat of sheets."""
        if watched is self._view.widget() and event.type() == QEvent.Type.Resize:
            self._cover()
        return False

    def _cover(self) -> None:
        self.resize(self._view.widget().size())
        self.raise_()

    def rects(self, place: int) -> list[QRect]:
        """Where a hit stands on the mat."""
        hit = self.hits[place]
        sheets = self._view.sheets()
        if hit.page > len(sheets):
            return []
        sheet, scale = sheets[hit.page - 1], self._view.scale()
        return [
            QRect(
                sheet.x() + round(left * scale) - _AROUND,
                sheet.y() + round(top * scale) - _AROUND,
                round((right - left) * scale) + 2 * _AROUND,
                round((bottom - top) * scale) + 2 * _AROUND,
            )
            for left, top, right, bottom in hit.boxes
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Every place found, the one in hand framed."""
        painter = QPainter(self)
        style = look()
        for place in range(len(self.hits)):
            for rect in self.rects(place):
                if not rect.intersects(event.rect()):
                    continue
                painter.setOpacity(_VEIL)
                painter.fillRect(rect, style.colour("warn"))
                if place == self.current:
                    painter.setOpacity(1.0)
                    painter.setPen(style.colour("seal"))
                    painter.drawRect(rect)
        painter.end()


class FindBar(QWidget):
    """The line: Enter goes to the next place, Shift+Enter to the one before, Esc closes it.

    ``find`` is called on a reading worker with what was typed and yields the places in order.

    Signals:
        open_wanted: Ctrl+Enter, to see what is behind the place in hand.
    """

    open_wanted = Signal()

    def __init__(
        self,
        view: PaperView,
        jobs: Jobs,
        find: Callable[[str], Iterable[HitLike]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._jobs = jobs
        self._find = find
        self._asked = ""
        self.marks = _Marks(view)
        style = look()
        row = QHBoxLayout(self)
        row.setContentsMargins(style.px(Space.M), style.px(Space.XS), style.px(Space.M), style.px(Space.XS))
        row.setSpacing(style.px(Space.S))
        self.box = QLineEdit(self)
        self.box.setFixedHeight(style.px(Height.INPUT))
        self.box.setAccessibleName("在材料中查找")
        self.box.setPlaceholderText("在材料中查找：姓名、数字、词语；Ctrl+Enter 打开那一行的记录")
        self.box.textChanged.connect(self._typed)
        self.box.installEventFilter(self)
        self.told = named(QLabel(self), "note")
        row.addWidget(self.box, 1)
        row.addWidget(self.told)
        for words, step in (("上一处", -1), ("下一处", 1)):
            button = QPushButton(words, self)
            button.clicked.connect(lambda _checked=False, step=step: self.go(step))
            row.addWidget(button)
        self.hide()

    def open(self) -> None:
        """Show the line with the keyboard in it."""
        self.show()
        self.box.setFocus()
        self.box.selectAll()

    def shut(self) -> None:
        """Hide the line and its marks; the paper has the keyboard again."""
        self.hide()
        self._show((), "")
        self._asked = ""
        self._view.setFocus()

    def current(self) -> HitLike | None:
        """The place in hand."""
        return self.marks.hits[self.marks.current] if self.marks.current >= 0 else None

    def forget(self) -> None:
        """Another paper is shown: what was found on the old one means nothing."""
        self._show((), "")
        self._asked = ""
        if self.isVisible() and self.box.text().strip():
            self._search()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter, Shift+Enter, Ctrl+Enter and Esc in the line."""
        if watched is self.box and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.shut()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                    self.open_wanted.emit()
                else:
                    self._next(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
                return True
        return False

    def _typed(self, _text: str) -> None:
        self.told.setText("")

    def _next(self, step: int) -> None:
        if self.box.text().strip() != self._asked:
            self._search()
        else:
            self.go(step)

    def _search(self) -> None:
        words = self.box.text().strip()
        self._asked = words
        if not words:
            self._show((), "")
            return
        self.told.setText("正在查找")
        self._jobs.read(
            self,
            lambda: tuple(self._find(words)),
            lambda hits: self._found(words, hits),
            lambda error: self._show((), str(error)),
        )

    def _found(self, words: str, hits: tuple[HitLike, ...]) -> None:
        if words != self._asked:
            return
        self._show(hits, "" if hits else "没有找到")
        if hits:
            self.go(1)

    def _show(self, hits: Sequence[HitLike], words: str) -> None:
        self.marks.hits, self.marks.current = hits, -1
        self.told.setText(words)
        self.marks.update()

    def go(self, step: int) -> None:
        """Bring the next place (or the one before) into sight."""
        count = len(self.marks.hits)
        if not count:
            return
        self.marks.current = (
            (self.marks.current + step) % count if self.marks.current >= 0 or step > 0 else count - 1
        )
        self.told.setText(f"第 {self.marks.current + 1} 处，共 {count} 处")
        rects = self.marks.rects(self.marks.current)
        if rects:
            middle = rects[0].center()
            self._view.ensureVisible(
                middle.x(), middle.y(), rects[0].width(), self._view.viewport().height() // 3
            )
        self.marks.update()
