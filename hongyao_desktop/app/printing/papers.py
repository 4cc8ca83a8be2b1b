"""Every paper the program prints, and the one way a paper leaves it: drawn, scanned, written, noted."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

from hongyao_desktop.app.bootstrap import require_business, scope_of
from hongyao_desktop.app.modules import FIGURES, REGISTERS
from hongyao_desktop.app.printing.leaks import refuse_leaks
from hongyao_desktop.app.printing.pack import pack
from hongyao_desktop.app.printing.print_runs import Outcome, note_run
from hongyao_desktop.app.printing.register_lists import PRINT_RUNS, REGISTER_LIST, register_rows
from hongyao_desktop.app.printing.table_files import write_tables, write_text
from hongyao_desktop.briefing.papers import papers as briefing_papers
from hongyao_desktop.briefing.workbooks import write_summary_book
from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.day_corrections import overrides_of
from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.settings import OFFICE_PHONE
from hongyao_desktop.fund.workbooks import PAPERS as FUND_PAPERS
from hongyao_desktop.orders.papers import PAPERS as ORDER_PAPERS
from hongyao_desktop.paper.archive import archived, save_locked
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec
from hongyao_desktop.paper.document import Document, QrCode, Seal, SignatureRow
from hongyao_desktop.paper.offset import shifted
from hongyao_desktop.paper.place import write_whole
from hongyao_desktop.paper.problem import MissingGlyph
from hongyao_desktop.paper.render import Rendered, draw
from hongyao_desktop.paper.stamp import content_of
from hongyao_desktop.sheets.csv_files import Encoding
from hongyao_desktop.store import Office, access
from hongyao_desktop.training.papers import PAPERS as TRAINING_PAPERS
from hongyao_desktop.volunteers.papers import CERTIFICATE
from hongyao_desktop.volunteers.papers import PAPERS as VOLUNTEER_PAPERS
from hongyao_desktop.volunteers.service.certificates import Application, issue_certificate


def _issue(writer: Writer, request: PaperRequest) -> dict[str, str]:
    """Give a certificate its number, unless one that has a number is printed again."""
    if request.text("number"):
        return {}
    asked = Application(
        volunteer=request.text("volunteer"),
        period=request.period,
        chief=request.text("chief"),
        handler=request.text("handler") or request.printed_by,
        contact=request.text("contact"),
        used_for=request.text("use"),
        replaces=request.text("replaces"),
        reason=request.text("reason"),
    )
    return {"number": issue_certificate(writer, asked)}


_SHELVES: Final[tuple[tuple[str, tuple[PaperSpec, ...]], ...]] = (
    ("会议汇报", briefing_papers(FIGURES, partial(write_summary_book, FIGURES, REGISTERS))),
    (
        "志愿积分",
        tuple(replace(paper, issue=_issue) if paper is CERTIFICATE else paper for paper in VOLUNTEER_PAPERS),
    ),
    ("服务工单", ORDER_PAPERS),
    ("干部培训", TRAINING_PAPERS),
    ("关爱基金", FUND_PAPERS),
    ("各种台账", (REGISTER_LIST, PRINT_RUNS)),
)
_PACK: Final = pack([paper for _name, papers in _SHELVES for paper in papers])

SHELVES: Final = (*_SHELVES, ("会议材料包", (_PACK,)))
"""The papers as they are offered: under the names of the sections of the window they belong to."""

PAPERS: Final[tuple[PaperSpec, ...]] = tuple(paper for _name, papers in SHELVES for paper in papers)

COMMON = {"from": "起始日期", "to": "截止日期", "unit": "组织", "purpose": "用途"}
"""Parameters every paper has besides its own."""

_FORBIDDEN = '\\/:*?"<>|'


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How a paper is wanted.

    Attributes:
        purpose: what for; the paper's usual one when None.
        archive: as PDF/A-2b.
        password: to open it with (AES-256); "" for none.
        code: with a QR code to match it with its file.
        encoding: of a text file.
        offset: millimetres to the right and down, for paper with a form on it already (套打).
        noted: whether a print run is noted; not while the file is open elsewhere, and the foot says so then.
    """

    purpose: Purpose | None = None
    archive: bool = False
    password: str = ""
    code: bool = False
    encoding: Encoding = "utf-8-sig"
    offset: tuple[float, float] = (0.0, 0.0)
    noted: bool = True

    def __post_init__(self) -> None:
        if self.archive and self.password:
            raise Refusal("归档格式不能加打开密码，请只选一种", exit_code=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What was put out.

    Attributes:
        path: where it lies.
        form: PDF, PDF/A, 加密PDF, XLSX or CSV.
        pages: 0 for spreadsheets.
        missing: characters no font draws.
        rows: rows of its tables.
        checksum: of the content.
        digest: SHA-256 of the file.
        noted: whether the print run stands in the office file; not when it is open elsewhere.
        remarks: what the papers had to say to who prints.
        given: parameters that were given with it (the number of a certificate): with them it is the same one again.
    """

    path: Path
    form: str
    pages: int
    missing: tuple[MissingGlyph, ...]
    rows: int
    checksum: str
    digest: str
    noted: bool
    remarks: tuple[str, ...] = field(default=())
    given: Mapping[str, str] = field(default_factory=dict)


def find_paper(name: str) -> PaperSpec:
    """A paper by its name (summary) or label (工作情况汇总)."""
    for paper in PAPERS:
        if name in (paper.name, paper.label):
            return paper
    listed = "、".join(f"{paper.name}（{paper.label}）" for paper in PAPERS)
    raise Refusal(f"没有叫“{name}”的文件，可以打印的有：{listed}", exit_code=2)


def print_paper(
    office: Office,
    paper: PaperSpec,
    out: Path,
    period: Period,
    unit: str | None = None,
    options: Mapping[str, str] | None = None,
    *,
    wishes: Wishes | None = None,
) -> Printed:
    """Print one paper to ``out``: .pdf, .xlsx or .csv, or a folder, in which the paper gets its own name.

    Everything is read in one snapshot, so that all parts fit together. What is for the public is scanned as written
    and refused when it says too much.
    """
    asked = wishes or Wishes()
    request = request_for(office, paper, period, unit, options or {}, asked.purpose)
    new: dict[str, str] = {}
    if paper.issue is not None:
        issue, before = paper.issue, request
        given = office.transact(paper.issued_as, lambda writer: issue(writer, before)).result
        new = {name: text for name, text in given.items() if request.text(name) != text}
        request = replace(request, options={**request.options, **given}, head=office.head())
    with office.reader().snapshot():
        document = paper.build(request)
        if asked.code:
            document = with_code(document)
        if not asked.noted:
            document = replace(document, foot=replace(document.foot, run=f"{document.foot.run}；未登记打印"))
        target = out / f"{file_name(document.title)}.pdf" if out.is_dir() else out
        data, outcome, rendered = _made(document, paper, request, target, asked)
    note_visit(office, outcome, request.purpose)
    if asked.noted:
        note_run(office, paper, request, outcome)
    write_whole(data, target)
    return Printed(
        path=target,
        form=outcome.form,
        pages=outcome.pages,
        missing=rendered.missing if rendered else (),
        rows=outcome.rows,
        checksum=outcome.checksum,
        digest=outcome.digest,
        noted=asked.noted,
        remarks=tuple(request.remarks),
        given=new,
    )


def note_visit(office: Office, outcome: Outcome, purpose: Purpose) -> None:
    """Note in the access log what is about to leave: a paper that cannot be noted does not appear."""
    visit = access.Visit(
        event=access.PRINT,
        subject=f"{outcome.title}（{outcome.form}）",
        purpose=purpose.label,
        row_count=outcome.rows,
    )
    access.record(office, visit)


def request_for(
    office: Office,
    paper: PaperSpec,
    period: Period,
    unit: str | None,
    options: Mapping[str, str],
    purpose: Purpose | None = None,
) -> PaperRequest:
    """What is printed for whom; refuses a parameter or a purpose the paper does not have, and one it cannot lack."""
    require_business(office)
    try:
        chosen = paper.options(options)
    except KeyError as unknown:
        known = "、".join((*COMMON, *(parameter.name for parameter in paper.parameters)))
        sentence = f"“{paper.label}”没有参数“{unknown.args[0]}”，可以设的有：{known}"
        raise Refusal(sentence, exit_code=2) from unknown
    settings = settings_of(office)
    if "phone" in chosen and not chosen["phone"]:
        chosen["phone"] = OFFICE_PHONE.read(settings)
    lacking = paper.missing(chosen)
    if lacking:
        words = "；".join(f"{parameter.name}（{parameter.label}）：{parameter.help}" for parameter in lacking)
        raise Refusal(f"“{paper.label}”还要写明 {words}", exit_code=2)
    if purpose is not None and purpose not in paper.purposes:
        allowed = "、".join(one.label for one in paper.purposes)
        raise Refusal(f"“{paper.label}”只能用于{allowed}，不能用于{purpose.label}", exit_code=2)
    return PaperRequest(
        reader=office.reader(),
        # A paper has one moment: its foot, its date and its file agree, and printing it again gives the same.
        clock=FixedClock(office.clock.now().replace(microsecond=0)),
        office=office.info.name,
        printed_by=office.who.name,
        head=office.head(),
        period=period,
        scope=scope_of(office, unit),
        purpose=purpose or paper.purposes[0],
        options=chosen,
        rows_of=partial(register_rows, office),
        workdays=overrides_of(settings),
        settings=settings,
    )


def with_code(document: Document) -> Document:
    """The paper with a code to match it with its file, above issuer or signatures; one that has a code stays."""
    blocks = document.blocks
    if any(isinstance(block, QrCode) for block in blocks):
        return document
    at = len(blocks)
    while at and isinstance(blocks[at - 1], Seal | SignatureRow):
        at -= 1
    code = QrCode(
        caption="核验二维码：在“系统—核对文件”里与台账核对，可知这份材料是否出自本台账、有没有改动。"
    )
    return replace(document, blocks=(*blocks[:at], code, *blocks[at:]))


def file_name(title: str) -> str:
    """A title as a file name: what file systems do not take becomes a dash."""
    kept = "".join("-" if sign in _FORBIDDEN or ord(sign) < 32 else sign for sign in title.strip())
    return kept.strip(". ")[:80] or "文件"


def _made(
    document: Document, paper: PaperSpec, request: PaperRequest, out: Path, asked: Wishes
) -> tuple[bytes, Outcome, Rendered | None]:
    """Write to a folder nobody sees, scan what is for the public; returns the file's bytes, not yet in their place."""
    kind = out.suffix.lower()
    if kind != ".pdf" and (asked.archive or asked.password or asked.code):
        raise Refusal("归档格式、打开密码和二维码只用于 PDF", exit_code=2)
    with tempfile.TemporaryDirectory(prefix="hongyao-") as folder:
        draft = Path(folder) / f"draft{kind}"
        rendered = None
        rows = 0
        match kind:
            case ".pdf":
                drawn, rendered = draw(document)
                if any(asked.offset):
                    drawn = shifted(drawn, *asked.offset)
                draft.write_bytes(archived(drawn) if asked.archive else drawn)
                form = "PDF/A" if asked.archive else "PDF"
            case ".xlsx":
                if paper.workbook is not None:
                    paper.workbook(request, draft)
                else:
                    rows = write_tables(document, request, draft)
                form = "XLSX"
            case ".csv":
                rows = write_text(document, draft, asked.encoding)
                form = "CSV"
            case _:
                raise Refusal("输出文件名要以 .pdf、.xlsx 或 .csv 结尾", exit_code=2)
        if request.purpose is Purpose.PUBLIC:
            allowed = paper.published(request.options)
            refuse_leaks(draft, request.reader, REGISTERS, allowed=allowed, name=out.name)
        if asked.password:
            form = "加密PDF"
            save_locked(draft.read_bytes(), draft, asked.password)
        data = draft.read_bytes()
    content = (rendered.rows, rendered.checksum) if rendered else (rows, content_of(document).checksum)
    outcome = Outcome(
        form=form,
        title=document.title,
        rows=content[0],
        pages=rendered.pages if rendered else 0,
        checksum=content[1],
        digest=hashlib.sha256(data).hexdigest(),
    )
    return data, outcome, rendered


def settings_of(office: Office) -> dict[str, str]:
    """The stored settings by key."""
    return {row["id"]: row["value"] for row in office.reader().all("SELECT id, value FROM setting")}
