"""Approval, conduct, suspicions and merges: what happens to points between being entered and being spent."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Office, open_office
from hongyao_desktop.volunteers.queries import approval as lots
from hongyao_desktop.volunteers.queries import conduct as bars
from hongyao_desktop.volunteers.queries import lookups, signals, spans, spending
from hongyao_desktop.volunteers.queries import shop as shop_queries
from hongyao_desktop.volunteers.records.rows import Activity, Evidence, ServiceRecord
from hongyao_desktop.volunteers.records.shop import StockLine
from hongyao_desktop.volunteers.records.suspicions import Kind
from hongyao_desktop.volunteers.service import approval, conduct, enrolment, merging, points, recording, shop
from hongyao_desktop.volunteers.service import signals as signal_verbs
from hongyao_desktop.volunteers.service.recording import Participant
from tests.offices import ALL_ROLES, CLERK, FILE_NAME, PASSWORD, REVIEWER, make_office
from tests.volunteers.conftest import put_rules, put_units
from tests.volunteers.shop_office import put_limits

TODAY = dt.date(2026, 11, 20)


def put_rule(writer: Writer, kind: str, body: dict[str, Any], effective_on: str = "2026-01-01") -> None:
    values = {"kind": kind, "name": "本办规则", "version": 1, "effective_on": effective_on, "source": "会议"}
    writer.insert("rule_set", {**values, "body": json.dumps(body, ensure_ascii=False)})


def give(writer: Writer, who: str) -> str:
    return points.award_points(writer, who, 500, "优秀")


def miss(writer: Writer, who: str, day: int) -> str:
    return conduct.record_incident(writer, who, "缺席", dt.date(2026, 11, day), f"第{day}次")


def as_who(office: Office, name: str, clock: FixedClock | None = None) -> Office:
    """The same file, opened by another operator."""
    path = office.path
    office.close()
    return open_office(
        path, operator=name, password=PASSWORD, clock=clock or office.clock, state=path.parent / "state"
    )


# ------------------------------------------------------------------------------------------------ approval


@pytest.fixture
def levels(office: Office) -> Office:
    steps = {"steps": ["社区审核", "街道确认"], "public_days": 5}
    office.transact("规则", lambda w: put_rule(w, "volunteer-approval", steps))
    office.transact("规则", put_limits)
    return office


def test_points_wait_for_two_people_and_the_notice(
    levels: Office, units: dict[str, str], enrol: Callable[..., str]
) -> None:
    who = enrol("曾国兰")
    levels.transact("奖励", lambda w: points.award_points(w, who, 10_000, "优秀"))
    good = levels.transact("商品", lambda w: shop.save_good(w, {"name": "香皂", "points": 1000}, None)).result
    levels.transact("进货", lambda w: shop.stock_in(w, [StockLine(good_id=good, quantity=9)], TODAY))
    customer = shop_queries.customer(levels.reader(), who, TODAY)
    assert (customer.balance, customer.pending, customer.usable) == (10_000, 10_000, 0)
    with pytest.raises(Refusal, match="还差 10 分"):
        levels.transact("兑换", lambda w: shop.redeem(w, who, good))
    lot = levels.transact(
        "认定", lambda w: approval.begin_lot(w, units["水湾社区"], dt.date(2026, 11, 1), TODAY)
    ).result
    with pytest.raises(Refusal, match="请由另一位同事办理"):
        levels.transact("审核", lambda w: approval.pass_step(w, lot))
    with pytest.raises(Refusal, match="没有等待认定"):
        levels.transact(
            "认定", lambda w: approval.begin_lot(w, units["水湾社区"], dt.date(2026, 11, 1), TODAY)
        )
    levels = as_who(levels, REVIEWER.name)
    levels.transact("审核", lambda w: approval.pass_step(w, lot))
    with pytest.raises(Refusal, match="街道确认请由另一位同事办理"):
        levels.transact("审核", lambda w: approval.pass_step(w, lot))
    levels = as_who(levels, ALL_ROLES.name)
    levels.transact("审核", lambda w: approval.pass_step(w, lot))
    row = lots.lot(levels.reader(), lot)
    assert (row["status"], row["public_until"]) == ("公示中", "2026-11-26")
    with pytest.raises(Refusal, match="11月26日为止"):
        levels.transact("可用", lambda w: approval.release_lot(w, lot))
    levels = as_who(levels, ALL_ROLES.name, FixedClock(dt.datetime(2026, 11, 27, 9)))  # noqa: DTZ001
    levels.transact("可用", lambda w: approval.release_lot(w, lot))
    assert lots.pending_points(levels.reader(), who, levels.clock.today()) == 0
    levels.transact("兑换", lambda w: shop.redeem(w, who, good))
    assert [step["step"] for step in lots.lot_steps(levels.reader(), lot)] == [
        "社区审核",
        "街道确认",
        "转为可用",
    ]
    levels.close()


def test_an_objection_takes_the_points_back_and_a_returned_round_waits_again(
    levels: Office, units: dict[str, str], enrol: Callable[..., str]
) -> None:
    people = [enrol(name) for name in ("曾国兰", "单玥")]
    for who in people:
        levels.transact("奖励", partial(give, who=who))
    first = dt.date(2026, 11, 1)
    lot = levels.transact("认定", lambda w: approval.begin_lot(w, units["水湾社区"], first, TODAY)).result
    levels.transact("异议", lambda w: approval.object_to(w, lot, people[0], "没有参加"))
    assert lookups.volunteer(levels.reader(), people[0])["points"] == 0
    assert [row["number"] for row in lots.lot_people(levels.reader(), lot)] == ["水湾-0002"]
    levels.transact("退回", lambda w: approval.return_lot(w, lot, "名单不全"))
    again = levels.transact("认定", lambda w: approval.begin_lot(w, units["水湾社区"], first, TODAY)).result
    assert lots.lot(levels.reader(), again)["entries"] == 1


def test_without_steps_nothing_waits(
    office: Office, units: dict[str, str], enrol: Callable[..., str]
) -> None:
    who = enrol("曾国兰")
    office.transact("奖励", lambda w: points.award_points(w, who, 500, "优秀"))
    assert lots.pending_points(office.reader(), who, TODAY) == 0
    with pytest.raises(Refusal, match="不用认定"):
        office.transact("认定", lambda w: approval.begin_lot(w, units["水湾社区"], TODAY, TODAY))


# ------------------------------------------------------------------------------------------------ conduct


def test_the_fifth_no_show_leads_to_the_blacklist_and_the_shop_refuses(
    office: Office, enrol: Callable[..., str]
) -> None:
    office.transact("规则", put_limits)
    who = enrol("曾国兰")
    office.transact("奖励", lambda w: points.award_points(w, who, 2200, "优秀"))
    made = [office.transact("失信", partial(miss, who=who, day=n)).result for n in range(1, 6)]
    assert lookups.volunteer(office.reader(), who)["points"] == 0, (
        "never below zero: 22 points for five times 5"
    )
    last = office.reader().one("SELECT explanation, points FROM point_entry ORDER BY id DESC LIMIT 1")
    assert last is not None
    assert (last["points"], "余额不足" in last["explanation"]) == (-200, True)
    bar = bars.bar_on(office.reader(), who, bars.BLACKLIST, TODAY)
    assert bar is not None
    assert "2026年缺席 5 次" in bar["reason"]
    (refused,) = shop_queries.customer(office.reader(), who, TODAY).problems()
    assert refused.code == "shop.barred"
    assert refused.message.endswith(f"，到{bar['until_on']}"), "the customer asks until when"
    office.transact("撤销", lambda w: conduct.withdraw_incident(w, made[-1], "记错人"))
    assert bars.bar_on(office.reader(), who, bars.BLACKLIST, TODAY) is None
    assert lookups.volunteer(office.reader(), who)["points"] == 200
    assert spending.link_faults(office.reader()) == []


def test_a_falsehood_bars_from_stars_for_a_year(office: Office, enrol: Callable[..., str]) -> None:
    who = enrol("曾国兰")
    office.transact("失信", lambda w: conduct.record_incident(w, who, "虚报时长", TODAY, "代签"))
    bar = bars.bar_on(office.reader(), who, bars.NO_STARS, TODAY)
    assert bar is not None
    assert bar["until_on"] == "2027-11-19"
    assert bars.bar_on(office.reader(), who, bars.NO_STARS, dt.date(2027, 11, 19)) == bar
    assert bars.bar_on(office.reader(), who, bars.NO_STARS, dt.date(2027, 11, 20)) is None
    office.transact("解除", lambda w: conduct.lift_bar(w, bar["id"], "查明不是本人"))
    assert bars.bar_on(office.reader(), who, bars.NO_STARS, TODAY) is None


# ------------------------------------------------------------------------------------------------ suspicions


def test_forty_people_in_two_minutes_are_at_the_top(office: Office, units: dict[str, str]) -> None:
    def fill(writer: Writer) -> list[str]:
        names = [f"志愿{chr(0x4E00 + n)}" for n in range(40)]
        return [
            enrolment.save_volunteer(writer, {"name": name, "unit_id": units["水湾社区"]}, None)
            for name in names
        ]

    people = office.transact("登记志愿者", fill).result
    head = Activity(title="大扫除", held_on=TODAY, starts_minute=480, ends_minute=780)
    everybody = [Participant(volunteer_id=one, minutes=300) for one in people]
    office.transact("登记活动", lambda w: recording.record_activity(w, head, everybody))
    office.transact(
        "登记",
        lambda w: recording.record_service(
            w,
            ServiceRecord(
                volunteer_id=people[0],
                title="陪诊",
                served_on=TODAY - dt.timedelta(days=1),
                minutes=45,
                evidence=Evidence.SIGNED,
            ),
        ),
    )
    period = Period(TODAY, TODAY)
    found = signals.signals(office.reader(), period)
    assert (found[0].kind, found[0].records, found[0].minutes) == (Kind.BURST, 40, 40 * 300)
    assert "2 分钟内录入 40 人次" in found[0].sentence
    with pytest.raises(Refusal, match="另一位同事核实"):
        office.transact("核实", lambda w: signal_verbs.dismiss(w, found[0], "现场照片齐全"))
    office = as_who(office, REVIEWER.name)
    done = office.transact("核实", lambda w: signal_verbs.dismiss(w, found[0], "现场照片齐全")).result
    assert signals.signals(office.reader(), period) == []
    (kept,) = signals.signals(office.reader(), period, dismissed=True)
    assert kept.dismissed == "现场照片齐全"
    office.transact("收回", lambda w: signal_verbs.take_up_again(w, done))
    assert len(signals.signals(office.reader(), period)) == 1
    office.close()


def test_one_s_own_hours_and_hours_at_night_are_suspicious(tmp_path: Path) -> None:
    clock = FixedClock(dt.datetime(2026, 11, 20, 23, 30))  # noqa: DTZ001 - FixedClock takes it as Beijing time
    office = make_office(tmp_path, clock=clock)
    office.transact("建立单位", put_rules)
    units = office.transact("登记组织", put_units).result
    form = {"name": ALL_ROLES.name, "unit_id": units["水湾社区"]}
    who = office.transact("登记", lambda w: enrolment.enrol_volunteer(w, form)).result
    record = ServiceRecord(
        volunteer_id=who, title="值守", served_on=TODAY, minutes=60, evidence=Evidence.SIGNED
    )
    office.transact("登记", lambda w: recording.record_service(w, record))
    kinds = {one.kind for one in signals.signals(office.reader(), Period(TODAY, TODAY))}
    assert kinds == {Kind.OWN, Kind.NIGHT}
    office.close()


# ------------------------------------------------------------------------------------------------ merges


def test_doubles_become_one_and_two_again(office: Office, enrol: Callable[..., str]) -> None:
    kept, gone = enrol("曾国兰"), enrol("曾国兰", phone="13812345678")

    def serve(who: str, title: str, start: int) -> str:
        record = ServiceRecord(
            volunteer_id=who,
            title=title,
            served_on=TODAY,
            minutes=120,
            evidence=Evidence.SIGNED,
            starts_minute=start,
            ends_minute=start + 120,
        )
        return office.transact("登记", lambda w: recording.record_service(w, record)).result.record_id

    serve(kept, "义剪", 480)
    serve(gone, "义剪", 480)
    serve(gone, "巡查", 720)
    office.transact("奖励", lambda w: points.award_points(w, gone, 700, "优秀"))
    office.transact("扣分", lambda w: points.deduct_points(w, gone, 100, "缺席"))

    def totals() -> list[tuple[int, int, str]]:
        rows = [lookups.volunteer(office.reader(), one) for one in (kept, gone)]
        return [(row["signed_minutes"], row["points"], row["status"]) for row in rows]

    before = totals()
    assert before == [(120, 2000, "在册"), (240, 4600, "在册")]
    shown = merging.look_at(office.reader(), kept, gone)
    assert (len(shown.moving), len(shown.doubles), dict(shown.filled)) == (1, 1, {"phone": "13812345678"})
    merged = office.transact("合并", lambda w: merging.merge(w, kept, gone, "身份证核对为同一人")).result
    assert totals() == [(240, 4600, "在册"), (0, 0, "退出")]
    faults = lookups.total_faults(office.reader()) + spending.link_faults(office.reader())
    assert faults == []
    with pytest.raises(Refusal, match="已经并入别人"):
        office.transact("合并", lambda w: merging.merge(w, kept, gone, "再并"))
    office.transact("撤销", lambda w: merging.undo_merge(w, merged, "是同名的两个人"))
    assert totals() == before
    assert lookups.volunteer(office.reader(), kept)["phone"] is None
    assert lookups.total_faults(office.reader()) + spending.link_faults(office.reader()) == []
    row = office.reader().one("SELECT status, records, doubles FROM volunteer_merge")
    assert row == {"status": "已撤销", "records": 1, "doubles": 1}


def test_likely_doubles_are_found(office: Office, enrol: Callable[..., str]) -> None:
    enrol("曾国兰", phone="13812345678")
    enrol("曾国兰", unit="东门社区")
    enrol("单玥", phone="13812345679")
    assert merging.likely_doubles(office.reader()) == []
    other = enrol("单玥", unit="东门社区")
    office.transact(
        "改电话",
        lambda w: w.execute(
            "UPDATE person SET phone = '13812345679' WHERE id = (SELECT person_id FROM volunteer WHERE id = ?)",
            (other,),
        ),
    )
    (pair,) = merging.likely_doubles(office.reader())
    assert (pair["name"], pair["ground"]) == ("单玥", "姓名、电话相同")
    one, two = pair["kept_id"], pair["gone_id"]
    note = office.transact("核实", lambda w: merging.keep_apart(w, two, one, "证件不同")).result
    assert merging.likely_doubles(office.reader()) == []
    with pytest.raises(Refusal, match="已经核实过不是同一人"):
        office.transact("再核实", lambda w: merging.keep_apart(w, one, two, "证件不同"))
    office.transact("收回", lambda w: signal_verbs.take_up_again(w, note))
    assert [row["id"] for row in merging.likely_doubles(office.reader())] == [pair["id"]]


def test_the_verbs_ask_for_their_roles(office: Office, enrol: Callable[..., str]) -> None:
    who, other = enrol("曾国兰"), enrol("单玥")
    clerk = as_who(office, CLERK.name)
    for verb in (
        lambda w: conduct.record_incident(w, who, "缺席", TODAY, "没来"),
        lambda w: conduct.put_bar(w, who, bars.BLACKLIST, "多次缺席"),
        lambda w: merging.merge(w, who, other, "同一人"),
        lambda w: approval.release_lot(w, "x"),
    ):
        with pytest.raises(Refusal, match=f"没有“审核.*请由.*{REVIEWER.name}.*办理"):
            clerk.transact("办理", verb)
    assert clerk.path.name == FILE_NAME
    clerk.close()


def test_sums_for_boards_that_do_not_fit_are_found(office: Office, enrol: Callable[..., str]) -> None:
    who = enrol("曾国兰")
    record = ServiceRecord(
        volunteer_id=who, title="值守", served_on=TODAY, minutes=60, evidence=Evidence.SIGNED
    )
    office.transact("登记", lambda w: recording.record_service(w, record))
    assert spans.sum_faults(office.reader()) == []
    for place, (span, word) in enumerate((("2026", "年"), ("2026-Q%", "季"), ("2026-11", "月"))):
        office.transact(
            "改动",
            lambda w, span=span: (  # type: ignore[misc]
                w.execute("UPDATE service_sum SET minutes = minutes + 1 WHERE span LIKE ?", (span,)),
                give(w, who),
            ),
        )
        faults = spans.sum_faults(office.reader())
        assert f"按{word}时长合计" in "".join(fault.message for fault in faults), place
