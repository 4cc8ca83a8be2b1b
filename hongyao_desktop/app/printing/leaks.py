"""The leak scan (隐私检查): what is for the public is read as it was written, and refused when it says too much.

Three nets: numbers that look like an identity number, mobile or bank card; everything the file itself holds as
sensitive (every identity number, phone and address of every register); and texts that look like a home address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from hongyao_desktop.core.desk import Reader
from hongyao_desktop.core.fields import IdNumber, Phone
from hongyao_desktop.core.masking import Purpose, leak_scan, mask_address
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.register import Field, Register, Sensitivity
from hongyao_desktop.sheets.words import words_of_book, words_of_text

Word = tuple[str, str]
"""Where a text stands, and the text."""

_GROUPED: Final = (
    re.compile(r"(?<!\d)(1[3-9]\d)[ \-\u3000](\d{4})[ \-\u3000](\d{4})(?!\d)"),
    re.compile(r"(?<!\d)(\d{4})[ \-](\d{4})[ \-](\d{4})[ \-](\d{4})(?:[ \-](\d{1,4}))?(?!\d)"),
    re.compile(r"(?<!\d)(\d{6})[ \-](\d{8})[ \-](\d{3}[\dXx])(?![\dXx])"),
    re.compile(r"(?<!\d)(\d{4,14})\n(\d{3,14}[Xx]?)(?![\dXx])"),
)
"""How numbers are written in groups, or go on in the next line; only then blanks between digits are closed up."""
_BETWEEN: Final = re.compile(r"(?<=\d)[ \-\u3000\xa0\t\n]+(?=\d)")
_HOME: Final = re.compile(
    r"\d+\s*单元\s*\d+|(?:号楼|幢|栋|座)\s*(?:\d+\s*单元\s*)?\d{3,4}(?!\d|米|元|人|名|户)|(?:号楼|幢|栋|单元)\s*\d+\s*室"
)
_NUMBER: Final = re.compile(r"(?<![0-9A-Za-z])[0-9][0-9\-]{5,20}[0-9Xx](?![0-9A-Za-z])")
_GRAM: Final = 4
_SHOWN: Final = 5


def refuse_leaks(
    path: Path,
    reader: Reader,
    registers: Sequence[Register],
    *,
    allowed: Collection[str] = (),
    name: str = "",
) -> None:
    """Read a file that is for the public and refuse it when it holds what must not be published.

    Args:
        path: the file as written, .pdf, .xlsx or .csv.
        reader: the office file, for what it holds as sensitive.
        registers: every register; their sensitive fields say what to look for.
        allowed: texts that are published on purpose, such as the contact phone.
        name: how the file is called in the sentence; its own name if empty.

    Raises Refusal naming the first place and what stands there (masked), with all findings as its problems.
    """
    found = leaks_in(list(words_in(path)), reader, registers, allowed=allowed)
    if found:
        more = f"（共 {len(found)} 处）" if len(found) > 1 else ""
        raise Refusal(f"“{name or path.name}”没有生成：{found[0].message}{more}", problems=found[:_SHOWN])


def words_in(path: Path) -> Iterator[Word]:
    """Every text of a file with its place."""
    match path.suffix.lower():
        case ".pdf":
            from hongyao_desktop.paper.words import words_of_pdf

            return words_of_pdf(path)
        case ".xlsx":
            return words_of_book(path)
        case _:
            return words_of_text(path, _encoding(path))


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        return "utf-8-sig" if file.read(3) == b"\xef\xbb\xbf" else "gb18030"


def leaks_in(
    words: Sequence[Word], reader: Reader, registers: Sequence[Register], *, allowed: Collection[str] = ()
) -> list[Problem]:
    """What must not be published in these texts, in their order; each problem says where it stands."""
    permitted = [text for text in allowed if text]
    cleaned = [(place, _without(text, permitted)) for place, text in words]
    found = []
    for place, text in cleaned:
        for problem in leak_scan(closed_up(text), permitted):
            word = problem.message.split("出现", 1)[1]
            found.append(Problem(Level.ERROR, problem.code, f"{place}出现{word}", value=problem.value))
        home = _HOME.search(text)
        if home is not None:
            found.append(_leak("leak.address", place, "住址", home.group()))
    said = {problem.value for problem in found}
    held = _held(cleaned, reader, registers)
    return found + [problem for problem in held if problem.value not in said]


def closed_up(text: str) -> str:
    """A text in which grouped numbers stand in one piece and numbers of neighbouring cells stay apart."""
    for pattern in _GROUPED:
        text = pattern.sub(lambda match: "".join(part for part in match.groups() if part), text)
    return _BETWEEN.sub("¦", text)


def _without(text: str, permitted: Iterable[str]) -> str:
    for part in permitted:
        text = text.replace(part, "〇")
    return text


def _held(words: Sequence[Word], reader: Reader, registers: Sequence[Register]) -> Iterator[Problem]:
    """What the office file holds as sensitive and these texts repeat."""
    numbers: dict[str, str] = {}
    for place, text in words:
        for match in _NUMBER.finditer(closed_up(text)):
            numbers.setdefault(match.group().upper(), place)
    packed = [(place, "".join(text.split())) for place, text in words]
    grams = {text[at : at + _GRAM] for _place, text in packed for at in range(len(text) - _GRAM + 1)}
    for register in registers:
        for field in register.fields:
            if isinstance(field.type, Phone | IdNumber):
                yield from _held_numbers(reader, register, field, numbers)
            elif field.sensitivity is Sensitivity.SECRET and field.type.storage == "TEXT":
                yield from _held_texts(reader, register, field, packed, grams)


def _held_numbers(
    reader: Reader, register: Register, field: Field, numbers: dict[str, str]
) -> Iterator[Problem]:
    if not numbers:
        return
    rows = reader.all(
        f"SELECT DISTINCT {field.name} AS held FROM {register.source} "
        f"WHERE {field.name} IN (SELECT value FROM json_each(?))",
        (json.dumps(list(numbers)),),
    )
    code = "leak.id" if isinstance(field.type, IdNumber) else "leak.phone"
    for row in rows:
        yield _leak(code, numbers[str(row["held"]).upper()], field.label, str(row["held"]))


def _held_texts(
    reader: Reader, register: Register, field: Field, packed: Sequence[Word], grams: set[str]
) -> Iterator[Problem]:
    sql = f"SELECT DISTINCT {field.name} AS held FROM {register.source} WHERE length({field.name}) >= ?"
    for row in reader.stream(sql, (_GRAM + 2,)):
        value = "".join(str(row["held"]).split())
        kept = mask_address(value, Purpose.PUBLIC).removesuffix("***")
        if len(value) - len(kept) < 2 or value[-_GRAM:] not in grams:
            continue  # no more than a community, or its end stands nowhere
        place = next((place for place, text in packed if value in text), None)
        if place is not None:
            yield _leak("leak.address", place, field.label, value)


def _leak(code: str, place: str, word: str, value: str) -> Problem:
    shown = f"{value[:3]}…" if len(value) > 3 else value
    message = f"{place}出现完整的{word}（{shown}），公示材料不得包含，请改用脱敏后的内容"
    return Problem(Level.ERROR, code, message, value=shown)
