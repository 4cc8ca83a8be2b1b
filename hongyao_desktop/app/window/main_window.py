"""The main window: the way in, then the shell of the opened office.

Only the way in is loaded with this module.  What an open file needs comes in while somebody types the password
(`warming`), or at the latest when it is used.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QObject, QSize
from PySide6.QtGui import QCloseEvent, QGuiApplication, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from hongyao_desktop.app.access.entrance import Entrance, FileChoice, LoginPanel
from hongyao_desktop.app.access.guard import Guard
from hongyao_desktop.app.access.way_in import WayIn
from hongyao_desktop.app.environment import PASSWORD_VARIABLE
from hongyao_desktop.app.offices import OpenOffices
from hongyao_desktop.app.window.keyboard_place import KeyboardPlace
from hongyao_desktop.app.window.leaving import TITLE, Ask, Leaving, ask_on_leaving
from hongyao_desktop.app.window.warming import Warming
from hongyao_desktop.app.window.window_memory import WindowMemory
from hongyao_desktop.kit.jobs import Jobs
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.tokens import HIGH_CONTRAST, SCALES

if TYPE_CHECKING:
    from hongyao_desktop.app.access.reveal_reason import ScreenSession
    from hongyao_desktop.app.window.shell import Shell
    from hongyao_desktop.kit.messages import Tone
    from hongyao_desktop.store import Office, access

LEAST: Final = QSize(1180, 700)
USUAL: Final = QSize(1366, 768)


_STATUS_LETTERS = 46
"""Of a warning in the status line; more would push the keys out of a small window."""


class MainWindow(QMainWindow):
    """One office file at a time.

    ``files`` answers the file dialogs and ``ask`` the one question asked on closing; tests put their own in place.
    """

    def __init__(
        self,
        offices: OpenOffices,
        memory: WindowMemory,
        *,
        files: FileChoice | None = None,
        ask: Ask | None = None,
    ) -> None:
        super().__init__()
        self.setWindowTitle(TITLE)
        self.setMinimumSize(LEAST)
        self.offices = offices
        self.memory = memory
        self.jobs = Jobs()
        self.session: ScreenSession | None = None
        self.shell: Shell | None = None
        self._office: Office | None = None
        self._ask: Ask = ask or ask_on_leaving
        self._stack = QStackedWidget(self)
        self.way_in = WayIn(self, offices, self.jobs, files or FileChoice())
        self.way_in.opened.connect(self._opened)
        self.way_in.ready.connect(self._work)
        self.way_in.left.connect(self.leave)
        self._stack.addWidget(self.entrance)
        self.setCentralWidget(self._stack)
        self.jobs.crashed.connect(self._crashed)
        self.guard = Guard(self, self._stack, self.jobs)
        self.guard.locked.connect(lambda: self.setWindowTitle(f"{TITLE}（已锁定）"))
        self.guard.unlocked.connect(self._unlocked)
        self.guard.leave_wanted.connect(self.leave)
        self.guard.counting.connect(self._tell_clipboard)
        self._keyboard = KeyboardPlace(self, self._keyboard_in_front)
        QShortcut("Ctrl+L", self).activated.connect(self.guard.lock)
        look().asked.connect(self._look_asked)
        look().changed.connect(self._look_changed)
        self._restore_layout()
        self.warming = Warming(self)
        self.warming.begin()

    # -- the way in

    @property
    def entrance(self) -> Entrance:
        """Where the panels of the way in are shown."""
        return self.way_in.entrance

    def start(self, path: Path | None) -> None:
        """Begin with a file, with the one used last, or with the first steps."""
        chosen = path or self.offices.last_used()
        if chosen is None:
            self.way_in.show_first_run()
            return
        self.way_in.show_login(chosen)
        password = os.environ.get(PASSWORD_VARIABLE)
        panel = self.entrance.panel
        if password and isinstance(panel, LoginPanel) and panel.operator.text():
            self.way_in.open_office(chosen, panel.operator.text(), password)

    def _opened(self, office: Office) -> None:
        self._office = office

    def _work(self, office: Office) -> None:
        from hongyao_desktop.app.window.screen_session import make_session
        from hongyao_desktop.core import pinyin

        self.session = make_session(office, self.jobs, self.memory)
        self.session.asks = True
        self._build_shell(office, "")
        self.guard.begin(office, self.session)
        assert self.shell is not None
        self.shell.recount()
        # The reading of names takes a third of a second to load: not at the first letter somebody types.
        self.jobs.read(self, lambda: pinyin.initials("预备"), lambda _initials: None)
        if self.shell.page is not None:
            self.shell.page.say(*self._first_words(office))

    def _first_words(self, office: Office) -> tuple[Tone, str]:
        """What is said first: a warning about the file, else the last login and what failed since."""
        from hongyao_desktop.kit.messages import Tone
        from hongyao_desktop.store import own_password

        if office.warnings:
            return Tone.WARN, "；".join(office.warnings)
        greeting = self.offices.greeting
        if greeting is not None and greeting.failures:
            return Tone.WARN, f"{login_words(greeting)}，如不是本人输错，请报告安全管理员"
        if own_password.soon(office):
            left = own_password.days_left(office)
            due = f"口令再过 {left} 天要更换" if left else "口令今天到期，下次登录要更换"
            return Tone.INFO, f"{login_words(greeting)}；{due}"
        return Tone.INFO, login_words(greeting)

    def _build_shell(self, office: Office, place: str) -> None:
        """Make the pages of an office and open one (the first when none is named)."""
        from hongyao_desktop.app.window.page_list import page_specs
        from hongyao_desktop.app.window.shell import Shell

        assert self.session is not None
        self.shell = Shell(
            self.session, page_specs(office), f"{office.info.name}\n{office.info.unit_name}", self
        )
        self.shell.page_changed.connect(lambda _title: self._page_changed(office))
        self.shell.lock_wanted.connect(self.guard.lock)
        self.shell.leave_wanted.connect(self.leave)
        self.shell.status.operator.setToolTip(login_words(self.offices.greeting))
        self._stack.addWidget(self.shell)
        self._stack.setCurrentWidget(self.shell)
        self.shell.open(place or next(iter(self.shell.specs)))

    def _page_changed(self, office: Office) -> None:
        from hongyao_desktop.app.window.page_list import last_backup

        self._name_window()
        # The folder may lie on a slow disk or a stick: looked into on a worker.
        self.jobs.read(self, lambda: last_backup(office), lambda last: self._tell_file(office, last))

    def _tell_file(self, office: Office, last: str) -> None:
        if self.shell is None:
            return
        status = self.shell.status
        status.show_file(office.path.name, last)
        # What is wrong with the file, its log or its backups: told on every page until it is mended, whole in the tip.
        problems = "；".join((*office.warnings, *office.problems))
        if problems:
            short = problems if len(problems) <= _STATUS_LETTERS else f"{problems[: _STATUS_LETTERS - 1]}…"
            status.file_state.setText(f"{office.path.name}　　注意：{short}")
        status.file_state.setToolTip(problems)

    def _look_asked(self) -> None:
        if self.shell is not None:
            self.shell.close_hidden()

    def _look_changed(self) -> None:
        """Another text size: the pages are made anew, unless something typed would be lost with them."""
        from hongyao_desktop.kit.messages import Tone

        old, office = self.shell, self._office
        if old is None or office is None or old.scale == look().scale:
            return
        if old.unsaved():
            if old.page is not None:
                old.page.say(Tone.WARN, "还有没保存的内容，保存后再改一次文字大小，各页的行高才会一并调整")
            return
        if self.session is not None:
            self.session.drafts.close()
        self._build_shell(office, old.place)
        self._stack.removeWidget(old)
        old.deleteLater()
        if self.shell is not None:
            self.shell.recount()

    # -- lock and leave

    def _name_window(self) -> None:
        self.setWindowTitle(TITLE if self._office is None else f"{self._office.info.unit_name} - {TITLE}")

    def _unlocked(self) -> None:
        self._name_window()
        has = QApplication.focusWidget()
        if has is None or not has.isVisible():
            self._keyboard_in_front()

    def _keyboard_in_front(self) -> None:
        if self.guard.screen is not None:
            self.guard.screen.lock_panel.begin()
        elif self.shell is not None and self.shell.page is not None:
            self.shell.page.activate()

    def _tell_clipboard(self, seconds: int) -> None:
        if self.shell is not None:
            self.shell.status.notice.setText(f"剪贴板 {seconds} 秒后清空" if seconds else "")

    def _may_leave(self) -> bool:
        """Ask what becomes of half-typed forms, and see to it; behind the lock they are kept unasked."""
        shell, session = self.shell, self.session
        unsaved = shell.unsaved() if shell is not None else []
        if shell is None or session is None or not unsaved:
            return True
        keepable = shell.keepable()
        if self.guard.screen is not None:
            if not keepable:
                self.guard.screen.refused("还有没保存的内容，请先由原操作员解锁保存")
                return False
            answer = Leaving.KEEP
        else:
            answer = self._ask(self, unsaved, keepable)
        if answer is Leaving.KEEP:
            session.drafts.keep()
        elif answer is Leaving.DISCARD:
            session.drafts.give_up()
        return answer is not Leaving.STAY

    def leave(self) -> None:
        """Close the file and ask for the next operator; refused while something typed would be lost."""
        office = self._office
        if office is None:
            return
        if not self._may_leave():
            return
        path = office.path
        self.jobs.write(self, lambda: None, lambda _nothing: self._left(path), what="退出", quiet=True)

    def _left(self, path: Path) -> None:
        """Whatever was still being written is written: close the file and show the way in."""
        self._close_file()
        if self.shell is not None:
            self._stack.removeWidget(self.shell)
            self.shell.deleteLater()
        self.shell = self.session = None
        self._name_window()
        self._stack.setCurrentWidget(self.entrance)
        self.way_in.show_login(path)

    # -- the program's own faults

    def _crashed(self, what: str, error: object) -> None:
        if isinstance(error, BaseException):
            self.report(type(error), error, what)

    def report(self, kind: type[BaseException], error: BaseException, what: str = "") -> None:
        """Write a report and say so; what was typed stays where it is."""
        import datetime as dt

        from hongyao_desktop.app.crash import sentence as crash_sentence
        from hongyao_desktop.app.crash import write_report
        from hongyao_desktop.kit.messages import Tone

        now = dt.datetime.now(tz=dt.UTC).astimezone()
        path = write_report(kind, error.__traceback__, now)
        words = f"{what}：{crash_sentence(path)}" if what else crash_sentence(path)
        panel = self.entrance.panel
        if self.shell is not None and self.shell.page is not None:
            self.shell.page.say(Tone.BAD, words)
        elif panel is not None:
            panel.set_busy("")
            panel.tell(words)

    # -- the end

    def _restore_layout(self) -> None:
        screen = QGuiApplication.primaryScreen().availableSize()
        self.resize(USUAL.boundedTo(screen))
        kept = self.memory.get("window/geometry")
        if isinstance(kept, str):
            self.restoreGeometry(QByteArray.fromHex(kept.encode("ascii")))
        scale = self.memory.get("window/scale")
        if scale in SCALES:
            look().change(scale=scale)
        if self.memory.get("window/theme") == "高对比度":
            look().change(palette=HIGH_CONTRAST)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask when something typed would be lost; then end the workers and close the file."""
        if not self._may_leave():
            event.ignore()
            return
        self.memory.put("window/geometry", bytes(self.saveGeometry().toHex().data()).decode("ascii"))
        self.memory.keep()
        self.close_office()
        event.accept()

    def close_office(self) -> None:
        """End the workers and close the file."""
        _let_go()
        self.guard.end()
        if self.session is not None:
            self.session.close()
        self.jobs.close()
        if self._office is not None:
            self._office.close()
            self._office = None

    def _close_file(self) -> None:
        """Close the file while the window goes on."""
        _let_go()
        self.guard.end()
        if self.session is not None:
            self.session.close()
        if self._office is not None:
            self._office.close()
            self._office = None


def _let_go() -> None:
    """The input that has the keyboard is left while the file can still be asked what was typed there."""
    focused: QWidget | None = QApplication.focusWidget()
    if focused is not None:
        focused.clearFocus()


def login_words(greeting: access.Greeting | None) -> str:
    """When this operator was here last, and wrong passwords since, in one sentence."""
    if greeting is None or greeting.last_at is None:
        return (
            "这是首次登录"
            if greeting is None or not greeting.failures
            else (f"首次登录前有 {greeting.failures} 次口令输错")
        )
    from hongyao_desktop.core.clock import full_moment

    last = f"上次登录 {full_moment(greeting.last_at)}"
    return f"{last}，此后有 {greeting.failures} 次口令输错" if greeting.failures else last


class SlotFaults(QObject):
    """Takes the place of Python's hook while the window is open: an error in a slot is reported on screen."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def __call__(self, kind: type[BaseException], error: BaseException, _trace: object) -> None:
        """Report it; a break from the keyboard closes the window."""
        if issubclass(kind, KeyboardInterrupt):
            self._window.close()
        else:
            self._window.report(kind, error)
