"""Half-typed rows of one register: the one in the form, and those left for another row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hongyao_desktop.core.register import Register
from hongyao_desktop.kit.drafts import Draft
from hongyao_desktop.kit.record_panel import RecordPanel


@dataclass(slots=True)
class RowDraft:
    """One row: how it is called, and what was typed."""

    label: str
    texts: dict[str, Any]


class RowDrafts:
    """By row id, "" for a new row."""

    def __init__(self, register: Register, panel: RecordPanel) -> None:
        self._register = register
        self._panel = panel
        self._new = f"新的{register.label}"
        self._left: dict[str, RowDraft] = {}

    def key(self, row_id: str | None) -> str:
        """The name of a row's draft in every session."""
        return f"{self._register.name}:{row_id or ''}"

    def leave(self) -> tuple[str, str] | None:
        """Set what is in the form aside; returns row id and label, None when nothing is typed."""
        if not self._panel.form_dirty:
            return None
        row_id, draft = self._in_front()
        self._left[row_id] = draft
        return row_id, draft.label

    def take(self, row_id: str) -> RowDraft | None:
        """What was set aside for a row; it is in the form from now on."""
        return self._left.pop(row_id, None)

    def put(self, values: Mapping[str, Any]) -> None:
        """Set a draft of an earlier session aside for its row."""
        self._left[str(values["row"])] = RowDraft(str(values["label"]), dict(values["texts"]))

    def labels(self) -> list[str]:
        """What is half typed, in words; steps with a row among it."""
        labels = [draft.label for draft in self._left.values()]
        if self._panel.form_dirty:
            labels.append(self._in_front()[1].label)
        return labels + [draft.label for draft in self._panel.verb_drafts()]

    def all(self) -> list[Draft]:
        """Everything half typed here, as it is kept."""
        rows = dict(self._left)
        if self._panel.form_dirty:
            row_id, draft = self._in_front()
            rows[row_id] = draft
        kept = [
            Draft(
                self.key(row_id),
                self._called(row_id, draft.label),
                {"row": row_id, "label": draft.label, "texts": draft.texts},
            )
            for row_id, draft in rows.items()
        ]
        return [*kept, *self._panel.verb_drafts()]

    def _in_front(self) -> tuple[str, RowDraft]:
        row_id = "" if self._panel.adding else self._panel.row_id
        return row_id, RowDraft(self._panel.label or self._new, self._panel.texts())

    def _called(self, row_id: str, label: str) -> str:
        """How the operator calls it: 新的志愿者 王某, or 志愿者 王某 for one on file."""
        if label == self._new:
            return label
        return f"{self._register.label if row_id else self._new} {label}"
