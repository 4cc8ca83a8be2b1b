"""Messages: a bar at the foot of the page with a tone, a sentence and, where possible, a way back."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from PySide6.QtCore import (
    QAbstractAnimation,
    QElapsedTimer,
    QEvent,
    QObject,
    QPoint,
    QPropertyAnimation,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QCursor, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QGraphicsOpacityEffect,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)
from shiboken6 import isValid

from hongyao_desktop.kit import tokens
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named, once
from hongyao_desktop.kit.tokens import Height, Space

GOOD_NEWS_MS: Final = 8_000
"""How long good news stays; objections stay until answered."""

POINTER_MS: Final = 1_000
"""So much longer it stays while the pointer is near: what stands above would move under a finger about to press."""

_PRESSES: Final = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)


class Tone(StrEnum):
    """How a message is meant; each has its icon, so colour never speaks alone."""

    GOOD = "good"
    INFO = "info"
    WARN = "warn"
    BAD = "bad"


ICONS: Final = {Tone.GOOD: "check", Tone.INFO: "info", Tone.WARN: "warning", Tone.BAD: "stop"}


class _Flight(QObject):
    """A click in flight: what has just moved under the pointer is not what was aimed at, and does not answer.

    Whoever presses a button aimed at it a moment before.  For the time of a double click after a message came or went,
    buttons of its page that stand elsewhere than before take no press.
    """

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._before: dict[QAbstractButton, QRect] = {}
        self._over = once(self)
        self._over.timeout.connect(self._landed)

    def begin(self) -> None:
        """The page is about to become lower or higher: note where its buttons stand now."""
        buttons = self._page.findChildren(QAbstractButton)
        self._before = {button: _place(button, self._page) for button in buttons if button.isVisible()}
        self._over.start(QApplication.doubleClickInterval())
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def _landed(self) -> None:
        self._before = {}
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a press away from a button that moved."""
        if event.type() not in _PRESSES or not isinstance(watched, QAbstractButton):
            return False
        before = self._before.get(watched)
        return before is not None and before != _place(watched, self._page)


def _place(button: QWidget, page: QWidget) -> QRect:
    """Where a button stands on its page."""
    return QRect(button.mapTo(page, QPoint(0, 0)), button.size())


class MessageBar(QFrame):
    """One message at a time, at the foot of its page: the page above becomes lower, nothing is covered.

    At the foot, because nothing that hangs from the top of a page moves when a message comes or goes, and because the
    buttons that lead to most messages stand there.  What a second press of an impatient finger would hit, the button
    that came to lie under it, does not answer for the time of a double click.

    Signals:
        closed: the message went away.
    """

    closed = Signal()

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.setObjectName("message")
        self.setAccessibleName("提示")
        style = look()
        self._icon = QLabel(self)
        self._text = named(QLabel(self), "messageText")
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setWordWrap(True)
        self._action = named(QPushButton(self), "messageAction")
        self._other: QPushButton | None = None
        self._close = named(QToolButton(self), "messageClose")
        self._close.setIcon(style.icon("close"))
        self._close.setAccessibleName("关闭提示")
        self._close.setToolTip("关闭提示（Esc）")
        self._close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._run: Callable[[], None] | None = None
        self._run_other: Callable[[], None] | None = None
        self._since = QElapsedTimer()
        self._no: Callable[[], None] | None = None
        self._before: weakref.ref[QWidget] | None = None
        self._listening = False
        self._flight = _Flight(page)
        row = QHBoxLayout(self)
        row.setContentsMargins(style.px(Space.M), style.px(Space.XS), style.px(Space.XS), style.px(Space.XS))
        row.setSpacing(style.px(Space.S))
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._action)
        row.addStretch()
        row.addWidget(self._close)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._timer = once(self)
        self._timer.timeout.connect(self._time_is_up)
        self._effect = QGraphicsOpacityEffect(self)
        self._effect.setEnabled(False)
        self.setGraphicsEffect(self._effect)
        self._fade = QPropertyAnimation(self._effect, b"opacity", self)
        self._fade.setDuration(tokens.FADE_MS)
        self._fade.finished.connect(self._faded)
        self._action.clicked.connect(lambda: self._act(self._run))
        self._close.clicked.connect(self.dismiss)
        self._close.installEventFilter(self)
        self._guard(self._action)
        self.hide()

    @property
    def text(self) -> str:
        """What is said now, "" when nothing is or the last message is just going."""
        going = self.fading and self._fade.endValue() == 0.0
        return self._text.text() if not self.isHidden() and not going else ""

    @property
    def fading(self) -> bool:
        """Whether a message is just coming or going."""
        return self._fade.state() is QAbstractAnimation.State.Running

    def say(
        self,
        tone: Tone,
        sentence: str,
        *,
        action: str = "",
        run: Callable[[], None] | None = None,
        other: str = "",
        run_other: Callable[[], None] | None = None,
        keep: bool | None = None,
    ) -> None:
        """Show a sentence; ``action`` and ``run`` offer one step, ``other`` and ``run_other`` a second.

        Good news leaves by itself unless ``keep``.
        """
        self._hand_back()
        self._flight.begin()
        self._icon.setPixmap(look().pixmap(ICONS[tone], tone.value))
        self._text.setText(sentence)
        self._text.setToolTip(sentence)
        self.setAccessibleDescription(sentence)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self._run = run
        self._run_other = run_other
        self._no = None
        self._offer_other(other)
        if self.property("tone") != tone.value:
            self.setProperty("tone", tone.value)
            for widget in (self, self._text, *self.findChildren(QPushButton)):
                widget.style().unpolish(widget)
                widget.style().polish(widget)
        stays = keep if keep is not None else tone in (Tone.WARN, Tone.BAD)
        self._timer.stop()
        if not stays:
            self._timer.start(GOOD_NEWS_MS)
        self._since.start()
        self._fit()
        self.show()
        self._start_fade(0.0, 1.0)

    def ask(self, sentence: str, answer: str, yes: Callable[[], None], no: Callable[[], None]) -> None:
        """Ask what only the operator knows; the keyboard is on the answer: Enter says ``yes``, Esc says ``no``."""
        self.say(Tone.WARN, sentence, action=answer, run=yes)
        self._no = no
        self._action.setFocus(Qt.FocusReason.OtherFocusReason)

    def answer(self) -> bool:
        """Yes to the question that stands here, by the key that led to it; False when none does."""
        if self._no is None:
            return False
        self._act(self._run)
        return True

    def withdraw(self) -> None:
        """What was asked about is not so any more: take the question away, leave the keyboard where it is."""
        if self._no is not None:
            self._no = None
            self.dismiss()

    def _guard(self, button: QPushButton) -> None:
        """A click leaves the keyboard where it is: a button that goes away would drop it into the navigation."""
        button.installEventFilter(self)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _mind(self, old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.isAncestorOf(now) and old is not None and not self.isAncestorOf(old):
            self._before = weakref.ref(old)

    def _hand_back(self) -> None:
        """What had the keyboard before the bar took it has it again, before the bar's buttons go."""
        focused = QApplication.focusWidget()
        if focused is None or not self.isAncestorOf(focused) or self._before is None:
            return
        before = self._before()
        if before is not None and isValid(before) and before.isVisible() and before.isEnabled():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """While it is there, it remembers who had the keyboard before it."""
        super().showEvent(event)
        self._listen(listen=True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Gone, it listens to nothing."""
        super().hideEvent(event)
        self._listen(listen=False)

    def _listen(self, *, listen: bool) -> None:
        application = QApplication.instance()
        if not isinstance(application, QApplication) or listen is self._listening:
            return
        self._listening = listen
        if listen:
            application.focusChanged.connect(self._mind)
        else:
            application.focusChanged.disconnect(self._mind)

    def _offer_other(self, words: str) -> None:
        """The second step; few messages have one."""
        if self._other is None and words:
            self._other = other = named(QPushButton(self), "messageAction")
            other.clicked.connect(lambda: self._act(self._run_other))
            row = self.layout()
            assert isinstance(row, QHBoxLayout)
            row.insertWidget(row.indexOf(self._action) + 1, other)
            self._guard(other)
        if self._other is not None:
            self._other.setText(words)
            self._other.setVisible(bool(words))

    def dismiss(self) -> None:
        """Take the message away; a question is answered with no by it."""
        self._timer.stop()
        self._hand_back()
        if not self.isHidden():
            self._start_fade(1.0, 0.0)
        no, self._no = self._no, None
        if no is not None:
            no()

    def put_away(self) -> bool:
        """Esc: take the message away; whether that is all the key does.

        An objection or a question has to be read, and the key was for it.  News needs nothing: it goes along with
        whatever Esc means on the page.
        """
        in_the_way = bool(self.text) and self.property("tone") not in (Tone.GOOD, Tone.INFO)
        self.dismiss()
        return in_the_way

    def clear(self) -> None:
        """Take the message away at once, without a fade."""
        self._timer.stop()
        self._fade.stop()
        self._no = None
        self._hand_back()
        self._flight.begin()
        self.hide()

    def _start_fade(self, start: float, end: float) -> None:
        self._fade.stop()
        self._effect.setEnabled(True)
        self._fade.setStartValue(start)
        self._fade.setEndValue(end)
        self._fade.start()

    def _faded(self) -> None:
        self._effect.setEnabled(False)
        if self._fade.endValue() == 0.0:
            self._flight.begin()
            self.hide()
            self.closed.emit()

    def _act(self, run: Callable[[], None] | None) -> None:
        self._no = None
        self.dismiss()
        if run is not None:
            run()

    def _time_is_up(self) -> None:
        room = look().px(Height.TOOLBAR)
        if self.rect().adjusted(0, -2 * room, 0, 0).contains(self.mapFromGlobal(QCursor.pos())):
            self._timer.start(POINTER_MS)
        else:
            self.dismiss()

    def _fit(self) -> None:
        """As wide as its words, so that the step offered stands beside them."""
        style = look()
        self._text.setMaximumWidth(
            self._text.fontMetrics().horizontalAdvance(self._text.text()) + style.px(Space.S)
        )
        # A long sentence takes another line: what to do stands at its end.
        self.setMinimumHeight(style.px(Height.TOOLBAR) - style.px(Space.S))

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """A press that was meant for what lay here a moment ago goes nowhere."""
        return event.type() in _PRESSES and not self._since.hasExpired(QApplication.doubleClickInterval())
