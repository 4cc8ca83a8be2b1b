"""The cash book of the sample files: from the spreadsheet into the ledger, onto paper and back into a spreadsheet."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.fund import queries
from hongyao_desktop.fund.figures import FIGURES
from hongyao_desktop.fund.imports import FUND_TARGET
from hongyao_desktop.fund.papers import cash_book_rows
from hongyao_desktop.fund.workbooks import PAPERS
from hongyao_desktop.intake.rehearsal import Rehearsal, rehearse
from hongyao_desktop.paper.catalogue import PaperRequest
from hongyao_desktop.paper.document import Band, cells_of
from hongyao_desktop.paper.preview import page_count, page_text
from hongyao_desktop.paper.render import render_pdf
from hongyao_desktop.people.queries import top_unit, unit_scope
from hongyao_desktop.store import Office
from tests.fund.books import lay_ground
from tests.offices import make_office

SAMPLES = Path(__file__).parents[2] / "resources" / "demo" / "samples"
EXPECTED = json.loads((SAMPLES / "EXPECTED.json").read_text(encoding="utf-8"))["04"]
YEAR = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = make_office(tmp_path)
    office.transact("准备", lay_ground)
    yield office
    office.close()


def read_sample(office: Office) -> Rehearsal:
    path = next(path for path in SAMPLES.iterdir() if path.name.startswith("04"))
    return rehearse(path, FUND_TARGET, office.reader(), office.clock)


def take_sample(office: Office) -> int:
    (part,) = read_sample(office).parts
    return office.transact("导入", lambda w: FUND_TARGET.commit(w, part.facts, part.plan)).result


def request(office: Office, period: Period = YEAR, fund: str = "") -> PaperRequest:
    reader = office.reader()
    unit = top_unit(reader) or {}
    return PaperRequest(
        reader=reader,
        clock=office.clock,
        office="样例街道党工委",
        printed_by="李静",
        head=office.head(),
        period=period,
        scope=unit_scope(unit["id"], unit["name"]),
        options={"fund": fund},
    )


def test_the_sample_is_read_as_its_makers_counted(office: Office) -> None:
    rehearsal = read_sample(office)
    (part,) = rehearsal.parts
    assert rehearsal.read == EXPECTED["entries"]
    assert part.plan.summary["期初（元）"] == "52,300.00"
    assert part.plan.summary["收入合计（元）"] == "187,960.01"
    assert part.plan.summary["支出合计（元）"] == "77,505.00"
    assert part.plan.summary["期末结余（元）"] == "162,755.01"
    [finding] = part.problems
    assert (finding.row, finding.column, finding.code) == (26, "F", "fund.written_balance")
    assert "106,597.12" in finding.message
    assert "106,587.12" in finding.message
    assert part.plan.summary["月合计"] == "核对 9 个月，不符 0 个"


def test_the_sample_goes_in_once_and_gives_its_figures(office: Office) -> None:
    assert take_sample(office) == EXPECTED["entries"] + 1
    assert take_sample(office) == 0
    [fund] = queries.funds(office.reader())
    assert fund["opening_fen"] == EXPECTED["opening_fen"]
    assert fund["balance_fen"] == EXPECTED["closing_fen"]
    book = queries.cash_book(office.reader(), fund["id"], YEAR.first, YEAR.last)
    assert (book.in_fen, book.out_fen) == (EXPECTED["in_fen"], EXPECTED["out_fen"])
    assert queries.book_problems(office.reader()) == []
    assert office.check().ok
    scope = request(office).scope
    shown = {figure.label: figure.shown(figure.value(office.reader(), YEAR, scope)) for figure in FIGURES}
    assert shown["基金收入"] == "187,960.01"
    assert shown["期末结余"] == "162,755.01"
    assert (shown["收入笔数"], shown["支出笔数"], shown["帮扶人次"]) == ("11", "48", "48")
    assert (shown["财政投入"], shown["专项党费"], shown["捐赠收入"]) == ("17,843.52", "5,674.49", "84,061.02")
    for figure in FIGURES:
        rows = figure.drill(office.reader(), YEAR, scope)
        column = figure.sum_column
        counted = len(rows) if column is None else sum(row[column] for row in rows)
        assert counted == figure.value(office.reader(), YEAR, scope), figure.label


def test_the_paper_carries_from_page_to_page_and_sums_up_each_month(office: Office, tmp_path: Path) -> None:
    take_sample(office)
    paper = next(paper for paper in PAPERS if paper.name == "cash-book")
    document = paper.build(request(office))
    first, second = tmp_path / "一.pdf", tmp_path / "二.pdf"
    rendered = render_pdf(document, first)
    render_pdf(paper.build(request(office)), second)
    assert first.read_bytes() == second.read_bytes()
    assert rendered.pages == page_count(first) >= 2
    assert rendered.missing == ()
    pages = [page_text(first, number) for number in range(1, rendered.pages + 1)]
    assert all("过次页" in page for page in pages[:-1])
    assert all("承前页" in page for page in pages[1:])
    assert "本年累计" in pages[-1]
    assert "162,755.01" in pages[-1]
    sources = {spot.source for spot in rendered.spots}
    ids = {f"fund_entries/{row['id']}" for row in office.reader().all("SELECT id FROM fund_entry")}
    assert ids <= sources


def test_printed_rows_hold_openings_beside_the_sums_and_close_the_year_when_it_is_over(
    office: Office,
) -> None:
    take_sample(office)
    [fund] = queries.funds(office.reader())
    book = queries.cash_book(office.reader(), fund["id"], YEAR.first, YEAR.last)
    rows = cash_book_rows(book, dt.date(2026, 11, 20))
    assert cells_of(rows[0]) == (dt.date(2026, 1, 1), None, "上年结转", None, None, None, 5_230_000)
    labels = [row.cells[0] for row in rows if isinstance(row, Band)]
    assert labels == [label for month in range(1, 10) for label in (f"{month}月合计", "本年累计")]
    entries = [cells_of(row) for row in rows if not isinstance(row, Band)]
    assert sum(cells[4] for cells in entries if isinstance(cells[4], int)) == EXPECTED["in_fen"]
    assert sum(cells[5] for cells in entries if isinstance(cells[5], int)) == EXPECTED["out_fen"]
    closed = cash_book_rows(book, dt.date(2027, 1, 4))
    assert cells_of(closed[-1])[0] == "结转下年"
    assert cells_of(closed[-1])[6] == EXPECTED["closing_fen"]


def test_the_workbook_computes_every_balance_anew(office: Office, tmp_path: Path) -> None:
    take_sample(office)
    paper = next(paper for paper in PAPERS if paper.name == "cash-book")
    assert paper.workbook is not None
    out = tmp_path / "日记账.xlsx"
    paper.workbook(request(office), out)
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["合计核对", "与纸面核对", "党内关爱基金"]
    assert book.active is not None
    assert book.active.title == "党内关爱基金", "it opens on the book, not on what checks its sums"
    sheet = book["党内关爱基金"]
    balance = Decimal(str(sheet["G4"].value))
    assert balance == Decimal(52300)
    last = 4 + EXPECTED["entries"]
    for row in range(5, last + 1):
        came, went = (Decimal(str(sheet.cell(row, column).value or 0)) for column in (5, 6))
        balance += came - went
        assert sheet.cell(row, 7).value == f"=ROUND(G{row - 1}+N(E{row})-N(F{row}),2)"
    assert balance == Decimal(EXPECTED["closing_fen"]) / 100
    assert sheet.cell(5, 2).number_format == "@"
    assert sheet.cell(last + 1, 5).value == f"=SUM(E4:E{last})"
    values = openpyxl.load_workbook(out, data_only=True)["党内关爱基金"]
    assert Decimal(str(values.cell(last, 7).value)) == balance


def test_a_fund_that_is_not_there_cannot_be_printed(office: Office) -> None:
    take_sample(office)
    with pytest.raises(Refusal, match="没有叫“另一个”的基金"):
        PAPERS[0].build(request(office, fund="另一个"))
