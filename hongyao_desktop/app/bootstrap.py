"""Making and opening office files with everything the modules need: rule sets and registers to search."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from hongyao_desktop.app.environment import PASSWORD_VARIABLE
from hongyao_desktop.app.large_operations import comes_after_a_backup
from hongyao_desktop.app.modules import REGISTERS
from hongyao_desktop.app.resources import resource
from hongyao_desktop.core import roles
from hongyao_desktop.core.clock import Clock, SystemClock
from hongyao_desktop.core.desk import Operator, Writer
from hongyao_desktop.core.figure import Scope
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.people import queries as people
from hongyao_desktop.store import Office, OfficeInfo, access, create_office, open_office, own_password


def shipped_rule_sets() -> list[dict[str, Any]]:
    """The rule sets of ``resources/rules/``, each one file."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(resource("rules").glob("*.json"))]


def copy_rule_sets(writer: Writer) -> None:
    """Copy the shipped rule sets into the office file, where the office edits its own versions."""
    for rule in shipped_rule_sets():
        body = json.dumps(rule["body"], ensure_ascii=False)
        known = writer.one(
            "SELECT id FROM rule_set WHERE kind = ? AND name = ? AND version = ?",
            (rule["kind"], rule["name"], rule["version"]),
        )
        if known is None:
            columns = ("kind", "name", "version", "effective_on", "source")
            writer.insert("rule_set", {**{column: rule[column] for column in columns}, "body": body})


def new_office(
    path: Path, info: OfficeInfo, operators: Sequence[tuple[Operator, str]], clock: Clock | None = None
) -> Office:
    """Make an office file, with the shipped rule sets and the office's own unit at the top of the tree."""
    office = create_office(
        path, office=info, operators=operators, clock=clock or SystemClock(), registers=REGISTERS
    )
    try:
        office.transact("建立单位", lambda writer: _first_records(writer, info))
    except BaseException:
        office.close()
        raise
    return office


def _first_records(writer: Writer, info: OfficeInfo) -> None:
    copy_rule_sets(writer)
    top = {"code": "00", "name": info.unit_name, "level": "街道", "kind": "街道大工委"}
    writer.insert("unit", top)


def open_from_terminal(
    path: Path,
    operator: str | None,
    *,
    read_only: bool = False,
    business: bool = True,
    changing: bool = False,
) -> Office:
    """Open a file for a command: the password comes from ``HONGYAO_PASSWORD`` or is asked for.

    Administrators are refused where business data is shown (``business``), and so is whoever has to change the
    password first, unless the command does just that (``changing``).
    """
    password = os.environ.get(PASSWORD_VARIABLE)
    if password is None:
        if not sys.stdin.isatty():
            raise Refusal(f"没有口令：请把口令放进环境变量 {PASSWORD_VARIABLE}，或在终端里运行", exit_code=2)
        password = click.prompt("口令", hide_input=True, err=True)
    office = open_file(path, operator, password, read_only=read_only)
    try:
        access.begin(office, lightly=True)
        if business:
            require_business(office)
        if not changing:
            require_own_password(office)
    except BaseException:
        office.close()
        raise
    office.back_up_by_itself(comes_after_a_backup)
    return office


def require_own_password(office: Office) -> None:
    """Refuse an operator whose password is overdue or was given by somebody else."""
    why = own_password.why_change(office)
    if why is not None:
        raise Refusal(f"{why}：先运行 hongyao operator password", exit_code=2)


def require_business(office: Office) -> None:
    """Refuse an operator who sees no business data (the three administrators); the refusal is noted."""
    who = office.who
    if not roles.sees_business(who.roles):
        access.record(office, access.Visit(event=access.REFUSED, subject="查看业务数据", denied=True))
        raise Refusal(f"{who.name}是管理员，不能查看业务数据，请由业务操作员办理")


def open_file(path: Path, operator: str | None, password: str, *, read_only: bool = False) -> Office:
    """Open a file with everything the modules need."""
    return open_office(
        path,
        operator=operator,
        password=password,
        clock=SystemClock(),
        read_only=read_only,
        registers=REGISTERS,
    )


def scope_of(office: Office, unit: str | None) -> Scope:
    """The unit (name or number) whose records count, with all below it; the whole office when none is named."""
    reader = office.reader()
    row = people.top_unit(reader) if unit is None else people.unit_by_name(reader, unit)
    if row is None:
        if unit is None:
            raise Refusal("组织体系里还没有本单位，请先登记组织")
        raise Refusal(f"组织体系里没有叫“{unit}”的在用组织，或不止一个，请写组织编号", exit_code=2)
    return people.unit_scope(row["id"], row["name"])
