"""A paper on the screen (材料窗格): its pages, finding words on them, and what is behind a number or a row.

The report and 打印材料 show their papers with the same pane: what can be done with a paper is the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hongyao_desktop.briefing.page.find_bar import FindBar
from hongyao_desktop.kit.jobs import Jobs
from hongyao_desktop.kit.preview import PaperView
from hongyao_desktop.paper import preview
from hongyao_desktop.paper.flow import Spot
from hongyao_desktop.paper.preview import Hit, PageImage


class PdfPages:
    """The pages of a PDF for the preview of ``kit``; their sizes are read once, so that long papers open at once."""

    def __init__(self, pdf: Path) -> None:
        self.pdf = pdf
        self._sizes: tuple[tuple[float, float], ...] | None = None

    def _all(self) -> tuple[tuple[float, float], ...]:
        if self._sizes is None:
            self._sizes = preview.page_sizes(self.pdf)
        return self._sizes

    def count(self) -> int:
        """Number of pages."""
        return len(self._all())

    def size(self, page: int) -> tuple[float, float]:
        """Width and height of a page in points."""
        return self._all()[page - 1]

    def draw(self, page: int, dpi: float) -> PageImage:
        """A page as pixels."""
        return preview.page_image(self.pdf, page, dpi)


class PaperPane(QWidget):
    """The pages with the line for finding above them.

    Signals:
        pointed: a click on something with a source (what `Spot.source` says).
        opened: a double click on it, or Ctrl+Enter at the place found.
    """

    pointed = Signal(str)
    opened = Signal(str)

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pdf: Path | None = None
        self._spots: Sequence[Spot] = ()
        self.view = PaperView(jobs, self)
        self.view.widget().installEventFilter(self)
        self.view.widget().setMouseTracking(True)
        self.find_bar = FindBar(self.view, jobs, self._places_of, self)
        self.find_bar.open_wanted.connect(self.open_found)
        pages = QVBoxLayout(self)
        pages.setContentsMargins(0, 0, 0, 0)
        pages.setSpacing(0)
        pages.addWidget(self.find_bar)
        pages.addWidget(self.view, 1)

    def show_paper(self, pdf: Path, spots: Sequence[Spot]) -> None:
        """Show another paper, whose sources stand at ``spots``."""
        self._pdf, self._spots = pdf, spots
        self.view.show_paper(PdfPages(pdf))
        self.find_bar.forget()

    def source_at(self, page: int, x: float, y: float) -> str:
        """What stands at a point of a page (points from the upper left); "" beside everything that has a source."""
        for spot in self._spots:
            if spot.page == page and spot.left <= x <= spot.right and spot.top <= y <= spot.bottom:
                return spot.source
        return ""

    def open_found(self) -> None:
        """Open what is behind the place found last."""
        hit = self.find_bar.current()
        if hit is not None and hit.boxes:
            left, top, right, bottom = hit.boxes[0]
            source = self.source_at(hit.page, (left + right) / 2, (top + bottom) / 2)
            if source:
                self.opened.emit(source)

    def _places_of(self, words: str) -> Iterable[Hit]:
        return preview.find(self._pdf, words) if self._pdf is not None else ()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Clicks and double clicks on the sheets; the pointer tells where something is behind."""
        if isinstance(event, QMouseEvent) and watched is self.view.widget():
            source = self._under(event)
            match event.type():
                case QEvent.Type.MouseButtonDblClick if source:
                    self.opened.emit(source)
                case QEvent.Type.MouseButtonPress if source:
                    self.pointed.emit(source)
                case QEvent.Type.MouseMove:
                    shape = Qt.CursorShape.PointingHandCursor if source else Qt.CursorShape.ArrowCursor
                    self.view.widget().setCursor(shape)
                case _:
                    pass
        return False

    def _under(self, event: QMouseEvent) -> str:
        at, scale = event.position(), self.view.scale()
        for page, rect in enumerate(self.view.sheets(), 1):
            if rect.contains(at.toPoint()):
                return self.source_at(page, (at.x() - rect.x()) / scale, (at.y() - rect.y()) / scale)
        return ""
