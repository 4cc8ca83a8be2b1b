"""What a password (口令) must be like: length, kinds of characters, and not a thing that is guessed first.

Pure values: how passwords are kept and compared is `store`'s business.  The least length and the number of kinds are
settings within the bounds of 等级保护 level 2 (DOMAIN 5.2); this module only applies them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from hongyao_desktop.core.problem import Level, Problem

FIELD: Final = "password"
"""The field that problems of a password point to."""

MOST: Final = 128
"""Longer passwords are refused: nobody types them, and a whole file pasted in must not be taken for one."""

_KINDS: Final[tuple[tuple[str, Callable[[str], bool]], ...]] = (
    ("大写字母", lambda char: "A" <= char <= "Z"),
    ("小写字母", lambda char: "a" <= char <= "z"),
    ("数字", lambda char: "0" <= char <= "9"),
    ("符号", lambda char: not (char.isascii() and char.isalnum())),
)
_GUESSED: Final = ("password", "qwerty", "12345678", "abcd1234", "admin", "hongyao")


@dataclass(frozen=True, slots=True)
class PasswordRule:
    """What is asked of a new password: least length, and how many of the four kinds of characters."""

    length: int = 8
    kinds: int = 3

    def words(self) -> str:
        """The rule in one phrase, for a hint beside the input."""
        return f"至少 {self.length} 个字符，含大写字母、小写字母、数字、符号中的 {self.kinds} 种"


def kinds_of(password: str) -> tuple[str, ...]:
    """Which of the four kinds of characters a password has."""
    return tuple(name for name, belongs in _KINDS if any(map(belongs, password)))


def problems(password: str, rule: PasswordRule, *, name: str = "") -> list[Problem]:
    """Everything wrong with a new password for the operator called ``name``; the password itself is never repeated."""
    found = []
    if len(password) < rule.length:
        found.append(_wrong("short", f"口令至少要 {rule.length} 个字符"))
    if len(password) > MOST:
        found.append(_wrong("long", f"口令最多 {MOST} 个字符"))
    if len(kinds_of(password)) < rule.kinds:
        found.append(_wrong("kinds", f"口令要含大写字母、小写字母、数字、符号中的 {rule.kinds} 种"))
    if password and _easily_guessed(password, name):
        found.append(_wrong("guessed", "口令太容易猜到，请不要用姓名、连续或重复的字符"))
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in password):
        found.append(_wrong("control", "口令里有看不见的控制字符，请重新输入"))
    return found


def _easily_guessed(password: str, name: str) -> bool:
    plain = password.casefold()
    if name and name.casefold() in plain:
        return True
    if any(plain.startswith(word) and len(plain) <= len(word) + 2 for word in _GUESSED):
        return True
    return len(set(plain)) < 4 or _is_a_run(plain)


def _is_a_run(plain: str) -> bool:
    """Every character follows the one before it (abcdefgh, 87654321)."""
    steps = {ord(after) - ord(before) for before, after in pairwise(plain)}
    return steps in ({1}, {-1})


def _wrong(code: str, message: str) -> Problem:
    return Problem(Level.ERROR, f"password.{code}", message, FIELD)
