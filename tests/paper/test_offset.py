"""What is printed on a form printed beforehand can be moved."""

import io

import pypdfium2
import pytest

from hongyao_desktop.paper.document import Paragraph
from hongyao_desktop.paper.offset import shifted
from hongyao_desktop.paper.problem import PaperError
from hongyao_desktop.paper.render import draw
from tests.paper.papers import POINTS_PER_MM, document


def where(pdf: bytes, character: str) -> tuple[float, float]:
    """Where a character stands, points from the upper left of the page as it is read."""
    page = pypdfium2.PdfDocument(io.BytesIO(pdf))[0]
    text = page.get_textpage()
    index = text.get_text_range().index(character)
    left, bottom, _right, _top = text.get_charbox(index)
    return (bottom, left) if page.get_rotation() == 90 else (left, page.get_height() - bottom)


@pytest.mark.parametrize("landscape", [False, True])
def test_everything_moves_by_so_many_millimetres(landscape: bool) -> None:
    pdf, _ = draw(document(Paragraph("甲"), landscape=landscape))
    moved = shifted(pdf, 3, -2)
    before, after = where(pdf, "甲"), where(moved, "甲")
    assert (after[0] - before[0]) / POINTS_PER_MM == pytest.approx(3, abs=0.02)
    assert (after[1] - before[1]) / POINTS_PER_MM == pytest.approx(-2, abs=0.02)
    assert shifted(pdf, 3, -2) == moved


def test_a_way_off_the_sheet_is_refused() -> None:
    with pytest.raises(PaperError, match="最多 30 毫米"):
        shifted(b"", 31, 0)
