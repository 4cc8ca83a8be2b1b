"""Whatever file is picked: a book or one Chinese sentence, in time, and nothing else."""

from __future__ import annotations

import os
import random
import re
import shutil
import stat
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.sheets import reading
from hongyao_desktop.sheets.book import Limits
from hongyao_desktop.sheets.reading import Cancelled, read_book
from tests.sheets import makers

HASTE = Limits(seconds=20)
Maker = Callable[[Path], object]


def sentence_for(path: Path, limits: Limits = HASTE) -> str:
    """The sentence a file is refused with; it must be one, in Chinese, and name the file."""
    with pytest.raises(Refusal) as caught:
        read_book(path, limits=limits)
    message = caught.value.message
    assert path.name in message
    assert re.search("[\u4e00-\u9fff]{4}", message)
    assert "\n" not in message
    assert not re.search(r"Error|Exception|Traceback|non[e]?\b", message)
    return message


def outcome(path: Path) -> str:
    """What became of a file: the names of its sheets, or the sentence. Anything else that is raised fails the test."""
    try:
        return "".join(sheet.name for sheet in read_book(path, limits=HASTE).sheets)
    except Refusal as refusal:
        return refusal.message if path.name in refusal.message else ""


def zipped(parts: dict[str, bytes]) -> Maker:
    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in parts.items():
                package.writestr(name, content)

    return make


BOMB = b"<worksheet><sheetData>" + b" " * (300 << 20)
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + b"".join(
        b'<!ENTITY lol%d "%s">' % (n, b"&lol%s;" % (str(n - 1).encode() if n > 1 else b"") * 10)
        for n in range(1, 10)
    )
    + b"]><workbook>&lol9;</workbook>"
)
WORKBOOK_2003 = b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">&lol9;</Workbook>'

FILES: list[tuple[str, bytes | Maker, str]] = [
    ("空.xlsx", b"", "空文件"),
    ("名单.xlsx", b"%PDF-1.7 ...", "PDF"),
    ("名单.xls", b"\x89PNG\r\n\x1a\n" + bytes(200), "图片"),
    ("照片.xlsx", b"\xff\xd8\xff\xe0" + bytes(200), "图片"),
    ("压缩.xlsx", b"Rar!\x1a\x07\x00" + bytes(100), "压缩包"),
    ("程序.xls", b"MZ\x90\x00" + bytes(200), "程序"),
    ("锁.xlsx", b"%TSD-Header-###%" + bytes(500), "加密软件"),
    ("文档.xlsx", zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}), "Word"),
    ("压缩包.xlsx", zipped({"a/花名册.xlsx": b"PK"}), "压缩包"),
    ("旧文档.xls", makers.ole_with_stream("WordDocument"), "Word"),
    ("密码.xlsx", makers.ole_with_stream("EncryptedPackage"), "密码"),
    ("别的.xls", makers.ole_with_stream("Whatever"), "损坏"),
    ("坏的.xls", makers.ole_with_stream("Workbook"), "损坏"),
    ("乱.xlsx", random.Random(1).randbytes(5000), "不是表格"),
    ("乱.csv", random.Random(2).randbytes(50_000), "不是表格"),
    ("半个.xlsx", b"PK\x03\x04" + random.Random(3).randbytes(3000), "损坏"),
    ("空的.csv", b"\r\n\r\n  \r\n".replace(b" ", b""), "没有任何内容"),
    ("网页.xls", b"<html><body><p>no table here</p></body></html>", "网页"),
    ("实体.xml", LAUGHS.replace(b"<workbook>&lol9;</workbook>", WORKBOOK_2003), "实体声明"),
    ("实体.xlsx", zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": LAUGHS}), "实体声明"),
]


@pytest.mark.parametrize(
    ("name", "content", "word"), FILES, ids=[f"{name}-{word}" for name, _, word in FILES]
)
def test_a_file_that_is_no_table_is_named_for_what_it_is(
    tmp_path: Path, name: str, content: bytes | Maker, word: str
) -> None:
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        content(path)
    assert word in sentence_for(path)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    assert "没有找到" in sentence_for(tmp_path / "没有.xlsx")
    folder = tmp_path / "表格.xlsx"
    folder.mkdir()
    assert "文件夹" in sentence_for(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "管道.xlsx"
    os.mkfifo(pipe)
    assert "不是普通文件" in sentence_for(pipe)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may read everything"
)
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = makers.simple(tmp_path / "名单.xlsx")
    path.chmod(stat.S_IWUSR)
    assert "权限" in sentence_for(path)


def test_a_file_larger_than_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "大.csv"
    path.write_bytes("姓名,电话\n".encode() * 1000)
    assert "超过可导入的" in sentence_for(path, Limits(file_bytes=100))


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("sample", sorted(makers.SAMPLES.glob("*.xlsx")), ids=lambda path: path.name[:2])
def test_a_truncated_workbook(tmp_path: Path, sample: Path, share: float) -> None:
    path = tmp_path / sample.name
    content = sample.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert "损坏" in sentence_for(path)


def test_a_bomb_that_is_honest_about_its_size(tmp_path: Path) -> None:
    source = makers.simple(tmp_path / "源.xlsx")
    path = makers.repacked(
        source, tmp_path / "炸弹.xlsx", lambda name, content: BOMB if name.endswith("sheet1.xml") else content
    )
    assert path.stat().st_size < 1 << 20
    assert "压缩" in sentence_for(path) or "展开" in sentence_for(path)


def test_a_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    source = makers.simple(tmp_path / "源.xlsx")
    path = makers.repacked(
        source, tmp_path / "炸弹.xlsx", lambda name, content: BOMB if name.endswith("sheet1.xml") else content
    )
    lied = path.read_bytes().replace(len(BOMB).to_bytes(4, "little"), (5000).to_bytes(4, "little"))
    path.write_bytes(lied)
    started = time.monotonic()
    sentence_for(path, Limits(seconds=20, memory_bytes=512 << 20))
    assert time.monotonic() - started < 25


def test_a_stray_cell_in_the_last_corner_is_named(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"], sheet["B1"] = "姓名", "电话"
        sheet["XFD1048576"] = " "

    sentence = sentence_for(makers.workbook(tmp_path / "远.xlsx", fill))
    assert "XFD1048576" in sentence


def test_a_short_memory_is_told_as_a_size(tmp_path: Path) -> None:
    rows = [["姓名", "备注"], *([f"张{number}", "很长的备注" * 200] for number in range(20_000))]
    path = makers.simple(tmp_path / "大.xlsx", rows)
    assert "展开后超过" in sentence_for(path, Limits(seconds=30, memory_bytes=90 << 20))


def test_time_runs_out_and_the_process_is_gone(tmp_path: Path) -> None:
    path = makers.simple(tmp_path / "慢.xlsx")
    started = time.monotonic()
    assert "还没有读完" in sentence_for(path, Limits(seconds=0.0))
    assert time.monotonic() - started < 5


def test_the_user_stops_the_reading(tmp_path: Path) -> None:
    path = makers.simple(tmp_path / "名单.xlsx")
    with pytest.raises(Cancelled) as caught:
        read_book(path, cancelled=lambda: True)
    assert "没有改动任何数据" in caught.value.message


def test_a_reading_process_that_talks_nonsense_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = makers.simple(tmp_path / "名单.xlsx")
    # what a hostile pickle would look like: os.system called while unpacking
    script = (
        "import os, sys, pickle, struct\n"
        "class Evil:\n"
        "    def __reduce__(self):\n"
        f"        return (os.mkdir, ({str(tmp_path / 'acted')!r},))\n"
        "data = pickle.dumps(('rows', Evil()))\n"
        "sys.stdin.buffer.read()\n"
        "sys.stdout.buffer.write(struct.pack('>Q', len(data)) + data)\n"
    )
    monkeypatch.setattr(reading, "_command", lambda: [sys.executable, "-c", script])
    assert "损坏" in sentence_for(path)
    assert not (tmp_path / "acted").exists()


def test_a_crashing_reading_process_gives_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = makers.simple(tmp_path / "名单.xlsx")
    script = "import os, sys; sys.stdin.buffer.read(); os.abort()"
    monkeypatch.setattr(reading, "_command", lambda: [sys.executable, "-c", script])
    sentence_for(path)


@pytest.mark.parametrize("seed", range(24))
def test_mutated_workbooks_and_texts(tmp_path: Path, seed: int) -> None:
    """Some bytes of a sample changed: read or refused with a sentence; never anything else."""
    chance = random.Random(seed)
    samples = sorted(makers.SAMPLES.glob("0*"))
    sample = samples[seed % len(samples)]
    content = bytearray(sample.read_bytes())
    for _ in range(chance.choice([1, 3, 20, 200])):
        content[chance.randrange(len(content))] = chance.randrange(256)
    path = tmp_path / sample.name
    path.write_bytes(bytes(content))
    assert outcome(path)


@pytest.mark.parametrize("seed", range(10))
def test_mutated_markup_inside_a_workbook(tmp_path: Path, seed: int) -> None:
    """The XML itself damaged under a whole package, where no checksum catches it."""
    chance = random.Random(seed)
    sample = sorted(makers.SAMPLES.glob("*.xlsx"))[seed % 4]

    def change(name: str, content: bytes) -> bytes:
        damaged = bytearray(content)
        if name.endswith((".xml", ".rels")) and chance.random() < 0.6:
            for _ in range(chance.choice([1, 5])):
                place = chance.randrange(len(damaged))
                damaged[place : place + chance.choice([0, 1, 30])] = chance.choice(
                    [b"", b"<", b">", b'"', b"9" * 400, b"&#0;"]
                )
        return bytes(damaged)

    path = makers.repacked(sample, tmp_path / "坏.xlsx", change)
    assert outcome(path)


def test_nothing_outside_the_file_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "秘密.txt"
    secret.write_text("绝密内容", encoding="utf-8")
    page = tmp_path / "表.xls"
    page.write_text(
        f'<html><head><link href="{secret.as_uri()}"></head><body><table><tr><td>姓名</td></tr><tr>'
        f'<td><img src="{secret.as_uri()}"><iframe src="{secret.as_uri()}"></iframe>张三</td></tr></table></body>',
        encoding="utf-8",
    )
    rows = read_book(page).sheets[0].rows
    assert rows == [["姓名"], ["张三"]]


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("names are text there")
    source = makers.simple(tmp_path / "名单.xlsx")
    odd = Path(os.fsdecode(bytes(tmp_path) + b"/\xd5\xc5\xc8\xfd.xlsx"))
    shutil.copy(source, odd)
    assert read_book(odd).sheets[0].rows[1][0] == "张三"
