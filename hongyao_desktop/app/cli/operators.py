"""Operators, access log and recovery at the command line: who may open a file, and who did."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from hongyao_desktop.app.bootstrap import open_from_terminal
from hongyao_desktop.app.cli.border import GOOD, show, table, writable_target
from hongyao_desktop.app.cli.chinese import ChineseCommand, explained, write_options, write_usage
from hongyao_desktop.app.cli.options import AS_JSON, AS_OPERATOR, OFFICE_FILE, office_options, read_day
from hongyao_desktop.app.modules import REGISTERS
from hongyao_desktop.core.clock import SystemClock
from hongyao_desktop.core.desk import Role, Row
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import access, operators, own_password
from hongyao_desktop.store.operators import OperatorEntry
from hongyao_desktop.store.recovery import recover_office

NEW_VARIABLE = "HONGYAO_NEW_PASSWORD"
SHEET_VARIABLE = "HONGYAO_RECOVERY"

REASON = click.option("--reason", metavar="原因", required=True, help="为什么，记入日志。")
NAME = click.argument("name", metavar="姓名")
ROLES = click.option(
    "--role",
    "held",
    metavar="权限",
    multiple=True,
    help=f"权限，可写多次：{'、'.join(role.value for role in Role)}。",
)


class ChineseGroup(click.Group):
    """A group of commands that speaks Chinese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """「用法：hongyao operator 命令 [内容]」."""
        write_usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, then the commands."""
        write_options(self, ctx, formatter)
        with formatter.section("命令"):
            formatter.write_dl([(name, command.help or "") for name, command in self.commands.items()])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option ``--help``, explained in Chinese."""
        return explained(super().get_help_option(ctx))


@click.command("operators", cls=ChineseCommand, help="列出操作员、权限和上次登录时间。")
@office_options
def operators_command(file: Path, operator: str | None, *, as_json: bool) -> int:
    """List the operators."""
    with open_from_terminal(file, operator, read_only=True, business=False) as office:
        entries = operators.listed(office.reader())
    columns = [
        ("name", "姓名"),
        ("roles", "权限"),
        ("status", "状态"),
        ("password_on", "口令更换"),
        ("last_login", "上次登录"),
    ]
    show(
        as_json=as_json,
        data=[_data(entry) for entry in entries],
        text=lambda: table([_shown(entry) for entry in entries], columns),
    )
    return GOOD


def _data(entry: OperatorEntry) -> dict[str, Any]:
    return {
        **asdict(entry),
        "roles": [role.value for role in entry.roles],
        "password_on": entry.password_on.isoformat(),
    }


def _shown(entry: OperatorEntry) -> Row:
    return {
        "name": entry.name,
        "roles": "、".join(role.value for role in entry.roles) or "（未授权）",
        "status": entry.status,
        "password_on": entry.password_on.isoformat(),
        "last_login": (entry.last_login or "")[:16].replace("T", " "),
    }


@click.group(
    "operator",
    cls=ChineseGroup,
    help="新增、停用操作员，更换口令，授予权限。",
    options_metavar="[选项]",
    subcommand_metavar="命令 [内容]",
)
def operator_command() -> None:
    """Change one operator."""


@operator_command.command("add", cls=ChineseCommand, help="新增操作员（系统管理员）；权限由安全管理员授予。")
@OFFICE_FILE
@NAME
@ROLES
@AS_OPERATOR
def add_command(file: Path, name: str, held: tuple[str, ...], operator: str | None) -> int:
    """Make an operator with a first password."""
    roles = read_roles(held)
    with open_from_terminal(file, operator, business=False) as office:
        operators.add(office, name, _new_password(), roles)
    click.echo(f"已新增操作员{name}，首次登录要换口令")
    return GOOD


@operator_command.command("disable", cls=ChineseCommand, help="停用操作员（系统管理员）。")
@OFFICE_FILE
@NAME
@REASON
@AS_OPERATOR
def disable_command(file: Path, name: str, reason: str, operator: str | None) -> int:
    """Stop an operator."""
    with open_from_terminal(file, operator, business=False) as office:
        operators.disable(office, operators.by_name(office.reader(), name).id, reason)
    click.echo(f"已停用{name}")
    return GOOD


@operator_command.command("enable", cls=ChineseCommand, help="恢复已停用的操作员（系统管理员）。")
@OFFICE_FILE
@NAME
@REASON
@AS_OPERATOR
def enable_command(file: Path, name: str, reason: str, operator: str | None) -> int:
    """Let a stopped operator work again."""
    with open_from_terminal(file, operator, business=False) as office:
        operators.enable(office, operators.by_name(office.reader(), name).id, _new_password(), reason)
    click.echo(f"已恢复{name}，首次登录要换口令")
    return GOOD


@operator_command.command("rename", cls=ChineseCommand, help="更正操作员姓名（系统管理员）。")
@OFFICE_FILE
@NAME
@click.argument("new_name", metavar="新姓名")
@REASON
@AS_OPERATOR
def rename_command(file: Path, name: str, new_name: str, reason: str, operator: str | None) -> int:
    """Correct a name."""
    with open_from_terminal(file, operator, business=False) as office:
        operators.rename(office, operators.by_name(office.reader(), name).id, new_name, reason)
    click.echo(f"{name}已更正为{new_name}")
    return GOOD


@operator_command.command("roles", cls=ChineseCommand, help="授予权限（安全管理员）；写出全部应有的权限。")
@OFFICE_FILE
@NAME
@ROLES
@REASON
@AS_OPERATOR
def roles_command(file: Path, name: str, held: tuple[str, ...], reason: str, operator: str | None) -> int:
    """Say what an operator may do."""
    roles = read_roles(held)
    with open_from_terminal(file, operator, business=False) as office:
        operators.give_roles(office, operators.by_name(office.reader(), name).id, roles, reason)
    click.echo(f"{name}现在的权限：{'、'.join(role.value for role in roles) or '无'}")
    return GOOD


@operator_command.command(
    "password",
    cls=ChineseCommand,
    help="更换自己的口令；写出姓名和原因时为别人重设（系统管理员）。",
)
@OFFICE_FILE
@click.argument("name", metavar="[姓名]", required=False)
@click.option("--reason", metavar="原因", help="为别人重设口令的原因，记入日志。")
@AS_OPERATOR
def password_command(file: Path, name: str | None, reason: str | None, operator: str | None) -> int:
    """Change one's own password, or reset somebody's."""
    with open_from_terminal(file, operator, business=False, changing=True) as office:
        if name is None or name == office.who.name:
            own_password.replace(office, _new_password())
            click.echo("口令已更换")
        else:
            entry = operators.by_name(office.reader(), name)
            operators.reset_password(office, entry.id, _new_password(), reason or "")
            click.echo(f"已为{name}重设口令，下次登录要换")
    return GOOD


def read_roles(words: Sequence[str]) -> tuple[Role, ...]:
    """Roles by their Chinese words; refuses a word that is none."""
    known = {role.value: role for role in Role}
    for word in words:
        if word not in known:
            raise Refusal(f"没有“{word}”这项权限，可以写：{'、'.join(known)}", exit_code=2)
    return tuple(known[word] for word in words)


def _new_password() -> str:
    password = os.environ.get(NEW_VARIABLE)
    if password is not None:
        return password
    if not sys.stdin.isatty():
        raise Refusal(f"没有新口令：请把它放进环境变量 {NEW_VARIABLE}，或在终端里运行", exit_code=2)
    return str(click.prompt("新口令", hide_input=True, confirmation_prompt="再输一遍新口令", err=True))


@click.command(
    "access-log", cls=ChineseCommand, help="访问日志：谁在什么时候登录、查看、导出、打印（审计人员）。"
)
@office_options
@click.option("--from", "first", metavar="日期", help="起始日期。")
@click.option("--to", "last", metavar="日期", help="截止日期。")
@click.option("--who", metavar="姓名", default="", help="只看这名操作员。")
@click.option("--text", metavar="词", default="", help="内容里有这些词的，空格隔开。")
@click.option("--limit", metavar="条数", type=click.IntRange(min=1), help="最多列出多少条。")
def access_log_command(
    file: Path,
    operator: str | None,
    first: str | None,
    last: str | None,
    who: str,
    text: str,
    limit: int | None,
    *,
    as_json: bool,
) -> int:
    """Search the access log."""
    query = access.LogQuery(
        first=read_day(first, "起始日期"),
        last=read_day(last, "截止日期"),
        operator=who,
        text=text,
        limit=limit,
    )
    with open_from_terminal(file, operator, read_only=True, business=False) as office:
        rows = access.entries(office, query)
    shown = [{**row, "at": row["at"][:19].replace("T", " ")} for row in rows]
    columns = [
        ("at", "时间"),
        ("operator_name", "操作员"),
        ("event", "事件"),
        ("outcome", "结果"),
        ("subject", "内容"),
        ("purpose", "用途"),
        ("row_count", "条数"),
        ("device", "电脑"),
    ]
    show(as_json=as_json, data=rows, text=lambda: f"{table(shown, columns)}\n共 {len(rows):,} 条")
    return GOOD


@click.command("recovery-sheet", cls=ChineseCommand, help="打印恢复密钥（系统管理员）；打印会记入访问日志。")
@office_options
@click.argument("out", metavar="输出.pdf", type=click.Path(path_type=Path))
@REASON
def recovery_sheet_command(file: Path, out: Path, reason: str, operator: str | None, *, as_json: bool) -> int:
    """Print the recovery sheet."""
    from hongyao_desktop.app.access.recovery_sheet import print_recovery_sheet

    writable_target(out, overwrite=False)
    with open_from_terminal(file, operator, business=False) as office:
        rendered = print_recovery_sheet(office, out, reason)
    show(
        as_json=as_json,
        data={"file": str(out), "pages": rendered.pages},
        text=lambda: f"已写出恢复密钥：{out}，请打印密封后删除这个文件",
    )
    return GOOD


@click.command(
    "recover",
    cls=ChineseCommand,
    help=f"用恢复密钥为系统管理员重设口令；密钥取自环境变量 {SHEET_VARIABLE} 或逐行输入。",
)
@OFFICE_FILE
@AS_JSON
@click.option("--as", "operator", metavar="姓名", required=True, help="哪位系统管理员。")
def recover_command(file: Path, operator: str, *, as_json: bool) -> int:
    """Open a file by its recovery sheet."""
    sheet = os.environ.get(SHEET_VARIABLE)
    if sheet is None:
        if not sys.stdin.isatty():
            raise Refusal(f"没有恢复密钥：请放进环境变量 {SHEET_VARIABLE}，或在终端里运行", exit_code=2)
        sheet = "\n".join(str(click.prompt(f"第 {number} 行", err=True)) for number in range(1, 5))
    recover_office(
        file,
        sheet,
        operator=operator,
        password=_new_password(),
        clock=SystemClock(),
        registers=REGISTERS,
    ).close()
    show(as_json=as_json, data={"operator": operator}, text=lambda: f"{operator}的口令已重设，请用新口令登录")
    return GOOD
