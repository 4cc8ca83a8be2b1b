"""Pages as pictures and their words."""

from pathlib import Path

import pytest

from hongyao_desktop.paper import preview
from hongyao_desktop.paper.document import Orientation, PageBreak, Paragraph, Title
from hongyao_desktop.paper.problem import PaperError
from hongyao_desktop.paper.render import render_pdf
from tests.paper.papers import document


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    paper = document(
        Title("志愿者名册"), Paragraph("张𬬭"), PageBreak(Orientation.LANDSCAPE), Paragraph("张𬬭在此")
    )
    render_pdf(paper, tmp_path / "a.pdf")
    return tmp_path / "a.pdf"


def test_pages_and_their_sizes(pdf: Path) -> None:
    assert preview.page_count(pdf) == 2
    upright, wide = preview.page_size(pdf, 1), preview.page_size(pdf, 2)
    assert upright == pytest.approx((595.28, 841.89), abs=0.01)
    assert wide == pytest.approx((841.89, 595.28), abs=0.01)


def test_pictures_show_the_page_as_it_is_read(pdf: Path) -> None:
    first, second = (preview.page_image(pdf, page, 72) for page in (1, 2))
    assert (first.width, first.height) == (596, 842)
    assert (second.width, second.height) == (842, 596)
    assert len(first.data) == first.stride * first.height
    assert first.stride >= 3 * first.width
    rows = [first.data[y * first.stride : y * first.stride + 3 * first.width] for y in range(first.height)]
    assert set(rows[5]) == {255}, "the margin is white"
    assert any(min(row) < 60 for row in rows[105:165]), "the title is dark"


def test_words_are_found_with_their_place_on_turned_pages_too(pdf: Path) -> None:
    hits = list(preview.find(pdf, "张𬬭"))
    assert [hit.page for hit in hits] == [1, 2]
    for hit, size in zip(hits, ((596, 842), (842, 596)), strict=True):
        left, top, right, bottom = hit.boxes[0]
        assert 0 < left < right < size[0]
        assert 0 < top < bottom < size[1]
    image = preview.page_image(pdf, 2, 72)
    left, top, right, bottom = (int(edge) for edge in hits[1].boxes[0])
    inside = [
        image.data[y * image.stride + 3 * left : y * image.stride + 3 * right] for y in range(top, bottom)
    ]
    assert any(min(row) < 100 for row in inside), "the box holds ink"
    assert list(preview.find(pdf, "")) == []
    assert "志愿者名册" in preview.page_text(pdf, 1)


def test_a_file_that_is_gone_or_broken_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PaperError, match="找不到文件"):
        preview.page_count(tmp_path / "a.pdf")
    (tmp_path / "b.pdf").write_bytes(b"not a pdf")
    with pytest.raises(PaperError, match="打不开"):
        preview.page_count(tmp_path / "b.pdf")
