"""The board as a poster (光荣榜海报): for a wall, the first three large, names as the public may see them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.masking import HIDDEN_TEXT, Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec, Parameter
from hongyao_desktop.paper.cells import places_for, writer
from hongyao_desktop.paper.document import (
    Column,
    Document,
    PageNumber,
    Poster,
    PosterLine,
    Table,
    serial_column,
)
from hongyao_desktop.paper.poster_model import MOST_LINES
from hongyao_desktop.people.papers import period_words
from hongyao_desktop.volunteers.papers.board import (
    BY_HOURS,
    BY_POINTS,
    BY_TEAM,
    BY_UNIT,
    LEVEL,
    groups,
    level_words,
    shown_names,
    silent_words,
    spread,
)
from hongyao_desktop.volunteers.queries import boards
from hongyao_desktop.volunteers.queries.boards import Place

_BY: Final = (BY_HOURS, BY_POINTS, BY_UNIT, BY_TEAM)
_TITLES: Final = {
    BY_HOURS: "志愿服务光荣榜",
    BY_POINTS: "志愿积分光荣榜",
    BY_UNIT: "志愿服务先进组织榜",
    BY_TEAM: "志愿服务先进队伍榜",
}


def build_poster(request: PaperRequest) -> Document:
    """The first places on one sheet; whoever shares the last place stands there too, as far as the sheet goes."""
    by = request.choice("by", "榜单", _BY)
    most = request.count("limit", "名次数", low=1, high=30)
    grouped = by in (BY_UNIT, BY_TEAM)
    kind, unit, column = (
        (CellKind.POINTS, "分", "points") if by == BY_POINTS else (CellKind.HOURS, "小时", "minutes")
    )
    if grouped:
        found = groups(request, teams=by == BY_TEAM)
        places = [one for one in found if one.place <= most]
    elif by == BY_HOURS:
        places = boards.period_board(request.reader, request.scope, request.period, most)
    else:
        places = boards.balance_board(request.reader, request.scope, most)
    shown = _fitting(places)
    names = [str(one.row["name"]) for one in shown] if grouped else shown_names(request, shown)
    values = [one.row[column] for one in shown]
    write = writer(kind, places_for(kind, values))
    lines = tuple(
        PosterLine(one.place, name, under, write(value))
        for one, (name, under), value in zip(shown, _who(shown, names, groups=grouped), values, strict=True)
    )
    title = request.text("title") or f"{request.scope.label}{_TITLES[by]}"
    table = Table(
        (
            serial_column("名次"),
            *(() if grouped else (Column("编号", kind=CellKind.CODE),)),
            Column(by if grouped else "姓名"),
            *(() if grouped else (Column("组织"),)),
            Column(f"{BY_POINTS if by == BY_POINTS else '服务时长'}（{unit}）", kind=kind),
        ),
        [
            (
                one.place,
                *(() if grouped else (one.row["number"],)),
                name,
                *(() if grouped else (one.row["unit_name"],)),
                one.row[column],
            )
            for one, name in zip(shown, names, strict=True)
        ],
        name=title,
        empty_text=_empty(by),
    )
    today = request.clock.today()
    poster = Poster(
        title=title,
        under=f"截至{format_cn(today)}" if by == BY_POINTS else period_words(request),
        lines=lines,
        unit=unit,
        notes=(
            f"名次规则：{boards.GROUP_TIES if grouped else boards.TIES}。",
            level_words(request, by) if grouped else silent_words(request, names),
            f"名次相同的多，一张只列到第 {shown[-1].place} 名。"
            if shown and len(shown) < len(places)
            else "",
        ),
        empty_text=_empty(by),
        issuer=request.text("issuer") or request.office,
        date=today,
        table=table,
    )
    foot = replace(request.foot(dated=by != BY_POINTS), number=PageNumber.NONE)
    return Document(title, (poster,), meta=request.meta(title), foot=foot)


def _empty(by: str) -> str:
    return "还没有人得到积分" if by == BY_POINTS else "期间没有服务记录"


def _who(places: list[Place], names: list[str], *, groups: bool) -> list[tuple[str, str]]:
    """Who is named, and what stands below; the number stands for a name that may not be shown."""
    if groups:
        under = [f"{one.row['people']} 人 {one.row['services']} 人次" for one in places]
        return list(zip(names, under, strict=True))
    return [
        (str(one.row["number"]), str(one.row["unit_name"] or ""))
        if name == HIDDEN_TEXT
        else (spread(name), str(one.row["unit_name"] or ""))
        for one, name in zip(places, names, strict=True)
    ]


def _fitting(places: list[Place]) -> list[Place]:
    """As many as a sheet holds: whole places, so that nobody is left out beside his equals."""
    if len(places) <= MOST_LINES:
        return places
    cut = places[MOST_LINES].place
    whole = [one for one in places[:MOST_LINES] if one.place < cut]
    if not whole:
        raise Refusal(
            f"第 1 名有 {len(places)} 个以上，一张海报放不下，请把期间选长一些，或改印“志愿者榜”", exit_code=2
        )
    return whole


POSTER = PaperSpec(
    name="board-poster",
    label="光荣榜海报",
    help="贴在社区墙上的一张海报：前三名放大，其余分列，姓名脱敏，未同意公开的写编号；打印时可放大到 A3。",
    build=build_poster,
    purposes=(Purpose.PUBLIC, Purpose.INTERNAL),
    parameters=(
        Parameter("by", "榜单", BY_HOURS, "个人时长、个人积分，或按组织、按服务队的时长", choices=_BY),
        LEVEL,
        Parameter("limit", "名次数", "10", "列到第几名，1 到 30，同名次的都列"),
        Parameter("title", "标题", "", "不填则为“某某街道志愿服务光荣榜”"),
        Parameter("issuer", "落款", "", "不填则为本单位名称"),
    ),
)
