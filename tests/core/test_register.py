from dataclasses import replace
from typing import Any

import pytest

from hongyao_desktop.core.fields import Date, Integer, Phone, Text
from hongyao_desktop.core.register import DescriptionError, Field, Register, Sensitivity

NAME = Field(name="name", label="名称", type=Text(), sensitivity=Sensitivity.OPEN, required=True)
COUNT = Field(name="count", label="数量", type=Integer(), sensitivity=Sensitivity.OPEN)
DAY = Field(name="day", label="日期", type=Date(), sensitivity=Sensitivity.OPEN, aliases=("登记日期",))


def register(**changes: Any) -> Register:
    described: dict[str, Any] = {
        "name": "goods",
        "label": "物资",
        "table": "goods",
        "source": "goods",
        "title_field": "name",
        "fields": (NAME, COUNT, DAY),
        "list_columns": ("name", "count"),
        "sort": "name",
        "help": "物资进出。",
        **changes,
    }
    return Register(**described)


def test_a_good_description_answers_for_its_fields() -> None:
    goods = register(sum_columns=("count",))
    assert goods.field("day") is DAY
    assert goods.entered == (NAME, COUNT, DAY)
    with pytest.raises(KeyError, match=r"goods\.weight"):
        goods.field("weight")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"list_columns": ("weight",)}, r"goods.*weight.*not a field"),
        ({"title_field": "title"}, r"goods.*title.*not a field"),
        ({"filters": ("kind",)}, r"goods.*kind.*not a field"),
        ({"sum_columns": ("name",)}, r"goods.*name.*whole-number"),
        ({"fields": (NAME, NAME)}, r"goods.*name.*twice"),
        ({"fields": (NAME, replace(COUNT, name="数量"))}, r"goods.*not a column name"),
        ({"fields": (NAME, replace(COUNT, aliases=("名称",)))}, r"goods.*count.*already belongs to 'name'"),
        ({"fields": (replace(NAME, derived=True), COUNT)}, r"goods.*name.*derived"),
        ({"fields": (replace(NAME, type="text"), COUNT)}, r"goods.*name.*unknown field type"),  # type: ignore[arg-type]
    ],
)
def test_a_wrong_description_stops_the_program_and_names_the_field(
    changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(DescriptionError, match=reason):
        register(**changes)


def test_sensitivity_has_no_default() -> None:
    with pytest.raises(TypeError, match="sensitivity"):
        Field(name="name", label="名称", type=Text())  # type: ignore[call-arg]


def test_a_persons_phone_is_masked_on_a_screen_and_leaves_with_exports() -> None:
    own = Field(name="phone", label="联系电话", type=Phone(), sensitivity=Sensitivity.PERSONAL)
    office = replace(own, sensitivity=Sensitivity.OPEN)
    assert (own.masked, own.exported) == (True, True)
    assert not office.masked, "the number of an office is there to be called"
    assert not replace(NAME, sensitivity=Sensitivity.PERSONAL).masked


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(TypeError, match="visible"):
        Field(name="name", label="名称", type=Text(), sensitivity=Sensitivity.OPEN, visible=True)  # type: ignore[call-arg]
