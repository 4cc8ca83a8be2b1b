"""Screens of the volunteers room (志愿积分)."""

from __future__ import annotations

from hongyao_desktop.kit.pages import PageSpec
from hongyao_desktop.volunteers.page import activities, ledgers, sheet, spots, volunteers
from hongyao_desktop.volunteers.page.batch import ActivityBatchPage
from hongyao_desktop.volunteers.page.care import care_pages
from hongyao_desktop.volunteers.page.shop import shop_pages

__all__ = ["PAGES"]

_SECTION = "志愿积分"
_ICON = "volunteers"

PAGES: tuple[PageSpec, ...] = (
    PageSpec(
        place=volunteers.PLACE,
        section=_SECTION,
        title="志愿者",
        icon=_ICON,
        build=volunteers.build,
        register="volunteers",
        work=volunteers.work,
        help="登记志愿者，查看每个人的时长、积分和星级。按 F5 批量录入活动。",
    ),
    PageSpec(
        place="volunteers.activities",
        section=_SECTION,
        title="活动",
        icon=_ICON,
        build=activities.build_activities,
        register="activities",
        work=activities.activities_work,
        help="每次活动一条；人员和时长用批量录入登记。日期已过没有登记时长的是“待回录”。",
    ),
    PageSpec(
        place="volunteers.services",
        section=_SECTION,
        title="时长",
        icon=_ICON,
        build=ledgers.build_services,
        register="service_records",
        work=ledgers.services_work,
        help="每人每次服务一条，登记后不改，登错了用冲正。",
    ),
    PageSpec(
        place="volunteers.points",
        section=_SECTION,
        title="积分",
        icon=_ICON,
        build=ledgers.build_points,
        register="point_entries",
        help="每一笔都写明按哪一版办法怎样算出。",
    ),
    PageSpec(
        place=spots.PLACE,
        section=_SECTION,
        title="随手拍",
        icon=_ICON,
        build=spots.build,
        register="spot_reports",
        work=spots.work,
        help="同一处同一类的重复上报并入首报，办结后记积分。",
    ),
    PageSpec(
        place=spots.PHOTO_PLACE,
        section=_SECTION,
        title="随手拍照片",
        icon=_ICON,
        build=spots.build_photos,
        register="spot_photos",
        hidden=True,
        help="随手拍所附的照片，只记文件名、大小和校验值；同一张照片用在两件随手拍上的标出来。",
    ),
    *shop_pages(_SECTION, _ICON),
    *care_pages(_SECTION, _ICON),
    PageSpec(
        place=volunteers.BATCH,
        section=_SECTION,
        title="批量录入活动",
        icon=_ICON,
        build=ActivityBatchPage,
        hidden=True,
        help="先填活动，再逐个敲姓名首字母选人，Enter 到下一行。",
    ),
    PageSpec(
        place=sheet.PLACE,
        section=_SECTION,
        title="回录签到表",
        icon=_ICON,
        build=sheet.SheetPage,
        hidden=True,
        help="按纸质签到表的顺序填时长，没有签到的空着；保存时再问一次才记为缺席。",
    ),
)
