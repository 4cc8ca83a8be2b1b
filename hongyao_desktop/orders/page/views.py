"""The views over the order board: one word each with its count, and what an empty board says."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.tokens import Height, Space
from hongyao_desktop.orders.queries.boards import View

_VIEW_WORDS: Final = {
    View.OVERDUE: "逾期",
    View.TODAY: "今天到期",
    View.UNRATED: "缺评价",
    View.HELD: "挂起",
}


class ViewBar(QWidget):
    """All, overdue, due today, unrated, at rest; on the right the closed orders found and how many were rated.

    Signals:
        chosen: a view's word.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        style = look()
        self.setFixedHeight(style.px(Height.FILTERS))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.px(Space.L))
        self.tabs: dict[View, QToolButton] = {}
        for place, view in enumerate(View, 1):
            tab = named(QToolButton(self), "tab")
            tab.setCheckable(True)
            tab.setText(view.value)
            tab.setToolTip(f"{view}（Alt+{place}）")
            tab.clicked.connect(lambda _checked=False, chosen=view: self.chosen.emit(chosen.value))
            self.tabs[view] = tab
            row.addWidget(tab)
        row.addStretch(1)
        self.ended = QToolButton(self)
        self.ended.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.ended.hide()
        row.addWidget(self.ended)
        self.rated = named(QLabel(self), "note")
        row.addWidget(self.rated)


def nothing_words(words: str, view: View, *, ended: bool) -> tuple[str, str]:
    """What an empty board says: nothing found (``ended``: among the open ones), nothing of this view, or no order."""
    if words:
        more = (
            "有已结束的，按 Enter 或点右上方查看。" if ended else "可以换工单号、姓名、首字母或电话后四位。"
        )
        return f"没有待办的工单符合“{words}”", more
    if view is not View.ALL:
        return f"没有{_VIEW_WORDS[view]}的工单", "按 Alt+1 看全部。"
    return "没有待办的工单", "按 Ctrl+N 登记新工单；旧的工单台账从“导入”转入。"
