"""click's own words in Chinese, so that help reads like the rest of the program."""

from __future__ import annotations

from typing import Any

import click


class ChineseCommand(click.Command):
    """A command whose usage line, headings and help option are Chinese."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        settings.setdefault("options_metavar", "[选项]")
        super().__init__(*args, **settings)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """「用法：hongyao figures [选项] 台账文件」."""
        write_usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options with their help."""
        write_options(self, ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option ``--help``, explained in Chinese."""
        return explained(super().get_help_option(ctx))


def write_usage(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """The usage line of a command or group."""
    formatter.write_usage(ctx.command_path, " ".join(command.collect_usage_pieces(ctx)), prefix="用法：")


def write_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """The options of a command or group."""
    found = (
        param.get_help_record(ctx) for param in command.get_params(ctx) if isinstance(param, click.Option)
    )
    records = [record for record in found if record is not None]
    if records:
        with formatter.section("选项"):
            formatter.write_dl(records)


def explained(option: click.Option | None) -> click.Option | None:
    """The help option of click with its explanation in Chinese."""
    if option is not None:
        option.help = "显示这段说明。"
    return option
