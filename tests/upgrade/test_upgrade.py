"""A file of every release is opened by this program and holds what it held."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

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
