"""Masking by purpose, and the scan that proves a public text clean."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyao_desktop.core.identity import check_digit
from hongyao_desktop.core.masking import (
    DEFAULT_POLICY,
    HIDDEN_TEXT,
    Kind,
    Purpose,
    leak_scan,
    mask,
    mask_address,
    mask_bank,
    mask_id,
    mask_name,
    mask_phone,
    policy_from,
)

ID = "11010519491231002X"


def test_identity_numbers() -> None:
    assert mask_id(ID, Purpose.INTERNAL) == "110105********002X"
    assert mask_id(ID, Purpose.PUBLIC) == "1****************X"
    assert mask_id(ID, Purpose.REPORT) == ID
    assert mask_id("110105491231002", Purpose.INTERNAL) == "110105******002"
    assert mask_id("CHN310178041212", Purpose.INTERNAL) == "CHN**********12"
    assert mask_id("E12345678", Purpose.INTERNAL) == "E******78"


def test_phones_banks_addresses() -> None:
    assert mask_phone("13812345678", Purpose.INTERNAL) == "138****5678"
    assert mask_phone("13812345678", Purpose.PUBLIC) == HIDDEN_TEXT
    assert mask_bank("6222021234567890123", Purpose.INTERNAL) == "***************0123"
    assert mask_bank("6222021234567890123", Purpose.PUBLIC) == HIDDEN_TEXT
    assert (
        mask_address("江苏省无锡市样例街道水湾社区3号楼502室", Purpose.PUBLIC)
        == "江苏省无锡市样例街道水湾社区***"
    )
    assert mask_address("样例镇东村5组12号", Purpose.PUBLIC) == "样例镇东村***"
    assert mask_address("样例街道人民路8号", Purpose.PUBLIC) == "样例街道***"
    assert mask_address("人民路8号502室", Purpose.PUBLIC) == "***"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("张小三", "张*三"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳娜", "欧阳*"),
        ("张李小三", "张**三"),
        ("张", "张"),
        ("张𬬭", "张*"),
        ("阿卜杜拉·买买提", "阿***·***"),
        ("John Smith", "J*** S****"),
    ],
)
def test_names_in_public(name: str, shown: str) -> None:
    assert mask_name(name, Purpose.PUBLIC) == shown
    assert mask_name(name, Purpose.INTERNAL) == name


def test_other_kinds() -> None:
    assert mask("birth", "1949-12-31", Purpose.PUBLIC) == HIDDEN_TEXT
    assert mask("private", "肺癌", Purpose.AUDIT) == HIDDEN_TEXT
    assert mask("id", "", Purpose.PUBLIC) == ""
    with pytest.raises(ValueError, match="colour"):
        mask("colour", "红", Purpose.PUBLIC)


def test_every_purpose_rules_every_kind() -> None:
    assert all(set(DEFAULT_POLICY[purpose]) == set(Kind) for purpose in Purpose)
    assert [purpose.label for purpose in Purpose] == ["内部", "公示", "报送", "审计"]


@given(st.sampled_from(list(Kind)), st.text(min_size=1, max_size=25), st.sampled_from(list(Purpose)))
def test_masking_twice_opens_nothing(kind: Kind, value: str, purpose: Purpose) -> None:
    once = mask(kind, value, purpose)
    twice = mask(kind, once, purpose)
    assert sum(char == "*" for char in twice) >= sum(char == "*" for char in once) or twice == HIDDEN_TEXT


@given(st.from_regex(r"[1-8][0-9]{5}(19|20)[0-9]{9}[0-9X]", fullmatch=True))
def test_public_text_never_holds_the_birth_segment(number: str) -> None:
    shown = mask_id(number, Purpose.PUBLIC)
    assert set(shown[1:-1]) == {"*"}
    assert leak_scan(f"公示 {shown} 张*") == []


@given(st.sampled_from([Kind.ID, Kind.PHONE, Kind.BANK]), st.text("0123456789X", min_size=1, max_size=20))
def test_short_numbers_are_not_opened_by_accident(kind: Kind, value: str) -> None:
    shown = mask(kind, value, Purpose.INTERNAL)
    assert "*" in shown
    assert sum(char != "*" for char in shown) <= (len(value) + 3) / 2 + 1


def test_a_policy_may_be_changed_within_limits() -> None:
    policy = policy_from({"audit": {"phone": "open"}, "public": {"phone": "middle"}})
    assert mask_phone("13812345678", Purpose.AUDIT, policy) == "13812345678"
    assert mask_phone("13812345678", Purpose.PUBLIC, policy) == "138****5678"
    assert mask_id(ID, Purpose.INTERNAL, policy) == mask_id(ID, Purpose.INTERNAL)


@pytest.mark.parametrize(
    ("data", "because"),
    [
        ({"public": {"id": "open"}}, "不得公开完整的证件号码"),
        ({"public": {"private": "open"}}, "不得公开"),
        ({"press": {"id": "edge"}}, "没有“press”"),
        ({"audit": {"colour": "open"}}, "没有“colour”"),
        ({"audit": {"id": "none"}}, "不能用“none”"),
        ({"audit": {"name": "tail"}}, "姓名不能用“tail”"),
    ],
)
def test_policies_refused(data: dict[str, dict[str, str]], because: str) -> None:
    with pytest.raises(ValueError, match=re.escape(because)):
        policy_from(data)


# --- leak scan --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (f"张三 {ID} 困难党员", ["leak.id"]),
        (f"身份证{ID.lower()}，", ["leak.id"]),
        ("１１０１０５１９４９１２３１００２Ｘ", ["leak.id"]),
        ("110105 19491231 002X", ["leak.id"]),
        ("110105194912\n31002X", ["leak.id"]),
        ("110105194912310021", ["leak.id"]),  # check digit wrong, still somebody's number mistyped
        ("110105491231002", ["leak.id"]),
        ("电话13812345678。", ["leak.phone"]),
        ("138 1234 5678", ["leak.phone"]),
        ("+86-138-1234-5678", ["leak.phone"]),
        ("卡号6222021234567890128", ["leak.bank"]),
        ("6222 0212 3456 7890 128", ["leak.bank"]),
        (f"13812345678 {ID}", ["leak.phone", "leak.id"]),
    ],
)
def test_leaks_are_found_in_order(text: str, codes: list[str]) -> None:
    assert [problem.code for problem in leak_scan(text)] == codes


@pytest.mark.parametrize(
    "text",
    [
        "张* 第一支部 1,000.00 元 2026年3月5日",
        "110105********002X 138****5678",
        "统一社会信用代码 91350100M000100Y43",
        "凭证号 20260305001 共 12 页",
        "金额 13812345678.00",
        "13,812,345,678.00",
        "链首 a13812345678b0f3",
        "2026-01-01 2026-12-31 08:30 17:30",
        "电话 0510-81234567",
        "编号 123456789012345678",
        "0195f0a0-0000-7000-8000-138123456789",
    ],
)
def test_ordinary_text_is_clean(text: str) -> None:
    assert leak_scan(text) == []


def test_the_finding_names_the_line_and_hides_the_number() -> None:
    (found,) = leak_scan(f"公示\n名单\n{ID}")
    assert "第 3 行" in found.message
    assert ID not in found.message
    assert found.value is not None
    assert ID not in found.value


def test_the_contact_phone_of_the_office_is_allowed() -> None:
    assert leak_scan("联系电话：138 1234 5678", allowed=["13812345678"]) == []
    assert len(leak_scan("13812345678 13912345678", allowed=["13812345678"])) == 1


@given(
    st.from_regex(r"[1-6][1-5][0-9]{4}", fullmatch=True),
    st.dates(dt.date(1900, 1, 1), dt.date(2026, 12, 31)),
    st.integers(0, 999),
    st.text("张三，。、（）：；\n|", max_size=5),
)
def test_no_lawful_number_slips_through(area: str, birth: dt.date, serial: int, around: str) -> None:
    body = f"{area}{birth:%Y%m%d}{serial:03d}"
    assert [found.code for found in leak_scan(f"{around}{body}{check_digit(body)}{around}")] == ["leak.id"]
