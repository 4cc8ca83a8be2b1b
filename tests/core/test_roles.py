"""Which roles one person may hold together."""

from __future__ import annotations

from hongyao_desktop.core import roles
from hongyao_desktop.core.desk import Role


def test_which_roles_go_together() -> None:
    assert roles.problems([Role.ENTRY, Role.CASHIER]) == []
    for admin in roles.ADMINISTRATORS:
        assert roles.problems([admin]) == []
        for other in set(Role) - {admin}:
            assert roles.problems([admin, other]), (admin, other)
    for changing in roles.CHANGING:
        assert roles.problems([Role.AUDITOR, changing], combined=True)
    assert roles.problems(set(Role) - {Role.AUDITOR}, combined=True) == []
    assert roles.missing_administrators([[Role.SYSTEM_ADMIN], [Role.ENTRY]]) == [
        Role.SECURITY_ADMIN,
        Role.AUDIT_ADMIN,
    ]
