"""Screens of training (干部培训)."""

from __future__ import annotations

from hongyao_desktop.kit.pages import PageSpec
from hongyao_desktop.training.page import classes
from hongyao_desktop.training.page.classes import ClassesPage

__all__ = ["PAGES"]

_SECTION = "干部培训"
_ICON = "training"

PAGES: tuple[PageSpec, ...] = (
    PageSpec(
        place=classes.PLACE,
        section=_SECTION,
        title="培训班次",
        icon=_ICON,
        build=ClassesPage,
        register="training_classes",
        work=classes.work,
        help="左边选班次，右边点名：数字 1 到 5 记到、迟到、早退、请假、缺勤，F6 其余全到，Ctrl+S 保存。",
    ),
)
