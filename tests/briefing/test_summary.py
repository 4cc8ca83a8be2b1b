import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from hongyao_desktop.app.bootstrap import open_file, scope_of
from hongyao_desktop.app.demo.build import PASSWORD
from hongyao_desktop.app.modules import FIGURES
from hongyao_desktop.briefing.papers import summary_document
from hongyao_desktop.briefing.summary import UNIT_FIGURES, Summary, gather, period_words
from hongyao_desktop.briefing.workbooks import sheet_of
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.masking import leak_scan
from hongyao_desktop.paper.catalogue import PaperRequest
from hongyao_desktop.paper.document import Column, Paragraph, Span, Table, cells_of, plain, serial_column
from hongyao_desktop.store import Office
from tests.app.demonstrations import copied

YEAR = dt.date.today().year  # noqa: DTZ011 - the demonstration office is made for today
PERIOD = Period(dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_file(copied(tmp_path), "李静", PASSWORD) as opened:
        yield opened


@pytest.fixture
def request_(office: Office) -> PaperRequest:
    return PaperRequest(
        reader=office.reader(),
        clock=office.clock,
        office=office.info.name,
        printed_by=office.who.name,
        head=office.head(),
        period=PERIOD,
        scope=scope_of(office, None),
    )


@pytest.fixture
def summary(request_: PaperRequest) -> Summary:
    return gather(request_.reader, FIGURES, PERIOD, request_.scope, office=request_.office)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-01-01", "2026-12-31", "2026年"),
        ("2026-09-01", "2026-09-30", "2026年9月"),
        ("2026-01-01", "2026-09-30", "2026年1—9月"),
        ("2026-01-01", "2026-11-22", "2026年1月1日至11月22日"),
        ("2025-12-01", "2026-02-28", "2025年12月1日至2026年2月28日"),
        ("2024-02-01", "2024-02-29", "2024年2月"),
    ],
)
def test_a_period_is_named_as_a_title_says_it(first: str, last: str, words: str) -> None:
    assert period_words(Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last))) == words


def test_a_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="晚于"):
        Period(dt.date(2026, 2, 1), dt.date(2026, 1, 1))


def test_the_lines_of_the_units_add_up_to_the_figures(summary: Summary) -> None:
    for place, code in enumerate(UNIT_FIGURES):
        assert sum(line.values[place] for line in summary.units) == summary.value(code), code


def test_the_months_of_the_fund_add_up_and_end_at_the_balance(summary: Summary) -> None:
    assert sum(month.in_fen for month in summary.months) == summary.value("JJ-01")
    assert sum(month.out_fen for month in summary.months) == summary.value("JJ-02")
    assert summary.months[-1].balance_fen == summary.value("JJ-03")


def test_the_months_of_service_add_up_to_the_figure(summary: Summary) -> None:
    assert len(summary.service_months) == 12
    assert sum(minutes for _month, minutes in summary.service_months) == summary.value("ZY-21")


def test_the_classes_add_up_to_the_figures(summary: Summary) -> None:
    assert len(summary.classes) == summary.value("PX-01")
    assert sum(row["held"] for row in summary.classes) == summary.value("PX-02")
    assert sum(row["credit"] for row in summary.classes) == summary.value("PX-05")


def test_ties_share_a_place_and_the_next_is_counted_on(summary: Summary) -> None:
    minutes = [place.row["minutes"] for place in summary.board]
    assert minutes == sorted(minutes, reverse=True)
    for place in summary.board:
        assert place.place == 1 + sum(other > place.row["minutes"] for other in minutes)


def test_every_number_in_the_text_knows_its_figure(summary: Summary, request_: PaperRequest) -> None:
    document = summary_document(summary, request_)
    told: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph) and not isinstance(block.text, str):
            for span in block.text:
                assert isinstance(span, Span)
                if span.source:
                    assert span.text == summary.shown(span.source)
                    told.append(span.source)
    groups = {"ZY", "GD", "PX", "JJ"}
    assert {code[:2] for code in told} == groups
    assert {code for code in summary.readings if code[:2] in groups} - set(told) <= {"ZY-03", "ZY-25"}


def test_totals_of_every_table_are_those_of_its_rows(summary: Summary, request_: PaperRequest) -> None:
    from hongyao_desktop.paper.document import Sum

    for table in summary_document(summary, request_).tables():
        if table.totals is None:
            continue
        for place, column in enumerate(table.columns):
            if column.summed is Sum.ADD:
                values = [cells_of(row)[place] for row in table.rows]
                assert sum(value for value in values if isinstance(value, int)) == table.totals[place]


def test_the_summary_carries_no_personal_number(summary: Summary, request_: PaperRequest) -> None:
    blocks = summary_document(summary, request_).blocks
    words = [plain(block.text) for block in blocks if isinstance(block, Paragraph)]
    for table in summary_document(summary, request_).tables():
        words += [str(cell) for row in table.rows for cell in cells_of(row) if isinstance(cell, str)]
    assert leak_scan("\n".join(words)) == []


def test_columns_of_a_sheet_are_as_wide_as_what_they_hold() -> None:
    """Weights of the paper in millimetres made columns of a hundred characters, printed too small to be read."""
    table = Table(
        (
            serial_column(),
            Column("姓名", 22),
            Column("事项", 134),
            Column("金额（元）", kind=CellKind.MONEY),
        ),
        [(1, "欧阳建国", "楼上漏水到楼下，两家对赔偿有争议，" * 5, 123), (2, "单玥", "代办", 99_999_999)],
        name="表",
    )
    widths = [column.width for column in sheet_of(table).columns]
    assert widths == [4, 4, 26, 6], "the sum 1,000,001.22 has twelve characters"
