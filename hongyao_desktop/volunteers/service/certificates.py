"""Service certificates (志愿服务证明): who records certifies (民政部令第67号); numbers without gaps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from hongyao_desktop.core.desk import Role, Writer, require
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.queries import paper_rows

_MAY_ISSUE = (Role.ENTRY, Role.REVIEW, Role.APPROVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What a certificate is asked for: the volunteer (number or name), the days it covers, who answers for it."""

    volunteer: str
    period: Period
    chief: str
    handler: str
    contact: str
    used_for: str = ""
    replaces: str = ""
    reason: str = ""


def issue_certificate(writer: Writer, asked: Application) -> str:
    """Enter a certificate in the number register and return its number.

    It keeps what it says. With ``replaces`` the old number is voided with the reason. Refuses without service in the
    period, and without the people a certificate must name.
    """
    require(writer, *_MAY_ISSUE)
    person = paper_rows.volunteer_named(writer, asked.volunteer)
    lacking = [
        label
        for label, value in (
            ("单位负责人", asked.chief),
            ("经办人", asked.handler),
            ("联系方式", asked.contact),
        )
        if not value
    ]
    if lacking:
        raise Refusal(f"开具证明还要写明{'、'.join(lacking)}", exit_code=2)
    done = paper_rows.served(writer, person["id"], asked.period)
    if not sum(done.minutes.values()):
        raise Refusal(f"{person['name']}在这段时间没有服务记录，不能开具证明，请核对起止日期")
    old = _voided(writer, asked, person["id"]) if asked.replaces else None
    today = writer.clock.today()
    number = _next_number(writer, today.year)
    writer.insert(
        "service_certificate",
        {
            "number": number,
            "year": today.year,
            "volunteer_id": person["id"],
            "volunteer_number": person["number"],
            "name": person["name"],
            "id_kind": person["id_kind"],
            "id_number": person["id_number"],
            "unit_name": person["unit_name"],
            "first_on": asked.period.first.isoformat(),
            "last_on": asked.period.last.isoformat(),
            "services": done.services,
            "signed_minutes": done.minutes["签到"],
            "made_up_minutes": done.minutes["补录"],
            "imported_minutes": done.minutes["导入"],
            "content": json.dumps(done.content, ensure_ascii=False),
            "used_for": asked.used_for or None,
            "chief": asked.chief,
            "handler": asked.handler,
            "contact": asked.contact,
            "issued_on": today.isoformat(),
            "issued_by": writer.who.name,
            "replaces_id": old,
        },
    )
    return number


def void_certificate(writer: Writer, number: str, reason: str) -> str:
    """Void a certificate with a reason; returns its id. Refuses one that is void already."""
    require(writer, *_MAY_ISSUE)
    row = paper_rows.certificate(writer, number)
    if row["status"] != "有效":
        raise Refusal(f"证明 {number} 已经作废（{row['status_reason']}），不能再作废一次")
    if not reason.strip():
        raise Refusal(f"作废证明 {number} 要写明原因", exit_code=2)
    changes: Mapping[str, str] = {
        "status": "作废",
        "status_reason": reason.strip(),
        "status_on": writer.clock.today().isoformat(),
    }
    writer.update("service_certificate", row["id"], changes)
    return str(row["id"])


def _voided(writer: Writer, asked: Application, volunteer_id: str) -> str:
    row = paper_rows.certificate(writer, asked.replaces)
    if row["volunteer_id"] != volunteer_id:
        raise Refusal(f"证明 {asked.replaces} 是开给{row['name']}的，不能换开给别人", exit_code=2)
    return void_certificate(writer, asked.replaces, asked.reason)


def _next_number(writer: Writer, year: int) -> str:
    last = writer.value("SELECT COUNT(*) FROM service_certificate WHERE year = ?", (year,))
    return f"志证〔{year}〕{int(last) + 1:04d}号"
