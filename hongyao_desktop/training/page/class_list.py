"""The list of classes at the left: name, and below it number, days, people; what is not marked yet stands out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStackedLayout,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.core import pinyin
from hongyao_desktop.core.desk import Row
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.keys import ENTER
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.rows import Index
from hongyao_desktop.kit.tokens import Height, Space, TypeSize, Width

STATUS_TONES: Final = {"计划": "info", "进行中": "good", "结业": "ink_3", "取消": "ink_3"}


def days_text(first: str, last: str) -> str:
    """The days of a class, short: 2026年5月11日—13日, 4月30日—5月2日 within a year."""
    year, month, day = (int(part) for part in first.split("-"))
    start = f"{year}年{month}月{day}日"
    if first == last:
        return start
    until_year, until_month, until_day = (int(part) for part in last.split("-"))
    if until_year != year:
        return f"{start}—{until_year}年{until_month}月{until_day}日"
    if until_month != month:
        return f"{start}—{until_month}月{until_day}日"
    return f"{start}—{until_day}日"


class ClassModel(QAbstractListModel):
    """Classes as read for the board."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other classes."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Classes."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name; number and days as the tip."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row['name']}\n{row['number']}　{days_text(row['starts_on'], row['ends_on'])}"
        return row["name"] if role == Qt.ItemDataRole.DisplayRole else None


class ClassDelegate(QStyledItemDelegate):
    """Two lines a class."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """As high as two lines with air."""
        style = look()
        return QSize(0, style.px(Height.TOOLBAR) + style.px(Space.S))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one class."""
        style = look()
        rect: QRect = option.rect  # type: ignore[attr-defined]  # the stubs leave out QStyleOption's members
        model = index.model()
        assert isinstance(model, ClassModel)
        row = model.rows[index.row()]
        view = self.parent()
        assert isinstance(view, QListView)
        if index.row() == view.currentIndex().row():
            painter.fillRect(rect, style.colour("seal_soft"))
            painter.fillRect(rect.x(), rect.y(), style.px(Width.EDGE), rect.height(), style.colour("seal"))
        painter.setPen(style.colour("line"))
        painter.drawLine(rect.left(), rect.bottom(), rect.right() + 1, rect.bottom())
        area = rect.adjusted(style.px(Space.M), style.px(Space.S), -style.px(Space.M), -style.px(Space.S))
        off = row["status"] == "取消"
        painter.setFont(style.font(TypeSize.BODY))
        painter.setPen(style.colour("ink_3" if off else "ink"))
        metrics = painter.fontMetrics()
        name = metrics.elidedText(row["name"], Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft), name)
        painter.setFont(style.font(TypeSize.HINT))
        state, tone = self._state(row)
        painter.setPen(style.colour(tone))
        bottom = int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight)
        painter.drawText(area, bottom, state)
        rest = area.width() - painter.fontMetrics().horizontalAdvance(state) - style.px(Space.S)
        days = days_text(row["starts_on"], row["ends_on"])
        year = days[: days.index("年") + 1]
        if year in row["name"]:  # said already, and room is short
            days = days.removeprefix(year)
        words = f"{days}　{row['trainees']} 人"
        painter.setPen(style.colour("ink_3"))
        painter.drawText(
            area,
            int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft),
            painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, rest),
        )

    @staticmethod
    def _state(row: Row) -> tuple[str, str]:
        if row["unmarked"]:
            return f"未点 {row['unmarked']}", "warn"
        return str(row["status"]), STATUS_TONES.get(row["status"], "ink_3")


class ClassesView(QListView):
    """The bare list.

    Signals:
        opened: Enter or a double click on a class.
    """

    opened = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes into the class."""
        if event.key() in ENTER:
            self.opened.emit()
        else:
            super().keyPressEvent(event)


class ClassList(QFrame):
    """The list with its empty state.

    Signals:
        chosen: another class is current (its id, "" for none).
        opened: Enter on a class.
    """

    chosen = Signal(str)
    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "panel")
        self.model = ClassModel(self)
        self.view = ClassesView(self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(ClassDelegate(self.view))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setUniformItemSizes(True)
        self.view.setAccessibleName("培训班次列表")
        self.setFocusProxy(self.view)
        self.empty = EmptyState("还没有班次", "", parent=self)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.addLayout(self._stack)
        self._quiet = False
        self.view.selectionModel().currentChanged.connect(self._current)
        self.view.opened.connect(self.opened)
        self.view.doubleClicked.connect(lambda _index: self.opened.emit())
        look().changed.connect(self.view.scheduleDelayedItemsLayout)

    def show_rows(self, rows: Sequence[Row], keep: str) -> str:
        """Show classes; the class ``keep`` stays current, else the first one. Returns the id of the current one."""
        self._quiet = True
        self.model.show_rows(rows)
        place = next((n for n, row in enumerate(rows) if row["id"] == keep), 0)
        if rows:
            self.view.setCurrentIndex(self.model.index(place, 0))
        self._stack.setCurrentIndex(0 if rows else 1)
        self._quiet = False
        return self.current_id()

    def current_id(self) -> str:
        """Id of the current class, "" for none."""
        index = self.view.currentIndex()
        return str(self.model.rows[index.row()]["id"]) if index.isValid() else ""

    def _current(self, now: Index, _before: Index) -> None:
        if not self._quiet and now.isValid():
            self.chosen.emit(str(self.model.rows[now.row()]["id"]))


def matching(rows: Sequence[Row], typed: str, status: str | None) -> list[Row]:
    """Classes of one state (None for all) whose name, number or initials hold what was typed."""
    wanted, key = typed.strip(), pinyin.query_key(typed.strip())
    return [
        row
        for row in rows
        if (status is None or row["status"] == status)
        and (
            not wanted
            or wanted in row["name"]
            or str(row["number"]).startswith(wanted)
            or bool(key and any(key in known for known in pinyin.search_keys(row["name"])))
        )
    ]
