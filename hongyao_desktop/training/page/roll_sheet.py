"""The attendance sheet (考勤表): people down, sessions across; names stay at the left, 学时 and leave at the right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.marks import NAME_COLUMN, MarkView
from hongyao_desktop.kit.pieces import ElidedLabel, named
from hongyao_desktop.kit.tokens import Height, Space, TypeSize, Width
from hongyao_desktop.training.page.roll_model import KINDS, MeterModel, NameModel, RollModel, Seat, Typed
from hongyao_desktop.training.page.sides import METER_CHARS, NAME_CHARS, POST_CHARS, RollDelegate, SideView
from hongyao_desktop.training.queries import ClassSheet

LEGEND: Final = "　".join((*(f"{kind.keys[0]} {kind.word}" for kind in KINDS), "Delete 还原"))


class RollSheet(QFrame):
    """The sheet with its legend and counts. A mark moves on to the next person; F6 marks all others present.

    Signals:
        changed: a mark was set or taken back.
        moved: another seat is current.
    """

    changed = Signal()
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RollModel(self)
        self.view = MarkView(self.model, self)
        self.view.setItemDelegate(RollDelegate(self.view, self.model))
        self.view.setAccessibleName("考勤表")
        self.view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.verticalHeader().hide()
        self.setFocusProxy(self.view)
        self.names = SideView(NameModel(self.model), self.view, NAME_CHARS, self)
        self.meters = SideView(MeterModel(self.model), self.view, METER_CHARS, self)
        self._fillers = [QWidget(self), QWidget(self)]
        self.rest_button = QPushButton("其余全到  F6", self)
        self.rest_button.clicked.connect(self.fill_rest)
        self.legend = named(ElidedLabel(self), "note")
        self.counts = named(QLabel(self), "note")
        self._last_marked: Seat | None = None
        self._build()
        self.view.typed.connect(self._typed)
        self.view.lifted.connect(lambda: self._put(None))
        self.view.advanced.connect(self._advance)
        self.view.selectionModel().currentChanged.connect(lambda *_places: self._moved())
        self.view.horizontalScrollBar().rangeChanged.connect(lambda *_range: self._level())
        look().changed.connect(self.restyle)
        self.restyle()

    def _build(self) -> None:
        style = look()
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        for widget, filler in ((self.names, self._fillers[0]), (self.meters, self._fillers[1])):
            side = QVBoxLayout()
            side.setContentsMargins(0, 0, 0, 0)
            side.setSpacing(0)
            side.addWidget(widget, 1)
            side.addWidget(filler)
            if widget is self.meters:
                body.addWidget(self.view, 1)
            body.addLayout(side)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, style.px(Space.S), 0, 0)
        foot.setSpacing(style.px(Space.L))
        foot.addWidget(self.rest_button)
        foot.addWidget(self.legend)
        foot.addStretch(1)
        foot.addWidget(self.counts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(body, 1)
        column.addLayout(foot)

    def restyle(self) -> None:
        """Follow the look in force."""
        style = look()
        self.view.verticalHeader().setDefaultSectionSize(style.px(Height.ROW_COMPACT))
        self.view.horizontalHeader().setFixedHeight(style.px(Height.TOOLBAR))
        self.view.setColumnHidden(NAME_COLUMN, True)
        self.names.restyle()
        self.meters.restyle()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Sessions as wide as their heads; what is left goes to them first, then to the posts, then to the meter."""
        style = look()
        pad = 2 * style.px(Space.M)
        widths = [
            pad + max(style.text_width(text, TypeSize.HINT, bold=True) for text in (known.label, known.note))
            for known in self.model.sessions
        ]
        spare = self.width() - self.names.least() - self.meters.least() - sum(widths)
        if spare > 0 and widths:
            more = min(spare // len(widths), style.px(Space.XL))
            widths = [width + more for width in widths]
            spare -= more * len(widths)
        for place, width in enumerate(widths, start=1):
            self.view.setColumnWidth(place, width)
        self.view.setMaximumWidth(sum(widths) if spare >= 0 else self.width())
        # Posts get room where there is some and give theirs where sessions lack it.
        posts = max(-style.px(TypeSize.BODY) * POST_CHARS, min(spare, style.px(Height.TOOLBAR) * 2))
        self.names.widen(posts)
        self.meters.widen(max(0, spare - posts))
        self._level()

    def _level(self) -> None:
        """Keep the sides as high as the marks when those need a scroll bar below."""
        bar = self.view.horizontalScrollBar()
        height = look().px(Width.SCROLLBAR) if bar.maximum() > bar.minimum() else 0
        for filler in self._fillers:
            filler.setFixedHeight(height)

    # -- content

    def show_sheet(
        self,
        sheet: ClassSheet,
        *,
        typed: Mapping[Seat, str | None],
        reasons: Mapping[Seat, str | None],
        seat: Seat | None,
        today: str,
    ) -> None:
        """Show a class with what was typed before; the keyboard starts at ``seat`` or where marks are waited for."""
        self.model.show_sheet(sheet, typed, reasons)
        self._last_marked = None
        self.rest_button.setVisible(bool(sheet.sessions))
        self.legend.setText(LEGEND if sheet.sessions else "还没有课次，按 F7 加课次后就可以点名")
        self.restyle()
        row, column = self._place_of(seat) if seat is not None else (0, self._waiting(today))
        if sheet.trainees and sheet.sessions:
            self.view.setCurrentIndex(self.model.index(row, column))
        self._moved()

    def _place_of(self, seat: Seat) -> tuple[int, int]:
        session, trainee = seat
        rows = [place for place, person in enumerate(self.model.people) if person.id == trainee]
        columns = [place for place, known in enumerate(self.model.sessions, 1) if known.id == session]
        return rows[0] if rows else 0, columns[0] if columns else 1

    def _waiting(self, today: str) -> int:
        """The first session up to today with somebody unmarked, else the first one, else the last."""
        sheet = self.model.sheet
        if sheet is None or not sheet.sessions:
            return 1
        for place, session in enumerate(sheet.sessions, start=1):
            if session["held_on"] <= today and self.blanks(session["id"]):
                return place
        marked = {session for session, _trainee in sheet.marks}
        open_ones = [place for place, row in enumerate(sheet.sessions, 1) if row["id"] not in marked]
        return open_ones[0] if open_ones else len(sheet.sessions)

    def typed(self) -> Typed:
        """Marks that are not saved."""
        return self.model.typed()

    @property
    def dirty(self) -> bool:
        """Whether something is not saved."""
        return bool(self.model.typed() or self.model.reasons)

    def blanks(self, session_id: str) -> int:
        """How many people who have not left the class are unmarked in a session."""
        return sum(
            (person.id, session_id) not in self.model.values and not self.model.withdrawn(place)
            for place, person in enumerate(self.model.people)
        )

    def seat(self) -> Seat | None:
        """The current seat."""
        index = self.view.currentIndex()
        if not index.isValid() or index.column() == NAME_COLUMN:
            return None
        return self.model.sessions[index.column() - 1].id, self.model.people[index.row()].id

    def reason_seat(self) -> Seat | None:
        """The seat a reason would be written for: the current one when it was missed, else the one marked last."""
        for seat in (self.seat(), self._last_marked):
            if seat is not None and self.model.values.get((seat[1], seat[0])) not in (None, "到"):
                return seat
        return None

    def set_reason(self, seat: Seat, reason: str) -> None:
        """Write the reason of a seat."""
        sheet = self.model.sheet
        stored = sheet.marks.get(seat) if sheet is not None else None
        if stored is not None and seat not in self.model.typed() and (stored["reason"] or "") == reason:
            self.model.reasons.pop(seat, None)
        else:
            self.model.reasons[seat] = reason or None
        self.view.viewport().update()
        self.changed.emit()

    def find_person(self, typed: str, *, onward: bool = False) -> bool:
        """Go to the first person whose name or initials begin so, or to the next one; the session stays."""
        index = self.view.currentIndex()
        place = self.model.find(typed, index.row() + 1 if onward else 0)
        if place is not None:
            self.view.setCurrentIndex(self.model.index(place, max(index.column(), 1)))
        return place is not None

    # -- marking

    def fill_rest(self) -> None:
        """F6: everybody still blank in the current session was there."""
        column = self.view.currentIndex().column()
        if column <= NAME_COLUMN:
            return
        for row in range(len(self.model.people)):
            if self.model.mark_at(row, column) is None and not self.model.withdrawn(row):
                self.model.put(row, column, KINDS[0].word)
        self._changed()
        self.view.setFocus()

    def _typed(self, text: str) -> None:
        kind = next((kind for kind in KINDS if text in kind.keys), None)
        if kind is not None and self._put(kind.word):
            self._advance(1)

    def _put(self, word: str | None) -> bool:
        """Set a mark, or take what was typed back to what is stored; False where nothing may be marked."""
        seat = self.seat()
        if seat is None or self.model.sessions[self.view.currentIndex().column() - 1].closed:
            return False
        session, trainee = seat
        kept = word if word is not None else self.model.stored(trainee, session)
        current = self.view.currentIndex()
        if word is None or word == "到":
            self.model.reasons.pop(seat, None)
        self.model.put(current.row(), current.column(), kept)
        self._last_marked = seat if word is not None else None
        self._changed()
        return True

    def _advance(self, step: int) -> None:
        current = self.view.currentIndex()
        row = current.row() + step
        if current.isValid() and 0 <= row < self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(row, current.column()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F6 works anywhere on the sheet."""
        if event.key() == Qt.Key.Key_F6:
            self.fill_rest()
        else:
            super().keyPressEvent(event)

    def _changed(self) -> None:
        self._count()
        self.changed.emit()

    def _moved(self) -> None:
        self._count()
        self.moved.emit()

    def _count(self) -> None:
        column = self.view.currentIndex().column()
        if not NAME_COLUMN < column <= len(self.model.sessions):
            self.counts.setText("")
            return
        session = self.model.sessions[column - 1]
        self.counts.setText(f"{session.label}：{self.counted(session.id)}")

    def counted(self, session_id: str) -> str:
        """How many have each mark in a session, and how many have none."""
        words = [self.model.values.get((person.id, session_id)) for person in self.model.people]
        parts = [f"{kind.word} {words.count(kind.word)}" for kind in KINDS if kind.word in words]
        blank = self.blanks(session_id)
        if blank:
            parts.append(f"未点 {blank}")
        return "　".join(parts)
