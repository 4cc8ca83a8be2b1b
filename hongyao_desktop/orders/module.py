"""What the orders room shows to the rest of the program."""

from __future__ import annotations

from hongyao_desktop.core.desk import Desk, Role
from hongyao_desktop.core.module import Module
from hongyao_desktop.orders.imports import orders as order_lists
from hongyao_desktop.orders.queries import lookups
from hongyao_desktop.orders.queries.figures import FIGURES
from hongyao_desktop.orders.records.ledgers import EVENTS, RATINGS, STEPS
from hongyao_desktop.orders.records.orders import ORDERS
from hongyao_desktop.orders.service import taking

MODULE = Module(
    name="orders",
    label="服务工单",
    desks=(
        Desk(
            register=ORDERS, check=taking.check_order, save=taking.save_order, roles=(Role.ENTRY, Role.REVIEW)
        ),
        Desk(register=STEPS),
        Desk(register=EVENTS),
        Desk(register=RATINGS),
    ),
    figures=FIGURES,
    targets=(order_lists.TARGET,),
    checks=(lookups.number_faults, lookups.life_faults, lookups.hours_faults, lookups.rest_faults),
)
