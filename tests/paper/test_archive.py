"""PDF/A-2b and passwords."""

import io
from pathlib import Path

import pikepdf
import pytest

from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.paper import archive
from hongyao_desktop.paper.document import (
    Chart,
    ChartKind,
    Heading,
    Orientation,
    PageBreak,
    Paragraph,
    QrCode,
    Seal,
    Series,
    SignatureRow,
    Title,
)
from hongyao_desktop.paper.problem import PaperError
from hongyao_desktop.paper.render import draw
from tests.paper.papers import MOMENT, NO_GLYPH, RARE, document, money_table


@pytest.fixture(scope="module")
def pdf() -> bytes:
    paper = document(
        Title(f"测试{RARE}材料"),
        Heading(1, f"甲{RARE}"),
        Heading(2, f"乙{RARE}"),
        Paragraph(f"正文{RARE}{NO_GLYPH}，共12人。"),
        money_table([1, 2, 3], page_subtotal=True, total_label="合计"),
        SignatureRow(("制表人",)),
        Chart(ChartKind.BAR, "图", ("甲", "乙"), (Series("一", (100, 250)),), cell=CellKind.POINTS),
        QrCode("HONGYAO:1", "扫码核对"),
        Seal("水湾社区", MOMENT.date()),
        PageBreak(Orientation.LANDSCAPE),
        money_table([1]),
    )
    return draw(paper)[0]


def test_a_paper_with_everything_passes_as_pdf_a(pdf: bytes) -> None:
    assert archive.archive_findings(archive.archived(pdf)) == ()


def test_archiving_the_same_paper_gives_the_same_bytes(pdf: bytes) -> None:
    assert archive.archived(pdf) == archive.archived(pdf)


def test_the_check_sees_a_missing_glyph(pdf: bytes) -> None:
    """The judge is not blind: a code without a glyph fails."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        content = page.Contents.read_bytes().replace(b") Tj", b"\\000) Tj", 1)
        page.Contents = document.make_stream(content)
        buffer = io.BytesIO()
        document.save(buffer)
    with pytest.raises(PaperError, match="归档格式"):
        archive.archived(buffer.getvalue())


def test_a_locked_paper_opens_only_with_its_password(pdf: bytes, tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    archive.save_locked(pdf, out, "口令123")
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(out)
    with pikepdf.open(out, password="口令123") as opened:
        assert opened.encryption.R == 6
        assert opened.encryption.bits == 256


def test_an_empty_password_is_refused(pdf: bytes, tmp_path: Path) -> None:
    with pytest.raises(PaperError, match="没有填写打开密码"):
        archive.save_locked(pdf, tmp_path / "a.pdf", "")
    assert list(tmp_path.iterdir()) == []


def test_a_broken_file_is_a_sentence() -> None:
    with pytest.raises(PaperError, match="已损坏"):
        archive.archived(b"not a pdf")
