"""Strange sheets by the hundred (怪表): one roster of eight people, drawn and kept in all the ways of offices.

A drawing is a layout, a way to write each kind of cell, and a container. Whatever is drawn, the people in it are the
same; so a test can say who must come in, under which number, whatever the sheet looks like.
"""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import random
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.worksheet import Worksheet

from hongyao_desktop.core.identity import check_digit

COLUMNS: Final = ("姓名", "性别", "出生日期", "证件号码", "联系电话", "服务类别")
NAMES: Final = ("赵铁柱", "钱秀兰", "阿依古丽·买买提", "孙𬬭", "欧阳娜", "李䶮生", "周大为", "吴小燕")


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the roster, as it must stand in the register."""

    name: str
    sex: str
    born: dt.date
    number: str
    phone: str
    category: str


def _person(place: int, name: str) -> Person:
    born = dt.date(1955 + place * 4, place % 12 + 1, place * 3 % 28 + 1)
    body = f"3202{place % 10}0{born:%Y%m%d}{place:02}{1 + place % 2}"
    number = body + check_digit(body)
    return Person(name, "男" if place % 2 == 0 else "女", born, number, f"1380000{place:04}", "助老")


PEOPLE: Final = tuple(_person(place, name) for place, name in enumerate(NAMES))


# ---------------------------------------------------------------------------------------------- how a cell is written

Cell = Any
Writer = Callable[[Any], Cell]


def _wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def _spaced(name: str) -> str:
    return (
        f"{name[0]}　{name[1:]}" if len(name) == 2 else f"{name[0]} {name[1:]}" if name[0] != "阿" else name
    )


NAME_WAYS: Final[dict[str, Writer]] = {
    "plain": str,
    "inner space": _spaced,
    "trailing spaces": lambda name: f"{name}  \u00a0",
    "zero width": lambda name: f"\u200b{name}\ufeff",
    "direction marks": lambda name: f"\u202d{name}\u202c",
    "line break": lambda name: f"{name}\n",
    "other dots": lambda name: name.replace("·", "•"),
}
NUMBER_WAYS: Final[dict[str, Writer]] = {
    "plain": str,
    "small x": str.lower,
    "full width": _wide,
    "in groups": lambda number: f"{number[:6]} {number[6:14]} {number[14:]}",
    "apostrophe": lambda number: f"'{number}",
    "spaces round it": lambda number: f" {number}\u3000",
}
PHONE_WAYS: Final[dict[str, Writer]] = {
    "plain": str,
    "number": int,
    "decimal": float,
    "full width": _wide,
    "with country": lambda phone: f"+86 {phone}",
    "with hyphens": lambda phone: f"{phone[:3]}-{phone[3:7]}-{phone[7:]}",
    "spaces": lambda phone: f"{phone} \u200b",
}
DAY_WAYS: Final[dict[str, Writer]] = {
    "date": lambda day: day,
    "iso": dt.date.isoformat,
    "dots": lambda day: f"{day.year}.{day.month}.{day.day}",
    "slashes": lambda day: f"{day.year}/{day.month:02}/{day.day:02}",
    "words": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "full width": lambda day: _wide(f"{day.year}-{day.month}-{day.day}"),
    "eight digits": lambda day: int(f"{day:%Y%m%d}"),
    "serial": lambda day: (day - dt.date(1899, 12, 30)).days,
    "serial text": lambda day: str((day - dt.date(1899, 12, 30)).days),
    "with time": lambda day: f"{day.isoformat()} 00:00:00",
    "blank": lambda _day: None,
}
HEADER_WAYS: Final[dict[str, Writer]] = {
    "plain": str,
    "spaced": lambda label: "　".join(label) if len(label) == 2 else label,
    "broken": lambda label: f"{label[:2]}\n{label[2:]}" if len(label) > 2 else label,
    "starred": lambda label: f"*{label}",
    "required": lambda label: f"{label}（必填）",
    "colon": lambda label: f"{label}：",
    "other words": lambda label: {"证件号码": "身份证号", "联系电话": "手机", "出生日期": "出生年月日"}.get(
        label, label
    ),
}


# ------------------------------------------------------------------------------------------------------ the drawing


@dataclass(slots=True)
class Drawing:
    """A sheet on paper: cells from the corner on, merges as first row and column, last row and column."""

    grid: list[list[Cell]]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    people: tuple[Person, ...] = PEOPLE

    @property
    def width(self) -> int:
        return max(map(len, self.grid), default=0)

    def down(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Put rows on top."""
        self.grid[:0] = [list(row) for row in rows]
        self.merges = [(a + len(rows), b, c + len(rows), d) for a, b, c, d in self.merges]
        self.hidden_rows = {row + len(rows) for row in self.hidden_rows}

    def right(self, column: Sequence[Cell]) -> None:
        """Put a column in front."""
        for row, value in zip(self.grid, column, strict=True):
            row.insert(0, value)
        self.merges = [(a, b + 1, c, d + 1) for a, b, c, d in self.merges]
        self.hidden_columns = {place + 1 for place in self.hidden_columns}


@dataclass(frozen=True, slots=True)
class Ways:
    """How each kind of cell is written."""

    name: str = "plain"
    number: str = "plain"
    phone: str = "plain"
    day: str = "iso"
    header: str = "plain"

    def row(self, person: Person) -> list[Cell]:
        return [
            NAME_WAYS[self.name](person.name),
            person.sex,
            DAY_WAYS[self.day](person.born),
            NUMBER_WAYS[self.number](person.number),
            PHONE_WAYS[self.phone](person.phone),
            person.category,
        ]

    def labels(self) -> list[str]:
        return [HEADER_WAYS[self.header](label) for label in COLUMNS]


def plain(ways: Ways) -> Drawing:
    return Drawing([ways.labels(), *(ways.row(person) for person in PEOPLE)])


def with_title(ways: Ways) -> Drawing:
    drawing = plain(ways)
    drawing.down([["水湾社区志愿者花名册"], ["填报单位：水湾社区", None, None, "填报日期：2026年9月30日"]])
    drawing.merges += [(0, 0, 0, 5), (1, 0, 1, 2), (1, 3, 1, 5)]
    return drawing


def with_two_row_header(ways: Ways) -> Drawing:
    labels = ways.labels()
    drawing = Drawing(
        [
            ["基本情况", None, None, None, labels[4], labels[5]],
            [*labels[:4], None, None],
            *(ways.row(person) for person in PEOPLE),
        ]
    )
    drawing.merges = [(0, 0, 0, 3), (0, 4, 1, 4), (0, 5, 1, 5)]
    return drawing


def numbered_with_blanks(ways: Ways) -> Drawing:
    drawing = plain(ways)
    drawing.right(["序号", *range(1, len(PEOPLE) + 1)])
    drawing.grid += [[number, *[None] * 6] for number in range(len(PEOPLE) + 1, len(PEOPLE) + 16)]
    return drawing


def with_total(ways: Ways) -> Drawing:
    drawing = numbered_with_blanks(ways)
    drawing.grid.append(["合计", f"{len(PEOPLE)}人", *[None] * 5])
    return drawing


def with_notes(ways: Ways) -> Drawing:
    drawing = plain(ways)
    drawing.down([["附件1"], ["志愿者基本情况登记表"], ["说明：本表由社区填写，证件号码请核对原件。"]])
    drawing.grid += [
        [],
        ["注：1.本表一式两份。"],
        ["　　2.请于每月5日前报送。"],
        ["填表人：李静", None, None, "审核人：", None, "2026年9月30日"],
    ]
    drawing.merges += [(1, 0, 1, 5), (2, 0, 2, 5)]
    return drawing


def far_from_the_corner(ways: Ways) -> Drawing:
    drawing = plain(ways)
    for _ in range(3):
        drawing.right([None] * len(drawing.grid))
    drawing.down([[]] * 7)
    return drawing


def printed_in_pages(ways: Ways) -> Drawing:
    rows = [ways.row(person) for person in PEOPLE]
    return Drawing([ways.labels(), *rows[:3], ways.labels(), *rows[3:6], [], ways.labels(), *rows[6:]])


def in_sections(ways: Ways) -> Drawing:
    rows = [ways.row(person) for person in PEOPLE]
    drawing = Drawing([ways.labels(), ["第一网格"], *rows[:4], ["第二网格"], *rows[4:]])
    drawing.merges = [(1, 0, 1, 5), (6, 0, 6, 5)]
    return drawing


def with_more_columns(ways: Ways) -> Drawing:
    drawing = plain(ways)
    more = ["是否领取服装", "尺码", "家庭住址", "备注"]
    drawing.grid[0] += more
    for place, row in enumerate(drawing.grid[1:]):
        row += ["是", f"{165 + place}", f"水湾社区{place + 1}号楼", None if place % 2 else "骨干"]
    return drawing


def with_hidden_parts(ways: Ways) -> Drawing:
    drawing = with_more_columns(ways)
    drawing.hidden_columns = {6, 7}
    return drawing


def shuffled(ways: Ways) -> Drawing:
    order = [4, 0, 5, 3, 1, 2]
    drawing = plain(ways)
    drawing.grid = [[row[place] for place in order] for row in drawing.grid]
    return drawing


def side_by_side(ways: Ways) -> Drawing:
    half = len(PEOPLE) // 2
    rows = [ways.row(person) for person in PEOPLE]
    return Drawing(
        [
            [*ways.labels(), *ways.labels()],
            *([*left, *right] for left, right in zip(rows[:half], rows[half:], strict=True)),
        ]
    )


def merged_down(ways: Ways) -> Drawing:
    """One cell says the category of everybody below it."""
    drawing = plain(ways)
    for row in drawing.grid[2:]:
        row[5] = None
    drawing.merges = [(1, 5, len(PEOPLE), 5)]
    return drawing


def with_empty_rows_between(ways: Ways) -> Drawing:
    drawing = plain(ways)
    spread: list[list[Cell]] = [drawing.grid[0]]
    for row in drawing.grid[1:]:
        spread += [row, []]
    drawing.grid = spread
    return drawing


def with_an_example(ways: Ways) -> Drawing:
    drawing = numbered_with_blanks(ways)
    example = ["例", "张三", "男", "1980-01-01", "按身份证填写", "按实际填写", "助老"]
    drawing.grid.insert(1, example)
    return drawing


LAYOUTS: Final[dict[str, Callable[[Ways], Drawing]]] = {
    layout.__name__: layout
    for layout in (
        plain,
        with_title,
        with_two_row_header,
        numbered_with_blanks,
        with_total,
        with_notes,
        far_from_the_corner,
        printed_in_pages,
        in_sections,
        with_more_columns,
        with_hidden_parts,
        shuffled,
        side_by_side,
        merged_down,
        with_empty_rows_between,
        with_an_example,
    )
}


# ------------------------------------------------------------------------------------------------------- containers


def _workbook(
    drawing: Drawing, path: Path, change: Callable[[Workbook, Worksheet], None] | None = None
) -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "花名册"
    if change is not None:
        change(book, sheet)
    for number, row in enumerate(drawing.grid, 1):
        for place, value in enumerate(row, 1):
            if value is not None:
                sheet.cell(number, place, value)
    for top, left, bottom, right in drawing.merges:
        sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    for place in drawing.hidden_columns:
        sheet.column_dimensions[get_column_letter(place + 1)].hidden = True
    for row_number in drawing.hidden_rows:
        sheet.row_dimensions[row_number + 1].hidden = True
    book.save(path)


def _counted_from_1904(book: Workbook, _sheet: Worksheet) -> None:
    book.epoch = dt.datetime(1904, 1, 1)  # noqa: DTZ001 - what the library asks for


def _protected(book: Workbook, sheet: Worksheet) -> None:
    sheet.protection.sheet = True
    sheet.protection.set_password("1234")
    book.security = WorkbookProtection(workbookPassword="1234", lockStructure=True)


def _other_sheets(book: Workbook, _sheet: Worksheet) -> None:
    book.create_sheet("填表说明").append(["请按身份证如实填写，不要改动表头"])
    hidden = book.create_sheet("字典")
    hidden.append(["助老", "环保"])
    hidden.sheet_state = "veryHidden"
    book.create_sheet("空表")


def _formatted_far_below(_book: Workbook, sheet: Worksheet) -> None:
    from openpyxl.styles import Font

    sheet.cell(65_536, 1).font = Font(bold=True)


def _with_parts(path: Path, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "a") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def _texts(drawing: Drawing) -> list[list[str]]:
    def shown(value: Cell) -> str:
        if value is None:
            return ""
        if isinstance(value, float) and value.is_integer():
            return f"{value:.0f}"
        return str(value)

    return [[shown(value) for value in [*row, *[None] * (drawing.width - len(row))]] for row in drawing.grid]


def _delimited(drawing: Drawing, path: Path, encoding: str, separator: str = ",", start: bytes = b"") -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(_texts(drawing))
    path.write_bytes(start + out.getvalue().encode(encoding))


def _web_page(drawing: Drawing, path: Path, encoding: str) -> None:
    covered = {
        (row, place): None if (row, place) != (top, left) else (bottom - top + 1, right - left + 1)
        for top, left, bottom, right in drawing.merges
        for row in range(top, bottom + 1)
        for place in range(left, right + 1)
    }
    lines = []
    for number, row in enumerate(_texts(drawing)):
        cells = []
        for place, value in enumerate(row):
            span = covered.get((number, place), (1, 1))
            if span is not None:
                text = html.escape(value).replace("\n", "<br>")
                cells.append(f'<td rowspan="{span[0]}" colspan="{span[1]}">{text}</td>')
        lines.append(f"<tr>{''.join(cells)}</tr>")
    page = (
        f'<html><head><meta charset="{encoding}"></head><body><table>{"".join(lines)}</table></body></html>'
    )
    path.write_bytes(page.encode(encoding, "xmlcharrefreplace"))


Container = Callable[[Drawing, Path], Path]


def _saved(suffix: str, write: Callable[[Drawing, Path], None]) -> Container:
    def make(drawing: Drawing, stem: Path) -> Path:
        path = stem.with_name(f"{stem.name}{suffix}")
        write(drawing, path)
        return path

    return make


def _macro_book(drawing: Drawing, path: Path) -> None:
    _workbook(drawing, path)
    _with_parts(path, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)})


def _linked_book(drawing: Drawing, path: Path) -> None:
    _workbook(drawing, path)
    link = b'<?xml version="1.0"?><externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    _with_parts(
        path, {"xl/externalLinks/externalLink1.xml": link, "xl/media/image1.png": b"\x89PNG" + bytes(999)}
    )


CONTAINERS: Final[dict[str, Container]] = {
    "xlsx": _saved(".xlsx", _workbook),
    "xlsx from 1904": _saved(".xlsx", lambda drawing, path: _workbook(drawing, path, _counted_from_1904)),
    "protected": _saved(".xlsx", lambda drawing, path: _workbook(drawing, path, _protected)),
    "other sheets": _saved(".xlsx", lambda drawing, path: _workbook(drawing, path, _other_sheets)),
    "formatted to row 65536": _saved(
        ".xlsx", lambda drawing, path: _workbook(drawing, path, _formatted_far_below)
    ),
    "macros": _saved(".xlsm", _macro_book),
    "links and pictures": _saved(".xlsx", _linked_book),
    "xlsx called xls": _saved(".xls", _workbook),
    "xlsx called et": _saved(".et", _workbook),
    "xlsx called csv": _saved(".csv", _workbook),
    "csv utf-8": _saved(".csv", lambda drawing, path: _delimited(drawing, path, "utf-8")),
    "csv with mark": _saved(".csv", lambda drawing, path: _delimited(drawing, path, "utf-8-sig")),
    "csv gb18030": _saved(".csv", lambda drawing, path: _delimited(drawing, path, "gb18030")),
    "csv utf-16": _saved(".csv", lambda drawing, path: _delimited(drawing, path, "utf-16", "\t")),
    "csv utf-16 big": _saved(
        ".txt", lambda drawing, path: _delimited(drawing, path, "utf-16-be", "\t", b"\xfe\xff")
    ),
    "semicolons": _saved(".csv", lambda drawing, path: _delimited(drawing, path, "gb18030", ";")),
    "web page called xls": _saved(".xls", lambda drawing, path: _web_page(drawing, path, "utf-8")),
    "web page gb18030": _saved(".xls", lambda drawing, path: _web_page(drawing, path, "gb18030")),
}
TEXTS: Final = frozenset(name for name in CONTAINERS if name.startswith("csv") or name == "semicolons")
"""Containers that know cells and nothing else."""


def has_merges(called: str) -> bool:
    """Whether one cell may still stand for many in the sheet of this name."""
    layout, container, _ways = called.split(" / ", maxsplit=2)
    return layout != "merged_down" or container not in TEXTS


def drawn(
    dice: random.Random, folder: Path, number: int, layout: str | None = None
) -> tuple[str, Drawing, Path]:
    """One sheet: what it is called, what it holds, and its file."""
    layout = layout or dice.choice(list(LAYOUTS))
    ways = Ways(
        *(dice.choice(list(known)) for known in (NAME_WAYS, NUMBER_WAYS, PHONE_WAYS, DAY_WAYS, HEADER_WAYS))
    )
    container = dice.choice(list(CONTAINERS))
    if container == "xlsx from 1904" and ways.day.startswith("serial"):
        container = "xlsx"  # a bare number would mean another day there
    drawing = LAYOUTS[layout](ways)
    path = CONTAINERS[container](drawing, folder / f"{number:03}")
    return f"{layout} / {container} / {ways}", drawing, path
