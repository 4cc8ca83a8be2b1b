"""A paper tells which state of the file it was printed from."""

import concurrent.futures
from pathlib import Path

import pytest

from hongyao_desktop.paper.archive import archived, save_locked
from hongyao_desktop.paper.document import Document, Foot, Meta, Paragraph
from hongyao_desktop.paper.problem import PaperError
from hongyao_desktop.paper.render import draw
from hongyao_desktop.paper.stamp import read_stamp
from tests.paper.papers import HEAD, MOMENT, document, money_table


def test_the_chain_head_is_found_in_plain_archived_and_locked_papers(tmp_path: Path) -> None:
    data, _ = draw(document(Paragraph("甲")))
    (tmp_path / "plain.pdf").write_bytes(data)
    (tmp_path / "archive.pdf").write_bytes(archived(data))
    save_locked(data, tmp_path / "locked.pdf", "口令")
    for name, password in (("plain", ""), ("archive", ""), ("locked", "口令")):
        stamp = read_stamp(tmp_path / f"{name}.pdf", password)
        assert stamp.chain_head == HEAD
        assert stamp.title == "测试材料"
        assert stamp.created.startswith("D:20261008140300")


def test_keywords_of_the_paper_stay_and_a_paper_without_head_has_none(tmp_path: Path) -> None:
    paper = Document("甲", (Paragraph("甲"),), meta=Meta(MOMENT, keywords=("志愿",)), foot=Foot())
    (tmp_path / "a.pdf").write_bytes(draw(paper)[0])
    assert read_stamp(tmp_path / "a.pdf").chain_head == ""


def test_what_is_no_paper_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PaperError, match="找不到文件"):
        read_stamp(tmp_path / "a.pdf")
    (tmp_path / "b.pdf").write_text("甲", encoding="utf-8")
    with pytest.raises(PaperError, match="不是 PDF"):
        read_stamp(tmp_path / "b.pdf")
    save_locked(draw(document(Paragraph("甲")))[0], tmp_path / "c.pdf", "口令")
    with pytest.raises(PaperError, match="密码没有填或不对"):
        read_stamp(tmp_path / "c.pdf")


def test_papers_drawn_at_the_same_time_do_not_mix() -> None:
    papers = [document(Paragraph(f"第{index}份"), money_table([index] * 40)) for index in range(6)]
    alone = [draw(paper) for paper in papers]
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        together = list(pool.map(draw, papers))
    assert together == alone
