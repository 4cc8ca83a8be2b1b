"""Opening balances (期初积分和时长) on their way in: one row, one volunteer, once, with the book it stands in."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hongyao_desktop.core import hours
from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.dates import DateProblem, format_cn, parse_date
from hongyao_desktop.core.desk import ImportPlan, ImportTarget, Reader, Role, SheetFacts, SheetRow, Writer
from hongyao_desktop.core.fields import Code, Date, Minutes, Points, Text
from hongyao_desktop.core.problem import Level, Problem, has_errors
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.volunteers.imports.covered import ID_TAIL, telling
from hongyao_desktop.volunteers.imports.matching import Roster
from hongyao_desktop.volunteers.imports.places import Soundness, place_problem, source_of, written
from hongyao_desktop.volunteers.records.points import POINTS
from hongyao_desktop.volunteers.records.volunteers import VOLUNTEERS
from hongyao_desktop.volunteers.service import openings

FIELDS = (
    replace(VOLUNTEERS.field("name"), required=True),
    Field(
        name="number",
        label="志愿者编号",
        type=Code(max_chars=20),
        sensitivity=Sensitivity.OPEN,
        aliases=("编号",),
    ),
    ID_TAIL,
    telling(VOLUNTEERS.field("id_number")),
    telling(VOLUNTEERS.field("phone")),
    Field(
        name="minutes",
        label="期初时长",
        type=Minutes(),
        sensitivity=Sensitivity.INTERNAL,
        aliases=(
            "累计时长",
            "累计服务时长",
            "原有时长",
            "时长",
            "服务时长",
            "时长（小时）",
            "累计时长（小时）",
            "服务总时长",
            "总时长",
            "历年时长",
            "历年服务时长",
            "小时数",
            "累计小时",
            "志愿服务时长",
        ),
        help="以前累计的小时数，按导入时长登记，不另计积分。",
    ),
    Field(
        name="points",
        label="期初积分",
        type=Points(),
        sensitivity=Sensitivity.INTERNAL,
        aliases=(
            "积分余额",
            "积分结余",
            "原有积分",
            "积分",
            "剩余积分",
            "结余积分",
            "现有积分",
            "可用积分",
            "期末积分",
            "结余",
            "结余分",
            "结余分值",
            "剩余分值",
            "积分结存",
            "积分数",
            "积分值",
            "积分（分）",
            "积分余额（分）",
            "余分",
            "余额",
            "现有分",
            "积分合计",
            "积分总计",
            "积分总额",
            "积分剩余",
            "积分剩余（分）",
            "剩余可用积分",
            "未兑换积分",
        ),
        help="以前剩下的积分。",
    ),
    Field(
        name="as_of",
        label="截至日期",
        type=Date(past_only=True),
        sensitivity=Sensitivity.OPEN,
        aliases=("截止日期", "统计日期"),
        help="留空按表题里的“截至……日”，表题也没有写的按导入当天。",
    ),
    Field(
        name="book",
        label="出处",
        type=Text(max_chars=100),
        sensitivity=Sensitivity.INTERNAL,
        aliases=("来源", "原台账"),
        help="哪本积分册、哪张表；留空写导入的文件、表和行。",
    ),
)


def plan(reader: Reader, facts: SheetFacts, rows: Sequence[SheetRow], clock: Clock) -> ImportPlan:
    """What importing this list would do; who has an opening balance already is returned. Writes nothing."""
    today = clock.today()
    sound = Soundness(FIELDS, today)
    told = told_day(facts, today)
    roster = Roster(reader, [row.values["name"] for row in rows if row.values.get("name")])
    count = Counter({"读到人数": 0, "可登记": 0, "退回": 0})
    seen: dict[str, int] = {}
    problems: list[Problem] = []
    items: list[tuple[int, Any]] = []
    minutes = points = undated = 0
    read = dict.fromkeys(_SUMMED, 0)
    totals: dict[str, tuple[int, int]] = {}
    for row in rows:
        if row.kind == "total":
            totals |= {name: (row.number, row.values[name]) for name in _SUMMED if row.values.get(name)}
        if row.kind != "data" or not any(written(row, name) for name in ("name", "minutes", "points")):
            continue
        count["读到人数"] += 1
        for name in _SUMMED:
            read[name] += row.values.get(name) or 0
        who, found = _who(reader, roster, row, seen)
        problems += [place_problem(problem, row) for problem in found]
        if has_errors(found) or who is None or not sound(row):
            count["退回"] += 1
            continue
        values = row.values
        day = values.get("as_of") or (told or today).isoformat()
        undated += not values.get("as_of")
        items.append(
            (
                row.number,
                {
                    "volunteer_id": who,
                    "minutes": values.get("minutes") or 0,
                    "points": values.get("points") or 0,
                    "as_of": day,
                    "source": values.get("book") or source_of(facts, row),
                },
            )
        )
        minutes += values.get("minutes") or 0
        points += values.get("points") or 0
    count["可登记"] = len(items)
    problems += _total_problems(totals, read)
    summary = {name: str(number) for name, number in count.items()}
    summary["时长合计（小时）"] = hours.format_minutes(minutes)
    summary["积分合计"] = hours.format_centi(points)
    if undated and told is not None:
        summary["截至日期"] = f"{format_cn(told)}（按表题）"
    elif undated:
        message = f"没有写截至日期，按今天（{format_cn(today)}）得到的转入，年终清零时按今年的积分算"
        problems.append(Problem(Level.WARNING, "import.as_of", message))
    return ImportPlan(tuple(items), tuple(problems), summary)


def _total_problems(totals: dict[str, tuple[int, int]], read: dict[str, int]) -> list[Problem]:
    """What the sheet's last total row states and its rows do not come to."""
    shown = {"minutes": ("时长", hours.format_minutes), "points": ("积分", hours.format_centi)}
    found = []
    for name, (row, stated) in totals.items():
        label, words = shown[name]
        if stated != read[name]:
            message = f"表上{label}合计 {words(stated)}，逐行相加 {words(read[name])}，请核对是否有漏行"
            found.append(Problem(Level.WARNING, "import.total", message, row=row))
    return found


_SUMMED = ("minutes", "points")
_UNTIL = re.compile(
    r"截[至止到]?\D{0,6}?(\d{4}\s*[年.\-/]\s*\d{1,2}\s*[月.\-/]\s*\d{1,2}|[〇○零一二三四五六七八九]{4}年[^日号]{1,4}月[^日号]{1,4}[日号])"
)


def told_day(facts: SheetFacts, today: dt.date) -> dt.date | None:
    """The day a sheet says it was drawn up for (截至2025年12月31日), in its title or around the table; None if none."""
    lines = (f"{key}{value}" for key, value in facts.lines.items())
    for shown in (facts.title, *facts.more, *lines, facts.sheet_name):
        found = _UNTIL.search(shown)
        if found is None:
            continue
        try:
            day = parse_date(found[1], today=today)
        except DateProblem:
            continue
        if day <= today:
            return day
    return None


def _who(
    reader: Reader, roster: Roster, row: SheetRow, seen: dict[str, int]
) -> tuple[str | None, list[Problem]]:
    values = row.values
    if not written(row, "name"):
        return None, [Problem(Level.ERROR, "import.blank", "没有填写姓名", "name")]
    match = roster.match(values)
    found = [match.problem] if match.problem is not None else []
    if match.row is None:
        return None, found
    who = str(match.row["id"])
    first = seen.setdefault(who, row.number)
    if first != row.number:
        message = f"{match.row['name']}（{match.row['number']}）与第 {first} 行重复，请合并"
        found.append(Problem(Level.ERROR, "import.twice", message, "name"))
    if not values.get("minutes") and not values.get("points"):
        found.append(Problem(Level.ERROR, "import.nothing", "时长和积分都没有填，不用导入", "points"))
    if values.get("minutes") and openings.opening_hours_of(reader, who) is not None:
        message = f"{match.row['name']}（{match.row['number']}）已有期初时长，要改请先冲正原来那一条"
        found.append(Problem(Level.ERROR, "import.known", message, "minutes"))
    if values.get("points") and _has_points(reader, who):
        message = f"{match.row['name']}（{match.row['number']}）已有期初积分，要改请先冲正原来那一笔"
        found.append(Problem(Level.ERROR, "import.known", message, "points"))
    return who, found


def _has_points(reader: Reader, volunteer_id: str) -> bool:
    return (
        reader.value(
            "SELECT 1 FROM point_view WHERE volunteer_id = ? AND kind = '期初' AND state = '有效' LIMIT 1",
            (volunteer_id,),
        )
        is not None
    )


def commit(writer: Writer, _facts: SheetFacts, planned: ImportPlan) -> int:
    """Write the plan's balances; returns how many volunteers."""
    batch_id = str(writer.op_seq)  # all sheets of a file are one operation, and one batch
    for _row, item in planned.items:
        openings.carry_over(
            writer,
            item["volunteer_id"],
            item["source"],
            dt.date.fromisoformat(item["as_of"]),
            minutes=item["minutes"],
            points=item["points"],
            batch_id=batch_id,
        )
    return len(planned.items)


TARGET = ImportTarget(
    name="opening_balances",
    label="期初积分和时长",
    fields=FIELDS,
    plan=plan,
    commit=commit,
    register=POINTS.name,
    help="一行一人：以前的累计时长和积分余额，各只转入一次，写明出处；时长按导入登记，不另计积分。由审核人员导入，导错了在“积分”页的“期初”里整批撤回。",
    roles=(Role.REVIEW, Role.APPROVE),
)
