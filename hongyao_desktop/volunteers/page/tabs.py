"""Pages of one volunteer beside the list: hours, points, months (时长、积分、按月)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.fields import Integer, Minutes, Points, Text
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.parts import DetailTab
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.rows import HeldRows, Toner
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.table import RegisterTable
from hongyao_desktop.kit.tokens import Space
from hongyao_desktop.volunteers.queries import life, spending
from hongyao_desktop.volunteers.records.points import POINTS
from hongyao_desktop.volunteers.records.rows import Evidence, clock_text
from hongyao_desktop.volunteers.records.services import SERVICES


def _shown(name: str, label: str, kind: Text | Minutes | Points | Integer, width: int) -> Field:
    return Field(
        name=name, label=label, type=kind, sensitivity=Sensitivity.INTERNAL, derived=True, width=width
    )


HOURS = (
    SERVICES.field("served_on"),
    replace(SERVICES.field("title"), width=8),
    replace(SERVICES.field("minutes"), width=3),
    replace(SERVICES.field("evidence"), width=3),
    replace(SERVICES.field("state"), width=4),
)
MOVEMENTS = (
    POINTS.field("entered_on"),
    replace(POINTS.field("kind"), width=4),
    replace(POINTS.field("points"), width=4),
    _shown("balance", "余额", Points(allow_negative=True), 5),
)
MONTHS = (
    _shown("id", "月份", Text(), 5),
    _shown("services", "次数", Integer(), 3),
    _shown("signed", "签到", Minutes(), 4),
    _shown("made_up", "补录", Minutes(), 4),
    _shown("imported", "导入", Minutes(), 4),
    _shown("points", "积分", Points(allow_negative=True), 4),
)


AWARDS = (
    POINTS.field("earned_on"),
    replace(POINTS.field("kind"), width=4),
    replace(POINTS.field("points"), width=4),
    _shown("remaining", "还剩", Points(), 4),
)
SIGNUPS = (
    _shown("code", "行码", Text(), 2),
    _shown("number", "编号", Text(), 5),
    _shown("name", "姓名", Text(), 4),
    _shown("minutes", "时长", Minutes(), 3),
    _shown("status", "状态", Text(), 4),
)
HONOURS = (
    _shown("day", "日期", Text(), 5),
    _shown("what", "事项", Text(), 4),
    _shown("words", "内容", Text(), 9),
    _shown("status", "状态", Text(), 4),
)


def reversal_tone(field: Field, row: Row) -> str | None:
    """Reversed rows step back, reversing rows are red, as in a cash book."""
    if row.get("state") == "冲正":
        return "seal"
    if row.get("state") == "已冲正":
        return "ink_3"
    return "bad" if field.name == "balance" and (row.get("balance") or 0) < 0 else None


class RowsTab(QWidget):
    """A plain list of what belongs to one volunteer; what the current row has to say stands below it."""

    def __init__(
        self,
        session: Session,
        fields: Sequence[Field],
        read: Callable[[Reader, str], list[Row]],
        *,
        name: str,
        empty: tuple[str, str],
        tone: Toner | None = None,
        says: Callable[[Row], str] | None = None,
        opens: Callable[[Row], tuple[str, str]] | None = None,
    ) -> None:
        super().__init__()
        self._opens = opens
        self._session = session
        self._read = read
        self._wanted = ""
        self._rows: list[Row] = []
        self.table = RegisterTable(fields, name=name, tone=tone, empty=EmptyState(*empty), parent=self)
        self._says = says
        self.said = named(QLabel(self), "note")
        self.said.setWordWrap(True)
        self.said.setVisible(says is not None)
        self.table.current_changed.connect(self._tell)
        self.table.opened.connect(self._follow)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().px(Space.S))
        column.addWidget(self.table, 1)
        column.addWidget(self.said)

    def show_row(self, row: Row) -> None:
        """Show what belongs to this volunteer."""
        wanted = self._wanted = str(row["id"])

        def done(rows: list[Row]) -> None:
            if wanted == self._wanted:
                self._rows = rows
                self.table.show_rows(HeldRows(rows), self._session.reader, position=0)
                self._tell()

        self._session.read(self, lambda reader: self._read(reader, wanted), done)

    def take_keyboard(self) -> None:
        """The keyboard goes to the list."""
        self.table.view.setFocus()

    def _follow(self, row_id: str) -> None:
        """Enter: go to what a line is about."""
        row = next((row for row in self._rows if row["id"] == row_id), None)
        if self._opens is not None and row is not None:
            place, target = self._opens(row)
            if place:
                self._session.go(place, target)

    def _tell(self, _row_id: str = "") -> None:
        row = self.table.model.row(self.table.current_position()) if self.table.model.rowCount() else None
        self.said.setText(self._says(row) if self._says is not None and row is not None else "")


def _months(reader: Reader, volunteer_id: str) -> list[Row]:
    """Months, newest first; hours taken over from older books stand in a line of their own, they are of no month."""
    rows: list[Row] = []
    for month in life.months_of(reader, volunteer_id):
        own = {
            "id": month.month,
            "services": month.services,
            "signed": month.minutes[Evidence.SIGNED],
            "made_up": month.minutes[Evidence.MADE_UP],
            "imported": month.minutes[Evidence.IMPORTED] - month.opening,
            "points": month.points,
            "says": "",
        }
        if any(own[name] for name in ("services", "signed", "made_up", "imported", "points")):
            rows.append(own)
        if month.opening:
            rows.append(
                {
                    **dict.fromkeys(own),
                    "id": "期初转入",
                    "imported": month.opening,
                    "says": f"{month.month} 由启用台账以前的旧簿册转入，是以前的服务，不计次数",
                }
            )
    return rows


def _service_words(row: Row) -> str:
    """Times, reason, witness and source of a service."""
    said = []
    if row["starts_minute"] is not None and row["ends_minute"] is not None:
        said.append(f"{clock_text(row['starts_minute'])}—{clock_text(row['ends_minute'])}")
    said += [row[name] for name in ("reason", "source") if row[name]]
    if row["witness"]:
        said.append(f"证明人 {row['witness']}")
    return "，".join([*said, f"{row['recorded_by']} {row['recorded_on']} 登记"])


def _hours_tab(session: Session) -> RowsTab:
    return RowsTab(
        session,
        HOURS,
        life.services_of,
        name="服务时长",
        empty=("还没有服务记录", "登记活动后，这里列出每一次服务"),
        tone=reversal_tone,
        says=_service_words,
    )


def _points_tab(session: Session) -> RowsTab:
    return RowsTab(
        session,
        MOVEMENTS,
        _movements,
        name="积分明细",
        empty=("还没有积分", "登记服务后，这里列出每一笔积分和算法"),
        tone=reversal_tone,
        says=_movement_words,
    )


def _months_tab(session: Session) -> RowsTab:
    return RowsTab(
        session,
        MONTHS,
        _months,
        name="按月合计",
        empty=("还没有服务记录", "登记活动后，这里按月合计"),
        says=lambda row: str(row["says"]),
    )


def _movements(reader: Reader, volunteer_id: str) -> list[Row]:
    """Entries with what each spending drew from."""
    drawn = life.drawn_by_spending(reader, volunteer_id)
    return [{**row, "drawn": drawn.get(row["id"], "")} for row in life.movements_of(reader, volunteer_id)]


def _movement_words(row: Row) -> str:
    return f"{row['explanation']}。用的是{row['drawn']}" if row["drawn"] else str(row["explanation"])


def _awards_tab(session: Session) -> RowsTab:
    return RowsTab(
        session,
        AWARDS,
        lambda reader, volunteer_id: [
            row for row in spending.awards_of(reader, volunteer_id) if row["remaining"]
        ],
        name="还没有用的积分",
        empty=("没有可用的积分", "兑换和清零都从最早得到的用起"),
        says=lambda row: str(row["explanation"]),
    )


def _honours_tab(session: Session) -> RowsTab:
    return RowsTab(
        session,
        HONOURS,
        life.honours_of,
        name="奖惩和文件",
        empty=("还没有奖惩和文件", "授予的星级、开具的证明、失信记录列在这里"),
        says=lambda row: str(row["words"]),
    )


TABS = (
    DetailTab(label="时长", build=_hours_tab),
    DetailTab(label="积分", build=_points_tab),
    DetailTab(label="余额", build=_awards_tab),
    DetailTab(label="按月", build=_months_tab),
    DetailTab(label="奖惩", build=_honours_tab),
)
