"""Which field a column's header names (列名匹配): exactly, by its last word, by one of its parts, or nearly.

Conservative on purpose: a wrong guess puts one person's number into another field. Somebody else's name, the last
four digits of a number, a word that means something of its own are never bent to a field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from rapidfuzz import fuzz

from hongyao_desktop.intake import words
from hongyao_desktop.intake.table import Column

_NEAR_ENOUGH = 82.0
# A person named after one of these is another one than the row's own.
SOMEBODY_ELSE = re.compile(
    r"父亲|母亲|父|母|配偶|爱人|丈夫|妻子|子女|儿子|女儿|家长|监护人|家属|家庭成员|户主|紧急|代领|代办|介绍人|帮扶|结对|包联|联系领导"
    r"|联系干部|负责|审核|经办|推荐|担保|证明|法人|法定代表|书记|主任|班主任|授课|主讲|带队|领导|收款|付款|开户"
)
_PERSONAL = (
    "姓名",
    "名字",
    "电话",
    "手机",
    "手机号",
    "身份证",
    "号码",
    "证件号码",
    "身份证号",
    "性别",
    "联系方式",
    "单位",
    "职务",
)


class TargetField(Protocol):
    """What is asked of a field: its name, label, other header texts, and whether a row needs it."""

    @property
    def name(self) -> str:
        """The column of the register."""

    @property
    def label(self) -> str:
        """Its Chinese name."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other header texts seen in offices' sheets."""

    @property
    def required(self) -> bool:
        """A row without it cannot go in."""


class How(StrEnum):
    """On what grounds a column was given to a field."""

    STATED = "指定"
    EXACT = "同名"
    TAIL = "名称相近"
    NEAR = "名称近似"
    CONTENT = "按内容判断"


@dataclass(frozen=True, slots=True)
class Match:
    """A column given to a field, on what grounds, and how sure that is (0 to 100)."""

    column: Column
    field: str
    how: How
    score: float


class HeaderIndex:
    """All header texts of some fields, comparable; says which fields a text names."""

    def __init__(self, fields: Iterable[TargetField]) -> None:
        """Labels come before aliases, aliases in the order they are listed."""
        self._fields: dict[str, list[tuple[str, int]]] = {}
        self.fields = tuple(fields)
        for field in self.fields:
            for rank, heading in enumerate((field.label, *field.aliases)):
                text = words.header_text(heading)
                if (meant := _length_key(text.base, text.unit)) is not None:
                    self._fields.setdefault(meant, []).append((field.name, rank))
                    continue  # without its unit it is a time of day or a day
                for key in {text.key, text.base if text.harmless else text.key}:
                    owners = self._fields.setdefault(key, [])
                    if all(owner != field.name for owner, _rank in owners):
                        owners.append((field.name, rank))

    def knows(self, key: str) -> bool:
        """True if a comparable text names some field."""
        return key in self._fields

    def owners(self, key: str) -> list[tuple[str, int]]:
        """Fields a comparable text names, with the rank of the text among the field's own."""
        return self._fields.get(key, [])

    @property
    def keys(self) -> Iterable[str]:
        """All comparable texts."""
        return self._fields


def _length_key(base: str, unit: str | None) -> str | None:
    """服务时间（小时） is a length, 服务时间 a day: the key of a time with a unit of length; None for all else."""
    if unit not in ("小时", "时", "h", "分钟", "分", "min") or not base.endswith("时间"):
        return None
    return f"{base}/时长"


def by_name(column: Column, index: HeaderIndex) -> list[Match]:
    """The fields a column's header may name, the surest first; empty where only a guess would be left."""
    if not column.path:
        return []
    groups, leaf = column.path[:-1], column.path[-1]
    meant = _length_key(leaf, column.unit)
    if meant is not None and index.knows(meant):
        return [Match(column, name, How.EXACT, 100.0) for name, _rank in index.owners(meant)]
    foreign = any(SOMEBODY_ELSE.search(group) for group in groups)
    exact = [
        Match(column, name, How.EXACT, 100.0 - min(rank, 9) * 0.1)
        for group in groups
        for name, rank in index.owners(group + leaf)
    ]
    if exact:
        return exact
    if foreign:
        return []
    exact = [
        Match(column, name, How.EXACT, 99.0 - min(rank, 9) * 0.1 - (0.5 if groups else 0.0))
        for name, rank in index.owners(leaf)
    ]
    if exact:
        return exact
    if column.remark is not None:
        base = words.header_text(column.name).base
        loose = [Match(column, name, How.NEAR, 70.0) for name, _rank in index.owners(base)]
        if loose and not re.search(r"后|前|尾", column.remark):
            return loose
        if loose:
            return []  # 身份证号(后四位) is not the number
    if leaf in words.GENERIC or leaf in words.SEQUENCE:
        return []  # a word of its own: 出生日期 is no 日期
    return _by_part(column, leaf, index) or _by_tail(column, leaf, index) or _by_likeness(column, leaf, index)


def _by_part(column: Column, leaf: str, index: HeaderIndex) -> list[Match]:
    """One of two names of a column, 姓名/name or 姓名 Name, or the first of several: 电话1."""
    parts = [part for part in re.split(r"[/／|、]|(?<=[\u4e00-\u9fff])(?=[A-Za-z])", leaf) if part]
    owners = {name for part in parts for name, _rank in index.owners(part)}
    if len(parts) > 1 and len(owners) == 1:
        return [Match(column, owners.pop(), How.NEAR, 75.0)]
    numbered = re.fullmatch(r"(.{2,}?)[(（]?[1-9一二三]?[)）]?", leaf)
    if numbered and numbered.group(1) != leaf:
        return [Match(column, name, How.NEAR, 72.0) for name, _rank in index.owners(numbered.group(1))]
    return []


def _by_tail(column: Column, leaf: str, index: HeaderIndex) -> list[Match]:
    """The noun stands at the end: 参训人员姓名 is a 姓名; 父亲姓名 is somebody else's."""
    best: Match | None = None
    for key in index.keys:
        if len(key) < 2 or len(leaf) <= len(key) or not leaf.endswith(key):
            continue
        before = leaf[: -len(key)]
        if (key in _PERSONAL and SOMEBODY_ELSE.search(before)) or re.search(r"[是否有无不非]$", before):
            continue
        score = 80.0 + len(key) / len(leaf) * 10
        if best is None or score > best.score:
            best = Match(column, index.owners(key)[0][0], How.TAIL, score)
    return [best] if best else []


def _by_likeness(column: Column, leaf: str, index: HeaderIndex) -> list[Match]:
    """One character more, less or other: 身份证号吗, 联系电話; short words are too easily alike."""
    if len(leaf) < 4:
        return []
    scored = sorted(
        (
            (fuzz.ratio(leaf, key), key)
            for key in index.keys
            if len(key) >= 3 and abs(len(key) - len(leaf)) <= 2
        ),
        reverse=True,
    )
    if not scored or scored[0][0] < _NEAR_ENOUGH:
        return []
    best = index.owners(scored[0][1])[0][0]
    rival = next((score for score, key in scored[1:] if index.owners(key)[0][0] != best), 0.0)
    if scored[0][0] - rival < 8 or SOMEBODY_ELSE.search(leaf):
        return []
    return [Match(column, best, How.NEAR, scored[0][0] * 0.8)]
