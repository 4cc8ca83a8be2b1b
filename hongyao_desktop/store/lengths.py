"""Lengths of the file's salt and key, known without loading the cipher: the log-in window reads names with them."""

from __future__ import annotations

from typing import Final

SALT_BYTES: Final = 16
KEY_BYTES: Final = 32
