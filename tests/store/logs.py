"""Office files with a log of sealed operations, for the tests of the log and of rebuilding from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hongyao_desktop.store import Office
from hongyao_desktop.store.appending import SealedLog
from hongyao_desktop.store.rebuild import Rebuilt, rebuild
from hongyao_desktop.store.sealed import segments
from hongyao_desktop.store.writing import DoorWriter
from tests.offices import make_office
from tests.store.registers import unit

FILE_ID, KEY = bytes(16), bytes(32)
FIELDS = ["新增", "o", "王某", "pc", "2026", "0.1", None, None, "yes", 1, 1, "d"]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = make_office(tmp_path)
    opened.finish_index()
    yield opened
    opened.close()


def add(office: Office, code: str) -> str:
    return office.transact("新增组织", lambda w: w.insert("unit", unit(code, f"第{code}社区"))).result


def fail_at_commit(writer: DoorWriter) -> None:
    """Write something that only the commit itself finds fault with."""
    writer._live().execute("PRAGMA defer_foreign_keys = ON")
    writer.insert("unit", unit("99", "无上级", parent_id="nobody"))


def everything(office: Office) -> dict[str, list[dict[str, Any]]]:
    tables = ("journal_operation", "journal_image", "unit", "person", "office", "operator")
    return {table: office.reader().all(f"SELECT * FROM {table} ORDER BY 1") for table in tables}


def build_anew(office: Office, name: str = "重建.hyt") -> tuple[Rebuilt, Path]:
    opened = office._opened
    path = office.path.with_name(name)
    done = rebuild(opened.backup_folder, path, file_id=opened.file_id, file_key=opened.file_key)
    return done, path


def forget_last_mark(office: Office) -> None:
    """The log as it is when the program died before it could say that the last operation was saved."""
    path = segments(office._opened.backup_folder, office._opened.file_id)[-1]
    data = path.read_bytes()
    path.write_bytes(data[: data.rfind(b"MRK1")])


def write_log(folder: Path, operations: list[list[bytes]]) -> None:
    log = SealedLog(folder, FILE_ID, KEY)
    log.open()
    for seq, lines in enumerate(operations, start=log.seq + 1):
        log.append([seq, *FIELDS, f"p{seq}"], f"h{seq}", lines)
    log.close()
