"""What the volunteers room shows to the rest of the program."""

from __future__ import annotations

from hongyao_desktop.core.desk import Desk, Role
from hongyao_desktop.core.module import Module
from hongyao_desktop.volunteers.imports import goods as goods_lists
from hongyao_desktop.volunteers.imports import openings
from hongyao_desktop.volunteers.imports import service_records as service_sheets
from hongyao_desktop.volunteers.imports import spots as spot_lists
from hongyao_desktop.volunteers.imports import volunteers as rosters
from hongyao_desktop.volunteers.papers import PAPERS
from hongyao_desktop.volunteers.queries import clashes, lookups, shop_figures, spans, spending
from hongyao_desktop.volunteers.queries import shop as shop_queries
from hongyao_desktop.volunteers.queries.figures import FIGURES
from hongyao_desktop.volunteers.records.care import REGISTERS as CARE
from hongyao_desktop.volunteers.records.certificates import CERTIFICATES
from hongyao_desktop.volunteers.records.photos import PHOTOS
from hongyao_desktop.volunteers.records.points import POINTS, SPOTS
from hongyao_desktop.volunteers.records.services import ACTIVITIES, SERVICES
from hongyao_desktop.volunteers.records.shop import GOODS, MOVEMENTS, REDEMPTIONS
from hongyao_desktop.volunteers.records.volunteers import VOLUNTEERS
from hongyao_desktop.volunteers.service import activities, enrolment, shop, spots

__all__ = ["MODULE", "PAPERS"]

_CLERKS = (Role.ENTRY, Role.REVIEW)

MODULE = Module(
    name="volunteers",
    label="志愿积分",
    desks=(
        Desk(
            register=VOLUNTEERS,
            check=enrolment.check_volunteer,
            save=enrolment.save_volunteer,
            roles=_CLERKS,
        ),
        Desk(
            register=ACTIVITIES, check=activities.check_activity, save=activities.save_activity, roles=_CLERKS
        ),
        Desk(register=SERVICES),
        Desk(register=POINTS),
        Desk(register=SPOTS, check=spots.check_spot, save=spots.save_spot, roles=_CLERKS),
        Desk(register=PHOTOS),
        Desk(register=GOODS, check=shop.check_good, save=shop.save_good, roles=_CLERKS),
        Desk(register=MOVEMENTS),
        Desk(register=REDEMPTIONS),
        *(Desk(register=register) for register in CARE),
        Desk(register=CERTIFICATES),
    ),
    figures=(*FIGURES, *shop_figures.FIGURES),
    targets=(rosters.TARGET, service_sheets.TARGET, spot_lists.TARGET, goods_lists.TARGET, openings.TARGET),
    checks=(
        lookups.total_faults,
        spending.link_faults,
        spans.sum_faults,
        clashes.overlap_faults,
        shop_queries.stock_faults,
        shop_queries.redemption_faults,
    ),
)
