"""The slip shows what was done and leaves room for the rest; the list says what its figures say."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.masking import Purpose, leak_scan
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.orders.papers import (
    PAPERS,
    order_list,
    order_slip,
    order_summary,
    overdue_list,
    shift_sheet,
    unrated_list,
)
from hongyao_desktop.orders.queries.figures import FIGURES
from hongyao_desktop.orders.records.states import Outcome
from hongyao_desktop.orders.service import tending, undoing
from hongyao_desktop.paper.catalogue import PaperRequest
from hongyao_desktop.paper.document import Document, Note, Table, cells_of
from hongyao_desktop.paper.render import render_pdf
from hongyao_desktop.people.queries import unit_scope
from hongyao_desktop.volunteers.service import correcting
from hongyao_desktop.volunteers.service.correcting import Correction
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
    assert [cells_of(row)[1] for row in told.rows] == [
        *("厨房水管漏水，请人上门修", "三号楼2单元401"),
        *("　", "　"),
    ]
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
        *("order-slip", "order-list", "orders-overdue", "orders-unrated", "orders-summary", "orders-shift")
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
    assert "厨房水管漏水" not in str(public), "what a resident wrote may name him; the public sees the kind"
    assert {row[4] for row in public} == {"家电维修", "助老助残"}
    text = "\n".join(str(cell) for row in public for cell in row)
    assert leak_scan(text) == []


def test_the_slip_tells_what_was_refused_extended_and_late(desk: Desk, tmp_path: Path) -> None:
    order_id = desk.take()
    desk.decide(order_id)
    desk.dispatch(order_id)
    desk.give_back(order_id, "当天值班走不开")
    (*_, steps, besides) = tables(order_slip(request(desk, number="2026-0001")))
    shown = {cells_of(row)[0]: cells_of(row)[1:3] for row in steps.rows}
    assert shown["议单"] == ("2026年11月20日", "逾期 3 天")
    assert shown["派单"] == shown["接单"] == ("　", "　"), "it waits for somebody else"
    assert [cells_of(row)[1:3] for row in besides.rows] == [
        ("派单", "单玥"),
        ("拒单", "单玥；当天值班走不开"),
    ]
    desk.dispatch(order_id, "郭艳")
    desk.accept(order_id)
    desk.office.transact("延期", lambda w: tending.extend(w, order_id, dt.date(2026, 12, 4), "等配件"))
    desk.office.transact("挂起", lambda w: tending.hold(w, order_id, "居民外出"))
    document = order_slip(request(desk, number="2026-0001"))
    (*_, steps, besides) = tables(document)
    assert cells_of(list(steps.rows)[2])[2] == "郭艳"
    assert [cells_of(row)[1:3] for row in besides.rows][2:] == [
        ("延期", "等配件；期限到2026年12月4日"),
        ("挂起", "居民外出"),
    ]
    notes = [block.text for block in document.blocks if isinstance(block, Note)]
    assert notes == ["本单自2026年11月20日起挂起，恢复后接着办理。"]
    assert render_pdf(document, tmp_path / "工单.pdf").pages == 1


def test_the_slip_of_an_order_that_is_late_says_by_how_much(desk: Desk) -> None:
    desk.take()
    notes = [
        block.text
        for block in order_slip(request(desk, number="2026-0001")).blocks
        if isinstance(block, Note)
    ]
    assert notes == ["下一步：议单，应在2026年11月17日前办理，已逾期 3 天。双方评单后登记服务时长。"]


def test_every_column_of_the_summary_adds_up_to_its_figure(desk: Desk) -> None:
    desk.rate(desk.finished())
    desk.finished(topic="噪音争吵", matter="矛盾纠纷", parties="两户", channel="吹哨报到")
    desk.take(topic="停车难", asked_on="2026-11-03", unit_id=desk.units["东门社区"])
    by_code = {figure.code: figure for figure in FIGURES}
    scope = unit_scope(desk.units["样例街道"], "样例街道")
    codes = (*("GD-01", "GD-05", "GD-02", "GD-03", "GD-04", "GD-06", "GD-07"), *("GD-12", "GD-13", "GD-14"))
    wanted = [by_code[code].value(desk.office.reader(), NOVEMBER, scope) for code in codes]
    assert wanted == [3, 0, 2, 2, 0, 2, 2, 1, 0, 0]
    found = tables(order_summary(request(desk)))
    assert [table.name for table in found] == ["按组织", "按来源", "按类别", "按性质", "办理结果"]
    for table in found[:-1]:
        rows = [cells_of(row) for row in table.rows]
        assert [sum(int(str(row[place])) for row in rows) for place in range(1, 11)] == wanted
    assert [cells_of(row)[0] for row in found[1].rows] == ["一键呼叫", "吹哨报到"]


def test_what_became_of_matters_and_disputes_agrees_with_the_figures(desk: Desk) -> None:
    for matter, outcome in (
        ("民情事项", Outcome.SOLVED),
        ("矛盾纠纷", Outcome.MEDIATED),
        ("矛盾纠纷", Outcome.PARTLY),
        ("服务需求", Outcome.UNSOLVED),
    ):
        parties = "301 室与 401 室" if matter == "矛盾纠纷" else None
        order_id = desk.accepted(matter=matter, parties=parties, topic=f"{matter}，请来看看")
        desk.finish(order_id, outcome=outcome, minutes=None)
    asked = request(desk)
    results = tables(order_summary(asked))[-1]
    labels = [column.label for column in results.columns]
    rows = {str(cells_of(row)[0]): dict(zip(labels, cells_of(row), strict=True)) for row in results.rows}
    assert rows["矛盾纠纷"]["已调解"] == rows["矛盾纠纷"]["部分解决"] == 1
    figures = {figure.code: figure for figure in FIGURES}

    def value(code: str) -> int:
        return int(figures[code].value(asked.reader, NOVEMBER, asked.scope))

    assert sum(int(str(row["解决或调解"])) for row in rows.values()) == value("GD-20") == 2
    assert rows["民情事项"]["解决或调解"] == value("GD-21") == 1
    assert rows["矛盾纠纷"]["解决或调解"] == value("GD-22") == 1
    assert sum(int(str(row["办结"])) for row in rows.values()) == value("GD-02") == 4


def test_the_next_shift_reads_what_was_done_and_what_is_left(desk: Desk) -> None:
    order_id = desk.accepted()
    desk.office.transact("跟进", lambda w: tending.follow_up(w, order_id, "物业答应周三来看"))
    resting = desk.take(topic="陪诊", asked_on="2026-11-20")
    desk.office.transact("挂起", lambda w: tending.hold(w, resting, "居民外出"))
    done, left = tables(shift_sheet(request(desk)))
    said = [cells_of(row)[4:] for row in done.rows]
    assert said[-1] == ("挂起", "陪诊", "居民外出")
    assert ("跟进", "厨房水管漏水，请人上门修", "物业答应周三来看") in said
    assert ("点单", "厨房水管漏水，请人上门修", "") not in said, "taken on the 16th, not in this shift"
    assert [cells_of(row)[4:] for row in left.rows] == [
        ("办理中", "单玥", "还有 7 天", "11月20日：物业答应周三来看"),
        ("待议单", "", "今天挂起", ""),
    ]
    earlier, _left = tables(shift_sheet(request(desk, since="2026-11-16")))
    assert len(list(earlier.rows)) == len(said) + 1


def test_the_slip_of_a_dispute_names_the_parties(desk: Desk) -> None:
    desk.take(matter="矛盾纠纷", parties="301 室与 401 室", topic="楼上漏水争执")
    (_facts, told, *_rest) = tables(order_slip(request(desk, number="2026-0001")))
    assert [cells_of(row)[:2] for row in told.rows][1] == ("当事人", "301 室与 401 室")
    (slip,) = (spec for spec in PAPERS if spec.name == "order-slip")
    assert Purpose.PUBLIC not in slip.purposes, "a slip is never put on the wall"


def test_a_long_text_shows_its_beginning_on_lists_and_the_whole_on_the_slip(desk: Desk) -> None:
    topic = "门前停车占道，" * 20
    desk.take(topic=topic)
    (table,) = tables(order_list(request(desk)))
    (row,) = (cells_of(row) for row in table.rows)
    assert row[4] == f"{topic[:59]}…"
    (_facts, told, *_rest) = tables(order_slip(request(desk, number="2026-0001")))
    assert cells_of(next(iter(told.rows)))[1] == topic


def test_a_slip_stays_one_page_with_parties_long_words_and_everything_said(
    desk: Desk, tmp_path: Path
) -> None:
    """The steps of a dispute stood on a second page, with two lines and the signatures."""
    order_id = desk.accepted(
        matter="矛盾纠纷",
        parties="301 室与 401 室",
        topic="楼上卫生间漏水到楼下，两家对赔偿有争议，" * 5,
        address="水湾街道和平小区东区三期三十二号楼四单元一千四百零一室",
    )
    desk.finish(
        order_id, result="邻里议事会上说开，双方当场签了协议，修缮费各出一半", outcome=Outcome.MEDIATED
    )
    desk.rate(order_id)
    document = order_slip(request(desk, number="2026-0001"))
    assert render_pdf(document, tmp_path / "工单.pdf").pages == 1


def test_one_long_name_does_not_take_the_room_of_what_is_asked_for(desk: Desk, tmp_path: Path) -> None:
    """The list of a hundred orders had thirty-seven pages, two orders on each."""
    long = "阿卜杜热西提·买买提依明江"
    desk.office.transact(
        "更名",
        lambda w: w.update(
            "person",
            w.value("SELECT person_id FROM volunteer WHERE id = ?", (desk.people["单玥"],)),
            {"name": long},
        ),
    )
    topic = "小区东门外非机动车道长期被占，早晚高峰推婴儿车和轮椅的居民只能走机动车道，希望协调划线"
    for place in range(24):
        order_id = desk.take(topic=f"{place}{topic}")
        desk.decide(order_id)
        desk.dispatch(order_id)
    rendered = render_pdf(order_list(request(desk)), tmp_path / "台账.pdf")
    assert (rendered.rows, rendered.pages <= 4) == (24, True)


def test_the_slip_tells_the_hours_of_everybody_and_what_was_taken_back(desk: Desk, tmp_path: Path) -> None:
    order_id = desk.accepted()
    desk.office.transact("协办", lambda w: tending.join(w, order_id, desk.people["郭艳"]))
    desk.finish(order_id, minutes=60)
    desk.office.transact("撤回", lambda w: undoing.take_back(w, order_id, "点错了"))
    desk.finish(order_id, minutes=90, helpers={desk.people["郭艳"]: 30}, deliberated_at="小院议事")
    record_id = desk.rate(order_id)
    assert record_id is not None
    right = Correction(minutes=120, starts_minute=None, ends_minute=None, reason="本人提出")
    desk.office.transact("更正", lambda w: correcting.correct_service(w, record_id, right))
    document = order_slip(request(desk, number="2026-0001"))
    (_facts, told, steps, besides) = tables(document)
    shown = {cells_of(row)[0]: cells_of(row)[1] for row in told.rows}
    assert shown["服务时长"] == "单玥 2 小时（由 1.5 小时更正）；协办郭艳 0.5 小时"
    assert shown["办理结果"] == "已解决（经“小院议事”商定）"
    assert cells_of(list(steps.rows)[4])[1] == "2026年11月20日"
    assert [cells_of(row)[1] for row in besides.rows] == ["协办", "完成", "撤回"]
    assert render_pdf(document, tmp_path / "工单.pdf").pages == 1


def test_lists_of_today_name_no_period(desk: Desk) -> None:
    desk.take(asked_on="2026-11-02")
    desk.finished(topic="请人理发")
    for build in (overdue_list, unrated_list):
        document = build(request(desk))
        assert len(list(tables(document)[0].rows)) == 1
        assert "至" not in document.foot.run, document.title
