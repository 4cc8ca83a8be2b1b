"""Matching a paper to the file it was printed from (核验): chain head and checksum, printed in short and kept in full.

The chain head says which state of the file the paper shows; the checksum (内容码) covers every word and number of the
paper, so a paper with another figure in it has another checksum.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pikepdf

from hongyao_desktop.paper.document import Block, Document, Line, Poster, QrCode, Seal, Table
from hongyao_desktop.paper.preflight import texts_of
from hongyao_desktop.paper.problem import PaperError

PREFIX: Final = "核验码 "
"""Stands before the chain head among the keywords of the file."""
CONTENT_PREFIX: Final = "内容码 "
"""Stands before the checksum among the keywords of the file."""
_CODE: Final = "HONGYAO1"


@dataclass(frozen=True, slots=True)
class Content:
    """What a paper holds: rows of its tables without sum lines, and the SHA-256 of its words and numbers."""

    rows: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a PDF says about its origin.

    Attributes:
        title: the paper's title.
        chain_head: head of the journal's chain when it was printed; "" when the paper carries none.
        created: moment of the data as the file writes it (D:20261008140300+08'00).
        checksum: of the paper's content; "" when the paper carries none.
    """

    title: str
    chain_head: str
    created: str
    checksum: str = ""


def content_of(document: Document) -> Content:
    """Rows and checksum of a paper; foot and codes do not count, so that printing it again later gives the same."""
    digest = hashlib.sha256()
    rows = 0
    for block in document.blocks:
        table = block.table if isinstance(block, Poster) else block
        if isinstance(table, Table):
            rows += _take_table(digest.update, table)
        digest.update(_words(block).encode())
    return Content(rows, digest.hexdigest())


def stamped(document: Document) -> tuple[Document, Content]:
    """The paper with its checksum at the foot and in its code; one that carries no chain head stays as it is."""
    head = document.foot.chain_head
    if not head:
        return document, Content(0, "")
    content = content_of(document)
    run = document.foot.run
    if run and content.rows:
        run = f"{run}；{content.rows:,} 行"
    blocks = tuple(
        replace(block, content=code_text(head, content.checksum))
        if isinstance(block, QrCode) and not block.content
        else block
        for block in document.blocks
    )
    foot = replace(document.foot, run=run, checksum=content.checksum)
    return replace(document, blocks=blocks, foot=foot), content


def code_text(chain_head: str, checksum: str) -> str:
    """What the code on a paper holds: who scans it can hold chain head and checksum against the file."""
    return f"{_CODE} {chain_head} {checksum[:16]}"


def short_code(chain_head: str, checksum: str) -> str:
    """What stands at the foot: the beginnings of chain head and checksum."""
    return f"{chain_head[:12]}-{checksum[:8]}" if checksum else chain_head[:12]


def keywords(chain_head: str, checksum: str) -> list[str]:
    """The keywords a file carries."""
    found = [f"{PREFIX}{chain_head}"] if chain_head else []
    return [*found, f"{CONTENT_PREFIX}{checksum}"] if checksum else found


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
    parts = words.split("，")
    return Stamp(title, _after(PREFIX, parts), created, _after(CONTENT_PREFIX, parts))


def _after(prefix: str, parts: list[str]) -> str:
    return next((part.removeprefix(prefix) for part in parts if part.startswith(prefix)), "")


def _words(block: Block) -> str:
    if isinstance(block, Table):
        return f"{block.caption_left}\n{block.caption_right}\n{block.totals}\n"
    if isinstance(block, QrCode):
        return ""
    words = "\n".join(text for _place, text in texts_of(block))
    day = block.date.isoformat() if isinstance(block, Seal | Poster) else ""
    values = getattr(block, "series", ())
    return f"{type(block).__name__}\n{words}\n{day}\n{[series.values for series in values]}\n"


def _take_table(take: Callable[[bytes], object], table: Table) -> int:
    """Feed a table to the checksum; returns its rows without sum lines."""
    take("\x1f".join(column.label for column in table.columns).encode())
    count = 0
    lines: list[str] = []
    for row in table.rows:
        if isinstance(row, tuple):
            count += 1
            cells = row
        else:
            count += isinstance(row, Line)
            cells = row.cells
        lines.append("\x1f".join(["" if cell is None else str(cell) for cell in cells]))
        if len(lines) == 500:
            take("\n".join(lines).encode())
            lines.clear()
    take("\n".join(lines).encode())
    return count
