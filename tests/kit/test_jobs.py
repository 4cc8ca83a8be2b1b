"""Work off the window's thread: in order, answered on the window's thread, dropped when nobody waits any more."""

import gc
import threading
import weakref
from functools import partial

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.kit.jobs import Job, Jobs, Progress


@pytest.fixture
def owner() -> QObject:
    return QObject()


def test_writes_run_one_after_another_and_answer_on_the_windows_thread(
    jobs: Jobs, owner: QObject, qtbot: QtBot
) -> None:
    ran: list[tuple[int, str]] = []
    answered: list[tuple[int, threading.Thread]] = []

    def work(number: int) -> int:
        ran.append((number, threading.current_thread().name))
        return number

    for number in range(20):
        jobs.write(
            owner,
            partial(work, number),
            lambda n: answered.append((n, threading.current_thread())),
        )
    qtbot.waitUntil(lambda: len(answered) == 20)
    assert [number for number, _name in ran] == list(range(20))
    assert len({name for _number, name in ran}) == 1
    assert [number for number, _thread in answered] == list(range(20))
    assert {thread for _number, thread in answered} == {threading.main_thread()}


def test_an_answer_for_a_closed_page_is_dropped(jobs: Jobs, qtbot: QtBot) -> None:
    import shiboken6

    gone, stays = QObject(), QObject()
    release = threading.Event()
    heard: list[str] = []
    jobs.read(gone, release.wait, lambda _ok: heard.append("gone"))
    jobs.read(stays, release.wait, lambda _ok: heard.append("stays"))
    shiboken6.delete(gone)
    release.set()
    qtbot.waitUntil(jobs.idle)
    assert heard == ["stays"]


def test_a_refusal_goes_to_whoever_asked_or_to_the_message_bar(
    jobs: Jobs, owner: QObject, qtbot: QtBot
) -> None:
    def refuse() -> None:
        raise Refusal("这个月已经结账，不能再登记")

    failed: list[str] = []
    jobs.write(owner, refuse, lambda _none: None, lambda error: failed.append(str(error)))
    with qtbot.waitSignal(jobs.refused) as caught:
        jobs.write(owner, refuse, lambda _none: None)
    assert failed == ["这个月已经结账，不能再登记"]
    assert caught.args == ["这个月已经结账，不能再登记"]


def test_an_error_of_the_program_is_reported_never_swallowed(
    dressed: object, owner: QObject, qtbot: QtBot
) -> None:
    jobs = Jobs()
    failed: list[str] = []
    with qtbot.waitSignal(jobs.crashed) as caught:
        jobs.read(owner, lambda: 1 // 0, lambda _none: None, lambda error: failed.append(str(error)))
    qtbot.waitUntil(jobs.idle)
    jobs.close()
    assert caught.args is not None
    assert isinstance(caught.args[1], ZeroDivisionError)
    assert failed == []


def test_long_work_reports_and_stops_leaving_nothing(jobs: Jobs, owner: QObject, qtbot: QtBot) -> None:
    kept: list[int] = []
    seen: list[tuple[int, int, threading.Thread]] = []
    begun = threading.Event()

    def work(progress: Progress) -> int:
        for step in range(10**9):
            progress.step(step % 100, 100, "读取表格")
            begun.set()
        kept.append(1)
        return 1

    failed: list[str] = []
    job = jobs.long(owner, "导入", work, kept.append, lambda error: failed.append(str(error)))
    job.progressed.connect(lambda done, total, _what: seen.append((done, total, threading.current_thread())))
    qtbot.waitUntil(lambda: begun.is_set() and bool(seen))
    job.cancel()
    qtbot.waitUntil(lambda: bool(failed))
    assert kept == []
    assert failed == ["已停止，没有写入任何内容"]
    assert seen[0][1:] == (100, threading.main_thread())


def test_a_newer_question_drops_the_older_answer(jobs: Jobs, owner: QObject, qtbot: QtBot) -> None:
    release = threading.Event()
    heard: list[str] = []
    older = jobs.read(owner, release.wait, lambda _ok: heard.append("older"))
    jobs.read(owner, release.wait, lambda _ok: heard.append("newer"))
    older.drop()
    release.set()
    qtbot.waitUntil(jobs.idle)
    assert heard == ["newer"]


class Big:
    """Something large that a job brings, such as the picture of a page."""


def test_what_a_job_brought_is_not_kept(jobs: Jobs, owner: QObject, qtbot: QtBot) -> None:
    """A preview brings a megabyte a page: kept, a morning of looking at papers took all memory."""
    brought: list[weakref.ref[Big]] = []

    def work() -> Big:
        big = Big()
        brought.append(weakref.ref(big))
        return big

    held: list[Job] = [jobs.read(owner, work, lambda _big: None) for _ in range(5)]
    qtbot.waitUntil(lambda: len(brought) == 5 and jobs.idle())
    assert all(job.settled for job in held)
    qtbot.waitUntil(lambda: [ref() for ref in brought] == [None] * 5)


def test_jobs_that_ended_are_let_go(jobs: Jobs, owner: QObject, qtbot: QtBot) -> None:
    asked = [weakref.ref(jobs.read(owner, lambda: 1, lambda _one: None)) for _ in range(100)]
    qtbot.waitUntil(jobs.idle)
    gc.collect()
    assert sum(ref() is not None for ref in asked) < 40
