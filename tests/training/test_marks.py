"""What stands in the cells of sign-in sheets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.training.imports.marks import MARK_WORDS, ReadMark, read_mark
from hongyao_desktop.training.records import MARKS


@pytest.mark.parametrize(
    ("written", "mark", "reason"),
    [
        ("√", "到", None),
        (" ✓ ", "到", None),
        ("已签到", "到", None),
        ("１", "到", None),
        ("单 玥", "到", None),
        ("√√", "到", None),
        ("√（迟到）", "迟到", None),
        ("迟到10分钟", "迟到", "10分钟"),
        ("早退（接孩子）", "早退", "接孩子"),
        ("假", "请假", None),
        ("病假", "请假", "病假"),
        ("请假（开会）", "请假", "开会"),
        ("请假：区里开会", "请假", "区里开会"),
        ("公差", "请假", "公差"),
        ("事假(家中有事)", "请假", "事假（家中有事）"),
        ("×", "缺勤", None),
        ("X", "缺勤", None),
        ("未签到", "缺勤", None),
        ("缺", "缺勤", None),
    ],
)
def test_marks_as_offices_write_them(written: str, mark: str, reason: str | None) -> None:
    assert read_mark(written, "单玥") == ReadMark(mark, reason)


@pytest.mark.parametrize("written", ["○", "△", "●", "☆", "迟到早退", "√请假", "到会半天", "李四", "?", "8"])
def test_what_means_different_things_in_different_offices_is_asked_about(written: str) -> None:
    assert read_mark(written, "单玥") is None


def test_every_word_means_a_mark_of_the_register() -> None:
    assert set(MARK_WORDS.values()) == set(MARKS)


@given(st.text(max_size=12), st.text(max_size=4))
def test_any_text_is_a_known_mark_or_a_question(written: str, name: str) -> None:
    found = read_mark(written, name)
    assert found is None or found.mark in MARKS
