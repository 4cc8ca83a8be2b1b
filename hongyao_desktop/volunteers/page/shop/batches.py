"""Deliveries (进货) and inventory counts (盘点), keyed as grids and saved in one operation each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from PySide6.QtWidgets import QLabel, QPushButton

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Reader, Role, Row, Writer
from hongyao_desktop.core.fields import Integer, Money, Text
from hongyao_desktop.core.problem import Problem, Refusal
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.batch_page import Batch, BatchPage
from hongyao_desktop.kit.grid_model import GridColumn
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.session import Session
from hongyao_desktop.volunteers.page.shop.places import COUNTER, good_match, goods_lookup
from hongyao_desktop.volunteers.queries import shop as queries
from hongyao_desktop.volunteers.queries import shop_papers
from hongyao_desktop.volunteers.records import shop as records
from hongyao_desktop.volunteers.records.shop import CountLine, StockLine
from hongyao_desktop.volunteers.service import shop

_DAY = replace(records.MOVEMENTS.field("moved_on"), label="进货日期", aliases=())
_SOURCE = Field(
    name="source",
    label="来源",
    type=Text(max_chars=100),
    sensitivity=Sensitivity.INTERNAL,
    width=16,
    example="发票 0231，某超市",
    help="发票、收据或捐赠人。",
)
_COST = replace(records.COST, type=Money(), label="总价（元）", aliases=(), help="")
_STOCK = replace(records.GOODS.field("stock"), label="现有", width=4)
_MEASURE = replace(records.MEASURE, width=4)
_COUNTED_ON = replace(
    records.MOVEMENTS.field("moved_on"), label="盘点日期", aliases=(), help="按今天的库存盘点。"
)
_COUNTED = Field(
    name="counted",
    label="实有数",
    type=Integer(high=100_000),
    sensitivity=Sensitivity.OPEN,
    width=5,
)
_REASON = replace(records.MOVEMENTS.field("reason"), width=14)


def _lines(rows: Sequence[Row]) -> list[StockLine]:
    return [
        StockLine(
            good_id=row.get("good_id") or "", quantity=row.get("quantity") or 0, cost_fen=row.get("cost_fen")
        )
        for row in rows
    ]


def _counts(rows: Sequence[Row]) -> list[CountLine]:
    return [
        CountLine(good_id=row["good_id"], counted=row["counted"], reason=row.get("reason"))
        for row in rows
        if row.get("good_id") and row.get("counted") is not None
    ]


class _StockIn:
    """What the page of deliveries asks."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._budget_left: int | None = None
        self.batch = Batch(
            title="进货",
            op="登记进货",
            head=(_DAY, _SOURCE),
            columns=(
                GridColumn(field=records.GOOD, lookup=goods_lookup(), unique=True),
                GridColumn(field=_STOCK, shows="stock"),
                GridColumn(field=_MEASURE, shows="measure"),
                GridColumn(field=records.QUANTITY),
                GridColumn(field=_COST),
            ),
            save=self.save,
            check=self.check,
            footer=self.footer,
            done=lambda _head, rows: f"已登记进货 {len(rows)} 种",
            defaults=self.defaults,
            back=COUNTER,
            roles=(Role.ENTRY, Role.REVIEW),
            teaching="输入商品首字母或编号，↓ 选定，Enter 到数量；Tab 到总价，捐赠的填 0",
        )

    def defaults(self, session: Session) -> Mapping[str, Any]:
        """A new delivery: today, and what is left of this year's budget is read for the footer."""
        today = session.today()
        try:
            most = queries.rule_on(session.reader, today).year_budget_fen
        except Refusal:  # saving will say that no rule is in force
            most = None
        spent = queries.spent_in_year(session.reader, today.year)
        self._budget_left = None if most is None else most - spent
        return {"moved_on": today.isoformat()}

    def check(self, reader: Reader, head: Row, rows: list[Row]) -> list[Problem]:
        """Day and budget; quantities are the grid's own to object to."""
        if not head.get("moved_on") or not rows:
            return []
        day = dt.date.fromisoformat(head["moved_on"])
        found = shop.stock_problems(reader, _lines(rows), day, self._session.today())
        place = next((place for place, row in enumerate(rows, 1) if row.get("cost_fen")), 1)
        return [
            problem.at(row=place) if problem.code == "shop.budget" else problem
            for problem in found
            if problem.code != "shop.quantity"
        ]

    def save(self, writer: Writer, head: Row, rows: list[Row]) -> str:
        """One movement for each line."""
        day = dt.date.fromisoformat(head["moved_on"])
        shop.stock_in(writer, _lines(rows), day, source=head.get("source"))
        return ""

    def footer(self, _head: Row, rows: list[Row]) -> str:
        """Kinds, pieces, what they cost, and what was left of the year's budget before."""
        pieces = sum(row.get("quantity") or 0 for row in rows)
        cost = sum(row.get("cost_fen") or 0 for row in rows)
        left = self._budget_left
        budget = "" if left is None else f"　今年预算还有 {Money().format(left)} 元"
        return f"{len(rows)} 种　数量 {pieces:,}　合计 {Money().format(cost)} 元{budget}"


class StockInPage(BatchPage):
    """A delivery, line by line."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, _StockIn(session).batch)


def _count_check(reader: Reader, _head: Row, rows: list[Row]) -> list[Problem]:
    """Differences of the rows that are counted; a difference without a reason is an objection."""
    places = [
        place for place, row in enumerate(rows, 1) if row.get("good_id") and row.get("counted") is not None
    ]
    return [
        replace(problem, row=places[(problem.row or 1) - 1])  # the place known is that among what is counted
        for problem in shop.count_problems(reader, _counts(rows))
    ]


def _count_save(writer: Writer, head: Row, rows: list[Row]) -> str:
    if not _counts(rows):
        raise Refusal("还没有填实有数，请至少盘一种")
    shop.count_stock(writer, _counts(rows), dt.date.fromisoformat(head["moved_on"]))
    return ""


def _differences(rows: Sequence[Row]) -> int:
    return sum(
        row["counted"] != row["good_id_row"]["stock"]
        for row in rows
        if row.get("counted") is not None and row.get("good_id_row")
    )


def _count_footer(_head: Row, rows: list[Row]) -> str:
    counted = len(_counts(rows))
    return f"已盘 {counted} / {len(rows)} 种　不符 {_differences(rows)} 种"


def _count_done(_head: Row, rows: list[Row]) -> str:
    wrong, counted = _differences(rows), len(_counts(rows))
    left = f"；{len(rows) - counted} 种没有盘，库存不变" if counted < len(rows) else ""
    return f"已盘点 {counted} 种，" + (f"{wrong} 种按实有数更正" if wrong else "账实相符") + left


def _count_batch() -> Batch:
    return Batch(
        title="盘点",
        op="盘点库存",
        head=(_COUNTED_ON,),
        columns=(
            GridColumn(field=records.GOOD, lookup=goods_lookup(), unique=True),
            GridColumn(field=_MEASURE, shows="measure"),
            GridColumn(field=replace(_STOCK, label="账面"), shows="stock"),
            GridColumn(field=_COUNTED, stops=True),
            GridColumn(field=_REASON),
        ),
        save=_count_save,
        check=_count_check,
        footer=_count_footer,
        done=_count_done,
        defaults=_today,
        back=COUNTER,
        roles=(Role.REVIEW, Role.APPROVE),
        otherwise="可先打印盘点表清点，再请他登录来录",
        teaching="填实有数，Enter 下一行；不符的写明原因；空着的不盘，库存不变",
    )


def _today(session: Session) -> Mapping[str, Any]:
    return {"moved_on": session.today().isoformat()}


def _before_words(count: Row | None) -> str:
    """When stock was counted last, and what came of it."""
    if count is None:
        return "还没有盘点过"
    day = format_cn(dt.date.fromisoformat(count["counted_on"]))
    found = f"不符 {count['differing']} 种" if count["differing"] else "账实相符"
    return f"上次盘点 {day}，{count['recorded_by']}录入，{count['goods']} / {count['shelf']} 种，{found}"


class CountPage(BatchPage):
    """An inventory count: every good on the shelf stands in a row already, only the numbers are typed."""

    _COUNTED_COLUMN = 3
    before: QLabel | None = None
    """When stock was counted last; the first shelf is laid out before it is there."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, _count_batch())
        self.on_key("F9", self.print_sheet)
        self.before = named(QLabel(self), "note")
        self.head.addWidget(self.before)
        print_button = QPushButton("打印盘点表  F9", self)
        print_button.clicked.connect(self.print_sheet)
        self.head.addWidget(print_button)
        self.on_key("F10", self.print_result)
        self.result_button = QPushButton("打印结果  F10", self)
        self.result_button.clicked.connect(self.print_result)
        self.head.addWidget(self.result_button)
        self._tell_last()

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The strip."""
        return (
            ("Ctrl+S", "保存"),
            ("F6", "到名单"),
            ("F9", "打印盘点表"),
            ("F10", "打印结果"),
            ("Esc", "返回"),
        )

    def print_sheet(self) -> None:
        """F9: the sheet to count on, in the order of these rows."""
        self.session.go("papers", "shop-count")

    def print_result(self) -> None:
        """F10: what the last count found, to be signed."""
        count = shop_papers.last_count(self.session.reader)
        if count is None:
            self.say(Tone.INFO, "还没有盘点过，盘完保存以后再打印结果")
            return
        asked = urlencode({"what": "结果", "day": count["counted_on"]})
        self.session.go("papers", f"shop-count?{asked}")

    def _tell_last(self) -> None:
        if self.before is None:
            return
        count = shop_papers.last_count(self.session.reader)
        self.before.setText(_before_words(count))
        self.result_button.setVisible(count is not None)

    def start(self) -> None:
        """Begin anew with the whole shelf."""
        self.grid.go(0, 0, focus=False)
        super().start()
        self.grid.go(
            0, self._COUNTED_COLUMN, focus=False
        )  # the editor must not stand where rows are filled in
        for place, row in enumerate(queries.goods_on_shelf(self.session.reader)):
            match = good_match(row)
            self.grid.model.type_text(place, records.GOOD.name, match.label, match)
        self.grid.go(0, self._COUNTED_COLUMN, focus=False)
        self._tell_last()

    def activate(self) -> None:
        """The first number; the day is today anyway. Stock that moved in between is read anew."""
        self._tell_last()
        if not any(row.get("counted") is not None for row in self.grid.model.values()):
            self.start()
        self.grid.focus()

    def unsaved(self) -> str | None:
        """Only what was counted would be lost."""
        counted = sum(row.get("counted") is not None for row in self.grid.model.values())
        return f"{self.batch.title}：{counted} 种" if counted else None
