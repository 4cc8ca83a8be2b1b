"""A demonstration is entered day by day as an office does: only what was planted is suspicious."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from hongyao_desktop.app.bootstrap import open_file
from hongyao_desktop.app.demo.build import PASSWORD
from hongyao_desktop.core.figure import Period
from hongyao_desktop.volunteers.queries.signals import signals
from hongyao_desktop.volunteers.records.suspicions import Kind
from tests.app.demonstrations import copied


def test_only_planted_entries_are_listed(tmp_path: Path) -> None:
    with open_file(copied(tmp_path), "李静", PASSWORD) as office:
        today = office.clock.today()
        found = signals(office.reader(), Period(today - dt.timedelta(days=180), today))
        days = office.reader().value("SELECT COUNT(DISTINCT substr(at, 1, 10)) FROM journal_operation")
        back = office.reader().value(
            "SELECT COUNT(*) FROM journal_operation AS one JOIN journal_operation AS next ON next.seq = one.seq + 1"
            " WHERE next.at < one.at AND one.op IN ('登记志愿服务', '登记工单', '登记随手拍')"
            " AND next.op IN ('登记志愿服务', '登记工单', '登记随手拍')"
        )
    # A volunteer may by chance have served whole hours only; that is no entry of its own.
    kinds = [one.kind for one in found if one.kind is not Kind.ROUND]
    assert sorted(kinds) == sorted([Kind.BURST, Kind.DOUBLE, Kind.NIGHT, Kind.LATE])
    (burst,) = [one for one in found if one.kind is Kind.BURST]
    assert (burst.records, "小区大扫除" in burst.sentence) == (48, True)
    assert days > 100
    assert back == 0
