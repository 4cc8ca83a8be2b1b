"""Hours above the limit are keyed twice; a mismatch stays red and the points are not approved."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import pytest

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.queries import rechecks as queries
from hongyao_desktop.volunteers.records.rows import Evidence, ServiceRecord
from hongyao_desktop.volunteers.service import approval, rechecks, recording

TODAY = dt.date(2026, 11, 20)


def test_a_long_service_waits_for_the_same_length(
    office: Office, units: dict[str, str], enrol: Callable[..., str]
) -> None:
    def rule(writer: Writer) -> None:
        values = {"kind": "volunteer-approval", "name": "本办规则", "version": 1, "source": "会议"}
        body = json.dumps({"steps": ["社区审核"], "public_days": 0}, ensure_ascii=False)
        writer.insert("rule_set", {**values, "effective_on": "2026-01-01", "body": body})

    office.transact("规则", rule)
    who = enrol("曾国兰")

    def serve(minutes: int, day: dt.date) -> str:
        record = ServiceRecord(
            volunteer_id=who, title=f"值守{day.day}", served_on=day, minutes=minutes, evidence=Evidence.SIGNED
        )
        return office.transact("登记", lambda w: recording.record_service(w, record)).result.record_id

    serve(480, dt.date(2026, 11, 18))
    long = serve(540, TODAY)
    assert [row["id"] for row in queries.open_rechecks(office.reader(), TODAY)] == [long]

    def begin() -> str:
        return office.transact(
            "认定", lambda w: approval.begin_lot(w, units["水湾社区"], dt.date(2026, 11, 1), TODAY)
        ).result

    def again(minutes: int) -> bool:
        return office.transact("复核", lambda w: rechecks.recheck(w, long, minutes)).result

    with pytest.raises(Refusal, match="1 条时长超过限额，还没有复核相符"):
        begin()
    assert not again(450)
    assert queries.is_open(office.reader(), long, TODAY), "another length leaves it red"
    with pytest.raises(Refusal, match="还没有复核相符"):
        begin()
    assert again(540)
    assert queries.open_rechecks(office.reader(), TODAY) == []
    with pytest.raises(Refusal, match="不用复核"):
        again(540)
    assert begin()
    kept = office.reader().all("SELECT minutes, agrees FROM service_recheck ORDER BY id")
    assert kept == [{"minutes": 450, "agrees": 0}, {"minutes": 540, "agrees": 1}]
