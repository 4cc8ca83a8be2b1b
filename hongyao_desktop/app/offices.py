"""Office files as the window meets them: which one was used last, who may open it, making a new one or the demo."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from hongyao_desktop.app.bootstrap import new_office
from hongyao_desktop.app.demo.build import OPERATORS, PASSWORD, build_demo
from hongyao_desktop.app.modules import REGISTERS
from hongyao_desktop.core.clock import Clock, SystemClock
from hongyao_desktop.core.desk import Operator, Role
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Office, OfficeInfo, access, open_office
from hongyao_desktop.store.driver import SALT_BYTES
from hongyao_desktop.store.keys import find_ring
from hongyao_desktop.store.place import FileInUse
from hongyao_desktop.store.state import state_folder

FIRST_ROLES: Final = frozenset(Role) - {Role.AUDITOR}
"""The first operator of a new office may do everything but audit; he gives roles away later."""

_ONLY_AUDITS: Final = frozenset({Role.AUDITOR})

RECENT_KEPT: Final = 8


class OpenOffices:
    """Makes and opens office files, and remembers them in this computer's data folder."""

    def __init__(self, clock: Clock | None = None, state: Path | None = None) -> None:
        self._clock = clock or SystemClock()
        self._state = state or state_folder()
        self.greeting: access.Greeting | None = None

    @property
    def state(self) -> Path:
        """This computer's data folder."""
        return self._state

    # -- what was used

    def recent(self) -> list[Path]:
        """Files opened here before that are still there, the last one first."""
        try:
            names = json.loads((self._state / "recent.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        paths = [Path(name) for name in names if isinstance(name, str)]
        return [path for path in paths if path.is_file()]

    def last_used(self) -> Path | None:
        """The file opened last."""
        return next(iter(self.recent()), None)

    def usual_folder(self) -> Path:
        """Where files are looked for first."""
        last = self.last_used()
        documents = Path.home() / "Documents"
        return last.parent if last is not None else documents if documents.is_dir() else Path.home()

    def _remember(self, path: Path) -> None:
        kept = [str(path)] + [str(known) for known in self.recent() if known != path]
        try:
            self._state.mkdir(parents=True, exist_ok=True)
            (self._state / "recent.json").write_text(
                json.dumps(kept[:RECENT_KEPT], ensure_ascii=False), encoding="utf-8"
            )
        except OSError:
            return  # a convenience only: the file itself is open

    # -- opening

    def operators(self, path: Path) -> list[str]:
        """Names of those who may open a file; empty when that cannot be read (opening will say why)."""
        try:
            with path.open("rb") as file:
                file_id = file.read(SALT_BYTES)
            return [slot.name for slot in find_ring(path, file_id, self._state).slots]
        except (OSError, Refusal):
            return []

    def open(self, path: Path, operator: str, password: str) -> Office:
        """Open a file and note the login; refuses with one sentence.

        Somebody who only audits reads beside whoever works in the file: it is opened read-only for him.
        """
        try:
            office = self._open(path, operator, password, read_only=False)
        except FileInUse:
            office = self._open(path, operator, password, read_only=True)
            if office.who.roles != _ONLY_AUDITS:
                office.close()
                raise
        else:
            if office.who.roles == _ONLY_AUDITS:
                office.close()
                office = self._open(path, operator, password, read_only=True)
        try:
            self.greeting = access.begin(office)
        except BaseException:
            office.close()
            raise
        self._remember(office.path)
        return office

    def _open(self, path: Path, operator: str, password: str, *, read_only: bool) -> Office:
        return open_office(
            path,
            operator=operator,
            password=password,
            clock=self._clock,
            read_only=read_only,
            state=self._state,
            registers=REGISTERS,
        )

    def make(self, path: Path, office: str, unit: str, operator: str, password: str) -> Office:
        """Make a new office file and open it."""
        made = new_office(
            path,
            OfficeInfo(name=office, unit_name=unit),
            [(Operator("", operator, FIRST_ROLES), password)],
            self._clock,
        )
        self._remember(made.path)
        return made

    # -- the demonstration

    def demo_path(self) -> Path:
        """Where this computer keeps its demonstration office."""
        return self._state / "演示单位.hongyao"

    def demo_operator(self) -> str:
        """Who opens the demonstration."""
        return OPERATORS[0][0]

    def demo_password(self) -> str:
        """The demonstration's password, known to everyone."""
        return PASSWORD

    def make_demo(self, path: Path) -> Office:
        """Make the demonstration office and open it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        build_demo(path, "office", self._clock)
        return self.open(path, self.demo_operator(), self.demo_password())
