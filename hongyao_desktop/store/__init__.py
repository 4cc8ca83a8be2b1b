"""The encrypted office file: door, journal, migrations, search, lists, check.

Its names are loaded when they are first asked for: the log-in window is drawn before the cipher is in memory.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from hongyao_desktop.store.journal import Undo
    from hongyao_desktop.store.office import Office
    from hongyao_desktop.store.opened import Done, OfficeInfo
    from hongyao_desktop.store.opening import Making, create_office, open_office, operator_names

__all__ = ["Done", "Making", "Office", "OfficeInfo", "Undo", "create_office", "open_office", "operator_names"]

_HOMES: Final = {
    "Undo": "journal",
    "Done": "opened",
    "Office": "office",
    "OfficeInfo": "opened",
    "Making": "opening",
    "create_office": "opening",
    "open_office": "opening",
    "operator_names": "opening",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    return found
