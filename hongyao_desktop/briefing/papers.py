"""Papers of the briefing: the work summary (工作情况汇总)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from hongyao_desktop.briefing.summary import UNIT_FIGURES, Reading, Summary, gather, period_words
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.fields import Align, CellKind
from hongyao_desktop.core.figure import Figure, PeriodRule, Unit
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec, Parameter
from hongyao_desktop.paper.document import (
    Annex,
    AnnexList,
    Block,
    Chart,
    ChartKind,
    Column,
    Document,
    Heading,
    Line,
    Meta,
    Note,
    Paragraph,
    Row,
    Seal,
    Series,
    SignatureRow,
    Span,
    Sum,
    Table,
    Title,
    serial_column,
)
from hongyao_desktop.volunteers.queries.boards import TIES

UNIT_KINDS = {
    Unit.HOURS: CellKind.HOURS,
    Unit.CREDIT_HOURS: CellKind.CREDIT,
    Unit.POINTS: CellKind.POINTS,
    Unit.YUAN: CellKind.MONEY,
}
"""How a figure's stored integer lies in a cell; everything else is a plain count."""


def cell_kind(figure: Figure) -> CellKind:
    """The kind of cell that holds a figure's stored integer."""
    return UNIT_KINDS.get(figure.unit, CellKind.INTEGER)


class Text:
    """Builds a paragraph in which every number knows its figure."""

    def __init__(self, summary: Summary) -> None:
        self._summary = summary
        self._spans: list[Span] = []

    def say(self, words: str) -> Text:
        """Plain words."""
        self._spans.append(Span(words))
        return self

    def tell(self, code: str) -> Text:
        """A figure with its unit; the span carries the figure's code, so the preview can open its records."""
        self._spans.append(Span(self._summary.shown(code), source=code))
        return self

    def paragraph(self) -> Paragraph:
        """What was said."""
        return Paragraph(tuple(self._spans))


def work_summary(figures: Sequence[Figure], request: PaperRequest) -> Document:
    """The work summary of a unit and period, with an annex that says where each number comes from."""
    summary = gather(
        request.reader,
        figures,
        request.period,
        request.scope,
        office=request.office,
        ranked=request.count("ranked", "排名人数"),
    )
    return summary_document(summary, request)


def summary_document(summary: Summary, request: PaperRequest) -> Document:
    """A gathered summary as a paper."""
    signed = SignatureRow(
        (
            "单位负责人",
            "审核人",
            f"制表人：{request.printed_by}",
            f"填表日期：{format_cn(request.clock.today())}",
        )
    )
    blocks: list[Block] = [
        Title(summary.title),
        Paragraph(
            f"现将{summary.scope.label}{period_words(summary.period)}"
            "志愿服务、服务工单、干部培训、党内关爱基金工作情况汇总如下。"
        ),
        *_volunteering(summary),
        *_orders(summary),
        *_training(summary),
        *_fund(summary),
        AnnexList(("数据来源与口径",)),
        Seal(summary.office, request.clock.today()),
        Annex("数据来源与口径"),
        figures_table(summary),
        Note("“数值”与正文一致，均由台账记录直接计数或求和得出；按编号可在程序中列出背后的每一条记录。"),
        signed,
    ]
    return Document(
        summary.title,
        tuple(blocks),
        meta=Meta(created=request.clock.now(), author=summary.office, subject=period_words(summary.period)),
        foot=request.foot(),
    )


def _volunteering(summary: Summary) -> list[Block]:
    text = Text(summary).say(f"截至{format_cn(summary.period.last)}，在册志愿者").tell("ZY-01")
    text.say("，其中新就业群体志愿者").tell("ZY-02").say("。期间举办志愿活动").tell("ZY-11")
    text.say("，服务").tell("ZY-12").say("，参与志愿者").tell("ZY-13").say("（一人只计一次），服务时长").tell(
        "ZY-21"
    )
    text.say("，其中签到").tell("ZY-22").say("、补录").tell("ZY-23").say("、导入").tell("ZY-24")
    text.say("（含期初转入").tell("ZY-26").say("）；参与的新就业群体志愿者").tell("ZY-14")
    text.say("；发放积分").tell("ZY-31").say("，扣减").tell("ZY-32")
    text.say("；授予星级").tell("ZY-61").say("，开具服务证明").tell("ZY-62").say("。")
    spots = Text(summary).say("随手拍上报问题").tell("ZY-41").say("，办结").tell("ZY-42").say("。")
    shop = Text(summary).say("积分超市兑换").tell("ZY-51").say("，用去积分").tell("ZY-52").say("，其中待领取")
    shop.tell("ZY-53").say("；期末有库存的商品").tell("ZY-54").say("，期间进货").tell("ZY-55").say("。")
    told = (text.paragraph(), spots.paragraph(), shop.paragraph())
    blocks: list[Block] = [Heading(1, "志愿服务"), *told, units_table(summary)]
    if len(summary.service_months) > 1 and any(minutes for _month, minutes in summary.service_months):
        blocks.append(months_chart(summary))
    if summary.board:
        blocks += [board_table(summary), Note(f"名次规则：{TIES}。")]
    return blocks


def _orders(summary: Summary) -> list[Block]:
    until = format_cn(summary.period.last)
    done = Text(summary).say("期间受理工单").tell("GD-01").say("，办结").tell("GD-02").say("，其中按时")
    done.tell("GD-03").say("、逾期").tell("GD-04").say("；不受理和转出").tell("GD-05").say(
        f"。截至{until}，在办"
    )
    done.tell("GD-06").say("，其中逾期").tell("GD-07").say("、挂起").tell("GD-09").say("；已完成待评单").tell(
        "GD-08"
    )
    done.say("；期间批准延期").tell("GD-10").say("。")
    rated = Text(summary).say("居民评单").tell("GD-11").say("，其中满意").tell("GD-12").say("、基本满意")
    rated.tell("GD-13").say("、不满意").tell("GD-14").say("；解决居民诉求").tell("GD-20").say(
        "，其中民情事项"
    ).tell("GD-21").say("，化解矛盾纠纷")
    rated.tell("GD-22").say("；经议事协商解决").tell("GD-23").say("。接单党员").tell("GD-31").say(
        "（一人只计一次），工单服务时长"
    ).tell("GD-32")
    rated.say("，已含在志愿服务时长之内。")
    return [Heading(1, "服务工单"), done.paragraph(), rated.paragraph()]


def _training(summary: Summary) -> list[Block]:
    text = Text(summary).say("期间举办培训").tell("PX-01").say("、课次").tell("PX-02")
    text.say("，参训").tell("PX-03").say("（一人只计一次）、").tell("PX-04")
    text.say("，计").tell("PX-05").say("；请假、缺勤").tell("PX-06").say("。")
    return [Heading(1, "干部培训"), text.paragraph(), classes_table(summary)]


def _fund(summary: Summary) -> list[Block]:
    text = (
        Text(summary)
        .say("期间收入")
        .tell("JJ-01")
        .say("（")
        .tell("JJ-04")
        .say("），其中财政投入")
        .tell("JJ-08")
    )
    text.say("、专项党费").tell("JJ-09").say("、捐赠").tell("JJ-10").say("；支出").tell("JJ-02").say(
        "（"
    ).tell("JJ-05")
    text.say("），其中帮扶支出").tell("JJ-07").say("、帮扶").tell("JJ-06")
    text.say(f"。截至{format_cn(summary.period.last)}结余").tell("JJ-03").say("。")
    return [Heading(1, "党内关爱基金"), text.paragraph(), months_table(summary)]


def units_table(summary: Summary) -> Table:
    """Volunteering by unit; the totals are the figures themselves."""
    readings = [summary.readings[code] for code in UNIT_FIGURES]
    columns = (
        Column("组织", width=2.6),
        *(Column(_short(reading), kind=cell_kind(reading.figure), sum=Sum.ADD) for reading in readings),
    )
    rows: list[Row] = [(line.unit, *line.values) for line in summary.units]
    return Table(
        columns,
        rows,
        name="各组织志愿服务情况",
        totals=("合计", *(reading.value for reading in readings)),
        caption_left="各组织志愿服务情况",
    )


def _short(reading: Reading) -> str:
    return f"{reading.figure.label}\n（{reading.figure.unit.value}）"


def months_chart(summary: Summary) -> Chart:
    """Minutes of service by month; they add up to ZY-21. Up to a year as bars, more as a line."""
    months = summary.service_months
    years = len({month[:4] for month, _minutes in months}) > 1
    labels = tuple(
        f"{month[2:4]}年{int(month[5:])}月"
        if years and (place == 0 or month.endswith("-01"))
        else f"{int(month[5:])}月"
        for place, (month, _minutes) in enumerate(months)
    )
    kind = ChartKind.BAR if len(months) <= 12 and not years else ChartKind.LINE
    values = tuple(minutes for _month, minutes in months)
    return Chart(kind, "各月服务时长", labels, (Series("时长", values),), CellKind.HOURS, "小时", 46.0)


def board_table(summary: Summary) -> Table:
    """Those who served most within the period."""
    columns = (
        Column("名次", kind=CellKind.INTEGER, align=Align.CENTER, width=0.8, grouped=False),
        Column("编号", kind=CellKind.CODE, width=1.6),
        Column("姓名", width=1.6),
        Column("组织", width=2.6),
        Column("服务时长\n（小时）", kind=CellKind.HOURS, width=1.4),
    )
    rows: list[Row] = [
        Line(
            (
                place.place,
                place.row["number"],
                place.row["name"],
                place.row["unit_name"],
                place.row["minutes"],
            ),
            f"volunteers/{place.row['id']}",
        )
        for place in summary.board
    ]
    caption = f"服务时长前 {len(rows)} 名"
    return Table(columns, rows, name="服务时长排名", caption_left=caption, total_label="合计")


def classes_table(summary: Summary) -> Table:
    """The classes of the period."""
    columns = (
        serial_column(),
        Column("班次", width=4.2),
        Column("形式", width=1.2, align=Align.CENTER),
        Column("起止", width=2.6, align=Align.CENTER),
        Column("课次", kind=CellKind.INTEGER, sum=Sum.ADD, width=0.9),
        Column("到课人数", kind=CellKind.INTEGER, width=1.1),
        Column("学时", kind=CellKind.CREDIT, width=1.2),
    )
    rows: list[Row] = [
        (
            number,
            row["name"],
            row["form"],
            f"{row['starts_on']}\n至 {row['ends_on']}",
            row["held"],
            row["present"],
            row["credit"],
        )
        for number, row in enumerate(summary.classes, 1)
    ]
    return Table(
        columns,
        rows,
        name="培训班次",
        caption_left="培训班次",
        total_label="合计",
        empty_text="期间没有举办培训",
    )


def months_table(summary: Summary) -> Table:
    """The fund month by month; in and out are added up, the balance is the last one."""
    columns = (
        Column("月份", align=Align.CENTER, width=1.6),
        Column("收入", kind=CellKind.MONEY, width=2),
        Column("支出", kind=CellKind.MONEY, width=2),
        Column("期末结余", kind=CellKind.MONEY, sum=Sum.LAST, width=2),
    )
    rows: list[Row] = [
        (f"{month.month[:4]}年{int(month.month[5:])}月", month.in_fen, month.out_fen, month.balance_fen)
        for month in summary.months
    ]
    totals = ("合计", summary.value("JJ-01"), summary.value("JJ-02"), summary.value("JJ-03"))
    return Table(
        columns,
        rows,
        name="基金收支",
        totals=totals,
        caption_left="党内关爱基金收支",
        caption_right="单位：元",
        empty_text="期间没有收支",
    )


def figures_table(summary: Summary) -> Table:
    """Where each number comes from: code, name, value, unit, definition."""
    columns = (
        Column("编号", kind=CellKind.CODE, width=1.1),
        Column("指标", width=1.9),
        Column("数值", align=Align.RIGHT, width=1.7),
        Column("单位", align=Align.CENTER, width=0.8),
        Column("口径", width=5.4),
    )
    rows: list[Row] = [
        (
            reading.figure.code,
            reading.figure.label,
            reading.figure.shown(reading.value),
            reading.figure.unit.value,
            f"{reading.figure.definition}{_as_of(reading, summary)}",
        )
        for reading in summary.readings.values()
    ]
    return Table(columns, rows, name="数据来源与口径", size=9.0)


def _as_of(reading: Reading, summary: Summary) -> str:
    if reading.figure.period_rule is PeriodRule.AS_OF:
        return f"（截至{format_cn(summary.period.last)}）"
    return ""


def papers(
    figures: Sequence[Figure], workbook: Callable[[PaperRequest, Path], object]
) -> tuple[PaperSpec, ...]:
    """The briefing's papers over the program's figures, which ``app`` hands in with the summary's workbook."""
    return (
        PaperSpec(
            name="summary",
            label="工作情况汇总",
            help="一个组织一段时间的志愿服务、服务工单、干部培训、关爱基金情况，附数据来源与口径。",
            build=lambda request: work_summary(figures, request),
            workbook=workbook,
            purposes=(Purpose.INTERNAL, Purpose.REPORT),
            parameters=(Parameter("ranked", "排名人数", "20", "服务时长排名列出多少人，0 为不列。"),),
        ),
    )
