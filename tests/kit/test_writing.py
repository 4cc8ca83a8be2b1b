"""Who may not write a list sees that before typing: no form, no new button, a sentence in their place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.desk import Desk, Operator, Role
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.parts import RegisterPageParts
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.kit.writing import refused_words
from tests.kit.conftest import Shown
from tests.kit.keyboard import press
from tests.kit.office import DESK, PEOPLE, FakeOffice
from tests.kit.people_page import PARTS, STOP

CLERKS = replace(DESK, roles=(Role.ENTRY, Role.REVIEW))


def as_(office: FakeOffice, *roles: Role) -> None:
    office.who = Operator("op", "钱审计", frozenset(roles))


def test_who_may_not_save_is_told_at_once_and_gets_no_form(
    session: Session, office: FakeOffice, shown: Shown, qtbot: QtBot
) -> None:
    as_(office, Role.AUDITOR)
    page = RegisterPage(session, CLERKS, PARTS)
    shown(page)
    page.enter()
    qtbot.waitUntil(lambda: bool(page.panel.row_id))
    assert page.refused_line.text() == "新增志愿者由有“录入、审核”权限的同事办理"
    assert page.refused_line.isVisible()
    assert not page.new_button.isVisible()
    assert not page.panel.buttons.save.isVisible()
    assert page.panel._stack.currentWidget() is page.panel.sheet
    page.add()
    assert page.messages.text == "新增志愿者由有“录入、审核”权限的同事办理"
    assert not page.panel.adding
    assert not page.parts.verbs, "a step that writes is not offered either"


def test_who_may_save_sees_no_such_sentence(session: Session, office: FakeOffice, shown: Shown) -> None:
    as_(office, Role.REVIEW)
    page = RegisterPage(session, CLERKS, PARTS)
    shown(page)
    assert not page.refused_line.isVisible()
    assert page.new_button.isVisible()
    assert STOP in page.parts.verbs


def test_the_opening_step_of_a_ledger_counts_like_a_form(
    session: Session, office: FakeOffice, shown: Shown
) -> None:
    ledger = Desk(register=PEOPLE)
    opening = Verb(
        label="登记收入", run=lambda _w, _v, _r: "", needs_row=False, roles=(Role.ENTRY, Role.CASHIER)
    )
    parts = RegisterPageParts(verbs=(opening, STOP))
    as_(office, Role.REVIEW)
    page = RegisterPage(session, ledger, parts)
    shown(page)
    assert page.refused_line.text() == "登记收入由有“录入、出纳”权限的同事办理"
    assert page.parts.verbs == (STOP,), "other steps stay for a role that changes things"
    press("\t")
    assert not page.panel.verb_open


def test_an_empty_list_offers_no_way_in_either(session: Session, office: FakeOffice, shown: Shown) -> None:
    as_(office, Role.AUDITOR)
    page = RegisterPage(
        session, CLERKS, replace(PARTS, batch=lambda _page: None, importing=lambda _page: None)
    )
    shown(page)
    page._empty_words(narrowed=False)
    assert isinstance(page.table.empty, EmptyState)
    assert not page._page_steps()


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        ({Role.ENTRY}, ""),
        ({Role.AUDITOR}, "新增志愿者由有“录入、审核、审批、出纳”权限的同事办理"),
    ],
)
def test_a_desk_that_names_no_roles_is_for_everybody_who_changes_anything(
    roles: set[Role], words: str
) -> None:
    who = Operator("op", "某", frozenset(roles))
    assert refused_words(who, DESK, RegisterPageParts()) == words


def test_a_step_of_colleagues_stands_under_more_and_says_who_takes_it(
    session: Session, office: FakeOffice, shown: Shown, qtbot: QtBot
) -> None:
    as_(office, Role.ENTRY)
    theirs = replace(STOP, roles=(Role.REVIEW, Role.APPROVE), shows=None)
    page = RegisterPage(session, CLERKS, replace(PARTS, verbs=(theirs,)))
    shown(page)
    page.enter()
    qtbot.waitUntil(lambda: bool(page.panel.row_id))
    (action,) = page.panel.buttons.more.menu().actions()
    assert action.text() == f"{STOP.label}（由审核、审批办理）"
    assert not action.isEnabled()
    assert page.panel.buttons.more.isVisible()
