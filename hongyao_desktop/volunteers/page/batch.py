"""Batch entry (批量录入): one activity with everyone who took part, by initials, in one operation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hongyao_desktop.core import hours
from hongyao_desktop.core.desk import Reader, Role, Row, Writer
from hongyao_desktop.core.fields import Text
from hongyao_desktop.core.problem import Level, Problem
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.core.text import quoted
from hongyao_desktop.kit.batch_page import Batch, BatchPage
from hongyao_desktop.kit.grid_model import GridColumn
from hongyao_desktop.kit.session import Session
from hongyao_desktop.volunteers.page.volunteers import PLACE
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries.finding import everyone_lookup
from hongyao_desktop.volunteers.records.rows import Activity, Evidence, duration_text
from hongyao_desktop.volunteers.records.services import ACTIVITIES, SERVICES
from hongyao_desktop.volunteers.rules.clashes import doubts
from hongyao_desktop.volunteers.service import recording
from hongyao_desktop.volunteers.service.recording import ActivityRecorded, Participant

_DAY = 24 * 60
_UNTITLED = "本次活动"

HEAD = (
    ACTIVITIES.field("title"),
    ACTIVITIES.field("held_on"),
    ACTIVITIES.field("starts_minute"),
    replace(ACTIVITIES.field("ends_minute"), help=""),
    ACTIVITIES.field("category"),
    ACTIVITIES.field("place"),
    ACTIVITIES.field("unit_id"),
)
_MINUTES = replace(SERVICES.field("minutes"), required=False, width=5)
_EVIDENCE = Field(
    name="evidence",
    label="来源",
    type=replace(SERVICES.field("evidence").type, options=("签到", "补录")),  # type: ignore[type-var]
    sensitivity=Sensitivity.INTERNAL,
    width=4,
)
_REASON = Field(
    name="reason", label="补录原因", type=Text(max_chars=100), sensitivity=Sensitivity.INTERNAL, width=9
)

_NO_LENGTH = Problem(
    Level.ERROR, "service.length", "还没有时长：填活动的起止时间，或在这一行填时长", "minutes"
)
_WITNESS = replace(SERVICES.field("witness"), width=4)


def activity_of_head(head: Mapping[str, Any]) -> Activity | None:
    """The activity as typed so far; None while its day is missing. An end before the start is on the next day."""
    if not head.get("held_on"):
        return None
    starts, ends = head.get("starts_minute"), head.get("ends_minute")
    if starts is not None and ends is not None and ends <= starts:
        ends += _DAY
    return Activity(
        title=(head.get("title") or "").strip() or _UNTITLED,
        held_on=dt.date.fromisoformat(head["held_on"]),
        category=head.get("category"),
        unit_id=head.get("unit_id"),
        place=head.get("place"),
        starts_minute=starts,
        ends_minute=ends,
    )


def participants_of(head: Activity, rows: Sequence[Mapping[str, Any]]) -> list[Participant]:
    """The rows as participants; a length left blank is that of the activity, a whole stay has its times."""
    return [
        Participant(
            volunteer_id=row.get("volunteer_id") or "",
            minutes=row.get("minutes") or head.minutes or 0,
            starts_minute=head.starts_minute if row.get("minutes") in (None, head.minutes) else None,
            ends_minute=head.ends_minute if row.get("minutes") in (None, head.minutes) else None,
            evidence=Evidence(row.get("evidence") or Evidence.SIGNED),
            reason=row.get("reason"),
            witness=row.get("witness"),
        )
        for row in rows
    ]


class ActivityBatch:
    """What the batch page asks: checks, counts, and one save for everything."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._done: ActivityRecorded | None = None
        volunteers = everyone_lookup(session.lookups)
        shown = ACTIVITIES.field("unit_name")
        self.batch = Batch(
            title="批量录入活动",
            op="登记志愿活动",
            head=HEAD,
            columns=(
                GridColumn(field=SERVICES.field("volunteer_id"), lookup=volunteers, unique=True),
                GridColumn(field=SERVICES.field("number"), shows="number"),
                GridColumn(field=shown, shows="unit_name"),
                GridColumn(field=_MINUTES, repeats=True),
                GridColumn(field=_EVIDENCE, repeats=True),
                GridColumn(field=_REASON),
                GridColumn(field=_WITNESS),
            ),
            save=self.save,
            check=self.check,
            check_head=self.check_head,
            footer=self.footer,
            done=self.done,
            defaults=self.defaults,
            back=PLACE,
            roles=(Role.ENTRY,),
        )

    def defaults(self, session: Session) -> Mapping[str, Any]:
        """A new head: today, at the office itself."""
        return {
            "held_on": session.today().isoformat(),
            "unit_id": lookups.office_unit_id(session.reader),
        }

    def check(self, reader: Reader, head: Row, rows: list[Row]) -> list[Problem]:
        """Findings of each row against everything on file and the rows above it."""
        activity = activity_of_head(head)
        if activity is None:
            return []
        people = participants_of(activity, rows)
        activity, _known = self._placed(reader, activity)
        found = recording.activity_findings(
            reader,
            activity,
            people,
            today=self._session.today(),
            recorder=self._session.who.name,
            now=self._session.clock.now(),
        )
        return [
            (_NO_LENGTH if problem.code == "service.length" else problem).at(row=place)
            for place, (row, problems) in enumerate(zip(rows, found, strict=True), 1)
            for problem in doubts(problems)
            if row.get("volunteer_id")
        ]

    def check_head(self, reader: Reader, head: Row) -> list[Problem]:
        """Findings of the head; an activity of the same name that day is asked about."""
        activity = activity_of_head(head)
        if activity is None:
            return []
        found = recording.head_problems(
            replace(activity, title=head.get("title") or ""), self._session.today()
        )
        _activity, people = self._placed(reader, activity)
        if people:
            message = f"当天已有{quoted(activity.title)}（{people} 人），这次的人员加到那个活动里"
            found.append(Problem(Level.QUESTION, "activity.join", message, "title"))
        return found

    def _placed(self, reader: Reader, activity: Activity) -> tuple[Activity, int | None]:
        """The activity on file that this one continues (danger, planned times and all), and how many people it has.

        The activity itself and None when there is none of this name, day and unit.
        """
        for known in lookups.activities_named(reader, activity.title, activity.held_on):
            if known.id is not None and known.unit_id == activity.unit_id:
                return known, len(lookups.records_of_activity(reader, known.id))
        return activity, None

    def save(self, writer: Writer, head: Row, rows: list[Row]) -> str:
        """Write everything in one operation; the first row's volunteer is shown afterwards."""
        activity = activity_of_head(head)
        if activity is None:
            raise ValueError("the head was checked before saving")
        people = participants_of(activity, rows)
        activity, _count = self._placed(writer, activity)
        self._done = recording.record_activity(writer, activity, people)
        return people[0].volunteer_id

    def footer(self, head: Row, rows: list[Row]) -> str:
        """People and hours so far."""
        activity = activity_of_head(head)
        whole = (activity.minutes or 0) if activity else 0
        minutes = sum(row.get("minutes") or whole for row in rows)
        return f"{len(rows)} 人　合计 {duration_text(minutes)}"

    def done(self, head: Row, rows: list[Row]) -> str:
        """What was recorded, with the points it gave."""
        points = hours.format_centi(self._done.points) if self._done else "0"
        return f"已登记{quoted(head['title'])}{self.footer(head, rows).replace('　', '，')}，得 {points} 分"


class ActivityBatchPage(BatchPage):
    """Batch entry of an activity; the length of the activity stands in every row until changed."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, ActivityBatch(session).batch)
        self.form.settled.connect(self._spread_length)
        self._spread_length()

    def start(self) -> None:
        """Begin anew: the keyboard leaves the rows before they go."""
        self.grid.go(0, 0, focus=False)
        super().start()
        self._spread_length()

    def _spread_length(self) -> None:
        activity = activity_of_head({name: self.form.value(name) for name in self.form.boxes})
        minutes = activity.minutes if activity else None
        self.grid.set_default("minutes", _MINUTES.type.format(minutes))
        self.grid.set_default("evidence", Evidence.SIGNED.value)
        if self.grid.filled:
            self.grid.recheck()
