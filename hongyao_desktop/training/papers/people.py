"""Papers of one person: proof of 学时 of a year (学时证明), and the training register sheet (干部教育培训登记表)."""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.core import masking
from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.hours import format_centi
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.paper.catalogue import YES_OR_NO, PaperRequest, PaperSpec, Parameter
from hongyao_desktop.paper.cells import Cell
from hongyao_desktop.paper.document import (
    Block,
    Column,
    Document,
    Heading,
    Line,
    Note,
    Paragraph,
    QrCode,
    Seal,
    Sum,
    Table,
    Title,
    serial_column,
)
from hongyao_desktop.people.papers import SCAN, dated, form_table, signed
from hongyao_desktop.people.queries import unit_scope
from hongyao_desktop.training import paper_rows
from hongyao_desktop.training.year import YearLine, year_sheet

_PERSON = Parameter("person", "姓名", "", "学员或干部的姓名；重名时写内部编号", required=True)


def _line(request: PaperRequest, person: Row, year: int) -> YearLine | None:
    """The person's line of the year sheet, None for somebody without a cadre category that year."""
    top = request.reader.value("SELECT id FROM unit WHERE parent_id IS NULL ORDER BY position, code LIMIT 1")
    lines = year_sheet(request.reader, year, unit_scope(str(top), request.scope.label))
    return next((line for line in lines if line.person_id == person["id"]), None)


def class_table(rows: list[Row], name: str) -> Table:
    """The classes somebody attended."""
    return Table(
        (
            serial_column(),
            Column("班次", 4.2),
            Column("主办", 2.2),
            Column("形式", 1.1, kind=CellKind.CODE),
            Column("起止", 2.0, kind=CellKind.CODE),
            Column("到课次数", 1.1, kind=CellKind.INTEGER, sum=Sum.ADD),
            Column("请假缺勤", 1.1, kind=CellKind.INTEGER, sum=Sum.ADD),
            Column("学时", 1.1, kind=CellKind.CREDIT),
        ),
        [
            Line(
                (
                    place,
                    row["class_name"],
                    row["host"],
                    row["form"],
                    _span(row["first_on"], row["last_on"]),
                    row["times"],
                    row["leave"] + row["absent"],
                    row["credit"],
                ),
                f"training_classes/{row['class_id']}",
            )
            for place, row in enumerate(rows, 1)
        ],
        name=name,
        total_label="合计",
        page_subtotal=True,
        empty_text="没有参训记录",
    )


def _span(first: str, last: str) -> str:
    if first == last:
        return first
    return f"{first}\n至 {last[5:] if last[:4] == first[:4] else last}"


def build_proof(request: PaperRequest) -> Document:
    """What somebody got in the year of the period's last day, by form, against what was asked."""
    person = paper_rows.person_named(request.reader, request.text("person"))
    year = request.period.last.year
    rows = paper_rows.classes_of(request.reader, person["id"], dt.date(year, 1, 1), dt.date(year, 12, 31))
    line = _line(request, person, year)
    credit = sum(row["credit"] for row in rows)
    identity = masking.mask_id(person["id_number"] or "", request.purpose)
    known = f"（证件号码 {identity}）" if identity else ""
    words = (
        f"{person['name']}{known}，{person['unit_name'] or ''}{_post(line)}，{year}年参加培训 {len(rows)} 期，"
        f"获得学时 {format_centi(credit)}"
    )
    if line is not None:
        got = line.got
        split = (("集中培训", got.central), ("网络培训", got.online), ("其他", got.other))
        words += f"，其中{'、'.join(f'{word} {format_centi(value)}' for word, value in split)}"
    blocks: list[Block] = [
        Title("干部教育培训学时证明"),
        dated(request, f"{year}年度"),
        Paragraph(f"{words}。"),
        class_table(rows, "培训情况"),
    ]
    if line is not None and line.needs:
        blocks += [Note("；".join(need.sentence for need in line.needs) + "。")]
    if line is not None and line.exempt_reason:
        blocks.append(Note(f"免学：{line.exempt_reason}。"))
    blocks += [Paragraph("特此证明。"), QrCode(caption=SCAN), Seal(request.office, request.clock.today())]
    return Document(
        f"学时证明 {person['name']} {year}年度",
        tuple(blocks),
        meta=request.meta("学时证明"),
        foot=request.foot(f"{year}年度", dated=False),
    )


def _post(line: YearLine | None) -> str:
    return line.post if line is not None and line.post else ""


CREDIT_PROOF = PaperSpec(
    name="credit-proof",
    label="学时证明",
    help="一个人一年的学时证明（年度取截止日期那一年）：参加的班次、学时、要求和是否达到。",
    build=build_proof,
    purposes=(Purpose.INTERNAL, Purpose.REPORT),
    parameters=(_PERSON,),
)


def build_file(request: PaperRequest) -> Document:
    """The register sheet of a person: who, categories held, every year's classes with 学时."""
    person = paper_rows.person_named(request.reader, request.text("person"))
    blocks: list[Block] = [
        Title("干部教育培训登记表"),
        dated(request, person["name"]),
        Heading(1, "基本情况"),
        form_table(_who(request, person), name="基本情况"),
        Heading(1, "任职和类别"),
        _categories(request, person),
    ]
    years = [
        year
        for year in paper_rows.years_of(request.reader, person["id"])
        if request.period.first.year <= year <= request.period.last.year or not request.yes("period")
    ]
    for year in years:
        rows = paper_rows.classes_of(request.reader, person["id"], dt.date(year, 1, 1), dt.date(year, 12, 31))
        blocks += [Heading(1, f"{year}年培训情况"), class_table(rows, f"{year}年培训情况")]
        line = _line(request, person, year)
        if line is not None and (line.needs or line.exempt_reason):
            sentences = [need.sentence for need in line.needs]
            sentences += [f"免学：{line.exempt_reason}"] if line.exempt_reason else []
            blocks.append(Note("；".join(sentences) + "。"))
    if not years:
        blocks.append(Paragraph("没有参训记录。"))
    blocks.append(signed(request, "单位负责人", "填表人", "本人签字"))
    return Document(
        f"干部教育培训登记表（{person['name']}）",
        tuple(blocks),
        meta=request.meta("干部教育培训登记表"),
        foot=request.foot(dated=False),
    )


def _who(request: PaperRequest, person: Row) -> list[tuple[str, Cell]]:
    purpose = request.purpose
    return [
        ("姓名", person["name"]),
        ("性别", person["sex"]),
        ("出生日期", masking.mask(masking.Kind.BIRTH, person["birth_on"] or "", purpose)),
        ("政治面貌", person["politics"]),
        ("证件号码", masking.mask_id(person["id_number"] or "", purpose)),
        ("联系电话", masking.mask_phone(person["phone"] or "", purpose)),
        ("所在组织", person["unit_name"]),
        ("工作单位及职务", person["employer"]),
    ]


def _categories(request: PaperRequest, person: Row) -> Table:
    rows = [
        (
            row["category"],
            row["post"],
            row["from_on"],
            row["until_on"] or "至今",
            f"免学：{row['exempt_reason']}" if row["exempt_reason"] else None,
        )
        for row in paper_rows.categories_of(request.reader, person["id"])
    ]
    columns = (
        Column("类别", 2.4),
        Column("职务", 2.4),
        Column("起", 1.6, kind=CellKind.DATE),
        Column("止", 1.6, kind=CellKind.DATE),
        Column("备注", 2),
    )
    return Table(columns, rows, name="任职和类别", empty_text="没有登记干部类别")


CADRE_FILE = PaperSpec(
    name="cadre-file",
    label="干部教育培训登记表",
    help="一个人的培训档案：基本情况、任职和类别、历年参加的班次、学时和是否达到要求。",
    build=build_file,
    purposes=(Purpose.INTERNAL, Purpose.REPORT, Purpose.AUDIT),
    parameters=(
        _PERSON,
        Parameter("period", "只印期间", "否", "只印期间内的年度，还是历年都印", choices=YES_OR_NO),
    ),
)
