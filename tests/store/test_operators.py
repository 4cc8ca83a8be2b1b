"""Operators: who may do what with them, and that a stopped one stays out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hongyao_desktop.core import roles
from hongyao_desktop.core.desk import Operator, Role
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.settings import LOCK_FAILURES
from hongyao_desktop.store import Office, keys, limits, lockout, operators, own_password
from tests.store.administration import (
    AUDIT,
    CLERK,
    NEW,
    PEOPLE,
    SECURITY,
    SYSTEM,
    entered,
)


def id_of(office: Office, name: str) -> str:
    return operators.by_name(office.reader(), name).id


def test_a_new_operator_gets_roles_from_another_administrator_and_his_own_password(path: Path) -> None:
    with entered(path, SYSTEM) as office:
        operators.add(office, "冯出纳", NEW)
        with pytest.raises(Refusal, match="没有“安全管理员”权限"):
            operators.add(office, "陈某", NEW, [Role.ENTRY])
    with entered(path, SECURITY) as office:
        operators.give_roles(office, id_of(office, "冯出纳"), [Role.CASHIER], "岗位分工")
    with entered(path, "冯出纳", NEW) as office:
        assert office.who.roles == {Role.CASHIER}
        assert own_password.why_change(office) == "这是别人替您设的口令，请换成只有自己知道的口令"
        own_password.change(office, NEW, "Own-words-7")
        assert own_password.why_change(office) is None
    with pytest.raises(Refusal, match="口令不对"):
        entered(path, "冯出纳", NEW)
    with entered(path, "冯出纳", "Own-words-7") as office:
        assert office.check().ok


def test_a_stopped_operator_stays_out_even_with_the_old_ring(path: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.keys"
    shutil.copyfile(keys.ring_path(path), old)
    with entered(path, SYSTEM) as office:
        operators.disable(office, id_of(office, CLERK), "调离")
    with pytest.raises(Refusal, match="没有操作员"):
        entered(path, CLERK)
    shutil.copyfile(old, keys.ring_path(path))
    shutil.rmtree(tmp_path / "state" / "keys")
    with pytest.raises(Refusal, match="已被停用"):
        entered(path, CLERK)
    with entered(path, SYSTEM) as office:
        entry = operators.by_name(office.reader(), CLERK)
        assert (entry.active, entry.status_reason) == (False, "调离")
        operators.enable(office, entry.id, NEW, "调回")
    with entered(path, CLERK, NEW) as office:
        assert own_password.why_change(office) is not None


def test_a_renamed_operator_logs_in_by_the_new_name_with_the_same_password(path: Path) -> None:
    with entered(path, SYSTEM) as office:
        operators.rename(office, id_of(office, CLERK), "王禄茹", "姓名写错")
        with pytest.raises(Refusal, match="已经有叫"):
            operators.rename(office, id_of(office, "王禄茹"), AUDIT, "试试")
    with entered(path, "王禄茹") as office:
        assert office.who.roles == {Role.ENTRY}


Verb = Callable[[Office, str], object]
VERBS: dict[str, tuple[Verb, str]] = {
    "add": (lambda office, _id: operators.add(office, "新某", NEW), SYSTEM),
    "rename": (lambda office, some: operators.rename(office, some, "改名", "更正"), SYSTEM),
    "disable": (lambda office, some: operators.disable(office, some, "调离"), SYSTEM),
    "reset": (lambda office, some: operators.reset_password(office, some, NEW, "忘记"), SYSTEM),
    "roles": (lambda office, some: operators.give_roles(office, some, [Role.REVIEW], "分工"), SECURITY),
    "limits": (
        lambda office, _id: limits.set_limits(office, {LOCK_FAILURES.key: "3"}, "收紧"),
        SECURITY,
    ),
}


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_is_for_one_administrator_only(path: Path, verb: str) -> None:
    run, allowed = VERBS[verb]
    for name in sorted(PEOPLE, key=lambda name: name == allowed):
        with entered(path, name) as office:
            target = id_of(office, CLERK if name != CLERK else AUDIT)
            before = office.head()
            if name == allowed:
                run(office, target)
                assert office.head() != before
            else:
                with pytest.raises(Refusal, match="权限"):
                    run(office, target)
                assert office.head() == before


def test_nobody_locks_the_office_or_promotes_himself(path: Path) -> None:
    with entered(path, SYSTEM) as office:
        with pytest.raises(Refusal, match="不能停用自己"):
            operators.disable(office, office.who.id, "休息")
        with pytest.raises(Refusal, match="自己的口令"):
            operators.reset_password(office, office.who.id, NEW, "忘了")
        with pytest.raises(Refusal, match="写明原因"):
            operators.disable(office, id_of(office, CLERK), " ")
    with entered(path, SECURITY) as office:
        with pytest.raises(Refusal, match="不能改自己的权限"):
            operators.give_roles(office, office.who.id, [Role.ENTRY], "想录入")
        with pytest.raises(Refusal, match="最后一位系统管理员"):
            operators.give_roles(office, id_of(office, SYSTEM), [Role.ENTRY], "换岗")
        for held in ([Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN], [Role.SECURITY_ADMIN, Role.ENTRY]):
            with pytest.raises(Refusal, match="管理员"):
                operators.give_roles(office, id_of(office, CLERK), held, "分工")


def test_a_new_office_needs_its_three_administrators() -> None:
    three = [
        (Operator("", role.value, frozenset({role})), NEW) for role in roles.in_order(roles.ADMINISTRATORS)
    ]
    assert operators.first_problems(three, together=False) == []
    said = [problem.message for problem in operators.first_problems(three[:2], together=False)]
    assert said == ["还没有审计管理员，请补上，或者选“岗位不分设”并写明原因"]
    assert operators.first_problems(three[:1], together=True) == []


def test_a_reset_ends_the_waiting(path: Path) -> None:
    for _ in range(5):
        with pytest.raises(Refusal):
            entered(path, CLERK, "Wrong-123")
    with entered(path, SYSTEM) as office:
        operators.reset_password(office, id_of(office, CLERK), NEW, "忘记口令")
    entered(path, CLERK, NEW).close()
    assert lockout.tries_path(path).exists(), "the failures are still to be noted"
