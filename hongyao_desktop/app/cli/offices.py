"""``hongyao demo`` and ``hongyao check``: making a demonstration file, proving a file unchanged."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from hongyao_desktop.app.bootstrap import open_from_terminal
from hongyao_desktop.app.cli.border import FINDINGS, GOOD, problem_data, show, writable_target
from hongyao_desktop.app.cli.chinese import ChineseCommand
from hongyao_desktop.app.cli.options import AS_JSON, OFFICE_FILE, office_options
from hongyao_desktop.app.demo.build import SCALES, build_demo
from hongyao_desktop.app.modules import CHECKS
from hongyao_desktop.app.printing.paper_check import PAPER_PASSWORD_VARIABLE, check_paper
from hongyao_desktop.core.clock import SystemClock
from hongyao_desktop.store import Office
from hongyao_desktop.store.check import CheckReport, Progress


@click.command("demo", cls=ChineseCommand, help="生成演示单位的台账文件，并显示操作员和口令。人员均为虚构。")
@OFFICE_FILE
@AS_JSON
@click.option("--scale", type=click.Choice(SCALES), default="office", show_default=True, help="规模。")
def demo_command(file: Path, scale: str, *, as_json: bool) -> int:
    """Make a demonstration office file."""
    demo = build_demo(writable_target(file, overwrite=False), scale, SystemClock(), progress=_stage_printer())
    data = {
        "file": str(file),
        "scale": scale,
        "operators": [
            {"name": name, "roles": list(roles), "password": demo.password} for name, roles in demo.operators
        ],
        "password": demo.password,
        "counts": dict(demo.counts),
    }
    people = "\n".join(f"  {name}（{'、'.join(roles)}）" for name, roles in demo.operators)
    counts = "，".join(f"{label} {count:,}" for label, count in demo.counts.items())
    show(
        as_json=as_json,
        data=data,
        text=lambda: f"已生成演示台账：{file}\n{counts}\n操作员，口令都是 {demo.password}：\n{people}",
    )
    return GOOD


@click.command("check", cls=ChineseCommand, help="核对文件：日志的链、每条记录与日志是否相符、结构是否完整。")
@office_options
@click.option("--head", metavar="校验值", help="纸面上印的日志校验值，核对它确在这个文件的日志里。")
@click.option(
    "--paper",
    metavar="PDF文件",
    type=click.Path(path_type=Path),
    help=f"核对一份打印的材料是否出自这个文件、打印后有没有改动；打开密码取自 {PAPER_PASSWORD_VARIABLE}。",
)
def check_command(
    file: Path, operator: str | None, head: str | None, paper: Path | None, *, as_json: bool
) -> int:
    """Check a file; exit code 1 and the first wrong row when something was changed behind the program's back."""
    with open_from_terminal(file, operator, read_only=True, business=False) as office:
        report = check_office(office, head, _percent_printer())
        password = os.environ.get(PAPER_PASSWORD_VARIABLE, "")
        matched = None if paper is None else check_paper(office.reader(), paper, password)
    if matched is not None:
        findings = (*report.findings, *matched.findings)
        report = replace(report, ok=report.ok and not matched.findings, findings=findings)
    data: dict[str, Any] = {
        "ok": report.ok,
        "operations": report.operations,
        "images": report.images,
        "head": report.head,
        "findings": [problem_data(problem) for problem in report.findings],
    }
    if matched is not None:
        data["paper"] = {"title": matched.title, "head": matched.head, "told": list(matched.told)}
    told = [] if matched is None else [f"材料“{matched.title}”：", *(f"  {line}" for line in matched.told)]
    show(as_json=as_json, data=data, text=lambda: "\n".join([_check_text(report), *told]))
    return GOOD if report.ok else FINDINGS


def check_office(office: Office, head: str | None = None, progress: Progress | None = None) -> CheckReport:
    """The store's own check, and what each module recomputes from its records."""
    report = office.check(progress, printed_head=head)
    reader = office.reader()
    with reader.snapshot():
        faults = tuple(problem for check in CHECKS for problem in check(reader))
    return replace(report, ok=report.ok and not faults, findings=(*report.findings, *faults))


def _check_text(report: CheckReport) -> str:
    if report.ok:
        counts = f"{report.operations:,} 次操作、{report.images:,} 处改动都与台账相符"
        return f"核对无误：{counts}。\n日志校验值 {report.head}"
    return "\n".join(["核对发现问题：", *(f"  {problem.message}" for problem in report.findings)])


def _percent_printer() -> Progress | None:
    """A long check says how far it is, on a terminal only."""
    if not sys.stderr.isatty():
        return None
    shown = -1

    def tell(done: int, total: int) -> None:
        nonlocal shown
        percent = done * 100 // max(total, 1)
        if percent != shown:
            shown = percent
            click.echo(f"\r正在核对 {percent}%", err=True, nl=percent == 100)

    return tell


def _stage_printer() -> Callable[[str], None] | None:
    """Long work says how far it is on a terminal only; pipes and logs stay clean."""
    if not sys.stderr.isatty():
        return None
    return lambda stage: click.echo(f"正在{stage}", err=True)
