"""Descriptions, typed rows and tables say the same."""

from __future__ import annotations

import dataclasses

import pytest

from hongyao_desktop.core.register import Register, Sensitivity
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.module import MODULE
from hongyao_desktop.volunteers.records.rows import Activity, ServiceRecord
from hongyao_desktop.volunteers.records.services import ACTIVITIES, SERVICES
from hongyao_desktop.volunteers.records.shop import REDEMPTIONS
from hongyao_desktop.volunteers.records.volunteers import PERSON_FIELDS, VOLUNTEERS

REGISTERS = pytest.mark.parametrize("register", MODULE.registers, ids=lambda register: register.name)


@REGISTERS
def test_every_field_is_a_column_of_its_source(office: Office, register: Register) -> None:
    rows = office.reader().all(f"SELECT name FROM pragma_table_xinfo('{register.source}')")
    columns = {row["name"] for row in rows}
    assert {field.name for field in register.fields} <= columns
    assert {"id", register.sort, *(column for column, _other in register.search_via)} <= columns


@REGISTERS
def test_storage_is_what_the_field_holds(office: Office, register: Register) -> None:
    rows = office.reader().all(f"SELECT name, type FROM pragma_table_xinfo('{register.table}')")
    stored = {row["name"]: row["type"] for row in rows}
    differing = {
        field.name: stored[field.name]
        for field in register.fields
        if field.name in stored and stored[field.name] != field.type.storage
    }
    assert differing == {}


@REGISTERS
def test_whatever_is_entered_has_help_or_an_example_where_a_clerk_could_wonder(register: Register) -> None:
    assert register.help
    assert all(field.label and field.section for field in register.fields)
    secret = {field.name for field in register.fields if field.sensitivity is Sensitivity.SECRET}
    known = {VOLUNTEERS.name: {"id_number", "address"}, REDEMPTIONS.name: {"deliver_to"}}
    assert secret == known.get(register.name, set())


def test_typed_rows_hold_the_described_fields() -> None:
    activity = {field.name for field in dataclasses.fields(Activity)}
    assert {field.name for field in ACTIVITIES.entered} - activity == {"status"}
    service = {field.name for field in dataclasses.fields(ServiceRecord)}
    assert {field.name for field in SERVICES.entered} <= service


def test_the_persons_part_of_the_form_is_the_persons() -> None:
    from hongyao_desktop.people.records import PEOPLE

    assert set(PERSON_FIELDS) <= {field.name for field in PEOPLE.entered}
    assert set(PERSON_FIELDS) <= {field.name for field in VOLUNTEERS.entered}


def test_ledgers_have_no_form() -> None:
    forms = {desk.register.name for desk in MODULE.desks if desk.save is not None}
    assert forms == {"volunteers", "activities", "spot_reports", "shop_goods"}
    assert {register.name for register in MODULE.registers if register.append_only} == {
        "service_records",
        "point_entries",
        "shop_movements",
        "shop_redemptions",
        "spot_photos",
    }


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("身份证号", "id_number"),
        ("公民身份号码", "id_number"),
        ("证件号码", "id_number"),
        ("志愿者姓名", "name"),
        ("联系方式", "phone"),
        ("手机号", "phone"),
        ("是否新就业群体", "kind"),
        ("所属平台", "platform"),
        ("出生年月", "birth_on"),
    ],
)
def test_headers_seen_in_offices_find_their_field(header: str, field: str) -> None:
    found = [one.name for one in VOLUNTEERS.fields if header in (one.label, *one.aliases)]
    assert found == [field]
