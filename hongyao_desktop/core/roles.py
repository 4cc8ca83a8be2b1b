"""Which roles (权限) may be held together: 三员分立 and what separation of duties asks of business roles.

Three administrators (系统, 安全, 审计) are separate people and see no business data; an auditor (审计) changes nothing.
A small office may give that up, but only by an explicit choice with a reason (岗位不分设), see DOMAIN 5.2.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from hongyao_desktop.core.desk import Role
from hongyao_desktop.core.problem import Level, Problem

ADMINISTRATORS: Final = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
CHANGING: Final = frozenset({Role.ENTRY, Role.REVIEW, Role.APPROVE, Role.CASHIER})
BUSINESS: Final = CHANGING | {Role.AUDITOR}
"""Roles that see business data."""

LOG_READERS: Final = frozenset({Role.AUDIT_ADMIN, Role.AUDITOR})
"""Who may read the access log (访问日志)."""

FIELD: Final = "roles"


def problems(roles: Collection[Role], *, combined: bool = False) -> list[Problem]:
    """Everything wrong with giving one operator these roles; ``combined``: the office chose 岗位不分设."""
    held = frozenset(roles)
    found = []
    if Role.AUDITOR in held and held & CHANGING:
        found.append(_wrong("auditor", "“审计”只能查看，不能与录入、审核、审批、出纳由同一人担任"))
    if combined:
        return found
    if len(held & ADMINISTRATORS) > 1:
        found.append(_wrong("administrators", "系统、安全、审计三个管理员不能由同一人担任"))
    if held & ADMINISTRATORS and held & BUSINESS:
        found.append(_wrong("business", "管理员不能同时办理或查看业务，请另设操作员"))
    return found


def missing_administrators(everybody: Collection[Collection[Role]]) -> list[Role]:
    """The administrators nobody of an office is, in the order of :class:`Role`."""
    held = {role for roles in everybody for role in roles}
    return [role for role in Role if role in ADMINISTRATORS and role not in held]


def sees_business(roles: Collection[Role]) -> bool:
    """Whether an operator with these roles may see business data at all."""
    return bool(BUSINESS.intersection(roles))


def in_order(roles: Collection[Role]) -> tuple[Role, ...]:
    """Roles in the order people name them."""
    return tuple(role for role in Role if role in roles)


def _wrong(code: str, message: str) -> Problem:
    return Problem(Level.ERROR, f"roles.{code}", message, FIELD)
