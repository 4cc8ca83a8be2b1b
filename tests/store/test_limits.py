"""Limits of the login: set by the security administrator, within the standard, and in force at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.settings import LOCK_FAILURES, PASSWORD_DAYS, PASSWORD_LENGTH
from hongyao_desktop.store import Office, limits, operators
from tests.store.administration import (
    CLERK,
    NEW,
    SECURITY,
    SYSTEM,
    entered,
)


def id_of(office: Office, name: str) -> str:
    return operators.by_name(office.reader(), name).id


def test_limits_hold_and_stay_within_the_standard(path: Path) -> None:
    with entered(path, SECURITY) as office:
        for key, text in (
            (PASSWORD_LENGTH.key, "7"),
            (PASSWORD_DAYS.key, "91"),
            (LOCK_FAILURES.key, "6"),
            ("security.lock_minutes", "4"),
            ("security.idle_minutes", "11"),
        ):
            with pytest.raises(Refusal, match="应在"):
                limits.set_limits(office, {key: text}, "放宽")
        limits.set_limits(office, {LOCK_FAILURES.key: "3", PASSWORD_LENGTH.key: "12"}, "收紧")
    for _ in range(3):
        with pytest.raises(Refusal, match="口令不对"):
            entered(path, CLERK, "Wrong-123")
    with pytest.raises(Refusal, match="暂停登录"):
        entered(path, CLERK)
    with entered(path, SYSTEM) as office:
        with pytest.raises(Refusal, match="至少要 12 个字符"):
            operators.reset_password(office, id_of(office, CLERK), NEW, "忘记")
        operators.reset_password(office, id_of(office, CLERK), "Long-enough-7", "忘记")
    entered(path, CLERK, "Long-enough-7").close()
