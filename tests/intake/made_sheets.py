"""Sheets as offices make them, drawn as text: one line a row, cells divided by |, so that a test shows its sheet.

``~`` continues a merge from the left, ``^`` from above. A line of ``-`` is an empty row. Texts that are whole
numbers or decimals become numbers, ``2026-03-05`` a date; ``'`` in front keeps a text a text.
"""

from __future__ import annotations

import datetime as dt
import re

from hongyao_desktop.sheets.book import Cell, Merge, Sheet

_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")


def drawn(text: str, *, name: str = "Sheet1", down: int = 0, right: int = 0) -> Sheet:
    """The sheet a drawing shows; `down` and `right` are empty rows and columns before it."""
    lines = [line for line in text.split("\n") if line.strip()]
    grid = [[] if line.strip() == "-" else [cell.strip() for cell in line.split("|")] for line in lines]
    width = max(len(row) for row in grid)
    for row in grid:
        row.extend([""] * (width - len(row)))
    merged = _merges(grid, down, right)
    rows = [[_value(cell) for cell in row] for row in grid]
    return Sheet(name=name, rows=rows, row_offset=down, col_offset=right, merged=tuple(merged))


def _merges(grid: list[list[str]], down: int, right: int) -> list[Merge]:
    merged: list[Merge] = []
    for top, row in enumerate(grid):
        for left, cell in enumerate(row):
            if cell in {"~", "^"}:
                continue
            last = left
            while last + 1 < len(row) and row[last + 1] == "~":
                last += 1
            bottom = top
            while bottom + 1 < len(grid) and all(
                grid[bottom + 1][column] == "^" for column in range(left, last + 1)
            ):
                bottom += 1
            if (last, bottom) != (left, top):
                merged.append((top + down, left + right, bottom + down, last + right))
    return merged


def _value(cell: str) -> Cell:
    if cell in {"", "~", "^"}:
        return None
    if cell.startswith("'"):
        return cell[1:]
    if _DATE.match(cell):
        return dt.date.fromisoformat(cell)
    if re.fullmatch(r"-?\d{1,15}", cell) and (cell == "0" or not cell.startswith("0")):
        return int(cell)
    if re.fullmatch(r"-?\d+\.\d+", cell):
        return float(cell)
    return cell.replace("\\n", "\n")
