"""Limits of the login (登录规则) that a security administrator sets, and how any setting is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hongyao_desktop.core.desk import Role, Writer, refuse_errors, require, require_reason
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.core.settings import (
    CATALOG,
    CLIPBOARD_SECONDS,
    IDLE_MINUTES,
    LOCK_FAILURES,
    LOCK_MINUTES,
    PASSWORD_DAYS,
    PASSWORD_KINDS,
    PASSWORD_LENGTH,
    PASSWORDS_KEPT,
    Setting,
    SettingProblem,
)
from hongyao_desktop.store.access import gate_of, settings_of
from hongyao_desktop.store.office import Office

LIMITS: Final[tuple[Setting[int], ...]] = (
    PASSWORD_LENGTH,
    PASSWORD_KINDS,
    PASSWORD_DAYS,
    PASSWORDS_KEPT,
    LOCK_FAILURES,
    LOCK_MINUTES,
    IDLE_MINUTES,
    CLIPBOARD_SECONDS,
)
"""What a security administrator may set, in the order it is shown."""


def set_limits(office: Office, typed: Mapping[str, str], reason: str) -> None:
    """Set limits by key, as typed. Refuses what lies outside the bounds of the standard, with one problem per field."""
    require_reason(reason)
    values, found = {}, []
    for key, text in typed.items():
        setting = CATALOG[key]
        try:
            values[key] = setting.format(setting.parse(text))
        except SettingProblem as problem:
            found.append(Problem(Level.ERROR, "setting.value", str(problem), field=key))
    refuse_errors(found)

    def work(writer: Writer) -> None:
        require(writer, Role.SECURITY_ADMIN)
        for key, text in values.items():
            put_setting(writer, key, text)

    office.transact("设置登录规则", work, reason=reason)
    stored = settings_of(office.reader())
    gate_of(office).set_limits(LOCK_FAILURES.read(stored), LOCK_MINUTES.read(stored))


def put_setting(writer: Writer, key: str, text: str) -> None:
    """Keep a setting's text; the caller has checked it and who sets it."""
    if writer.value("SELECT 1 FROM setting WHERE id = ?", (key,)) is None:
        writer.insert("setting", {"id": key, "value": text})
    else:
        writer.update("setting", key, {"value": text})
