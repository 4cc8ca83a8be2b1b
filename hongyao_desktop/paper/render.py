"""Document in, PDF out (生成材料): `render_pdf`, and `preflight` which finds characters no font can draw.

The same document gives the same bytes: the file carries the moment of its data (`Meta.created`), not of its drawing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from hongyao_desktop.paper import fonts, stamp
from hongyao_desktop.paper.blocks import BlockSetter
from hongyao_desktop.paper.document import Contents, Document
from hongyao_desktop.paper.flow import Flow, Spot
from hongyao_desktop.paper.geometry import LONG, SHORT, Frame
from hongyao_desktop.paper.place import write_whole
from hongyao_desktop.paper.preflight import preflight
from hongyao_desktop.paper.problem import MissingGlyph

# ReportLab keeps the numbering of font subsets per document, but registration and settings are the process's.
_one_at_a_time: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was written.

    Attributes:
        pages: number of pages.
        missing: characters printed as code points.
        spots: where figures and rows with a source stand, for the preview.
        sha256: checksum of the file, for the print-run record.
        rows: rows of its tables without sum lines; 0 for a paper without a chain head.
        checksum: of what the paper says (see `stamp`); "" for a paper without a chain head.
    """

    pages: int
    missing: tuple[MissingGlyph, ...]
    spots: tuple[Spot, ...]
    sha256: str
    rows: int = 0
    checksum: str = ""


def render_pdf(document: Document, out: Path) -> Rendered:
    """Draw a document and write it to ``out`` in one step: the file is whole or not there.

    Raises PaperError with a Chinese sentence when the file cannot be written, a font is missing, or given totals
    do not agree with their rows. An existing file is replaced only by a finished one.
    """
    data, rendered = draw(document)
    write_whole(data, out)
    return rendered


def draw(document: Document, frame: Frame | None = None) -> tuple[bytes, Rendered]:
    """Draw a document in memory, on another page than the official one if ``frame`` says so."""
    document, content = stamp.stamped(document)
    with _one_at_a_time:
        canvas, flow = _set(document, frame, ())
        if any(isinstance(block, Contents) for block in document.blocks):
            # Where the parts begin is known only now; the list of contents is as long as it was without numbers.
            canvas, flow = _set(document, frame, tuple(flow.parts))
        data: bytes = canvas.getpdfdata()  # type: ignore[no-untyped-call]
    return data, Rendered(
        pages=flow.page,
        missing=tuple(dict.fromkeys(flow.lost)),
        spots=tuple(flow.spots),
        sha256=hashlib.sha256(data).hexdigest(),
        rows=content.rows,
        checksum=content.checksum,
    )


def _set(document: Document, frame: Frame | None, parts: tuple[int, ...]) -> tuple[Canvas, Flow]:
    """Set all pages; ``parts`` are the page numbers that the list of contents shows."""
    fonts.load("HYSong")
    canvas = Canvas(
        "",
        pagesize=(SHORT, LONG),
        pageCompression=1,
        invariant=1,
        lang="zh-CN",
        initialFontName="HYSong",  # type: ignore[arg-type] # the stub takes the name for a size
    )
    _describe(canvas, document)
    flow = Flow(canvas, document, frame)
    BlockSetter(flow, document.blocks, parts).draw()
    flow.finish()
    return canvas, flow


class _Moment:
    """The fixed moment that ReportLab writes as creation and change date."""

    def __init__(self, moment: dt.datetime) -> None:
        offset = moment.utcoffset() or dt.timedelta(0)
        minutes = int(offset.total_seconds()) // 60
        self.t = 0.0
        self.YMDhms = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
        self.dhh, self.dmm = divmod(minutes, 60)


def _describe(canvas: Canvas, document: Document) -> None:
    meta = document.meta
    canvas.setTitle(document.title)
    canvas.setAuthor(meta.author)
    canvas.setSubject(meta.subject)
    foot = document.foot
    canvas.setKeywords("，".join([*meta.keywords, *stamp.keywords(foot.chain_head, foot.checksum)]))
    canvas.setCreator("红耀台账")
    canvas.setProducer("红耀台账")
    # ReportLab's own way to fix the moment is an environment variable.
    canvas._doc._timeStamp = _Moment(meta.created)  # type: ignore[attr-defined] # noqa: SLF001


__all__ = ["MissingGlyph", "Rendered", "Spot", "draw", "preflight", "render_pdf"]
