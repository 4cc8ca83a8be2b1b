"""Papers of one class: roster (花名册), sign-in sheet of a session (签到表), attendance (考勤表)."""

from __future__ import annotations

import datetime as dt
from typing import Final

from hongyao_desktop.core import masking, strokes
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.fields import Align, CellKind
from hongyao_desktop.core.hours import format_centi
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec, Parameter
from hongyao_desktop.paper.document import (
    Column,
    Document,
    HeadGroup,
    Line,
    Note,
    Orientation,
    SignatureRow,
    Sum,
    Table,
    Title,
    serial_column,
)
from hongyao_desktop.paper.document import Row as PaperRow
from hongyao_desktop.people.papers import dated, signed
from hongyao_desktop.training import paper_rows
from hongyao_desktop.training.queries import ClassSheet, class_sheet
from hongyao_desktop.training.records import PRESENT

SIGNS: Final = {"到": "√", "迟到": "△", "早退": "▽", "请假": "○", "缺勤": "×"}
"""How a mark is written in the attendance table; readable in black and white."""
ORDERS: Final = ("签到表顺序", strokes.LABEL)
ROW_HEIGHT: Final = 12.0
_UPRIGHT_SESSIONS: Final = 6
_CLASS = Parameter("class", "班次", "", "班次编号或名称；不填则为期间内最近一期")


def _class(request: PaperRequest) -> Row:
    return paper_rows.class_named(request.reader, request.text("class"), request.period)


def _days(row: Row) -> str:
    first, last = (dt.date.fromisoformat(row[end]) for end in ("starts_on", "ends_on"))
    until = "" if first == last else f"至{format_cn(last).removeprefix(f'{first.year}年')}"
    return f"{format_cn(first)}{until}"


def build_roster(request: PaperRequest) -> Document:
    """Everybody of a class."""
    row = _class(request)
    people = paper_rows.people_of_class(request.reader, row["id"])
    if request.choice("order", "排序", ORDERS) == strokes.LABEL:
        people.sort(key=lambda person: (strokes.name_key(person["name"]), person["id"]))
    rows = [
        Line(
            (
                place,
                masking.mask_name(person["name"], request.purpose),
                person["sex"],
                person["unit_name"],
                person["post"] or person["employer"],
                person["category"],
                masking.mask_phone(person["phone"] or "", request.purpose),
                "" if person["status"] == "在学" else person["status"],
            ),
            f"people/{person['person_id']}",
        )
        for place, person in enumerate(people, 1)
    ]
    table = Table(
        (
            serial_column(),
            Column("姓名"),
            Column("性别", kind=CellKind.CODE),
            Column("单位"),
            Column("职务"),
            Column("类别"),
            Column("联系电话", kind=CellKind.CODE),
            Column("备注"),
        ),
        rows,
        name="学员花名册",
        caption_left=f"班次编号：{row['number']}　主办：{row['host'] or request.office}",
        caption_right=f"共 {len(rows)} 人",
        empty_text="还没有学员",
    )
    return Document(
        f"{row['name']}花名册",
        (
            Title(f"{row['name']}学员花名册"),
            dated(request, _days(row)),
            table,
            signed(request, "班主任", "制表人"),
        ),
        meta=request.meta("培训班花名册"),
        foot=request.foot(row["number"], dated=False),
    )


ROSTER = PaperSpec(
    name="class-roster",
    label="培训班花名册",
    help="一期培训班的学员名单：单位、职务、类别；电话按用途脱敏，可以按姓氏笔画排列。",
    build=build_roster,
    purposes=(Purpose.INTERNAL, Purpose.REPORT, Purpose.PUBLIC),
    parameters=(_CLASS, Parameter("order", "排序", ORDERS[0], "名单的先后", choices=ORDERS)),
)


def build_sign_in(request: PaperRequest) -> Document:
    """The sheet of one session: rows coded by their place, blank rows at the end."""
    sheet = _sheet(request)
    session = _session(request, sheet)
    people = paper_rows.people_of_class(request.reader, sheet.training["id"])
    blank = request.count("blank", "空白行", high=500)
    rows: list[PaperRow] = [
        (f"{place:02d}", person["name"], person["unit_name"], person["post"], None, None, None)
        for place, person in enumerate(people, 1)
        if person["status"] != "退学"
    ]
    rows += [(f"{place:02d}", *(None,) * 6) for place in range(len(people) + 1, len(people) + blank + 1)]
    held_on = dt.date.fromisoformat(session["held_on"])
    number = f"{sheet.training['number']}-{sheet.sessions.index(session) + 1:02d}"
    table = Table(
        (
            Column("行码", 1.0, kind=CellKind.CODE),
            Column("姓名", 1.7),
            Column("单位", 2.8),
            Column("职务", 2.2),
            Column("签到", 2.4),
            Column("时间", 1.3, kind=CellKind.CODE),
            Column("备注", 1.4),
        ),
        rows,
        name="签到表",
        caption_left=f"{format_cn(held_on)} {session['part']}　{session['topic'] or ''}".rstrip("　"),
        caption_right=f"表号：{number}",
        row_height=ROW_HEIGHT,
        empty_text="（没有行，请设空白行）",
    )
    teacher = session["teacher"] or sheet.training["teacher"] or ""
    place = f"地点：{sheet.training['place'] or '＿＿＿＿＿＿'}　主讲：{teacher}"
    return Document(
        f"{sheet.training['name']}签到表（{session['held_on']} {session['part']}）",
        (
            Title(f"{sheet.training['name']}签到表"),
            Note(place),
            table,
            Note("点名录入时按行码从上到下；没有签字的行先留空，全部录完、核对后再一并记为请假或缺勤。"),
            SignatureRow(("班主任", "核对人", "录入人", "录入日期")),
        ),
        meta=request.meta("培训签到表"),
        foot=request.foot(f"表号 {number}", dated=False),
    )


def _sheet(request: PaperRequest) -> ClassSheet:
    sheet = class_sheet(request.reader, _class(request)["id"])
    assert sheet is not None
    return sheet


def _session(request: PaperRequest, sheet: ClassSheet) -> Row:
    """The session asked for by its place or day; else the first one nobody has marked yet."""
    if not sheet.sessions:
        raise Refusal(f"“{sheet.training['name']}”还没有课次，请先安排课次")
    word = request.text("session")
    if not word:
        marked = {session_id for session_id, _trainee in sheet.marks}
        return next((one for one in sheet.sessions if one["id"] not in marked), sheet.sessions[-1])
    if word.isdecimal() and 1 <= int(word) <= len(sheet.sessions):
        return sheet.sessions[int(word) - 1]
    found = [one for one in sheet.sessions if word in (one["held_on"], f"{one['held_on']}{one['part']}")]
    if not found:
        listed = "、".join(
            f"{place}（{one['held_on']}{one['part']}）" for place, one in enumerate(sheet.sessions, 1)
        )
        raise Refusal(f"这一期没有课次“{word}”，可以写：{listed}", exit_code=2)
    return found[0]


SIGN_IN = PaperSpec(
    name="class-sign-in",
    label="培训签到表",
    help="一次课的纸质签到表：行高 12 毫米，行码与点名录入的顺序一致。",
    build=build_sign_in,
    parameters=(
        _CLASS,
        Parameter("session", "课次", "", "第几次课或日期；不填则为第一个还没有点名的课次"),
        Parameter("blank", "空白行", "5", "留几行空白给临时参加的人"),
    ),
)


def build_attendance(request: PaperRequest) -> Document:
    """People down, sessions across, 学时 and leave at the end, who was present under each session."""
    sheet = _sheet(request)
    wide = len(sheet.sessions) > _UPRIGHT_SESSIONS
    rows: list[PaperRow] = [
        Line(
            (
                place,
                trainee["name"],
                *(_sign(sheet, session["id"], trainee["id"]) for session in sheet.sessions),
                sheet.credit(trainee["id"]),
                sheet.meter(trainee["id"]).leave or None,
                _remark(sheet, trainee),
            ),
            f"people/{trainee['person_id']}",
        )
        for place, trainee in enumerate(sheet.trainees, 1)
    ]
    present = [
        sum(sheet.mark(session["id"], trainee["id"]) in PRESENT for trainee in sheet.trainees)
        for session in sheet.sessions
    ]
    total = sum(sheet.credit(trainee["id"]) for trainee in sheet.trainees)
    leave = sum(sheet.meter(trainee["id"]).leave for trainee in sheet.trainees)
    legend = "　".join(f"{sign} {mark}" for mark, sign in SIGNS.items())
    columns = (
        serial_column(),
        Column("姓名", 1.8),
        *(
            Column(session["part"], 1.0, align=Align.CENTER, kind=CellKind.TEXT, wrap=False)
            for session in sheet.sessions
        ),
        Column("学时", 1.2, kind=CellKind.CREDIT, sum=Sum.ADD),
        Column("请假学时", 1.2, kind=CellKind.CREDIT, sum=Sum.ADD),
        Column("备注", 2.4),
    )
    table = Table(
        columns,
        rows,
        name="考勤表",
        head_groups=(HeadGroup(""), HeadGroup(""), *_day_groups(sheet), *(HeadGroup("") for _ in range(3))),
        totals=(None, "实到人数", *(str(count) for count in present), total, leave, None),
        caption_left=f"班次编号：{sheet.training['number']}　主办：{sheet.training['host'] or request.office}",
        caption_right=f"学员 {len(rows)} 人，课次 {len(sheet.sessions)} 次",
        size=9,
        empty_text="还没有学员",
    )
    return Document(
        f"{sheet.training['name']}考勤表",
        (
            Title(f"{sheet.training['name']}考勤表"),
            dated(request, _days(sheet.training)),
            table,
            Note(f"{legend}　空白为尚未点名。{_rate(sheet, present)}"),
            signed(request, "班主任", "审核人", "制表人"),
        ),
        meta=request.meta("培训班考勤表"),
        foot=request.foot(sheet.training["number"], dated=False),
        orientation=Orientation.LANDSCAPE if wide else Orientation.PORTRAIT,
    )


def _sign(sheet: ClassSheet, session_id: str, trainee_id: str) -> str | None:
    mark = sheet.mark(session_id, trainee_id)
    return None if mark is None else SIGNS.get(mark, mark)


def _remark(sheet: ClassSheet, trainee: Row) -> str:
    if trainee["status"] == "退学":
        return f"退学{'：' + trainee['status_reason'] if trainee['status_reason'] else ''}"
    return "请假超过规定" if sheet.meter(trainee["id"]).exceeded else ""


def _day_groups(sheet: ClassSheet) -> list[HeadGroup]:
    groups: list[HeadGroup] = []
    for session in sheet.sessions:
        day = dt.date.fromisoformat(session["held_on"])
        label = f"{day.month}月{day.day}日"
        if groups and groups[-1].label == label:
            groups[-1] = HeadGroup(label, groups[-1].span + 1)
        else:
            groups.append(HeadGroup(label))
    return groups


def _rate(sheet: ClassSheet, present: list[int]) -> str:
    seats = len(sheet.marks)
    if not seats:
        return ""
    rate = (sum(present) * 1000 + seats // 2) // seats
    planned = format_centi(sheet.training["planned_credit"])
    return f"已点名 {seats:,} 人次，实到 {sum(present):,} 人次，出勤率 {rate // 10}.{rate % 10}%；计划学时 {planned}。"


ATTENDANCE = PaperSpec(
    name="class-attendance",
    label="培训班考勤表",
    help="一期培训班的考勤：每人每次课的情况、学时、请假学时，请假超过规定的注明；每次课的实到人数。",
    build=build_attendance,
    purposes=(Purpose.INTERNAL, Purpose.REPORT, Purpose.AUDIT),
    parameters=(_CLASS,),
)
