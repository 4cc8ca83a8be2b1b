"""Papers bound together: cover, contents, parts with pages that go on."""

import datetime as dt
import io
import re

import pikepdf

from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.paper.document import (
    Block,
    Chart,
    ChartKind,
    Contents,
    Cover,
    Heading,
    Orientation,
    PageBreak,
    Paragraph,
    Part,
    Series,
    Title,
)
from hongyao_desktop.paper.preflight import preflight
from tests.paper.papers import NO_GLYPH, Drawn, document, money_table

COVER = Cover("会议材料", ("第四季度联席会议",), "水湾街道", dt.date(2026, 11, 20))


def pack(*, parts: int = 3, rows: int = 60) -> list[Block]:
    blocks: list[Block] = [COVER, Contents()]
    for number in range(1, parts + 1):
        blocks += [Part(f"材料{number}"), Title(f"材料{number}"), Heading(1, "情况"), money_table([1] * rows)]
    return blocks


def test_pages_are_counted_from_the_first_part() -> None:
    with Drawn(document(*pack())) as drawn:
        pages = drawn.pages
    assert [re.findall(r"— (\d+) —", page) for page in pages[:4]] == [[], [], ["1"], ["2"]]
    assert f"— {len(pages) - 2} —" in pages[-1]


def test_the_contents_name_the_page_of_every_part() -> None:
    with Drawn(document(*pack())) as drawn:
        pages = drawn.pages
    for title, number in re.findall(r"\d\. (材料\d) …+ ?(\d+)", pages[1]):
        assert pages[int(number) + 1].startswith(title)
    assert len(re.findall(r"…+", pages[1])) == 3


def test_contents_of_many_papers_go_over_pages_and_stay_right() -> None:
    with Drawn(document(*pack(parts=50, rows=1))) as drawn:
        pages = drawn.pages
    entries = re.findall(r"(\d+)\. 材料\d+ …+ ?(\d+)", "\n".join(pages[1:4]))
    assert [int(number) for _place, number in entries] == list(range(1, 51))


def test_bookmarks_are_cover_contents_and_parts_with_their_headings() -> None:
    with Drawn(document(*pack())) as drawn:
        data = drawn.data
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_outline() as outline:
        assert [str(item.title) for item in outline.root] == ["封面", "目录", "材料1", "材料2", "材料3"]
        assert [str(item.title) for item in outline.root[2].children] == ["一、情况"]


def test_headings_and_charts_are_counted_anew_in_every_part() -> None:
    chart = Chart(ChartKind.BAR, "图", ("甲", "乙"), (Series("一", (1, 2)),))
    blocks: list[Block] = [Part("一"), Heading(1, "甲"), chart, Part("二"), Heading(1, "乙"), chart]
    with Drawn(document(COVER, *blocks)) as drawn:
        words = drawn.words
    assert words.count("一、") == 2
    assert words.count("图1") == 2


def test_a_part_after_a_wide_one_stands_upright_again() -> None:
    blocks: list[Block] = [Part("宽", Orientation.LANDSCAPE), Paragraph("甲"), Part("窄"), Paragraph("乙")]
    with Drawn(document(COVER, *blocks)) as drawn:
        assert drawn.size(2)[0] > drawn.size(2)[1]
        assert drawn.size(3)[0] < drawn.size(3)[1]
    with Drawn(document(Part("一"), PageBreak(Orientation.LANDSCAPE), Paragraph("甲"), Part("二"))) as drawn:
        assert drawn.size(3)[0] < drawn.size(3)[1]


def test_a_character_without_a_glyph_on_the_cover_is_named() -> None:
    cover = Cover(f"{NO_GLYPH}材料", (), "水湾街道", dt.date(2026, 11, 20))
    assert [(one.where, one.character) for one in preflight(document(cover))] == [("封面", NO_GLYPH)]


def test_a_grid_of_months_says_every_number_and_nothing_where_there_is_none() -> None:
    months = tuple(f"{month}月" for month in range(1, 13))
    rows = tuple(
        Series(name, tuple(60 * (month * scale) for month in range(12)))
        for scale, name in enumerate(("水湾社区", "柳巷社区", "名字特别长的社区党群服务中心第三网格"), 1)
    )
    with Drawn(document(Chart(ChartKind.GRID, "各月时长", months, rows, CellKind.HOURS, "小时"))) as drawn:
        words = drawn.words
        assert drawn.result.pages == 1
    for month in months:
        assert month in words
    for series in rows:
        assert series.label in words
    assert words.count("—") >= 3
    assert "33" in words
