"""Making an office: its name and first operator, its three administrators, then what is shown once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from hongyao_desktop.app.access.entrance import RULE, EntrancePanel
from hongyao_desktop.app.offices import Fresh
from hongyao_desktop.core.desk import Role
from hongyao_desktop.core.roles import ADMINISTRATORS, in_order
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.tokens import Space

POSTS = in_order(ADMINISTRATORS)
_DUTIES = {
    Role.SYSTEM_ADMIN: "管操作员、备份",
    Role.SECURITY_ADMIN: "管权限、登录规则",
    Role.AUDIT_ADMIN: "看访问日志",
}


class NewOfficePanel(EntrancePanel):
    """Name of the office, its unit, the first operator.

    Signals:
        wanted: office name, unit name, operator, password.
        back_wanted: not now.
    """

    wanted = Signal(str, str, str, str)
    back_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            "新建本单位的台账",
            f"先写单位和第一名操作员，其余操作员建好后由系统管理员增加。口令{RULE.words()}。",
            parent,
        )
        self.office = self.add_line("单位全称", hint="样例街道党工委")
        self.unit = self.add_line("本级组织名称", hint="样例街道")
        self.operator = self.add_line("操作员姓名")
        self.password = self.add_line("操作员口令", secret=True)
        self.again = self.add_line("再输一遍口令", secret=True)
        self.finish("下一步：三个管理员", ("返回", self.back_wanted.emit))
        self.primary.clicked.connect(self._make)

    def fill(self, office: str, unit: str, operator: str, password: str) -> None:
        """What was typed before, when somebody comes back to this page."""
        typed = (office, unit, operator, password, password)
        for line, text in zip(self.lines, typed, strict=True):
            line.setText(text)

    def _make(self) -> None:
        for line, words in (
            (self.office, "请写单位全称"),
            (self.unit, "请写本级组织名称"),
            (self.operator, "请写操作员姓名"),
        ):
            if not line.text().strip():
                self.tell(words, line)
                return
        if self.new_password_stands(self.password, self.again, RULE, self.operator.text().strip()):
            values = (self.office, self.unit, self.operator)
            self.wanted.emit(*(line.text().strip() for line in values), self.password.text())


class AdministratorsPanel(EntrancePanel):
    """Names of the three administrators, who are different people and see no business data.

    Signals:
        wanted: names in the order of POSTS.
        combined_wanted: the office is too small for that.
        back_wanted: not now.
    """

    wanted = Signal(list)
    combined_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, operator: str, parent: QWidget) -> None:
        super().__init__(
            "三个管理员",
            "由三个人分别担任，互不兼任，也看不到业务数据。首次口令由程序生成，建好后显示，各人首次登录时更换。",
            parent,
        )
        self._operator = operator
        self.names = [self.add_line(f"{role.value}（{_DUTIES[role]}）") for role in POSTS]
        self.finish(
            "选择保存位置并建立",
            ("人手不足，一人兼任", self.combined_wanted.emit),
            ("返回", self.back_wanted.emit),
        )
        self.primary.clicked.connect(self._make)

    def _make(self) -> None:
        names = [line.text().strip() for line in self.names]
        for line, role, name in zip(self.names, POSTS, names, strict=True):
            if not name:
                self.tell(f"请写{role.value}的姓名", line)
                return
            if name == self._operator or names.count(name) > 1:
                self.tell(f"{name}已经担任别的岗位，三个管理员和操作员要由不同的人担任", line)
                return
        self.wanted.emit(names)


class CombinedPanel(EntrancePanel):
    """A small office gives up the separation of posts, explicitly and with a reason.

    Signals:
        wanted: the reason.
        back_wanted: the posts are to be separate after all.
    """

    wanted = Signal(str)
    back_wanted = Signal()

    def __init__(self, operator: str, parent: QWidget) -> None:
        super().__init__(
            "一人兼任",
            f"{operator}将兼任三个管理员，并办理业务。这不符合三员分设的要求，只适合人手不足的小单位；"
            "原因记入日志，以后可以再分设。",
            parent,
        )
        self.reason = self.add_line("为什么不能分设", hint="如：社区只有两名专职人员")
        self.finish("选择保存位置并建立", ("返回，分设三个管理员", self.back_wanted.emit))
        self.primary.clicked.connect(self._make)

    def _make(self) -> None:
        if len(self.reason.text().strip()) < 4:
            self.tell("请写明为什么不能分设", self.reason)
        else:
            self.wanted.emit(self.reason.text().strip())


class FreshPanel(EntrancePanel):
    """The first passwords and the recovery sheet of an office just made; they are shown this once.

    ``save`` writes the sheet and returns where, None when no place was chosen.

    Signals:
        start_wanted: everything is copied and saved.
    """

    start_wanted = Signal()

    def __init__(self, fresh: Fresh, save: Callable[[], Path | None], parent: QWidget) -> None:
        super().__init__(
            "台账已建好",
            "只显示这一次：把首次口令抄给各位管理员，把恢复密钥打印密封。口令和恢复密钥都丢了，谁也打不开台账。",
            parent,
        )
        self._save = save
        grid = QGridLayout()
        grid.setHorizontalSpacing(look().px(Space.L))
        grid.setVerticalSpacing(look().px(Space.S))
        grid.setColumnStretch(2, 1)
        for row, (role, name, password) in enumerate(fresh.first_passwords):
            grid.addWidget(named(QLabel(role.value, self), "fieldLabel"), row, 0)
            grid.addWidget(QLabel(name, self), row, 1)
            word = QLabel(password, self)
            word.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            word.setAccessibleName(f"{name}的首次口令")
            grid.addWidget(word, row, 2)
        self.column.addLayout(grid)
        self.column.addSpacing(look().px(Space.S))
        self.save_button = QPushButton("保存恢复密钥为 PDF", self)
        self.save_button.clicked.connect(self._saved)
        self.column.addWidget(self.save_button)
        self.finish("开始使用")
        self.primary.setEnabled(False)
        self.primary.clicked.connect(self.start_wanted)

    def begin(self) -> None:
        """Saving the sheet comes first."""
        self.save_button.setFocus()

    def _saved(self) -> None:
        place = self._save()
        if place is None:
            self.tell("还没有保存恢复密钥，请选一个位置")
            return
        self.tell("")
        self.save_button.setText(f"恢复密钥已保存：{place.name}，打印密封后请删除")
        self.primary.setEnabled(True)
        self.primary.setFocus()
