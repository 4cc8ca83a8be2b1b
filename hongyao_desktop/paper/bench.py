"""How fast a long table is set, against drawing the same cells with the bare library (测速)."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import time
from dataclasses import dataclass
from typing import Any, Final

from reportlab.pdfgen.canvas import Canvas

from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.money import format_fen
from hongyao_desktop.paper import fonts
from hongyao_desktop.paper.cells import Cell
from hongyao_desktop.paper.document import Column, Document, Foot, Meta, Table, serial_column
from hongyao_desktop.paper.geometry import LONG, SHORT, UPRIGHT
from hongyao_desktop.paper.render import draw

_SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN: Final = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰建国红梅志强文秀珍春燕海波晓东佳琪子涵欣怡梓轩堃喆玥祎"
)
_FLOOR_ROWS: Final = 38
_WEIGHTS: Final = (1.0, 1.6, 1.3, 1.8, 2.2, 1.6, 1.9, 2.0)
_MOMENT: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of the job and of its floor, measured in the same run."""

    rows: int
    pages: int
    seconds: float
    floor_seconds: float

    @property
    def ratio(self) -> float:
        """The job against its floor."""
        return self.seconds / self.floor_seconds


def sample_rows(count: int) -> list[tuple[Cell, ...]]:
    """Rows of eight columns with names, codes, dates and money, the same on every run."""
    rows: list[tuple[Cell, ...]] = []
    for index in range(count):
        name = _SURNAMES[index % 20] + _GIVEN[index * 7 % 50] + _GIVEN[index * 11 % 50]
        rows.append((
            index + 1, name, "男女"[index % 2], f"第{'一二三四五六七八九'[index % 9]}网格", f"SW-{index:06d}",
            f"2026-{index % 12 + 1:02d}-{index % 28 + 1:02d}", 12_345 + index * 137 % 9_000_000, "助老服务",
        ))  # fmt: skip
    return rows


def measure(rows: int = 10_000) -> Timing:
    """Set a table of ``rows`` rows with page subtotals, and draw the same cells on a bare canvas."""
    data = sample_rows(rows)
    measure_floor(data[:200])  # fonts are loaded before the clock starts, for both
    floor = _timed(lambda: measure_floor(data))
    document = Document(
        "测速", (_table(data),), meta=Meta(_MOMENT), foot=Foot("测速 2026-01-01", "0123456789abcdef")
    )
    pages = 0

    def job() -> None:
        nonlocal pages
        pages = draw(document)[1].pages

    seconds = _timed(job)
    return Timing(rows, pages, seconds, floor)


def measure_floor(rows: list[tuple[Cell, ...]]) -> int:
    """The bare library: one text object and one grid a page, nothing checked, wrapped or added up; returns bytes."""
    fonts.load("HYSong")
    canvas = Canvas(io.BytesIO(), pagesize=(SHORT, LONG), pageCompression=1, invariant=1)
    size, high = 9.0, 16.0
    xs = list(
        itertools.accumulate(
            (UPRIGHT.width * weight / sum(_WEIGHTS) for weight in _WEIGHTS), initial=UPRIGHT.left
        )
    )
    for start in range(0, len(rows), _FLOOR_ROWS):
        part = rows[start : start + _FLOOR_ROWS]
        text = canvas.beginText()
        text.setFont("HYSong", size)
        y = UPRIGHT.top - high + 4
        for row in part:
            for index, cell in enumerate(row):
                shown = format_fen(cell) if index == 6 and isinstance(cell, int) else str(cell)
                text.setTextOrigin(xs[index] + 2, y)
                text.textOut(shown)
            y -= high
        canvas.drawText(text)
        canvas.setLineWidth(0.35)
        canvas.grid(xs, [UPRIGHT.top - high * line for line in range(len(part) + 1)])
        canvas.showPage()
    data: bytes = canvas.getpdfdata()  # type: ignore[no-untyped-call]
    return len(data)


def _table(rows: list[tuple[Cell, ...]]) -> Table:
    kinds = (
        CellKind.TEXT,
        CellKind.TEXT,
        CellKind.TEXT,
        CellKind.CODE,
        CellKind.DATE,
        CellKind.MONEY,
        CellKind.TEXT,
    )
    labels = ("姓名", "性别", "网格", "编号", "日期", "金额", "类别")
    columns = (
        serial_column(),
        *(
            Column(label, weight, kind=kind)
            for label, kind, weight in zip(labels, kinds, _WEIGHTS[1:], strict=True)
        ),
    )
    return Table(columns, rows, name="测速", size=9, page_subtotal=True, total_label="合计")


def _timed(job: Any) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start
