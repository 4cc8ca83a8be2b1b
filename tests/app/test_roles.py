"""Every verb with every role, against the table of who may do what (DESIGN, Roles).

The roles are checked in the service before anything else happens, so a writer that knows only who is asking is enough.
"""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock

import pytest

import hongyao_desktop
from hongyao_desktop.app import bootstrap
from hongyao_desktop.app.modules import MODULES
from hongyao_desktop.app.printing.papers import find_paper
from hongyao_desktop.core import roles
from hongyao_desktop.core.clock import BEIJING, FixedClock
from hongyao_desktop.core.desk import Operator, Reader, Role
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import Office, OfficeInfo, access, operators
from tests.app.demonstrations import PASSWORD, copied
from tests.store.administration import AUDITOR as AN_AUDITOR
from tests.store.administration import NEW, administered, entered

E, R, A, C = Role.ENTRY, Role.REVIEW, Role.APPROVE, Role.CASHIER
CLERKS, CHECKERS, KEEPERS = {E, R}, {R, A}, {E, C}
SYSTEM, SECURITY, AUDITS, AUDITOR = Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.AUDITOR

TABLE: dict[str, set[Role]] = {
    "people.bulk_people": {E},
    "people.enrol_person": CLERKS,
    "people.retire_person": CLERKS,
    "people.return_person": CLERKS,
    "people.save_person": CLERKS,
    # The tree of units is set up by whoever sets up the system, too.
    "people.retire_unit": {E, SYSTEM},
    "people.reopen_unit": {E, SYSTEM},
    "people.save_unit": {E, SYSTEM},
    # Working days move deadlines: whoever checks, or looks after the system.
    "people.correct_days": {R, A, SYSTEM},
    "volunteers.save_volunteer": CLERKS,
    "volunteers.enrol_volunteer": CLERKS,
    "volunteers.enrol_many": {E},
    "volunteers.bulk_enrol": {E},
    "volunteers.retire_volunteer": CLERKS,
    "volunteers.approve_volunteer": CHECKERS,
    "volunteers.record_activity": {E},
    "volunteers.record_service": {E},
    "volunteers.bulk_activities": {E},
    "volunteers.bulk_record": {E},
    "volunteers.reverse_service": CLERKS,
    "volunteers.correct_service": CLERKS,
    "volunteers.plan_series": CLERKS,
    "volunteers.cancel_activity": CHECKERS,
    "volunteers.save_activity": CLERKS,
    "volunteers.deliver": CLERKS,
    "volunteers.remind": CLERKS,
    "volunteers.cancel_late": CLERKS,
    "volunteers.withdraw_batch": CHECKERS,
    "volunteers.withdraw_import": CLERKS,
    "volunteers.award_points": CHECKERS,
    "volunteers.deduct_points": CHECKERS,
    "volunteers.opening_points": CHECKERS,
    "volunteers.reverse_points": CHECKERS,
    "volunteers.add_version": CHECKERS,
    "volunteers.stop_version": CHECKERS,
    "volunteers.take_examples": CHECKERS,
    "volunteers.run_year_end": CHECKERS,
    "volunteers.withdraw_year_end": CHECKERS,
    "volunteers.begin_lot": CLERKS,
    "volunteers.pass_step": CHECKERS,
    "volunteers.object_to": CHECKERS,
    "volunteers.release_lot": CHECKERS,
    "volunteers.return_lot": CHECKERS,
    "volunteers.record_incident": CHECKERS,
    "volunteers.withdraw_incident": CHECKERS,
    "volunteers.put_bar": CHECKERS,
    "volunteers.lift_bar": CHECKERS,
    "volunteers.dismiss": CHECKERS,
    "volunteers.take_up_again": CHECKERS,
    "volunteers.merge": CHECKERS,
    "volunteers.undo_merge": CHECKERS,
    "volunteers.keep_apart": CHECKERS,
    "volunteers.issue_certificate": {E, R, A},
    "volunteers.void_certificate": {E, R, A},
    "volunteers.save_spot": CLERKS,
    "volunteers.report_spot": CLERKS,
    "volunteers.close_spot": CLERKS,
    "volunteers.reopen_spot": CLERKS,
    "volunteers.claim_spot": CLERKS,
    "volunteers.attach_photo": CLERKS,
    "volunteers.merge_spot": CLERKS,
    "volunteers.split_spot": CLERKS,
    "volunteers.void_spot": CHECKERS,
    "volunteers.save_good": CLERKS,
    "volunteers.offer_good": CLERKS,
    "volunteers.stop_good": CLERKS,
    "volunteers.stock_in": CLERKS,
    "volunteers.count_stock": CHECKERS,
    "volunteers.reverse_movement": CHECKERS,
    "volunteers.redeem": CLERKS,
    "volunteers.hand_over": CLERKS,
    "volunteers.cancel_redemption": CLERKS,
    "volunteers.return_redemption": CLERKS,
    "volunteers.redeem_several": CLERKS,
    "volunteers.sign_up": CLERKS,
    "volunteers.withdraw_signup": CLERKS,
    "volunteers.key_back": {E},
    "volunteers.recheck": CLERKS,
    "volunteers.readmit_volunteer": CHECKERS,
    "volunteers.opening_hours": CHECKERS,
    "volunteers.begin_review": CLERKS,
    "volunteers.grant_review": {A},
    "volunteers.object_star": CHECKERS,
    "volunteers.refuse_star": CHECKERS,
    "volunteers.withdraw_review": CHECKERS,
    "volunteers.imports.volunteers.commit": {E},
    # Orders: the rule set order-duties that is shipped says who takes which step.
    "orders.save_order": CLERKS,
    "orders.take_order": {E},
    "orders.order_from_spot": {E},
    "orders.take_again": {E},
    "orders.decide": {E, R, A},
    "orders.decline": CHECKERS,
    "orders.refer_up": CHECKERS,
    "orders.hand_over": CHECKERS,
    "orders.dispatch": CLERKS,
    "orders.accept": CLERKS,
    "orders.give_back": CLERKS,
    "orders.complete": {E},
    "orders.post_early": {E},
    "orders.rate": {E},
    "orders.void_order": CHECKERS,
    "orders.follow_up": CLERKS,
    "orders.extend": CHECKERS,
    "orders.hold": CHECKERS,
    "orders.resume": CLERKS,
    "orders.join": CLERKS,
    "orders.attach": CLERKS,
    "orders.add_helper": {E},
    # Whoever may take the step that is taken back: which one that is, is seen behind the door.
    "orders.take_back": set(roles.CHANGING),
    "orders.bulk_opening": {E},
    "orders.imports.orders.commit": {E},
    "training.save_class": CLERKS,
    "training.cancel_class": CLERKS,
    "training.hold_session": CLERKS,
    "training.save_session": CLERKS,
    "training.cancel_session": CLERKS,
    "training.save_cadre": CLERKS,
    "training.enrol_trainee": CLERKS,
    "training.enrol_trainees": CLERKS,
    "training.withdraw_trainee": CLERKS,
    "training.complete_trainee": CLERKS,
    "training.call_roll": CLERKS,
    "training.correct_mark": CLERKS,
    "training.recount": {R},
    "fund.save_fund": KEEPERS,
    "fund.open_fund": KEEPERS,
    "fund.retire_fund": KEEPERS,
    "fund.reopen_fund": KEEPERS,
    "fund.enter_opening": KEEPERS,
    "fund.correct_opening": KEEPERS,
    "fund.correct_prior_year": KEEPERS,
    "fund.reverse_entry": KEEPERS,
    "fund.bulk_book": KEEPERS,
    "fund.book_receipt": KEEPERS,
    "fund.book_payment": KEEPERS,
    "intake.commit": {E},
}
"""Who may take which step. A verb that is in no list here fails a test: whoever adds one decides who may do it."""

INNER = {
    "store.remember",
    "store.refuse_used",
    "app.copy_rule_sets",
    "fund.imports.commit",
    "fund.book_opening",
    "fund.book_red",
    "fund.category_id",
    "fund.entry_row",
    "fund.refuse_shortage",
    "fund.refuse_taken_back",
    "orders.require_duty",
    "volunteers.award_recruiting",
    "volunteers.take_back_recruiting",
    "volunteers.move_recruits",
    "volunteers.set_recruiter",
    "volunteers.drop_signups",
    "orders.take_step",
    "orders.open_event",
    "orders.write_event",
    "orders.keep_shares",
    "orders.record_hours",
    "orders.record_shares",
    "orders.write_step",
    "store.put_setting",
    "training.imports.sign_in.commit",
    "training.recount_session",
    "volunteers.imports.goods.commit",
    "volunteers.imports.openings.commit",
    "volunteers.imports.service_records.commit",
    "volunteers.imports.spots.commit",
    "volunteers.expire",
    "volunteers.open_activity",
    "volunteers.refill_caps",
    "volunteers.reverse_entry",
    "volunteers.carry_over",
    "volunteers.settle",
    "volunteers.write_services",
}
"""Steps inside other verbs, which have checked the role before; no screen calls them."""

KERNEL = {"core", "kit", "paper", "sheets"}
INVENTING = "hongyao_desktop.app.demo"
"""Makes the demonstration office with an operator who may do everything it needs."""

Verb = Callable[..., object]
BEHIND_THE_DOOR = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What a verb that lets somebody in makes of the stand-ins for its other arguments."""


def _modules() -> Iterator[ModuleType]:
    for module in pkgutil.walk_packages(hongyao_desktop.__path__, "hongyao_desktop."):
        known = module.name.split(".")[1] in KERNEL or module.name.endswith("__main__")
        if not known and not module.name.startswith(INVENTING):
            yield importlib.import_module(module.name)


def _functions(first: tuple[str, ...]) -> dict[str, Verb]:
    """Every public function of the house whose first argument is of a type, by room and name.

    Those called ``commit`` are many: they are called by their module.
    """
    found: dict[str, Verb] = {}
    for module in _modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != module.__name__ or name.startswith("_"):
                continue
            parameters = list(inspect.signature(function).parameters.values())
            if not parameters or parameters[0].annotation not in first:
                continue
            _house, room, *rest = module.__name__.split(".")
            key = ".".join([room, *rest, name] if rest[:1] == ["imports"] else [room, name])
            assert key not in found, f"two verbs are called {key}"
            found[key] = function
    return found


@cache
def verbs() -> dict[str, Verb]:
    """Every function that writes."""
    return _functions(("Writer", "DoorWriter"))


@cache
def office_verbs() -> dict[str, Verb]:
    """Every function that does something with an opened office, save the wiring of the window."""
    found = _functions(("Office",))
    return {name: verb for name, verb in found.items() if not verb.__module__.startswith(WIRING)}


WIRING = tuple(f"hongyao_desktop.{name}" for name in ("app.window", "app.cli", "app.bench", "store.bench"))


class PastTheDoorError(LookupError):
    """Something other than a rule was read, or something was written: the operator is in."""


class Stub:
    """A writer that knows who asks and who else is there, the rules and the settings of the house, and nothing else."""

    def __init__(self, role: Role, rules: Reader) -> None:
        self.who = Operator("o", "某", frozenset({role}))
        self.clock = FixedClock(dt.datetime(2026, 11, 20, 9, tzinfo=BEIJING))
        self.op_seq = 1
        self._rules = rules

    def _read(self, how: str, sql: str, params: Any) -> Any:
        # A refusal names the colleagues who may, which is read from the table of operators.
        told = "rule_set" in sql or "FROM setting" in sql or sql.startswith("SELECT name FROM operator")
        if not told or any(isinstance(value, MagicMock) for value in params):
            raise PastTheDoorError(sql)
        return getattr(self._rules, how)(sql, params)

    def all(self, sql: str, params: Any = ()) -> Any:
        return self._read("all", sql, params)

    def one(self, sql: str, params: Any = ()) -> Any:
        return self._read("one", sql, params)

    def value(self, sql: str, params: Any = ()) -> Any:
        return self._read("value", sql, params)

    def stream(self, sql: str, params: Any = ()) -> Any:
        return self._read("stream", sql, params)

    def __getattr__(self, name: str) -> Any:
        raise PastTheDoorError(name)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """The rule sets as they are shipped, in a real file."""
    with bootstrap.open_file(copied(tmp_path_factory.mktemp("rules")), "李静", PASSWORD) as office:
        yield office.reader()


def allowed(verb: Verb, rules: Reader) -> set[Role]:
    """The roles that get past the door of a verb; what it says about its other arguments does not matter."""
    return {role for role in Role if _gets_in(verb, role, rules)}


def _gets_in(verb: Verb, role: Role, rules: Reader) -> bool:
    asked = list(inspect.signature(verb).parameters.values())[1:]
    needed = [parameter for parameter in asked if parameter.default is parameter.empty]
    # A draft with no amount on the wrong side, which booking looks at before the door, and a day that can be read.
    given = {parameter.name: _stand_in(parameter) for parameter in needed}
    try:
        verb(Stub(role, rules), **given)
    except Refusal as refusal:
        return not DENIED.search(refusal.message)
    except BEHIND_THE_DOOR:
        return True
    return True


DENIED = re.compile(r"没有“.*”权限|请由.*办理")


def _stand_in(parameter: inspect.Parameter) -> Any:
    if "dict" in str(parameter.annotation) or parameter.annotation in ("Row", "Mapping[str, Any]"):
        return {}
    # A target says itself who imports into it; most are for whoever enters.
    return MagicMock(
        in_fen=0, out_fen=0, completed_on=dt.date(2026, 11, 20), **{"target.roles": (Role.ENTRY,)}
    )


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_verb_is_for_exactly_the_roles_of_the_table(name: str, rules: Reader) -> None:
    assert allowed(verbs()[name], rules) == TABLE[name]


DESKS = {desk.register.name: desk for module in MODULES for desk in module.desks if desk.save is not None}


@pytest.mark.parametrize("name", sorted(DESKS))
def test_a_desk_names_the_roles_its_saving_requires(name: str, rules: Reader) -> None:
    desk = DESKS[name]
    assert desk.save is not None
    assert allowed(desk.save, rules) == set(desk.roles)


def test_every_verb_stands_in_the_table_or_is_an_inner_step() -> None:
    assert verbs().keys() == TABLE.keys() | INNER
    assert not TABLE.keys() & INNER


def test_no_rule_set_opens_orders_to_auditors_and_administrators(rules: Reader) -> None:
    everybody = MagicMock(wraps=rules)
    everybody.all.side_effect = lambda sql, params=(): [
        {
            name: text.replace('["录入"]', json.dumps([role.value for role in Role]))
            if name == "body"
            else text
            for name, text in row.items()
        }
        for row in rules.all(sql, params)
    ]
    found = allowed(verbs()["orders.take_order"], everybody)
    assert found == set(roles.CHANGING), "the changed rule set lets the others in, and them only"


def test_inner_steps_are_called_by_services_only() -> None:
    house = Path(hongyao_desktop.__file__).parent
    screens = [path for path in house.rglob("*.py") if "page" in path.parts or path.name == "page.py"]
    assert screens
    names = {inner.rpartition(".")[2] for inner in INNER} - {"commit", "reverse_entry"}
    called = {
        (path.name, name)
        for path in screens
        for name in names
        if re.search(rf"(?<![\w.])(?:service\.)?{name}\(", path.read_text(encoding="utf-8"))
    }
    assert called == set()


def test_the_table_gives_administrators_and_auditors_no_business() -> None:
    for name, held in TABLE.items():
        assert AUDITOR not in held
        assert not held & roles.ADMINISTRATORS or name.endswith(("_unit", "correct_days"))


# ----------------------------------------------------------------------------- what is done with the office itself

LIST = find_paper("list")
YEAR = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
BUSINESS = set(roles.BUSINESS)
OFFICE_TABLE: dict[str, tuple[set[Role], Callable[[Verb, Office, Path], object]]] = {
    "store.add": ({SYSTEM}, lambda verb, office, _out: verb(office, f"新{office.who.name}", NEW)),
    "store.rename": ({SYSTEM}, lambda verb, office, _out: verb(office, "x", "新名", "原因")),
    "store.disable": ({SYSTEM}, lambda verb, office, _out: verb(office, "x", "原因")),
    "store.enable": ({SYSTEM}, lambda verb, office, _out: verb(office, "x", NEW, "原因")),
    "store.reset_password": ({SYSTEM}, lambda verb, office, _out: verb(office, "x", NEW, "原因")),
    "store.recovery_rows": ({SYSTEM}, lambda verb, office, _out: verb(office, "原因")),
    "app.print_recovery_sheet": ({SYSTEM}, lambda verb, office, out: verb(office, out / "a.pdf", "原因")),
    "store.give_roles": ({SECURITY}, lambda verb, office, _out: verb(office, "x", [E], "原因")),
    "store.set_limits": ({SECURITY}, lambda verb, office, _out: verb(office, {}, "原因")),
    "store.entries": ({AUDITS, AUDITOR}, lambda verb, office, _out: verb(office, access.LogQuery())),
    "app.export_log": (
        {AUDITS, AUDITOR},
        lambda verb, office, out: verb(office, access.LogQuery(), out / "log.xlsx"),
    ),
    "app.require_business": (BUSINESS, lambda verb, office, _out: verb(office)),
    "app.export_register": (
        BUSINESS,
        lambda verb, office, out: verb(office, office.registers[0], out / "a.csv"),
    ),
    "app.print_paper": (
        BUSINESS,
        lambda verb, office, out: verb(office, LIST, out / "a.pdf", YEAR, None, {"register": "人员"}),
    ),
    "app.request_for": (BUSINESS, lambda verb, office, _out: verb(office, LIST, YEAR, None, {})),
    "app.draft_paper": (BUSINESS, lambda verb, office, out: verb(office, MagicMock(), out)),
    "app.reprint": (BUSINESS, lambda verb, office, out: verb(office, LIST, "0" * 12, out / "b.pdf")),
}
"""What is done with an opened office, and by whom."""

HARMLESS = {
    "store.begin": "everybody comes",
    "store.end": "and goes",
    "store.record": "everybody is noted",
    "store.gate_of": "where passwords are counted",
    "store.why_change": "reads one's own password's age",
    "store.days_left": "the same",
    "store.soon": "the same",
    "store.change": "one's own password, with the old one",
    "store.replace": "one's own password, after the old one opened the file",
    "store.with_password": "makes a ring of keys; rekey writes it",
    "store.verify": "one's own, at the lock",
    "store.first_recovery_rows": "the maker of a new file, once",
    "app.recovery_document": "lays out rows somebody was given",
    "app.require_own_password": "refuses only",
    "app.scope_of": "names the office's units",
    "app.note_run": "notes what was printed",
    "app.note_visit": "the same, in the access log",
    "app.settings_of": "what papers are laid out by",
    "app.scanned": "a place to write",
    "app.register_rows": "rows of a list that print_paper prints",
    "app.report_desk": "the report's desk; it prints by print_paper",
}
"""Verbs for everybody, each with the reason."""


@pytest.fixture(scope="module")
def of_each_role(tmp_path_factory: pytest.TempPathFactory) -> dict[Role, Callable[[], Office]]:
    """One real office in which every operator has exactly one role."""
    folder = tmp_path_factory.mktemp("roles")
    path = folder / "各岗.hongyao"
    people = [(Operator("", role.value, frozenset({role})), PASSWORD) for role in Role]
    bootstrap.new_office(path, OfficeInfo("水湾街道党工委", "水湾街道"), people).close()
    return {role: partial(bootstrap.open_file, path, role.value, PASSWORD) for role in Role}


def test_every_verb_of_an_office_is_in_a_table() -> None:
    assert office_verbs().keys() == OFFICE_TABLE.keys() | HARMLESS.keys()


def test_every_verb_of_an_office_is_for_exactly_its_roles(
    of_each_role: dict[Role, Callable[[], Office]], tmp_path: Path
) -> None:
    let_in: dict[str, set[Role]] = {name: set() for name in OFFICE_TABLE}
    for role, enter in of_each_role.items():
        with enter() as office:
            for name, (_roles, work) in OFFICE_TABLE.items():
                head = office.reader().value("SELECT COUNT(*) FROM operator")
                if _taken(work, office_verbs()[name], office, tmp_path):
                    let_in[name].add(role)
                else:
                    assert office.reader().value("SELECT COUNT(*) FROM operator") == head
    assert let_in == {name: held for name, (held, _work) in OFFICE_TABLE.items()}


def _taken(work: Callable[[Verb, Office, Path], object], verb: Verb, office: Office, folder: Path) -> bool:
    try:
        work(verb, office, folder)
    except Refusal as refusal:
        return not DENIED.search(refusal.message)
    except BEHIND_THE_DOOR:
        return True
    return True


def test_an_auditor_reads_everything_and_changes_nothing(tmp_path: Path) -> None:
    path = administered(tmp_path)
    with entered(path, AN_AUDITOR, read_only=True) as office:
        assert operators.listed(office.reader())
        assert access.entries(office, access.LogQuery()) == []
        with pytest.raises(Refusal, match="只读"):
            office.transact("改动", lambda writer: writer.insert("setting", {"id": "x", "value": "1"}))
        assert office.check().ok
