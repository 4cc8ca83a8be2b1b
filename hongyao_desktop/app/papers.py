"""Every paper the program prints: those of the briefing over all figures, and those of the modules."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from hongyao_desktop.app.bootstrap import scope_of
from hongyao_desktop.app.modules import FIGURES, REGISTERS
from hongyao_desktop.briefing.papers import papers as briefing_papers
from hongyao_desktop.briefing.workbooks import write_summary_book
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.fund.workbooks import PAPERS as FUND_PAPERS
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec
from hongyao_desktop.paper.render import Rendered, render_pdf
from hongyao_desktop.store import Office

PAPERS: tuple[PaperSpec, ...] = (
    *briefing_papers(FIGURES, partial(write_summary_book, FIGURES, REGISTERS)),
    *FUND_PAPERS,
)

COMMON = {"from": "起始日期", "to": "截止日期", "unit": "组织"}
"""Parameters every paper has besides its own."""


def find_paper(name: str) -> PaperSpec:
    """A paper by its name (summary) or label (工作情况汇总)."""
    for paper in PAPERS:
        if name in (paper.name, paper.label):
            return paper
    listed = "、".join(f"{paper.name}（{paper.label}）" for paper in PAPERS)
    raise Refusal(f"没有叫“{name}”的文件，可以打印的有：{listed}", exit_code=2)


def print_paper(
    office: Office,
    paper: PaperSpec,
    out: Path,
    period: Period,
    unit: str | None = None,
    options: Mapping[str, str] | None = None,
) -> Rendered | None:
    """Print one paper to ``out``: a PDF, or the paper's workbook (None is returned) when the name ends in .xlsx.

    Everything is read in one snapshot, so that all parts fit together.
    """
    reader = office.reader()
    with reader.snapshot():
        request = request_for(office, paper, period, unit, options or {})
        match out.suffix.lower():
            case ".pdf":
                document = paper.build(request)
            case ".xlsx" if paper.workbook is not None:
                paper.workbook(request, out)
                return None
            case _:
                raise Refusal("输出文件名要以 .pdf 或 .xlsx 结尾", exit_code=2)
    return render_pdf(document, out)


def request_for(
    office: Office, paper: PaperSpec, period: Period, unit: str | None, options: Mapping[str, str]
) -> PaperRequest:
    """What is printed for whom; refuses a parameter the paper does not have."""
    try:
        chosen = paper.options(options)
    except KeyError as unknown:
        known = "、".join((*COMMON, *(parameter.name for parameter in paper.parameters)))
        sentence = f"“{paper.label}”没有参数“{unknown.args[0]}”，可以设的有：{known}"
        raise Refusal(sentence, exit_code=2) from unknown
    return PaperRequest(
        reader=office.reader(),
        clock=office.clock,
        office=office.info.name,
        printed_by=office.who.name,
        head=office.head(),
        period=period,
        scope=scope_of(office, unit),
        options=chosen,
    )
