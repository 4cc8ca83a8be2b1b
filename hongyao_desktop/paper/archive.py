"""Papers for the archive (归档) and for sending under a password: PDF/A-2b, and AES-256.

PDF/A also judges the room's promise that no name prints as a box: text that selects a missing glyph fails it.
"""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
from pikepdf import pdfa

from hongyao_desktop.paper.place import write_whole
from hongyao_desktop.paper.problem import PaperError


def archived(pdf: bytes) -> bytes:
    """The bytes of a finished PDF as PDF/A-2b; the same input gives the same bytes."""
    buffer = io.BytesIO()
    with _open(pdf) as document:
        for page in document.pages:
            if "/Trans" in page:
                del page["/Trans"]  # ReportLab writes an empty page transition, which PDF/A forbids
        try:
            pdfa.prepare(document, "2b")
            with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
                metadata["xmp:MetadataDate"] = metadata["xmp:ModifyDate"]  # not today: same data, same bytes
            pdfa.save(document, buffer, "2b", repair=False, deterministic_id=True)
        except pdfa.PdfaError as error:
            raise PaperError(
                "这份材料没有通过归档格式（PDF/A）检查，没有存成归档件，请先存为普通 PDF。"
            ) from error
    return buffer.getvalue()


def archive_findings(pdf: bytes) -> tuple[str, ...]:
    """What keeps a PDF from being PDF/A-2b, in the checker's words (for tests and the log); empty when it passes."""
    with _open(pdf) as document:
        return tuple(str(finding) for finding in pdfa.check(document, "2b").findings)


def save_locked(pdf: bytes, out: Path, password: str) -> None:
    """Write a PDF that opens only with a password (AES-256, revision 6). Raises PaperError for an empty password."""
    if not password:
        raise PaperError("没有填写打开密码，没有加密保存，请填写后重试。")
    buffer = io.BytesIO()
    with _open(pdf) as document:
        document.save(buffer, encryption=pikepdf.Encryption(owner=password, user=password, R=6))
    write_whole(buffer.getvalue(), out)


def _open(pdf: bytes) -> pikepdf.Pdf:
    try:
        return pikepdf.open(io.BytesIO(pdf))
    except pikepdf.PdfError as error:
        raise PaperError("这份 PDF 已损坏，打不开，请重新生成。") from error
