"""Leaving a file while forms are half typed (退出): the one question there is, and its answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final

from PySide6.QtWidgets import QWidget

TITLE: Final = "红耀台账"


class Leaving(StrEnum):
    """What becomes of half-typed forms when the file is closed; the words of the buttons."""

    STAY = "返回继续"
    KEEP = "留着，下次接着填"
    DISCARD = "不要了，关闭"


Ask = Callable[[QWidget, Sequence[str], bool], Leaving]
"""Asks what becomes of these forms; the third argument says whether they can be kept."""


def ask_on_leaving(window: QWidget, unsaved: Sequence[str], keepable: bool) -> Leaving:  # noqa: FBT001 - see Ask
    """The one question on closing: work cannot go on without an answer. Esc goes back."""
    from PySide6.QtWidgets import QMessageBox

    box = QMessageBox(window)
    box.setWindowTitle(TITLE)
    box.setText("还有没保存的内容")
    box.setInformativeText("\n".join(unsaved))
    roles = {
        Leaving.STAY: QMessageBox.ButtonRole.RejectRole,
        Leaving.KEEP: QMessageBox.ButtonRole.AcceptRole,
        Leaving.DISCARD: QMessageBox.ButtonRole.DestructiveRole,
    }
    if not keepable:
        del roles[Leaving.KEEP]
    buttons = {answer: box.addButton(answer.value, role) for answer, role in roles.items()}
    box.setDefaultButton(buttons[Leaving.STAY])
    box.setEscapeButton(buttons[Leaving.STAY])
    box.exec()
    return next((answer for answer, button in buttons.items() if button is box.clickedButton()), Leaving.STAY)
