"""``hongyao paper``, ``papers`` and ``check --paper`` from the terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from hongyao_desktop.app.bootstrap import open_file
from hongyao_desktop.app.printing.papers import PAPERS
from hongyao_desktop.paper.archive import archive_findings
from hongyao_desktop.paper.preview import page_text
from tests.app.demonstrations import PASSWORD, Told, copied, one_chinese_sentence, told

Run = Callable[..., Told]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("HONGYAO_PASSWORD", PASSWORD)

    def command(*arguments: str | Path) -> Told:
        return told(capsys, arguments)

    return command


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return copied(tmp_path)


def test_papers_are_listed_with_what_they_ask_for(run: Run) -> None:
    said = run("papers", "--json")
    assert {entry["name"] for entry in said.data} == {paper.name for paper in PAPERS}
    board = next(entry for entry in said.data if entry["name"] == "board")
    assert board["purposes"][:2] == ["内部", "公示"]
    assert next(one for one in board["parameters"] if one["name"] == "by")["choices"] == ["时长", "积分"]
    assert "同名次排序" in run("papers").out


def test_a_paper_goes_into_a_folder_and_is_proved_and_printed_again(
    run: Run, office: Path, tmp_path: Path
) -> None:
    (tmp_path / "出").mkdir()
    done = run("paper", office, "board", tmp_path / "出", "--set", "purpose=公示", "--code", "--json").data
    pdf = Path(done["file"])
    assert pdf.name == "样例街道志愿者时长榜.pdf"
    assert done["noted"]
    proved = run("check", office, "--paper", pdf)
    assert proved.code == 0
    assert "与打印记录一致：李静" in proved.out
    again = tmp_path / "again.pdf"
    assert run("paper", office, "board", again, "--reprint", done["checksum"][:8]).code == 0
    assert again.read_bytes() == pdf.read_bytes()


def test_a_changed_paper_is_found_out(run: Run, office: Path, tmp_path: Path) -> None:
    pdf, changed = tmp_path / "a.pdf", tmp_path / "b.pdf"
    run("paper", office, "board", pdf)
    with pikepdf.open(pdf) as opened:
        opened.pages[0].contents_add(b"BT ET")
        opened.save(changed)
    said = run("check", office, "--paper", changed, "--json")
    assert said.code == 1
    assert [one["code"] for one in said.data["findings"]] == ["paper.changed"]
    nothing = run("check", office, "--paper", tmp_path / "none.pdf")
    assert nothing.code == 1
    assert one_chinese_sentence(nothing.err)


def test_archive_lock_offset_and_text(
    run: Run, office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("paper", office, "board", tmp_path / "a.pdf", "--archive").code == 0
    assert archive_findings((tmp_path / "a.pdf").read_bytes()) == ()
    assert (
        run("paper", office, "board", tmp_path / "b.pdf", "--set", "archive=1", "--json").data["form"]
        == "PDF/A"
    )
    monkeypatch.setenv("HONGYAO_PAPER_PASSWORD", "开门-2")
    assert run("paper", office, "board", tmp_path / "c.pdf", "--lock", "--json").data["form"] == "加密PDF"
    with pikepdf.open(tmp_path / "c.pdf", password="开门-2") as opened:
        assert opened.encryption.R == 6
    proved = run("check", office, "--paper", tmp_path / "c.pdf")
    assert proved.code == 0
    assert "加密PDF" in proved.out
    assert run("paper", office, "board", tmp_path / "d.csv", "--encoding", "gb18030").code == 0
    assert "名次" in (tmp_path / "d.csv").read_bytes().decode("gb18030")
    assert run("paper", office, "board", tmp_path / "e.pdf", "--offset", "1.5,-2").code == 0
    assert run("export", office, "units", tmp_path / "f.csv", "--encoding", "gb18030").code == 0
    assert "样例街道" in (tmp_path / "f.csv").read_bytes().decode("gb18030")


def test_while_the_window_has_the_file_a_paper_says_that_it_was_not_noted(
    run: Run, office: Path, tmp_path: Path
) -> None:
    with open_file(office, "李静", PASSWORD):
        done = run("paper", office, "board", tmp_path / "a.pdf", "--json")
    assert done.code == 0, done.err
    assert not done.data["noted"]
    assert "未登记打印" in page_text(tmp_path / "a.pdf", 1)


@pytest.mark.parametrize(
    "wrong",
    [
        ("--set", "purpose=张贴"),
        ("--set", "by=年龄"),
        ("--set", "颜色=红"),
        ("--offset", "左一点"),
        ("--offset", "99,0"),
        ("--offset", "nan,nan"),
        ("--offset", "1.5"),
        ("--set", "chart=也许"),
        ("--archive", "--lock"),
        ("--reprint", "abc"),
        ("--reprint", "deadbeef"),
    ],
)
def test_wrong_use_is_one_sentence_and_no_file(
    wrong: tuple[str, ...], run: Run, office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HONGYAO_PAPER_PASSWORD", "x")
    said = run("paper", office, "board", tmp_path / "a.pdf", *wrong)
    assert said.code in (1, 2)
    assert one_chinese_sentence(said.err)
    assert not (tmp_path / "a.pdf").exists()


def test_a_number_of_people_that_is_none_is_told(run: Run, office: Path, tmp_path: Path) -> None:
    said = run("paper", office, "summary", tmp_path / "a.pdf", "--set", "ranked=志愿")
    assert said.code == 2
    assert "“排名人数”要填 0 到" in said.err
    assert not (tmp_path / "a.pdf").exists()


def test_blanks_are_not_a_name(run: Run, office: Path, tmp_path: Path) -> None:
    said = run("paper", office, "volunteer-file", tmp_path / "a.pdf", "--set", "volunteer=　")
    assert said.code == 2
    assert "还要写明 volunteer（志愿者）" in said.err


@pytest.mark.parametrize(
    ("papers", "sentence"),
    [
        ("学时证明", "“学时证明”还要写明姓名，请写作“学时证明（姓名=…）”"),
        ("志愿者榜：单玥", "“志愿者榜”不用写明对象"),
        ("志愿者榜（颜色=红）", "“志愿者榜”没有“颜色”可以写明"),
        ("志愿服务证明", "“志愿服务证明”还要写明证明编号"),
        ("工作总结", "没有叫“工作总结”的材料"),
    ],
)
def test_a_pack_says_what_a_paper_in_it_still_needs(
    papers: str, sentence: str, run: Run, office: Path, tmp_path: Path
) -> None:
    told = run("paper", office, "pack", tmp_path / "会议材料.pdf", "--set", f"papers={papers}")
    assert told.code == 2
    assert sentence in told.err
    assert not (tmp_path / "会议材料.pdf").exists()
