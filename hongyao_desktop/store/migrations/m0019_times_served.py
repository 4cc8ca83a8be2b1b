"""m0019: hours taken over from older books are no time of service (服务次数不含期初转入).

``volunteer_total.services`` counted them as one, while they stand for years; the certificate says how often somebody
served, and the register beside it has to say the same.
"""

from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.watch import rewatch

STATEMENTS = (
    """
    UPDATE volunteer_total SET services = services - (
        SELECT SUM(iif(service.reverses_id IS NULL, 1, -1)) FROM service_record AS service
        WHERE service.volunteer_id = volunteer_total.volunteer_id AND service.title = '期初时长'
    ) WHERE volunteer_id IN (SELECT volunteer_id FROM service_record WHERE title = '期初时长')
    """,
    "DROP TRIGGER volunteer_total_served",
    """
    CREATE TRIGGER volunteer_total_served AFTER INSERT ON service_record BEGIN
        UPDATE volunteer_total SET
            signed_minutes = signed_minutes + iif(NEW.evidence = '签到', NEW.minutes, 0),
            made_up_minutes = made_up_minutes + iif(NEW.evidence = '补录', NEW.minutes, 0),
            imported_minutes = imported_minutes + iif(NEW.evidence = '导入', NEW.minutes, 0),
            services = services + iif(NEW.title = '期初时长', 0, iif(NEW.reverses_id IS NULL, 1, -1))
        WHERE volunteer_id = NEW.volunteer_id;
    END
    """,
)


def upgrade(connection: Connection) -> None:
    """Note the shape of ``volunteer`` again although it stays, so that a rebuilt file has this step too."""
    rewatch(connection, "volunteer")
