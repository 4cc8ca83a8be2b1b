"""The schema of a new office file as text, for the golden file beside this one.

After a migration was added on purpose, write it anew: ``python -m tests.store.golden``.
"""

from __future__ import annotations

from pathlib import Path

from hongyao_desktop.core.clock import SystemClock
from hongyao_desktop.store.migrate import expected_schema, known_steps

GOLDEN = Path(__file__).with_name("golden_schema.sql")


def schema_text() -> str:
    """Every object of the schema, one a line, by kind and name."""
    schema = expected_schema(known_steps(), SystemClock())
    return "".join(f"{schema[name]};\n" for name in sorted(schema))


if __name__ == "__main__":
    GOLDEN.write_text(schema_text(), encoding="utf-8", newline="\n")
