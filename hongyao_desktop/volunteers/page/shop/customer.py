"""Who stands at the counter: name and place, balance, what is left of the quarter, and the last redemptions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from hongyao_desktop.core import hours
from hongyao_desktop.core.desk import Row
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import ElidedLabel, named, restate
from hongyao_desktop.kit.tokens import Space
from hongyao_desktop.volunteers.queries.shop import Customer
from hongyao_desktop.volunteers.records.shop import stage_words
from hongyao_desktop.volunteers.rules.shop import again, visit_problem


def say(label: QLabel, words: str, tone: str) -> None:
    """Words in a tone of the look."""
    label.setText(words)
    restate(label, "tone", tone)


class CustomerFacts(QWidget):
    """Name, number and unit, three figures, and whether anything may be redeemed at all."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = named(ElidedLabel("请先选志愿者", self), "recordTitle")
        self.place = named(ElidedLabel("", self), "recordSubtitle")
        self.balance = named(QLabel("—", self), "bigFigure")
        self.visits = named(QLabel("—", self), "figure")
        self.left = named(QLabel("—", self), "figure")
        self.state = named(QLabel(self), "recordState")
        self.state.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().px(Space.S))
        column.addWidget(self.name)
        column.addWidget(self.place)
        column.addLayout(self._figures())
        column.addWidget(self.state)

    def _figures(self) -> QGridLayout:
        """Balance and what is left of the quarter, their names in one line and their values on one ground."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(look().px(Space.L))
        grid.setVerticalSpacing(0)
        names = ("可用积分", "本季度已兑换", "本季度还可用")
        for place, (words, value) in enumerate(
            zip(names, (self.balance, self.visits, self.left), strict=True)
        ):
            value.setAccessibleName(words)
            grid.addWidget(named(QLabel(words, self), "fieldLabel"), 0, place)
            grid.addWidget(value, 1, place, Qt.AlignmentFlag.AlignBottom)
            grid.setColumnStretch(place, 1)
        return grid

    def refuse(self, words: str) -> None:
        """Why nothing can be said of the customer (no rule in force)."""
        say(self.state, words, "bad")

    def show_customer(self, customer: Customer | None) -> None:
        """Show who is there, or that nobody is."""
        if customer is None:
            self.name.setText("请先选志愿者")
            self.place.setText("")
            for figure in (self.balance, self.visits, self.left):
                figure.setText("—")
            say(self.state, "", "")
            return
        rule, used = customer.rule, customer.used
        self.name.setText(customer.who.name)
        self.place.setText("　".join(part for part in (customer.who.number, customer.unit_name) if part))
        self.balance.setText(hours.format_centi(customer.usable))
        restate(self.balance, "tone", "bad" if customer.usable < 0 else "")
        most = "" if rule.quarter_visits is None else f" / {rule.quarter_visits}"
        self.visits.setText(f"{used.visits}{most} 次")
        left = None if rule.quarter_points is None else max(rule.quarter_points - used.points, 0)
        self.left.setText("不限" if left is None else f"{hours.format_centi(left)} 分")
        problems = customer.problems()
        if problems:
            say(self.state, problems[0].message, "bad")
        elif visit_problem(rule, customer.who, used) is not None:
            # The whole sentence stands below once goods are chosen; here it must not push them out of sight.
            say(self.state, f"本季度 {rule.quarter_visits} 次已用完{again(used)}", "bad")
        elif customer.pending:
            words = f"另有 {hours.format_centi(customer.pending)} 分还没有认定，认定后才能用"
            say(self.state, words, "warn")
        elif customer.waiting:
            say(self.state, f"还有 {customer.waiting} 笔没有领取", "warn")
        elif not customer.usable:
            say(self.state, "在册，现在没有可用的积分", "warn")
        elif used.today and rule.quarter_visits is not None:
            say(self.state, "今天已兑换过，再换不另算一次", "good")
        else:
            say(self.state, "在册，可以兑换", "good")


class RecentRedemptions(QWidget):
    """The customer's last redemptions, a line for each; nothing while there are none."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().px(Space.S))
        column.addWidget(named(QLabel("最近的兑换", self), "fieldLabel"))
        self.lines = QLabel(self)
        self.lines.setWordWrap(True)
        column.addWidget(self.lines)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these."""
        self.setVisible(bool(rows))
        self.lines.setText(
            "\n".join(
                f"{row['ordered_on'][5:]}　{row['good_name']} {row['quantity']} {row['measure']}　"
                f"{hours.format_centi(row['points'])} 分　{stage_words(row)}"
                for row in rows
            )
        )
