"""Settings: declared once, wrong declarations fail at once, stored text is read by type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.settings import (
    CATALOG,
    IDLE_MINUTES,
    OFFICE_NAME,
    ZERO_BEFORE_JIAO,
    Catalog,
    Gone,
    Setting,
    SettingError,
    SettingProblem,
)


def test_defaults_and_stored_values() -> None:
    assert IDLE_MINUTES.read({}) == 10
    assert IDLE_MINUTES.read({"security.idle_minutes": "7"}) == 7
    assert ZERO_BEFORE_JIAO.read({"paper.zero_before_jiao": "1"}) is True
    assert OFFICE_NAME.read({"office.name": " 样例街道 "}) == "样例街道"


@given(st.sampled_from(list(CATALOG)))
def test_every_default_survives_storing(setting: Setting[int]) -> None:
    assert setting.read({setting.key: setting.format(setting.default)}) == setting.default


@pytest.mark.parametrize(
    ("typed", "because"),
    [("0", "1 到 10 分钟"), ("11", "1 到 10"), ("十", "整数"), ("1.5", "整数"), ("", "整数")],
)
def test_numbers_out_of_bounds(typed: str, because: str) -> None:
    with pytest.raises(SettingProblem, match=because):
        IDLE_MINUTES.parse(typed)


def test_texts_and_truth_values() -> None:
    with pytest.raises(SettingProblem, match="最多 60"):
        OFFICE_NAME.parse("街" * 61)
    assert [ZERO_BEFORE_JIAO.parse(word) for word in ("是", "否", "１", "关")] == [True, False, True, False]
    with pytest.raises(SettingProblem, match="是"):
        ZERO_BEFORE_JIAO.parse("也许")


def test_choices() -> None:
    paper = Setting("paper.size", "纸张", str, "A4", "打印用纸", choices=("A4", "A3"))
    assert paper.parse(" A4 ") == "A4"
    with pytest.raises(SettingProblem, match="A4、A3"):
        paper.parse("B5")


def test_wrong_declarations_fail_at_once() -> None:
    wrong: list[tuple[tuple[object, ...], dict[str, object], str]] = [
        (("Idle", "锁", int, 1, "说明"), {"low": 1, "high": 2}, "of the form"),
        (("a.b", "", int, 1, "说明"), {"low": 1, "high": 2}, "label"),
        (("a.b", "锁", int, 1, ""), {"low": 1, "high": 2}, "help"),
        (("a.b", "锁", float, 1.0, "说明"), {}, "unknown type"),
        (("a.b", "锁", int, True, "说明"), {"low": 1, "high": 2}, "default is no int"),
        (("a.b", "锁", int, 1, "说明"), {}, "bounds"),
        (("a.b", "锁", int, 5, "说明"), {"low": 1, "high": 2}, "not allowed"),
        (("a.b", "锁", int, 1, "说明"), {"low": 1, "high": 2, "choices": ("1",)}, "choices"),
        (("a.b", "锁", str, "丙", "说明"), {"choices": ("甲", "乙")}, "not allowed"),
    ]
    for arguments, keywords, because in wrong:
        with pytest.raises(SettingError, match=because):
            Setting(*arguments, **keywords)  # type: ignore[arg-type, type-var]


def test_a_catalogue_refuses_two_of_one_key_and_keys_of_old_releases() -> None:
    with pytest.raises(SettingError, match="twice"):
        Catalog([IDLE_MINUTES, IDLE_MINUTES])
    with pytest.raises(SettingError, match="older release"):
        Catalog([IDLE_MINUTES], [Gone("security.idle_minutes", "已改名")])


def test_an_unknown_key_fails_with_advice() -> None:
    catalog = Catalog([IDLE_MINUTES], [Gone("screen.theme", "改用系统主题")])
    assert catalog["security.idle_minutes"] is IDLE_MINUTES
    with pytest.raises(SettingError, match=r"no setting 'screen\.font'"):
        catalog["screen.font"]
    with pytest.raises(SettingError, match="改用系统主题"):
        catalog["screen.theme"]


def test_stored_settings_are_checked() -> None:
    catalog = Catalog([IDLE_MINUTES], [Gone("screen.theme", "改用系统主题")])
    stored = {"security.idle_minutes": "900", "screen.theme": "dark", "future.thing": "1"}
    assert [problem.code for problem in catalog.problems(stored)] == [
        "setting.value",
        "setting.gone",
        "setting.unknown",
    ]
    assert catalog.problems({"security.idle_minutes": "9"}) == []
