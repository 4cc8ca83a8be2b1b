"""Screens of service orders (服务工单): the board, and the list of all orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from hongyao_desktop.core.desk import Reader, Role, Row
from hongyao_desktop.core.register import Field
from hongyao_desktop.kit.pages import Page, PageSpec, WorkItem
from hongyao_desktop.kit.parts import Facts, RegisterPageParts, View
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.orders.module import MODULE
from hongyao_desktop.orders.page.board import LIST, PLACE, OrderBoardPage
from hongyao_desktop.orders.page.choosing import order_lookups
from hongyao_desktop.orders.page.steps import AGAIN, verbs
from hongyao_desktop.orders.page.tending import events
from hongyao_desktop.orders.queries import boards, lookups
from hongyao_desktop.orders.records.orders import ORDERS
from hongyao_desktop.orders.records.states import OPEN_STATES, Event, Move, State
from hongyao_desktop.orders.rules import flow
from hongyao_desktop.orders.rules.forms import FORMS
from hongyao_desktop.orders.rules.limits import Duties, due_words
from hongyao_desktop.orders.service import undoing
from hongyao_desktop.orders.service.posting import hours_words

__all__ = ["PAGES", "OrderBoardPage", "rules_page"]

_SECTION = "服务工单"
_ICON = "orders"
_IMPORT = "intake"
RULES_PLACE = "orders.rules"
_TONES = {State.RATED: "good", State.DECLINED: "ink_3", State.HANDED_OVER: "ink_3", State.VOID: "ink_3"}


def _build_list(session: Session) -> Page:
    desk = next(desk for desk in MODULE.desks if desk.register is ORDERS)

    def tone(field: Field, row: Row) -> str | None:
        if field.name == "state":
            return _TONES.get(State(row["state"]), "info")
        late = field.name == "due_on" and row["due_on"] and row["due_on"] < session.today().isoformat()
        return "bad" if late else None

    def facts(reader: Reader, row: Row) -> Facts:
        due = lookups.day_of(row["due_on"])
        held = lookups.day_of(row["held_on"])
        said = [due_words(due, session.today(), held), *boards.missing_of(row), hours_words(reader, row)]
        said.append(f"接单人 {row['helper_name']}" if row["helper_name"] else "")
        return Facts(subtitle=row["kind"], note="；".join(words for words in said if words))

    parts = RegisterPageParts(
        title="工单",
        search_hint="姓名、首字母、工单号、内容、电话尾号",
        new_label="登记工单",
        facts=facts,
        verbs=(*_mine(session), _slip()),
        printing=lambda page: page.session.go("papers", "order-list"),
        importing=lambda page: page.session.go(_IMPORT, ORDERS.name),
        tone=tone,
        views=(
            View(label="全部"),
            *(
                View(label=state.waits_for or state.value, equals=(("state", state.value),))
                for state in (*OPEN_STATES, State.RATED)
            ),
        ),
        defaults=lambda made: {
            "asked_on": made.today().isoformat(),
            "channel": lookups.rules(made.reader).lists.nearest(made.today()).channels[0],
        },
        lookups=order_lookups(session),
        watches=("order_step", "order_event", "order_rating", "service_record", "volunteer", "person"),
    )
    return RegisterPage(session, desk, parts)


def _mine(session: Session) -> list[Verb]:
    """The steps this operator may take by the rule set of today; who may not is not offered them."""

    def offered(step: Move | Event, verb: Verb) -> Verb:
        def shows(row: Row) -> bool:
            if row["held_on"] and not isinstance(step, Event) and step is not Move.VOID:
                return False
            duties = lookups.rules(session.reader).duties.nearest(session.today())
            mine = session.who.roles.intersection(_who(duties, session, step, row))
            return bool(mine) and (verb.shows is None or verb.shows(row))

        return replace(verb, shows=shows)

    moves = verbs(session)
    # Beside 撤销 of the form it would be taken for it; it stands in the menu, under a longer name.
    back = replace(moves.pop(Move.TAKE_BACK), label="撤回上一步")
    alone = moves[Move.COMPLETE]
    moves[Move.COMPLETE] = replace(
        alone, shows=lambda row: bool(alone.shows and alone.shows(row)) and not _helped(session, row)
    )
    steps = [offered(move, verb) for move, verb in moves.items()]
    steps.append(offered(Move.COMPLETE, _on_the_board(session, alone)))
    steps.append(offered(Move.ASK, AGAIN))
    between = [offered(event, verb) for event, verb in events().items()]
    return [*steps, *between, offered(Move.TAKE_BACK, back)]


def _on_the_board(session: Session, finish: Verb) -> Verb:
    """Finishing an order with helpers: the form of the board asks how long each of them was there."""

    def shows(row: Row) -> bool:
        return bool(finish.shows and finish.shows(row)) and _helped(session, row)

    return Verb(
        label=finish.label,
        shows=shows,
        direct=lambda made, row: made.go(PLACE, str(row["id"]) if row else ""),
    )


def _helped(session: Session, row: Row) -> bool:
    helpers = boards.helpers_of(session.reader, row["id"])
    return any(helper["volunteer_id"] != row["volunteer_id"] for helper in helpers)


def _who(duties: Duties, session: Session, step: Move | Event, row: Row) -> tuple[Role, ...]:
    """Who may take a step with this order; a step is taken back by whoever may take it."""
    if step is not Move.TAKE_BACK:
        return duties.roles[step]
    taken = undoing.last_step(boards.life_of(session.reader, row["id"]))
    return duties.roles[Move(taken["move"])] if taken is not None else ()


def _slip() -> Verb:
    """The slip of the chosen order."""
    return Verb(
        label="打印工单",
        direct=lambda session, row: session.go("papers", f"order-slip?number={row['number'] if row else ''}"),
    )


def _work(reader: Reader, session: Session) -> list[WorkItem]:
    """What waits in each state for somebody with this operator's roles; work at hand only once it is overdue."""
    today = session.today()
    duties = lookups.rules(reader).duties.nearest(today)
    items = []
    for state, (count, late, due) in boards.waiting(reader, today).items():
        mine = session.who.roles.intersection(duties.roles[flow.moves_from(state)[0]])
        if not mine or (state is State.ACCEPTED and not late):
            continue
        words = "超过办结时限的工单" if state is State.ACCEPTED else f"{state.waits_for}的工单"
        items.append(
            WorkItem(
                words=words,
                count=late if state is State.ACCEPTED else count,
                due=due_words(dt.date.fromisoformat(due), today) if due else "",
                overdue=late > 0,
                place=PLACE,
            )
        )
    return items


PAGES: tuple[PageSpec, ...] = (
    PageSpec(
        place=PLACE,
        section=_SECTION,
        title="看板",
        icon=_ICON,
        build=OrderBoardPage,
        work=_work,
        help=(
            "一列一步：待议单、待派单、待接单、办理中、待评单。方向键选卡片，Enter 办下一步，F4 其他步骤，"
            "F3 查找，F9 打印工单，Ctrl+N 登记新工单。登错了在其他步骤里撤回上一步，漏了协办人补记协办；"
            "已登记的时长在志愿积分的“时长”里更正。"
        ),
    ),
    PageSpec(
        place=LIST,
        section=_SECTION,
        title="工单",
        icon=_ICON,
        build=_build_list,
        register=ORDERS.name,
        help="全部工单，可以查找、筛选、导出；旧的工单台账从“导入”转入。",
    ),
)


def rules_page(bench: Callable[..., Page]) -> PageSpec:
    """The page of the rules of orders; ``bench`` is the rule bench, which takes the forms of a room."""
    return PageSpec(
        place=RULES_PLACE,
        section=_SECTION,
        title="规则",
        icon=_ICON,
        build=partial(bench, forms=FORMS),
        help=(
            "每一步几个工作日、来源和类别、由谁办。左边选一版，Enter 修改，右边试算，"
            "Ctrl+S 存为新版本：已经定下的期限不变。"
        ),
    )
