"""The lock (锁定): after minutes without a key or a click, or by Ctrl+L, the window hides what it shows.

Nothing is closed: pages, half-typed forms and running work stay as they are behind the lock, and the keyboard is back
where it was when the same operator gives the password.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6 import QtCore
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from hongyao_desktop.app.access.entrance import Entrance, EntrancePanel
from hongyao_desktop.kit.pieces import once

_SIGNS_OF_LIFE: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.InputMethod,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class IdleWatch(QObject):
    """Notices that nobody has touched keyboard or mouse of this program for a while.

    Signals:
        idle: the time has run out; it begins anew with the next sign of life.
    """

    idle = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = once(self)
        self._timer.timeout.connect(self.idle)

    def begin(self, minutes: int) -> None:
        """Watch from now on."""
        self._timer.setInterval(minutes * 60_000)
        self._timer.start()
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def end(self) -> None:
        """Watch no longer."""
        self._timer.stop()
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    @property
    def milliseconds(self) -> int:
        """After how long the window is locked."""
        return self._timer.interval()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Begin anew at every sign of life."""
        if event.type() in _SIGNS_OF_LIFE and self._timer.isActive():
            self._timer.start()
        return False


class LockPanel(EntrancePanel):
    """Asks the operator who locked for the password.

    Signals:
        wanted: the password typed.
        leave_wanted: somebody else wants to work here.
    """

    wanted = Signal(str)
    leave_wanted = Signal()

    def __init__(self, operator: str, parent: QWidget) -> None:
        super().__init__(
            "已锁定",
            f"{operator}正在使用，已输入的内容都还在。输入口令继续；换人使用请先退出，没保存的内容替{operator}留着。",
            parent,
        )
        self.password = self.add_line(f"{operator}的口令", secret=True)
        self.finish("继续工作", ("退出，换人登录", self.leave_wanted.emit))
        self.primary.clicked.connect(self._unlock)

    def _unlock(self) -> None:
        if not self.password.text():
            self.tell("请输入口令", self.password)
        else:
            self.wanted.emit(self.password.text())


class LockScreen(Entrance):
    """What stands in place of the pages while the window is locked.

    Signals:
        unlock_wanted: a password to try.
        leave_wanted: the file is to be closed for somebody else.
    """

    unlock_wanted = Signal(str)
    leave_wanted = Signal()

    def __init__(self, operator: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._before: QWidget | None = QApplication.focusWidget()
        self.lock_panel = LockPanel(operator, self)
        self.lock_panel.wanted.connect(self.unlock_wanted)
        self.lock_panel.leave_wanted.connect(self.leave_wanted)
        self.show_panel(self.lock_panel)

    def refused(self, sentence: str) -> None:
        """The password was wrong."""
        self.lock_panel.set_busy("")
        self.lock_panel.password.clear()
        self.lock_panel.tell(sentence, self.lock_panel.password)

    def give_back(self) -> None:
        """Put the keyboard where it was before, if that is still there: work may have ended behind the lock."""
        before = self._before
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(QtCore.Qt.FocusReason.OtherFocusReason)


def close_what_floats(window: QWidget, hide: Callable[[QWidget], None] | None = None) -> None:
    """Close drop-downs, menus and dialogs: they lie over the lock and would still show something."""
    for widget in QApplication.topLevelWidgets():
        if widget is window or not widget.isVisible():
            continue
        if isinstance(widget, QDialog):
            widget.reject()
        elif hide is not None:
            hide(widget)
        else:
            widget.hide()
