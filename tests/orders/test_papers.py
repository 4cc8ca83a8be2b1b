"""The slip shows what was done and leaves room for the rest; the list says what its figures say."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.masking import Purpose, leak_scan
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.orders.papers import PAPERS, order_list, order_slip
from hongyao_desktop.orders.queries.figures import FIGURES
from hongyao_desktop.paper.catalogue import PaperRequest
from hongyao_desktop.paper.document import Document, Table, cells_of
from hongyao_desktop.paper.render import render_pdf
from hongyao_desktop.people.queries import unit_scope
from tests.orders.desk import Desk

NOVEMBER = Period(dt.date(2026, 11, 1), dt.date(2026, 11, 30))


def request(desk: Desk, purpose: Purpose = Purpose.INTERNAL, **options: str) -> PaperRequest:
    return PaperRequest(
        reader=desk.office.reader(),
        clock=desk.office.clock,
        office=desk.office.info.name,
        printed_by=desk.office.who.name,
        head=desk.office.head(),
        period=NOVEMBER,
        scope=unit_scope(desk.units["样例街道"], "样例街道"),
        purpose=purpose,
        options=options,
    )


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def test_the_slip_of_an_order_at_work_leaves_room_for_what_comes(desk: Desk, tmp_path: Path) -> None:
    desk.accepted(wanted_by="2026-11-27")
    document = order_slip(request(desk, number="2026-0001"))
    facts, told, steps = tables(document)
    assert [cells_of(row)[0] for row in facts.rows] == ["工单号", "居民", "受理组织", "点单日期"]
    shown = {cells_of(row)[0]: cells_of(row)[1:3] for row in steps.rows}
    assert shown["接单"] == ("2026年11月20日", "单玥")
    assert shown["完成"] == ("　", "　")
    assert "居民：□满意" in str(shown["评单"][1])
    assert [cells_of(row)[1] for row in told.rows] == ["厨房水管漏水，请人上门修", "三号楼2单元401", "　"]
    assert cells_of(list(facts.rows)[1])[3] == "138****5678"
    to_call = tables(order_slip(request(desk, Purpose.REPORT, number="2026-0001")))[0]
    assert cells_of(list(to_call.rows)[1])[3] == "13812345678"
    pdf = tmp_path / "工单.pdf"
    assert render_pdf(document, pdf).pages == 1
    assert pdf.stat().st_size > 5_000


def test_a_slip_needs_a_number_that_is_on_file(desk: Desk) -> None:
    with pytest.raises(Refusal, match="没有工单号为“2026-0007”的工单"):
        order_slip(request(desk, number="2026-0007"))
    assert [spec.name for spec in PAPERS] == [
        *("order-slip", "order-list", "orders-overdue", "orders-unrated")
    ]


def test_the_list_agrees_with_the_figures_and_names_nobody_in_public(desk: Desk) -> None:
    desk.rate(desk.finished())
    desk.take(topic="请人理发", asked_on="2026-11-02")
    desk.take(topic="上个月的事", asked_on="2026-10-30")
    document = order_list(request(desk))
    (table,) = tables(document)
    rows = [cells_of(row) for row in table.rows]
    by_code = {figure.code: figure for figure in FIGURES}
    scope = unit_scope(desk.units["样例街道"], "样例街道")
    asked, done, timely = (
        by_code[code].value(desk.office.reader(), NOVEMBER, scope) for code in ("GD-01", "GD-02", "GD-03")
    )
    assert table.caption_right == f"共 {asked} 件，已完成 {done} 件，其中按时 {timely} 件"
    assert (len(rows), asked) == (2, 2)
    assert [row[4] for row in rows] == ["请人理发", "厨房水管漏水，请人上门修"]
    public = [cells_of(row) for row in tables(order_list(request(desk, Purpose.PUBLIC)))[0].rows]
    assert {row[3] for row in public} == {"曾*英"}
    assert [row[8] for row in public] == ["", "单*"]
    text = "\n".join(str(cell) for row in public for cell in row)
    assert leak_scan(text) == []
