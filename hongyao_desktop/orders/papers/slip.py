"""The slip that goes with an order (工单): what is asked, each step with room to sign, and whatever else happened."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hongyao_desktop.core import masking
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.fields import Align
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.orders.queries import boards, listing
from hongyao_desktop.orders.records.states import Event, Matter, Move, State
from hongyao_desktop.orders.rules import flow
from hongyao_desktop.orders.rules.limits import overdue_days
from hongyao_desktop.paper.catalogue import PaperRequest
from hongyao_desktop.paper.document import Column, Document, Note, SignatureRow, Spacer, Table, Title

_BLANK = "　"
_BOXES = "居民：□满意　□基本满意　□不满意\n支部：□满意　□基本满意　□不满意"
_LINES_WITH_GAPS = 1
_STEPS_ON_SLIP = (Move.ASK, Move.DECIDE, Move.DISPATCH, Move.ACCEPT, Move.COMPLETE, Move.RATE)


def order_slip(request: PaperRequest) -> Document:
    """One order on a page: what is asked, each step with its day and a place to sign; open steps stay blank."""
    order = listing.order_by_number(request.reader, request.text("number"))
    if order is None:
        raise Refusal(f"没有工单号为“{request.text('number')}”的工单，请核对后再打印", exit_code=2)
    life = boards.life_of(request.reader, order["id"])
    purpose = request.purpose
    shares = boards.shares_of(request.reader, order["id"]) if order["completed_on"] else []
    besides = _besides(life, purpose)
    dispute = order["matter"] == Matter.DISPUTE
    # One order is one page: what else happened, and long words, take their room from the gaps and the steps.
    full = bool(besides or shares) or dispute or _lines(order, life) > _LINES_WITH_GAPS
    gap = () if full else (Spacer(),)
    facts: list[tuple[str, Any, str, Any]] = [
        ("工单号", order["number"], "来源", order["channel"]),
        ("居民", masking.mask_name(order["resident"], purpose), "联系电话", _phone(order, purpose)),
        ("受理组织", order["unit_name"], "类别", f"{order['kind']}（{order['matter']}）"),
        ("点单日期", _day(order["asked_on"]), "希望办结日", _day(order["wanted_by"])),
    ]
    told = (
        ("诉求内容", order["topic"]),
        *((("当事人", order["parties"] or _BLANK),) if dispute else ()),
        ("住址", masking.mask_address(order["address"] or "", purpose) or _BLANK),
        ("办理结果", _outcome_words(order)),
        ("服务时长", _hours_words(order, shares)),
    )
    return Document(
        f"工单 {order['number']}",
        (
            Title("居民服务工单"),
            Table(
                (_label(22), Column("内容", 56), _label(24), Column("内容", 54)),
                facts,
                name="工单",
                row_height=7.5,
                headed=False,
            ),
            *gap,
            Table(
                (_label(22), Column("内容", 134)),
                told,
                name="诉求和结果",
                row_height=7.5,
                headed=False,
            ),
            *gap,
            Table(
                (Column("步骤", 16), Column("日期", 34), Column("办理情况", 74), Column("签名", 32)),
                [(move.value, *_step_cells(move, life), _BLANK) for move in _STEPS_ON_SLIP],
                name="办理记录",
                row_height=9 if besides else 11 if full else 12,
            ),
            *besides,
            Note(_note_words(order, request.clock.today())),
            SignatureRow(("居民签名", "接单人", "支部书记")),
        ),
        meta=request.meta("工单"),
        foot=request.foot(dated=False),
    )


def _lines(order: Row, life: list[Row]) -> int:
    """Lines that the words of the slip take beyond one each, about: 38 characters of a told row, 20 of a step."""
    told = sum(len(order[name] or "") // 38 for name in ("topic", "address", "parties"))
    return told + sum(len(step["note"] or "") // 20 for step in life)


def _hours_words(order: Row, shares: list[Row]) -> str:
    """How long whoever took the order and whoever helped served, as it counts today; blank to be written on."""
    own = {**order, "helper_name": order["helper_name"] or ""}
    said = [boards.shares_words([own])] if order["completed_on"] and order["minutes"] else []
    said += [f"协办{boards.shares_words(shares)}"] if shares else []
    return "；".join(said) or _BLANK


def _outcome_words(order: Row) -> str:
    talked = f"（经“{order['deliberated_at']}”商定）" if order["deliberated_at"] else ""
    return f"{order['outcome']}{talked}" if order["outcome"] else _BLANK


def _label(width: int) -> Column:
    """What stands in the next cell of the form."""
    return Column("项目", width, align=Align.CENTER)


def _phone(order: Row, purpose: Purpose) -> str:
    return masking.mask_phone(order["phone"] or "", purpose) or _BLANK


def _day(value: str | None) -> str:
    return format_cn(dt.date.fromisoformat(value)) if value else _BLANK


def _step_cells(move: Move, life: list[Row]) -> tuple[str, str]:
    """Day and words of the last time a step was taken; blank, to be written on, when it was not yet."""
    place = _last(move, life)
    if place is None:
        return _BLANK, _BOXES if move is Move.RATE else _BLANK
    step = life[place]
    late = boards.late_by(life, place)
    parts = [
        step["helper_name"] if move in (Move.DISPATCH, Move.ACCEPT) else None,
        step["reason"],
        step["note"],
        f"逾期 {late} 天" if late else None,
    ]
    return _day(step["taken_on"]), "；".join(part for part in parts if part) or _BLANK


def _last(move: Move, life: list[Row]) -> int | None:
    """Where in the life a step of the slip was taken last; a step that was given back since is not taken any more."""
    names = (Move.DISPATCH, Move.REDISPATCH) if move is Move.DISPATCH else (move,)
    stands = {step["id"] for step in flow.standing(life)}
    taken = [place for place, step in enumerate(life) if step["move"] in names and step["id"] in stands]
    life = [step if step["id"] in stands else {**step, "move": ""} for step in life]
    undone = [place for place, step in enumerate(life) if step["move"] in (Move.REFUSE, Move.GIVE_BACK)]
    if not taken or (move in (Move.DISPATCH, Move.ACCEPT) and undone and undone[-1] > taken[-1]):
        return None
    again = [place for place, step in enumerate(life) if step["move"] in (Move.DISPATCH, Move.REDISPATCH)]
    if move is Move.ACCEPT and again[-1:] > taken[-1:]:
        return None
    return taken[-1]


def _besides(life: list[Row], purpose: Purpose) -> tuple[Table, ...]:
    """Everything that has no line of its own above: what was refused, given anew, extended, put to rest, noted."""
    shown = {_last(move, life) for move in _STEPS_ON_SLIP}
    rows = []
    for place, step in enumerate(life):
        if place in shown or step["move"] == Move.ASK:
            continue
        name = masking.mask_name(step["helper_name"] or "", purpose)
        until = step["move"] in (Event.EXTEND, Event.RESUME) and step["due_on"]
        parts = [name, step["reason"], step["note"], f"期限到{_day(step['due_on'])}" if until else None]
        if step["file_name"]:
            parts.append(f"{step['file_name']}（校验值 {step['file_hash'][:16]}）")
        said = "；".join(part for part in parts if part)
        rows.append((_day(step["taken_on"]), step["move"], said or _BLANK, step["recorded_by"]))
    if not rows:
        return ()
    columns = (Column("日期", 34), Column("事项", 20), Column("情况", 78), Column("登记人", 24))
    return (Table(columns, rows, name="其他经过", caption_left="其他经过", size=9),)


def _note_words(order: Row, today: dt.date) -> str:
    state = State(order["state"])
    if state.closed:
        return f"本单{state.value}。"
    if order["held_on"]:
        return f"本单自{_day(order['held_on'])}起挂起，恢复后接着办理。"
    late = overdue_days(dt.date.fromisoformat(order["due_on"]), today) if order["due_on"] else 0
    due = f"，请在{_day(order['due_on'])}前办理" if order["due_on"] else ""
    if late:
        due = f"，应在{_day(order['due_on'])}前办理，已逾期 {late} 天"
    return f"下一步：{flow.moves_from(state)[0]}{due}。双方评单后登记服务时长。"
