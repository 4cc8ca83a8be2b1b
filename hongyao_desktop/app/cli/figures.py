"""``hongyao figures``: every figure of the office, or the records behind one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hongyao_desktop.app.bootstrap import open_from_terminal, scope_of
from hongyao_desktop.app.cli.border import show, table
from hongyao_desktop.app.cli.chinese import ChineseCommand
from hongyao_desktop.app.cli.options import office_options, period_options, read_period
from hongyao_desktop.app.modules import FIGURES, find_figure
from hongyao_desktop.core.figure import Figure, Period


def figure_data(figure: Figure, value: int) -> dict[str, Any]:
    """One figure as JSON: ``value`` is the stored integer (分, minutes, hundredths), ``shown`` as on paper."""
    return {
        "code": figure.code,
        "label": figure.label,
        "value": value,
        "shown": figure.shown(value),
        "unit": figure.unit.value,
        "definition": figure.definition,
        "period_rule": figure.period_rule.value,
        "group": figure.group,
    }


@click.command("figures", cls=ChineseCommand, help="各项指标；加 --code 与 --rows 列出一项指标背后的记录。")
@office_options
@period_options
@click.option("--code", metavar="编号", help="只要这一项指标。")
@click.option("--rows", is_flag=True, help="列出这项指标背后的记录（与 --code 同用）。")
def figures_command(
    file: Path,
    operator: str | None,
    first: str | None,
    last: str | None,
    unit: str | None,
    code: str | None,
    *,
    rows: bool,
    as_json: bool,
) -> int:
    """Print figures as JSON or text."""
    if rows and not code:
        raise click.UsageError("--rows 要与 --code 同用")
    period = read_period(first, last)
    chosen = (find_figure(code),) if code else FIGURES
    with open_from_terminal(file, operator, read_only=True) as office:
        scope = scope_of(office, unit)
        reader = office.reader()
        with reader.snapshot():
            values = [(figure, figure.value(reader, period, scope)) for figure in chosen]
            drilled = chosen[0].drill(reader, period, scope) if rows else []
            head = office.head()
        data: dict[str, Any] = {
            "office": office.info.name,
            "unit": scope.label,
            "from": period.first.isoformat(),
            "to": period.last.isoformat(),
            "head": head,
            "figures": [figure_data(figure, value) for figure, value in values],
        }
        if rows:
            data["rows"] = drilled
    show(as_json=as_json, data=data, text=lambda: _text(data, period, chosen[0] if rows else None))
    return 0


def _text(data: dict[str, Any], period: Period, drilled: Figure | None) -> str:
    span = f"{period.first.isoformat()} 至 {period.last.isoformat()}"
    lines = [f"{data['office']}　{data['unit']}　{span}"]
    shown = [{**entry, "amount": f"{entry['shown']} {entry['unit']}"} for entry in data["figures"]]
    columns = [("code", "编号"), ("label", "指标"), ("amount", "数值"), ("definition", "口径")]
    lines.append(table(shown, columns))
    if drilled is not None:
        lines += ["", table(data["rows"], drilled.columns)]
    return "\n".join(lines)
