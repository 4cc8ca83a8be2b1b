"""Cover and contents of papers bound together (封面、目录)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hongyao_desktop.paper import titles
from hongyao_desktop.paper.breaking import break_lines
from hongyao_desktop.paper.document import Contents, Cover, Face
from hongyao_desktop.paper.flow import Flow
from hongyao_desktop.paper.geometry import ADVANCE, PITCH, SIZE_2, SIZE_3
from hongyao_desktop.paper.prose import baseline, body_atoms, cut_piece, put_line

_TITLE_AT: Final = 5  # lines of the grid above the title
_COVER_PITCH: Final = 40.0
_LEADER: Final = "…"


def draw_cover(flow: Flow, block: Cover) -> None:
    """The title in the upper third, what for and when under it, issuer and date at the foot; then a new page."""
    frame = flow.frame
    pen = flow.ink.pen(Face.BIAO, SIZE_2)
    flow.mark("封面", 0)
    top = frame.top - _TITLE_AT * PITCH
    for line in titles.balance(flow.clean(block.title, "封面"), pen.measure, frame.width - 2 * SIZE_2):
        x = frame.left + (frame.width - pen.measure(line)) / 2
        flow.ink.say(x, baseline(top, _COVER_PITCH, SIZE_2), Face.BIAO, SIZE_2, line)
        top -= _COVER_PITCH
    top -= PITCH
    for line in block.lines:
        _centred(flow, line, Face.KAI, top)
        top -= PITCH
    day = block.date
    _centred(flow, block.issuer, Face.FANG, frame.bottom + 4 * PITCH)
    _centred(flow, f"{day.year}年{day.month}月{day.day}日", Face.FANG, frame.bottom + 3 * PITCH)
    flow.used = frame.height


def _centred(flow: Flow, text: str, face: Face, top: float) -> None:
    pen = flow.ink.pen(face, SIZE_3)
    text = flow.clean(text, "封面")
    x = flow.frame.left + (flow.frame.width - pen.measure(text)) / 2
    flow.ink.say(x, baseline(top, PITCH, SIZE_3), face, SIZE_3, text)


def draw_contents(flow: Flow, block: Contents, parts: Sequence[str], numbers: Sequence[int]) -> None:
    """The parts with leaders and their page numbers; without numbers (first pass) the lines take the same room."""
    if flow.used > 0:
        flow.new_page()
    pen = flow.ink.pen(Face.BIAO, SIZE_2)
    flow.mark(block.title, 0)
    title = flow.clean(block.title, "目录")
    top = flow.take(2 * PITCH)
    x = flow.frame.left + (flow.frame.width - pen.measure(title)) / 2
    flow.ink.say(x, baseline(top, PITCH, SIZE_2), Face.BIAO, SIZE_2, title)
    song = flow.ink.pen(Face.SONG, SIZE_3)
    room = flow.frame.width - 3 * ADVANCE
    for place, words in enumerate(parts):
        lines = break_lines(
            body_atoms(flow, f"{place + 1}. {words}", Face.FANG, "目录"), room, justify=False, cut=cut_piece
        )
        flow.need(len(lines) * PITCH)
        for line in lines[:-1]:
            put_line(flow, line, flow.frame.left, flow.take(PITCH), PITCH, SIZE_3)
        last, top = lines[-1], flow.take(PITCH)
        put_line(flow, last, flow.frame.left, top, PITCH, SIZE_3)
        number = str(numbers[place]) if place < len(numbers) else ""
        wide = song.measure(number)
        y = baseline(top, PITCH, SIZE_3)
        flow.ink.say(flow.frame.right - wide, y, Face.SONG, SIZE_3, number)
        start, end = flow.frame.left + last.width + ADVANCE / 2, flow.frame.right - wide - ADVANCE / 2
        count = int((end - start) / ADVANCE)
        if count > 0:
            flow.ink.say(end - count * SIZE_3, y, Face.FANG, SIZE_3, _LEADER * count)
