"""The roster (名册) of a unit as of a day, in the same scope and by the same rule as the figure 在册志愿者."""

from __future__ import annotations

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.figure import Period, Scope
from hongyao_desktop.volunteers.queries.figures import ON_REGISTER


def roster(reader: Reader, period: Period, scope: Scope) -> list[Row]:
    """Volunteers on the register at the end of the period, by number, with their lifetime totals."""
    return reader.all(
        f"""
        WITH RECURSIVE {scope.sql}
        SELECT * FROM volunteer_view WHERE id IN (SELECT id FROM ({ON_REGISTER})) ORDER BY number
        """,
        {"first": period.first.isoformat(), "last": period.last.isoformat(), **scope.params},
    )
