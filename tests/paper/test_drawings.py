"""Charts and codes."""

from pathlib import Path

import pytest

from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.paper import bench, preview, qr
from hongyao_desktop.paper.document import Chart, ChartKind, QrCode, Series
from hongyao_desktop.paper.render import render_pdf
from tests.paper.papers import NO_GLYPH, Drawn, document

MONTHS = tuple(f"{month}月" for month in range(1, 13))


@pytest.mark.parametrize("kind", list(ChartKind))
def test_a_chart_writes_its_values_where_they_belong(kind: ChartKind) -> None:
    chart = Chart(
        kind, "积分来源", ("签到", "补录"), (Series("积分", (312550, 100000)),), CellKind.POINTS, "分"
    )
    with Drawn(document(chart)) as drawn:
        words = drawn.words
    assert "图1积分来源（分）" in words
    assert "1,000.0" in words
    if kind is not ChartKind.LINE:
        assert "3,125.5" in words
        assert "签到" in words
    if kind is ChartKind.RING:
        assert "75.8%" in words
        assert "24.2%" in words


def test_the_tallest_bar_is_the_largest_value() -> None:
    chart = Chart(ChartKind.BAR, "人次", MONTHS, (Series("2026", tuple(range(10, 130, 10))),))
    with Drawn(document(chart)) as drawn:
        marks = list(drawn.marks(1))
        labels = {}
        for value in range(10, 130, 10):
            first = str(value)[0]
            labels[value] = max(mark.y for mark in marks if mark.character == first and mark.y > 400)
        assert drawn.words.count("月") == 12
    heights = [mark.y for mark in marks if mark.character == "0" and mark.y > 400]
    assert max(heights) - min(heights) > 80


def test_long_names_lie_and_stay_left_of_their_bars() -> None:
    names = ("助老服务", "新就业群体随手拍巡查", "宣讲")
    chart = Chart(ChartKind.BAR, "时长", names, (Series("时长", (9030, 60, 600)),), CellKind.HOURS)
    with Drawn(document(chart)) as drawn:
        words = drawn.words
        left = max(mark.right for mark in drawn.marks(1) if mark.character in "新就业群体随手拍巡查宣讲")
        values = [mark for mark in drawn.marks(1) if mark.character == "." and mark.y > 400]
    assert "150.5" in words
    assert all(mark.x > left for mark in values)


@pytest.mark.parametrize(
    "chart",
    [
        Chart(ChartKind.RING, "空", ("甲",), (Series("一", (0,)),)),
        Chart(ChartKind.BAR, "空", (), (Series("一", ()),)),
    ],
)
def test_a_chart_without_data_says_so(chart: Chart) -> None:
    with Drawn(document(chart)) as drawn:
        assert "（无数据）" in drawn.words


def test_a_missing_glyph_in_a_chart_is_named() -> None:
    chart = Chart(ChartKind.BAR, "图", (f"王{NO_GLYPH}",), (Series("一", (1,)),))
    with Drawn(document(chart)) as drawn:
        assert [item.where for item in drawn.rendered.missing] == ["图"]


def test_the_drawn_code_is_the_encoded_one(tmp_path: Path) -> None:
    content = "HONGYAO:3f9ac0123456;红耀台账"
    modules = qr.modules(content)
    edge = 30.0
    render_pdf(document(QrCode(content, "扫码核对", edge)), tmp_path / "a.pdf")
    image = preview.page_image(tmp_path / "a.pdf", 1, 300)
    scale = 300 / 25.4
    step = edge / (len(modules) + 8)
    for row, line in enumerate(modules):
        for column, dark in enumerate(line):
            x = int((28 + (column + 4.5) * step) * scale)
            y = int((37 + 4 / 72 * 25.4 + (row + 4.5) * step) * scale)
            assert (image.data[y * image.stride + 3 * x] < 128) is dark, (row, column)


def test_the_bench_measures_the_job_and_its_floor() -> None:
    timing = bench.measure(200)
    assert timing.rows == 200
    assert timing.pages > 4
    assert timing.seconds > 0
    assert timing.ratio == pytest.approx(timing.seconds / timing.floor_seconds)
