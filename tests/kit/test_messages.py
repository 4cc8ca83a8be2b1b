"""What is said, what is under way, and small charts: in words as well as in colour."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from hongyao_desktop.kit.charts import MonthLine
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.jobs import Jobs, Progress
from hongyao_desktop.kit.look import Look
from hongyao_desktop.kit.messages import ICONS, MessageBar, Tone
from hongyao_desktop.kit.progress import ProgressLine, remaining
from tests.kit.conftest import Shown


class Below(QWidget):
    """A page with its bar at the foot, as the pages of the window have it."""

    def __init__(self) -> None:
        super().__init__()
        self.body = QWidget(self)
        self.bar = MessageBar(self)
        column = QVBoxLayout(self)
        column.addWidget(self.body, 1)
        column.addWidget(self.bar)


def test_a_message_covers_nothing_and_moves_nothing_that_hangs_from_the_top(
    dressed: Look, shown: Shown, qtbot: QtBot
) -> None:
    page = Below()
    shown(page)
    whole = page.body.geometry()
    page.bar.say(Tone.GOOD, "已保存 王喆堃", action="撤销")
    qtbot.waitUntil(lambda: page.body.height() < whole.height())
    assert page.bar.text == "已保存 王喆堃"
    assert page.bar.accessibleDescription() == "已保存 王喆堃"
    assert not page.bar.geometry().intersects(page.body.geometry())
    assert page.body.geometry().topLeft() == whole.topLeft()
    assert page.bar._action.x() < page.width() // 2, "the step stands beside the words, not at the other end"
    page.bar.dismiss()
    qtbot.waitUntil(lambda: page.bar.text == "")
    qtbot.waitUntil(lambda: page.body.geometry() == whole)


def test_the_second_press_of_a_double_click_answers_nothing(
    dressed: Look, shown: Shown, qtbot: QtBot
) -> None:
    page = Below()
    shown(page)
    ran: list[int] = []
    page.bar.say(Tone.GOOD, "已保存", action="撤销", run=lambda: ran.append(1))
    action = page.bar._action
    QTest.mouseClick(action, Qt.MouseButton.LeftButton)
    assert ran == []
    qtbot.waitUntil(lambda: page.bar._since.hasExpired(QApplication.doubleClickInterval()))
    QTest.mouseClick(action, Qt.MouseButton.LeftButton)
    assert ran == [1]


def test_a_click_in_flight_hits_no_button_that_has_just_moved_under_it(
    dressed: Look, shown: Shown, qtbot: QtBot
) -> None:
    page = Below()
    top, low = QPushButton("新增", page.body), QPushButton("删除", page.body)
    column = QVBoxLayout(page.body)
    column.addWidget(top)
    column.addStretch(1)
    column.addWidget(low)
    pressed: list[str] = []
    top.clicked.connect(lambda: pressed.append("新增"))
    low.clicked.connect(lambda: pressed.append("删除"))
    shown(page)
    whole = page.body.height()
    for comes in (True, False):
        if comes:
            page.bar.say(Tone.BAD, "没有保存")
            qtbot.waitUntil(lambda: page.body.height() < whole)
        else:
            page.bar.clear()
            qtbot.waitUntil(lambda: page.body.height() == whole)
        QTest.mouseClick(low, Qt.MouseButton.LeftButton)
        assert pressed == [], "aimed at before it moved"
        QTest.mouseClick(top, Qt.MouseButton.LeftButton)
        assert pressed.pop() == "新增", "it did not move"
        qtbot.waitUntil(lambda: not page.bar._flight._over.isActive())
        QTest.mouseClick(low, Qt.MouseButton.LeftButton)
        assert pressed.pop() == "删除"


def test_news_wait_while_the_pointer_is_near(
    dressed: Look, shown: Shown, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Below()
    shown(page)
    at = [QPoint()]
    monkeypatch.setattr(QCursor, "pos", lambda: at[0])
    page.bar.say(Tone.GOOD, "已保存")
    qtbot.waitUntil(lambda: page.bar.y() > page.height() // 2)
    at[0] = page.bar.mapToGlobal(QPoint(40, -20))
    page.bar._time_is_up()
    assert page.bar.text == "已保存"
    assert page.bar._timer.isActive(), "it will look again"
    at[0] = page.mapToGlobal(QPoint(40, 20))
    page.bar._time_is_up()
    assert page.bar.text == ""


def test_a_long_sentence_is_said_to_its_end(dressed: Look, shown: Shown, qtbot: QtBot) -> None:
    page = Below()
    shown(page)
    page.resize(700, 500)
    bar = page.bar
    bar.say(Tone.BAD, "口令不对")
    qtbot.waitUntil(lambda: bar.width() > 600)
    low = bar.height()
    bar.say(
        Tone.BAD,
        "台账文件在使用中被移动、删除或替换，已停止保存，请不要关闭电脑，" * 2 + "把文件放回原处再保存",
    )
    qtbot.waitUntil(lambda: bar.height() > low)
    assert bar._text.heightForWidth(bar._text.width()) <= bar._text.height()
    bar.say(Tone.GOOD, "已保存")
    qtbot.waitUntil(lambda: bar.height() == low)


def test_good_news_leave_objections_stay(dressed: Look, shown: Shown) -> None:
    page = QWidget()
    bar = MessageBar(page)
    shown(page)
    bar.say(Tone.GOOD, "已保存")
    assert bar._timer.isActive()
    bar.say(Tone.BAD, "口令不对")
    assert not bar._timer.isActive()
    bar.clear()
    assert bar.text == ""


@pytest.mark.parametrize(("tone", "read_first"), [(Tone.GOOD, False), (Tone.INFO, False), (Tone.BAD, True)])
def test_news_go_along_with_esc_objections_take_the_key(
    dressed: Look, shown: Shown, tone: Tone, *, read_first: bool
) -> None:
    page = Below()
    shown(page)
    assert not page.bar.put_away(), "nothing stands here"
    page.bar.say(tone, "已保存 王喆堃")
    assert page.bar.put_away() is read_first
    assert page.bar.text == ""


def test_the_step_offered_runs_once(dressed: Look, shown: Shown, qtbot: QtBot) -> None:
    page = QWidget()
    bar = MessageBar(page)
    shown(page)
    ran: list[int] = []
    bar.say(Tone.INFO, "可以撤销", action="撤销", run=lambda: ran.append(1))
    bar._action.click()
    qtbot.waitUntil(lambda: bar.text == "")
    assert ran == [1]
    bar.say(Tone.INFO, "没有步骤")
    assert bar._action.isHidden()


def test_every_tone_has_its_own_icon(dressed: Look) -> None:
    assert len({ICONS[tone] for tone in Tone}) == len(Tone)
    assert all(not dressed.pixmap(ICONS[tone], tone.value).isNull() for tone in Tone)


def test_long_work_shows_how_far_and_how_long_still(
    dressed: Look, jobs: Jobs, shown: Shown, qtbot: QtBot
) -> None:
    now = [0.0]
    line = ProgressLine(clock=lambda: now[0])
    shown(line)
    go_on: list[bool] = []
    seen: list[str] = []

    def work(progress: Progress) -> int:
        while not go_on:
            progress.step(25, 100, "核对第 25 行")
        return 1

    done: list[int] = []
    job = jobs.long(line, "正在导入", work, done.append)
    line.follow(job)
    now[0] = 10.0
    qtbot.waitUntil(lambda: "约 30 秒" in line.left.text())
    seen.append(line.words.text())
    assert line.bar.value() == 25
    go_on.append(True)
    qtbot.waitUntil(lambda: done == [1])
    assert seen == ["核对第 25 行"]
    assert line.isHidden()


def test_stopping_leaves_nothing(dressed: Look, jobs: Jobs, shown: Shown, qtbot: QtBot) -> None:
    line = ProgressLine()
    shown(line)

    def work(progress: Progress) -> int:
        while True:
            progress.step(1, 2)

    said: list[str] = []
    done: list[int] = []
    line.follow(jobs.long(line, "正在导入", work, done.append, lambda error: said.append(str(error))))
    line.stop_button.click()
    qtbot.waitUntil(lambda: bool(said))
    assert said == ["已停止，没有写入任何内容"]
    assert done == []


def test_remaining_time_in_words() -> None:
    assert remaining(10, 50, 100) == "约 10 秒"
    assert remaining(60, 10, 100) == "约 9 分钟"
    assert remaining(0.1, 99, 100) == "约 1 秒"


def test_a_line_of_months_lies_within_its_place_and_speaks(dressed: Look, shown: Shown) -> None:
    line = MonthLine()
    shown(line)
    line.show_values(
        (0, 5, 10, 3), ("9月 0", "10月 5", "11月 10", "12月 3"), "服务时长近 4 个月", ("9月", "12月")
    )
    points = line.points()
    assert len(points) == 4
    assert points[2].y() < points[1].y() < points[3].y() + 200
    assert all(0 <= point.x() <= line.width() and 0 <= point.y() <= line.height() for point in points)
    assert line.accessibleName() == "服务时长近 4 个月"
    assert "11月 10" in line.accessibleDescription()
    line.show_values((7, 7), ("a", "b"), "平", ("", ""))
    assert line.points()[0].y() == line.points()[1].y()
    line.show_values((0, 0), ("a", "b"), "还没有", ("", ""))
    assert line.points()[0].y() == line._base(), "nothing yet lies on the base line"
    line.show_values((), (), "空")
    assert line.points() == []
    line.grab()


def test_an_empty_state_says_another_thing_and_offers_other_steps(dressed: Look, shown: Shown) -> None:
    ran: list[str] = []
    empty = EmptyState("还没有志愿者", "登记以后列在这里", (("新增", lambda: ran.append("new")),))
    shown(empty)
    empty.buttons()[0].click()
    empty.set_words("没有找到", "换个字再试")
    empty.set_actions((("取消条件", lambda: ran.append("lift")),))
    assert [button.text() for button in empty.buttons()] == ["取消条件"]
    empty.buttons()[0].click()
    assert ran == ["new", "lift"]
    assert empty._teaching.height() >= empty._teaching.heightForWidth(empty._teaching.width())


def test_the_keyboard_goes_back_to_what_had_it_when_the_bar_goes(
    dressed: Look, shown: Shown, qtbot: QtBot
) -> None:
    page = Below()
    first = QPushButton("导航", page)  # where Qt would drop the keyboard
    field = QLineEdit(page.body)
    page.bar.raise_()
    shown(page)
    QWidget.setTabOrder(first, field)
    field.setFocus()
    page.bar.say(
        Tone.WARN, "上次没有保存", action="放回", run=lambda: None, other="不要了", run_other=lambda: None
    )
    waited = page.bar._since
    qtbot.waitUntil(lambda: waited.hasExpired(QApplication.doubleClickInterval()))
    other = page.bar._other
    assert other is not None
    QTest.mouseClick(other, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.bar.isHidden)
    assert field.hasFocus()
    page.bar.ask("会欠 40 分", "确认无误", yes=lambda: None, no=lambda: None)
    assert page.bar._action.hasFocus()
    page.bar.dismiss()
    assert field.hasFocus()
