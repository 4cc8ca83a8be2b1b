"""Hours and points go in together, clash with what is there, and are taken back together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.fields import ParseContext
from hongyao_desktop.core.problem import Level, Refusal
from hongyao_desktop.store import Office
from hongyao_desktop.store.driver import IntegrityError
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries.life import life, movements_of, nearly_there, services_of
from hongyao_desktop.volunteers.records.rows import Activity, Evidence, ServiceRecord
from hongyao_desktop.volunteers.records.services import ACTIVITIES
from hongyao_desktop.volunteers.service import cancelling, points, recording
from hongyao_desktop.volunteers.service.activities import check_activity, save_activity
from hongyao_desktop.volunteers.service.bulk import bulk_record
from hongyao_desktop.volunteers.service.recording import ActivityRecorded, Participant, record_activity
from tests.volunteers.conftest import put_rules

DAY = dt.date(2026, 11, 18)
TITLE = "早高峰文明劝导"


def hold(office: Office, people: list[str], **changes: object) -> ActivityRecorded:
    head = Activity(title=TITLE, held_on=DAY, starts_minute=450, ends_minute=540)
    head = replace(head, **changes)  # type: ignore[arg-type]
    minutes = head.minutes or 90
    return office.transact(
        "登记志愿活动",
        lambda w: recording.record_activity(
            w, head, [Participant(volunteer_id=one, minutes=minutes) for one in people]
        ),
    ).result


def serve(office: Office, record: ServiceRecord) -> recording.Recorded:
    return office.transact("登记服务时长", lambda w: recording.record_service(w, record)).result


def record(volunteer_id: str, **changes: object) -> ServiceRecord:
    base = ServiceRecord(
        volunteer_id=volunteer_id,
        title="爱心义剪",
        served_on=DAY,
        minutes=60,
        evidence=Evidence.SIGNED,
        starts_minute=600,
        ends_minute=660,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def run(sql: str, writer: Writer) -> int:
    return writer.execute(sql)


def balance(office: Office, volunteer_id: str) -> int:
    return int(lookups.volunteer(office.reader(), volunteer_id)["points"])


def test_ten_people_in_one_operation(office: Office, enrol: Callable[..., str]) -> None:
    people = [enrol(f"志愿{chr(0x4E00 + n)}") for n in range(10)]
    before = office.reader().value("SELECT COUNT(*) FROM journal_operation")
    done = hold(office, people)
    assert office.reader().value("SELECT COUNT(*) FROM journal_operation") == before + 1
    assert (len(done.records), done.points, done.warnings) == (10, 15000, ())
    activity = office.reader().one("SELECT * FROM activity_view WHERE id = ?", (done.activity_id,))
    assert activity is not None
    assert (activity["people"], activity["minutes"], activity["unit_name"]) == (10, 900, "样例街道")
    row = lookups.volunteer(office.reader(), people[0])
    assert (row["signed_minutes"], row["made_up_minutes"], row["imported_minutes"], row["points"]) == (
        90,
        0,
        0,
        1500,
    )
    assert lookups.total_faults(office.reader()) == []


def test_a_record_keeps_its_unit_when_the_volunteer_moves(
    office: Office, enrol: Callable[..., str], units: dict[str, str]
) -> None:
    from hongyao_desktop.volunteers.service.enrolment import save_volunteer

    made = enrol("朱丽", "三号网格")
    hold(office, [made])
    office.transact("调动", lambda w: save_volunteer(w, {"unit_id": units["东门社区"]}, made))
    assert [row["unit_name"] for row in services_of(office.reader(), made)] == ["三号网格"]
    assert [row["unit_name"] for row in movements_of(office.reader(), made)] == ["三号网格"]


def test_overlap_across_activities_refuses_the_whole_operation(
    office: Office, enrol: Callable[..., str]
) -> None:
    first, second = enrol("曾国兰"), enrol("朱丽")
    hold(office, [first])
    with pytest.raises(Refusal, match=r"第 2 行：重叠 0.5 小时：与“早高峰文明劝导”") as refused:
        hold(office, [second, first], title="楼道清洁", starts_minute=510, ends_minute=600)
    assert [(p.row, p.code) for p in refused.value.problems] == [(2, "service.overlap")]
    assert office.reader().value("SELECT COUNT(*) FROM activity") == 1
    assert balance(office, second) == 0


def test_the_same_person_twice_in_one_list_is_found_at_once(
    office: Office, enrol: Callable[..., str]
) -> None:
    one = enrol("曾国兰")
    head = Activity(title=TITLE, held_on=DAY, starts_minute=450, ends_minute=540)
    rows = recording.activity_findings(
        office.reader(),
        head,
        [Participant(volunteer_id=one, minutes=90), Participant(volunteer_id=one, minutes=90)],
        today=DAY,
        recorder="李静",
    )
    assert [[problem.code for problem in found] for found in rows] == [[], ["service.overlap"]]
    assert "本条是“早高峰文明劝导”" in rows[1][0].message


def test_people_are_added_to_an_activity_on_file(office: Office, enrol: Callable[..., str]) -> None:
    first, second = enrol("曾国兰"), enrol("朱丽")
    done = hold(office, [first])
    again = hold(office, [second], id=done.activity_id)
    assert again.activity_id == done.activity_id
    assert office.reader().value("SELECT COUNT(*) FROM activity") == 1
    with pytest.raises(Refusal, match="重叠"):
        hold(office, [first], id=done.activity_id)


def test_the_head_is_checked_first(office: Office, enrol: Callable[..., str]) -> None:
    one = enrol("曾国兰")
    for changes, message in (
        ({"title": " "}, "活动名称没有填写"),
        ({"held_on": dt.date(2026, 11, 21)}, "还没有到"),
        ({"ends_minute": None}, "要么都填"),
        ({"ends_minute": 450}, "要晚于开始时间"),
    ):
        with pytest.raises(Refusal, match=message):
            hold(office, [one], **changes)
    with pytest.raises(Refusal, match="还没有填参加的志愿者"):
        hold(office, [])


def test_someone_not_on_file_is_pointed_at_by_row(office: Office, enrol: Callable[..., str]) -> None:
    with pytest.raises(Refusal, match="第 2 行：没有选定志愿者"):
        hold(office, [enrol("曾国兰"), "nobody"])


def test_points_are_cut_by_the_day_and_say_so(office: Office, enrol: Callable[..., str]) -> None:
    one = enrol("曾国兰")
    for hour in (6, 9, 12, 15):
        serve(
            office,
            record(
                one, title=f"活动{hour}", starts_minute=hour * 60, ends_minute=hour * 60 + 120, minutes=120
            ),
        )
    assert balance(office, one) == 8000
    last = serve(office, record(one, title="夜巡", starts_minute=1200, ends_minute=1260))
    assert last.award is not None
    assert (last.award.points, last.award.cut_points, last.award.cut_by) == (0, 1000, "每日最多 80 分")
    entry = office.reader().one("SELECT * FROM point_entry WHERE service_record_id = ?", (last.record_id,))
    assert entry is not None
    assert (entry["cut_points"], entry["cut_by"], entry["counted_minutes"]) == (1000, "每日最多 80 分", 60)
    assert entry["rule_id"] is not None
    assert "少计 10 分" in entry["explanation"]


def test_reversal_takes_hours_and_points_back_and_frees_the_time(
    office: Office, enrol: Callable[..., str]
) -> None:
    one = enrol("曾国兰")
    done = serve(office, record(one))
    before = office.reader().all("SELECT * FROM service_record")
    office.transact("冲正时长", lambda w: recording.reverse_service(w, done.record_id, "签错人"))
    row = lookups.volunteer(office.reader(), one)
    assert (row["total_minutes"], row["services"], row["points"]) == (0, 0, 0)
    assert [r["state"] for r in services_of(office.reader(), one)] == ["冲正", "已冲正"]
    assert office.reader().all("SELECT * FROM service_record WHERE id = ?", (done.record_id,)) == before
    explained = movements_of(office.reader(), one)
    assert [(m["kind"], m["points"], m["balance"]) for m in explained] == [
        ("冲正", -1000, 0),
        ("服务", 1000, 1000),
    ]
    assert "签错人" in explained[0]["explanation"]
    for record_id in (done.record_id, services_of(office.reader(), one)[0]["id"]):
        with pytest.raises(Refusal, match="不能再冲正"):
            office.transact("冲正", partial(recording.reverse_service, record_id=record_id, reason="再来"))
    serve(office, record(one))
    assert balance(office, one) == 1000


def test_a_ledger_row_cannot_be_changed_by_anyone(office: Office, enrol: Callable[..., str]) -> None:
    done = serve(office, record(enrol("曾国兰")))
    for table in ("service_record", "point_entry"):
        with pytest.raises(IntegrityError, match="append-only"):
            office.transact("改账", partial(run, f"UPDATE {table} SET source = 'x'"))
        with pytest.raises(IntegrityError, match="append-only"):
            office.transact("删账", partial(run, f"DELETE FROM {table}"))
    assert lookups.service(office.reader(), done.record_id)["state"] == "有效"


def test_cancelling_an_activity_after_points_were_spent_leaves_a_debt(
    office: Office, enrol: Callable[..., str]
) -> None:
    one = enrol("曾国兰")
    done = hold(office, [one], ends_minute=510)
    assert balance(office, one) == 1000
    office.transact("扣分", lambda w: points.deduct_points(w, one, 800, "兑换"))
    count = office.transact(
        "取消活动", lambda w: cancelling.cancel_activity(w, done.activity_id, "天气")
    ).result
    assert count == 1
    assert balance(office, one) == -800
    assert life(office.reader(), one, DAY).in_debt
    assert office.reader().value("SELECT status FROM activity") == "取消"
    with pytest.raises(Refusal, match="余额 -8 分，不够扣"):
        office.transact("扣分", lambda w: points.deduct_points(w, one, 100, "再兑"))


def test_bonus_deduction_opening_and_taking_back(office: Office, enrol: Callable[..., str]) -> None:
    one = enrol("曾国兰")
    office.transact("期初", lambda w: points.opening_points(w, one, 12000, "2025年积分册第3页"))
    with pytest.raises(Refusal, match="已有期初积分"):
        office.transact("期初", lambda w: points.opening_points(w, one, 1, "又一页"))
    bonus = office.transact("奖励", lambda w: points.award_points(w, one, 500, "优秀志愿者")).result
    office.transact("扣分", lambda w: points.deduct_points(w, one, 300, "无故缺席"))
    assert balance(office, one) == 12200
    office.transact("冲正", lambda w: points.reverse_points(w, bonus, "评选有误"))
    assert balance(office, one) == 11700
    with pytest.raises(Refusal, match="已经冲正过"):
        office.transact("冲正", lambda w: points.reverse_points(w, bonus, "再来"))
    served = serve(office, record(one))
    entry = office.reader().value(
        "SELECT id FROM point_entry WHERE service_record_id = ?", (served.record_id,)
    )
    with pytest.raises(Refusal, match="请冲正那条服务记录"):
        office.transact("冲正", lambda w: points.reverse_points(w, entry, "错"))
    for amount in (0, -5):
        with pytest.raises(Refusal, match="大于 0"):
            office.transact(
                "奖励", partial(points.award_points, volunteer_id=one, points=amount, reason="错")
            )


def test_a_new_rule_leaves_june_as_it_was(office: Office, enrol: Callable[..., str]) -> None:
    import json

    one = enrol("曾国兰")
    june = record(one, served_on=dt.date(2026, 6, 30))
    july = record(one, served_on=dt.date(2026, 7, 1))
    first = serve(office, june)
    rule = office.reader().one("SELECT * FROM rule_set WHERE kind = 'volunteer-points'")
    assert rule is not None
    body = {**json.loads(rule["body"]), "per_hour": "20"}
    changed = {**rule, "id": None, "version": 2, "effective_on": "2026-07-01", "body": json.dumps(body)}
    office.transact("修改规则", lambda w: w.insert("rule_set", changed))
    second = serve(office, replace(june, title="另一活动", starts_minute=720, ends_minute=780))
    third = serve(office, july)
    points_got = [done.award.points for done in (first, second, third) if done.award]
    assert points_got == [1000, 1000, 2000]
    assert "第2版（2026年7月1日起）" in movements_of(office.reader(), one)[0]["explanation"]


def test_hours_before_any_rule_are_kept_without_points(office: Office, enrol: Callable[..., str]) -> None:
    one = enrol("曾国兰")
    old = record(one, served_on=dt.date(2017, 5, 1), evidence=Evidence.IMPORTED)
    done = serve(office, old)
    assert done.award is None
    row = lookups.volunteer(office.reader(), one)
    assert (row["imported_minutes"], row["points"]) == (60, 0)
    assert movements_of(office.reader(), one) == []


def test_life_splits_three_ways_and_says_what_is_missing(office: Office, enrol: Callable[..., str]) -> None:
    one = enrol("曾国兰")
    serve(office, record(one))
    serve(
        office,
        record(
            one,
            title="补登",
            evidence=Evidence.MADE_UP,
            reason="漏签",
            starts_minute=700,
            ends_minute=730,
            minutes=30,
        ),
    )
    serve(office, record(one, title="导入", evidence=Evidence.IMPORTED, served_on=dt.date(2026, 10, 8)))
    whole = life(office.reader(), one, DAY)
    assert [whole.minutes[evidence] for evidence in Evidence] == [60, 30, 60]
    assert whole.total_minutes == 150
    assert whole.rank is not None
    assert whole.rank.sentence == "还差 97.5 小时到一星（100 小时）"
    assert [(month.month, sum(month.minutes.values()), month.services) for month in whole.months] == [
        ("2026-11", 90, 2),
        ("2026-10", 60, 1),
    ]
    near = nearly_there(office.reader(), DAY, 98 * 60)
    assert [row["number"] for row, _ in near] == ["水湾-0001"]
    assert nearly_there(office.reader(), DAY, 97 * 60) == []


def test_bulk_gives_the_same_points_as_one_by_one(office: Office, enrol: Callable[..., str]) -> None:
    one, other = enrol("曾国兰"), enrol("朱丽")
    starts = [(DAY - dt.timedelta(days=1), 480), *((DAY, hour * 60) for hour in (6, 9, 12, 15, 18))]
    services = [
        record("", title=f"活动{n}", served_on=day, starts_minute=start, ends_minute=start + 120, minutes=120)
        for n, (day, start) in enumerate(starts)
    ]
    for service in services:
        serve(office, replace(service, volunteer_id=one))
    unit = lookups.standing(office.reader(), other).unit_id
    batch = [(replace(service, volunteer_id=other, unit_id=unit), None) for service in services]
    assert office.transact("批量登记", lambda w: bulk_record(w, batch)).result == 6

    def facts(volunteer_id: str) -> list[tuple[object, ...]]:
        columns = "points, earned_on, counted_minutes, cut_minutes, cut_points, cut_by, unit_id, explanation"
        rows = office.reader().all(
            f"SELECT {columns} FROM point_entry WHERE volunteer_id = ? ORDER BY earned_on, id",
            (volunteer_id,),
        )
        return [tuple(row.values()) for row in rows]

    assert facts(one) == facts(other)
    assert lookups.total_faults(office.reader()) == []
    with pytest.raises(ValueError, match="sort them by day"):
        office.transact("批量登记", lambda w: bulk_record(w, reversed(batch)))


def test_the_activity_form_protects_what_was_recorded(office: Office, enrol: Callable[..., str]) -> None:
    done = hold(office, [enrol("曾国兰")])
    form = {"title": TITLE, "held_on": DAY.isoformat()}

    def codes(**changes: object) -> list[str]:
        found = check_activity(office.reader(), {**form, **changes}, done.activity_id)
        return [problem.code for problem in found if problem.level is Level.ERROR]

    assert codes() == []
    assert codes(held_on="2026-11-17") == ["activity.day_fixed"]
    assert codes(status="取消") == ["activity.recorded"]
    assert codes(starts_minute=600) == ["activity.half"]
    new = office.transact(
        "新增活动", lambda w: save_activity(w, {**form, "title": "新活动", "status": "计划"}, None)
    ).result
    office.transact("修改活动", lambda w: save_activity(w, {**form, "title": "改名"}, new))
    row = office.reader().one("SELECT * FROM activity_view WHERE id = ?", (new,))
    assert row is not None
    assert (row["title"], row["status"], row["unit_name"]) == ("改名", "计划", "样例街道")
    assert [p.code for p in check_activity(office.reader(), form, None)] == ["activity.alike"]


def test_an_activity_past_midnight_is_planned_shown_and_mended(office: Office) -> None:
    form = {"title": "除夕值守", "held_on": DAY.isoformat(), "status": "计划", "starts_minute": 1140}
    typed = {**form, "ends_minute": 60}
    assert check_activity(office.reader(), typed, None) == []
    made = office.transact("新增活动", lambda w: save_activity(w, typed, None)).result

    def ends() -> int:
        return int(office.reader().value("SELECT ends_minute FROM activity WHERE id = ?", (made,)))

    assert ends() == 1500
    kind = ACTIVITIES.field("ends_minute").type
    assert kind.format(1500) == "次日01:00"
    for words in ("次日01:00", "次日 1:00", "第二天1点", "25:00", "25：00"):
        assert kind.read(words, ParseContext(today=DAY)).value == 1500, words
    office.transact(
        "修改活动", lambda w: save_activity(w, {**form, "ends_minute": 1500, "place": "南门"}, made)
    )
    assert ends() == 1500
    same = check_activity(office.reader(), {**form, "ends_minute": 1140}, made)
    assert [problem.code for problem in same] == ["activity.times"]


def test_totals_changed_behind_the_back_are_found(office: Office, enrol: Callable[..., str]) -> None:
    one = enrol("曾国兰")
    serve(office, record(one))
    office.transact("改合计", partial(run, "UPDATE volunteer_total SET points = points + 1"))
    (fault,) = lookups.total_faults(office.reader())
    assert "曾国兰（水湾-0001）" in fault.message


def test_every_shipped_example_can_stand_beside_the_rules_in_force(office: Office) -> None:
    kinds = {row["kind"] for row in office.reader().all("SELECT kind FROM rule_set")}
    assert {"volunteer-points", "volunteer-points-example"} <= kinds
    with pytest.raises(Refusal, match="与已有记录重复"):
        office.transact("重复复制", lambda w: put_rules(w, "volunteer-points"))


def test_service_during_a_training_is_warned_about(office: Office, enrol: Callable[..., str]) -> None:
    who = enrol("曾国兰")

    def train(writer: Writer) -> None:
        person = writer.value("SELECT person_id FROM volunteer WHERE id = ?", (who,))
        rule = writer.value("SELECT id FROM rule_set LIMIT 1")
        day = "2026-11-19"
        made = {
            "name": "书记班",
            "number": "2026-01",
            "form": "脱产",
            "year": 2026,
            "starts_on": day,
            "ends_on": day,
            "planned_credit": 400,
        }
        course = writer.insert("training_class", made)
        session = {"class_id": course, "held_on": day, "part": "上午", "minutes": 180}
        held = writer.insert("training_session", session)
        trainee = writer.insert("trainee", {"class_id": course, "person_id": person, "position": 1})
        row = {"session_id": held, "trainee_id": trainee, "mark": "到", "minutes": 180, "credit": 400}
        writer.insert("attendance", {**row, "rule_id": rule, "explanation": "半天"})

    office.transact("培训", train)
    head = Activity(title="义剪", held_on=dt.date(2026, 11, 19), starts_minute=540, ends_minute=660)
    people = [Participant(volunteer_id=who, minutes=120)]
    done = office.transact("登记", lambda w: record_activity(w, head, people)).result
    assert [problem.code for problem in done.warnings] == ["service.training"]
    assert "书记班" in done.warnings[0].message
