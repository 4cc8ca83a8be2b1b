"""The personal file of a volunteer (志愿者档案): who, hours, points, star, every service, every movement."""

from __future__ import annotations

from hongyao_desktop.core import masking
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.hours import format_centi, format_minutes
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec, Parameter
from hongyao_desktop.paper.cells import Cell
from hongyao_desktop.paper.document import (
    Block,
    Chart,
    ChartKind,
    Column,
    Document,
    Heading,
    Line,
    Series,
    Sum,
    Table,
    Title,
    serial_column,
)
from hongyao_desktop.people.papers import dated, form_table, period_words, signed
from hongyao_desktop.volunteers.queries import life as lives
from hongyao_desktop.volunteers.queries import paper_rows
from hongyao_desktop.volunteers.queries.life import Life
from hongyao_desktop.volunteers.records.rows import Evidence

_MOST = 100_000


def build_life(request: PaperRequest) -> Document:
    """Everything on file about one volunteer; services and points of the period."""
    row = paper_rows.volunteer_named(request.reader, request.text("volunteer"))
    life = lives.life(request.reader, row["id"], request.clock.today())
    title = f"志愿者档案（{row['name']}）"
    blocks: list[Block] = [
        Title("志愿者档案"),
        dated(request, f"{row['name']}　{row['number']}"),
        Heading(1, "基本情况"),
        form_table(_who(life, request.purpose), name="基本情况"),
        Heading(1, "累计情况"),
        form_table(_sums(life), name="累计情况"),
    ]
    if len(life.months) > 1:
        blocks.append(_chart(life))
    blocks += [
        Heading(1, f"服务记录（{period_words(request)}）"),
        _services(request, row["id"]),
        Heading(1, f"积分记录（{period_words(request)}）"),
        _movements(request, row["id"]),
        signed(request, "单位负责人", "经办人", "本人核对签字"),
    ]
    return Document(title, tuple(blocks), meta=request.meta("志愿者档案"), foot=request.foot(row["number"]))


def _who(life: Life, purpose: Purpose) -> list[tuple[str, Cell]]:
    row = life.row
    return [
        ("志愿者编号", row["number"]),
        ("姓名", row["name"]),
        ("性别", row["sex"]),
        ("出生日期", masking.mask(masking.Kind.BIRTH, row["birth_on"] or "", purpose)),
        ("证件号码", masking.mask_id(row["id_number"] or "", purpose)),
        ("联系电话", masking.mask_phone(row["phone"] or "", purpose)),
        ("政治面貌", row["politics"]),
        ("所在组织", row["unit_name"]),
        ("人员类别", row["kind"]),
        ("所属平台", row["platform"]),
        ("服务类别", row["category"]),
        ("服务队", row["team"]),
        ("特长", row["skills"]),
        ("可服务时间", row["free_times"]),
        ("注册日期", row["joined_on"]),
        ("状态", row["status"]),
    ]


def _sums(life: Life) -> list[tuple[str, Cell]]:
    split = [
        (f"{evidence.value}时长", f"{format_minutes(life.minutes[evidence])} 小时") for evidence in Evidence
    ]
    star = life.rank.name if life.rank and life.rank.name else "未达星级"
    return [
        ("累计时长", f"{format_minutes(life.total_minutes)} 小时"),
        *split,
        *([("不计入星级的时长", life.uncounted_words)] if life.uncounted_words else []),
        ("服务次数", f"{life.row['services']} 次"),
        ("积分结余", f"{format_centi(life.points)} 分"),
        ("星级", star),
        ("距下一星级", life.rank.sentence if life.rank else ""),
    ]


def _chart(life: Life) -> Chart:
    """Hours month by month; those of older books would stand as one high bar on the day they were taken over."""
    latest = life.months[:12]
    served = [(month.month, sum(month.minutes.values()) - month.opening, month.opening) for month in latest]
    months = [(month, minutes) for month, minutes, opening in reversed(served) if minutes or not opening]
    opening = sum(month.opening for month in latest)
    apart = f"，不含期初转入的 {format_minutes(opening)} 小时" if opening else ""
    return Chart(
        ChartKind.BAR,
        f"各月服务时长{apart}",
        tuple(f"{int(month[5:])}月" for month, _minutes in months),
        (Series("时长", tuple(minutes for _month, minutes in months)),),
        CellKind.HOURS,
        "小时",
        40.0,  # the first page holds it
    )


def _services(request: PaperRequest, volunteer_id: str) -> Table:
    first, last = request.params()["first"], request.params()["last"]
    found = [
        row
        for row in reversed(lives.services_of(request.reader, volunteer_id, _MOST))
        if first <= row["served_on"] <= last
    ]
    rows = [
        Line(
            (
                place,
                row["served_on"],
                row["title"],
                row["unit_name"],
                row["minutes"],
                row["evidence"],
                "" if row["state"] == "有效" else row["state"],
            ),
            f"service_records/{row['id']}",
        )
        for place, row in enumerate(found, 1)
    ]
    return Table(
        (
            serial_column(),
            Column("日期", kind=CellKind.DATE),
            Column("活动"),
            Column("归口组织"),
            Column("时长（小时）", kind=CellKind.HOURS),
            Column("来源", kind=CellKind.CODE),
            Column("状态", kind=CellKind.CODE),
        ),
        rows,
        name="服务记录",
        total_label="合计",
        page_subtotal=True,
        empty_text="期间没有服务记录",
    )


def _movements(request: PaperRequest, volunteer_id: str) -> Table:
    first, last = request.params()["first"], request.params()["last"]
    found = [
        row
        for row in reversed(lives.movements_of(request.reader, volunteer_id, _MOST))
        if first <= row["entered_on"] <= last
    ]
    rows = [
        Line(
            (row["entered_on"], row["kind"], row["explanation"], row["points"], row["balance"]),
            f"point_entries/{row['id']}",
        )
        for row in found
    ]
    return Table(
        (
            Column("日期", 1.5, kind=CellKind.DATE),
            Column("类别", 1, kind=CellKind.CODE),
            Column("说明", 5),
            Column("积分", 1.1, kind=CellKind.POINTS),
            Column("结余", 1.2, kind=CellKind.POINTS, sum=Sum.LAST),
        ),
        rows,
        name="积分记录",
        total_label="合计",
        page_subtotal=True,
        empty_text="期间没有积分变动",
    )


LIFE = PaperSpec(
    name="volunteer-file",
    label="志愿者档案",
    help="一位志愿者的个人档案：基本情况、分来源的时长、积分、星级、期间的每次服务和每笔积分。",
    build=build_life,
    purposes=(Purpose.INTERNAL, Purpose.AUDIT),
    parameters=(Parameter("volunteer", "志愿者", "", "志愿者编号或姓名", required=True),),
)
