"""The ordered tuple of modules: what exists in the program, in the order it is shown."""

from __future__ import annotations

from hongyao_desktop.briefing.module import MODULE as PAPERS
from hongyao_desktop.core.desk import ImportTarget
from hongyao_desktop.core.figure import Figure
from hongyao_desktop.core.module import Module
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.register import Register
from hongyao_desktop.fund.module import MODULE as FUND
from hongyao_desktop.intake.plain import plain_target
from hongyao_desktop.orders.module import MODULE as ORDERS
from hongyao_desktop.people.module import MODULE as PEOPLE
from hongyao_desktop.training.module import MODULE as TRAINING
from hongyao_desktop.volunteers.module import MODULE as VOLUNTEERS

MODULES: tuple[Module, ...] = (VOLUNTEERS, ORDERS, TRAINING, FUND, PEOPLE, PAPERS)
REGISTERS: tuple[Register, ...] = tuple(register for module in MODULES for register in module.registers)
FIGURES: tuple[Figure, ...] = tuple(figure for module in MODULES for figure in module.figures)


def _targets() -> tuple[ImportTarget, ...]:
    """The modules' own targets, and a plain one for every register with a form that has none of its own."""
    own = tuple(target for module in MODULES for target in module.targets)
    taken = {target.register for target in own}
    desks = (desk for module in MODULES for desk in module.desks)
    plain = tuple(
        plain_target(desk, REGISTERS) for desk in desks if desk.save and desk.register.name not in taken
    )
    return own + plain


CHECKS = tuple(check for module in MODULES for check in module.checks)
TARGETS: tuple[ImportTarget, ...] = _targets()


def find_register(name: str) -> Register:
    """A register by its name (volunteers) or label (志愿者)."""
    for register in REGISTERS:
        if name in (register.name, register.label):
            return register
    raise Refusal(f"没有叫“{name}”的台账，可用的有：{_listed(REGISTERS)}", exit_code=2)


def find_target(name: str) -> ImportTarget:
    """An import target by its name, its label, or the label of its register."""
    for target in TARGETS:
        if name in (target.name, target.label, target.register, find_register(target.register).label):
            return target
    raise Refusal(f"“{name}”不能导入，可以导入的有：{_listed(TARGETS)}", exit_code=2)


def find_figure(code: str) -> Figure:
    """A figure by its code."""
    for figure in FIGURES:
        if figure.code == code.upper():
            return figure
    raise Refusal(f"没有编号为“{code}”的指标，用 hongyao figures 查看全部编号", exit_code=2)


def _listed(things: tuple[Register, ...] | tuple[ImportTarget, ...]) -> str:
    return "、".join(f"{thing.name}（{thing.label}）" for thing in things)
