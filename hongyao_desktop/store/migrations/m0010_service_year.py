"""m0010: minutes by year and volunteer, for boards; and rules that older offices do not have yet.

``service_year`` is derived like ``volunteer_total``; its index makes the board of a whole street fifty rows long.
An office that works by rules already gets the new kinds of rules in their mildest form: nothing is cleared, nothing
waits for approval.
"""

import json

from hongyao_desktop.core.clock import SystemClock
from hongyao_desktop.core.ids import new_id
from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.watch import rewatch

STATEMENTS = (
    """
    CREATE TABLE service_year(
        year TEXT NOT NULL,
        volunteer_id TEXT NOT NULL,
        minutes INTEGER NOT NULL,
        services INTEGER NOT NULL,
        PRIMARY KEY(year, volunteer_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    INSERT INTO service_year(year, volunteer_id, minutes, services)
    SELECT substr(served_on, 1, 4), volunteer_id, SUM(minutes), SUM(iif(reverses_id IS NULL, 1, -1))
    FROM service_record GROUP BY 1, 2
    """,
    "CREATE INDEX service_year_board ON service_year(year, minutes)",
    """
    CREATE TRIGGER service_year_served AFTER INSERT ON service_record BEGIN
        INSERT INTO service_year(year, volunteer_id, minutes, services)
        VALUES (substr(NEW.served_on, 1, 4), NEW.volunteer_id, NEW.minutes, iif(NEW.reverses_id IS NULL, 1, -1))
        ON CONFLICT(year, volunteer_id) DO UPDATE SET
            minutes = minutes + excluded.minutes, services = services + excluded.services;
    END
    """,
)

_RULES = (
    ("volunteer-expiry", "积分结转办法", {"mode": "不清零", "years": 0, "month_day": "12-31"}),
    ("volunteer-approval", "积分认定办法", {"steps": [], "public_days": 0}),
    (
        "volunteer-conduct",
        "志愿服务失信办法",
        {
            "deductions": {"缺席": "5", "投诉": "10", "恶意行为": "50", "虚报时长": "50"},
            "blacklist": {"缺席": 5, "恶意行为": 3},
            "blacklist_points": None,
            "blacklist_days": 365,
            "bar_years": 1,
        },
    ),
    (
        "volunteer-signals",
        "时长疑点标准",
        {"burst_minutes": 2, "burst_records": 40, "least_records": 10, "night_from": 22, "night_until": 6},
    ),
)
_SOURCE = "程序升级时带入的初始办法，请按本地文件修改。"


def upgrade(connection: Connection) -> None:
    """Give an office with points rules the kinds it lacks.

    The shape of ``rule_set`` is noted again although it stays: a step that leaves no image in the journal would be
    missing from a file that is rebuilt from its log.
    """
    rewatch(connection, "rule_set")
    at_work = connection.execute("SELECT 1 FROM rule_set WHERE kind = 'volunteer-points' LIMIT 1").fetchone()
    if at_work is None:
        return
    clock = SystemClock()
    for kind, name, body in _RULES:
        known = connection.execute("SELECT 1 FROM rule_set WHERE kind = ? LIMIT 1", (kind,)).fetchone()
        if known is None:
            connection.execute(
                "INSERT INTO rule_set(id, kind, name, version, effective_on, source, body)"
                " VALUES (?, ?, ?, 1, '2018-01-01', ?, ?)",
                (new_id(clock), kind, name, _SOURCE, json.dumps(body, ensure_ascii=False)),
            )
