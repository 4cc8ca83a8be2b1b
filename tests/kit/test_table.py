"""The list: a window over any number of rows, columns that fit, cells in their words."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.fields import Choice, Minutes, Points
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.columns import give_slack, share
from hongyao_desktop.kit.look import Look
from hongyao_desktop.kit.rows import PAGES_KEPT, HeldRows, RegisterModel, RowQuery, column_text, list_fields
from hongyao_desktop.kit.table import RegisterTable
from tests.kit.conftest import Shown
from tests.kit.office import PEOPLE, FakeOffice, person, tone

MILLION = 1_000_000


class ManyRows:
    """A million people, made when asked for; counts the pages read."""

    page_size = 200
    complete = True

    def __init__(self) -> None:
        self.read: list[int] = []

    def prepare(self) -> None:
        """Nothing to prepare."""

    def count(self) -> int:
        return MILLION

    def page(self, _reader: Reader, number: int) -> list[Row]:
        self.read.append(number)
        start = number * self.page_size
        return [person(place) for place in range(start, start + self.page_size)]

    def locate(self, _reader: Reader, row_id: str) -> int | None:
        return int(row_id[1:])

    def totals(self, _reader: Reader) -> dict[str, int]:
        return {}


def test_the_model_keeps_qts_rules(dressed: Look, office: FakeOffice) -> None:
    model = RegisterModel(list_fields(PEOPLE), tone)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    rows = HeldRows([person(place) for place in range(450)])
    model.set_source(rows, office.reader())
    assert model.rowCount() == 450
    assert model.data(model.index(449, 1)) == person(449)["name"]
    model.set_source(None, None)
    assert model.rowCount() == 0
    del tester


def test_a_million_rows_are_scrolled_through_without_holding_them(
    dressed: Look, office: FakeOffice, shown: Shown, qtbot: QtBot
) -> None:
    table = RegisterTable(list_fields(PEOPLE), name="志愿者列表", tone=tone)
    rows = ManyRows()
    shown(table)
    table.show_rows(rows, office.reader())
    bar = table.view.verticalScrollBar()
    for place in (0, MILLION // 2, 17, MILLION - 1, *range(0, MILLION, MILLION // 50)):
        bar.setValue(place)
        table.view.viewport().grab()
        assert len(table.model._pages) <= PAGES_KEPT
    bar.setValue(bar.maximum())
    table.view.viewport().grab()
    assert table.visible_span()[1] == MILLION
    assert table.model.row_id(MILLION - 1) == f"p{MILLION - 1:06d}"
    table.select(765_432)
    assert table.current_id() == "p765432"
    assert len(set(rows.read)) < 200


def test_secret_numbers_are_masked_and_words_carry_the_status(office: FakeOffice) -> None:
    model = RegisterModel((PEOPLE.field("id_number"), PEOPLE.field("status")), tone)
    model.set_source(HeldRows([person(6)]), office.reader())
    assert model.cell(0, 0).text == "110105********002X"
    assert (model.cell(0, 1).text, model.cell(0, 1).tone) == ("待审核", "warn")


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (Minutes(), 18750, "312.5"),
        (Minutes(), 60360, "1,006.0"),
        (Minutes(), -90, "-1.5"),
        (Minutes(), 75, "1.25"),
        (Points(), 312500, "3,125"),
        (Points(), 50, "0.5"),
        (Points(), -1225, "-12.25"),
    ],
)
def test_hours_and_points_line_up(kind: Minutes | Points, value: int, text: str) -> None:
    known = Field(name="amount", label="数", type=kind, sensitivity=Sensitivity.OPEN)
    assert column_text(known, value) == text


def test_columns_share_what_is_left() -> None:
    widths = [100, 200, 100]
    share(widths, [50, 60, 50], [1, 2], 700)
    assert sum(widths) == 700
    assert widths[0] == 100


def test_the_widest_column_gives_what_is_missing() -> None:
    widths = [100, 70, 400, 120]
    share(widths, [50, 40, 60, 50], [1, 2, 3], 500)
    assert widths == [100, 70, 210, 120], "a name is not cut off while an explanation is long"
    share(widths, [50, 40, 60, 50], [1, 2, 3], 400)
    assert widths == [100, 70, 115, 115]
    share(widths, [50, 70, 110, 115], [1, 2, 3], 100)
    assert widths == [100, 70, 110, 115], "it scrolls sideways rather than hide its headings"


def test_columns_with_room_to_spare_give_first() -> None:
    assert give_slack([100, 100], [60, 90], 180) == [84, 96]
    assert give_slack([100, 100], [60, 90], 100) == [60, 90]


def test_the_first_column_stays_while_the_others_scroll(
    dressed: Look, office: FakeOffice, shown: Shown, qtbot: QtBot
) -> None:
    table = RegisterTable(list_fields(PEOPLE), name="志愿者列表")
    shown(table)
    table.show_rows(HeldRows([person(place) for place in range(50)]), office.reader())
    table.set_widths([300] * len(table.model.fields))
    qtbot.waitUntil(lambda: table.view.horizontalScrollBar().maximum() >= 400)
    assert table.frozen.isHidden()
    table.view.horizontalScrollBar().setValue(400)
    assert table.frozen.isVisible()
    assert table.frozen.columnAt(10) == 0
    table.view.verticalScrollBar().setValue(20)
    assert table.frozen.verticalScrollBar().value() == 20
    table.view.horizontalScrollBar().setValue(0)
    assert table.frozen.isHidden()


def test_an_empty_list_teaches_the_first_step(office: FakeOffice, shown: Shown) -> None:
    table = RegisterTable(list_fields(PEOPLE), name="志愿者列表")
    shown(table)
    table.show_rows(HeldRows([]), office.reader())
    assert table.empty.isVisible()
    table.view.setFocus()
    assert table.empty.hasFocus(), "a list out of sight has no keyboard"
    table.show_rows(HeldRows([person(0)]), office.reader())
    assert not table.empty.isVisible()
    assert table.view.hasFocus()


def test_the_view_is_named_for_screen_readers(dressed: Look, office: FakeOffice, shown: Shown) -> None:
    table = RegisterTable(list_fields(PEOPLE), name="志愿者列表")
    shown(table)
    table.show_rows(HeldRows([person(0)]), office.reader())
    seen = QAccessible.queryAccessibleInterface(table.view)
    assert seen.text(QAccessible.Text.Name) == "志愿者列表"
    assert table.model.headerData(1, Qt.Orientation.Horizontal) == "姓名"


def test_a_query_is_narrowed_and_widened() -> None:
    query = RowQuery(search="zw").with_equal("grid", "一网格").with_equal("grid", "二网格")
    assert query.equals == (("grid", "二网格"),)
    assert query.with_equal("grid", None).equals == ()
    spanned = query.with_span("minutes", 60, None)
    assert spanned.spans == (("minutes", 60, None),)
    assert spanned.with_span("minutes", None, None).spans == ()
    assert spanned.narrowed
    assert not RowQuery(sort="name", descending=True).narrowed


def test_a_state_that_no_row_shows_yet_has_its_room(dressed: Look, office: FakeOffice, shown: Shown) -> None:
    state = Field(
        name="status",
        label="状态",
        type=Choice(("有效", "已经冲正", "说来话长所以不必留地方的一种")),
        sensitivity=Sensitivity.OPEN,
        width=3,
    )
    fields = [field for field in list_fields(PEOPLE) if field.name != "status"]
    table = RegisterTable([*fields, state], name="记录")
    shown(table)
    table.resize(360, 300)
    table.show_rows(HeldRows([{**person(1), "status": "有效"}]), office.reader())
    table.fit_columns()
    width = table.view.columnWidth(len(fields))
    assert dressed.text_width("已经冲正") <= width < dressed.text_width("说来话长所以不必留地方的一种")
