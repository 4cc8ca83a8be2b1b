"""Pages on a printer, paper edge on paper edge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QTransform
from PySide6.QtPrintSupport import QPrinter

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.kit.preview import PagesLike

PRINT_DPI: Final = 600
"""What office lasers print at: each pixel is one dot, so that letters keep sharp edges."""


def pages_wanted(printer: QPrinter, count: int) -> range:
    """The pages the dialog asked for, of ``count``; all of them unless a range was given."""
    if printer.printRange() is not QPrinter.PrintRange.PageRange or not printer.fromPage():
        return range(1, count + 1)
    return range(max(1, printer.fromPage()), min(count, printer.toPage() or count) + 1)


def print_pages(
    pages: PagesLike, printer: QPrinter, step: Callable[[int, int], None] = lambda _done, _total: None
) -> int:
    """Draw the pages asked for on A4; returns how many. May run on a worker.

    The margins are those of the paper, not the printer's. A wide page is the same sheet turned, so it goes to the
    printer upright and every sheet of a paper lies alike in the tray. ``step`` is told pages done and in all; it may
    raise to stop. Refuses when the printer cannot be opened.
    """
    printer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(0, 0, 0, 0),
            QPageLayout.Unit.Point,
        )
    )
    printer.setFullPage(True)
    wanted = pages_wanted(printer, pages.count())
    painter = QPainter()
    if not painter.begin(printer):
        raise Refusal(f"打印机“{printer.printerName() or '未命名'}”打不开，没有打印，请检查打印机后重试")
    painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
    try:
        sheet = QRectF(printer.paperRect(QPrinter.Unit.DevicePixel))
        for place, number in enumerate(wanted):
            step(place, len(wanted))
            if place:
                printer.newPage()
            painter.drawImage(sheet, _sheet(pages, number))
    finally:
        painter.end()
    return len(wanted)


def _sheet(pages: PagesLike, number: int) -> QImage:
    """A page as an upright sheet; without colour where it has none, which keeps the job for the printer small."""
    drawn = pages.draw(number, PRINT_DPI)
    image = QImage(drawn.data, drawn.width, drawn.height, drawn.stride, QImage.Format.Format_RGB888)
    if image.isGrayscale():
        image = image.convertToFormat(QImage.Format.Format_Grayscale8)
    if drawn.width > drawn.height:
        return image.transformed(QTransform().rotate(-90))
    return image.copy()
