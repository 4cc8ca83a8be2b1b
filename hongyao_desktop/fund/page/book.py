"""The cash book (现金日记账): a year on a sheet, its balance at the head, the dock for booking at its foot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QLabel, QPushButton

from hongyao_desktop.core.desk import Changes, Reader, Row
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.money import format_fen
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.fund import queries, rules, service
from hongyao_desktop.fund.page.dock import BookingDock
from hongyao_desktop.fund.page.head import BookChoice, BookFigures
from hongyao_desktop.fund.page.lines import BookTable, book_rows, month_span
from hongyao_desktop.fund.queries import CashBook
from hongyao_desktop.kit.drafts import Draft as Kept
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.jobs import Job
from hongyao_desktop.kit.keys import ENTER
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.pieces import named, restate
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Height, Space

_WATCHED = ("fund", "fund_entry", "fund_category")


class CashBookPage(Page):
    """One fund, one year (or a month of it), entered at the last row."""

    def __init__(
        self,
        session: Session,
        printing: Callable[[CashBookPage], None] | None = None,
        importing: Callable[[CashBookPage], None] | None = None,
    ) -> None:
        super().__init__(session, "现金日记账")
        self._printing = printing
        self._importing = importing
        self.year = session.today().year
        self.month: int | None = None
        self.fund_id = ""
        self.book: CashBook | None = None
        self._funds: list[Row] = []
        self._job: Job | None = None
        self._show_last = True
        self._keep: str | None = None
        self._build()
        self._bind()

    # --- building ---------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        style = look()
        self.search = self.add_search("摘要、姓名、凭证号、金额", "日记账")
        today = self.session.today()
        self.choice = BookChoice(self.year, today.year, self)
        self.reverse_button = QPushButton("冲正  F8", self)
        self.new_button = QPushButton(self)
        for words, step in (("导入", self._importing), ("打印  F9", self._printing)):
            if step is not None:
                button = QPushButton(words, self)
                button.clicked.connect(partial(self._go, step))
                self.choice.row.addWidget(button)
        self.choice.row.addWidget(self.reverse_button)
        self.choice.row.addWidget(self.new_button)
        self.column.addWidget(self.choice)
        self.figures = BookFigures(self)
        self.column.addWidget(self.figures)
        self.empty = EmptyState("还没有收支", "")
        self.table = BookTable(self.empty)
        self.column.addWidget(self.table, 1)
        self.column.addSpacing(style.px(Space.XS))
        try:
            categories = service.categories_on(self.session.reader, today)
        except Refusal as refusal:
            categories = rules.Categories(())
            self.say(Tone.BAD, refusal.message)
        self.dock = BookingDock(self.session, categories, self)
        self.column.addWidget(self.dock)
        self.status = named(QLabel(self), "listStatus")
        self.column.addWidget(self.status)
        self._primary()

    def _bind(self) -> None:
        self.search.typed.connect(self._fill)
        self.search.returnPressed.connect(self._to_table)
        self.choice.fund_chosen.connect(self.show_fund)
        self.choice.year_chosen.connect(self.show_year)
        self.choice.month_chosen.connect(self.show_month)
        self.new_button.clicked.connect(self._primary_step)
        self.reverse_button.clicked.connect(self.reverse)
        self.dock.changed.connect(self._primary)
        self.dock.closed.connect(self._to_table)
        self.dock.posted.connect(self._posted)
        self.dock.entry.up_wanted.connect(self._to_table)
        self.dock.entry.cell_entered.connect(self._bring)
        header = self.table.view.horizontalHeader()
        for signal in (header.sectionResized, self.table.view.horizontalScrollBar().valueChanged):
            signal.connect(lambda *_moved: self._align())
        self.table.span_changed.connect(self._tell_status)
        self.table.opened.connect(lambda _row_id: self.dock.entry.focus_first())
        self.table.view.installEventFilter(self)
        for keys, run in (
            ("Ctrl+N", self.dock.begin),
            ("Ctrl+S", self.dock.save),
            ("Ctrl+Return", self.dock.save),
            ("Ctrl+Enter", self.dock.save),
            ("F8", self.reverse),
            ("Ctrl+PgUp", partial(self.step_month, -1)),
            ("Ctrl+PgDown", partial(self.step_month, 1)),
            ("F9", self.print),
            ("Esc", self.back),
        ):
            self.on_key(keys, run)
        look().changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        """Follow the text size in force."""
        style = look()
        self.status.setFixedHeight(style.px(Height.STATUS))
        self.dock.entry.set_heights()

    # --- reading ----------------------------------------------------------------------------------------------------

    def touches(self, changes: Changes) -> bool:
        """Changes of funds and their entries."""
        return any(table in changes.tables for table in _WATCHED)

    def reload(self) -> None:
        """Read the funds, then the book that is shown."""
        self._funds = queries.funds(self.session.reader)
        known = [fund["id"] for fund in self._funds]
        if self.fund_id not in known:
            self.fund_id = known[0] if known else ""
        self.dock.fund_id = self.fund_id
        self.choice.show_choice(self._funds, self.fund_id, self.year, self.month)
        if not self.fund_id:
            self._nothing()
            return
        if self._job is not None:
            self._job.drop()
        fund_id, (first, last) = self.fund_id, month_span(self.year, self.month)

        def read(reader: Reader) -> tuple[CashBook, int]:
            return queries.cash_book(reader, fund_id, first, last), queries.next_number(
                reader, fund_id, self.year
            )

        self._job = self.session.read(self, read, lambda found: self._show(*found))

    def _show(self, book: CashBook, next_number: int) -> None:
        self._job = None
        self.book = book
        self._fill()
        self.figures.show_book(book, self.month)
        self.dock.show_book(
            self.fund_id, next_number, self.year, open_for_entries=book.fund["status"] == "在用"
        )

    def _fill(self) -> None:
        """Put the lines into the table, as searched, with the line kept or the last one current."""
        if self.book is None:
            return
        rows = book_rows(self.book, self.search.words())
        self.empty.set_words(
            "没有找到这样的收支" if self.search.words() else f"{self._period_words()}还没有收支",
            "换个字、姓名或金额再试" if self.search.words() else "在下面一行登记第一笔",
        )
        self.empty.set_actions(())
        self.table.show_book(rows, self.session.reader)
        place = self.table.place_of(self._keep) if self._keep else None
        if place is None and self._show_last:
            place = next((n for n in range(len(rows) - 1, -1, -1) if rows[n]["kind"] == "line"), None)
        if place is not None:
            self.table.select(place)
            if place >= len(rows) - 2:
                self.table.view.scrollToBottom()
        self._keep = None
        self._align()
        self._tell_status()

    def _period_words(self) -> str:
        return f"{self.year}年" if self.month is None else f"{self.month}月"

    def _nothing(self) -> None:
        self.book = None
        self.table.show_book([], self.session.reader)
        self.empty.set_words("还没有建账", "一个基金一本账：先建账，录入期初余额和出处，再登记收付。")
        self.empty.set_actions((("建账", lambda: self.session.go("fund.funds")),))
        self.dock.show_nothing()
        self.figures.show_book(None, None)

    def _tell_status(self) -> None:
        chosen = [row for n in self.table.selected_positions() if (row := self.table.line_at(n)) is not None]
        words = []
        if self.book is not None:
            first, last = self.table.visible_span()
            words.append(f"第 {first:,}–{last:,} 行，共 {self.table.model.rowCount():,} 行" if last else "")
        if len(chosen) > 1:
            came = sum(row["in_fen"] or 0 for row in chosen)
            went = sum(row["out_fen"] or 0 for row in chosen)
            words.append(f"选中 {len(chosen)} 笔：收入 {format_fen(came)}，支出 {format_fen(went)}")
        self.status.setText("　　".join(words))

    def _align(self) -> None:
        view = self.table.view
        header = view.horizontalHeader()
        self.dock.entry.align(
            {
                field.name: (header.sectionViewportPosition(n) + 1, header.sectionSize(n))
                for n, field in enumerate(self.table.model.fields)
            }
        )

    @property
    def period(self) -> Period:
        """The days shown."""
        return Period(*month_span(self.year, self.month))

    def print(self) -> None:
        """F9: print what is shown."""
        if self._printing is not None and self.fund_id:
            self._printing(self)

    def _go(self, step: Callable[[CashBookPage], None], *_clicked: object) -> None:
        step(self)

    def _bring(self, name: str) -> None:
        """Scroll sideways until the column of a cell is in sight (large text, many digits)."""
        columns = [field.name for field in self.table.model.fields]
        if name not in columns:
            return
        view = self.table.view
        header, bar = view.horizontalHeader(), view.horizontalScrollBar()
        left = header.sectionViewportPosition(columns.index(name))
        over = left + header.sectionSize(columns.index(name)) - view.viewport().width()
        if left < 0 or over > 0:
            bar.setValue(bar.value() + (left if left < 0 else over))

    # --- moving -----------------------------------------------------------------------------------------------------

    def activate(self) -> None:
        """The last row has the keyboard."""
        if not self.dock.taking_back and self.fund_id:
            self.dock.entry.focus_first()

    def open_row(self, row_id: str) -> None:
        """Show one entry, in its fund and year."""
        entry = queries.entry(self.session.reader, row_id)
        if entry is None:
            return
        self.fund_id, self.year, self.month = entry["fund_id"], int(entry["year"]), None
        self.search.lift()
        self._keep = row_id
        self.reload()

    def show_fund(self, fund_id: str) -> None:
        """Show another fund."""
        self.fund_id = fund_id
        self.reload()

    def show_year(self, year: int) -> None:
        """Show another year; there is none after the present one."""
        if year <= self.session.today().year:
            self.year = year
            self.reload()

    def show_month(self, month: int) -> None:
        """Show one month of the year, or with 0 the whole year."""
        self.month = month or None
        self.reload()

    def step_month(self, step: int) -> None:
        """Show the month after or before; the whole year stands before January."""
        month = (self.month or 0) + step
        if 0 <= month <= 12:
            self.show_month(month)

    def back(self) -> None:
        """Esc: leave the strip, close the message, empty the row, lift the search; in this order."""
        if self.dock.taking_back:
            self.dock.close_strip()
        elif self.messages.put_away():
            return
        elif self.search.text():
            self.search.clear()
            self.dock.entry.focus_first()
        elif self.dock.entry.holds_keyboard() and self.dock.entry.dirty:
            self.dock.clear()
        else:
            self.dock.entry.focus_first()
        self._primary()

    def _to_table(self) -> None:
        if self.table.current_position() < 0 and self.table.model.rowCount():
            self.table.select(0)
        self.table.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """↓ below the last line goes to the entry row; Ctrl+C copies the chosen lines for a spreadsheet."""
        if (
            watched is self.table.view
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
        ):
            last = self.table.current_position() >= self.table.model.rowCount() - 1
            if event.key() == Qt.Key.Key_Down and last and not event.modifiers():
                self.dock.entry.focus_first()
                return True
            if event.key() in ENTER:
                self.dock.entry.focus_first()
                return True
            if event.key() == Qt.Key.Key_C and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
                self._copy()
                return True
        return super().eventFilter(watched, event)

    def _copy(self) -> None:
        lines = self.table.chosen_lines()
        QGuiApplication.clipboard().setText("\n".join(lines))
        self.status.setText(f"已复制 {len(lines)} 行，可以粘贴到表格里")

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The strip at the bottom."""
        if self.dock.taking_back:
            return (("Enter", "下一项"), ("Ctrl+S", "冲正"), ("Esc", "返回"))
        printing = (("F9", "打印"),) if self._printing is not None else ()
        return (
            ("Enter", "下一格"),
            ("Ctrl+S", "登记"),
            ("↑", "看账"),
            ("F8", "冲正"),
            *printing,
            ("F3", "查找"),
            ("Esc", "清空"),
        )

    def unsaved(self) -> str | None:
        """A row half typed."""
        return "日记账里有一笔还没有登记" if self.dock.entry.dirty else None

    def drafts(self) -> list[Kept]:
        """The row, as soon as something is typed in it, and the open strip."""
        return self.dock.drafts(self.year)

    def put_back(self, draft: Kept) -> None:
        """Fill the row of that fund, or the strip of that entry; nothing is booked by it."""
        if "entry" in draft.values:
            self.dock.reopen_strip(draft)
            return
        self.fund_id, self.year = str(draft.values["fund"]), int(draft.values["year"])
        self.dock.entry.restore(draft.values["row"])
        self.reload()
        self.dock.entry.go_to("summary")

    # --- booking and taking back --------------------------------------------------------------------------------------

    def _primary(self) -> None:
        self.session.drafts.typed()  # booked or emptied: every way out of the row passes here
        self.new_button.setText("登记  Ctrl+S" if self.dock.entry.dirty else "记一笔  Ctrl+N")
        restate(self.new_button, "primary", not self.dock.taking_back)
        self.new_button.setEnabled(not self.dock.taking_back)
        self.keys_changed.emit()

    def _primary_step(self) -> None:
        if self.dock.entry.dirty:
            self.dock.book()
        else:
            self.dock.begin()

    def _posted(self, entry_id: str, day: dt.date) -> None:
        """Show the line that came into the ledger, in the year and month it fell into."""
        self._keep = entry_id
        if day.year != self.year or (self.month is not None and self.month != day.month):
            self.year, self.month = day.year, None
        self.search.lift()
        self.reload()

    def reverse(self) -> None:
        """F8: take the current line back."""
        row = self.table.line_at(self.table.current_position())
        entry = queries.entry(self.session.reader, row["id"]) if row is not None else None
        if entry is None:
            self.say(Tone.INFO, "先在账上选中要冲正的一笔，再按 F8")
        elif entry["direction"] == "期初":
            self.say(Tone.INFO, "期初余额不用冲正，请在“基金”页用“更正期初”")
        elif entry["state"] != "正常":
            self.say(Tone.INFO, "这一笔是红字" if entry["state"] == "红字" else "这一笔已经冲正过了")
        else:
            self.dock.take_back(entry)
