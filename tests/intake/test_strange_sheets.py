"""Strange sheets: whatever a roster looks like and whatever it is kept in, the same eight people come in."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.intake import rehearsal as rehearsing
from hongyao_desktop.intake.committing import commit, write_back
from hongyao_desktop.intake.rehearsal import Rehearsal, rehearse
from hongyao_desktop.sheets import child, reading, wire
from hongyao_desktop.sheets.book import Book, Limits
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.imports.volunteers import TARGET
from tests.intake import strange_sheets as strange
from tests.offices import make_office

SEEDS = range(8)
PER_SEED = 16


def read_here(path: Path) -> Book:
    """Read a file in this process: what the reading process sends, put together by the one who receives it."""
    out = io.BytesIO()
    child.read(path, Limits(), out)
    stream = io.BytesIO(out.getvalue())
    about: dict[str, Any] = {}
    heads: list[dict[str, Any]] = []
    bodies: list[list[list[Any]]] = []
    while (frame := wire.read_frame(stream.read)) is not None:
        kind, content = wire.unpack(frame)
        if kind == wire.BOOK:
            about = content
        elif kind == wire.SHEET:
            heads.append(content)
            bodies.append([])
        elif kind == wire.ROWS:
            bodies[-1].extend(content)
    receiver = reading._Reading(path, Limits())
    return receiver._put_together(about, heads, bodies)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(rehearsing, "read_book", read_here)
    made = make_office(tmp_path)
    made.transact("建立单位", lambda writer: writer.insert("unit", UNIT))
    yield made
    made.close()


UNIT = {"code": "00", "name": "样例街道", "level": "街道", "kind": "街道大工委"}


def incoming(rehearsal: Rehearsal) -> set[tuple[Any, ...]]:
    names = ("name", "id_number", "phone", "birth_on", "category")
    return {
        tuple(item.get(name) for name in names) for part in rehearsal.parts for _row, item in part.plan.items
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_everybody_comes_in_whatever_the_sheet_looks_like(office: Office, tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    layouts = list(strange.LAYOUTS)
    for number in range(PER_SEED):
        called, drawing, path = strange.drawn(dice, tmp_path, number, layouts[(seed + number) % len(layouts)])
        found = rehearse(path, TARGET, office.reader(), office.clock)
        expected = {
            (
                person.name,
                person.number,
                person.phone,
                None if "day='blank'" in called else person.born.isoformat(),
                # a text file has no merges: what stood in one cell for all stands beside the first only
                person.category if strange.has_merges(called) or person is strange.PEOPLE[0] else None,
            )
            for person in drawing.people
        }
        assert incoming(found) == expected, called
        assert found.returned == 0, (called, [problem.message for problem in found.problems])


Spoil = Callable[[strange.Drawing], None]


def cell(place: int, value: Any) -> Spoil:
    def spoil(drawing: strange.Drawing) -> None:
        drawing.grid[2][place] = value

    return spoil


SECOND = strange.PEOPLE[1]
SPOILT: dict[str, tuple[Spoil, str]] = {
    "error value": (cell(4, "#N/A"), "公式错误"),
    "formula without result": (cell(3, "=VLOOKUP(A3,Sheet2!A:B,2,0)"), "没有它的结果"),
    "number kept as a number": (cell(3, int(SECOND.number)), "改成 000"),
    "number in powers of ten": (cell(3, "3.2021E+17"), "科学计数"),
    "one digit wrong": (cell(3, SECOND.number[:16] + "99"), "校验位"),
    "number covered": (cell(3, SECOND.number[:6] + "********" + SECOND.number[-4:]), "星号"),
    "lost character": (cell(0, "钱?兰"), "已丢失"),
    "own character": (cell(0, "钱\ue863兰"), "自造字"),
    "two phones": (cell(4, "13800000001/13800000009"), "一个电话"),
    "short phone": (cell(4, "1380000001"), "11 位"),
    "day that never was": (cell(2, "1959-02-30"), "没有30日"),
    "day to come": (cell(2, "2030-01-01"), "还没有到"),
    "year of two digits": (cell(2, "59.2.4"), "只有两位"),
    "a novel": (cell(5, "长" * 32_000), "请缩短"),
    "unknown word": (cell(1, "F"), "可选内容"),
    "no name": (cell(0, None), "没有填写姓名"),
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_spoilt_row_goes_back_with_its_reason_and_the_others_come_in(
    office: Office, tmp_path: Path, what: str
) -> None:
    spoil, told = SPOILT[what]
    drawing = strange.LAYOUTS["plain"](strange.Ways(day="date"))
    spoil(drawing)
    path = strange.CONTAINERS["xlsx"](drawing, tmp_path / "坏行")
    found = rehearse(path, TARGET, office.reader(), office.clock)
    assert found.returned == 1
    ((row, _column), reasons) = next(iter(found.parts[0].reasons().items()))
    assert row == 3
    assert any(told in reason for reason in reasons)
    done = office.transact("导入", lambda writer: commit(writer, found)).result
    assert (done.written, done.returned) == (7, 1)
    assert office.reader().value("SELECT count(*) FROM volunteer") == 7
    assert write_back(found, tmp_path / "退回.xlsx") == 1


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("表.slk", b'ID;PCALCOOO32\r\nC;X1;Y1;K"\xd0\xd5\xc3\xfb"\r\n', "SYLK"),
        ("表.dif", b'TABLE\r\n0,1\r\n""\r\nVECTORS\r\n0,6\r\n', "DIF"),
        ("表.fods", b'<?xml version="1.0"?>\n<office:document xmlns:office="urn:x"/>', "OpenDocument"),
        ("表.csv", b"??,??,????\r\n???,?,138\r\n??,?,139\r\n", "问号"),
        ("表.csv", b" \r\n" * 50, "没有找到表头"),
        ("表.xlsx", b"PK\x03\x04", "已损坏"),
        ("表.xlsx", b"\x00" * 5000, "不是表格文件"),
        ("表.xlsx", b"", "空文件"),
    ],
)
def test_what_cannot_be_read_is_refused_with_one_sentence(
    office: Office, tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refusal, match=told) as caught:
        rehearse(path, TARGET, office.reader(), office.clock)
    assert name in caught.value.message
    assert "\n" not in caught.value.message
