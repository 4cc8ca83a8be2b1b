"""The page of service certificates: search them, see what became of one, print it again."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from hongyao_desktop.core.desk import Reader, Role, Row, Writer
from hongyao_desktop.kit.pages import Page, PageSpec
from hongyao_desktop.kit.parts import Facts, RegisterPageParts
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.volunteers.module import MODULE
from hongyao_desktop.volunteers.page.volunteers import REASON
from hongyao_desktop.volunteers.queries import paper_rows
from hongyao_desktop.volunteers.records.certificates import CERTIFICATES, STANDING
from hongyao_desktop.volunteers.service import certificates

PLACE = "volunteers.certificates"


def _again(session: Session, row: Row | None) -> None:
    if row is not None:
        session.go("papers", f"certificate?number={row['number']}")


def _replace(session: Session, row: Row | None) -> None:
    if row is not None:
        given = {
            "volunteer": row["volunteer_number"],
            "replaces": row["number"],
            "first": row["first_on"],
            "last": row["last_on"],
            "chief": row["chief"],
            "contact": row["contact"],
            **({"use": row["used_for"]} if row["used_for"] else {}),
            "reason": "",
        }
        session.go("papers", f"certificate?{urlencode(given)}")


def _void(writer: Writer, values: Row, row: Row | None) -> str:
    if row is None:
        raise ValueError("this step needs a record")
    return certificates.void_certificate(writer, str(row["number"]), values["reason"])


def _standing(row: Row) -> bool:
    return bool(row["status"] == STANDING[0])


_TONES: Final = {STANDING[0]: "good", STANDING[1]: "ink_3"}


def _became(reader: Reader, row: Row) -> str:
    """Which one stands for a void certificate, or which one this stands for."""
    whole = paper_rows.certificate(reader, row["number"])
    if whole["replaced_by"]:
        return f"已换开为 {whole['replaced_by']}"
    if whole["status"] != STANDING[0]:
        return f"作废：{whole['status_reason']}"
    return f"替换 {whole['replaces']}" if whole["replaces"] else ""


def _load(reader: Reader, row_id: str) -> Row | None:
    """One certificate with the volunteer's name in the place of an id."""
    row = reader.one("SELECT * FROM service_certificate WHERE id = ?", (row_id,))
    return row and {**row, "volunteer_id": f"{row['name']}（{row['volunteer_number']}）"}


def build(session: Session) -> Page:
    """The page; certificates are issued from 打印材料, where their number is given."""
    desk = next(desk for desk in MODULE.desks if desk.register is CERTIFICATES)
    parts = RegisterPageParts(
        title="服务证明",
        search_hint="姓名、拼音首字母、证明编号",
        new_label="开具证明",
        verbs=(
            Verb(label="再打印这份证明", direct=_again),
            Verb(
                label="更正换开",
                direct=_replace,
                note="到“打印材料”写更正原因，存盘或打印时给新号，这一份自动作废。",
                shows=_standing,
            ),
            Verb(
                label="作废",
                run=_void,
                fields=(REASON,),
                note="号码保留在登记簿里，不再给别人用；要改内容重开的用“更正换开”。",
                shows=_standing,
                reason="reason",
                roles=(Role.ENTRY, Role.REVIEW, Role.APPROVE),
                done="已作废，号码留在登记簿",
            ),
            Verb(
                label="开具新的证明",
                direct=lambda session, _row: session.go("papers", "certificate"),
                needs_row=False,
            ),
        ),
        printing=lambda page: page.session.go("papers", "certificate-register"),
        tone=lambda field, row: _TONES.get(row["status"]) if field.name == "status" else None,
        facts=lambda reader, row: Facts(note=_became(reader, row), subtitle=row["volunteer_number"]),
        load=_load,
    )
    return RegisterPage(session, desk, parts)


PAGE = PageSpec(
    place=PLACE,
    section="志愿积分",
    title="服务证明",
    icon="volunteers",
    build=build,
    register=CERTIFICATES.name,
    help="查找开具过的证明，看有没有作废、换成了哪一份；再打印一份与原来相同的证明。",
)
