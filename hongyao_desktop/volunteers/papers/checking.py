"""Papers for those who check points: a round of approval, what a year end takes, suspicions with their evidence."""

from __future__ import annotations

import datetime as dt
import json

from hongyao_desktop.core import masking
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.paper.catalogue import YES_OR_NO, PaperRequest, PaperSpec, Parameter
from hongyao_desktop.paper.document import (
    Block,
    Column,
    Document,
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
from hongyao_desktop.volunteers.queries import approval, lookups, signals, year_end

_NUMBER = Column("编号", kind=CellKind.CODE, wrap=False)
_NAME = Column("姓名", wrap=False)


def _document(request: PaperRequest, title: str, blocks: list[Block], *signers: str) -> Document:
    today = f"打印日期：{format_cn(request.clock.today())}"
    return Document(
        f"{title}（{request.scope.label}）",
        (Title(title), *blocks, SignatureRow((*signers, today))),
        meta=request.meta(title),
        foot=request.foot(),
    )


def _cn(day: str) -> str:
    return format_cn(dt.date.fromisoformat(day))


def build_lot(request: PaperRequest) -> Document:
    """One round of approval with its people and the steps it took."""
    row = approval.lot_numbered(request.reader, request.text("number"))
    people = approval.lot_people(request.reader, row["id"])
    lines = [
        Line(
            (
                place,
                one["number"],
                masking.mask_name(one["name"], request.purpose),
                one["unit_name"],
                one["entries"],
                one["points"],
            ),
            f"volunteers/{one['id']}",
        )
        for place, one in enumerate(people, 1)
    ]
    steps = "；".join(
        f"{_cn(step['taken_on'])}{step['recorded_by']}{step['step']}"
        + (f"（{step['note']}）" if step["note"] else "")
        for step in approval.lot_steps(request.reader, row["id"])
    )
    public = f"公示自{_cn(row['public_from'])}至{_cn(row['public_until'])}。" if row["public_from"] else ""
    span = f"{row['unit_name']}　{_cn(row['first_on'])}至{_cn(row['last_on'])}登记"
    table = Table(
        (
            serial_column(),
            _NUMBER,
            _NAME,
            Column("组织"),
            Column("笔数", kind=CellKind.INTEGER),
            Column("积分", kind=CellKind.POINTS),
        ),
        lines,
        name="积分认定",
        total_label="合计",
        page_subtotal=True,
        caption_left=f"{row['number']}　{row['status']}",
        caption_right=f"共 {len(lines)} 人",
        empty_text="没有积分",
    )
    note = Note(f"经过：{steps or '等待审核'}。{public}")
    signers = ("登记", *json.loads(row["steps"]))
    return _document(request, "积分认定表", [Paragraph(span, Role.KAI), table, note], *signers)


def build_expiry(request: PaperRequest) -> Document:
    """What a year end would take today, or what one took."""
    word = request.text("number")
    if word:
        batch = request.reader.one("SELECT * FROM point_expiry WHERE number = ?", (word,))
        if batch is None:
            raise Refusal(f"没有编号为“{word}”的清零，请核对", exit_code=2)
        rows = [
            (row["volunteer_id"], -row["points"]) for row in year_end.entries_of(request.reader, batch["id"])
        ]
        cutoff, said = batch["cutoff_on"], f"{batch['number']}　{_cn(batch['ran_on'])}清零　{batch['status']}"
        rule = ""
    else:
        found = year_end.preview(request.reader, request.clock.today())
        rows, cutoff = list(found.lines), found.cutoff_on.isoformat()
        said = f"{format_cn(request.clock.today())}清零将扣去的积分"
        rule = f"按{found.rule.title}。"
    lines = []
    for place, (volunteer_id, points) in enumerate(rows, 1):
        who = lookups.volunteer(request.reader, volunteer_id)
        name = masking.mask_name(who["name"], request.purpose)
        cells = (place, who["number"], name, who["unit_name"], points, who["points"])
        lines.append(Line(cells, f"volunteers/{volunteer_id}"))
    table = Table(
        (
            serial_column(),
            _NUMBER,
            _NAME,
            Column("组织"),
            Column("清零积分", kind=CellKind.POINTS),
            Column("现有积分", kind=CellKind.POINTS, sum=Sum.NONE),
        ),
        lines,
        name="积分清零",
        total_label="合计",
        page_subtotal=True,
        caption_left=f"{_cn(cutoff)}以前得到、没有使用的积分",
        caption_right=f"共 {len(lines)} 人",
        empty_text="没有要清零的积分",
    )
    blocks: list[Block] = [
        Paragraph(said, Role.KAI),
        table,
        Note(f"{rule}清零只减积分，服务时长和星级不变。"),
    ]
    return _document(request, "积分清零清单", blocks, "经办人", "审核人", "负责人")


def build_signals(request: PaperRequest) -> Document:
    """Suspicions about what was entered within the period, each with its evidence."""
    both = request.yes("dismissed")
    found = signals.signals(request.reader, request.period, dismissed=both)
    lines = [
        (
            place,
            one.kind.value,
            one.operator,
            one.records,
            one.minutes,
            one.sentence,
            f"核实无误：{one.dismissed}" if one.dismissed else "",
        )
        for place, one in enumerate(found, 1)
    ]
    table = Table(
        (
            serial_column(),
            Column("疑点", wrap=False),
            Column("录入人", wrap=False),
            Column("条数", kind=CellKind.INTEGER, sum=Sum.NONE),
            Column("时长（小时）", kind=CellKind.HOURS, sum=Sum.NONE),
            Column("证据"),
            Column("核实情况"),
        ),
        lines,
        name="时长疑点",
        size=9,
        caption_left=f"共 {len(lines)} 条",
        empty_text="没有疑点",
    )
    first, last = format_cn(request.period.first), format_cn(request.period.last)
    blocks: list[Block] = [
        Paragraph(f"{first}至{last}录入", Role.KAI),
        table,
        Note("疑点只说明需要核实，不是结论。由录入人以外的同事核实。"),
    ]
    return _document(request, "服务时长疑点清单", blocks, "核实人", "负责人")


LOT_LIST = PaperSpec(
    name="points-lot",
    label="积分认定表",
    help="一批积分认定的名单、各级审核和公示，供各级签名。",
    build=build_lot,
    purposes=(Purpose.INTERNAL, Purpose.REPORT, Purpose.AUDIT),
    parameters=(Parameter("number", "认定编号", "", "如 认2026-001", required=True),),
)
EXPIRY_LIST = PaperSpec(
    name="points-expiry",
    label="积分清零清单",
    help="清零前先看谁会扣去多少；写编号的列出已经清零的一批。",
    build=build_expiry,
    purposes=(Purpose.INTERNAL, Purpose.REPORT, Purpose.AUDIT),
    parameters=(Parameter("number", "清零编号", "", "如 清2026-01；不填则列出今天清零会扣去的"),),
)
SIGNAL_LIST = PaperSpec(
    name="service-signals",
    label="服务时长疑点清单",
    help="重叠、重复、提前、超期、离册、在岗、成批、深夜、整点等登记的时长，每条写明证据。",
    build=build_signals,
    purposes=(Purpose.INTERNAL, Purpose.AUDIT),
    parameters=(Parameter("dismissed", "核实过的", "否", "是否连核实过的一起列出", choices=YES_OR_NO),),
)
