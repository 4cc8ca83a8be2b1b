"""Printing a paper again exactly as it was (重印): same moment, operator, head and options, the same bytes."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from hongyao_desktop.app.bootstrap import require_business, scope_of
from hongyao_desktop.app.printing.papers import Printed, note_visit, settings_of, with_code
from hongyao_desktop.app.printing.print_runs import SHORTEST_CODE, Outcome, runs_of_code
from hongyao_desktop.app.printing.register_lists import register_rows
from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.day_corrections import overrides_of
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.paper.archive import archived
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec
from hongyao_desktop.paper.place import write_whole
from hongyao_desktop.paper.render import draw
from hongyao_desktop.people.queries import unit_scope
from hongyao_desktop.store import Office


def reprint(office: Office, paper: PaperSpec, code: str, out: Path) -> Printed:
    """Print a paper again exactly as it was: ``code`` is the beginning of its checksum, as at its foot.

    Refuses when the records have changed since, because the paper could not be the same.
    """
    require_business(office)
    code = code.rpartition("-")[2].strip()
    if len(code) < SHORTEST_CODE or out.suffix.lower() != ".pdf":
        raise Refusal(
            f"重印要写明页脚“核验码”横线后的 {SHORTEST_CODE} 位，输出文件名以 .pdf 结尾", exit_code=2
        )
    found = [
        row for row in runs_of_code(office.reader(), paper.name, code) if row["form"] in ("PDF", "PDF/A")
    ]
    if not found:
        raise Refusal(f"打印记录里没有内容码以 {code} 开头的“{paper.label}”，请核对纸上的核验码")
    run = found[0]
    request = _as_it_was(office, run)
    with office.reader().snapshot():
        built = paper.build(request)
        data, rendered = draw(built)
        if rendered.checksum == run["checksum"] and not _is_it(data, run):
            data, rendered = draw(with_code(built))
    when = str(run["printed_at"])[:16].replace("T", " ")
    if rendered.checksum != run["checksum"]:
        raise Refusal(
            f"{when} 打印以后，这份材料用到的记录有改动，或程序升级后样式变了，不能原样重印，请按现在的数据重新打印"
        )
    if not _is_it(data, run):
        raise Refusal(f"{when} 打印时用了套打偏移，内容没有变，请用同样的偏移重新打印")
    if run["form"] == "PDF/A":
        data = archived(data)
    outcome = Outcome(
        form=run["form"],
        title=f"重印：{run['title']}",
        rows=rendered.rows,
        pages=rendered.pages,
        checksum=rendered.checksum,
        digest=run["digest"],
    )
    note_visit(office, outcome, request.purpose)
    write_whole(data, out)
    return Printed(
        path=out,
        form=outcome.form,
        pages=outcome.pages,
        missing=rendered.missing,
        rows=outcome.rows,
        checksum=outcome.checksum,
        digest=outcome.digest,
        noted=True,
    )


def _is_it(data: bytes, run: Mapping[str, object]) -> bool:
    """Whether a drawn paper is the file that a print run put out."""
    made = archived(data) if run["form"] == "PDF/A" else data
    return hashlib.sha256(made).hexdigest() == run["digest"]


def _as_it_was(office: Office, run: Mapping[str, object]) -> PaperRequest:
    """The request of an earlier print run: same moment, operator, head and options."""
    unit_id, name = run["unit_id"], str(run["unit_name"])
    first, last = (dt.date.fromisoformat(str(run[end])) for end in ("first_on", "last_on"))
    return PaperRequest(
        reader=office.reader(),
        clock=FixedClock(dt.datetime.fromisoformat(str(run["printed_at"]))),
        office=office.info.name,
        printed_by=str(run["operator"]),
        head=str(run["head"]),
        period=Period(first, last),
        scope=unit_scope(str(unit_id), name) if unit_id else scope_of(office, None),
        purpose=Purpose(str(run["purpose"])),
        options=json.loads(str(run["options"])),
        rows_of=partial(register_rows, office),
        workdays=overrides_of(settings_of(office)),
        settings=settings_of(office),
    )
