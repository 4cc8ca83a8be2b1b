"""Register descriptions (台账描述): one frozen value from which list, form, search, sheets and help are derived.

The description says what *is*; it holds no formula, condition or SQL.  Mistakes in a description stop the
program at import and name the register and the field.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hongyao_desktop.core.fields import Date, FieldType, Phone, Search


class DescriptionError(Exception):
    """A register is described wrongly; found while importing the module, never at a clerk's desk."""


class Sensitivity(StrEnum):
    """How a field is protected (敏感级别). There is no default: leaving it out is an error at import."""

    OPEN = "公开"
    INTERNAL = "内部"
    PERSONAL = "个人信息"
    SECRET = "敏感个人信息"  # noqa: S105 - a level of protection, not a password


_NAME = re.compile(r"^[a-z][a-z0-9_]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a register.

    ``name`` is the column of the register's source; ``width`` counts Chinese characters in a list or sheet;
    ``derived`` fields are computed by the source view and never entered; ``aliases`` are other header texts
    seen in offices' sheets.
    """

    name: str
    label: str
    type: FieldType
    sensitivity: Sensitivity
    required: bool = False
    default: Any = None
    derived: bool = False
    section: str = "基本"
    width: int = 8
    search: Search | None = None
    aliases: tuple[str, ...] = ()
    help: str = ""
    example: str = ""

    @property
    def masked(self) -> bool:
        """Shown masked until the operator asks, and the asking is logged (GB/T 35273-2020).

        A person's telephone number as well: it leaves with exports, but does not stand on a screen all day.
        """
        return self.sensitivity is Sensitivity.SECRET or (
            self.sensitivity is Sensitivity.PERSONAL and isinstance(self.type, Phone)
        )

    @property
    def exported(self) -> bool:
        """Part of a default export; secret fields leave the file only with a stated purpose."""
        return self.sensitivity is not Sensitivity.SECRET


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """One 台账: where its rows lie, its fields, and what a list shows first.

    ``table`` is the table whose rows carry the id; ``source`` the table or view lists read (same ids).
    ``sort`` is the column lists start with (unique together with the id). ``status_field`` names the field whose
    values make the saved views above the list. ``search_via`` are (column, register) pairs: a row is also found
    when the row of that other register, whose id stands in the column, is found (a volunteer by his person).
    ``tree_field`` is the column that names the row directly above, where the rows form a tree of some hundreds.
    """

    name: str
    label: str
    table: str
    source: str
    title_field: str
    fields: tuple[Field, ...]
    list_columns: tuple[str, ...]
    sort: str
    help: str
    search_via: tuple[tuple[str, str], ...] = ()
    unit_field: str | None = None
    status_field: str | None = None
    number_prefix: str | None = None
    append_only: bool = False
    sum_columns: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    tree_field: str | None = None

    def __post_init__(self) -> None:
        self._check_names()
        self._check_columns()
        self._check_aliases()

    def _fault(self, field: str, reason: str) -> DescriptionError:
        return DescriptionError(f"register {self.name!r}, field {field!r}: {reason}")

    def _check_names(self) -> None:
        seen: set[str] = set()
        for field in self.fields:
            if not _NAME.match(field.name):
                raise self._fault(field.name, "not a column name")
            if field.name in seen:
                raise self._fault(field.name, "described twice")
            seen.add(field.name)
            if not isinstance(field.type, FieldType):
                raise self._fault(field.name, f"unknown field type {field.type!r}")
            if not isinstance(field.sensitivity, Sensitivity):
                raise self._fault(field.name, "sensitivity is missing")
            if field.derived and field.required:
                raise self._fault(field.name, "a derived field cannot be required")

    def _check_columns(self) -> None:
        known = {field.name for field in self.fields}
        named = (*self.list_columns, *self.sum_columns, *self.filters, self.title_field)
        optional = tuple(name for name in (self.unit_field, self.status_field) if name)
        for name in named + optional:
            if name not in known:
                raise self._fault(name, "named by the register but not a field of it")
        for name in self.sum_columns:
            if self.field(name).type.storage != "INTEGER":
                raise self._fault(name, "only whole-number fields can be summed")

    def _check_aliases(self) -> None:
        owners: dict[str, str] = {}
        for field in self.fields:
            for heading in (field.label, *field.aliases):
                owner = owners.setdefault(heading, field.name)
                if owner != field.name:
                    raise self._fault(field.name, f"header {heading!r} already belongs to {owner!r}")

    @property
    def newest_first(self) -> bool:
        """Whether a list on the screen begins with the latest day; papers and exports begin with the first."""
        return any(field.name == self.sort and isinstance(field.type, Date) for field in self.fields)

    def field(self, name: str) -> Field:
        """The field called ``name``; raises KeyError naming the register."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{self.name}.{name}")

    @property
    def entered(self) -> tuple[Field, ...]:
        """Fields a clerk fills in, in form order."""
        return tuple(field for field in self.fields if not field.derived)

    @property
    def searched(self) -> tuple[Field, ...]:
        """Fields that give keys to the search box."""
        return tuple(field for field in self.fields if field.search is not None)
