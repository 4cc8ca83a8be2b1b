"""A few of each kind of crash; the scripts beside this file run thousands."""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path

import pytest

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store.writing import DoorWriter
from tests.crash.changed_bytes import changed_bytes
from tests.crash.kills import kills
from tests.crash.promises import Tally, hold
from tests.offices import make_file, make_office
from tests.store.registers import unit


def test_killed_at_random_moments_nothing_confirmed_is_lost(tmp_path: Path) -> None:
    tally = kills(6, tmp_path / "office")
    assert tally.good, tally
    assert tally.crashes == 6
    assert tally.confirmed > 0
    assert tally.slowest < 2


def test_a_log_cut_off_anywhere_keeps_what_was_synced_before(tmp_path: Path) -> None:
    """The power cuts of a desk without a C compiler: the write-ahead log ends somewhere, or ends in rubbish."""
    dice = random.Random(3)
    office = make_office(tmp_path / "a")
    log = office.path.with_name(office.path.name + "-wal")
    promises: list[tuple[int, int, str]] = []
    for number in range(12):
        rows = [unit(f"{number}-{n}", "x" * dice.randrange(400)) for n in range(dice.randrange(1, 9))]
        office.transact("导入", partial(DoorWriter.insert_many, table="unit", rows=rows))
        head = office.reader().one("SELECT seq, hash FROM journal_head")
        assert head is not None
        promises.append((log.stat().st_size, head["seq"], head["hash"]))
    data, file = log.read_bytes(), office.path.read_bytes()
    tally = Tally()
    for number in range(12):
        folder = tmp_path / f"cut{number}"
        path = make_file(folder)
        path.write_bytes(file)
        cut = dice.randrange(len(data))
        rubbish = dice.randbytes(dice.choice((0, 0, 3000)))
        path.with_name(path.name + "-wal").write_bytes(data[:cut] + rubbish)
        kept = [(seq, value) for size, seq, value in promises if size <= cut]
        hold(path, kept, tally, f"cut at {cut}", again=False)
    office.close()
    assert tally.good, tally
    assert tally.confirmed > 0


def test_every_changed_byte_is_noticed_and_the_log_gives_all_back(tmp_path: Path) -> None:
    tally = changed_bytes(12, tmp_path / "office")
    assert tally.good, tally
    assert tally.crashes == 12


def test_a_file_that_may_not_grow_is_refused_in_words_and_works_again(tmp_path: Path) -> None:
    with make_office(tmp_path) as office:
        office.finish_index()
        connection = office._door._live()
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        rows = [unit(f"{n}", "a" * 500) for n in range(200)]
        with pytest.raises(Refusal, match=r"磁盘已满.*没有变化.*清理磁盘空间"):
            office.transact("导入", lambda w: w.insert_many("unit", rows))
        assert office.reader().value("SELECT count(*) FROM unit") == 0
        connection.execute("PRAGMA max_page_count = 1000000")
        office.transact("导入", lambda w: w.insert_many("unit", rows))
        assert office.check().ok
