"""An office with its three administrators, for the tests of operators, access log and lockout."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.desk import Operator, Role
from hongyao_desktop.store import Making, Office, OfficeInfo, create_office, open_office
from tests.offices import CHEAP, fixed_clock

PASSWORD = "Abc-12345"
NEW = "Kq7-tree9"
SYSTEM, SECURITY, AUDIT, CLERK, AUDITOR = "孙系统", "周安全", "吴日志", "王录入", "郑审计"
PEOPLE = {
    SYSTEM: Role.SYSTEM_ADMIN,
    SECURITY: Role.SECURITY_ADMIN,
    AUDIT: Role.AUDIT_ADMIN,
    CLERK: Role.ENTRY,
    AUDITOR: Role.AUDITOR,
}
NAME = "水湾.hyt"


@cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="hongyao-admin-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    create_office(
        folder / NAME,
        office=OfficeInfo("水湾街道党工委办公室", "水湾街道"),
        operators=[(Operator("", name, frozenset({role})), PASSWORD) for name, role in PEOPLE.items()],
        clock=fixed_clock(),
        making=Making(cost=CHEAP),
        state=folder / "state",
    ).close()
    return folder


def administered(folder: Path) -> Path:
    """A copy of an empty office whose five operators have one role each."""
    folder.mkdir(parents=True, exist_ok=True)
    for suffix in ("", ".keys"):
        shutil.copyfile(_template() / (NAME + suffix), folder / (NAME + suffix))
    return folder / NAME


def entered(
    path: Path,
    name: str | None,
    password: str = PASSWORD,
    *,
    clock: Clock | None = None,
    read_only: bool = False,
) -> Office:
    """Open it as the operator called ``name``."""
    return open_office(
        path,
        operator=name,
        password=password,
        clock=clock or fixed_clock(),
        read_only=read_only,
        state=path.parent / "state",
    )
