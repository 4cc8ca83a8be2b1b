"""Why a sheet gave no table (没有表的原因): one sentence that says what the sheet is instead, and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.intake import words
from hongyao_desktop.intake.grid import Grid
from hongyao_desktop.intake.header import HeaderFinder
from hongyao_desktop.intake.heading import Known
from hongyao_desktop.sheets.book import Sheet

_FORM_ROWS = 60
_ENOUGH_FORM_ROWS = 3


def nothing_known(_text: str) -> bool:
    """No register at hand: only words of all offices are known."""
    return False


def no_table(sheet: Sheet, known: Known = nothing_known, expected: Sequence[str] = ()) -> Problem:
    """Say why a sheet gave no table: a form filled in for one person, or no row that names columns."""
    finder = HeaderFinder(Grid(sheet), known)
    header = finder.best(0, range(finder.grid.width)) if finder.grid.height else None
    if header is not None and finder.is_sideways(header):
        return Problem(
            Level.ERROR,
            "table.sideways",
            "这张表是一列一个人，不是一行一个人；请在表格软件里全选复制，用“选择性粘贴”的“转置”换过来再导入",
        )
    if _is_lost(finder.grid):
        return Problem(
            Level.ERROR,
            "table.lost",
            "表里的汉字都变成了问号，原字已经丢失；请打开原来的表格，另存为 .xlsx 后再导入",
        )
    if is_form(finder):
        return Problem(
            Level.ERROR,
            "table.form",
            "这是一张单独填写的登记表，不是一行一条的台账；请把内容填到台账里，或在程序里直接录入",
        )
    looked_for = f"（要找的列名如：{'、'.join(expected[:6])}）" if expected else ""
    return Problem(
        Level.ERROR,
        "table.no_header",
        f"没有找到表头{looked_for}；请核对是不是选错了表，或在数据上方加一行列名",
    )


_LOST = re.compile("[?？\ufffd]{2,}")


def _is_lost(grid: Grid) -> bool:
    """Nothing but question marks where words should be: saved once in an encoding without Chinese."""
    texts = [
        value
        for row in grid.rows[:_FORM_ROWS]
        for value in row
        if isinstance(value, str) and not words.is_numeric(value)
    ]
    lost = sum(_LOST.search(text) is not None for text in texts)
    return lost > 2 and lost * 2 > len(texts)


def is_form(finder: HeaderFinder) -> bool:
    """Labels known to registers or to all offices, each with its value to the right, in row after row."""
    rows = range(min(finder.grid.height, _FORM_ROWS))
    labels = {
        finder.texts.text(finder.grid.filled(row)[0][1]).base for row in rows if finder.texts.is_form_row(row)
    }
    return len(labels) >= _ENOUGH_FORM_ROWS
