"""Opening a file by its recovery sheet, from the login page: four rows of letters, and a new password."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from hongyao_desktop.app.access.entrance import RULE, EntrancePanel
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.tokens import Space
from hongyao_desktop.store.recovery_letters import read_rows

ROWS = ("第一行", "第二行", "第三行", "第四行")


class RecoveryPanel(EntrancePanel):
    """The rows of the sheet as they stand on paper; groups and small letters do not matter.

    Signals:
        wanted: operator, the typed sheet, the new password.
        back_wanted: back to the login.
    """

    wanted = Signal(str, str, str)
    back_wanted = Signal()

    def __init__(self, path: Path, parent: QWidget) -> None:
        teaching = (
            f"{path.stem}：为系统管理员重设口令，使用会记入访问日志。照打印件按行输入，大小写和空格不论。"
            f"新口令{RULE.words()}。"
        )
        super().__init__("用恢复密钥打开", teaching, parent)
        self.operator = self.add_line("系统管理员姓名")
        grid = QGridLayout()
        grid.setHorizontalSpacing(look().px(Space.M))
        grid.setVerticalSpacing(look().px(Space.S))
        self.column.addLayout(grid)
        self.rows = [
            self.add_line(f"恢复密钥{row}", cell=(grid, number // 2, number % 2))
            for number, row in enumerate(ROWS)
        ]
        self.column.addSpacing(look().px(Space.S))
        self.password = self.add_line("新口令", secret=True)
        self.again = self.add_line("再输一遍新口令", secret=True)
        self.finish("打开", ("返回", self.back_wanted.emit))
        self.primary.clicked.connect(self._open)

    def _open(self) -> None:
        name = self.operator.text().strip()
        if not name:
            self.tell("请写系统管理员姓名", self.operator)
            return
        for number, line in enumerate(self.rows):
            if len("".join(line.text().split())) != 15:
                self.tell(f"{ROWS[number]}应有 15 个字母或数字，请对照打印件核对", line)
                return
        sheet = "\n".join(line.text() for line in self.rows)
        try:
            read_rows(sheet)
        except Refusal as refusal:
            places = zip(self.rows, range(1, len(ROWS) + 1), strict=True)
            wrong = next((line for line, row in places if f"第 {row} 行" in refusal.message), None)
            self.tell(str(refusal), wrong)
            return
        if self.new_password_stands(self.password, self.again, RULE, name):
            self.wanted.emit(name, sheet, self.password.text())
