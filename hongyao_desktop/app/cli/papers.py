"""``hongyao paper`` and ``hongyao papers``: printing to PDF."""

from __future__ import annotations

import math
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from hongyao_desktop.app.bootstrap import open_from_terminal
from hongyao_desktop.app.cli.border import GOOD, show, writable_target
from hongyao_desktop.app.cli.chinese import ChineseCommand
from hongyao_desktop.app.cli.options import AS_JSON, office_options, read_period
from hongyao_desktop.app.printing.paper_check import PAPER_PASSWORD_VARIABLE as PASSWORD_VARIABLE
from hongyao_desktop.app.printing.papers import COMMON, PAPERS, Printed, Wishes, find_paper, print_paper
from hongyao_desktop.app.printing.reprints import reprint as reprint_paper
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.paper.catalogue import YES, PaperSpec, Parameter
from hongyao_desktop.store.place import FileLock

ENCODINGS = ("utf-8", "gb18030")


def read_settings(pairs: tuple[str, ...]) -> dict[str, str]:
    """``k=v`` pairs as a mapping."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise Refusal(f"参数“{pair}”要写成 名称=值", exit_code=2)
        found[name.strip()] = value.strip()
    return found


@click.command(
    "paper",
    cls=ChineseCommand,
    help="打印一份文件为 PDF、.xlsx 或 .csv。参数 from、to、unit、purpose 都可设，其余见 hongyao papers。",
)
@office_options
@click.argument("name", metavar="名称")
@click.argument("out", metavar="输出文件", type=click.Path(path_type=Path))
@click.option("--set", "settings", metavar="参数=值", multiple=True, help="设一个参数，可写多次。")
@click.option("--archive", is_flag=True, help="存为归档格式 PDF/A-2b。")
@click.option(
    "--lock", is_flag=True, help=f"加打开密码（AES-256），取自环境变量 {PASSWORD_VARIABLE}，没有就询问。"
)
@click.option("--code", is_flag=True, help="加印核验二维码。")
@click.option("--offset", metavar="右,下", default="0,0", help="套打偏移，毫米，如 1.5,-2。")
@click.option("--encoding", type=click.Choice(ENCODINGS), default="utf-8", help=".csv 的编码。")
@click.option("--reprint", metavar="核验码", help="按打印记录原样重印；写纸上核验码横线后的八位。")
def paper_command(  # noqa: PLR0913 - click hands every option over
    file: Path,
    name: str,
    out: Path,
    operator: str | None,
    settings: tuple[str, ...],
    *,
    archive: bool,
    lock: bool,
    code: bool,
    offset: str,
    encoding: str,
    reprint: str | None,
    as_json: bool,
) -> int:
    """Print one paper, or print one again as it was."""
    paper = find_paper(name)
    options = read_settings(settings)
    common = {key: options.pop(key, None) for key in COMMON}
    if not out.is_dir():
        writable_target(out)
    free = nobody_writes(file)
    wishes = Wishes(
        archive=archive or (options.pop("archive", "") in YES),
        password=_password() if lock else "",
        code=code,
        offset=read_offset(offset),
        encoding="gb18030" if encoding == "gb18030" else "utf-8-sig",
        purpose=read_purpose(common["purpose"]),
        noted=free,
    )
    with open_from_terminal(file, operator, read_only=not free) as office:
        if reprint is not None:
            printed = reprint_paper(office, paper, reprint, out)
        else:
            printed = print_paper(
                office,
                paper,
                out,
                read_period(common["from"], common["to"]),
                common["unit"],
                options,
                wishes=wishes,
            )
        head = office.head()
    show(as_json=as_json, data=_data(paper, printed, head), text=lambda: _told(paper, printed))
    return GOOD


def _data(paper: PaperSpec, printed: Printed, head: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "paper": paper.name,
        "file": str(printed.path),
        "head": head,
        "form": printed.form,
    }
    data |= {"rows": printed.rows, "checksum": printed.checksum, "noted": printed.noted}
    data["remarks"] = list(printed.remarks)
    if printed.pages:
        data["pages"] = printed.pages
        data["missing"] = [
            {"where": glyph.where, "text": glyph.text, "code": glyph.code_point} for glyph in printed.missing
        ]
    return data


def _told(paper: PaperSpec, printed: Printed) -> str:
    lines = [f"已写出“{paper.label}”：{printed.path}"]
    if printed.pages:
        lines = [f"已打印“{paper.label}”，共 {printed.pages} 页：{printed.path}"]
    lines += [f"  {glyph.sentence()}" for glyph in printed.missing]
    lines += [f"  {remark}" for remark in printed.remarks]
    if not printed.noted:
        lines.append("  台账正在别的窗口使用，这次没有记入打印记录，页脚已注明")
    return "\n".join(lines)


def _password() -> str:
    """The password to open the paper with; asked for twice on a terminal."""
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None:
        return given
    return str(click.prompt("打开密码", hide_input=True, confirmation_prompt="再输一次", err=True))


def read_offset(text: str) -> tuple[float, float]:
    """Millimetres to the right and down: two numbers with a comma between."""
    right, comma, down = text.replace("，", ",").partition(",")
    try:
        made = float(right), float(down)
    except ValueError:
        made = (math.nan, math.nan)
    if not comma or not all(map(math.isfinite, made)):
        raise Refusal(f"套打偏移“{text}”要写成 右,下 两个毫米数，如 1.5,-2", exit_code=2)
    return made


def read_purpose(word: str | None) -> Purpose | None:
    """A purpose by its Chinese word or its name."""
    if not word:
        return None
    for purpose in Purpose:
        if word in (purpose.label, purpose.value):
            return purpose
    words = "、".join(purpose.label for purpose in Purpose)
    raise Refusal(f"用途“{word}”不认识，可以写：{words}", exit_code=2)


def nobody_writes(file: Path) -> bool:
    """Whether the office file is free, so that a print run can be noted in it."""
    if not file.is_file() or not os.access(file, os.W_OK) or not os.access(file.parent, os.W_OK):
        return False
    lock = FileLock(file)
    try:
        lock.acquire()
    except (Refusal, OSError):
        return False
    lock.release()
    return True


@click.command("papers", cls=ChineseCommand, help="列出可以打印的文件及其参数。")
@AS_JSON
def papers_command(*, as_json: bool) -> int:
    """List the papers."""
    data = [_described(paper) for paper in PAPERS]
    show(as_json=as_json, data=data, text=lambda: "\n".join(_listing()))
    return GOOD


def _listing() -> list[str]:
    """Each paper with what it is for and its own parameters; those all papers have stand at the end."""
    lines: list[str] = []
    for paper in PAPERS:
        lines.append(
            f"{paper.name}　{paper.label}（{'、'.join(purpose.label for purpose in paper.purposes)}）"
        )
        lines.append(f"    {paper.help}")
        lines += [
            f"    {parameter.name}　{parameter.label}{'（必填）' if parameter.required else ''}：{parameter.help}"
            + (f"（{'、'.join(parameter.choices)}）" if parameter.choices else "")
            for parameter in paper.parameters
        ]
    common = "、".join(f"{name}（{label}）" for name, label in COMMON.items())
    return [*lines, f"每份文件都可以设 {common}。"]


def _described(paper: PaperSpec) -> dict[str, Any]:
    common = [asdict(Parameter(name, label, "", "")) for name, label in COMMON.items()]
    own = [asdict(parameter) for parameter in paper.parameters]
    purposes = [purpose.label for purpose in paper.purposes]
    named = {"name": paper.name, "label": paper.label, "help": paper.help}
    return {**named, "purposes": purposes, "parameters": common + own}
