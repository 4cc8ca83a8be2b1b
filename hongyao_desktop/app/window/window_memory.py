"""What the window remembers of its own looks from one day to the next."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings


class WindowMemory:
    """Column widths, splitters and the like, in a file of this computer's data folder."""

    def __init__(self, folder: Path) -> None:
        self._settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)

    def get(self, key: str) -> Any:
        """What was put under ``key``; None when there is nothing or it cannot be read."""
        text = self._settings.value(key)
        if not isinstance(text, str):
            return None
        try:
            return json.loads(text)
        except ValueError:
            return None

    def put(self, key: str, value: Any) -> None:
        """Remember ``value`` (numbers, texts, lists of them) under ``key``."""
        self._settings.setValue(key, json.dumps(value, ensure_ascii=False))

    def keep(self) -> None:
        """Write everything to disk now."""
        self._settings.sync()
