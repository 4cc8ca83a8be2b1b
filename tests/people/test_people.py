import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.problem import Level, Refusal
from hongyao_desktop.people import queries, rules, service
from hongyao_desktop.store import Office
from tests.offices import make_office

GOOD = "11010519491231002X"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with make_office(tmp_path) as opened:
        yield opened


def write(office: Office, values: dict[str, Any]) -> str:
    return office.transact("登记人员", lambda writer: service.save_person(writer, values, None)).result


def test_birth_and_sex_are_filled_from_the_number(office: Office) -> None:
    person_id = write(office, {"name": "单玥", "id_number": GOOD})
    person = queries.person(office.reader(), person_id)
    assert person is not None
    assert (person["birth_on"], person["sex"], person["id_kind"]) == ("1949-12-31", "女", "居民身份证")


def test_a_contradiction_is_shown_and_not_overwritten(office: Office) -> None:
    values = {"name": "单玥", "id_number": GOOD, "birth_on": "1950-01-01", "sex": "男"}
    codes = {problem.code: problem.level for problem in service.check_person(office.reader(), values, None)}
    assert codes == {"person.birth": Level.WARNING, "person.sex": Level.WARNING}
    person = queries.person(office.reader(), write(office, values))
    assert person is not None
    assert (person["birth_on"], person["sex"]) == ("1950-01-01", "男")


def test_a_wrong_check_digit_needs_a_reason() -> None:
    values = {"name": "单玥", "id_number": "110105194912310021"}
    assert [problem.level for problem in rules.identity_problems(values)][:1] == [Level.ERROR]
    values["id_override"] = "与身份证原件核对一致"
    assert all(problem.level is not Level.ERROR for problem in rules.identity_problems(values))


def test_surname_reading_sorts(office: Office) -> None:
    for name in ("张三", "单雄信", "曾国藩", "仇英"):
        write(office, {"name": name})
    names = [row["name"] for row in office.reader().all("SELECT name FROM person ORDER BY sort_key, id")]
    assert names == ["仇英", "单雄信", "曾国藩", "张三"]


def test_the_same_name_is_two_people_until_a_number_or_phone_says_otherwise(office: Office) -> None:
    first = write(office, {"name": "王伟", "phone": "13912345678"})
    reader = office.reader()
    assert service.same_person(reader, {"name": "王伟"}) is None
    known = service.same_person(reader, {"name": "王伟", "phone": "13912345678"})
    assert known is not None
    assert known["id"] == first

    def enrol(writer: Writer) -> str:
        return service.enrol_person(writer, {"name": "王伟", "phone": "13912345678", "politics": "群众"})

    assert office.transact("登记人员", enrol).result == first
    person = queries.person(reader, first)
    assert person is not None
    assert person["politics"] == "群众"


def test_a_number_on_file_is_warned_about_but_not_merged(office: Office) -> None:
    write(office, {"name": "单玥", "id_number": GOOD})
    found = service.check_person(office.reader(), {"name": "单月", "id_number": GOOD}, None)
    assert [(problem.code, problem.level) for problem in found] == [("person.same_id", Level.WARNING)]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"code": "01", "name": "水湾社区", "level": "社区", "kind": "社区大党委"}, "unit.parent"),
        ({"code": "00", "name": "样例街道", "level": "街道", "kind": "街道大工委"}, "unit.code"),
        ({"name": "样例街道", "level": "街道", "kind": "街道大工委"}, "field.missing"),
    ],
)
def test_units_out_of_place_are_found(office: Office, values: dict[str, Any], code: str) -> None:
    top = {"code": "00", "name": "样例街道", "level": "街道", "kind": "街道大工委"}
    office.transact("登记组织", lambda writer: service.save_unit(writer, top, None))
    assert code in [problem.code for problem in service.check_unit(office.reader(), values, None)]


def test_a_unit_with_units_below_is_not_closed(office: Office) -> None:
    def build(writer: Writer) -> str:
        top = {"code": "00", "name": "样例街道", "level": "街道", "kind": "街道大工委"}
        street = service.save_unit(writer, top, None)
        below = {"code": "01", "name": "水湾社区", "level": "社区", "kind": "社区大党委", "parent_id": street}
        service.save_unit(writer, below, None)
        return street

    street = office.transact("登记组织", build).result
    with pytest.raises(Refusal, match="还有 1 个在用"):
        office.transact("撤销组织", lambda writer: service.retire_unit(writer, street, "合并"))
    closed = {
        "code": "00",
        "name": "样例街道",
        "level": "街道",
        "kind": "街道大工委",
        "status": "撤销",
        "status_reason": "合并",
    }
    found = service.check_unit(office.reader(), closed, street)
    assert [problem.field for problem in found] == ["status"], "nor by the form"
    community = office.reader().value("SELECT id FROM unit WHERE code = '01'")
    office.transact("撤销组织", lambda writer: service.retire_unit(writer, community, "合并"))
    office.transact("撤销组织", lambda writer: service.retire_unit(writer, street, "合并"))
    office.transact("恢复使用", lambda writer: service.reopen_unit(writer, community, "点错了"))
    rows = office.reader().all("SELECT code, status, closed_on, status_reason FROM unit ORDER BY code")
    assert [(row["status"], row["closed_on"] is None, row["status_reason"]) for row in rows] == [
        ("撤销", False, "合并"),
        ("在用", True, None),
    ]


def test_nobody_leaves_the_register_without_a_day_and_a_reason(office: Office) -> None:
    person_id = write(office, {"name": "单玥"})
    closed = {"name": "单玥", "status": "去世"}
    assert [problem.code for problem in service.check_person(office.reader(), closed, person_id)] == [
        "status.reason"
    ]
    with pytest.raises(Refusal, match="请写明原因"):
        office.transact("迁出或去世", lambda writer: service.retire_person(writer, person_id, " "))
    with pytest.raises(Refusal, match="还没有到"):
        office.transact(
            "迁出或去世",
            lambda writer: service.retire_person(
                writer, person_id, "迁往外区", on=writer.clock.today() + dt.timedelta(days=1)
            ),
        )
    office.transact(
        "迁出或去世", lambda writer: service.retire_person(writer, person_id, "病故", status="去世")
    )
    person = queries.person(office.reader(), person_id)
    assert person is not None
    assert (person["status"], person["status_on"], person["status_reason"]) == (
        "去世",
        office.clock.today().isoformat(),
        "病故",
    )
    office.transact("恢复在册", lambda writer: service.return_person(writer, person_id, "登记错人"))
    person = queries.person(office.reader(), person_id)
    assert person is not None
    assert (person["status"], person["status_on"], person["status_reason"]) == ("在册", None, None)
