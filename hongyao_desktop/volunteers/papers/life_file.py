"""The personal file of a volunteer (志愿者档案): who, hours, points, star, every service, every movement."""

from __future__ import annotations

from hongyao_desktop.core import masking
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.hours import format_centi
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
from hongyao_desktop.volunteers.records.rows import Evidence, duration_text

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
    split = [(f"{evidence.value}时长", duration_text(life.minutes[evidence])) for evidence in Evidence]
    star = life.rank.name if life.rank and life.rank.name else "未达星级"
    return [
        ("累计时长", duration_text(life.total_minutes)),
        *split,
        *([("不计入星级的时长", life.uncounted_words)] if life.uncounted_words else []),
        ("服务次数", f"{life.row['services']} 次"),
        ("积分结余", f"{format_centi(life.points)} 分"),
        ("星级", star),
        ("距下一星级", life.rank.sentence if life.rank else ""),
    ]


def _chart(life: Life) -> Chart:
    """The last year of service month by month, those without service too.

    Hours of older books would be one high bar on the day they were taken over: they stand in the title.
    """
    served = {_month_number(month.month): month for month in life.months}
    own = [at for at, month in served.items() if sum(month.minutes.values()) - month.opening]
    last = max(own, default=max(served))
    shown = range(max(min(own, default=last), last - 11), last + 1)
    opening = sum(month.opening for month in life.months)
    values = [sum(served[at].minutes.values()) - served[at].opening if at in served else 0 for at in shown]
    apart = f"，不含期初转入的 {duration_text(opening)}" if opening else ""
    return Chart(
        ChartKind.BAR,
        f"{_span_words(shown)}服务时长{apart}",
        tuple(f"{at % 12 + 1}月" for at in shown),
        (Series("时长", tuple(values)),),
        CellKind.HOURS,
        "小时",
        40.0,  # the first page holds it
    )


def _month_number(month: str) -> int:
    """Months since the year 0, from YYYY-MM."""
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _span_words(months: range) -> str:
    first, last = months[0], months[-1]
    shown = f"{first // 12}年{first % 12 + 1}月"
    if first == last:
        return shown
    return f"{shown}至{'' if first // 12 == last // 12 else f'{last // 12}年'}{last % 12 + 1}月各月"


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
