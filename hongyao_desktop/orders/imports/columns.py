"""Columns of old lists of orders (旧工单台账) and of hot-line exports, and the words that stand in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from hongyao_desktop.core import phone
from hongyao_desktop.core.field_base import as_text
from hongyao_desktop.core.fields import (
    CellKind,
    Choice,
    Code,
    FieldType,
    ParseContext,
    Parsed,
    Raw,
    Text,
)
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.orders.records import fields as records
from hongyao_desktop.orders.records.states import Outcome, State, Word

_RATING = Choice(
    tuple(Word),
    synonyms=(
        *((word, "满意") for word in ("非常满意", "很满意", "是", "好评", "5星", "五星", "4星", "四星")),
        *((word, "基本满意") for word in ("较满意", "比较满意", "一般", "中评", "3星", "三星")),
        *((word, "不满意") for word in ("非常不满意", "很不满意", "否", "差评")),
    ),
)
_OUTCOME = Choice(
    tuple(Outcome),
    synonyms=(
        *((word, "已解决") for word in ("解决", "办结", "已办结", "已完成", "已处理", "是")),
        *((word, "已调解") for word in ("调解成功", "化解", "已化解")),
        ("否", "未解决"),
    ),
)
_FINISHED = (
    "办结",
    "已办结",
    "完成",
    "已处理",
    "待评单",
    "待回访",
    "处理完毕",
    "办理完毕",
    "已完结",
    "完结",
    "结案",
    "已结案",
)
_STATE = Choice(
    tuple(State),
    synonyms=(
        *((word, State.ASKED.value) for word in ("待议单", "待处理", "待办", "未办", "未处理", "新建")),
        *((word, State.DECIDED.value) for word in ("待派单", "已受理")),
        *(
            (word, State.ACCEPTED.value)
            for word in ("办理中", "在办", "处理中", "待办结", "未办结", "正在办理", "正在处理", "进行中")
        ),
        *((word, State.COMPLETED.value) for word in _FINISHED),
        *((word, State.RATED.value) for word in ("已评价", "已回访", "已归档", "归档")),
        *((word, State.DECLINED.value) for word in ("不予受理", "退回", "退件")),
        *((word, State.HANDED_OVER.value) for word in ("转办", "已转办", "转出", "转派")),
        *((word, State.VOID.value) for word in ("已作废", "撤销", "已撤销")),
    ),
)


@dataclass(frozen=True, slots=True)
class ListedPhone(FieldType):
    """A telephone number of a list; one that hot lines print with asterisks is read and pointed at, not refused."""

    mask_kind: ClassVar[str | None] = "phone"
    cell: ClassVar[CellKind] = CellKind.CODE

    def read(self, raw: Raw, context: ParseContext) -> Parsed:  # noqa: ARG002, D102 - as FieldType says
        shown = as_text(raw)
        if is_masked(shown):
            message = "电话是打了星号的，没有带入，请向居民问清后补填"
            return Parsed(shown, (Problem(Level.WARNING, "import.phone", message, "phone"),))
        value = phone.normalise(shown)
        return Parsed(value, tuple(phone.check(value)))


@dataclass(frozen=True, slots=True)
class ListedOutcome(FieldType):
    """What came of it: one of the words, or in the clerk's own words, which tell how it was done."""

    def read(self, raw: Raw, context: ParseContext) -> Parsed:  # noqa: D102 - as FieldType says
        known = _OUTCOME.read(raw, context)
        return known if known.value is not None else Parsed(as_text(raw))


def is_masked(shown: str | None) -> bool:
    """Whether digits of a number were struck out with asterisks."""
    return "*" in (shown or "") or "＊" in (shown or "")


FIELDS: tuple[Field, ...] = (
    Field(
        name="old_number",
        label="工单编号",
        type=Code(max_chars=40),
        sensitivity=Sensitivity.OPEN,
        width=8,
        aliases=("工单号", "编号", "单号", "原编号"),
    ),
    replace(
        records.ASKED_ON,
        aliases=(
            *(
                *records.ASKED_ON.aliases,
                "登记时间",
                "上报时间",
                "上报日期",
                "反映时间",
                "创建时间",
                "接单时间",
            ),
            *("派单时间", "派单日期", "接件日期", "投诉时间", "报修时间"),
        ),
    ),
    replace(
        records.RESIDENT,
        aliases=(
            *(
                *records.RESIDENT.aliases,
                "反映人",
                "投诉人",
                "需求人",
                "联系人",
                "报修人",
                "申请人",
                "服务对象",
            ),
            *("群众", "当事人"),
        ),
    ),
    replace(records.PHONE, type=ListedPhone(), required=False),
    records.ADDRESS,
    replace(
        records.TOPIC,
        aliases=(
            *records.TOPIC.aliases,
            "问题",
            "服务需求",
            "需求",
            "事由",
            "求助内容",
            "反映内容",
            "诉求描述",
        ),
    ),
    replace(records.CHANNEL, default=None),
    records.KIND,
    replace(records.MATTER, default=None),
    records.PARTIES,
    Field(
        name="unit_name",
        label="受理组织",
        type=Text(max_chars=60),
        sensitivity=Sensitivity.OPEN,
        width=10,
        aliases=(*records.UNIT.aliases, "承办单位", "责任单位", "主办单位"),
    ),
    records.WANTED_BY,
    Field(
        name="helper",
        label="接单人",
        type=Text(max_chars=30),
        sensitivity=Sensitivity.INTERNAL,
        width=6,
        aliases=("接单党员", "办理人", "承办人", "责任人", "服务人员", "接单志愿者"),
    ),
    Field(
        name="state",
        label="状态",
        type=_STATE,
        sensitivity=Sensitivity.OPEN,
        width=5,
        aliases=("工单状态", "办理状态", "办理进度", "当前状态"),
    ),
    replace(records.COMPLETED_ON, derived=False),
    replace(
        records.OUTCOME, type=ListedOutcome(), aliases=(*records.OUTCOME.aliases, "是否解决", "解决情况")
    ),
    records.RESULT,
    replace(records.DELIBERATED, example=""),
    Field(
        name="word",
        label="居民评价",
        type=_RATING,
        sensitivity=Sensitivity.OPEN,
        width=5,
        aliases=("满意度", "评价", "评单", "居民满意度", "回访结果", "是否满意", "满意情况"),
    ),
    records.NOTE,
)
"""What a row may tell; a list need not have every column."""
