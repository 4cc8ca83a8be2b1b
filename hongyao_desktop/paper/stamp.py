"""Matching a paper to the file it was printed from (核验): the whole chain head, of which 12 digits are printed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pikepdf

from hongyao_desktop.paper.problem import PaperError

PREFIX: Final = "核验码 "
"""Stands before the chain head among the keywords of the file."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a PDF says about its origin.

    Attributes:
        title: the paper's title.
        chain_head: head of the journal's chain when it was printed; "" when the paper carries none.
        created: moment of the data as the file writes it (D:20261008140300+08'00).
    """

    title: str
    chain_head: str
    created: str


def keyword(chain_head: str) -> str:
    """The keyword a file carries."""
    return f"{PREFIX}{chain_head}"


def read_stamp(pdf: Path, password: str = "") -> Stamp:
    """Read the stamp of a paper, also of an archived or locked one. Raises PaperError for a file that is no PDF."""
    try:
        with pikepdf.open(pdf, password=password) as document:
            info = document.docinfo
            words = str(info.get("/Keywords", ""))
            title, created = str(info.get("/Title", "")), str(info.get("/CreationDate", ""))
    except FileNotFoundError as error:
        raise PaperError(f"找不到文件“{pdf.name}”，请核对文件名。") from error
    except pikepdf.PasswordError as error:
        raise PaperError(f"“{pdf.name}”加了打开密码，密码没有填或不对，请重新填写。") from error
    except (pikepdf.PdfError, OSError) as error:
        raise PaperError(f"“{pdf.name}”不是 PDF 或已损坏，不能核验，请换用原文件。") from error
    heads = [part.removeprefix(PREFIX) for part in words.split("，") if part.startswith(PREFIX)]
    return Stamp(title, heads[0] if heads else "", created)
