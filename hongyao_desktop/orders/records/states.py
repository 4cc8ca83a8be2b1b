"""States (状态) and moves (步骤) of a service order, outcomes and ratings: the words that stand in the file."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where an order stands. The first six follow each other; the last three end it early."""

    ASKED = "已点单"
    DECIDED = "已议单"
    DISPATCHED = "已派单"
    ACCEPTED = "已接单"
    COMPLETED = "已完成"
    RATED = "已评单"
    DECLINED = "不受理"
    HANDED_OVER = "已转出"
    VOID = "作废"

    @property
    def closed(self) -> bool:
        """Nothing more is to be done."""
        return self in (State.RATED, State.DECLINED, State.HANDED_OVER, State.VOID)

    @property
    def waits_for(self) -> str:
        """What is done next with an order in this state; "" when it is closed."""
        return _WAITS.get(self, "")


_WAITS = {
    State.ASKED: "待议单",
    State.DECIDED: "待派单",
    State.DISPATCHED: "待接单",
    State.ACCEPTED: "办理中",
    State.COMPLETED: "待评单",
}
OPEN_STATES = tuple(_WAITS)


class Move(StrEnum):
    """One step with an order. OPENING (期初) takes over an order from an older list in the state it stood in."""

    ASK = "点单"
    OPENING = "期初"
    DECIDE = "议单"
    DECLINE = "不受理"
    REFER_UP = "上报"
    HAND_OVER = "转出"
    DISPATCH = "派单"
    REDISPATCH = "改派"
    ACCEPT = "接单"
    REFUSE = "拒单"
    GIVE_BACK = "退单"
    COMPLETE = "完成"
    RATE = "评单"
    POST_EARLY = "先记时长"
    VOID = "作废"
    TAKE_BACK = "撤回"


class Event(StrEnum):
    """What happens with an order between two steps; it stays in the state it stands in.

    A helper who is noted after the order was finished (JOIN_LATE) stands on file as any other helper (协办).
    """

    FOLLOW_UP = "跟进"
    EXTEND = "延期"
    HOLD = "挂起"
    RESUME = "恢复"
    JOIN = "协办"
    ATTACH = "附件"
    JOIN_LATE = "补记协办"


class Matter(StrEnum):
    """What kind of concern an order is (事项性质): an errand, a matter of residents, or a dispute between them."""

    NEED = "服务需求"
    CONCERN = "民情事项"
    DISPUTE = "矛盾纠纷"


class Outcome(StrEnum):
    """How it ended (办理结果)."""

    SOLVED = "已解决"
    MEDIATED = "已调解"
    PARTLY = "部分解决"
    UNSOLVED = "未解决"


class Side(StrEnum):
    """Who rates (评价方)."""

    RESIDENT = "居民"
    BRANCH = "支部"


class Word(StrEnum):
    """The rating in words (评价)."""

    GOOD = "满意"
    FAIR = "基本满意"
    POOR = "不满意"


class HoursAfter(StrEnum):
    """What the hours of an order wait for (时长何时登记)."""

    COMPLETED = "完成"
    RATED = "评单"


CHANNELS = ("一键呼叫", "吹哨报到", "一窗受理", "走访", "随手拍", "其他")
"""Where orders come from (SYSTEMS M2); an office adds its own in the rule set ``order-lists``."""
SPOT_CHANNEL = "随手拍"
