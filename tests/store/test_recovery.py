"""The recovery sheet opens the file for a system administrator, and helps nobody else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.settings import PASSWORD_LENGTH
from hongyao_desktop.store import access, keys
from hongyao_desktop.store.recovery import recover_office, recovery_rows
from hongyao_desktop.store.recovery_letters import printed_rows
from tests.offices import fixed_clock
from tests.store.administration import (
    AUDIT,
    CLERK,
    NEW,
    PASSWORD,
    SYSTEM,
    entered,
)


def test_the_sheet_opens_the_file_and_gives_the_administrator_a_new_password(path: Path) -> None:
    with entered(path, SYSTEM) as office:
        sheet = "\n".join(recovery_rows(office, "首次打印"))
    for _ in range(5):
        with pytest.raises(Refusal):
            entered(path, SYSTEM, "Wrong-123")
    keys.ring_path(path).unlink()
    shutil.rmtree(path.parent / "state" / "keys")
    state = path.parent / "state"
    with recover_office(
        path, sheet.lower(), operator=SYSTEM, password=NEW, clock=fixed_clock(), state=state
    ) as office:
        assert office.who.name == SYSTEM
        assert office.check().ok
    for name, word in ((SYSTEM, NEW), (CLERK, PASSWORD)):
        entered(path, name, word).close()
    with pytest.raises(Refusal, match="口令不对"):
        entered(path, SYSTEM, PASSWORD)
    with entered(path, AUDIT) as office:
        access.begin(office)
        events = {row["event"] for row in access.entries(office, access.LogQuery(operator=SYSTEM))}
        assert events == {"恢复", "打印恢复密钥", "登录失败"}


def test_the_new_password_follows_the_rule_of_the_office(path: Path) -> None:
    with entered(path, SYSTEM) as office:
        sheet = "\n".join(recovery_rows(office, "首次打印"))
        asked = [{"id": PASSWORD_LENGTH.key, "value": "14"}]
        office.transact("设置", lambda w: [w.insert("setting", row) for row in asked])
    clock, state = fixed_clock(), path.parent / "state"
    with pytest.raises(Refusal, match="至少要 14 个字符"):
        recover_office(path, sheet, operator=SYSTEM, password="Short-2026", clock=clock, state=state)
    long = "Quite-Long-2026"
    recover_office(path, sheet, operator=SYSTEM, password=long, clock=clock, state=state).close()
    entered(path, SYSTEM, long).close()


def test_a_sheet_helps_nobody_else(path: Path, tmp_path: Path) -> None:
    with entered(path, SYSTEM) as office:
        sheet = "\n".join(recovery_rows(office, "首次打印"))
        with pytest.raises(Refusal, match="写明"):
            recovery_rows(office, "")
    with entered(path, CLERK) as office, pytest.raises(Refusal, match="系统管理员"):
        recovery_rows(office, "想看看")
    clock, state = fixed_clock(), path.parent / "state"

    def refused(sheet: str, operator: str = SYSTEM, password: str = NEW) -> str:
        before = keys.ring_path(path).read_bytes()
        with pytest.raises(Refusal) as caught:
            recover_office(path, sheet, operator=operator, password=password, clock=clock, state=state)
        assert keys.ring_path(path).read_bytes() == before
        return caught.value.message

    assert "不是在用的系统管理员" in refused(sheet, operator=CLERK)
    assert "至少要 8 个字符" in refused(sheet, password="short")
    wrong = ("0" if sheet[0] != "0" else "1") + sheet[1:]
    assert "第 1 行" in refused(wrong)
    other = "\n".join(printed_rows(bytes(32)))
    assert "恢复密钥打不开" in refused(other)
