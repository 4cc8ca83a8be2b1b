"""Tables over pages: nothing lost, nothing split, sums that agree, nothing left alone on the last page."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hongyao_desktop.core.fields import Align, CellKind
from hongyao_desktop.core.money import format_fen
from hongyao_desktop.paper.cells import Cell
from hongyao_desktop.paper.document import (
    Band,
    Column,
    Fill,
    HeadGroup,
    Line,
    Note,
    Paragraph,
    Role,
    SignatureRow,
    Sum,
    Table,
    Title,
    serial_column,
)
from hongyao_desktop.paper.problem import PaperError
from tests.paper.papers import Drawn, document, money_table

NUMBER = r"(-?[\d,]+\.\d\d)"
SIGNED = SignatureRow(("制表人", "审核人", "日期"))


def amounts_after(label: str, page: str) -> list[int]:
    return [int(text.replace(",", "").replace(".", "")) for text in re.findall(rf"{label}\s*{NUMBER}", page)]


def sourced(texts: list[str], **more: Any) -> Table:
    columns = (Column("序号", 0.6), Column("备注", 2), Column("金额", 1, kind=CellKind.MONEY))
    rows = [Line((str(index), text, index), f"row {index}") for index, text in enumerate(texts, 1)]
    return Table(columns, rows, **more)


@settings(max_examples=25)
@given(
    texts=st.lists(st.sampled_from(["", "短", "长一些的备注" * 6, "很长的备注文字" * 25]), max_size=90),
    before=st.integers(0, 20),
    subtotal=st.booleans(),
)
def test_rows_stay_whole_in_order_and_inside_the_page(texts: list[str], before: int, subtotal: bool) -> None:
    lead = Paragraph("字" * 28 * before, Role.FLUSH) if before else Title("标题")
    table = sourced(texts, page_subtotal=subtotal, total_label="合计")
    with Drawn(document(lead, table, Note("注：略。"), SIGNED)) as drawn:
        spots = drawn.rendered.spots
        pages = drawn.pages
    assert [spot.source for spot in spots] == [f"row {index}" for index in range(1, len(texts) + 1)]
    for above, below in itertools.pairwise(spots):
        assert (above.page, above.bottom) <= (below.page, below.top + 0.01)
    for spot in spots:
        assert spot.top >= 37 * 72 / 25.4 - 0.1
        assert spot.bottom <= (297 - 35) * 72 / 25.4 + 0.1
    with_rows = {spot.page for spot in spots}
    for number in with_rows:
        assert "备注" in pages[number - 1], "the head is repeated"
    # the last rows, the total and the signatures share a page
    assert "合计" in pages[-1]
    assert "制表人" in pages[-1]
    if texts:
        assert max(with_rows) == len(pages)


@settings(max_examples=25)
@given(amounts=st.lists(st.integers(-99_999_99, 99_999_999_99), max_size=120))
def test_page_subtotals_add_up_to_the_total(amounts: list[int]) -> None:
    with Drawn(document(money_table(amounts, page_subtotal=True, total_label="合计"), SIGNED)) as drawn:
        pages = drawn.pages
    subtotals = [amounts_after("本页小计", page) for page in pages]
    assert amounts_after("合计", pages[-1]) == [sum(amounts)]
    if len(pages) == 1:
        assert subtotals == [[]]
    else:
        assert all(len(found) == 1 for found in subtotals)
        assert sum(found[0] for found in subtotals) == sum(amounts)


def test_carry_lines_hand_the_sum_from_page_to_page() -> None:
    amounts = [100 * index for index in range(1, 81)]
    with Drawn(document(money_table(amounts, carry=True, total_label="合计"))) as drawn:
        pages = drawn.pages
    assert len(pages) > 2
    for page, following in itertools.pairwise(pages):
        assert amounts_after("过次页", page) == amounts_after("承前页", following)
        assert len(amounts_after("过次页", page)) == 1
    assert amounts_after("承前页", pages[0]) == []
    assert amounts_after("过次页", pages[-1]) == []
    assert amounts_after("合计", pages[-1]) == [sum(amounts)]


def test_a_running_balance_carries_its_last_value_and_bands_are_not_counted() -> None:
    rows: list[Any] = []
    for index in range(1, 61):
        rows.append((f"第{index}笔", 100, index * 100))
        if index % 20 == 0:
            rows.append(Band(("本月合计", 2000, index * 100)))
    columns = (
        Column("摘要", 2),
        Column("收入", 1, kind=CellKind.MONEY),
        Column("结余", 1, kind=CellKind.MONEY, sum=Sum.LAST),
    )
    with Drawn(document(Table(columns, rows, carry=True, total_label="本年累计"))) as drawn:
        last = drawn.pages[-1]
        first = drawn.pages[0]
    assert re.search(r"本年累计\s+60\.00\s+60\.00", last)
    carried = re.search(rf"过次页\s+{NUMBER}\s+{NUMBER}", first)
    assert carried
    assert carried[1] == carried[2]


@pytest.mark.parametrize("before", range(24, 34))
def test_no_page_begins_with_sums_of_a_month(before: int) -> None:
    """The line that makes room for 过次页 was 本年累计, and went over alone with the row behind it."""
    columns = (
        Column("摘要"),
        Column("收入", kind=CellKind.MONEY),
        Column("结余", kind=CellKind.MONEY, sum=Sum.LAST),
    )
    rows: list[Any] = [("收入", 100, place * 100) for place in range(1, before + 1)]
    rows += [Band(("本月合计", before * 100, before * 100)), Band(("本年累计", before * 100, before * 100))]
    rows += [("下月收入", 100, (before + place) * 100) for place in range(1, 9)]
    with Drawn(document(Table(columns, rows, carry=True))) as drawn:
        assert len(drawn.pages) == 2
        first = drawn.pages[1].partition("承前页")[2].splitlines()[1]
    assert "收入" in first


def test_given_totals_that_do_not_agree_stop_the_paper() -> None:
    table = money_table([100, 200], totals=("合计", None, 301))
    with pytest.raises(PaperError, match=r"“金额”一栏各行相加是 3\.00，合计却是 3\.01"):
        Drawn(document(table))
    with Drawn(document(money_table([100, 200], totals=("合计", None, 300)))) as drawn:
        assert amounts_after("合计", drawn.pages[0]) == [300]


@pytest.mark.parametrize("count", range(20, 36))
def test_a_table_that_just_fits_needs_no_second_page_and_no_subtotal(count: int) -> None:
    with Drawn(document(money_table([1] * count, page_subtotal=True))) as drawn:
        pages = drawn.pages
    if len(pages) == 1:
        assert "本页小计" not in pages[0]
    else:
        assert len(pages) == 2
        assert all("本页小计" in page for page in pages)
        assert count > 30


def test_columns_keep_their_decimal_points_in_line_and_digits_alike() -> None:
    with Drawn(document(money_table([5, 123456789, 100]))) as drawn:
        points = [mark.x for mark in drawn.marks(1) if mark.character == "." and mark.y > 100]
    assert len(points) == 3
    assert max(points) - min(points) < 0.05


def test_two_head_rows_are_repeated_with_their_merged_cells() -> None:
    columns = (
        Column("姓名", 2),
        Column("签到", 1, kind=CellKind.HOURS),
        Column("补录", 1, kind=CellKind.HOURS),
        Column("备注", 1),
    )
    table = Table(
        columns,
        [(f"张{index}", 90, 30, None) for index in range(60)],
        head_groups=(HeadGroup(""), HeadGroup("服务时长（小时）", 2), HeadGroup("")),
    )
    with Drawn(document(table)) as drawn:
        for number, page in enumerate(drawn.pages, 1):
            assert "服务时长（小时）" in page
            marks = list(drawn.marks(number))
            name = next(mark for mark in marks if mark.character == "姓")
            group = next(mark for mark in marks if mark.character == "时")
            sign = next(mark for mark in marks if mark.character == "签")
            assert sign.y < name.y < group.y
            assert name.y == pytest.approx((sign.y + group.y) / 2, abs=0.1)


def test_long_text_wraps_and_long_numbers_are_narrowed_never_cut() -> None:
    columns = (Column("备注", 1), Column("金额", 0.4, kind=CellKind.MONEY), Column("其他", 6))
    text = "这是一条很长的备注，需要写成好几行才能放下。"
    with Drawn(document(Table(columns, [(text, 99_999_999_999, None)]))) as drawn:
        assert text in drawn.words
        assert "999,999,999.99" in drawn.words
        right = (28 + 156 * 1.4 / 7.4) * 72 / 25.4
        digits = [mark for mark in drawn.marks(1) if mark.character in "9,." and mark.y > 200]
        assert max(mark.right for mark in digits) <= right + 0.5


def test_a_row_higher_than_a_page_goes_on_instead_of_failing() -> None:
    text = "很长的一段说明文字，" * 400
    with Drawn(
        document(Table((Column("说明", 1), Column("人", 1)), [(text, "张伟"), ("短", "李静")]))
    ) as drawn:
        assert drawn.rendered.pages > 2
        assert drawn.words.count("很长的一段说明文字，") == 400
        assert drawn.words.count("张伟") == 1
        assert "李静" in drawn.pages[-1]


def test_an_empty_table_says_so() -> None:
    with Drawn(document(money_table([], empty_text="本期无记录"))) as drawn:
        assert "本期无记录" in drawn.pages[0]


def test_empty_rows_fill_the_page_and_are_struck_through() -> None:
    with Drawn(document(money_table([100, 200], fill=Fill.STRUCK, total_label="合计"), SIGNED)) as drawn:
        marks = list(drawn.marks(1))
        assert drawn.rendered.pages == 1
    total = next(mark for mark in marks if mark.character == "合")
    made = next(mark for mark in marks if mark.character == "制")
    assert total.y < 120 * 72 / 25.4, "the total stands under the empty rows"
    assert made.y < total.y


def test_blank_rows_give_room_to_write() -> None:
    table = Table((serial_column(), Column("签名", 3)), [(1, None)], blank_rows=4, row_height=12)
    with Drawn(document(table, Paragraph("下文"))) as drawn:
        marks = list(drawn.marks(1))
    head = next(mark for mark in marks if mark.character == "签")
    after = next(mark for mark in marks if mark.character == "下")
    assert (head.y - after.y) / 72 * 25.4 > 5 * 12


def test_captions_stand_left_and_right_on_every_page() -> None:
    table = money_table([1] * 60, caption_left="填报单位：水湾社区", caption_right="单位：元")
    with Drawn(document(table)) as drawn:
        assert drawn.rendered.pages == 2
        for page in drawn.pages:
            assert "填报单位：水湾社区" in page
            assert "单位：元" in page


def test_lazy_rows_are_read_anew_each_time() -> None:
    class Rows:
        read = 0

        def __iter__(self) -> Iterator[tuple[Cell, ...]]:
            self.read += 1
            for index in range(100):
                yield (f"张{index}", index * 50)

    rows = Rows()
    table = Table((Column("姓名"), Column("积分", kind=CellKind.POINTS)), rows, total_label="合计")
    with Drawn(document(table)) as drawn:
        assert "张99" in drawn.words
        assert "2,475.00" in drawn.words.replace(" ", "") or "2,475" in drawn.words
    assert rows.read == 3  # once for the checksum, once for widths, once for drawing


def test_unmeasured_columns_keep_names_whole_and_give_the_rest_to_remarks() -> None:
    columns = (serial_column(), Column("姓名"), Column("金额", kind=CellKind.MONEY), Column("备注"))
    rows = [(1, "阿依古丽·买买提", 123456, "备注很长" * 20)]
    with Drawn(document(Table(columns, rows))) as drawn:
        marks = list(drawn.marks(1))
    first = next(mark for mark in marks if mark.character == "阿")
    last = next(mark for mark in marks if mark.character == "提")
    assert first.y == pytest.approx(last.y)


def test_money_in_wide_sums_is_bold_and_centred_labels_span() -> None:
    table = Table(
        (serial_column(), Column("姓名", 2), Column("金额", 1, kind=CellKind.MONEY)),
        [(1, "张伟", 100)],
        total_label="合计",
    )
    with Drawn(document(table)) as drawn:
        marks = list(drawn.marks(1))
        assert format_fen(100) in drawn.words
    total = next(mark for mark in marks if mark.character == "合")
    assert table.columns[0].aligned is Align.CENTER
    assert total.x > 28 * 72 / 25.4 + 20


def test_a_row_with_too_few_cells_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="row 1 of a table has 1 cells for 3 columns"):
        Drawn(document(Table((Column("甲"), Column("乙"), Column("丙")), [("一",)])))


def test_many_columns_get_a_smaller_type_instead_of_squeezed_numbers() -> None:
    few = tuple(Column("金额", kind=CellKind.MONEY) for index in range(4))
    many = tuple(Column("金额", kind=CellKind.MONEY) for index in range(12))
    sizes = []
    for columns in (few, many):
        table = Table(columns, [tuple([12_345] * len(columns))])
        with Drawn(document(table)) as drawn:
            marks = [mark for mark in drawn.marks(1) if mark.character == "5" and mark.y > 200]
            sizes.append(marks[0].top - marks[0].bottom)
            assert drawn.words.count("123.45") == len(columns)
            lefts = [mark.x for mark in marks]
            assert len(set(lefts)) == len(columns)
    assert sizes[1] < sizes[0] * 0.9


def test_measured_columns_have_room_for_their_sums() -> None:
    columns = (Column("姓名"), Column("备注"), Column("金额", kind=CellKind.MONEY))
    rows = [("张伟", "很长的备注" * 10, 999_999_99)] * 99
    with Drawn(document(Table(columns, rows, total_label="合计"))) as drawn:
        marks = [mark for mark in drawn.marks(drawn.rendered.pages) if mark.character == "9" and mark.y > 200]
        assert "98,999,999.01" in drawn.words
    widths = {round(mark.right - mark.left, 1) for mark in marks}
    assert max(widths) - min(widths) < 0.4, "no digit is narrowed"


@pytest.mark.parametrize("together", [True, False])
def test_a_short_table_may_ask_to_stay_on_one_page(together: bool) -> None:
    table = money_table([100] * 9, together=together, total_label="合计")
    with Drawn(document(Paragraph("字" * 28 * 17, Role.FLUSH), table)) as drawn:
        pages = drawn.pages
    assert len(pages) == 2
    assert ("姓名1" in pages[0]) is not together
    assert "姓名9" in pages[1]


def test_a_long_table_that_asks_to_stay_together_still_goes_over_pages() -> None:
    table = money_table([100] * 90, together=True)
    with Drawn(document(Paragraph("字" * 28 * 5, Role.FLUSH), table)) as drawn:
        assert "姓名1" in drawn.pages[0]
        assert drawn.rendered.pages == 3


def test_a_note_stays_with_the_last_rows_of_its_table() -> None:
    for count in range(20, 60):
        table = Table((Column("姓名"),), [(f"张{index}",) for index in range(count)], name="表")
        with Drawn(document(table, Note("名次规则：同分同名次。"))) as drawn:
            last = drawn.pages[-1]
        assert "名次规则" in last
        assert f"张{count - 1}" in last, count
