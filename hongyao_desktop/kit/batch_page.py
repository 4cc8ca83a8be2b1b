"""A page that keys many rows under one head: an activity with its people, a class session with its roll."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from hongyao_desktop.core.desk import Reader, Role, Row, Writer, roles_words
from hongyao_desktop.core.lookup import Lookup
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.core.register import Field
from hongyao_desktop.kit.confirm import Step, confirm, objections
from hongyao_desktop.kit.drafts import Draft
from hongyao_desktop.kit.form import FormPanel
from hongyao_desktop.kit.grid import EntryGrid
from hongyao_desktop.kit.grid_model import REPEATED, GridColumn
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.pieces import ElidedLabel, named, restate
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Height, Space
from hongyao_desktop.kit.writing import may


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What is keyed in one go.

    Attributes:
        title: of the page; ``op`` is the operation's name in the journal, ``done`` the sentence afterwards.
        head: fields of the head; ``columns`` those of each row.
        save: writes everything in one operation and returns the id of the row to open at ``back`` ("" for none).
        check: findings of the rows under this head, at once; ``Problem.row`` counts the filled rows from 1.
        check_head: findings of the head.
        footer: counts under the grid ("10 人　合计 30 小时").
        carries: head field → column: what the head says becomes the default of the column.
        defaults: given to a new head.
        back: the place to return to with Esc, unless the page was opened from another one.
        roles: those ``save`` requires; who holds none of them is told on opening, before an hour of keying.
        otherwise: what such a person can do instead.
    """

    title: str
    op: str
    head: tuple[Field, ...]
    columns: tuple[GridColumn, ...]
    save: Callable[[Writer, Row, list[Row]], str]
    check: Callable[[Reader, Row, list[Row]], list[Problem]] | None = None
    check_head: Callable[[Reader, Row], list[Problem]] | None = None
    footer: Callable[[Row, list[Row]], str] | None = None
    done: Callable[[Row, list[Row]], str] | None = None
    carries: Mapping[str, str] = field(default_factory=dict)
    lookups: Mapping[str, Lookup] = field(default_factory=dict)
    defaults: Callable[[Session], Mapping[str, Any]] | None = None
    back: str = ""
    roles: tuple[Role, ...] = ()
    otherwise: str = ""
    teaching: str = (
        "输入姓名首字母，↓ 选人，Enter 下一行；可从表格粘贴；Ctrl+D 同上一行，Ctrl+Delete 删去本行"
    )


class BatchPage(Page):
    """Head form above, grid below, one save for everything."""

    def __init__(self, session: Session, batch: Batch) -> None:
        super().__init__(session, batch.title)
        self.batch = batch
        self._saving = False
        self._came_from = batch.back
        self._accepted: set[str] = set()
        style = look()
        self.form = FormPanel(batch.head, session, lookups=batch.lookups, name=batch.title, columns=5)
        head = named(QFrame(self), "panel")
        inside = QVBoxLayout(head)
        side = style.px(Space.L)
        inside.setContentsMargins(side, style.px(Space.M), side, style.px(Space.XS))
        inside.addWidget(self.form)
        self.grid = EntryGrid(batch.columns, session, check=self._check_rows, name=f"{batch.title}名单")
        self.footer = named(QLabel(self), "listStatus")
        self.save_button = QPushButton("保存  Ctrl+S", self)
        self.save_button.setProperty("primary", True)
        self.save_button.clicked.connect(self.save)
        back = QPushButton("返回  Esc", self)
        back.clicked.connect(self.back)
        teaching = named(ElidedLabel(batch.teaching, self), "note")
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(style.px(Space.S))
        foot.addWidget(self.footer)
        foot.addStretch(1)
        foot.addWidget(teaching, 100)
        foot.addSpacing(style.px(Space.M))
        foot.addWidget(back)
        foot.addWidget(self.save_button)
        below = QWidget(self)
        below.setFixedHeight(style.px(Height.TOOLBAR))
        below.setLayout(foot)
        self.column.setSpacing(style.px(Space.S))
        self.column.addWidget(head)
        self.column.addWidget(self.grid, 1)
        self.finding = QLabel(self)
        self.finding.setWordWrap(True)
        self.finding.setAccessibleName("这一行的结果")
        self.finding.hide()
        self.column.addWidget(self.finding)
        self.column.addWidget(below)
        self._wire()
        self.start()

    def _wire(self) -> None:
        """What follows from what is typed, and the keys."""
        session = self.session
        self.form.finished.connect(self._to_grid)
        self.form.settled.connect(self._carry)
        self.grid.finished.connect(self.save_button.setFocus)
        self.grid.changed.connect(self._tell)
        self.grid.changed.connect(self._tell_finding)
        self.grid.moved.connect(self._tell_finding)
        self.grid.changed.connect(session.drafts.typed)
        self.form.typed.connect(session.drafts.typed)
        for typed in (self.form.typed, self.grid.editor.textEdited):
            typed.connect(lambda *_text: self.messages.withdraw())
        self.on_key("Ctrl+S", self.save)
        self.on_key("Esc", self.back)
        self.on_key("F6", self._to_grid)

    # -- state

    def start(self) -> None:
        """Begin with an empty head and an empty grid."""
        given = self.batch.defaults(self.session) if self.batch.defaults is not None else {}
        self.form.blank(given)
        self.grid.clear()
        self._accepted = set()
        self._carry()
        self._tell()

    def activate(self) -> None:
        """The head has the keyboard at first, later the grid."""
        if self.grid.filled:
            self.grid.focus()
        else:
            self.form.focus_first()

    def enter(self) -> None:
        """Shown again; who may not save learns it first."""
        super().enter()
        who = self.session.who
        if not may(who, self.batch.roles):
            needed = roles_words(self.batch.roles)
            otherwise = self.batch.otherwise or "请他登录来录"
            self.say(Tone.WARN, f"{self.batch.title}由有“{needed}”权限的同事保存；{who.name}{otherwise}")

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The strip."""
        return (
            ("Ctrl+S", "保存"),
            ("F6", "到名单"),
            ("Ctrl+D", "同上"),
            ("Ctrl+Delete", "删行"),
            ("Esc", "返回"),
        )

    def unsaved(self) -> str | None:
        """Rows that are not saved."""
        count = self.grid.filled
        return f"{self.batch.title}：{count} 行" if count else None

    def drafts(self) -> list[Draft]:
        """Head and rows, as soon as something is typed in either."""
        rows = self.grid.drafts() if self.unsaved() or self.grid.typing else []
        if not rows and not self.form.dirty:
            return []
        title = f"{self.batch.title} {len(rows)} 行" if rows else self.batch.title
        return [Draft(self._draft_key, title, {"head": self.form.texts(), "rows": rows})]

    @property
    def _draft_key(self) -> str:
        return f"batch:{self.batch.op}"

    def put_back(self, draft: Draft) -> None:
        """Fill head and grid; the check of the rows runs as if they had been typed."""
        self.start()
        self.form.restore(draft.values["head"])
        self._carry()
        self.grid.put_back(draft.values["rows"])
        self._tell()
        self.activate()

    def back(self) -> None:
        """Esc: close the message, else return; what was typed stays here."""
        if self.messages.put_away():
            return
        if self._came_from:
            self.session.go(self._came_from)

    def open_row(self, row_id: str) -> None:
        """Opened from another page than the usual one, whose place this is: Esc goes back there."""
        self._came_from = row_id or self.batch.back

    def _to_grid(self) -> None:
        self._carry()
        self.grid.focus()

    def _carry(self) -> None:
        for source, column in self.batch.carries.items():
            self.grid.set_default(column, self.form.boxes[source].entry.text())
        if self.grid.filled:
            self.grid.recheck()

    def _head_values(self) -> Row:
        return {name: self.form.value(name) for name in self.form.boxes}

    def _check_rows(self, reader: Reader, rows: list[Row]) -> list[Problem]:
        return self.batch.check(reader, self._head_now, rows) if self.batch.check is not None else []

    def _tell(self) -> None:
        self._head_now = self._head_values()
        rows = self.grid.model.counted()
        words = (
            self.batch.footer(self._head_now, rows) if self.batch.footer is not None else f"{len(rows)} 行"
        )
        wrong = {found.row for found in self.grid.model.problems() if found.level is Level.ERROR}
        self.footer.setText(words + (f"　　{len(wrong)} 行要改" if wrong else ""))

    def _tell_finding(self) -> None:
        """A finding that names two records is longer than its cell: it stands in full below the rows."""
        place, found = self.grid.findings_here()
        self.finding.setVisible(bool(found))
        if found:
            worst = min(found, key=lambda problem: problem.level is not Level.ERROR)
            more = f"（这一行共 {len(found)} 处）" if len(found) > 1 else ""
            self.finding.setText(f"第 {place + 1} 行：{worst.message}{more}")
            restate(self.finding, "tone", "bad" if worst.level is Level.ERROR else "warn")

    # -- saving

    def save(self) -> None:
        """Ctrl+S: everything in one operation, or nothing; pressed again it answers a question that stands there."""
        if self._saving:
            return
        if self.messages.answer():
            return
        head, found = self.form.read()
        if any(problem.level is Level.ERROR for problem in found):
            self._object(found, ())
            return
        rows = self.grid.rows()
        if not rows:
            self.say(Tone.WARN, "名单还是空的，请先录入")
            self.grid.focus()
            return
        self._carry()
        self._set_saving(saving=True)
        own = self.grid.model.cell_problems()
        check, check_head = self.batch.check, self.batch.check_head
        to_go = {problem.row for problem in own if problem.code == REPEATED}

        def look_up(reader: Reader) -> list[Problem]:
            of_head = check_head(reader, head) if check_head is not None else []
            of_rows = check(reader, head, rows) if check is not None else []
            return [*of_head, *own, *(problem for problem in of_rows if problem.row not in to_go)]

        confirm(
            self.session,
            self,
            Step(
                op=self.batch.op,
                check=look_up,
                write=lambda writer: self.batch.save(writer, head, rows),
                accepted=self._accepted,
                done=lambda row_id, _found: self._saved(row_id, head, rows),
                objected=lambda found: self._object(found, own),
                refused=self._refused,
                draft=self._draft_key,
            ),
        )

    def _object(self, found: Sequence[Problem], own: Sequence[Problem]) -> None:
        """Everything beside what it concerns; the first objection gets the keyboard."""
        self._set_saving(saving=False)
        places = self.grid.model.filled()
        self.grid.model.set_findings(places, [p for p in found if p.row is not None and p not in own])
        of_head = [problem for problem in found if problem.row is None]
        elsewhere = self.form.show_problems(of_head, focus=any(p.level is Level.ERROR for p in of_head))
        standing = objections(found, self._accepted)
        first = min(standing, key=lambda problem: problem.level is not Level.ERROR)
        place = f"第 {places[first.row - 1] + 1} 行：" if first.row is not None else ""
        if first.level is Level.ERROR:
            errors = [problem for problem in standing if problem.level is Level.ERROR]
            words = f"{place}{first.message}"
            self.say(Tone.BAD, words if first in elsewhere else f"还有 {len(errors)} 处要改，{words}")
            if first.row is not None:
                self.grid.show_row(places[first.row - 1], first.field)
            return
        doubtful = places[first.row - 1] if first.row is not None else None
        self.messages.ask(
            self._questions(standing, places),
            "确认无误，保存  Ctrl+S",
            lambda: self._accept(standing),
            lambda: self._reconsider(doubtful),
        )

    def _questions(self, standing: Sequence[Problem], places: Sequence[int]) -> str:
        """Every kind of doubt with the first row that has it, since one answer is given to them all."""
        kinds: dict[str, list[Problem]] = {}
        for problem in standing:
            kinds.setdefault(problem.code, []).append(problem)
        said = []
        for alike in kinds.values():
            first = alike[0]
            place = f"第 {places[first.row - 1] + 1} 行：" if first.row is not None else ""
            more = f"（共 {len(alike)} 处）" if len(alike) > 1 else ""
            said.append(f"{place}{first.message}{more}")
        return "；".join(said)

    def _accept(self, asked: Sequence[Problem]) -> None:
        self._accepted |= {problem.code for problem in asked}
        self.save()

    def _reconsider(self, place: int | None) -> None:
        """No to a question: the keyboard goes to the row it is about."""
        if place is not None:
            self.grid.show_row(place)
        else:
            self.activate()

    def _refused(self, error: Exception) -> None:
        self._set_saving(saving=False)
        self.refuse(error)

    def _saved(self, row_id: str, head: Row, rows: list[Row]) -> None:
        self._set_saving(saving=False)
        sentence = self.batch.done(head, rows) if self.batch.done is not None else f"已保存 {len(rows)} 行"
        self.start()
        back = self.batch.back
        if back:
            self.say(Tone.GOOD, sentence, "查看", lambda: self.session.go(back, row_id))
        else:
            self.say(Tone.GOOD, sentence)
        self.form.focus_first()

    def _set_saving(self, *, saving: bool) -> None:
        self._saving = saving
        self.save_button.setEnabled(not saving)
