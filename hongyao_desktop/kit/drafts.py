"""Half-typed forms (草稿): kept while somebody types, offered again after a crash, gone once saved or given up.

A page says what is half typed in it (:meth:`Page.drafts`) and takes it back (:meth:`Page.put_back`); everything else
is done here. Where drafts lie, the kit does not know: ``app`` hands over a :class:`DraftStore`, which is the
encrypted file, so a half-typed number is never anywhere else on the disk.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol

from PySide6.QtCore import QObject, Signal

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.kit.jobs import Jobs
from hongyao_desktop.kit.pieces import once

SOON_MS: Final = 700
"""So long after the last key a draft is written: seldom enough not to write at every letter."""
_PARTS: Final = frozenset({"page", "key", "label", "values"})
_LATER: Final = "′"
"""Marks a draft of a form whose older draft nobody has answered for yet; neither may overwrite the other."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One half-typed form of a page.

    Attributes:
        key: which form, the same in every session: register and row, verb and row.
        label: how the operator calls it ("新的志愿者 王喆堃").
        values: what was typed, of such kinds as JSON has; only the page that made it reads it.
        kept_at: when, as text with the time zone; "" while it is not kept yet.
    """

    key: str
    label: str
    values: Mapping[str, Any]
    kept_at: str = ""


class StoredDraft(Protocol):
    """A draft as the store gives it back."""

    @property
    def place(self) -> str:
        """The name it was kept under."""

    @property
    def values(self) -> Mapping[str, Any]:
        """What was kept."""

    @property
    def kept_at(self) -> str:
        """When."""


class DraftStore(Protocol):
    """Keeps drafts of the operator at the keyboard; no other operator sees them."""

    def keep(self, place: str, values: Mapping[str, Any]) -> None:
        """Keep what is typed under a name, in place of what was there."""

    def drop(self, place: str) -> None:
        """Forget it."""

    def settle(self, writer: Writer, place: str) -> None:
        """Forget it in the same operation that makes a record of it."""

    def all(self) -> Sequence[StoredDraft]:
        """All of this operator, newest first."""


class DraftPage(Protocol):
    """What a page does about drafts; :class:`kit.pages.Page` has it."""

    def drafts(self) -> Sequence[Draft]:
        """What is half typed here now."""

    def put_back(self, draft: Draft) -> None:
        """Take a draft into its form again."""


@dataclass(slots=True)
class _Kept:
    place: str
    body: str


@dataclass(slots=True)
class _Waiting:
    name: str
    place: str
    draft: Draft


class Drafts(QObject):
    """Keeps what is half typed on the pages of a session, and remembers what earlier sessions left.

    Signals:
        waiting_changed: a draft of an earlier session was put back or given up.
        failed: drafts cannot be written (sentence); said once.
    """

    waiting_changed = Signal()
    failed = Signal(str)

    def __init__(self, jobs: Jobs, store: DraftStore | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._store = store
        self._pages: dict[str, DraftPage] = {}
        self._kept: dict[str, _Kept] = {}
        self._told = False
        self._soon = once(self, SOON_MS)
        self._soon.timeout.connect(self.keep)
        self._waiting: list[_Waiting] = []
        for stored in store.all() if store is not None else ():
            values = stored.values
            if not values.keys() >= _PARTS:
                # Of another release: better not offered than in the way of the login.
                continue
            draft = Draft(str(values["key"]), str(values["label"]), values["values"], stored.kept_at)
            self._waiting.append(_Waiting(stored.place, str(values["page"]), draft))

    # -- what is being typed

    def watch(self, place: str, page: DraftPage) -> None:
        """Keep drafts of this page from now on."""
        self._pages[place] = page

    def unwatch(self, place: str) -> None:
        """The page is about to go, with nothing half typed in it."""
        self._pages.pop(place, None)

    def close(self) -> None:
        """The pages are gone, or are about to be; what is kept stays kept."""
        self._soon.stop()
        self._pages.clear()

    def typed(self) -> None:
        """Something was typed, saved or given up: look at the pages soon."""
        if self._store is not None:
            self._soon.start()

    @property
    def due(self) -> bool:
        """Whether something was typed that :meth:`keep` has not looked at yet."""
        return self._soon.isActive()

    def keep(self) -> None:
        """Write what is half typed now, and drop what is not any more."""
        self._soon.stop()
        store = self._store
        if store is None:
            return
        standing: set[str] = set()
        for place, page in self._pages.items():
            for draft in page.drafts():
                name = self._name(draft.key)
                standing.add(name)
                self._write(store, name, place, draft)
        for name in [name for name in self._kept if name not in standing]:
            del self._kept[name]
            self._do(partial(store.drop, name))

    def give_up(self) -> None:
        """The operator leaves without keeping what is half typed; what earlier sessions left stays."""
        self._soon.stop()
        store, self._pages = self._store, {}
        for name in self._kept if store is not None else ():
            self._do(partial(self._drop, name))
        self._kept.clear()

    def settling(self, key: str) -> Callable[[Writer], None]:
        """What forgets the draft of a form inside the operation that saves it; to be run on the writing worker."""
        store, name = self._store, self._name(key)
        if store is None or not key:
            return lambda _writer: None
        return lambda writer: store.settle(writer, name)

    def _drop(self, name: str) -> None:
        if self._store is not None:
            self._store.drop(name)

    def _name(self, key: str) -> str:
        return f"{key}{_LATER}" if any(other.name == key for other in self._waiting) else key

    def _write(self, store: DraftStore, name: str, place: str, draft: Draft) -> None:
        values = {"page": place, "key": draft.key, "label": draft.label, "values": dict(draft.values)}
        body = json.dumps(values, ensure_ascii=False, sort_keys=True)
        kept = self._kept.get(name)
        if kept is not None and kept.body == body:
            return
        self._kept[name] = _Kept(place, body)
        self._do(lambda: store.keep(name, values))

    def _do(self, work: Callable[[], None]) -> None:
        self._jobs.write(self, work, lambda _nothing: None, self._not_written, what="保存草稿", quiet=True)

    def _not_written(self, error: Exception) -> None:
        if not self._told:
            self._told = True
            self.failed.emit(f"没保存的内容暂时存不下草稿：{error}")

    # -- what earlier sessions left

    def waiting(self, place: str | None = None) -> list[Draft]:
        """Drafts nobody has answered for yet, of one page or of all."""
        return [found.draft for found in self._waiting if place in (None, found.place)]

    def places(self) -> list[str]:
        """Pages that have such drafts."""
        return list(dict.fromkeys(found.place for found in self._waiting))

    def put_back(self, place: str) -> list[Draft]:
        """Give the page its drafts; returns those it has to answer for later, since the form is in use."""
        page = self._pages[place]
        taken = {draft.key for draft in page.drafts()}
        later: list[Draft] = []
        # The newest last: it ends up in front.
        for found in [found for found in reversed(self._waiting) if found.place == place]:
            if found.draft.key in taken:
                later.append(found.draft)
                continue
            taken.add(found.draft.key)
            self._waiting.remove(found)
            # It stays under the name it has until the page has it, then `keep` drops what nobody names any more.
            self._kept[found.name] = _Kept(place, "")
            page.put_back(found.draft)
        self.keep()
        self.waiting_changed.emit()
        return later

    def refuse(self, place: str) -> list[Draft]:
        """The operator does not want them; returns them, so that this can be taken back."""
        gone = [found for found in self._waiting if found.place == place]
        for found in gone:
            self._waiting.remove(found)
            self._do(partial(self._drop, found.name))
        self.waiting_changed.emit()
        return [found.draft for found in gone]
