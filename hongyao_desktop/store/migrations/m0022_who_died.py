"""m0022: the few people who died (去世), found without looking at everybody: boards leave them out."""

from hongyao_desktop.store.driver import Connection
from hongyao_desktop.store.watch import rewatch

STATEMENTS = ("CREATE INDEX person_died ON person(id) WHERE status = '去世'",)


def upgrade(connection: Connection) -> None:
    """Note the shape of ``person`` again although it stays, so that a rebuilt file has this step too."""
    rewatch(connection, "person")
