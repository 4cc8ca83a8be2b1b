"""Backup, restore and rebuild as an office would do them at the command line."""

from collections.abc import Callable
from pathlib import Path

from hongyao_desktop.app.resources import resource
from tests.app.demonstrations import Told, one_chinese_sentence

Run = Callable[..., Told]
SAMPLE = next(resource("demo", "samples").glob("05 *"))


def head(run: Run, office: Path) -> str:
    return str(run("check", office, "--json").data["head"])


def test_a_backup_is_restored_after_its_losses_were_shown(run: Run, office: Path, tmp_path: Path) -> None:
    made = run("backup", office, tmp_path / "盘", "--json")
    assert made.code == 0
    backup = Path(made.data["file"])
    assert run("import", office, "spot_reports", SAMPLE, "--commit").code == 1
    shown = run("restore", backup, office, "--json")
    assert shown.code == 1
    assert "导入随手拍上报表" in [lost["op"] for lost in shown.data["lost"]]
    assert shown.data["restored"] is False
    done = run("restore", backup, office, "--commit", "--json")
    assert done.code == 0
    assert Path(done.data["replaced_file"]).exists()
    assert run("check", office).code == 0
    assert run("list", office, "spot_reports", "--json").data["total"] == 99
    (noted,) = noted_as(run, office, "恢复")
    assert noted["operator_name"] == "李静", "whose password it was, though nobody was named"
    assert noted["subject"].startswith(f"用备份 {backup.name}（到第")
    assert done.data["replaced_file"].rpartition("/")[2] in noted["subject"]


def noted_as(run: Run, office: Path, event: str) -> list[dict[str, str]]:
    """Entries of one kind as the audit administrator reads them."""
    told = run("access-log", office, "--as", "吴日志", "--text", event, "--json")
    assert told.code == 0, told.err
    return [row for row in told.data if row["event"] == event]


def test_a_lost_file_is_rebuilt_from_the_log_alone(run: Run, tmp_path: Path, office: Path) -> None:
    made = tmp_path / "新单位.hongyao"
    run("demo", made)
    run("import", made, "spot_reports", SAMPLE, "--commit")
    before = head(run, made)
    for left in tmp_path.glob("新单位.hongyao*"):
        left.unlink()
    done = run("rebuild", tmp_path / "新单位-备份", made, "--json")
    assert done.code == 0, done.err
    assert done.data["missing_from"] is None
    assert head(run, made) == before, "the note waits beside the file, which is what it was to the byte"
    (noted,) = noted_as(run, made, "重建")
    assert noted["operator_name"] == "李静"
    assert "新单位-备份" in noted["subject"]
    assert noted["outcome"] == "成功"


def test_a_damaged_backup_is_refused_and_nothing_changes(run: Run, office: Path, tmp_path: Path) -> None:
    backup = Path(run("backup", office, tmp_path / "盘", "--json").data["file"])
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 0xFF
    backup.write_bytes(content)
    before = office.read_bytes()
    told = run("restore", backup, office, "--commit")
    assert told.code == 1
    assert one_chinese_sentence(told.err)
    assert office.read_bytes() == before


def test_wrong_places_get_one_sentence(run: Run, office: Path, tmp_path: Path) -> None:
    for arguments in (
        ("backup", office, office),
        ("restore", tmp_path / "没有.hyb", office),
        ("rebuild", tmp_path / "没有", tmp_path / "新.hongyao"),
        ("rebuild", tmp_path, office),
    ):
        told = run(*arguments)
        assert told.code in (1, 2)
        assert one_chinese_sentence(told.err), told.err
