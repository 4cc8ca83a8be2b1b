"""The sign-in sheet of an activity (活动签到表): row codes to key it back in sheet order, and blank rows."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec, Parameter
from hongyao_desktop.paper.document import Column, Document, Note, Row, SignatureRow, Table, Title
from hongyao_desktop.volunteers.queries import paper_rows
from hongyao_desktop.volunteers.queries.signups import signups_of
from hongyao_desktop.volunteers.records.services import ENDS, STARTS

REGULARS: Final = "常来"
EVERYBODY: Final = "在册"
NOBODY: Final = "空白"
SIGNED_UP: Final = "报名"
ROW_HEIGHT: Final = 12.0
"""Millimetres; a signature needs them (DOMAIN 4.2)."""
_COLUMNS: Final = (
    Column("行码", 1.0, kind=CellKind.CODE),
    Column("编号", 2.0, kind=CellKind.CODE),
    Column("姓名", 1.9),
    Column("签到", 2.5),
    Column("到达时间", 1.4, kind=CellKind.CODE),
    Column("离开时间", 1.4, kind=CellKind.CODE),
    Column("手机后四位", 1.5, kind=CellKind.CODE),
    Column("备注", 1.6),
)


def build_sign_in(request: PaperRequest) -> Document:
    """The sheet of one activity."""
    row = paper_rows.activity_named(request.reader, request.text("activity"), request.period)
    who = request.choice("people", "预印人员", (SIGNED_UP, REGULARS, EVERYBODY, NOBODY))
    blank = request.count("blank", "空白行", high=500)
    signed = signups_of(request.reader, row["id"], open_only=True)
    if signed and who in (SIGNED_UP, REGULARS):
        # Whoever signed up stands on the sheet at his own row code, however the sheet is asked for.
        people, places = signed, [one["place"] for one in signed]
    elif who in (NOBODY, SIGNED_UP):
        people, places = [], []
    else:
        people = paper_rows.likely_people(
            request.reader, row["unit_id"], row["held_on"], everybody=who == EVERYBODY
        )
        places = list(range(1, len(people) + 1))
    rows: list[Row] = [
        (code_of(place), person["number"], person["name"], *(None,) * 5)
        for place, person in zip(places, people, strict=True)
    ]
    last = max(places, default=0)
    rows += [(code_of(place), *(None,) * 7) for place in range(last + 1, last + blank + 1)]
    table = Table(
        _COLUMNS,
        rows,
        name="签到表",
        caption_left=_when(row),
        caption_right=f"表号：{sheet_number(row)}",
        row_height=ROW_HEIGHT,
        empty_text="（没有行，请设空白行）",
    )
    host = row["unit_name"] or request.office
    place = f"地点：{row['place'] or '＿＿＿＿＿＿'}　主办：{host}　负责人：{row['leader'] or ''}"
    return Document(
        f"{row['title']}签到表（{row['held_on']}）",
        (
            Title(f"{row['title']}签到表"),
            Note(place),
            table,
            Note(
                "回录时按行码从上到下逐行录入；没有签到的行先留空，全部录完后一并确认。空白行请写清姓名和手机后四位。"
            ),
            SignatureRow(("活动负责人", "核对人", "回录人", "回录日期")),
        ),
        meta=request.meta("活动签到表"),
        foot=request.foot(f"表号 {sheet_number(row)}", dated=False),
    )


def code_of(place: int) -> str:
    """The code of a row: its place on the sheet."""
    return f"{place:02d}"


def sheet_number(row: dict[str, Any]) -> str:
    """What a sheet is called: HD, the day, and the end of the activity's id."""
    return f"HD{row['held_on'].replace('-', '')}-{row['id'][-4:].upper()}"


def _when(row: dict[str, Any]) -> str:
    day = format_cn(dt.date.fromisoformat(row["held_on"]))
    if row["starts_minute"] is None:
        return f"时间：{day}"
    until = f"—{ENDS.type.format(row['ends_minute'])}" if row["ends_minute"] is not None else ""
    return f"时间：{day} {STARTS.type.format(row['starts_minute'])}{until}"


SIGN_IN = PaperSpec(
    name="activity-sign-in",
    label="活动签到表",
    help="一次活动的纸质签到表：行高 12 毫米，有行码，回录时按表上的顺序逐行录入。",
    build=build_sign_in,
    parameters=(
        Parameter("activity", "活动", "", "活动名称；同名的取期间内最近一次", required=True),
        Parameter(
            "people",
            "预印人员",
            REGULARS,
            "有人报名的按报名名单；常来的是半年内服务过的",
            choices=(SIGNED_UP, REGULARS, EVERYBODY, NOBODY),
        ),
        Parameter("blank", "空白行", "10", "留几行空白给临时来的人"),
    ),
)
