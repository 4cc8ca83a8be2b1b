"""A paper on screen at real proportions: pages drawn when they come into sight, and zoom."""

from __future__ import annotations

from functools import partial
from typing import Final, Protocol

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from hongyao_desktop.kit.jobs import Job, Jobs
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import once
from hongyao_desktop.kit.tokens import Space

ZOOMS: Final = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)
KEPT_PAGES: Final = 12
SCREEN_DPI: Final = 96


class PixelsLike(Protocol):
    """A drawn page: rows of ``stride`` bytes, three bytes a pixel in the order red, green, blue."""

    @property
    def data(self) -> bytes:
        """The pixels."""

    @property
    def width(self) -> int:
        """Pixels across."""

    @property
    def height(self) -> int:
        """Pixels down."""

    @property
    def stride(self) -> int:
        """Bytes of one row."""


class PagesLike(Protocol):
    """A paper whose pages can be drawn; called on a reading worker. Pages count from 1."""

    def count(self) -> int:
        """Number of pages."""

    def size(self, page: int) -> tuple[float, float]:
        """Width and height of a page in points."""

    def draw(self, page: int, dpi: float) -> PixelsLike:
        """A page as pixels."""


class _Sheets(QWidget):
    """The sheets below each other on their mat."""

    def __init__(self, view: PaperView) -> None:
        super().__init__(view)
        self._view = view

    def paintEvent(self, event: QPaintEvent) -> None:
        """Mat, sheets with a quiet edge, and what is drawn of them so far."""
        style = look()
        painter = QPainter(self)
        painter.fillRect(event.rect(), style.colour("mat"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for number, rect in enumerate(self._view.sheets(), 1):
            if not rect.intersects(event.rect()):
                continue
            painter.setPen(style.colour("line_strong"))
            painter.drawRect(rect.adjusted(-1, -1, 0, 0))
            painter.fillRect(rect, style.colour("sheet"))
            image = self._view.image(number)
            if image is not None:
                painter.drawImage(rect, image)
            else:
                painter.setPen(style.colour("ink_3"))
                painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), f"正在排第 {number} 页")
        painter.end()


class PaperView(QScrollArea):
    """The scrolling view of one paper.

    Signals:
        page_changed: page in sight and number of pages.
        failed: a page could not be drawn (sentence).
    """

    page_changed = Signal(int, int)
    failed = Signal(str)

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("打印预览")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._jobs = jobs
        self._pages: PagesLike | None = None
        self._sizes: list[tuple[float, float]] = []
        self._images: dict[int, QImage] = {}
        self._asked: dict[int, Job] = {}
        self.zoom: float | None = None
        self._sheets_widget = _Sheets(self)
        self.setWidget(self._sheets_widget)
        self._draw_later = once(self)
        self._draw_later.timeout.connect(self._draw_sight)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._scrolled())

    # -- content

    def show_paper(self, pages: PagesLike) -> None:
        """Show another paper from its first page."""
        self._forget()
        self._pages = pages
        self._sizes = []
        self._jobs.read(
            self,
            lambda: [pages.size(number) for number in range(1, pages.count() + 1)],
            self._measured,
            self._fail,
        )

    def _measured(self, sizes: list[tuple[float, float]]) -> None:
        self._sizes = sizes
        self._lay_out()
        self.verticalScrollBar().setValue(0)
        self._scrolled()

    def sheets(self) -> list[QRect]:
        """Where the sheets lie on the mat."""
        scale = self.scale()
        gap = look().px(Space.L)
        wide = self._sheets_widget.width()
        rects: list[QRect] = []
        top = gap
        for width, height in self._sizes:
            across, down = round(width * scale), round(height * scale)
            rects.append(QRect((wide - across) // 2, top, across, down))
            top += down + gap
        return rects

    def scale(self) -> float:
        """Pixels per point now."""
        if self.zoom is not None:
            return self.zoom * SCREEN_DPI / 72
        widest = max((width for width, _height in self._sizes), default=595.0)
        room = self.viewport().width() - 2 * look().px(Space.XL)
        return max(0.3, min(room / widest, 2.0))

    def image(self, number: int) -> QImage | None:
        """A drawn page."""
        return self._images.get(number)

    def current_page(self) -> int:
        """The page that fills most of the upper part of the view, from 1."""
        middle = self.verticalScrollBar().value() + self.viewport().height() // 3
        below = [number for number, rect in enumerate(self.sheets(), 1) if rect.top() <= middle]
        return below[-1] if below else 1

    # -- moving

    def go_to(self, number: int) -> None:
        """Bring a page to the top."""
        sheets = self.sheets()
        if sheets:
            number = max(1, min(number, len(sheets)))
            self.verticalScrollBar().setValue(sheets[number - 1].top() - look().px(Space.S))

    def set_zoom(self, zoom: float | None) -> None:
        """Show at a size; None fits the width."""
        here = self.current_page()
        self.zoom = zoom
        self._images.clear()
        self._asked.clear()
        self._lay_out()
        self.go_to(here)
        self._scrolled()

    def zoom_step(self, step: int) -> None:
        """The next larger or smaller size."""
        now = self.scale() * 72 / SCREEN_DPI
        if step > 0:
            self.set_zoom(next((zoom for zoom in ZOOMS if zoom > now + 0.01), ZOOMS[-1]))
        else:
            self.set_zoom(next((zoom for zoom in reversed(ZOOMS) if zoom < now - 0.01), ZOOMS[0]))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_step(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A fitted paper follows the width."""
        super().resizeEvent(event)
        if self.zoom is None:
            self._images.clear()
            self._asked.clear()
        self._lay_out()
        self._scrolled()

    # -- inside

    def _lay_out(self) -> None:
        scale = self.scale()
        gap = look().px(Space.L)
        wide = max((round(width * scale) for width, _height in self._sizes), default=0) + 2 * gap
        tall = sum(round(height * scale) + gap for _width, height in self._sizes) + gap
        self._sheets_widget.resize(max(wide, self.viewport().width()), max(tall, self.viewport().height()))
        self._sheets_widget.update()

    def _scrolled(self) -> None:
        if self._sizes:
            self.page_changed.emit(self.current_page(), len(self._sizes))
        self._draw_later.start()

    def _draw_sight(self) -> None:
        pages = self._pages
        if pages is None:
            return
        top = self.verticalScrollBar().value()
        sight = QRect(0, top, self._sheets_widget.width(), self.viewport().height())
        dpi = 72 * self.scale() * self.devicePixelRatio()
        for number, rect in enumerate(self.sheets(), 1):
            if rect.intersects(sight) and number not in self._images and number not in self._asked:
                self._asked[number] = self._jobs.read(
                    self,
                    partial(pages.draw, number, dpi),
                    partial(self._drawn, number, dpi),
                    self._fail,
                )

    def _drawn(self, number: int, dpi: float, pixels: PixelsLike) -> None:
        self._asked.pop(number, None)
        if abs(dpi - 72 * self.scale() * self.devicePixelRatio()) > 0.5:
            self._draw_later.start()
            return
        image = QImage(pixels.data, pixels.width, pixels.height, pixels.stride, QImage.Format.Format_RGB888)
        self._images[number] = image.copy()
        while len(self._images) > KEPT_PAGES:
            far = max(self._images, key=lambda page: abs(page - self.current_page()))
            del self._images[far]
        self._sheets_widget.update()

    def _fail(self, error: Exception) -> None:
        self.failed.emit(str(error))

    def _forget(self) -> None:
        for job in self._asked.values():
            job.drop()
        self._asked.clear()
        self._images.clear()
