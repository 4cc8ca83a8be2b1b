"""Sign-in sheets as the intake room hands them over: mapped columns by field name, the others by their header."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.desk import ImportPlan, SheetFacts, SheetRow
from hongyao_desktop.store import Office
from hongyao_desktop.training.imports.sign_in import SIGN_IN

_MAPPED = {"姓名": "name", "单位及职务": "post", "手机": "phone", "证件号码": "id_number", "备注": "note"}


class SignInSheet:
    """A sheet with a head of one class; rows are written as in the file."""

    def __init__(
        self,
        *headers: str,
        title: str = "2026年书记培训班签到表",
        lines: Mapping[str, str] | None = None,
        file_name: str = "签到表.xlsx",
    ) -> None:
        self.headers = headers
        self.facts = SheetFacts(
            file_name, "0" * 64, "签到", title, lines or {"时间": "2026年5月11日—13日", "计划学时": "24"}
        )
        self.rows: list[SheetRow] = []

    def add(self, *cells: str, kind: str = "data") -> SignInSheet:
        names = [_MAPPED.get(header, header) for header in self.headers]
        raw = dict(zip(names, cells, strict=True))
        values = {name: raw[name].strip() or None for name in names if name in _MAPPED.values()}
        columns = {name: "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[place] for place, name in enumerate(names)}
        self.rows.append(SheetRow(len(self.rows) + 4, values, raw, columns, kind))
        return self

    def add_all(self, rows: Iterable[Sequence[str]]) -> SignInSheet:
        for row in rows:
            self.add(*row)
        return self

    def plan(self, office: Office, clock: Clock | None = None) -> ImportPlan:
        return SIGN_IN.plan(office.reader(), self.facts, self.rows, clock or office.clock)

    def take(self, office: Office) -> tuple[ImportPlan, int]:
        """Plan and write, as one import does; returns the plan and how many marks were written."""
        found = self.plan(office)
        written = office.transact(
            "导入培训签到表", lambda writer: SIGN_IN.commit(writer, self.facts, found)
        ).result
        return found, written
