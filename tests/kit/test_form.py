"""The form: what is typed stays as typed until it can be read, and findings stand in their place."""

import datetime as dt
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.fields import Choice, ParseContext, Text
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.completion import find_words
from hongyao_desktop.kit.field_box import HintLine
from hongyao_desktop.kit.form import FormPanel
from hongyao_desktop.kit.inputs import ChoiceInput, MaskedInput, ReferenceInput, TextInput
from hongyao_desktop.kit.look import Look
from hongyao_desktop.kit.session import Session
from tests.kit.conftest import Shown
from tests.kit.keyboard import commit, compose, focused, hold, press
from tests.kit.office import PEOPLE, person


@pytest.fixture
def form(session: Session, shown: Shown, qtbot: QtBot) -> FormPanel:
    made = FormPanel(PEOPLE.entered, session, name="志愿者表单")
    shown(made)
    made.blank()
    made.focus_first()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is editor(made, "name"))
    return made


def editor(form: FormPanel, name: str) -> QWidget:
    return form.boxes[name].entry.editor()


def hint(form: FormPanel, name: str) -> tuple[str, str]:
    found = form.boxes[name].hint
    return found.text, found.tone


def is_clean(form: FormPanel) -> bool:
    return not form.dirty


# ------------------------------------------------------------------------------------------------------ keyboard


def test_enter_walks_through_the_whole_form_and_shift_enter_back(form: FormPanel) -> None:
    names = list(form.boxes)
    ends: list[str] = []
    form.finished.connect(lambda: ends.append("finished"))
    for name in names:
        assert focused() is editor(form, name)
        assert ends == []
        press("\n")
    assert ends == ["finished"]
    for name in reversed(names[:-1]):
        hold(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        assert focused() is editor(form, name)


def test_enter_while_composing_belongs_to_the_input_method(form: FormPanel) -> None:
    line = editor(form, "name")
    compose(line, "zhang'wei")
    press("\n")
    assert focused() is line
    assert form.boxes["name"].entry.text() == ""
    commit(line, "张𬬭")
    press("\n")
    assert focused() is editor(form, "sex")
    assert form.value("name") == "张𬬭"


def test_a_long_note_takes_lines_with_alt_enter(form: FormPanel) -> None:
    form.focus_field("note")
    press("一")
    hold(Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    press("二")
    assert form.boxes["note"].entry.text() == "一\n二"


def test_length_is_counted_by_characters(session: Session, shown: Shown) -> None:
    short = Field(name="word", label="词", type=Text(max_chars=3), sensitivity=Sensitivity.OPEN)
    form = FormPanel((short,), session)
    shown(form)
    form.blank()
    form.focus_first()
    press("张𬬭𠮷")
    assert form.read() == ({"word": "张𬬭𠮷"}, [])
    press("伟")
    values, problems = form.read()
    assert values["word"] is None
    assert form.boxes["word"].entry.text() == "张𬬭𠮷伟", "what was typed is never cut off"
    assert problems[0].message.startswith("内容有 4 个字，最多 3 个字")


# -------------------------------------------------------------------------------------------------------- values


def test_a_short_date_is_written_out_when_it_is_left(form: FormPanel) -> None:
    form.focus_field("insured_until")
    press("3.5\n")
    assert form.boxes["insured_until"].entry.text() == "2026-03-05"
    assert form.value("insured_until") == "2026-03-05"


def test_what_cannot_be_read_stays_with_a_finding_and_nothing_moves(form: FormPanel) -> None:
    before = {name: box.geometry() for name, box in form.boxes.items()}
    form.focus_field("insured_until")
    press("9月40日\n")
    text, tone = hint(form, "insured_until")
    assert "9月40日" in text
    assert tone == "bad"
    assert form.boxes["insured_until"].entry.text() == "9月40日"
    assert {name: box.geometry() for name, box in form.boxes.items()} == before
    form.focus_field("insured_until")
    press("1")
    assert hint(form, "insured_until")[1] != "bad"


def test_a_choice_is_found_by_initials_and_taken_with_enter(form: FormPanel) -> None:
    form.focus_field("grid")
    press("sw\n")
    assert form.boxes["grid"].entry.text() != "四网格", "sw fits nothing: 四网格 reads si wang ge"
    form.focus_field("grid")
    hold(Qt.Key.Key_A)
    press("swg")
    assert [match.label for match in form.boxes["grid"].entry.popup().matches] == ["三网格", "四网格"]  # type: ignore[attr-defined]
    press("↓\n")
    assert form.value("grid") == "四网格"
    assert focused() is editor(form, "service")


def test_a_choice_outside_the_list_is_an_objection(form: FormPanel) -> None:
    form.focus_field("grid")
    press("五网格\n")
    assert "不在可选内容里" in hint(form, "grid")[0]
    _values, problems = form.read()
    assert "choice.unknown" in {problem.code for problem in problems}


def test_the_drop_down_opens_with_the_arrow_and_closes_with_escape(form: FormPanel) -> None:
    form.focus_field("sex")
    press("↓")
    popup = form.boxes["sex"].entry.popup()  # type: ignore[attr-defined]
    assert [match.label for match in popup.matches] == ["男", "女"]
    press("⎋")
    assert popup.isHidden()
    assert form.boxes["sex"].entry.text() == ""


def test_a_person_is_found_by_initials_and_never_guessed(form: FormPanel) -> None:
    form.focus_field("friend_id")
    entry = form.boxes["friend_id"].entry
    assert isinstance(entry, ReferenceInput)
    press("ycj")
    assert [match.label for match in entry.popup().matches] == ["尉迟建国"]
    press("\n")
    assert form.value("friend_id") == "p000002"
    form.focus_field("friend_id")
    hold(Qt.Key.Key_A)
    press("没这个人\n")
    assert form.value("friend_id") is None
    assert "还没有从备选里选定" in hint(form, "friend_id")[0]


def test_typing_over_a_chosen_person_lets_him_go(form: FormPanel) -> None:
    form.set_value("friend_id", "p000003")
    assert form.boxes["friend_id"].entry.text() == "曾桂英"
    form.focus_field("friend_id")
    hold(Qt.Key.Key_A)
    press("sy")
    assert form.boxes["friend_id"].entry.match is None  # type: ignore[attr-defined]


def test_required_fields_are_named_when_they_are_missing(form: FormPanel) -> None:
    _values, problems = form.read()
    assert [(p.field, p.level) for p in problems] == [("name", Level.ERROR), ("id_number", Level.ERROR)]
    assert form.show_problems(problems) == []
    assert hint(form, "name") == ("姓名还没有填", "bad")
    assert focused() is editor(form, "name")


def test_findings_without_an_input_are_handed_back(form: FormPanel) -> None:
    stray = Problem(Level.ERROR, "elsewhere", "本月已经结账，不能再登记")
    assert form.show_problems([stray]) == [stray]


# --------------------------------------------------------------------------------------------------- masked, drafts


def test_a_secret_number_is_masked_until_asked_for(form: FormPanel, qtbot: QtBot) -> None:
    form.load(person(0))
    entry = form.boxes["id_number"].entry
    assert isinstance(entry, MaskedInput)
    assert entry.text() == "110105********002X"
    form.focus_field("id_number")
    press("9")
    assert entry.text() == "110105********002X", "a masked value is not typed over"
    assert form.read()[0]["id_number"] == "11010519491231002X", "masked, it is kept as it is stored"
    with qtbot.waitSignal(form.reveal_wanted) as asked:
        entry.button.click()
    assert asked.args == ["id_number"]
    form.unmask("id_number")
    assert entry.text() == "11010519491231002X"


def test_a_draft_keeps_every_letter_but_no_masked_number(form: FormPanel) -> None:
    form.load(person(0))
    form.focus_field("note")
    press("改到一半")
    texts = form.texts()
    assert "id_number" not in texts
    form.load(person(1))
    assert is_clean(form)
    form.load(person(0))
    form.restore(texts)
    assert form.dirty
    assert form.boxes["note"].entry.text() == "改到一半"
    assert form.read()[0]["id_number"] == "11010519491231002X"


def test_loading_is_clean_and_typing_is_not(form: FormPanel, qtbot: QtBot) -> None:
    form.load(person(0))
    assert is_clean(form)
    with qtbot.waitSignal(form.changed):
        press("王")
    assert form.dirty
    form.saved()
    assert is_clean(form)


# --------------------------------------------------------------------------------------------------- accessibility


def test_every_input_has_a_name_and_no_two_alike(form: FormPanel) -> None:
    names = [
        QAccessible.queryAccessibleInterface(box.entry.editor()).text(QAccessible.Text.Name)
        for box in form.boxes.values()
    ]
    assert all(names)
    assert len(set(names)) == len(names)
    assert "姓名（必填）" in names


def test_narrow_fields_share_a_line_only_where_there_is_room(form: FormPanel) -> None:
    form.resize(400, 600)
    QApplication.sendPostedEvents()
    assert form.boxes["name"].y() == form.boxes["sex"].y()
    form.resize(250, 600)
    QApplication.sendPostedEvents()
    assert form.boxes["name"].y() < form.boxes["sex"].y()


def stands_whole(line: QWidget) -> bool:
    return line.visibleRegion().boundingRect().height() == line.height()


def test_the_help_of_the_input_in_hand_is_in_sight_below_it(form: FormPanel, qtbot: QtBot) -> None:
    form.resize(form.width(), 220)
    helped = [name for name, box in form.boxes.items() if box.field.help]
    assert helped
    for name in form.boxes:
        if name in helped:
            line = next(line for line in form.findChildren(HintLine) if form.boxes[name] in line._boxes)
            qtbot.waitUntil(partial(stands_whole, line))
        press("\n")


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_a_box_of_several_lines_shows_a_small_table_whole_and_is_written_on_at_its_end(
    qtbot: QtBot,
) -> None:
    field = Field(name="steps", label="各级", type=Text(multiline=True), sensitivity=Sensitivity.OPEN)
    entry = TextInput(field)
    qtbot.addWidget(entry)
    entry.show()
    least = entry.box.height()
    entry.set_text("一星 100\n二星 300\n三星 600\n四星 1000\n五星 1500")
    assert entry.box.height() > least
    assert entry.box.verticalScrollBar().maximum() == 0
    entry.activateWindow()
    qtbot.waitUntil(entry.isActiveWindow)
    entry.box.clearFocus()
    entry.box.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(entry.box.hasFocus)
    press("0")
    assert entry.text().endswith("五星 15000")


def test_a_finding_is_never_cut_the_line_below_grows_with_it(form: FormPanel) -> None:
    box = form.boxes["insured_until"]
    line = next(line for line in form.findChildren(HintLine) if box in line._boxes)
    before = line.height()
    box.hint.tell("请核对", "bad")
    assert line.height() == before, "a short one moves nothing"
    box.hint.tell(
        "重叠 1 小时：与“清洁河道”（2026年11月20日 8:00—11:00，3 小时，签到），只能登记其中一条" * 3, "bad"
    )
    tall = line.height()
    assert tall > before
    line.resize(line.width() // 2, line.height())
    assert line.height() >= tall, "narrower, it wraps earlier"
    box.hint.clear()
    assert line.height() == before


def test_all_initials_of_a_word_go_before_those_of_a_part_of_another_one(dressed: Look) -> None:
    words = ("满意", "基本满意", "不满意")
    assert find_words(words, "bmy") == ["不满意", "基本满意"], "Enter takes the first"
    assert find_words(words, "my") == ["满意", "基本满意", "不满意"]
    assert find_words(words, "jb") == ["基本满意"]
    rating = Field(name="word", label="评价", type=Choice(words), sensitivity=Sensitivity.OPEN)
    entry = ChoiceInput(rating)
    for typed, shown in (("my", "满意"), ("BMY", "不满意"), ("y", "y")):
        entry.set_text(typed)
        entry.settle(ParseContext(dt.date(2026, 11, 20)))
        assert entry.text() == shown, "what Tab leaves behind is never a guess among several"
