"""Tables of the work summary that no single figure holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hongyao_desktop.core.desk import Reader
from hongyao_desktop.core.figure import Figure, Period, Scope
from hongyao_desktop.people import queries as people


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit's line: its name and one stored integer for each figure asked for."""

    unit: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FundMonth:
    """One month of all funds of a scope, in 分; the balance is that at the end of the month or of the period."""

    month: str
    in_fen: int
    out_fen: int
    balance_fen: int


def by_unit(
    reader: Reader, figures: Sequence[Figure], period: Period, unit_id: str, unit: str
) -> list[UnitLine]:
    """The same figures for each unit directly below, and for the unit's own level (本级) where it has any.

    Every line is the figure itself over a smaller scope, so for figures that count records the lines add up to it.
    """
    below = people.units_below(reader, unit_id)
    scopes = [people.own_scope(unit_id, f"{unit}本级" if below else unit)]
    scopes += [people.unit_scope(row["id"], row["name"]) for row in below]
    lines = [
        UnitLine(scope.label, tuple(figure.value(reader, period, scope) for figure in figures))
        for scope in scopes
    ]
    return [line for line in lines if any(line.values) or not below]


def by_month(reader: Reader, figure: Figure, day: str, period: Period, scope: Scope) -> list[tuple[str, int]]:
    """A summed figure month by month (YYYY-MM) by its own rows, so that the months add up to the figure.

    ``day`` is the column of its rows that holds the date. Months without records are 0.
    """
    rows = reader.all(
        f"WITH RECURSIVE {scope.sql} SELECT substr({day}, 1, 7) AS month, {figure.measure} AS value "
        f"FROM ({figure.rows}) GROUP BY month",
        {"first": period.first.isoformat(), "last": period.last.isoformat(), **scope.params},
    )
    found = {row["month"]: int(row["value"]) for row in rows}
    first, last = period.first, period.last
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    months = (divmod(first.year * 12 + first.month - 1 + step, 12) for step in range(count))
    return [(key, found.get(key, 0)) for year, month in months for key in (f"{year:04d}-{month + 1:02d}",)]


def fund_months(reader: Reader, period: Period, scope: Scope) -> list[FundMonth]:
    """Income, expense and balance of all funds of the scope, month by month within the period.

    Opening balances (期初) are no income; they are part of the balance only.
    """
    rows = reader.all(
        f"""
        WITH RECURSIVE {scope.sql}, day AS (
            SELECT fund_day.day, direction, in_fen, out_fen FROM fund_day
            JOIN fund ON fund.id = fund_day.fund_id
            JOIN fund_category ON fund_category.id = fund_day.category_id
            WHERE fund.unit_id IN (SELECT id FROM scope) AND fund_day.day <= :last
        )
        SELECT substr(day, 1, 7) AS month, day < :first AS before,
               SUM(CASE WHEN direction <> '期初' THEN in_fen ELSE 0 END) AS in_fen, SUM(out_fen) AS out_fen,
               SUM(in_fen - out_fen) AS net_fen
        FROM day GROUP BY before, month ORDER BY before DESC, month
        """,
        {"first": period.first.isoformat(), "last": period.last.isoformat(), **scope.params},
    )
    balance = 0
    months: list[FundMonth] = []
    for row in rows:
        balance += row["net_fen"]
        if not row["before"]:
            months.append(FundMonth(row["month"], row["in_fen"], row["out_fen"], balance))
    return months
