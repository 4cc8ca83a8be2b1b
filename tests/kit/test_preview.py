"""The preview: real proportions, pages drawn when in sight, zoom."""

from dataclasses import dataclass, field

import pytest
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.kit.preview import KEPT_PAGES, PaperView
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
def view(session: Session, shown: Shown) -> PaperView:
    made = PaperView(session.jobs)
    shown(made)
    return made


def test_only_pages_in_sight_are_drawn(view: PaperView, qtbot: QtBot) -> None:
    told: list[tuple[int, int]] = []
    view.page_changed.connect(lambda page, count: told.append((page, count)))
    paper = Paper()
    view.show_paper(paper)
    qtbot.waitUntil(lambda: view.image(1) is not None)
    assert told[-1] == (1, 40)
    assert max(paper.drawn) <= 3
    view.go_to(20)
    qtbot.waitUntil(lambda: view.image(20) is not None)
    assert told[-1] == (20, 40)
    assert len(set(paper.drawn)) < 8
    for number in range(1, 40):
        view.go_to(number)
        qtbot.waitUntil(lambda n=number: view.image(n) is not None)  # type: ignore[misc]
        assert len(view._images) <= KEPT_PAGES


def test_sheets_keep_their_proportions_and_follow_the_zoom(view: PaperView, qtbot: QtBot) -> None:
    view.show_paper(Paper(3))
    qtbot.waitUntil(lambda: view.image(1) is not None)
    fitted = view.sheets()[0]
    assert fitted.height() / fitted.width() == pytest.approx(842 / 595, abs=0.01)
    assert fitted.width() <= view.viewport().width()
    view.set_zoom(1.0)
    assert view.sheets()[0].width() == round(595 * 96 / 72)
    view.zoom_step(1)
    assert view.zoom == 1.25
    view.zoom_step(-1)
    view.zoom_step(-1)
    assert view.zoom == 0.8
    view.set_zoom(None)
    assert view.sheets()[0].width() == fitted.width()
    qtbot.waitUntil(lambda: view.image(1) is not None)


def test_a_paper_that_cannot_be_drawn_says_so(view: PaperView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.failed) as told:
        view.show_paper(Paper(broken=True))
    assert told.args == ["文件打不开，请重新生成"]
