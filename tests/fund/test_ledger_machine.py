"""Whatever is booked, backdated, refused and taken back: the books hold."""

import datetime as dt
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.fund import queries
from hongyao_desktop.fund.rules import first_shortage
from tests.fund.books import OPENED, TODAY, Bookroom, make_bookroom

DAYS = st.sampled_from(
    [OPENED, dt.date(2026, 1, 31), dt.date(2026, 2, 1), dt.date(2026, 3, 3), dt.date(2026, 9, 30), TODAY]
)


class Books(RuleBasedStateMachine):
    """A ledger beside a plain list of what should be in it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.room: Bookroom
        self.entries: list[dict[str, Any]] = []

    @initialize(opening=st.sampled_from([0, 1, 500]))
    def open(self, opening: int) -> None:
        self.room = make_bookroom(self.folder, opening_fen=opening)
        if opening:
            self.entries.append({"day": OPENED, "number": 0, "net": opening, "open": True})

    def nets(self) -> dict[dt.date, int]:
        nets: dict[dt.date, int] = {}
        for entry in self.entries:
            nets[entry["day"]] = nets.get(entry["day"], 0) + entry["net"]
        return nets

    def fits(self, day: dt.date, net: int) -> bool:
        nets = self.nets()
        nets[day] = nets.get(day, 0) + net
        return first_shortage(sorted(nets.items())) is None

    def note(self, entry_id: str, day: dt.date, net: int) -> None:
        number = sum(not entry.get("open") for entry in self.entries) + 1
        self.entries.append({"id": entry_id, "day": day, "number": number, "net": net})

    @rule(day=DAYS, fen=st.integers(1, 400))
    def receive(self, day: dt.date, fen: int) -> None:
        self.note(self.room.receipt(day, fen, "利息"), day, fen)

    @rule(day=DAYS, fen=st.integers(1, 400))
    def pay(self, day: dt.date, fen: int) -> None:
        if self.fits(day, -fen):
            self.note(self.room.payment(day, fen, "打印费"), day, -fen)
            return
        with pytest.raises(Refusal) as refused:
            self.room.payment(day, fen, "打印费")
        assert refused.value.problems[0].code == "fund.below_zero"

    @precondition(lambda self: any("id" in entry for entry in self.entries))
    @rule(data=st.data(), on=st.one_of(st.none(), DAYS))
    def take_back(self, data: st.DataObject, on: dt.date | None) -> None:
        entry = data.draw(st.sampled_from([entry for entry in self.entries if "id" in entry]))
        day = on or TODAY
        allowed = not entry.get("taken") and day >= entry["day"] and self.fits(day, -entry["net"])
        if not allowed:
            with pytest.raises(Refusal):
                self.room.reverse(entry["id"], on=on)
            return
        red = self.room.reverse(entry["id"], on=on)
        entry["taken"] = True
        self.note(red, day, -entry["net"])
        self.entries[-1]["taken"] = True

    @invariant()
    def no_day_ends_below_zero_and_balances_are_the_fold(self) -> None:
        reader = self.room.office.reader()
        balance = 0
        for day, net in sorted(self.nets().items()):
            balance += net
            assert balance >= 0
            assert queries.balance_at(reader, self.room.fund_id, day) == balance

    @invariant()
    def the_cash_book_runs_as_the_list_does(self) -> None:
        reader = self.room.office.reader()
        book = queries.cash_book(reader, self.room.fund_id, OPENED, TODAY)
        expected = sorted(self.entries, key=lambda entry: (entry["day"], entry["number"]))
        assert [(line.day, line.number) for line in book.lines] == [(e["day"], e["number"]) for e in expected]
        balance = 0
        for line, entry in zip(book.lines, expected, strict=True):
            balance += entry["net"]
            assert line.balance_fen == balance
        seen = reader.all("SELECT balance_fen FROM fund_entry_view ORDER BY entry_on, number")
        assert [row["balance_fen"] for row in seen] == [line.balance_fen for line in book.lines]

    @invariant()
    def months_add_up_to_the_year(self) -> None:
        book = queries.cash_book(self.room.office.reader(), self.room.fund_id, OPENED, TODAY)
        assert sum(month.in_fen for month in book.months) == book.in_fen
        assert sum(month.out_fen for month in book.months) == book.out_fen
        if book.months:
            last = book.months[-1]
            assert (last.year_in_fen, last.year_out_fen) == (book.in_fen, book.out_fen)
            assert last.closing_fen == book.closing_fen

    @invariant()
    def numbers_have_no_gap_and_sums_fit_the_ledger(self) -> None:
        assert queries.book_problems(self.room.office.reader()) == []

    def teardown(self) -> None:
        if hasattr(self, "room"):
            self.room.office.close()
        shutil.rmtree(self.folder)


Books.TestCase.settings = settings(max_examples=40, stateful_step_count=30)
TestBooks = Books.TestCase


def test_taking_everything_back_leaves_the_opening_balance(tmp_path: Path) -> None:
    room = make_bookroom(tmp_path, opening_fen=700)
    ids = [room.receipt(dt.date(2026, 2, 1), 300, "利息"), room.payment(dt.date(2026, 2, 2), 900, "打印费")]
    for entry in reversed(ids):
        room.reverse(entry)
    reader = room.office.reader()
    assert queries.balance_at(reader, room.fund_id, TODAY) == 700
    nets = {row["category"]: row["net_fen"] for row in queries.balances_by_category(reader, TODAY)}
    assert nets == {"期初结转": 700, "利息": 0, "其他支出": 0}
    room.office.close()
