"""The access log: nothing is left out, nothing can be taken out, and reading it is for those who may."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import access, own_password
from hongyao_desktop.store.access import LogQuery, Visit
from hongyao_desktop.store.driver import IntegrityError
from hongyao_desktop.store.spool import Spool
from tests.offices import fixed_clock
from tests.store.administration import AUDIT, AUDITOR, CLERK, SECURITY, SYSTEM, entered

ALL = LogQuery()


def told(rows: list[Row]) -> list[tuple[str, str, str]]:
    return [(row["operator_name"], row["event"], row["outcome"]) for row in reversed(rows)]


def test_coming_going_and_failing_are_noted(path: Path) -> None:
    clock = fixed_clock()
    for _ in range(3):
        with pytest.raises(Refusal):
            entered(path, CLERK, "Wrong-123", clock=clock)
    clock.advance(timedelta(minutes=1))
    with pytest.raises(Refusal):
        entered(path, "没这个人", clock=clock)
    clock.advance(timedelta(minutes=1))
    with entered(path, CLERK, clock=clock) as office:
        greeting = access.begin(office)
    assert (greeting.last_at, greeting.failures) == (None, 3)
    with entered(path, AUDIT, clock=clock) as office:
        access.begin(office)
        rows = access.entries(office, ALL)
        report = office.check()
    assert told(rows) == [
        (CLERK, "登录失败", "拒绝"),
        ("没这个人", "登录失败", "拒绝"),
        (CLERK, "登录", "成功"),
        (CLERK, "退出", "成功"),
        (AUDIT, "登录", "成功"),
    ]
    assert [row["times"] for row in reversed(rows)] == [3, 1, 1, 1, 1]
    assert report.ok, report.findings


def test_the_greeting_names_the_last_login_and_what_failed_since(path: Path) -> None:
    clock = fixed_clock()
    with entered(path, CLERK, clock=clock) as office:
        access.begin(office)
    clock.advance(timedelta(hours=1))
    for _ in range(2):
        with pytest.raises(Refusal):
            entered(path, CLERK, "Wrong-123", clock=clock)
    # Another operator's login takes the failures into the file; they are still told to the one they concern.
    with entered(path, SYSTEM, clock=clock) as office:
        assert access.begin(office).failures == 0
    clock.advance(timedelta(hours=1))
    with entered(path, CLERK, clock=clock) as office:
        greeting = access.begin(office)
    assert greeting.last_at == "2026-11-20T09:00:00+08:00"
    assert greeting.failures == 2
    with entered(path, CLERK, clock=clock) as office:
        assert access.begin(office).failures == 0


def test_a_read_only_visit_waits_outside_and_comes_in_once(path: Path) -> None:
    clock = fixed_clock()
    with entered(path, CLERK, read_only=True, clock=clock) as office:
        access.begin(office)
        access.record(office, Visit(event="导出", subject="志愿者", purpose="上报", row_count=7))
    spools = (path.with_name(path.name + ".access"), path.parent / "state" / "access")
    assert all(place.exists() for place in spools)
    assert "上报".encode() not in spools[0].read_bytes()
    with entered(path, AUDITOR, read_only=True, clock=clock) as office:
        assert told(access.entries(office, ALL)) == [
            (CLERK, "登录", "成功"),
            (CLERK, "导出", "成功"),
            (CLERK, "退出", "成功"),
        ]
    spools[0].unlink()
    for _ in range(2):
        with entered(path, AUDIT, clock=clock) as office:
            access.begin(office)
            rows = access.entries(office, LogQuery(event="导出"))
        assert [(row["row_count"], row["purpose"]) for row in rows] == [(7, "上报")]


def test_a_changed_line_of_the_spool_is_reported(path: Path) -> None:
    with entered(path, CLERK, read_only=True) as office:
        access.begin(office)
        spool = Spool(office.opened)
    place = path.with_name(path.name + ".access")
    place.write_bytes(b"A" + place.read_bytes()[1:] + b"\xff\xfe\n")
    assert spool.read()[1] >= 1
    with entered(path, AUDIT) as office:
        access.begin(office)
        assert "读不出" in access.entries(office, LogQuery(text="改动"))[0]["subject"]


def test_the_log_is_searched_by_operator_day_and_content(path: Path) -> None:
    clock = fixed_clock()
    with entered(path, CLERK, clock=clock) as office:
        access.record(office, Visit(event="导出", subject="志愿者", purpose="区里要名单", row_count=12))
        clock.advance(timedelta(days=2))
        access.record(office, Visit(event="打印", subject="工作情况汇总", purpose="例会"))
    with entered(path, AUDIT, clock=clock) as office:
        access.begin(office)

        def found(query: LogQuery) -> list[str]:
            return [row["event"] for row in access.entries(office, query)]

        assert found(LogQuery(operator=CLERK)) == ["打印", "导出"]
        assert found(LogQuery(first=date(2026, 11, 21), operator=CLERK)) == ["打印"]
        assert found(LogQuery(last=date(2026, 11, 20))) == ["导出"]
        assert found(LogQuery(text="志愿者 名单")) == ["导出"]
        assert found(LogQuery(text="%")) == []
        assert found(LogQuery(limit=1)) == ["登录"]


@pytest.mark.parametrize("name", [CLERK, SYSTEM, SECURITY])
def test_others_may_not_read_it(path: Path, name: str) -> None:
    with entered(path, name) as office, pytest.raises(Refusal, match="不能查看访问日志"):
        access.entries(office, ALL)


@pytest.mark.parametrize(
    "sql",
    ["DELETE FROM access_log", "UPDATE access_log SET operator_name = '甲'", "DELETE FROM password_history"],
)
def test_it_cannot_be_cleared_even_inside_the_door(path: Path, sql: str) -> None:
    with entered(path, CLERK) as office:
        access.begin(office)
        own_password.change(office, "Abc-12345", "Kq7-tree9")

        def clear(writer: object) -> int:
            return int(writer.execute(sql))  # type: ignore[attr-defined]

        with pytest.raises(IntegrityError, match="append-only"):
            office.transact("清空日志", clear)
        assert office.reader().value("SELECT count(*) FROM access_log") == 1


def test_undo_passes_over_the_log(path: Path) -> None:
    with entered(path, CLERK) as office:
        access.begin(office)
        assert office.undoable() is None


def test_when_nothing_can_be_noted_nothing_is_done(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with entered(path, CLERK, read_only=True) as office:
        real = Path.open

        def full(self: Path, mode: str = "r", *args: object, **kwargs: object) -> object:
            if mode == "ab":
                raise OSError(28, "full")
            return real(self, mode, *args, **kwargs)  # type: ignore[call-overload]

        monkeypatch.setattr(Path, "open", full)
        with pytest.raises(Refusal, match="访问日志写不下来"):
            access.record(office, Visit(event="导出", subject="志愿者"))


def test_a_log_of_years_is_read_quickly_enough_by_its_indexes(path: Path) -> None:
    with entered(path, AUDIT) as office:
        plan = office.reader().all(
            "EXPLAIN QUERY PLAN SELECT * FROM access_log WHERE operator_name = '甲' ORDER BY at DESC LIMIT 50"
        )
    assert "access_log_operator" in plan[0]["detail"]
