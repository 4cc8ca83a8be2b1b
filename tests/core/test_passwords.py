"""What a password must be; a finding never repeats it."""

from __future__ import annotations

import pytest

from hongyao_desktop.core import passwords
from hongyao_desktop.core.passwords import PasswordRule


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Ab-1234", "short"),
        ("abcdefg1", "kinds"),
        ("口令口令口令口令", "kinds"),
        ("Aa1" * 43, "long"),
        ("Wangluru-1王录入", "guessed"),
        ("Password1", "guessed"),
        ("Aa1Aa1Aa1", "guessed"),
        ("Abc-123\x0045", "control"),
    ],
)
def test_weak_passwords_are_named_without_repeating_them(password: str, code: str) -> None:
    found = passwords.problems(password, PasswordRule(), name="王录入")
    assert f"password.{code}" in {problem.code for problem in found}
    assert all(password not in problem.message for problem in found)


@pytest.mark.parametrize("password", ["Abc-12345", "Yanshi-2026", "水湾Ab-街道办公室", "tree9 WALK"])
def test_good_passwords_pass(password: str) -> None:
    assert passwords.problems(password, PasswordRule(), name="王录入") == []
