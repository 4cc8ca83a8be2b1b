"""Settings (设置) of an office file, each declared once: key, label, type, default, bounds, help.

Validation, the settings page and its help come from the one declaration; the values are kept by `store` as text.
Code asks for a setting through its declaration (`IDLE_MINUTES.read(stored)`), so a wrong name fails at import and the
type is known to mypy. A key that was once released is never used again: it stays in the catalogue as `Gone`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from hongyao_desktop.core import text
from hongyao_desktop.core.problem import Level, Problem

T = TypeVar("T", bool, int, str)


class SettingError(Exception):
    """A setting is declared or named wrongly: our mistake, found while importing."""


class SettingProblem(ValueError):
    """A value that a setting does not take; the text is a Chinese sentence for the user."""


_KEY: Final = re.compile(r"[a-z]+(?:\.[a-z][a-z0-9_]*)+")
_YES: Final = frozenset({"1", "是", "开", "true", "yes"})
_NO: Final = frozenset({"0", "否", "关", "false", "no"})


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One setting.

    Attributes:
        key: "group.name"; what `store` keeps the value under.
        label: Chinese name on the settings page.
        type: bool, int or str.
        default: value when nothing is stored.
        help: one Chinese sentence on what it does.
        low: least number, or least number of characters of a text.
        high: greatest number, or greatest number of characters.
        choices: the only texts allowed, if not empty.
        unit: Chinese word behind the number, such as 分钟.
    """

    key: str
    label: str
    type: type[T]
    default: T
    help: str
    low: int | None = None
    high: int | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            raise SettingError(f"setting key {self.key!r} is not of the form group.name")
        if not self.label or not self.help:
            raise SettingError(f"setting {self.key} needs a label and a help sentence")
        if self.type not in (bool, int, str):
            raise SettingError(f"setting {self.key} has the unknown type {self.type!r}")
        if type(self.default) is not self.type:
            raise SettingError(f"setting {self.key}: the default is no {self.type.__name__}")
        if self.type is int and (self.low is None or self.high is None or self.low > self.high):
            raise SettingError(f"setting {self.key}: a number needs bounds, low and high")
        if self.choices and self.type is not str:
            raise SettingError(f"setting {self.key}: choices are for texts")
        try:
            self.validate(self.default)
        except SettingProblem as problem:
            raise SettingError(f"setting {self.key}: the default is not allowed: {problem}") from problem

    def validate(self, value: T) -> T:
        """The value itself. Raises SettingProblem when it is outside bounds or choices."""
        if isinstance(value, str):
            if self.choices and value not in self.choices:
                raise SettingProblem(f"“{self.label}”只能选：{'、'.join(self.choices)}")
            count = len(value)
            if self.low is not None and count < self.low:
                raise SettingProblem(f"“{self.label}”至少要填 {self.low} 个字")
            if self.high is not None and count > self.high:
                raise SettingProblem(f"“{self.label}”最多 {self.high} 个字，现有 {count} 个")
        elif not isinstance(value, bool) and not (self.low or 0) <= value <= (self.high or 0):
            raise SettingProblem(f"“{self.label}”应在 {self.low} 到 {self.high}{self.unit} 之间")
        return value

    def parse(self, typed: str) -> T:
        """Value of a typed or stored text. Raises SettingProblem with a Chinese sentence."""
        value: Any = self._value(typed)
        return self.validate(value)

    def _value(self, typed: str) -> bool | int | str:
        if self.type is str:
            return text.clean(typed)
        plain = text.half_width(typed).casefold()
        if self.type is bool:
            if plain not in _YES | _NO:
                raise SettingProblem(f"“{self.label}”只能填“是”或“否”")
            return plain in _YES
        if not re.fullmatch(r"[+-]?[0-9]{1,12}", plain):
            raise SettingProblem(f"“{self.label}”要填整数")
        return int(plain)

    def format(self, value: T) -> str:
        """Text under which the value is kept; `parse` reads it back."""
        if isinstance(value, bool):
            return "1" if value else "0"
        return str(value)

    def read(self, stored: Mapping[str, str]) -> T:
        """The stored value, or the default when none is stored.

        Raises SettingProblem when the stored text does not fit, which only happens when somebody changed the file.
        """
        kept = stored.get(self.key)
        return self.default if kept is None else self.parse(kept)


@dataclass(frozen=True, slots=True)
class Gone:
    """A setting of an older release: its key, and what took its place."""

    key: str
    advice: str


class Catalog:
    """All settings of the program, in the order of the settings page."""

    def __init__(self, settings: Iterable[Setting[Any]], gone: Iterable[Gone] = ()) -> None:
        self._settings: dict[str, Setting[Any]] = {}
        self._gone = {entry.key: entry for entry in gone}
        for setting in settings:
            if setting.key in self._settings:
                raise SettingError(f"setting {setting.key} is declared twice")
            if setting.key in self._gone:
                raise SettingError(f"setting {setting.key} was used by an older release, choose another key")
            self._settings[setting.key] = setting

    def __iter__(self) -> Iterator[Setting[Any]]:
        return iter(self._settings.values())

    def __getitem__(self, key: str) -> Setting[Any]:
        """The declaration. Raises SettingError for a key nobody declared."""
        try:
            return self._settings[key]
        except KeyError:
            advice = f": {self._gone[key].advice}" if key in self._gone else ""
            raise SettingError(f"there is no setting {key!r}{advice}") from None

    def problems(self, stored: Mapping[str, str]) -> list[Problem]:
        """Findings about the settings kept in a file: values that do not fit and keys of older or newer releases."""
        found = []
        for key, kept in stored.items():
            if key in self._gone:
                message = f"设置“{key}”已不再使用：{self._gone[key].advice}"
                found.append(Problem(Level.WARNING, "setting.gone", message, field=key))
            elif key not in self._settings:
                message = f"设置“{key}”本程序不认识，可能来自较新的版本，已忽略"
                found.append(Problem(Level.WARNING, "setting.unknown", message, field=key))
            else:
                try:
                    self._settings[key].parse(kept)
                except SettingProblem as problem:
                    found.append(Problem(Level.ERROR, "setting.value", str(problem), field=key, value=kept))
        return found


OFFICE_NAME: Final = Setting(
    "office.name", "单位名称", str, "", "印在表头、汇报和导出文件上的单位全称", high=60
)
OFFICE_DIVISION: Final = Setting(
    "office.division", "区划代码", str, "", "本单位的 12 位统计用区划代码，导出和数据包用它辨认单位", high=12
)
OFFICE_PHONE: Final = Setting(
    "office.phone",
    "公开联系电话",
    str,
    "",
    "印在公示材料上的联系电话，公示前的隐私检查会放行这个号码",
    high=40,
)
IDLE_MINUTES: Final = Setting(
    "security.idle_minutes", "自动锁定", int, 10, "多久不操作就锁定窗口", low=1, high=10, unit=" 分钟"
)
PASSWORD_DAYS: Final = Setting(
    "security.password_days", "口令有效期", int, 90, "口令用满多少天必须更换", low=7, high=90, unit=" 天"
)
PASSWORD_LENGTH: Final = Setting(
    "security.password_length", "口令长度", int, 8, "口令至少要多少个字符", low=8, high=32, unit=" 个字符"
)
PASSWORD_KINDS: Final = Setting(
    "security.password_kinds",
    "口令字符种类",
    int,
    3,
    "口令要含大写字母、小写字母、数字、符号中的几种",
    low=3,
    high=4,
    unit=" 种",
)
PASSWORDS_KEPT: Final = Setting(
    "security.passwords_kept",
    "不得重复的口令",
    int,
    5,
    "新口令不能与最近几次用过的相同",
    low=1,
    high=24,
    unit=" 次",
)
CLIPBOARD_SECONDS: Final = Setting(
    "security.clipboard_seconds",
    "剪贴板清空",
    int,
    30,
    "复制完整的证件号码后多久自动清空剪贴板",
    low=10,
    high=120,
    unit=" 秒",
)
COMBINED_ROLES: Final = Setting(
    "security.combined_roles",
    "岗位不分设",
    bool,
    False,
    "人手不足的小单位可以由一人兼任管理员和业务岗位，须写明原因",
)
DEMONSTRATION: Final = Setting(
    "office.demonstration", "演示单位", bool, False, "演示单位人人知道口令，不催换口令；不能用来存正式数据"
)
LOCK_FAILURES: Final = Setting(
    "security.lock_failures", "输错口令次数", int, 5, "连续输错多少次就暂停登录", low=3, high=5, unit=" 次"
)
LOCK_MINUTES: Final = Setting(
    "security.lock_minutes", "暂停登录时间", int, 5, "暂停登录后多久可以再试", low=5, high=1440, unit=" 分钟"
)
SCALE_PERCENT: Final = Setting(
    "screen.scale_percent", "界面大小", int, 100, "文字和按钮放大的比例", low=80, high=200, unit="%"
)
BACKUP_FOLDER: Final = Setting(
    "backup.folder", "备份文件夹", str, "", "自动备份存放的位置，留空则存放在台账文件旁边", high=400
)
SECOND_BACKUP_FOLDER: Final = Setting(
    "backup.second_folder",
    "第二备份文件夹",
    str,
    "",
    "每次自动备份再拷一份到这里，可以是 U 盘，没插上时会提示；留空则不拷",
    high=400,
)
BACKUP_KEEP: Final = Setting(
    "backup.keep", "保留备份份数", int, 30, "超过份数时删除最旧的自动备份", low=3, high=1000, unit=" 份"
)
DAY_CORRECTIONS: Final = Setting(
    "calendar.day_corrections",
    "工作日更正",
    str,
    "",
    "与节假日安排不同的放假日和上班日，公示期和工单期限按它推算；在“工作日设置”里修改",
    high=20_000,
)
ZERO_BEFORE_JIAO: Final = Setting(
    "paper.zero_before_jiao", "大写元后写零", bool, False, "元位是 0 而角位不是 0 时，金额大写在元后加“零”"
)

CATALOG: Final = Catalog(
    (
        OFFICE_NAME,
        OFFICE_DIVISION,
        OFFICE_PHONE,
        SCALE_PERCENT,
        IDLE_MINUTES,
        PASSWORD_LENGTH,
        PASSWORD_KINDS,
        PASSWORD_DAYS,
        PASSWORDS_KEPT,
        LOCK_FAILURES,
        LOCK_MINUTES,
        CLIPBOARD_SECONDS,
        COMBINED_ROLES,
        DEMONSTRATION,
        BACKUP_FOLDER,
        SECOND_BACKUP_FOLDER,
        BACKUP_KEEP,
        DAY_CORRECTIONS,
        ZERO_BEFORE_JIAO,
    )
)
"""Settings of the kernel; `app` makes one catalogue of these and the modules' own."""
