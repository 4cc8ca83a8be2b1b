"""The window once a file is open: navigation, pages, status line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.app.access.own_password_page import PLACE as OWN_PASSWORD
from hongyao_desktop.app.window.help_panel import HelpPanel
from hongyao_desktop.app.window.navigation import SYSTEM, SYSTEM_KEY, Navigation
from hongyao_desktop.core.desk import Changes, Reader
from hongyao_desktop.kit.jobs import Job
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pages import Page, PageSpec, WorkItem, unfinished
from hongyao_desktop.kit.pieces import named, once
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Height, Space

COMMON_KEYS = (("Ctrl+L", "锁定"), ("F1", "帮助"))
RECOUNT_MS = 400

Work = dict[str, list[WorkItem]]
"""What waits, by place."""


class KeyStrip(QLabel):
    """Keys that work here, from the left as many as there is room for; F1, which names all of them, always."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        named(self, "keyStrip")
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._words: list[str] = []

    def show_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        """Name these keys and those that work everywhere."""
        self._words = [f"{key} {word}" for key, word in (*keys, *COMMON_KEYS)]
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Name as many as there is room for now."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = list(self._words)
        while len(shown) > 1 and self.fontMetrics().horizontalAdvance("　".join(shown)) > self.width():
            del shown[-2]
        self.setText("　".join(shown))
        self.setToolTip("　".join(self._words) if shown != self._words else "")


class StatusLine(QWidget):
    """Operator, state of the file, what is going on, and the keys that work here."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        named(self, "statusBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.operator = named(QToolButton(self), "statusOperator")
        self.operator.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.own = QMenu(self.operator)
        self.operator.setMenu(self.own)
        self.file_state = QLabel(self)
        self.busy = QLabel(self)
        self.notice = QLabel(self)
        self.keys = KeyStrip(self)
        style = look()
        row = QHBoxLayout(self)
        row.setContentsMargins(style.px(Space.M), 0, style.px(Space.M), 0)
        row.setSpacing(style.px(Space.XL))
        row.addWidget(self.operator)
        for label in (self.file_state, self.busy, self.notice):
            row.addWidget(label)
        row.addWidget(self.keys, 1)
        self.restyle()
        look().changed.connect(self.restyle)

    def restyle(self) -> None:
        """Follow the look in force."""
        self.setFixedHeight(look().px(Height.STATUS))

    def show_operator(self, words: str, steps: Sequence[tuple[str, Callable[[], None]]]) -> None:
        """Who is at the keyboard, and what he may do about himself under his name."""
        self.operator.setText(words)
        self.operator.setAccessibleName(f"操作员：{words}")
        for label, run in steps:
            self.own.addAction(label).triggered.connect(lambda _checked=False, step=run: step())

    def show_file(self, name: str, last_backup: str) -> None:
        """Name the open file and when it was last backed up ("" for never)."""
        self.file_state.setText(f"{name}　　{f'已备份 {last_backup}' if last_backup else '还没有备份'}")

    def show_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        """Name the keys of the page in front."""
        self.keys.show_keys(keys)


class Shell(QWidget):
    """Navigation, pages and status line of one session.

    Pages are made when first opened; pages of one section stand as tabs in the title line.

    Signals:
        page_changed: title of the page in front.
        lock_wanted, leave_wanted: chosen under the operator's name.
    """

    page_changed = Signal(str)
    lock_wanted = Signal()
    leave_wanted = Signal()

    def __init__(
        self, session: Session, specs: Sequence[PageSpec], unit: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        named(self, "shell")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.session = session
        self.scale = look().scale
        self.specs = {spec.place: spec for spec in specs}
        self.pages: dict[str, Page] = {}
        self.work: Work = {}
        self._last_of_section: dict[str, str] = {}
        self._place = ""
        self._work_job: Job | None = None
        icons: dict[str, str] = {}
        for spec in specs:
            icons.setdefault(spec.section, spec.icon)
        self.navigation = Navigation(list(icons.items()), self)
        self.navigation.set_unit(unit)
        self.stack = QStackedWidget(self)
        self.status = StatusLine(self)
        self.help = HelpPanel(self)
        self.help.nowhere.connect(self._keyboard_to_page)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(0)
        top.addWidget(self.navigation)
        top.addWidget(self.stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top, 1)
        column.addWidget(self.status)
        who = session.who
        held = "、".join(sorted(role.value for role in who.roles))
        own = [("改口令", lambda: self.open(OWN_PASSWORD))] if OWN_PASSWORD in self.specs else []
        leaving = [("锁定　Ctrl+L", self.lock_wanted.emit), ("退出，换人登录", self.leave_wanted.emit)]
        self.status.show_operator(f"{who.name}（{held}）", [*own, *leaving])
        self.navigation.chosen.connect(self.open_section)
        session.wanted.connect(self.open)
        session.jobs.busy.connect(self._show_busy)
        session.jobs.refused.connect(self._refused)
        self._recount_later = once(self, RECOUNT_MS)
        self._recount_later.timeout.connect(self.recount)
        session.changed.connect(self._changed)
        session.drafts.waiting_changed.connect(self.recount)
        session.drafts.failed.connect(lambda sentence: self.tell(Tone.WARN, sentence))
        self._bind()

    def _bind(self) -> None:
        sections = [section for section in self.navigation.items if section != SYSTEM]
        for number, section in enumerate(sections[:9], 1):
            self._key(f"Ctrl+{number}").activated.connect(lambda name=section: self.open_section(name))
        self._key(SYSTEM_KEY).activated.connect(lambda: self.open_section(SYSTEM))
        self._key("Ctrl+Tab").activated.connect(lambda: self.next_tab(1))
        self._key("Ctrl+Shift+Tab").activated.connect(lambda: self.next_tab(-1))
        self._key("F1").activated.connect(self.toggle_help)

    def _key(self, keys: str) -> QShortcut:
        return QShortcut(QKeySequence(keys), self)

    # -- going places

    @property
    def place(self) -> str:
        """Where I am."""
        return self._place

    @property
    def page(self) -> Page | None:
        """The page in front."""
        return self.pages.get(self._place)

    def open_section(self, section: str) -> None:
        """Open a section where it was left."""
        places = self._tabs_of(section)
        if places:
            self.open(self._last_of_section.get(section, places[0]))

    def open(self, place: str, row_id: str = "") -> None:
        """Open a place (or the page of the register of that name), and a row there."""
        spec = self.specs.get(place) or next(
            (spec for spec in self.specs.values() if spec.register == place), None
        )
        if spec is None:
            return
        self.help.hide()
        page = self.pages.get(spec.place)
        if page is None:
            page = self._make(spec)
        self._place = spec.place
        if not spec.hidden:
            self._last_of_section[spec.section] = spec.place
        self.navigation.mark(spec.section)
        self.stack.setCurrentWidget(page)
        page.enter()
        if row_id:
            page.open_row(row_id)
        page.offer_drafts(spec.place)
        self.status.show_keys(page.keys())
        self.page_changed.emit(spec.title)

    def _make(self, spec: PageSpec) -> Page:
        page = spec.build(self.session)
        self.pages[spec.place] = page
        page.keys_changed.connect(partial(self._name_keys, page))
        self.session.drafts.watch(spec.place, page)
        self.stack.addWidget(page)
        places = self._tabs_of(spec.section)
        if not spec.hidden and len(places) > 1:
            for place in places:
                page.add_sibling(
                    self.specs[place].title, partial(self.open, place), front=place == spec.place
                )
        return page

    def close_hidden(self) -> None:
        """Take down the pages that are not in front and hold nothing unsaved; they are made again when opened."""
        for place, page in list(self.pages.items()):
            if page is self.page or page.unsaved() or page.drafts():
                continue
            self.session.drafts.unwatch(place)
            self.stack.removeWidget(page)
            page.deleteLater()
            del self.pages[place]

    def _name_keys(self, page: Page) -> None:
        if page is self.page:
            self.status.show_keys(page.keys())

    def _tabs_of(self, section: str) -> list[str]:
        return [spec.place for spec in self.specs.values() if spec.section == section and not spec.hidden]

    def next_tab(self, step: int) -> None:
        """The next page of the section."""
        spec = self.specs.get(self._place)
        if spec is None:
            return
        tabs = self._tabs_of(spec.section)
        if self._place in tabs and len(tabs) > 1:
            self.open(tabs[(tabs.index(self._place) + step) % len(tabs)])

    # -- what waits

    def recount(self) -> None:
        """Ask every page what waits for this operator."""
        if self._work_job is not None:
            self._work_job.drop()
        asked = [(spec.place, spec.work) for spec in self.specs.values() if spec.work is not None]
        session = self.session

        def gather(reader: Reader) -> Work:
            return {place: [item for item in work(reader, session) if item.count] for place, work in asked}

        self._work_job = session.read(self, gather, self._show_work)

    def _show_work(self, work: Work) -> None:
        self._work_job = None
        for place, items in unfinished(self.session.drafts).items():
            if place in self.specs:
                work[place] = [*work.get(place, ()), *items]
        self.work = work
        counts: dict[str, int] = {}
        for place, items in work.items():
            section = self.specs[place].section
            counts[section] = counts.get(section, 0) + sum(item.count for item in items)
        for section, item in self.navigation.items.items():
            item.set_badge(counts.get(section, 0))

    def _changed(self, _changes: Changes) -> None:
        self._recount_later.start()

    # -- help, messages, leaving

    def toggle_help(self) -> None:
        """F1."""
        page = self.page
        spec = self.specs.get(self._place)
        if page is None or spec is None:
            return
        if self.help.isVisible():
            self.help.close_help()
        else:
            self.help.show_help(spec.title, spec.help, page.keys())

    def _keyboard_to_page(self) -> None:
        if self.page is not None:
            self.page.activate()

    def _show_busy(self, count: int) -> None:
        self.status.busy.setText("正在保存" if count else "")

    def _refused(self, sentence: str) -> None:
        self.tell(Tone.BAD, sentence)

    def tell(self, tone: Tone, sentence: str) -> None:
        """Say something on the page in front."""
        if self.page is not None:
            self.page.say(tone, sentence)

    def keepable(self) -> bool:
        """Whether everything typed and not saved can wait as a draft for its operator."""
        return all(page.drafts() for page in self.pages.values() if page.unsaved())

    def unsaved(self) -> list[str]:
        """What was typed anywhere and is not saved."""
        words = (page.unsaved() for page in self.pages.values())
        return [word for word in words if word]
