"""``hongyao bench``: the speed table, each job with its floor in the same run."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from hongyao_desktop.app.bench import JOBS, as_data, measure
from hongyao_desktop.app.cli.border import FINDINGS, GOOD, show, table
from hongyao_desktop.app.cli.chinese import ChineseCommand
from hongyao_desktop.app.cli.options import AS_JSON


@click.command("bench", cls=ChineseCommand, help="测速：每一项与同场的底线相比。用完即删，不碰任何台账文件。")
@click.option(
    "--rows", metavar="行数", type=click.IntRange(min=1000), default=100_000, show_default=True, help="规模。"
)
@click.option("--only", metavar="名称", type=click.Choice(JOBS), multiple=True, help="只测这一项，可写多次。")
@AS_JSON
def bench_command(rows: int, only: tuple[str, ...], *, as_json: bool) -> int:
    """Print the speed table; exit code 1 when a job misses its bar."""
    with tempfile.TemporaryDirectory(prefix="hongyao-bench-") as folder:
        done = [as_data(measured) for measured in measure(Path(folder), rows, only)]
    shown = [
        {
            **row,
            "time": f"{row['ms']:,.1f} 毫秒",
            "against": f"{row['ratio']:.2f} 倍（底线 {row['floor_ms']:,.1f}）" if row["ratio"] else "—",
            "limit": f"≤ {row['bar']:g} {'倍' if row['ratio'] else '毫秒'}",
            "verdict": "达标" if row["good"] else "未达标",
        }
        for row in done
    ]
    columns = [
        ("name", "名称"),
        ("label", "项目"),
        ("time", "用时"),
        ("against", "与底线相比"),
        ("limit", "要求"),
        ("verdict", "结果"),
    ]
    show(as_json=as_json, data={"rows": rows, "jobs": done}, text=lambda: table(shown, columns))
    return GOOD if all(row["good"] for row in done) else FINDINGS
