"""Old lists of orders (旧工单台账) as opening records: one row is one order in the state its columns show."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hongyao_desktop.core import dates
from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.desk import ImportPlan, ImportTarget, Reader, SheetFacts, SheetRow, Writer
from hongyao_desktop.core.problem import Level, Problem, has_errors
from hongyao_desktop.orders.imports.columns import FIELDS, is_masked
from hongyao_desktop.orders.queries import lookups
from hongyao_desktop.orders.records.orders import ORDERS
from hongyao_desktop.orders.records.states import Matter, Outcome, Side, State, Word
from hongyao_desktop.orders.rules.limits import due_day
from hongyao_desktop.orders.service.bulk import Opening, bulk_opening
from hongyao_desktop.volunteers.imports.matching import Roster
from hongyao_desktop.volunteers.imports.places import Soundness, Units, place_problem, source_of, written

_YES = frozenset({"是", "有", "√", "✓", "1"})
_NOT = frozenset({"", "否", "无", "没有", "×", "0", "-", "—", "/"})
_MOST_TOLD = 300
_TAKEN_BEFORE = frozenset({"import.known", "import.repeat"})


@dataclass(slots=True)
class _Plan:
    """What one run of planning keeps beside the rows."""

    reader: Reader
    units: Units
    home: str | None
    today: dt.date
    sound: Soundness
    roster: Roster
    rules: lookups.Rules
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    count: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("读到件数", "已登记过", "表内重复", "退回"), 0)
    )


def plan(reader: Reader, facts: SheetFacts, rows: Sequence[SheetRow], clock: Clock) -> ImportPlan:
    """What importing this list would do. Writes nothing."""
    units = Units(reader)
    home = units.of_sheet(facts)
    today = clock.today()
    helpers = [str(row.values["helper"]) for row in rows if row.values.get("helper")]
    work = _Plan(
        reader,
        units,
        home.unit_id,
        today,
        Soundness(FIELDS, today),
        Roster(reader, helpers),
        lookups.rules(reader),
    )
    problems = list(home.problems)
    items: list[tuple[int, Opening]] = []
    for row in rows:
        if row.kind != "data" or not any(written(row, name) for name in ("resident", "topic", "asked_on")):
            continue
        work.count["读到件数"] += 1
        opening, found = _plan_row(work, row, source_of(facts, row))
        problems += [place_problem(problem, row) for problem in found]
        if opening is None:
            # A cell that could not be read was objected to when it was read, not here.
            work.count["退回"] += not any(problem.code in _TAKEN_BEFORE for problem in found)
        else:
            items.append((row.number, opening))
    states = [opening.state for _, opening in items]
    summary = {name: str(number) for name, number in work.count.items()}
    summary |= {
        "可登记": str(len(items)),
        "已办结": str(sum(state in (State.COMPLETED, State.RATED) for state in states)),
        "已评单": str(sum(state is State.RATED for state in states)),
    }
    return ImportPlan(tuple(items), tuple(problems), summary)


def _plan_row(work: _Plan, row: SheetRow, source: str) -> tuple[Opening | None, list[Problem]]:
    values = {name: value for name, value in row.values.items() if value is not None}
    found = [
        Problem(Level.ERROR, "import.blank", f"没有填写{item.label}", item.name)
        for item in FIELDS
        if item.required and not written(row, item.name)
    ]
    if has_errors(found) or not work.sound(row):
        return None, found
    found += _day_problems(values) + _state_problems(values)
    if has_errors(found):
        return None, found
    if is_masked(values.get("phone")):
        del values["phone"]
    _read_deliberation(values)
    found += _outcome_problems(values)
    if has_errors(found):
        return None, found
    known = _known(work, values, row.number)
    if known is not None:
        return None, [*found, known]
    found += _number_problems(work, values, row.number)
    asked = dt.date.fromisoformat(values["asked_on"])
    lists = work.rules.lists.nearest(asked)
    values["channel"] = _channel(lists.channels, values.get("channel"), found)
    values["kind"] = values.get("kind") or lists.kind_of(values["topic"])
    values["matter"] = values.get("matter") or Matter.NEED.value
    shown = values.pop("unit_name", None)
    values["unit_id"] = (work.units.named(shown, work.home) if shown else None) or work.home
    if shown and work.units.named(shown, work.home) is None and shown not in source:
        message = f"组织体系里没有“{shown}”，先归到填报单位"
        found.append(Problem(Level.WARNING, "import.unit", message, "unit_name"))
    if values["unit_id"] is None:
        message = "组织体系里还没有本单位，请先登记组织再导入"
        return None, [*found, Problem(Level.ERROR, "import.unit", message, "unit_name")]
    return _opening(work, values, source, found), found


def _opening(work: _Plan, values: dict[str, Any], source: str, found: list[Problem]) -> Opening:
    """The order in the state its columns show: rated, finished, given to somebody, or just asked for."""
    word = values.pop("word", None)
    helper = values.get("helper")
    if helper:
        match = work.roster.match({"name": helper})
        own = match.row is not None and _serves_himself(work, values, match.row["id"], found)
        if match.row is not None and not own:
            values["volunteer_id"] = match.row["id"]
        elif not own:
            message = f"接单人{helper}没有对应到花名册，按姓名文字保留"
            found.append(Problem(Level.WARNING, "import.helper", message, "helper"))
    state = _state_of(values, word, found)
    completed = values.get("completed_on")
    if completed:
        values["outcome"] = values.get("outcome") or Outcome.SOLVED.value
    if word and not completed:
        found.append(
            Problem(Level.WARNING, "import.rating", "有评价但没有完成日期，评价没有带入，请补填", "word")
        )
    stood = dt.date.fromisoformat(completed or values["asked_on"])
    due = due_day(
        work.rules.limits.nearest(stood),
        state,
        values["channel"],
        stood,
        overrides=work.rules.workdays,
    )
    values |= {
        "source": source,
        "due_on": due.isoformat() if due else None,
        "finish_due_on": due.isoformat() if due and state is State.ACCEPTED else None,
        "closed_on": stood.isoformat() if state.closed else None,
    }
    ratings: tuple[tuple[Side, Word, int], ...] = ()
    if state is State.RATED:
        duties = work.rules.duties.nearest(stood)
        ratings = ((Side.RESIDENT, Word(word), duties.usual_score(Word(word))),)
    return Opening(values=values, state=state, ratings=ratings)


def _serves_himself(work: _Plan, values: dict[str, Any], volunteer_id: str, found: list[Problem]) -> bool:
    """Whether who took the order is who asked for it: his name is kept, but it is no service of a volunteer.

    Without a telephone number two people of one name cannot be told apart; that is pointed at.
    """
    if lookups.asked_by(work.reader, {"phone": None, **values}, volunteer_id):
        message = f"接单人{values['helper']}就是诉求人，自己的事不算志愿服务，按姓名文字保留"
        found.append(Problem(Level.WARNING, "import.own", message, "helper"))
        return True
    if not values.get("phone") and values["helper"] == values["resident"]:
        message = f"接单人与诉求人同名（{values['helper']}），没有电话可以核对，请核对是不是本人"
        found.append(Problem(Level.WARNING, "import.own", message, "helper"))
    return False


_DOUBT = re.compile(r"未|无法|不能|没有|没法|拒|失败|不了|暂缓")


def _outcome_problems(values: dict[str, Any]) -> list[Problem]:
    """Words of the clerk's own below 办理结果 go to 办理情况; where they may mean failure, the clerk is asked."""
    shown = values.get("outcome")
    if shown is None or shown in tuple(Outcome):
        return []
    told = "；".join(part for part in (shown, values.get("result")) if part)
    if _DOUBT.search(shown):
        message = f"办理结果“{shown}”看不出解决没有，请写明已解决、部分解决或未解决，原话写到办理情况"
        return [Problem(Level.ERROR, "import.outcome", message, "outcome")]
    if len(told) > _MOST_TOLD:
        message = f"办理结果有 {len(told)} 个字，最多 {_MOST_TOLD} 个字，请缩短"
        return [Problem(Level.ERROR, "import.outcome", message, "outcome")]
    del values["outcome"]
    values["result"] = told
    message = "办理结果写的是办理经过，记到办理情况里，办结的按已解决登记，请核对"
    return [Problem(Level.WARNING, "import.outcome", message, "outcome")]


def _read_deliberation(values: dict[str, Any]) -> None:
    """A list may only say yes or no; where it says no, nothing was talked over."""
    said = str(values.get("deliberated_at") or "").strip()
    if said in _NOT:
        values.pop("deliberated_at", None)
    elif said in _YES:
        values["deliberated_at"] = "议事协商"


def _state_of(values: dict[str, Any], word: str | None, found: list[Problem]) -> State:
    """The state a row shows: as its own column says, else by the finishing day, the rating and who took it."""
    told = values.pop("state", None)
    if values.get("completed_on"):
        return State.RATED if word else State.COMPLETED
    if told is not None and State(told).closed:
        return State(told)
    if told == State.ACCEPTED and not values.get("volunteer_id"):
        message = f"状态是“{told}”，没有对应到接单人，先放在待派单"
        found.append(Problem(Level.WARNING, "import.state", message, "state"))
        return State.DECIDED
    if told == State.DISPATCHED and not values.get("volunteer_id"):
        return State.DECIDED
    if told is not None:
        return State(told)
    return State.ACCEPTED if values.get("volunteer_id") else State.ASKED


def _state_problems(values: dict[str, Any]) -> list[Problem]:
    """A state that does not agree with the finishing day."""
    told, completed = values.get("state"), values.get("completed_on")
    finished = told in (State.COMPLETED, State.RATED)
    if told and completed and not finished:
        message = f"状态是“{told}”，又有完成日期，请核对后改成一致"
        return [Problem(Level.ERROR, "import.state", message, "state")]
    if finished and not completed:
        message = f"状态是“{told}”，没有完成日期，请补上办结的日期"
        return [Problem(Level.ERROR, "import.state", message, "completed_on")]
    return []


def _number_problems(work: _Plan, values: dict[str, Any], number: int) -> list[Problem]:
    """The same number over another order, on file or further up in the list: both are taken, and it is said."""
    shown = values.get("old_number")
    if not shown:
        return []
    row = work.reader.one("SELECT number FROM service_order WHERE old_number = ? LIMIT 1", (shown,))
    place = work.numbers.setdefault(shown, number)
    if row is None and place == number:
        return []
    where = f"工单 {row['number']} " if row is not None else f"第 {place} 行"
    message = f"工单编号“{shown}”与{where}相同，内容不同，请核对编号"
    return [Problem(Level.WARNING, "import.number", message, "old_number")]


def _day_problems(values: dict[str, Any]) -> list[Problem]:
    completed = values.get("completed_on")
    if completed and completed < values["asked_on"]:
        asked = dates.format_cn(dt.date.fromisoformat(values["asked_on"]))
        message = f"完成日期早于点单日期{asked}，请核对"
        return [Problem(Level.ERROR, "import.completed", message, "completed_on")]
    return []


def _channel(channels: Sequence[str], shown: str | None, found: list[Problem]) -> str:
    if shown is None:
        return channels[-1]
    if shown in channels:
        return shown
    message = f"来源“{shown}”不在清单里，按“{channels[-1]}”登记"
    found.append(Problem(Level.WARNING, "import.channel", message, "channel"))
    return channels[-1]


def _known(work: _Plan, values: dict[str, Any], number: int) -> Problem | None:
    """The same order on file or further up in the list: resident, day and words are the same."""
    key = tuple(str(values[name]) for name in ("resident", "asked_on", "topic"))
    row = work.reader.one(
        "SELECT number FROM service_order WHERE resident = ? AND asked_on = ? AND topic = ?", key
    )
    if row is not None:
        work.count["已登记过"] += 1
        message = f"与工单 {row['number']} 是同一件，不重复登记"
        return Problem(Level.WARNING, "import.known", message, "topic")
    if key in work.seen:
        work.count["表内重复"] += 1
        message = f"与第 {work.seen[key]} 行是同一件，只登记一次"
        return Problem(Level.WARNING, "import.repeat", message, "topic")
    work.seen[key] = number
    return None


def commit(writer: Writer, _facts: SheetFacts, planned: ImportPlan) -> int:
    """Write the plan's orders as opening records; returns how many."""
    return bulk_opening(writer, [opening for _row, opening in planned.items])


TARGET = ImportTarget(
    name="orders",
    label="工单台账",
    fields=FIELDS,
    plan=plan,
    commit=commit,
    register=ORDERS.name,
    help="一行一件，按旧表作期初登记：有完成日期的记为已完成，又有居民评价的记为已评单，其余按状态栏；不产生服务时长。",
)
