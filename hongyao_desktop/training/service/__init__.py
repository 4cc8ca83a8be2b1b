"""The verbs of training: plan a class, hold a session, call the roll. All writes of the room go through here."""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.training.service.cadres import check_cadre, save_cadre
from hongyao_desktop.training.service.classes import (
    cancel_class,
    cancel_session,
    check_class,
    check_session,
    next_number,
    next_slot,
    save_class,
    save_session,
)
from hongyao_desktop.training.service.counting import recount
from hongyao_desktop.training.service.roll import (
    Mark,
    Newcomer,
    call_roll,
    check_certificate,
    check_mark,
    complete_trainee,
    correct_mark,
    enrol_trainee,
    enrol_trainees,
    withdraw_trainee,
)

__all__ = [
    "Mark",
    "Newcomer",
    "call_roll",
    "cancel_class",
    "cancel_session",
    "check_cadre",
    "check_certificate",
    "check_class",
    "check_mark",
    "check_session",
    "complete_trainee",
    "correct_mark",
    "enrol_trainee",
    "enrol_trainees",
    "hold_session",
    "next_number",
    "next_slot",
    "recount",
    "save_cadre",
    "save_class",
    "save_session",
    "withdraw_trainee",
]


def hold_session(
    writer: Writer,
    class_id: str,
    held_on: dt.date,
    part: str,
    *,
    minutes: int | None = None,
    topic: str | None = None,
) -> str:
    """Add a session to a class; its length is the rule set's usual one unless given. Returns the session id."""
    values = {"held_on": held_on.isoformat(), "part": part, "minutes": minutes, "topic": topic}
    return save_session(writer, class_id, values, None)
