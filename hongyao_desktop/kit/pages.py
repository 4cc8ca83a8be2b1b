"""What the main window needs to know of a page, and what a page inherits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from hongyao_desktop.core.clock import full_moment
from hongyao_desktop.core.desk import Changes, Reader
from hongyao_desktop.kit.drafts import Draft, Drafts
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import MessageBar, Tone
from hongyao_desktop.kit.pieces import named, once
from hongyao_desktop.kit.search_box import SearchBox
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.sibling_tabs import SiblingTabs
from hongyao_desktop.kit.tokens import Height, Space


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """Something that waits for this operator (今天要办的).

    Attributes:
        words: what it is ("待审核的志愿者").
        count: how many.
        due: how urgent, in words ("逾期 2 天", "9月30日前"); "" when it has no date.
        overdue: whether the due words are an objection.
        place, row_id: where it opens.
    """

    words: str
    count: int
    due: str = ""
    overdue: bool = False
    place: str = ""
    row_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSpec:
    """One page of the window.

    ``place`` names it for :meth:`Session.go` ("volunteers", "volunteers.batch"); ``section`` is the word of the
    navigation it belongs to, pages of one section share its icon and stand as tabs in the title line.
    ``register`` is the register whose rows open here. ``work`` lists what waits for this operator here: it stands on
    the first page, and its count is the badge of the section.
    ``hidden`` pages have no tab: they are reached from others (batch entry, previews).
    """

    place: str
    section: str
    title: str
    icon: str
    build: Callable[[Session], Page]
    register: str | None = None
    work: Callable[[Reader, Session], Sequence[WorkItem]] | None = None
    hidden: bool = False
    help: str = ""


def unfinished(drafts: Drafts) -> dict[str, list[WorkItem]]:
    """Forms an earlier session left half typed, by page, for the list of what waits and the badges."""
    return {
        place: [
            WorkItem(words=f"没保存完：{draft.label}", count=1, due="放回或不要", place=place)
            for draft in drafts.waiting(place)
        ]
        for place in drafts.places()
    }


DRAFTS_NAMED = 2
"""So many half-typed forms are named in the offer to put them back."""


class Page(QWidget):
    """A page: title line, body, message bar at its foot.

    Override what is needed: :meth:`activate` (shown again), :meth:`reload` (something changed), :meth:`open_row`,
    :meth:`keys` (the strip at the bottom), :meth:`unsaved` (what would be lost), :meth:`drafts` and
    :meth:`put_back` (what must outlive a crash).

    Signals:
        keys_changed: other keys work here now; :meth:`keys` names them.
    """

    keys_changed = Signal()

    def __init__(self, session: Session, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.setObjectName("page")
        self.setAccessibleName(title)
        style = look()
        self._stale = True
        self._put_back: QShortcut | None = None
        self.title = named(QLabel(title, self), "pageTitle")
        self.title.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.siblings = SiblingTabs(self)
        self.head = QHBoxLayout()
        self.head.setSpacing(style.px(Space.L))
        self.head.addWidget(self.title)
        self.head.addWidget(self.siblings)
        self.head.addStretch(1)
        head = QWidget(self)
        head.setFixedHeight(style.px(Height.TOOLBAR))
        self.head.setContentsMargins(0, 0, 0, 0)
        head.setLayout(self.head)
        self.column = QVBoxLayout()
        self.column.setContentsMargins(style.px(Space.L), 0, style.px(Space.L), 0)
        self.column.setSpacing(0)
        self.column.addWidget(head)
        self.messages = MessageBar(self)
        foot = QHBoxLayout()
        foot.setContentsMargins(style.px(Space.L), style.px(Space.XS), style.px(Space.L), style.px(Space.S))
        foot.addWidget(self.messages)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self.column, 1)
        whole.addLayout(foot)
        self._reload_later = once(self)
        self._reload_later.timeout.connect(self._reload_now)
        session.changed.connect(self._hear)

    # -- for pages to override

    def activate(self) -> None:
        """The page is being shown; where should the keyboard be?"""

    def reload(self) -> None:
        """Read again what is shown."""

    def touches(self, _changes: Changes) -> bool:
        """Whether these changes concern this page; by default all do."""
        return True

    def open_row(self, _row_id: str) -> None:
        """Show one row."""

    def keys(self) -> tuple[tuple[str, str], ...]:
        """Keys to name in the strip at the bottom, such as ("F2", "编辑")."""
        return ()

    def unsaved(self) -> str | None:
        """What was typed and not saved, in words; None when nothing was."""
        return None

    def drafts(self) -> Sequence[Draft]:
        """What is half typed here, form by form; call ``self.session.drafts.typed()`` whenever that changes."""
        return ()

    def put_back(self, draft: Draft) -> None:
        """Take a draft into its form again; it is reported by :meth:`drafts` from then on."""
        raise TypeError(f"a page that has drafts takes them back itself: {draft.key}")

    # -- for pages to use

    def say(self, tone: Tone, sentence: str, action: str = "", run: Callable[[], None] | None = None) -> None:
        """Show a message at the foot."""
        self.messages.say(tone, sentence, action=action, run=run)

    def refuse(self, error: Exception) -> None:
        """Show a refusal; fits as ``failed`` of a job."""
        self.messages.say(Tone.BAD, str(error))

    def add_search(self, hint: str, what: str, *, keys: Sequence[str] = ("Ctrl+F", "F3")) -> SearchBox:
        """Put the search box into the title line. ``what`` it searches, for screen readers."""
        box = SearchBox(hint, what, self)
        self.head.addWidget(box)
        for key in keys:
            self.on_key(key, box.take_keyboard)
        return box

    def add_sibling(self, title: str, go: Callable[[], None], *, front: bool = False) -> None:
        """One page of the same section in the title line; with them there, the marked one is this page's title."""
        self.siblings.add(title, go, front=front)
        self.title.setVisible(not self.siblings.front)

    def on_key(self, keys: str, run: Callable[[], None]) -> QShortcut:
        """Bind a key while the keyboard is anywhere on this page."""
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(run)
        return shortcut

    # -- inside

    def enter(self) -> None:
        """Called by the window when the page comes to the front."""
        if self._stale:
            self._stale = False
            self.reload()
        self.activate()

    def offer_drafts(self, place: str) -> None:
        """Offer what an earlier session left half typed here; nothing is put anywhere unasked."""
        drafts = self.session.drafts
        found = drafts.waiting(place)
        if not found:
            return
        names = "、".join(draft.label for draft in found[:DRAFTS_NAMED])
        more = f"等 {len(found)} 处" if len(found) > DRAFTS_NAMED else ""
        when = full_moment(found[0].kept_at)

        def back() -> None:
            asked = len(drafts.waiting(place))
            later = drafts.put_back(place)
            if len(later) == asked:
                self.say(Tone.WARN, f"这里正在填，先保存或撤销，再放回{later[0].label}")
            elif later:
                self.say(Tone.WARN, f"已放回；还有一份{later[0].label}，等这一份保存或撤销后再放回")
            else:
                each = f" {asked} 处，请逐个" if asked > 1 else "，请"
                self.say(Tone.INFO, f"已放回{each}核对后保存")

        def away() -> None:
            gone = drafts.refuse(place)
            self.say(Tone.INFO, "没保存的内容已丢掉", "还是放回", lambda: take(gone))

        def take(gone: Sequence[Draft]) -> None:
            for draft in gone:
                self.put_back(draft)

        def by_key() -> None:
            if drafts.waiting(place):
                self.messages.dismiss()
                back()

        if self._put_back is None:
            self._put_back = self.on_key("Ctrl+R", by_key)
        self.messages.say(
            Tone.WARN,
            f"上次没有保存：{names}{more}（{when}）",
            action="放回  Ctrl+R",
            run=back,
            other="不要了",
            run_other=away,
        )

    def _hear(self, changes: Changes) -> None:
        if not self.touches(changes):
            return
        self._stale = True
        if self.isVisible():
            self._reload_later.start()

    def _reload_now(self) -> None:
        if self._stale:
            self._stale = False
            self.reload()


class FocusReport(QObject):
    """Tells a page which of its parts has the keyboard; used to choose keys for the strip."""

    def __init__(self, watched: QWidget, run: Callable[[], None]) -> None:
        super().__init__(watched)
        self._run = run
        watched.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Report when the keyboard arrives."""
        if event.type() == QEvent.Type.FocusIn:
            self._run()
        return False
