"""GB 18030 text as the 2022 edition has it (mandatory since 2023-08-01).

Python's codec still follows the tables of 2000: it reads 18 two-byte codes (eight components and ten vertical marks) as
private-use characters and writes their real characters as four bytes, and does the same with ḿ (corrected in 2005).
Both directions are repaired here. The map was compared with the one of the GNU C library.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

_BOM = b"\x84\x31\x95\x33"

# two-byte code → character, where Python's codec gives a private-use character
_CORRECTIONS: Final[dict[str, str]] = {
    # eight components (GB 18030-2022)
    "FE59": "\u9fb4",
    "FE61": "\u9fb5",
    "FE66": "\u9fb6",
    "FE67": "\u9fb7",
    "FE6D": "\u9fb8",
    "FE7E": "\u9fb9",
    "FE90": "\u9fba",
    "FEA0": "\u9fbb",
    # ten vertical marks (GB 18030-2022)
    "A6D9": "\ufe10",
    "A6DA": "\ufe12",
    "A6DB": "\ufe11",
    "A6DC": "\ufe13",
    "A6DD": "\ufe14",
    "A6DE": "\ufe15",
    "A6DF": "\ufe16",
    "A6EC": "\ufe17",
    "A6ED": "\ufe18",
    "A6F3": "\ufe19",
    # one letter of pinyin (GB 18030-2005)
    "A8BC": "\u1e3f",
}

# Six more two-byte codes stayed private-use in every edition although the character has a code point of its own. They
# are read as that character, but written by its four-byte code, as the standard has it.
_READ_ONLY: Final[dict[str, str]] = {
    "FE51": "\U00020087",
    "FE52": "\U00020089",
    "FE53": "\U000200cc",
    "FE6C": "\U000215d7",
    "FE76": "\U0002298f",
    "FE91": "\U000241fe",
}

PUA_REPAIR: Final = MappingProxyType(
    {bytes.fromhex(code).decode("gb18030"): char for code, char in (_CORRECTIONS | _READ_ONLY).items()}
)
"""Private-use character that old systems used → the character that is meant."""

_REPAIR_TABLE: Final = {ord(pua): char for pua, char in PUA_REPAIR.items()}
# For writing, the codec is handed the private-use character, which it turns into the right two bytes.
_WRITE_TABLE: Final = {
    ord(char): bytes.fromhex(code).decode("gb18030") for code, char in _CORRECTIONS.items()
}
_PRIVATE_USE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")


def decode(data: bytes) -> str:
    """Text of GB 18030 (also GBK, GB 2312) bytes; a byte-order mark is dropped.

    Raises UnicodeDecodeError for bytes that are not GB 18030.
    """
    return repair_pua(data.removeprefix(_BOM).decode("gb18030"))


def encode(text: str) -> bytes:
    """GB 18030-2022 bytes, two bytes for the corrected characters.

    A private-use character that is in the map is written as the character it stands for. Raises UnicodeEncodeError
    for half of a surrogate pair.
    """
    return repair_pua(text).translate(_WRITE_TABLE).encode("gb18030")


def repair_pua(text: str) -> str:
    """The text with every mapped private-use character made the real one; others are left for a check to find."""
    if not _PRIVATE_USE.search(text):
        return text
    return text.translate(_REPAIR_TABLE)


def private_use(text: str) -> list[int]:
    """Positions (from 0) of private-use characters, which no other computer can draw."""
    return [match.start() for match in _PRIVATE_USE.finditer(text)]
