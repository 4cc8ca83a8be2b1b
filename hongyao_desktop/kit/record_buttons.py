"""The foot of a record: 保存 and 撤销, its verbs as buttons while there is room, the rest under 更多."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from hongyao_desktop.core.desk import Row, roles_words
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.parts import RegisterPageParts
from hongyao_desktop.kit.pieces import restate
from hongyao_desktop.kit.tokens import Space
from hongyao_desktop.kit.verb_form import Verb

VERBS_AS_BUTTONS = 2


class RecordButtons(QWidget):
    """What can be done with the record above."""

    def __init__(
        self, parts: RegisterPageParts, run: Callable[[Verb], None], parent: QWidget, *, editable: bool
    ) -> None:
        """``run`` is called with the verb that was chosen; without ``editable`` there is nothing to save."""
        super().__init__(parent)
        style = look()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, style.px(Space.XS), 0, 0)
        row.setSpacing(style.px(Space.S))
        self.editable = editable
        self.save = QPushButton("保存  Ctrl+S", self)
        self.revert = QPushButton("撤销", self)
        self.revert.setToolTip("放弃没有保存的修改（Ctrl+Z）")
        row.addWidget(self.save)
        row.addWidget(self.revert)
        row.addStretch(1)
        self.verbs: list[tuple[Verb, QPushButton]] = []
        own = [verb for verb in parts.verbs if verb.needs_row]
        for verb in own:  # the first of those a record offers; those that find no room move into 更多
            button = QPushButton(verb.label, self)
            button.clicked.connect(lambda _checked=False, step=verb: run(step))
            self.verbs.append((verb, button))
            row.addWidget(button)
        self.more = QPushButton("更多", self)
        menu = QMenu(self.more)
        self.in_menu: list[tuple[Verb, QAction]] = []
        for verb in own:
            action = menu.addAction(verb.label)
            action.triggered.connect(lambda _checked=False, step=verb: run(step))
            self.in_menu.append((verb, action))
        self._barred: list[tuple[Verb, QAction]] = []
        for verb in parts.barred:
            action = menu.addAction(f"{verb.label}（由{roles_words(verb.roles)}办理）")
            action.setEnabled(False)
            self._barred.append((verb, action))
        self.more.setMenu(menu)
        self.more.setVisible(bool(self.in_menu))
        row.addWidget(self.more)
        self.save.setVisible(editable)
        self.revert.setVisible(editable)

    def offer(self, row: Row | None, room: int) -> None:
        """Show the verbs of this record (None for a new one), as many of them as buttons as ``room`` (px) holds."""
        shown = [
            verb
            for verb, _action in self.in_menu
            if row is not None and (verb.shows is None or verb.shows(row))
        ]
        candidates = [(verb, button) for verb, button in self.verbs if verb in shown][:VERBS_AS_BUTTONS]
        told = [
            verb for verb, _action in self._barred if row is not None and (not verb.shows or verb.shows(row))
        ]
        fitting = len(candidates)
        while fitting and not self._fits(
            [b for _v, b in candidates[:fitting]], room, rest=len(shown) > fitting or bool(self._barred)
        ):
            fitting -= 1
        as_buttons = {id(verb) for verb, _button in candidates[:fitting]}
        for verb, button in self.verbs:
            button.setVisible(id(verb) in as_buttons)
        for verb, action in self.in_menu:
            action.setVisible(verb in shown and id(verb) not in as_buttons)
        for verb, action in self._barred:
            action.setVisible(verb in told)
        self.more.setVisible(len(shown) > fitting or bool(told))

    def _fits(self, buttons: Sequence[QPushButton], room: int, *, rest: bool) -> bool:
        """Whether these verbs stand beside 保存 and 撤销, and 更多 if others are left."""
        own = [self.save, self.revert] if self.editable else []
        all_of_them = [*own, *buttons, *([self.more] if rest else [])]
        needed = sum(button.sizeHint().width() + look().px(Space.S) for button in all_of_them)
        return needed <= room

    def set_primary(self, *, primary: bool) -> None:
        """Make 保存 the primary button, or a quiet one."""
        self.revert.setEnabled(primary)
        restate(self.save, "primary", primary)
