"""Starting the window."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from hongyao_desktop.app.access.temporary import own_temporary
from hongyao_desktop.app.offices import OpenOffices
from hongyao_desktop.app.resources import resource
from hongyao_desktop.app.window.leaving import TITLE
from hongyao_desktop.app.window.main_window import MainWindow, SlotFaults
from hongyao_desktop.app.window.window_memory import WindowMemory
from hongyao_desktop.kit.look import begin_application, dress


def main(path: Path | None) -> int:
    """Open the window on ``path`` (None: the file used last, or the first steps); returns when it is closed."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = begin_application(sys.argv[0])
    application.setApplicationName(TITLE)
    application.setApplicationDisplayName(TITLE)
    dress(application, resource(), rare=False)  # warming brings them
    offices = OpenOffices()
    window = MainWindow(offices, WindowMemory(offices.state))
    before = sys.excepthook
    sys.excepthook = SlotFaults(window)
    try:
        with own_temporary(offices.state):
            window.show()
            window.start(path)
            gc.freeze()  # what is loaded stays: not looked through before the window is drawn, nor ever again
            gc.enable()
            return application.exec()
    finally:
        sys.excepthook = before
