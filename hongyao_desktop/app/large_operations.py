"""Operations before which a backup is made (大批改动): what they are called."""

from __future__ import annotations


def comes_after_a_backup(op: str) -> bool:
    """Whether a backup is made before an operation of this name: imports, year ends and closings."""
    return op.startswith("导入") or any(word in op for word in ("清零", "结账", "年终"))
