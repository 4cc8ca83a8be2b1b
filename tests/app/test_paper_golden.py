"""Every paper word by word, over a small office of fixed days.

After a wanted change: ``HONGYAO_GOLDEN=write pytest tests/app/test_paper_golden.py``, then read the difference.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hongyao_desktop.app.printing.papers import PAPERS, find_paper, print_paper
from hongyao_desktop.core.figure import Period
from hongyao_desktop.paper.preview import page_count, page_text
from hongyao_desktop.store import Office
from tests.golden.office import golden_office

FOLDER = Path(__file__).parents[1] / "golden"
_FOOT = re.compile(r"^.* 打印；(?:.|\n)*?核验码 〇(?:共 \d+ 页　第 \d+ 页)?", re.MULTILINE)
_PAGES = re.compile(r"共 \d+ 页　第 \d+ 页")
PERIOD = Period(dt.date(2026, 1, 1), dt.date(2026, 11, 20))
CONTACT = {"phone": "0512-65001234", "place": "街道党群服务中心"}
CASES: dict[str, tuple[str, dict[str, str]]] = {
    "summary": ("summary", {}),
    "volunteer-list": ("volunteer-list", {}),
    "board-hours": ("board", {"order": "姓氏笔画"}),
    "board-points": ("board", {"by": "积分", "chart": "否"}),
    "volunteer-notice-stars": ("volunteer-notice", {**CONTACT, "start": "2026-11-21"}),
    "volunteer-notice-points": ("volunteer-notice", {**CONTACT, "what": "积分", "order": "姓氏笔画"}),
    "activity-sign-in": ("activity-sign-in", {"activity": "重阳敬老", "blank": "3"}),
    "certificate": (
        "certificate",
        {"volunteer": "单玥", "chief": "张书记", "contact": "0512-65001234", "use": "评优"},
    ),
    "certificate-register": ("certificate-register", {}),
    "volunteer-file": ("volunteer-file", {"volunteer": "欧阳建国"}),
    "team-board": ("team-board", {}),
    "board-poster": ("board-poster", {}),
    "star-review": ("star-review", {"within": "60"}),
    "shop-register": ("shop-register", {}),
    "shop-waiting": ("shop-waiting", {}),
    "shop-count": ("shop-count", {}),
    "shop-count-result": ("shop-count", {"what": "结果", "day": "2026-11-20"}),
    "shop-slip": ("shop-slip", {"number": "单2026-0001"}),
    "points-lot": ("points-lot", {"number": "认2026-001"}),
    "points-expiry": ("points-expiry", {}),
    "service-signals": ("service-signals", {}),
    "orders-overdue": ("orders-overdue", {}),
    "orders-unrated": ("orders-unrated", {}),
    "order-slip": ("order-slip", {"number": "2026-0001"}),
    "order-list": ("order-list", {}),
    "orders-summary": ("orders-summary", {}),
    "orders-shift": ("orders-shift", {"since": "2026-11-01"}),
    "class-roster": ("class-roster", {"order": "姓氏笔画"}),
    "class-sign-in": ("class-sign-in", {"blank": "2"}),
    "class-attendance": ("class-attendance", {}),
    "credit-proof": ("credit-proof", {"person": "单玥"}),
    "cadre-file": ("cadre-file", {"person": "单玥"}),
    "year-gaps": ("year-gaps", {"which": "全部"}),
    "cash-book": ("cash-book", {}),
    "receipt-sheet": ("receipt-sheet", {}),
    "receipt-sheet-named": ("receipt-sheet", {"people": "丁一、曾𬬭", "amount": "500", "cause": "节日慰问"}),
    "aid-notice": ("aid-notice", {**CONTACT, "basis": "《关爱基金管理办法》"}),
    "list": ("list", {"register": "人员", "columns": "姓名，证件号码，联系电话，组织", "order": "姓氏笔画"}),
    "print-runs": ("print-runs", {}),
    "pack-named": (
        "pack",
        {
            "papers": "学时证明：单玥、board（榜单=积分；图=否），帮扶公示（phone=0512-65001234;受理地点=党群中心）"
        },
    ),
    "pack": ("pack", {"papers": "board,cash-book,volunteer-list", "meeting": "第四季度联席会议"}),
}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with golden_office(tmp_path) as opened:
        yield opened


def words(pdf: Path) -> str:
    """The words of all pages; what differs from run to run by nature is left out."""
    pages = [page_text(pdf, number) for number in range(1, page_count(pdf) + 1)]
    text = "\n=====\n".join(page.replace("\r\n", "\n") for page in pages)
    text = re.sub(r"核验码 [0-9a-f]{12}-[0-9a-f]{8}", "核验码 〇", text)
    return re.sub(r"(HD\d{8}-)[0-9A-F]{4}", r"\1〇", text) + "\n"


def before_the_annex(text: str) -> str:
    """The text of the report; the annex lists every figure of every module and grows with them."""
    text = re.sub(r"\d+ 行共 \d+ 页", "〇 行共 〇 页", text)
    return text.partition("=====\n附件\n")[0]


def feet_joined(said: str) -> str:
    """The text with every foot on one line: where it breaks depends on how wide the letters of an id are."""

    def joined(found: re.Match[str]) -> str:
        pages = _PAGES.findall(found[0])
        parts = [part for part in re.split(r"[；　\n]+", _PAGES.sub("\n", found[0])) if part]
        return "；".join((*parts, *pages))

    return _FOOT.sub(joined, said)


@pytest.mark.parametrize("case", CASES)
def test_a_paper_says_what_it_said(case: str, office: Office, tmp_path: Path) -> None:
    name, options = CASES[case]
    out = tmp_path / "paper.pdf"
    printed = print_paper(office, find_paper(name), out, PERIOD, options=options)
    said, kept = words(out), FOLDER / f"{case}.txt"
    if case == "summary":
        said = before_the_annex(said)
    if os.environ.get("HONGYAO_GOLDEN") == "write":
        kept.write_text(said, encoding="utf-8")
    assert printed.missing == ()
    assert feet_joined(said) == feet_joined(kept.read_text(encoding="utf-8")), (
        f"{kept.name}：改动是想要的吗？见本文件开头的说明"
    )


def test_every_paper_has_its_words_kept() -> None:
    without = {paper.name for paper in PAPERS} - {name for name, _options in CASES.values()}
    assert not without, f"新文件要在 CASES 里加一行，并写出 tests/golden/ 里的文字：{without}"


def test_every_paper_says_what_it_is_for() -> None:
    for paper in PAPERS:
        assert len(paper.help) >= 12, paper.name
        assert paper.help.endswith("。"), paper.name
        assert len({parameter.name for parameter in paper.parameters}) == len(paper.parameters)
        for parameter in paper.parameters:
            assert parameter.label, paper.name
            assert parameter.help, f"{paper.name}.{parameter.name}"
            if parameter.choices and not parameter.required:
                assert parameter.default in parameter.choices, f"{paper.name}.{parameter.name}"
