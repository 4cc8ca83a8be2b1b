"""A sheet as the table finder looks at it: values with merges taken into account, positions from its own corner."""

from __future__ import annotations

from hongyao_desktop.sheets.book import Cell, Sheet, column_letter

Place = tuple[int, int]
Area = tuple[int, int, int, int]
# A file may claim millions of merges; more covered cells than this are not looked at one by one.
_MOST_COVERED = 2_000_000
_MOST_REMEMBERED = 1000


class Grid:
    """The used area of a sheet, rows and columns counted from its own corner.

    Attributes:
        height: rows of the used area.
        width: columns of the used area.
        rows: the values as read.
        areas: merged areas by their top left place, cut to the used area.
    """

    def __init__(self, sheet: Sheet) -> None:
        """`sheet` is only looked at."""
        self.sheet = sheet
        self.rows = sheet.rows
        self.height = len(sheet.rows)
        self.width = sheet.width
        self.areas: dict[Place, Area] = {}
        self._owner: dict[Place, Place] = {}
        self._reaching_down: dict[int, set[Place]] = {}
        self._filled: dict[int, list[tuple[int, Cell]]] = {}
        self._cut_merges()

    def _cut_merges(self) -> None:
        down, right = self.sheet.row_offset, self.sheet.col_offset
        covered = 0
        for top, left, bottom, last in self.sheet.merged:
            area = (
                max(top - down, 0),
                max(left - right, 0),
                min(bottom - down, self.height - 1),
                min(last - right, self.width - 1),
            )
            first_row, first_column, last_row, last_column = area
            size = (last_row - first_row + 1) * (last_column - first_column + 1)
            if last_row < first_row or last_column < first_column or size < 2:
                continue
            covered += size
            if covered > _MOST_COVERED:
                break
            corner = (first_row, first_column)
            self.areas[corner] = area
            for row in range(first_row + 1, last_row + 1):
                self._reaching_down.setdefault(row, set()).add(corner)
            for row in range(first_row, last_row + 1):
                for column in range(first_column, last_column + 1):
                    self._owner.setdefault((row, column), corner)

    def owner(self, row: int, column: int) -> Place:
        """The top left place of the merge a place belongs to; the place itself when it is not merged."""
        return self._owner.get((row, column), (row, column))

    def is_covered(self, row: int, column: int) -> bool:
        """True for a merged place that is not the top left one: whatever it holds is never shown."""
        return self._owner.get((row, column), (row, column)) != (row, column)

    def area(self, row: int, column: int) -> Area:
        """The merged area a place belongs to; the single place when it is not merged."""
        corner = self.owner(row, column)
        return self.areas.get(corner, (*corner, *corner))

    def value(self, row: int, column: int) -> Cell:
        """What is shown at a place: None where a merge covers it."""
        return None if self.is_covered(row, column) else _blank_to_none(self.rows[row][column])

    def reaching(self, row: int) -> set[Place]:
        """Top left places of the merges that begin above a row and reach into it."""
        return self._reaching_down.get(row, set())

    def filled(self, row: int) -> list[tuple[int, Cell]]:
        """Columns and values of a row's non-empty shown cells; remembered, as headers are judged many times."""
        known = self._filled.get(row)
        if known is None:
            if len(self._filled) >= _MOST_REMEMBERED:
                self._filled.clear()
            known = self._filled[row] = self._look(row)
        return known

    def _look(self, row: int) -> list[tuple[int, Cell]]:
        return [
            (column, value)
            for column, value in enumerate(self.rows[row])
            if value is not None and _blank_to_none(value) is not None and not self.is_covered(row, column)
        ]

    def row_number(self, row: int) -> int:
        """The number the clerk sees beside a row, from 1."""
        return row + self.sheet.row_offset + 1

    def letter(self, column: int) -> str:
        """The letter the clerk sees above a column."""
        return column_letter(column + self.sheet.col_offset)


def _blank_to_none(value: Cell) -> Cell:
    return None if isinstance(value, str) and not value.strip(" \t\r\n\u3000\u00a0\u200b\ufeff") else value
