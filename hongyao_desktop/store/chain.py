"""The hash chain of the journal (日志链): what is hashed, in which order, with which algorithm.

An image line is ``n, op_seq, table, row, action, before, after`` joined by the unit separator; the lines of one
operation are joined by the record separator.  JSON escapes both characters and names cannot hold them, so the text
can be read back in one way only.  The text is put together inside SQLite: that is what makes checking a million rows
about as fast as hashing them.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

UNIT: Final = b"\x1f"
RECORD: Final = b"\x1e"

LINE_SQL: Final = (
    "concat_ws(char(31), n, coalesce(op_seq, ''), coalesce(table_name, ''), coalesce(row_id, ''), coalesce(action, ''),"
    " coalesce(before, ''), coalesce(after, ''))"
)
"""One image as the line that is hashed.

Joined in one call: seven || copy the growing text seven times, which took a third of the reading. An argument that is
NULL would be left out together with its separator, so none is, not even where only a tampered file has NULL.
"""

OPERATION_COLUMNS: Final = (
    "seq",
    "op",
    "operator_id",
    "operator_name",
    "device",
    "at",
    "program",
    "reason",
    "undoes",
    "undo",
    "first_image",
    "images",
    "digest",
    "prev",
)
"""The columns of an operation that its hash covers, in hashing order."""

OPERATION_SQL: Final = f"json_array({', '.join(OPERATION_COLUMNS)})"

SM3: Final = "sm3"
SHA256: Final = "sha256"
ALGORITHMS: Final = (SM3, SHA256)
ALGORITHM_LABELS: Final = {SM3: "SM3", SHA256: "SHA-256"}


def preferred_algorithm() -> str:
    """SM3 (GB/T 32905) where the machine's library has it, else SHA-256."""
    return SM3 if SM3 in hashlib.algorithms_available else SHA256


def hasher(algorithm: str, data: bytes = b"") -> Any:
    """A new hash object of ``algorithm``; raises ValueError for one that this machine does not have."""
    return hashlib.new(algorithm, data)


def operation_hash(algorithm: str, fields: bytes) -> str:
    """The chain value of an operation from its fields as JSON (they include the previous value and the digest)."""
    return str(hasher(algorithm, fields).hexdigest())
