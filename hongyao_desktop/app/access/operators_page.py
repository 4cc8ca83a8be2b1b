"""操作员: who may open the file, what each may do, and the rules for logging in; for two of the administrators."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from hongyao_desktop.app.access.operator_actions import ACTIONS, REASON, Action, field
from hongyao_desktop.core.clock import full_moment
from hongyao_desktop.core.desk import Changes, Reader, Role, Row
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.form import FormPanel
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.pieces import empty_out, named
from hongyao_desktop.kit.rows import HeldRows
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.side_by_side import SideBySide
from hongyao_desktop.kit.table import RegisterTable
from hongyao_desktop.kit.tokens import Space, Width
from hongyao_desktop.store import Office, operators

PANEL_WIDTH: Final = 380


COLUMNS: Final = (
    field("name", "姓名", width=7),
    field("roles", "权限", width=14),
    field("status", "状态", width=4),
    field("password_on", "口令更换", width=7),
    field("last_login", "上次登录", width=9),
    field("status_reason", "原因", width=8),
)
RECOVERY: Final = "打印恢复密钥"


def _ask_file(parent: QWidget, proposed: Path) -> Path | None:
    name, _filter = QFileDialog.getSaveFileName(parent, "恢复密钥保存到", str(proposed), "PDF 文件 (*.pdf)")
    return Path(name) if name else None


def _recover(office: Office, values: Row, _row: Row, out: Path) -> None:
    from hongyao_desktop.app.access.recovery_sheet import print_recovery_sheet

    print_recovery_sheet(office, out, values["reason"])


class OperatorsPage(Page):
    """List of operators with what this administrator may do beside it.

    ``choose_file`` asks where the recovery sheet goes; tests answer it beforehand.
    """

    def __init__(
        self,
        session: Session,
        office: Office,
        choose_file: Callable[[QWidget, Path], Path | None] = _ask_file,
    ) -> None:
        super().__init__(session, "操作员")
        self._office = office
        self._choose_file = choose_file
        self._rows: list[Row] = []
        self._action: Action | None = None
        self._out: Path | None = None
        self._under_way = False
        self.form: FormPanel | None = None
        style = look()
        self.table = RegisterTable(COLUMNS, name="操作员", empty=EmptyState("还没有操作员", ""))
        self.status = named(QLabel(self), "listStatus")
        self.status.setFixedHeight(style.px(Space.XXL))
        self.panel = named(QFrame(self), "panel")
        self._side = QVBoxLayout(self.panel)
        side = style.px(Space.L)
        self._side.setContentsMargins(side, style.px(Space.M), side, side)
        self._side.setSpacing(style.px(Space.S))
        self.buttons: dict[str, QPushButton] = {}
        self.column.addWidget(SideBySide([(self.table, Width.LIST), (self.panel, PANEL_WIDTH)], self), 1)
        self.column.addWidget(self.status)
        self.actions_here = tuple(
            action for action in self._all_actions() if action.role in session.who.roles
        )
        for action in self.actions_here:
            if action.key:
                self.on_key(action.key, partial(self.begin, action))
        self.on_key("Ctrl+S", self.confirm)
        self.on_key("Esc", self.back)
        self.table.view.selectionModel().currentRowChanged.connect(lambda *_: self._offer())
        self._offer()

    def _all_actions(self) -> tuple[Action, ...]:
        sheet = Action(
            label=RECOVERY,
            role=Role.SYSTEM_ADMIN,
            fields=(REASON,),
            needs_row=False,
            run=lambda office, values, row: _recover(office, values, row, self._out or Path()),
            done="恢复密钥已写出，请打印密封后删除文件",
            note="持有恢复密钥就能打开台账。打印后密封，锁入保险柜。",
        )
        return (*ACTIONS, sheet)

    # -- the page

    def touches(self, changes: Changes) -> bool:
        """Operators, their log-ins, and settings."""
        return bool({"operator", "access_log", "setting"} & changes.tables.keys())

    def reload(self) -> None:
        """Read the list."""
        self.session.read(self, _listed, self._show)

    def activate(self) -> None:
        """The list has the keyboard."""
        if self._action is None:
            self.table.view.setFocus()

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The strip."""
        return tuple((action.key, action.label) for action in self.actions_here if action.key)

    def unsaved(self) -> str:
        """A half-filled form."""
        return f"操作员：{self._action.label}" if self._action and self.form and self.form.dirty else ""

    def _show(self, rows: list[Row]) -> None:
        current = self.table.current_id()
        self._rows = rows
        places = [place for place, row in enumerate(rows) if row["id"] == current]
        self.table.show_rows(HeldRows(rows), self.session.reader, position=places[0] if places else 0)
        active = sum(bool(row["active"]) for row in rows)
        self.status.setText(f"共 {len(rows)} 名操作员，在用 {active} 名")
        self._offer()

    @property
    def row(self) -> Row:
        """The current operator; empty when there is none."""
        return next((row for row in self._rows if row["id"] == self.table.current_id()), {})

    # -- what can be done

    def _offer(self) -> None:
        if self._action is not None:
            return
        self._clear()
        row = self.row
        self._side.addWidget(named(QLabel(str(row.get("name") or "操作员"), self.panel), "sectionTitle"))
        if row:
            words = row["roles"] or "还没有权限，不能办理业务"
            note = named(QLabel(f"{words}　{row['status']}", self.panel), "note")
            note.setWordWrap(True)
            self._side.addWidget(note)
        own = bool(row) and row["id"] == self.session.who.id
        for action in self.actions_here:
            if action.needs_row and (not row or own or not action.shows(row)):
                continue
            self._add_button(action)
        if own:
            self._side.addWidget(named(QLabel("自己的权限和停用由另一位管理员办理", self.panel), "note"))
        self._side.addStretch(1)

    def _add_button(self, action: Action) -> None:
        button = QPushButton(f"{action.label}  {action.key}".strip(), self.panel)
        button.setAccessibleName(action.label)
        button.setProperty("primary", action.key == "Ctrl+N")
        button.clicked.connect(lambda _checked=False: self.begin(action))
        self.buttons[action.label] = button
        self._side.addWidget(button)

    def begin(self, action: Action) -> None:
        """Open the form of an action."""
        row = self.row
        if action.needs_row and (not row or row["id"] == self.session.who.id or not action.shows(row)):
            self.say(Tone.INFO, f"“{action.label}”对当前这名操作员不适用")
            return
        self._action = action
        self._clear()
        who = f"：{row['name']}" if action.needs_row else ""
        self._side.addWidget(named(QLabel(f"{action.label}{who}", self.panel), "sectionTitle"))
        note = named(QLabel(action.note, self.panel), "note")
        note.setWordWrap(True)
        note.setVisible(bool(action.note))
        self._side.addWidget(note)
        self.form = FormPanel(action.fields, self.session, name=action.label, parent=self.panel)
        self.form.blank(action.defaults(self.session.reader, row) if action.defaults else None)
        self._side.addWidget(self.form, 1)
        save = QPushButton("确定  Ctrl+S", self.panel)
        save.setProperty("primary", True)
        save.clicked.connect(self.confirm)
        self.form.finished.connect(save.setFocus)
        back = QPushButton("返回  Esc", self.panel)
        back.clicked.connect(self.back)
        line = QHBoxLayout()
        line.addWidget(save)
        line.addWidget(back)
        line.addStretch(1)
        foot = QWidget(self.panel)
        line.setContentsMargins(0, 0, 0, 0)
        foot.setLayout(line)
        self._side.addWidget(foot)
        self.form.focus_first()

    def confirm(self) -> None:
        """Ctrl+S."""
        action, form = self._action, self.form
        if action is None or form is None or self._under_way:
            return
        values, problems = form.read()
        if any(problem.level is Level.ERROR for problem in problems):
            self._object(form, problems)
            return
        if action.label == RECOVERY:
            self._out = self._choose_file(self, self._office.path.with_name("恢复密钥.pdf"))
            if self._out is None:
                return
        row = dict(self.row) if action.needs_row else {}
        self._under_way = True
        self.session.jobs.write(
            self,
            lambda: action.run(self._office, values, row),
            lambda _result: self._done(action, form),
            partial(self._failed, form),
            what=action.label,
        )

    def _done(self, action: Action, form: FormPanel) -> None:
        self._under_way = False
        if form is self.form:  # Esc may have left it meanwhile, for another one
            self.back()
        self.say(Tone.GOOD, action.done)
        self.reload()

    def _failed(self, form: FormPanel, error: Exception) -> None:
        self._under_way = False
        if isinstance(error, Refusal) and error.problems:
            self._object(form, list(error.problems))
        else:
            self.refuse(error)

    def _object(self, form: FormPanel, problems: list[Problem]) -> None:
        elsewhere = problems
        if form is self.form:
            elsewhere = form.show_problems([_at_input(problem) for problem in problems])
        if elsewhere:
            self.say(Tone.BAD, elsewhere[0].message)

    def back(self) -> None:
        """Esc: leave the form; what was typed in it is not kept, it may be a password. Else close the message."""
        self.messages.dismiss()
        if self._action is None:
            return
        self._action = None
        self.form = None
        self._offer()
        self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _clear(self) -> None:
        self.buttons.clear()
        empty_out(self._side)


def _at_input(problem: Problem) -> Problem:
    """Problems of settings name the setting's key; the inputs are called after it without dots."""
    if problem.field and "." in problem.field:
        return Problem(problem.level, problem.code, problem.message, problem.field.replace(".", "_"))
    return problem


def _listed(reader: Reader) -> list[Row]:
    return [
        {
            "id": entry.id,
            "name": entry.name,
            "role_words": [role.value for role in entry.roles],
            "roles": "、".join(role.value for role in entry.roles),
            "status": entry.status,
            "active": entry.active,
            "status_reason": entry.status_reason,
            "password_on": "首次登录时更换" if entry.must_change else entry.password_on.isoformat(),
            "last_login": full_moment(entry.last_login) if entry.last_login else "从未登录",
        }
        for entry in operators.listed(reader)
    ]
