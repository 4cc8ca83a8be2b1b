"""Values of a filter whose rows form a tree (a community and its grids): each with everything below it counted in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def gathered(counts: Mapping[Any, int], above: Mapping[str, str | None]) -> dict[tuple[str, ...], int]:
    """Rows that have others below them, each with all of those, and how many rows of the list they hold together.

    ``above`` names for each row the one directly above it. A key begins with the row it is named after; where
    nothing below holds any row, it stands for itself and is left out; the largest come first.
    """
    below: dict[str, list[str]] = {}
    for row_id in above:
        for higher in _line(row_id, above):
            below.setdefault(higher, []).append(row_id)
    totals = {
        (head, *sorted(under)): sum(counts.get(one, 0) for one in (head, *under))
        for head, under in below.items()
        if any(counts.get(one) for one in under)
    }
    return dict(sorted(totals.items(), key=lambda pair: (-pair[1], pair[0])))


def _line(row_id: str, above: Mapping[str, str | None]) -> list[str]:
    """The rows above one, the nearest first; a circle in the data ends it."""
    found: list[str] = []
    higher = above.get(row_id)
    while higher is not None and higher not in found and higher != row_id:
        found.append(higher)
        higher = above.get(higher)
    return found
