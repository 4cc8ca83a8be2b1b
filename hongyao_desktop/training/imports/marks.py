"""What stands in the cells of sign-in sheets, and what it means.

Signs whose meaning differs from office to office (○ ● △ ☆) are asked about, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hongyao_desktop.core import text

_SIGNS = {
    "到": "√ ✓ ✔ ☑ 到 已到 到会 到课 参会 参训 出席 出勤 实到 在 是 有 1 v y ok 签到 已签到 已签 签 正常",
    "迟到": "迟到 迟 晚到",
    "早退": "早退 退 提前离会",
    "请假": "请假 假 已请假",
    "缺勤": "× ✗ ✘ ☒ 缺 缺勤 缺席 缺课 旷课 旷会 未到 未参加 未签到 未签 无故缺席 否 无 0 x n",
}
_LEAVES = "事假 病假 公假 年假 产假 婚假 丧假 探亲假 陪产假 调休 轮休 公差 公出 出差 因公 因事 因病 开会"
MARK_WORDS = {word: mark for mark, words in _SIGNS.items() for word in words.split()}
"""Whole cells and their marks; in lower case and half width."""

_LEAVE_WORDS = frozenset(_LEAVES.split())
_LEADING = sorted(
    (word for word in (*MARK_WORDS, *_LEAVE_WORDS) if len(word) > 1 and word.isalpha()), key=len, reverse=True
)
_DETAIL = re.compile(r"^[(:,、/\-—]*(.*?)[)]*$")


@dataclass(frozen=True, slots=True)
class ReadMark:
    """A mark as read from a cell, with the reason written beside a leave or a late arrival."""

    mark: str
    reason: str | None = None


def read_mark(written: str, name: str) -> ReadMark | None:
    """The mark a cell means; None when it cannot be told. A cell holding the trainee's own name is a signature.

    Understands signs, words and words with a detail: √, 迟到10分钟, 请假（开会）, 病假, √迟到.
    """
    plain = re.sub(r"\s", "", text.half_width(written)).lower().replace("（", "(").replace("）", ")")
    if plain in MARK_WORDS:
        return ReadMark(MARK_WORDS[plain])
    if name and plain == re.sub(r"\s", "", text.half_width(name)).lower():
        return ReadMark("到")
    signed = plain.lstrip("√✓✔☑").strip("()")
    if signed != plain.strip("()"):  # a tick with a word beside it: the word says more than the tick
        inner = read_mark(signed, "") if signed else ReadMark("到")
        return inner if inner is None or inner.mark in ("到", "迟到", "早退") else None
    if plain in _LEAVE_WORDS:
        return ReadMark("请假", plain)
    for word in _LEADING:
        if plain.startswith(word):
            return _with_detail(word, plain[len(word) :])
    return None


def _with_detail(word: str, rest: str) -> ReadMark | None:
    match = _DETAIL.match(rest)
    detail = match[1] if match else rest
    if any(other in detail for other in ("迟到", "早退", "请假", "缺", "未到", "√")):
        return None  # two verdicts in one cell
    if word in _LEAVE_WORDS:
        return ReadMark("请假", word + (f"（{detail}）" if detail else ""))
    mark = MARK_WORDS[word]
    if mark == "到":
        return None  # 到 with further words may mean anything: 到会半天, 到外地
    return ReadMark(mark, detail or None)
