"""Column widths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.paper.document import Column
from hongyao_desktop.paper.widths import LONG_ROOM, column_needs, column_widths, crowded

SIZE, PAD, TOTAL = 10.0, 3.0, 440.0


def measure(text: str) -> float:
    return sum(5.0 if ord(character) < 0x2000 else 10.0 for character in text)


def widths(columns: list[Column], *rows: list[str]) -> list[float]:
    return column_widths(columns, column_needs(columns, rows, measure, SIZE, PAD), TOTAL, SIZE)


def test_weights_share_the_room() -> None:
    assert widths([Column("甲", 1), Column("乙", 3)]) == [110, 330]


def test_measured_columns_take_what_they_need_and_weighed_ones_the_rest() -> None:
    first, second = widths([Column("编号", kind=CellKind.CODE), Column("备注", 1)], ["SW-000123", ""])
    assert first == pytest.approx(9 * 5 + 2 * PAD + 1)
    assert second == pytest.approx(TOTAL - first)


def test_weighed_columns_keep_a_minimum_when_measured_ones_ask_for_everything() -> None:
    columns = [*(Column("号", kind=CellKind.CODE) for _ in range(4)), Column("备注", 1)]
    made = widths(columns, ["9" * 40] * 4 + [""])
    assert sum(made) == pytest.approx(TOTAL)
    assert made[-1] >= 2.6 * SIZE - 0.01


def test_the_widest_text_gives_way_first() -> None:
    columns = [Column("姓名"), Column("备注"), Column("说明"), Column("金额", kind=CellKind.MONEY)]
    made = widths(columns, ["阿依古丽", "很长的备注" * 9, "更长的说明文字" * 9, "9,999,999.99"])
    assert made[0] >= measure("阿依古丽") + 2 * PAD
    assert made[3] >= measure("9,999,999.99") + 2 * PAD
    assert made[1] == pytest.approx(made[2])


def test_what_is_left_goes_to_texts_that_would_wrap() -> None:
    """A list of points had three lines a row beside a column of figures twice as wide as they were."""
    columns = [Column("姓名"), Column("说明"), Column("积分", kind=CellKind.POINTS)]
    rows = [["单玥", "服务三小时按办法每小时十分" * 3, "22.50"]]
    needs = column_needs(columns, rows, measure, SIZE, PAD)
    wants = column_needs(columns, rows, measure, SIZE, PAD, LONG_ROOM)
    plain = column_widths(columns, needs, TOTAL, SIZE)
    made = column_widths(columns, needs, TOTAL, SIZE, wants)
    assert sum(made) == pytest.approx(TOTAL)
    assert made[1] > plain[1] + 30
    assert made[2] < plain[2]
    assert made[2] >= needs[2]


def test_a_long_heading_over_narrow_figures_goes_in_two_lines() -> None:
    need = column_needs([Column("服务时长合计", kind=CellKind.HOURS)], [["1.5"]], measure, SIZE, PAD)
    assert need[0] == pytest.approx(measure("服务时") + 2 * PAD + 1)


def test_crowding_is_seen_before_numbers_are_squeezed() -> None:
    columns = [Column("金额", kind=CellKind.MONEY)] * 9
    needs = column_needs(columns, [["1,234,567.89"] * 9], measure, SIZE, PAD)
    assert crowded(columns, needs, TOTAL, SIZE)
    assert not crowded(columns[:6], needs[:6], TOTAL, SIZE)


COLUMN = st.builds(
    Column,
    label=st.sampled_from(["姓名", "服务时长", "备注\n说明"]),
    width=st.one_of(st.none(), st.floats(0.5, 4)),
    kind=st.sampled_from([CellKind.TEXT, CellKind.MONEY, CellKind.CODE]),
)


@given(columns=st.lists(COLUMN, min_size=1, max_size=20), data=st.data())
def test_widths_fill_the_page_and_none_vanishes(columns: list[Column], data: st.DataObject) -> None:
    row = data.draw(
        st.lists(st.text("一二12.", max_size=30), min_size=len(columns), max_size=len(columns)), label="row"
    )
    made = widths(columns, row)
    assert sum(made) == pytest.approx(TOTAL)
    assert min(made) > 0
