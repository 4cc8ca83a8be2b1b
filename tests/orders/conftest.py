"""The desk at which the tests of orders work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hongyao_desktop.core.clock import FixedClock
from tests.offices import make_office
from tests.orders.desk import NOON, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = FixedClock(NOON)
    office = make_office(tmp_path, clock=clock)
    yield Desk(office, clock).prepare()
    office.close()
