"""Training of a demonstration street: classes of every tier over the last months, called roll by roll."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.training import service
from hongyao_desktop.training.service import Mark

_CLASSES = (
    ("村（社区）党组织书记培训班", "头雁", "脱产", 3, 9),
    ("社区后备力量“雏雁”培训班", "雏雁", "脱产", 2, 7),
    ("党务干部业务示范班", "红雁", "现场", 1, 5),
    ("社区工作者能力提升班", "群雁", "脱产", 2, 3),
    ("基层治理网络课堂", "群雁", "网络", 1, 2),
    ("微党课讲评会", "红雁", "现场", 1, 1),
)
_CATEGORIES = ("村（社区）书记", "村（社区）班子成员", "社区工作者", "党员")
_POSTS = ("党委书记", "党委副书记", "党务专员", "社区工作者")
_MARKS = ("到", "迟到", "请假", "缺勤")
_WEIGHTS = (88, 5, 5, 2)


def make_classes(
    writer: Writer, cadres: Sequence[str], chance: random.Random, today: dt.date
) -> tuple[int, int]:
    """Cadres with their categories, then each class with its sessions and rolls; returns (classes, marks)."""
    for order, person_id in enumerate(cadres):
        kind = order % len(_CATEGORIES)
        values = {
            "person_id": person_id,
            "category": _CATEGORIES[kind],
            "post": _POSTS[kind],
            "from_on": f"{today.year - 1 - order % 4}-01-01",
        }
        if order % 29 == 28:
            values |= {"exempt_reason": "年老体弱", "exempt_from": f"{today.year}-01-01"}
        service.save_cadre(writer, values, None)
    marks = 0
    for name, tier, form, days, months_ago in _CLASSES:
        first = _monday(today - dt.timedelta(days=30 * months_ago))
        marks += _one_class(writer, (name, tier, form), first, days, cadres, chance)
    return len(_CLASSES), marks


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _one_class(
    writer: Writer,
    what: tuple[str, str, str],
    first: dt.date,
    days: int,
    cadres: Sequence[str],
    chance: random.Random,
) -> int:
    name, tier, form = what
    last = first + dt.timedelta(days=days - 1)
    values = {
        "name": f"{first.year}年{name}",
        "tier": tier,
        "form": form,
        "starts_on": first.isoformat(),
        "ends_on": last.isoformat(),
        "planned_credit": days * 800,
        "host": "样例街道党工委",
        "place": "街道党校",
        "status": "结业",
    }
    class_id = service.save_class(writer, values, None)
    people = chance.sample(list(cadres), min(len(cadres), 40))
    trainees = [
        service.enrol_trainee(writer, class_id, person, post=chance.choice(_POSTS)) for person in people
    ]
    marks = 0
    for offset in range(days):
        for part in ("上午", "下午"):
            session = service.hold_session(writer, class_id, first + dt.timedelta(days=offset), part)
            roll = []
            for trainee in trainees:
                mark = chance.choices(_MARKS, _WEIGHTS)[0]
                roll.append(Mark(trainee, mark, "因公" if mark == "请假" else None))
            marks += service.call_roll(writer, session, roll)
    return marks
