"""A file that stands behind a record (附件): what is kept of it while the file itself stays where it lies."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileMark:
    """A file by its name, its size in bytes, and its SHA-256 in 64 hexadecimal digits."""

    name: str
    size: int
    sha256: str

    def __str__(self) -> str:
        return f"{self.name}（{size_text(self.size)}，校验值 {self.sha256[:8]}）"


def size_text(size: int) -> str:
    """A size in bytes as people say it: 812 字节, 34 KB, 2.1 MB."""
    if size < 1024:
        return f"{size} 字节"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    return f"{size / 1024 / 1024:.1f} MB"
