"""Wiring of the briefing screen: the office's figures, registers, requests and snapshots."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hongyao_desktop.app.bootstrap import scope_of
from hongyao_desktop.app.modules import FIGURES, REGISTERS
from hongyao_desktop.core.desk import Reader
from hongyao_desktop.core.figure import Period
from hongyao_desktop.paper.catalogue import PaperRequest
from hongyao_desktop.people.queries import unit_scope
from hongyao_desktop.store import Office

if TYPE_CHECKING:
    from hongyao_desktop.briefing.page.screen import ReportDesk


def report_desk(office: Office) -> ReportDesk:
    """What the briefing screen needs of an opened office; the paper engine is loaded only now."""
    from hongyao_desktop.briefing.page.screen import ReportDesk

    return ReportDesk(
        figures=FIGURES,
        registers=REGISTERS,
        make_request=partial(_request, office),
        snapshot=office.reader().snapshot,
        give_out=partial(_give_out, office),
    )


def _request(office: Office, reader: Reader, period: Period, unit_id: str | None) -> PaperRequest:
    scope = scope_of(office, None)
    if unit_id:
        name = reader.value("SELECT name FROM unit WHERE id = ?", (unit_id,))
        scope = unit_scope(unit_id, str(name))
    return PaperRequest(
        reader=reader,
        clock=office.clock,
        office=office.info.name,
        printed_by=office.who.name,
        head=office.head(),
        period=period,
        scope=scope,
    )


def _give_out(office: Office, request: PaperRequest, out: Path) -> None:
    """Put the report out for the period and organisation it was made for; runs on the writing worker."""
    from hongyao_desktop.app.printing.papers import find_paper, print_paper

    unit = office.reader().value("SELECT code FROM unit WHERE id = ?", (request.scope.params["scope_unit"],))
    print_paper(office, find_paper("summary"), out, request.period, str(unit))
