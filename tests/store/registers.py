"""Registers for tests of the store, over tables that every office file has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hongyao_desktop.core import pinyin
from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.fields import Code, IdNumber, Integer, Name, Phone, Search, Text
from hongyao_desktop.core.register import Field, Register, Sensitivity
from hongyao_desktop.store import Office, open_office
from tests.offices import ALL_ROLES, PASSWORD, fixed_clock, make_file

OPEN = Sensitivity.OPEN

UNITS = Register(
    name="units",
    label="组织",
    table="unit",
    source="unit",
    title_field="name",
    fields=(
        Field(name="code", label="编码", type=Code(), sensitivity=OPEN, search=Search.CODE),
        Field(name="name", label="名称", type=Text(), sensitivity=OPEN, search=Search.TEXT),
        Field(name="level", label="层级", type=Text(), sensitivity=OPEN),
        Field(name="position", label="次序", type=Integer(), sensitivity=OPEN),
    ),
    list_columns=("code", "name"),
    sum_columns=("position",),
    sort="code",
    help="",
)
PEOPLE = Register(
    name="people",
    label="人员",
    table="person",
    source="person_view",
    title_field="name",
    fields=(
        Field(name="name", label="姓名", type=Name(), sensitivity=OPEN, search=Search.NAME),
        Field(
            name="id_number",
            label="证件号码",
            type=IdNumber(),
            sensitivity=Sensitivity.SECRET,
            search=Search.ID,
        ),
        Field(
            name="phone", label="电话", type=Phone(), sensitivity=Sensitivity.PERSONAL, search=Search.PHONE
        ),
        Field(name="unit_name", label="组织", type=Text(), sensitivity=OPEN, derived=True),
    ),
    list_columns=("name", "phone"),
    sort="sort_key",
    help="",
)
VOLUNTEERS = Register(
    name="volunteers",
    label="志愿者",
    table="volunteer",
    source="volunteer",
    title_field="number",
    fields=(Field(name="number", label="编号", type=Code(), sensitivity=OPEN, search=Search.CODE),),
    list_columns=("number",),
    sort="number",
    help="",
    search_via=(("person_id", "people"),),
)
SERVICES = Register(
    name="services",
    label="服务",
    table="service_record",
    source="service_record",
    title_field="title",
    fields=(
        Field(name="title", label="内容", type=Text(), sensitivity=OPEN, search=Search.TEXT),
        Field(name="minutes", label="时长", type=Integer(), sensitivity=OPEN),
    ),
    list_columns=("title",),
    sum_columns=("minutes",),
    sort="served_on",
    help="",
    search_via=(("volunteer_id", "volunteers"),),
)
REGISTERS = (UNITS, PEOPLE, VOLUNTEERS, SERVICES)


def open_with(
    path: Path,
    registers: tuple[Register, ...] = REGISTERS,
    clock: Clock | None = None,
    *,
    read_only: bool = False,
) -> Office:
    """Open a test office for the given registers."""
    return open_office(
        path,
        operator=ALL_ROLES.name,
        password=PASSWORD,
        clock=clock or fixed_clock(),
        read_only=read_only,
        state=path.parent / "state",
        registers=registers,
    )


def make_with(folder: Path, registers: tuple[Register, ...] = REGISTERS) -> Office:
    """A new empty test office for the given registers."""
    return open_with(make_file(folder), registers)


def person(name: str, **values: Any) -> dict[str, Any]:
    """A person's row."""
    return {"name": name, "sort_key": pinyin.sort_key(name), **values}


def unit(code: str, name: str, **values: Any) -> dict[str, Any]:
    """A unit's row."""
    return {"code": code, "name": name, "level": "社区", "kind": "社区", **values}
