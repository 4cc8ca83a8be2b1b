"""The command line (命令行) that tests, packaging and auditors rely on: DESIGN section 4."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Any

import click

from hongyao_desktop.app.cli.border import run
from hongyao_desktop.app.cli.chinese import explained, write_options, write_usage
from hongyao_desktop.app.crash import tell_on_terminal

_COMMANDS = {
    "demo": ("offices", "生成演示单位的台账文件"),
    "check": ("offices", "核对文件：日志、台账、结构"),
    "import": ("records", "导入表格：先核对，加 --commit 才写入"),
    "export": ("records", "导出一本台账为表格"),
    "list": ("records", "列出一本台账"),
    "figures": ("figures", "各项指标，或一项指标背后的记录"),
    "paper": ("papers", "打印一份文件为 PDF 或工作簿"),
    "papers": ("papers", "全部可打印的文件及其参数"),
    "backup": ("backups", "备份到文件夹或 U 盘，并核对备份"),
    "restore": ("backups", "用备份恢复：先看会少什么，加 --commit 才恢复"),
    "rebuild": ("backups", "用备份和操作日志重建丢失的台账文件"),
    "operators": ("operators", "列出操作员和权限"),
    "operator": ("operators", "新增、停用操作员，更换口令，授予权限"),
    "access-log": ("operators", "访问日志：登录、查看、导出、打印"),
    "recovery-sheet": ("operators", "打印恢复密钥"),
    "recover": ("operators", "用恢复密钥重设口令"),
    "tour": ("tour", "演示：导入样例、打印汇报、导出表格、核对"),
    "bench": ("bench", "测速：每一项与同场的底线相比"),
    "open": ("window", "打开窗口"),
}


class _LazyGroup(click.Group):
    """Loads a command's module only when it is called, so that ``hongyao`` itself starts quickly."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"hongyao_desktop.app.cli.{_COMMANDS[cmd_name][0]}")
        command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        assert isinstance(command, click.Command)
        return command

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return explained(super().get_help_option(ctx))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("命令"):
            formatter.write_dl([(name, text) for name, (_module, text) in _COMMANDS.items()])


@click.command(
    cls=_LazyGroup,
    invoke_without_command=True,
    help="红耀台账。不带命令时打开窗口。",
    options_metavar="[选项]",
    subcommand_metavar="命令 [内容]",
    context_settings={"help_option_names": ["--help", "-h"]},
)
@click.version_option(
    package_name="hongyao-desktop", prog_name="红耀台账", message="%(prog)s %(version)s", help="显示版本。"
)
@click.pass_context
def hongyao(context: click.Context) -> Any:
    """Without a command: open the window."""
    if context.invoked_subcommand is None:
        from hongyao_desktop.app.window.run_window import main as run_window

        return run_window(None)
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (0 good, 1 findings, 2 wrong use)."""
    sys.excepthook = tell_on_terminal
    return run(hongyao, arguments)
