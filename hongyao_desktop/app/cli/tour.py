"""``hongyao tour``: the main job from beginning to end, without a window.

A demonstration office is made, the sample sheets are imported, the meeting paper and the workbooks are written, and the
file is checked. It is what ``packaging/run.sh`` does where there is no display, and what the smoke test of the frozen
program runs.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import click

from hongyao_desktop.app.bootstrap import open_file
from hongyao_desktop.app.cli.border import FINDINGS, GOOD, show
from hongyao_desktop.app.cli.chinese import ChineseCommand
from hongyao_desktop.app.cli.offices import check_office
from hongyao_desktop.app.cli.options import AS_JSON, read_period
from hongyao_desktop.app.demo.build import Demo, build_demo
from hongyao_desktop.app.modules import find_register, find_target
from hongyao_desktop.app.printing.exports import export_register
from hongyao_desktop.app.printing.papers import find_paper, print_paper
from hongyao_desktop.app.resources import resource
from hongyao_desktop.core.clock import SystemClock
from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.intake.committing import Committed, commit, operation_name, returned_path, write_back
from hongyao_desktop.intake.rehearsal import Rehearsal, rehearse
from hongyao_desktop.store import Office

SAMPLES = (
    ("volunteers", "01"),
    ("service_records", "02"),
    ("attendance", "03"),
    ("fund_entries", "04"),
    ("spot_reports", "05"),
)
"""Import targets and the number their sample file begins with; in this order, since hours need their volunteers."""

EXPORTS = ("volunteers", "service_records", "attendance", "fund_entries")


@dataclass
class Tour:
    """What a tour did: what it says, and what it made."""

    folder: Path
    lines: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)

    def say(self, line: str) -> None:
        """Note one line of the report."""
        self.lines.append(line)


@click.command("tour", cls=ChineseCommand, help="演示一遍主要工作，结果放进一个新文件夹。")
@click.argument("folder", metavar="文件夹", type=click.Path(path_type=Path))
@AS_JSON
def tour_command(folder: Path, *, as_json: bool) -> int:
    """Run the tour into a folder that does not exist yet or is empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refusal(f"“{folder}”已经有内容，请换一个新文件夹", exit_code=2)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(f"建不了文件夹“{folder}”，请检查写权限和磁盘空间") from error
    tour = Tour(folder)
    demo = build_demo(folder / "演示单位.hongyao", "office", SystemClock(), sample_fund=False)
    _tell_demo(tour, demo)
    with open_file(demo.path, demo.operators[0][0], demo.password) as office:
        _import_samples(tour, office)
        _print(tour, office)
        report = check_office(office)
    tour.say(
        f"核对：{report.operations} 次操作、{report.images} 处改动都与台账相符"
        if report.ok
        else "核对发现问题"
    )
    tour.say(f"日志校验值 {report.head}")
    tour.data["check"] = {"ok": report.ok, "head": report.head}
    tour.say(f"全部文件在 {folder.resolve()}")
    show(as_json=as_json, data=tour.data, text=lambda: "\n".join(tour.lines))
    return GOOD if report.ok else FINDINGS


def _tell_demo(tour: Tour, demo: Demo) -> None:
    names = "、".join(f"{name}（{'、'.join(roles)}）" for name, roles in demo.operators)
    tour.say(f"演示单位：{demo.path}")
    tour.say(f"操作员 {names}，口令都是 {demo.password}")
    tour.data |= {"office": str(demo.path), "password": demo.password, "counts": dict(demo.counts)}


def _import_samples(tour: Tour, office: Office) -> None:
    """Copy each sample into the folder, import it, and put what went back beside it."""
    inbox = tour.folder / "导入"
    inbox.mkdir()
    done = []
    for name, number in SAMPLES:
        source = next(resource("demo", "samples").glob(f"{number} *"))
        sheet = inbox / source.name
        shutil.copyfile(source, sheet)
        target = find_target(name)
        rehearsal = rehearse(sheet, target, office.reader(), office.clock)
        committed = office.transact(operation_name(rehearsal), partial(_commit, rehearsal)).result
        line = f"导入 {sheet.name}：读到 {rehearsal.read} 条，写入 {committed.written} 条"
        if committed.returned:
            back = returned_path(sheet)
            write_back(rehearsal, back)
            line += f"，退回 {committed.returned} 行（{back.name}）"
        tour.say(line)
        done.append(
            {
                "target": name,
                "file": str(sheet),
                "read": rehearsal.read,
                "written": committed.written,
                "returned": committed.returned,
            }
        )
    tour.data["imports"] = done


def _commit(rehearsal: Rehearsal, writer: Writer) -> Committed:
    return commit(writer, rehearsal)


def _print(tour: Tour, office: Office) -> None:
    """The meeting paper as PDF and workbook, and the registers an auditor asks for."""
    out = tour.folder / "输出"
    out.mkdir()
    period = read_period(None, None)
    paper = find_paper("summary")
    written = [out / f"{paper.label}.pdf", out / f"{paper.label}.xlsx"]
    for path in written:
        print_paper(office, paper, path, period)
    for name in EXPORTS:
        register = find_register(name)
        written.append(out / f"{register.label}.xlsx")
        export_register(office, register, written[-1], purpose="审计")
    for path in written:
        tour.say(f"写出 {path}")
    tour.data["written"] = [str(path) for path in written]
