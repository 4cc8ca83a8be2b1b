"""Setting text blocks (正文): titles, headings, paragraphs, notes, annexes, issuer and date, signature rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from hongyao_desktop.paper import fonts, titles
from hongyao_desktop.paper.breaking import Atom, SetLine, atoms, break_lines
from hongyao_desktop.paper.document import (
    Annex,
    AnnexList,
    Face,
    Heading,
    Note,
    Role,
    Seal,
    SignatureRow,
    Span,
    Text,
    Title,
)
from hongyao_desktop.paper.flow import Flow
from hongyao_desktop.paper.geometry import ADVANCE, MIDDLE, PITCH, SIZE_2, SIZE_3, SIZE_5
from hongyao_desktop.paper.ink import Ply

HEADING_FACES: Final = {1: Face.HEI, 2: Face.KAI, 3: Face.FANG, 4: Face.FANG}
_DIGITS: Final = "〇一二三四五六七八九"
_TITLE_PITCH: Final = 34.0
_NOTE_PITCH: Final = 16.0
_SIGN_SIZE: Final = 12.0
_SIGN_PITCH: Final = 30.0
_HANG: Final = 5 * ADVANCE  # two characters in, and 附件：
_WIDOW: Final = 2  # lines of text that go along with an issuer that does not fit on the page


def chinese_number(number: int) -> str:
    """一 … 九十九 for headings."""
    tens, ones = divmod(number, 10)
    head = {0: "", 1: "十"}.get(tens, f"{_DIGITS[tens]}十" if tens < 10 else "")
    return head + (_DIGITS[ones] if ones or not tens else "")


class Numbers:
    """Counts headings: a higher level starts the lower ones anew."""

    def __init__(self) -> None:
        self._counts = [0, 0, 0, 0]

    def next(self, level: int) -> str:
        """The number of the next heading of a level, with its mark: 一、 （一） 1. （1）."""
        self._counts[level - 1] += 1
        self._counts[level:] = [0] * (4 - level)
        count = self._counts[level - 1]
        return {
            1: f"{chinese_number(count)}、",
            2: f"（{chinese_number(count)}）",
            3: f"{count}.",
            4: f"（{count}）",
        }[level]


def baseline(top: float, height: float, size: float) -> float:
    """Baseline that puts ideographs in the middle of a line."""
    return top - height / 2 - MIDDLE * size


def cut_piece(piece: Atom, room: float) -> tuple[Atom, Atom]:
    """Cut a word that is longer than a line."""
    per = piece.width / len(piece.text)
    count = max(1, min(len(piece.text) - 1, int(room / per)))
    return (
        Atom(piece.text[:count], per * count, tag=piece.tag),
        Atom(piece.text[count:], per * (len(piece.text) - count), tag=piece.tag),
    )


def body_atoms(flow: Flow, text: Text, face: Face, where: str) -> list[Atom]:
    """Pieces of a text of 三号 on the official grid of 15.79 pt."""
    pieces: list[Atom] = []
    for span in (Span(text),) if isinstance(text, str) else text:
        own = span.face or face

        def measure(piece: str, own: Face = own) -> float:
            return fonts.width(own, piece, ADVANCE)

        pieces += atoms(flow.clean(span.text, where), measure, Ply(own, span.source))
    return pieces


def put_line(flow: Flow, line: SetLine, x: float, top: float, height: float, size: float) -> None:
    """Draw a line whose upper edge is at ``top`` and note the spots of its sources."""
    y = baseline(top, height, size)
    flow.ink.line(x, y, line, size)
    index = 0
    placed = line.placed
    while index < len(placed):
        tag = placed[index].atom.tag
        end = index + 1
        while end < len(placed) and placed[end].atom.tag == tag:
            end += 1
        if isinstance(tag, Ply) and tag.source:
            right = placed[end - 1].x + placed[end - 1].atom.width
            flow.spot(x + placed[index].x, top, x + right, top - height, tag.source)
        index = end


def title(flow: Flow, block: Title) -> None:
    """2号小标宋, centred, its lines balanced; takes whole lines of the grid and leaves one empty below."""
    pen = flow.ink.pen(Face.BIAO, SIZE_2)
    if block.lines:
        lines = [flow.clean(line, "标题") for line in block.lines]
    else:
        lines = titles.balance(flow.clean(block.text, "标题"), pen.measure, flow.frame.width - 2 * SIZE_2)
    height = math.ceil(len(lines) * _TITLE_PITCH / PITCH) * PITCH
    flow.need(height + 3 * PITCH)
    flow.mark(block.words.replace("\n", ""), 0)
    top = flow.take(height) - (height - len(lines) * _TITLE_PITCH) / 2
    for index, line in enumerate(lines):
        wide = pen.measure(line)
        y = baseline(top - index * _TITLE_PITCH, _TITLE_PITCH, SIZE_2)
        x = flow.frame.left + (flow.frame.width - wide) / 2
        if wide > flow.frame.width:
            flow.ink.squeezed(flow.frame.left, y, pen, line, flow.frame.width)
        else:
            flow.ink.say(x, y, Face.BIAO, SIZE_2, line)
    flow.take(min(PITCH, flow.room))


def heading(flow: Flow, block: Heading, number: str, keep: float) -> None:
    """A heading on lines of its own; ``keep`` is what must follow on the same page."""
    text = number + block.text
    lines = break_lines(
        body_atoms(flow, text, HEADING_FACES[block.level], f"标题“{block.text}”"),
        flow.frame.width,
        first=flow.frame.width - 2 * ADVANCE,
        cut=cut_piece,
    )
    flow.need(len(lines) * PITCH + keep)
    flow.mark(text.replace("\n", ""), block.level)
    _put(flow, lines, 2 * ADVANCE)


def paragraph(flow: Flow, text: Text, role: Role, tail: float, where: str = "正文") -> None:
    """A paragraph on the grid. ``tail`` is the height of what must share a page with its last lines."""
    face = Face.KAI if role is Role.KAI else Face.FANG
    width = flow.frame.width
    indent = 2 * ADVANCE if role is Role.BODY else 0.0
    room = width - 2 * ADVANCE if role is Role.RIGHT else width
    lines = break_lines(
        body_atoms(flow, text, face, where),
        room,
        first=room - indent,
        justify=role in (Role.BODY, Role.FLUSH),
        cut=cut_piece,
    )
    kept = max(0, len(lines) - _WIDOW) if tail else len(lines)
    for number, line in enumerate(lines):
        flow.need((len(lines) - kept) * PITCH + tail if number == kept else PITCH)
        left = indent if number == 0 else 0.0
        if role is Role.RIGHT:
            left = room - line.width
        elif role in (Role.CENTER, Role.KAI):
            left = (width - line.width) / 2
        put_line(flow, line, flow.frame.left + left, flow.take(PITCH), PITCH, SIZE_3)


def _put(flow: Flow, lines: Sequence[SetLine], indent: float) -> None:
    for line in lines:
        flow.need(PITCH)
        put_line(flow, line, flow.frame.left + indent, flow.take(PITCH), PITCH, SIZE_3)
        indent = 0.0


def note_lines(flow: Flow, block: Note) -> list[SetLine]:
    """The broken lines of a note."""
    pen = flow.ink.pen(Face.SONG, SIZE_5)
    pieces = atoms(flow.clean(block.text, "附注"), pen.measure, Ply(Face.SONG))
    return break_lines(pieces, flow.frame.width, cut=cut_piece)


def note_height(flow: Flow, block: Note) -> float:
    """Height of a note."""
    return len(note_lines(flow, block)) * _NOTE_PITCH + 4


def note(flow: Flow, block: Note) -> None:
    """五号宋体, right under what it explains."""
    flow.used += min(4.0, flow.room)
    for line in note_lines(flow, block):
        flow.need(_NOTE_PITCH)
        put_line(flow, line, flow.frame.left, flow.take(_NOTE_PITCH), _NOTE_PITCH, SIZE_5)


def _annex_lines(flow: Flow, block: AnnexList) -> list[tuple[list[Atom], list[SetLine]]]:
    """Number (if there are several) and lines of each title."""
    found = []
    for index, words in enumerate(block.titles):
        number = f"{index + 1}. " if len(block.titles) > 1 else ""
        start = body_atoms(flow, number, Face.FANG, "附件说明")
        room = flow.frame.width - _HANG - sum(piece.width for piece in start)
        lines = break_lines(body_atoms(flow, words, Face.FANG, "附件说明"), room, cut=cut_piece)
        found.append((start, lines))
    return found


def annex_list_height(flow: Flow, block: AnnexList) -> float:
    """Height with the empty line above."""
    return (1 + sum(len(lines) for _, lines in _annex_lines(flow, block))) * PITCH


def annex_list(flow: Flow, block: AnnexList, tail: float) -> None:
    """One empty line, then 附件：1. … two characters in, further lines under the first title.

    ``tail`` is the height of the issuer that must follow on the same page.
    """
    flow.need(annex_list_height(flow, block) + tail)
    flow.used_up(PITCH)
    lead = break_lines(body_atoms(flow, "附件：", Face.FANG, "附件说明"), flow.frame.width)[0]
    for index, (start, lines) in enumerate(_annex_lines(flow, block)):
        flow.need(PITCH)
        if index == 0:
            put_line(flow, lead, flow.frame.left + 2 * ADVANCE, flow.y, PITCH, SIZE_3)
        offset = _HANG + sum(piece.width for piece in start)
        if start:
            number = break_lines(start[:1], flow.frame.width)[0]
            put_line(flow, number, flow.frame.left + _HANG, flow.y, PITCH, SIZE_3)
        for line in lines:
            flow.need(PITCH)
            put_line(flow, line, flow.frame.left + offset, flow.take(PITCH), PITCH, SIZE_3)


def annex(flow: Flow, block: Annex) -> None:
    """A new page: 附件 and its number in 黑体 at the top left, the title centred on the third line."""
    if flow.used > 0 or block.orientation is not None:
        flow.new_page(block.orientation)
    label = "附件" if block.number is None else f"附件{block.number}"
    line = break_lines(body_atoms(flow, label, Face.HEI, "附件"), flow.frame.width)[0]
    flow.mark(f"{label}　{block.title}", 0)
    put_line(flow, line, flow.frame.left, flow.take(PITCH), PITCH, SIZE_3)
    flow.take(PITCH)
    pen = flow.ink.pen(Face.BIAO, SIZE_2)
    lines = titles.balance(flow.clean(block.title, "附件标题"), pen.measure, flow.frame.width - 2 * SIZE_2)
    height = math.ceil(len(lines) * _TITLE_PITCH / PITCH - 0.2) * PITCH
    top = flow.take(height) - (height - len(lines) * _TITLE_PITCH) / 2
    for index, text in enumerate(lines):
        x = flow.frame.left + (flow.frame.width - pen.measure(text)) / 2
        flow.ink.say(x, baseline(top - index * _TITLE_PITCH, _TITLE_PITCH, SIZE_2), Face.BIAO, SIZE_2, text)
    flow.take(PITCH)


def seal_height(block: Seal) -> float:
    """Issuer and date with the empty lines above; under a stamp one more line below."""
    return (5 if block.sealed else 3) * PITCH


def seal(flow: Flow, block: Seal) -> None:
    """Issuer and date (落款).

    With a stamp the date ends four characters from the right and the issuer stands over its middle. Without a stamp
    the issuer ends two characters from the right and the date starts two characters after it.
    """
    flow.need(seal_height(block))
    flow.take((2 if block.sealed else 1) * PITCH)
    day = f"{block.date.year}年{block.date.month}月{block.date.day}日"
    issuer = break_lines(body_atoms(flow, block.issuer, Face.FANG, "落款"), flow.frame.width)[0]
    date = break_lines(body_atoms(flow, day, Face.FANG, "落款"), flow.frame.width)[0]
    right = flow.frame.right
    if block.sealed:
        date_x = right - 4 * ADVANCE - date.width
        issuer_x = min(date_x + (date.width - issuer.width) / 2, right - 2 * ADVANCE - issuer.width)
    else:
        issuer_x = right - 2 * ADVANCE - issuer.width
        date_x = issuer_x + 2 * ADVANCE
        if (
            date_x + date.width > right - 2 * ADVANCE
        ):  # a long date goes out, then the issuer moves in (GB/T 9704, 7.3.5.2)
            date_x = right - 2 * ADVANCE - date.width
            issuer_x = min(issuer_x, date_x - 2 * ADVANCE)
    issuer_x = max(flow.frame.left, issuer_x)
    put_line(flow, issuer, issuer_x, flow.take(PITCH), PITCH, SIZE_3)
    put_line(flow, date, date_x, flow.take(PITCH), PITCH, SIZE_3)
    if block.sealed:
        flow.take(min(PITCH, flow.room))


def signature_height(block: SignatureRow) -> float:
    """Height of a signature row."""
    return block.lines * _SIGN_PITCH + 6


def signatures(flow: Flow, block: SignatureRow) -> None:
    """Labels spread over the width, each with its share of room to sign."""
    flow.need(signature_height(block))
    flow.take(6)
    pen = flow.ink.pen(Face.SONG, _SIGN_SIZE)
    per_line = math.ceil(len(block.labels) / block.lines)
    for start in range(0, len(block.labels), per_line):
        top = flow.take(_SIGN_PITCH)
        labels = [flow.clean(label, "签名栏") for label in block.labels[start : start + per_line]]
        labels = [label if "：" in label else f"{label}：" for label in labels]
        widths = [pen.measure(label) for label in labels]
        spare = max(0.0, flow.frame.width - sum(widths)) / len(labels)
        x = flow.frame.left
        for label, wide in zip(labels, widths, strict=True):
            flow.ink.say(x, baseline(top, _SIGN_PITCH, _SIGN_SIZE), Face.SONG, _SIGN_SIZE, label)
            x += wide + spare
