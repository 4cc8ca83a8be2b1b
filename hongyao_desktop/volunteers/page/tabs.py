"""Pages of one volunteer beside the list: hours, points, months (时长、积分、按月)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.fields import Integer, Minutes, Points, Text
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.parts import DetailTab
from hongyao_desktop.kit.rows import HeldRows, Toner
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.table import RegisterTable
from hongyao_desktop.volunteers.queries import life
from hongyao_desktop.volunteers.records.points import POINTS
from hongyao_desktop.volunteers.records.rows import Evidence
from hongyao_desktop.volunteers.records.services import SERVICES


def _shown(name: str, label: str, kind: Text | Minutes | Points | Integer, width: int) -> Field:
    return Field(
        name=name, label=label, type=kind, sensitivity=Sensitivity.INTERNAL, derived=True, width=width
    )


HOURS = tuple(SERVICES.field(name) for name in ("served_on", "title", "minutes", "evidence", "state"))
MOVEMENTS = (
    POINTS.field("entered_on"),
    POINTS.field("kind"),
    POINTS.field("points"),
    _shown("balance", "余额", Points(allow_negative=True), 6),
    POINTS.field("explanation"),
)
MONTHS = (
    _shown("id", "月份", Text(), 6),
    _shown("services", "次数", Integer(), 4),
    _shown("signed", "签到", Minutes(), 5),
    _shown("made_up", "补录", Minutes(), 5),
    _shown("imported", "导入", Minutes(), 5),
    _shown("points", "积分", Points(allow_negative=True), 6),
)


def reversal_tone(field: Field, row: Row) -> str | None:
    """Reversed rows step back, reversing rows are red, as in a cash book."""
    if row.get("state") == "冲正":
        return "seal"
    if row.get("state") == "已冲正":
        return "ink_3"
    return "bad" if field.name == "balance" and (row.get("balance") or 0) < 0 else None


class RowsTab(QWidget):
    """A plain list of what belongs to one volunteer; explanations are read in the tip of their row."""

    def __init__(
        self,
        session: Session,
        fields: Sequence[Field],
        read: Callable[[Reader, str], list[Row]],
        *,
        name: str,
        empty: str,
        tone: Toner | None = None,
    ) -> None:
        super().__init__()
        self._session = session
        self._read = read
        self._wanted = ""
        self.table = RegisterTable(fields, name=name, tone=tone, empty=EmptyState(empty, ""), parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)

    def show_row(self, row: Row) -> None:
        """Show what belongs to this volunteer."""
        wanted = self._wanted = str(row["id"])

        def done(rows: list[Row]) -> None:
            if wanted == self._wanted:
                self.table.show_rows(HeldRows(rows), self._session.reader)

        self._session.read(self, lambda reader: self._read(reader, wanted), done)


def _months(reader: Reader, volunteer_id: str) -> list[Row]:
    return [
        {
            "id": month.month,
            "services": month.services,
            "signed": month.minutes[Evidence.SIGNED],
            "made_up": month.minutes[Evidence.MADE_UP],
            "imported": month.minutes[Evidence.IMPORTED],
            "points": month.points,
        }
        for month in life.months_of(reader, volunteer_id)
    ]


TABS = (
    DetailTab(
        label="时长",
        build=lambda session: RowsTab(
            session, HOURS, life.services_of, name="服务时长", empty="还没有服务记录", tone=reversal_tone
        ),
    ),
    DetailTab(
        label="积分",
        build=lambda session: RowsTab(
            session, MOVEMENTS, life.movements_of, name="积分明细", empty="还没有积分", tone=reversal_tone
        ),
    ),
    DetailTab(
        label="按月",
        build=lambda session: RowsTab(session, MONTHS, _months, name="按月合计", empty="还没有服务记录"),
    ),
)
