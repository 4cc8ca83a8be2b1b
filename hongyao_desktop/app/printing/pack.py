"""The meeting pack (会议材料): several papers bound into one, with cover, contents, page numbers that go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec, Parameter
from hongyao_desktop.paper.document import Block, Contents, Cover, Document, Orientation, PageBreak, Part


def pack(papers: Sequence[PaperSpec]) -> PaperSpec:
    """The pack of any of these papers."""
    return PaperSpec(
        name="pack",
        label="会议材料",
        help="把几份材料装订成一份 PDF：封面、目录、连续页码和书签，各份材料的范围和期间相同。",
        build=partial(_build, papers),
        parameters=(
            Parameter("papers", "材料", "summary,cash-book", "材料名称，用逗号分开，按装订顺序"),
            Parameter("title", "封面标题", "会议材料", "封面上的标题"),
            Parameter("meeting", "会议", "", "会议名称，印在标题下面"),
            Parameter("on", "会议日期", "", "会议日期，不填则为打印当天"),
        ),
    )


def _build(papers: Sequence[PaperSpec], request: PaperRequest) -> Document:
    day = request.day("on", "会议日期", request.clock.today())
    title = request.text("title")
    lines = tuple(line for line in (request.text("meeting"),) if line)
    blocks: list[Block] = [Cover(title, lines, request.office, day), Contents()]
    for paper in _chosen(papers, request.text("papers")):
        own = paper.build(replace(request, options=paper.options({}), purpose=paper.purposes[0]))
        blocks += [Part(own.title, own.orientation), *own.blocks]
        if _turns(own):
            blocks.append(PageBreak(Orientation.PORTRAIT))
    if isinstance(blocks[-1], PageBreak):
        blocks.pop()
    subject = f"{request.text('meeting')}{format_cn(day)}" if lines else f"{format_cn(day)}会议材料"
    return Document(
        f"{title}（{request.scope.label}）", tuple(blocks), meta=request.meta(subject), foot=request.foot()
    )


def _chosen(papers: Sequence[PaperSpec], text: str) -> list[PaperSpec]:
    """The papers named; refuses an unknown one and one that needs to be told more."""
    known = {name: paper for paper in papers for name in (paper.name, paper.label)}
    found = []
    for name in text.replace("，", ",").replace("、", ",").split(","):
        paper = known.get(name.strip())
        if paper is None:
            listed = "、".join(paper.name for paper in papers if _fits(paper))
            raise Refusal(f"没有叫“{name.strip()}”的材料，可以装订的有：{listed}", exit_code=2)
        if not _fits(paper):
            raise Refusal(f"“{paper.label}”要单独写明参数，不能装订进会议材料，请单独打印", exit_code=2)
        found.append(paper)
    return found


def _fits(paper: PaperSpec) -> bool:
    return paper.issue is None and not any(parameter.required for parameter in paper.parameters)


def _turns(document: Document) -> bool:
    """Whether a part may end on a landscape page, so that the next one must turn back."""
    return any(getattr(block, "orientation", None) is Orientation.LANDSCAPE for block in document.blocks)
