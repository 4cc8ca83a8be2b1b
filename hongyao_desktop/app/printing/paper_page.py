"""打印材料: every paper the program prints, with what it asks for, as it will look, saved or on a printer.

What is on the screen is a draft. Only what leaves the program is noted as a print run and, when it is for the public,
scanned for personal data; a certificate is given its number then.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl

from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QFileDialog,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.app.printing.drafts import Draft, draft_paper
from hongyao_desktop.app.printing.paper_form import (
    Asked,
    asked_of,
    defaults_of,
    fields_of,
    known_before,
    own_name,
)
from hongyao_desktop.app.printing.paper_list import PaperList
from hongyao_desktop.app.printing.papers import PAPERS, Printed, Wishes, file_name, find_paper, print_paper
from hongyao_desktop.briefing.page.paper_pane import PaperPane, PdfPages
from hongyao_desktop.core.desk import Changes
from hongyao_desktop.core.fields import Reference
from hongyao_desktop.kit.drafts import Draft as Kept
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.form import FormPanel
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.printing import print_pages
from hongyao_desktop.kit.progress import ProgressLine
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.side_by_side import SideBySide, panelled
from hongyao_desktop.kit.tokens import Height, Space
from hongyao_desktop.paper.catalogue import PaperSpec, row_behind
from hongyao_desktop.store import Office

_SIDE: Final = 288
_KINDS: Final = "PDF 文件 (*.pdf);;Excel 工作簿 (*.xlsx);;CSV 文本 (*.csv)"
_SPAN: Final = ("first", "last", "unit_id")
_ASKED: Final = 20
_OFFSETS: Final = ("move_right", "move_down")


def _kept(paper: PaperSpec, form: FormPanel) -> Kept | None:
    """What is typed into the form of a paper, without the password of a locked file; None when none is its own."""
    texts = {name: text for name, text in form.texts(changed_only=True).items() if name != "out_password"}
    own = {own_name(parameter) for parameter in paper.parameters}
    if not form.dirty or own.isdisjoint(texts):
        return None
    return Kept(f"paper:{paper.name}", f"{paper.label}的内容", {"paper": paper.name, "texts": texts})


class PaperPage(Page):
    """The list of papers and its form at the left, the paper at the right.

    ``choose_file`` and ``choose_printer`` ask; tests answer them beforehand.
    """

    def __init__(self, session: Session, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(session, "打印材料", parent)
        self._office = office
        self._folder = tempfile.TemporaryDirectory(prefix="hongyao-")
        self.destroyed.connect(self._folder.cleanup)
        self.draft: Draft | None = None
        self.choose_file: Callable[[str], str] = self._ask_for_file
        self.choose_printer: Callable[[str], QPrinter | None] = self._ask_for_printer
        self._forms: dict[str, FormPanel] = {}
        for words, keys, run, primary in (
            ("存为文件 Ctrl+S", "Ctrl+S", self.save, False),
            ("打印 F9", "F9", self.print_out, True),
        ):
            button = QPushButton(words, self)
            button.setFixedHeight(look().px(Height.BUTTON))
            button.setProperty("primary", primary)
            button.clicked.connect(partial(self._run, run))
            self.head.addWidget(button)
            self.on_key(keys, run)
        self.on_key("F5", self.preview)
        self.on_key("Ctrl+=", lambda: self.view.zoom_step(1))
        self.on_key("Ctrl+-", lambda: self.view.zoom_step(-1))
        self.on_key("Ctrl+F", self.find_words)
        self.on_key("F3", self.find_paper)
        self.progress = ProgressLine(self)
        self.column.addWidget(self.progress)
        self.column.addWidget(self._body(), 1)
        self.column.addSpacing(look().px(Space.S))
        self.list.choose(PAPERS[0].name)

    @staticmethod
    def _run(step: Callable[[], None], _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - a Qt slot
        step()

    # -- building

    def _body(self) -> QWidget:
        style = look()
        self.list = PaperList(self)
        self.list.chosen.connect(self._chosen)
        self.about = named(QLabel(self), "emptyText")
        self.about.setWordWrap(True)
        self.forms = QStackedWidget(self)
        make = QPushButton("预览 F5", self)
        make.clicked.connect(partial(self._run, self.preview))
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(*(style.px(Space.M),) * 4)
        column.setSpacing(style.px(Space.S))
        column.addWidget(self.list)
        column.addWidget(self.about)
        column.addWidget(self.forms, 1)
        column.addWidget(make)
        self.pane = PaperPane(self.session.jobs, self)
        self.view = self.pane.view
        self.pane.opened.connect(self._open_behind)
        self.view.failed.connect(lambda sentence: self.say(Tone.BAD, sentence))
        self.empty = EmptyState("还没有预览", "填好左边的内容，按 F5 预览。", parent=self)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.pane)
        return SideBySide([(panelled(side), _SIDE), (panelled(self.stack), 800)], self, grows=1)

    # -- what the window asks

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The strip."""
        return (
            ("F3", "找材料"),
            ("F5", "预览"),
            ("Ctrl+S", "存为文件"),
            ("F9", "打印"),
            ("Ctrl+F", "查找"),
            ("双击", "打开记录"),
            ("Ctrl+= Ctrl+-", "缩放"),
        )

    def activate(self) -> None:
        """The keyboard begins in the list of papers."""
        if self.draft is None and self._complete():
            self.preview()
        self.list.setFocus()

    def touches(self, _changes: Changes) -> bool:
        """A draft on the desk does not change under the reader's eyes; F5 makes it anew."""
        return False

    def open_row(self, row_id: str) -> None:
        """Choose the paper of this name; "certificate?number=…" also fills in days and parameters."""
        name, _mark, given = row_id.partition("?")
        self.list.choose(name)
        if given and self.paper.name == name:
            pairs = parse_qsl(given, keep_blank_values=True)
            wanted = {key if key in _SPAN else f"set_{key}": text for key, text in pairs}
            self._fill({name: self._meant(name, text) for name, text in wanted.items() if text})
            self.preview()
            # What is named and left empty is what the clerk still has to say.
            for name in [name for name, text in wanted.items() if not text and name in self.form.boxes][:1]:
                self.form.focus_field(name)

    def _meant(self, name: str, text: str) -> str:
        """A record named by its number or name, as a print run or the terminal does, stands in the form by its id."""
        kind = self.form.boxes[name].field.type if name in self.form.boxes else None
        lookup = self.session.lookups.get(kind.register) if isinstance(kind, Reference) else None
        if lookup is None or lookup.show(self.session.reader, text) is not None:
            return text
        found = lookup.find(self.session.reader, text, _ASKED)
        exact = [match for match in found if text in (match.label, match.row.get("number"))]
        return exact[0].id if len(exact) == 1 else text

    def _fill(self, given: Mapping[str, str]) -> None:
        """Values from a record or another page: no work to be kept, unless somebody is just filling in this paper."""
        if self.form.dirty:
            for name, text in given.items():
                if name in self.form.boxes:
                    self.form.set_value(name, text)
        else:
            self.form.load({**self._usual(self.paper), **given})

    def drafts(self) -> Sequence[Kept]:
        """Papers whose own words are typed and not given out yet; dates and the kind of file are no work to keep."""
        return [kept for name, form in self._forms.items() if (kept := _kept(find_paper(name), form))]

    def put_back(self, draft: Kept) -> None:
        """Choose the paper and fill its form; nothing is drawn or printed by it."""
        name = str(draft.values["paper"])
        if any(paper.name == name for paper in PAPERS):
            self.list.choose(name)
            self.form.restore(draft.values["texts"])
            self.form.focus_first()

    # -- choosing

    @property
    def paper(self) -> PaperSpec:
        """The paper chosen."""
        return find_paper(self.list.name)

    @property
    def form(self) -> FormPanel:
        """The form of the paper chosen."""
        return self._forms[self.paper.name]

    def _chosen(self) -> None:
        paper = self.paper
        if paper.name not in self._forms:
            self._forms[paper.name] = self._new_form(paper)
        self.forms.setCurrentWidget(self.form)
        self.about.setText(paper.help)
        self.draft = None
        self.messages.clear()
        self.stack.setCurrentWidget(self.empty)
        lacking = [parameter.label for parameter in paper.parameters if parameter.required]
        wanted = f"先填{'、'.join(lacking)}，再按 F5。" if lacking else "按 F5 预览。"
        self.empty.set_words(paper.label, wanted)
        if self.isVisible() and self._complete():
            self.preview()

    def _new_form(self, paper: PaperSpec) -> FormPanel:
        form = FormPanel(fields_of(paper), self.session, name=paper.label, parent=self)
        form.finished.connect(self.preview)
        form.typed.connect(self.session.drafts.typed)
        form.load(self._usual(paper))
        self.forms.addWidget(form)
        return form

    def _usual(self, paper: PaperSpec) -> dict[str, Any]:
        usual = defaults_of(paper, self.session.today())
        return {**usual, **known_before(self.session.reader, paper), **self._kept_offsets(paper)}

    def _complete(self) -> bool:
        """Whether nothing the paper cannot lack is empty."""
        return not any(
            parameter.required and not self.form.value(own_name(parameter))
            for parameter in self.paper.parameters
        )

    def _asked(self) -> Asked | None:
        """What the form says; None when it cannot be read, and the form shows why."""
        values, problems = self.form.read()
        if problems:
            self.form.show_problems(problems)
            return None
        asked, problems = asked_of(self.paper, values, self.session.reader)
        if asked is None:
            self.form.show_problems(problems)
        return asked

    def _kept_offsets(self, paper: PaperSpec) -> dict[str, int]:
        """How far this computer's printer was off when the paper was printed last."""
        kept = {name: self.session.memory.get(f"paper.{paper.name}.{name}") for name in _OFFSETS}
        return {name: int(value) for name, value in kept.items() if value}

    def _keep_offsets(self) -> None:
        for name in _OFFSETS:
            self.session.memory.put(f"paper.{self.paper.name}.{name}", self.form.value(name) or 0)

    # -- drawing

    def preview(self) -> None:
        """Draw the paper for what the form says."""
        asked = self._asked()
        if asked is None:
            return
        office, folder = self._office, Path(self._folder.name)
        job = self.session.read(
            self, lambda _reader: draft_paper(office, asked, folder), self._show, self._not_drawn
        )
        self.progress.follow(job, stoppable=False)
        self.progress.words.setText(f"正在排版{asked.paper.label}")

    def _not_drawn(self, error: Exception) -> None:
        self.draft = None
        self.stack.setCurrentWidget(self.empty)
        self.empty.set_words(self.paper.label, str(error))

    def _show(self, draft: Draft) -> None:
        if draft.asked.paper is not self.paper:
            return  # another paper was chosen meanwhile
        self.draft = draft
        self.stack.setCurrentWidget(self.pane)
        self.pane.show_paper(draft.pdf, draft.spots)
        if draft.missing:
            self.say(Tone.WARN, draft.missing[0].sentence())

    # -- looking

    def find_paper(self) -> None:
        """The line for finding a paper takes the keyboard."""
        self.list.finder.setFocus()
        self.list.finder.selectAll()

    def find_words(self) -> None:
        """Open the line for finding words."""
        if self.draft is not None:
            self.pane.find_bar.open()

    def _open_behind(self, source: str) -> None:
        """The record behind a row, on its own page."""
        row = row_behind(source)
        if row is not None:
            self.session.go(*row)

    # -- giving out

    def save(self) -> None:
        """Save as PDF, workbook or text; the ending of the name decides."""
        asked = self._asked()
        if asked is None:
            return
        title = self.draft.title if self.draft is not None else asked.paper.label
        chosen = self.choose_file(f"{file_name(title)}.pdf")
        if chosen:
            out = Path(chosen)
            self._give_out(asked, out, asked.for_file(out.suffix.lower()), partial(self._saved, self.form))

    def _saved(self, form: FormPanel, printed: Printed) -> None:
        told = self._given(form, printed)
        self.say(Tone.GOOD, "；".join((f"已存为 {printed.path.name}，并登记打印", *told, *printed.remarks)))

    def _given(self, form: FormPanel, printed: Printed) -> list[str]:
        """What was given with the paper stands in its form from now on: giving it out again is the same one again."""
        told = []
        for name, text in printed.given.items():
            box = form.boxes.get(f"set_{name}")
            if box is not None:
                form.set_value(f"set_{name}", text)
                told.append(f"{box.field.label} {text}")
        form.saved()
        if told and form is self.form:
            self.preview()
        return told

    def print_out(self) -> None:
        """Print through the system's dialog."""
        asked = self._asked()
        if asked is None:
            return
        printer = self.choose_printer(asked.paper.label)
        if printer is None:
            return
        self._keep_offsets()
        # A place of its own: the one before may still be on its way to the printer.
        target = Path(tempfile.mkdtemp(dir=self._folder.name)) / "printed.pdf"
        self._give_out(asked, target, asked.for_printer(), partial(self._print_on, printer, self.form))

    def _print_on(self, printer: QPrinter, form: FormPanel, printed: Printed) -> None:
        told = self._given(form, printed)

        def sent(count: int) -> None:
            said = f"已送去打印，共 {count} 页，并登记打印"
            self.say(Tone.GOOD, "；".join((said, *told, *printed.remarks)))

        pages = PdfPages(printed.path)
        job = self.session.jobs.long(
            self,
            "正在送往打印机",
            lambda progress: print_pages(pages, printer, progress.step),
            sent,
            self.refuse,
        )
        self.progress.follow(job)

    def _give_out(self, asked: Asked, target: Path, wishes: Wishes, done: Callable[[Printed], None]) -> None:
        office = self._office

        def work() -> Printed:
            return print_paper(
                office, asked.paper, target, asked.period, asked.unit, asked.options, wishes=wishes
            )

        job = self.session.jobs.write(self, work, done, self.refuse, what=f"打印：{asked.paper.label}")
        self.progress.follow(job, stoppable=False)
        self.progress.words.setText(f"正在排版{asked.paper.label}")

    def _ask_for_file(self, proposed: str) -> str:
        return QFileDialog.getSaveFileName(self, "存为", str(Path.home() / proposed), _KINDS)[0]

    def _ask_for_printer(self, name: str) -> QPrinter | None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(name)
        accepted = QPrintDialog(printer, self).exec() == QPrintDialog.DialogCode.Accepted
        return printer if accepted else None
