"""What stands above a table (表头以上的内容): titles, and lines of labels and values such as 填报单位."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from hongyao_desktop.core import text
from hongyao_desktop.intake import words
from hongyao_desktop.sheets.book import Cell

_MONTH = re.compile(r"(20\d{2}|19\d{2})\s*(?:年度?|[-./])\s*(\d{1,2})\s*月?")
_YEAR = re.compile(r"(20\d{2}|19\d{2})\s*年?")
# 「填 报 单 位：」: single characters set apart to fill the line
_SPACED_LABEL = re.compile(r"(?<![\u4e00-\u9fff])(?:[\u4e00-\u9fff]\s){1,5}[\u4e00-\u9fff]\s?[:：]")
_BRACKETED = re.compile(r"^[(（\[【][^()（）]*[)）\]】]$")
_ONLY_MONTH = re.compile(r"(?<!\d)(1[0-2]|[1-9])\s*月")


@dataclass(slots=True)
class Surroundings:
    """Titles and labelled values gathered from the lines above (or below) a table, in reading order."""

    titles: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)

    def take(self, cells: list[Cell], *, paired: bool = False) -> None:
        """Take one line, given as its non-empty cells from left to right.

        `paired`: the cells are labels and values by turns, without colons (培训班名称 | … | 地点 | …).
        """
        texts = [words.cell_text(cell) for cell in cells]
        if paired:
            for label, value in zip(texts[0::2], texts[1::2], strict=False):
                self.values.setdefault(words.header_text(label).base, text.clean(value))
            return
        position = 0
        while position < len(texts):
            used = self._take_cell(texts[position], texts[position + 1 :])
            position += 1 + used

    def _take_cell(self, shown: str, following: list[str]) -> int:
        """Take one cell; returns how many of the following cells were its value."""
        shown = _SPACED_LABEL.sub(lambda match: match.group().replace(" ", ""), text.clean(shown))
        labels = [match for match in words.LABELLED.finditer(shown) if not _is_clock(shown, match)]
        if not labels or (labels[0].start() > 0 and shown[: labels[0].start()].strip()):
            # "水湾社区党委  填报日期：9月30日": what stands before the first label is a title
            before = shown[: labels[0].start()].strip() if labels else shown
            if before:
                self.titles.append(before)
        for number, label in enumerate(labels):
            end = labels[number + 1].start() if number + 1 < len(labels) else len(shown)
            value = shown[label.end() : end].strip()
            key = words.header_text(label.group(1)).base or label.group(1)
            if value:
                self.values.setdefault(key, value)
            elif number == len(labels) - 1 and following and not words.LABELLED.search(following[0]):
                self.values.setdefault(key, text.clean(following[0]))
                return 1
            else:
                self.values.setdefault(key, "")
        return 0

    @property
    def title(self) -> str:
        """The line that names the table: the first that is no "附件 1" mark; "" if there is none."""
        for line in self.titles:
            if not words.ATTACHMENT.match(line) and not words.is_numeric(line) and not _BRACKETED.match(line):
                return line
        return ""

    def unit(self) -> str | None:
        """Unit of the amounts of the whole table, from a line such as 「单位：万元」."""
        for key in ("单位", "金额单位", "计量单位", "货币单位"):
            value = words.squeeze(self.values.get(key, "")).removeprefix("人民币")
            if value in words.UNITS:
                return value
        for line in self.titles:
            found = re.search(r"[(（]?单位\s*[:：]?\s*(万元|千元|元|小时|分钟)[)）]?", line)
            if found:
                return found.group(1)
        return None

    def period(self, sheet_name: str) -> tuple[int | None, int | None]:
        """Year and month the table speaks of, so that 「9月3日」 can be read; None where it does not say."""
        told = [value for key, value in self.values.items() if re.search("时间|日期|年度|月份|所属期", key)]
        lines = [self.title, *told, *self.titles, sheet_name]
        for line in lines:
            both = _MONTH.search(line)
            if both and 1 <= int(both.group(2)) <= 12:
                return int(both.group(1)), int(both.group(2))
        year = next((int(found.group(1)) for line in lines if (found := _YEAR.search(line))), None)
        months = (_ONLY_MONTH.search(line) for line in (self.title, sheet_name))
        month = next((int(found.group(1)) for found in months if found), None)
        return year, month


def _is_clock(shown: str, match: re.Match[str]) -> bool:
    """「14:30」 is a time of day, not a label with a value."""
    return match.group(1).strip().isdigit() or (
        match.group(1)[-1].isdigit() and shown[match.end() : match.end() + 2].isdigit()
    )
