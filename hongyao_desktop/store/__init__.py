"""The encrypted office file: door, journal, migrations, search, lists, check."""

from hongyao_desktop.store.journal import Undo
from hongyao_desktop.store.office import Done, Office, OfficeInfo
from hongyao_desktop.store.opening import Making, create_office, open_office, operator_names

__all__ = ["Done", "Making", "Office", "OfficeInfo", "Undo", "create_office", "open_office", "operator_names"]
