"""Search: every row is found by every part a clerk would type, and by nothing else, at every moment."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.desk import Changes
from hongyao_desktop.core.fields import Search, Text
from hongyao_desktop.core.register import DescriptionError, Field, Register
from hongyao_desktop.store import Office, search
from hongyao_desktop.store.pages import ListQuery
from hongyao_desktop.store.search import LATER, SearchIndex
from hongyao_desktop.store.search_keys import keys_of, query_of
from hongyao_desktop.store.writing import DoorWriter
from tests.offices import make_file, open_file
from tests.store.registers import OPEN, PEOPLE, UNITS, make_with, open_with, person, unit


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = make_with(tmp_path)
    yield opened
    opened.close()


def add(office: Office, table: str, row: dict[str, Any]) -> str:
    return office.transact("新增", lambda w: w.insert(table, row)).result


def names(office: Office, text: str, register: str = "people") -> list[str]:
    table, column = {"people": ("person", "name"), "units": ("unit", "name")}[register]
    return [
        str(office.reader().value(f"SELECT {column} FROM {table} WHERE id = ?", (row_id,)))
        for row_id in office.search(register, text)
    ]


@pytest.mark.parametrize(
    "typed",
    [
        *("单", "建国", "国", "shan", "sjg", "jianguo", "guo", "jg"),
        *("13800001234", "0000", "00001234", "1234", "138"),
        *("440402199001015678", "19900101", "015678", "5678", "４４０４０２"),
        *("单 1234", "sjg 138 国"),
    ],
)
def test_a_person_is_found_by_name_initials_pinyin_phone_and_number(office: Office, typed: str) -> None:
    add(office, "person", person("单建国", phone="13800001234", id_number="440402199001015678"))
    add(office, "person", person("王五", phone="13999998888", id_number="440403199912317777"))
    assert names(office, typed) == ["单建国"]


@pytest.mark.parametrize("typed", ["", " ", "dan", "赵", "234", "ianguo", "单 9999", "%", "_", "'"])
def test_nothing_else_is_found(office: Office, typed: str) -> None:
    add(office, "person", person("单建国", phone="13800001234"))
    assert "单建国" not in names(office, typed) or typed == "dan"


@pytest.mark.parametrize(
    "typed", ["sw-12", "SW12", "12", "0012", "网格", "sq", "shequ", "第三", "第三 社区", "swsq"]
)
def test_codes_and_texts_are_found_by_their_pieces(office: Office, typed: str) -> None:
    add(office, "unit", unit("SW-0012" if "0012" in typed else "SW-12", "水湾社区第三网格"))
    add(office, "unit", unit("XX-99", "凤凰巷"))
    assert names(office, typed, "units") == ["水湾社区第三网格"]


def test_a_word_in_a_text_is_not_read_as_a_surname() -> None:
    assert any(key.startswith("danwei") for key in keys_of(Search.TEXT, "单位名单"))
    assert "jiefanglu" in keys_of(Search.TEXT, "解放路")


def test_the_closest_come_first(office: Office) -> None:
    for name in ("张伟强", "李张伟", "张伟"):
        add(office, "person", person(name))
    assert names(office, "张伟") == ["李张伟", "张伟", "张伟强"]
    assert len(office.search("people", "张", limit=2)) == 2


def test_a_volunteer_and_his_services_are_found_by_the_person(office: Office) -> None:
    who = add(office, "person", person("欧阳海", phone="13812345678"))
    volunteer = add(office, "volunteer", {"person_id": who, "number": "SW-0231"})
    assert office.search("volunteers", "oyh") == [volunteer]
    assert office.search("volunteers", "231") == [volunteer]
    assert office.search("volunteers", "欧阳 0231") == [volunteer]
    assert office.search("volunteers", "欧阳 0232") == []


def test_changes_undo_and_deletion_are_followed(office: Office) -> None:
    who = add(office, "person", person("王五", phone="13800000001"))
    office.transact("改名", lambda w: w.update("person", who, {"name": "赵六"}))
    assert (names(office, "王"), names(office, "赵"), names(office, "0001")) == ([], ["赵六"], ["赵六"])
    office.undo_last()
    assert (names(office, "王"), names(office, "赵")) == (["王五"], [])
    office.transact("删", lambda w: w.execute("DELETE FROM person"))
    assert names(office, "王") == []
    office.finish_index()
    assert office.reader().value("SELECT count(*) FROM search_key") == 0


def test_a_failed_operation_leaves_no_keys(office: Office) -> None:
    def fails(writer: DoorWriter) -> None:
        writer.insert("person", person("王五"))
        raise LookupError

    with pytest.raises(LookupError):
        office.transact("新增", fails)
    assert names(office, "王") == []


def test_an_index_that_fell_behind_catches_up_and_new_rules_build_it_anew(tmp_path: Path) -> None:
    path = make_file(tmp_path)
    with open_with(path) as office:
        add(office, "person", person("王五"))
    with open_file(path) as blind:
        add(blind, "person", person("赵六"))
        blind.transact("改", lambda w: w.execute("UPDATE person SET name = '钱七' WHERE name = '王五'"))
    with open_with(path) as office:
        assert (names(office, "赵"), names(office, "钱"), names(office, "王")) == (["赵六"], ["钱七"], [])
    with open_with(path, (UNITS,)) as other:
        add(other, "person", person("孙八"))
    with open_with(path) as office:
        assert names(office, "孙") == ["孙八"]
        before = office.reader().all("SELECT * FROM search_key ORDER BY 1, 2, 3")
        office.reindex()
        assert len(office.reader().all("SELECT * FROM search_key ORDER BY 1, 2, 3")) == len(before)
        assert names(office, "孙") == ["孙八"]


def test_a_large_operation_is_followed_afterwards(tmp_path: Path) -> None:
    path = make_file(tmp_path)
    with open_with(path) as office:
        first = add(office, "person", person("王五"))
        many = [person("赵" + chr(0x4E00 + n), phone=f"138{n:08}") for n in range(LATER + 1)]
        done = office.transact("导入", lambda w: w.insert_many("person", many))
        assert done.result == LATER + 1
        office.transact("改", lambda w: w.update("person", first, {"name": "钱七"}))
        office.finish_index()
        assert names(office, f"138{LATER:08}") == ["赵" + chr(0x4E00 + LATER)]
        assert (names(office, "钱"), names(office, "王")) == (["钱七"], [])
        office.transact("删", lambda w: w.execute("DELETE FROM person WHERE name LIKE '赵%'"))
    with open_with(path) as office:
        assert names(office, "138") == []
        assert names(office, "钱") == ["钱七"]
        assert office.check().ok


def test_whoever_searches_right_after_a_save_finds_it_from_any_thread(office: Office) -> None:
    found: list[list[str]] = []

    def look(changes: Changes) -> None:
        """What a page does that hears of the save: it searches while the saving thread has not returned yet."""
        office.pages(PEOPLE, ListQuery(search="138")).count()

    office.subscribe(look)
    for number in range(30):
        add(office, "person", person("孙八", phone=f"138{number:08}"))
        thread = threading.Thread(target=lambda n=number: found.append(office.search("people", f"138{n:08}")))
        thread.start()
        assert len(office.search("people", f"138{number:08}")) == 1
        thread.join()
        assert office.pages(PEOPLE, ListQuery(search=f"138{number:08}")).count() == 1
    assert [len(ids) for ids in found] == [1] * 30
    office.undo_last()
    assert names(office, "13800000029") == []


def test_a_search_never_hangs_behind_work_that_holds_the_file(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hongyao_desktop.store.searching._MOMENTS", 2)
    add(office, "person", person("单建国"))
    office.finish_index()
    with office._door._one:  # as a rebuilding of all keys does for minutes
        office._searching.index.behind = True
        office._follower.start()
        assert names(office, "单") == ["单建国"]
    office.finish_index()
    assert not office._searching.index.behind


def test_a_fault_in_the_background_is_told_hangs_nobody_and_is_made_good(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: SearchIndex) -> bool:
        raise ValueError("a fault of the program")

    told: queue.Queue[str] = queue.Queue()
    monkeypatch.setattr(threading, "excepthook", lambda fault: told.put(str(fault.exc_value)))
    with monkeypatch.context() as patched:
        patched.setattr(SearchIndex, "catch_up", fails)
        add(office, "person", person("单建国"))
        office.finish_index()
        assert names(office, "单") == []
        assert [sentence for sentence in office.problems if "后台" in sentence]
        add(office, "person", person("王五"))
        office.finish_index()
        assert [told.get(timeout=10) for _ in range(2)] == ["a fault of the program"] * 2
    add(office, "person", person("钱七"))
    assert names(office, "单") == ["单建国"]
    assert names(office, "王") == ["王五"]


def test_closing_with_keys_to_be_written_writes_them(tmp_path: Path) -> None:
    path = make_file(tmp_path)
    for number in range(10):
        with open_with(path) as office:
            add(office, "person", person("孙八", phone=f"138{number:08}"))
        with open_with(path, read_only=True) as beside:
            assert len(beside.search("people", f"138{number:08}")) == 1


def test_a_check_does_not_mind_keys_to_be_written(office: Office) -> None:
    office.transact(
        "导入", lambda w: w.insert_many("person", [person("孙八", phone=f"139{n:08}") for n in range(LATER)])
    )
    assert office.check(thorough=True).ok


def test_an_index_far_behind_is_caught_up_in_the_background_after_opening(tmp_path: Path) -> None:
    path = make_file(tmp_path)
    with open_with(path):
        pass
    with open_file(path) as blind:
        many = [person("孙八", phone=f"139{n:08}") for n in range(LATER + 1)]
        blind.transact("导入", lambda w: w.insert_many("person", many))
    with open_with(path) as office:
        office.finish_index()
        assert names(office, f"139{LATER:08}") == ["孙八"]


def test_an_index_built_over_a_heap_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with make_with(tmp_path) as office:
        rows = [person("李" + chr(0x4E00 + n), phone=f"138{n * 7919 % 10**8:08}") for n in range(300)]
        office.transact("导入", lambda w: w.insert_many("person", rows))
        office.finish_index()
        before = office.reader().all("SELECT register, key, row FROM search_key ORDER BY 1, 2, 3")
        monkeypatch.setattr(search, "_STAGED_FROM", 100)
        office.reindex()
        after = office.reader().all("SELECT register, key, row FROM search_key ORDER BY 1, 2, 3")
        assert len(after) == len(before) > 1000
        assert {(row["register"], row["key"]) for row in after} == {
            (row["register"], row["key"]) for row in before
        }
        assert names(office, "李一") == ["李一"]
    assert not list(tmp_path.glob("*.sorting"))


def test_a_searched_field_that_is_no_column_is_a_fault_of_the_description(tmp_path: Path) -> None:
    wrong = Register(
        name="wrong",
        label="错",
        table="unit",
        source="unit",
        title_field="nickname",
        fields=(Field(name="nickname", label="别名", type=Text(), sensitivity=OPEN, search=Search.TEXT),),
        list_columns=("nickname",),
        sort="code",
        help="",
    )
    with pytest.raises(DescriptionError, match="nickname"):
        make_with(tmp_path, (wrong,))


surnames = st.sampled_from(["王", "李", "单", "曾", "仇", "解", "尉", "覃", "欧阳", "尉迟"])
given_names = st.text("伟国重行乐朝阳芳强", min_size=1, max_size=2)
rows = st.lists(
    st.tuples(surnames, given_names, st.integers(10**10, 10**11 - 1), st.booleans()), min_size=1, max_size=8
)


@given(rows=rows, start=st.integers(0, 3), length=st.integers(1, 6))
def test_search_finds_exactly_the_rows_that_have_such_a_key(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Any], start: int, length: int
) -> None:
    with make_with(tmp_path_factory.mktemp("any"), (PEOPLE,)) as office:
        everyone: dict[str, tuple[str, str]] = {}
        for surname, given_name, number, renamed in rows:
            name, phone = surname + given_name, str(number)
            who = add(office, "person", person(name, phone=phone))
            if renamed:
                name = given_name + surname
                change = partial(DoorWriter.update, table="person", row_id=who, changes={"name": name})
                office.transact("改", change)
            everyone[who] = (name, phone)
        for name, phone in list(everyone.values()):
            for typed in (
                name[start : start + length],
                phone[start : start + length],
                f"{name[:1]} {phone[-4:]}",
            ):
                words = query_of(typed)
                expected = {
                    who
                    for who, (other, digits) in everyone.items()
                    if all(
                        any(
                            key.startswith(word)
                            for key in keys_of(Search.NAME, other) + keys_of(Search.PHONE, digits)
                        )
                        for word in words
                    )
                }
                assert set(office.search("people", typed)) == (expected if words else set())
