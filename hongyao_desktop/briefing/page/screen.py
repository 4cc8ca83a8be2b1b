"""The page: what to report on the left, the paper in the middle, what is behind a number on the right."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QFileDialog,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from hongyao_desktop.briefing.page.figure_panel import FigurePanel
from hongyao_desktop.briefing.page.paper_pane import PaperPane, PdfPages
from hongyao_desktop.briefing.page.report import Report, make_report
from hongyao_desktop.core.desk import Changes, Reader, Row
from hongyao_desktop.core.fields import Date, Reference
from hongyao_desktop.core.figure import Figure, Period
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.register import Field, Register, Sensitivity
from hongyao_desktop.kit.form import FormPanel
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.printing import print_pages
from hongyao_desktop.kit.progress import ProgressLine
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.side_by_side import SideBySide, panelled
from hongyao_desktop.kit.tokens import Height, Space
from hongyao_desktop.paper.catalogue import PaperRequest, row_behind

_SIDE: Final = 264
_BEHIND: Final = 320

ASKED = (
    Field(
        name="unit_id",
        label="组织",
        type=Reference("units"),
        sensitivity=Sensitivity.INTERNAL,
        section="范围",
        help="留空为全单位，含下级。",
    ),
    Field(
        name="first",
        label="起始日期",
        type=Date(),
        sensitivity=Sensitivity.INTERNAL,
        section="范围",
        required=True,
    ),
    Field(
        name="last",
        label="截止日期",
        type=Date(),
        sensitivity=Sensitivity.INTERNAL,
        section="范围",
        required=True,
    ),
)


@dataclass(frozen=True, slots=True)
class ReportDesk:
    """What ``app`` hands in, since only it knows the office: all figures and registers, how to ask, how it leaves.

    ``make_request`` and ``snapshot`` run on a worker; within a snapshot every query sees the same state of the file.
    """

    figures: Sequence[Figure]
    registers: Sequence[Register]
    make_request: Callable[[Reader, Period, str | None], PaperRequest]
    snapshot: Callable[[], AbstractContextManager[object]]
    give_out: Callable[[PaperRequest, Path], object]


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


class BriefingPage(Page):
    """Generates the work summary and shows where its numbers come from.

    ``choose_file`` asks where to save; tests answer it beforehand.
    """

    def __init__(
        self,
        session: Session,
        desk: ReportDesk,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(session, "工作情况汇总", parent)
        self._desk = desk
        self._figures = {figure.code: figure for figure in desk.figures}
        self._folder = tempfile.TemporaryDirectory(prefix="hongyao-")
        self.destroyed.connect(self._folder.cleanup)
        self.report: Report | None = None
        self.choose_file: Callable[[str, str], str] = self._ask_for_file
        self._add_steps()
        self.progress = ProgressLine(self)
        self.column.addWidget(self.progress)
        self.column.addWidget(self._body({register.name: register for register in desk.registers}), 1)
        self.column.addSpacing(look().px(Space.S))
        self.on_key("Ctrl+F", self.pane.find_bar.open)
        today = session.today()
        self.form.load({"first": f"{today.year}-01-01", "last": today.isoformat()})

    # -- building

    def _add_steps(self) -> None:
        for words, keys, run, primary in (
            ("存为 PDF Ctrl+S", "Ctrl+S", self.save_pdf, False),
            ("存为工作簿 F7", "F7", self.save_workbook, False),
            ("打印 F9", "F9", self.print_out, True),
        ):
            button = QPushButton(words, self)
            button.setFixedHeight(look().px(Height.BUTTON))
            button.setProperty("primary", primary)
            button.clicked.connect(lambda _checked=False, run=run: run())
            self.head.addWidget(button)
            self.on_key(keys, run)
        self.on_key("F5", self.generate)
        self.on_key("Ctrl+=", lambda: self.pane.view.zoom_step(1))
        self.on_key("Ctrl+-", lambda: self.pane.view.zoom_step(-1))

    def _body(self, registers: dict[str, Register]) -> QWidget:
        style = look()
        self.form = FormPanel(ASKED, self.session, name="汇总范围", columns=1)
        self.form.finished.connect(self.generate)
        self.make_button = QPushButton("生成 F5", self)
        self.make_button.clicked.connect(lambda _checked=False: self.generate())
        self.outline = QListWidget(self)
        self.outline.setAccessibleName("指标")
        self.outline.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.outline.currentItemChanged.connect(lambda item, _before: self._chosen(item))
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(*(style.px(Space.M),) * 4)
        column.setSpacing(style.px(Space.S))
        self.form.setFixedHeight(style.px(248))
        column.addWidget(self.form)
        column.addWidget(self.make_button)
        column.addWidget(self.outline, 1)
        self.pane = PaperPane(self.session.jobs, self)
        self.pane.view.failed.connect(lambda sentence: self.say(Tone.BAD, sentence))
        self.pane.pointed.connect(self._pointed)
        self.pane.opened.connect(self._opened)
        self.behind = FigurePanel(registers, self)
        self.behind.open_wanted.connect(self.session.go)
        parts = ((side, _SIDE), (self.pane, 560), (self.behind, _BEHIND))
        return SideBySide([(panelled(part), width) for part, width in parts], self, grows=1)

    # -- what the window asks

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The strip."""
        return (
            ("F5", "生成"),
            ("Ctrl+S", "存 PDF"),
            ("F7", "存工作簿"),
            ("F9", "打印"),
            ("Ctrl+F", "查找"),
            ("Ctrl+= Ctrl+-", "缩放"),
        )

    def activate(self) -> None:
        """The first visit generates at once; later ones find the report as it was left."""
        if self.report is None:
            self.generate()
        self.outline.setFocus()

    def touches(self, _changes: Changes) -> bool:
        """A report on the desk does not change under the reader's eyes; F5 makes it anew."""
        return False

    # -- generating

    def generate(self) -> None:
        """Make the report for what the form says."""
        values, problems = self.form.read()
        if problems:
            self.form.show_problems(problems)
            return
        try:
            period = Period(_day(values["first"]), _day(values["last"]))
        except ValueError as error:
            self.refuse(Refusal(str(error)))
            return
        self.make_button.setEnabled(False)
        desk, folder = self._desk, Path(self._folder.name)

        def work(reader: Reader) -> Report:
            with desk.snapshot():
                request = desk.make_request(reader, period, values.get("unit_id"))
                return make_report(request, desk.figures, folder)

        self.progress.follow(self.session.read(self, work, self._show, self._not_made), stoppable=False)
        self.progress.words.setText("正在生成汇总")

    def _not_made(self, error: Exception) -> None:
        self.make_button.setEnabled(True)
        self.refuse(error)

    def _show(self, report: Report) -> None:
        self.report = report
        self.make_button.setEnabled(True)
        self.pane.show_paper(report.pdf, report.spots)
        self.outline.blockSignals(True)
        self.outline.clear()
        for code, reading in report.summary.readings.items():
            item = QListWidgetItem(f"{reading.figure.label}　{reading.shown}")
            item.setData(Qt.ItemDataRole.UserRole, code)
            item.setToolTip(reading.figure.definition)
            self.outline.addItem(item)
        self.outline.blockSignals(False)
        if report.missing:
            first = report.missing[0].sentence()
            more = f"（共 {len(report.missing)} 处）" if len(report.missing) > 1 else ""
            self.say(Tone.WARN, f"{first}{more}")

    # -- behind a number

    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is None or self.report is None:
            return
        code = str(item.data(Qt.ItemDataRole.UserRole))
        spot = self.report.spot_of(code)
        if spot is not None:
            self.pane.view.go_to(spot.page)
        self.show_figure(code)

    def show_figure(self, code: str) -> None:
        """Show a figure's definition and the records it counts."""
        report, figure = self.report, self._figures[code]
        if report is None:
            return
        self.behind.show_reading(report.summary.readings[code])
        period, scope = report.request.period, report.request.scope

        def rows_read(rows: list[Row]) -> None:
            if self.report is report:
                self.behind.show_rows(figure, rows, self.session.reader)

        self.session.read(self, lambda reader: figure.drill(reader, period, scope), rows_read, self.refuse)

    def _pointed(self, source: str) -> None:
        """A click on a number of the paper chooses it in the outline."""
        if row_behind(source) is None:
            self._point_out(source)

    def _opened(self, source: str) -> None:
        """A double click on a row opens its record, on a number its figure."""
        row = row_behind(source)
        if row is not None:
            self.session.go(*row)
        else:
            self._point_out(source)

    def _point_out(self, code: str) -> None:
        for place in range(self.outline.count()):
            if self.outline.item(place).data(Qt.ItemDataRole.UserRole) == code:
                self.outline.blockSignals(True)
                self.outline.setCurrentRow(place)
                self.outline.blockSignals(False)
        self.show_figure(code)

    # -- putting it out

    def save_pdf(self) -> None:
        """Save the report as PDF."""
        self._save(".pdf", "PDF 文件 (*.pdf)", "已登记打印")

    def save_workbook(self) -> None:
        """Save the same report as a workbook, with the records behind every figure."""
        self._save(".xlsx", "Excel 工作簿 (*.xlsx)", "各数与 PDF 一致")

    def _save(self, ending: str, kinds: str, remark: str) -> None:
        report = self.report
        if report is None:
            return
        chosen = self.choose_file(f"{report.summary.title}{ending}", kinds)
        if chosen:
            out = Path(chosen)
            self._give_out(report, out, lambda: self.say(Tone.GOOD, f"已存为 {out.name}，{remark}"))

    def print_out(self) -> None:
        """Print through the system's dialog."""
        if self.report is None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self.report.summary.title)
        if QPrintDialog(printer, self).exec() == QPrintDialog.DialogCode.Accepted:
            self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        """Note the print run, then draw every page on a printer."""
        assert self.report is not None
        # A place of its own: the one before may still be on its way to the printer.
        out = Path(tempfile.mkdtemp(dir=self._folder.name)) / "打印.pdf"

        def noted() -> None:
            pages = PdfPages(out)
            job = self.session.jobs.long(
                self,
                "正在送往打印机",
                lambda progress: print_pages(pages, printer, progress.step),
                lambda count: self.say(Tone.GOOD, f"已送去打印，共 {count} 页，已登记打印"),
                self.refuse,
            )
            self.progress.follow(job)

        self._give_out(self.report, out, noted)

    def _give_out(self, report: Report, out: Path, done: Callable[[], None]) -> None:
        """What leaves the program is made by the one way out, which notes it; the draft here is not."""
        give_out, request = self._desk.give_out, report.request
        job = self.session.jobs.write(
            self,
            lambda: give_out(request, out),
            lambda _printed: done(),
            self.refuse,
            what="打印工作情况汇总",
        )
        self.progress.follow(job, stoppable=False)
        self.progress.words.setText("正在写出汇总")

    def _ask_for_file(self, proposed: str, kinds: str) -> str:
        return QFileDialog.getSaveFileName(self, "存为", str(Path.home() / proposed), kinds)[0]
