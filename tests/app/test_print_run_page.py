"""Certificates and print runs as registers in the window: searched, opened, asked for again."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hongyao_desktop.app.bootstrap import open_file
from hongyao_desktop.app.demo.build import PASSWORD
from hongyao_desktop.app.printing import run_page
from hongyao_desktop.app.printing.paper_page import PaperPage
from hongyao_desktop.app.printing.papers import find_paper, print_paper
from hongyao_desktop.core.figure import Period
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.page import certificates
from hongyao_desktop.volunteers.records.certificates import CERTIFICATES
from tests.app.demonstrations import copied
from tests.app.test_paper_tools import PERIOD
from tests.screens import SECONDS, shown


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_file(copied(tmp_path), "李静", PASSWORD) as opened:
        yield opened


def issue(office: Office, folder: Path) -> str:
    """Issue a certificate to somebody who served; returns its number."""
    volunteer = office.reader().value(
        "SELECT volunteer_id FROM service_record WHERE served_on > ? LIMIT 1", (f"{PERIOD.first}",)
    )
    options = {"volunteer": str(volunteer), "chief": "赵书记", "contact": "0512-65001234"}
    print_paper(office, find_paper("certificate"), folder / "证明.pdf", PERIOD, options=options)
    return str(office.reader().value("SELECT number FROM service_certificate"))


def built(page: object) -> RegisterPage:
    assert isinstance(page, RegisterPage)
    return page


def went_of(session: Session) -> list[tuple[str, str]]:
    went: list[tuple[str, str]] = []
    session.wanted.connect(lambda place, row_id: went.append((place, row_id)))
    return went


def test_a_certificate_is_found_and_printed_again(
    office: Office, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    number = issue(office, tmp_path)
    with shown(office, tmp_path, qapp, qtbot, lambda session: built(certificates.build(session))) as page:
        qtbot.waitUntil(lambda: page.table.current_id() != "", timeout=SECONDS)
        row = office.reader().one("SELECT * FROM service_certificate")
        went = went_of(page.session)
        again = page.parts.verbs[0]
        assert again.direct is not None
        again.direct(page.session, row)
        assert went == [("papers", f"certificate?number={number}")]
    assert office.search(CERTIFICATES, str(row["name"]) if row else "", 5)


def test_a_certificate_is_voided_or_replaced_at_its_row(
    office: Office, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    issue(office, tmp_path)
    row = office.reader().one("SELECT * FROM service_certificate WHERE status = '有效'")
    assert row is not None
    number = row["number"]
    with shown(office, tmp_path, qapp, qtbot, lambda session: built(certificates.build(session))) as page:
        page.open_row(row["id"])
        qtbot.waitUntil(
            lambda: page.panel.row is not None and page.panel.row["number"] == number, timeout=SECONDS
        )
        went = went_of(page.session)
        replace, void = page.parts.verbs[1:3]
        assert replace.direct is not None
        assert void.shows is not None
        replace.direct(page.session, row)
        ((place, asked),) = went
        given = dict(parse_qsl(asked.partition("?")[2]))
        assert (place, given["replaces"], given["volunteer"]) == ("papers", number, row["volunteer_number"])
        assert (given["first"], given["last"]) == (row["first_on"], row["last_on"])
        page.panel.run_verb(void)
        page.panel._verb.form.set_value("reason", "姓名写错")  # type: ignore[union-attr]
        page.panel._verb.confirm()  # type: ignore[union-attr]
        qtbot.waitUntil(lambda: "已作废，号码留在登记簿" in page.messages.text, timeout=SECONDS)
        row = office.reader().one("SELECT * FROM service_certificate WHERE number = ?", (number,))
        assert row is not None
        assert (row["status"], row["status_reason"], row["number"]) == ("作废", "姓名写错", number)
        assert not void.shows(row)


def test_a_print_run_is_asked_for_again_with_its_days_and_parameters(
    office: Office, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    first = Period(PERIOD.first.replace(day=1), PERIOD.last)
    print_paper(
        office, find_paper("board"), tmp_path / "榜.pdf", first, options={"limit": "7", "chart": "否"}
    )
    row = office.reader().one("SELECT * FROM print_run")
    assert row is not None
    asked = run_page.asked_again(row)
    with shown(office, tmp_path, qapp, qtbot, lambda session: built(run_page.build(session))) as page:
        qtbot.waitUntil(lambda: page.table.current_id() == row["id"], timeout=SECONDS)
        went = went_of(page.session)
        again = page.parts.verbs[0]
        assert again.direct is not None
        again.direct(page.session, row)
        assert went == [("papers", asked)]
    with shown(office, tmp_path, qapp, qtbot, lambda session: PaperPage(session, office)) as papers:
        papers.open_row(asked)
        assert papers.paper.name == "board"
        assert papers.form.value("set_limit") == "7"
        assert papers.form.value("set_chart") == "否"
        assert papers.form.value("first") == first.first.isoformat()
        qtbot.waitUntil(lambda: papers.draft is not None, timeout=SECONDS)
        assert papers.draft is not None
        assert len([spot for spot in papers.draft.spots if "volunteers/" in spot.source]) >= 7


def test_a_volunteer_named_by_number_stands_in_the_form(
    office: Office, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    who = office.reader().one(
        "SELECT id, number, name FROM volunteer_view WHERE status = '在册' ORDER BY number"
    )
    unit = office.reader().one("SELECT id, code FROM unit WHERE level = '社区' LIMIT 1")
    assert who is not None
    assert unit is not None
    print_paper(
        office,
        find_paper("volunteer-file"),
        tmp_path / "档案.pdf",
        PERIOD,
        unit=unit["code"],
        options={"volunteer": who["number"]},
    )
    row = office.reader().one("SELECT * FROM print_run ORDER BY id DESC LIMIT 1")
    assert row is not None
    with shown(office, tmp_path, qapp, qtbot, lambda session: PaperPage(session, office)) as papers:
        papers.open_row(run_page.asked_again(row))
        assert papers.form.value("set_volunteer") == who["id"]
        assert papers.form.value("unit_id") == unit["id"]
        papers.open_row(f"volunteer-file?volunteer={who['id']}")
        assert papers.form.value("set_volunteer") == who["id"]
