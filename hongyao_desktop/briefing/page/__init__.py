"""The briefing screen (会议汇报): the report as it will be printed, and the records behind every number on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hongyao_desktop.kit.pages import PageSpec
from hongyao_desktop.kit.session import Session

if TYPE_CHECKING:
    from hongyao_desktop.briefing.page.screen import BriefingPage, ReportDesk


def pages(make_desk: Callable[[], ReportDesk]) -> tuple[PageSpec, ...]:
    """The pages of this room over what ``app`` hands in; the paper engine is loaded when the page is first shown."""

    def build(session: Session) -> BriefingPage:
        from hongyao_desktop.briefing.page.screen import BriefingPage

        return BriefingPage(session, make_desk())

    return (
        PageSpec(
            place="briefing",
            section="会议汇报",
            title="工作情况汇总",
            icon="briefing",
            build=build,
            help=(
                "左边选组织和起止日期，按 F5 生成。中间就是将要打印的样子；点正文里的数字，或在左边选一项指标，"
                "右边列出它的口径和背后的每一条记录。Ctrl+S 存为 PDF，F7 存为工作簿，F9 打印。"
            ),
        ),
    )
