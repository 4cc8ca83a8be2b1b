"""The password of the operator who opened the file: when it is due, changing it, asking for it again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from hongyao_desktop.core import passwords
from hongyao_desktop.core.desk import Writer, refuse_errors
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.settings import DEMONSTRATION, PASSWORD_DAYS
from hongyao_desktop.store import keys, lockout
from hongyao_desktop.store.access import gate_of, settings_of
from hongyao_desktop.store.kept_passwords import (
    cost_of,
    password_rule,
    refuse_used,
    remember,
    used,
    with_password,
)
from hongyao_desktop.store.office import Office

_WARN_DAYS: Final = 7


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


def change(office: Office, old: str, new: str) -> None:
    """Change the password of the operator who opened the file. The old one is asked for and counted if wrong.

    A refusal that speaks of the new one has findings.
    """
    refuse_errors(passwords.problems(new, password_rule(office.reader()), name=office.who.name))
    if old == new:
        refuse_errors([Problem(Level.ERROR, "password.same", "新口令不能与现在的口令相同")])
    verify(office, old)
    replace(office, new, before=old)


def replace(office: Office, new: str, *, before: str | None = None, op: str = "更换口令") -> None:
    """Put ``new`` in place of the password of the operator who opened the file; ``before`` is noted as used."""
    refuse_errors(passwords.problems(new, password_rule(office.reader()), name=office.who.name))

    def work(writer: Writer, ring: keys.KeyRing) -> tuple[None, keys.KeyRing]:
        who = writer.who
        if before is not None and not used(writer, who.id, 1):
            remember(writer, who.id, before, cost_of(ring))
        refuse_used(writer, ring, who.id, new)
        day = writer.clock.today().isoformat()
        # The day alone would leave no trace of a second change on it; the digest below always does.
        writer.update("operator", who.id, {"password_on": day, "must_change": 0})
        remember(writer, who.id, new, cost_of(ring))
        return None, with_password(office, ring, who, new)

    office.rekey(op, work)


def verify(office: Office, password: str) -> None:
    """Refuse unless this is the password of the operator who opened the file; wrong ones count as at the login."""
    slot = office.opened.ring.slot_of(office.who.id)
    if slot is None:
        raise Refusal("这名操作员已被停用，请联系系统管理员")
    gate = gate_of(office)
    if lockout.try_slots(gate, (slot,), office.opened.file_id, password) is None:
        raise gate.wrong(slot.name)
