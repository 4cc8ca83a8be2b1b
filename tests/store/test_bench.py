"""The bench: every job runs, measures something and has its floor; no figure is asserted, machines differ."""

from __future__ import annotations

from pathlib import Path

from hongyao_desktop.store.bench import Bench


def test_every_job_is_measured_on_a_small_file(tmp_path: Path) -> None:
    measured = list(Bench(tmp_path / "bench", 400).run())
    assert [item.name for item in measured] == ["bulk", "save", "search", "page", "check"]
    for item in measured:
        assert item.value > 0
        assert item.floor is None or item.floor > 0
        assert item.ratio is None or item.good == (item.ratio <= item.bar)


def test_one_job_can_be_asked_for(tmp_path: Path) -> None:
    assert [item.name for item in Bench(tmp_path / "bench", 50).run(["check"])] == ["check"]
