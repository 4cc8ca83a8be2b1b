"""访问日志: who came, looked, exported, printed, and what was refused. For the audit administrator and auditors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from hongyao_desktop.app.access.reveal_reason import ScreenSession
from hongyao_desktop.core.dates import DateProblem, parse_date
from hongyao_desktop.core.desk import Changes, Row
from hongyao_desktop.core.fields import CellKind, Integer, Text
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.keys import ComposingLineEdit, EnterKeys
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.pieces import named, restate
from hongyao_desktop.kit.rows import HeldRows
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.table import RegisterTable
from hongyao_desktop.kit.tokens import Height, Space
from hongyao_desktop.store import Office, access

SHOWN_AT_MOST: Final = 2_000
PURPOSE: Final = "审计查阅"


def _text(name: str, label: str, width: int) -> Field:
    return Field(name=name, label=label, type=Text(), sensitivity=Sensitivity.INTERNAL, width=width)


COLUMNS: Final = (
    _text("shown_at", "时间", 11),
    _text("operator_name", "操作员", 5),
    _text("event", "事件", 6),
    _text("outcome", "结果", 3),
    _text("subject", "内容", 16),
    _text("field", "字段", 5),
    _text("purpose", "用途", 8),
    Field(name="row_count", label="条数", type=Integer(), sensitivity=Sensitivity.INTERNAL, width=4),
    Field(name="times", label="次数", type=Integer(), sensitivity=Sensitivity.INTERNAL, width=3),
    _text("device", "电脑", 7),
)


def _ask_file(parent: QWidget, proposed: Path) -> Path | None:
    name, _filter = QFileDialog.getSaveFileName(parent, "访问日志导出到", str(proposed), "表格 (*.xlsx)")
    return Path(name) if name else None


class AccessLogPage(Page):
    """The log with a search line above it; ``choose_file`` asks where an export goes, tests answer it beforehand."""

    def __init__(
        self,
        session: Session,
        office: Office,
        choose_file: Callable[[QWidget, Path], Path | None] = _ask_file,
    ) -> None:
        super().__init__(session, "访问日志")
        self._office = office
        self._choose_file = choose_file
        self.rows: list[Row] = []
        style = look()
        self._keys = EnterKeys(self)
        self._keys.onward.connect(lambda _line: self.search())
        line = QHBoxLayout()
        line.setSpacing(style.px(Space.S))
        self.first = self._input(line, "起始日期", "2026-11-01", 7)
        self.last = self._input(line, "截止日期", "今天", 7)
        self.who = self._input(line, "操作员", "全部", 6)
        self.text = self._input(line, "内容", "事件、内容、用途、电脑里的词", 0)
        self.search_button = QPushButton("查找  Enter", self)
        self.search_button.setProperty("primary", True)
        self.search_button.clicked.connect(self.search)
        self.export_button = QPushButton("导出  F7", self)
        self.export_button.clicked.connect(self.export)
        line.addWidget(self.search_button)
        line.addWidget(self.export_button)
        self.column.addLayout(line)
        self.column.addSpacing(style.px(Space.S))
        self.table = RegisterTable(
            COLUMNS,
            name="访问日志",
            tone=_tone,
            empty=EmptyState(
                "没有符合条件的记录", "登录、查看完整号码、导出、打印都会记在这里，一直保存，不能删改"
            ),
        )
        self.status = named(QLabel(self), "listStatus")
        self.status.setFixedHeight(style.px(Space.XXL))
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self.status)
        self.on_key("F3", self.text.setFocus)
        self.on_key("F7", self.export)
        if isinstance(session, ScreenSession):
            session.visited.connect(self._visited)

    def _input(self, line: QHBoxLayout, label: str, hint: str, width: int) -> QLineEdit:
        words = named(QLabel(label, self), "fieldLabel")
        entry = ComposingLineEdit(self)
        entry.setFixedHeight(look().px(Height.INPUT))
        entry.setPlaceholderText(hint)
        entry.setAccessibleName(label)
        entry.installEventFilter(self._keys)
        words.setBuddy(entry)
        if width:
            wide = look().text_width("国" * width) + look().px(Space.L)
            entry.setMaximumWidth(wide)
            entry.setMinimumWidth(wide * 2 // 3)  # with large text every input gives a little, none overlaps
        line.addWidget(words)
        line.addWidget(entry, width or 20)
        return entry

    # -- the page

    def touches(self, changes: Changes) -> bool:
        """Every entry."""
        return "access_log" in changes.tables

    def reload(self) -> None:
        """Read what was asked for."""
        query = self.query()
        if query is not None:
            self.session.read(self, lambda _reader: access.entries(self._office, query), self._show)

    search = reload

    def _visited(self, _changes: Changes) -> None:
        if self.isVisible():
            self.reload()

    def activate(self) -> None:
        """The list has the keyboard."""
        self.table.view.setFocus()

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The strip."""
        return (("F3", "查找"), ("F7", "导出"))

    def query(self) -> access.LogQuery | None:
        """What the inputs ask for; None when a date cannot be read, which is said."""
        days: list[dt.date | None] = []
        for entry in (self.first, self.last):
            typed = entry.text().strip()
            try:
                days.append(parse_date(typed, today=self.session.today()) if typed else None)
            except DateProblem as problem:
                restate(entry, "tone", "bad")
                self.say(Tone.BAD, f"{entry.accessibleName()}“{typed}”看不懂：{problem}")
                entry.setFocus()
                return None
            restate(entry, "tone", "")
        return access.LogQuery(
            first=days[0],
            last=days[1],
            operator=self.who.text().strip(),
            text=self.text.text().strip(),
            limit=SHOWN_AT_MOST,
        )

    def _show(self, rows: list[Row]) -> None:
        self.rows = [{**row, "shown_at": row["at"][:19].replace("T", " ")} for row in rows]
        self.table.show_rows(HeldRows(self.rows), self.session.reader)
        full = f"，只显示最近 {SHOWN_AT_MOST:,} 条，请缩小范围" if len(rows) == SHOWN_AT_MOST else ""
        denied = sum(row["outcome"] == access.DENIED for row in rows)
        self.status.setText(f"共 {len(rows):,} 条，其中拒绝 {denied:,} 条{full}")

    # -- export

    def export(self) -> None:
        """F7: everything found goes into a workbook; the export is noted like every other."""
        query = self.query()
        if query is None:
            return
        out = self._choose_file(self, Path.home() / f"访问日志{self.session.today():%Y%m%d}.xlsx")
        if out is None:
            return
        self.session.jobs.write(
            self,
            lambda: export_log(self._office, query, out),
            lambda count: self.say(Tone.GOOD, f"已导出访问日志 {count:,} 条：{out.name}"),
            self.refuse,
            what="导出访问日志",
        )


def _tone(field: Field, row: Row) -> str | None:
    return "bad" if field.name == "outcome" and row["outcome"] == access.DENIED else None


def export_log(office: Office, query: access.LogQuery, out: Path) -> int:
    """Write the entries that answer ``query`` (all of them) to a workbook; returns how many."""
    from hongyao_desktop.sheets.writing import ColumnOut, Properties, SheetOut, write_book

    every = access.LogQuery(first=query.first, last=query.last, operator=query.operator, text=query.text)
    rows = access.entries(office, every)
    access.record(
        office,
        access.Visit(event=access.EXPORT, subject="访问日志", purpose=PURPOSE, row_count=len(rows)),
    )
    kinds = {"row_count": CellKind.INTEGER, "times": CellKind.INTEGER}
    names = ["at", *(field.name for field in COLUMNS[1:]), "register", "row_id"]
    labels = ["时间", *(field.label for field in COLUMNS[1:]), "台账", "记录编号"]
    columns = [
        ColumnOut(label, kinds.get(name, CellKind.TEXT), 12)
        for name, label in zip(names, labels, strict=True)
    ]
    properties = Properties(
        title=f"{office.info.name}访问日志",
        subject=f"日志校验值 {office.head()}",
        creator=office.who.name,
        created=office.clock.now(),
    )
    write_book(
        out, [SheetOut("访问日志", columns, (tuple(row[name] for name in names) for row in rows))], properties
    )
    return len(rows)
