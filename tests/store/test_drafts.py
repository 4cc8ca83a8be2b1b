"""Drafts survive a crash, belong to one operator, and are no records."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store.drafts import LARGEST, Drafts
from tests.offices import CLERK, FILE_NAME, make_office, open_file


def test_a_draft_survives_a_crash_and_goes_when_dropped(tmp_path: Path) -> None:
    office = make_office(tmp_path / "a")
    drafts = Drafts(office)
    drafts.keep("people:new", {"name": "欧阳"})
    drafts.keep("people:new", {"name": "欧阳海", "phone": "138"})
    shutil.copytree(tmp_path / "a", tmp_path / "b")  # what a dead program leaves
    office.close()
    with open_file(tmp_path / "b" / FILE_NAME) as again:
        kept = Drafts(again)
        found = kept.at("people:new")
        assert found is not None
        assert found.values == {"name": "欧阳海", "phone": "138"}
        assert found.kept_at == "2026-11-20T09:00:00+08:00"
        assert kept.at("units:new") is None
        kept.drop("people:new")
        kept.drop("people:new")
        assert kept.all() == []


def test_drafts_belong_to_their_operator_and_are_not_journalled(tmp_path: Path) -> None:
    with make_office(tmp_path, who=CLERK.name) as office:
        head = office.head()
        Drafts(office).keep("people:new", {"name": "x"})
        assert office.head() == head
        assert office.undoable() is None
        assert office.check().ok
    with open_file(office.path) as other:
        assert Drafts(other).all() == []


def test_a_draft_is_no_place_for_a_book(tmp_path: Path) -> None:
    with make_office(tmp_path) as office, pytest.raises(Refusal, match="太长"):
        Drafts(office).keep("people:new", {"note": "x" * LARGEST})


def test_settings_are_read_by_key(tmp_path: Path) -> None:
    with make_office(tmp_path) as office:
        assert office.settings == {}
        office.transact("设置", lambda w: w.insert("setting", {"id": "backup.keep", "value": "9"}))
        assert office.settings == {"backup.keep": "9"}
