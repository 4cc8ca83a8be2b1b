"""Loading what an opened file needs while somebody types the password (预热).

The log-in window is drawn with little in memory.  The rest is loaded piece by piece between keystrokes, in an order in
which each piece is small, so that no letter typed waits longer than one piece takes.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import ModuleType
from typing import Final

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QObject

from hongyao_desktop.kit.look import load_rare_fonts, look
from hongyao_desktop.kit.pieces import once

FIRST_MS: Final = 60
"""The window is drawn first."""
BETWEEN_MS: Final = 1
"""Keys and clicks that came in meanwhile go first."""

_PIECES: Final = (
    "sqlcipher3.dbapi2",
    "cryptography.hazmat.primitives.ciphers.aead",
    "argon2.low_level",
    "hongyao_desktop.core.desk",
    "hongyao_desktop.core.settings",
    "hongyao_desktop.core.names",
    "hongyao_desktop.core.masking",
    "hongyao_desktop.core.fields",
    "hongyao_desktop.core.register",
    "hongyao_desktop.core.figure",
    "hongyao_desktop.store.driver",
    "hongyao_desktop.store.journal",
    "hongyao_desktop.store.check",
    "hongyao_desktop.store.backup",
    "hongyao_desktop.store.search",
    "hongyao_desktop.store.pages",
    "hongyao_desktop.store.office",
    "hongyao_desktop.store.own_password",
    "hongyao_desktop.store.access",
    "hongyao_desktop.store.opening",
    "hongyao_desktop.people.module",
    "hongyao_desktop.paper.document",
    "hongyao_desktop.paper.catalogue",
    "hongyao_desktop.fund.records",
    "hongyao_desktop.fund.queries",
    "hongyao_desktop.fund.imports",
    "hongyao_desktop.fund.module",
    "hongyao_desktop.training.records",
    "hongyao_desktop.training.imports.sign_in",
    "hongyao_desktop.training.service",
    "hongyao_desktop.training.module",
    "hongyao_desktop.volunteers.records",
    "hongyao_desktop.volunteers.queries.shelf",
    "hongyao_desktop.volunteers.queries.shop",
    "hongyao_desktop.volunteers.service.recording",
    "hongyao_desktop.volunteers.imports.goods",
    "hongyao_desktop.volunteers.papers",
    "hongyao_desktop.volunteers.module",
    "hongyao_desktop.orders.service.bulk",
    "hongyao_desktop.orders.imports.orders",
    "hongyao_desktop.orders.module",
    "hongyao_desktop.app.modules",
    "hongyao_desktop.app.bootstrap",
    "hongyao_desktop.app.access.clipboard_guard",
    "hongyao_desktop.kit.messages",
    "hongyao_desktop.kit.pages",
    "hongyao_desktop.kit.inputs",
    "hongyao_desktop.kit.field_box",
    "hongyao_desktop.kit.form",
    "hongyao_desktop.kit.table",
    "hongyao_desktop.kit.register_page",
    "hongyao_desktop.kit.batch_page",
    "hongyao_desktop.app.window.screen_session",
    "hongyao_desktop.app.window.shell",
    "hongyao_desktop.app.window.home_page",
    "hongyao_desktop.app.window.system_page",
    "hongyao_desktop.app.access.operators_page",
    "hongyao_desktop.app.access.access_log_page",
    "hongyao_desktop.fund.page",
    "hongyao_desktop.training.page.class_panel",
    "hongyao_desktop.training.page",
    "hongyao_desktop.volunteers.page.ledgers",
    "hongyao_desktop.volunteers.page.activities",
    "hongyao_desktop.volunteers.page.batch",
    "hongyao_desktop.volunteers.page",
    "hongyao_desktop.orders.page.board",
    "hongyao_desktop.orders.page",
    "hongyao_desktop.app.window.page_list",
)
"""What is below comes before what uses it."""


_LATER: Final = (
    "reportlab.lib.utils",
    "reportlab.pdfgen.canvas",
    "reportlab.graphics.shapes",
    "reportlab.platypus",
    "reportlab.graphics.barcode",
    "hongyao_desktop.paper.flow",
    "hongyao_desktop.paper.render",
    "hongyao_desktop.briefing.page.screen",
)
"""The paper engine, in small pieces: whoever prepares a meeting opens the briefing first."""

_CLASSES_AT_ONCE: Final = 12


def _pieces() -> Iterator[Callable[[], object]]:
    """What is loaded, in order: Qt's constants, faces, own modules, Qt's classes, icons, paper engine."""
    # The first key asks for the former, the first finding under an input for the latter; the log-in was drawn without.
    yield partial(_touch, QtCore, ("Qt",))
    yield partial(_touch, QtWidgets, ("QStyle",))
    yield load_rare_fonts
    for piece in _PIECES:
        yield partial(importlib.import_module, piece)
    # Qt hands Python an event of a class it has not met: all classes are made then, at once, behind the password.
    for module in (QtCore, QtGui, QtWidgets):
        names = [name for name in dir(module) if name.startswith("Q")]
        for start in range(0, len(names), _CLASSES_AT_ONCE):
            yield partial(_touch, module, names[start : start + _CLASSES_AT_ONCE])
    for icon in sorted((look().resources / "icons").glob("*.svg")):
        yield partial(look().icon, icon.stem, "ink_2", active="seal")
    for piece in _LATER:
        yield partial(importlib.import_module, piece)


def _touch(module: ModuleType, names: Sequence[str]) -> None:
    for name in names:
        getattr(module, name)


class Warming(QObject):
    """Loads the pieces one by one; done when nothing is :attr:`left`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pieces = _pieces()
        self.left = True
        self._timer = once(self, FIRST_MS)
        self._timer.timeout.connect(self._next)

    def begin(self) -> None:
        """Load from now on, whenever the window has nothing else to do."""
        self._timer.start()

    def _next(self) -> None:
        piece = next(self._pieces, None)
        if piece is None:
            self.left = False
            return
        piece()
        self._timer.start(BETWEEN_MS)
