"""Setting the blocks of a document one after another (逐块排版)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hongyao_desktop.paper import binding, charts, poster, prose, qr
from hongyao_desktop.paper.document import (
    Annex,
    AnnexList,
    Block,
    Chart,
    Contents,
    Cover,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Part,
    Poster,
    QrCode,
    Seal,
    SignatureRow,
    Spacer,
    Span,
    Table,
    Text,
    Title,
)
from hongyao_desktop.paper.flow import Flow
from hongyao_desktop.paper.geometry import PITCH
from hongyao_desktop.paper.table import draw_table

_AFTER_TABLE: Final = 4.0
_NEAR: Final = 6  # how far ahead an issuer or signature row is looked for


class BlockSetter:
    """Draws blocks in order; knows what must stay together with what follows."""

    def __init__(self, flow: Flow, blocks: tuple[Block, ...], parts: tuple[int, ...] = ()) -> None:
        self._flow = flow
        self._parts = parts
        self._blocks = blocks
        self._numbers = prose.Numbers()
        self._charts = 0
        self._lead: Span | None = None
        self._at = 0
        self._ways: dict[type[Any], Callable[[Any], None]] = {
            Title: self._title,
            Heading: self._heading,
            Paragraph: self._paragraph,
            Table: self._table,
            Poster: lambda block: poster.draw_poster(flow, block),
            Note: lambda block: prose.note(flow, block),
            SignatureRow: lambda block: prose.signatures(flow, block),
            Spacer: lambda block: flow.used_up(block.lines * PITCH),
            PageBreak: lambda block: flow.new_page(block.orientation),
            AnnexList: self._annex_list,
            Annex: lambda block: prose.annex(flow, block),
            Seal: self._seal,
            QrCode: self._code,
            Chart: self._chart,
            Cover: self._cover,
            Contents: self._contents,
            Part: self._part,
        }

    def draw(self) -> None:
        """Draw everything."""
        for index, block in enumerate(self._blocks):
            self._at = index
            self._ways[type(block)](block)

    def _title(self, block: Title) -> None:
        self._flow.snap()
        prose.title(self._flow, block)

    def _heading(self, block: Heading) -> None:
        flow = self._flow
        flow.snap()
        number = self._numbers.next(block.level) if block.numbered else ""
        following = self._following()
        if block.runs_in and isinstance(following, Paragraph):
            flow.need(2 * PITCH)
            flow.mark(number + block.text, block.level)
            self._lead = Span(number + block.text, prose.HEADING_FACES[block.level])
        else:
            prose.heading(flow, block, number, _keep(following))

    def _paragraph(self, block: Paragraph) -> None:
        self._flow.snap()
        text: Text = block.text
        if self._lead is not None:
            text = (self._lead, *((Span(text),) if isinstance(text, str) else text))
            self._lead = None
        prose.paragraph(self._flow, text, block.role, self._tail())

    def _table(self, block: Table) -> None:
        tail = self._tail() or self._notes()
        if tail:
            tail += _AFTER_TABLE
            if isinstance(self._following(), Seal | AnnexList):
                tail += PITCH  # they go down to the next line of the grid
        draw_table(self._flow, block, tail)
        self._flow.used_up(_AFTER_TABLE)

    def _annex_list(self, block: AnnexList) -> None:
        self._flow.snap()
        prose.annex_list(self._flow, block, self._tail())

    def _seal(self, block: Seal) -> None:
        self._flow.snap()
        prose.seal(self._flow, block)

    def _chart(self, block: Chart) -> None:
        self._charts += block.titled
        charts.draw_chart(self._flow, block, self._charts)

    def _code(self, block: QrCode) -> None:
        following = self._following()
        if isinstance(following, Seal):
            self._flow.snap()
            qr.draw_beside(self._flow, block, prose.seal_height(following))
        else:
            qr.draw_code(self._flow, block)

    def _cover(self, block: Cover) -> None:
        self._flow.front()
        binding.draw_cover(self._flow, block)

    def _contents(self, block: Contents) -> None:
        self._flow.front()
        titles = [part.title for part in self._blocks if isinstance(part, Part)]
        binding.draw_contents(self._flow, block, titles, self._parts)

    def _part(self, block: Part) -> None:
        self._flow.part(block.title, block.orientation)
        self._numbers = prose.Numbers()
        self._charts = 0

    def _following(self) -> Block | None:
        after = self._at + 1
        return self._blocks[after] if after < len(self._blocks) else None

    def _notes(self) -> float:
        """Height of the notes right under a table: they explain it and stay with its last rows."""
        height = 0.0
        for block in self._blocks[self._at + 1 : self._at + 1 + _NEAR]:
            if not isinstance(block, Note):
                break
            height += prose.note_height(self._flow, block)
        return min(height, self._flow.frame.height / 4)

    def _tail(self) -> float:
        """Height of issuer, notes and signatures after this block, which must not stand on a page of their own."""
        flow = self._flow
        height = 0.0
        closed = False
        for place in range(self._at + 1, min(self._at + 1 + _NEAR, len(self._blocks))):
            block = self._blocks[place]
            if isinstance(block, Seal):
                height += prose.seal_height(block)
                closed = True
                break
            if isinstance(block, SignatureRow):
                height += prose.signature_height(block)
                closed = True
            elif isinstance(block, Note):
                height += prose.note_height(flow, block)
            elif isinstance(block, QrCode):
                beside = place + 1 < len(self._blocks) and isinstance(self._blocks[place + 1], Seal)
                height += 0 if beside else qr.code_height(block)
            elif isinstance(block, AnnexList):
                height += prose.annex_list_height(flow, block)
            elif isinstance(block, Spacer):
                height += block.lines * PITCH
            else:
                break
        return min(height, flow.frame.height / 2) if closed else 0.0


def _keep(following: Block | None) -> float:
    """How much of what follows a heading must stand on the heading's page."""
    match following:
        case None | PageBreak() | Annex() | Part():
            return 0.0
        case Table() as table:
            return table.size * 8
        case Chart() as chart:
            return charts.chart_height(chart)
        case Heading():
            return 2 * PITCH
        case _:
            return PITCH
