"""Printed papers of service orders."""

from __future__ import annotations

from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.orders.papers.lists import order_list, overdue_list, unrated_list
from hongyao_desktop.orders.papers.shift import shift_sheet
from hongyao_desktop.orders.papers.slip import order_slip
from hongyao_desktop.orders.papers.summary import order_summary
from hongyao_desktop.paper.catalogue import PaperSpec, Parameter

__all__ = [
    "PAPERS",
    "order_list",
    "order_slip",
    "order_summary",
    "overdue_list",
    "shift_sheet",
    "unrated_list",
]

PAPERS: tuple[PaperSpec, ...] = (
    PaperSpec(
        name="order-slip",
        label="工单",
        help="一件一页，随单流转：诉求、每一步的日期和签名栏、双方评价。按“报送”打印时电话印全号，供上门联系。",
        build=order_slip,
        purposes=(Purpose.INTERNAL, Purpose.REPORT),
        parameters=(Parameter("number", "工单号", "", "如 2026-0042", required=True),),
    ),
    PaperSpec(
        name="order-list",
        label="工单台账",
        help="期间内点单的工单，一件一行，写明接单人、完成日期、结果和评价。",
        build=order_list,
        purposes=(Purpose.INTERNAL, Purpose.PUBLIC),
    ),
    PaperSpec(
        name="orders-overdue",
        label="逾期工单清单",
        help="今天已经超过期限的工单，逾期最久的在前，写明该办哪一步、由谁办。",
        build=overdue_list,
        purposes=(Purpose.INTERNAL, Purpose.REPORT),
    ),
    PaperSpec(
        name="orders-unrated",
        label="评单缺失清单",
        help="已完成、还缺居民或支部评价的工单；评单前不登记时长。",
        build=unrated_list,
        purposes=(Purpose.INTERNAL, Purpose.REPORT),
    ),
    PaperSpec(
        name="orders-summary",
        label="五单服务情况表",
        help="期间内各组织、各来源、各类别的受理、办结、按时、逾期和居民评价件数，与指标一致。",
        build=order_summary,
        purposes=(Purpose.INTERNAL, Purpose.REPORT, Purpose.PUBLIC),
    ),
    PaperSpec(
        name="orders-shift",
        label="工单交接单",
        help="交接班用：当班办了什么，手上还有哪些没办完、到哪一天、最近的跟进，双方签字。",
        build=shift_sheet,
        purposes=(Purpose.INTERNAL,),
        parameters=(Parameter("since", "自哪天", "", "留空为今天一天"),),
    ),
)
