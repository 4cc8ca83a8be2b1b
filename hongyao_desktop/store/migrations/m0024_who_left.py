"""m0024: the few volunteers who are not in service, found without looking at everybody: boards leave them out."""

from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.watch import rewatch

STATEMENTS = ("CREATE INDEX volunteer_out ON volunteer(id) WHERE status <> '在册'",)


def upgrade(connection: Connection) -> None:
    """Note the shape of ``volunteer`` again although it stays, so that a rebuilt file has this step too."""
    rewatch(connection, "volunteer")
