"""One cadre's year beside the list: every requirement with its ground, and the classes the 学时 came from."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from hongyao_desktop.core import hours
from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.fields import Choice, CreditHours, Text
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import empty_out, named, restate
from hongyao_desktop.kit.rows import HeldRows
from hongyao_desktop.kit.table import RegisterTable
from hongyao_desktop.kit.tokens import Height, Space
from hongyao_desktop.training.page.class_head import ShortLabel
from hongyao_desktop.training.page.year_lines import state_of
from hongyao_desktop.training.records import FORMS
from hongyao_desktop.training.year import YearLine

_CLASS_FIELDS = (
    Field(name="day", label="日期", type=Text(), sensitivity=Sensitivity.OPEN, width=4),
    Field(name="class_name", label="班次", type=Text(), sensitivity=Sensitivity.OPEN, width=7),
    Field(name="form", label="形式", type=Choice(FORMS), sensitivity=Sensitivity.OPEN, width=2),
    Field(name="credit", label="学时", type=CreditHours(), sensitivity=Sensitivity.OPEN, width=2),
)
_STATES = {
    "short": ("未达到", "bad"),
    "met": ("已达到", "good"),
    "exempt": ("免学", ""),
    "free": ("没有要求", ""),
}


class YearPanel(QFrame):
    """The panel.

    Signals:
        class_wanted: Enter on a class (its id).
    """

    class_wanted = Signal(str)

    def __init__(self, to_categories: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        named(self, "panel")
        style = look()
        self.name = ShortLabel(self, "recordTitle")
        self.state = named(QLabel(self), "recordState")
        self.about = ShortLabel(self, "note")
        self.figures = QHBoxLayout()
        self.figures.setSpacing(style.px(Space.L))
        self.needs = QVBoxLayout()
        self.needs.setSpacing(style.px(Space.XS))
        self.classes = RegisterTable(
            _CLASS_FIELDS,
            name="参加的班次",
            empty=EmptyState("这一年还没有学时", "点名记到的班次会列在这里。"),
        )
        self.classes.opened.connect(self.class_wanted)
        self.category_button = QPushButton("类别和免学", self)
        self.category_button.clicked.connect(to_categories)
        top = QHBoxLayout()
        top.setSpacing(style.px(Space.S))
        top.addWidget(self.name, 1)
        top.addWidget(self.state)
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(Space.S))
        column.addLayout(top)
        column.addWidget(self.about)
        column.addLayout(self.figures)
        column.addLayout(self.needs)
        column.addSpacing(style.px(Space.S))
        column.addWidget(named(QLabel("学时从这些班次来", body), "sectionTitle"))
        column.addWidget(self.classes, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.category_button)
        foot.addStretch(1)
        column.addLayout(foot)
        self._body = body
        self.nothing = EmptyState("请在左边选一位", "选中后在这里看要求和学时的来处。", parent=self)
        self._stack = QStackedLayout()
        self._stack.addWidget(body)
        self._stack.addWidget(self.nothing)
        outer = QVBoxLayout(self)
        side = style.px(Space.L)
        outer.setContentsMargins(side, style.px(Space.M), side, side)
        outer.addLayout(self._stack)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Nobody is current."""
        self._stack.setCurrentWidget(self.nothing)

    def show_line(self, line: YearLine) -> None:
        """Show what is asked of a cadre."""
        self.name.say(line.name)
        word, tone = _STATES[state_of(line)]
        self.state.setText(f"● {word}")
        restate(self.state, "tone", tone)
        about = [line.post, "、".join(line.categories), line.unit_name]
        self.about.say("　".join(part for part in about if part))
        self._show_figures(line)
        empty_out(self.needs)
        if line.exempt_reason:
            self._say_need(f"免学：{line.exempt_reason}，不算缺学时", "")
        for need in line.needs:
            tone = "" if line.exempt_reason else "bad" if need.short else "good"
            self._say_need(need.sentence, tone)
        self._stack.setCurrentWidget(self._body)

    def show_classes(self, rows: list[Row], reader: Reader) -> None:
        """Show the classes of the year."""
        shown = [{**row, "id": row["class_id"], "day": row["first_on"][5:]} for row in rows]
        self.classes.show_rows(HeldRows(shown), reader)

    def _show_figures(self, line: YearLine) -> None:
        empty_out(self.figures)
        for label, centi in (
            ("集中", line.got.central),
            ("网络", line.got.online),
            ("其他", line.got.other),
            ("合计", line.got.total),
        ):
            cell = QWidget(self)
            inside = QVBoxLayout(cell)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.setSpacing(0)
            inside.addWidget(named(QLabel(label, cell), "fieldLabel"))
            inside.addWidget(named(QLabel(hours.format_centi(centi), cell), "figure"))
            self.figures.addWidget(cell, 1)

    def _say_need(self, words: str, tone: str) -> None:
        style = look()
        row = QWidget(self)
        inside = QHBoxLayout(row)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(style.px(Space.S))
        mark = QLabel(row)
        mark.setFixedWidth(style.px(Height.BADGE))
        icon = {"bad": "warning", "good": "check"}.get(tone, "info")
        mark.setPixmap(style.pixmap(icon, tone or "ink_3"))
        said = named(QLabel(words, row), "note")
        said.setWordWrap(True)
        inside.addWidget(mark)
        inside.addWidget(said, 1)
        self.needs.addWidget(row)
