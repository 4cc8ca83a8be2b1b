"""``hongyao paper`` and ``hongyao papers``: printing to PDF."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from hongyao_desktop.app.bootstrap import open_from_terminal
from hongyao_desktop.app.cli.border import GOOD, show, table, writable_target
from hongyao_desktop.app.cli.chinese import ChineseCommand
from hongyao_desktop.app.cli.options import AS_JSON, office_options, read_period
from hongyao_desktop.app.papers import COMMON, PAPERS, find_paper, print_paper
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.paper.catalogue import PaperSpec


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
    help="打印一份文件为 PDF 或 .xlsx。参数 from、to、unit 都可设，其余见 hongyao papers。",
)
@office_options
@click.argument("name", metavar="名称")
@click.argument("out", metavar="输出文件", type=click.Path(path_type=Path))
@click.option("--set", "settings", metavar="参数=值", multiple=True, help="设一个参数，可写多次。")
def paper_command(
    file: Path, name: str, out: Path, operator: str | None, settings: tuple[str, ...], *, as_json: bool
) -> int:
    """Print one paper."""
    paper = find_paper(name)
    options = read_settings(settings)
    common = {key: options.pop(key, None) for key in COMMON}
    period = read_period(common["from"], common["to"])
    writable_target(out)
    with open_from_terminal(file, operator, read_only=True) as office:
        rendered = print_paper(office, paper, out, period, common["unit"], options)
        head = office.head()
    data: dict[str, Any] = {"paper": paper.name, "file": str(out), "head": head}
    lines = [f"已写出“{paper.label}”：{out}"]
    if rendered is not None:
        data["pages"] = rendered.pages
        data["missing"] = [
            {"where": glyph.where, "text": glyph.text, "code": glyph.code_point} for glyph in rendered.missing
        ]
        lines = [f"已打印“{paper.label}”，共 {rendered.pages} 页：{out}"]
        lines += [f"  {glyph.sentence()}" for glyph in rendered.missing]
    show(as_json=as_json, data=data, text=lambda: "\n".join(lines))
    return GOOD


@click.command("papers", cls=ChineseCommand, help="列出可以打印的文件及其参数。")
@AS_JSON
def papers_command(*, as_json: bool) -> int:
    """List the papers."""
    data = [_described(paper) for paper in PAPERS]
    rows = [
        {**entry, "settings": "、".join(_settings(paper))} for entry, paper in zip(data, PAPERS, strict=True)
    ]
    columns = [("name", "名称"), ("label", "文件"), ("settings", "参数"), ("help", "说明")]
    show(as_json=as_json, data=data, text=lambda: table(rows, columns))
    return GOOD


def _settings(paper: PaperSpec) -> list[str]:
    own = {parameter.name: parameter.label for parameter in paper.parameters}
    return [f"{name}（{label}）" for name, label in {**COMMON, **own}.items()]


def _described(paper: PaperSpec) -> dict[str, Any]:
    common = [{"name": name, "label": label, "default": "", "help": ""} for name, label in COMMON.items()]
    own = [asdict(parameter) for parameter in paper.parameters]
    return {"name": paper.name, "label": paper.label, "help": paper.help, "parameters": common + own}
