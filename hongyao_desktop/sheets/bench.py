"""How fast workbooks are written and read, against the bare libraries in the same run (测速)."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.sheets.reading import read_book
from hongyao_desktop.sheets.writing import ColumnOut, SheetOut, write_book

_COLUMNS = (
    ColumnOut("编号", CellKind.CODE, 10),
    ColumnOut("姓名", CellKind.TEXT, 8),
    ColumnOut("证件号码", CellKind.CODE, 12),
    ColumnOut("电话", CellKind.CODE, 9),
    ColumnOut("组织", CellKind.TEXT, 12),
    ColumnOut("类别", CellKind.TEXT, 8),
    ColumnOut("日期", CellKind.DATE, 8),
    ColumnOut("时长", CellKind.HOURS, 6, total=True),
    ColumnOut("积分", CellKind.POINTS, 6, total=True),
    ColumnOut("金额", CellKind.MONEY, 10, total=True),
    ColumnOut("次数", CellKind.INTEGER, 6),
    ColumnOut("备注", CellKind.TEXT, 12),
)


def sample_rows(count: int) -> Iterator[tuple[Any, ...]]:
    """Rows of twelve columns, the same on every run."""
    first = dt.date(2026, 1, 1)
    for number in range(count):
        day = (first + dt.timedelta(days=number % 300)).isoformat()
        yield (
            f"水湾-{number:06d}",
            f"张{'伟芳娜敏静丽强磊'[number % 8]}",
            f"320290{19500101 + number % 9000:08d}{number % 1000:03d}0",
            f"139{number:08d}",
            "水湾社区第一网格",
            "文明劝导",
            day,
            60 + number % 240,
            number % 5000,
            number * 7 % 1_000_000,
            number % 40,
            "样例",
        )


def measure_writing(folder: Path, rows: int) -> tuple[float, float]:
    """Seconds to write a styled workbook of ``rows`` rows, and of the library's bare write-only loop over the same."""
    data = list(sample_rows(rows))
    floor = _timed(lambda: _write_bare(folder / "底线.xlsx", data))
    ours = _timed(lambda: write_book(folder / "工作簿.xlsx", [SheetOut("样例", _COLUMNS, data)]))
    return ours, floor


def write_sample(path: Path, rows: Iterator[tuple[Any, ...]], header: tuple[str, ...]) -> None:
    """A workbook as an office would send it: a title, a header, text cells."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("花名册")
    sheet.append(["样例街道志愿者花名册"])
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    book.save(path)


def measure_reading(path: Path) -> tuple[float, float]:
    """Seconds to read a workbook in the limited process, and with the fastest reader in this one."""
    from python_calamine import CalamineWorkbook

    def bare() -> None:
        workbook = CalamineWorkbook.from_path(path)
        for name in workbook.sheet_names:
            workbook.get_sheet_by_name(name).to_python()

    return _timed(lambda: read_book(path)), _timed(bare)


def _write_bare(path: Path, rows: list[tuple[Any, ...]]) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("样例")
    sheet.append([column.label for column in _COLUMNS])
    for row in rows:
        sheet.append(list(row))
    book.save(path)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
