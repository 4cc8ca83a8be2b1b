"""Arguments and options that several commands share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from hongyao_desktop.core.clock import SystemClock
from hongyao_desktop.core.dates import DateProblem, parse_date
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.problem import Refusal

F = TypeVar("F", bound=Callable[..., Any])

AS_JSON = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
AS_OPERATOR = click.option("--as", "operator", metavar="姓名", help="以哪位操作员的身份打开。")
OFFICE_FILE = click.argument("file", metavar="台账文件", type=click.Path(path_type=Path))


def office_options(command: F) -> F:
    """FILE, --as and --json."""
    return OFFICE_FILE(AS_OPERATOR(AS_JSON(command)))


def period_options(command: F) -> F:
    """--from, --to and --unit."""
    command = click.option("--unit", metavar="组织", help="组织名称或编号，含其下级；默认全单位。")(command)
    command = click.option("--to", "last", metavar="日期", help="截止日期，默认今天。")(command)
    return click.option("--from", "first", metavar="日期", help="起始日期，默认当年 1 月 1 日。")(command)


def read_period(first: str | None, last: str | None) -> Period:
    """The period asked for; a missing end is today, a missing beginning the first day of that year."""
    today = SystemClock().today()
    until = _day(last, today, "截止日期") if last else today
    since = _day(first, today, "起始日期") if first else dt.date(until.year, 1, 1)
    try:
        return Period(since, until)
    except ValueError as error:
        raise Refusal(str(error), exit_code=2) from error


def read_day(text: str | None, what: str) -> dt.date | None:
    """A day as typed; None when none is given."""
    return None if text is None else _day(text, SystemClock().today(), what)


def _day(text: str, today: dt.date, what: str) -> dt.date:
    try:
        return parse_date(text, today=today)
    except DateProblem as problem:
        raise Refusal(f"{what}“{text}”看不懂：{problem}", exit_code=2) from problem
