"""How raw cells are written."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.fields import Align, CellKind
from hongyao_desktop.paper.cells import Cell, default_align, places_for, writer


@pytest.mark.parametrize(
    ("kind", "value", "places", "expected"),
    [
        (CellKind.MONEY, 123456, 0, "1,234.56"),
        (CellKind.MONEY, -5, 0, "-0.05"),
        (CellKind.POINTS, 1250, 2, "12.50"),
        (CellKind.POINTS, 312500, 0, "3,125"),
        (CellKind.POINTS, 1250, 0, "12.5"),
        (CellKind.CREDIT, 25, 1, "0.25"),
        (CellKind.HOURS, 750, 1, "12.5"),
        (CellKind.HOURS, 720, 1, "12.0"),
        (CellKind.HOURS, 93, 1, "1.55"),
        (CellKind.HOURS, 91, 1, "1小时31分"),
        (CellKind.HOURS, -90, 1, "-1.5"),
        (CellKind.INTEGER, 12345, 0, "12,345"),
        (CellKind.DATE, dt.date(2026, 3, 5), 0, "2026-03-05"),
        (CellKind.CODE, "007", 0, "007"),
        (CellKind.MONEY, "见附件", 0, "见附件"),
        (CellKind.MONEY, None, 0, ""),
    ],
)
def test_vectors(kind: CellKind, value: Cell, places: int, expected: str) -> None:
    assert writer(kind, places)(value) == expected


def test_years_and_running_numbers_have_no_separators() -> None:
    assert writer(CellKind.INTEGER, grouped=False)(2026) == "2026"


@given(st.lists(st.integers(-(10**7), 10**7), min_size=1, max_size=20), st.sampled_from(["points", "hours"]))
def test_all_values_of_a_column_have_their_point_in_one_line(values: list[int], kind: str) -> None:
    cell = CellKind(kind)
    if cell is CellKind.HOURS:
        values = [value * 3 for value in values]
    places = places_for(cell, values)
    shown = [writer(cell, places)(value) for value in values]
    assert {len(text.partition(".")[2]) for text in shown} == {places}


def test_numbers_stand_right_codes_in_the_middle_text_left() -> None:
    assert default_align(CellKind.MONEY) is Align.RIGHT
    assert default_align(CellKind.DATE) is Align.CENTER
    assert default_align(CellKind.TEXT) is Align.LEFT
