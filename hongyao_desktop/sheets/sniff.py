"""What a file really is (辨认文件): its content decides, never its name.

Old export programs save web pages and text as ".xls", chat programs rename pictures, and offices wrap files in
locking software. Each that is no table gets one sentence that says what it is and what to do.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.sheets.book import BookKind, Limits, column_letter

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# First bytes of what clerks pick by mistake, and what it is called.
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "PDF 文件"),
    (b"\x89PNG\r\n", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"II*\x00", "图片"),
    (b"MM\x00*", "图片"),
    (b"{\\rtf", "Word 文档"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"MZ", "程序"),
    (b"\x7fELF", "程序"),
    (b"SQLite format 3\x00", "数据库文件"),
    (b"%!PS", "打印文件"),
    (b"CAJ", "阅读器文件"),
    (b"ftyp", "视频"),
)
# Marks of locking software (企业文档加密) that offices install; the file can be read only on a machine that has it.
_LOCKED: tuple[bytes, ...] = (b"%TSD-Header-###%", b"E-SafeNet", b"b\x14#e")

_UTF16 = "utf-16-le"
_ENCRYPTED = ("EncryptedPackage", "EncryptionInfo", "DRMEncryptedDataSpace")
_OLE_OTHERS = (
    ("WordDocument", "Word 文档"),
    ("PowerPoint Document", "演示文稿"),
    ("VisioDocument", "绘图文件"),
    ("__nameid_version1.0", "邮件"),
)
_ZIP_OTHERS = (
    ("word/", "Word 文档"),
    ("ppt/", "演示文稿"),
    ("visio/", "绘图文件"),
    ("OFD.xml", "版式文件（OFD）"),
    ("AndroidManifest.xml", "手机程序"),
)
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|style|div|xml\b)", re.IGNORECASE)
_WORKBOOK_XML = b"urn:schemas-microsoft-com:office:spreadsheet"


# Spreadsheets written as text, which a comma-separated file must not be taken for.
_RARE: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"ID;P"), "SYLK 表格（.slk）"),
    (re.compile(rb"TABLE\s*\r?\n0,1\s*\r?\n"), "DIF 表格（.dif）"),
    (re.compile(rb"(?:<\?xml[^>]*>\s*)?<office:document[\s>]"), "单个文件的 OpenDocument 表格（.fods）"),
)


def broken(name: str) -> Refusal:
    """The sentence for a spreadsheet whose inside does not fit together."""
    return Refusal(f"“{name}”已损坏，读不出来；请在 Excel 或 WPS 中打开，另存为 .xlsx 后再导入")


def encrypted(name: str) -> Refusal:
    """The sentence for a workbook with a password."""
    return Refusal(f"“{name}”设有打开密码，读不出来；请在 Excel 或 WPS 中取消密码并保存，再导入")


def not_a_table(name: str, what: str) -> Refusal:
    """The sentence for a file of another kind, named in Chinese."""
    return Refusal(f"“{name}”是{what}，不是表格；请把其中的表格另存为 .xlsx 后再导入")


def rare_format(name: str, what: str) -> Refusal:
    """The sentence for a spreadsheet in a format hardly anybody uses."""
    return Refusal(f"“{name}”是{what}，读不了；请在 Excel 或 WPS 中打开，另存为 .xlsx 后再导入")


def entities(name: str) -> Refusal:
    """The sentence for markup that declares entities: no spreadsheet program does, attackers do."""
    return Refusal(f"“{name}”里有不该有的内容（实体声明），为安全起见不读；请在 Excel 或 WPS 中另存后再导入")


def declares_entities(markup: bytes) -> bool:
    """True if the markup has a document type or entity declaration."""
    return b"<!DOCTYPE" in markup or b"<!ENTITY" in markup


def too_big_inside(name: str, limit_bytes: int) -> Refusal:
    """The sentence for a file that unfolds to more than is ever needed."""
    return Refusal(
        f"“{name}”展开后超过 {limit_bytes >> 20} MB，已停止读取；请删去多余的工作表、图片或拆成几个文件"
    )


def check_area(rows: int, columns: int, limits: Limits, name: str) -> None:
    """Refuse a sheet of more cells than one table ever has (mostly empty ones before a stray last cell)."""
    if rows * columns > limits.cells:
        raise Refusal(
            f"“{name}”里的表太大（{rows} 行，到 {column_letter(max(columns - 1, 0))} 列）；"
            "请删去远处多余的内容，或拆成几个文件再导入"
        )


def recognise(data: bytes, name: str) -> BookKind:
    """Tell the kind of a file from its content; refuse, naming it, what is no table.

    Text that is neither web page nor workbook XML comes back as CSV: whether it is readable text at all shows when
    it is decoded.
    """
    if not data:
        raise Refusal(f"“{name}”是空文件（0 字节）；请向发来的人再要一份")
    head = data[:4096]
    if any(mark in head for mark in _LOCKED):
        raise Refusal(f"“{name}”被单位的文件加密软件锁住了，读不出来；请先解密再导入")
    if head.startswith(OLE):
        return _inside_ole(data, name)
    if head.startswith(b"PK"):
        return _inside_zip(data, name)
    if data[4:8] == b"ftyp":
        raise not_a_table(name, "视频")
    if head[:2] == b"\x09\x00" or head[:2] in {b"\x09\x02", b"\x09\x04", b"\x09\x08"}:
        return BookKind.XLS  # Excel 2 to 5 without the container
    for mark, what in _OTHERS:
        # "BM" and "MZ" may start a text too: a picture or program also has zero bytes
        if head.startswith(mark) and (len(mark) > 2 or b"\x00" in head):
            raise not_a_table(name, what)
    return _among_texts(head, name)


def _among_texts(head: bytes, name: str) -> BookKind:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        order = "utf-16-le" if head[0] == 0xFF else "utf-16-be"
        plain = head[2:].decode(order, errors="ignore").encode("utf-8", errors="ignore")
    else:
        plain = head.removeprefix(b"\xef\xbb\xbf")
    plain = plain.lstrip()
    for mark, what in _RARE:
        if mark.match(plain):
            raise rare_format(name, what)
    if _WORKBOOK_XML in plain and plain.startswith(b"<"):
        return BookKind.XML2003
    if plain.startswith(b"<") and _MARKUP.search(plain):
        return BookKind.HTML
    if plain.startswith(b"MIME-Version") and b"multipart/related" in plain:
        return BookKind.HTML
    return BookKind.CSV


def _inside_ole(data: bytes, name: str) -> BookKind:
    def holds(stream: str) -> bool:
        return stream.encode(_UTF16) in data

    if any(holds(stream) for stream in _ENCRYPTED):
        raise encrypted(name)
    if holds("Workbook") or holds("Book"):
        return BookKind.XLS
    for stream, what in _OLE_OTHERS:
        if holds(stream):
            raise not_a_table(name, what)
    raise broken(name)


def _inside_zip(data: bytes, name: str) -> BookKind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.namelist()
            kind = _kind_of_package(package, set(entries), name)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise broken(name) from error
    if kind is not None:
        return kind
    for prefix, what in _ZIP_OTHERS:
        if any(entry.startswith(prefix) for entry in entries):
            raise not_a_table(name, what)
    raise not_a_table(name, "压缩包")


def _kind_of_package(package: zipfile.ZipFile, entries: set[str], name: str) -> BookKind | None:
    folded = {entry.replace("\\", "/").lower() for entry in entries}
    if "xl/workbook.bin" in folded:
        return BookKind.XLSB
    if "xl/workbook.xml" in folded:
        return BookKind.XLSX
    if "mimetype" in entries:
        with package.open("mimetype") as stream:
            mimetype = stream.read(200)
        if mimetype.startswith(_ODS):
            if "META-INF/manifest.xml" in entries:
                with package.open("META-INF/manifest.xml") as stream:
                    if b"encryption-data" in stream.read(1 << 20):
                        raise encrypted(name)
            return BookKind.ODS
        if b"opendocument" in mimetype:
            raise not_a_table(name, "Word 文档" if b"text" in mimetype else "办公文件")
    if "[content_types].xml" in folded and any(entry.startswith("xl/") for entry in folded):
        return BookKind.XLSX
    return None
