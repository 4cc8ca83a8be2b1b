"""打印材料: every paper the program prints, with what it asks for, as it will look, saved or on a printer.

What is on the screen is a draft. Only what leaves the program is noted as a print run and, when it is for the public,
scanned for personal data; a certificate is given its number then.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.app.printing.papers import (
    PAPERS,
    Printed,
    Wishes,
    file_name,
    find_paper,
    print_paper,
    request_for,
)
from hongyao_desktop.briefing.page.report import PdfPages
from hongyao_desktop.core.desk import Changes
from hongyao_desktop.core.fields import Choice, Date, Reference, Text
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.empty import EmptyState
from hongyao_desktop.kit.form import FormPanel
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.pieces import named
from hongyao_desktop.kit.preview import PaperView
from hongyao_desktop.kit.printing import print_pages
from hongyao_desktop.kit.progress import ProgressLine
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.tokens import Height, Space
from hongyao_desktop.paper.catalogue import PaperSpec, Parameter
from hongyao_desktop.paper.problem import MissingGlyph
from hongyao_desktop.paper.render import draw
from hongyao_desktop.store import Office

_SIDE: Final = 288
_LIST_HEIGHT: Final = 216
_KINDS: Final = "PDF 文件 (*.pdf);;Excel 工作簿 (*.xlsx);;CSV 文本 (*.csv)"
_SPAN: Final = "范围"
_OWN: Final = "内容"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says: which paper, of when, of whom, what for."""

    paper: PaperSpec
    period: Period
    unit: str | None
    purpose: Purpose
    options: dict[str, str]


@dataclass(frozen=True, slots=True)
class Draft:
    """A paper as it would be now."""

    asked: Asked
    title: str
    pdf: Path
    missing: tuple[MissingGlyph, ...]


def draft_paper(office: Office, asked: Asked, folder: Path) -> Draft:
    """Draw a paper into ``folder`` without giving it out; runs on a reading worker."""
    paper = asked.paper
    request = request_for(office, paper, asked.period, asked.unit, asked.options, asked.purpose)
    if paper.issue is not None and not request.text("number"):
        raise Refusal(f"{paper.label}的编号在存盘或打印时才开具，到时就能看到；已开具的，请写上编号再预览")
    with office.reader().snapshot():
        document = paper.build(request)
    data, rendered = draw(document)
    pdf = folder / "draft.pdf"
    pdf.write_bytes(data)
    return Draft(asked, document.title, pdf, rendered.missing)


def fields_of(paper: PaperSpec) -> tuple[Field, ...]:
    """The form of a paper: of whom, of when, what for, and its own parameters."""
    make = partial(Field, sensitivity=Sensitivity.INTERNAL)
    span = [
        make(
            name="unit_id",
            label="组织",
            type=Reference("units"),
            section=_SPAN,
            help="留空为全单位，含下级。",
        ),
        make(name="first", label="起始日期", type=Date(), section=_SPAN, required=True),
        make(name="last", label="截止日期", type=Date(), section=_SPAN, required=True),
    ]
    if len(paper.purposes) > 1:
        words = tuple(purpose.label for purpose in paper.purposes)
        span.append(
            make(
                name="purpose",
                label="用途",
                type=Choice(words),
                section=_SPAN,
                required=True,
                help="公示用的脱敏最多。",
            )
        )
    return (*span, *(_field(parameter) for parameter in paper.parameters))


def _field(parameter: Parameter) -> Field:
    return Field(
        name=_own(parameter),
        label=parameter.label,
        type=Choice(parameter.choices) if parameter.choices else Text(max_chars=200),
        sensitivity=Sensitivity.INTERNAL,
        section=_OWN,
        required=parameter.required,
        help=parameter.help,
    )


def _own(parameter: Parameter) -> str:
    """A parameter's name in the form, apart from those of the span."""
    return f"set_{parameter.name}"


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
        self.progress = ProgressLine(self)
        self.column.addWidget(self.progress)
        self.column.addWidget(self._body(), 1)
        self.column.addSpacing(look().px(Space.S))
        self.list.setCurrentRow(0)

    @staticmethod
    def _run(step: Callable[[], None], _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - a Qt slot
        step()

    # -- building

    def _body(self) -> QWidget:
        style = look()
        self.list = QListWidget(self)
        self.list.setAccessibleName("材料")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedHeight(style.px(_LIST_HEIGHT))
        for paper in PAPERS:
            item = QListWidgetItem(paper.label)
            item.setData(Qt.ItemDataRole.UserRole, paper.name)
            item.setToolTip(paper.help)
            self.list.addItem(item)
        self.list.currentItemChanged.connect(lambda item, _before: self._chosen(item))
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
        self.view = PaperView(self.session.jobs, self)
        self.view.failed.connect(lambda sentence: self.say(Tone.BAD, sentence))
        self.empty = EmptyState("还没有预览", "填好左边的内容，按 F5 预览。", parent=self)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.view)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        for widget in (side, self.stack):
            panel = named(QFrame(split), "panel")
            box = QHBoxLayout(panel)
            box.setContentsMargins(1, 1, 1, 1)
            box.addWidget(widget)
            split.addWidget(panel)
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(style.px(Space.M))
        split.setSizes([style.px(_SIDE), style.px(800)])
        return split

    # -- what the window asks

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The strip."""
        return (("F5", "预览"), ("Ctrl+S", "存为文件"), ("F9", "打印"), ("Ctrl+= Ctrl+-", "缩放"))

    def activate(self) -> None:
        """The keyboard begins in the list of papers."""
        if self.draft is None and self._complete():
            self.preview()
        self.list.setFocus()

    def touches(self, _changes: Changes) -> bool:
        """A draft on the desk does not change under the reader's eyes; F5 makes it anew."""
        return False

    def open_row(self, row_id: str) -> None:
        """Choose the paper of this name."""
        for place in range(self.list.count()):
            if self.list.item(place).data(Qt.ItemDataRole.UserRole) == row_id:
                self.list.setCurrentRow(place)

    # -- choosing

    @property
    def paper(self) -> PaperSpec:
        """The paper chosen."""
        return find_paper(str(self.list.currentItem().data(Qt.ItemDataRole.UserRole)))

    @property
    def form(self) -> FormPanel:
        """The form of the paper chosen."""
        return self._forms[self.paper.name]

    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
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
        today = self.session.today()
        defaults: dict[str, Any] = {
            _own(parameter): parameter.default or None for parameter in paper.parameters
        }
        form.load(
            {
                **defaults,
                "first": f"{today.year}-01-01",
                "last": today.isoformat(),
                "purpose": paper.purposes[0].label,
            }
        )
        self.forms.addWidget(form)
        return form

    def _complete(self) -> bool:
        """Whether nothing the paper cannot lack is empty."""
        return not any(
            parameter.required and not self.form.value(_own(parameter)) for parameter in self.paper.parameters
        )

    def _asked(self) -> Asked | None:
        """What the form says; None when it cannot be read, and the form shows why."""
        values, problems = self.form.read()
        if problems:
            self.form.show_problems(problems)
            return None
        paper = self.paper
        try:
            period = Period(dt.date.fromisoformat(values["first"]), dt.date.fromisoformat(values["last"]))
        except ValueError as error:
            self.refuse(Refusal(str(error)))
            return None
        unit = values.get("unit_id")
        code = self.session.reader.value("SELECT code FROM unit WHERE id = ?", (unit,)) if unit else None
        label = values.get("purpose", paper.purposes[0].label)
        return Asked(
            paper=paper,
            period=period,
            unit=str(code) if code else None,
            purpose=next(purpose for purpose in paper.purposes if purpose.label == label),
            options={
                parameter.name: typed
                for parameter in paper.parameters
                if (typed := values.get(_own(parameter)))
            },
        )

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
        self.stack.setCurrentWidget(self.view)
        self.view.show_paper(PdfPages(draft.pdf))
        if draft.missing:
            self.say(Tone.WARN, draft.missing[0].sentence())

    # -- giving out

    def save(self) -> None:
        """Save as PDF, workbook or text; the ending of the name decides."""
        asked = self._asked()
        if asked is None:
            return
        title = self.draft.title if self.draft is not None else asked.paper.label
        chosen = self.choose_file(f"{file_name(title)}.pdf")
        if chosen:
            self._give_out(asked, Path(chosen), self._saved)

    def _saved(self, printed: Printed) -> None:
        self.say(Tone.GOOD, "；".join((f"已存为 {printed.path.name}，并登记打印", *printed.remarks)))

    def print_out(self) -> None:
        """Print through the system's dialog."""
        asked = self._asked()
        if asked is None:
            return
        printer = self.choose_printer(asked.paper.label)
        if printer is None:
            return
        target = Path(self._folder.name) / "printed.pdf"
        self._give_out(asked, target, lambda printed: self._print_on(printer, printed))

    def _print_on(self, printer: QPrinter, printed: Printed) -> None:
        count = print_pages(PdfPages(printed.path), printer)
        self.say(Tone.GOOD, "；".join((f"已送去打印，共 {count} 页，并登记打印", *printed.remarks)))

    def _give_out(self, asked: Asked, target: Path, done: Callable[[Printed], None]) -> None:
        office = self._office

        def work() -> Printed:
            return print_paper(
                office,
                asked.paper,
                target,
                asked.period,
                asked.unit,
                asked.options,
                wishes=Wishes(purpose=asked.purpose),
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
