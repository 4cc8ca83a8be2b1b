"""Every word a PDF holds (文件内全部文字): pages, bookmarks, properties, notes; for the leak scan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

from hongyao_desktop.paper import preview
from hongyao_desktop.paper.problem import PaperError

Word = tuple[str, str]
"""Where a text stands, in Chinese, and the text."""


def words_of_pdf(pdf: Path) -> Iterator[Word]:
    """Every text of a PDF with its place. Raises PaperError for a file that cannot be read, such as a locked one."""
    for place in range(1, preview.page_count(pdf) + 1):
        yield f"第 {place} 页", preview.page_text(pdf, place).replace("\r\n", "\n")
    try:
        with pikepdf.open(pdf) as document:
            for key, value in document.docinfo.items():
                yield f"文件属性 {key}", str(value)
            metadata = document.Root.get("/Metadata")
            if metadata is not None:
                yield "文件属性", bytes(metadata.read_bytes()).decode("utf-8", "replace")
            with document.open_outline() as outline:
                yield from _bookmarks(outline.root)
            for name in document.attachments:
                yield "附带文件名", str(name)
            for number, page in enumerate(document.pages, 1):
                for note in page.get("/Annots", []):
                    yield f"第 {number} 页批注", str(note.get("/Contents", ""))
    except pikepdf.PdfError as error:
        raise PaperError(f"“{pdf.name}”打不开，不能检查，请重新生成。") from error


def _bookmarks(items: list[Any]) -> Iterator[Word]:
    for item in items:
        yield "书签", str(item.title)
        yield from _bookmarks(item.children)
