"""Second keying of long hours (时长复核): the length is read from the paper once more; another length stays red."""

from __future__ import annotations

from hongyao_desktop.core.desk import Role, Writer, require
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries import rechecks as queries


def recheck(writer: Writer, record_id: str, minutes: int) -> bool:
    """Key the length of a long service again; returns whether it is the one on file.

    What was keyed stays on file either way. Refused where nothing has to be keyed twice.
    """
    require(writer, Role.ENTRY, Role.REVIEW)
    row = lookups.service(writer, record_id)
    if minutes <= 0:
        raise Refusal("时长要大于 0")
    if not queries.is_open(writer, record_id, writer.clock.today()):
        raise Refusal(f"{row['name']}的这条时长不用复核，或者已经复核相符")
    agrees = bool(minutes == row["minutes"])
    writer.insert(
        "service_recheck",
        {
            "service_record_id": record_id,
            "minutes": minutes,
            "agrees": int(agrees),
            "keyed_on": writer.clock.today().isoformat(),
            "keyed_by": writer.who.name,
        },
    )
    return agrees
