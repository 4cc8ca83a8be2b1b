"""``hongyao list``, ``hongyao export`` and ``hongyao import``: records out and in."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Any

import click

from hongyao_desktop.app.bootstrap import open_from_terminal
from hongyao_desktop.app.cli.border import FINDINGS, GOOD, problem_data, show, table, writable_target
from hongyao_desktop.app.cli.chinese import ChineseCommand
from hongyao_desktop.app.cli.options import office_options
from hongyao_desktop.app.modules import find_register, find_target
from hongyao_desktop.app.printing.exports import export_register
from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.register import Register
from hongyao_desktop.intake.committing import (
    Committed,
    commit,
    operation_name,
    returned_path,
    write_back,
)
from hongyao_desktop.intake.rehearsal import Part, Rehearsal, rehearse
from hongyao_desktop.store.pages import ListQuery

_SHOWN_FINDINGS = 200


@click.command("list", cls=ChineseCommand, help="列出一本台账的记录；敏感个人信息不在其中。")
@office_options
@click.argument("register", metavar="台账")
@click.option("--search", metavar="词", default="", help="按姓名、拼音首字母、编号、电话查找。")
@click.option(
    "--limit",
    metavar="条数",
    type=click.IntRange(min=0),
    default=50,
    show_default=True,
    help="最多列出多少条。",
)
def list_command(
    file: Path, register: str, operator: str | None, search: str, limit: int, *, as_json: bool
) -> int:
    """List records of one register."""
    described = find_register(register)
    with open_from_terminal(file, operator, read_only=True) as office:
        pages = office.pages(described, ListQuery(search=search))
        total = pages.count()
        numbers = range(-(-min(limit, total) // pages.page_size))
        reader = office.reader()
        rows = list(chain.from_iterable(pages.page(reader, number) for number in numbers))[:limit]
    data = {
        "register": described.name,
        "label": described.label,
        "total": total,
        "rows": [open_values(described, row) for row in rows],
    }
    columns = [(name, described.field(name).label) for name in described.list_columns]
    show(
        as_json=as_json,
        data=data,
        text=lambda: table(_shown(described, rows), columns) + f"\n共 {total:,} 条",
    )
    return GOOD


def open_values(register: Register, row: Row) -> Row:
    """A row's id and the fields that may leave the program without a stated purpose."""
    return {"id": row["id"], **{field.name: row[field.name] for field in register.fields if field.exported}}


def _shown(register: Register, rows: list[Row]) -> list[Row]:
    fields = [register.field(name) for name in register.list_columns]
    return [
        {
            field.name: field.type.cover(row[field.name])
            if field.masked
            else field.type.format(row[field.name])
            for field in fields
        }
        for row in rows
    ]


@click.command("export", cls=ChineseCommand, help="导出一本台账为 .xlsx 或 .csv；证件、电话、编号都是文本。")
@office_options
@click.argument("register", metavar="台账")
@click.argument("out", metavar="输出文件", type=click.Path(path_type=Path))
@click.option("--search", metavar="词", default="", help="只导出查到的记录。")
@click.option(
    "--purpose",
    metavar="用途",
    help="导出敏感个人信息的用途，如“审计”；不写则不含证件号码、住址等。",
)
@click.option("--encoding", type=click.Choice(("utf-8", "gb18030")), default="utf-8", help=".csv 的编码。")
def export_command(
    file: Path,
    register: str,
    out: Path,
    operator: str | None,
    search: str,
    purpose: str | None,
    *,
    encoding: str,
    as_json: bool,
) -> int:
    """Export one register."""
    described = find_register(register)
    writable_target(out)
    with open_from_terminal(file, operator, read_only=True) as office:
        rows = export_register(
            office,
            described,
            out,
            search=search,
            purpose=purpose,
            encoding="gb18030" if encoding == "gb18030" else "utf-8-sig",
        )
        head = office.head()
    data = {"register": described.name, "file": str(out), "rows": rows, "head": head}
    show(as_json=as_json, data=data, text=lambda: f"已导出{described.label} {rows:,} 条：{out}")
    return GOOD


@click.command(
    "import",
    cls=ChineseCommand,
    help="核对一张表格，逐行逐列说明问题；加 --commit 写入合格的行，不合格的退回。",
)
@office_options
@click.argument("register", metavar="台账")
@click.argument("sheet_file", metavar="表格", type=click.Path(path_type=Path))
@click.option("--commit", "write", is_flag=True, help="写入合格的行。")
@click.option("--sheet", metavar="工作表", help="只读这一张工作表。")
@click.option("--back", metavar="文件", type=click.Path(path_type=Path), help="退回的行写到哪里。")
def import_command(
    file: Path,
    register: str,
    sheet_file: Path,
    operator: str | None,
    sheet: str | None,
    back: Path | None,
    *,
    write: bool,
    as_json: bool,
) -> int:
    """Rehearse an import, and commit it when asked."""
    target = find_target(register)
    if back is not None:
        writable_target(back)
    with open_from_terminal(file, operator, read_only=not write) as office:
        rehearsal = rehearse(sheet_file, target, office.reader(), office.clock, sheet=sheet)
        done = None
        if write:
            done = office.transact(operation_name(rehearsal), lambda writer: commit(writer, rehearsal)).result
        returned = None
        if rehearsal.returned and (write or back is not None):
            returned = back or returned_path(sheet_file)
            write_back(rehearsal, returned)
        data = _rehearsal_data(rehearsal, done, returned, office.head())
    show(as_json=as_json, data=data, text=lambda: _rehearsal_text(rehearsal, done, returned))
    return FINDINGS if rehearsal.problems else GOOD


def _rehearsal_data(
    rehearsal: Rehearsal, done: Committed | None, returned: Path | None, head: str
) -> dict[str, Any]:
    return {
        "target": rehearsal.target.name,
        "label": rehearsal.target.label,
        "file": rehearsal.book.file_name,
        "encoding": rehearsal.book.encoding,
        "notes": list(rehearsal.book.notes),
        "read": rehearsal.read,
        "ready": rehearsal.ready,
        "returned": rehearsal.returned,
        "committed": done is not None,
        "written": done.written if done is not None else 0,
        "returned_file": str(returned) if returned is not None else None,
        "earlier_import": rehearsal.earlier["imported_at"] if rehearsal.earlier else None,
        "head": head,
        "tables": [_part_data(part) for part in rehearsal.parts],
        "findings": [problem_data(problem) for problem in rehearsal.problems],
    }


def _part_data(part: Part) -> dict[str, Any]:
    return {
        "sheet": part.table.sheet_name,
        "title": part.table.title,
        "header_rows": list(part.table.header_rows),
        "read": len(part.data),
        "summary": dict(part.plan.summary),
        "columns": [
            {"column": column.letter, "header": column.name, "field": part.mapping.columns.get(column.key)}
            for column in part.table.columns
        ],
    }


def _rehearsal_text(rehearsal: Rehearsal, done: Committed | None, returned: Path | None) -> str:
    lines = [f"{rehearsal.target.label}　{rehearsal.book.file_name}"]
    if rehearsal.earlier is not None:
        lines.append(
            f"这个文件 {rehearsal.earlier['imported_at'][:16].replace('T', ' ')} 导入过，已有的不再写入"
        )
    lines += rehearsal.book.notes
    for part in rehearsal.parts:
        first, last = part.table.header_rows
        rows = f"第 {first} 行" if first == last else f"第 {first}—{last} 行"
        lines.append(f"工作表“{part.table.sheet_name}”，表头在{rows}")
        lines.append("  " + "，".join(f"{label} {value}" for label, value in part.plan.summary.items()))
    lines += [f"  {problem.sentence()}" for problem in rehearsal.problems[:_SHOWN_FINDINGS]]
    if len(rehearsal.problems) > _SHOWN_FINDINGS:
        lines.append(f"  还有 {len(rehearsal.problems) - _SHOWN_FINDINGS} 条，加 --json 可看全部")
    if done is None:
        lines.append(
            f"核对完毕，可写入 {rehearsal.ready} 条，需退回 {rehearsal.returned} 行；加 --commit 写入"
        )
    else:
        lines.append(
            f"已写入 {done.written} 条，退回 {done.returned} 行" + (f"：{returned}" if returned else "")
        )
    return "\n".join(lines)
