"""The access log (访问日志): who came and went, looked at an unmasked number, exported or printed, and was refused.

Entries are rows of an append-only table, each written as an operation of its own that undo passes over.  A file opened
read-only cannot be written, so its entries wait in a sealed spool beside it (``FILE.access``) and in this computer's
data folder; whoever opens the file for writing next takes them in.  Failed log-ins come from :mod:`lockout` the same
way.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from hongyao_desktop.core.clock import Clock, iso_second
from hongyao_desktop.core.desk import Operator, Reader, Role, Row, Writer
from hongyao_desktop.core.ids import new_id
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.roles import LOG_READERS
from hongyao_desktop.core.settings import LOCK_FAILURES, LOCK_MINUTES
from hongyao_desktop.store import lockout
from hongyao_desktop.store.journal import Undo, device_name
from hongyao_desktop.store.office import Office
from hongyao_desktop.store.spool import COLUMNS, Outside, Spool
from hongyao_desktop.store.tries import Event

LOGIN, LOGOUT, FAILED = "登录", "退出", "登录失败"
REBUILT = "重建"
LOCKED, UNLOCKED = "锁定窗口", "解锁窗口"
LOOK, EXPORT, PRINT = "查看敏感信息", "导出", "打印"
BACKUP, RESTORE, REFUSED = "备份", "恢复", "无权办理"
RECOVERY_SHEET = "打印恢复密钥"
GOOD, DENIED = "成功", "拒绝"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One thing to note.

    Attributes:
        event: what was done, one of the words of this module.
        subject: in Chinese, with what: the register, the paper, the file.
        denied: whether it was refused.
        register, row_id, field: which value was looked at.
        purpose: what for, as the operator said.
        row_count: how many records left the file.
        times: how often, for events that are counted together.
    """

    event: str
    subject: str = ""
    denied: bool = False
    register: str | None = None
    row_id: str | None = None
    field: str | None = None
    purpose: str | None = None
    row_count: int | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Greeting:
    """What is said after a login: when this operator was here last, and wrong passwords since then."""

    last_at: str | None
    last_device: str
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LogQuery:
    """Which entries are wanted; days are closed, ``text`` is looked for in everything an entry says."""

    first: date | None = None
    last: date | None = None
    operator: str = ""
    text: str = ""
    event: str = ""
    limit: int | None = None


def record(office: Office, visit: Visit) -> None:
    """Note a visit of the operator who opened ``office``; it is on disk when this returns.

    Refuses when it cannot be written: what cannot be noted is not done either.
    """
    row = _row(office.who, office.clock, visit)
    opened = office.opened
    if opened.read_only:
        Spool(opened).append(row)
    else:
        office.transact(visit.event, lambda writer: _insert(writer, row), undo=Undo.SKIP)


def record_outside(place: Outside, who: str, clock: Clock, visit: Visit) -> None:
    """Note what was done to a file that is not open (restored, rebuilt); it is taken in at the next login.

    ``who`` is the name the password belongs to. The file itself stays as it is, to the byte.
    """
    row = _row(Operator("", who, frozenset()), clock, visit)
    Spool(place).append({**row, "operator_id": None})


def begin(office: Office, *, lightly: bool = False) -> Greeting:
    """Note a login, with everything that waited outside the file; returns what to tell the operator.

    Closing the office notes that he leaves. ``lightly`` is for one command: a file in which nothing else changes stays
    as it is, to the byte, and login and leaving wait outside.
    """
    read_only = office.opened.read_only
    login = _row(office.who, office.clock, Visit(event=LOGIN, subject="只读打开" if read_only else ""))
    greeting = _greeting(office)
    if read_only or lightly:
        Spool(office.opened).append(login)
        office.leaving = partial(_end_lightly, office, office.head())
    else:
        _take_in(office, login)
        office.leaving = partial(end, office)
    return greeting


def _end_lightly(office: Office, head: str) -> None:
    logout = _row(office.who, office.clock, Visit(event=LOGOUT))
    try:
        if office.opened.read_only or office.head() == head:
            Spool(office.opened).append(logout)
        else:
            _take_in(office, logout)
    except Refusal:
        return  # as in `end`


def _take_in(office: Office, last: Row) -> None:
    """Write what waited outside, then ``last``, as one operation; tell the gate the limits now in force."""
    gate = gate_of(office)
    events, dropped = gate.take_events()
    spool = Spool(office.opened)
    with spool.held() as (waiting, unreadable):
        rows = [*map(_failure_row, _named(office.reader(), events)), *waiting]
        if dropped or unreadable:
            rows.append(_row(office.who, office.clock, _lost(dropped, unreadable)))
        rows.append(last)
        office.transact(last["event"], lambda writer: _insert_missing(writer, rows), undo=Undo.SKIP)
        spool.clear()
    if events or dropped:
        gate.forget(events, dropped)
    stored = settings_of(office.reader())
    gate.set_limits(LOCK_FAILURES.read(stored), LOCK_MINUTES.read(stored))


def end(office: Office) -> None:
    """Note that the operator leaves; a disk that takes nothing more is no reason to keep the file open."""
    try:
        record(office, Visit(event=LOGOUT))
    except Refusal:
        return


def gate_of(office: Office) -> lockout.Gate:
    """The gate before the passwords of an opened file."""
    opened = office.opened
    return lockout.Gate(opened.path, opened.file_id, opened.state, office.clock)


def settings_of(reader: Reader) -> dict[str, str]:
    """All settings kept in the file, as text by key."""
    return {str(row["id"]): str(row["value"]) for row in reader.all("SELECT id, value FROM setting")}


def entries(office: Office, query: LogQuery) -> list[Row]:
    """The entries that answer ``query``, newest first; what still waits in the spool is among them.

    Refuses operators who may not read the log.
    """
    if not office.who.roles & LOG_READERS:
        raise Refusal(f"{office.who.name}不能查看访问日志，请由审计管理员或审计人员办理")
    found = stored_entries(office.reader(), query)
    with Spool(office.opened).held() as (waiting, _unreadable):
        known = {row["id"] for row in found}
        more = [row for row in waiting if row["id"] not in known and _answers(row, query)]
    if more:
        found = sorted([*found, *more], key=lambda row: (row["at"], row["id"]), reverse=True)
    return found if query.limit is None else found[: query.limit]


def stored_entries(reader: Reader, query: LogQuery) -> list[Row]:
    """Entries inside the file, newest first."""
    where, params = _where(query)
    limit = -1 if query.limit is None else query.limit
    return reader.all(
        f"SELECT {', '.join(COLUMNS)} FROM access_log WHERE {where} ORDER BY at DESC, id DESC LIMIT :most",
        {**params, "most": limit},
    )


def _where(query: LogQuery) -> tuple[str, dict[str, Any]]:
    parts, params = ["1 = 1"], dict[str, Any]()
    if query.first is not None:
        parts.append("at >= :first")
        params["first"] = query.first.isoformat()
    if query.last is not None:
        parts.append("substr(at, 1, 10) <= :last")
        params["last"] = query.last.isoformat()
    if query.operator:
        parts.append("operator_name = :operator")
        params["operator"] = query.operator
    if query.event:
        parts.append("event = :event")
        params["event"] = query.event
    for number, word in enumerate(query.text.split()):
        joined = " || ' ' || ".join(f"coalesce({name}, '')" for name in _SEARCHED)
        parts.append(f"instr({joined}, :word{number}) > 0")
        params[f"word{number}"] = word
    return " AND ".join(parts), params


_SEARCHED: Final = ("event", "outcome", "subject", "purpose", "field", "device", "operator_name", "row_id")


def _answers(row: Row, query: LogQuery) -> bool:
    day = str(row["at"])[:10]
    said = " ".join(str(row.get(name) or "") for name in _SEARCHED)
    return (
        (query.first is None or day >= query.first.isoformat())
        and (query.last is None or day <= query.last.isoformat())
        and query.operator in ("", row["operator_name"])
        and query.event in ("", row["event"])
        and all(word in said for word in query.text.split())
    )


def _row(who: Operator, clock: Clock, visit: Visit) -> Row:
    return {
        "id": new_id(clock),
        "at": iso_second(clock.now()),
        "operator_id": who.id,
        "operator_name": who.name,
        "event": visit.event,
        "outcome": DENIED if visit.denied else GOOD,
        "subject": visit.subject,
        "register": visit.register,
        "row_id": visit.row_id,
        "field": visit.field,
        "purpose": visit.purpose,
        "row_count": visit.row_count,
        "times": visit.times,
        "device": device_name(),
    }


def _insert(writer: Writer, row: Row) -> None:
    writer.insert("access_log", row)


def _insert_missing(writer: Writer, rows: Iterable[Row]) -> None:
    """What was taken in before a crash lies in the spool once more; it is not written twice."""
    for row in rows:
        if writer.value("SELECT 1 FROM access_log WHERE id = ?", (row["id"],)) is None:
            writer.insert("access_log", row)


def _lost(dropped: int, unreadable: int) -> Visit:
    words = []
    if dropped:
        words.append(f"另有 {dropped} 次登录失败未逐条记下")
    if unreadable:
        words.append(f"只读访问记录里有 {unreadable} 行读不出，可能被改动过")
    return Visit(event=FAILED, subject="；".join(words), denied=True, times=max(dropped, 1))


def _named(reader: Reader, events: list[Event]) -> list[tuple[Event, str | None]]:
    ids = {str(row["name"]): str(row["id"]) for row in reader.all("SELECT id, name FROM operator")}
    return [(event, ids.get(event.name)) for event in events]


def _failure_row(named: tuple[Event, str | None]) -> Row:
    event, operator_id = named
    at = datetime.fromisoformat(event.at)
    subject = (
        event.what if event.times == 1 else f"{event.what}，最后一次 {event.last_at[:16].replace('T', ' ')}"
    )
    told = json.dumps([event.at, event.name, event.what, event.device], ensure_ascii=False)
    mark = hmac.digest(b"hongyao failed login", f"{told}{event.times}".encode(), "sha256").hex()
    return {
        "id": f"failed-{mark[:32]}",
        "at": iso_second(at),
        "operator_id": operator_id,
        "operator_name": event.name,
        "event": FAILED,
        "outcome": DENIED,
        "subject": subject,
        "register": None,
        "row_id": None,
        "field": None,
        "purpose": None,
        "row_count": None,
        "times": event.times,
        "device": event.device,
    }


def _greeting(office: Office) -> Greeting:
    reader = office.reader()
    last = reader.one(
        "SELECT at, device FROM access_log WHERE operator_id = ? AND event = ? ORDER BY at DESC, id DESC LIMIT 1",
        (office.who.id, LOGIN),
    )
    noted = reader.value(
        "SELECT coalesce(sum(times), 0) FROM access_log WHERE operator_id = ? AND event = ? AND at >= ?",
        (office.who.id, FAILED, last["at"] if last else ""),
    )
    failures = int(noted) + gate_of(office).failures_of(office.who.name)
    return Greeting(str(last["at"]) if last else None, str(last["device"]) if last else "", failures)


def may_read_log(roles: Iterable[Role]) -> bool:
    """Whether an operator with these roles may read the access log."""
    return bool(LOG_READERS.intersection(roles))
