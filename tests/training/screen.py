"""A clerk with nothing but a keyboard before a page of training, on a real office file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from hongyao_desktop.app.window.screen_session import make_session
from hongyao_desktop.app.window.window_memory import WindowMemory
from hongyao_desktop.core.desk import Writer
from hongyao_desktop.kit.jobs import Jobs
from hongyao_desktop.kit.look import dress
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.session import Session
from hongyao_desktop.people import service as people
from hongyao_desktop.people.records import PEOPLE, UNITS
from hongyao_desktop.store import Office, open_office
from hongyao_desktop.training.module import MODULE
from tests.offices import ALL_ROLES, PASSWORD, fixed_clock, make_file
from tests.training.rooms import shipped

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
NAMES = (
    "王喆堃", "单玥", "尉迟建国", "曾桂英", "解敏", "李䶮", "仇国华", "查秀兰", "区少芬", "欧阳慧",
    "朴永哲", "乐嘉", "盖文斌", "翟小川", "缪芳", "陈建军", "刘淑珍", "赵一鸣", "钱多多", "孙丽华",
    "周洁", "吴刚", "郑爽", "冯程", "褚卫东", "卫红", "蒋勤", "沈默", "韩梅梅", "杨柳",
)  # fmt: skip


def lay_ground(writer: Writer) -> None:
    """A street, the shipped rules, thirty people."""
    unit = writer.insert("unit", {"code": "00", "name": "样例街道", "level": "街道", "kind": "街道大工委"})
    for kind in ("training-credit", "training-requirement"):
        rule = shipped(kind)
        row = {"kind": kind, "name": rule.name, "version": 1, "effective_on": rule.effective_on.isoformat()}
        body = json.dumps(dict(rule.body), ensure_ascii=False)
        writer.insert("rule_set", {**row, "source": rule.source, "body": body})
    people.bulk_people(
        writer,
        [{"name": name, "unit_id": unit, "employer": f"第{n}社区书记"} for n, name in enumerate(NAMES, 1)],
    )


def open_ground(folder: Path, *, who: str = ALL_ROLES.name) -> Office:
    """An office whose people can be searched."""
    path = make_file(folder)
    office = open_office(
        path,
        operator=who,
        password=PASSWORD,
        clock=fixed_clock(),
        state=path.parent / "state",
        registers=(*MODULE.registers, PEOPLE, UNITS),
    )
    office.transact("建立单位", lay_ground)
    return office


@dataclass
class Clerk:
    """Hands, eyes, and a count of keys."""

    office: Office
    session: Session
    jobs: Jobs
    qtbot: QtBot
    strokes: int = 0
    hosts: list[QWidget] = field(default_factory=list)

    def open(self, page: Page) -> None:
        """Show a page in a bare window: the offscreen plugin warns of windows that have a layout of their own."""
        host = QWidget()
        self.hosts.append(host)
        self.qtbot.addWidget(host)
        host.resize(1182, 740)
        page.setParent(host)
        page.setGeometry(host.rect())
        host.show()
        host.activateWindow()
        page.show()
        page.enter()
        self.settle()

    @property
    def here(self) -> QWidget:
        """Where the keyboard is."""
        widget = QApplication.focusWidget()
        assert widget is not None, "the keyboard is nowhere"
        return widget

    def press(self, *keys: Qt.Key, ctrl: bool = False) -> None:
        """Keys one after the other."""
        for key in keys:
            self.strokes += 1
            QTest.keyClick(self.here, key, CTRL if ctrl else Qt.KeyboardModifier.NoModifier)
        self.settle()

    def write(self, text: str) -> None:
        """Letters and figures key by key; Chinese as an input method commits it, a key for each character."""
        self.strokes += len(text)
        if text.isascii():
            QTest.keyClicks(self.here, text)
        else:
            event = QInputMethodEvent()
            event.setCommitString(text)
            QApplication.sendEvent(self.here, event)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is being read or written; an operation is heard of, then read again, then shown."""
        for _round in range(4):
            QApplication.processEvents()
            self.qtbot.waitUntil(self.jobs.idle)

    def said(self, page: Page, words: str) -> None:
        """Wait until the page's message bar says so."""
        self.qtbot.waitUntil(lambda: words in page.messages.text)


@contextmanager
def clerk_at(office: Office, folder: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Clerk]:
    """The clerk who opened ``office``; no job may crash before him."""
    dress(qapp)
    jobs = Jobs()
    crashes: list[tuple[str, BaseException]] = []
    jobs.crashed.connect(lambda what, error: crashes.append((what, error)))
    session = make_session(office, jobs, WindowMemory(folder))
    yield Clerk(office, session, jobs, qtbot)
    qtbot.waitUntil(jobs.idle)
    session.close()
    jobs.close()
    assert crashes == []
