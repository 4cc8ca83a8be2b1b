"""Operators (操作员) and their roles: every verb checks who asks, and changes the ring of keys with the record.

System administrators make, rename, stop and reset; security administrators give roles; nobody changes his own roles.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from hongyao_desktop.core import passwords, roles
from hongyao_desktop.core.desk import (
    Operator,
    Reader,
    Role,
    Row,
    Writer,
    refuse_errors,
    require,
    require_reason,
)
from hongyao_desktop.core.ids import new_id
from hongyao_desktop.core.passwords import PasswordRule
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.settings import COMBINED_ROLES
from hongyao_desktop.store import keys
from hongyao_desktop.store.access import gate_of, settings_of
from hongyao_desktop.store.kept_passwords import cost_of, password_rule, refuse_used, remember, with_password
from hongyao_desktop.store.office import Office

ACTIVE, STOPPED = "在用", "停用"


@dataclass(frozen=True, slots=True)
class OperatorEntry:
    """One operator as the list shows him.

    Attributes:
        id, name, roles, status, status_reason: as recorded.
        password_on: day of the last change of password.
        must_change: whether the next login asks for a password of his own.
        last_login: moment of the last login, None when there was none.
    """

    id: str
    name: str
    roles: tuple[Role, ...]
    status: str
    status_reason: str | None
    password_on: date
    must_change: bool
    last_login: str | None

    @property
    def active(self) -> bool:
        """Whether he may open the file."""
        return self.status == ACTIVE


def listed(reader: Reader) -> list[OperatorEntry]:
    """Every operator, those in use first."""
    rows = reader.all(
        "SELECT o.*, (SELECT max(at) FROM access_log a WHERE a.operator_id = o.id AND a.event = '登录') AS last_login"
        " FROM operator o ORDER BY o.status = '停用', o.id"
    )
    return [_entry(row) for row in rows]


def _entry(row: Row) -> OperatorEntry:
    return OperatorEntry(
        str(row["id"]),
        str(row["name"]),
        roles.in_order([Role(word) for word in json.loads(row["roles"])]),
        str(row["status"]),
        row["status_reason"],
        date.fromisoformat(row["password_on"]),
        bool(row["must_change"]),
        row.get("last_login"),
    )


# -- verbs


def add(office: Office, name: str, password: str, held: Collection[Role] = ()) -> str:
    """Make an operator with a first password, which he changes at his first login; returns his id.

    Roles may be given at once only by somebody who may give roles.
    """
    name = name.strip()
    rule = password_rule(office.reader())
    _refuse_name(name)
    refuse_errors(passwords.problems(password, rule, name=name))
    operator = Operator(new_id(office.clock), name, frozenset(held))

    def work(writer: Writer, ring: keys.KeyRing) -> tuple[str, keys.KeyRing]:
        require(writer, Role.SYSTEM_ADMIN)
        if held:
            require(writer, Role.SECURITY_ADMIN)
            refuse_errors(roles.problems(held, combined=combined(writer)))
        _refuse_known(writer, name)
        writer.insert(
            "operator",
            {
                "id": operator.id,
                "name": name,
                "roles": _roles_text(held),
                "password_on": writer.clock.today().isoformat(),
                "must_change": 1,
            },
        )
        remember(writer, operator.id, password, cost_of(ring))
        return operator.id, with_password(office, ring, operator, password)

    return office.rekey("新增操作员", work).result


def rename(office: Office, operator_id: str, name: str, reason: str) -> None:
    """Correct an operator's name; what he did before keeps the name he had."""
    name = name.strip()
    _refuse_name(name)
    require_reason(reason)

    def work(writer: Writer, ring: keys.KeyRing) -> tuple[None, keys.KeyRing]:
        require(writer, Role.SYSTEM_ADMIN)
        _refuse_known(writer, name, but=operator_id)
        writer.update("operator", operator_id, {"name": name})
        slot = ring.slot_of(operator_id)
        if slot is None:
            return None, ring
        return None, ring.with_slot(replace(slot, name=name), office.opened.file_key)

    office.rekey("更正操作员姓名", work, reason=reason)


def disable(office: Office, operator_id: str, reason: str) -> None:
    """Stop an operator: his slot goes, and an older ring of keys no longer lets him in."""
    require_reason(reason)

    def work(writer: Writer, ring: keys.KeyRing) -> tuple[None, keys.KeyRing]:
        require(writer, Role.SYSTEM_ADMIN)
        row = _operator(writer, operator_id)
        if operator_id == writer.who.id:
            raise Refusal("不能停用自己，请由另一位系统管理员办理")
        if Role.SYSTEM_ADMIN.value in json.loads(row["roles"]) and not _others(writer, operator_id):
            raise Refusal("这是最后一位系统管理员，请先让另一位担任再停用")
        writer.update("operator", operator_id, {"status": STOPPED, "status_reason": reason})
        return None, ring.without_slot(operator_id, office.opened.file_key)

    office.rekey("停用操作员", work, reason=reason)


def enable(office: Office, operator_id: str, password: str, reason: str) -> None:
    """Let a stopped operator work again, with a first password."""
    require_reason(reason)
    _set_password(office, "恢复操作员", operator_id, password, reason, back=True)


def reset_password(office: Office, operator_id: str, password: str, reason: str) -> None:
    """Give somebody a first password who forgot his own; his waiting time ends."""
    require_reason(reason)
    _set_password(office, "重设口令", operator_id, password, reason, back=False)
    gate_of(office).release(str(_operator(office.reader(), operator_id)["name"]))


def _set_password(
    office: Office, op: str, operator_id: str, password: str, reason: str, *, back: bool
) -> None:
    rule = password_rule(office.reader())

    def work(writer: Writer, ring: keys.KeyRing) -> tuple[None, keys.KeyRing]:
        require(writer, Role.SYSTEM_ADMIN)
        row = _operator(writer, operator_id)
        if operator_id == writer.who.id:
            raise Refusal("自己的口令请用“更换口令”，要先输入现在的口令")
        if (row["status"] == STOPPED) is not back:
            raise Refusal(f"{row['name']}现在是“{row['status']}”，这一步不用办")
        refuse_errors(passwords.problems(password, rule, name=row["name"]))
        refuse_used(writer, ring, operator_id, password)
        writer.update(
            "operator",
            operator_id,
            {
                "status": ACTIVE,
                "status_reason": None,
                "must_change": 1,
                "password_on": writer.clock.today().isoformat(),
            },
        )
        remember(writer, operator_id, password, cost_of(ring))
        return None, with_password(office, ring, Operator(operator_id, row["name"], frozenset()), password)

    office.rekey(op, work, reason=reason)


def give_roles(office: Office, operator_id: str, held: Collection[Role], reason: str) -> None:
    """Say what an operator may do from his next login on."""
    require_reason(reason)

    def work(writer: Writer) -> None:
        require(writer, Role.SECURITY_ADMIN)
        row = _operator(writer, operator_id)
        if operator_id == writer.who.id:
            raise Refusal("不能改自己的权限，请由另一位安全管理员办理")
        refuse_errors(roles.problems(held, combined=combined(writer)))
        lost = {Role(word) for word in json.loads(row["roles"])} - set(held)
        for role in roles.in_order(lost & roles.ADMINISTRATORS):
            if not _others(writer, operator_id, role):
                raise Refusal(f"这是最后一位{role.value}，请先让另一位担任再收回")
        writer.update("operator", operator_id, {"roles": _roles_text(held)})

    office.transact("授予权限", work, reason=reason)


def combined(reader: Reader) -> bool:
    """Whether this office chose 岗位不分设."""
    return COMBINED_ROLES.read(settings_of(reader))


def first_problems(people: Collection[tuple[Operator, str]], *, together: bool) -> list[Problem]:
    """What is wrong with the operators a new office begins with: names, roles, passwords, missing administrators.

    ``together``: the office chose 岗位不分设.
    """
    found = []
    for operator, password in people:
        some = [*roles.problems(operator.roles, combined=together)]
        some += passwords.problems(password, PasswordRule(), name=operator.name)
        found += [replace(problem, message=f"{operator.name}：{problem.message}") for problem in some]
    missing = roles.missing_administrators([operator.roles for operator, _ in people])
    if missing and not together:
        words = "、".join(role.value for role in missing)
        found.append(
            Problem(Level.ERROR, "roles.missing", f"还没有{words}，请补上，或者选“岗位不分设”并写明原因")
        )
    return found


# -- inside


def _operator(reader: Reader, operator_id: str) -> Row:
    row = reader.one("SELECT * FROM operator WHERE id = ?", (operator_id,))
    if row is None:
        raise Refusal("这名操作员已经不在了，请刷新列表后再试")
    return row


def by_name(reader: Reader, name: str) -> OperatorEntry:
    """The operator called ``name``; refuses when there is none."""
    entry = next((entry for entry in listed(reader) if entry.name == name), None)
    if entry is None:
        raise Refusal(f"这个台账文件里没有操作员“{name}”", exit_code=2)
    return entry


def _others(reader: Reader, operator_id: str, role: Role = Role.SYSTEM_ADMIN) -> bool:
    """Whether somebody else in use holds ``role``."""
    return any(role in entry.roles and entry.active and entry.id != operator_id for entry in listed(reader))


def _roles_text(held: Collection[Role]) -> str:
    return json.dumps(sorted(role.value for role in held), ensure_ascii=False)


def _refuse_name(name: str) -> None:
    if not name:
        raise Refusal("请写操作员姓名")
    if len(name) > 40:
        raise Refusal("操作员姓名最多 40 个字")


def _refuse_known(reader: Reader, name: str, but: str = "") -> None:
    if reader.value("SELECT 1 FROM operator WHERE name = ? AND id <> ?", (name, but)) is not None:
        raise Refusal(f"已经有叫“{name}”的操作员，请换个写法，如加部门或工号")


def operator_of(operator_id: str, name: str, words: Collection[str]) -> Operator:
    """An operator from what his record says."""
    return Operator(operator_id, name, frozenset(Role(word) for word in words))
