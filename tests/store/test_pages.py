"""Pages: a list of any length is read page by page, in its order, with filters, search and sums."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hongyao_desktop.core.desk import Row
from hongyao_desktop.store import Office
from hongyao_desktop.store.pages import MOST_FOUND, PAGE_SIZE, ListQuery, Pages
from tests.store.registers import PEOPLE, UNITS, make_with, person, unit

COUNT = 2 * PAGE_SIZE + 50


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    opened = make_with(tmp_path_factory.mktemp("pages"))
    rows = [
        unit(f"{(n * 7919) % COUNT:05}", f"第{n}组", level="网格" if n % 3 else "社区", position=n)
        for n in range(COUNT)
    ]
    opened.transact("导入", lambda w: w.insert_many("unit", rows))
    people = [person(f"王{chr(0x4E00 + n)}", phone=f"138{n:08}") for n in range(MOST_FOUND + 20)]
    opened.transact("导入人员", lambda w: w.insert_many("person", people))
    yield opened
    opened.close()


def everything_of(office: Office, pages: Pages) -> list[Row]:
    count = -(-pages.count() // PAGE_SIZE)
    return [row for number in range(count) for row in pages.page(office.reader(), number)]


def everything(office: Office, pages: Pages) -> list[str]:
    return [str(row["code"]) for row in everything_of(office, pages)]


def test_all_pages_together_are_the_list_in_order(office: Office) -> None:
    pages = office.pages("units", ListQuery())
    assert pages.count() == COUNT
    assert everything(office, pages) == [f"{n:05}" for n in range(COUNT)]
    assert len(pages.page(office.reader(), 2)) == 50
    assert len(pages.page(office.reader(), 3)) == 0
    assert len(pages.ids()) == COUNT


def test_the_last_page_can_be_asked_for_first(office: Office) -> None:
    rows = office.pages("units", ListQuery()).page(office.reader(), 2)
    assert rows[-1]["code"] == f"{COUNT - 1:05}"


def test_order_filters_and_spans(office: Office) -> None:
    reader = office.reader()
    down = office.pages("units", ListQuery(sort="position", descending=True))
    assert [row["position"] for row in down.page(reader, 0)][:3] == [COUNT - 1, COUNT - 2, COUNT - 3]
    some = office.pages("units", ListQuery(equals=(("level", "社区"),), spans=(("position", 30, 60),)))
    assert sorted(row["position"] for row in some.page(reader, 0)) == list(range(30, 61, 3))
    assert some.count() == 11
    assert some.totals(reader) == {"position": sum(range(30, 61, 3))}
    either = office.pages("units", ListQuery(equals=(("level", ("社区", "楼栋")),)))
    assert either.count() == -(-COUNT // 3)
    empty = office.pages(
        "units", ListQuery(equals=(("note", None),), spans=(("position", COUNT - 10, None),))
    )
    assert empty.count() == 10
    nothing = office.pages("units", ListQuery(equals=(("level", "楼栋"),)))
    assert (nothing.count(), nothing.page(reader, 0), nothing.totals(reader)) == (0, [], {"position": 0})


def test_a_row_is_located_in_every_kind_of_list(office: Office) -> None:
    reader = office.reader()
    row = reader.one("SELECT id, position FROM unit WHERE code = '00133'")
    assert row is not None
    whole = office.pages("units", ListQuery())
    assert whole.locate(reader, row["id"]) == 133
    assert whole.page(reader, 2)[133 - 2 * PAGE_SIZE]["id"] == row["id"]
    assert whole.locate(reader, "nothing") is None
    assert office.pages("units", ListQuery(equals=(("level", "楼栋"),))).locate(reader, row["id"]) is None
    found = office.pages("units", ListQuery(search="00133"))
    assert found.locate(reader, row["id"]) == 0


def test_search_respects_filters_and_says_when_there_is_more(office: Office) -> None:
    reader = office.reader()
    many = office.pages("people", ListQuery(search="王"))
    assert (many.count(), many.complete) == (MOST_FOUND, False)
    assert len(everything_of(office, many)) == MOST_FOUND
    few = office.pages("units", ListQuery(search="第12", equals=(("level", "社区"),), sort="position"))
    assert [row["name"] for row in few.page(reader, 0)] == [
        "第12组",
        "第120组",
        "第123组",
        "第126组",
        "第129组",
    ]
    assert few.complete
    assert few.totals(reader) == {"position": 12 + 120 + 123 + 126 + 129}


def test_a_view_sorts_and_filters_by_columns_of_other_tables(office: Office) -> None:
    reader = office.reader()
    home = reader.value("SELECT id FROM unit WHERE code = '00001'")
    name = reader.value("SELECT name FROM unit WHERE code = '00001'")
    who = office.transact("新增", lambda w: w.insert("person", person("李四", unit_id=home))).result
    listed = office.pages("people", ListQuery(equals=(("unit_name", name),), sort="unit_name"))
    assert [row["id"] for row in listed.page(reader, 0)] == [who]
    assert listed.locate(reader, who) == 0


def test_columns_nobody_described_are_refused(office: Office) -> None:
    for query in (ListQuery(sort="1; DROP"), ListQuery(equals=(("x", 1),)), ListQuery(spans=(("y", 1, 2),))):
        with pytest.raises(ValueError, match="no columns"):
            office.pages(UNITS, query)


def test_a_row_deleted_after_the_list_was_made_is_left_out(office: Office) -> None:
    pages = office.pages(PEOPLE, ListQuery())
    pages.prepare()
    before = pages.page(office.reader(), 0)
    office.transact("删", lambda w: w.execute("DELETE FROM person WHERE id = ?", (before[0]["id"],)))
    assert [row["id"] for row in pages.page(office.reader(), 0)] == [row["id"] for row in before[1:]]
    office.undo_last()
