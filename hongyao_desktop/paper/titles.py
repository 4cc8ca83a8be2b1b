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
# Words of our titles; a line does not end inside one.
_WORD_LIST: Final = """
基金 街道 社区 管理 使用 办法 细则 制度 培训 志愿 志愿者 志愿服务 服务 党建 引领 干部 情况 工作 关爱 关怀
汇总 积分 兑换 实事 项目 名单 名册 花名册 统计 考核 会议 记录 登记 台账 通知 方案 报告 总结 活动 党员 党内
党委 党组织 党工委 党支部 书记 委员 委员会 年度 季度 上半年 下半年 前三季度 专项 支部 群众 居民 网格 收支
现金 日记账 困难 慰问 帮扶 申请 审批 公示 公告 结余 预算 决算 明细 明细表 一览表 汇总表 统计表 登记表 签到
签到表 花名 星级 评定 评选 先进 优秀 证明 证书 时长 学时 课程 班次 新就业 群体 随手拍 为民 办实事 民办 中国
共产党 共产 中共 人民 政府 办事处 组织 建设 基层 治理 自治 文明 实践 主题 教育 学习 贯彻 落实 精神 深入 开展
推进 实施 意见 计划 任务 清单 责任 目标 问题 整改 检查 督查 调研 关于 印发 试行 修订 办公室 工作组 领导 小组
负责人 联系 联系人 服务中心 中心 党群 阵地 场所 物资 采购 捐赠 支出 收入 资金 补助 救助
"""
_WORDS: Final = frozenset(_WORD_LIST.split())
_LONGEST: Final = max(map(len, _WORDS))
_MOST_LINES: Final = 4
_SHAPE: Final = {3: (0.98, 1.06, 0.96), 4: (0.97, 1.04, 1.03, 0.96)}
"""Aims of three and four lines against an even share: a lozenge rather than an hourglass."""


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
    """The cheapest way into ``count`` lines, line by line over the places where a line may end; None if none fits."""
    upto = [0.0, *itertools.accumulate(piece.width for piece in pieces)]
    ends = [*joints, len(pieces)]
    costs = {index: _break_cost(pieces, index) for index in joints} | {len(pieces): 0.0}
    ways: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for number in range(count):
        aim = total / count * _SHAPE.get(count, (1.0,) * count)[number]
        further: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (cost, cuts) in ways.items():
            for end in ends:
                wide = upto[end] - upto[start]
                if end <= start or wide > room or (end == len(pieces)) != (number == count - 1):
                    continue
                sum_cost = cost + ((wide - aim) / aim) ** 2 + costs[end]
                if end not in further or sum_cost < further[end][0]:
                    further[end] = (sum_cost, (*cuts, end))
        ways = further
    if len(pieces) not in ways:
        return None
    cuts = ways[len(pieces)][1]
    return [pieces[a:b] for a, b in itertools.pairwise((0, *cuts))]


def _break_cost(pieces: list[Atom], index: int) -> float:
    before = "".join(piece.text for piece in pieces[:index])
    after = "".join(piece.text for piece in pieces[index:])
    if _inside_word(before, after):
        return 1.5
    if after[0] in "的等们了":
        return 1.0
    if _JOINT_AFTER.search(before) or _JOINT_BEFORE.search(after):
        return 0.0
    between = any(before.endswith(word) for word in _WORDS) or any(after.startswith(word) for word in _WORDS)
    return 0.1 if between else 0.6


def _inside_word(before: str, after: str) -> bool:
    return any(
        before[-left:] + after[: length - left] in _WORDS
        for length in range(2, _LONGEST + 1)
        for left in range(1, min(length, len(before) + 1))
    )


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
