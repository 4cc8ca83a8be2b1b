"""打印记录: every paper that left the office, searched like any register, and asked for again."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from hongyao_desktop.briefing.module import MODULE
from hongyao_desktop.briefing.records import PRINT_RUNS
from hongyao_desktop.core.desk import Row
from hongyao_desktop.kit.pages import Page, PageSpec
from hongyao_desktop.kit.parts import RegisterPageParts
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb

PLACE = "papers.runs"
_SPAN = (("unit_id", "unit_id"), ("first", "first_on"), ("last", "last_on"))


def asked_again(row: Row) -> str:
    """Where 打印材料 opens with what a run was asked for: the paper, its unit, its days and its own parameters."""
    span = {name: row[column] for name, column in _SPAN if row[column]}
    kept = {name: value for name, value in json.loads(row["options"]).items() if value}
    return f"{row['paper']}?{urlencode({**span, **kept})}"


def _again(session: Session, row: Row | None) -> None:
    if row is None:
        return
    found = session.reader.one("SELECT * FROM print_run WHERE id = ?", (row["id"],))
    if found is not None:
        session.go("papers", asked_again(found))


def build(session: Session) -> Page:
    """The page; nothing can be changed here."""
    parts = RegisterPageParts(
        title="打印记录",
        search_hint="材料名称",
        verbs=(Verb(label="按这次的条件再打印", direct=_again),),
        printing=lambda page: page.session.go("papers", "print-runs"),
    )
    return RegisterPage(session, MODULE.desks[0], parts)


PAGE = PageSpec(
    place=PLACE,
    section="打印材料",
    title="打印记录",
    icon="print",
    build=build,
    register=PRINT_RUNS.name,
    help="谁在什么时候打印或存了什么、作什么用途；选中一条，可以按当时的条件再打印。只增不改。",
)
