"""The document model refuses what cannot be set."""

from collections.abc import Callable

import pytest

from hongyao_desktop.core.fields import Align, CellKind
from hongyao_desktop.paper.document import (
    Chart,
    ChartKind,
    Column,
    HeadGroup,
    Heading,
    PageSum,
    Series,
    Span,
    Sum,
    Table,
    Title,
    plain,
    serial_column,
)
from tests.paper.papers import document, money_table

NAME = Column("姓名")


@pytest.mark.parametrize(
    "make",
    [
        Title,
        lambda: Title("甲", lines=("乙",)),
        lambda: Heading(5, "太深"),
        lambda: Table((), []),
        lambda: Table((NAME,), [], head_groups=(HeadGroup("组", 2),)),
        lambda: Table((NAME,), [], totals=("合计", 1)),
        lambda: Table((NAME,), [], totals=("合计",), total_label="合计"),
        lambda: Table((NAME,), [], page_subtotal=True, carry=True),
        lambda: Chart(ChartKind.RING, "图", ("甲",), (Series("a", (1,)), Series("b", (1,)))),
        lambda: Chart(ChartKind.BAR, "图", ("甲", "乙"), (Series("a", (1,)),)),
    ],
)
def test_contradictions_are_refused(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        make()


def test_rows_that_can_be_read_only_once_are_refused() -> None:
    with pytest.raises(TypeError, match="more than once"):
        Table((NAME,), iter([("甲",)]))


def test_kinds_decide_alignment_and_sums_unless_told() -> None:
    assert Column("金额", kind=CellKind.MONEY).summed is Sum.ADD
    assert Column("人数", kind=CellKind.INTEGER).summed is Sum.NONE
    assert Column("结余", kind=CellKind.MONEY, sum=Sum.LAST).summed is Sum.LAST
    assert serial_column().aligned is Align.CENTER


def test_plain_words_of_spans() -> None:
    assert plain((Span("共"), Span("12人", source="ZY-01"))) == "共12人"


def test_tables_are_found_for_the_spreadsheet() -> None:
    table = money_table([1], carry=True)
    assert document(Title("甲"), table).tables() == (table,)
    assert table.page_sum is PageSum.CARRY
