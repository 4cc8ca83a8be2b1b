"""Drafts (草稿): a paper as it would be now, drawn for the screen and given to nobody."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Final

from hongyao_desktop.app.printing.paper_form import Asked
from hongyao_desktop.app.printing.papers import request_for, with_code
from hongyao_desktop.paper.flow import Spot
from hongyao_desktop.paper.geometry import MM
from hongyao_desktop.paper.offset import shifted
from hongyao_desktop.paper.problem import MissingGlyph
from hongyao_desktop.paper.render import draw
from hongyao_desktop.store import Office

DRAFTS_KEPT: Final = 3
"""The one on the screen, one being drawn, one being read."""
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Draft:
    """A paper as it would be now; ``spots`` say where its figures and rows stand."""

    asked: Asked
    title: str
    pdf: Path
    spots: tuple[Spot, ...]
    missing: tuple[MissingGlyph, ...]


def draft_paper(office: Office, asked: Asked, folder: Path) -> Draft:
    """Draw a paper into ``folder`` without giving it out; runs on a reading worker."""
    paper = asked.paper
    request = request_for(office, paper, asked.period, asked.unit, asked.options, asked.purpose)
    with office.reader().snapshot():
        document = (paper.preview or paper.build)(request)
        if asked.wishes.code:
            document = with_code(document)
        data, rendered = draw(document)
    right, down = asked.wishes.offset
    if right or down:
        data = shifted(data, right, down)
    # A name of its own: the screen may still be drawing the one before.
    pdf = folder / f"draft-{next(_numbers):06}.pdf"
    pdf.write_bytes(data)
    _forget_older(folder)
    spots = tuple(_moved(spot, right * MM, down * MM) for spot in rendered.spots)
    return Draft(asked, document.title, pdf, spots, rendered.missing)


def _forget_older(folder: Path) -> None:
    """Keep the newest few; one that is being read goes the next time."""
    for old in sorted(folder.glob("draft-*.pdf"))[:-DRAFTS_KEPT]:
        with suppress(OSError):
            old.unlink()


def _moved(spot: Spot, right: float, down: float) -> Spot:
    return replace(
        spot,
        left=spot.left + right,
        right=spot.right + right,
        top=spot.top + down,
        bottom=spot.bottom + down,
    )
