"""Exporting a register as it stands: wiring between the list, the spreadsheet, and the purpose it is exported for."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hongyao_desktop.app.bootstrap import require_business
from hongyao_desktop.app.modules import REGISTERS
from hongyao_desktop.app.printing.leaks import refuse_leaks
from hongyao_desktop.core.desk import Reader, Role, Row
from hongyao_desktop.core.fields import Reference
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.register import Field, Register
from hongyao_desktop.paper.place import write_whole
from hongyao_desktop.sheets.csv_files import Encoding, write_csv
from hongyao_desktop.sheets.writing import ColumnOut, Properties, SheetOut, write_book
from hongyao_desktop.store import Office, access
from hongyao_desktop.store.pages import ListQuery

_MAY_EXPORT_SECRETS = frozenset({Role.AUDITOR, Role.REVIEW, Role.APPROVE, Role.ENTRY})


def export_register(
    office: Office,
    register: Register,
    out: Path,
    *,
    search: str = "",
    purpose: str | None = None,
    encoding: Encoding = "utf-8-sig",
) -> int:
    """Write a register's rows to ``out`` (.xlsx or .csv); returns how many.

    Fields of the level 敏感个人信息 go out only with a stated ``purpose``, which is written into the file. What is
    exported for the public (公示) is scanned as written and refused when it says too much.
    """
    require_business(office)
    if purpose is not None and not office.who.roles & _MAY_EXPORT_SECRETS:
        access.record(
            office,
            access.Visit(
                event=access.EXPORT,
                subject=register.label,
                register=register.name,
                purpose=purpose,
                denied=True,
            ),
        )
        raise Refusal(f"{office.who.name}不能导出敏感个人信息，请由录入、审核或审计人员办理")
    if out.suffix.lower() not in (".xlsx", ".csv"):
        raise Refusal("输出文件名要以 .xlsx 或 .csv 结尾", exit_code=2)
    fields = [field for field in register.fields if _goes_out(register, field, purpose)]
    named = {field.name: _Named(field.type) for field in fields if isinstance(field.type, Reference)}
    pages = office.pages(register, ListQuery(search=search))
    count = pages.count()

    def rows() -> Iterator[tuple[object, ...]]:
        reader = office.reader()
        numbers = range(-(-count // pages.page_size))
        for page in (pages.page(reader, number) for number in numbers):
            shown = {name: known.names(reader, page, name) for name, known in named.items()}
            for row in page:
                yield tuple(
                    shown[field.name].get(row[field.name]) if field.name in shown else row[field.name]
                    for field in fields
                )

    # What leaves is noted first: an export that cannot be noted does not happen.
    kind = "含敏感个人信息" if purpose is not None else "不含敏感个人信息"
    what = f"{register.label}（{kind}）{f'，查找“{search}”' if search else ''}"
    access.record(
        office,
        access.Visit(
            event=access.EXPORT, subject=what, register=register.name, purpose=purpose, row_count=count
        ),
    )

    columns = [
        ColumnOut(
            field.label,
            field.type.cell,
            max(field.width, len(field.label)),
            total=field.name in register.sum_columns,
        )
        for field in fields
    ]
    match out.suffix.lower():
        case ".xlsx":
            used = f"用途：{purpose}" if purpose else "不含敏感个人信息"
            properties = Properties(
                title=f"{office.info.name}{register.label}",
                subject=f"{used}；日志校验值 {office.head()}",
                creator=office.who.name,
                created=office.clock.now(),
            )
            with scanned(office, out, purpose) as place:
                write_book(place, [SheetOut(register.label, columns, rows())], properties)
        case _:
            with scanned(office, out, purpose) as place:
                write_csv(place, columns, rows(), encoding)
    return count


@contextmanager
def scanned(office: Office, out: Path, purpose: str | None) -> Iterator[Path]:
    """Where to write: ``out`` itself, or for the public a place from which the file comes only through the scan."""
    if purpose not in (Purpose.PUBLIC.label, Purpose.PUBLIC.value):
        yield out
        return
    with tempfile.TemporaryDirectory(prefix="hongyao-") as folder:
        draft = Path(folder) / out.name
        yield draft
        refuse_leaks(draft, office.reader(), REGISTERS)
        write_whole(draft.read_bytes(), out)


def _goes_out(register: Register, field: Field, purpose: str | None) -> bool:
    """References are ids and mean nothing outside; the derived name beside them goes out instead.

    What the clerk chose and no derived field tells (介绍人) goes out by its name and number.
    """
    if not (field.exported or purpose is not None):
        return False
    if not isinstance(field.type, Reference):
        return True
    beside = {known.name for known in register.fields if known.derived or known.name == "name"}
    told = f"{field.name.removesuffix('_id')}_name" in beside
    target = _REGISTERS[field.type.register]
    told = told or (target.name != register.name and target.title_field in beside)
    return not field.derived and not told


_REGISTERS = {register.name: register for register in REGISTERS}


class _Named:
    """The names that a page's references stand for."""

    def __init__(self, reference: Reference) -> None:
        self._target = _REGISTERS[reference.register]
        self._number = next(
            (known.name for known in self._target.fields if known.name in ("number", "code")), None
        )

    def names(self, reader: Reader, page: Sequence[Row], field: str) -> dict[str, str]:
        """By id: 单玥（水湾-0002）."""
        wanted = sorted({row[field] for row in page if row[field] is not None})
        if not wanted:
            return {}
        columns = [self._target.title_field] + ([self._number] if self._number else [])
        marks = ", ".join("?" * len(wanted))
        rows = reader.all(
            f"SELECT id, {', '.join(columns)} FROM {self._target.source} WHERE id IN ({marks})", wanted
        )
        return {row["id"]: _title(*(row[name] for name in columns)) for row in rows}


def _title(name: str, number: str | None = None) -> str:
    return f"{name}（{number}）" if number else str(name)
