"""The office file of this release, kept for ever: ``python -m tests.upgrade.make`` when a version is released.

Makes ``tests/upgrade/files/VERSION/`` with a small office file, its keys, and what must be found in it.  A file once
released is never made anew: it is what people have on their disks.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import hongyao_desktop
from hongyao_desktop.store import Office
from hongyao_desktop.store.writing import DoorWriter
from tests.offices import FILE_NAME, make_file, open_file
from tests.store.registers import open_with, person, unit

FILES = Path(__file__).with_name("files")
EXPECTED = "expected.json"


def make_release(folder: Path) -> None:
    """Write a file as this program makes it, worked in by two operators, and what it holds."""
    path = make_file(folder)
    with open_with(path) as office:
        office.transact("登记", _first_records)
        office.transact(
            "改名", lambda w: w.execute("UPDATE person SET name = '欧阳海涛' WHERE name = '欧阳海'")
        )
        office.transact("误录", lambda w: w.insert("unit", unit("99", "误录")))
        office.undo_last()
        office.finish_index()
        expected = holdings(office)
    (folder / EXPECTED).write_text(json.dumps(expected, ensure_ascii=False, indent=1), encoding="utf-8")
    for item in folder.iterdir():
        if item.name not in (FILE_NAME, FILE_NAME + ".keys", EXPECTED) and item.is_file():
            item.unlink()


def _first_records(writer: DoorWriter) -> None:
    home = writer.insert("unit", unit("01", "水湾社区"))
    who = writer.insert(
        "person", person("欧阳海", phone="13812345678", id_number="440402199001015678", unit_id=home)
    )
    writer.insert("volunteer", {"person_id": who, "number": "SW-0001"})


def holdings(office: Office) -> dict[str, object]:
    """What an upgrade must not change: the chain so far, and what was recorded."""
    reader = office.reader()
    return {
        "head": office.head(),
        "seq": reader.value("SELECT seq FROM journal_head"),
        "units": [row["name"] for row in reader.all("SELECT name FROM unit ORDER BY code")],
        "people": reader.all("SELECT name, phone, id_number FROM person ORDER BY id"),
        "volunteers": [row["number"] for row in reader.all("SELECT number FROM volunteer ORDER BY number")],
        "found": len(office.search("people", "oyht")),
    }


def reopened(folder: Path) -> Office:
    """Open a released file (a copy of it) with this program."""
    return open_with(folder / FILE_NAME)


if __name__ == "__main__":
    target = FILES / hongyao_desktop.__version__
    if target.exists():
        sys.exit(f"{target} exists: a released file is never made anew")
    make_release(target)
    open_file(target / FILE_NAME, read_only=True).close()
