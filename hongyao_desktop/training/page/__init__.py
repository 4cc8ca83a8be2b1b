"""Screens of training (干部培训)."""

from __future__ import annotations

from hongyao_desktop.kit.pages import PageSpec
from hongyao_desktop.training.page import registers, work
from hongyao_desktop.training.page.classes import ClassesPage
from hongyao_desktop.training.page.year import YearPage

__all__ = ["PAGES"]

_SECTION = "干部培训"
_ICON = "training"

PAGES: tuple[PageSpec, ...] = (
    PageSpec(
        place=work.CLASSES_PLACE,
        section=_SECTION,
        title="培训班次",
        icon=_ICON,
        build=ClassesPage,
        register="training_classes",
        work=work.work,
        help="左边选班次，右边点名：数字 1 到 5 记到、迟到、早退、请假、缺勤，F6 其余全到，Ctrl+S 保存。",
    ),
    PageSpec(
        place=work.YEAR_PLACE,
        section=_SECTION,
        title="年度学时",
        icon=_ICON,
        build=YearPage,
        help="按干部类别列出每人一年的应修、已得和还差；网络学时不抵集中学时，免学的注明原因。",
    ),
    PageSpec(
        place=work.TRAINEES_PLACE,
        section=_SECTION,
        title="学员",
        icon=_ICON,
        build=registers.build_trainees,
        register="trainees",
        help="每人每个班次一条，由班次名单产生；选中后可打开班次。",
    ),
    PageSpec(
        place=work.ATTENDANCE_PLACE,
        section=_SECTION,
        title="考勤",
        icon=_ICON,
        build=registers.build_attendance,
        register="attendance",
        help="每人每课次一条，由点名产生；学时怎样折算写在每一条里。",
    ),
    PageSpec(
        place=work.CADRES_PLACE,
        section=_SECTION,
        title="干部类别",
        icon=_ICON,
        build=registers.build_cadres,
        register="cadres",
        help="谁按哪一类完成年度学时；一人可有几类，免学的写明原因和起止。",
    ),
)
