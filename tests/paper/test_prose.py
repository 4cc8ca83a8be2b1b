"""Titles, headings, paragraphs."""

import pytest

from hongyao_desktop.paper.document import (
    Annex,
    AnnexList,
    Chart,
    ChartKind,
    Column,
    HeadGroup,
    Heading,
    Note,
    Paragraph,
    QrCode,
    Role,
    Seal,
    Series,
    SignatureRow,
    Spacer,
    Table,
    Title,
)
from hongyao_desktop.paper.preflight import preflight
from hongyao_desktop.paper.prose import Numbers, chinese_number
from tests.paper.papers import MOMENT, NO_GLYPH, POINTS_PER_MM, Drawn, document

MM = POINTS_PER_MM


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九")],
)
def test_heading_numbers(number: int, expected: str) -> None:
    assert chinese_number(number) == expected


def test_a_higher_heading_starts_the_lower_ones_anew() -> None:
    numbers = Numbers()
    assert [numbers.next(level) for level in (1, 2, 2, 3, 4, 1, 2, 3)] == [
        "一、",
        "（一）",
        "（二）",
        "1.",
        "（1）",
        "二、",
        "（一）",
        "1.",
    ]


def test_lines_of_a_title_that_are_given_are_kept_and_centred() -> None:
    with Drawn(document(Title(lines=("样例街道党工委", "关于甲乙丙丁的报告")))) as drawn:
        assert drawn.pages[0].startswith("样例街道党工委\n关于甲乙丙丁的报告")
        marks = {mark.character: mark for mark in drawn.marks(1)}
    for first, last in (("样", "委"), ("关", "告")):
        assert (marks[first].x + marks[last].x + 22) / 2 / MM == pytest.approx(28 + 78, abs=0.3)


def test_a_line_of_a_title_that_is_too_long_is_narrowed_not_cut() -> None:
    with Drawn(document(Title(lines=("很长的标题一行写不下" * 4,)))) as drawn:
        assert drawn.words.count("很长的标题一行写不下") == 4
        assert max(mark.right for mark in drawn.marks(1)) < 185 * MM


@pytest.mark.parametrize(
    ("role", "middle"), [(Role.CENTER, 106.0), (Role.KAI, 106.0), (Role.RIGHT, 184 - 3.5 * 156 / 28)]
)
def test_centred_and_right_paragraphs(role: Role, middle: float) -> None:
    with Drawn(document(Paragraph("甲乙丙", role))) as drawn:
        mark = next(mark for mark in drawn.marks(1) if mark.character == "乙")
    assert (mark.x + 8) / MM == pytest.approx(middle, abs=0.5)


def test_a_word_longer_than_a_line_is_cut_inside_the_page() -> None:
    with Drawn(document(Paragraph("网址" + "abcdefghij" * 20))) as drawn:
        assert drawn.words.count("abcdefghij") == 20
        assert max(mark.right for mark in drawn.marks(1)) < 185 * MM


def test_a_line_break_in_a_paragraph_is_kept() -> None:
    with Drawn(document(Paragraph("甲\n乙", Role.FLUSH))) as drawn:
        assert drawn.pages[0].startswith("甲\n乙")


def test_a_heading_that_runs_in_shares_the_line_of_its_paragraph() -> None:
    with Drawn(document(Heading(2, "积分。", runs_in=True), Paragraph("全年发放"))) as drawn:
        assert drawn.pages[0].startswith("（一）积分。全年发放")


def test_empty_lines_move_what_follows() -> None:
    ys = []
    for lines in (0, 3):
        with Drawn(document(Spacer(lines), Paragraph("甲"))) as drawn:
            ys.append(next(mark.y for mark in drawn.marks(1) if mark.character == "甲"))
    assert ys[0] - ys[1] == pytest.approx(3 * 28.99, abs=0.1)


def test_signature_labels_get_a_colon_unless_they_bring_a_value() -> None:
    with Drawn(document(SignatureRow(("制表人：李静", "审核人"), 2))) as drawn:
        assert "制表人：李静" in drawn.pages[0]
        assert "审核人：" in drawn.pages[0]


def test_the_check_before_printing_looks_everywhere() -> None:
    bad = f"甲{NO_GLYPH}"
    table = Table(
        (Column(f"姓{NO_GLYPH}"),),
        [(bad,)],
        name="表",
        head_groups=(HeadGroup(bad),),
        totals=(bad,),
        caption_left=bad,
    )
    paper = document(
        Title(bad),
        Heading(1, bad),
        Paragraph(bad),
        Note(bad),
        SignatureRow((bad,)),
        AnnexList((bad,)),
        Annex(bad),
        Seal(bad, MOMENT.date()),
        QrCode("1", bad),
        Chart(ChartKind.BAR, bad, ("一月",), (Series("人次", (1,)),)),
        table,
    )
    places = [item.where for item in preflight(paper)]
    assert len(places) == 10 + 5
    with Drawn(paper) as drawn:
        assert {item.text for item in drawn.rendered.missing} >= {bad, f"姓{NO_GLYPH}"}
        assert drawn.words.count("[U+31353]") >= 15
