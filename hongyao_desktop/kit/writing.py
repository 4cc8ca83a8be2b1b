"""What somebody may write on a page, known before anything is typed: forms and steps for other roles are not offered.

The services check the roles all the same; this is so that nobody learns it only on saving.
"""

from __future__ import annotations

from dataclasses import replace

from hongyao_desktop.core.desk import Desk, Operator, Role, roles_words
from hongyao_desktop.core.roles import CHANGING
from hongyao_desktop.kit.parts import RegisterPageParts
from hongyao_desktop.kit.verb_form import Verb


def may(who: Operator, roles: tuple[Role, ...]) -> bool:
    """Whether ``who`` holds one of ``roles``; none named means every role that changes anything."""
    return bool(who.roles.intersection(roles or CHANGING))


def desk_for(who: Operator, desk: Desk) -> Desk:
    """The desk as ``who`` works at it: without a form for those who may not save."""
    return desk if desk.save is None or may(who, desk.roles) else replace(desk, save=None, check=None)


def parts_for(who: Operator, desk: Desk, parts: RegisterPageParts) -> RegisterPageParts:
    """The additions without the steps ``who`` may not take; what only reads or prints stays.

    Whoever may write something here is told of the steps that only colleagues may take, and who they are.
    """

    def open_to(verb: Verb) -> bool:
        return verb.run is None or may(who, verb.roles or (*CHANGING, *desk.roles))

    kept = replace(parts, verbs=tuple(verb for verb in parts.verbs if open_to(verb)))
    if not may(who, (*CHANGING, *desk.roles)):
        return replace(kept, batch=None, importing=None)
    return replace(kept, barred=tuple(verb for verb in parts.verbs if verb.needs_row and not open_to(verb)))


def refused_words(who: Operator, desk: Desk, parts: RegisterPageParts) -> str:
    """Why no new record is offered to ``who``, in a sentence; "" when one is, or when nobody enters any here."""
    opening = next((verb for verb in parts.verbs if not verb.needs_row), None)
    if desk.save is not None:
        what, roles = parts.new_label or f"新增{desk.register.label}", desk.roles
    elif opening is not None and opening.run is not None:
        what, roles = parts.new_label or opening.label, opening.roles
    else:
        return ""
    if may(who, roles):
        return ""
    needed = roles_words(roles or [role for role in Role if role in CHANGING])
    return f"{what}由有“{needed}”权限的同事办理"
