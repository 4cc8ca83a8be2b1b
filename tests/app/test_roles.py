"""Every verb with every role, against the table of who may do what (DESIGN, Roles).

The roles are checked in the service before anything else happens, so a writer that knows only who is asking is enough.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest

import hongyao_desktop
from hongyao_desktop.core import roles
from hongyao_desktop.core.desk import Operator, Role
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import access, operators
from tests.store.administration import AUDITOR, administered, entered

E, R, A, C = Role.ENTRY, Role.REVIEW, Role.APPROVE, Role.CASHIER
CLERKS, CHECKERS, KEEPERS = {E, R}, {R, A}, {E, C}

TABLE: dict[str, set[Role]] = {
    "people.bulk_people": {E},
    "people.enrol_person": CLERKS,
    "people.retire_person": CLERKS,
    "people.save_person": CLERKS,
    # The tree of units is set up by whoever sets up the system, too.
    "people.retire_unit": {E, Role.SYSTEM_ADMIN},
    "people.save_unit": {E, Role.SYSTEM_ADMIN},
    "volunteers.save_volunteer": CLERKS,
    "volunteers.enrol_volunteer": CLERKS,
    "volunteers.retire_volunteer": CLERKS,
    "volunteers.approve_volunteer": CHECKERS,
    "volunteers.record_activity": {E},
    "volunteers.record_service": {E},
    "volunteers.reverse_service": CLERKS,
    "volunteers.cancel_activity": CHECKERS,
    "volunteers.save_activity": CLERKS,
    "volunteers.award_points": CHECKERS,
    "volunteers.deduct_points": CHECKERS,
    "volunteers.opening_points": CHECKERS,
    "volunteers.reverse_points": CHECKERS,
    "volunteers.save_spot": CLERKS,
    "volunteers.report_spot": {E},
    "volunteers.close_spot": CLERKS,
    "volunteers.claim_spot": CLERKS,
    "volunteers.void_spot": CHECKERS,
    "training.save_class": CLERKS,
    "training.cancel_class": CLERKS,
    "training.save_session": CLERKS,
    "training.cancel_session": CLERKS,
    "training.save_cadre": CLERKS,
    "training.enrol_trainees": CLERKS,
    "training.withdraw_trainee": CLERKS,
    "training.complete_trainee": CLERKS,
    "training.call_roll": CLERKS,
    "training.correct_mark": CLERKS,
    "training.recount": {R},
    "fund.save_fund": KEEPERS,
    "fund.retire_fund": KEEPERS,
    "fund.enter_opening": KEEPERS,
    "fund.correct_opening": KEEPERS,
    "fund.correct_prior_year": KEEPERS,
    "fund.reverse_entry": KEEPERS,
    "fund.bulk_book": KEEPERS,
    "fund.book_receipt": KEEPERS,
    "fund.book_payment": KEEPERS,
    "intake.commit": {E},
}

INNER = {
    "volunteers.open_activity",
    "volunteers.write_services",
    "volunteers.reverse_entry",
    "volunteers.commit",
    "training.recount_session",
    "training.commit",
    "fund.book_opening",
    "fund.book_red",
    "fund.category_id",
    "fund.commit",
    "fund.entry_row",
    "fund.refuse_shortage",
    "fund.refuse_taken_back",
}
"""Steps inside other verbs, which have checked the role before; no screen calls them."""

ROOMS = ("people", "volunteers", "training", "fund", "intake")
Verb = Callable[..., object]
BEHIND_THE_DOOR = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What a verb that lets somebody in makes of the stand-ins for its other arguments."""


@cache
def verbs() -> dict[str, Verb]:
    """Every public function of a service that takes a writer first, by room and name."""
    found: dict[str, Verb] = {}
    for module in pkgutil.walk_packages(hongyao_desktop.__path__, "hongyao_desktop."):
        parts = module.name.split(".")
        if parts[1] not in ROOMS or len(parts) < 3 or parts[2] not in ("service", "imports", "committing"):
            continue
        loaded = importlib.import_module(module.name)
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            parameters = list(inspect.signature(function).parameters.values())
            own = function.__module__ == module.name and not name.startswith("_")
            if own and parameters and parameters[0].annotation in ("Writer", "DoorWriter"):
                found[f"{parts[1]}.{name}"] = function
    return found


def allowed(verb: Verb) -> set[Role]:
    """The roles that get past the door of a verb; what it says about its other arguments does not matter."""
    return {role for role in Role if _gets_in(verb, role)}


def _gets_in(verb: Verb, role: Role) -> bool:
    writer: Any = MagicMock()
    writer.who = Operator("o", "某", frozenset({role}))
    asked = list(inspect.signature(verb).parameters.values())[1:]
    needed = [parameter for parameter in asked if parameter.default is parameter.empty]
    # A draft with no amount on the wrong side, which booking looks at before the door.
    given = {parameter.name: MagicMock(in_fen=0, out_fen=0) for parameter in needed}
    try:
        verb(writer, **given)
    except Refusal as refusal:
        return re.search(r"没有“.*”权限", refusal.message) is None
    except BEHIND_THE_DOOR:
        return True
    return True


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_verb_is_for_exactly_the_roles_of_the_table(name: str) -> None:
    assert allowed(verbs()[name]) == TABLE[name]


def test_a_verb_that_is_not_in_the_table_is_closed_to_auditor_and_administrators() -> None:
    rest = sorted(verbs().keys() - TABLE.keys() - INNER)
    closed = roles.ADMINISTRATORS | {Role.AUDITOR}
    open_to = {name: allowed(verbs()[name]) & closed for name in rest}
    assert {name: found for name, found in open_to.items() if found} == {}


def test_inner_steps_are_called_by_services_only() -> None:
    house = Path(hongyao_desktop.__file__).parent
    screens = [path for path in house.rglob("*.py") if "page" in path.parts or path.name == "page.py"]
    assert screens
    called = {
        (path.name, name)
        for path in screens
        for name in {inner.partition(".")[2] for inner in INNER} - {"commit", "reverse_entry"}
        if f"{name}(" in path.read_text(encoding="utf-8")
    }
    assert called == set()


def test_the_table_gives_administrators_and_auditors_no_business() -> None:
    for name, held in TABLE.items():
        assert Role.AUDITOR not in held
        assert not held & roles.ADMINISTRATORS or name.endswith("_unit")


def test_an_auditor_reads_everything_and_changes_nothing(tmp_path: Path) -> None:
    path = administered(tmp_path)
    with entered(path, AUDITOR, read_only=True) as office:
        assert operators.listed(office.reader())
        assert access.entries(office, access.LogQuery()) == []
        with pytest.raises(Refusal, match="只读"):
            office.transact("改动", lambda writer: writer.insert("setting", {"id": "x", "value": "1"}))
        assert office.check().ok
