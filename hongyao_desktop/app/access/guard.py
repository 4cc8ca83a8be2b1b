"""What guards an open office: the lock after idle minutes or by Ctrl+L, and a clipboard that keeps no numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from hongyao_desktop.app.access.lock_screen import IdleWatch, LockScreen, close_what_floats
from hongyao_desktop.kit.jobs import Jobs

if TYPE_CHECKING:
    from hongyao_desktop.app.access.clipboard_guard import ClipboardGuard
    from hongyao_desktop.app.access.reveal_reason import ScreenSession
    from hongyao_desktop.store import Office, access


class Guard(QObject):
    """Watches one office from the moment work begins in it until it is closed.

    Signals:
        locked, unlocked: the window hides or shows its pages.
        leave_wanted: somebody else wants to work here while it is locked.
        counting: seconds until the clipboard is emptied, 0 for none.
    """

    locked = Signal()
    unlocked = Signal()
    leave_wanted = Signal()
    counting = Signal(int)

    def __init__(self, window: QWidget, stack: QStackedWidget, jobs: Jobs) -> None:
        super().__init__(window)
        self._window = window
        self._stack = stack
        self._jobs = jobs
        self._office: Office | None = None
        self._session: ScreenSession | None = None
        self._before: QWidget | None = None
        self.screen: LockScreen | None = None
        self.clipboard: ClipboardGuard | None = None
        self.idle = IdleWatch(self)
        self.idle.idle.connect(self.lock)

    def begin(self, office: Office, session: ScreenSession) -> None:
        """Watch this office."""
        from hongyao_desktop.app.access.clipboard_guard import ClipboardGuard
        from hongyao_desktop.core.settings import CLIPBOARD_SECONDS, IDLE_MINUTES
        from hongyao_desktop.store import access

        self._office, self._session = office, session
        stored = access.settings_of(office.reader())
        self.idle.begin(IDLE_MINUTES.read(stored))
        self.clipboard = ClipboardGuard(CLIPBOARD_SECONDS.read(stored), self)
        self.clipboard.counting.connect(self.counting)

    def end(self) -> None:
        """The office is being closed: empty the clipboard and take the lock away."""
        self.idle.end()
        self._office = self._session = None
        if self.clipboard is not None:
            self.clipboard.close()
            self.clipboard.deleteLater()
            self.clipboard = None
        if self.screen is not None:
            self._stack.removeWidget(self.screen)
            self.screen.deleteLater()
            self.screen = None

    def lock(self) -> None:
        """Hide everything until the password is given; nothing is closed and nothing typed is lost."""
        from hongyao_desktop.store import access

        office, session = self._office, self._session
        if self.screen is not None or office is None or session is None:
            return
        self.idle.end()
        session.drafts.keep()
        session.forget_reason()
        if self.clipboard is not None:
            self.clipboard.empty()
        self._before = self._stack.currentWidget()
        self.screen = LockScreen(office.who.name, self._window)
        self.screen.unlock_wanted.connect(self._unlock)
        self.screen.leave_wanted.connect(self.leave_wanted)
        close_what_floats(self._window)
        self._stack.addWidget(self.screen)
        self._stack.setCurrentWidget(self.screen)
        self.screen.lock_panel.begin()
        self.locked.emit()
        self._note(office, access.Visit(event=access.LOCKED))

    def _note(self, office: Office, visit: access.Visit) -> None:
        from hongyao_desktop.store import access

        self._jobs.write(self, lambda: access.record(office, visit), lambda _nothing: None, what=visit.event)

    def _unlock(self, password: str) -> None:
        from hongyao_desktop.store import own_password

        office, screen = self._office, self.screen
        if office is None or screen is None:
            return
        screen.lock_panel.set_busy("正在核对口令")
        self._jobs.write(
            self,
            lambda: own_password.verify(office, password),
            lambda _nothing: self._unlocked(office),
            lambda error: screen.refused(str(error)),
            what="解锁",
        )

    def _unlocked(self, office: Office) -> None:
        from hongyao_desktop.core.settings import IDLE_MINUTES
        from hongyao_desktop.store import access

        screen, self.screen = self.screen, None
        if screen is None or self._before is None or office is not self._office:
            return
        self._stack.setCurrentWidget(self._before)
        self._stack.removeWidget(screen)
        screen.give_back()
        screen.deleteLater()
        self.unlocked.emit()
        self.idle.begin(IDLE_MINUTES.read(access.settings_of(office.reader())))
        self._note(office, access.Visit(event=access.UNLOCKED))
