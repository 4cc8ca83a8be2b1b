"""Examples of rules that the program brings along (自带样例), for files made by an earlier version that lack some.

A new office gets every rule set of ``resources/rules/``. An office already at work keeps what it has: what a later
version brings is shown to it as "未收入" and goes into its file only when somebody takes it in.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.volunteers.rules.forms import EXAMPLE, FORMS, RuleForm, form_of

NOT_TAKEN: Final = "未收入"
"""The state of an example that the program has and the office file has not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """One example as the program brings it: the columns of ``rule_set``, ``body`` as JSON text."""

    kind: str
    name: str
    version: int
    effective_on: str
    source: str
    body: str

    @property
    def id(self) -> str:
        """A key that no row of the file has."""
        return f"shipped/{self.kind}/{self.name}/{self.version}"

    def columns(self) -> Row:
        """What is written when it is taken in."""
        return asdict(self)


def read_shipped(folder: Path) -> tuple[Shipped, ...]:
    """The examples among the rule sets in ``folder``, by the names of their files."""
    found = []
    for path in sorted(folder.glob("*.json")):
        rule = json.loads(path.read_text(encoding="utf-8"))
        if rule["kind"].endswith(EXAMPLE):
            body = json.dumps(rule["body"], ensure_ascii=False)
            found.append(Shipped(**{**rule, "body": body}))
    return tuple(found)


def missing(reader: Reader, shipped: Sequence[Shipped], forms: Sequence[RuleForm] = FORMS) -> list[Shipped]:
    """Those of ``shipped`` that belong to ``forms`` and are not in the file, by kind, name and version."""
    known = {
        (row["kind"], row["name"], row["version"])
        for row in reader.all("SELECT kind, name, version FROM rule_set")
    }
    return [
        one
        for one in shipped
        if form_of(one.kind, forms) is not None and (one.kind, one.name, one.version) not in known
    ]


def as_row(one: Shipped, label: str) -> Row:
    """An example not taken in as a line of the bench, like the rows of the file."""
    return {**one.columns(), "id": one.id, "status": "有效", "label": label, "state": NOT_TAKEN}
