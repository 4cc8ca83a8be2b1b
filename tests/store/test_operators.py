"""Operators and passwords: who may do what with them, what a password must be, and that a stopped one stays out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from hongyao_desktop.core import passwords, roles
from hongyao_desktop.core.desk import Operator, Role
from hongyao_desktop.core.passwords import PasswordRule
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.settings import LOCK_FAILURES, PASSWORD_DAYS, PASSWORD_LENGTH
from hongyao_desktop.store import Office, access, keys, lockout, operators
from hongyao_desktop.store.recovery import recover_office, recovery_rows
from tests.offices import fixed_clock
from tests.store.administration import (
    AUDIT,
    CLERK,
    NEW,
    PASSWORD,
    PEOPLE,
    SECURITY,
    SYSTEM,
    administered,
    entered,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return administered(tmp_path)


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
        assert operators.why_change(office) == "这是别人替您设的口令，请换成只有自己知道的口令"
        operators.change_password(office, NEW, "Own-words-7")
        assert operators.why_change(office) is None
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
        assert operators.why_change(office) is not None


def test_an_old_password_stays_out_even_with_the_old_ring(path: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.keys"
    shutil.copyfile(keys.ring_path(path), old)
    with entered(path, CLERK) as office:
        operators.change_password(office, PASSWORD, NEW)
    shutil.copyfile(old, keys.ring_path(path))
    shutil.rmtree(tmp_path / "state" / "keys")
    with pytest.raises(Refusal, match="口令已经更换"):
        entered(path, CLERK)
    entered(path, CLERK, NEW).close()


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
        lambda office, _id: operators.set_limits(office, {LOCK_FAILURES.key: "3"}, "收紧"),
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


def test_the_last_passwords_are_not_taken_again(path: Path) -> None:
    words = [PASSWORD, *(f"Tree-{number}-walk" for number in range(1, 7))]
    clock = fixed_clock()
    with entered(path, CLERK, clock=clock) as office:
        for old, new in pairwise(words[:6]):
            clock.advance(timedelta(days=1))
            operators.change_password(office, old, new)
        for used in words[1:5]:
            with pytest.raises(Refusal, match="最近用过"):
                operators.change_password(office, words[5], used)
        with pytest.raises(Refusal, match="与现在的口令相同"):
            operators.change_password(office, words[5], words[5])
        operators.change_password(office, words[5], PASSWORD)


def test_a_password_is_due_after_ninety_days(path: Path) -> None:
    clock = fixed_clock()
    clock.advance(timedelta(days=85))
    with entered(path, CLERK, clock=clock) as office:
        assert operators.why_change(office) is None
        assert operators.soon(office)
        assert operators.days_left(office) == 5
    clock.advance(timedelta(days=6))
    with entered(path, CLERK, clock=clock) as office:
        assert operators.why_change(office) == "口令已用满 90 天，请更换"
        operators.change_password(office, PASSWORD, NEW)
        assert operators.why_change(office) is None


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
                operators.set_limits(office, {key: text}, "放宽")
        operators.set_limits(office, {LOCK_FAILURES.key: "3", PASSWORD_LENGTH.key: "12"}, "收紧")
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


def test_a_wrong_old_password_counts_like_a_login(path: Path) -> None:
    with entered(path, CLERK) as office:
        for _ in range(5):
            with pytest.raises(Refusal, match="口令不对"):
                operators.change_password(office, "Wrong-123", NEW)
        with pytest.raises(Refusal, match="暂停登录"):
            operators.verify(office, PASSWORD)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Ab-1234", "short"),
        ("abcdefg1", "kinds"),
        ("口令口令口令口令", "kinds"),
        ("Aa1" * 43, "long"),
        ("Wangluru-1王录入", "guessed"),
        ("Password1", "guessed"),
        ("Aa1Aa1Aa1", "guessed"),
        ("Abc-123\x0045", "control"),
    ],
)
def test_weak_passwords_are_named_without_repeating_them(password: str, code: str) -> None:
    found = passwords.problems(password, PasswordRule(), name="王录入")
    assert f"password.{code}" in {problem.code for problem in found}
    assert all(password not in problem.message for problem in found)


@pytest.mark.parametrize("password", ["Abc-12345", "Yanshi-2026", "水湾Ab-街道办公室", "tree9 WALK"])
def test_good_passwords_pass(password: str) -> None:
    assert passwords.problems(password, PasswordRule(), name="王录入") == []


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


def test_a_new_office_needs_its_three_administrators() -> None:
    three = [
        (Operator("", role.value, frozenset({role})), NEW) for role in roles.in_order(roles.ADMINISTRATORS)
    ]
    assert operators.first_problems(three, together=False) == []
    said = [problem.message for problem in operators.first_problems(three[:2], together=False)]
    assert said == ["还没有审计管理员，请补上，或者选“岗位不分设”并写明原因"]
    assert operators.first_problems(three[:1], together=True) == []


def test_no_password_stands_anywhere_in_the_open(path: Path) -> None:
    with entered(path, SYSTEM) as office:
        operators.add(office, "冯出纳", NEW)
        stored = str(office.reader().all("SELECT * FROM journal_image"))
    assert NEW not in stored
    for place in path.parent.rglob("*"):
        if place.is_file():
            assert NEW.encode() not in place.read_bytes()


# -- recovery


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
    other = "\n".join(keys.recovery_rows(bytes(32)))
    assert "恢复密钥打不开" in refused(other)


def test_a_reset_ends_the_waiting(path: Path) -> None:
    for _ in range(5):
        with pytest.raises(Refusal):
            entered(path, CLERK, "Wrong-123")
    with entered(path, SYSTEM) as office:
        operators.reset_password(office, id_of(office, CLERK), NEW, "忘记口令")
    entered(path, CLERK, NEW).close()
    assert lockout.tries_path(path).exists(), "the failures are still to be noted"
