"""The way in: which file, who, what is shown once, and a new password where one is due; then the office is ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from hongyao_desktop.app.access.entrance import (
    SUFFIX,
    Entrance,
    FileChoice,
    FirstRunPanel,
    LoginPanel,
)
from hongyao_desktop.app.offices import Fresh, NewOffice, OpenOffices
from hongyao_desktop.kit.jobs import Jobs

if TYPE_CHECKING:
    from hongyao_desktop.app.access.restore_panel import RestorePanel
    from hongyao_desktop.store import Office

T = TypeVar("T")


class WayIn(QObject):
    """Shows one panel of the entrance after the other.

    Signals:
        opened: a file is open (:class:`Office`), perhaps with something to be shown or changed before work begins.
        ready: work can begin in it.
        left: the operator went back although the file was open already.
    """

    opened = Signal(object)
    ready = Signal(object)
    left = Signal()

    def __init__(self, window: QWidget, offices: OpenOffices, jobs: Jobs, files: FileChoice) -> None:
        super().__init__(window)
        self._window = window
        self._offices = offices
        self._jobs = jobs
        self._files = files
        self.entrance = Entrance(window)

    def show_first_run(self) -> None:
        """The four ways to begin."""
        panel = FirstRunPanel(self.entrance)
        panel.demo_wanted.connect(self.make_demo)
        panel.new_wanted.connect(self.show_new_office)
        panel.open_wanted.connect(self.choose_file)
        panel.restore_wanted.connect(self.find_lost)
        self.entrance.show_panel(panel)

    def show_new_office(self, wish: NewOffice | None = None) -> None:
        """Name, unit, first operator; ``wish`` is what was typed before."""
        from hongyao_desktop.app.access.first_run import NewOfficePanel

        panel = NewOfficePanel(self.entrance)
        if wish is not None:
            panel.fill(wish.office, wish.unit, wish.operator, wish.password)
        panel.wanted.connect(self.show_administrators)
        panel.back_wanted.connect(self.show_first_run)
        self.entrance.show_panel(panel)

    def show_login(self, path: Path) -> None:
        """Operator and password for a file; a link to one leads to the file itself."""
        if path.is_symlink():
            path = path.resolve()
        names = self._offices.operators(path)
        panel = LoginPanel(path, names, self.entrance)
        panel.wanted.connect(lambda operator, password: self.open_office(path, operator, password))
        panel.other_wanted.connect(self.choose_file)
        panel.recover_wanted.connect(lambda: self.show_recovery(path))
        panel.restore_wanted.connect(lambda: self.show_restore(path))
        self.entrance.show_panel(panel)
        if not names:
            panel.tell(self._offices.why_not(path))

    def show_recovery(self, path: Path) -> None:
        """The rows of the recovery sheet and a new password."""
        from hongyao_desktop.app.access.recovery_panel import RecoveryPanel

        panel = RecoveryPanel(path, self.entrance)
        panel.wanted.connect(
            lambda operator, sheet, password: self._enter(
                "正在打开", lambda: self._offices.recover(path, operator, sheet, password)
            )
        )
        panel.back_wanted.connect(lambda: self.show_login(path))
        self.entrance.show_panel(panel)

    def show_restore(self, path: Path, chosen: Path | None = None) -> None:
        """Backups of a file, and what restoring one would do; ``chosen`` is one from elsewhere."""
        from hongyao_desktop.app.access import ways_back
        from hongyao_desktop.app.access.restore_panel import RestorePanel

        backups = ways_back.known_backups(path)
        names = self._offices.operators(path if path.exists() or chosen is None else chosen)
        panel = RestorePanel(path, backups, names, self.entrance)
        folder = ways_back.folder_of(path, chosen)
        state, clock = self._offices.state, self._offices.clock
        panel.rehearse_wanted.connect(
            lambda backup, name, password: self._do(
                "正在核对备份",
                lambda: ways_back.rehearse(
                    backup, path, operator=name, password=password, clock=clock, state=state
                ),
                panel.show_rehearsed,
            )
        )
        panel.restore_wanted.connect(
            lambda rehearsed: self._do(
                "正在恢复",
                lambda: ways_back.restore_as_rehearsed(rehearsed, clock, state),
                lambda kept: self._back(path, ways_back.restored_words(rehearsed, kept)),
            )
        )
        target = ways_back.rebuilt_path(path, clock.now())
        panel.rebuild_wanted.connect(
            lambda name, password: self._do(
                "正在重建",
                lambda: ways_back.rebuild_from(
                    folder,
                    target,
                    beside=path,
                    operator=name,
                    password=password,
                    clock=clock,
                    state=state,
                ),
                lambda done: self._back(target, ways_back.rebuilt_words(done, target)),
            )
        )
        panel.another_wanted.connect(lambda: self._another(panel, path))
        panel.back_wanted.connect(lambda: self.show_login(path) if path.exists() else self.show_first_run())
        if chosen is not None:
            panel.take(chosen)
        self.entrance.show_panel(panel)

    def find_lost(self) -> None:
        """No file is left: ask for a backup, and where the file is to be."""
        chosen = self._files.backup_file(self._window, self._offices.usual_folder())
        if chosen is None:
            return
        stem = chosen.name.split(".", 1)[0]
        path = self._files.new_file(self._window, chosen.parent.parent / f"{stem}{SUFFIX}")
        if path is not None:
            self.show_restore(path, chosen)

    def _another(self, panel: RestorePanel, path: Path) -> None:
        chosen = self._files.backup_file(self._window, path.parent)
        if chosen is not None:
            panel.take(chosen)

    def _do(self, words: str, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Something that opens no office; a refusal is said on the panel."""
        panel = self.entrance.panel
        if panel is not None:
            panel.set_busy(words)

        def finished(result: T) -> None:
            if panel is not None:
                panel.set_busy("")
            done(result)

        self._jobs.write(self, work, finished, self._not_entered, what=words)

    def _back(self, path: Path, words: str) -> None:
        """The file is there again: log in."""
        self.show_login(path)
        if self.entrance.panel is not None:
            self.entrance.panel.inform(words)

    def choose_file(self) -> None:
        """Ask for a file."""
        chosen = self._files.open_file(self._window, self._offices.usual_folder())
        if chosen is not None:
            self.show_login(chosen)

    def make_demo(self) -> None:
        """Make the demonstration office of this computer (once) and open it."""
        path = self._offices.demo_path()
        if path.exists():
            self.open_office(path, self._offices.demo_operator(), self._offices.demo_password())
            return
        self._enter(
            "正在生成演示单位，约需半分钟",
            lambda: self._offices.make_demo(path),
        )

    def show_administrators(self, office: str, unit: str, operator: str, password: str) -> None:
        """Who the three administrators are."""
        from hongyao_desktop.app.access.first_run import AdministratorsPanel

        wish = NewOffice(office=office, unit=unit, operator=operator, password=password)
        panel = AdministratorsPanel(operator, self.entrance)
        panel.wanted.connect(lambda names: self.make_office(replace(wish, administrators=tuple(names))))
        panel.combined_wanted.connect(lambda: self._show_combined(wish))
        panel.back_wanted.connect(lambda: self.show_new_office(wish))
        self.entrance.show_panel(panel)

    def _show_combined(self, wish: NewOffice) -> None:
        from hongyao_desktop.app.access.first_run import CombinedPanel

        panel = CombinedPanel(wish.operator, self.entrance)
        panel.wanted.connect(lambda reason: self.make_office(replace(wish, reason=reason)))
        panel.back_wanted.connect(
            lambda: self.show_administrators(wish.office, wish.unit, wish.operator, wish.password)
        )
        self.entrance.show_panel(panel)

    def make_office(self, wish: NewOffice) -> None:
        """Make a new office file where the operator says, show what is shown once, and open it."""
        path = self._files.new_file(self._window, self._offices.usual_folder() / f"{wish.unit}.hongyao")
        if path is not None:
            self._enter("正在建立台账文件", lambda: self._offices.make(path, wish), self._made)

    def _made(self, office: Office) -> None:
        from hongyao_desktop.app.access.first_run import FreshPanel

        self.opened.emit(office)
        fresh, self._offices.fresh = self._offices.fresh, None
        if fresh is None:
            self._entered(office)
            return
        panel = FreshPanel(fresh, lambda: self._save_sheet(office, fresh), self.entrance)
        panel.start_wanted.connect(lambda: self._entered(office))
        self.entrance.show_panel(panel)

    def _save_sheet(self, office: Office, fresh: Fresh) -> Path | None:
        from hongyao_desktop.app.access.recovery_sheet import recovery_document
        from hongyao_desktop.paper.render import render_pdf

        out = self._files.sheet_file(self._window, office.path.with_name(f"{office.path.stem}恢复密钥.pdf"))
        if out is not None:
            render_pdf(recovery_document(office, fresh.recovery_rows), out)
        return out

    def open_office(self, path: Path, operator: str, password: str) -> None:
        """Open a file; a wrong password is said under the input."""
        self._enter("正在打开", lambda: self._offices.open(path, operator, password))

    def _enter(
        self, words: str, opening: Callable[[], Office], done: Callable[[Office], None] | None = None
    ) -> None:
        panel = self.entrance.panel
        if panel is not None:
            panel.set_busy(words)
        self._jobs.write(self, opening, done or self._entered, self._not_entered, what=words)

    def _not_entered(self, error: Exception) -> None:
        panel = self.entrance.panel
        if panel is None:
            return
        panel.set_busy("")
        panel.tell(str(error), getattr(panel, "password", None))

    def _entered(self, office: Office) -> None:
        from hongyao_desktop.app.access.password_panel import PasswordPanel
        from hongyao_desktop.store import kept_passwords, own_password

        self.opened.emit(office)
        why = None if office.opened.read_only else own_password.why_change(office)
        if why is None:
            self.ready.emit(office)
            return
        panel = PasswordPanel(
            office.who.name, why, kept_passwords.password_rule(office.reader()), self.entrance
        )
        panel.wanted.connect(lambda password: self._change_password(office, password))
        panel.back_wanted.connect(self.left)
        self.entrance.show_panel(panel)

    def _change_password(self, office: Office, password: str) -> None:
        from hongyao_desktop.store import own_password

        panel = self.entrance.panel
        if panel is not None:
            panel.set_busy("正在更换口令")
        self._jobs.write(
            self,
            lambda: own_password.replace(office, password),
            lambda _nothing: self.ready.emit(office),
            self._not_entered,
            what="更换口令",
        )
