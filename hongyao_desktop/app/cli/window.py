"""``hongyao open``: the window on one office file."""

from __future__ import annotations

from pathlib import Path

import click

from hongyao_desktop.app.cli.chinese import ChineseCommand
from hongyao_desktop.app.cli.options import OFFICE_FILE


@click.command("open", cls=ChineseCommand, help="打开窗口；不写文件名时从上次的文件或首次使用向导开始。")
@OFFICE_FILE
def open_command(file: Path) -> int:
    """Open the window on ``file``; returns when it is closed."""
    from hongyao_desktop.app.window.run_window import main

    return main(file)
