"""Building a demonstration file at one of several scales. Everything goes through the modules' own verbs."""

from __future__ import annotations

import datetime as dt
import random
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from hongyao_desktop.app.bootstrap import new_office
from hongyao_desktop.app.demo.approval import (
    BEGAN_DAYS_AGO,
    GATHERED_DAYS_AGO,
    REVIEWED_DAYS_AGO,
    begin_trial,
    end_trial,
    gather_round,
    review_round,
)
from hongyao_desktop.app.demo.care import enrol_twice, look_after, merge_double
from hongyao_desktop.app.demo.classes import make_classes
from hongyao_desktop.app.demo.invented import Inventor
from hongyao_desktop.app.demo.million import make_million
from hongyao_desktop.app.demo.money import keep_fund
from hongyao_desktop.app.demo.openings import take_over_old_hours
from hongyao_desktop.app.demo.orders import Story, order_stories, tend_orders
from hongyao_desktop.app.demo.planted import planted
from hongyao_desktop.app.demo.services import (
    Session,
    Volunteer,
    enrol,
    plan_ahead,
    report_spots,
    serve,
    sessions,
)
from hongyao_desktop.app.demo.shop import open_shop
from hongyao_desktop.app.demo.units import Tree, make_units
from hongyao_desktop.app.modules import REGISTERS
from hongyao_desktop.core.clock import BEIJING, Clock, FixedClock
from hongyao_desktop.core.desk import Operator, Role, Writer
from hongyao_desktop.core.settings import DEMONSTRATION
from hongyao_desktop.people.service import bulk_people
from hongyao_desktop.store import Office, OfficeInfo, open_office
from hongyao_desktop.store.backup import default_folder
from hongyao_desktop.store.limits import put_setting
from hongyao_desktop.volunteers.queries.shelf import signal_rules
from hongyao_desktop.volunteers.service.honours import begin_review, grant_review

PASSWORD = "Yanshi-2026"  # noqa: S105 - shown to everyone: a demonstration has no secrets
OPERATORS = (
    ("李静", (Role.ENTRY, Role.CASHIER)),
    ("赵审核", (Role.REVIEW, Role.APPROVE)),
    ("钱审计", (Role.AUDITOR,)),
    ("孙系统", (Role.SYSTEM_ADMIN,)),
    ("周安全", (Role.SECURITY_ADMIN,)),
    ("吴日志", (Role.AUDIT_ADMIN,)),
)
REVIEWER = "赵审核"
SEED = 20261122
_MINUTES_APART = 3
NOTICE_DAYS = 20
"""The notice of the stars began so many days ago: whatever the holidays, it is over."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How big a demonstration is."""

    communities: int
    people: int
    activities: int
    spots_a_month: int
    orders: int
    cadres: int
    entries: int


SIZES: Mapping[str, Scale] = {
    "office": Scale(
        communities=3, people=420, activities=110, spots_a_month=9, orders=120, cadres=60, entries=110
    ),
    "street": Scale(
        communities=12, people=6_000, activities=1_400, spots_a_month=30, orders=600, cadres=240, entries=400
    ),
}
SCALES = (*SIZES, "million")


@dataclass(frozen=True, slots=True)
class Demo:
    """A demonstration file that was made: who may open it, with which password, and what it holds."""

    path: Path
    operators: tuple[tuple[str, tuple[str, ...]], ...]
    password: str
    counts: Mapping[str, int]


def build_demo(
    path: Path,
    scale: str,
    clock: Clock,
    progress: Callable[[str], None] | None = None,
    *,
    rows: int = 1_000_000,
    sample_fund: bool = True,
) -> Demo:
    """Make a demonstration file. The same day gives the same people, hours and money.

    ``rows`` is the size of the scale ``million``; without ``sample_fund`` the fund is left to an import.
    Raises ``Refusal`` when the file exists or cannot be written; nothing is left behind then.
    """
    moving = FixedClock(clock.now() - dt.timedelta(days=400), dt.timedelta(milliseconds=1))
    people = [(Operator("", name, frozenset(roles)), PASSWORD) for name, roles in OPERATORS]
    info = OfficeInfo(name="样例街道党工委（演示）", unit_name="样例街道")
    kept = default_folder(path).exists()
    office = new_office(path, info, people, moving)
    try:
        office.transact("设为演示单位", lambda writer: put_setting(writer, DEMONSTRATION.key, "1"))
        builder = _Builder(office, moving, clock.now(), progress or _silent)
        counts = (
            builder.million(rows) if scale == "million" else builder.street(SIZES[scale], money=sample_fund)
        )
        if scale != "million":

            def as_who(name: str) -> _Builder:
                nonlocal office
                office.close()
                office = open_office(
                    path, operator=name, password=PASSWORD, clock=moving, registers=REGISTERS
                )
                return _Builder(office, moving, clock.now(), progress or _silent)

            as_who(REVIEWER).try_approval()
            lot_id = as_who(OPERATORS[0][0]).gather_round()
            builder = as_who(REVIEWER)
            if lot_id:
                builder.finish_round(lot_id)
            builder.review(SIZES[scale])
    except BaseException:
        office.close()
        for left in path.parent.glob(f"{path.name}*"):
            left.unlink()
        if not kept:
            shutil.rmtree(default_folder(path), ignore_errors=True)
        raise
    office.close()
    named = tuple((name, tuple(role.value for role in roles)) for name, roles in OPERATORS)
    return Demo(path, named, PASSWORD, counts)


def _silent(_stage: str) -> None:
    """Nobody wants to hear how far it is."""


@dataclass(slots=True)
class _Builder:
    """Carries one demonstration from empty to full; every stage is one named operation."""

    office: Office
    clock: FixedClock
    now: dt.datetime
    progress: Callable[[str], None]

    @property
    def today(self) -> dt.date:
        return self.now.date()

    def _stage(self, op: str, work: Callable[[Writer], Any]) -> Any:
        self.progress(op)
        return self.office.transact(op, work).result

    def _at(self, day: dt.date, *, minutes: int = 0) -> None:
        """Go on in the afternoon of that day, so many minutes later, but never later than it is now."""
        moment = dt.datetime.combine(day, dt.time(16), BEIJING) + dt.timedelta(minutes=minutes)
        self.clock.set(min(moment, self.now))

    def million(self, rows: int) -> dict[str, int]:
        """People and service records by the million, for speed."""
        chance = random.Random(SEED)  # noqa: S311 - a demonstration
        tree: Tree = self._stage("登记组织", lambda writer: make_units(writer, 12))
        self._at(self.today)
        return make_million(self.office, tree, chance, self.today, rows, self.progress)

    def street(self, scale: Scale, *, money: bool) -> dict[str, int]:
        """A whole office: units, people, volunteers, training and, with ``money``, the fund."""
        chance = random.Random(SEED)  # noqa: S311 - a demonstration
        tree: Tree = self._stage("登记组织", lambda writer: make_units(writer, scale.communities))
        inventor = Inventor(chance, self.today)
        invented = [
            {**inventor.person(), "unit_id": grid, "note": "演示数据，虚构人员"}
            for grid in _spread(tree.all_grids, scale.people)
        ]
        self._stage("登记人员", lambda writer: bulk_people(writer, invented))
        people = self.office.reader().all("SELECT id, name, phone, unit_id FROM person ORDER BY id")
        chance.shuffle(people)
        members, others = people[: scale.people * 3 // 4], people[scale.people * 3 // 4 :]
        # Nobody takes an order of his own, so those who ask are not those who serve.
        residents = [(row["name"], row["phone"], row["unit_id"]) for row in others if row["unit_id"]]
        volunteers: list[Volunteer] = self._stage(
            "登记志愿者",
            lambda writer: enrol(
                writer, [(row["id"], row["unit_id"]) for row in members], chance, self.today
            ),
        )
        stories = order_stories(residents, volunteers, scale.orders, chance, self._worked())
        held = sessions(volunteers, scale.activities, chance, self.today)
        spots, records = self._months(held, stories, volunteers, scale.spots_a_month, chance)
        orders = len(stories)
        self._at(self.today)
        self._stage("计划志愿活动", lambda writer: plan_ahead(writer, volunteers, self.today))
        redeemed = self._stage(
            "开办积分超市", lambda writer: open_shop(writer, self.today, scale.people // 20)
        )
        self._stage("登记志愿者", lambda writer: enrol_twice(writer, self.today))
        cadres = [row["id"] for row in people[-scale.cadres :]]
        classes, marks = self._stage(
            "登记干部培训", lambda writer: make_classes(writer, cadres, chance, self.today)
        )
        helped = [(row["id"], row["name"]) for row in people[:40]]
        entries = 0
        if money:
            entries = self._stage(
                "登记基金收支",
                lambda writer: keep_fund(writer, tree.street, helped, scale.entries, chance, self.today),
            )
        return {
            "组织": len(tree.all_grids) * 3 + len(tree.communities) + 1,
            "人员": self.office.reader().value("SELECT COUNT(*) FROM person"),
            "志愿者": self.office.reader().value("SELECT COUNT(*) FROM volunteer"),
            "服务记录": records,
            "随手拍": spots,
            "工单": orders,
            "积分兑换": redeemed,
            "培训班次": classes,
            "考勤": marks,
            "收支": entries,
        }

    def _ago(self, days: int) -> dt.date:
        return self.today - dt.timedelta(days=days)

    def try_approval(self) -> None:
        """A reviewer begins a trial of approval."""
        began = self._ago(BEGAN_DAYS_AGO)
        self._at(began)
        self._stage("修改积分认定办法", lambda writer: begin_trial(writer, began))

    def gather_round(self) -> str:
        """The clerk gathers a round; returns its id, "" when there was nothing to gather."""
        last = self._ago(GATHERED_DAYS_AGO)
        self._at(last)
        return str(
            self._stage("开始认定", lambda writer: gather_round(writer, self._ago(BEGAN_DAYS_AGO), last))
        )

    def finish_round(self, lot_id: str) -> None:
        """The reviewer passes the round, and after its notice ends the trial."""
        self._at(self._ago(REVIEWED_DAYS_AGO))
        until = self._stage("审核通过", lambda writer: review_round(writer, lot_id))
        after = until + dt.timedelta(days=1)
        self._at(after)
        self._stage("转为可用", lambda writer: end_trial(writer, lot_id, after))

    def review(self, scale: Scale) -> None:
        """What a reviewer did: old hours taken over, and the stars they brought, granted after their notice."""
        noticed = self.today - dt.timedelta(days=NOTICE_DAYS)
        self._at(noticed)
        self._stage("合并重复登记", merge_double)
        self._stage(
            "转入期初时长", lambda writer: take_over_old_hours(writer, scale.people // 15, self.today)
        )
        review = self._stage("星级评定公示", lambda writer: begin_review(writer, noticed))
        self._at(self.today)
        self._stage("登记失信、开具证明", lambda writer: look_after(writer, self.today))
        self._stage("跟进工单", lambda writer: tend_orders(writer, self.today))
        self._stage("授予星级", lambda writer: grant_review(writer, review))

    def _worked(self) -> dt.date:
        """The last day on which somebody sat in the office: who made this at night entered nothing then."""
        rule = signal_rules(self.office.reader()).nearest(self.today)
        return self.today - dt.timedelta(days=rule.at_night(self.now.hour))

    def _months(
        self,
        held: Sequence[Session],
        stories: Sequence[Story],
        volunteers: Sequence[Volunteer],
        spots_a_month: int,
        chance: random.Random,
    ) -> tuple[int, int]:
        """What came day by day, entered on its own day, a few minutes after each other: spot reports and records."""
        spots = records = 0
        work: list[tuple[dt.date, str, Callable[[Writer], Any], dt.time | None]] = [
            (head.held_on, "登记志愿服务", partial(serve, session=(head, people)), None)
            for head, people in held
        ]
        work += [(story.last_on, "登记工单", story.tell, None) for story in stories]
        for months_ago in range(10, -1, -1):
            month = self.today - dt.timedelta(days=30 * months_ago)
            enter = partial(_spots_of, volunteers, month, spots_a_month, chance)
            work.append((month, "登记随手拍", enter, None))
        work += [
            (day, "登记志愿服务", odd, moment) for day, moment, odd in planted(held, volunteers, self.today)
        ]
        work.sort(key=lambda one: (one[0], one[3] or dt.time.min))
        last: dt.date | None = None
        entered = 0
        for day, op, what, moment in work:
            entered = entered + 1 if day == last else 0
            last = day
            if moment is None:
                self._at(day, minutes=entered * _MINUTES_APART)
            else:
                self.clock.set(dt.datetime.combine(day, moment, BEIJING))
            made = self._stage(op, what)
            spots += made if op == "登记随手拍" else 0
            records += (made or 0) if op == "登记志愿服务" else 0
        return spots, records


def _spots_of(
    volunteers: Sequence[Volunteer], month: dt.date, count: int, chance: random.Random, writer: Writer
) -> int:
    return report_spots(writer, volunteers, month, count, chance)


def _spread(grids: Sequence[str], count: int) -> Iterator[str]:
    """Grids in turn, so that every one has people."""
    for order in range(count):
        yield grids[order % len(grids)]
