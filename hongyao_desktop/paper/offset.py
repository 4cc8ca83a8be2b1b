"""Moving what is printed on the sheet (套打偏移): so that it meets the lines of a form printed beforehand."""

from __future__ import annotations

import io
from typing import Final

import pikepdf

from hongyao_desktop.paper.geometry import MM
from hongyao_desktop.paper.problem import PaperError

MOST: Final = 30.0
"""Millimetres; more would push the text off the sheet."""


def shifted(pdf: bytes, right: float, down: float) -> bytes:
    """A finished PDF whose pages are moved by millimetres, as the page is read; the same input gives the same bytes.

    Raises PaperError when the way is longer than `MOST`.
    """
    if max(abs(right), abs(down)) > MOST:
        raise PaperError(f"套打偏移最多 {MOST:g} 毫米，现在是右 {right:g}、下 {down:g}，请重新填写。")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            x, y = right * MM, -down * MM
            if int(page.get("/Rotate", 0)) == 90:
                x, y = -y, x  # a turned sheet is read with its left edge at the head
            page.contents_add(f"q 1 0 0 1 {x:.3f} {y:.3f} cm".encode(), prepend=True)
            page.contents_add(b"Q")
        buffer = io.BytesIO()
        document.save(buffer, deterministic_id=True)
    return buffer.getvalue()
