"""What people and units show to the rest of the program."""

from __future__ import annotations

from hongyao_desktop.core.desk import Desk, Role
from hongyao_desktop.core.module import Module
from hongyao_desktop.people import queries, service
from hongyao_desktop.people.records import PEOPLE, UNITS

MODULE = Module(
    name="people",
    label="人员与组织",
    desks=(
        Desk(
            register=PEOPLE,
            check=service.check_person,
            save=service.save_person,
            roles=(Role.ENTRY, Role.REVIEW),
        ),
        Desk(
            register=UNITS,
            check=service.check_unit,
            save=service.save_unit,
            roles=(Role.ENTRY, Role.SYSTEM_ADMIN),
        ),
    ),
    figures=queries.FIGURES,
)
