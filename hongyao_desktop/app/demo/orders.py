"""Service orders of a demonstration street over the last months: most are rated, the latest stand on the board."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from hongyao_desktop.app.demo.services import Volunteer
from hongyao_desktop.core.desk import Writer
from hongyao_desktop.orders.records.states import Matter, Outcome, Word
from hongyao_desktop.orders.service import finishing, stepping, taking, tending
from hongyao_desktop.orders.service.finishing import Finish, Score

_CHANNELS = ("一键呼叫", "吹哨报到", "一窗受理", "走访")
_ASKED = (
    (Matter.NEED, "厨房水管漏水，想请人上门看看"),
    (Matter.NEED, "独居老人要去医院复查，请人陪诊"),
    (Matter.NEED, "腿脚不便，请人帮忙买药"),
    (Matter.NEED, "老人行动不便，想请人上门理发"),
    (Matter.NEED, "智能手机不会用，想学医保缴费"),
    (Matter.NEED, "家里跳闸，请懂电的党员来看看"),
    (Matter.NEED, "孩子放学没人接，想找托管"),
    (Matter.NEED, "代办高龄津贴申请"),
    (Matter.CONCERN, "电动车没有地方充电，有人从楼上飞线"),
    (Matter.CONCERN, "小区停车位不够，消防通道常被占"),
    (Matter.CONCERN, "楼道堆放杂物，上下楼不方便"),
    (Matter.CONCERN, "单元门口路灯不亮，老人夜里怕摔"),
    (Matter.CONCERN, "垃圾桶旁异味大，希望增加清运"),
    (Matter.DISPUTE, "楼上晚间噪音扰民，上下两家争吵"),
    (Matter.DISPUTE, "楼上漏水到楼下，两家对赔偿有争议"),
    (Matter.DISPUTE, "门前停车引起邻里纠纷"),
)
_RESULTS = {
    Matter.NEED: ("已上门办妥", "已陪同办好", "已教会使用"),
    Matter.CONCERN: ("已协调物业处理", "已列入网格巡查，现场已清理", "已加装并试用"),
    Matter.DISPUTE: ("双方已达成口头协议", "邻里议事会上说开，双方握手"),
}
_LATELY = 14
_REFUSALS = ("当天值班走不开", "在外地出差", "不会修这类水管", "家中有事")


@dataclass(slots=True)
class _Day:
    """The day an order has come to, never after today."""

    on: dt.date
    today: dt.date
    stays: float
    """How likely it is that nothing more happens at each step."""

    def later(self, days: int) -> bool:
        """Go on by some days; False when that would be after today."""
        self.on += dt.timedelta(days=days)
        return self.on <= self.today


Step = Callable[[Writer, str], object]


@dataclass(frozen=True, slots=True)
class Story:
    """One order as it went: what was asked, the steps since, and the day of the last of them."""

    values: dict[str, Any]
    steps: list[Step]
    last_on: dt.date

    def tell(self, writer: Writer) -> str:
        """Enter the order and its steps; returns its id."""
        order_id = taking.take_order(writer, self.values)
        for step in self.steps:
            step(writer, order_id)
        return order_id


def order_stories(
    residents: Sequence[tuple[str, str, str]],
    volunteers: Sequence[Volunteer],
    count: int,
    chance: random.Random,
    today: dt.date,
) -> list[Story]:
    """``count`` orders of ``residents`` (name, phone, unit id), each as far as it would have come."""
    days = sorted((chance.randrange(_LATELY, 320) for _ in range(count * 3 // 4)), reverse=True)
    days += sorted((chance.randrange(0, _LATELY) for _ in range(count - len(days))), reverse=True)
    near: dict[str, list[Volunteer]] = {}
    for volunteer in volunteers:
        near.setdefault(volunteer.unit_id, []).append(volunteer)
    stories = []
    for ago in days:
        name, phone, unit_id = chance.choice(residents)
        matter, topic = chance.choice(_ASKED)
        asked = today - dt.timedelta(days=ago)
        values = {
            "resident": name,
            "phone": phone if chance.random() < 0.95 else None,
            "address": _address(chance),
            "topic": topic,
            "channel": chance.choice(_CHANNELS),
            "matter": matter.value,
            "parties": "双方为同单元邻居" if matter is Matter.DISPUTE and chance.random() < 0.8 else None,
            "unit_id": unit_id,
            "asked_on": asked.isoformat(),
        }
        pool = near.get(unit_id) or list(volunteers)
        day = _Day(asked, today, 0.12 if ago < _LATELY else 0)
        told = [(step, day.on) for step in _steps(matter, pool, chance, day)]
        last = max((on for _step, on in told), default=asked)
        stories.append(Story(values, [step for step, _on in told], last))
    return stories


def tend_orders(writer: Writer, today: dt.date) -> int:
    """What a reviewer saw to with the orders at work: a follow-up, a longer limit, one that waits for the resident."""
    rows = writer.all(
        "SELECT id, due_on FROM service_order WHERE state = '已接单' ORDER BY due_on, id LIMIT 4"
    )
    for place, row in enumerate(rows):
        if place == 0:
            until = max(dt.date.fromisoformat(row["due_on"]), today) + dt.timedelta(days=7)
            tending.extend(writer, row["id"], until, "医院约号排到下周")
        elif place == 1:
            tending.hold(writer, row["id"], "居民外出探亲，约好回来再办")
        else:
            tending.follow_up(writer, row["id"], "已和居民通话，约定本周上门")
    return len(rows)


def _address(chance: random.Random) -> str:
    building, stair, floor = chance.randrange(1, 30), chance.randrange(1, 5), chance.randrange(1, 7)
    return f"{building}号楼{stair}单元{floor}0{chance.randrange(1, 3)}"


def _steps(matter: Matter, pool: Sequence[Volunteer], chance: random.Random, day: _Day) -> Iterator[Step]:
    """Step by step until the order is rated, ends early, or has come to today."""
    if chance.random() < day.stays or not day.later(chance.choice((0, 0, 1, 1, 2, 3))):
        return
    yield partial(_decide, on=day.on)
    if chance.random() < day.stays or not day.later(chance.choice((0, 0, 1, 2))):
        return
    first, second = chance.sample(list(pool), 2)
    yield partial(_dispatch, to=first.id, on=day.on)
    if chance.random() < day.stays or not day.later(chance.choice((0, 0, 1, 2))):
        return
    if chance.random() < 0.1:
        yield partial(_give_back, why=chance.choice(_REFUSALS), on=day.on)
        if not day.later(1):
            return
        yield partial(_dispatch, to=second.id, on=day.on)
        if not day.later(chance.choice((0, 1))):
            return
    yield partial(_accept, on=day.on)
    if not day.later(chance.choice((0, 1, 2, 3, 4, 6, 9))):
        return
    solved = Outcome.MEDIATED if matter is Matter.DISPUTE else Outcome.SOLVED
    minutes = chance.choice((30, 60, 60, 90, 120))
    outcome = solved if chance.random() < 0.93 else Outcome.PARTLY
    result = chance.choice(_RESULTS[matter])
    done = Finish(
        completed_on=day.on,
        minutes=minutes,
        outcome=outcome,
        result=result,
        deliberated_at="邻里议事会" if "议事会" in result else None,
    )
    yield partial(_complete, done=done)
    if chance.random() < 2 * day.stays or not day.later(chance.choice((0, 1, 2, 4))):
        return
    word = chance.choices((Word.GOOD, Word.FAIR, Word.POOR), (88, 9, 3))[0]
    yield partial(_rate, word=word, on=day.on)


def _decide(writer: Writer, order_id: str, *, on: dt.date) -> None:
    stepping.decide(writer, order_id, on=on)


def _dispatch(writer: Writer, order_id: str, *, to: str, on: dt.date) -> None:
    stepping.dispatch(writer, order_id, to, on=on)


def _give_back(writer: Writer, order_id: str, *, why: str, on: dt.date) -> None:
    stepping.give_back(writer, order_id, why, on=on)


def _accept(writer: Writer, order_id: str, *, on: dt.date) -> None:
    stepping.accept(writer, order_id, on=on)


def _complete(writer: Writer, order_id: str, *, done: Finish) -> None:
    finishing.complete(writer, order_id, done)


def _rate(writer: Writer, order_id: str, *, word: Word, on: dt.date) -> None:
    finishing.rate(writer, order_id, resident=Score(word), branch=Score(Word.GOOD), on=on)
