"""Keying a signed sheet back (回录签到表): the rows stand there in sheet order, only the hours are typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from hongyao_desktop.core import hours
from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Reader, Role, Row, Writer
from hongyao_desktop.core.fields import Code
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.batch_page import Batch, BatchPage
from hongyao_desktop.kit.drafts import Draft
from hongyao_desktop.kit.grid_model import GridColumn
from hongyao_desktop.kit.session import Session
from hongyao_desktop.volunteers.page.batch import participants_of
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries import signups as queries
from hongyao_desktop.volunteers.queries.finding import everyone_lookup, match_of
from hongyao_desktop.volunteers.records.rows import Activity, clock_text, duration_text
from hongyao_desktop.volunteers.records.services import SERVICES
from hongyao_desktop.volunteers.rules.clashes import doubts
from hongyao_desktop.volunteers.service import recording, signups

PLACE: Final = "volunteers.sheet"
ACTIVITIES_PLACE: Final = "volunteers.activities"
_ACTIVITY = replace(SERVICES.field("activity_id"), label="活动", required=True, width=16)
_CODE = Field(name="code", label="行码", type=Code(max_chars=4), sensitivity=Sensitivity.INTERNAL, width=2)
_NO_HOURS = Problem(
    Level.ERROR, "sheet.no_hours", "临时来的要填时长，没有来的按 Ctrl+Delete 删去这一行", "minutes"
)
_MINUTES = replace(SERVICES.field("minutes"), required=False, width=5, help="没有签到的留空。")


class _Sheet:
    """What the page asks."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._points = 0
        self._present: frozenset[str] = frozenset()
        self.batch = Batch(
            title="回录签到表",
            op="回录签到表",
            head=(_ACTIVITY,),
            columns=(
                GridColumn(
                    field=SERVICES.field("volunteer_id"),
                    lookup=everyone_lookup(session.lookups),
                    unique=True,
                ),
                GridColumn(field=_CODE, shows="code"),
                GridColumn(field=SERVICES.field("number"), shows="number"),
                GridColumn(field=_MINUTES, stops=True),
            ),
            save=self.save,
            check=self.check,
            check_head=self.check_head,
            footer=self.footer,
            done=self.done,
            back=ACTIVITIES_PLACE,
            roles=(Role.ENTRY,),
            teaching="按表上的顺序填时长，Enter 下一行；没有签到的空着；临时来的接在后面，敲姓名首字母",
        )

    def check(self, reader: Reader, head: Row, rows: list[Row]) -> list[Problem]:
        """Findings of each row with hours."""
        if not head.get("activity_id"):
            return []
        activity = lookups.activity(reader, head["activity_id"])
        there = [(place, row) for place, row in enumerate(rows, 1) if row.get("minutes")]
        self._present = frozenset(row.get("volunteer_id") or "" for _place, row in there)
        found = recording.activity_findings(
            reader,
            activity,
            participants_of(activity, [row for _place, row in there]),
            today=self._session.today(),
            recorder=self._session.who.name,
            now=self._session.clock.now(),
        )
        listed = {row["volunteer_id"] for row in queries.signups_of(reader, head["activity_id"])}
        return [
            problem.at(row=place)
            for (place, _row), problems in zip(there, found, strict=True)
            for problem in doubts(problems)
        ] + [
            _NO_HOURS.at(row=place)
            for place, row in enumerate(rows, 1)
            if row.get("volunteer_id") and not row.get("minutes") and row["volunteer_id"] not in listed
        ]

    def check_head(self, reader: Reader, head: Row) -> list[Problem]:
        """Lines without hours are asked about: they are absent only once somebody says so.

        Who has hours is known from the check of the rows, which runs after every change.
        """
        if not head.get("activity_id"):
            return []
        waiting = queries.signups_of(reader, head["activity_id"], open_only=True)
        absent = [row for row in waiting if row["volunteer_id"] not in self._present]
        if not absent:
            return []
        message = f"报名 {len(waiting)} 人，{len(absent)} 人没有填时长，保存后记为缺席"
        return [Problem(Level.QUESTION, "sheet.absent", message, "activity_id")]

    def save(self, writer: Writer, head: Row, rows: list[Row]) -> str:
        """Hours for who signed, absence for who did not, in one operation."""
        activity = lookups.activity(writer, head["activity_id"])
        there = [row for row in rows if row.get("minutes")]
        if not there:
            raise Refusal("还没有填时长，请至少填一人")
        people = {
            row["volunteer_id"]: person
            for row, person in zip(there, participants_of(activity, there), strict=True)
        }
        lines = [(row["volunteer_id"], people.get(row["volunteer_id"])) for row in rows]
        done = signups.key_back(writer, head["activity_id"], lines)
        self._points = done.points
        return str(head["activity_id"])

    def done(self, head: Row, rows: Sequence[Row]) -> str:
        """Whose sheet it was, who was there, and the points."""
        title = lookups.activity(self._session.reader, head["activity_id"]).title
        return f"已回录“{title}”：{self.footer(head, rows)}，得 {hours.format_centi(self._points)} 分"

    def footer(self, _head: Row, rows: Sequence[Row]) -> str:
        """Who was there, who was not, hours so far."""
        there = [row for row in rows if row.get("minutes")]
        minutes = sum(row["minutes"] for row in there)
        return f"到场 {len(there)} 人　空着 {len(rows) - len(there)} 行　合计 {duration_text(minutes)}"


def _when(activity: Activity) -> str:
    """Day and times: sessions of one name are told apart by them."""
    day = format_cn(activity.held_on)
    if activity.starts_minute is None or activity.ends_minute is None or activity.minutes is None:
        return day
    times = f"{clock_text(activity.starts_minute)}—{clock_text(activity.ends_minute)}"
    return f"{day} {times}，全长 {duration_text(activity.minutes)}"


class SheetPage(BatchPage):
    """The sheet of one activity, opened from the list of activities or chosen above the rows."""

    _HOURS_COLUMN = 3
    _shown = ""

    def __init__(self, session: Session) -> None:
        super().__init__(session, _Sheet(session).batch)
        self.form.settled.connect(self._chosen)

    def start(self) -> None:
        """Begin with no activity and no rows."""
        super().start()
        self._shown = ""
        self.title.setText(self.batch.title)

    def open_row(self, row_id: str) -> None:
        """Fill the rows with who signed up for this activity, in sheet order."""
        self.grid.go(0, 0, focus=False)
        self.start()
        self.form.set_value("activity_id", row_id)
        self._chosen()
        self.grid.focus()

    def _to_grid(self) -> None:
        self._chosen()
        super()._to_grid()

    def _chosen(self) -> None:
        """Its list stands in the rows, unless hours were typed there already: these are never thrown away."""
        activity_id = self.form.value("activity_id") or ""
        if not activity_id or activity_id == self._shown:
            return
        self._name_session(activity_id)
        if self._typed():
            return
        self.grid.clear()
        self.grid.go(0, self._HOURS_COLUMN, focus=False)
        for place, row in enumerate(queries.signups_of(self.session.reader, activity_id, open_only=True)):
            self._put(place, row)
        self.grid.go(0, self._HOURS_COLUMN, focus=False)

    def _typed(self) -> int:
        return sum(bool(row.get("minutes")) for row in self.grid.model.values())

    def put_back(self, draft: Draft) -> None:
        """What was typed, with the codes of the paper, and which session it is."""
        super().put_back(draft)
        activity_id = self.form.value("activity_id")
        if not activity_id:
            return
        self._name_session(activity_id)
        signed = {row["volunteer_id"]: row for row in queries.signups_of(self.session.reader, activity_id)}
        for place, row in enumerate(self.grid.model.values()):
            known = signed.get(row.get("volunteer_id") or "")
            if known is not None:
                self._put(place, known)

    def _put(self, place: int, row: Row) -> None:
        match = match_of({**row, "id": row["volunteer_id"], "code": f"{row['place']:02d}"})
        self.grid.model.type_text(place, "volunteer_id", match.label, match)

    def _name_session(self, activity_id: str) -> None:
        self._shown = activity_id
        when = _when(lookups.activity(self.session.reader, activity_id))
        self.title.setText(f"{self.batch.title}　{when}")

    def unsaved(self) -> str | None:
        """Only what was typed would be lost."""
        typed = self._typed()
        return f"{self.batch.title}：{typed} 行" if typed else None
