"""Staff and voluntary service (在岗人员): daily work in office hours of working days is none (DOMAIN 1.3, 1.4 j)."""

from __future__ import annotations

from collections.abc import Iterable

from hongyao_desktop.core import dates, workdays
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.volunteers.records.rows import Duty, ServiceRecord, Standing, clock_text
from hongyao_desktop.volunteers.rules.clashes import Limits


def on_duty(
    record: ServiceRecord, duties: Iterable[Duty], limits: Limits, worked: workdays.Overrides
) -> Duty | None:
    """The post during whose office hours this service was; one without times counts as within them."""
    if not workdays.is_workday(record.served_on, worked):
        return None
    if record.starts_minute is not None and record.ends_minute is not None:
        within = (
            record.starts_minute < limits.office_until_minute
            and limits.office_from_minute < record.ends_minute
        )
        if not within:
            return None
    return next(
        (duty for duty in duties if duty.category in limits.staff_categories and duty.on(record.served_on)),
        None,
    )


def staff_problem(
    record: ServiceRecord,
    standing: Standing,
    duties: Iterable[Duty],
    limits: Limits,
    worked: workdays.Overrides,
) -> Problem | None:
    """Staff in office hours of a working day: their daily work is no voluntary service (DOMAIN 1.3, 北京)."""
    duty = on_duty(record, duties, limits, worked)
    if duty is None:
        return None
    hours = f"{clock_text(limits.office_from_minute)}—{clock_text(limits.office_until_minute)}"
    message = (
        f"{standing.shown}是{duty.shown}，{dates.format_cn(record.served_on)}是工作日（上班 {hours}），"
        f"{record.described()}请核对是否本职工作"
    )
    return Problem(Level.WARNING, "service.staff", message, "volunteer_id")
