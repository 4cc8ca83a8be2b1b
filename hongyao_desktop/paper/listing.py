"""The plain printed list of any register (台账清单), made from its description: columns, masking, sums, signatures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hongyao_desktop.core.fields import Reference
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.register import Field, Register, Sensitivity
from hongyao_desktop.paper.cells import NUMBERS, Cell
from hongyao_desktop.paper.document import (
    Column,
    Document,
    Foot,
    Line,
    Meta,
    Note,
    Orientation,
    SignatureRow,
    Sum,
    Table,
    Title,
    serial_column,
)

_UPRIGHT_HOLDS: Final = 44  # characters of the declared widths that an upright page takes without small type
SIGNED: Final = ("单位负责人", "审核人", "制表人", "填表日期")


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of the file as cells, numbered; read anew each time, so nothing is kept in memory."""

    register: Register
    rows: Iterable[Mapping[str, Any]]
    fields: tuple[Field, ...]
    purpose: Purpose

    def __iter__(self) -> Iterator[Line]:
        for number, row in enumerate(self.rows, 1):
            cells: list[Cell] = [cell_of(field, row[field.name], self.purpose) for field in self.fields]
            yield Line((number, *cells), f"{self.register.name}/{row['id']}" if "id" in row else "")


def cell_of(field: Field, value: Any, purpose: Purpose) -> Cell:
    """A stored value as a raw cell: whole numbers stay numbers, all else is written and masked for its purpose."""
    if value is None:
        return None
    if field.type.cell in NUMBERS and isinstance(value, int):
        return value
    if field.sensitivity is Sensitivity.OPEN:
        return field.type.format(value)
    return field.type.mask(value, purpose)


def list_fields(register: Register) -> tuple[Field, ...]:
    """The columns a list shows first, without references (ids) and without what leaves the file only on request."""
    fields = (register.field(name) for name in register.list_columns)
    return tuple(field for field in fields if field.exported and not isinstance(field.type, Reference))


def register_list(
    register: Register,
    rows: Iterable[Mapping[str, Any]],
    *,
    unit: str,
    meta: Meta,
    foot: Foot,
    fields: Sequence[Field] = (),
    purpose: Purpose = Purpose.INTERNAL,
    note: str = "",
) -> Document:
    """A register's rows as a paper.

    Args:
        register: the description the columns come from.
        rows: rows by column name; may be lazy, but must start anew whenever iterated.
        unit: whose list it is; stands in the title and above the table.
        meta: what the file says about itself.
        foot: print run and chain head.
        fields: the columns; those of the list on the screen by default.
        purpose: decides masking.
        note: printed under the table, such as the filter in words.
    """
    chosen = tuple(fields) or list_fields(register)
    columns = (serial_column(), *(_column(register, field) for field in chosen))
    summed = any(column.summed is Sum.ADD for column in columns)
    wide = sum(max(field.width, len(field.label)) for field in chosen) + 3 > _UPRIGHT_HOLDS
    title = f"{unit}{register.label}"
    table = Table(
        columns,
        _Rows(register, rows, chosen, purpose),
        name=register.label,
        caption_left=f"填报单位：{unit}",
        page_subtotal=summed,
        total_label="合计" if summed else "",
    )
    notes = (Note(note),) if note else ()
    return Document(
        title,
        (Title(title), table, *notes, SignatureRow(SIGNED)),
        meta=meta,
        foot=foot,
        orientation=Orientation.LANDSCAPE if wide else Orientation.PORTRAIT,
    )


def _column(register: Register, field: Field) -> Column:
    added = field.name in register.sum_columns
    return Column(field.label, kind=field.type.cell, align=None, sum=Sum.ADD if added else Sum.NONE)
