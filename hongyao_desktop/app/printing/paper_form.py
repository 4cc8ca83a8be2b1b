"""The form of a paper (打印设置): of whom, of when, what for, its own parameters, and how the file is wanted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from hongyao_desktop.app.printing.papers import Wishes
from hongyao_desktop.core.desk import Reader
from hongyao_desktop.core.fields import (
    Choice,
    Date,
    FieldType,
    ParseContext,
    Parsed,
    Points,
    Raw,
    Reference,
    Text,
)
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.core.settings import OFFICE_PHONE
from hongyao_desktop.paper.catalogue import YES_OR_NO, PaperSpec, Parameter
from hongyao_desktop.paper.offset import MOST
from hongyao_desktop.sheets.csv_files import Encoding

PLAIN, ARCHIVE, LOCKED = "普通", "归档", "加密"
_ENCODINGS: Final[dict[str, Encoding]] = {"UTF-8": "utf-8-sig", "GB18030": "gb18030"}
_SPAN: Final = "范围"
_OWN: Final = "内容"
_OUT: Final = "输出"
_MOVED: Final = "套打"
_REGISTERS: Final = {
    "volunteer": "volunteers",
    "activity": "activities",
    "class": "training_classes",
    "person": "people",
}
"""Parameters that name a record: the form finds it by number, name or initials of its pinyin."""


class Millimetres(Points):
    """A way on the sheet (偏移), kept in hundredths of a millimetre."""

    def read(self, raw: Raw, context: ParseContext) -> Parsed:
        """A number of millimetres up to what the sheet allows."""
        parsed = super().read(raw, context)
        value = parsed.value
        if isinstance(value, int) and abs(value) > MOST * 100:
            sentence = f"最多偏移 {MOST:g} 毫米，请重新填写"
            return Parsed(None, (Problem(Level.ERROR, "offset.range", sentence),))
        return parsed


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says: which paper, of when, of whom, what for, and how the file is wanted."""

    paper: PaperSpec
    period: Period
    unit: str | None
    purpose: Purpose
    options: dict[str, str]
    wishes: Wishes

    def for_file(self, ending: str) -> Wishes:
        """The wishes as far as this kind of file can follow them."""
        if ending == ".pdf":
            return self.wishes
        return replace(self.wishes, archive=False, password="", code=False, offset=(0.0, 0.0))

    def for_printer(self) -> Wishes:
        """The wishes for a sheet of paper, which is neither archived nor locked."""
        return replace(self.wishes, archive=False, password="")


def fields_of(paper: PaperSpec) -> tuple[Field, ...]:
    """The fields of a paper's form, section by section; what a paper cannot lack comes first."""
    span, own = _span(paper), [_own(parameter) for parameter in paper.parameters]
    asked = [*own, *span] if any(field.required for field in own) else [*span, *own]
    return (*asked, *_out())


def own_name(parameter: Parameter) -> str:
    """A parameter's name in the form, apart from those of the span."""
    return f"set_{parameter.name}"


def defaults_of(paper: PaperSpec, today: dt.date) -> dict[str, Any]:
    """What stands in a new form: this year up to today, the usual purpose, a plain PDF."""
    own: dict[str, Any] = {own_name(parameter): parameter.default or None for parameter in paper.parameters}
    return {
        **own,
        "first": f"{today.year}-01-01",
        "last": today.isoformat(),
        "purpose": paper.purposes[0].label,
        "out_kind": PLAIN,
        "out_code": "否",
        "out_encoding": next(iter(_ENCODINGS)),
        "move_right": 0,
        "move_down": 0,
    }


def known_before(reader: Reader, paper: PaperSpec) -> dict[str, Any]:
    """What is the same from paper to paper, such as a notice's phone and place or who signs, as on the last one.

    The office's phone comes before the one that was printed last.
    """
    phone = reader.value("SELECT value FROM setting WHERE id = ?", (OFFICE_PHONE.key,))
    found: dict[str, Any] = {}
    for parameter in paper.parameters:
        if not (parameter.public or parameter.kept):
            continue
        last = phone if parameter.name == "phone" and phone else None
        if last is None:
            last = reader.value(
                "SELECT json_extract(options, ?1) FROM print_run WHERE paper = ?2 AND json_extract(options, ?1) <> '' "
                "ORDER BY id DESC LIMIT 1",
                (f"$.{parameter.name}", paper.name),
            )
        if last:
            found[own_name(parameter)] = last
    return found


def asked_of(
    paper: PaperSpec, values: Mapping[str, Any], reader: Reader
) -> tuple[Asked | None, list[Problem]]:
    """What a form that was read says; None with findings when it makes no sense together."""
    found: list[Problem] = []
    locked = values.get("out_kind") == LOCKED
    password = values.get("out_password") or ""
    if locked and not password:
        found.append(_wrong("out_password", "加密 PDF 要写明打开密码，收件人用它打开；不加密请改选“普通”"))
    first, last = (dt.date.fromisoformat(values[name]) for name in ("first", "last"))
    if last < first:
        found.append(_wrong("last", "截止日期早于起始日期，请核对"))
    if found:
        return None, found
    unit = values.get("unit_id")
    code = reader.value("SELECT code FROM unit WHERE id = ?", (unit,)) if unit else None
    label = values.get("purpose", paper.purposes[0].label)
    asked = Asked(
        paper=paper,
        period=Period(first, last),
        unit=str(code) if code else None,
        purpose=next(purpose for purpose in paper.purposes if purpose.label == label),
        options={
            parameter.name: typed
            for parameter in paper.parameters
            if (typed := values.get(own_name(parameter)))
        },
        wishes=Wishes(
            purpose=next(purpose for purpose in paper.purposes if purpose.label == label),
            archive=values.get("out_kind") == ARCHIVE,
            password=password if locked else "",
            code=values.get("out_code") == "是",
            encoding=_ENCODINGS.get(values.get("out_encoding") or "", "utf-8-sig"),
            offset=((values.get("move_right") or 0) / 100, (values.get("move_down") or 0) / 100),
        ),
    )
    return asked, []


def _wrong(field: str, sentence: str) -> Problem:
    return Problem(Level.ERROR, "paper.form", sentence, field=field)


_field = partial(Field, sensitivity=Sensitivity.INTERNAL)


def _span(paper: PaperSpec) -> list[Field]:
    span = [
        _field(
            name="unit_id",
            label="组织",
            type=Reference("units"),
            section=_SPAN,
            help="留空为全单位，含下级。",
        ),
        _field(name="first", label="起始日期", type=Date(), section=_SPAN, required=True),
        _field(name="last", label="截止日期", type=Date(), section=_SPAN, required=True),
    ]
    if len(paper.purposes) > 1:
        words = tuple(purpose.label for purpose in paper.purposes)
        span.append(
            _field(
                name="purpose",
                label="用途",
                type=Choice(words),
                section=_SPAN,
                required=True,
                help="公示用的脱敏最多。",
            )
        )
    return span


def _own(parameter: Parameter) -> Field:
    kind: FieldType = Text(max_chars=1000)
    if parameter.choices:
        kind = Choice(parameter.choices)
    elif parameter.name in _REGISTERS:
        kind = Reference(_REGISTERS[parameter.name])
    return _field(
        name=own_name(parameter),
        label=parameter.label,
        type=kind,
        section=_OWN,
        required=parameter.required,
        help=parameter.help,
    )


def _out() -> list[Field]:
    way = "毫米，可以填负数；对不准预印表格的线时调整，在这台电脑上记住。"
    return [
        _field(
            name="out_kind",
            label="PDF 格式",
            type=Choice((PLAIN, ARCHIVE, LOCKED)),
            section=_OUT,
            required=True,
            help="归档为 PDF/A，可长期保存；加密的要密码才能打开。",
        ),
        _field(
            name="out_password",
            label="打开密码",
            type=Text(max_chars=60),
            section=_OUT,
            help="只用于加密 PDF；程序不保存，请另行告诉收件人。",
        ),
        _field(
            name="out_code",
            label="核验二维码",
            type=Choice(YES_OR_NO),
            section=_OUT,
            required=True,
            help="印在文末，可以与台账核对。",
        ),
        _field(
            name="out_encoding",
            label="CSV 编码",
            type=Choice(tuple(_ENCODINGS)),
            section=_OUT,
            required=True,
            help="UTF-8 带签名；旧版软件打开是乱码时选 GB18030。",
        ),
        _field(
            name="move_right",
            label="右移",
            type=Millimetres(allow_negative=True),
            section=_MOVED,
            help=way,
        ),
        _field(
            name="move_down",
            label="下移",
            type=Millimetres(allow_negative=True),
            section=_MOVED,
            help="毫米，可以填负数。",
        ),
    ]
