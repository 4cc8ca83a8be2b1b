"""The speed table of the design: each job with its floor measured in the same run (测速). Never a timed test."""

from __future__ import annotations

import datetime as dt
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from hongyao_desktop.app.bench_start import measure_enter, measure_start
from hongyao_desktop.app.bootstrap import new_office
from hongyao_desktop.app.demo.build import PASSWORD
from hongyao_desktop.app.demo.invented import Inventor
from hongyao_desktop.core.clock import SystemClock
from hongyao_desktop.core.desk import Operator, Role, Writer
from hongyao_desktop.fund import queries as fund
from hongyao_desktop.fund.records import Draft
from hongyao_desktop.fund.service.booking import bulk_book
from hongyao_desktop.fund.service.funds import open_fund
from hongyao_desktop.intake.committing import commit
from hongyao_desktop.intake.rehearsal import rehearse
from hongyao_desktop.paper import bench as paper_bench
from hongyao_desktop.people.queries import top_unit
from hongyao_desktop.sheets import bench as sheets_bench
from hongyao_desktop.store import Office, OfficeInfo
from hongyao_desktop.store.bench import Bench, Measured
from hongyao_desktop.store.bench_rows import measure_bare_insert
from hongyao_desktop.volunteers.module import MODULE as VOLUNTEERS

STORE_JOBS = ("bulk", "save", "search", "page", "check")
JOBS = (*STORE_JOBS, "pdf", "export", "import", "balances", "start", "enter")
_SEED = 20261122


def measure(folder: Path, rows: int, only: Sequence[str] = ()) -> Iterator[Measured]:
    """Measure the jobs (all, or those named) in ``folder``, which is left to the caller to remove.

    ``rows`` scales the jobs of the file; papers and sheets keep the sizes of their bars, or ``rows`` when smaller.
    """
    wanted = set(only) or set(JOBS)
    in_store = [name for name in STORE_JOBS if name in wanted]
    if in_store:
        yield from Bench(folder / "file", rows).run(in_store)
    if "pdf" in wanted:
        yield _pdf(min(rows, 10_000))
    if "export" in wanted:
        yield _export(folder, min(rows, 100_000))
    if "import" in wanted:
        yield _import(folder, min(rows, 100_000))
    if "balances" in wanted:
        yield _balances(folder, rows)
    if "start" in wanted:
        yield measure_start(folder)
    if "enter" in wanted:
        yield measure_enter(folder)


def _pdf(rows: int) -> Measured:
    timing = paper_bench.measure(rows)
    label = f"{rows:,} 行表格印成 {timing.pages} 页 PDF（带本页小计）"
    return Measured(
        "pdf", label, timing.seconds * 1000, timing.floor_seconds * 1000, 1.5, {"pages": float(timing.pages)}
    )


def _export(folder: Path, rows: int) -> Measured:
    ours, floor = sheets_bench.measure_writing(folder, rows)
    return Measured("export", f"写出 {rows:,} × 12 的工作簿", ours * 1000, floor * 1000, 1.3, {})


def _office(folder: Path, name: str) -> Office:
    who = Operator("", "测速", frozenset({Role.ENTRY, Role.CASHIER}))
    return new_office(folder / name, OfficeInfo("测速", "测速街道"), [(who, PASSWORD)])


def _import(folder: Path, rows: int) -> Measured:
    """A roster read, checked and committed; floor: the fastest reader, and the bare driver writing the same rows.

    The same rows are people and volunteers in their own tables with their indexes. ``plain_ratio`` compares with a
    lower floor, one row of a small table for each line of the sheet, as this job did until 2026-11-22.
    """
    chance = random.Random(_SEED)  # noqa: S311 - the same rows on every run
    inventor = Inventor(chance, SystemClock().today())
    sheet = folder / "花名册.xlsx"
    header = ("姓名", "性别", "出生日期", "证件号码", "联系电话", "服务类别")
    people = (inventor.person() for _ in range(rows))
    names = ("name", "sex", "birth_on", "id_number", "phone")
    sheets_bench.write_sample(
        sheet, ((*(person[name] for name in names), "助老") for person in people), header
    )
    _limited, reading = sheets_bench.measure_reading(sheet)
    inserting = next(iter(Bench(folder / "floor", rows).run(["bulk"])))
    assert inserting.floor is not None
    target = next(target for target in VOLUNTEERS.targets if target.name == "volunteers")
    with _office(folder, "导入.hongyao") as office:
        began = time.perf_counter()
        rehearsal = rehearse(sheet, target, office.reader(), office.clock)
        rehearsed = time.perf_counter()
        done = office.transact("导入志愿者", lambda writer: commit(writer, rehearsal)).result
        ended = time.perf_counter()
        office.finish_index()  # search keys follow a save; they must not slow down the floor
        bare = measure_bare_insert(office, folder / "底线.db", ("person", "volunteer"))
    took = (ended - began) * 1000
    floor = reading * 1000 + bare
    details = {
        "rehearse_ms": (rehearsed - began) * 1000,
        "commit_ms": (ended - rehearsed) * 1000,
        "written": float(done.written),
        "floor_read_ms": reading * 1000,
        "floor_insert_ms": bare,
        "plain_ratio": took / (reading * 1000 + inserting.floor),
    }
    return Measured("import", f"导入 {rows:,} 行花名册并写入", took, floor, 3.0, details)


def _balances(folder: Path, rows: int) -> Measured:
    """Balances by category and fund at any date over ``rows`` postings."""
    today = SystemClock().today()
    opened = dt.date(today.year - 9, 1, 1)
    chance = random.Random(_SEED)  # noqa: S311 - the same entries on every run

    def fill(writer: Writer) -> None:
        unit = top_unit(writer)
        assert unit is not None, "a new office has its own unit"
        for number in range(10):
            fund_id = open_fund(
                writer,
                name=f"测速基金{number + 1}",
                unit_id=unit["id"],
                opened_on=opened,
                opening_fen=10**12,
                opening_source="测速",
            )
            bulk_book(writer, fund_id, _postings(rows // 10, opened, today, chance))

    with _office(folder, "基金.hongyao") as office:
        office.transact("登记基金收支", fill)
        office.finish_index()  # else the search index, still being written, is measured too
        reader = office.reader()
        took = []
        for _ in range(300):
            day = opened + dt.timedelta(days=chance.randrange((today - opened).days))
            took.append(_timed(partial(fund.balances_by_category, reader, day)))
    label = f"{rows:,} 笔中任一日各基金各类别余额"
    return Measured("balances", label, _top(took), None, 20.0, {"p50": statistics.median(took)})


def _postings(count: int, opened: dt.date, today: dt.date, chance: random.Random) -> Iterator[Draft]:
    span = (today - opened).days
    for number in range(count):
        day = opened + dt.timedelta(days=number * span // count)
        if chance.random() < 0.3:
            yield Draft(day=day, summary="区财政拨款", in_fen=chance.randrange(1, 10**6))
        else:
            yield Draft(day=day, summary="走访慰问困难党员", out_fen=chance.randrange(1, 10**5))


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _top(took: list[float]) -> float:
    return sorted(took)[min(len(took) - 1, round(len(took) * 0.99))]


def as_data(measured: Measured) -> dict[str, Any]:
    """One row of the table as JSON; milliseconds."""
    return {
        "name": measured.name,
        "label": measured.label,
        "ms": round(measured.value, 3),
        "floor_ms": None if measured.floor is None else round(measured.floor, 3),
        "ratio": None if measured.ratio is None else round(measured.ratio, 3),
        "bar": measured.bar,
        "good": measured.good,
        "details": {key: round(value, 3) for key, value in measured.details.items()},
    }
