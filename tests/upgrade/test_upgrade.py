"""A file of every release is opened by this program and holds what it held."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from hongyao_desktop.store import Making, Office, OfficeInfo, create_office
from hongyao_desktop.store.journal import Undo
from hongyao_desktop.store.migrate import known_steps
from hongyao_desktop.store.rebuild import rebuild
from hongyao_desktop.store.writing import DoorWriter
from tests.offices import ALL_ROLES, CHEAP, FILE_NAME, PASSWORD, fixed_clock
from tests.store.registers import open_with, person, unit
from tests.upgrade.make import EXPECTED, FILES, holdings, make_release, reopened

RELEASES = sorted(FILES.iterdir()) if FILES.exists() else []


def opens_with_all_it_held(folder: Path) -> None:
    expected = json.loads((folder / EXPECTED).read_text(encoding="utf-8"))
    with reopened(folder) as office:
        assert office.check().findings == ()
        kept = office.reader().value("SELECT hash FROM journal_operation WHERE seq = ?", (expected["seq"],))
        assert kept == expected["head"]
        now = json.loads(json.dumps(holdings(office)))
        for name in ("units", "people", "volunteers", "found"):
            assert now[name] == expected[name]


def test_the_file_of_every_release_and_of_this_program_opens_with_all_it_held(tmp_path: Path) -> None:
    make_release(tmp_path / "now")
    assert sorted(item.suffix for item in (tmp_path / "now").iterdir() if item.is_file()) == [
        ".hyt",
        ".json",
        ".keys",
    ]
    for release in RELEASES:
        shutil.copytree(release, tmp_path / release.name)
    for folder in (tmp_path / "now", *(tmp_path / release.name for release in RELEASES)):
        opens_with_all_it_held(folder)


def everything(office: Office) -> dict[str, list[dict[str, Any]]]:
    reader = office.reader()
    names = [
        row["name"] for row in reader.all("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    ]
    kept = [
        name for name in names if not name.startswith(("sqlite_", "_sqlite", "search_", "draft", "key_ring"))
    ]
    # How far the search index has come is no record.
    columns = {"journal_head": "seq, images, hash, algorithm"}
    return {name: reader.all(f"SELECT {columns.get(name, '*')} FROM {name} ORDER BY 1, 2") for name in kept}


def first_records(writer: DoorWriter) -> None:
    home = writer.insert("unit", unit("01", "水湾社区"))
    who = writer.insert("person", person("欧阳海", phone="13812345678", unit_id=home))
    writer.insert("volunteer", {"person_id": who, "number": "SW-0001"})
    rule = {"kind": "volunteer-points", "name": "积分办法", "version": 1, "effective_on": "2018-01-01"}
    writer.insert("rule_set", {**rule, "source": "示例", "body": "{}"})


@pytest.mark.parametrize("steps", range(3, len(known_steps())))  # before that there were no volunteers
def test_an_office_begun_under_any_earlier_schema_is_whole_after_the_upgrade_and_comes_back_from_its_log(
    tmp_path: Path, steps: int
) -> None:
    with create_office(
        tmp_path / FILE_NAME,
        office=OfficeInfo("水湾街道党工委办公室", "水湾街道"),
        operators=[(ALL_ROLES, PASSWORD)],
        clock=fixed_clock(),
        state=tmp_path / "state",
        making=Making(cost=CHEAP, steps=known_steps()[:steps]),
    ) as old:
        old.transact("登记", first_records, undo=Undo.YES)
    with open_with(tmp_path / FILE_NAME) as office:
        assert office.warnings == ()
        assert office.check(thorough=True).findings == ()
        office.transact("改名", lambda w: w.execute("UPDATE unit SET name = '望海社区'"))
        assert office.check().findings == ()
        office.finish_index()
        assert len(office.search("people", "oyh")) == 1
        before, opened = everything(office), office.opened
    for backup in opened.backup_folder.glob("*.hyb"):
        backup.unlink()  # the copy from before the upgrade: the log alone must do
    target = tmp_path / "重建.hyt"
    rebuild(opened.backup_folder, target, file_id=opened.file_id, file_key=opened.file_key)
    with open_with(target) as again:
        assert everything(again) == before
