"""The roster of volunteers (志愿者名册)."""

from __future__ import annotations

from hongyao_desktop.core import masking
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec
from hongyao_desktop.paper.document import (
    Column,
    Document,
    HeadGroup,
    Line,
    Meta,
    Note,
    Orientation,
    Paragraph,
    Role,
    SignatureRow,
    Table,
    Title,
    serial_column,
)
from hongyao_desktop.volunteers.queries.roster import roster

_HOURS = CellKind.HOURS

ROSTER_COLUMNS = (
    serial_column(),
    Column("编号", kind=CellKind.CODE, wrap=False),
    Column("姓名", wrap=False),
    Column("性别"),
    Column("所在组织"),
    Column("人员类别"),
    Column("服务类别"),
    Column("签到", kind=_HOURS),
    Column("补录", kind=_HOURS),
    Column("导入", kind=_HOURS),
    Column("合计", kind=_HOURS),
    Column("积分", kind=CellKind.POINTS),
    Column("星级"),
)
_ROSTER_HEAD = (
    *(HeadGroup("") for _ in range(7)),
    HeadGroup("累计时长（小时）", span=4),
    HeadGroup(""),
    HeadGroup(""),
)


def volunteer_list(request: PaperRequest) -> Document:
    """Everyone on the register at the end of the period, with lifetime hours split three ways."""
    people = roster(request.reader, request.period, request.scope)
    rows = [
        Line(
            (
                place,
                row["number"],
                masking.mask_name(row["name"], request.purpose),
                row["sex"],
                row["unit_name"],
                row["platform"] or row["kind"],
                row["category"],
                row["signed_minutes"],
                row["made_up_minutes"],
                row["imported_minutes"],
                row["total_minutes"],
                row["points"],
                row["stars"],
            ),
            source=f"volunteers/{row['id']}",
        )
        for place, row in enumerate(people, 1)
    ]
    new = sum(row["kind"] == "新就业群体" for row in people)
    return Document(
        f"志愿者名册（{request.scope.label}）",
        (
            Title("志愿者名册"),
            Paragraph(f"截至{format_cn(request.period.last)}", Role.KAI),
            Table(
                ROSTER_COLUMNS,
                rows,
                name="志愿者名册",
                head_groups=_ROSTER_HEAD,
                total_label="合计",
                caption_left=f"填报单位：{request.scope.label}",
                caption_right=f"共 {len(people)} 人，其中新就业群体 {new} 人",
                size=9,
                empty_text="没有在册志愿者",
            ),
            Note(
                "时长和积分为打印时的累计数。签到：本办按签到表登记；补录：事后补登，写明原因；导入：从其他表格转入。"
            ),
            SignatureRow(("负责人", "审核人", "制表人", f"打印日期：{format_cn(request.clock.today())}")),
        ),
        meta=Meta(created=request.clock.now(), author=request.office, subject="志愿者名册"),
        foot=request.foot(),
        orientation=Orientation.LANDSCAPE,
    )


ROSTER = PaperSpec(
    name="volunteer-list",
    label="志愿者名册",
    help="截至期末的在册志愿者，签到、补录、导入时长分列，附积分和星级。",
    build=volunteer_list,
    purposes=(Purpose.INTERNAL, Purpose.REPORT, Purpose.AUDIT),
)
