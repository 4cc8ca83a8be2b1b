"""The page of classes (培训班次): the list, beside it the class with its attendance sheet, keyed by keyboard alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from hongyao_desktop.core.desk import Changes, Reader, Row
from hongyao_desktop.kit.drafts import Draft as Kept
from hongyao_desktop.kit.jobs import Job
from hongyao_desktop.kit.look import look
from hongyao_desktop.kit.messages import Tone
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.pieces import restate
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.side_by_side import SideBySide
from hongyao_desktop.kit.tokens import Space, Width
from hongyao_desktop.training import queries
from hongyao_desktop.training.page import verbs
from hongyao_desktop.training.page.class_list import ClassList, matching
from hongyao_desktop.training.page.class_panel import ClassPanel, Draft
from hongyao_desktop.training.page.class_steps import ClassSteps
from hongyao_desktop.training.page.class_tools import ClassTools
from hongyao_desktop.training.page.kept import kept_roll, roll_of
from hongyao_desktop.training.page.roll_model import Seat, session_label
from hongyao_desktop.training.page.saving import Enrolment, RollSaver
from hongyao_desktop.training.queries import ClassSheet

_WATCHED: Final = frozenset(
    {"training_class", "training_session", "trainee", "attendance", "person", "cadre", "rule_set"}
)
_TEACHING: Final = "每办一期培训建一个班次，加学员、加课次，再按课次点名。也可以直接导入签到表。"


class ClassesPage(Page):
    """Classes and their rolls."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "培训班次")
        self._rows: list[Row] = []
        self._wanted = ""
        self._class_id = ""
        self._drafts: dict[str, Draft] = {}
        self._job: Job | None = None
        self._saver = RollSaver(session, self)
        self.steps = ClassSteps(session, self._shown, self._seat, self)
        self._focus_panel = False
        self._step_after: Kept | None = None
        self._build()
        self._bind()

    # -- building

    def _build(self) -> None:
        style = look()
        self.search = self.add_search("班次名称、首字母、编号", "培训班次", keys=("Ctrl+F",))
        self.tools = ClassTools(self.steps.add, self.steps.import_sheet, self)
        self.column.addWidget(self.tools)
        self.list = ClassList(self)
        self.panel = ClassPanel(self.session, self.steps.buttons, self.steps.menu, self)
        self.list.setMinimumWidth(style.px(Width.NAVIGATION))
        parts = [(self.list, Width.FORM_LEAST - Space.XL), (self.panel, 866)]
        split = SideBySide(parts, self, grows=1)
        split.remember(self.session.memory, "training/split")
        self.column.addWidget(split, 1)
        self.column.addSpacing(style.px(Space.M))

    def _bind(self) -> None:
        self.search.typed.connect(self._fill)
        self.search.returnPressed.connect(self._to_list)
        self.list.chosen.connect(self.show_class)
        self.list.opened.connect(self.panel.focus)
        panel = self.panel
        panel.changed.connect(self._primary)
        panel.changed.connect(self.session.drafts.typed)
        panel.verb_done.connect(self._verb_done)
        panel.objected.connect(lambda sentence: self.say(Tone.BAD, sentence))
        panel.asked.connect(lambda sentence: self.say(Tone.WARN, f"{sentence}；确认无误请再按一次 Ctrl+S"))
        panel.save_wanted.connect(self.save)
        panel.revert_wanted.connect(self.undo)
        self.steps.form_wanted.connect(panel.run_verb)
        self.steps.adding_wanted.connect(panel.open_adding)
        self.steps.differences_found.connect(panel.show_differences)
        self.steps.said.connect(lambda sentence: self.say(Tone.INFO, sentence))
        self.steps.refused.connect(self.refuse)
        Enrolment(self.session, panel.adding, lambda: panel.sheet)
        self._saver.saved.connect(self._saved)
        self._saver.refused.connect(self._not_saved)
        self.tools.view_chosen.connect(self._fill)
        for keys, run in (
            ("Ctrl+N", self.steps.add),
            ("Ctrl+S", self.save),
            ("Ctrl+Z", self.undo),
            ("F2", self.steps.edit),
            ("F3", panel.find_trainee),
            ("F4", panel.write_reason),
            ("F5", panel.open_adding),
            ("F6", panel.roll.fill_rest),
            ("F7", self.steps.add_session),
            ("Esc", self.back),
        ):
            self.on_key(keys, run)
        look().changed.connect(self._primary)

    def _shown(self) -> ClassSheet | None:
        return self.panel.sheet

    def _seat(self) -> Seat | None:
        return self.panel.roll.seat()

    # -- reading

    def touches(self, changes: Changes) -> bool:
        """Changes of training, and of people and rules it shows."""
        return not _WATCHED.isdisjoint(changes.tables)

    def reload(self) -> None:
        """Read the list and the current class anew."""
        if self._job is not None:
            self._job.drop()
        wanted, today = self._wanted or self._class_id, self.session.today().isoformat()

        def read(reader: Reader) -> tuple[list[Row], ClassSheet | None]:
            rows = queries.board(reader, today)
            known = {row["id"] for row in rows}
            first = wanted if wanted in known else rows[0]["id"] if rows else ""
            return rows, queries.class_sheet(reader, first) if first else None

        self._job = self.session.read(self, read, lambda found: self._show(*found), self.refuse)

    def _show(self, rows: list[Row], sheet: ClassSheet | None) -> None:
        self._job = None
        self._rows = rows
        if self._wanted and not any(row["id"] == self._wanted for row in self._visible()):
            self.search.lift()
            self.tools.show_all()
        self.tools.count(rows)
        shown = self.list.show_rows(self._visible(), self._wanted or self._class_id)
        self._empty_words()
        self._wanted = ""
        if sheet is None or not shown:
            self._class_id = ""
            self._nothing()
        elif sheet.training["id"] == shown:
            self._put(sheet)
        else:
            self.show_class(shown)
        self._primary()

    def _put(self, sheet: ClassSheet) -> None:
        """Show a class that was read, with what is typed in it kept."""
        class_id = str(sheet.training["id"])
        same = class_id == self._class_id
        if not same:
            self._keep_draft()
        self._class_id = class_id
        draft = self.panel.draft() if same else self._drafts.pop(class_id, None)
        if draft is not None:
            draft.typed = {seat: mark for seat, mark in draft.typed.items() if sheet.mark(*seat) != mark}
            draft.reasons = {
                seat: reason
                for seat, reason in draft.reasons.items()
                if seat in draft.typed or (sheet.marks.get(seat) or {}).get("reason") != reason
            }
        self.panel.show_sheet(sheet, draft)
        self._take_keyboard()
        step, self._step_after = self._step_after, None
        if step is not None:
            self.panel.reopen(step)

    def _keep_draft(self) -> None:
        draft = self.panel.draft()
        if draft is None or not self.panel.dirty:
            self._drafts.pop(self._class_id, None)
            return
        self._drafts[self._class_id] = draft
        left = self._class_id
        self.say(
            Tone.WARN,
            f"“{draft.label}”的点名还没有保存，先替您留着",
            "返回继续",
            lambda: self.open_row(left),
        )

    def show_class(self, class_id: str) -> None:
        """Show another class."""
        self.panel.leave_class()
        if self._job is not None:
            self._job.drop()

        def shown(sheet: ClassSheet | None) -> None:
            self._job = None
            if sheet is not None:
                self._put(sheet)

        self._job = self.session.read(
            self, lambda reader: queries.class_sheet(reader, class_id), shown, self.refuse
        )

    def _visible(self) -> list[Row]:
        return matching(self._rows, self.search.text(), self.tools.view)

    def _fill(self) -> None:
        shown = self.list.show_rows(self._visible(), self._class_id)
        self._empty_words()
        if shown and shown != self._class_id:
            self.show_class(shown)

    def _empty_words(self) -> None:
        if self._rows:
            self.list.empty.set_words("没有找到这样的班次", "换个字或首字母再试。")
            self.list.empty.set_actions((("显示全部", self.show_all),))
        else:
            self.list.empty.set_words("还没有班次", "")
            self.list.empty.set_actions(())

    def _nothing(self) -> None:
        steps = (("新建班次  Ctrl+N", self.steps.add), ("导入签到表", self.steps.import_sheet))
        self.panel.show_nothing("还没有培训班次", _TEACHING, steps)
        self._take_keyboard()

    def _take_keyboard(self) -> None:
        """Where the keyboard was promised before the class had been read."""
        if self._focus_panel:
            self._focus_panel = False
            self.panel.focus()

    def show_all(self) -> None:
        """Lift search and state."""
        self.search.lift()
        self.tools.show_all()
        self._fill()

    # -- moving

    def activate(self) -> None:
        """The sheet has the keyboard when there is one, else the list."""
        if self.panel.sheet is not None or self.panel.verb_open:
            self.panel.focus()
        else:
            self._focus_panel = True
            self.list.view.setFocus()

    def open_row(self, row_id: str) -> None:
        """Show one class, whatever was searched before."""
        self._wanted = row_id
        self._focus_panel = True
        self.reload()

    def _to_list(self) -> None:
        self.list.view.setFocus()

    def back(self) -> None:
        """Esc: close an objection, leave a form, leave the sheet, lift the search; in this order."""
        if self.messages.put_away() or self.panel.step_back():
            return
        if self.panel.holds_keyboard():
            self._to_list()
        elif self.search.text():
            self.search.clear()
            self._to_list()
        else:
            self._to_list()

    def keys(self) -> tuple[tuple[str, str], ...]:
        """The strip."""
        return (
            ("F2", "修改"),
            ("F3", "找学员"),
            ("F4", "原因"),
            ("F5", "加学员"),
            ("F6", "其余全到"),
            ("F7", "加课次"),
            ("Esc", "返回"),
        )

    def unsaved(self) -> str | None:
        """Classes with marks that are not saved."""
        labels = [draft.label for draft in self._drafts.values()]
        draft = self.panel.draft() if self.panel.dirty else None
        if draft is not None:
            labels.append(draft.label)
        words = [f"点名：{'、'.join(labels)}"] if labels else []
        step = self.panel.step_draft()
        return "；".join([*words, *([step.label] if step is not None else [])]) or None

    def drafts(self) -> list[Kept]:
        """Rolls that are half marked, and the step whose form is open."""
        rolls = dict(self._drafts)
        draft = self.panel.draft() if self.panel.dirty else None
        if draft is not None:
            rolls[self._class_id] = draft
        kept = [kept_roll(class_id, draft) for class_id, draft in rolls.items()]
        step = self.panel.step_draft()
        if step is not None:
            step = replace(step, values={**step.values, "class": self._class_id})
        return [found for found in (*kept, step) if found is not None]

    def put_back(self, draft: Kept) -> None:
        """Show the class with its marks, or the step with its form."""
        class_id = str(draft.values["class"])
        if "verb" in draft.values:
            if draft.values["row"]:
                self._step_after = draft
                self.open_row(class_id)
            else:
                self.panel.reopen(draft)
            return
        roll = roll_of(draft.values)
        if class_id == self._class_id and self.panel.sheet is not None:
            self.panel.show_sheet(self.panel.sheet, roll)
        else:
            self._drafts[class_id] = roll
            self.open_row(class_id)
        self.session.drafts.typed()

    # -- steps

    def _verb_done(self, label: str, sentence: str, row_id: str) -> None:
        if label == verbs.NEW_CLASS.label:
            self._wanted = row_id
            self._focus_panel = True
            self.say(Tone.GOOD, "已新建班次，接着按 F5 加学员，按 F7 加课次", "撤销", self.undo)
            self.reload()
            return
        if label == verbs.ADD_SESSION.label:
            self.panel.start_at(row_id)
        self.say(Tone.GOOD, sentence, "撤销", self.undo)
        self._focus_panel = True
        self.reload()

    # -- the roll

    def save(self) -> None:
        """Ctrl+S: each session with typed marks is one operation."""
        if self.panel.verb_open:
            self.panel.confirm_verb()
            return
        sheet = self.panel.sheet
        if sheet is None or self._saver.busy:
            return
        entries = self.panel.entries()
        if not entries:
            return
        months = {row["held_on"][:7] for row in sheet.sessions}
        labels = {
            row["id"]: session_label(row["held_on"], row["part"], with_month=len(months) > 1)
            for row in sheet.sessions
        }
        self._saver.save(entries, labels, self.panel.roll.counted)
        self._primary()

    def _saved(self, label: str, counted: str) -> None:
        self.say(Tone.GOOD, f"已保存{label}点名：{counted}", "撤销", self.undo)
        self._primary()

    def _not_saved(self, sentence: str) -> None:
        self.say(Tone.BAD, sentence)
        self._primary()

    def undo(self) -> None:
        """Ctrl+Z: typed marks go back to what is stored; else the last operation is taken back."""
        if self.panel.dirty and self.panel.sheet is not None:
            self._drafts.pop(self._class_id, None)
            seat = self.panel.roll.seat()
            self.panel.show_sheet(self.panel.sheet, Draft(self.panel.sheet.training["name"], seat=seat))
            return
        self.session.undo(
            self, lambda op: self.say(Tone.INFO, f"已撤销：{op.removeprefix('撤销：')}"), self.refuse
        )

    def _primary(self, *_whatever: Any) -> None:
        """One seal button at a time: 保存点名 while something is typed, else 新建班次."""
        dirty = self.panel.dirty
        restate(self.panel.foot.save_button, "primary", dirty)
        restate(self.tools.new_button, "primary", not dirty and not self.panel.verb_open)
        self.panel.foot.save_button.setEnabled(not self._saver.busy)
        self.panel.foot.revert_button.setEnabled(dirty)
