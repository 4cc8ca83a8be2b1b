"""The reading process (读表进程): opens somebody else's file where nothing is lost if it goes wrong.

Started by `reading` as ``python -m hongyao_desktop.sheets.child``. A frozen program has no ``python -m``: it is
started again with the single argument `ARGUMENT`, and its entry point must call `wanted` before anything else::

    from hongyao_desktop.sheets import child

    if child.wanted(sys.argv):
        sys.exit(child.main())

Standard input carries one request line, standard output the frames of `wire`. The process limits its own memory and
processor time where the system can, may write no file, and ends by itself when nobody listens.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import math
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.sheets import delimited, sniff, wire
from hongyao_desktop.sheets.book import BookKind, Cell, Limits, Sheet

if TYPE_CHECKING:
    from hongyao_desktop.sheets.package import Extras

ARGUMENT = "--read-a-spreadsheet"
_REMEMBERED_TEXTS = 100_000
_EXACT = 1e15
_ODS_DURATION = re.compile(r"^PT([0-9]{1,6})H([0-9]{1,2})M([0-9]{1,2})(?:\.0+)?S$")


def wanted(arguments: Sequence[str]) -> bool:
    """True if this start of the (frozen) program is to be a reading process."""
    return len(arguments) == 2 and arguments[1] == ARGUMENT


def main() -> int:
    """Serve one request; returns the exit code: 0 read or refused with a sentence, 1 nobody listens any more."""
    if sys.platform == "win32":
        import msvcrt
        import os

        msvcrt.setmode(0, os.O_BINARY)
        msvcrt.setmode(1, os.O_BINARY)
    with open(0, "rb", closefd=False) as requests:
        path, limits = wire.read_request(requests.readline())
    with open(1, "wb", buffering=1 << 20, closefd=False) as out:
        _confine(limits)
        try:
            read(path, limits, out)
        except Refusal as refusal:
            wire.write_frame(out, wire.REFUSED, (refusal.message, refusal.exit_code))
        except MemoryError:
            too_big = sniff.too_big_inside(path.name, limits.memory_bytes)
            wire.write_frame(out, wire.REFUSED, (too_big.message, too_big.exit_code))
        except BrokenPipeError:
            return 1
    return 0


def _confine(limits: Limits) -> None:
    """Let the system hold this process to its limits; on systems without such limits the parent's clock remains."""
    if sys.platform == "win32":
        from hongyao_desktop.sheets.job import limit_memory

        limit_memory(limits.memory_bytes)
        return
    import resource

    seconds = math.ceil(limits.seconds) + 2
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


# ------------------------------------------------------------------------------------------------------------ reading


def read(path: Path, limits: Limits, out: BinaryIO) -> None:
    """Read a file and send its frames. Raises `Refusal` for everything that is wrong with the file."""
    data = _bytes_of(path, limits)
    name = path.name
    kind = sniff.recognise(data, name)
    about: dict[str, Any] = {"kind": kind.value, "digest": hashlib.sha256(data).hexdigest()}
    if kind is BookKind.CSV:
        text, encoding, notes = delimited.decode(data, name)
        rows, separator = delimited.split(text)
        about |= {"encoding": encoding, "separator": separator, "notes": notes}
        wire.write_frame(out, wire.BOOK, about)
        _send_text_rows(rows, path.stem, limits, name, out)
    elif kind in {BookKind.HTML, BookKind.XML2003}:
        sheets, page_encoding = _markup_sheets(data, kind, path, limits)
        about |= {"encoding": page_encoding}
        wire.write_frame(out, wire.BOOK, about)
        for sheet in sheets:
            _send_sheet(sheet, out)
    else:
        wire.write_frame(out, wire.BOOK, about)
        _send_workbook(data, kind, limits, name, out)
    wire.write_frame(out, wire.END, None)


def _bytes_of(path: Path, limits: Limits) -> bytes:
    try:
        size = path.stat().st_size
        if size > limits.file_bytes:
            raise Refusal(
                f"“{path.name}”有 {size >> 20} MB，超过可导入的 {limits.file_bytes >> 20} MB；请删去图片或拆成几个文件"
            )
        with path.open("rb") as stream:
            return stream.read(limits.file_bytes + 1)
    except FileNotFoundError as error:
        raise Refusal(f"没有找到“{path.name}”；请核对文件位置") from error
    except PermissionError as error:
        raise Refusal(f"“{path.name}”没有读取权限，或正被别的程序占用；请关闭后再试") from error
    except OSError as error:
        raise Refusal(f"“{path.name}”读不出来；请检查磁盘或 U 盘后再试") from error


def _markup_sheets(data: bytes, kind: BookKind, path: Path, limits: Limits) -> tuple[list[Sheet], str | None]:
    from hongyao_desktop.sheets import markup

    if kind is BookKind.XML2003:
        return markup.read_xml2003(data, path.name, limits), None
    page = markup.html_bytes(data)
    text, encoding = _page_text(page, markup.charset(page), path.name)
    sheet = markup.read_html(text, path.stem, limits)
    if not sheet.rows:
        raise sniff.not_a_table(path.name, "网页")
    return [sheet], encoding


def _page_text(page: bytes, declared: str | None, name: str) -> tuple[str, str]:
    if declared and declared.lower() in {"big5", "big5-hkscs", "utf-16", "utf-16le"}:
        try:
            return page.decode(declared), declared.lower()
        except UnicodeDecodeError:
            pass  # a page that lies about itself is read by its bytes
    text, encoding, _notes = delimited.decode(page, name)
    return text, encoding


def _send_text_rows(
    rows: Iterable[list[str]], sheet_name: str, limits: Limits, name: str, out: BinaryIO
) -> None:
    """Text rows made equally wide; the widest row is known only at the end, so they are gathered first."""
    gathered: list[list[Cell]] = []
    width = cells = 0
    for row in rows:
        gathered.append([value or None for value in row])
        width = max(width, len(row))
        cells += len(row)
        if cells > limits.cells:
            sniff.check_area(len(gathered), width, Limits(cells=0), name)
    while gathered and not any(gathered[-1]):
        gathered.pop()
    sniff.check_area(len(gathered), width, limits, name)
    for row_cells in gathered:
        row_cells.extend([None] * (width - len(row_cells)))
    _send_sheet(Sheet(name=sheet_name, rows=gathered), out)


def _send_sheet(sheet: Sheet, out: BinaryIO) -> None:
    _send_head(sheet, out)
    for start in range(0, len(sheet.rows), wire.ROWS_PER_FRAME):
        wire.write_frame(out, wire.ROWS, sheet.rows[start : start + wire.ROWS_PER_FRAME])


def _send_head(sheet: Sheet, out: BinaryIO) -> None:
    wire.write_frame(
        out,
        wire.SHEET,
        {
            "name": sheet.name,
            "hidden": sheet.hidden,
            "row_offset": sheet.row_offset,
            "col_offset": sheet.col_offset,
            "merged": sheet.merged,
            "formats": dict(sheet.formats),
            "faults": dict(sheet.faults),
            "hidden_rows": tuple(sheet.hidden_rows),
        },
    )


# ---------------------------------------------------------------------------------------------------------- workbooks


def _send_workbook(data: bytes, kind: BookKind, limits: Limits, name: str, out: BinaryIO) -> None:
    import python_calamine

    try:
        _send_sheets(data, kind, limits, name, out)
    except python_calamine.PasswordError as error:
        raise sniff.encrypted(name) from error
    except (
        python_calamine.CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        ValueError,
        OverflowError,
        NotImplementedError,
        SyntaxError,  # lxml's errors are of this kind
    ) as error:
        raise sniff.broken(name) from error


def _send_sheets(data: bytes, kind: BookKind, limits: Limits, name: str, out: BinaryIO) -> None:
    import python_calamine

    from hongyao_desktop.sheets import xls

    extras_of = _extras(data, kind, limits, name)
    workbook = python_calamine.load_workbook(io.BytesIO(data))
    if not workbook.sheets_metadata:
        raise sniff.broken(name)
    old = xls.marks_of(data) if kind is BookKind.XLS else []
    for place, about in enumerate(workbook.sheets_metadata):
        if about.typ is not python_calamine.SheetTypeEnum.WorkSheet:
            continue
        extras = extras_of(about.name)
        source = workbook.get_sheet_by_name(about.name)
        if source.start is None or source.end is None:
            continue
        top, left = source.start
        sniff.check_area(source.end[0] - top + 1, source.end[1] - left + 1, limits, name)
        if kind is BookKind.XLS:
            extras.merged = [(a, b, c, d) for (a, b), (c, d) in source.merged_cell_ranges or ()]
            if len(old) == len(workbook.sheets_metadata):
                extras.faults, extras.hidden_rows = old[place].faults, old[place].hidden_rows
        head = Sheet(
            name=about.name,
            rows=[],
            hidden=about.visible is not python_calamine.SheetVisibleEnum.Visible,
            row_offset=top,
            col_offset=left,
            merged=tuple(extras.merged),
            formats=extras.formats,
            faults=extras.faults,
            hidden_rows=frozenset(extras.hidden_rows),
        )
        _send_head(head, out)
        for rows in _tidy_rows(source.iter_rows(), top):
            if kind is BookKind.ODS:
                _read_durations(rows)
            wire.write_frame(out, wire.ROWS, rows)


def _extras(data: bytes, kind: BookKind, limits: Limits, name: str) -> Callable[[str], Extras]:
    """What the fast reader leaves out, by sheet name; checks a package's sizes before anything unfolds it."""
    from hongyao_desktop.sheets import ods, package

    if kind is BookKind.XLS:
        return lambda _sheet_name: package.Extras()
    archive = zipfile.ZipFile(io.BytesIO(data))
    if kind is BookKind.XLSX:
        return package.Package(archive, limits, name).extras
    if kind is BookKind.ODS:
        merges = ods.merges(archive, limits, name)
        return lambda sheet_name: package.Extras(merged=merges.get(sheet_name, []))
    package.check_sizes(archive, limits, name)
    return lambda _sheet_name: package.Extras()


def _tidy_rows(rows: Iterable[list[Any]], empty_before: int) -> Iterator[list[list[Cell]]]:
    """The reader's rows in frames: blanks as None, whole numbers as int, equal texts as one object.

    The reader gives every number as a float and every blank as ""; it also gives the empty rows before the first used
    one. Equal texts as one object make the frame a third smaller and the program's memory too.
    """
    texts: dict[str, str] = {}
    frame: list[list[Cell]] = []
    for number, row in enumerate(rows):
        if number < empty_before:
            continue
        frame.append(
            [
                (texts.setdefault(value, value) if value else None)
                if value.__class__ is str
                else (_number(value) if value.__class__ is float else value)
                for value in row
            ]
        )
        if len(frame) >= wire.ROWS_PER_FRAME:
            yield frame
            frame = []
            if len(texts) > _REMEMBERED_TEXTS:
                texts.clear()
    if frame:
        yield frame


def _read_durations(rows: list[list[Cell]]) -> None:
    """An .ods length of time comes as it stands in the file: ``PT30H00M00S``."""
    for row in rows:
        for column, value in enumerate(row):
            if isinstance(value, str) and (match := _ODS_DURATION.match(value)):
                hours, minutes, seconds = (int(part) for part in match.groups())
                row[column] = dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _number(value: float) -> int | float | str:
    if value.is_integer():
        if abs(value) < _EXACT:
            return int(value)
        # as a spreadsheet shows it: fifteen digits are kept, the rest is gone
        return int(Decimal(f"{value:.15g}"))
    return value if math.isfinite(value) else str(value)


if __name__ == "__main__":
    sys.exit(main())
