"""The main window: the way in, then the shell of the opened office."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QObject, QSize
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QMessageBox, QStackedWidget, QWidget

from hongyao_desktop.app.access.clipboard_guard import ClipboardGuard
from hongyao_desktop.app.access.entrance import (
    Entrance,
    FileChoice,
    FirstRunPanel,
    LoginPanel,
    NewOfficePanel,
)
from hongyao_desktop.app.access.first_run import AdministratorsPanel, CombinedPanel, FreshPanel
from hongyao_desktop.app.access.lock_screen import IdleWatch, LockScreen, close_what_floats
from hongyao_desktop.app.access.password_panel import PasswordPanel
from hongyao_desktop.app.access.recovery_panel import RecoveryPanel
from hongyao_desktop.app.access.reveal_reason import ScreenSession
from hongyao_desktop.app.bootstrap import PASSWORD_VARIABLE
from hongyao_desktop.app.crash import sentence as crash_sentence
from hongyao_desktop.app.crash import write_report
from hongyao_desktop.app.offices import Fresh, NewOffice, OpenOffices
from hongyao_desktop.app.window.page_list import last_backup, page_specs
from hongyao_desktop.app.window.screen_session import WindowMemory, make_session
from hongyao_desktop.app.window.shell import Shell
from hongyao_desktop.core import pinyin
from hongyao_desktop.core.clock import full_moment
from hongyao_desktop.core.settings import CLIPBOARD_SECONDS, IDLE_MINUTES
from hongyao_desktop.kit.jobs import Jobs
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.tokens import HIGH_CONTRAST, SCALES
from hongyao_desktop.store import Office, access, operators

TITLE: Final = "红耀台账"
LEAST: Final = QSize(1180, 700)
USUAL: Final = QSize(1366, 768)


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
        ask: Callable[[QWidget, Sequence[str]], bool] | None = None,
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
        self._files = files or FileChoice()
        self._ask = ask or ask_to_discard
        self._stack = QStackedWidget(self)
        self.entrance = Entrance(self)
        self._stack.addWidget(self.entrance)
        self.setCentralWidget(self._stack)
        self.jobs.crashed.connect(self._crashed)
        self._lock: LockScreen | None = None
        self._clipboard: ClipboardGuard | None = None
        self._idle = IdleWatch(self)
        self._idle.idle.connect(self.lock)
        QShortcut(QKeySequence("Ctrl+L"), self).activated.connect(self.lock)
        look().changed.connect(self._look_changed)
        self._restore_layout()

    # -- the way in

    def start(self, path: Path | None) -> None:
        """Begin with a file, with the one used last, or with the first steps."""
        chosen = path or self.offices.last_used()
        if chosen is None:
            self.show_first_run()
            return
        self.show_login(chosen)
        password = os.environ.get(PASSWORD_VARIABLE)
        panel = self.entrance.panel
        if password and isinstance(panel, LoginPanel) and panel.operator.text():
            self.open_office(chosen, panel.operator.text(), password)

    def show_first_run(self) -> None:
        """The four ways to begin."""
        panel = FirstRunPanel(self.entrance)
        panel.demo_wanted.connect(self.make_demo)
        panel.new_wanted.connect(self.show_new_office)
        panel.open_wanted.connect(self.choose_file)
        self.entrance.show_panel(panel)

    def show_new_office(self) -> None:
        """Name, unit, first operator."""
        panel = NewOfficePanel(self.entrance)
        panel.wanted.connect(self.show_administrators)
        panel.back_wanted.connect(self.show_first_run)
        self.entrance.show_panel(panel)

    def show_login(self, path: Path) -> None:
        """Operator and password for a file."""
        panel = LoginPanel(path, self.offices.operators(path), self.entrance)
        panel.wanted.connect(lambda operator, password: self.open_office(path, operator, password))
        panel.other_wanted.connect(self.choose_file)
        panel.recover_wanted.connect(lambda: self.show_recovery(path))
        self.entrance.show_panel(panel)

    def show_recovery(self, path: Path) -> None:
        """The rows of the recovery sheet and a new password."""
        panel = RecoveryPanel(path, self.entrance)
        panel.wanted.connect(
            lambda operator, sheet, password: self._enter(
                "正在打开", lambda: self.offices.recover(path, operator, sheet, password)
            )
        )
        panel.back_wanted.connect(lambda: self.show_login(path))
        self.entrance.show_panel(panel)

    def choose_file(self) -> None:
        """Ask for a file."""
        chosen = self._files.open_file(self, self.offices.usual_folder())
        if chosen is not None:
            self.show_login(chosen)

    def make_demo(self) -> None:
        """Make the demonstration office of this computer (once) and open it."""
        path = self.offices.demo_path()
        if path.exists():
            self.open_office(path, self.offices.demo_operator(), self.offices.demo_password())
            return
        self._enter(
            "正在生成演示单位，约需半分钟",
            lambda: self.offices.make_demo(path),
        )

    def show_administrators(self, office: str, unit: str, operator: str, password: str) -> None:
        """Who the three administrators are."""
        wish = NewOffice(office=office, unit=unit, operator=operator, password=password)
        panel = AdministratorsPanel(operator, self.entrance)
        panel.wanted.connect(lambda names: self.make_office(replace(wish, administrators=tuple(names))))
        panel.combined_wanted.connect(lambda: self._show_combined(wish))
        panel.back_wanted.connect(self.show_new_office)
        self.entrance.show_panel(panel)

    def _show_combined(self, wish: NewOffice) -> None:
        panel = CombinedPanel(wish.operator, self.entrance)
        panel.wanted.connect(lambda reason: self.make_office(replace(wish, reason=reason)))
        panel.back_wanted.connect(
            lambda: self.show_administrators(wish.office, wish.unit, wish.operator, wish.password)
        )
        self.entrance.show_panel(panel)

    def make_office(self, wish: NewOffice) -> None:
        """Make a new office file where the operator says, show what is shown once, and open it."""
        path = self._files.new_file(self, self.offices.usual_folder() / f"{wish.unit}.hongyao")
        if path is not None:
            self._enter("正在建立台账文件", lambda: self.offices.make(path, wish), self._made)

    def _made(self, office: Office) -> None:
        self._office = office
        fresh, self.offices.fresh = self.offices.fresh, None
        if fresh is None:
            self._entered(office)
            return
        panel = FreshPanel(fresh, lambda: self._save_sheet(office, fresh), self.entrance)
        panel.start_wanted.connect(lambda: self._entered(office))
        self.entrance.show_panel(panel)

    def _save_sheet(self, office: Office, fresh: Fresh) -> Path | None:
        from hongyao_desktop.app.access.recovery_sheet import recovery_document
        from hongyao_desktop.paper.render import render_pdf

        out = self._files.sheet_file(self, office.path.with_name(f"{office.path.stem}恢复密钥.pdf"))
        if out is not None:
            render_pdf(recovery_document(office, fresh.recovery_rows), out)
        return out

    def open_office(self, path: Path, operator: str, password: str) -> None:
        """Open a file; a wrong password is said under the input."""
        self._enter("正在打开", lambda: self.offices.open(path, operator, password))

    def _enter(
        self, words: str, opening: Callable[[], Office], done: Callable[[Office], None] | None = None
    ) -> None:
        panel = self.entrance.panel
        if panel is not None:
            panel.set_busy(words)
        self.jobs.write(self, opening, done or self._entered, self._not_entered, what=words)

    def _not_entered(self, error: Exception) -> None:
        panel = self.entrance.panel
        if panel is None:
            return
        panel.set_busy("")
        panel.tell(str(error), panel.password if isinstance(panel, LoginPanel) else None)

    def _entered(self, office: Office) -> None:
        self._office = office
        why = None if office.opened.read_only else operators.why_change(office)
        if why is None:
            self._work(office)
            return
        panel = PasswordPanel(office.who.name, why, operators.password_rule(office.reader()), self.entrance)
        panel.wanted.connect(lambda password: self._change_password(office, password))
        panel.back_wanted.connect(self.leave)
        self.entrance.show_panel(panel)

    def _change_password(self, office: Office, password: str) -> None:
        panel = self.entrance.panel
        if panel is not None:
            panel.set_busy("正在更换口令")
        self.jobs.write(
            self,
            lambda: operators.replace_password(office, password),
            lambda _nothing: self._work(office),
            self._not_entered,
            what="更换口令",
        )

    def _work(self, office: Office) -> None:
        self.session = make_session(office, self.jobs, self.memory)
        self.session.asks = True
        self._build_shell(office, "")
        self._watch(office)
        assert self.shell is not None
        self.shell.recount()
        # The reading of names takes a third of a second to load: not at the first letter somebody types.
        self.jobs.read(self, lambda: pinyin.initials("预备"), lambda _initials: None)
        if self.shell.page is not None:
            self.shell.page.say(*self._first_words(office))

    def _first_words(self, office: Office) -> tuple[Tone, str]:
        """What is said first: a warning about the file, else the last login and what failed since."""
        if office.warnings:
            return Tone.WARN, office.warnings[0]
        greeting = self.offices.greeting
        if greeting is not None and greeting.failures:
            return Tone.WARN, f"{login_words(greeting)}，如不是本人输错，请报告安全管理员"
        if operators.soon(office):
            left = operators.days_left(office)
            return Tone.INFO, f"口令再过 {left} 天要更换" if left else "口令今天到期，下次登录要更换"
        return Tone.INFO, login_words(greeting)

    def _build_shell(self, office: Office, place: str) -> None:
        """Make the pages of an office and open one (the first when none is named)."""
        assert self.session is not None
        self.shell = Shell(
            self.session, page_specs(office), f"{office.info.name}\n{office.info.unit_name}", self
        )
        self.shell.page_changed.connect(lambda _title: self._page_changed(office))
        self._stack.addWidget(self.shell)
        self._stack.setCurrentWidget(self.shell)
        self.shell.open(place or next(iter(self.shell.specs)))

    def _page_changed(self, office: Office) -> None:
        self.setWindowTitle(f"{office.info.unit_name} - {TITLE}")
        # The folder may lie on a slow disk or a stick: looked into on a worker.
        self.jobs.read(self, lambda: last_backup(office), lambda last: self._tell_file(office, last))

    def _tell_file(self, office: Office, last: str) -> None:
        if self.shell is not None:
            self.shell.status.show_file(office.path.name, last)

    def _look_changed(self) -> None:
        """Another text size: the pages are made anew, unless something typed would be lost with them."""
        old, office = self.shell, self._office
        if old is None or office is None or old.scale == look().scale:
            return
        if old.unsaved():
            if old.page is not None:
                old.page.say(Tone.WARN, "还有没保存的内容，保存后再改一次文字大小，各页的行高才会一并调整")
            return
        self._build_shell(office, old.place)
        self._stack.removeWidget(old)
        old.deleteLater()
        if self.shell is not None:
            self.shell.recount()

    # -- lock and leave

    def _watch(self, office: Office) -> None:
        stored = access.settings_of(office.reader())
        self._idle.begin(IDLE_MINUTES.read(stored))
        self._clipboard = ClipboardGuard(CLIPBOARD_SECONDS.read(stored), self)
        self._clipboard.counting.connect(self._tell_clipboard)

    def _tell_clipboard(self, seconds: int) -> None:
        if self.shell is not None:
            self.shell.status.notice.setText(f"剪贴板 {seconds} 秒后清空" if seconds else "")

    def lock(self) -> None:
        """Hide everything until the password is given; nothing is closed and nothing typed is lost."""
        office = self._office
        if self._lock is not None or office is None or self.shell is None:
            return
        self._idle.end()
        if self._clipboard is not None:
            self._clipboard.empty()
        self._lock = LockScreen(office.who.name, self)
        self._lock.unlock_wanted.connect(self._unlock)
        self._lock.leave_wanted.connect(self.leave)
        close_what_floats(self)
        self._stack.addWidget(self._lock)
        self._stack.setCurrentWidget(self._lock)
        self._lock.lock_panel.begin()
        self.setWindowTitle(f"{TITLE}（已锁定）")
        self._note(office, access.Visit(event=access.LOCKED))

    def _note(self, office: Office, visit: access.Visit) -> None:
        self.jobs.write(self, lambda: access.record(office, visit), lambda _nothing: None, what=visit.event)

    def _unlock(self, password: str) -> None:
        office, lock = self._office, self._lock
        if office is None or lock is None:
            return
        lock.lock_panel.set_busy("正在核对口令")
        self.jobs.write(
            self,
            lambda: operators.verify(office, password),
            lambda _nothing: self._unlocked(office),
            lambda error: lock.refused(str(error)),
            what="解锁",
        )

    def _unlocked(self, office: Office) -> None:
        lock, self._lock = self._lock, None
        if lock is None or self.shell is None:
            return
        self._stack.setCurrentWidget(self.shell)
        self._stack.removeWidget(lock)
        lock.give_back()
        lock.deleteLater()
        self.setWindowTitle(f"{office.info.unit_name} - {TITLE}")
        self._idle.begin(IDLE_MINUTES.read(access.settings_of(office.reader())))
        self._note(office, access.Visit(event=access.UNLOCKED))

    def leave(self) -> None:
        """Close the file and ask for the next operator; refused while something typed would be lost."""
        office = self._office
        if office is None:
            return
        unsaved = self.shell.unsaved() if self.shell is not None else []
        if unsaved and self._lock is not None:
            self._lock.refused("还有没保存的内容，请先由原操作员解锁保存")
            return
        if unsaved and not self._ask(self, unsaved):
            return
        path = office.path
        self._close_file()
        for widget in (self.shell, self._lock):
            if widget is not None:
                self._stack.removeWidget(widget)
                widget.deleteLater()
        self.shell = self._lock = self.session = None
        self.setWindowTitle(TITLE)
        self._stack.setCurrentWidget(self.entrance)
        self.show_login(path)

    # -- the program's own faults

    def _crashed(self, what: str, error: object) -> None:
        if isinstance(error, BaseException):
            self.report(type(error), error, what)

    def report(self, kind: type[BaseException], error: BaseException, what: str = "") -> None:
        """Write a report and say so; what was typed stays where it is."""
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
        unsaved = self.shell.unsaved() if self.shell is not None else []
        if unsaved and not self._ask(self, unsaved):
            event.ignore()
            return
        self.memory.put("window/geometry", bytes(self.saveGeometry().toHex().data()).decode("ascii"))
        self.memory.keep()
        self.close_office()
        event.accept()

    def close_office(self) -> None:
        """End the workers and close the file."""
        self._stop_watching()
        if self.session is not None:
            self.session.close()
        self.jobs.close()
        if self._office is not None:
            self._office.close()
            self._office = None

    def _close_file(self) -> None:
        """Close the file while the window goes on."""
        self._stop_watching()
        if self.session is not None:
            self.session.close()
        if self._office is not None:
            self._office.close()
            self._office = None

    def _stop_watching(self) -> None:
        self._idle.end()
        if self._clipboard is not None:
            self._clipboard.close()
            self._clipboard.deleteLater()
            self._clipboard = None


def login_words(greeting: access.Greeting | None) -> str:
    """When this operator was here last, and wrong passwords since, in one sentence."""
    if greeting is None or greeting.last_at is None:
        return (
            "这是首次登录"
            if greeting is None or not greeting.failures
            else (f"首次登录前有 {greeting.failures} 次口令输错")
        )
    last = f"上次登录 {full_moment(greeting.last_at)}"
    return f"{last}，此后有 {greeting.failures} 次口令输错" if greeting.failures else last


def ask_to_discard(window: QWidget, unsaved: Sequence[str]) -> bool:
    """The one question on closing: work cannot go on without an answer."""
    box = QMessageBox(window)
    box.setWindowTitle(TITLE)
    box.setText("还有没保存的内容")
    box.setInformativeText("\n".join(unsaved))
    stay = box.addButton("返回继续", QMessageBox.ButtonRole.RejectRole)
    leave = box.addButton("不保存，关闭", QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(stay)
    box.exec()
    return box.clickedButton() is leave


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
