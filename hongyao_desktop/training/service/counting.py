"""Counting 学时: what a mark is worth is written beside it with the rule, and counted again only when asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hongyao_desktop.core.desk import Role, Row, Writer, require
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.training import queries, rules
from hongyao_desktop.training.queries import Difference


def worth(rule: RuleSet, session: Row, mark: str) -> dict[str, Any]:
    """The columns of an attendance that follow from its mark: minutes, 学时, the rule and the sentence why."""
    credit = rules.credit_of(rule, session["part"], session["minutes"], mark)
    return {
        "minutes": credit.minutes,
        "credit": credit.credit,
        "rule_id": rule.id,
        "explanation": credit.explanation,
    }


def recount_session(writer: Writer, session_id: str) -> int:
    """Count the marks of one session again after its day, part or length was corrected; returns how many changed."""
    session = queries.session(writer, session_id)
    if session is None:
        raise Refusal("课次不在台账里，请重新选择")
    marked = writer.all("SELECT * FROM attendance WHERE session_id = ?", (session_id,))
    clashes = queries.elsewhere(writer, session, [row["trainee_id"] for row in marked if row["minutes"] > 0])
    for row in clashes.values():
        raise Refusal(
            f"{row['person_name']} {row['held_on']} {row['part']}已在“{row['class_name']}”点到，课次不能改到这个时段"
        )
    rule = queries.credit_rule(writer, session["held_on"])
    changed = 0
    for row in marked:
        values = worth(rule, session, row["mark"])
        if any(row[name] != value for name, value in values.items()):
            writer.update("attendance", row["id"], values)
            changed += 1
    return changed


def recount(writer: Writer, shown: Sequence[Difference], period: Period, class_id: str | None) -> int:
    """Write the difference list that was shown; returns how many rows changed.

    Refuses when the list is no longer what counting again would give, so that nothing is written unseen.
    """
    require(writer, Role.REVIEW)
    if list(shown) != queries.differences(writer, period, class_id):
        raise Refusal("点名或规则刚刚有变动，差异与看到的不同，请重新核算再确认")
    for difference in shown:
        writer.update(
            "attendance",
            difference.attendance_id,
            {
                "minutes": difference.after.minutes,
                "credit": difference.after.credit,
                "rule_id": difference.rule_id,
                "explanation": difference.after.explanation,
            },
        )
    return len(shown)
