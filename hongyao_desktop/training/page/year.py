"""The page of the year sheet (年度学时): who has to reach what, what was got by form, who is short."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from hongyao_desktop.core import hours
from hongyao_desktop.core.desk import Changes, Reader, Row
from hongyao_desktop.core.register import Field
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.jobs import Job
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.pieces import named, word_tab
from hongyao_desktop.kit.rows import HeldRows
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.side_by_side import SideBySide
from hongyao_desktop.kit.table import RegisterTable
from hongyao_desktop.kit.tokens import Height, Space, Width
from hongyao_desktop.people.queries import top_unit, unit_scope
from hongyao_desktop.training import year as sheet
from hongyao_desktop.training.page.work import CADRES_PLACE, CLASSES_PLACE
from hongyao_desktop.training.page.year_lines import VIEWS, YEAR_FIELDS, ordered, row_of, searched
from hongyao_desktop.training.page.year_panel import YearPanel
from hongyao_desktop.training.year import YearLine

_WATCHED: Final = frozenset(
    {"cadre", "attendance", "training_class", "training_session", "trainee", "person", "unit", "rule_set"}
)
_TEACHING: Final = "先在“干部类别”里登记谁按哪一类完成学时，这里就按每一项要求列出应修、已得和还差。"


def tone(field: Field, row: Row) -> str | None:
    """Colours of the list: what is missing, what is met, who is exempt."""
    if field.name != "state":
        return "ink_2" if field.name in ("unit_name", "categories", "asked") else None
    return {"short": "bad", "met": "good"}.get(row["kind"], "ink_3")


class YearPage(Page):
    """The year sheet of the whole office."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "年度学时")
        self.year = session.today().year
        self._lines: dict[str, YearLine] = {}
        self._rows: list[Row] = []
        self._view = 0
        self._sort = ("", False)
        self._job: Job | None = None
        self._build()
        self._bind()

    # -- building

    def _build(self) -> None:
        style = look()
        self.search = self.add_search("姓名、首字母、组织、类别", "年度学时")
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.px(Space.S))
        self.tabs: list[QToolButton] = []
        for number, view in enumerate(VIEWS):
            tab = word_tab(view.label, self, partial(self.show_view, number))
            self.tabs.append(tab)
            row.addWidget(tab)
        self.tabs[0].setChecked(True)
        row.addStretch(1)
        self.earlier = self._arrow("left", "上一年（Ctrl+PgUp）", -1)
        self.year_label = QLabel(self)
        self.year_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.year_label.setMinimumWidth(style.text_width("2026年") + style.px(Space.S))
        self.later = self._arrow("right", "下一年（Ctrl+PgDn）", 1)
        for widget in (self.earlier, self.year_label, self.later):
            row.addWidget(widget)
        tools = QWidget(self)
        tools.setFixedHeight(style.px(Height.FILTERS))
        tools.setLayout(row)
        self.column.addWidget(tools)
        self.empty = EmptyState("还没有登记干部类别", _TEACHING)
        self.table = RegisterTable(YEAR_FIELDS, name="年度学时列表", tone=tone, empty=self.empty)
        self.panel = YearPanel(self._to_categories, self)
        self.panel.setMinimumWidth(style.px(Width.FORM_LEAST))
        self.column.addWidget(SideBySide([(self.table, Width.LIST), (self.panel, Width.FORM)], self), 1)
        self.status = named(QLabel(self), "listStatus")
        self.status.setFixedHeight(style.px(Height.STATUS) + style.px(Space.XS))
        self.column.addWidget(self.status)

    def _arrow(self, icon: str, words: str, step: int) -> QPushButton:
        button = QPushButton(self)
        button.setIcon(look().icon(icon))
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.clicked.connect(lambda: self.step_year(step))
        return button

    def _bind(self) -> None:
        self.search.typed.connect(self._fill)
        self.search.returnPressed.connect(self._to_table)
        self.table.current_changed.connect(self._show_line)
        self.table.opened.connect(lambda _person: self.panel.classes.view.setFocus())
        self.table.sort_wanted.connect(self._sorted)
        self.panel.class_wanted.connect(lambda class_id: self.session.go(CLASSES_PLACE, class_id))
        for keys, run in (
            ("Ctrl+PgUp", lambda: self.step_year(-1)),
            ("Ctrl+PgDown", lambda: self.step_year(1)),
            ("Esc", self.back),
        ):
            self.on_key(keys, run)

    # -- reading

    def touches(self, changes: Changes) -> bool:
        """Changes of training, people, units and rules."""
        return not _WATCHED.isdisjoint(changes.tables)

    def reload(self) -> None:
        """Read the sheet of the year anew."""
        if self._job is not None:
            self._job.drop()
        self.year_label.setText(f"{self.year}年")
        year = self.year

        def read(reader: Reader) -> list[YearLine]:
            top = top_unit(reader)
            scope = unit_scope(top["id"], top["name"]) if top is not None else None
            return sheet.year_sheet(reader, year, scope) if scope is not None else []

        self._job = self.session.read(self, read, self._show, self._failed)

    def _failed(self, error: Exception) -> None:
        self._show([])
        self.refuse(error)

    def _show(self, lines: Sequence[YearLine]) -> None:
        self._job = None
        self._lines = {line.person_id: line for line in lines}
        self._rows = [row_of(line) for line in lines]
        for tab, view in zip(self.tabs, VIEWS, strict=True):
            count = sum(view.state is None or row["kind"] == view.state for row in self._rows)
            tab.setText(f"{view.label} {count}")
            tab.setVisible(count > 0 or view is VIEWS[self._view] or view.state in (None, "short"))
        self._fill()

    def _fill(self) -> None:
        keep = self.table.current_id()
        state = VIEWS[self._view].state
        rows = [row for row in self._rows if state is None or row["kind"] == state]
        column, descending = self._sort
        rows = ordered(searched(rows, self.search.text()), column, descending=descending)
        self._empty_words()
        place = next((n for n, row in enumerate(rows) if row["id"] == keep), 0)
        self.table.show_rows(HeldRows(rows), self.session.reader, position=place if rows else None)
        if not rows:
            self.panel.show_nothing()
        elif self.table.current_id() == keep:
            self._show_line(keep)
        short = sum(row["kind"] == "short" for row in rows)
        sums = "，".join(
            f"{label} {hours.format_centi(sum(row[name] for row in rows))}"
            for name, label in (("central", "集中"), ("online", "网络"), ("other", "其他"))
        )
        self.status.setText(f"共 {len(rows)} 人，未达到 {short} 人　　合计学时：{sums}" if rows else "")

    def _empty_words(self) -> None:
        if self._rows:
            self.empty.set_words("没有找到这样的人", "换个字、首字母或类别再试，或看“全部”。")
            self.empty.set_actions((("显示全部", self.show_all),))
        else:
            self.empty.set_words(f"{self.year}年还没有登记干部类别", _TEACHING)
            self.empty.set_actions((("登记干部类别", self._to_categories),))

    def _show_line(self, person_id: str) -> None:
        line = self._lines.get(person_id)
        if line is None:
            return
        self.panel.show_line(line)
        year = self.year

        def shown(rows: list[Row]) -> None:
            if self.table.current_id() == person_id:
                self.panel.show_classes(rows, self.session.reader)

        self.session.read(self, lambda reader: sheet.attended(reader, person_id, year), shown)

    # -- moving

    def activate(self) -> None:
        """The list has the keyboard."""
        self.table.view.setFocus()

    def open_row(self, row_id: str) -> None:
        """Show one person."""
        self.show_all()
        place = next((n for n, row in enumerate(self._rows) if row["id"] == row_id), None)
        if place is not None:
            self.table.select(place)

    def step_year(self, step: int) -> None:
        """The year before or after; not beyond next year."""
        wanted = self.year + step
        if 2000 <= wanted <= self.session.today().year + 1:
            self.year = wanted
            self.reload()

    def show_view(self, place: int) -> None:
        """Show one state, or all."""
        self._view = place
        self._fill()

    def show_all(self) -> None:
        """Lift search and state."""
        self.search.lift()
        self._view = 0
        self.tabs[0].setChecked(True)
        self._sort = ("", False)
        self._fill()

    def back(self) -> None:
        """Esc: close the message, then back to the list, then lift the search."""
        if self.messages.put_away():
            return
        if self.search.text() and self.table.view.hasFocus():
            self.search.clear()
        else:
            self._to_table()

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The strip."""
        return (("F3", "查找"), ("Enter", "看班次"), ("Ctrl+PgUp/PgDn", "换年"), ("Esc", "返回"))

    def _to_table(self) -> None:
        self.table.view.setFocus()

    def _to_categories(self) -> None:
        self.session.go(CADRES_PLACE)

    def _sorted(self, column: str, descending: bool) -> None:  # noqa: FBT001 - a Qt slot
        self._sort = (column, descending)
        self._fill()
        self.table.show_order(column, descending=descending)
