"""What is wrong with a sheet, by kind: errors first, each with its place; choosing one points at the cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.tokens import Space

_MOST_SHOWN: Final = 2000
_KINDS: Final = ((None, "全部"), (Level.ERROR, "错误"), (Level.QUESTION, "待确认"), (Level.WARNING, "提醒"))
_ICONS: Final = {
    Level.ERROR: ("stop", "bad"),
    Level.QUESTION: ("help", "warn"),
    Level.WARNING: ("warning", "warn"),
}


class WholeLines(QStyledItemDelegate):
    """Gives a finding all its lines: Qt counts them for a width from which icon and padding are still to go."""

    def __init__(self, view: QListWidget) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As wide as the list, and as high as the words are within it."""
        view, width = self._view, self._view.viewport().width()
        laid = QStyleOptionViewItem(option)
        self.initStyleOption(laid, index)
        whole = QRect(0, 0, width, width)
        laid.rect = whole  # type: ignore[attr-defined]  # the stubs leave out QStyleOption's members
        style = view.style()
        words = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, laid, view)
        margin = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, laid, view) + 1
        room = QRect(0, 0, words.width() - 2 * margin, width)
        text = str(index.data(Qt.ItemDataRole.DisplayRole))
        lines = view.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, text).height()
        return QSize(width, lines + whole.height() - words.height() + 2)


class FindingsView(QWidget):
    """The list of findings with a tab for each kind.

    Signals:
        chosen: a finding was chosen (Problem).
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        style = look()
        self._problems: Sequence[Problem] = ()
        self._kind: Level | None = None
        self._tabs: dict[Level | None, QToolButton] = {}
        group = QButtonGroup(self)
        bar = QHBoxLayout()
        bar.setSpacing(style.px(Space.XS))
        for kind, word in _KINDS:
            tab = named(QToolButton(self), "tab")
            tab.setText(word)
            tab.setCheckable(True)
            tab.setChecked(kind is None)
            tab.clicked.connect(lambda _checked=False, kind=kind: self._show_kind(kind))
            group.addButton(tab)
            bar.addWidget(tab)
            self._tabs[kind] = tab
        bar.addStretch(1)
        self.list = QListWidget(self)
        self.list.setAccessibleName("核对发现的问题")
        self.list.setWordWrap(True)
        self.list.setItemDelegate(WholeLines(self.list))
        self.list.setResizeMode(QListView.ResizeMode.Adjust)  # lines are counted anew for another width
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(lambda item, _before: self._tell(item))
        self.list.itemClicked.connect(self._tell)
        self.nothing = named(QLabel("没有发现问题", self), "emptyText")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(Space.S))
        column.addLayout(bar)
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing, 1)
        self.show_problems(())

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show the findings of another sheet."""
        self._problems = problems
        for kind, word in _KINDS:
            count = sum(kind is None or problem.level is kind for problem in problems)
            self._tabs[kind].setText(f"{word} {count:,}")
            self._tabs[kind].setVisible(kind is None or count > 0)
        self._tabs[None].setChecked(True)
        self._show_kind(None)

    def _show_kind(self, kind: Level | None) -> None:
        self._kind = kind
        style = look()
        self.list.blockSignals(True)
        self.list.clear()
        wanted = [problem for problem in self._problems if kind is None or problem.level is kind]
        for problem in wanted[:_MOST_SHOWN]:
            name, colour = _ICONS[problem.level]
            place = problem.place()
            item = QListWidgetItem(
                style.icon(name, colour), f"{place}　{problem.message}" if place else problem.message
            )
            item.setData(Qt.ItemDataRole.UserRole, problem)
            item.setToolTip(problem.sentence())
            self.list.addItem(item)
        if len(wanted) > _MOST_SHOWN:
            rest = QListWidgetItem(f"还有 {len(wanted) - _MOST_SHOWN:,} 条没有列出，先改前面的")
            rest.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(rest)
        self.list.blockSignals(False)
        self.list.setVisible(bool(wanted))
        self.nothing.setVisible(not wanted)

    def _tell(self, item: QListWidgetItem | None) -> None:
        problem = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if isinstance(problem, Problem):
            self.chosen.emit(problem)
