"""Office files as the window meets them: which one was used last, who may open it, making a new one or the demo.

What opens and makes files is loaded when it is first used: the log-in window is drawn before.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hongyao_desktop.app.large_operations import comes_after_a_backup
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store.keys import find_ring
from hongyao_desktop.store.lengths import SALT_BYTES
from hongyao_desktop.store.state import state_folder

if TYPE_CHECKING:
    from hongyao_desktop.core.clock import Clock
    from hongyao_desktop.core.desk import Role, Writer
    from hongyao_desktop.store import Office, access

FIRST_PRINT: Final = "建立台账时打印"

RECENT_KEPT: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOffice:
    """What a new office begins with.

    Attributes:
        office, unit: its name, and the unit at the top of its tree.
        operator, password: the first one who works in it.
        administrators: names of the system, security and audit administrator; none when one person does it all.
        reason: why one person does it all.
    """

    office: str
    unit: str
    operator: str
    password: str
    administrators: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Fresh:
    """What is shown once after an office was made: first passwords by post and name, and the recovery rows."""

    first_passwords: tuple[tuple[Role, str, str], ...]
    recovery_rows: tuple[str, ...]


def _only_audits(office: Office) -> bool:
    from hongyao_desktop.core.desk import Role

    return office.who.roles == {Role.AUDITOR}


def _settle_posts(writer: Writer, given: Sequence[tuple[Role, str, str]]) -> None:
    from hongyao_desktop.core.settings import COMBINED_ROLES
    from hongyao_desktop.store import limits

    if not given:
        limits.put_setting(writer, COMBINED_ROLES.key, COMBINED_ROLES.format(value=True))
    for _role, name, _word in given:
        writer.execute("UPDATE operator SET must_change = 1 WHERE name = ?", (name,))


class OpenOffices:
    """Makes and opens office files, and remembers them in this computer's data folder."""

    def __init__(self, clock: Clock | None = None, state: Path | None = None) -> None:
        self._given_clock = clock
        self._state = state or state_folder()
        self.greeting: access.Greeting | None = None
        self.fresh: Fresh | None = None

    @property
    def clock(self) -> Clock:
        """Where the time comes from."""
        from hongyao_desktop.core.clock import SystemClock

        return self._given_clock or SystemClock()

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

    def why_not(self, path: Path) -> str:
        """Why nobody can be named who may open a file, in one sentence; "" when it cannot be said."""
        from hongyao_desktop.store import operator_names

        try:
            operator_names(path, state=self._state)
        except Refusal as refusal:
            return refusal.message
        except OSError:
            return f"“{path.name}”读不出来，请检查磁盘和文件的读权限"
        return ""

    def open(self, path: Path, operator: str, password: str) -> Office:
        """Open a file and note the login; refuses with one sentence.

        Somebody who only audits reads beside whoever works in the file: it is opened read-only for him.
        """
        from hongyao_desktop.store import access
        from hongyao_desktop.store.place import FileInUse

        try:
            office = self._open(path, operator, password, read_only=False)
        except FileInUse:
            office = self._open(path, operator, password, read_only=True)
            if not _only_audits(office):
                office.close()
                raise
        else:
            if _only_audits(office):
                office.close()
                office = self._open(path, operator, password, read_only=True)
        try:
            self.greeting = access.begin(office)
        except BaseException:
            office.close()
            raise
        self._remember(office.path)
        office.back_up_by_itself(comes_after_a_backup)
        return office

    def recover(self, path: Path, operator: str, sheet: str, password: str) -> Office:
        """Open a file by its recovery sheet and give a system administrator a new password."""
        from hongyao_desktop.app.modules import REGISTERS
        from hongyao_desktop.store import access
        from hongyao_desktop.store.recovery import recover_office

        office = recover_office(
            path,
            sheet,
            operator=operator,
            password=password,
            clock=self.clock,
            state=self._state,
            registers=REGISTERS,
        )
        self.greeting = access.begin(office)
        self._remember(office.path)
        office.back_up_by_itself(comes_after_a_backup)
        return office

    def _open(self, path: Path, operator: str, password: str, *, read_only: bool) -> Office:
        from hongyao_desktop.app.modules import REGISTERS
        from hongyao_desktop.store import open_office

        return open_office(
            path,
            operator=operator,
            password=password,
            clock=self.clock,
            read_only=read_only,
            state=self._state,
            registers=REGISTERS,
        )

    def make(self, path: Path, wish: NewOffice) -> Office:
        """Make a new office file and open it as its first operator; :attr:`fresh` holds what is shown once.

        Refuses weak passwords and posts that may not be held together.
        """
        from hongyao_desktop.app.bootstrap import new_office
        from hongyao_desktop.core.desk import Operator, Role, refuse_errors
        from hongyao_desktop.core.roles import ADMINISTRATORS, CHANGING, in_order
        from hongyao_desktop.store import OfficeInfo, access, kept_passwords, operators
        from hongyao_desktop.store.recovery import first_recovery_rows

        together = not wish.administrators
        # one person for all posts does everything but auditing
        first = Operator("", wish.operator, frozenset(Role) - {Role.AUDITOR} if together else CHANGING)
        posts = zip(in_order(ADMINISTRATORS), wish.administrators, strict=not together)
        given = [(role, name, kept_passwords.first_password()) for role, name in posts]
        people = [(first, wish.password)]
        people += [(Operator("", name, frozenset({role})), word) for role, name, word in given]
        refuse_errors(operators.first_problems(people, together=together))
        made = new_office(path, OfficeInfo(name=wish.office, unit_name=wish.unit), people, self.clock)
        try:
            made.transact("确定岗位", lambda writer: _settle_posts(writer, given), reason=wish.reason or None)
            rows = first_recovery_rows(made, FIRST_PRINT)
            self.greeting = access.begin(made)
        except BaseException:
            made.close()
            raise
        self.fresh = Fresh(tuple(given), rows)
        self._remember(made.path)
        made.back_up_by_itself(comes_after_a_backup)
        return made

    # -- the demonstration

    def demo_path(self) -> Path:
        """Where this computer keeps its demonstration office."""
        return self._state / "演示单位.hongyao"

    def demo_operator(self) -> str:
        """Who opens the demonstration."""
        from hongyao_desktop.app.demo.build import OPERATORS

        return OPERATORS[0][0]

    def demo_password(self) -> str:
        """The demonstration's password, known to everyone."""
        from hongyao_desktop.app.demo.build import PASSWORD

        return PASSWORD

    def make_demo(self, path: Path) -> Office:
        """Make the demonstration office and open it."""
        from hongyao_desktop.app.demo.build import build_demo

        path.parent.mkdir(parents=True, exist_ok=True)
        build_demo(path, "office", self.clock)
        return self.open(path, self.demo_operator(), self.demo_password())
