"""操作员: who may open the file, what each may do, and the rules for logging in; for two of the administrators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from hongyao_desktop.core.clock import full_moment
from hongyao_desktop.core.desk import Changes, Reader, Role, Row
from hongyao_desktop.core.fields import Flag, Integer, Text
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.core.settings import CATALOG
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.form import FormPanel
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.pieces import empty_out, named
from hongyao_desktop.kit.rows import HeldRows
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.table import RegisterTable
from hongyao_desktop.kit.tokens import Space
from hongyao_desktop.store import Office, operators
from hongyao_desktop.store.access import settings_of

PANEL_WIDTH: Final = 380


def _field(name: str, label: str, *, width: int = 8, required: bool = False, help_text: str = "") -> Field:
    return Field(
        name=name,
        label=label,
        type=Text(max_chars=60),
        sensitivity=Sensitivity.INTERNAL,
        width=width,
        required=required,
        help=help_text,
    )


COLUMNS: Final = (
    _field("name", "姓名", width=7),
    _field("roles", "权限", width=14),
    _field("status", "状态", width=4),
    _field("password_on", "口令更换", width=7),
    _field("last_login", "上次登录", width=9),
    _field("status_reason", "原因", width=8),
)
_REASON: Final = _field("reason", "原因", required=True, help_text="记入日志")
_NAME: Final = _field("name", "姓名", required=True)
_FIRST: Final = _field("password", "首次口令", required=True, help_text="抄给本人，首次登录必须更换")


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing an administrator does here.

    ``run`` runs on the writing worker with the typed values and the operator's row; ``done`` is said afterwards.
    """

    label: str
    role: Role
    fields: tuple[Field, ...]
    run: Callable[[Office, Row, Row], object]
    done: str
    key: str = ""
    note: str = ""
    needs_row: bool = True
    defaults: Callable[[Reader, Row], Mapping[str, Any]] | None = None
    shows: Callable[[Row], bool] = lambda _row: True


def _role_fields() -> tuple[Field, ...]:
    return tuple(
        Field(
            name=f"role_{role.name.lower()}", label=role.value, type=Flag(), sensitivity=Sensitivity.INTERNAL
        )
        for role in Role
    )


def _held(row: Row) -> Mapping[str, Any]:
    return {f"role_{role.name.lower()}": int(role.value in row["role_words"]) for role in Role}


def _give(office: Office, values: Row, row: Row) -> None:
    held = [role for role in Role if values[f"role_{role.name.lower()}"]]
    operators.give_roles(office, row["id"], held, values["reason"])


_LIMIT_FIELDS: Final = tuple(
    Field(
        name=setting.key.replace(".", "_"),
        label=f"{setting.label}（{setting.low}–{setting.high}{setting.unit}）",
        type=Integer(low=setting.low or 0, high=setting.high or 0),
        sensitivity=Sensitivity.INTERNAL,
        required=True,
        help=setting.help,
    )
    for setting in operators.LIMITS
)


def _limits_now(reader: Reader, _row: Row) -> Mapping[str, Any]:
    stored = settings_of(reader)
    return {setting.key.replace(".", "_"): setting.read(stored) for setting in operators.LIMITS}


def _set_limits(office: Office, values: Row, _row: Row) -> None:
    typed = {setting.key: str(values[setting.key.replace(".", "_")]) for setting in operators.LIMITS}
    operators.set_limits(office, {CATALOG[key].key: text for key, text in typed.items()}, values["reason"])


ACTIONS: Final = (
    Action(
        label="新增操作员",
        role=Role.SYSTEM_ADMIN,
        key="Ctrl+N",
        fields=(_NAME, _FIRST),
        needs_row=False,
        defaults=lambda _reader, _row: {"password": operators.first_password()},
        run=lambda office, values, _row: operators.add(office, values["name"], values["password"]),
        done="已新增，请安全管理员授予权限",
        note="权限由安全管理员另行授予。",
    ),
    Action(
        label="重设口令",
        role=Role.SYSTEM_ADMIN,
        key="F5",
        fields=(_FIRST, _REASON),
        defaults=lambda _reader, _row: {"password": operators.first_password()},
        run=lambda office, values, row: operators.reset_password(
            office, row["id"], values["password"], values["reason"]
        ),
        done="口令已重设，请把首次口令交给本人",
        shows=lambda row: bool(row["active"]),
    ),
    Action(
        label="更正姓名",
        role=Role.SYSTEM_ADMIN,
        key="F2",
        fields=(_NAME, _REASON),
        defaults=lambda _reader, row: {"name": row["name"]},
        run=lambda office, values, row: operators.rename(office, row["id"], values["name"], values["reason"]),
        done="姓名已更正",
    ),
    Action(
        label="停用",
        role=Role.SYSTEM_ADMIN,
        fields=(_REASON,),
        run=lambda office, values, row: operators.disable(office, row["id"], values["reason"]),
        done="已停用，不能再登录",
        note="停用后不能登录，办过的事和日志都保留。",
        shows=lambda row: bool(row["active"]),
    ),
    Action(
        label="恢复使用",
        role=Role.SYSTEM_ADMIN,
        fields=(_FIRST, _REASON),
        defaults=lambda _reader, _row: {"password": operators.first_password()},
        run=lambda office, values, row: operators.enable(
            office, row["id"], values["password"], values["reason"]
        ),
        done="已恢复，请把首次口令交给本人",
        shows=lambda row: not row["active"],
    ),
    Action(
        label="授予权限",
        role=Role.SECURITY_ADMIN,
        key="F6",
        fields=(*_role_fields(), _REASON),
        defaults=lambda _reader, row: _held(row),
        run=_give,
        done="权限已保存，本人下次登录起生效",
        note="三个管理员互不兼任，也不办理业务；审计只能查看。",
        shows=lambda row: bool(row["active"]),
    ),
    Action(
        label="登录规则",
        role=Role.SECURITY_ADMIN,
        key="F7",
        fields=(*_LIMIT_FIELDS, _REASON),
        needs_row=False,
        defaults=_limits_now,
        run=_set_limits,
        done="登录规则已保存",
        note="只能在等级保护允许的范围内设置。",
    ),
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
        self.form: FormPanel | None = None
        style = look()
        self.table = RegisterTable(COLUMNS, name="操作员", empty=EmptyState("还没有操作员", ""))
        self.status = named(QLabel(self), "listStatus")
        self.status.setFixedHeight(style.px(Space.XXL))
        self.panel = named(QFrame(self), "panel")
        self.panel.setFixedWidth(style.px(PANEL_WIDTH))
        self._side = QVBoxLayout(self.panel)
        side = style.px(Space.L)
        self._side.setContentsMargins(side, style.px(Space.M), side, side)
        self._side.setSpacing(style.px(Space.S))
        self.buttons: dict[str, QPushButton] = {}
        body = QHBoxLayout()
        body.setSpacing(style.px(Space.M))
        body.addWidget(self.table, 1)
        body.addWidget(self.panel)
        self.column.addLayout(body, 1)
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
            fields=(_REASON,),
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
        if action is None or form is None:
            return
        values, problems = form.read()
        if any(problem.level is Level.ERROR for problem in problems):
            self._object(problems)
            return
        if action.label == RECOVERY:
            self._out = self._choose_file(self, self._office.path.with_name("恢复密钥.pdf"))
            if self._out is None:
                return
        row = dict(self.row) if action.needs_row else {}
        self.session.jobs.write(
            self,
            lambda: action.run(self._office, values, row),
            lambda _result: self._done(action),
            self._failed,
            what=action.label,
        )

    def _done(self, action: Action) -> None:
        self.back()
        self.say(Tone.GOOD, action.done)
        self.reload()

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Refusal) and error.problems:
            self._object(list(error.problems))
        else:
            self.refuse(error)

    def _object(self, problems: list[Problem]) -> None:
        assert self.form is not None
        elsewhere = self.form.show_problems([_at_input(problem) for problem in problems])
        if elsewhere:
            self.say(Tone.BAD, elsewhere[0].message)

    def back(self) -> None:
        """Esc: leave the form; what was typed in it is not kept, it may be a password."""
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
