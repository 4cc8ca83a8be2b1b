"""The pages of the window, in the order of the navigation."""

from __future__ import annotations

from collections.abc import Callable

from hongyao_desktop.app.access.access_log_page import AccessLogPage
from hongyao_desktop.app.access.operators_page import OperatorsPage
from hongyao_desktop.app.access.own_password_page import PLACE as OWN_PASSWORD
from hongyao_desktop.app.access.own_password_page import OwnPasswordPage
from hongyao_desktop.app.bootstrap import scope_of
from hongyao_desktop.app.modules import MODULES, TARGETS
from hongyao_desktop.app.printing.reports import report_desk
from hongyao_desktop.app.printing.run_page import PAGE as PRINT_RUN_PAGE
from hongyao_desktop.app.window import home_facts
from hongyao_desktop.app.window.home_page import HomePage, HomeSources, Work
from hongyao_desktop.app.window.navigation import SYSTEM
from hongyao_desktop.app.window.system_page import Checked, OperationsPage, SystemPage, SystemSources
from hongyao_desktop.app.window.workdays_page import workday_pages
from hongyao_desktop.briefing.module import MODULE as PAPERS
from hongyao_desktop.briefing.page import pages as briefing_pages
from hongyao_desktop.core.desk import Desk, Reader, Role
from hongyao_desktop.core.figure import Figure
from hongyao_desktop.core.module import Module
from hongyao_desktop.core.roles import sees_business
from hongyao_desktop.fund.page import fund_pages
from hongyao_desktop.intake.page import pages as intake_pages
from hongyao_desktop.kit.jobs import Progress
from hongyao_desktop.kit.pages import Page, PageSpec
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.orders.page import PAGES as ORDER_PAGES
from hongyao_desktop.orders.page import rules_page as order_rules_page
from hongyao_desktop.people.page import PAGES as PEOPLE_PAGES
from hongyao_desktop.store import Office, access
from hongyao_desktop.training.page import PAGES as TRAINING_PAGES
from hongyao_desktop.volunteers.page import PAGES as VOLUNTEER_PAGES
from hongyao_desktop.volunteers.page.care.rules import RulePage
from hongyao_desktop.volunteers.page.certificates import PAGE as CERTIFICATE_PAGE

MODULE_PAGES: dict[str, tuple[PageSpec, ...]] = {
    "people": PEOPLE_PAGES,
    "volunteers": (*VOLUNTEER_PAGES, CERTIFICATE_PAGE),
    "orders": (*ORDER_PAGES, order_rules_page(RulePage)),
    "training": TRAINING_PAGES,
    "fund": fund_pages(
        printing=lambda page: page.session.go("papers", "cash-book"),
        importing=lambda page: page.session.go("intake", "fund_entries"),
    ),
}
"""Pages a module brings; registers of a module without a page of its own get the derived one."""

ICONS = {
    "orders": "orders",
    "volunteers": "volunteers",
    "training": "training",
    "fund": "fund",
}


def page_specs(office: Office) -> tuple[PageSpec, ...]:
    """All pages for one opened office."""
    own = [spec for module in MODULES if module is not PAPERS for spec in module_pages(module)]
    home = PageSpec(
        place="home",
        section="工作台",
        title="工作台",
        icon="home",
        build=lambda session: HomePage(session, home_sources(office, own, session)),
        help="左边列出等您办理的事，右边是本单位今年的主要数字。选中一件事按 Enter 就到办理的地方。",
    )
    if not sees_business(office.who.roles):
        return system_pages(office)
    return (
        home,
        *own,
        *briefing_pages(lambda: report_desk(office)),
        PageSpec(
            place="papers",
            section="打印材料",
            title="打印材料",
            icon="print",
            build=lambda session: _paper_page(session, office),
            help=(
                "左边选一份材料，填好组织、日期和内容，按 F5 预览。Ctrl+S 存为 PDF、工作簿或 CSV，F9 打印；"
                "存盘和打印都会登记。公示用的材料写出前自动检查有没有泄露个人信息。"
            ),
        ),
        PRINT_RUN_PAGE,
        *intake_pages(TARGETS),
        *system_pages(office),
    )


def _paper_page(session: Session, office: Office) -> Page:
    """The page of all papers; the paper engine is loaded only now."""
    from hongyao_desktop.app.printing.paper_page import PaperPage

    return PaperPage(session, office)


def system_pages(office: Office) -> tuple[PageSpec, ...]:
    """The foot of the navigation."""

    def check(progress: Progress) -> Checked:
        report = office.check(progress.step)
        return Checked(report.ok, report.operations, report.images, report.head, tuple(report.findings))

    sources = SystemSources(
        office=office.info.name,
        unit=office.info.unit_name,
        path=office.path,
        created=office.info.created_at,
        head=office.head,
        check=check,
        backup=lambda progress: _backed_up(office, progress),
        backups=lambda: last_backup(office),
    )
    return (
        *access_pages(office),
        PageSpec(
            place="system",
            section=SYSTEM,
            title="系统",
            icon="system",
            build=lambda session: SystemPage(session, sources),
            help="查看台账文件在哪里、调整文字大小、核对文件有没有被改动。",
        ),
        PageSpec(
            place="system.operations",
            section=SYSTEM,
            title="操作记录",
            icon="system",
            build=OperationsPage,
            help="每次保存都记一条：谁、什么时候、做了什么。记录前后相连，不能删改。",
        ),
        *workday_pages(office.who.roles),
        *([] if office.opened.read_only else [own_password_spec(office)]),
    )


def own_password_spec(office: Office) -> PageSpec:
    """Where the operator at the keyboard changes the own password; not in a file that is only read."""
    return PageSpec(
        place=OWN_PASSWORD,
        section=SYSTEM,
        title="我的口令",
        icon="system",
        build=lambda session: OwnPasswordPage(session, office),
        help="随时可以更换自己的口令：先输入现在的口令，再输两遍新口令。点左下角自己的姓名也能到这里。",
    )


def _backed_up(office: Office, progress: Progress) -> str:
    """Back the file up and note who did; returns where the copy lies."""
    made = office.backup(progress=progress.step)
    access.record(office, access.Visit(event=access.BACKUP, subject=made.path.name))
    return str(made.path)


def access_pages(office: Office) -> tuple[PageSpec, ...]:
    """Operators for those who look after them, the access log for those who read it."""
    specs = []
    if {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN} & office.who.roles:
        specs.append(
            PageSpec(
                place="system.operators",
                section=SYSTEM,
                title="操作员",
                icon="system",
                build=lambda session: OperatorsPage(session, office),
                help=(
                    "系统管理员新增、停用操作员，重设口令；安全管理员授予权限，设置登录规则（口令、暂停登录、自动锁定、"
                    "剪贴板清空的时间，只能在标准允许的范围内）。每一步都写原因，记入日志。"
                ),
            )
        )
    if access.may_read_log(office.who.roles):
        specs.append(
            PageSpec(
                place="system.access",
                section=SYSTEM,
                title="访问日志",
                icon="system",
                build=lambda session: AccessLogPage(session, office),
                help=(
                    "登录、退出、查看完整号码、导出、打印、备份、恢复和被拒绝的操作，按操作员、时间、内容查找，可以导出。"
                    "日志随台账文件和备份一直保存，没有清除的办法，账务部分与凭证同在一个文件里。"
                ),
            )
        )
    return tuple(specs)


def last_backup(office: Office) -> str:
    """When the file was last backed up, in words; "" for never."""
    made = office.backups()
    return f"{made[0].made_at:%Y-%m-%d %H:%M}" if made else ""


def module_pages(module: Module) -> tuple[PageSpec, ...]:
    """A module's own pages, and the derived page of each register that has none."""
    own = MODULE_PAGES.get(module.name, ())
    shown = {spec.register for spec in own}
    derived = tuple(_derived(module, desk) for desk in module.desks if desk.register.name not in shown)
    return own + (derived if not own else tuple(spec for spec in derived if spec.register not in shown))


def _derived(module: Module, desk: Desk) -> PageSpec:
    def build(session: Session) -> Page:
        return RegisterPage(session, desk)

    return PageSpec(
        place=desk.register.name,
        section=module.label,
        title=desk.register.label,
        icon=ICONS.get(module.name, "registers"),
        build=build,
        register=desk.register.name,
        help=desk.register.help,
    )


def home_sources(office: Office, specs: list[PageSpec], session: Session) -> HomeSources:
    """Where the first page gets its facts."""

    def work(reader: Reader) -> Work:
        return {spec.place: spec.work(reader, session) for spec in specs if spec.work is not None}

    def card(figure: Figure) -> Callable[[Reader], home_facts.Card]:
        return lambda reader: home_facts.card(reader, figure, scope_of(office, None), session.today())

    return HomeSources(
        work=work,
        cards=[card(figure) for figure in home_facts.card_figures()],
        imports=home_facts.imports_done,
        operations=home_facts.operations_done,
    )
