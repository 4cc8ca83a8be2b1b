"""Each finding about services on file alone: its kind, its sentence, and the records it is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.rules import from_row
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.queries.duties import duties_between
from hongyao_desktop.volunteers.queries.evidence import evidence_rows
from hongyao_desktop.volunteers.queries.findings import findings_on_file
from hongyao_desktop.volunteers.records.rows import Activity, Evidence, ServiceRecord
from hongyao_desktop.volunteers.records.suspicions import Kind, Signal
from hongyao_desktop.volunteers.rules.clashes import limits_of
from hongyao_desktop.volunteers.service import recording, spots
from hongyao_desktop.volunteers.service.recording import Participant

TODAY = dt.date(2026, 11, 20)
MONDAY = dt.date(2026, 11, 16)
YEAR = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def found(office: Office) -> list[Signal]:
    return findings_on_file(office.reader(), YEAR)


def laid(office: Office, *records: ServiceRecord) -> list[str]:
    """Written past all checks, as a merge could, and entered on 20 November."""

    def write(writer: Writer) -> list[str]:
        return [one.record_id for one in recording.write_services(writer, [(each, None) for each in records])]

    return list(office.transact("合并", write).result)


def service(who: str, title: str = "义剪", day: dt.date = MONDAY, **more: object) -> ServiceRecord:
    values = {"minutes": 60, "evidence": Evidence.IMPORTED, **more}
    return ServiceRecord(volunteer_id=who, title=title, served_on=day, **values)  # type: ignore[arg-type]


def test_an_overlap_past_midnight_names_both(office: Office, enrol: Callable[..., str]) -> None:
    who = enrol("曾国兰")
    ids = laid(
        office,
        service(who, "夜巡", minutes=180, starts_minute=1380, ends_minute=1560),
        service(who, "早市", MONDAY + dt.timedelta(days=1), starts_minute=60, ends_minute=120),
    )
    (one,) = found(office)
    assert (one.kind, one.record_ids) == (Kind.OVERLAP, tuple(ids))
    assert one.sentence.startswith("曾国兰（水湾-0001）重叠 1 小时：“夜巡”")
    assert "“早市”" in one.sentence
    rows = evidence_rows(office.reader(), one.kind, one.record_ids)
    assert [(row["title"], row["times"]) for row in rows] == [
        ("夜巡", "23:00—次日2:00"),
        ("早市", "1:00—2:00"),
    ]
    office.transact("冲正", partial(recording.reverse_service, record_id=ids[1], reason="重叠"))
    assert found(office) == []


def test_one_activity_twice_without_times(office: Office, enrol: Callable[..., str]) -> None:
    who = enrol("曾国兰")
    laid(office, service(who), service(who), service(who, "巡查"))
    (one,) = found(office)
    assert (one.kind, one.records, one.minutes) == (Kind.DOUBLE, 2, 120)
    assert "同一活动登记了两次" in one.sentence


def test_hours_before_the_day(office: Office, enrol: Callable[..., str]) -> None:
    laid(office, service(enrol("曾国兰"), day=dt.date(2026, 11, 25)))
    (one,) = found(office)
    assert one.kind is Kind.EARLY
    assert one.sentence.endswith("活动日期2026年11月25日还没有到")


def test_late_hours_called_signed(office: Office, enrol: Callable[..., str]) -> None:
    first, second = enrol("曾国兰"), enrol("单玥")
    day = dt.date(2026, 9, 7)
    laid(
        office,
        service(first, day=day, evidence=Evidence.SIGNED),
        service(second, day=day, evidence=Evidence.SIGNED),
        service(first, "巡查", day, evidence=Evidence.MADE_UP, reason="漏签"),
        service(first, "助老", day, evidence=Evidence.IMPORTED),
    )
    late = [one for one in found(office) if one.kind is Kind.LATE]
    assert [one.records for one in late] == [2]
    assert "等 2 人的时长，过了 74 天，超过 30 天没有按补录" in late[0].sentence


def test_outside_the_activity_and_on_another_day(office: Office, enrol: Callable[..., str]) -> None:
    who, other = enrol("曾国兰"), enrol("单玥")
    head = Activity(title="义剪", held_on=MONDAY, starts_minute=540, ends_minute=660)
    inside = Participant(volunteer_id=other, minutes=120)
    made = office.transact("登记", lambda w: recording.record_activity(w, head, [inside])).result
    laid(
        office,
        service(who, activity_id=made.activity_id, starts_minute=480, ends_minute=660, minutes=180),
    )
    (one,) = found(office)
    assert (one.kind, one.records) == (Kind.WINDOW, 1)
    assert one.sentence.endswith("不在活动时间里：“义剪”是2026年11月16日 9:00—11:00")


def test_hours_keyed_beside_a_name_are_not_longer_than_the_activity(
    office: Office, enrol: Callable[..., str]
) -> None:
    who, other = enrol("曾国兰"), enrol("单玥")
    head = Activity(title="义剪", held_on=MONDAY, starts_minute=540, ends_minute=660)
    keyed = [
        Participant(volunteer_id=who, minutes=300),
        Participant(volunteer_id=other, minutes=150),
    ]
    made = office.transact("登记", lambda w: recording.record_activity(w, head, keyed)).result
    assert [(one.row, one.code) for one in made.warnings] == [(1, "service.beyond")]
    assert "时长 5 小时，活动（9:00—11:00）全长只有 2 小时" in made.warnings[0].message
    (one,) = found(office)
    assert (one.kind, one.records) == (Kind.WINDOW, 1)
    assert "曾国兰" in one.sentence


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"person_status": "去世", "person_status_on": "2026-11-10"},
            "2026年11月10日已去世，那以后还有“义剪”",
        ),
        (
            {"person_status": "迁出", "person_status_on": "2026-11-16"},
            "2026年11月16日已迁出，那以后还有“义剪”",
        ),
        ({"status": "退出", "left_on": "2026-11-01"}, "2026年11月1日已退出，那以后还有“义剪”"),
        ({"status": "停用", "left_on": "2026-11-16"}, "2026年11月16日已停用，那以后还有“义剪”"),
        ({"person_status": "去世", "person_status_on": "2026-11-17"}, ""),
    ],
)
def test_hours_after_death_or_leaving_told_later(
    office: Office, enrol: Callable[..., str], change: dict[str, str], said: str
) -> None:
    who = enrol("曾国兰")
    laid(office, service(who))
    assert found(office) == []

    def tell(writer: Writer) -> None:
        person = writer.value("SELECT person_id FROM volunteer WHERE id = ?", (who,))
        if "person_status" in change:
            day = change["person_status_on"]
            writer.update("person", person, {"status": change["person_status"], "status_on": day})
        else:
            writer.update("volunteer", who, change)

    office.transact("登记变动", tell)
    assert [one.sentence for one in found(office) if one.kind is Kind.GONE] == (
        [f"曾国兰（水湾-0001）{said}（2026年11月16日，1 小时，导入）"] if said else []
    )


def post(office: Office, who: str, category: str = "社区工作者") -> None:
    def put(writer: Writer) -> None:
        person = writer.value("SELECT person_id FROM volunteer WHERE id = ?", (who,))
        row = {"person_id": person, "category": category, "post": "网格员", "from_on": "2026-01-01"}
        writer.insert("cadre", row)

    office.transact("登记人员类别", put)


def test_staff_in_office_hours_of_a_working_day(office: Office, enrol: Callable[..., str]) -> None:
    who = enrol("曾国兰")
    sunday = MONDAY - dt.timedelta(days=1)
    laid(
        office,
        service(who, "入户走访", starts_minute=540, ends_minute=600),
        service(who, "夜巡", starts_minute=1140, ends_minute=1200),
        service(who, "义剪", sunday, starts_minute=540, ends_minute=600),
    )
    assert found(office) == []
    post(office, who, "党员")
    assert found(office) == []
    post(office, who)
    (one,) = found(office)
    assert (one.kind, one.records) == (Kind.STAFF, 1)
    assert one.sentence.startswith(
        "曾国兰（水湾-0001）是社区工作者（网格员），工作日上班时间登记了“入户走访”"
    )


def test_staff_are_asked_about_at_entry(office: Office, enrol: Callable[..., str]) -> None:
    who, other = enrol("曾国兰"), enrol("单玥")
    post(office, who)
    head = Activity(title="入户走访", held_on=MONDAY, starts_minute=540, ends_minute=600)
    people = [Participant(volunteer_id=one, minutes=60) for one in (who, other)]
    own, others = recording.activity_findings(office.reader(), head, people, today=TODAY, recorder="李静")
    assert [problem.code for problem in own] == ["service.staff"]
    assert "2026年11月16日是工作日（上班 8:30—17:30）" in own[0].message
    assert others == []


def test_a_photo_under_two_reports(office: Office, units: dict[str, str]) -> None:
    def report(place: str, kind: str) -> str:
        values = {
            "reporter": "曾国兰",
            "unit_id": units["水湾社区"],
            "reported_on": TODAY.isoformat(),
            "place": place,
            "kind": kind,
            "content": f"{place}{kind}",
        }
        return office.transact("登记随手拍", lambda w: spots.report_spot(w, values)).result.report_id

    ids = [report("东门", "路灯不亮"), report("西门", "垃圾堆放")]

    def attach(writer: Writer) -> None:
        for one in ids:
            writer.insert(
                "spot_photo",
                {
                    "spot_report_id": one,
                    "file_name": "IMG_1.jpg",
                    "file_bytes": 10,
                    "file_hash": "a" * 64,
                    "recorded_on": TODAY.isoformat(),
                    "recorded_by": "李静",
                },
            )

    office.transact("附照片", attach)
    (one,) = found(office)
    assert (one.kind, set(one.record_ids)) == (Kind.PHOTO, set(ids))
    assert "同一张照片“IMG_1.jpg”用在 2 件随手拍上" in one.sentence
    rows = evidence_rows(office.reader(), one.kind, one.record_ids)
    assert {row["title"][:2] for row in rows} == {"东门", "西门"}
    assert {row["place"] for row in rows} == {"volunteers.spots"}


def test_limits_without_staff_ask_nobody(office: Office, enrol: Callable[..., str]) -> None:
    who = enrol("曾国兰")
    post(office, who)
    row = office.reader().one("SELECT * FROM rule_set WHERE kind = 'volunteer-limits'")
    assert row is not None
    body = {name: value for name, value in from_row(row).body.items() if not name.startswith("staff")}
    assert limits_of(replace(from_row(row), body=body)).staff_categories == ()
    assert duties_between(office.reader(), (), MONDAY, TODAY) == {}
