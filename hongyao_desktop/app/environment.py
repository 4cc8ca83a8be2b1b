"""The environment variables the program itself reads."""

from __future__ import annotations

from typing import Final

PASSWORD_VARIABLE: Final = "HONGYAO_PASSWORD"  # noqa: S105 - the variable's name, not a password
"""The operator's password, for batch work and demonstrations."""
