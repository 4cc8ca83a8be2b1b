"""The file key as letters on paper (恢复密钥打印件): rows that are typed back, each with its own check."""

from __future__ import annotations

from hashlib import sha256

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.store.lengths import KEY_BYTES

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so a printed sheet is typed back without guessing."""
_ALIKE = str.maketrans("ILO", "110")
_ROWS, _ROW_DATA, _GROUP = 4, 13, 5


def printed_rows(file_key: bytes) -> tuple[str, ...]:
    """The file key as it is printed: four rows of three groups of five letters, each row with its own check."""
    number = int.from_bytes(file_key, "big") << (_ROWS * _ROW_DATA * 5 - KEY_BYTES * 8)
    letters = "".join(_LETTERS[number >> shift & 31] for shift in range((_ROWS * _ROW_DATA - 1) * 5, -1, -5))
    rows = []
    for index in range(_ROWS):
        data = letters[index * _ROW_DATA : (index + 1) * _ROW_DATA]
        text = data + _row_check(index, data)
        rows.append(" ".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP)))
    return tuple(rows)


def _row_check(index: int, data: str) -> str:
    digest = sha256(f"hongyao recovery {index} {data}".encode()).digest()
    return _LETTERS[digest[0] & 31] + _LETTERS[digest[1] & 31]


def read_rows(text: str) -> bytes:
    """The file key from a typed recovery sheet; refuses with the row in which a letter is wrong."""
    letters = "".join(text.upper().translate(_ALIKE).replace("-", "").split())
    length = _ROW_DATA + 2
    if len(letters) != _ROWS * length or any(letter not in _LETTERS for letter in letters):
        raise Refusal("恢复密钥应为 4 行、每行 15 个字母或数字，请对照打印件核对后重新输入")
    data = ""
    for index in range(_ROWS):
        row = letters[index * length : (index + 1) * length]
        if row[_ROW_DATA:] != _row_check(index, row[:_ROW_DATA]):
            raise Refusal(f"恢复密钥第 {index + 1} 行有抄错的字，请对照打印件核对")
        data += row[:_ROW_DATA]
    number = 0
    for letter in data:
        number = number << 5 | _LETTERS.index(letter)
    return (number >> (_ROWS * _ROW_DATA * 5 - KEY_BYTES * 8)).to_bytes(KEY_BYTES, "big")
