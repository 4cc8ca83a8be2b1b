"""The year's gaps (年度学时缺口清单): what was asked, what was got by form, what is missing and why it is not."""

from __future__ import annotations

from typing import Final

from hongyao_desktop.core import masking, strokes
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec, Parameter
from hongyao_desktop.paper.document import (
    Column,
    Document,
    HeadGroup,
    Line,
    Note,
    Orientation,
    Sum,
    Table,
    Title,
    serial_column,
)
from hongyao_desktop.people.papers import dated, signed
from hongyao_desktop.training.year import YearLine, year_sheet

ONLY_GAPS: Final = "未达到"
EVERYBODY: Final = "全部"
ORDERS: Final = ("姓名", strokes.LABEL)


def build_gaps(request: PaperRequest) -> Document:
    """Every cadre of the scope whose year falls short, or everybody."""
    which = request.choice("which", "范围", (ONLY_GAPS, EVERYBODY))
    year = request.period.last.year
    lines = year_sheet(request.reader, year, request.scope)
    shown = [line for line in lines if which == EVERYBODY or line.short]
    if request.choice("order", "排序", ORDERS) == strokes.LABEL:
        shown.sort(key=lambda line: (strokes.name_key(line.name), line.person_id))
    rows = [
        Line(
            (
                place,
                masking.mask_name(line.name, request.purpose),
                line.unit_name,
                line.post,
                "、".join(line.categories),
                line.required,
                line.got.central,
                line.got.online,
                line.got.other,
                line.got.total,
                line.short or None,
                _why(line),
            ),
            f"people/{line.person_id}",
        )
        for place, line in enumerate(shown, 1)
    ]
    columns = (
        serial_column(),
        Column("姓名", 1.5),
        Column("单位", 2.6),
        Column("职务", 1.8),
        Column("类别", 2.6),
        Column("要求", 1, kind=CellKind.CREDIT, sum=Sum.NONE),
        *(Column(label, 1, kind=CellKind.CREDIT, sum=Sum.NONE) for label in ("集中", "网络", "其他", "合计")),
        Column("还差", 1, kind=CellKind.CREDIT, sum=Sum.NONE),
        Column("说明", 3),
    )
    groups = (*(HeadGroup("") for _ in range(6)), HeadGroup("已得学时", 4), HeadGroup(""), HeadGroup(""))
    gaps = sum(bool(line.short) for line in lines)
    exempt = sum(bool(line.exempt_reason) for line in lines)
    title = f"{request.scope.label}{year}年度学时{'情况表' if which == EVERYBODY else '缺口清单'}"
    until = request.clock.today()
    state = f"截至{format_cn(until)}" if until.year == year else f"{year}年度"
    table = Table(
        columns,
        rows,
        name="年度学时",
        head_groups=groups,
        caption_left=f"应培训 {len(lines)} 人，未达到 {gaps} 人，免学 {exempt} 人",
        caption_right="单位：学时",
        size=9,
        empty_text="全部达到要求" if which == ONLY_GAPS else "没有登记干部类别的人员",
    )
    note = Note(
        "类别按 12 月 31 日或离任当日；跨年班次按上课日期分年；网络学时不计入集中培训；免学人员不列为未达到。"
    )
    return Document(
        title,
        (Title(title), dated(request, state), table, note, signed(request, "单位负责人", "审核人", "制表人")),
        meta=request.meta("年度学时"),
        foot=request.foot(f"{year}年度", dated=False),
        orientation=Orientation.LANDSCAPE,
    )


def _why(line: YearLine) -> str:
    if line.exempt_reason:
        return f"免学：{line.exempt_reason}"
    return "；".join(need.sentence.rsplit("（", 1)[0] for need in line.needs if need.short)


YEAR_GAPS = PaperSpec(
    name="year-gaps",
    label="年度学时缺口清单",
    help="年度学时没有达到要求的干部（年度取截止日期那一年）：要求、按形式分列的学时、还差多少；免学的写明原因。",
    build=build_gaps,
    purposes=(Purpose.INTERNAL, Purpose.REPORT, Purpose.AUDIT),
    parameters=(
        Parameter("which", "范围", ONLY_GAPS, "只列没有达到要求的，还是全部", choices=(ONLY_GAPS, EVERYBODY)),
        Parameter("order", "排序", ORDERS[0], "名单的先后", choices=ORDERS),
    ),
)
