"""The board (积分榜、时长榜): places with shared ranks 2, 2, 2, 5 and the rule printed under them."""

from __future__ import annotations

from typing import Final

from hongyao_desktop.core import masking, strokes
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.masking import HIDDEN_TEXT, Purpose
from hongyao_desktop.paper.catalogue import YES_OR_NO, PaperRequest, PaperSpec, Parameter
from hongyao_desktop.paper.document import (
    Block,
    Chart,
    ChartKind,
    Column,
    Document,
    Line,
    Note,
    Series,
    Sum,
    Table,
    Title,
    serial_column,
)
from hongyao_desktop.people.papers import dated
from hongyao_desktop.volunteers.queries import boards, paper_rows
from hongyao_desktop.volunteers.queries.boards import Place
from hongyao_desktop.volunteers.records.rows import duration_text

BY_HOURS: Final = "时长"
BY_POINTS: Final = "积分"
ORDERS: Final = ("编号", strokes.LABEL)
_CHARTED: Final = 10
_WHO: Final = {
    BY_HOURS: "只列在册志愿者，时长记在服务所在的组织。",
    BY_POINTS: "只列在册志愿者，按本人所在的组织。",
}
BY_UNIT: Final = "组织"
BY_TEAM: Final = "服务队"
ROLLED_UP: Final = "按下一级合计"
EACH: Final = "各组织分列"
LEVEL: Final = Parameter(
    "level",
    "组织口径",
    ROLLED_UP,
    "按下一级合计的，社区含所辖网格，本级单列；各组织分列的，社区和网格各算各的",
    choices=(ROLLED_UP, EACH),
)


def build_board(request: PaperRequest) -> Document:
    """Who served most in the period, or who has the most points now."""
    by = request.choice("by", "榜单", (BY_HOURS, BY_POINTS))
    order = request.choice("order", "同名次排序", ORDERS)
    most = request.count("limit", "名次数", low=1, high=5000)
    if by == BY_HOURS:
        places = boards.period_board(request.reader, request.scope, request.period, most)
        what, kind, column = "服务时长", CellKind.HOURS, "minutes"
    else:
        places = boards.balance_board(request.reader, request.scope, most)
        what, kind, column = "积分", CellKind.POINTS, "points"
    if order == strokes.LABEL:
        places = sorted(places, key=lambda one: (one.place, strokes.name_key(one.row["name"])))
    names = shown_names(request, places)
    unit = "小时" if by == BY_HOURS else "分"
    title = f"{request.scope.label}志愿者{by}榜"
    rows = [
        Line(
            (one.place, one.row["number"], name, one.row["unit_name"], one.row[column]),
            f"volunteers/{one.row['id']}",
        )
        for one, name in zip(places, names, strict=True)
    ]
    blocks: list[Block] = [
        Title(title),
        dated(request, "" if by == BY_HOURS else f"截至{format_cn(request.clock.today())}"),
    ]
    if request.yes("chart") and len(places) > 1:
        top = places[:_CHARTED]
        labels = tuple(
            f"{one.place}　{one.row['number'] if name == HIDDEN_TEXT else spread(name)}"
            for one, name in zip(top, names, strict=False)
        )
        values = tuple(one.row[column] for one in top)
        height = 14 + 6.5 * len(top)
        blocks.append(
            Chart(
                ChartKind.BAR, f"{what}前 {len(top)} 位", labels, (Series(what, values),), kind, unit, height
            )
        )
    blocks += [
        Table(
            (
                serial_column("名次"),
                Column("编号", kind=CellKind.CODE),
                Column("姓名"),
                Column("组织"),
                Column(f"{what}（{unit}）", kind=kind),
            ),
            rows,
            name=title,
            total_label="合计" if rows else "",
            page_subtotal=request.purpose is not Purpose.PUBLIC,
            caption_left=f"共 {len(rows)} 人",
            caption_right=f"单位：{unit}",
            empty_text="期间没有服务记录" if by == BY_HOURS else "还没有人得到积分",
        ),
        Note(
            f"名次规则：{_ties(order)}。{_WHO[by]}{_cut_words(places)}{silent_words(request, names)}"
            f"{_forward_words(request) if by == BY_HOURS else ''}"
        ),
    ]
    return Document(title, tuple(blocks), meta=request.meta(f"志愿者{by}榜"), foot=request.foot())


def spread(name: str) -> str:
    """A name of two characters as wide as one of three, as lists of names are set: 黄　宁 under 唐燕秀."""
    return "　".join(name) if len(name) == 2 and name.isalpha() else name


def _forward_words(request: PaperRequest) -> str:
    """Hours taken over from older books are service of earlier years: the board says how many it holds."""
    people, minutes = paper_rows.brought_forward(request.reader, request.scope, request.period)
    if not minutes:
        return ""
    return f"期间内含由旧台账转入的期初时长 {duration_text(minutes)}（{people} 人），是以前年度的服务。"


def _cut_words(places: list[Place]) -> str:
    if len(places) < boards.MOST_ROWS:
        return ""
    return f"同名次的人很多，只按编号列出前 {boards.MOST_ROWS} 人。"


def _ties(order: str) -> str:
    if order == strokes.LABEL:
        return "同分同名次，下一名次顺延；同名次按姓氏笔画排列"
    return boards.TIES


def shown_names(request: PaperRequest, places: list[Place]) -> list[str]:
    """Names as the purpose lets them be seen; in public nobody is named who has not agreed to it."""
    silent = paper_rows.silent_ids(request.reader) if request.purpose is Purpose.PUBLIC else frozenset()
    return [
        HIDDEN_TEXT if one.row["id"] in silent else masking.mask_name(one.row["name"], request.purpose)
        for one in places
    ]


def silent_words(request: PaperRequest, names: list[str]) -> str:
    """Why somebody on the board has no name."""
    if request.purpose is Purpose.PUBLIC and HIDDEN_TEXT in names:
        return "未登记同意公开姓名的志愿者只列编号。"
    return ""


def build_team_board(request: PaperRequest) -> Document:
    """Units, or teams, by the hours of their volunteers in the period."""
    by = request.choice("by", "按什么排", (BY_UNIT, BY_TEAM))
    places = groups(request, teams=by == BY_TEAM)
    title = f"{request.scope.label}{by}志愿服务榜"
    rows = [
        (one.place, one.row["name"], one.row["people"], one.row["services"], one.row["minutes"])
        for one in places
    ]
    table = Table(
        (
            serial_column("名次"),
            Column(by),
            Column("服务人数", kind=CellKind.INTEGER),
            Column("人次", kind=CellKind.INTEGER, sum=Sum.ADD),
            Column("时长（小时）", kind=CellKind.HOURS),
        ),
        rows,
        name=title,
        total_label="合计" if rows else "",
        page_subtotal=request.purpose is not Purpose.PUBLIC,
        caption_left=f"共 {len(rows)} 个",
        empty_text="期间没有服务记录" if by == BY_UNIT else "期间服务的志愿者都没有登记服务队伍",
    )
    note = Note(
        f"名次规则：{boards.GROUP_TIES}。{level_words(request, by)}"
        f"一人在两个{by}都有服务的，人数各计一次。{_forward_words(request)}"
    )
    return Document(
        title, (Title(title), dated(request, ""), table, note), meta=request.meta(title), foot=request.foot()
    )


def groups(request: PaperRequest, *, teams: bool) -> list[Place]:
    """The board of units, as far down as was asked for, or of teams."""
    each = request.choice("level", LEVEL.label, LEVEL.choices) == EACH
    return boards.group_board(request.reader, request.scope, request.period, teams=teams, each=each)


def level_words(request: PaperRequest, by: str) -> str:
    """What a line of the board of units holds."""
    if by != BY_UNIT:
        return ""
    if request.text("level") == EACH:
        return "时长记在服务所在的组织，社区和网格各算各的。"
    return "时长记在服务所在的组织，每一行含下面的各级组织；直接记在本级的单列一行。"


TEAM_BOARD = PaperSpec(
    name="team-board",
    label="组织和队伍榜",
    help="各组织或各服务队在期间内的服务时长、人次和人数；社区含所辖网格，也可以分列。同时长同名次（2、2、2、5）。",
    build=build_team_board,
    purposes=(Purpose.INTERNAL, Purpose.PUBLIC, Purpose.REPORT),
    parameters=(
        Parameter("by", "按什么排", BY_UNIT, "按组织或按服务队", choices=(BY_UNIT, BY_TEAM)),
        LEVEL,
    ),
)
BOARD = PaperSpec(
    name="board",
    label="志愿者榜",
    help="积分榜或时长榜：同分同名次（2、2、2、5），名次规则印在表下；用于公示时姓名脱敏，未同意公开的只列编号。",
    build=build_board,
    purposes=(Purpose.INTERNAL, Purpose.PUBLIC, Purpose.REPORT),
    parameters=(
        Parameter("by", "榜单", BY_HOURS, "时长按期间，积分按现在的结余", choices=(BY_HOURS, BY_POINTS)),
        Parameter("limit", "名次数", "50", "列到第几名，同名次的都列"),
        Parameter("order", "同名次排序", ORDERS[0], "同名次的先后", choices=ORDERS),
        Parameter("chart", "图", "是", "是否在表前画出前十位", choices=YES_OR_NO),
    ),
)
