"""Half-typed forms: kept while typing, offered again, gone when saved or given up; nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.kit.batch_page import BatchPage
from hongyao_desktop.kit.drafts import Draft
from hongyao_desktop.kit.jobs import Jobs
from hongyao_desktop.kit.pages import Page, unfinished
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from tests.kit.conftest import Shown
from tests.kit.keyboard import focused, hold, press
from tests.kit.office import DESK, LOOKUP, FakeOffice, make_rows
from tests.kit.people_page import PARTS
from tests.kit.test_grid import BATCH

PLACE = "people"


@dataclass
class Stored:
    place: str
    values: Mapping[str, Any]
    kept_at: str = "2026-11-22T09:30:00+08:00"


@dataclass
class Shelf:
    """A store of drafts in memory."""

    kept: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    full: bool = False
    writes: int = 0

    def keep(self, place: str, values: Mapping[str, Any]) -> None:
        if self.full:
            raise Refusal("磁盘已满")
        self.writes += 1
        self.kept[place] = values

    def drop(self, place: str) -> None:
        self.kept.pop(place, None)

    def settle(self, writer: Writer, place: str) -> None:
        assert writer.who.name
        self.kept.pop(place, None)

    def all(self) -> list[Stored]:
        return [Stored(place, values) for place, values in self.kept.items()]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


Begin = Callable[[], Session]


@pytest.fixture
def begin(dressed: object, jobs: Jobs, office: FakeOffice, shelf: Shelf) -> Iterator[Begin]:
    """Begin a session, as the program does when it is started; earlier ones are gone without a word."""
    assert dressed is not None
    made: list[Session] = []

    def end() -> None:
        for old in made[-1:]:
            old.drafts._soon.stop()
            old.close()

    def start() -> Session:
        end()
        made.append(Session(office, jobs, make_rows=make_rows, lookups={"people": LOOKUP}, drafts=shelf))
        return made[-1]

    yield start
    end()


def opened(session: Session, shown: Shown, page: Page, place: str = PLACE) -> None:
    """What the window does with a page."""
    session.drafts.watch(place, page)
    shown(page)
    page.enter()
    page.offer_drafts(place)


def people_page(session: Session, shown: Shown) -> RegisterPage:
    page = RegisterPage(session, DESK, PARTS)
    opened(session, shown, page)
    return page


def text_of(page: RegisterPage, name: str) -> str:
    return page.panel.form.boxes[name].entry.text()


def test_a_new_record_comes_back_field_by_field_after_the_program_is_gone(
    begin: Begin, shelf: Shelf, shown: Shown, settle: Callable[[], None], qtbot: QtBot, office: FakeOffice
) -> None:
    page = people_page(begin(), shown)
    settle()
    hold(Qt.Key.Key_N)
    press("欧阳\n男\n1101051949")
    qtbot.waitUntil(lambda: bool(shelf.kept))  # by itself, without any key that saves
    settle()
    assert office.ops == []
    again = begin()
    assert [item.words for item in unfinished(again.drafts)[PLACE]] == ["没保存完：新的志愿者 欧阳"]
    page = people_page(again, shown)
    settle()
    assert page.messages.text == "上次没有保存：新的志愿者 欧阳（2026-11-22 09:30）"
    assert text_of(page, "name") != "欧阳", "nothing is put anywhere unasked"
    assert page.messages._action.text() == "放回  Ctrl+R"
    hold(Qt.Key.Key_R)
    settle()
    assert page.panel.adding
    assert [text_of(page, name) for name in ("name", "sex", "id_number")] == ["欧阳", "男", "1101051949"]
    assert office.ops == []
    page.panel.form.focus_field("id_number")
    press("1231002X")
    hold(Qt.Key.Key_S)
    qtbot.waitUntil(lambda: [op for op, _reason in office.ops] == ["登记志愿者"])
    settle()
    page.session.drafts.keep()
    settle()
    assert shelf.kept == {}, "saved: the draft is gone"
    assert begin().drafts.waiting() == []


def test_given_up_it_is_gone_and_refused_it_can_still_be_had(
    begin: Begin, shelf: Shelf, shown: Shown, settle: Callable[[], None]
) -> None:
    page = people_page(begin(), shown)
    settle()
    hold(Qt.Key.Key_N)
    press("张三")
    page.session.drafts.keep()
    settle()
    assert list(shelf.kept) == ["people:"]
    page.panel.buttons.revert.click()
    page.session.drafts.keep()
    settle()
    assert shelf.kept == {}
    hold(Qt.Key.Key_N)
    press("李四")
    page.session.drafts.keep()
    settle()
    page = people_page(begin(), shown)
    settle()
    other = page.messages._other
    assert other is not None
    assert other.text() == "不要了"
    other.click()
    settle()
    assert shelf.kept == {}
    assert page.messages.text == "没保存的内容已丢掉"
    page.messages._action.click()
    settle()
    assert text_of(page, "name") == "李四"
    page.session.drafts.keep()
    settle()
    assert list(shelf.kept) == ["people:"]


def test_a_changed_record_brings_back_only_what_was_typed(
    begin: Begin, shelf: Shelf, shown: Shown, settle: Callable[[], None], office: FakeOffice
) -> None:
    page = people_page(begin(), shown)
    settle()
    page.edit()
    page.panel.form.focus_field("note")
    press("改到一半")
    page.session.drafts.keep()
    settle()
    values = shelf.kept["people:p000000"]["values"]
    assert values["texts"] == {"note": "改到一半"}, "no stored value is copied, no number among them"
    with office.lock:
        office.db.execute("UPDATE people SET phone = '13900000000' WHERE id = 'p000000'")
    page = people_page(begin(), shown)
    settle()
    page.table.select(3)
    settle()
    page.messages._action.click()
    settle()
    assert page.panel.row_id == "p000000"
    assert text_of(page, "note") == "改到一半"
    assert page.panel.read()[0]["phone"] == "13900000000", "what others changed meanwhile stays changed"


def test_an_unanswered_draft_is_not_overwritten_by_a_new_one(
    begin: Begin, shelf: Shelf, shown: Shown, settle: Callable[[], None]
) -> None:
    page = people_page(begin(), shown)
    settle()
    hold(Qt.Key.Key_N)
    press("甲某")
    page.session.drafts.keep()
    settle()
    page = people_page(begin(), shown)
    settle()
    hold(Qt.Key.Key_N)
    press("乙某")
    page.session.drafts.keep()
    settle()
    assert sorted(kept["label"] for kept in shelf.kept.values()) == ["新的志愿者 乙某", "新的志愿者 甲某"]
    page.offer_drafts(PLACE)
    page.messages._action.click()
    settle()
    assert text_of(page, "name") == "乙某", "the form is in use: its own text stays"
    assert "先保存或撤销" in page.messages.text
    page.panel.buttons.revert.click()
    page.offer_drafts(PLACE)
    page.messages._action.click()
    settle()
    assert text_of(page, "name") == "甲某"
    assert [kept["label"] for kept in shelf.kept.values()] == ["新的志愿者 甲某"]


def test_a_batch_comes_back_with_head_rows_and_the_very_people_chosen(
    begin: Begin, shelf: Shelf, shown: Shown, settle: Callable[[], None], qtbot: QtBot
) -> None:
    page = BatchPage(begin(), BATCH)
    opened(page.session, shown, page, "batch")
    press("11.3\n义剪\n2\n")
    assert focused() is page.grid.editor
    press("wzk\nsy\nqdd\n")
    press("半个")
    qtbot.waitUntil(lambda: bool(shelf.kept))
    page.session.drafts.keep()
    settle()
    rows = shelf.kept["batch:登记志愿服务"]["values"]["rows"]
    assert [row["person"] if isinstance(row["person"], str) else row["person"]["text"] for row in rows] == [
        "王喆堃",
        "单玥",
        "钱多多",
        "半个",
    ]
    before = page.grid.model.values()
    page = BatchPage(begin(), BATCH)
    opened(page.session, shown, page, "batch")
    assert page.messages.text.startswith("上次没有保存：登记一场活动 4 行")
    page.messages._action.click()
    settle()
    assert page.form.boxes["title"].entry.text() == "义剪"
    assert page.form.value("held_on") == "2026-11-03"
    now = page.grid.model.values()
    assert [row["person"] for row in now[:3]] == [row["person"] for row in before[:3]]
    assert [row["minutes"] for row in now[:3]] == [120, 120, 120]
    assert now[3]["person"] is None, "letters are letters, nobody is guessed"
    page.grid.go(3, 0)
    hold(Qt.Key.Key_Delete)
    hold(Qt.Key.Key_S)
    settle()
    page.session.drafts.keep()
    settle()
    assert page.grid.filled == 0
    assert shelf.kept == {}


def test_nothing_is_written_while_nothing_changes(
    begin: Begin, shelf: Shelf, shown: Shown, settle: Callable[[], None]
) -> None:
    page = people_page(begin(), shown)
    settle()
    hold(Qt.Key.Key_N)
    press("张三")
    for _round in range(5):
        page.session.drafts.keep()
        settle()
    assert shelf.writes == 1


def test_a_full_disk_is_said_once_and_typing_goes_on(
    begin: Begin, shelf: Shelf, shown: Shown, settle: Callable[[], None]
) -> None:
    page = people_page(begin(), shown)
    said: list[str] = []
    page.session.drafts.failed.connect(said.append)
    settle()
    shelf.full = True
    hold(Qt.Key.Key_N)
    for letter in "abc":
        press(letter)
        page.session.drafts.keep()
        settle()
    assert said == ["没保存的内容暂时存不下草稿：磁盘已满"]
    shelf.full = False
    press("d")
    page.session.drafts.keep()
    settle()
    assert shelf.kept["people:"]["values"]["texts"]["name"] == "abcd"


def test_leaving_without_keeping_drops_what_is_typed_but_not_what_waits(
    begin: Begin, shelf: Shelf, shown: Shown, settle: Callable[[], None]
) -> None:
    shelf.kept["strange"] = {"name": "of a release that kept drafts in another way"}
    shelf.kept["other:"] = {"page": "elsewhere", "key": "other:", "label": "别处", "values": {}}
    page = people_page(begin(), shown)
    settle()
    hold(Qt.Key.Key_N)
    press("张三")
    page.session.drafts.keep()
    settle()
    page.session.drafts.give_up()
    settle()
    assert list(shelf.kept) == ["strange", "other:"]
    assert [draft.label for draft in page.session.drafts.waiting()] == ["别处"]


def test_a_page_that_takes_nothing_back_says_so(begin: Begin) -> None:
    page = Page(begin(), "空页")
    assert list(page.drafts()) == []
    with pytest.raises(TypeError, match="takes them back itself"):
        page.put_back(Draft("x", "x", {}))
    page.deleteLater()
