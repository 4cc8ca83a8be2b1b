"""Balancing a title over lines (标题排列): words stay whole, no line is a leftover, never narrow in the middle.

GB/T 9704 asks that a title of several lines keeps its words whole and takes the shape of a trapezium or a
lozenge. There is no dictionary here; where words join is read from the small words titles are made of.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Final

from hongyao_desktop.paper.breaking import Atom, atoms, may_break

_JOINT_AFTER: Final = re.compile(
    r"(?:的|关于|年度|年|季度|月份|月|日|和|与|及|暨|街道|社区|党工委|党委|支部|办事处|委员会|》|”|、|，|：|）|——|全市|全区|第[一二三四五六七八九十\d]+[次届期批])$"
)
_JOINT_BEFORE: Final = re.compile(
    r"^(?:关于|工作|情况|的|和|与|及|暨|《|“|（|——|专项|培训|志愿|活动|名单|汇总|统计|登记|台账|通知|报告|公示|方案|总结|考核|\d{4}年)"
)
_MOST_LINES: Final = 4


def balance(text: str, measure: Callable[[str], float], room: float) -> list[str]:
    """The lines of a legible title in a width of ``room``; a line break in the text is kept."""
    if "\n" in text:
        return [line for part in text.split("\n") for line in balance(part, measure, room)]
    pieces = [piece for piece in atoms(text, measure) if piece.text.strip()]
    total = sum(piece.width for piece in pieces)
    if total <= room or not pieces:
        return [text]
    joints = [index for index in range(1, len(pieces)) if may_break(pieces[index - 1], pieces[index])]
    least = int(total // room) + 1
    for count in range(least, max(least + 2, _MOST_LINES + 1)):
        best = _best(pieces, joints, count, total, room)
        if best is not None:
            return ["".join(piece.text for piece in part) for part in best]
    return _greedy(pieces, room)


def _best(
    pieces: list[Atom], joints: list[int], count: int, total: float, room: float
) -> list[list[Atom]] | None:
    near = [
        index
        for index in joints
        if any(
            abs(sum(piece.width for piece in pieces[:index]) - total * part / count) < total / count * 0.45
            for part in range(1, count)
        )
    ]
    if len(near) > 60:
        near = near[:: len(near) // 60 + 1]
    chosen: tuple[float, list[list[Atom]]] | None = None
    for cuts in itertools.combinations(near, count - 1):
        parts = [pieces[a:b] for a, b in itertools.pairwise((0, *cuts, len(pieces)))]
        widths = [sum(piece.width for piece in part) for part in parts]
        if max(widths) > room:
            continue
        cost = _cost(parts, widths, total / count)
        if chosen is None or cost < chosen[0]:
            chosen = (cost, parts)
    return chosen[1] if chosen else None


def _cost(parts: list[list[Atom]], widths: list[float], even: float) -> float:
    cost = sum(((width - even) / even) ** 2 for width in widths)
    for left, right in itertools.pairwise(parts):
        before = "".join(piece.text for piece in left)
        after = "".join(piece.text for piece in right)
        if not _JOINT_AFTER.search(before) and not _JOINT_BEFORE.search(after):
            cost += 0.6
        if after[0] in "的等们了":
            cost += 1.0
    if len(widths) > 2 and widths[1] < min(widths[0], widths[-1]):
        cost += 0.5  # an hourglass
    return cost


def _greedy(pieces: list[Atom], room: float) -> list[str]:
    lines: list[str] = []
    used = room + 1
    for piece in pieces:
        if used + piece.width > room:
            lines.append("")
            used = 0.0
        lines[-1] += piece.text
        used += piece.width
    return lines
