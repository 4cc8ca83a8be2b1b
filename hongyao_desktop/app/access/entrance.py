"""The way in: who opens which file, or how there comes to be one. Pages of the window, not boxes over it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6 import QtCore, QtWidgets
from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.core import passwords
from hongyao_desktop.core.passwords import PasswordRule
from hongyao_desktop.kit.keys import ComposingLineEdit, EnterKeys
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import empty_out, named, restate
from hongyao_desktop.kit.tokens import Height, Space

SUFFIX: Final = ".hongyao"
FILES: Final = f"台账文件 (*{SUFFIX});;全部文件 (*)"
BACKUPS: Final = "台账备份 (*.hyb);;全部文件 (*)"
PANEL_WIDTH: Final = 440
CHOICES: Final = 6
CHOICES_IN_ROW: Final = 3
RULE: Final = PasswordRule()
"""What is asked of a password before there is a file that could ask for more."""


class EntrancePanel(QFrame):
    """A quiet panel in the middle of the window, with a finding under its inputs."""

    def __init__(self, title: str, teaching: str, parent: QWidget) -> None:
        super().__init__(parent)
        named(self, "panel")
        style = look()
        self.setFixedWidth(style.px(PANEL_WIDTH))
        self.title = named(QLabel(title, self), "pageTitle")
        self.teaching = named(QLabel(self), "note")
        self.teaching.setWordWrap(True)
        self.teach(teaching)
        self.finding = named(QLabel(self), "finding")
        self.finding.setWordWrap(True)
        self.finding.setMinimumHeight(style.px(Space.XXL))
        self.column = QVBoxLayout(self)
        side = style.px(Space.XXL)
        self.column.setContentsMargins(side, side, side, style.px(Space.XL))
        self.column.setSpacing(style.px(Space.S))
        self.column.addWidget(self.title)
        self.column.addWidget(self.teaching)
        self.column.addSpacing(style.px(Space.S))
        self._keys = EnterKeys(self)
        self._keys.onward.connect(self._onward)
        self._keys.backward.connect(self._backward)
        self.lines: list[QLineEdit] = []
        self._back: Callable[[], None] | None = None
        self.primary = QPushButton(self)
        self.primary.setProperty("primary", True)

    def teach(self, words: str) -> None:
        """Say what the panel is for; however many lines that takes, none is cut off."""
        self.teaching.setText(words)
        self.teaching.ensurePolished()
        inner = look().px(PANEL_WIDTH) - 2 * look().px(Space.XXL) - 2
        self.teaching.setMinimumHeight(max(self.teaching.heightForWidth(inner), 0))

    def add_line(
        self,
        label: str,
        *,
        secret: bool = False,
        hint: str = "",
        cell: tuple[QGridLayout, int, int] | None = None,
    ) -> ComposingLineEdit:
        """One more input; below the others, or in a cell of a grid (row and column, each two rows high)."""
        words = named(QLabel(label, self), "fieldLabel")
        line = ComposingLineEdit(self)
        line.setFixedHeight(look().px(Height.INPUT))
        line.setAccessibleName(label)
        line.setPlaceholderText(hint)
        if secret:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        words.setBuddy(line)
        line.installEventFilter(self._keys)
        line.textEdited.connect(lambda _text: self.tell(""))
        self.lines.append(line)
        if cell is None:
            self.column.addWidget(words)
            self.column.addWidget(line)
        else:
            grid, row, column = cell
            words.setContentsMargins(0, look().px(Space.S) if row else 0, 0, 0)
            grid.addWidget(words, 2 * row, column)
            grid.addWidget(line, 2 * row + 1, column)
        return line

    def finish(self, primary: str, *others: tuple[str, Callable[[], None]]) -> None:
        """Finding and buttons below the inputs."""
        self.primary.setText(primary)
        self.column.addWidget(self.finding)
        row = QHBoxLayout()
        row.setSpacing(look().px(Space.S))
        row.addWidget(self.primary)
        for words, run in others:
            button = QPushButton(words, self)
            button.clicked.connect(lambda _checked=False, step=run: step())
            row.addWidget(button)
            if words.startswith("返回"):
                self._back = run
        row.addStretch(1)
        self.column.addLayout(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back, where there is a way back and nothing is under way."""
        if event.key() == QtCore.Qt.Key.Key_Escape and self._back is not None and self.primary.isEnabled():
            self._back()
        else:
            super().keyPressEvent(event)

    def tell(self, sentence: str, line: QLineEdit | None = None) -> None:
        """Say what is wrong, and where."""
        self.finding.setText(sentence)
        for other in self.lines:
            restate(other, "tone", "bad" if other is line else "")
        if line is not None:
            line.setFocus()
            line.selectAll()

    def new_password_stands(
        self, password: QLineEdit, again: QLineEdit, rule: PasswordRule, operator: str
    ) -> bool:
        """Whether a new password keeps the rule and was typed twice alike; says what is wrong with it, and where."""
        found = passwords.problems(password.text(), rule, name=operator)
        if found:
            self.tell(found[0].message, password)
        elif password.text() != again.text():
            self.tell("两次输入的口令不一样，请再输一遍", again)
        else:
            return True
        return False

    def inform(self, words: str) -> None:
        """Say quietly what was done."""
        restate(self.finding, "quiet", bool(words))
        self.finding.setText(words)

    def set_busy(self, words: str) -> None:
        """While the file is being opened nothing is taken; "" when it is over."""
        for widget in (*self.lines, *self.findChildren(QPushButton)):
            widget.setEnabled(not words)
        restate(self.finding, "quiet", bool(words))
        self.finding.setText(words)

    def begin(self) -> None:
        """Put the keyboard in the first empty input."""
        empty = [line for line in self.lines if not line.text()]
        targets: list[QWidget] = [*empty, *self.lines, self.primary]
        targets[0].setFocus()

    def _onward(self, line: QWidget) -> None:
        place = next(number for number, known in enumerate(self.lines) if known is line)
        if place + 1 < len(self.lines):
            self.lines[place + 1].setFocus()
        else:
            self.primary.click()

    def _backward(self, line: QWidget) -> None:
        place = next(number for number, known in enumerate(self.lines) if known is line)
        if place:
            self.lines[place - 1].setFocus()


class LoginPanel(EntrancePanel):
    """Operator and password of one file.

    Signals:
        wanted: operator and password.
        other_wanted: another file is meant.
        recover_wanted: the password is forgotten, the recovery sheet is at hand.
        restore_wanted: the file is damaged or older than it should be.
    """

    wanted = Signal(str, str)
    other_wanted = Signal()
    recover_wanted = Signal()
    restore_wanted = Signal()

    def __init__(self, path: Path, operators: Sequence[str], parent: QWidget) -> None:
        super().__init__("打开台账", f"{path.stem}　{path.parent}", parent)
        self.operator = self.add_line("操作员")
        self._choices = QGridLayout()
        self._choices.setSpacing(look().px(Space.S))
        self.column.addLayout(self._choices)
        self.password = self.add_line("口令", secret=True)
        self.finish(
            "打开",
            ("换一个文件", self.other_wanted.emit),
            ("用恢复密钥", self.recover_wanted.emit),
            ("用备份恢复", self.restore_wanted.emit),
        )
        self.primary.clicked.connect(self._open)
        self._offer(operators)

    def _offer(self, operators: Sequence[str]) -> None:
        empty_out(self._choices)
        for place, name in enumerate(operators[:CHOICES]):
            button = named(QPushButton(name, self), "chip")
            button.clicked.connect(lambda _checked=False, chosen=name: self._choose(chosen))
            self._choices.addWidget(button, *divmod(place, CHOICES_IN_ROW))
        if operators:
            self.operator.setText(operators[0])

    def _choose(self, name: str) -> None:
        self.operator.setText(name)
        self.password.setFocus()

    def _open(self) -> None:
        if not self.operator.text().strip():
            self.tell("请写操作员姓名", self.operator)
        elif not self.password.text():
            self.tell("请输入口令", self.password)
        else:
            self.wanted.emit(self.operator.text().strip(), self.password.text())


class FirstRunPanel(EntrancePanel):
    """No file yet: four ways to begin.

    Signals:
        demo_wanted, new_wanted, open_wanted, restore_wanted: what was chosen.
    """

    demo_wanted = Signal()
    new_wanted = Signal()
    open_wanted = Signal()
    restore_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("从哪里开始", "所有内容只存在本机的一个加密文件里，不联网也能长期使用。", parent)
        for words, teaching, signal in (
            ("先看演示单位", "虚构的人员和账目，随便试，不影响正式数据", self.demo_wanted),
            ("新建本单位的台账", "填单位、操作员和三个管理员，建好就可以录入", self.new_wanted),
            ("打开已有的台账文件", "从别的电脑拷来的，或以前建好的", self.open_wanted),
            ("用备份找回丢失的台账", "备份文件夹或 U 盘里有备份和操作日志", self.restore_wanted),
        ):
            self._add_way(words, teaching, signal)
        self.column.addWidget(self.finding)
        self.primary.hide()

    def _add_way(self, words: str, teaching: str, signal: SignalInstance) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(look().px(Space.M))
        button = QPushButton(words, self)
        button.setProperty("primary", not self.findChildren(QPushButton, "way"))
        named(button, "way")
        button.clicked.connect(signal)
        note = named(QLabel(teaching, self), "note")
        grid.addWidget(button, 0, 0)
        grid.addWidget(note, 1, 0)
        self.column.addLayout(grid)
        self.column.addSpacing(look().px(Space.S))

    def begin(self) -> None:
        """The first way has the keyboard."""
        self.findChildren(QPushButton, "way")[0].setFocus()


class Entrance(QFrame):
    """Shows one panel in the middle of the window.

    Where words stand in it and what the keyboard passes over is said in the style sheet, and the middle by stretches:
    the constants of ``Qt`` are not wanted before it is drawn (:data:`~hongyao_desktop.kit.keys.ENTER`).
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "page")
        self.panel: EntrancePanel | None = None
        # A long panel at a large text size is higher than a small screen.
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        inside = named(QFrame(scroll), "page")
        scroll.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        self._scroll = scroll
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._reach)
        column = QVBoxLayout(inside)
        self._middle = QHBoxLayout()
        self._middle.addStretch(1)
        self._middle.addStretch(1)
        column.addStretch(1)
        column.addWidget(named(QLabel("红耀台账", self), "brand"))
        column.addSpacing(look().px(Space.M))
        column.addLayout(self._middle)
        column.addStretch(1)

    def _reach(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Keep the input that gets the keyboard in sight."""
        if new is not None and self.panel is not None and self.panel.isAncestorOf(new):
            self._scroll.ensureWidgetVisible(new, 0, look().px(Space.L))

    def show_panel(self, panel: EntrancePanel) -> None:
        """Replace the panel."""
        if self.panel is not None:
            self._middle.removeWidget(self.panel)
            self.panel.hide()
            self.panel.deleteLater()
        self.panel = panel
        self._middle.insertWidget(1, panel)
        panel.show()
        panel.begin()


class FileChoice:
    """The file dialogs of the way in; a test puts its own answers in their place."""

    def open_file(self, parent: QWidget, folder: Path) -> Path | None:
        """An existing office file."""
        name, _filter = QtWidgets.QFileDialog.getOpenFileName(parent, "打开台账文件", str(folder), FILES)
        return Path(name) if name else None

    def backup_file(self, parent: QWidget, folder: Path) -> Path | None:
        """An existing backup."""
        name, _filter = QtWidgets.QFileDialog.getOpenFileName(parent, "选择备份", str(folder), BACKUPS)
        return Path(name) if name else None

    def new_file(self, parent: QWidget, proposed: Path) -> Path | None:
        """A place for a new office file."""
        name, _filter = QtWidgets.QFileDialog.getSaveFileName(
            parent, "台账文件保存在哪里", str(proposed), FILES
        )
        if not name:
            return None
        path = Path(name)
        return path if path.suffix else path.with_suffix(SUFFIX)

    def sheet_file(self, parent: QWidget, proposed: Path) -> Path | None:
        """A place for the recovery sheet of a new office."""
        name, _filter = QtWidgets.QFileDialog.getSaveFileName(
            parent, "恢复密钥保存到", str(proposed), "PDF 文件 (*.pdf)"
        )
        return Path(name).with_suffix(".pdf") if name else None
