"""Screens that look after points (积分管理): rules, approval, year end, stars, conduct, suspicions, merges."""

from __future__ import annotations

from hongyao_desktop.core.desk import Row, Writer
from hongyao_desktop.kit.pages import Page, PageSpec
from hongyao_desktop.kit.parts import RegisterPageParts
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.volunteers.page.care import approval, conduct, honours, rules, signals, year_ends
from hongyao_desktop.volunteers.page.care.approval import desk_of, id_of, tone
from hongyao_desktop.volunteers.records.care import DISMISSALS
from hongyao_desktop.volunteers.service import signals as verbs

__all__ = ["care_pages"]

RULES_PLACE = "volunteers.rules"


def _take_up(writer: Writer, _values: Row, row: Row | None) -> str:
    return verbs.take_up_again(writer, id_of(row))


def build_dismissals(session: Session) -> Page:
    """The page of suspicions that were set aside."""
    parts = RegisterPageParts(
        title="疑点核实",
        search_hint="疑点",
        verbs=(
            Verb(
                label="收回",
                run=_take_up,
                roles=verbs.CHECKERS,
                note="重新列为疑点。",
                shows=lambda row: bool(row["status"] == "有效"),
                done="已收回，重新列为疑点",
            ),
        ),
        tone=tone,
    )
    return RegisterPage(session, desk_of(DISMISSALS), parts)


def care_pages(section: str, icon: str) -> tuple[PageSpec, ...]:
    """The pages, in the order of their tabs; lists behind another page have no tab."""
    return (
        PageSpec(
            place=RULES_PLACE,
            section=section,
            title="规则",
            icon=icon,
            build=rules.RulePage,
            help=(
                "左边选一版规则，Enter 修改，右边试算一次服务得多少分。F8 看改了会有什么变化。"
                "各地的写法在样例里：介绍加入另计分、那次活动按 0 小时、分级授予星级、注册满几个月、"
                "有的时长不计入、先有前一星级、建议注销、按月公示按季审核，改好名称和日期存成自己的。"
                "Ctrl+S 存为新版本：以前的版本和已记的积分都不变。"
            ),
        ),
        PageSpec(
            place=approval.LOTS_PLACE,
            section=section,
            title="认定",
            icon=icon,
            build=approval.build_lots,
            register="point_lots",
            work=approval.lots_work,
            help="积分逐级审核、公示，期满后可以使用。步骤在“规则”里设；没有设步骤的登记后就能用。",
        ),
        PageSpec(
            place=year_ends.EXPIRIES_PLACE,
            section=section,
            title="清零",
            icon=icon,
            build=year_ends.build_expiries,
            register="point_expiries",
            help="年终按结转办法清零：先看人数和分数，再清；做错了整批撤回。时长和星级不变。",
        ),
        PageSpec(
            place=honours.REVIEWS_PLACE,
            section=section,
            title="星级",
            icon=icon,
            build=honours.build_reviews,
            register="star_reviews",
            work=honours.reviews_work,
            help="达到新星级的列成一批公示，期满授予。F9 打印评定名单和“还差多少小时”。",
        ),
        PageSpec(
            place=honours.GRANTS_PLACE,
            section=section,
            title="星级名单",
            icon=icon,
            build=honours.build_grants,
            register="star_grants",
            hidden=True,
            help="谁在哪一次评定里得了几星；有异议的不授予，查实虚报的取消。",
        ),
        PageSpec(
            place=conduct.INCIDENTS_PLACE,
            section=section,
            title="失信",
            icon=icon,
            build=conduct.build_incidents,
            register="volunteer_incidents",
            help=(
                "缺席、投诉、虚报时长按失信办法扣分，满次数的列入黑名单；办法规定那次活动按 0 小时计的，"
                "写明活动，时长一并冲正。记错了用撤销。"
            ),
        ),
        PageSpec(
            place=conduct.BARS_PLACE,
            section=section,
            title="黑名单和限制",
            icon=icon,
            build=conduct.build_bars,
            register="volunteer_bars",
            hidden=True,
            help="黑名单里的不能兑换，暂停评星的不列入评定；到期自动失效，也可以提前解除。",
        ),
        PageSpec(
            place=signals.PLACE,
            section=section,
            title="疑点",
            icon=icon,
            build=signals.SignalPage,
            help=(
                "重叠、重复、提前、超期、超出活动、离册、在岗、成批、深夜、整点等登记，按失信办法建议注销的，"
                "列出证据请人核实；核实无误写明理由。"
            ),
        ),
        PageSpec(
            place=signals.DISMISSALS_PLACE,
            section=section,
            title="疑点核实",
            icon=icon,
            build=build_dismissals,
            register="signal_dismissals",
            hidden=True,
            help="核实过的疑点和理由；可以收回重新列出。",
        ),
        PageSpec(
            place=conduct.MERGES_PLACE,
            section=section,
            title="合并",
            icon=icon,
            build=conduct.build_merges,
            register="volunteer_merges",
            work=conduct.merges_work,
            help="同一个人登记了两次的合并成一个；表单里先放着最像的一对。合并错了可以撤销。",
        ),
    )
