"""The rules of tables over pages, each on a real paper of the demonstration office."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hongyao_desktop.app.bootstrap import open_file
from hongyao_desktop.app.printing.papers import PAPERS, find_paper, request_for
from hongyao_desktop.core import strokes
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.money import capital, parse_fen
from hongyao_desktop.paper.document import Document, Fill, SignatureRow, Table
from hongyao_desktop.store import Office
from tests.app.demonstrations import PASSWORD, copied
from tests.app.test_paper_tools import options_of
from tests.paper.papers import Drawn

TODAY = dt.date.today()  # noqa: DTZ011 - the demonstration office is made for today
PERIOD = Period(TODAY - dt.timedelta(days=365), TODAY)
MONEY = r"-?\d[\d,]*\.\d\d"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder: Path = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HONGYAO_STATE_DIR", str(tmp_path_factory.mktemp("computer")))
        with open_file(copied(folder), "李静", PASSWORD) as opened:
            yield opened


def paper(office: Office, name: str, **options: str) -> Document:
    known = {**options_of(office.reader()).get(name, {}), **options}
    return find_paper(name).build(request_for(office, find_paper(name), PERIOD, None, known))


def fen(text: str) -> int:
    return parse_fen(text)


def after(label: str, page: str) -> list[int]:
    """The amounts on the line that begins with a label."""
    found = re.search(rf"{label}((?:\s*{MONEY})+)", page)
    return [fen(word) for word in re.findall(MONEY, found[1])] if found else []


def test_the_cash_book_hands_its_sums_from_page_to_page(office: Office) -> None:
    with Drawn(paper(office, "cash-book")) as drawn:
        pages = drawn.pages
    assert len(pages) >= 3
    for before, following in itertools.pairwise(pages):
        assert after("过次页", before) == after("承前页", following) != []
    assert "过次页" not in pages[-1]
    incomes, expenses, _balance = after("过次页", pages[-2])
    assert incomes > 0 < expenses


def test_sums_of_a_month_stand_under_one_of_its_rows(office: Office) -> None:
    with Drawn(paper(office, "cash-book")) as drawn:
        for page in drawn.pages[1:]:
            first = page.partition("承前页")[2].splitlines()[1]
            assert not re.match(r"\d+月合计|本年累计", first), first


def test_the_heads_of_two_rows_and_the_captions_are_repeated(office: Office) -> None:
    for name, words in (("receipt-sheet", "代领人（须说明原因）"), ("volunteer-list", "累计时长（小时）")):
        with Drawn(paper(office, name)) as drawn:
            assert len(drawn.pages) >= 3, name
            for page in drawn.pages:
                assert words in page, name


def test_page_subtotals_of_the_aid_notice_add_up_to_its_total_in_figures_and_words(office: Office) -> None:
    for name in ("aid-notice", "receipt-sheet"):
        with Drawn(paper(office, name)) as drawn:
            pages, words = drawn.pages, drawn.words
        # Issuer and objections may take a page of their own behind those of the table.
        pages = [page for page in pages if "本页小计" in page]
        subtotals = [after("本页小计", page)[0] for page in pages]
        total = after(r"\n合计", pages[-1])[0]
        assert sum(subtotals) == total > 0, name
        if name == "receipt-sheet":
            assert f"（大写）：{capital(total)}" in words


def test_amounts_stand_with_their_points_in_one_line(office: Office) -> None:
    with Drawn(paper(office, "aid-notice")) as drawn:
        points = sorted(mark.x for mark in drawn.marks(2) if mark.character == ".")
    assert len(points) >= 20
    in_line = [x for x in points if abs(x - points[len(points) // 2]) < 0.05]
    assert len(in_line) >= len(points) - 1  # 本页小计 is bold, its figures are a little wider


def test_rows_are_whole_and_a_blank_rest_is_struck_through(office: Office) -> None:
    document = paper(office, "receipt-sheet")
    (table,) = document.tables()
    assert table.fill is Fill.STRUCK
    shorter = replace(table, fill=Fill.NONE)
    blocks = tuple(shorter if block is table else block for block in document.blocks)
    with Drawn(document) as drawn, Drawn(replace(document, blocks=blocks)) as plain:
        assert len(drawn.pages) == len(plain.pages)
        assert drawn.pages == plain.pages
        spots = drawn.rendered.spots
        assert drawn.data != plain.data
    assert len(spots) == len(list(table.rows))
    assert all(spot.bottom - spot.top >= 12 * 72 / 25.4 - 0.1 for spot in spots)


def test_no_signature_stands_on_a_page_of_its_own(office: Office) -> None:
    """On the page of the signatures there is also a row or a line of what is signed."""
    checked = 0
    for spec in PAPERS:
        if spec.issue is not None:
            continue
        document = paper(office, spec.name)
        last = document.blocks[-1]
        tables = document.tables()
        if not isinstance(last, SignatureRow) or not tables or not list(tables[-1].rows):
            continue
        with Drawn(document) as drawn:
            page = drawn.pages[-1]
        signed = re.sub(r"\s", "", page)
        assert last.labels[0].rstrip("：") in signed, spec.name
        lines = [line for line in page.splitlines() if re.search(r"\d", line)]
        shown = {str(cell) for row in _rows(tables[-1])[-2:] for cell in row if cell is not None}
        assert any(word in page for word in shown) or len(lines) > 4, spec.name
        checked += 1
    assert checked >= 10


def _rows(table: Table) -> list[tuple[object, ...]]:
    return [row if isinstance(row, tuple) else row.cells for row in table.rows]


def test_equal_hours_share_a_place_in_a_stable_order(office: Office) -> None:
    (table,) = paper(office, "board").tables()
    rows = _rows(table)
    places = [row[0] for row in rows]
    hours = [row[4] for row in rows]
    assert hours == sorted(hours, key=lambda value: -int(str(value)))
    for index, place in enumerate(places):
        first = hours.index(hours[index])
        assert place == first + 1
    assert len(set(places)) < len(places), "the demonstration has ties"
    for _place, same in _groups(rows):
        numbers = [str(row[1]) for row in same]
        assert numbers == sorted(numbers)


def _groups(rows: list[tuple[object, ...]]) -> Iterator[tuple[object, list[tuple[object, ...]]]]:
    for place in dict.fromkeys(row[0] for row in rows):
        yield place, [row for row in rows if row[0] == place]


def test_names_stand_by_strokes_when_asked(office: Office) -> None:
    (table,) = paper(office, "class-roster", order=strokes.LABEL).tables()
    names = [str(row[1]) for row in _rows(table)]
    assert names == sorted(names, key=strokes.name_key)
    (plain,) = paper(office, "class-roster").tables()
    assert sorted(names) == sorted(str(row[1]) for row in _rows(plain))
    assert names != [str(row[1]) for row in _rows(plain)]


def test_long_words_go_on_in_further_lines_inside_their_cell(office: Office) -> None:
    with Drawn(paper(office, "order-list")) as drawn:
        heights = {round(spot.bottom - spot.top, 1) for spot in drawn.rendered.spots}
    assert len(heights) >= 2
