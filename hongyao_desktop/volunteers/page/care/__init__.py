"""Screens that look after points (积分管理): rules, approval, year end, stars, conduct, suspicions, merges."""

from __future__ import annotations

from hongyao_desktop.kit.pages import PageSpec
from hongyao_desktop.volunteers.page.care import rules

__all__ = ["care_pages"]


def care_pages(section: str, icon: str) -> tuple[PageSpec, ...]:
    """The pages, in the order of their tabs."""
    return (
        PageSpec(
            place="volunteers.rules",
            section=section,
            title="规则",
            icon=icon,
            build=rules.RulePage,
            help=(
                "左边选一版规则，Enter 修改，右边试算一次服务得多少分。F8 看改了会有什么变化。"
                "Ctrl+S 存为新版本：以前的版本和已记的积分都不变。"
            ),
        ),
    )
