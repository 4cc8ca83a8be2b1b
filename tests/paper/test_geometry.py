"""The official page, measured on the PDF to half a millimetre (GB/T 9704-2012; DOMAIN items 30 and 31)."""

import datetime as dt
import itertools
from collections import Counter

import pytest

from hongyao_desktop.paper.document import (
    Annex,
    AnnexList,
    Heading,
    Paragraph,
    Role,
    Seal,
    Spacer,
    Title,
)
from tests.paper.papers import HEAD, POINTS_PER_MM, Drawn, Mark, document, money_table

MM = POINTS_PER_MM
HALF = 0.5
FULL_LINE = "党建引领志愿服务积分兑换干部培训关爱基金为民办实事好"
PAGE = 297.0


def body(marks: list[Mark]) -> list[Mark]:
    """Characters of the text block, without the foot."""
    return [mark for mark in marks if mark.y > 35 * MM]


@pytest.fixture(scope="module")
def full_page() -> list[Mark]:
    text = (FULL_LINE * 2)[:28]
    with Drawn(document(Paragraph(text * 50, Role.FLUSH))) as drawn:
        return body(list(drawn.marks(1)))


def test_a_page_holds_22_lines_of_28_characters(full_page: list[Mark]) -> None:
    lines = Counter(round(mark.y, 1) for mark in full_page)
    assert len(lines) == 22
    assert set(lines.values()) == {28}


def test_the_text_block_lies_at_37_28_26_35_millimetres(full_page: list[Mark]) -> None:
    advance = 156 / 28
    assert min(mark.x for mark in full_page) / MM == pytest.approx(28, abs=HALF)
    assert max(mark.x for mark in full_page) / MM + advance == pytest.approx(210 - 26, abs=HALF)
    # The middle of an ideograph stands 0.38 of its 16 pt above the baseline and in the middle of its line.
    middles = sorted({mark.y + 0.38 * 16 for mark in full_page})
    assert PAGE - (middles[-1] / MM + 225 / 44) == pytest.approx(37, abs=HALF)
    assert middles[0] / MM - 225 / 44 == pytest.approx(35, abs=HALF)


def test_lines_are_28_99_points_apart_and_characters_15_79(full_page: list[Mark]) -> None:
    baselines = sorted({round(mark.y, 2) for mark in full_page})
    assert {round(b - a, 1) for a, b in itertools.pairwise(baselines)} == {29.0}
    assert (baselines[-1] - baselines[0]) / 21 == pytest.approx(28.99, abs=0.01)
    line = sorted(mark.x for mark in full_page if round(mark.y, 2) == baselines[5])
    assert (line[-1] - line[0]) / 27 == pytest.approx(15.79, abs=0.01)


def test_the_text_stays_on_the_grid_below_a_title_and_a_table() -> None:
    with Drawn(
        document(Title("工作情况汇总"), money_table([1, 2, 3]), Spacer(), Paragraph("下面的正文。"))
    ) as drawn:
        marks = list(drawn.marks(1))
    top = (PAGE - 37) * MM
    for mark in marks:
        if mark.character in "下面的正文":
            line = (top - (mark.y + 0.38 * 16)) / (225 * MM / 22) - 0.5
            assert line == pytest.approx(round(line), abs=0.03)


def test_paragraphs_are_indented_by_two_characters_and_headings_too() -> None:
    with Drawn(
        document(Heading(1, "甲"), Heading(2, "乙"), Paragraph("丙"), Paragraph("丁", Role.FLUSH))
    ) as drawn:
        left = {mark.character: mark.x / MM for mark in reversed(list(drawn.marks(1)))}
    indent = 28 + 2 * 156 / 28
    assert left["一"] == pytest.approx(indent, abs=HALF)
    assert left["丙"] == pytest.approx(indent, abs=HALF)
    assert left["丁"] == pytest.approx(28, abs=HALF)


def test_digits_take_half_a_character_so_that_the_grid_holds() -> None:
    with Drawn(document(Paragraph("共2026年" * 4, Role.FLUSH))) as drawn:
        xs = [mark.x for mark in body(list(drawn.marks(1))) if mark.character == "共"]
    assert {round((b - a) / (156 * MM / 28), 2) for a, b in itertools.pairwise(xs)} == {4.0}


def page_numbers(pages: int) -> list[tuple[float, float]]:
    """Left and right edge of the page number's dashes on each page, in mm."""
    found = []
    with Drawn(document(Paragraph("字" * 28 * 22 * pages, Role.FLUSH))) as drawn:
        for page in range(1, pages + 1):
            dashes = [mark for mark in drawn.marks(page) if mark.character == "—"]
            assert len(dashes) == 2
            found.append((dashes[0].x / MM, (dashes[1].x + 14) / MM))
    return found


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages_one_character_in() -> None:
    one = 14 / MM
    for number, (left, right) in enumerate(page_numbers(3), 1):
        if number % 2:
            assert right == pytest.approx(184 - one, abs=HALF)
        else:
            assert left == pytest.approx(28 + one, abs=HALF)


def test_the_dash_of_the_page_number_lies_7_millimetres_below_the_text() -> None:
    with Drawn(document(Paragraph("甲"))) as drawn:
        top = drawn.ink_box(1, "—")[3]
        assert "— 1 —" in drawn.pages[0]
    assert 35 - top / MM == pytest.approx(7, abs=HALF)


def test_the_foot_names_run_chain_head_and_pages_in_the_margin() -> None:
    with Drawn(document(Paragraph("字" * 28 * 30, Role.FLUSH))) as drawn:
        for number, words in enumerate(drawn.pages, 1):
            assert "李静（录入） 2026-10-08 14:03 打印" in words
            assert HEAD[:12] in words
            assert HEAD[:13] not in words
            assert (
                f"共 2 页\u3000第 {number} 页" in words.replace("\n", "\u3000") or f"第 {number} 页" in words
            )
            assert "共 2 页" in words
        assert all(mark.y > 8 * MM for mark in drawn.marks(1))


def test_a_wide_page_is_the_upright_sheet_turned_with_its_number_where_it_was() -> None:
    with Drawn(document(Paragraph("字" * 40 * 15, Role.FLUSH), landscape=True)) as drawn:
        assert drawn.size(1) == pytest.approx((297 * MM, 210 * MM), abs=0.1)
        marks = list(drawn.marks(1))
        # Coordinates are the upright sheet's: text runs upwards, its first line at the left (binding) edge.
        text = [mark for mark in marks if mark.character == "字"]
        assert min(mark.y for mark in text) / MM == pytest.approx(35, abs=HALF)
        assert max(mark.y for mark in text) / MM < 297 - 37
        assert min(mark.x for mark in text) / MM > 28
        assert max(mark.x for mark in text) / MM < 210 - 26
        dashes = [mark for mark in marks if mark.character == "—"]
        assert (dashes[1].x + 14) / MM == pytest.approx(184 - 14 / MM, abs=HALF)
        assert drawn.ink_box(1, "—")[3] / MM == pytest.approx(28, abs=HALF)


@pytest.mark.parametrize("sealed", [True, False])
def test_issuer_and_date_stand_as_the_standard_says(sealed: bool) -> None:
    day = dt.date(2026, 3, 5)
    with Drawn(document(Paragraph("甲。"), Seal("中共水湾社区委员会", day, sealed=sealed))) as drawn:
        marks = body(list(drawn.marks(1)))
        assert "2026年3月5日" in drawn.words
    one = 156 / 28
    issuer = [mark for mark in marks if mark.character in "中共水湾社区委员会"]
    last = next(mark for mark in marks if mark.character == "日")
    first = min((m for m in marks if m.character == "2"), key=lambda m: m.x)
    if sealed:
        assert last.x / MM + one == pytest.approx(184 - 4 * one, abs=HALF)
        middle = (issuer[0].x + issuer[-1].x + one * MM) / 2
        assert middle == pytest.approx((first.x + last.x + one * MM) / 2, abs=HALF * MM)
    else:
        assert issuer[-1].x / MM + one == pytest.approx(184 - 2 * one, abs=HALF)
        assert first.x == pytest.approx(issuer[0].x + 2 * one * MM, abs=HALF * MM)


def test_an_annex_starts_a_page_with_its_label_at_the_left_and_its_title_on_the_third_line() -> None:
    with Drawn(document(Paragraph("甲"), AnnexList(("名册", "汇总")), Annex("名册", 1))) as drawn:
        assert "附件：1. 名册\n2. 汇总" in drawn.pages[0]
        marks = {mark.character: mark for mark in drawn.marks(2)}
    assert marks["附"].x / MM == pytest.approx(28, abs=HALF)
    line = ((297 - 37) - (marks["册"].y + 0.38 * 22) / MM) / (225 / 22)
    assert line == pytest.approx(2.5, abs=0.15)
    assert (marks["名"].x + marks["册"].x + 22) / 2 / MM == pytest.approx(28 + 78, abs=HALF)
