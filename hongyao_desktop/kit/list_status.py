"""The line under a list: which rows are in sight, how many there are, what they add up to, how they are ordered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from hongyao_desktop.core.register import Register
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.pieces import ElidedLabel, named
from hongyao_desktop.kit.rows import RowQuery, RowSource, column_text
from hongyao_desktop.kit.table import RegisterTable
from hongyao_desktop.kit.tokens import Height, Space


class ListStatus(QWidget):
    """Counts and sums at the left, the order at the right."""

    def __init__(self, register: Register, table: RegisterTable, parent: QWidget) -> None:
        super().__init__(parent)
        self._register = register
        self._table = table
        self._source: RowSource | None = None
        self._totals: Mapping[str, int] = {}
        self.words = named(ElidedLabel(self), "listStatus")
        self.order = named(QLabel(self), "listStatus")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.words, 1)
        row.addWidget(self.order)
        self.setFixedHeight(look().px(Height.STATUS) + look().px(Space.XS))
        table.span_changed.connect(self.tell)

    def show_source(self, source: RowSource, query: RowQuery) -> None:
        """Speak of another list; its sums come later."""
        self._source, self._totals = source, {}
        column = query.sort or self._register.sort
        labels = {field.name: field.label for field in self._register.fields}
        if query.search and query.sort is None:
            self.order.setText("最接近的在前")
        else:
            latest = query.descending and query.sort is None and self._register.newest_first
            words = "，近的在前" if latest else "排序"
            self.order.setText(f"按{labels[column]}{words}" if column in labels else "")
        self.tell()

    def show_totals(self, totals: Mapping[str, int]) -> None:
        """The sums of the whole list."""
        self._totals = totals
        self.tell()

    def tell(self) -> None:
        """Say it as it stands now."""
        source = self._source
        count = source.count() if source is not None else 0
        if source is None or not count:
            self.words.setText("")
            return
        first, last = self._table.visible_span()
        chosen = self._table.selected_positions()
        parts = [
            f"第 {first:,}–{last:,} 条，共 {count:,} 条" + ("" if source.complete else "以上，请多输几个字")
        ]
        if len(chosen) > 1:
            sums = self._amounts(self._sums(chosen))
            parts.append(f"选中 {len(chosen)} 条" + (f"：{sums}" if sums else ""))
        else:
            sums = self._amounts(self._totals)
            if sums:
                parts.append(f"合计：{sums}")
        self.words.setText("　　".join(parts))

    def _sums(self, positions: Sequence[int]) -> dict[str, int]:
        sums = dict.fromkeys(self._register.sum_columns, 0)
        if sums:
            for position in positions:
                row = self._table.model.row(position) or {}
                for name in sums:
                    sums[name] += row.get(name) or 0
        return sums

    def _amounts(self, sums: Mapping[str, int]) -> str:
        fields = [self._register.field(name) for name in self._register.sum_columns if name in sums]
        return "，".join(f"{field.label} {column_text(field, sums[field.name])}" for field in fields)
