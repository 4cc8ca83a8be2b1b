"""Papers as files: the same bytes again, words that come out as they went in, missing glyphs named, no half files."""

import errno
import io
import subprocess
from pathlib import Path

import pikepdf
import pypdf
import pytest

from hongyao_desktop.paper.document import (
    AnnexList,
    Column,
    Document,
    Face,
    Foot,
    Heading,
    Line,
    Note,
    PageBreak,
    PageNumber,
    Paragraph,
    Role,
    Seal,
    SignatureRow,
    Span,
    Table,
    Title,
)
from hongyao_desktop.paper.problem import PaperError
from hongyao_desktop.paper.render import draw, preflight, render_pdf
from tests.paper.papers import MOMENT, NO_GLYPH, RARE, Drawn, document, money_table

NAMES = Table((Column("姓名"),), [(f"张{character}",) for character in RARE], name="花名册")


def rich() -> Document:
    return document(
        Title("水湾社区工作情况汇总"),
        Heading(1, "志愿服务"),
        Paragraph(f"志愿者{RARE}参加服务，共1,286人次。"),
        Heading(2, "积分", runs_in=True),
        Paragraph((Span("发放"), Span("3,125分", source="ZY-31"), Span("（重点）", face=Face.HEI))),
        NAMES,
        money_table([100, 200], total_label="合计"),
        Note("注：略。"),
        SignatureRow(("制表人", "审核人", "日期")),
        Seal("水湾社区", MOMENT.date()),
    )


def test_the_same_data_gives_the_same_bytes(tmp_path: Path) -> None:
    first = render_pdf(rich(), tmp_path / "a.pdf")
    second = render_pdf(rich(), tmp_path / "b.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert first == second
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pdf", "b.pdf"]


def test_one_changed_digit_gives_other_bytes() -> None:
    assert draw(document(Paragraph("共12人")))[0] != draw(document(Paragraph("共13人")))[0]


def test_rare_names_come_out_as_they_went_in() -> None:
    data, rendered = draw(rich())
    assert rendered.missing == ()
    with Drawn(rich()) as drawn:
        for character in RARE:
            assert f"张{character}" in drawn.words
    words = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    for character in RARE:
        assert f"张{character}" in words


@pytest.mark.needs("pdftotext")
def test_poppler_reads_the_same_words(tmp_path: Path) -> None:
    render_pdf(rich(), tmp_path / "a.pdf")
    shown = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", tmp_path / "a.pdf", "-"], capture_output=True, check=True, text=True
    )
    assert shown.stderr == ""
    for character in RARE:
        assert f"张{character}" in shown.stdout


@pytest.mark.needs("qpdf")
def test_qpdf_finds_nothing(tmp_path: Path) -> None:
    render_pdf(rich(), tmp_path / "a.pdf")
    checked = subprocess.run(
        ["qpdf", "--check", tmp_path / "a.pdf"], capture_output=True, check=False, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_font_is_embedded() -> None:
    data, _ = draw(rich())
    with pikepdf.open(io.BytesIO(data)) as pdf:
        fonts = [
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"
        ]
        assert fonts
        assert all("/FontFile2" in font.FontDescriptor for font in fonts)


def test_the_file_describes_itself() -> None:
    data, _ = draw(rich())
    reader = pypdf.PdfReader(io.BytesIO(data))
    assert reader.metadata is not None
    assert reader.metadata.title == "测试材料"
    assert reader.metadata.author == "水湾社区"
    assert reader.metadata.creation_date == MOMENT
    assert str(reader.root_object["/Lang"]) == "zh-CN"


def test_headings_are_numbered_by_level_and_bookmarked() -> None:
    paper = document(
        Title("汇总"),
        Heading(1, "甲"),
        Heading(2, "乙"),
        Heading(3, "丙"),
        Heading(4, "丁"),
        Heading(2, "戊"),
        Heading(1, "己"),
        Heading(2, "庚"),
        Heading(1, "自定", numbered=False),
    )
    reader = pypdf.PdfReader(io.BytesIO(draw(paper)[0]))
    found: list[tuple[int, str]] = []

    def walk(items: list[object], depth: int) -> None:
        for item in items:
            if isinstance(item, list):
                walk(item, depth + 1)
            else:
                found.append((depth, str(item.title)))  # type: ignore[attr-defined]

    walk(list(reader.outline), 0)
    assert found == [
        (0, "汇总"),
        (1, "一、甲"),
        (2, "（一）乙"),
        (3, "1.丙"),
        (4, "（1）丁"),
        (2, "（二）戊"),
        (1, "二、己"),
        (2, "（一）庚"),
        (1, "自定"),
    ]


def test_a_heading_is_not_left_at_the_foot_of_a_page() -> None:
    with Drawn(
        document(Paragraph("字" * 28 * 21, Role.FLUSH), Heading(1, "末行标题"), Paragraph("正文"))
    ) as drawn:
        assert "末行标题" not in drawn.pages[0]
        assert "末行标题" in drawn.pages[1]


@pytest.mark.parametrize("lines", [*range(14, 23), *range(36, 45)])
def test_issuer_and_date_never_stand_alone_on_a_page(lines: int) -> None:
    text = "字" * (28 * lines - 3)
    with Drawn(document(Paragraph(text, Role.FLUSH), Seal("水湾社区委员会", MOMENT.date()))) as drawn:
        last = drawn.pages[-1]
        assert "水湾社区委员会" in last
        assert last.count("字") >= 28
        assert drawn.words.count("字") == len(text)


def test_missing_glyphs_are_named_with_their_place_and_printed_as_code_points() -> None:
    table = Table((Column("姓名"),), [("张伟",), (f"王{NO_GLYPH}",)], name="花名册")
    paper = document(Title("名单"), Paragraph(f"表彰李{NO_GLYPH}"), table)
    found = preflight(paper)
    assert [(item.code_point, item.text, item.where) for item in found] == [
        ("U+31353", f"表彰李{NO_GLYPH}", "正文"),
        ("U+31353", f"王{NO_GLYPH}", "表“花名册”第 2 行“姓名”"),
    ]
    assert "请手工补写" in found[1].sentence()
    with Drawn(paper) as drawn:
        assert drawn.rendered.missing == found
        assert "王[U+31353]" in drawn.words
        assert "李[U+31353]" in drawn.words


def test_a_repeated_missing_name_is_named_in_every_row() -> None:
    table = Table((Column("姓名"),), [(f"王{NO_GLYPH}",)] * 3, name="花名册")
    assert len(draw(document(table))[1].missing) == 3
    assert preflight(document(table)) == draw(document(table))[1].missing


def test_figures_and_rows_with_a_source_tell_where_they_stand() -> None:
    table = Table((Column("姓名"),), [Line(("张伟",), "volunteers:7")])
    with Drawn(document(Paragraph((Span("发放"), Span("3,125分", source="ZY-31"))), table)) as drawn:
        spots = {spot.source: spot for spot in drawn.rendered.spots}
        place_of = drawn.ink_box(1, "伟")
        height = drawn.size(1)[1]
    assert set(spots) == {"ZY-31", "volunteers:7"}
    row = spots["volunteers:7"]
    assert row.page == 1
    assert row.left <= place_of[0] <= place_of[2] <= row.right
    assert row.top <= height - place_of[3] <= height - place_of[1] <= row.bottom


def test_a_page_break_may_turn_the_sheet() -> None:
    from hongyao_desktop.paper.document import Orientation

    with Drawn(document(Paragraph("甲"), PageBreak(Orientation.LANDSCAPE), Paragraph("乙"))) as drawn:
        assert drawn.size(1)[0] < drawn.size(1)[1]
        assert drawn.size(2)[0] > drawn.size(2)[1]


def test_the_foot_can_be_left_out_and_its_number_moved() -> None:
    paper = Document("甲", (Paragraph("甲"),), meta=rich().meta, foot=Foot(number=PageNumber.NONE))
    with Drawn(paper) as drawn:
        assert drawn.pages == ["甲"]
    with Drawn(document(Paragraph("甲"), number=PageNumber.CENTRED)) as drawn:
        dashes = [mark for mark in drawn.marks(1) if mark.character == "—"]
        assert (dashes[0].x + dashes[1].x + 14) / 2 == pytest.approx((28 + 78) * 72 / 25.4, abs=1)


def test_a_long_print_run_keeps_to_two_lines_above_the_edge() -> None:
    run = "李静（录入） 2026-10-08 14:03 打印；条件：" + "、".join(f"第{n}网格" for n in range(30))
    paper = Document("甲", (Paragraph("甲"),), meta=rich().meta, foot=Foot(run, "f" * 40))
    with Drawn(paper) as drawn:
        marks = [mark for mark in drawn.marks(1) if mark.y < 20 * 72 / 25.4]
        assert "第29网格" in drawn.words
        assert "f" * 12 in drawn.words
        assert max(mark.x for mark in marks) < 184 * 72 / 25.4
        assert min(mark.y for mark in marks) > 8 * 72 / 25.4


# --------------------------------------------------------------------------------------------------- writing


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PaperError, match=r"文件夹.*不存在.*请先建好文件夹"):
        render_pdf(rich(), tmp_path / "没有" / "a.pdf")


def test_a_file_in_place_of_the_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("甲", encoding="utf-8")
    with pytest.raises(PaperError, match="不存在"):
        render_pdf(rich(), tmp_path / "a" / "b.pdf")


def test_a_folder_of_the_same_name_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").mkdir()
    with pytest.raises(PaperError, match="是一个文件夹"):
        render_pdf(rich(), tmp_path / "a.pdf")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "磁盘空间不足"),
        (errno.EACCES, "没有权限"),
        (errno.ENAMETOOLONG, "太长"),
        (errno.EIO, "没有写成"),
    ],
)
def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    out = tmp_path / "a.pdf"
    out.write_bytes(b"old")

    def fail(_: int) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr("hongyao_desktop.paper.place.os.fsync", fail)
    with pytest.raises(PaperError, match=words):
        render_pdf(rich(), out)
    assert out.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]


@pytest.mark.parametrize("lines", range(10, 23))
def test_annex_list_and_issuer_go_together_with_text(lines: int) -> None:
    text = "字" * (28 * lines - 3)
    blocks = (Paragraph(text, Role.FLUSH), AnnexList(("名册", "汇总")), Seal("水湾社区", MOMENT.date()))
    with Drawn(document(*blocks)) as drawn:
        last = drawn.pages[-1]
    assert "附件：1. 名册" in last
    assert "水湾社区" in last
    assert last.count("字") >= 28


@pytest.mark.parametrize("count", range(18, 34))
def test_a_table_before_the_issuer_gives_it_rows_to_stand_with(count: int) -> None:
    table = money_table([100] * count, total_label="合计")
    with Drawn(document(table, AnnexList(("名册",)), Seal("水湾社区", MOMENT.date()))) as drawn:
        last = drawn.pages[-1]
    assert "合计" in last
    assert "附件：名册" in last
    assert "2026年10月8日" in last


def test_the_chain_head_is_not_torn_apart() -> None:
    for length in range(10, 60):
        paper = Document("甲", (Paragraph("甲"),), meta=rich().meta, foot=Foot("条" * length, "f" * 40))
        with Drawn(paper) as drawn:
            assert f"核验码 {'f' * 12}" in drawn.pages[0]


def test_a_heading_of_two_lines_is_balanced() -> None:
    table = Table((Column("到课人数", 0.8), Column("班次", 9)), [("1", "甲")])
    with Drawn(document(table)) as drawn:
        marks = {mark.character: mark.y for mark in drawn.marks(1)}
    assert marks["到"] == marks["课"] > marks["人"] == marks["数"]
