"""Operators (操作员), roles and passwords: every verb checks who asks, and changes the ring of keys with the record.

System administrators make, rename, stop and reset; security administrators give roles and set the limits; nobody
changes his own roles.  Passwords are checked by opening the slot they wrap, never by comparing texts; those used before
are kept as Argon2id digests so that they are not taken again.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from hongyao_desktop.core import passwords, roles
from hongyao_desktop.core.clock import iso_second
from hongyao_desktop.core.desk import Operator, Reader, Role, Row, Writer, refuse_errors, require
from hongyao_desktop.core.ids import new_id
from hongyao_desktop.core.passwords import PasswordRule
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.settings import (
    CATALOG,
    CLIPBOARD_SECONDS,
    COMBINED_ROLES,
    DEMONSTRATION,
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
from hongyao_desktop.store import keys, lockout
from hongyao_desktop.store.access import gate_of, settings_of
from hongyao_desktop.store.driver import KEY_BYTES, SALT_BYTES
from hongyao_desktop.store.office import Office

ACTIVE, STOPPED = "在用", "停用"
_WARN_DAYS: Final = 7


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


def password_rule(reader: Reader) -> PasswordRule:
    """What this office asks of a new password."""
    stored = settings_of(reader)
    return PasswordRule(PASSWORD_LENGTH.read(stored), PASSWORD_KINDS.read(stored))


def why_change(office: Office) -> str | None:
    """Why the operator who opened the file must choose a new password before he works; None when he need not."""
    reader = office.reader()
    stored = settings_of(reader)
    row = reader.one("SELECT password_on, must_change FROM operator WHERE id = ?", (office.who.id,))
    if row is None:
        return None
    if row["must_change"]:
        return "这是别人替您设的口令，请换成只有自己知道的口令"
    if not DEMONSTRATION.read(stored) and days_left(office) < 0:
        return f"口令已用满 {PASSWORD_DAYS.read(stored)} 天，请更换"
    return None


def days_left(office: Office) -> int:
    """Days until the operator's password has to be changed; negative when it is overdue."""
    reader = office.reader()
    days = PASSWORD_DAYS.read(settings_of(reader))
    on = reader.value("SELECT password_on FROM operator WHERE id = ?", (office.who.id,))
    return (date.fromisoformat(on) + timedelta(days=days) - office.clock.today()).days


def soon(office: Office) -> bool:
    """Whether the password has to be changed within days, so that it is worth a word."""
    return not DEMONSTRATION.read(settings_of(office.reader())) and 0 <= days_left(office) <= _WARN_DAYS


_LETTERS: Final = ("ABCDEFGHJKMNPQRSTUVWXYZ", "abcdefghjkmnpqrstuvwxyz", "23456789")


def first_password() -> str:
    """A first password to hand over on paper: easy to read, changed at the first login."""
    groups = ([secrets.choice(letters) for letters in (*_LETTERS, _LETTERS[1])] for _ in range(3))
    return "-".join("".join(group) for group in groups)


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
        _remember(writer, operator.id, password, cost_of(ring))
        return operator.id, _with_password(office, ring, operator, password)

    return office.rekey("新增操作员", work).result


def rename(office: Office, operator_id: str, name: str, reason: str) -> None:
    """Correct an operator's name; what he did before keeps the name he had."""
    name = name.strip()
    _refuse_name(name)
    _refuse_no_reason(reason)

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
    _refuse_no_reason(reason)

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
    _refuse_no_reason(reason)
    _set_password(office, "恢复操作员", operator_id, password, reason, back=True)


def reset_password(office: Office, operator_id: str, password: str, reason: str) -> None:
    """Give somebody a first password who forgot his own; his waiting time ends."""
    _refuse_no_reason(reason)
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
        _refuse_used(writer, ring, operator_id, password)
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
        _remember(writer, operator_id, password, cost_of(ring))
        return None, _with_password(office, ring, Operator(operator_id, row["name"], frozenset()), password)

    office.rekey(op, work, reason=reason)


def change_password(office: Office, old: str, new: str) -> None:
    """Change the password of the operator who opened the file. The old one is asked for and counted if wrong."""
    refuse_errors(passwords.problems(new, password_rule(office.reader()), name=office.who.name))
    verify(office, old)
    if old == new:
        raise Refusal("新口令不能与现在的口令相同")
    replace_password(office, new, before=old)


def replace_password(office: Office, new: str, *, before: str | None = None, op: str = "更换口令") -> None:
    """Put ``new`` in place of the password of the operator who opened the file; ``before`` is noted as used."""
    refuse_errors(passwords.problems(new, password_rule(office.reader()), name=office.who.name))

    def work(writer: Writer, ring: keys.KeyRing) -> tuple[None, keys.KeyRing]:
        who = writer.who
        if before is not None and not _used(writer, who.id, 1):
            _remember(writer, who.id, before, cost_of(ring))
        _refuse_used(writer, ring, who.id, new)
        day = writer.clock.today().isoformat()
        # The day alone would leave no trace of a second change on it; the digest below always does.
        writer.update("operator", who.id, {"password_on": day, "must_change": 0})
        _remember(writer, who.id, new, cost_of(ring))
        return None, _with_password(office, ring, who, new)

    office.rekey(op, work)


def settle_recovered(office: Office, op: str) -> None:
    """After a recovery: the ring that opened the file becomes the one noted inside."""

    def work(writer: Writer, ring: keys.KeyRing) -> tuple[None, keys.KeyRing]:
        day = writer.clock.today().isoformat()
        writer.update("operator", writer.who.id, {"password_on": day, "must_change": 0})
        return None, replace(ring, version=ring.version + 1).sealed(office.opened.file_key)

    office.rekey(op, work)


def verify(office: Office, password: str) -> None:
    """Refuse unless this is the password of the operator who opened the file; wrong ones count as at the login."""
    slot = office.opened.ring.slot_of(office.who.id)
    if slot is None:
        raise Refusal("这名操作员已被停用，请联系系统管理员")
    gate = gate_of(office)
    if lockout.try_slots(gate, (slot,), office.opened.file_id, password) is None:
        raise gate.wrong(slot.name)


def give_roles(office: Office, operator_id: str, held: Collection[Role], reason: str) -> None:
    """Say what an operator may do from his next login on."""
    _refuse_no_reason(reason)

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
    _refuse_no_reason(reason)
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


def _refuse_no_reason(reason: str) -> None:
    if not reason.strip():
        raise Refusal("请写明原因，它会记入日志")


def operator_of(operator_id: str, name: str, words: Collection[str]) -> Operator:
    """An operator from what his record says."""
    return Operator(operator_id, name, frozenset(Role(word) for word in words))


def cost_of(ring: keys.KeyRing) -> keys.KeyCost:
    """New slots cost what the dearest one costs: a file made on a fast machine stays as hard to try."""
    return max(
        (slot.cost for slot in ring.slots), key=lambda cost: (cost.memory_kib * cost.passes, cost.passes)
    )


def _with_password(office: Office, ring: keys.KeyRing, who: Operator, password: str) -> keys.KeyRing:
    opened = office.opened
    slot = keys.Slot.make(opened.file_id, opened.file_key, who, password, cost_of(ring))
    return ring.with_slot(slot, opened.file_key)


def _remember(writer: Writer, operator_id: str, password: str, cost: keys.KeyCost) -> None:
    salt = secrets.token_bytes(SALT_BYTES)
    writer.insert(
        "password_history",
        {
            "operator_id": operator_id,
            "changed_at": iso_second(writer.clock.now()),
            "cost": json.dumps(asdict(cost)),
            "salt": salt.hex(),
            "digest": keys.digest_of(password, salt, cost).hex(),
        },
    )


def _used(reader: Reader, operator_id: str, most: int) -> list[Row]:
    return reader.all(
        "SELECT * FROM password_history WHERE operator_id = ? ORDER BY changed_at DESC, id DESC LIMIT ?",
        (operator_id, most),
    )


def _refuse_used(writer: Writer, ring: keys.KeyRing, operator_id: str, password: str) -> None:
    kept = PASSWORDS_KEPT.read(settings_of(writer))
    slot = ring.slot_of(operator_id)
    again = slot is not None and slot.unlock(ring.file_id, password) is not None
    if again or any(_same(row, password) for row in _used(writer, operator_id, kept)):
        raise Refusal(f"这个口令最近用过，请换一个与最近 {kept} 次都不同的")


def _same(row: Row, password: str) -> bool:
    cost: dict[str, Any] = json.loads(row["cost"])
    digest = keys.digest_of(password, bytes.fromhex(row["salt"]), keys.KeyCost(**cost))
    return secrets.compare_digest(digest, bytes.fromhex(row["digest"])) and len(digest) == KEY_BYTES
