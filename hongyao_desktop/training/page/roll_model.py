"""What the roll shows: marks by person and session, and beside them 学时 and the 1/7 leave meter, live."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from hongyao_desktop.core import hours, pinyin
from hongyao_desktop.kit.marks import Mark as MarkKind
from hongyao_desktop.kit.marks import MarkColumn, MarkModel, MarkRow
from hongyao_desktop.kit.rows import Index
from hongyao_desktop.training.queries import ClassSheet
from hongyao_desktop.training.rules import LeaveMeter

KINDS = (
    MarkKind("到", "到", "1d", "good"),
    MarkKind("迟到", "迟", "2c", "warn"),
    MarkKind("早退", "退", "3z", "warn"),
    MarkKind("请假", "假", "4q", "info"),
    MarkKind("缺勤", "缺", "5x", "bad"),
)
"""The marks, each with the keys that set it: a figure, or the initial of its word (× for 缺勤)."""

Seat = tuple[str, str]
"""Session id and trainee id, as the attendance of a class is kept."""

Typed = dict[Seat, str | None]


def session_label(day: str, part: str, *, with_month: bool) -> str:
    """A session as the head of a column: 11日上午, or 5月11日上午 where the class runs over a month's end."""
    month, number = int(day[5:7]), int(day[8:10])
    return f"{month}月{number}日{part}" if with_month else f"{number}日{part}"


class RollModel(MarkModel):
    """People and sessions of one class with the marks as typed so far."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(KINDS, "姓名", parent)
        self.sheet: ClassSheet | None = None
        self.reasons: dict[Seat, str | None] = {}
        self._stored: dict[tuple[str, str], str] = {}
        self._keys: dict[str, frozenset[str]] = {}
        self._meters: dict[int, LeaveMeter] = {}

    def show_sheet(
        self, sheet: ClassSheet, typed: Mapping[Seat, str | None], reasons: Mapping[Seat, str | None]
    ) -> None:
        """Show a class; ``typed`` and ``reasons`` are what was keyed before and not saved yet."""
        self.sheet = sheet
        self.reasons = dict(reasons)
        self._meters.clear()
        months = {session["held_on"][:7] for session in sheet.sessions}
        closed = sheet.training["status"] == "取消"
        self._stored = {(trainee, session): row["mark"] for (session, trainee), row in sheet.marks.items()}
        values = dict(self._stored)
        for (session, trainee), mark in typed.items():
            if mark is not None:
                values[trainee, session] = mark
        self.load(
            [MarkRow(trainee["id"], trainee["name"], trainee["post"] or "") for trainee in sheet.trainees],
            [
                MarkColumn(
                    session["id"],
                    session_label(session["held_on"], session["part"], with_month=len(months) > 1),
                    f"{hours.format_centi(session['full_credit'])}学时",
                    closed=closed,
                )
                for session in sheet.sessions
            ],
            values,
        )
        self._keys = {
            trainee["id"]: frozenset({*pinyin.search_keys(trainee["name"]), trainee["name"]})
            for trainee in sheet.trainees
        }

    def typed(self) -> Typed:
        """Marks that differ from what is stored."""
        return {
            (session, trainee): mark
            for (trainee, session), mark in self.values.items()
            if self._stored.get((trainee, session)) != mark
        }

    def is_typed(self, trainee_id: str, session_id: str) -> bool:
        """Whether a seat holds something that is not saved."""
        key = trainee_id, session_id
        return self.values.get(key) != self._stored.get(key) or (session_id, trainee_id) in self.reasons

    def stored(self, trainee_id: str, session_id: str) -> str | None:
        """The mark in the file, None while there is none."""
        return self._stored.get((trainee_id, session_id))

    def reason(self, trainee_id: str, session_id: str) -> str:
        """The reason beside a mark, as typed or as stored."""
        seat = session_id, trainee_id
        if seat in self.reasons:
            return self.reasons[seat] or ""
        row = self.sheet.marks.get(seat) if self.sheet is not None else None
        return str(row["reason"] or "") if row is not None else ""

    def meter(self, place: int) -> LeaveMeter:
        """The leave meter of the person at a place, with what is typed."""
        found = self._meters.get(place)
        if found is None:
            assert self.sheet is not None
            found = self.sheet.meter(self.people[place].id, self._typed_of(place))
            self._meters[place] = found
        return found

    def credit_text(self, place: int) -> str:
        """学时 of the person at a place, with what is typed."""
        assert self.sheet is not None
        return hours.format_centi(self.sheet.credit(self.people[place].id, self._typed_of(place)))

    def leave_text(self, place: int) -> str:
        """Leave and the whole of the class in 学时; where the limit is exceeded, that too."""
        meter = self.meter(place)
        if not meter.leave:
            return "—"
        over = " 超" if meter.exceeded else ""
        return f"{hours.format_centi(meter.leave)} / {hours.format_centi(meter.total)}{over}"

    def put(self, row: int, column: int, word: str | None) -> None:
        """Set or lift a mark; the meter of the person follows."""
        self._meters.pop(row, None)
        super().put(row, column, word)

    def _typed_of(self, place: int) -> Typed:
        who = self.people[place].id
        return {
            (session.id, who): self.values[who, session.id]
            for session in self.sessions
            if (who, session.id) in self.values and self.is_typed(who, session.id)
        }

    def withdrawn(self, place: int) -> bool:
        """Whether the person at a place has left the class (退学)."""
        return self.sheet is not None and self.sheet.trainees[place]["status"] == "退学"

    def find(self, typed: str, start: int = 0) -> int | None:
        """The next person from ``start`` on who is called so: by the whole name's beginning, else by any part of it."""
        key = pinyin.query_key(typed)
        if not key:
            return None
        order = [(start + step) % len(self.people) for step in range(len(self.people))]
        whole = (place for place in order if pinyin.initials(self.people[place].label).startswith(key))
        part = (
            place
            for place in order
            if any(known.startswith(key) for known in self._keys[self.people[place].id])
        )
        return next(whole, next(part, None))


class SideModel(QAbstractTableModel):
    """Columns beside the marks, following them row by row."""

    side = Qt.AlignmentFlag.AlignRight

    def __init__(self, roll: RollModel, labels: tuple[str, ...]) -> None:
        super().__init__(roll)
        self.roll = roll
        self._labels = labels
        roll.modelAboutToBeReset.connect(self.beginResetModel)
        roll.modelReset.connect(self.endResetModel)
        roll.dataChanged.connect(self._follow)

    def _follow(self, first: Index, last: Index) -> None:
        self.dataChanged.emit(self.index(first.row(), 0), self.index(last.row(), len(self._labels) - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        """People."""
        return 0 if parent is not None and parent.isValid() else len(self.roll.people)

    def columnCount(self, parent: Index | None = None) -> int:
        """One for each label."""
        return 0 if parent is not None and parent.isValid() else len(self._labels)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Labels above, numbers at the side."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.side | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._labels[section] if orientation is Qt.Orientation.Horizontal else str(section + 1)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text of a cell, and the whole sentence as its tip."""
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        return (
            self.tip(index.row(), index.column())
            if role == Qt.ItemDataRole.ToolTipRole
            else self.text(index.row(), index.column())
        )

    def text(self, row: int, column: int) -> str:
        """What stands in a cell."""
        raise TypeError(f"every side has texts of its own: {row}, {column}")

    def tip(self, row: int, column: int) -> str:
        """What a cell says in full."""
        return self.text(row, column)


class NameModel(SideModel):
    """Name and post at the left."""

    side = Qt.AlignmentFlag.AlignLeft

    def __init__(self, roll: RollModel) -> None:
        super().__init__(roll, ("姓名",))

    def text(self, row: int, column: int) -> str:  # noqa: ARG002 - one column
        """The name."""
        return self.roll.people[row].label

    def tip(self, row: int, column: int) -> str:  # noqa: ARG002 - one column
        """Name, post, and whether the person left the class."""
        person = self.roll.people[row]
        left = "，已退学" if self.roll.withdrawn(row) else ""
        return f"{person.label}{left}　{person.note}" if person.note else f"{person.label}{left}"


class MeterModel(SideModel):
    """学时 and leave at the right."""

    def __init__(self, roll: RollModel) -> None:
        super().__init__(roll, ("学时", "请假 / 全班"))

    def text(self, row: int, column: int) -> str:
        """学时 got, or leave against the limit."""
        return self.roll.leave_text(row) if column else self.roll.credit_text(row)

    def tip(self, row: int, column: int) -> str:
        """The sentence of the meter."""
        return self.roll.meter(row).sentence if column else self.text(row, column)
