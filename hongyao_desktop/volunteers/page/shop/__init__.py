"""Screens of the points shop (积分超市): the counter, its registers, deliveries and counts."""

from __future__ import annotations

from hongyao_desktop.kit.pages import PageSpec
from hongyao_desktop.volunteers.page.shop import batches, counter, registers
from hongyao_desktop.volunteers.page.shop.places import (
    COUNT,
    COUNTER,
    GOODS,
    MOVEMENTS,
    REDEMPTIONS,
    STOCK_IN,
)

__all__ = ["shop_pages"]


def shop_pages(section: str, icon: str) -> tuple[PageSpec, ...]:
    """The counter as a tab of ``section``; registers and batch pages are reached from it."""
    return (
        PageSpec(
            place=COUNTER,
            section=section,
            title="积分超市",
            icon=icon,
            build=counter.CounterPage,
            work=counter.work,
            help="敲姓名首字母选人，再敲商品首字母或编号，Enter 到兑换。积分和库存一次减少，取消时一并加回。",
        ),
        PageSpec(
            place=GOODS,
            section=section,
            title="兑换商品",
            icon=icon,
            build=registers.build_goods,
            register="shop_goods",
            hidden=True,
            help="能换的物品和服务。库存由进货、兑换和盘点算出，不直接填写。",
        ),
        PageSpec(
            place=REDEMPTIONS,
            section=section,
            title="兑换记录",
            icon=icon,
            build=registers.build_redemptions,
            register="shop_redemptions",
            hidden=True,
            help="每兑换一次一条。没领的可以取消，领走的可以退回。",
        ),
        PageSpec(
            place=MOVEMENTS,
            section=section,
            title="库存流水",
            icon=icon,
            build=registers.build_movements,
            register="shop_movements",
            hidden=True,
            help="库存只增记不改动，登错了用冲正。",
        ),
        PageSpec(
            place=STOCK_IN,
            section=section,
            title="进货",
            icon=icon,
            build=batches.StockInPage,
            hidden=True,
            help="敲商品首字母或编号，填数量和总价，Enter 到下一行。",
        ),
        PageSpec(
            place=COUNT,
            section=section,
            title="盘点",
            icon=icon,
            build=batches.CountPage,
            hidden=True,
            help="逐样填实有数，与账面不同的写明原因；空着的不盘，库存不变。",
        ),
    )
