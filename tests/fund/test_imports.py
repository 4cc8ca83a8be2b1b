import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hongyao_desktop.core.desk import ImportPlan, SheetFacts
from hongyao_desktop.fund import imports, queries, service
from hongyao_desktop.fund.sheet import Role, fund_name, role_of, year_of
from hongyao_desktop.store import Office
from tests.fund.books import FACTS, HEADER, TODAY, Bookroom, lay_ground, make_bookroom, sheet_rows
from tests.offices import make_office

Cells = list[list[Any]]

PLAIN: Cells = [
    [None, None, "上年结转", None, None, "1,000.00", None, None],
    ["2026.1.7", "记-001", "助学帮扶：王杰", None, 100, "900.00", "盖国杰", 3],
    ["2026年1月12日", "记-002", "利息", "20.50", None, "920.50", "盖国杰", 1],
    ["2026-01-11", "记-003", "慰问老党员：杨磊", None, "300.00元", "620.50", "徐华杰", 1],
    [None, None, "1月合计", "20.50", "400.00", None, None, None],
    ["2026/2/3", "记-004", "区财政拨款", 5000, None, "5,620.50", "徐华杰", 1],
    [None, None, "2月合计", "5,000.00", "0.00", None, None, None],
    [None, None, "本年累计", "5,020.50", "400.00", "5,620.50", None, None],
]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Bookroom]:
    room = make_bookroom(tmp_path, opening_fen=50_000)
    yield room
    room.office.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = make_office(tmp_path)
    office.transact("准备", lay_ground)
    yield office
    office.close()


def plan(office: Office, cells: Sequence[Sequence[Any]], facts: SheetFacts = FACTS) -> ImportPlan:
    return imports.plan(office.reader(), facts, sheet_rows(cells), office.clock)


def take(office: Office, cells: Sequence[Sequence[Any]], facts: SheetFacts = FACTS) -> int:
    planned = plan(office, cells, facts)
    return office.transact("导入", lambda w: imports.commit(w, facts, planned)).result


def codes(planned: ImportPlan) -> list[tuple[int | None, str]]:
    return [(problem.row, problem.code) for problem in planned.problems]


def changed(row: int, column: str, value: Any) -> Cells:
    cells = [list(line) for line in PLAIN]
    cells[row][list(HEADER.values()).index(column)] = value
    return cells


def test_a_tidy_book_comes_in_whole_with_its_opening(office: Office) -> None:
    planned = plan(office, PLAIN)
    assert codes(planned) == []
    assert planned.summary["读到记录"] == "4"
    assert planned.summary["期初（元）"] == "1,000.00"
    assert (planned.summary["收入合计（元）"], planned.summary["支出合计（元）"]) == ("5,020.50", "400.00")
    assert planned.summary["期末结余（元）"] == "5,620.50"
    assert take(office, PLAIN) == 5
    [fund] = queries.funds(office.reader())
    assert (fund["name"], fund["unit_name"], fund["opened_on"]) == ("党内关爱基金", "样例街道", "2026-01-01")
    assert (fund["opening_fen"], fund["balance_fen"]) == (100_000, 562_050)
    assert fund["opening_source"] == "收支台账.xlsx 收支台账 第4行"


def test_numbers_follow_the_sheet_and_days_may_be_out_of_order(office: Office) -> None:
    take(office, PLAIN)
    rows = office.reader().all("SELECT * FROM fund_entry_view WHERE number > 0 ORDER BY number")
    assert [row["voucher"] for row in rows] == ["记-001", "记-002", "记-003", "记-004"]
    assert [row["entry_on"] for row in rows] == ["2026-01-07", "2026-01-12", "2026-01-11", "2026-02-03"]
    assert [row["source_number"] for row in rows] == ["记-001", "记-002", "记-003", "记-004"]
    assert (rows[0]["counterparty"], rows[0]["handler"], rows[0]["attachments"]) == ("王杰", "盖国杰", 3)


def test_a_second_import_of_the_same_file_adds_nothing(office: Office) -> None:
    take(office, PLAIN)
    again = plan(office, PLAIN)
    assert (len(again.items), again.summary["已在账上"]) == (0, "4")
    assert {code for _row, code in codes(again)} == {"fund.known"}
    assert take(office, PLAIN) == 0


def test_two_equal_rows_are_two_entries_and_both_are_known_again(office: Office) -> None:
    twins: Cells = [["2026-03-05", None, "利息", 10, None, None, None, None]] * 2
    assert take(office, twins) == 2
    assert len(plan(office, twins).items) == 0
    assert len(plan(office, [*twins, twins[0]]).items) == 1


def test_a_wrong_balance_is_named_once_with_both_numbers_and_the_entry_comes_in(office: Office) -> None:
    cells = changed(2, "balance_fen", "930.50")
    cells[3][5] = "630.50"  # the slip is carried on
    planned = plan(office, cells)
    assert codes(planned) == [(6, "fund.written_balance")]
    assert "写的是 930.50，按各笔算应为 920.50，差 10.00" in planned.problems[0].message
    assert (planned.problems[0].column, planned.summary["结余不符"]) == ("F", "1")
    assert len(planned.items) == 5


def test_totals_are_compared_and_not_imported(office: Office) -> None:
    cells = changed(4, "in_fen", "21.50")
    cells[7][4] = "399.00"
    planned = plan(office, cells)
    assert codes(planned) == [(8, "fund.written_total"), (11, "fund.written_total")]
    assert "1月合计的收入写的是 21.50，按各笔算应为 20.50" in planned.problems[0].message
    assert planned.summary["月合计"] == "核对 2 个月，不符 1 个"
    assert len(planned.items) == 5


@pytest.mark.parametrize(
    ("row", "column", "value", "code"),
    [
        (1, "entry_on", None, "field.missing"),
        (1, "entry_on", "2026-12-01", "fund.future"),
        (1, "in_fen", "5", "fund.sides"),
        (1, "out_fen", None, "fund.blank"),
        (1, "out_fen", "-100", "fund.negative"),
        (1, "summary", "  ", "fund.summary"),
        (3, "out_fen", "1000.00", "fund.below_zero"),
    ],
)
def test_a_bad_row_stays_out_and_says_why(
    office: Office, row: int, column: str, value: Any, code: str
) -> None:
    planned = plan(office, changed(row, column, value))
    assert (row + 4, code) in codes(planned)
    assert row + 4 not in [number for number, _item in planned.items]


def test_a_payment_too_large_names_the_day_and_what_is_missing(office: Office) -> None:
    planned = plan(office, changed(3, "out_fen", "900.01"))
    [problem] = [problem for problem in planned.problems if problem.code == "fund.below_zero"]
    assert problem.message == "2026年1月11日的结余不够，差 0.01 元，请核对日期和金额"


def test_a_row_without_telling_words_goes_to_the_rest_with_a_warning(office: Office) -> None:
    planned = plan(office, changed(1, "summary", "打印资料"))
    assert codes(planned) == [(5, "fund.category")]
    take(office, changed(1, "summary", "打印资料"))
    assert office.reader().value("SELECT category FROM fund_entry_view WHERE number = 1") == "其他支出"


def test_a_category_column_is_believed_before_the_summary(office: Office) -> None:
    header = {**HEADER, "类别": "category"}
    line = ["2026-03-05", "记-001", "利息收入转助学", "8", None, None, None, None, "党员自愿捐款"]
    rows = sheet_rows([line], header)
    planned = imports.plan(office.reader(), FACTS, rows, office.clock)
    assert planned.items[0][1].draft.category == "党员自愿捐款"


def test_a_voucher_already_on_the_books_with_other_content_is_an_error(office: Office) -> None:
    take(office, PLAIN)
    planned = plan(office, changed(3, "out_fen", "301.00"))
    assert (7, "fund.source_number") in codes(planned)
    assert len(planned.items) == 0


def test_one_voucher_of_several_lines_comes_in_whole(office: Office) -> None:
    lines: Cells = [
        ["2026-03-05", "记-001", "利息", 1000, None, None, None, None],
        ["2026-03-06", "记-002", "慰问老党员：单玥", None, 100, None, None, None],
        ["2026-03-06", "记-002", "慰问老党员：曾桂英", None, 100, None, None, None],
    ]
    assert take(office, lines) == 3


def test_the_next_year_continues_when_its_opening_agrees(room: Bookroom) -> None:
    room.receipt(dt.date(2026, 2, 1), 2_000)
    october: Cells = [
        [None, None, "上月结转", None, None, "520.00", None, None],
        ["2026-10-08", None, "利息", 3, None, "523.00", None, None],
    ]
    assert take(room.office, october) == 1
    wrong = [list(line) for line in october]
    wrong[0][5] = "500.00"
    wrong[1][0], wrong[1][5] = "2026-11-08", "503.00"
    planned = plan(room.office, wrong)
    assert codes(planned) == [(4, "fund.opening")]
    assert "写的是 500.00，账上2026年11月1日之前的结余是 523.00" in planned.problems[0].message


def test_a_sheet_that_could_belong_to_two_funds_is_asked_about(room: Bookroom) -> None:
    room.office.transact(
        "建账",
        lambda w: service.open_fund(w, name="水湾社区关爱金", unit_id=room.unit_id, opened_on=TODAY),
    )
    planned = plan(room.office, PLAIN, replace(FACTS, title="收支台账"))
    assert codes(planned)[0] == (None, "fund.sheet")
    assert "样例街道党内关爱基金、水湾社区关爱金" in planned.problems[0].message
    named = plan(room.office, PLAIN[5:6], replace(FACTS, title="样例街道党内关爱基金收支台账"))
    assert named.items[0][1].book.fund_id == room.fund_id


def test_rows_before_the_fund_was_opened_are_already_in_its_opening_balance(room: Bookroom) -> None:
    cells: Cells = [["2025-12-30", "记-100", "利息", 5, None, None, None, None]]
    assert codes(plan(room.office, cells)) == [(4, "fund.early")]


def test_an_office_without_units_says_what_to_do_first(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    with office:
        planned = plan(office, [])
        assert "还没有登记本单位" in planned.problems[0].message


def test_a_book_without_opening_row_starts_from_its_first_balance(office: Office) -> None:
    cells: Cells = [["2026-03-05", None, "利息", 10, None, "110.00", None, None]]
    planned = plan(office, cells)
    assert codes(planned) == []
    assert planned.summary["期末结余（元）"] == "110.00"


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ([None, None, "上年结转"], Role.OPENING),
        ([None, None, "期初余额"], Role.OPENING),
        (["2026-01-01", None, "上年结转"], Role.OPENING),
        ([None, None, "承前页"], Role.PAGE),
        ([None, None, "过次页"], Role.PAGE),
        ([None, None, "结转下年"], Role.PAGE),
        ([None, None, "9月合计"], Role.MONTH_TOTAL),
        ([None, None, "本月合计"], Role.MONTH_TOTAL),
        (["九月份合计", None, None], Role.MONTH_TOTAL),
        ([None, None, "本年累计"], Role.YEAR_TOTAL),
        (["合计", None, None], Role.YEAR_TOTAL),
        (["2026-03-05", None, "累计捐款退回"], Role.ENTRY),
        (["2026-03-05", None, "走访慰问困难党员：查堃"], Role.ENTRY),
        ([None, None, "利息"], Role.ENTRY),
    ],
)
def test_what_a_row_is_shows_in_its_words(line: list[Any], role: Role) -> None:
    assert role_of(sheet_rows([line])[0]) is role


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("党内关爱基金收支台账（2026年）", "党内关爱基金"),
        ("2026年度水湾社区党内关爱基金现金日记账", "水湾社区党内关爱基金"),
        ("样例街道 党员关爱金 收支明细表", "样例街道党员关爱金"),
        ("收支台账", None),
    ],
)
def test_the_fund_is_named_by_the_title(title: str, name: str | None) -> None:
    assert fund_name(replace(FACTS, title=title)) == name


def test_the_year_is_looked_for_in_title_sheet_and_file() -> None:
    assert year_of(FACTS) == 2026
    assert year_of(SheetFacts("2025年账.xlsx", "", "Sheet1", "收支台账", {})) == 2025
    assert year_of(SheetFacts("账.xlsx", "", "Sheet1", "收支台账", {})) is None
