"""What stands over the cash book: which fund, year and month, and its balance and sums."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.money import format_fen
from hongyao_desktop.fund.queries import CashBook
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.tokens import Height, Space

_FIGURES = ("结余", "收入", "支出", "本年收入", "本年支出", "笔数")


class MonthStrip(QWidget):
    """全年 and the twelve months as tabs; where there is little room, bare numbers, then only those near the chosen.

    Signals:
        chosen: a month, or 0 for the whole year.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        for month in range(13):
            tab = named(QToolButton(self), "tab")
            tab.setCheckable(True)
            tab.setAccessibleName("看全年" if month == 0 else f"看{month}月")
            self._group.addButton(tab, month)
        self._group.idClicked.connect(self.chosen)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.mark(0)

    def mark(self, month: int) -> None:
        """Show a month as chosen."""
        self._group.button(month).setChecked(True)
        self._settle()

    @staticmethod
    def _words(month: int, *, short: bool) -> str:
        return "全年" if month == 0 else str(month) if short else f"{month}月"

    def _width(self, month: int, *, short: bool) -> int:
        style = look()
        return style.text_width(self._words(month, short=short), bold=True) + style.px(Space.L)

    def sizeHint(self) -> QSize:
        """Room for all months in words."""
        return QSize(sum(self._width(month, short=False) for month in range(13)), look().px(Height.BUTTON))

    def minimumSizeHint(self) -> QSize:
        """Room for three."""
        return QSize(3 * self._width(12, short=True), look().px(Height.BUTTON))

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Use the room there is."""
        self._settle()

    def _settle(self) -> None:
        short = self.width() < self.sizeHint().width()
        widths = [self._width(month, short=short) for month in range(13)]
        first = last = max(self._group.checkedId(), 0)
        room = self.width() - widths[first]
        while True:
            before = first > 0 and room >= widths[first - 1]
            after = last < 12 and room >= widths[last + 1]
            if not before and not after:
                break
            if after and (not before or last - self._group.checkedId() <= self._group.checkedId() - first):
                last += 1
                room -= widths[last]
            else:
                first -= 1
                room -= widths[first]
        left = 0
        for month in range(13):
            tab = self._group.button(month)
            tab.setText(self._words(month, short=short))
            tab.setVisible(first <= month <= last)
            if first <= month <= last:
                tab.setGeometry(left, 0, widths[month], self.height())
                left += widths[month]


class BookChoice(QWidget):
    """Fund, year and month of the book shown; the page adds its buttons to ``row``.

    Signals:
        fund_chosen: another fund (its id).
        year_chosen: another year.
        month_chosen: a month, or 0 for the whole year.
    """

    fund_chosen = Signal(str)
    year_chosen = Signal(int)
    month_chosen = Signal(int)

    def __init__(self, year: int, this_year: int, parent: QWidget) -> None:
        super().__init__(parent)
        style = look()
        self._year = year
        self._this_year = this_year
        self.fund_button = QPushButton(self)
        self.fund_menu = QMenu(self)
        self.fund_button.setMenu(self.fund_menu)
        self.fund_label = QLabel(self)
        self.year_label = QLabel(self)
        self.year_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.year_label.setMinimumWidth(style.text_width("2026年") + style.px(Space.S))
        self.earlier = self._arrow("left", "上一年", -1)
        self.later = self._arrow("right", "下一年", 1)
        self.months = MonthStrip(self)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(style.px(Space.S))
        for widget in (self.fund_button, self.fund_label, self.earlier, self.year_label, self.later):
            self.row.addWidget(widget)
        self.row.addSpacing(style.px(Space.XS))
        self.row.addWidget(self.months, 1)
        self.months.chosen.connect(self.month_chosen)
        self.restyle()
        look().changed.connect(self.restyle)

    def restyle(self) -> None:
        """Follow the text size in force."""
        self.setFixedHeight(look().px(Height.FILTERS))

    def _arrow(self, icon: str, words: str, step: int) -> QToolButton:
        button = named(QToolButton(self), "messageClose")
        button.setIcon(look().icon(icon))
        button.setAccessibleName(words)
        button.setToolTip(words)
        button.setFixedSize(look().px(Height.TARGET), look().px(Height.TARGET))
        button.clicked.connect(lambda: self.year_chosen.emit(self._year + step))
        return button

    def show_choice(self, funds: Sequence[Row], fund_id: str, year: int, month: int | None) -> None:
        """Show what is chosen; the fund's button only where there is more than one."""
        self._year = year
        self.fund_menu.clear()
        for fund in funds:
            words = fund["name"] if fund["status"] == "在用" else f"{fund['name']}（停用）"
            self.fund_menu.addAction(words, partial(self.fund_chosen.emit, fund["id"]))
        current = next((fund["name"] for fund in funds if fund["id"] == fund_id), "")
        self.fund_button.setText(current)
        self.fund_button.setAccessibleName(f"基金：{current}")
        self.fund_button.setVisible(len(funds) > 1)
        self.fund_label.setText(current)
        self.fund_label.setVisible(len(funds) == 1)
        self.year_label.setText(f"{year}年")
        self.later.setEnabled(year < self._this_year)
        self.months.mark(month or 0)


class BookFigures(QWidget):
    """The balance in large type, and income and expense of what is shown."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        style = look()
        row = QHBoxLayout(self)
        row.setContentsMargins(style.px(Space.XS), 0, 0, 0)
        row.setSpacing(0)
        self._wanted: tuple[str, ...] = ()
        self.pairs: dict[str, QWidget] = {}
        self.names: dict[str, QLabel] = {}
        self.values: dict[str, QLabel] = {}
        for name in _FIGURES:
            self.names[name] = named(QLabel(name, self), "note")
            self.values[name] = named(QLabel(self), "pageTitle" if name == "结余" else "figure")
            pair = QWidget(self)
            inside = QHBoxLayout(pair)
            inside.setContentsMargins(0, 0, style.px(Space.L), 0)
            inside.setSpacing(style.px(Space.XS))
            inside.addWidget(self.names[name])
            inside.addWidget(self.values[name])
            row.addWidget(pair)
            self.pairs[name] = pair
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.restyle()
        look().changed.connect(self.restyle)

    def restyle(self) -> None:
        """Follow the text size in force."""
        self.setFixedHeight(look().px(Height.INPUT))

    def show_book(self, book: CashBook | None, month: int | None) -> None:
        """Show the figures of a book; None empties them."""
        self._wanted = ()
        if book is not None:
            last = book.months[-1] if book.months else None
            words = f"{book.first.year}年" if month is None else f"{month}月"
            texts = {
                "结余": ("结余" if month is None else f"{words}末结余", format_fen(book.closing_fen)),
                "收入": (f"{words}收入", format_fen(book.in_fen)),
                "支出": (f"{words}支出", format_fen(book.out_fen)),
                "本年收入": ("本年收入", format_fen(last.year_in_fen if last else 0)),
                "本年支出": ("本年支出", format_fen(last.year_out_fen if last else 0)),
                "笔数": ("笔数", f"{sum(line.direction != '期初' for line in book.lines):,}"),
            }
            for name, (title, text) in texts.items():
                self.names[name].setText(title)
                self.values[name].setText(text)
            self._wanted = tuple(n for n in _FIGURES if month is not None or not n.startswith("本年"))
        self._settle()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Use the room there is."""
        self._settle()

    def _settle(self) -> None:
        """Show the figures that fit whole, from the left; a figure is never cut off."""
        room = self.width() - look().px(Space.XS)
        for name in _FIGURES:
            width = self.pairs[name].sizeHint().width()
            shown = name in self._wanted and width <= room
            self.pairs[name].setVisible(shown)
            if name in self._wanted:
                room = room - width if shown else 0
