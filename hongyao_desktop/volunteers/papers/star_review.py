"""The review list for the committee (星级评定名单): who reaches a new star, who is barred, who lacks how many hours."""

from __future__ import annotations

from hongyao_desktop.core import masking
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.hours import parse_hours
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec, Parameter
from hongyao_desktop.paper.document import (
    Block,
    Column,
    Document,
    HeadGroup,
    Line,
    Note,
    Paragraph,
    Role,
    SignatureRow,
    Sum,
    Table,
    Title,
    serial_column,
)
from hongyao_desktop.volunteers.queries import honours, life, paper_rows
from hongyao_desktop.volunteers.queries.merits import MeritBook
from hongyao_desktop.volunteers.queries.shelf import stars_rules
from hongyao_desktop.volunteers.rules.stars import Rank


def build_review(request: PaperRequest) -> Document:
    """As of the end of the period, by records of service."""
    last = request.period.last
    rule = stars_rules(request.reader).on(last)
    try:
        within = parse_hours(request.text("within"))
    except ValueError as wrong:
        raise Refusal(f"“还差多少小时以内”：{wrong}", exit_code=2) from wrong
    found = honours.candidates(request.reader, request.scope, last, rule, request.clock.today())
    reached = [one for one in found if not one.barred]
    barred = [one for one in found if one.barred]
    book = MeritBook(request.reader, rule, last)
    near = [
        (row, rank)
        for row in paper_rows.sums_until(request.reader, request.scope, last.isoformat())
        if life.is_near(rank := life.rank_of_row(book, row), within)
    ]
    near.sort(key=lambda pair: (pair[1].lack_minutes, pair[0]["number"]))
    # Columns a place has no use for are left out: hours that do not count, and who grants.
    apart, levels = bool(rule.uncounted), any(star.by for star in rule.stars)
    rows = [
        Line(
            (
                place,
                one.row["number"],
                masking.mask_name(one.row["name"], request.purpose),
                one.row["unit_name"],
                one.row["signed_minutes"],
                one.row["made_up_minutes"],
                one.row["imported_minutes"],
                *((one.uncounted,) if apart else ()),
                paper_rows.total(one.row) - one.uncounted,
                one.rank.name,
                *((one.rank.by or "—",) if levels else ()),
            ),
            f"volunteers/{one.row['id']}",
        )
        for place, one in enumerate(reached, 1)
    ]
    hours = CellKind.HOURS
    table = Table(
        (
            serial_column(),
            Column("编号", kind=CellKind.CODE, wrap=False),
            Column("姓名", wrap=False),
            Column("组织"),
            Column("签到", kind=hours, sum=Sum.NONE),
            Column("补录", kind=hours, sum=Sum.NONE),
            Column("导入", kind=hours, sum=Sum.NONE),
            *((Column("不计入", kind=hours, sum=Sum.NONE),) if apart else ()),
            Column("计入" if apart else "合计", kind=hours, sum=Sum.NONE),
            Column("拟评星级"),
            *((Column("授予机关"),) if levels else ()),
        ),
        rows,
        name="达到新星级",
        head_groups=(
            *(HeadGroup("") for _ in range(4)),
            HeadGroup("累计时长（小时）", span=5 if apart else 4),
            *(HeadGroup("") for _ in range(2 if levels else 1)),
        ),
        caption_left=f"一、达到新星级（{len(rows)} 人）",
        empty_text="没有达到新星级的志愿者",
    )
    nearly = Table(
        (
            serial_column(),
            Column("编号", kind=CellKind.CODE, wrap=False),
            Column("姓名", wrap=False),
            Column("组织"),
            Column("计入（小时）" if apart else "合计（小时）", kind=hours, sum=Sum.NONE),
            Column("还差"),
        ),
        [_near(place, row, rank, request, book) for place, (row, rank) in enumerate(near, 1)],
        name="还差不多",
        caption_left=f"二、还差 {request.text('within')} 小时以内（{len(near)} 人）",
        empty_text="没有",
    )
    blocks: list[Block] = [
        Title("志愿者星级评定名单"),
        Paragraph(f"时长截至{format_cn(last)}", Role.KAI),
        table,
        nearly,
    ]
    if barred:
        names = "；".join(
            f"{masking.mask_name(one.row['name'], request.purpose)}（{one.row['number']}）：{one.barred}"
            for one in barred
        )
        blocks.append(Note(f"达到时长但不列入的 {len(barred)} 人：{names}。"))
    if apart:
        why = "；".join(f"{word}：{reason}" for word, reason in rule.uncounted.items())
        blocks.append(Note(f"照样登记、不计入星级的时长：{why}。"))
    blocks += [
        Note(f"按{rule.title}；299.5 小时不算 300 小时。公示 {rule.public_days} 个工作日后授予。"),
        SignatureRow(("评定人", "审核人", "负责人", f"打印日期：{format_cn(request.clock.today())}")),
    ]
    title = f"志愿者星级评定名单（{request.scope.label}）"
    return Document(title, tuple(blocks), meta=request.meta("志愿者星级评定名单"), foot=request.foot())


def _near(place: int, row: dict[str, object], rank: Rank, request: PaperRequest, book: MeritBook) -> Line:
    return Line(
        (
            place,
            row["number"],
            masking.mask_name(str(row["name"]), request.purpose),
            row["unit_name"],
            paper_rows.total(row) - book.uncounted_minutes(str(row["id"])),  # type: ignore[arg-type]
            rank.sentence,
        ),
        f"volunteers/{row['id']}",
    )


STAR_REVIEW = PaperSpec(
    name="star-review",
    label="星级评定名单",
    help="供评议：谁达到新星级、谁受限不列入、谁还差几小时；时长按签到、补录、导入分列。",
    build=build_review,
    purposes=(Purpose.INTERNAL, Purpose.REPORT),
    parameters=(Parameter("within", "还差多少小时以内", "10", "列出离下一星级不远的"),),
)
