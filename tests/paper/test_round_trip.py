"""Every character of the standard list and of the Extensions A to I, through the paper and out again with pdftotext."""

import re
import subprocess
from pathlib import Path

import pytest

from hongyao_desktop.paper import fonts
from hongyao_desktop.paper.document import Document, Foot, Meta, PageNumber, Paragraph, Role
from hongyao_desktop.paper.render import render_pdf
from tests.paper.papers import MOMENT
from tests.paper.test_fonts import STANDARD

BLOCKS = {
    "A": (0x3400, 0x4DBF, 0),
    "B": (0x20000, 0x2A6DF, 0),
    "C": (0x2A700, 0x2B739, 0),
    "D": (0x2B740, 0x2B81D, 0),
    "E": (0x2B820, 0x2CEA1, 0),
    "F": (0x2CEB0, 0x2EBE0, 0),
    "G": (0x30000, 0x3134A, 1609),
    "H": (0x31350, 0x323AF, 1825),
    "I": (0x2EBF0, 0x2EE5D, 0),
}
"""First and last character of each extension, and how many of it no free font draws yet."""


def read_back(text: str, pdf: Path) -> str:
    """The words of a paper of this text alone, as poppler reads them, without blanks."""
    lengths = range(0, len(text), 2800)
    blocks = tuple(Paragraph(text[start : start + 2800], Role.FLUSH) for start in lengths)
    foot = Foot(number=PageNumber.NONE)
    render_pdf(Document("字", blocks, meta=Meta(MOMENT), foot=foot), pdf)
    said = subprocess.run(["pdftotext", "-q", str(pdf), "-"], capture_output=True, text=True, check=True)
    return re.sub(r"\s", "", said.stdout)


@pytest.mark.needs("pdftotext")
def test_the_standard_list_comes_out_as_it_went_in(tmp_path: Path) -> None:
    text = "".join(STANDARD)
    assert fonts.missing(text) == ()
    assert read_back(text, tmp_path / "a.pdf") == text


@pytest.mark.needs("pdftotext")
@pytest.mark.parametrize("block", BLOCKS)
def test_an_extension_comes_out_as_it_went_in_or_as_code_points(block: str, tmp_path: Path) -> None:
    first, last, without = BLOCKS[block]
    text = "".join(map(chr, range(first, last + 1)))
    missing = set(fonts.missing(text))
    assert len(missing) == without
    expected = "".join(f"[U+{ord(one):04X}]" if one in missing else one for one in text)
    assert read_back(text, tmp_path / "a.pdf") == expected
