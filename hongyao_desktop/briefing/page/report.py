"""A report made for the screen: the PDF in a folder of its own, where its numbers stand, and what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hongyao_desktop.briefing.papers import summary_document
from hongyao_desktop.briefing.summary import Summary, gather
from hongyao_desktop.core.figure import Figure
from hongyao_desktop.paper.catalogue import PaperRequest
from hongyao_desktop.paper.flow import Spot
from hongyao_desktop.paper.problem import MissingGlyph
from hongyao_desktop.paper.render import render_pdf


@dataclass(frozen=True, slots=True)
class Report:
    """One generated report.

    ``request`` is what it was made for, so that the same report can be written as a workbook; ``spots`` say where
    on its pages each figure stands.
    """

    pdf: Path
    request: PaperRequest
    summary: Summary
    spots: Sequence[Spot]
    missing: Sequence[MissingGlyph]

    def spot_of(self, code: str) -> Spot | None:
        """Where a figure stands first."""
        return next((spot for spot in self.spots if spot.source == code), None)


def make_report(request: PaperRequest, figures: Sequence[Figure], folder: Path) -> Report:
    """Gather and print a report into ``folder``; runs on a worker."""
    summary = gather(request.reader, figures, request.period, request.scope, office=request.office)
    pdf = folder / "汇报.pdf"
    rendered = render_pdf(summary_document(summary, request), pdf)
    return Report(pdf, request, summary, rendered.spots, rendered.missing)
