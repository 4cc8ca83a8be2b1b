"""m0013: minutes by year, quarter and month in one table, by unit and volunteer, for the boards of any span.

``service_sum`` takes the place of ``service_month`` and ``service_year`` and is derived like ``volunteer_total``.
A span is written 2026, 2026-Q3 or 2026-09. A year by unit also answers the boards of units and teams, which the old
table of years, without units, could not; and a board of half a year reads two quarters instead of six months.
"""

from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.watch import rewatch

_SPAN_COLUMNS = "span, unit_id, volunteer_id, minutes, services"
_QUARTER = "substr({day}, 1, 4) || '-Q' || ((substr({day}, 6, 2) + 2) / 3)"
_SERVED = "COALESCE(NEW.unit_id, ''), NEW.volunteer_id, NEW.minutes, iif(NEW.reverses_id IS NULL, 1, -1)"

STATEMENTS = (
    """
    CREATE TABLE service_sum(
        span TEXT NOT NULL,
        unit_id TEXT NOT NULL,
        volunteer_id TEXT NOT NULL,
        minutes INTEGER NOT NULL,
        services INTEGER NOT NULL,
        PRIMARY KEY(span, unit_id, volunteer_id)
    ) STRICT, WITHOUT ROWID
    """,
    f"""
    INSERT INTO service_sum({_SPAN_COLUMNS})
    SELECT month, unit_id, volunteer_id, minutes, services FROM service_month
    """,
    f"""
    INSERT INTO service_sum({_SPAN_COLUMNS})
    SELECT {_QUARTER.format(day="month")}, unit_id, volunteer_id, SUM(minutes), SUM(services)
    FROM service_month GROUP BY 1, 2, 3
    """,
    f"""
    INSERT INTO service_sum({_SPAN_COLUMNS})
    SELECT substr(month, 1, 4), unit_id, volunteer_id, SUM(minutes), SUM(services)
    FROM service_month GROUP BY 1, 2, 3
    """,
    "DROP TRIGGER service_month_served",
    "DROP TRIGGER service_year_served",
    "DROP TABLE service_month",
    "DROP TABLE service_year",
    f"""
    CREATE TRIGGER service_sum_served AFTER INSERT ON service_record BEGIN
        INSERT INTO service_sum({_SPAN_COLUMNS})
        VALUES (substr(NEW.served_on, 1, 4), {_SERVED}),
            ({_QUARTER.format(day="NEW.served_on")}, {_SERVED}),
            (substr(NEW.served_on, 1, 7), {_SERVED})
        ON CONFLICT(span, unit_id, volunteer_id) DO UPDATE SET
            minutes = minutes + excluded.minutes, services = services + excluded.services;
    END
    """,
    # The boards of teams ask for members only: where nobody is in a team, nothing is added up.
    "CREATE INDEX volunteer_team ON volunteer(id, team) WHERE team <> ''",
)


def upgrade(connection: Connection) -> None:
    """Note the shape of ``volunteer`` again although it stays, so that a rebuilt file has this step too."""
    rewatch(connection, "volunteer")
