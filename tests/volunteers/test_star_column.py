"""The star column of the list agrees with the rule that is printed on papers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.queries.life import rank_of_row
from hongyao_desktop.volunteers.queries.shelf import stars_rules

CASES = [
    (0, 0, 0, 0),
    (5999, 0, 0, 0),
    (6000, 0, 0, 99),
    (3000, 2000, 1000, 100_000),
    (90_000, 0, 0, -500),
    (18_000, 0, 0, 300_000),
]


@pytest.mark.parametrize("example", [None, "龙泉驿区", "某社区"])
def test_stars_in_the_list_are_those_of_the_rule(
    office: Office, enrol: Callable[..., str], example: str | None
) -> None:
    people = [enrol(f"志愿{chr(0x4E00 + n)}") for n in range(len(CASES))]

    def prepare(writer: Writer) -> int:
        for volunteer_id, (signed, made_up, imported, points) in zip(people, CASES, strict=True):
            writer.execute(
                "UPDATE volunteer_total SET signed_minutes = ?, made_up_minutes = ?, imported_minutes = ?, points = ? "
                "WHERE volunteer_id = ?",
                (signed, made_up, imported, points, volunteer_id),
            )
        if example:
            rule = writer.one(
                "SELECT * FROM rule_set WHERE name LIKE ? AND kind LIKE 'volunteer-stars%'", (f"{example}%",)
            )
            assert rule is not None
            body = rule["body"].replace('"导入"]', '"签到"]') if example == "某社区" else rule["body"]
            changed = {"id": None, "kind": "volunteer-stars", "effective_on": "2026-01-01", "body": body}
            writer.insert("rule_set", {**rule, **changed})
        return writer.op_seq

    office.transact("准备", prepare)
    rule = stars_rules(office.reader()).on(office.clock.today())
    rows = office.reader().all("SELECT * FROM volunteer_view ORDER BY number")
    expected = [rank_of_row(rule, row).reached for row in rows]
    assert [len(row["stars"]) for row in rows] == expected
    assert len(set(expected)) >= 2
