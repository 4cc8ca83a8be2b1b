"""Files that appear whole or not at all (整体写入): written beside the target, flushed, then put in its place."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from hongyao_desktop.core.problem import Refusal

if TYPE_CHECKING:
    from openpyxl import Workbook


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path in the target's folder; on leaving without an error it becomes the target.

    Raises:
        Refusal: the folder is missing or read-only, the disk is full, the target is open elsewhere. Whatever goes
            wrong, the old file stays as it was and nothing is left beside it.
    """
    if not path.parent.is_dir():
        raise Refusal(f"没有文件夹“{path.parent}”；请换一个保存位置")
    if path.is_dir():
        raise Refusal(f"“{path.name}”是文件夹，不能存成文件；请换一个文件名")
    temporary = path.with_name(f".{path.stem[:40]}.{secrets.token_hex(4)}.tmp")
    try:
        yield temporary
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _unwritable(path: Path, error: OSError) -> Refusal:
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return Refusal(f"磁盘空间不够，“{path.name}”没有保存；请清理磁盘或换一个保存位置")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EBUSY}:
        return Refusal(
            f"“{path.name}”没有保存：文件正被别的程序打开，或文件夹不许写入；请关闭文件或换一个保存位置"
        )
    if error.errno == errno.EROFS:
        return Refusal(f"“{path.name}”没有保存：这个磁盘只能读；请换一个保存位置")
    if error.errno == errno.ENAMETOOLONG:
        return Refusal("文件名太长，没有保存；请换一个短一些的文件名")
    return Refusal(f"“{path.name}”没有保存成功；请检查磁盘后再试，或换一个保存位置")


def save_workbook(book: Workbook, path: Path) -> None:
    """Write a workbook of the library to ``path``; when the disk fails, its archive is let go of without a word.

    Left to itself the half-written archive tries to write its end once more when it is forgotten, and says so on the
    terminal.
    """
    from openpyxl.writer.excel import ExcelWriter

    archive = ZipFile(path, "w", ZIP_DEFLATED, allowZip64=True)
    try:
        ExcelWriter(book, archive).save()
    except OSError:
        stream, archive.fp = archive.fp, None
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
        raise
