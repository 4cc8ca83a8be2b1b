"""Wrong use and broken surroundings: one Chinese sentence each, nothing changed, exit code 1 or 2, no traceback."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from hongyao_desktop.app.resources import resource
from tests.app.demonstrations import Told, one_chinese_sentence

Run = Callable[..., Told]
SAMPLE = next(resource("demo", "samples").glob("01 *"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("没有的命令",),
        ("figures",),
        ("figures", "没有.hongyao"),
        ("figures", "OFFICE", "--from", "后天"),
        ("figures", "OFFICE", "--from", "2026-09-01", "--to", "2026-01-01"),
        ("figures", "OFFICE", "--unit", "没有的社区"),
        ("figures", "OFFICE", "--code", "ZZ-99"),
        ("figures", "OFFICE", "--rows"),
        ("figures", "OFFICE", "--as", "没有的人"),
        ("figures", "OFFICE", "--nonsense"),
        ("list", "OFFICE", "没有的台账"),
        ("list", "OFFICE", "people", "--limit", "三"),
        ("import", "OFFICE", "people", "没有.xlsx"),
        ("import", "OFFICE", "没有的台账", str(SAMPLE)),
        ("import", "OFFICE", "volunteers", str(SAMPLE), "--sheet", "没有的表"),
        ("import", "OFFICE", "fund_entries", str(SAMPLE)),
        ("export", "OFFICE", "people", "名册.doc"),
        ("export", "OFFICE", "people", "没有的文件夹/名册.xlsx"),
        ("paper", "OFFICE", "没有的文件", "甲.pdf"),
        ("paper", "OFFICE", "summary", "甲.doc"),
        ("paper", "OFFICE", "summary", "甲.pdf", "--set", "颜色=红"),
        ("paper", "OFFICE", "summary", "甲.pdf", "--set", "颜色"),
        ("demo", "OFFICE"),
        ("demo", "甲.hongyao", "--scale", "huge"),
        ("check", "TEXT"),
    ],
    ids=lambda arguments: " ".join(arguments)[:40],
)
def test_wrong_use_gets_one_sentence(
    run: Run, office: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(office.parent)
    text = office.parent / "说明.txt"
    text.write_text("这不是台账文件" * 1000, encoding="utf-8")
    places = {"OFFICE": str(office), "TEXT": str(text)}
    before = office.read_bytes()
    told = run(*(places.get(argument, argument) for argument in arguments))
    assert told.code in (1, 2)
    assert one_chinese_sentence(told.err), told.err
    assert told.out == ""
    assert office.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.xlsx", b""),
        ("假.xlsx", b"%PDF-1.7\n" + b"x" * 5000),
        ("图.xls", b"\x89PNG\r\n\x1a\n" + b"\0" * 5000),
        ("加密.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 8000),
        ("坏.xlsx", b"PK\x03\x04" + b"\0" * 3000),
        ("没有表头.csv", "今天天气很好\n明天也不错\n".encode()),
    ],
)
def test_what_is_no_spreadsheet_gets_one_sentence(run: Run, office: Path, name: str, content: bytes) -> None:
    wrong = office.parent / name
    wrong.write_bytes(content)
    told = run("import", office, "volunteers", wrong, "--commit")
    assert told.code in (1, 2)
    assert one_chinese_sentence(told.err), told.err
    assert name.split(".", maxsplit=1)[0] in told.err


def test_a_wrong_password_opens_nothing(run: Run, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HONGYAO_PASSWORD", "Cuowu-2026")
    told = run("figures", office, "--as", "李静")
    assert told.code in (1, 2)
    assert one_chinese_sentence(told.err)
    assert "口令" in told.err


def test_without_a_password_nothing_waits(run: Run, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HONGYAO_PASSWORD")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    told = run("figures", office)
    assert told.code == 2
    assert one_chinese_sentence(told.err)
    assert "HONGYAO_PASSWORD" in told.err


def test_two_programs_on_one_file(run: Run, office: Path) -> None:
    from hongyao_desktop.app.bootstrap import open_file
    from tests.app.demonstrations import PASSWORD

    with open_file(office, "李静", PASSWORD):
        told = run("import", office, "volunteers", SAMPLE, "--commit", "--back", office.parent / "退回.xlsx")
        assert told.code in (1, 2)
        assert one_chinese_sentence(told.err)
        assert run("figures", office, "--as", "李静").code == 0, "reading beside an open window goes on"
