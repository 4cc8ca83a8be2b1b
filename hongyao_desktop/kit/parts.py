"""What a module adds to the page that is derived from its register; everything may be left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.lookup import Lookup
from hongyao_desktop.kit.rows import Toner
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from hongyao_desktop.kit.register_page import RegisterPage


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A saved view above the list: column = value pairs under a name."""

    label: str
    equals: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What stands above the form of a record: figures (label, text), a sentence, a second line beside the name.

    ``share`` is how far something has come, in per cent, drawn as a line below the sentence that tells it.
    """

    figures: tuple[tuple[str, str], ...] = ()
    note: str = ""
    subtitle: str = ""
    share: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailTab:
    """A further page of a record beside its form (时长, 积分, 文件).

    ``build`` makes a widget that has ``show_row(row)``; it is made when the tab is first opened.
    """

    label: str
    build: Callable[[Session], QWidget]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPageParts:
    """The additions of one register.

    Attributes:
        title: the page's title when it is not the register's label.
        search_hint: what the search box searches.
        new_label: words of the primary button (新增志愿者).
        facts: reads figures and note of the current row, on a reading worker.
        tabs: further pages of a record.
        verbs: steps other than saving (冲正, 停用, 打印证明); for a ledger the only way in.
        batch, importing, printing: what F5, 导入 and F9 do, given the page.
        batch_label: what F5 is called, where it is not batch entry of the same register (进货).
        tone: colours cells by field and row.
        barred: steps that only colleagues may take; they stand in 更多, say who, and do nothing.
        views: replace the views made from the status field.
        defaults: given to a new row.
        lookups: rows for reference fields, by field name or register name.
        load: reads one row for the form when it takes more than the register's source.
        watches: tables besides the register's own whose changes reload the list; None reloads on any change.
    """

    title: str = ""
    search_hint: str = "姓名、拼音首字母、编号"
    new_label: str = ""
    facts: Callable[[Reader, Row], Facts] | None = None
    tabs: tuple[DetailTab, ...] = ()
    verbs: tuple[Verb, ...] = ()
    barred: tuple[Verb, ...] = ()
    batch: Callable[[RegisterPage], None] | None = None
    batch_label: str = "批量录入"
    importing: Callable[[RegisterPage], None] | None = None
    printing: Callable[[RegisterPage], None] | None = None
    tone: Toner | None = None
    views: tuple[View, ...] | None = None
    defaults: Callable[[Session], Mapping[str, Any]] | None = None
    lookups: Mapping[str, Lookup] = field(default_factory=dict)
    load: Callable[[Reader, str], Row | None] | None = None
    watches: tuple[str, ...] | None = None
