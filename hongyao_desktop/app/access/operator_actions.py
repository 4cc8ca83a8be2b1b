"""What the administrators do with operators (操作员): each step with its fields, its role and its verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hongyao_desktop.core.desk import Reader, Role, Row
from hongyao_desktop.core.fields import Flag, Integer, Text
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.core.settings import CATALOG
from hongyao_desktop.store import Office, kept_passwords, limits, operators
from hongyao_desktop.store.access import settings_of


def field(name: str, label: str, *, width: int = 8, required: bool = False, help_text: str = "") -> Field:
    """A short text of this page; nothing here is about citizens."""
    return Field(
        name=name,
        label=label,
        type=Text(max_chars=60),
        sensitivity=Sensitivity.INTERNAL,
        width=width,
        required=required,
        help=help_text,
    )


REASON: Final = field("reason", "原因", required=True, help_text="记入日志")
_NAME: Final = field("name", "姓名", required=True)
_FIRST: Final = field("password", "首次口令", required=True, help_text="抄给本人，首次登录必须更换")


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
    for setting in limits.LIMITS
)


def _limits_now(reader: Reader, _row: Row) -> Mapping[str, Any]:
    stored = settings_of(reader)
    return {setting.key.replace(".", "_"): setting.read(stored) for setting in limits.LIMITS}


def _set_limits(office: Office, values: Row, _row: Row) -> None:
    typed = {setting.key: str(values[setting.key.replace(".", "_")]) for setting in limits.LIMITS}
    limits.set_limits(office, {CATALOG[key].key: text for key, text in typed.items()}, values["reason"])


ACTIONS: Final = (
    Action(
        label="新增操作员",
        role=Role.SYSTEM_ADMIN,
        key="Ctrl+N",
        fields=(_NAME, _FIRST),
        needs_row=False,
        defaults=lambda _reader, _row: {"password": kept_passwords.first_password()},
        run=lambda office, values, _row: operators.add(office, values["name"], values["password"]),
        done="已新增，请安全管理员授予权限",
        note="权限由安全管理员另行授予。",
    ),
    Action(
        label="重设口令",
        role=Role.SYSTEM_ADMIN,
        key="F5",
        fields=(_FIRST, REASON),
        defaults=lambda _reader, _row: {"password": kept_passwords.first_password()},
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
        fields=(_NAME, REASON),
        defaults=lambda _reader, row: {"name": row["name"]},
        run=lambda office, values, row: operators.rename(office, row["id"], values["name"], values["reason"]),
        done="姓名已更正",
    ),
    Action(
        label="停用",
        role=Role.SYSTEM_ADMIN,
        fields=(REASON,),
        run=lambda office, values, row: operators.disable(office, row["id"], values["reason"]),
        done="已停用，不能再登录",
        note="停用后不能登录，办过的事和日志都保留。",
        shows=lambda row: bool(row["active"]),
    ),
    Action(
        label="恢复使用",
        role=Role.SYSTEM_ADMIN,
        fields=(_FIRST, REASON),
        defaults=lambda _reader, _row: {"password": kept_passwords.first_password()},
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
        fields=(*_role_fields(), REASON),
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
        fields=(*_LIMIT_FIELDS, REASON),
        needs_row=False,
        defaults=_limits_now,
        run=_set_limits,
        done="登录规则已保存",
        note="只能在等级保护允许的范围内设置。",
    ),
)
