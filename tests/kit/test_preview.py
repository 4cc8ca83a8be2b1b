"""The preview: real proportions, pages drawn when in sight, zoom and page keys."""

from dataclasses import dataclass, field

import pytest
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.kit.jobs import Jobs
from hongyao_desktop.kit.preview import KEPT_PAGES, PreviewPage, pdf_name
from hongyao_desktop.kit.session import Session
from tests.kit.conftest import Shown


@dataclass
class Pixels:
    data: bytes
    width: int
    height: int
    stride: int


@dataclass
class Paper:
    pages: int = 40
    drawn: list[int] = field(default_factory=list)
    broken: bool = False

    def count(self) -> int:
        return self.pages

    def size(self, _page: int) -> tuple[float, float]:
        return 595.0, 842.0

    def draw(self, page: int, dpi: float) -> Pixels:
        if self.broken:
            raise Refusal("文件打不开，请重新生成")
        self.drawn.append(page)
        width, height = round(595 * dpi / 72), round(842 * dpi / 72)
        return Pixels(bytes([page * 5 % 256]) * (width * height * 3), width, height, width * 3)


@pytest.fixture
def page(session: Session, shown: Shown) -> PreviewPage:
    made = PreviewPage(session, "工作情况汇总", save=lambda: None, print_it=lambda: None)
    shown(made)
    made.enter()
    return made


def test_only_pages_in_sight_are_drawn(page: PreviewPage, jobs: Jobs, qtbot: QtBot) -> None:
    paper = Paper()
    page.show_paper(paper)
    qtbot.waitUntil(lambda: page.view.image(1) is not None)
    assert page.place_label.text() == "第 1 页，共 40 页"
    assert max(paper.drawn) <= 3
    page.view.go_to(20)
    qtbot.waitUntil(lambda: page.view.image(20) is not None)
    assert page.place_label.text() == "第 20 页，共 40 页"
    assert len(set(paper.drawn)) < 8
    for number in range(1, 40):
        page.view.go_to(number)
        qtbot.waitUntil(lambda n=number: page.view.image(n) is not None)  # type: ignore[misc]
        assert len(page.view._images) <= KEPT_PAGES


def test_sheets_keep_their_proportions_and_follow_the_zoom(page: PreviewPage, qtbot: QtBot) -> None:
    page.show_paper(Paper(3))
    qtbot.waitUntil(lambda: page.view.image(1) is not None)
    fitted = page.view.sheets()[0]
    assert fitted.height() / fitted.width() == pytest.approx(842 / 595, abs=0.01)
    assert fitted.width() <= page.view.viewport().width()
    page.view.set_zoom(1.0)
    assert page.view.sheets()[0].width() == round(595 * 96 / 72)
    page.view.zoom_step(1)
    assert page.view.zoom == 1.25
    page.view.zoom_step(-1)
    page.view.zoom_step(-1)
    assert page.view.zoom == 0.8
    page.view.set_zoom(None)
    assert page.view.sheets()[0].width() == fitted.width()
    qtbot.waitUntil(lambda: page.view.image(1) is not None)


def test_a_paper_that_cannot_be_drawn_says_so(page: PreviewPage, qtbot: QtBot) -> None:
    page.show_paper(Paper(broken=True))
    qtbot.waitUntil(lambda: page.messages.text == "文件打不开，请重新生成")


@pytest.mark.parametrize(
    ("title", "name"),
    [("工作情况汇总", "工作情况汇总.pdf"), ("9/10月：汇总?", "9-10月：汇总-.pdf"), ("  ", "文件.pdf")],
)
def test_a_title_becomes_a_file_name(title: str, name: str) -> None:
    assert pdf_name(title) == name
