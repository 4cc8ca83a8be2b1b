"""Finding characters no font can draw, before anything is printed (打印前查字)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from hongyao_desktop.paper import fonts
from hongyao_desktop.paper.document import (
    Annex,
    AnnexList,
    Block,
    Chart,
    Contents,
    Cover,
    Document,
    Face,
    Heading,
    Note,
    Paragraph,
    Part,
    Poster,
    QrCode,
    Seal,
    SignatureRow,
    Table,
    Title,
    cells_of,
    plain,
)
from hongyao_desktop.paper.problem import MissingGlyph

Place = tuple[str, str]


def preflight(document: Document) -> tuple[MissingGlyph, ...]:
    """Every character no bundled font can draw, with the text it stands in and its place; nothing is written."""
    found: list[MissingGlyph] = []
    for where, text in texts(document):
        found += [MissingGlyph(character, text, where) for character in fonts.missing(text)]
    return tuple(dict.fromkeys(found))


def texts(document: Document) -> Iterator[Place]:
    """Every text of a paper with its place; cells of a table only where they hold more than common characters."""
    yield "页脚", document.foot.run
    for block in document.blocks:
        yield from texts_of(block)


def texts_of(block: Block) -> Iterator[Place]:
    """Every text of one block with its place; cells of a table only where they hold more than common characters."""
    way = _WAYS.get(type(block))
    if way is not None:
        yield from way(block)


def _chart(block: Chart) -> Iterator[Place]:
    yield "图", "".join([block.title, block.unit, *block.labels, *(series.label for series in block.series)])


def _poster(block: Poster) -> Iterator[Place]:
    yield (
        "海报",
        "".join([block.title, block.under, block.unit, *block.notes, block.empty_text, block.issuer]),
    )
    yield from (("海报", f"{line.name}{line.under}{line.value}") for line in block.lines)


def _table(table: Table) -> Iterator[Place]:
    name = f"表“{table.name}”" if table.name else "表格"
    labels = [column.label.replace("\n", "") for column in table.columns]
    yield name, table.caption_left + table.caption_right + table.total_label + table.empty_text
    yield from ((f"表头“{label}”", label) for label in labels)
    yield from ((f"表头“{group.label}”", group.label) for group in table.head_groups)
    safe = fonts.drawable(Face.SONG)
    for number, row in enumerate(table.rows, 1):
        for label, cell in zip(labels, cells_of(row), strict=True):
            if isinstance(cell, str) and not safe.issuperset(cell):
                yield f"{name}第 {number} 行“{label}”", cell
    for label, cell in zip(labels, table.totals or (), strict=False):
        if isinstance(cell, str):
            yield f"{name}合计行“{label}”", cell


_WAYS: Final[dict[type[Any], Callable[[Any], Iterator[Place]]]] = {
    Title: lambda block: iter([("标题", block.words)]),
    Heading: lambda block: iter([(f"标题“{block.text}”", block.text)]),
    Paragraph: lambda block: iter([("正文", plain(block.text))]),
    Note: lambda block: iter([("附注", block.text)]),
    SignatureRow: lambda block: iter([("签名栏", label) for label in block.labels]),
    AnnexList: lambda block: iter([("附件说明", title) for title in block.titles]),
    Annex: lambda block: iter([("附件标题", block.title)]),
    Seal: lambda block: iter([("落款", block.issuer)]),
    QrCode: lambda block: iter([("二维码说明", block.caption)]),
    Cover: lambda block: iter([("封面", "\n".join((block.title, *block.lines, block.issuer)))]),
    Contents: lambda block: iter([("目录", block.title)]),
    Part: lambda block: iter([("材料标题", block.title)]),
    Chart: _chart,
    Poster: _poster,
    Table: _table,
}
