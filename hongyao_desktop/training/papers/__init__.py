"""Printed papers of training: of a class, and of a person."""

from hongyao_desktop.paper.catalogue import PaperSpec
from hongyao_desktop.training.papers.classes import ATTENDANCE, ROSTER, SIGN_IN
from hongyao_desktop.training.papers.people import CADRE_FILE, CREDIT_PROOF
from hongyao_desktop.training.papers.year_gaps import YEAR_GAPS

PAPERS: tuple[PaperSpec, ...] = (ROSTER, SIGN_IN, ATTENDANCE, CREDIT_PROOF, CADRE_FILE, YEAR_GAPS)
