"""Pages on a printer, paper edge on paper edge."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrinter

from hongyao_desktop.kit.preview import PagesLike

PRINT_DPI: Final = 300


def print_pages(pages: PagesLike, printer: QPrinter) -> int:
    """Draw every page; returns how many. The margins are those of the paper, not the printer's."""
    printer.setFullPage(True)
    painter = QPainter(printer)
    for number in range(1, pages.count() + 1):
        if number > 1:
            printer.newPage()
        drawn = pages.draw(number, PRINT_DPI)
        image = QImage(drawn.data, drawn.width, drawn.height, drawn.stride, QImage.Format.Format_RGB888)
        painter.drawImage(printer.pageRect(QPrinter.Unit.DevicePixel), image)
    painter.end()
    return pages.count()
