"""系统: whose file this is, how the window looks, proving the file unchanged, and what was done by whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

import hongyao_desktop
from hongyao_desktop.core.clock import full_moment
from hongyao_desktop.core.desk import Changes, Reader, Row
from hongyao_desktop.core.fields import Integer, Text
from hongyao_desktop.core.problem import Problem
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit import tokens
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.jobs import Progress
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.pieces import named, restate
from hongyao_desktop.kit.progress import ProgressLine
from hongyao_desktop.kit.rows import HeldRows
from hongyao_desktop.kit.scrolled import Scrolled
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.table import RegisterTable
from hongyao_desktop.kit.tokens import Space

OPERATIONS_SHOWN: Final = 1_000
FINDINGS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of the file found."""

    ok: bool
    operations: int
    images: int
    head: str
    findings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemSources:
    """What the page shows and does; ``check`` and ``backup`` run on a reading worker.

    ``backup`` returns where the copy lies, ``backups`` says when the last one was made ("" for never).
    """

    office: str
    unit: str
    path: Path
    created: str
    head: Callable[[], str]
    check: Callable[[Progress], Checked]
    backup: Callable[[Progress], str]
    backups: Callable[[], str]


class SystemPage(Page):
    """The state of the file and the look of the window."""

    def __init__(self, session: Session, sources: SystemSources) -> None:
        super().__init__(session, "系统")
        self._sources = sources
        self._checking = False
        style = look()
        self.progress = ProgressLine(self)
        grid = QGridLayout()
        grid.setSpacing(style.px(Space.M))
        grid.setContentsMargins(0, 0, 0, style.px(Space.L))
        grid.addWidget(self._file_panel(), 0, 0)
        grid.addWidget(self._look_panel(), 0, 1)
        grid.addWidget(self._backup_panel(), 1, 0, 1, 2)
        grid.addWidget(self._check_panel(), 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(3, 1)
        self.column.addWidget(Scrolled(grid, self), 1)
        self.on_key("F7", self.backup)
        self.on_key("F8", self.check)

    # -- building

    def _panel(self, title: str) -> tuple[QFrame, QVBoxLayout]:
        style = look()
        panel = named(QFrame(self), "panel")
        column = QVBoxLayout(panel)
        side = style.px(Space.L)
        column.setContentsMargins(side, style.px(Space.M), side, side)
        column.setSpacing(style.px(Space.S))
        column.addWidget(named(QLabel(title, panel), "sectionTitle"))
        return panel, column

    def _file_panel(self) -> QWidget:
        panel, column = self._panel("单位与文件")
        sources, who = self._sources, self.session.who
        grid = QGridLayout()
        grid.setHorizontalSpacing(look().px(Space.L))
        grid.setVerticalSpacing(look().px(Space.XS))
        grid.setColumnStretch(1, 1)
        roles = "、".join(sorted(role.value for role in who.roles))
        for row, (label, words) in enumerate(
            (
                ("单位", sources.office),
                ("本级组织", sources.unit),
                ("台账文件", str(sources.path)),
                ("建立时间", full_moment(sources.created)),
                ("操作员", f"{who.name}（{roles}）"),
                ("程序版本", hongyao_desktop.__version__),
            )
        ):
            value = QLabel(words, panel)
            value.setWordWrap(True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setAccessibleName(label)
            grid.addWidget(named(QLabel(label, panel), "fieldLabel"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)
        column.addLayout(grid)
        column.addStretch(1)
        return panel

    def _look_panel(self) -> QWidget:
        panel, column = self._panel("显示")
        self.scale_buttons: dict[float, QPushButton] = {}
        self.theme_buttons: dict[str, QPushButton] = {}
        sizes = QHBoxLayout()
        for scale in tokens.SCALES:
            button = QPushButton(f"{round(scale * 100)}%", panel)
            button.setAccessibleName(f"文字大小 {round(scale * 100)}%")
            button.clicked.connect(partial(self.set_scale, scale))
            self.scale_buttons[scale] = button
            sizes.addWidget(button)
        themes = QHBoxLayout()
        for name in ("普通", "高对比度"):
            button = QPushButton(name, panel)
            button.setAccessibleName(f"颜色 {name}")
            button.clicked.connect(partial(self.set_theme, name))
            self.theme_buttons[name] = button
            themes.addWidget(button)
        for label, row in (("文字大小", sizes), ("颜色", themes)):
            row.addStretch(1)
            row.setSpacing(look().px(Space.S))
            column.addWidget(named(QLabel(label, panel), "fieldLabel"))
            column.addLayout(row)
        column.addStretch(1)
        self._mark_look()
        look().changed.connect(self._mark_look)
        return panel

    def _backup_panel(self) -> QWidget:
        panel, column = self._panel("备份")
        self.backup_words = QLabel(panel)
        self.backup_words.setWordWrap(True)
        self.backup_button = QPushButton("立即备份  F7", panel)
        self.backup_button.clicked.connect(self.backup)
        self.backup_progress = ProgressLine(panel)
        row = QHBoxLayout()
        row.setSpacing(look().px(Space.L))
        row.addWidget(self.backup_button)
        row.addWidget(self.backup_words, 1)
        column.addLayout(row)
        column.addWidget(self.backup_progress)
        return panel

    def _check_panel(self) -> QWidget:
        panel, column = self._panel("核对台账文件")
        words = QLabel(
            "逐条核对：操作日志是否连续、每条记录与日志是否相符、结构是否完整。核对不改动任何内容，"
            "印在各份文件页脚的校验值可与下面的数对照。",
            panel,
        )
        words.setWordWrap(True)
        self.head_label = named(QLabel(panel), "note")
        self.head_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.result = QLabel(panel)
        self.result.setWordWrap(True)
        self.result.hide()
        self.check_button = QPushButton("开始核对  F8", panel)
        self.check_button.setProperty("primary", True)
        self.check_button.clicked.connect(self.check)
        row = QHBoxLayout()
        row.addWidget(self.check_button)
        row.addStretch(1)
        column.addWidget(words)
        column.addWidget(self.head_label)
        column.addWidget(self.progress)
        column.addWidget(self.result)
        column.addLayout(row)
        return panel

    # -- the page

    def reload(self) -> None:
        """The chain value moves with every operation."""
        self.session.read(self, lambda _reader: self._sources.head(), self._show_head)
        self.session.read(self, lambda _reader: self._sources.backups(), self._show_backups)

    def _show_head(self, head: str) -> None:
        self.head_label.setText(f"当前校验值　{head[:12]}　{head[12:]}")

    def _show_backups(self, last: str) -> None:
        when = f"最近一次备份：{last}" if last else "还没有备份过"
        self.backup_words.setText(f"{when}。备份是加密的整份文件，做好后自动核对，可拷到U盘另存")

    def activate(self) -> None:
        """The text size in force has the keyboard: at the top of the page, and Enter there changes nothing."""
        chosen = self.scale_buttons.get(look().scale, self.check_button)
        chosen.setFocus(Qt.FocusReason.OtherFocusReason)

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The strip."""
        return (("F7", "备份"), ("F8", "核对"))

    # -- look

    def set_scale(self, scale: float, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - a Qt slot
        """Another text size, at once and for the next time."""
        self.session.memory.put("window/scale", scale)
        look().ask(scale=scale)

    def set_theme(self, name: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - a Qt slot
        """Another theme, at once and for the next time."""
        self.session.memory.put("window/theme", name)
        look().ask(palette=tokens.HIGH_CONTRAST if name == "高对比度" else tokens.LIGHT)

    def _mark_look(self) -> None:
        for scale, button in self.scale_buttons.items():
            restate(button, "chosen", scale == look().scale)
        high = look().palette is tokens.HIGH_CONTRAST
        for name, button in self.theme_buttons.items():
            restate(button, "chosen", (name == "高对比度") is high)

    # -- backup

    def backup(self) -> None:
        """F7: copy the file as it stands; work goes on meanwhile."""
        if not self.backup_progress.isHidden():
            return
        job = self.session.jobs.long(self, "正在备份", self._sources.backup, self._backed_up, self.refuse)
        self.backup_progress.follow(job)

    def _backed_up(self, place: str) -> None:
        self.say(Tone.GOOD, f"已备份到 {place}")
        self.session.read(self, lambda _reader: self._sources.backups(), self._show_backups)

    # -- check

    def check(self) -> None:
        """F8: prove the file unchanged; goes on while one works elsewhere."""
        if self._checking:
            return
        self._checking = True
        self.result.hide()
        job = self.session.jobs.long(self, "正在核对", self._sources.check, self._show_result, self._stopped)
        self.progress.follow(job)

    def _stopped(self, error: Exception) -> None:
        self._checking = False
        self.refuse(error)

    def _show_result(self, found: Checked) -> None:
        self._checking = False
        if found.ok:
            words = f"✓ 核对无误：{found.operations:,} 次操作、{found.images:,} 处改动都与台账相符"
        else:
            lines = [f"· {problem.message}" for problem in found.findings[:FINDINGS_SHOWN]]
            more = len(found.findings) - len(lines)
            words = "\n".join(
                [
                    "核对发现问题，请保留现场并联系维护人员：",
                    *lines,
                    *([f"还有 {more} 处"] if more > 0 else []),
                ]
            )
        self.result.setText(words)
        restate(self.result, "tone", "good" if found.ok else "bad")
        self.result.show()


def _text(name: str, label: str, width: int) -> Field:
    return Field(name=name, label=label, type=Text(), sensitivity=Sensitivity.INTERNAL, width=width)


OPERATION_FIELDS: Final = (
    _text("shown_at", "时间", 9),
    _text("operator_name", "操作员", 6),
    _text("op", "操作", 14),
    _text("reason", "原因", 14),
    Field(
        name="images",
        label="改动",
        type=Integer(),
        sensitivity=Sensitivity.INTERNAL,
        width=4,
        help="改动了几处",
    ),
    _text("device", "电脑", 8),
    _text("hash12", "校验值", 10),
)


class OperationsPage(Page):
    """操作记录: the journal in words, newest first."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "操作记录")
        self.table = RegisterTable(
            OPERATION_FIELDS,
            name="操作记录",
            empty=EmptyState("还没有操作", "每次保存都会记在这里，不能删改"),
        )
        self.status = named(QLabel(self), "listStatus")
        self.status.setFixedHeight(look().px(Space.XXL))
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self.status)

    def touches(self, _changes: Changes) -> bool:
        """Every operation."""
        return True

    def reload(self) -> None:
        """Read the newest operations."""
        self.session.read(self, _operations, self._show)

    def activate(self) -> None:
        """The list has the keyboard."""
        self.table.view.setFocus()

    def _show(self, answer: tuple[list[Row], int]) -> None:
        rows, count = answer
        self.table.show_rows(HeldRows(rows), self.session.reader)
        shown = f"，显示最近 {len(rows):,} 次" if count > len(rows) else ""
        self.status.setText(f"共 {count:,} 次操作{shown}")


def _operations(reader: Reader) -> tuple[list[Row], int]:
    rows = reader.all(
        "SELECT seq AS id, at, operator_name, op, reason, images, device, substr(hash, 1, 12) AS hash12 "
        "FROM journal_operation ORDER BY seq DESC LIMIT ?",
        (OPERATIONS_SHOWN,),
    )
    count = int(reader.value("SELECT seq FROM journal_head") or 0)
    return [{**row, "shown_at": full_moment(row["at"])} for row in rows], count
