"""A small office whose papers are compared word by word: few people, fixed days, every kind of record once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from hongyao_desktop.app.bootstrap import copy_rule_sets
from hongyao_desktop.app.modules import REGISTERS
from hongyao_desktop.core.desk import Writer
from hongyao_desktop.fund import service as fund
from hongyao_desktop.fund.records import Draft
from hongyao_desktop.orders.records.states import Matter
from hongyao_desktop.orders.service import taking
from hongyao_desktop.store import Office, open_office
from hongyao_desktop.training import service as training
from hongyao_desktop.training.service import Mark
from hongyao_desktop.volunteers.records.rows import Activity, Evidence, ServiceRecord
from hongyao_desktop.volunteers.records.shop import StockLine
from hongyao_desktop.volunteers.service import enrolment, recording, shop, slips
from hongyao_desktop.volunteers.service.recording import Participant
from tests.offices import ALL_ROLES, FILE_NAME, PASSWORD, fixed_clock, make_office

NAMES = ("欧阳建国", "单玥", "王喆堃", "曾𬬭", "丁一", "李小龙")
ID_NUMBERS = (
    "11010519491231002X",
    "440524188001010014",
    "11010219840406970X",
    "810000199408230021",
    "830000199201300022",
    None,
)
PHONES = tuple(f"1380000{number:04d}" for number in range(1, 7))
"""Of the six, in order."""


def golden_office(folder: Path) -> Office:
    """The office, opened by 全某 on the morning of 20 November 2026."""
    with make_office(folder) as empty:
        empty.transact("准备", _fill)
    return open_office(
        folder / FILE_NAME,
        operator=ALL_ROLES.name,
        password=PASSWORD,
        clock=fixed_clock(),
        state=folder / "state",
        registers=REGISTERS,
    )


def _fill(writer: Writer) -> None:
    copy_rule_sets(writer)
    top = writer.insert("unit", {"code": "00", "name": "水湾街道", "level": "街道", "kind": "街道大工委"})
    below = {"code": "01", "name": "水湾社区", "level": "社区", "kind": "社区大党委", "parent_id": top}
    unit = writer.insert("unit", below)
    _volunteers(writer, unit)
    persons = [row["id"] for row in writer.all("SELECT id FROM person ORDER BY phone")]
    _training(writer, persons)
    _fund(writer, top, persons)
    order = {
        "resident": "曾𬬭",
        "phone": PHONES[3],
        "address": "和平小区4号楼4单元401室",
        "topic": "厨房水管漏水，请人上门看看",
        "channel": "一键呼叫",
        "matter": Matter.NEED.value,
        "unit_id": unit,
        "asked_on": "2026-11-18",
    }
    taking.take_order(writer, order)
    _shop(writer, unit)


def _shop(writer: Writer, unit: str) -> None:
    """Two goods redeemed in one go; a round of approval that is being published."""
    goods = [
        shop.save_good(writer, {"name": name, "points": price, "measure": measure}, None)
        for name, price, measure in (("洗衣液 1kg", 600, "瓶"), ("抽纸 3 提", 200, "份"))
    ]
    shop.stock_in(writer, [StockLine(good_id=good, quantity=5) for good in goods], writer.clock.today())
    who = writer.value("SELECT id FROM volunteer ORDER BY number LIMIT 1")
    slips.redeem_several(writer, who, [(goods[0], 1), (goods[1], 2)], handed_over=False)
    entries = writer.all(
        "SELECT id, points FROM point_entry WHERE kind = '服务' AND points > 0 ORDER BY id LIMIT 3"
    )
    lot = writer.insert(
        "point_lot",
        {
            "number": "认2026-001",
            "unit_id": unit,
            "first_on": "2026-11-01",
            "last_on": "2026-11-20",
            "rule_id": writer.value("SELECT id FROM rule_set WHERE kind = 'volunteer-approval'"),
            "steps": '["社区审核"]',
            "steps_done": 1,
            "public_from": "2026-11-20",
            "public_until": "2026-11-26",
            "entries": len(entries),
            "people": len(entries),
            "points": sum(entry["points"] for entry in entries),
            "status": "公示中",
            "status_on": "2026-11-20",
            "recorded_by": "王某",
        },
    )
    writer.insert_many(
        "point_lot_entry", [{"lot_id": lot, "point_entry_id": entry["id"]} for entry in entries]
    )
    writer.insert(
        "point_lot_step",
        {"lot_id": lot, "step": "社区审核", "taken_on": "2026-11-20", "recorded_by": "李某"},
    )


def _volunteers(writer: Writer, unit: str) -> None:
    volunteers = []
    for number, name in enumerate(NAMES):
        form = {
            "name": name,
            "unit_id": unit,
            "sex": "男" if number % 2 == 0 else "女",
            "id_kind": "居民身份证" if number < 3 else None,
            "id_number": ID_NUMBERS[number],
            "phone": PHONES[number],
            "address": f"水湾社区和平小区{number + 1}号楼{number + 1}单元{number + 1}01室",
            "joined_on": "2025-03-05",
            "publish_consent": number != 4,
            "kind": "新就业群体" if number == 3 else "普通",
            "platform": "外卖" if number == 3 else None,
        }
        volunteers.append(enrolment.save_volunteer(writer, form, None))
    for day, title, hours in (("2026-03-05", "学雷锋清洁楼道", 2), ("2026-09-12", "重阳敬老", 3)):
        head = Activity(
            title=title,
            held_on=dt.date.fromisoformat(day),
            category="助老" if "敬老" in title else "环境整治",
            unit_id=unit,
            place="和平小区",
            starts_minute=9 * 60,
            ends_minute=(9 + hours) * 60,
            leader="书记",
        )
        # Three served alike, so that the board has 1, 2, 2, 2, 5.
        minutes = (hours * 60, *(hours * 60 - 30,) * 3, 30)
        taking = [
            Participant(volunteer_id=volunteer, minutes=length)
            for volunteer, length in zip(volunteers, minutes, strict=False)
        ]
        recording.record_activity(writer, head, taking)
    record = ServiceRecord(
        volunteer_id=volunteers[0],
        title="防汛值守",
        served_on=dt.date(2026, 7, 20),
        minutes=100 * 60 - 30,
        evidence=Evidence.IMPORTED,
        source="旧台账",
    )
    recording.write_services(writer, [(record, None)])


def _training(writer: Writer, persons: list[str]) -> None:
    for place, person in enumerate(persons[:3]):
        values: dict[str, object] = {
            "person_id": person,
            "category": "村（社区）书记",
            "post": "书记",
            "from_on": "2025-01-01",
        }
        if place == 2:
            values |= {"exempt_reason": "年老体弱", "exempt_from": "2026-01-01"}
        training.save_cadre(writer, values, None)
    course: dict[str, object] = {
        "name": "2026年书记培训班",
        "form": "脱产",
        "starts_on": "2026-05-11",
        "ends_on": "2026-05-12",
        "planned_credit": 1600,
        "host": "水湾街道党工委",
        "place": "街道党校",
    }
    class_id = training.save_class(writer, course, None)
    trainees = [training.enrol_trainee(writer, class_id, person, post="书记") for person in persons[:3]]
    for day in (11, 12):
        for part in ("上午", "下午"):
            session = training.hold_session(writer, class_id, dt.date(2026, 5, day), part)
            if (day, part) == (12, "下午"):
                continue
            marks = ("到", "请假" if day == 11 else "到", "迟到")
            roll = [
                Mark(trainee, mark, "因公" if mark == "请假" else None)
                for trainee, mark in zip(trainees, marks, strict=True)
            ]
            training.call_roll(writer, session, roll)


def _fund(writer: Writer, top: str, persons: list[str]) -> None:
    fund_id = fund.open_fund(
        writer,
        name="党内关爱基金",
        unit_id=top,
        opened_on=dt.date(2026, 1, 1),
        opening_fen=5_230_000,
        opening_source="旧账移交表",
    )
    fund.book_receipt(
        writer,
        fund_id,
        Draft(day=dt.date(2026, 2, 3), summary="区财政拨款", in_fen=3_000_000, counterparty="区财政局"),
    )
    for day, person, fen in ((12, persons[1], 140_950), (13, persons[2], 32_504)):
        draft = Draft(
            day=dt.date(2026, 10, day),
            summary="走访慰问困难党员",
            out_fen=fen,
            person_id=person,
        )
        fund.book_payment(writer, fund_id, draft)
