"""The ways back to a file (恢复与重建) as its operators ask for them; each is noted in the file's access log."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from hongyao_desktop.core.clock import Clock
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store import access, keys, restore
from hongyao_desktop.store.backup import Backup, backups_in, default_folder, file_id_of
from hongyao_desktop.store.rebuild import Rebuilt, identities_in, key_for, rebuild
from hongyao_desktop.store.recovery_letters import read_rows
from hongyao_desktop.store.spool import Outside


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A restore that was rehearsed and not done yet.

    Attributes:
        backup: the backup.
        file: what it would replace.
        found: what the rehearsal found.
        file_key: the key it was opened with.
        operator: whose password that was, "" when it is not known.
    """

    backup: Path
    file: Path
    found: restore.Rehearsal
    file_key: bytes
    operator: str


def known_backups(file: Path, folder: Path | None = None) -> list[Backup]:
    """Backups of a file, newest first; when the file is lost, all that lie in the folder."""
    try:
        identity = file_id_of(file)
    except OSError:
        identity = b""
    return backups_in(folder or default_folder(file), identity or None)


def folder_of(file: Path, chosen: Path | None) -> Path:
    """Where backups and log lie: beside the file, or where the chosen backup came from when that folder is gone."""
    usual = default_folder(file)
    return chosen.parent if chosen is not None and not usual.is_dir() else usual


def rebuilt_path(file: Path, now: dt.datetime) -> Path:
    """Where a rebuilt file goes: in the place of a lost one, else beside the present one."""
    return file.with_name(f"{file.stem}.重建-{now:%Y%m%d-%H%M}{file.suffix}") if file.exists() else file


def restored_words(rehearsed: Rehearsed, kept: Path | None) -> str:
    """What was done, for the login page."""
    aside = f"，原来的文件存为“{kept.name}”" if kept is not None else ""
    return f"已恢复到第 {rehearsed.found.seq:,} 次操作{aside}，请登录核对"


def rebuilt_words(done: Rebuilt, file: Path) -> str:
    """What was done, for the login page."""
    if done.missing_from is not None:
        return f"已重建为“{file.name}”，第 {done.missing_from:,} 次操作以后的日志不完整，没有找回，请登录核对"
    return f"已重建为“{file.name}”，到第 {done.seq:,} 次操作，一次不少，请登录核对"


def rehearse(
    backup: Path, file: Path, *, operator: str | None, password: str, clock: Clock, state: Path
) -> Rehearsed:
    """Check a backup and list what would be lost; nothing is changed. Refuses like opening does."""
    file_key = restore.file_key_of(backup, operator, password, state)
    found = restore.rehearse(backup, file, file_key, clock)
    who = operator or _name_of(backup, password, state)
    return Rehearsed(backup, file, found, file_key, who)


def restore_as_rehearsed(rehearsed: Rehearsed, clock: Clock, state: Path) -> Path | None:
    """Do what was rehearsed; returns where the replaced file lies, None when there was none."""
    found, file = rehearsed.found, rehearsed.file
    kept = restore.restore(rehearsed.backup, file, rehearsed.file_key, clock=clock, state=state)
    aside = f"，原文件存为 {kept.name}" if kept is not None else ""
    lost = f"，少 {found.lost_count} 次操作" if found.lost_count else ""
    words = f"用备份 {rehearsed.backup.name}（到第 {found.seq} 次操作）恢复{lost}{aside}"
    visit = access.Visit(event=access.RESTORE, subject=words)
    note(file, rehearsed.file_key, rehearsed.operator, visit, clock, state)
    return kept


def rebuild_from(
    folder: Path,
    file: Path,
    *,
    beside: Path | None = None,
    operator: str | None = None,
    password: str = "",
    sheet: str | None = None,
    clock: Clock,
    state: Path,
) -> Rebuilt:
    """Make a file anew from the backups and the log in a folder.

    The key comes from an operator's password, by the ring of the file at ``beside`` (the lost or damaged one; else
    ``file``), or from the recovery sheet. Refuses when the folder holds no office, or several.
    """
    identities = identities_in(folder)
    if len(identities) != 1:
        reason = "没有备份和操作日志" if not identities else "有不止一个台账文件的备份，请分开放"
        raise Refusal(f"“{folder}”里{reason}，无法重建")
    if sheet is not None:
        file_key = read_rows(sheet)
    else:
        at = beside or file
        file_key = key_for(folder, at, identities[0], operator=operator, password=password, state=state)
    done = rebuild(folder, file, file_id=identities[0], file_key=file_key)
    words = f"用“{folder.name}”里的备份和操作日志重建，到第 {done.seq} 次操作"
    who = "恢复密钥持有人" if sheet is not None else operator or _name_of(file, password, state)
    note(file, file_key, who, access.Visit(event=access.REBUILT, subject=words), clock, state)
    return done


def note(file: Path, file_key: bytes, who: str, visit: access.Visit, clock: Clock, state: Path) -> None:
    """Note in the file's access log what was done to it, by whom; the file stays as it is until the next login."""
    place = Outside(file.absolute(), file_id_of(file), file_key, state)
    access.record_outside(place, who, clock, visit)


def _name_of(file: Path, password: str, state: Path) -> str:
    """The first operator whose password this is."""
    file_id = file_id_of(file)
    slots = keys.find_ring(file, file_id, state).slots
    return next((slot.name for slot in slots if slot.unlock(file_id, password) is not None), "")
