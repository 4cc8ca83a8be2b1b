"""How the columns of a list share its width."""

from __future__ import annotations

from collections.abc import Sequence


def give_slack(wanted: Sequence[int], content: Sequence[int], room: int) -> list[int]:
    """Columns wider than what stands in them give first, in proportion: words are cut off as late as possible."""
    slack = [max(0, wide - low) for wide, low in zip(wanted, content, strict=True)]
    missing, most = sum(wanted) - room, sum(slack)
    if missing >= most:
        return list(content)
    return [wide - -(-spare * missing // most) for wide, spare in zip(wanted, slack, strict=True)]


def share(widths: list[int], least: Sequence[int], takers: Sequence[int], room: int) -> None:
    """Fit ``widths`` into ``room`` in place: what is left goes to the takers, what is missing comes from them.

    The widest gives first, so that a long explanation is cut off before a name is. Nobody gets narrower than
    ``least``: beyond that the list scrolls sideways.
    """
    missing = sum(widths) - room
    while missing > 0:
        giving = [n for n in takers if widths[n] > least[n]]
        if not giving:
            break
        top = max(widths[n] for n in giving)
        level = [n for n in giving if widths[n] == top]
        below = [widths[n] for n in giving if widths[n] < top]
        floor = max([*(least[n] for n in level), *below, top - -(-missing // len(level))])
        for n in level:
            widths[n] = floor
        missing -= len(level) * (top - floor)
    spare = room - sum(widths)
    if spare > 0:
        weight = sum(widths[n] for n in takers)
        for n in takers:
            widths[n] += spare * widths[n] // weight
        widths[takers[-1]] += room - sum(widths)
