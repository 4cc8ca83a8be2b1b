"""The import screen (导入): the sheet as it is, how it was understood, what is wrong, and one key to write it.

``pages(targets)`` is called by ``app``, which knows what can be imported.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hongyao_desktop.core.desk import ImportTarget
from hongyao_desktop.kit.pages import PageSpec
from hongyao_desktop.kit.session import Session

if TYPE_CHECKING:
    from hongyao_desktop.intake.page.screen import ImportPage


def pages(targets: Sequence[ImportTarget]) -> tuple[PageSpec, ...]:
    """The pages of this room over what can be imported; the readers are loaded when the page is first shown."""

    def build(session: Session) -> ImportPage:
        from hongyao_desktop.intake.page.screen import ImportPage

        return ImportPage(session, targets)

    return (
        PageSpec(
            place="intake",
            section="表格导入",
            title="导入表格",
            icon="import",
            build=build,
            help=(
                "选好台账，再选一张表格（Ctrl+O，或把文件拖进来）。程序找到表头和各列，逐行核对，右边列出问题。"
                "核对不写入任何内容。看过以后按 Ctrl+S 写入合格的行；不合格的行另存成一张表，"
                "样式与原表相同，最后一列写着原因，改好再导入即可。"
            ),
        ),
    )
