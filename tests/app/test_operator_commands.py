"""Operators, passwords, access log and recovery at the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from tests.app.demonstrations import PASSWORD, Told, one_chinese_sentence

Run = Callable[..., Told]
NEW = "Kq7-tree9"
OWN = "Wm4-lake8"


@pytest.fixture
def new_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HONGYAO_NEW_PASSWORD", NEW)


def log(run: Run, office: Path, *more: str) -> list[tuple[str, str, str]]:
    rows = run("access-log", office, "--as", "吴日志", "--json", *more).data
    return [(row["operator_name"], row["event"], row["outcome"]) for row in rows]


def test_operators_are_listed_with_roles_and_last_login(run: Run, office: Path) -> None:
    listed = run("operators", office, "--as", "孙系统", "--json").data
    assert {entry["name"]: entry["roles"] for entry in listed}["周安全"] == ["安全管理员"]
    assert all("password" not in entry and "salt" not in entry for entry in listed)
    assert "李静" in run("operators", office).out


def test_an_operator_is_made_authorised_renamed_and_stopped(
    run: Run, office: Path, new_password: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("operator", "add", office, "冯出纳", "--as", "孙系统").code == 0
    assert (
        run(
            "operator", "roles", office, "冯出纳", "--role", "出纳", "--reason", "分工", "--as", "周安全"
        ).code
        == 0
    )
    assert run("operator", "rename", office, "冯出纳", "冯纳", "--reason", "写错", "--as", "孙系统").code == 0
    told = run("operator", "add", office, "陈某", "--as", "李静")
    assert told.code == 1
    assert "系统管理员" in told.err
    monkeypatch.setenv("HONGYAO_PASSWORD", NEW)
    given = run("list", office, "人员", "--as", "冯纳", "--limit", "1")
    assert given.code == 2
    assert "换成只有自己知道的口令" in given.err
    monkeypatch.setenv("HONGYAO_NEW_PASSWORD", OWN)
    assert run("operator", "password", office, "--as", "冯纳").code == 0
    monkeypatch.setenv("HONGYAO_PASSWORD", OWN)
    assert run("list", office, "人员", "--as", "冯纳", "--limit", "1").code == 0
    monkeypatch.setenv("HONGYAO_PASSWORD", PASSWORD)
    assert run("operator", "disable", office, "冯纳", "--reason", "调离", "--as", "孙系统").code == 0
    states = {entry["name"]: entry["status"] for entry in run("operators", office, "--json").data}
    assert states["冯纳"] == "停用"


def test_ones_own_password_is_changed(
    run: Run, office: Path, new_password: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("operator", "password", office, "--as", "李静").code == 0
    assert run("list", office, "人员", "--as", "李静").code == 2
    monkeypatch.setenv("HONGYAO_PASSWORD", NEW)
    assert run("list", office, "人员", "--as", "李静", "--limit", "1").code == 0


@pytest.mark.parametrize("name", ["孙系统", "周安全", "吴日志"])
@pytest.mark.parametrize(
    "command",
    [("list", "人员"), ("export", "人员", "甲.xlsx"), ("figures",), ("paper", "summary", "甲.pdf")],
    ids=lambda command: command[0],
)
def test_administrators_see_no_business_data(
    run: Run, office: Path, command: tuple[str, ...], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(office.parent)
    told = run(command[0], office, *command[1:], "--as", name)
    assert (told.code, told.out) == (1, "")
    assert "不能查看业务数据" in told.err
    assert one_chinese_sentence(told.err)
    assert not list(office.parent.glob("甲.*"))


def test_logins_exports_prints_and_refusals_are_in_the_log(run: Run, office: Path, tmp_path: Path) -> None:
    run("export", office, "volunteers", tmp_path / "甲.xlsx", "--purpose", "区里核查", "--as", "李静")
    run("paper", office, "summary", tmp_path / "甲.pdf", "--as", "赵审核")
    run("list", office, "人员", "--as", "孙系统")
    found = log(run, office)
    assert ("李静", "登录", "成功") in found
    assert ("李静", "导出", "成功") in found
    assert ("赵审核", "打印", "成功") in found
    assert ("孙系统", "无权办理", "拒绝") in found
    exported = run("access-log", office, "--as", "钱审计", "--text", "核查", "--json").data
    assert [(row["purpose"], row["row_count"] > 100) for row in exported] == [("区里核查", True)]
    assert log(run, office, "--who", "赵审核", "--to", "2020-01-01") == []
    told = run("access-log", office, "--as", "李静")
    assert told.code == 1
    assert "不能查看访问日志" in told.err


def test_the_recovery_sheet_opens_the_file_for_a_forgotten_password(
    run: Run, office: Path, tmp_path: Path, new_password: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = tmp_path / "恢复密钥.pdf"
    assert run("recovery-sheet", office, sheet, "--reason", "首次打印", "--as", "李静").code == 1
    assert not sheet.exists()
    assert run("recovery-sheet", office, sheet, "--reason", "首次打印", "--as", "孙系统").code == 0
    document = pypdfium2.PdfDocument(sheet)
    assert len(document) == 1
    words = document[0].get_textpage().get_text_range().split()
    document.close()
    groups = [word for word in words if len(word) == 5 and word.isascii() and word.isalnum()]
    assert len(groups) == 12
    monkeypatch.setenv("HONGYAO_RECOVERY", " ".join(groups))
    assert run("recover", office, "--as", "李静").code == 1
    assert run("recover", office, "--as", "孙系统").code == 0
    monkeypatch.setenv("HONGYAO_PASSWORD", NEW)
    assert run("operators", office, "--as", "孙系统").code == 0


def test_a_missing_option_is_named_as_it_is_typed_with_the_whole_command(run: Run, office: Path) -> None:
    told = run("operator", "roles", office, "李静", "--as", "周安全")
    assert told.code == 2
    assert told.err.strip() == "缺少“--reason”，用 hongyao operator roles --help 查看用法"
    told = run("operator", "roles")
    assert "缺少“台账文件”" in told.err
