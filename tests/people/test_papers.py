"""Public notices: from when to when, by working days."""

import datetime as dt
from dataclasses import replace

import pytest

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.figure import Period, Scope
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.workdays import count_workdays
from hongyao_desktop.paper.catalogue import PaperRequest, row_behind
from hongyao_desktop.paper.document import Column, Paragraph, Seal, Table, plain
from hongyao_desktop.people.papers import Notice, form_table, notice_document, notice_span


class Nobody:
    """A file in which nothing is."""

    def stream(self, _sql: str, _params: object = ()) -> list[dict[str, object]]:
        return []


def request(start: str = "", days: str = "5", today: str = "2026-09-28") -> PaperRequest:
    return PaperRequest(
        reader=Nobody(),  # type: ignore[arg-type]
        clock=FixedClock(dt.datetime.fromisoformat(f"{today}T09:00:00")),
        office="水湾街道",
        printed_by="李静",
        head="0" * 64,
        period=Period(dt.date(2026, 1, 1), dt.date(2026, 9, 30)),
        scope=Scope("水湾街道", "scope(id) AS (SELECT '1')", {}),
        purpose=Purpose.PUBLIC,
        options={"start": start, "days": days, "phone": "0512-65001234", "place": "党群服务中心"},
    )


@pytest.mark.parametrize(
    ("start", "days", "first", "last"),
    [
        ("2026-11-16", "5", "2026-11-16", "2026-11-20"),  # Monday to Friday
        ("2026-09-21", "5", "2026-09-21", "2026-09-28"),  # the Friday is the moon festival
        ("2026-09-20", "1", "2026-09-20", "2026-09-20"),  # a Sunday worked for it
        ("2026-09-28", "5", "2026-09-28", "2026-10-09"),  # over the national holiday
        ("2026-11-21", "3", "2026-11-23", "2026-11-25"),  # begins on the next working day
    ],
)
def test_a_notice_hangs_working_days_with_both_ends(start: str, days: str, first: str, last: str) -> None:
    span = notice_span(request(start, days))
    assert (span.first.isoformat(), span.last.isoformat(), span.days) == (first, last, int(days))
    assert count_workdays(span.first, span.last) == int(days)


def test_the_office_s_own_calendar_decides() -> None:
    made = replace(request("2026-09-21"), workdays={dt.date(2026, 9, 23): False})
    assert notice_span(made).last == dt.date(2026, 9, 29)


def test_a_year_without_published_holidays_is_said() -> None:
    made = request("2031-05-06")
    notice_span(made)
    assert any("还没有2031年的放假安排" in remark for remark in made.remarks)


@pytest.mark.parametrize("days", ["0", "61", "五", ""])
def test_days_that_are_no_number_are_refused(days: str) -> None:
    with pytest.raises(Refusal, match="“公示工作日”要填 1 到 60"):
        notice_span(request(days=days))


def test_a_start_that_is_no_date_is_refused() -> None:
    with pytest.raises(Refusal, match="“公示起始日”写作“后天下午”看不懂"):
        notice_span(request("后天下午"))


def test_a_notice_says_ground_dates_and_where_to_object() -> None:
    table = Table((Column("姓名"),), [("张*三",)])
    made = notice_document(request("2026-09-21"), Notice(title="公示", opening="根据办法，", table=table))
    words = "".join(plain(block.text) for block in made.blocks if isinstance(block, Paragraph))
    assert "公示期为2026年9月21日至9月28日（5个工作日）" in words
    assert "受理电话：0512-65001234；受理地点：党群服务中心" in words
    seal = made.blocks[-1]
    assert isinstance(seal, Seal)
    assert (seal.issuer, seal.date) == ("水湾街道", dt.date(2026, 9, 21))


def test_a_form_fills_its_last_row() -> None:
    table = form_table([("姓名", "甲"), ("性别", "男"), ("电话", None)], name="表")
    assert list(table.rows) == [("姓名", "甲", "性别", "男"), ("电话", None, "", None)]


def test_a_source_names_a_record_or_a_figure() -> None:
    assert row_behind("volunteers/0190") == ("volunteers", "0190")
    assert row_behind("ZY-01") is None
    assert row_behind("") is None
    assert row_behind("volunteers/") is None
