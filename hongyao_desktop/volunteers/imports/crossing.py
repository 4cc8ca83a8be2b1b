"""Who is meant where a sheet is no list of one person a row (一列一人、一格几人)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from hongyao_desktop.core import hours, names, text
from hongyao_desktop.core.desk import SheetRow
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.volunteers.imports.places import place_problem

Knows = Callable[[str], bool]
"""Whether a volunteer of this name is on the register."""

_SURE: Final = re.compile(r"[、，,；;]")
_LOOSE: Final = re.compile(r"[、，,；;\s　/／|｜\\]+|[和与及]")
_NAME: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·]{2,}")
_SHORT_NAME: Final = re.compile(
    r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}|[\u4e00-\u9fff]+·[\u4e00-\u9fff·]+"
)
_REMARK: Final = re.compile(
    r"^(?:\d{1,3}[.、．]\s*)?(.+?)(?:\s*[（(【\[][^（）()]*[）)】\]]|\s*同志|[:：])?$"
)
_HEADINGS = """
备注 说明 合计 小计 总计 积分 性别 年龄 地点 类别 单位 社区 网格 职务 签名 签字 签到 签退 状态 来源 等级 星级 平台
队伍 项目 内容 日期 时间 人数 次数 时长 累计 余额 结余 名次 排名 年 月 日 小时 分钟 是否 照片
"""
_NO_NAMES: Final = frozenset(_HEADINGS.split())
_EMPTY: Final = frozenset({"", "0", "/", "-", "—", "×", "无"})


def names_in(cell: str) -> list[str]:
    """Every text of a cell that may be a name on the register, for looking all of them up at once."""
    parts = [part.strip() for part in (*_SURE.split(cell), *_LOOSE.split(cell))]
    return [names.clean(one) for part in (cell, *parts) if part for one in {part, _bare(part)}]


def _bare(name: str) -> str:
    """A name without what is written beside it: 曾国兰（组长）, 1.曾国兰, 曾国兰同志."""
    found = _REMARK.match(text.clean(name))
    return found[1] if found else name


def split_names(cell: str, knows: Knows) -> list[str]:
    """The people of one cell; one or none where it names one.

    A comma sets names apart. A blank, a stroke or 和 may stand within a name: they do where one of the parts is on
    the register and the whole is not.
    """
    whole = names.clean(cell)
    sure = [part.strip() for part in _SURE.split(text.clean(cell)) if part.strip()]
    if len(sure) > 1 and all(map(_NAME.fullmatch, sure)):
        return sure
    loose = [names.clean(part) for part in _LOOSE.split(cell) if part.strip()]
    if (
        len(loose) > 1
        and not knows(whole)
        and any(map(knows, loose))
        and all(len(part) > 1 and _NAME.fullmatch(part) for part in loose)
    ):
        return loose
    return sure


def bare_name(row: SheetRow, knows: Knows) -> tuple[SheetRow, Problem | None]:
    """The row with the name alone where the register knows it so and not with what is written beside it."""
    shown = row.raw.get("name") or ""
    name = names.clean(_bare(shown))
    whole = str(row.values.get("name") or "")
    if not shown or name == whole or knows(whole) or not knows(name):
        return row, None
    message = f"姓名“{text.clean(shown)}”按{name}读取，请核对"
    found = Problem(Level.WARNING, "import.bare_name", message, "name")
    return replace(row, values={**row.values, "name": name}), found


def may_be_people(headers: Collection[str]) -> bool:
    """Whether columns without a field look like people's names."""
    return any(_SHORT_NAME.fullmatch(names.clean(header)) and header not in _NO_NAMES for header in headers)


def people_columns(headers: Collection[str], knows: Knows) -> dict[str, str]:
    """Column to name, for columns headed by somebody on the register."""
    return {header: name for header in headers if knows(name := names.clean(header))}


def by_person(
    rows: Sequence[SheetRow], columns: dict[str, str], problems: list[Problem]
) -> Iterator[SheetRow]:
    """One row for each person who has something written below his name."""
    for row in rows:
        if row.kind != "data":
            yield row
            continue
        for header, name in columns.items():
            cell = text.clean(row.raw.get(header) or "")
            if cell in _EMPTY:
                continue
            letter = row.columns.get(header)
            placed = {"name": letter, "minutes": letter} if letter else {}
            here = replace(
                row,
                columns={**row.columns, **placed},
                raw={**row.raw, "name": name, "minutes": cell},
                values={**row.values, "name": name, "minutes": None},
            )
            try:
                here = replace(here, values={**here.values, "minutes": hours.parse_hours(cell)})
            except hours.AmountProblem as unread:
                found = Problem(Level.ERROR, "import.cell", f"{name}：{unread}", "minutes")
                problems.append(place_problem(found, here))
                continue
            yield here
