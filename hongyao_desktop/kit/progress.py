"""Long work on screen: what, how far, how long still, and a way to stop it. The window stays alive meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from hongyao_desktop.kit.jobs import Job
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.tokens import Height, Space

SPEAKS_AFTER_S = 3.0
"""A remaining time is not guessed before this many seconds."""


class ProgressLine(QFrame):
    """One line that follows a job; hidden while nothing runs."""

    def __init__(self, parent: QWidget | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        named(self, "panel")
        self._clock = clock
        self._began = 0.0
        self._job: Job | None = None
        style = look()
        self.words = QLabel(self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(style.px(Space.S))
        self.left = named(QLabel(self), "note")
        self.stop_button = QPushButton("停止", self)
        self.stop_button.clicked.connect(self.stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(style.px(Space.M), 0, style.px(Space.XS), 0)
        row.setSpacing(style.px(Space.M))
        row.addWidget(self.words)
        row.addWidget(self.bar, 1)
        row.addWidget(self.left)
        row.addWidget(self.stop_button)
        self.setFixedHeight(style.px(Height.TOOLBAR))
        self.hide()

    def follow(self, job: Job, *, stoppable: bool = True) -> None:
        """Show a job until it ends."""
        self._job = job
        self._began = self._clock()
        self.words.setText(job.what)
        self.left.clear()
        self.bar.setRange(0, 0)
        self.stop_button.setVisible(stoppable)
        self.stop_button.setEnabled(True)
        job.progressed.connect(self._progressed)
        job.finished.connect(self._finished)
        self.show()

    def stop(self) -> None:
        """Ask the job to stop; it ends at its next step and leaves nothing behind."""
        if self._job is not None:
            self.stop_button.setEnabled(False)
            self.left.setText("正在停止")
            self._job.cancel()

    def _progressed(self, done: int, total: int, what: str) -> None:
        if what:
            self.words.setText(what)
        self.bar.setRange(0, max(total, 0))
        self.bar.setValue(min(done, total))
        self.setAccessibleName(f"{self.words.text()} {done} / {total}")
        gone = self._clock() - self._began
        if total > 0 and done > 0 and gone >= SPEAKS_AFTER_S and self.stop_button.isEnabled():
            self.left.setText(f"{done:,} / {total:,}　{remaining(gone, done, total)}")

    def _finished(self) -> None:
        self._job = None
        self.hide()


def remaining(gone_s: float, done: int, total: int) -> str:
    """How long it will still take, in words."""
    seconds = round(gone_s * (total - done) / done)
    if seconds < 60:
        return f"约 {max(seconds, 1)} 秒"
    return f"约 {round(seconds / 60)} 分钟"
