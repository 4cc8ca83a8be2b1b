"""The line of a form that asks for a file: what is kept is its name, size and hash, never the file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

from hongyao_desktop.core.attached import FileMark
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import ElidedLabel, named
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Height, Space

_CHUNK: Final = 1 << 20


def mark_of(path: Path) -> FileMark:
    """Name, size and SHA-256 of a file. Refuses one that cannot be read."""
    digest = hashlib.sha256()
    size = 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise Refusal(f"“{path.name}”读不出来，请核对文件后再选") from error
    return FileMark(path.name, size, digest.hexdigest())


class FileLine(QWidget):
    """A button that asks for a file, and what was chosen.

    ``choose`` asks for the path; tests answer it beforehand.

    Signals:
        picked: another file is the one chosen now.
        failed: the file cannot be read (sentence).
    """

    picked = Signal()
    failed = Signal(str)

    def __init__(self, what: str, session: Session, parent: QWidget) -> None:
        """``what`` names the kind of file: 照片, 附件."""
        super().__init__(parent)
        self._what = what
        self._session = session
        self.mark: FileMark | None = None
        self.choose: Callable[[], str] = self._ask
        self.button = QPushButton(f"选择{what}", self)
        self.button.setFixedHeight(look().px(Height.BUTTON))
        self.button.setAutoDefault(True)
        self.button.clicked.connect(partial(self._pick))
        self.shown = named(ElidedLabel("", self), "note")
        self.shown.setAccessibleName(f"选好的{what}")
        self._say_chosen()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().px(Space.S))
        row.addWidget(self.button)
        row.addWidget(self.shown, 1)

    def _ask(self) -> str:
        return QFileDialog.getOpenFileName(self, f"选择{self._what}")[0]

    def _pick(self, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - a Qt slot
        chosen = self.choose()
        if chosen:
            self.take(Path(chosen))

    def take(self, path: Path) -> None:
        """Count the hash of a file on a worker: a long film must not stop the window."""
        self._session.read(
            self, lambda _reader: mark_of(path), self._marked, lambda error: self.failed.emit(str(error))
        )

    def _marked(self, mark: FileMark) -> None:
        self.mark = mark
        self._say_chosen()
        self.picked.emit()

    def _say_chosen(self) -> None:
        self.shown.setText(str(self.mark) if self.mark is not None else f"还没有选择{self._what}")
