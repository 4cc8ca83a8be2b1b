"""Putting a finished file in its place (写出文件): whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from hongyao_desktop.paper.problem import PaperError


def write_whole(data: bytes, out: Path) -> None:
    """Write through a neighbour file, sync it, and rename it over ``out``.

    Raises PaperError with a sentence; then nothing is left behind and an older file is untouched.
    """
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise PaperError(_sentence(error, out)) from error
    sync_folder(out.parent)


def sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the system lets a folder be synced."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sentence(error: OSError, out: Path) -> str:
    where = f"“{out.name}”"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"磁盘空间不足，{where}没有写成，请清理磁盘或换一个位置再存。"
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return f"文件夹“{out.parent}”不存在，{where}没有写成，请先建好文件夹或换一个位置。"
    if error.errno == errno.EISDIR or out.is_dir():
        return f"{where}是一个文件夹，不能写成文件，请换一个文件名。"
    if error.errno == errno.ENAMETOOLONG:
        return f"文件名{where}太长，没有写成，请改短后再存。"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.ETXTBSY):
        return f"{where}写不进去：没有权限，或文件正被别的程序打开，请关闭后重试或换一个位置。"
    return f"{where}没有写成（系统提示：{error.strerror or error.errno}），请换一个位置再存。"
