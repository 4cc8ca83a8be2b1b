"""A chart as a picture for the screen (图的屏幕显示): the same drawing as on paper, so both always agree."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Final

from hongyao_desktop.paper.document import Chart, Document, Foot, Meta, PageNumber
from hongyao_desktop.paper.geometry import MM, Frame
from hongyao_desktop.paper.preview import PageImage, image_of
from hongyao_desktop.paper.render import draw

_EDGE: Final = 4.0
_MOMENT: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def chart_picture(chart: Chart, width: float, height: float, dpi: float = 96) -> PageImage:
    """Draw a chart without its title, ``width`` × ``height`` in mm, at the resolution of the screen."""
    page_width, page_height = width * MM, height * MM
    frame = Frame(
        landscape=False,
        page_width=page_width,
        page_height=page_height,
        left=_EDGE,
        top=page_height - _EDGE,
        width=page_width - 2 * _EDGE,
        height=page_height - 2 * _EDGE,
    )
    inner = replace(chart, height=(frame.height - 6) / MM, titled=False)
    paper = Document(chart.title, (inner,), meta=Meta(_MOMENT), foot=Foot(number=PageNumber.NONE))
    data, _ = draw(paper, frame)
    return image_of(data, dpi)
