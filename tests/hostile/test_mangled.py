"""A few files mangled at random; the script beside this file tries hundreds of each kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.mangled import KINDS, try_kind


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_became_of_a_file_there_is_a_sentence_and_nothing_is_lost(tmp_path: Path, kind: str) -> None:
    told = try_kind(kind, 2, tmp_path / "mangled", seed=7)
    assert told.faults == []
    assert told.tried == 2
    assert told.passed > 0
