"""Fixtures of the store's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.administration import administered


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An empty office with its three administrators, a clerk and an auditor, of this test's own."""
    return administered(tmp_path)
