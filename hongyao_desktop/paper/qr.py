"""QR codes (二维码) drawn as boxes: ReportLab's own widget would bring a font that is not embedded."""

from __future__ import annotations

import itertools

from reportlab.graphics.barcode import qrencoder

from hongyao_desktop.paper.breaking import atoms, break_lines
from hongyao_desktop.paper.document import Face, QrCode
from hongyao_desktop.paper.flow import Flow
from hongyao_desktop.paper.geometry import MM, SIZE_5_SMALL
from hongyao_desktop.paper.prose import cut_piece

_QUIET = 4  # modules of white around, as the standard wants
_LEADING = 13.0


def modules(content: str) -> list[list[bool]]:
    """The dark modules of a code for a text (UTF-8, error correction M)."""
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(qrencoder.QR8bitByte(content.encode("utf-8")))
    code.make()
    return [[bool(dark) for dark in row] for row in code.modules]


def code_height(block: QrCode) -> float:
    """Height in points."""
    return block.edge * MM + 4


def draw_code(flow: Flow, block: QrCode) -> None:
    """The code at the left edge, its caption beside it in 小五."""
    flow.need(code_height(block))
    _draw(flow, block, flow.take(code_height(block)) - 4, flow.frame.right)


def draw_beside(flow: Flow, block: QrCode, height: float) -> None:
    """The code at the left of issuer and date, which stand at the right in the next ``height`` points."""
    flow.need(height)
    _draw(
        flow, block, flow.y - max(4.0, height - code_height(block)), flow.frame.left + flow.frame.width * 0.46
    )


def _draw(flow: Flow, block: QrCode, top: float, right: float) -> None:
    rows = modules(block.content)
    step = block.edge * MM / (len(rows) + 2 * _QUIET)
    boxes = []
    for number, row in enumerate(rows):
        y = top - (number + _QUIET + 1) * step
        column = 0
        for dark, run in itertools.groupby(row):
            count = len(list(run))
            if dark:
                x = flow.frame.left + (column + _QUIET) * step
                boxes.append(f"{x:.3f} {y:.3f} {count * step:.3f} {step:.3f} re")
            column += count
    flow.ink.shape("0 g " + " ".join(boxes) + " f")
    pen = flow.ink.pen(Face.SONG, SIZE_5_SMALL)
    x = flow.frame.left + block.edge * MM + 2
    caption = flow.clean(block.caption, "二维码说明")
    lines = break_lines(atoms(caption, pen.measure), right - x, justify=False, cut=cut_piece)
    y = top - block.edge * MM / 2 + (len(lines) - 1) * _LEADING / 2 - 0.38 * SIZE_5_SMALL
    for line in lines:
        flow.ink.say(x, y, Face.SONG, SIZE_5_SMALL, line.text)
        y -= _LEADING
