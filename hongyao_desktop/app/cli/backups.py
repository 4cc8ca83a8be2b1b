"""``hongyao backup``, ``restore``, ``rebuild``: verified copies, and ways back that lose nothing unsaid."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from hongyao_desktop.app.access import ways_back
from hongyao_desktop.app.bootstrap import open_from_terminal
from hongyao_desktop.app.cli.border import FINDINGS, GOOD, problem_data, show, writable_target
from hongyao_desktop.app.cli.chinese import ChineseCommand
from hongyao_desktop.app.cli.operators import SHEET_VARIABLE
from hongyao_desktop.app.cli.options import AS_JSON, AS_OPERATOR, office_options
from hongyao_desktop.app.environment import PASSWORD_VARIABLE
from hongyao_desktop.core.clock import SystemClock
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import access, restore
from hongyao_desktop.store.state import state_folder

_SHOWN_LOST = 20


@click.command(
    "backup", cls=ChineseCommand, help="备份到一个文件夹或 U 盘；程序开着也可以。备份写好后逐页核对。"
)
@office_options
@click.argument("folder", metavar="文件夹", type=click.Path(path_type=Path))
def backup_command(file: Path, folder: Path, operator: str | None, *, as_json: bool) -> int:
    """Back a file up into a folder."""
    if folder.exists() and not folder.is_dir():
        raise Refusal(f"“{folder}”不是文件夹，请写出备份文件夹", exit_code=2)
    with open_from_terminal(file, operator, read_only=True, business=False) as office:
        made = office.backup(folder)
        access.record(office, access.Visit(event=access.BACKUP, subject=made.path.name))
    data = {"file": str(made.path), "operations": made.seq, "bytes": made.size}
    show(
        as_json=as_json,
        data=data,
        text=lambda: f"已备份到 {made.path}（第 {made.seq} 次操作，{made.size:,} 字节）",
    )
    return GOOD


def _password() -> str:
    password = os.environ.get(PASSWORD_VARIABLE)
    if password is None:
        if not sys.stdin.isatty():
            raise Refusal(f"没有口令：请把口令放进环境变量 {PASSWORD_VARIABLE}，或在终端里运行", exit_code=2)
        password = click.prompt("口令", hide_input=True, err=True)
    return password


@click.command(
    "restore", cls=ChineseCommand, help="核对一份备份，列出恢复后会少的操作；加 --commit 才恢复，原文件另存。"
)
@click.argument("backup", metavar="备份", type=click.Path(path_type=Path))
@click.argument("file", metavar="台账文件", type=click.Path(path_type=Path))
@click.option("--commit", "write", is_flag=True, help="恢复。")
@AS_OPERATOR
@AS_JSON
def restore_command(backup: Path, file: Path, operator: str | None, *, write: bool, as_json: bool) -> int:
    """Rehearse a restore, and do it when asked."""
    clock, state = SystemClock(), state_folder()
    writable_target(file)
    rehearsed = ways_back.rehearse(
        backup, file, operator=operator, password=_password(), clock=clock, state=state
    )
    found = rehearsed.found
    kept = ways_back.restore_as_rehearsed(rehearsed, clock, state) if write else None
    data = {
        "office": found.office,
        "operations": found.seq,
        "last_at": found.last_at,
        "findings": [problem_data(problem) for problem in found.findings],
        "lost_count": found.lost_count,
        "lost": [{"seq": lost.seq, "op": lost.op, "who": lost.who, "at": lost.at} for lost in found.lost],
        "restored": write,
        "replaced_file": str(kept) if kept is not None else None,
    }
    show(as_json=as_json, data=data, text=lambda: _restore_text(found, file, kept, restored=write))
    return FINDINGS if found.findings or (found.lost_count and not write) else GOOD


def _restore_text(found: restore.Rehearsal, file: Path, kept: Path | None, *, restored: bool) -> str:
    last = found.last_at[:16].replace("T", " ")
    known = f"{found.office}的备份，到第 {found.seq} 次操作（{last}）"
    lines = [known if found.office else "这份备份核查不合格，不能用来恢复："]
    lines += [f"  {problem.message}" for problem in found.findings]
    if not found.current_readable:
        lines.append(f"“{file.name}”已经读不出来，无法列出会少的操作")
    if found.lost_count:
        lines.append(f"恢复后会少 {found.lost_count} 次操作：")
        lines += [
            f"  {lost.at[:16].replace('T', ' ')} {lost.who} {lost.op}" for lost in found.lost[:_SHOWN_LOST]
        ]
    if restored:
        where = f"，原来的文件存为 {kept.name}" if kept is not None else ""
        lines.append(f"已恢复到 {file}{where}")
    else:
        lines.append("还没有恢复；看过以后加 --commit")
    return "\n".join(lines)


@click.command(
    "rebuild",
    cls=ChineseCommand,
    help=f"台账文件丢失或损坏时，用文件夹里的备份和操作日志重建；口令不可用时用 {SHEET_VARIABLE} 里的恢复密钥。",
)
@click.argument("folder", metavar="备份文件夹", type=click.Path(path_type=Path))
@click.argument("file", metavar="新台账文件", type=click.Path(path_type=Path))
@AS_OPERATOR
@AS_JSON
def rebuild_command(folder: Path, file: Path, operator: str | None, *, as_json: bool) -> int:
    """Make a lost file anew."""
    if not folder.is_dir():
        raise Refusal(f"没有文件夹“{folder}”，请写出放备份和操作日志的文件夹", exit_code=2)
    writable_target(file, overwrite=False)
    sheet = os.environ.get(SHEET_VARIABLE)
    done = ways_back.rebuild_from(
        folder,
        file,
        operator=operator,
        password="" if sheet is not None else _password(),
        sheet=sheet,
        clock=SystemClock(),
        state=state_folder(),
    )
    data = {
        "file": str(file),
        "base": str(done.base.path) if done.base is not None else None,
        "base_operations": done.base_seq,
        "operations": done.seq,
        "missing_from": done.missing_from,
    }
    begun = f"从备份 {done.base.path.name} 起" if done.base is not None else "全部由操作日志"
    lines = [f"已重建 {file}：{begun}，到第 {done.seq} 次操作"]
    if done.missing_from is not None:
        lines.append(f"第 {done.missing_from} 次操作以后的日志不完整，后面的没有找回")
    show(as_json=as_json, data=data, text=lambda: "\n".join(lines))
    return GOOD if done.missing_from is None else FINDINGS
