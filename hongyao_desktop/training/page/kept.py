"""Marks keyed and not saved, as they outlive a crash: the roll's own draft to and from plain lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hongyao_desktop.kit.drafts import Draft as Kept
from hongyao_desktop.training.page.class_panel import Draft
from hongyao_desktop.training.page.roll_model import Seat


def kept_roll(class_id: str, draft: Draft) -> Kept | None:
    """The marks and reasons of a class; None when none is typed."""
    if not draft.typed and not draft.reasons:
        return None
    values = {
        "class": class_id,
        "label": draft.label,
        "marks": [[*seat, mark] for seat, mark in sorted(draft.typed.items())],
        "reasons": [[*seat, reason] for seat, reason in sorted(draft.reasons.items())],
    }
    return Kept(f"roll:{class_id}", f"{draft.label}的点名", values)


def roll_of(values: Mapping[str, Any]) -> Draft:
    """The draft of a roll from what :func:`kept_roll` made."""

    def seats(rows: list[list[str]]) -> dict[Seat, str | None]:
        return {(session, trainee): word for session, trainee, word in rows}

    return Draft(str(values["label"]), seats(values["marks"]), seats(values["reasons"]))
