"""The register of print runs (打印记录): what left the office on paper or as a file, by whom, when and what for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from hongyao_desktop.core.fields import Code, Date, FieldType, Integer, Text
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.register import Field, Register, Sensitivity


class Moment(Text):
    """A moment kept as ISO text, shown to the minute."""

    def format(self, value: Any) -> str:
        """2026-11-20 09:30."""
        return "" if value is None else str(value)[:16].replace("T", " ")


class PurposeWord(Text):
    """What a paper was for, kept by its code and shown in its word."""

    def format(self, value: Any) -> str:
        """公示, 报送 and the like."""
        return "" if value is None else Purpose(value).label


@dataclass(frozen=True, slots=True)
class Beginning(Code):
    """A long checksum of which people compare the first ``shown`` characters, as many as stand on paper."""

    shown: int = 8

    def format(self, value: Any) -> str:
        """The first characters."""
        return "" if value is None else str(value)[: self.shown]


def _shown(name: str, label: str, kind: FieldType, width: int) -> Field:
    return Field(
        name=name, label=label, type=kind, sensitivity=Sensitivity.INTERNAL, derived=True, width=width
    )


PRINT_RUNS: Final = Register(
    name="print_runs",
    label="打印记录",
    table="print_run",
    source="print_run",
    title_field="title",
    sort="printed_at",
    list_columns=(
        "printed_at",
        "operator",
        "title",
        "form",
        "purpose",
        "unit_name",
        "line_count",
        "pages",
        "checksum",
    ),
    filters=("operator", "form"),
    append_only=True,
    help="每次打印和存盘各一条，只增不改；内容码的前 8 位印在纸上核验码的后半。",
    fields=(
        _shown("printed_at", "时间", Moment(), 9),
        _shown("operator", "操作员", Text(), 6),
        _shown("title", "材料", Text(), 22),
        _shown("form", "格式", Text(), 6),
        _shown("purpose", "用途", PurposeWord(), 5),
        _shown("unit_name", "范围", Text(), 10),
        _shown("first_on", "起始日期", Date(), 8),
        _shown("last_on", "截止日期", Date(), 8),
        _shown("line_count", "行数", Integer(), 5),
        _shown("pages", "页数", Integer(), 4),
        _shown("checksum", "内容码", Beginning(max_chars=64), 6),
        _shown("head", "日志校验值", Beginning(max_chars=64, shown=12), 8),
        _shown("digest", "文件校验值", Beginning(max_chars=64, shown=16), 9),
    ),
)
