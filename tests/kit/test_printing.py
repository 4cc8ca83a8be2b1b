"""Pages on a printer: geometry to half a millimetre, ranges, turned sheets."""

from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from hongyao_desktop.kit.printing import print_pages

DPI = 150


class Sheets:
    """Two upright sheets and a wide one, with a mark of 20 × 10 mm at 37 mm from the head, 28 mm from the left."""

    def count(self) -> int:
        return 3

    def size(self, page: int) -> tuple[float, float]:
        return (842.0, 595.0) if page == 3 else (595.0, 842.0)

    def draw(self, page: int, dpi: float) -> "Pixels":
        wide, high = (297, 210) if page == 3 else (210, 297)
        return Pixels(wide, high, dpi / 25.4)


class Pixels:
    """A white sheet with the mark."""

    def __init__(self, wide: int, high: int, per_mm: float) -> None:
        self.width, self.height, self.stride = (
            round(wide * per_mm),
            round(high * per_mm),
            3 * round(wide * per_mm),
        )
        left, right = round(28 * per_mm), round(48 * per_mm)
        top, bottom = round(37 * per_mm), round(47 * per_mm)
        white = b"\xff" * self.stride
        marked = b"\xff" * 3 * left + b"\0" * 3 * (right - left) + b"\xff" * 3 * (self.width - right)
        self.data = white * top + marked * (bottom - top) + white * (self.height - bottom)


@pytest.fixture
def printer(qapp: QApplication, tmp_path: Path) -> QPrinter:
    made = QPrinter(QPrinter.PrinterMode.HighResolution)
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(tmp_path / "out.pdf"))
    return made


def mark(pdf: Path, page: int) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of the mark in millimetres."""
    from hongyao_desktop.paper.preview import page_image

    drawn = page_image(pdf, page, DPI)
    lines = [drawn.data[y * drawn.stride :][: 3 * drawn.width : 3] for y in range(drawn.height)]
    scale = 25.4 / DPI
    marked = [y for y, line in enumerate(lines) if min(line) < 128]
    middle = lines[(marked[0] + marked[-1]) // 2]
    dark = [x for x, shade in enumerate(middle) if shade < 128]
    return dark[0] * scale, marked[0] * scale, (dark[-1] + 1) * scale, (marked[-1] + 1) * scale


def test_every_sheet_is_a4_and_the_mark_stands_where_it_stood(printer: QPrinter) -> None:
    told: list[tuple[int, int]] = []
    assert print_pages(Sheets(), printer, lambda done, total: told.append((done, total))) == 3
    assert told == [(0, 3), (1, 3), (2, 3)]
    out = Path(printer.outputFileName())
    for sheet in PdfReader(out).pages:
        assert float(sheet.mediabox.width) == pytest.approx(595.28, abs=1.0)
        assert float(sheet.mediabox.height) == pytest.approx(841.89, abs=1.0)
    assert mark(out, 1) == pytest.approx((28, 37, 48, 47), abs=0.25)


def test_a_wide_page_is_the_same_sheet_turned(printer: QPrinter) -> None:
    print_pages(Sheets(), printer)
    # Read with its head at the left edge: 37 mm from the head are 37 mm from the left edge of the upright sheet.
    left, top, right, bottom = mark(Path(printer.outputFileName()), 3)
    assert (left, right) == pytest.approx((37, 47), abs=0.25)
    assert (297 - bottom, 297 - top) == pytest.approx((28, 48), abs=0.25)


def test_only_the_pages_of_the_dialog_are_printed(printer: QPrinter) -> None:
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    printer.setFromTo(2, 7)
    assert print_pages(Sheets(), printer) == 2
    assert len(PdfReader(printer.outputFileName()).pages) == 2
