"""The page around the sheet: choose what and where to, look, write, put aside what goes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.core.desk import Changes, ImportTarget
from hongyao_desktop.core.problem import Problem
from hongyao_desktop.intake.committing import Committed, commit, operation_name, returned_path, write_back
from hongyao_desktop.intake.page.findings_view import FindingsView
from hongyao_desktop.intake.page.sheet_view import SheetView
from hongyao_desktop.intake.rehearsal import Part, Rehearsal, rehearse
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.jobs import Job
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.pieces import ElidedLabel, empty_out, named
from hongyao_desktop.kit.progress import ProgressLine
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Height, Space

_ENDINGS = "*.xlsx *.xls *.xlsm *.xlsb *.et *.ods *.csv *.tsv *.txt"
_TABS = 5
FILTER = f"表格 ({_ENDINGS});;所有文件 (*)"


class ImportPage(Page):
    """Import one file into one register.

    ``choose`` and ``choose_back`` ask for file names; tests answer them beforehand.
    """

    def __init__(
        self, session: Session, targets: Sequence[ImportTarget], parent: QWidget | None = None
    ) -> None:
        super().__init__(session, "导入表格", parent)
        self.setAcceptDrops(True)
        self._targets = tuple(targets)
        self._target = self._targets[0]
        self._rehearsal: Rehearsal | None = None
        self._being_read: tuple[Path, Job] | None = None
        self._writing = False
        self._part: Part | None = None
        self.choose: Callable[[], str] = self._ask_for_file
        self.choose_back: Callable[[Path], str] = self._ask_for_back
        self.column.addWidget(self._target_bar())
        self.column.addWidget(self._file_bar())
        self.progress = ProgressLine(self)
        self.column.addWidget(self.progress)
        self.stack = QStackedWidget(self)
        self.empty = EmptyState("", "", (("选择表格 Ctrl+O", self.open_file),))
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self._body())
        self.column.addWidget(self.stack, 1)
        self.summary = named(QLabel(self), "listStatus")
        self.summary.setFixedHeight(look().px(Height.STATUS))
        self.column.addWidget(self.summary)
        self.on_key("Ctrl+O", self.open_file)
        self.on_key("Ctrl+S", self.write)
        self.on_key("F7", self.put_aside)
        self.on_key("Ctrl+Z", self.take_back)
        self.on_key("Esc", self.back)
        self._show_target(self._target)

    # -- building

    def _target_bar(self) -> QWidget:
        style = look()
        bar = QWidget(self)
        bar.setFixedHeight(style.px(Height.FILTERS))
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.px(Space.XS))
        row.addWidget(named(QLabel("导入到", bar), "fieldLabel"))
        self._target_tabs: dict[str, QToolButton] = {}
        group = QButtonGroup(bar)
        shown = self._targets[:_TABS]
        for target in shown:
            tab = named(QToolButton(bar), "tab")
            tab.setText(target.label)
            tab.setCheckable(True)
            tab.clicked.connect(lambda _checked=False, target=target: self._show_target(target))
            group.addButton(tab)
            row.addWidget(tab)
            self._target_tabs[target.name] = tab
        self._others = named(QToolButton(bar), "tab")
        self._others.setText("其他台账")
        self._others.setCheckable(True)
        self._others.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        group.addButton(self._others)
        menu = QMenu(self._others)
        for target in self._targets[_TABS:]:
            action = menu.addAction(target.label)
            action.triggered.connect(lambda _checked=False, target=target: self._show_target(target))
        self._others.setMenu(menu)
        self._others.setVisible(not menu.isEmpty())
        row.addWidget(self._others)
        row.addStretch(1)
        return bar

    def _file_bar(self) -> QWidget:
        style = look()
        bar = QWidget(self)
        bar.setFixedHeight(style.px(Height.FILTERS))
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.px(Space.S))
        self.open_button = self._button("选择表格 Ctrl+O", self.open_file)
        self.file_label = ElidedLabel(bar)
        self.parts = QHBoxLayout()
        self.parts.setSpacing(style.px(Space.XS))
        self.aside_button = self._button("退回的行另存 F7", self.put_aside)
        self.write_button = self._button("写入 Ctrl+S", self.write)
        self.write_button.setProperty("primary", True)
        row.addWidget(self.open_button)
        row.addWidget(self.file_label)
        row.addLayout(self.parts)
        row.addStretch(1)
        row.addWidget(self.aside_button)
        row.addWidget(self.write_button)
        return bar

    def _button(self, text: str, run: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setFixedHeight(look().px(Height.BUTTON))
        button.clicked.connect(lambda _checked=False: run())
        return button

    def _body(self) -> QWidget:
        style = look()
        self.sheet = SheetView(self)
        self.findings = FindingsView(self)
        self.findings.chosen.connect(self._point_at)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        for widget, share in ((self.sheet, 7), (self.findings, 3)):
            panel = named(QFrame(split), "panel")
            box = QVBoxLayout(panel)
            margin = style.px(Space.S) if widget is self.findings else 1
            box.setContentsMargins(margin, margin, margin, margin)
            box.addWidget(widget)
            split.addWidget(panel)
            split.setStretchFactor(split.count() - 1, share)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(style.px(Space.M))
        split.setSizes([700, 300])
        return split

    # -- what the window asks

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The strip."""
        return (("Ctrl+O", "选择表格"), ("Ctrl+S", "写入"), ("F7", "退回的行另存"), ("Esc", "换一张"))

    def activate(self) -> None:
        """The first thing to do has the keyboard."""
        (self.open_button if self._rehearsal is None else self.findings.list).setFocus()

    def open_row(self, row_id: str) -> None:
        """Choose what is imported: 导入 of another page sends the name of its target, or of its register."""
        asked = next((one for one in self._targets if row_id == one.name), None)
        asked = asked or next((one for one in self._targets if row_id == one.register), None)
        if asked is not None and asked is not self._target:
            self._show_target(asked)

    def touches(self, _changes: Changes) -> bool:
        """A rehearsal stays as it was shown; writing it checks against the present state."""
        return False

    # -- steps

    def _show_target(self, target: ImportTarget) -> None:
        self._target = target
        tab = self._target_tabs.get(target.name, self._others)
        tab.setChecked(True)
        self._others.setText("其他台账" if tab is not self._others else f"其他：{target.label}")
        self.empty.set_words(
            f"把“{target.label}”的表格放进来",
            "选一张 Excel、WPS 或 CSV 表格，或把文件拖到这里。先核对，看过再写入。",
        )
        if self._rehearsal is not None and not self._writing:
            self.read(self._rehearsal.path)
        elif self._being_read is not None:
            self.read(self._being_read[0])
        else:
            self._forget()

    def _forget(self) -> None:
        if self._being_read is not None:  # its answer would be about another register or an older file
            self._being_read[1].drop()
        self._rehearsal = self._part = self._being_read = None
        self.stack.setCurrentWidget(self.empty)
        self.file_label.setText(self._target.help)
        self.summary.clear()
        empty_out(self.parts)
        self._show_buttons()

    def _show_buttons(self) -> None:
        ready = self._rehearsal.ready if self._rehearsal else 0
        back = self._rehearsal.returned if self._rehearsal else 0
        self.write_button.setVisible(self._rehearsal is not None)
        self.write_button.setEnabled(ready > 0)
        self.write_button.setText(f"写入 {ready:,} 条 Ctrl+S")
        self.aside_button.setVisible(back > 0)
        self.aside_button.setText(f"退回的 {back:,} 行另存 F7")

    def open_file(self) -> None:
        """Ask for a file and rehearse it."""
        chosen = self.choose()
        if chosen:
            self.read(Path(chosen))

    def read(self, path: Path) -> None:
        """Rehearse a file on a worker."""
        self.session.memory.put("intake.folder", str(path.parent))
        target, clock = self._target, self.session.clock
        self._forget()
        self.file_label.setText(path.name)
        self.messages.clear()
        job = self.session.read(
            self, lambda reader: rehearse(path, target, reader, clock), self._show, self._unreadable
        )
        self._being_read = path, job
        self.progress.follow(job, stoppable=False)
        self.progress.words.setText(f"正在读取并核对 {path.name}")

    def _unreadable(self, error: Exception) -> None:
        self._forget()
        self.refuse(error)
        self.open_button.setFocus()

    def _show(self, rehearsal: Rehearsal) -> None:
        self._rehearsal = rehearsal
        self._being_read = None
        self.stack.setCurrentIndex(1)
        self.file_label.setText(rehearsal.book.file_name)
        empty_out(self.parts)
        if len(rehearsal.parts) > 1:
            group = QButtonGroup(self)
            for part in rehearsal.parts:
                tab = named(QToolButton(self), "tab")
                tab.setText(part.table.sheet_name)
                tab.setCheckable(True)
                tab.setChecked(part is rehearsal.parts[0])
                tab.clicked.connect(lambda _checked=False, part=part: self._show_part(part))
                group.addButton(tab)
                self.parts.addWidget(tab)
        self._show_part(rehearsal.parts[0])
        self._show_buttons()
        if rehearsal.earlier is not None:
            when = rehearsal.earlier["imported_at"][:16].replace("T", " ")
            self.say(Tone.INFO, f"这个文件 {when} 导入过，台账里已有的不会再写一次")
        for note in rehearsal.book.notes:
            self.say(Tone.WARN, note)
        self.findings.list.setFocus()

    def _show_part(self, part: Part) -> None:
        assert self._rehearsal is not None
        self._part = part
        self.sheet.show_part(self._rehearsal, part)
        self.findings.show_problems(part.problems)
        words = [f"{label} {value}" for label, value in part.plan.summary.items()]
        self.summary.setText("　".join(words))
        self.summary.setToolTip("　".join(words))

    def _point_at(self, problem: Problem) -> None:
        self.sheet.point_at(problem.row, problem.column)

    def write(self) -> None:
        """Write the good rows as one operation."""
        rehearsal = self._rehearsal
        if rehearsal is None or not rehearsal.ready or not self.write_button.isEnabled():
            return
        self.write_button.setEnabled(False)
        self._writing = True
        job = self.session.write(
            self,
            operation_name(rehearsal),
            lambda writer: commit(writer, rehearsal),
            partial(self._written, rehearsal),
            self._not_written,
        )
        self.progress.follow(job, stoppable=False)
        self.progress.words.setText(f"正在写入 {rehearsal.ready:,} 条")

    def _written(self, rehearsal: Rehearsal, done: Committed) -> None:
        self._writing = False
        sentence = f"已写入 {done.written:,} 条到{rehearsal.target.label}"
        if self._rehearsal is rehearsal:  # another file may have been opened meanwhile
            self._show_buttons()
            self.write_button.setEnabled(False)
        if done.returned:
            self.say(
                Tone.GOOD,
                f"{sentence}；{done.returned:,} 行没有写入",
                "退回的行另存 F7",
                partial(self._put_aside, rehearsal),
            )
            return
        # What posted to a ledger is reversed there; all else is taken back here while nothing followed it.
        undo = (self.session.undoable() or "").startswith("导入")
        self.messages.say(
            Tone.GOOD,
            sentence,
            action="打开台账",
            run=lambda: self.session.go(rehearsal.target.register),
            other="撤回这次导入" if undo else "",
            run_other=self.take_back if undo else None,
        )

    def take_back(self) -> None:
        """Ctrl+Z: take back the import just made, and read the file again so that it can go in corrected."""
        if self._writing:
            return
        if not (self.session.undoable() or "").startswith("导入"):
            # What was done on another page is not taken back unseen from this one.
            self.say(Tone.INFO, "没有可以撤回的导入；时长和期初积分请在各自的页面“整批撤回”")
            return
        self.session.undo(self, self._taken_back, self.refuse)

    def _taken_back(self, op: str) -> None:
        rehearsal = self._rehearsal
        if rehearsal is not None:
            self.read(rehearsal.path)
        self.say(Tone.INFO, f"已撤销：{op}")

    def _not_written(self, error: Exception) -> None:
        self._writing = False
        self._show_buttons()
        self.refuse(error)

    def put_aside(self) -> None:
        """Save the rows that go back, in the layout of the file, with their reasons."""
        if self._rehearsal is not None and self._rehearsal.returned:
            self._put_aside(self._rehearsal)

    def _put_aside(self, rehearsal: Rehearsal) -> None:
        chosen = self.choose_back(returned_path(rehearsal.path))
        if not chosen:
            return
        out = Path(chosen)
        self.session.read(
            self,
            lambda _reader: write_back(rehearsal, out),
            lambda rows: self.say(Tone.GOOD, f"已把 {rows:,} 行连同原因存到 {out.name}，改好后可直接再导入"),
            self.refuse,
        )

    def back(self) -> None:
        """Esc: the message first, then the file."""
        if self.messages.text:
            self.messages.dismiss()
        elif self._rehearsal is not None:
            self._forget()
            self.open_button.setFocus()

    # -- files

    def _ask_for_file(self) -> str:
        return QFileDialog.getOpenFileName(self, "选择要导入的表格", self._folder(), FILTER)[0]

    def _ask_for_back(self, proposed: Path) -> str:
        return QFileDialog.getSaveFileName(
            self, "退回的行另存为", str(proposed), "Excel 表格（*.xlsx）(*.xlsx)"
        )[0]

    def _folder(self) -> str:
        folder = self.session.memory.get("intake.folder")
        return folder if isinstance(folder, str) else str(Path.home())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """One file may be dropped here."""
        if len(event.mimeData().urls()) == 1 and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the file that was dropped."""
        self.read(Path(event.mimeData().urls()[0].toLocalFile()))
