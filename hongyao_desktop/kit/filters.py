"""Saved views and filters above a list, counted in the background."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from hongyao_desktop.core.desk import Reader
from hongyao_desktop.core.fields import (
    Choice,
    Date,
    FieldType,
    Flag,
    Integer,
    Minutes,
    Money,
    Points,
    Reference,
)
from hongyao_desktop.core.register import Field, Register
from hongyao_desktop.kit.jobs import Job
from hongyao_desktop.kit.keys import ComposingLineEdit, EnterKeys
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.parts import View
from hongyao_desktop.kit.pieces import empty_out, named, once, word_tab
from hongyao_desktop.kit.rows import RowQuery
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Height, Space
from hongyao_desktop.kit.tree_values import gathered

VALUES_SHOWN = 40
SLOW_COUNT_S = 0.3
COUNTS_KEPT_S = 60.0
SPANNED: tuple[type[FieldType], ...] = (Date, Integer, Money, Minutes, Points)

Counts = dict[str, dict[Any, int]]


def views_of(register: Register) -> tuple[View, ...]:
    """全部, and one view for each word of the status field."""
    views = [View(label="全部")]
    if register.status_field is not None:
        kind = register.field(register.status_field).type
        if isinstance(kind, Choice):
            views += [View(label=word, equals=((register.status_field, word),)) for word in kind.options]
    return tuple(views)


def count_values(reader: Reader, register: Register, columns: tuple[str, ...]) -> Counts:
    """How many rows hold each value of these columns; the table is asked where it has the column, else the view."""
    stored = {row["name"] for row in reader.all("SELECT name FROM pragma_table_info(?)", (register.table,))}
    counts: Counts = {}
    for column in columns:
        source = register.table if column in stored else register.source
        rows = reader.all(f"SELECT {column} AS value, COUNT(*) AS n FROM {source} GROUP BY {column}")
        counts[column] = {row["value"]: row["n"] for row in rows}
    return counts


class SpanPanel(QFrame):
    """从 … 到 … of one field, below its button.

    Signals:
        chosen: both ends (None where open).
    """

    chosen = Signal(object, object)

    def __init__(self, known: Field, session: Session, anchor: QWidget) -> None:
        super().__init__(anchor.window())
        self.setObjectName("popup")
        self._field = known
        self._session = session
        style = look()
        grid = QGridLayout(self)
        side = style.px(Space.L)
        grid.setContentsMargins(side, side, side, side)
        grid.setSpacing(style.px(Space.S))
        self.first = ComposingLineEdit(self)
        self.last = ComposingLineEdit(self)
        grid.addWidget(named(QLabel(known.label, self), "sectionTitle"), 0, 0, 1, 2)
        for place, (word, line) in enumerate((("从", self.first), ("到", self.last)), 1):
            line.setAccessibleName(f"{known.label}{word}")
            line.setFixedSize(style.px(160), style.px(Height.INPUT))
            grid.addWidget(QLabel(word, self), place, 0)
            grid.addWidget(line, place, 1)
        self._finding = named(QLabel("", self), "finding")
        self._finding.setFixedWidth(style.px(200))
        self._finding.setWordWrap(True)
        self._finding.hide()
        grid.addWidget(self._finding, 3, 0, 1, 2)
        apply = QPushButton("按此筛选", self)
        apply.setProperty("primary", True)
        apply.clicked.connect(self.confirm)
        grid.addWidget(apply, 4, 1)
        self._keys = EnterKeys(self)
        self._keys.onward.connect(lambda line: self.last.setFocus() if line is self.first else self.confirm())
        for line in (self.first, self.last):
            line.installEventFilter(self._keys)
        self.adjustSize()
        corner = anchor.mapTo(anchor.window(), QPoint(0, anchor.height() + 2))
        room = anchor.window().width() - self.width() - style.px(Space.S)
        self.move(min(corner.x(), room), corner.y())
        self.show()
        self.raise_()
        self.first.setFocus()

    def confirm(self) -> None:
        """Read both ends; what cannot be read is said here."""
        ends: list[Any] = []
        for line in (self.first, self.last):
            parsed = self._field.type.parse(line.text(), self._session.context())
            if not parsed.good:
                self._finding.setText(parsed.problems[0].message)
                self._finding.show()
                self.adjustSize()
                line.setFocus()
                return
            ends.append(parsed.value)
        self.chosen.emit(ends[0], ends[1])


class FilterBar(QWidget):
    """Views as tabs, filters as drop-downs, and ＋ 条件.

    Signals:
        changed: something else is asked for; :meth:`apply` puts it into a query.
        answered: a panel had the keyboard and goes now; the keyboard needs another place.
    """

    changed = Signal()
    answered = Signal()

    def __init__(
        self, session: Session, register: Register, views: tuple[View, ...] | None, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._register = register
        self._views = views if views is not None else views_of(register)
        self._view = 0
        self._equals: dict[str, Any] = {}
        self._spans: dict[str, tuple[Any, Any]] = {}
        self._counts: Counts = {}
        self._count_took = self._counted_at = 0.0
        self._job: Job | None = None
        self._panel: SpanPanel | None = None
        style = look()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.px(Space.S))
        self.tabs: list[QToolButton] = []
        for number, view in enumerate(self._views):
            tab = word_tab(view.label, self, partial(self.choose_view, number))
            self.tabs.append(tab)
            row.addWidget(tab)
        self.tabs[0].setChecked(True)
        row.addSpacing(style.px(Space.S))
        self._buttons: dict[str, QPushButton] = {}
        taken = {column for view in self._views for column, _value in view.equals}
        for name in register.filters:
            if name not in taken:
                self._buttons[name] = self._drop_button(register.field(name))
                row.addWidget(self._buttons[name])
        self.more = QPushButton("＋ 条件", self)
        menu = QMenu(self.more)
        menu.aboutToShow.connect(lambda: self._fill_more(menu))
        self.more.setMenu(menu)
        row.addWidget(self.more)
        self._extra = QHBoxLayout()
        self._extra.setSpacing(style.px(Space.S))
        row.addLayout(self._extra)
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._fit_later = once(self)
        self._fit_later.timeout.connect(self.fit)

    # -- room

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What finds no room moves into ＋ 条件."""
        super().resizeEvent(event)
        self._fit_later.start()

    def fit(self) -> None:
        """Show as many views and filters as there is room for, views first; the chosen view always."""
        gap = look().px(Space.S)
        chips = [chip for chip in self.findChildren(QPushButton, "chip") if not chip.isHidden()]
        room = self.width() - sum(chip.sizeHint().width() + gap for chip in chips)
        room -= self.more.sizeHint().width() + 2 * gap
        tabs = sorted(self.tabs, key=lambda tab: not tab.isChecked())
        left = False
        for widget in (*tabs, *self._buttons.values()):
            needed = widget.sizeHint().width() + gap
            shown = widget is tabs[0] or (needed <= room and not left)
            widget.setVisible(shown)
            left = left or not shown
            room -= needed if shown else 0
        self.more.setVisible(left or bool(self._spannable()))

    # -- state

    def apply(self, query: RowQuery) -> RowQuery:
        """The query with the chosen view and filters."""
        equals = {**dict(self._views[self._view].equals), **self._equals}
        for column, value in equals.items():
            query = query.with_equal(column, value)
        for column, (first, last) in self._spans.items():
            query = query.with_span(column, first, last)
        return query

    def clear(self) -> None:
        """Lift everything, without telling."""
        self._view = 0
        self.tabs[0].setChecked(True)
        self._equals.clear()
        self._spans.clear()
        self._tell()

    def choose_view(self, place: int) -> None:
        """Show another view."""
        self._view = place
        self.tabs[place].setChecked(True)
        self._fit_later.start()
        self.changed.emit()

    def set_equal(self, column: str, value: Any) -> None:
        """Hold a column at a value; None lifts it."""
        if value is None:
            self._equals.pop(column, None)
        else:
            self._equals[column] = value
        self._tell()
        self.changed.emit()

    def set_span(self, column: str, first: Any, last: Any) -> None:
        """Hold a column between two values; both None lifts it."""
        if first is None and last is None:
            self._spans.pop(column, None)
        else:
            self._spans[column] = (first, last)
        self._tell()
        self.changed.emit()

    # -- counting

    def recount(self) -> None:
        """Count views and values in the background; where that takes long, not after every change."""
        if self._count_took > SLOW_COUNT_S and time.monotonic() - self._counted_at < COUNTS_KEPT_S:
            return
        columns = tuple(
            dict.fromkeys([*(c for view in self._views for c, _value in view.equals), *self._buttons])
        )
        if self._job is not None:
            self._job.drop()
        register = self._register

        def count(reader: Reader) -> tuple[int, Counts, float]:
            began = time.monotonic()
            total = int(reader.value(f"SELECT COUNT(*) FROM {register.table}") or 0)
            counts = count_values(reader, register, columns)
            return total, counts, time.monotonic() - began

        self._job = self._session.read(self, count, lambda found: self._counted(*found))

    def _counted(self, total: int, counts: Counts, took: float) -> None:
        self._job = None
        self._count_took, self._counted_at = took, time.monotonic()
        self._counts = counts
        for view, tab in zip(self._views, self.tabs, strict=True):
            if not view.equals:
                tab.setText(f"{view.label} {total:,}")
            elif len(view.equals) == 1:
                column, value = view.equals[0]
                number = counts.get(column, {}).get(value, 0)
                tab.setText(f"{view.label} {number:,}" if number else view.label)
        self._fit_later.start()

    # -- buttons

    def _drop_button(self, known: Field) -> QPushButton:
        button = QPushButton(f"{known.label}：全部", self)
        menu = QMenu(button)
        menu.aboutToShow.connect(lambda: self._fill(menu, known))
        button.setMenu(menu)
        return button

    def _fill(self, menu: QMenu, known: Field) -> None:
        menu.clear()
        counts: Mapping[Any, int] = self._counts.get(known.name, {})
        values: list[Any] = [value for value in counts if value not in (None, "")]
        if isinstance(known.type, Choice):
            listed = [word for word in known.type.options if word in counts or not counts]
            values = listed + [value for value in values if value not in listed]
        else:
            values.sort(key=lambda value: (-counts[value], str(value)))
        whole = menu.addAction("全部")
        whole.triggered.connect(lambda _checked=False: self.set_equal(known.name, None))
        menu.addSeparator()
        together = self._together(known, counts)
        for ids, number in list(together.items())[:VALUES_SHOWN]:
            self._offer(menu, known, ids, f"{self._words(known, ids)}　{number:,}")
        if together:
            menu.addSeparator()
        heads = {ids[0] for ids in together}
        for value in values[: max(VALUES_SHOWN - len(together), VALUES_SHOWN // 2)]:
            shown = self._words(known, value) + ("本级" if value in heads else "")
            self._offer(menu, known, value, f"{shown}　{counts[value]:,}" if value in counts else shown)

    def _offer(self, menu: QMenu, known: Field, value: Any, words: str) -> None:
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(self._equals.get(known.name) == value)
        action.triggered.connect(lambda _checked=False: self.set_equal(known.name, value))

    def _together(self, known: Field, counts: Mapping[Any, int]) -> Mapping[tuple[str, ...], int]:
        """Where the rows referred to form a tree: those with others below, everything below counted in."""
        lookup = self._session.lookups.get(known.type.register) if isinstance(known.type, Reference) else None
        if lookup is None or lookup.above is None:
            return {}
        return gathered(counts, lookup.above(self._session.reader))

    def _words(self, known: Field, value: Any) -> str:
        """A value as people say it: the name of the row a reference stands for, never its id."""
        if isinstance(value, tuple):
            return f"{self._words(known, value[0])}及下级"
        if isinstance(known.type, Reference):
            lookup = self._session.lookups.get(known.type.register)
            match = lookup.show(self._session.reader, str(value)) if lookup is not None else None
            return match.label if match is not None else "（不在台账里）"
        return known.type.format(value)

    def _spannable(self) -> list[Field]:
        return [known for known in self._register.fields if isinstance(known.type, (*SPANNED, Flag))]

    def _fill_more(self, menu: QMenu) -> None:
        menu.clear()
        for place, tab in enumerate(self.tabs):
            if tab.isHidden():
                menu.addAction(tab.text()).triggered.connect(partial(self._choose_hidden, place))
        for name, button in self._buttons.items():
            if button.isHidden():
                inner = menu.addMenu(button.text())
                self._fill(inner, self._register.field(name))
        if menu.actions():
            menu.addSeparator()
        for known in self._spannable():
            action = menu.addAction(known.label)
            if isinstance(known.type, Flag):
                action.triggered.connect(lambda _checked=False, flag=known: self.set_equal(flag.name, 1))
            else:
                action.triggered.connect(lambda _checked=False, spanned=known: self._ask_span(spanned))

    def _choose_hidden(self, place: int, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - a Qt slot
        self.choose_view(place)

    def _ask_span(self, known: Field) -> None:
        self.close_panel()
        self._panel = SpanPanel(known, self._session, self.more)
        self._panel.chosen.connect(lambda first, last: self._span_chosen(known.name, first, last))

    def _span_chosen(self, column: str, first: Any, last: Any) -> None:
        self.close_panel()
        self.set_span(column, first, last)
        self.answered.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Another page comes to the front: the panel floats over the window and would stay, with the keyboard in it."""
        super().hideEvent(event)
        self.close_panel()

    def close_panel(self) -> bool:
        """Close an open 从 … 到 … panel; True when there was one."""
        if self._panel is None:
            return False
        panel, self._panel = self._panel, None
        panel.hide()
        panel.deleteLater()
        return True

    def _tell(self) -> None:
        self._fit_later.start()
        for name, button in self._buttons.items():
            known = self._register.field(name)
            value = self._equals.get(name)
            button.setText(f"{known.label}：{'全部' if value is None else self._words(known, value)}")
        empty_out(self._extra)
        for column, (first, last) in self._spans.items():
            known = self._register.field(column)
            words = f"{known.label}：{known.type.format(first) or '…'} 至 {known.type.format(last) or '…'}"
            self._chip(words, partial(self.set_span, column, None, None))
        for column, value in self._equals.items():
            if column not in self._buttons:
                known = self._register.field(column)
                words = f"{known.label}：{self._words(known, value)}"
                self._chip(words, partial(self.set_equal, column, None))

    def _chip(self, words: str, lift: Callable[[], None]) -> None:
        chip = named(QPushButton(f"{words}  ×", self), "chip")
        chip.setToolTip("取消这个条件")
        chip.setCursor(Qt.CursorShape.PointingHandCursor)
        chip.clicked.connect(lambda _checked=False: lift())
        self._extra.addWidget(chip)
