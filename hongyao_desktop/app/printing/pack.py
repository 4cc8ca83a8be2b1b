"""The meeting pack (会议材料): several papers bound into one, with cover, contents, page numbers that go on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.settings import OFFICE_PHONE
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec, Parameter
from hongyao_desktop.paper.document import Block, Contents, Cover, Document, Orientation, PageBreak, Part

_SPLIT: Final = re.compile(r"[,，、](?![^（(]*[）)])")
"""Between papers, not between the words of one's brackets."""
_ITEM: Final = re.compile(r"(?P<name>[^：:（(]+)(?:[：:](?P<about>.+)|[（(](?P<more>.*)[）)])?", re.DOTALL)


def pack(papers: Sequence[PaperSpec]) -> PaperSpec:
    """The pack of any of these papers."""
    return PaperSpec(
        name="pack",
        label="会议材料",
        help="把几份材料装订成一份 PDF：封面、目录、连续页码和书签，各份材料的范围和期间相同。",
        build=partial(_build, papers),
        parameters=(
            Parameter(
                "papers",
                "材料",
                "summary,cash-book",
                "材料名称，用逗号分开，按装订顺序；要写明对象的写作“学时证明：单玥”，其余写作“志愿者榜（榜单=积分）”",
            ),
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
    for paper, options in _chosen(papers, request):
        own = paper.build(replace(request, options=options, purpose=paper.purposes[0]))
        blocks += [Part(own.title, own.orientation), *own.blocks]
        if _turns(own):
            blocks.append(PageBreak(Orientation.PORTRAIT))
    if isinstance(blocks[-1], PageBreak):
        blocks.pop()
    subject = f"{request.text('meeting')}{format_cn(day)}" if lines else f"{format_cn(day)}会议材料"
    return Document(
        f"{title}（{request.scope.label}）", tuple(blocks), meta=request.meta(subject), foot=request.foot()
    )


def _chosen(papers: Sequence[PaperSpec], request: PaperRequest) -> list[tuple[PaperSpec, dict[str, str]]]:
    """The papers named, each with its parameters; refuses an unknown one and one that is not told enough."""
    known = {name: paper for paper in papers for name in (paper.name, paper.label)}
    found = []
    for item in _SPLIT.split(request.text("papers")):
        match = _ITEM.fullmatch(item.strip())
        paper = known.get(match["name"].strip()) if match else None
        if match is None or paper is None:
            listed = "、".join(paper.name for paper in papers)
            raise Refusal(f"没有叫“{item.strip()}”的材料，可以装订的有：{listed}", exit_code=2)
        options = paper.options(_given(paper, match["about"], match["more"]))
        if "phone" in options and not options["phone"]:
            options["phone"] = OFFICE_PHONE.read(request.settings)
        lacking = [parameter.label for parameter in paper.missing(options)]
        if paper.issue is not None and not options.get("number"):
            lacking = ["证明编号"]
        if lacking:
            example = "；".join(f"{label}=…" for label in lacking)
            sentence = f"“{paper.label}”还要写明{'、'.join(lacking)}，请写作“{paper.label}（{example}）”"
            raise Refusal(sentence, exit_code=2)
        found.append((paper, options))
    return found


def _given(paper: PaperSpec, about: str | None, more: str | None) -> dict[str, str]:
    """What stands behind a paper's name: whom or what it is about, or parameters by name or label."""
    by_word = {
        word: parameter for parameter in paper.parameters for word in (parameter.name, parameter.label)
    }
    if about:
        first = next((one for one in paper.parameters if one.required), None)
        if first is None:
            first = by_word.get("number")
        if first is None:
            raise Refusal(f"“{paper.label}”不用写明对象，请去掉“：{about.strip()}”", exit_code=2)
        return {first.name: about.strip()}
    given = {}
    for part in (more or "").replace("；", ";").split(";"):
        word, equals, value = part.partition("=")
        if not part.strip():
            continue
        parameter = by_word.get(word.strip())
        if parameter is None or not equals:
            labels = "、".join(one.label for one in paper.parameters)
            raise Refusal(f"“{paper.label}”没有“{word.strip()}”可以写明，可以写明的有：{labels}", exit_code=2)
        given[parameter.name] = value.strip()
    return given


def _turns(document: Document) -> bool:
    """Whether a part may end on a landscape page, so that the next one must turn back."""
    return any(getattr(block, "orientation", None) is Orientation.LANDSCAPE for block in document.blocks)
