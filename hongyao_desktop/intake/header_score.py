"""How good a header a block of rows would be (表头评分): what speaks for it, what against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from hongyao_desktop.intake import words
from hongyao_desktop.intake.heading import Heading, Texts, knows_path

_SAMPLED_BELOW = 14
_SERIES_WORTH = 0.3


class HeaderScore:
    """Scores headings against the rows around them."""

    def __init__(self, texts: Texts) -> None:
        """`texts` of the grid that is judged."""
        self.grid = texts.grid
        self.texts = texts

    def score(
        self, first: int, last: int, body: int, headings: dict[int, Heading], columns: range
    ) -> tuple[float, int]:
        """The score of a header, and how many of its columns some register knows; 0 for none at all."""
        paths = {heading.origins: heading for heading in headings.values()}
        known = sum(knows_path(heading.path, self.texts.known) for heading in paths.values())
        score = 3.0 * known
        series = self._series(paths.values())
        worths = [
            _SERIES_WORTH if heading.column in series else self._worth(heading) for heading in paths.values()
        ]
        score += sum(worths)
        score -= self._unlike_groups(first, last, columns)
        score -= 0.5 * (last - first)
        score -= self._repeats(paths.values())
        score -= 1.0 * self._leaves_names_above(first, columns)
        below, covered = self._below(body, headings, columns)
        if below:
            score += 5.0 * covered - 2.5
            if covered < 0.5 and len(paths) < 3:
                score -= 3
        elif not known:
            score -= 3
        if not known and not self._convinces(paths.values(), worths, body):
            return 0, 0
        return score, known

    def _convinces(self, headings: Collection[Heading], worths: list[float], body: int) -> bool:
        """Without a word that registers know: words of all offices, or words over figures."""
        generic = sum(heading.leaf.base in words.GENERIC for heading in headings)
        if len(headings) == 1:
            return generic == 1 and self.grid.width == 1 and self.grid.height > body + 1
        if sum(worth > 0 for worth in worths) < 2:
            return False
        if generic > 1 or (generic and len(headings) < 6):
            return True
        headerish = sum(words.HEADERISH.search(heading.leaf.base) is not None for heading in headings)
        return headerish * 2 >= len(headings) or self._contrast(headings, body) > 0

    def _contrast(self, headings: Collection[Heading], body: int) -> int:
        """How many columns have a word above and figures or dates below."""
        rows = range(body, min(body + _SAMPLED_BELOW, self.grid.height))
        contrast = 0
        for heading in headings:
            if not words.is_label(heading.leaf.shown):
                continue
            below = [value for row in rows if (value := self.grid.value(row, heading.column)) is not None]
            figures = sum(words.is_numeric(value) or words.is_dated(value) for value in below)
            contrast += len(below) > 0 and figures * 2 > len(below)
        return contrast

    def _series(self, headings: Collection[Heading]) -> set[int]:
        """Columns headed by days or months, all different, beside a column that names something."""
        marked = [
            heading for heading in headings if words.is_dated(heading.raw) or words.is_numeric(heading.raw)
        ]
        named = any(
            heading.leaf.base in words.GENERIC or self.texts.known(heading.leaf.key) for heading in headings
        )
        shown = {tuple(text.key for text in heading.path) for heading in marked}
        if not named or len(marked) < 2 or len(shown) < len(marked):
            return set()
        return {heading.column for heading in marked}

    def _worth(self, heading: Heading) -> float:
        leaf = heading.leaf
        if leaf.base in words.GENERIC:
            return 1.2
        if words.is_label(leaf.shown):
            return 0.4
        if words.is_dated(heading.raw) or words.is_numeric(heading.raw):
            return -0.6
        return -2.0

    def _unlike_groups(self, first: int, last: int, columns: range) -> float:
        """What speaks against the upper rows: titles, labelled values, lone remarks."""
        penalty = 0.0
        for row in range(first, last + 1):
            cells = [(column, value) for column, value in self.grid.filled(row) if column in columns]
            if len(cells) == 1:
                column = cells[0][0]
                area = self.grid.area(row, column)
                if area[3] - area[1] + 1 >= max(2, 0.8 * self._used_width(last, columns)):
                    penalty += 5.0
                elif last > first and not any(corner[0] >= first for corner in self.grid.reaching(row)):
                    penalty += 3.0
            if row < last:
                penalty += 1.5 * sum(not words.is_label(value) for _column, value in cells)
                penalty += 4.0 * sum(
                    1 for _column, value in cells if isinstance(value, str) and words.LABELLED.search(value)
                )
        return penalty

    def _leaves_names_above(self, first: int, columns: range) -> bool:
        """Right above stand several short texts: they are the upper part of the header, not left out."""
        if not first:
            return False
        above = [value for column, value in self.grid.filled(first - 1) if column in columns]
        return (
            len(above) > 1
            and all(words.is_label(value) for value in above)
            and not any(words.LABELLED.search(str(value)) for value in above)
            and not self.texts.is_form_row(first - 1)
        )

    def _used_width(self, row: int, columns: range) -> int:
        used = [column for column, _value in self.grid.filled(row) if column in columns]
        return used[-1] - used[0] + 1 if used else len(columns)

    def _repeats(self, headings: Collection[Heading]) -> float:
        """Many columns of one name speak against a header, unless the whole header repeats (tables side by side)."""
        names = Counter(tuple(text.key for text in heading.path) for heading in headings)
        counts = set(names.values())
        if len(counts) == 1:
            return 0.0
        return 0.4 * sum(count - 1 for count in names.values())

    def _below(self, body: int, headings: dict[int, Heading], columns: range) -> tuple[int, float]:
        """How many rows follow, and which share of the columns they fill has a name."""
        used: Counter[int] = Counter()
        rows = 0
        row = body
        while row < self.grid.height and rows < _SAMPLED_BELOW:
            cells = [column for column, _value in self.grid.filled(row) if column in columns]
            row += 1
            if not cells:
                continue
            rows += 1
            if len(cells) > 1 or len(columns) == 1:
                used.update(cells)
        if not used:
            return rows, 0.0
        return rows, sum(count for column, count in used.items() if column in headings) / used.total()
