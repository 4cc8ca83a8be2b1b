"""Every printed paper of the room, one file for each kind; ``PAPERS`` lists them in the order they are shown."""

from __future__ import annotations

from hongyao_desktop.paper.catalogue import PaperSpec
from hongyao_desktop.volunteers.papers import shop
from hongyao_desktop.volunteers.papers.board import BOARD, TEAM_BOARD
from hongyao_desktop.volunteers.papers.certificate import CERTIFICATE, CERTIFICATE_REGISTER
from hongyao_desktop.volunteers.papers.checking import EXPIRY_LIST, LOT_LIST, SIGNAL_LIST
from hongyao_desktop.volunteers.papers.life_file import LIFE
from hongyao_desktop.volunteers.papers.notice import NOTICE
from hongyao_desktop.volunteers.papers.poster import POSTER
from hongyao_desktop.volunteers.papers.roster import ROSTER
from hongyao_desktop.volunteers.papers.sign_in import SIGN_IN
from hongyao_desktop.volunteers.papers.slip import SLIP
from hongyao_desktop.volunteers.papers.star_review import STAR_REVIEW

__all__ = ["CERTIFICATE", "PAPERS"]

PAPERS: tuple[PaperSpec, ...] = (
    ROSTER,
    BOARD,
    TEAM_BOARD,
    POSTER,
    NOTICE,
    STAR_REVIEW,
    SIGN_IN,
    CERTIFICATE,
    CERTIFICATE_REGISTER,
    LIFE,
    SLIP,
    shop.REGISTER,
    shop.WAITING,
    shop.COUNT,
    LOT_LIST,
    EXPIRY_LIST,
    SIGNAL_LIST,
)
