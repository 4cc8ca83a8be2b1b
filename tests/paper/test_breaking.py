"""Line breaking: vectors by hand, and properties that hold for any text."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.paper.breaking import NO_END, NO_START, Atom, SetLine, atoms, break_lines


def measure(text: str) -> float:
    return sum(0.5 if ord(character) < 0x2000 else 1.0 for character in text)


def lines(text: str, width: float, **more: float) -> list[SetLine]:
    return break_lines(atoms(text, measure), width, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一二三四五六七八九十一二", ["一二三四五六七八九十", "一二"]),
        # the comma is drawn back: half of it is blank, the gaps give the rest
        ("一二三四五六七八九十，一二三", ["一二三四五六七八九十，", "一二三"]),
        # two closing marks in a row are drawn back together when other marks can give room
        ("一二三四五六“七八九”。一二", ["一二三四五六“七八九”。", "一二"]),
        # one mark cannot: the character before goes along
        ("一二三四五六七八九十”。二三", ["一二三四五六七八九", "十”。二三"]),
        # an opening mark does not end a line
        ("一二三四五六七八九（十）一", ["一二三四五六七八九", "（十）一"]),
        # numbers and words stay whole
        ("一二三四五六七八1,234.50元", ["一二三四五六七八", "1,234.50元"]),
        ("一二三四五六七八ABCDEF中", ["一二三四五六七八", "ABCDEF中"]),
        # 破折号 and 省略号 are one piece
        ("一二三四五六七八九——十", ["一二三四五六七八九", "——十"]),
        ("一二三四五六七八九……十", ["一二三四五六七八九", "……十"]),
        # a line break in the text is kept, an empty line too
        ("一\n\n二", ["一", "", "二"]),
        # percent signs hang on to their number
        ("一二三四五六七增长12.5%的", ["一二三四五六七增长", "12.5%的"]),
        # blanks vanish at the end of a line
        ("ABCDE FGHIJ KLMNO PQRST UV", ["ABCDE FGHIJ KLMNO", "PQRST UV"]),
    ],
)
def test_vectors(text: str, expected: list[str]) -> None:
    assert [line.text for line in lines(text, 10)] == expected


def test_an_indented_first_line_holds_less() -> None:
    assert [line.text for line in lines("一二三四五六", 4, first=2)] == ["一二", "三四五六"]


def test_a_line_that_goes_on_is_set_to_the_full_width() -> None:
    first = lines("一二三四五六七八九（十）一", 10)[0]
    assert first.width == pytest.approx(10)
    assert [round(piece.x, 3) for piece in first.placed] == [round(index * 1.125, 3) for index in range(9)]


def test_the_last_line_is_not_stretched() -> None:
    assert lines("一二三", 10)[0].width == pytest.approx(3)


def test_a_line_is_rather_ragged_than_torn() -> None:
    first = lines("一二三四ABCDEFGHIJKLMNOPQR", 10)[0]
    assert first.width == pytest.approx(4)


def test_a_word_longer_than_the_line_is_cut_by_the_caller() -> None:
    def cut(piece: Atom, room: float) -> tuple[Atom, Atom]:
        count = int(room / 0.5)
        return Atom(piece.text[:count], room), Atom(piece.text[count:], measure(piece.text[count:]))

    broken = break_lines(atoms("ABCDEFGHIJKLMNOPQRSTUVWXYZ", measure), 5, cut=cut)
    assert [line.text for line in broken] == ["ABCDEFGHIJ", "KLMNOPQRST", "UVWXYZ"]


TEXTS = st.text(alphabet=st.sampled_from("一二三四，。（）“”、：12AB.%—… "), max_size=80)


@given(text=TEXTS, width=st.integers(6, 24))
def test_nothing_is_lost_but_blanks_at_line_ends(text: str, width: int) -> None:
    joined = "".join(line.text for line in lines(text, width))
    assert joined.replace(" ", "") == text.replace(" ", "")


@given(text=TEXTS, width=st.integers(12, 28))
def test_no_line_is_wider_than_the_page(text: str, width: int) -> None:
    for line in lines(text, width):
        if len(line.placed) > 1:
            assert line.width <= width + 0.001


@given(
    text=st.lists(
        st.sampled_from(
            ["党建", "引领，", "（试行）", "“双报到”。", "2026年", "志愿服务、", "12.5%；", "——"]
        ),
        min_size=1,
        max_size=30,
    ),
    width=st.integers(14, 28),
)
def test_no_mark_stands_where_it_may_not(text: list[str], width: int) -> None:
    broken = [line.text for line in lines("".join(text), width)]
    for before, after in itertools.pairwise(broken):
        assert after[0] not in NO_START, broken
        assert before[-1] not in NO_END, broken


@given(text=TEXTS, width=st.integers(12, 28))
def test_pieces_never_overlap_by_more_than_their_blank(text: str, width: int) -> None:
    for line in lines(text, width):
        for left, right in zip(line.placed, line.placed[1:], strict=False):
            assert right.x >= left.x + left.atom.width / 2 - 0.1
