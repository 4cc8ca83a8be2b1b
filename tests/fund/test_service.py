import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.fund import queries, service
from hongyao_desktop.fund.records import Draft
from hongyao_desktop.people import service as people
from hongyao_desktop.store import Office
from tests.fund.books import OPENED, TODAY, Bookroom, make_bookroom
from tests.offices import open_file

MARCH_3 = dt.date(2026, 3, 3)
_LEDGER_COLUMNS = [
    "fund_id",
    "year",
    "number",
    "entry_on",
    "category_id",
    "summary",
    "in_fen",
    "out_fen",
    "made_on",
    "made_by",
]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Bookroom]:
    room = make_bookroom(tmp_path)
    yield room
    room.office.close()


def balance(office: Office, fund_id: str, day: dt.date = TODAY) -> int:
    return queries.balance_at(office.reader(), fund_id, day)


def test_a_fund_opens_with_its_balance_and_where_that_comes_from(room: Bookroom) -> None:
    fund = queries.fund(room.office.reader(), room.fund_id)
    assert fund is not None
    assert (fund["opening_fen"], fund["balance_fen"]) == (1_000_000, 1_000_000)
    assert fund["opening_source"] == "2025年12月31日银行对账单"
    line = queries.cash_book(room.office.reader(), room.fund_id, OPENED, TODAY).lines[0]
    assert (line.voucher, line.summary, line.number, line.direction) == ("期初", "上年结转", 0, "期初")


def test_an_opening_balance_without_a_paper_is_refused(room: Bookroom) -> None:
    with pytest.raises(Refusal, match="写明出处"):
        room.office.transact(
            "建账",
            lambda w: service.open_fund(
                w, name="另一个基金", unit_id=room.unit_id, opened_on=OPENED, opening_fen=100
            ),
        )


def test_a_name_is_used_for_one_fund_only(room: Bookroom) -> None:
    values = {"name": "样例街道党内关爱基金", "unit_id": room.unit_id, "opened_on": "2026-01-01"}
    found = service.check_fund(room.office.reader(), values, None)
    assert [problem.code for problem in found] == ["fund.name"]


def test_the_form_changes_the_note_but_never_what_is_on_the_books(room: Bookroom) -> None:
    fund = dict(queries.fund(room.office.reader(), room.fund_id) or {})
    room.office.transact("改备注", lambda w: service.save_fund(w, {**fund, "note": "专户"}, room.fund_id))
    assert (queries.fund(room.office.reader(), room.fund_id) or {})["note"] == "专户"
    with pytest.raises(Refusal, match="更正期初"):
        room.office.transact(
            "改期初", lambda w: service.save_fund(w, {**fund, "opening_fen": 5}, room.fund_id)
        )


def test_receipts_and_payments_are_numbered_without_a_gap_in_each_year(room: Bookroom) -> None:
    ids = [room.receipt(MARCH_3, 100), room.payment(dt.date(2026, 2, 1), 50), room.receipt(MARCH_3, 7)]
    assert [room.entry(entry)["voucher"] for entry in ids] == ["记-001", "记-002", "记-003"]


def test_a_booked_entry_carries_category_payee_and_who_booked_it(room: Bookroom) -> None:
    entry = room.entry(room.payment(MARCH_3, 50_000, "慰问老党员：王喆堃", attachments=2, handler="李静"))
    assert entry["category"] == "慰问老党员"
    assert (entry["counterparty"], entry["persons"], entry["attachments"]) == ("王喆堃", 1, 2)
    assert (entry["made_by"], entry["made_on"]) == ("全某", TODAY.isoformat())
    assert entry["balance_fen"] == 950_000
    assert entry["rule_id"] is not None


def test_a_backdated_payment_that_empties_an_earlier_day_is_refused_with_day_and_amount(
    room: Bookroom,
) -> None:
    room.payment(MARCH_3, 990_000, "打印费")
    room.receipt(dt.date(2026, 3, 10), 500_000)
    with pytest.raises(Refusal) as refused:
        room.payment(dt.date(2026, 3, 1), 22_000, "慰问老党员：单玥")
    assert refused.value.message == "2026年3月3日的结余不够，差 120.00 元，请核对日期和金额"
    assert balance(room.office, room.fund_id, MARCH_3) == 10_000


def test_the_last_fen_can_be_paid(room: Bookroom) -> None:
    room.payment(TODAY, 1_000_000, "大病救助：曾祎")
    assert balance(room.office, room.fund_id) == 0
    with pytest.raises(Refusal, match=r"差 0\.01 元"):
        room.payment(TODAY, 1, "打印费")


def test_a_red_entry_restores_the_balance_and_both_know_each_other(room: Bookroom) -> None:
    wrong = room.payment(dt.date(2026, 9, 3), 50_000)
    red = room.reverse(wrong, "重复登记")
    taken, entry = room.entry(wrong), room.entry(red)
    assert entry["summary"] == "注销9月3日记-001号凭证"
    assert (entry["reverses_id"], taken["reversed_by_id"]) == (wrong, red)
    assert (entry["state"], taken["state"], entry["reason"]) == ("红字", "已冲正", "重复登记")
    assert (entry["out_fen"], entry["entry_on"]) == (-50_000, TODAY.isoformat())
    assert balance(room.office, room.fund_id) == 1_000_000
    by_category = queries.balances_by_category(room.office.reader(), TODAY, room.fund_id)
    assert {row["category"]: row["net_fen"] for row in by_category} == {
        "期初结转": 1_000_000,
        "慰问老党员": 0,
    }


def test_what_cannot_be_taken_back(room: Bookroom) -> None:
    gift = room.receipt(dt.date(2026, 9, 3), 500_000, "党员自愿捐款")
    room.payment(dt.date(2026, 9, 4), 1_400_000, "打印费")
    with pytest.raises(Refusal, match=r"2026年11月20日的结余不够，差 4,000\.00 元"):
        room.reverse(gift)
    paid = room.payment(dt.date(2026, 9, 5), 100, "打印费")
    red = room.reverse(paid)
    with pytest.raises(Refusal, match="已由 2026 年记-004冲正"):
        room.reverse(paid)
    with pytest.raises(Refusal, match="红字不能再冲正"):
        room.reverse(red)
    with pytest.raises(Refusal, match="请写明原因"):
        room.reverse(gift, "  ")
    with pytest.raises(Refusal, match="之间"):
        room.reverse(gift, "重复", dt.date(2026, 9, 2))
    opening = room.office.reader().value("SELECT id FROM fund_entry WHERE number = 0")
    with pytest.raises(Refusal, match="更正期初"):
        room.reverse(opening)


def test_a_wrong_opening_balance_is_taken_back_and_booked_anew_on_its_own_day(room: Bookroom) -> None:
    room.payment(dt.date(2026, 9, 3), 900_000, "打印费")
    room.office.transact(
        "更正期初", lambda w: service.correct_opening(w, room.fund_id, 950_000, "银行回单", "抄错一位")
    )
    fund = queries.fund(room.office.reader(), room.fund_id) or {}
    assert (fund["opening_fen"], fund["opening_source"], fund["balance_fen"]) == (950_000, "银行回单", 50_000)
    assert balance(room.office, room.fund_id, OPENED) == 950_000
    with pytest.raises(Refusal, match="2026年9月3日的结余不够"):
        room.office.transact(
            "更正期初", lambda w: service.correct_opening(w, room.fund_id, 899_999, "银行回单", "又错")
        )
    with pytest.raises(Refusal, match="不用更正"):
        room.office.transact(
            "更正期初", lambda w: service.correct_opening(w, room.fund_id, 950_000, "银行回单", "同数")
        )


def test_the_same_receipt_number_is_taken_once_until_its_entry_is_taken_back(room: Bookroom) -> None:
    first = room.payment(MARCH_3, 100, "打印费", receipt_number="No.00123")
    with pytest.raises(Refusal, match="已记在样例街道党内关爱基金 2026 年记-001"):
        room.payment(MARCH_3, 100, "打印费", receipt_number="No.00123")
    room.reverse(first)
    again = room.payment(MARCH_3, 100, "打印费", receipt_number="No.00123")
    assert room.entry(again)["voucher"] == "记-003"


def test_one_person_is_not_helped_beyond_the_year_limit(room: Bookroom) -> None:
    room.receipt(OPENED, 9_000_000)
    values = {"name": "曾桂英", "unit_id": room.unit_id}
    person = room.office.transact("登记", lambda w: people.save_person(w, values, None)).result
    room.payment(MARCH_3, 1_500_000, "大病救助：曾桂英", person_id=person)
    with pytest.raises(Refusal, match="超过每人每年"):
        room.payment(TODAY, 500_001, "助学帮扶：曾桂英", person_id=person)
    room.payment(TODAY, 500_000, "助学帮扶：曾桂英", person_id=person)
    assert balance(room.office, room.fund_id) == 8_000_000


def test_a_category_of_the_other_side_is_refused(room: Bookroom) -> None:
    with pytest.raises(Refusal, match="支出没有“利息”这个类别"):
        room.payment(MARCH_3, 100, category="利息")


def test_only_clerk_and_cashier_book(tmp_path: Path) -> None:
    room = make_bookroom(tmp_path)
    room.office.close()
    with open_file(room.office.path, who="李某") as office:
        draft = Draft(day=MARCH_3, summary="利息", in_fen=1)
        with pytest.raises(Refusal, match="李某没有“录入、出纳”权限"):
            office.transact("收款", lambda w: service.book_receipt(w, room.fund_id, draft))
    with open_file(room.office.path, who="赵某") as office:
        office.transact("收款", lambda w: service.book_receipt(w, room.fund_id, draft))
        assert balance(office, room.fund_id) == 1_000_001


def test_sides_are_not_mixed_up_by_the_verbs(room: Bookroom) -> None:
    with pytest.raises(Refusal, match="收款只填收入"):
        room.office.transact(
            "收款",
            lambda w: service.book_receipt(w, room.fund_id, Draft(day=MARCH_3, summary="利息", out_fen=1)),
        )
    with pytest.raises(Refusal, match="付款只填支出"):
        room.office.transact(
            "付款",
            lambda w: service.book_payment(w, room.fund_id, Draft(day=MARCH_3, summary="利息", in_fen=1)),
        )


def test_an_earlier_year_is_put_right_by_a_blue_entry_of_this_year(tmp_path: Path) -> None:
    clock = FixedClock(dt.datetime(2026, 11, 20, 9))  # noqa: DTZ001 - FixedClock takes it as Beijing time
    room = make_bookroom(tmp_path, clock=clock)
    wrong = room.payment(dt.date(2026, 9, 3), 50_000)
    clock.set(dt.datetime(2027, 3, 1, 9))  # noqa: DTZ001 - same
    with pytest.raises(Refusal, match="更正以前年度"):
        room.reverse(wrong)
    blue = room.office.transact("更正", lambda w: service.correct_prior_year(w, wrong, "多付", 20_000)).result
    entry = room.entry(blue)
    assert (entry["in_fen"], entry["category"], entry["voucher"]) == (
        20_000,
        "以前年度更正（收入）",
        "记-001",
    )
    assert (entry["summary"], entry["corrects_id"]) == ("更正2026年9月3日记-001号凭证", wrong)
    with pytest.raises(Refusal, match=r"不超过还没更正的 300\.00 元"):
        room.office.transact("更正", lambda w: service.correct_prior_year(w, wrong, "再更正", 30_001))
    with pytest.raises(Refusal, match="今年的差错请用“冲正”"):
        room.office.transact("更正", lambda w: service.correct_prior_year(w, blue, "错"))
    with pytest.raises(Refusal, match="已过补记期"):
        room.payment(dt.date(2026, 12, 30), 100, "打印费")
    book = queries.cash_book(room.office.reader(), room.fund_id, dt.date(2027, 1, 1), dt.date(2027, 12, 31))
    assert (book.before_fen, book.closing_fen) == (950_000, 970_000)
    room.office.close()


def test_a_fund_with_money_is_not_put_out_of_use(room: Bookroom) -> None:
    with pytest.raises(Refusal, match=r"还有结余 10,000\.00 元"):
        room.office.transact("停用", lambda w: service.retire_fund(w, room.fund_id, "并入"))
    room.payment(TODAY, 1_000_000, "其他支出划转")
    room.office.transact("停用", lambda w: service.retire_fund(w, room.fund_id, "并入"))
    with pytest.raises(Refusal, match="已停用"):
        room.receipt(TODAY, 100)
    with pytest.raises(Refusal, match="请写明原因"):
        room.office.transact("恢复使用", lambda w: service.reopen_fund(w, room.fund_id, ""))
    room.office.transact("恢复使用", lambda w: service.reopen_fund(w, room.fund_id, "停用时选错"))
    room.receipt(TODAY, 100)
    assert balance(room.office, room.fund_id) == 100


def test_many_entries_at_once_are_all_in_or_none(room: Bookroom) -> None:
    drafts = [
        Draft(day=dt.date(2026, 5, 2), summary="打印费", out_fen=1_200_000),
        Draft(day=dt.date(2026, 5, 1), summary="利息", in_fen=300_000),
    ]
    booked = room.office.transact("补录", lambda w: service.bulk_book(w, room.fund_id, drafts)).result
    assert (booked, balance(room.office, room.fund_id)) == (2, 100_000)
    drafts = [
        Draft(day=MARCH_3, summary="利息", in_fen=5),
        Draft(day=MARCH_3, summary="电费", out_fen=100_006),
    ]
    with pytest.raises(Refusal, match=r"2026年5月2日的结余不够，差 0\.01 元"):
        room.office.transact("补录", lambda w: service.bulk_book(w, room.fund_id, drafts))
    twice = [Draft(day=MARCH_3, summary="利息", in_fen=5, receipt_number="A1")] * 2
    with pytest.raises(Refusal, match="出现两次"):
        room.office.transact("补录", lambda w: service.bulk_book(w, room.fund_id, twice))
    assert balance(room.office, room.fund_id) == 100_000


def test_checking_tells_the_same_as_booking_without_writing(room: Bookroom) -> None:
    reader = room.office.reader()
    draft = Draft(day=MARCH_3, summary="打印费", out_fen=1_000_001)
    assert [p.code for p in service.check_entry(reader, room.fund_id, draft, TODAY)] == ["fund.below_zero"]
    fine = Draft(day=MARCH_3, summary="打印费", out_fen=200_000, method="现金")
    assert [p.code for p in service.check_entry(reader, room.fund_id, fine, TODAY)] == ["fund.cash"]
    assert balance(room.office, room.fund_id) == 1_000_000


def test_sums_that_differ_from_the_ledger_are_found(room: Bookroom) -> None:
    room.receipt(MARCH_3, 500, "利息")
    assert queries.book_problems(room.office.reader()) == []

    def tamper(writer: Writer) -> None:
        writer.execute("UPDATE fund_day SET in_fen = in_fen + 1 WHERE day = ?", (MARCH_3.isoformat(),))
        writer.update("fund", room.fund_id, {"note": "改过"})

    room.office.transact("改合计", tamper)
    found = queries.book_problems(room.office.reader())
    assert [problem.code for problem in found] == ["fund.totals", "fund.totals"]
    assert "样例街道党内关爱基金 2026-03-03 的合计与流水对不上" in found[0].message
    assert "2026-03 的合计" in found[1].message


def test_the_file_itself_refuses_a_gap_and_a_red_entry_that_mirrors_nothing(room: Bookroom) -> None:
    entry = room.entry(room.receipt(MARCH_3, 500, "利息"))
    columns = {key: entry[key] for key in _LEDGER_COLUMNS}

    def put(**changes: object) -> None:
        room.office.transact("硬写", lambda w: w.insert("fund_entry", {**columns, **changes}))

    with pytest.raises(Exception, match="without a gap"):
        put(number=9)
    with pytest.raises(Exception, match="mirrors"):
        put(number=2, in_fen=-400, reverses_id=entry["id"], reason="错")
    with pytest.raises(Exception, match="different sides"):
        put(number=2, in_fen=0, out_fen=500)
    put(number=2)
    assert balance(room.office, room.fund_id) == 1_001_000
