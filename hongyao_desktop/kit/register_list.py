"""The list of one register: search, saved views, filters, order, totals; what stands beside it is the page's."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from hongyao_desktop.core.desk import Changes, Desk
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.filters import FilterBar
from hongyao_desktop.kit.list_reading import ListReading
from hongyao_desktop.kit.list_status import ListStatus
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.parts import RegisterPageParts
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.rows import RowQuery, RowSource, list_fields
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.table import RegisterTable
from hongyao_desktop.kit.tokens import Height, Space
from hongyao_desktop.kit.writing import desk_for, parts_for, refused_words


class RegisterList(Page):
    """Rows of one register as the operator asks for them, read anew when something changes."""

    def __init__(self, session: Session, desk: Desk, parts: RegisterPageParts) -> None:
        self.parts = parts_for(session.who, desk, parts)
        self.desk = desk_for(session.who, desk)
        self.register = desk.register
        self._refused = refused_words(session.who, desk, parts)
        super().__init__(session, self.parts.title or self.register.label)
        self._reading = ListReading(session, self.register, self)
        self._keep: str | None = None
        self._loading = False
        self._build()
        self.search.typed.connect(self._search_now)
        self.filters.changed.connect(self._filtered)
        self._reading.found.connect(self._show)
        self._reading.summed.connect(self.status.show_totals)
        self.table.sort_wanted.connect(self._sort)

    # -- for the page

    @property
    @abstractmethod
    def can_add(self) -> bool:
        """Whether rows are entered by a form here."""

    @abstractmethod
    def _page_steps(self) -> list[tuple[str, Callable[[], None]]]:
        """Buttons at the right of the filters."""

    @abstractmethod
    def _ways_to_fill(self) -> list[tuple[str, Callable[[], None]]]:
        """What is offered while there are no rows."""

    @abstractmethod
    def _beside(self, table: RegisterTable) -> QWidget:
        """The list with what stands beside it."""

    @abstractmethod
    def _settle(self) -> None:
        """Other rows are shown: show the current one beside them."""

    # -- building

    @property
    def _new_words(self) -> str:
        return f"{self.parts.new_label or '新增' + self.register.label}  Ctrl+N"

    def _build(self) -> None:
        style = look()
        what = self.register.label
        self.search = self.add_search(self.parts.search_hint, what)
        self.filters = FilterBar(self.session, self.register, self.parts.views, self)
        self.new_button = QPushButton(self._new_words, self)
        self.new_button.setProperty("primary", True)
        row = QHBoxLayout()
        row.setSpacing(style.px(Space.S))
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.filters, 1)
        for label, step in self._page_steps():
            button = QPushButton(label, self)
            button.clicked.connect(lambda _checked=False, run=step: run())
            row.addWidget(button)
        row.addWidget(self.new_button)
        self.refused_line = named(QLabel(self._refused, self), "note")
        self.refused_line.setVisible(bool(self._refused))
        row.addWidget(self.refused_line)
        tools = QWidget(self)
        tools.setFixedHeight(style.px(Height.FILTERS))
        tools.setLayout(row)
        self.column.addWidget(tools)

        self.table = RegisterTable(
            list_fields(self.register),
            name=f"{what}列表",
            tone=self.parts.tone,
            empty=EmptyState(f"还没有{what}", self.register.help),
        )
        self.column.addWidget(self._beside(self.table), 1)

        self.status = ListStatus(self.register, self.table, self)
        self.column.addWidget(self.status)
        self.new_button.setVisible(self.can_add and not self._refused)
        key = f"register/{self.register.name}/widths"
        widths = self.session.memory.get(key)
        if isinstance(widths, list):
            self.table.set_widths([int(width) for width in widths])
        self.table.widths_chosen.connect(lambda: self.session.memory.put(key, self.table.widths()))

    # -- reading

    @property
    def query(self) -> RowQuery:
        """What the list shows now."""
        return self._reading.query

    def touches(self, changes: Changes) -> bool:
        """Changes of the register's table or of those the module names; unknown means all."""
        if self.parts.watches is None:
            return True
        return any(table in changes.tables for table in (self.register.table, *self.parts.watches))

    def reload(self) -> None:
        """Ask for the rows anew; the current row stays current if it is still among them."""
        self._reading.ask(self._keep or self.table.current_id() or None)
        self.filters.recount()

    def show_query(self, query: RowQuery) -> None:
        """Show other rows."""
        self._reading.query = query
        self._reading.ask(self._keep or self.table.current_id() or None)

    def _show(self, source: RowSource, position: int | None) -> None:
        self._empty_words(narrowed=self._reading.query.narrowed)
        self._loading = True
        self.table.show_rows(source, self.session.reader, position=position)
        self._loading = False
        closest = self._reading.query.search and self._reading.query.sort is None
        order = "" if closest else self._reading.query.sort or self.register.sort
        self.table.show_order(order, descending=self._reading.query.descending)
        self.status.show_source(source, self._reading.query)
        self._keep = None
        self._settle()

    def _empty_words(self, *, narrowed: bool) -> None:
        what = self.register.label
        if narrowed:
            self.table.empty.set_words(
                f"没有找到符合条件的{what}", "换个字、首字母或号码后几位再试，或取消条件"
            )
            self.table.empty.set_actions((("取消全部条件", self.clear_query),))
            return
        self.table.empty.set_words(f"还没有{what}", self.register.help)
        self.table.empty.set_actions(tuple(self._ways_to_fill()))

    # -- asking

    def _search_now(self) -> None:
        text = self.search.words()
        if text != self._reading.query.search:
            self.show_query(replace(self._reading.query, search=text))

    def _filtered(self) -> None:
        asked = self.filters.apply(RowQuery(search=self._reading.query.search))
        self.show_query(
            replace(asked, sort=self._reading.query.sort, descending=self._reading.query.descending)
        )

    def _sort(self, column: str, descending: bool) -> None:  # noqa: FBT001 - a Qt slot
        self.show_query(replace(self._reading.query, sort=column, descending=descending))

    def clear_query(self) -> None:
        """Lift search and filters."""
        self.search.lift()
        self.filters.clear()
        self.show_query(RowQuery(sort=self._reading.query.sort, descending=self._reading.query.descending))
