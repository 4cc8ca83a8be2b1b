"""Every figure is the rows behind it, counted or added up; what is overdue is so as of the end of the period."""

from __future__ import annotations

import datetime as dt

import pytest

from hongyao_desktop.core.figure import Figure, Period
from hongyao_desktop.orders.queries import boards
from hongyao_desktop.orders.queries.boards import View
from hongyao_desktop.orders.queries.figures import FIGURES
from hongyao_desktop.orders.records.states import Outcome, State, Word
from hongyao_desktop.orders.service import stepping
from hongyao_desktop.people.queries import unit_scope
from tests.orders.desk import TODAY, Desk

NOVEMBER = Period(dt.date(2026, 11, 1), TODAY)
BY_CODE = {figure.code: figure for figure in FIGURES}


def fill(desk: Desk) -> None:
    """Twelve orders in every state, in two communities."""
    east = {"unit_id": desk.units["东门社区"]}
    desk.rate(desk.finished())
    desk.rate(desk.finished(topic="请人理发", **east), Word.POOR)
    desk.rate(desk.finished(topic="陪诊"), Word.FAIR, None)
    late = desk.accepted(topic="飞线充电", matter="民情事项", wanted_by="2026-11-17", asked_on="2026-11-17")
    desk.finish(late, completed_on=TODAY)
    dispute = desk.accepted(topic="噪音争吵", matter="矛盾纠纷", parties="两户")
    desk.finish(dispute, outcome=Outcome.MEDIATED)
    desk.accepted(topic="修灯", **east)
    given = desk.take(topic="代办证明")
    desk.decide(given)
    desk.dispatch(given)
    desk.take(topic="停车难", asked_on="2026-11-03")
    declined = desk.take(topic="找工作")
    desk.office.transact("不受理", lambda w: stepping.decline(w, declined, "不属于本办"))
    void = desk.take(topic="登错了")
    desk.office.transact("作废", lambda w: stepping.void_order(w, void, "登错"))


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.code)
def test_a_figure_equals_its_rows(desk: Desk, figure: Figure) -> None:
    fill(desk)
    scope = unit_scope(desk.units["样例街道"], "样例街道")
    reader = desk.office.reader()
    rows = figure.drill(reader, NOVEMBER, scope)
    column = figure.sum_column
    value = figure.value(reader, NOVEMBER, scope)
    assert value == (len(rows) if column is None else sum(row[column] for row in rows))
    assert all(name in row for row in rows for name, _heading in figure.columns)
    parts = ("水湾社区", "东门社区")
    below = sum(figure.value(reader, NOVEMBER, unit_scope(desk.units[part], part)) for part in parts)
    assert below <= value
    assert figure.definition.endswith("。")


def test_the_numbers_are_those_of_the_orders(desk: Desk) -> None:
    fill(desk)
    scope = unit_scope(desk.units["样例街道"], "样例街道")
    values = {code: figure.value(desk.office.reader(), NOVEMBER, scope) for code, figure in BY_CODE.items()}
    assert values == {
        "GD-01": 9,
        "GD-02": 5,
        "GD-03": 5,
        "GD-04": 0,
        "GD-05": 1,
        "GD-06": 6,
        "GD-07": 1,
        "GD-08": 3,
        "GD-09": 0,
        "GD-10": 0,
        "GD-11": 3,
        "GD-12": 1,
        "GD-13": 1,
        "GD-14": 1,
        "GD-20": 5,
        "GD-21": 1,
        "GD-22": 1,
        "GD-23": 0,
        "GD-31": 1,
        "GD-32": 180,
    }
    east = unit_scope(desk.units["东门社区"], "东门社区")
    assert BY_CODE["GD-01"].value(desk.office.reader(), NOVEMBER, east) == 2


def test_overdue_is_as_of_the_end_of_the_period(desk: Desk) -> None:
    order_id = desk.take(asked_on="2026-11-03")
    scope = unit_scope(desk.units["样例街道"], "样例街道")
    desk.decide(order_id, dt.date(2026, 11, 10))

    def overdue(last: dt.date) -> int:
        return BY_CODE["GD-07"].value(desk.office.reader(), Period(dt.date(2026, 11, 1), last), scope)

    days = [dt.date(2026, 11, day) for day in (4, 5, 9, 10, 11, 12)]
    assert [overdue(day) for day in days] == [0, 1, 1, 0, 0, 1]


def test_the_board_counts_what_it_shows(desk: Desk) -> None:
    fill(desk)
    shown = boards.board(desk.office.reader(), TODAY)
    assert [(column.state, column.count) for column in shown.columns] == [
        (State.ASKED, 1),
        (State.DECIDED, 0),
        (State.DISPATCHED, 1),
        (State.ACCEPTED, 1),
        (State.COMPLETED, 3),
    ]
    assert all(column.count == len(column.cards) for column in shown.columns)
    assert shown.counts == {View.ALL: 6, View.OVERDUE: 1, View.TODAY: 0, View.UNRATED: 3, View.HELD: 0}
    assert shown.rated_this_month == 2
    (late,) = boards.overdue_orders(desk.office.reader(), TODAY)
    assert late["topic"] == "停车难"
    waiting = boards.waiting(desk.office.reader(), TODAY)
    assert waiting[State.ASKED] == (1, 1, "2026-11-04")
    few = boards.board(desk.office.reader(), TODAY, limit=2)
    assert (few.columns[-1].count, len(few.columns[-1].cards)) == (3, 2)


def test_orders_at_rest_are_counted_without_reading_all_orders(desk: Desk) -> None:
    plan = desk.office.reader().all("EXPLAIN QUERY PLAN " + boards.RESTING.format(among=""))
    assert "order_held" in plan[0]["detail"], plan
