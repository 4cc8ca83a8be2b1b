"""What stands under the cash book: the row for the next entry, or in its place the strip that takes one back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from hongyao_desktop.core.desk import Reader, Row, Writer
from hongyao_desktop.core.money import format_fen
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.fund import queries, rules, service
from hongyao_desktop.fund.page.entry import EntryRow
from hongyao_desktop.fund.page.reversal import ReversalStrip
from hongyao_desktop.fund.records import Draft
from hongyao_desktop.kit.drafts import Draft as Kept
from hongyao_desktop.kit.pieces import once
from hongyao_desktop.kit.session import Session

_SETTLED_MS = 200
"""A row that was not typed in for so long is held against the rules."""
_ADVICE = "Enter 到下一格，最后一格按 Enter 登记；对方、票据号、人次可以不填"


class BookingDock(QWidget):
    """Books entries of one fund and takes them back; nothing of the ledger is written anywhere else on this page.

    Signals:
        changed: the row was typed in or emptied, or the strip came or went; what speaks of them should follow.
        posted: a line came into the ledger (its id, its day).
        closed: the operator left the strip without taking anything back.
    """

    changed = Signal()
    posted = Signal(str, object)
    closed = Signal()

    def __init__(self, session: Session, categories: rules.Categories, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.fund_id = ""
        self._again: Row | None = None
        self._said: tuple[str, str] | None = None
        self.entry = EntryRow(session, categories, self)
        self.strip = ReversalStrip(session, self)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.entry)
        self._stack.addWidget(self.strip)
        self._checking = once(self, _SETTLED_MS)
        self._checking.timeout.connect(self.check)
        self.entry.edited.connect(self._checking.start)
        self.entry.edited.connect(self.changed)
        self.entry.book_wanted.connect(self.book)
        self.strip.done.connect(self._reversed)
        self.strip.closed.connect(self.close_strip)
        self.entry.begin()

    # -- what is in front

    @property
    def taking_back(self) -> bool:
        """Whether the strip is in front."""
        return self._stack.currentWidget() is self.strip

    def show_book(self, fund_id: str, next_number: int, year: int, *, open_for_entries: bool) -> None:
        """Stand under the book of a fund that was just read."""
        self.fund_id = fund_id
        self.entry.set_book(next_number, year)
        self.setEnabled(open_for_entries)
        self.check()
        if self._again is not None:
            again, self._again = self._again, None
            self._fill_again(again)

    def show_nothing(self) -> None:
        """There is no fund to book into."""
        self.fund_id = ""
        self.setEnabled(False)

    def begin(self) -> None:
        """Ctrl+N: to the row, away from the strip."""
        if self.taking_back:
            self.close_strip()
        self.entry.focus_first()

    def save(self) -> None:
        """Ctrl+S: book the row, or confirm the open strip."""
        if self.taking_back:
            self.strip.confirm_now()
        else:
            self.book()

    def clear(self) -> None:
        """Empty the row; nothing of it is kept."""
        self.entry.clear()
        self.entry.focus_first()
        self.check()

    # -- booking

    def check(self) -> None:
        """While typing: say at once what stands against it, else what it will be."""
        typed = self.entry.read()
        self.entry.foretell(None)
        if typed.draft is None or not self.fund_id:
            if self._said is not None:
                self.entry.tell(*self._said)
            elif not self.entry.dirty:
                self.entry.tell(_ADVICE)
            return
        draft, fund_id, today = typed.draft, self.fund_id, self._session.today()
        self._said = None

        def look_up(reader: Reader) -> tuple[list[Problem], int]:
            found = service.check_entry(reader, fund_id, draft, today)
            return found, queries.balance_at(reader, fund_id, draft.day) + draft.net_fen

        self._session.read(self, look_up, lambda found: self._foretell(draft, *found), self._doubt)

    def _foretell(self, draft: Draft, found: list[Problem], balance_fen: int) -> None:
        if self.entry.read().draft != draft:
            return
        self.entry.mark(found)
        if not any(problem.level is Level.ERROR for problem in found):
            self.entry.foretell(balance_fen)
        if not found:
            self.entry.tell(f"登记后 {draft.day.month}月{draft.day.day}日结余 {format_fen(balance_fen)} 元")

    def _doubt(self, error: Exception) -> None:
        self.entry.tell(str(error), "bad")

    def book(self) -> None:
        """Book what stands in the row; a cell to blame gets the keyboard."""
        typed = self.entry.read()
        self._checking.stop()
        if typed.draft is None or not self.fund_id:
            self._blame(typed.problems)
            return
        draft, fund_id = typed.draft, self.fund_id
        verb = service.book_payment if draft.out_fen else service.book_receipt

        def write(writer: Writer) -> str:
            return verb(writer, fund_id, draft)

        self._session.write(
            self,
            "登记支出" if draft.out_fen else "登记收入",
            write,
            partial(self._booked, draft),
            self._refused,
            draft=self._draft_key,
        )

    def _blame(self, problems: Sequence[Problem]) -> None:
        self.entry.mark(problems)
        blamed = next((found.field for found in problems if found.field in self.entry.inputs), None)
        if blamed is not None:
            self.entry.go_to(blamed)

    def _booked(self, draft: Draft, entry_id: str) -> None:
        number = self._session.reader.value("SELECT number FROM fund_entry WHERE id = ?", (entry_id,))
        side, fen = ("支出", draft.out_fen) if draft.out_fen else ("收入", draft.in_fen)
        self.entry.clear()
        self._say_done(f"已登记 {rules.voucher(int(number))}　{side} {format_fen(fen)} 元")
        self.posted.emit(entry_id, draft.day)

    def _refused(self, error: Exception) -> None:
        problems = error.problems if isinstance(error, Refusal) else ()
        if problems:
            self._blame(problems)
        else:
            self.entry.tell(str(error), "bad")

    def _say_done(self, sentence: str) -> None:
        """Say what was done; it stands until the next entry can be read."""
        self._said = (sentence, "good")
        self.entry.tell(*self._said)
        self.entry.focus_first()
        self.changed.emit()

    # -- taking back

    def take_back(self, entry: Row) -> None:
        """Ask why an entry of the ledger is taken back (冲正), or put right where its year is over."""
        self._stack.setCurrentWidget(self.strip)
        self.strip.show_entry(entry)
        self.changed.emit()

    def close_strip(self) -> None:
        """Back to the row; nothing was taken back."""
        self._stack.setCurrentWidget(self.entry)
        self.changed.emit()
        self.closed.emit()

    def _reversed(self, made_id: str, again: bool) -> None:  # noqa: FBT001 - a Qt slot
        entry = self.strip.entry
        made = queries.entry(self._session.reader, made_id)
        number = made["voucher"] if made else ""
        self._again = entry if again else None
        self._stack.setCurrentWidget(self.entry)
        self._say_done(f"已用 {number} {'更正' if self.strip.prior_year else '冲正'} {entry['voucher']}")
        self.posted.emit(made_id, self._session.today())

    def _fill_again(self, entry: Row) -> None:
        """Put the entry just taken back into the row, to be booked rightly."""
        day = dt.date.fromisoformat(entry["entry_on"])
        values = {
            name: entry[name]
            for name in ("entry_on", "category", "method", "handler", "attachments", "counterparty")
        }
        values["summary"] = f"{rules.replacement_summary(day, entry['number'])}：{entry['summary']}"
        values["in_fen"] = entry["in_fen"] or None
        values["out_fen"] = entry["out_fen"] or None
        values["receipt_number"] = entry["receipt_number"]
        values["persons"] = entry["persons"] or None
        self.entry.take_over(values, entry["id"])
        self.entry.go_to("out_fen" if entry["out_fen"] else "in_fen")
        self._checking.start()
        self.changed.emit()

    # -- drafts

    @property
    def _draft_key(self) -> str:
        return f"fund.entry:{self.fund_id}"

    def drafts(self, year: int) -> list[Kept]:
        """The row under the book of ``year`` as soon as something is typed in it, and the open strip."""
        found = []
        if self.entry.dirty:
            values = {"fund": self.fund_id, "year": year, "row": self.entry.texts()}
            found.append(Kept(self._draft_key, "日记账里的一笔", values))
        strip = self.strip.draft if self.taking_back else None
        return [*found, strip] if strip is not None else found

    def reopen_strip(self, draft: Kept) -> None:
        """Fill the strip as it was, if its entry still stands."""
        entry = queries.entry(self._session.reader, str(draft.values["entry"]))
        if entry is not None and entry["state"] == "正常":
            self.take_back(entry)
            self.strip.restore(draft.values)
