import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core import fields
from hongyao_desktop.core.fields import FieldType, ParseContext
from hongyao_desktop.core.masking import Purpose
from tests.strategies import stored_values

TODAY = dt.date(2026, 11, 20)
CONTEXT = ParseContext(today=TODAY)
EVERY_TYPE: tuple[FieldType, ...] = (
    fields.Text(),
    fields.Name(),
    fields.Code(),
    fields.Choice(("男", "女")),
    fields.Flag(),
    fields.Date(),
    fields.TimeOfDay(),
    fields.Integer(),
    fields.Money(),
    fields.Minutes(),
    fields.Points(),
    fields.CreditHours(),
    fields.IdNumber(),
    fields.Phone(),
    fields.CreditCode(),
    fields.Reference("people"),
)


def concrete(base: type) -> set[str]:
    """Names, because a dataclass with slots is a second class of the same name."""
    own = base.__module__.startswith(
        "hongyao_desktop.core."
    )  # a room may have kinds of its own, tested there
    found = {base.__name__} if own and not getattr(base, "__abstractmethods__", None) else set()
    children: list[type] = base.__subclasses__()
    return found.union(*(concrete(child) for child in children))


def test_every_field_type_is_tested_here() -> None:
    assert concrete(FieldType) == {type(kind).__name__ for kind in EVERY_TYPE}


@given(data=st.data())
@pytest.mark.parametrize("kind", EVERY_TYPE, ids=lambda kind: type(kind).__name__)
def test_what_is_shown_can_be_typed_back(kind: FieldType, data: st.DataObject) -> None:
    value = data.draw(stored_values(kind))
    parsed = kind.parse(kind.format(value), CONTEXT)
    assert parsed.good, parsed.problems
    assert parsed.value == value


@pytest.mark.parametrize("kind", EVERY_TYPE, ids=lambda kind: type(kind).__name__)
@pytest.mark.parametrize("blank", [None, "", "  ", "\u3000", "\u200b"])
def test_blank_is_no_value_and_no_objection(kind: FieldType, blank: str | None) -> None:
    assert kind.parse(blank, CONTEXT) == fields.Parsed(None)
    assert kind.format(None) == ""


@pytest.mark.parametrize("kind", EVERY_TYPE, ids=lambda kind: type(kind).__name__)
def test_nasty_text_gives_a_value_or_a_sentence(kind: FieldType, uncommon_text: str) -> None:
    parsed = kind.parse(uncommon_text, CONTEXT)
    for problem in parsed.problems:
        assert any("\u4e00" <= char <= "\u9fff" for char in problem.message)
    if parsed.value is not None:
        assert isinstance(kind.format(parsed.value), str)


@given(
    raw=st.one_of(
        st.integers(),
        st.floats(allow_nan=True),
        st.booleans(),
        st.dates(),
        st.times(),
        st.timedeltas(),
        st.text(),
    )
)
@pytest.mark.parametrize("kind", EVERY_TYPE, ids=lambda kind: type(kind).__name__)
def test_no_cell_of_a_spreadsheet_raises(kind: FieldType, raw: Any) -> None:
    parsed = kind.parse(raw, CONTEXT)
    assert parsed.value is None or isinstance(parsed.value, (str, int))


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (fields.Date(), "2026年9月3日", "2026-09-03"),
        (fields.Date(), "2026.9.3", "2026-09-03"),
        (fields.Date(), dt.datetime(2026, 9, 3), "2026-09-03"),  # noqa: DTZ001 - as a spreadsheet gives it
        (fields.Money(), "1,234.50元", 123450),
        (fields.Money(), 500, 50000),
        (fields.Money(), 3000.5, 300050),
        (fields.Minutes(), 1.5, 90),
        (fields.Minutes(), "90分钟", 90),
        (fields.TimeOfDay(), "8:30", 510),
        (fields.TimeOfDay(), dt.time(8, 30), 510),
        (fields.Flag(), "√", 1),
        (fields.Name(), "张 伟", "张伟"),
        (fields.Code(), "记－００１", "记-001"),
        (fields.Phone(), 13912345678.0, "13912345678"),
        (fields.Choice(("男",), synonyms=(("1", "男"),)), 1, "男"),
    ],
)
def test_cells_as_offices_write_them(kind: FieldType, raw: Any, value: Any) -> None:
    assert kind.parse(raw, CONTEXT).value == value


def test_a_number_damaged_by_a_spreadsheet_is_an_error_that_says_so() -> None:
    parsed = fields.IdNumber().parse(320290199001011000, CONTEXT)
    assert parsed.value is None
    assert "表格软件" in parsed.problems[0].message


def test_negative_money_points_to_the_reversal() -> None:
    parsed = fields.Money().parse("-500", CONTEXT)
    assert parsed.value is None
    assert "冲正" in parsed.problems[0].message
    assert fields.Money(allow_negative=True).parse("-500", CONTEXT).value == -50000


def test_a_type_without_a_masking_rule_shows_nothing_in_public() -> None:
    assert fields.Text().mask("水湾新村3幢", Purpose.PUBLIC) == "＊"
    assert fields.Text().mask("水湾新村3幢", Purpose.INTERNAL) == "水湾新村3幢"


def test_a_screen_never_shows_the_whole_of_a_secret_value_unasked() -> None:
    assert fields.Text().cover("水湾新村3幢") == "＊"
    assert fields.IdNumber().cover("11010519491231002X") == "110105********002X"
    assert fields.Text().cover(None) == ""


@pytest.mark.parametrize(
    ("typed", "minutes"), [("9", 540), (" 19 ", 1140), ("９", 540), ("0", 0), ("24", 1440)]
)
def test_an_hour_alone_is_a_time_under_its_label_but_not_in_a_sheet(typed: str, minutes: int) -> None:
    kind = fields.TimeOfDay()
    today = dt.date(2026, 11, 20)
    assert kind.read(typed, ParseContext(today, typed=True)).value == minutes
    assert not kind.read(typed, ParseContext(today)).good
    assert not kind.read("25", ParseContext(today, typed=True)).good
