"""Printed papers of training."""

from hongyao_desktop.paper.catalogue import PaperSpec

PAPERS: tuple[PaperSpec, ...] = ()
