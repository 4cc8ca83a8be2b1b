"""Whatever is planned, keyed, corrected, imported and re-ruled: hours never exceed the time spent."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.people.queries import top_unit, unit_scope
from hongyao_desktop.training import rules, service
from hongyao_desktop.training.records import MARKS, PARTS
from hongyao_desktop.training.service import Mark
from hongyao_desktop.training.year import year_sheet
from tests.training.rooms import Classroom, make_classroom, shipped
from tests.training.sheets import SignInSheet

DAYS = st.sampled_from([dt.date(2026, 5, day) for day in (11, 12, 13)])
LENGTHS = st.one_of(st.none(), st.sampled_from([1, 37, 120, 240, 480, 481, 900]))
FORMS = st.sampled_from(["脱产", "网络", "自学"])
SIGNS = st.sampled_from(["√", "迟到", "早退", "请假", "×", "", "?"])
NAMES = ("单玥", "曾桂英", "欧阳建国")


class Training(RuleBasedStateMachine):
    """Three cadres of one street and whatever classes come about."""

    classes = Bundle("classes")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.room: Classroom
        self.versions = 1

    @initialize(target=classes)
    def open(self) -> str:
        self.room = make_classroom(self.folder)

        def enrol(writer: Writer) -> None:
            for person in self.room.people:
                values = {"person_id": person, "category": "党员", "post": "书记", "from_on": "2020-01-01"}
                service.save_cadre(writer, values, None)

        self.write(enrol)
        return self.room.class_id

    def write(self, fn: Callable[[Writer], Any]) -> Any:
        """Try an operation; a refusal is an answer like any other."""
        try:
            return self.room.office.transact("改动", fn).result
        except Refusal:
            return None

    def attendance(self) -> list[dict[str, Any]]:
        return self.room.office.reader().all(
            "SELECT attendance_view.*, training_session.minutes AS length, rule_set.body "
            "FROM attendance_view JOIN training_session ON training_session.id = session_id "
            "JOIN rule_set ON rule_set.id = attendance_view.rule_id"
        )

    @rule(target=classes, form=FORMS)
    def plan_class(self, form: str) -> str:
        number = self.room.office.reader().value("SELECT COUNT(*) FROM training_class")
        values = {"name": f"班{number}", "form": form, "starts_on": "2026-05-11", "ends_on": "2026-05-13"}
        class_id = str(self.write(lambda w: service.save_class(w, values, None)))
        for person in self.room.people:
            self.write(lambda w, p=person: service.enrol_trainee(w, class_id, p))  # type: ignore[misc]
        return class_id

    @rule(class_id=classes, day=DAYS, part=st.sampled_from(PARTS), minutes=LENGTHS)
    def hold(self, class_id: str, day: dt.date, part: str, minutes: int | None) -> None:
        self.write(lambda w: service.hold_session(w, class_id, day, part, minutes=minutes))

    @rule(class_id=classes, data=st.data())
    def call_roll(self, class_id: str, data: st.DataObject) -> None:
        reader = self.room.office.reader()
        held = reader.all("SELECT id FROM training_session WHERE class_id = ? ORDER BY id", (class_id,))
        listed = reader.all("SELECT id FROM trainee WHERE class_id = ? ORDER BY id", (class_id,))
        if not held or not listed:
            return
        session = data.draw(st.sampled_from(held))["id"]
        marks = data.draw(st.lists(st.sampled_from(MARKS), min_size=len(listed), max_size=len(listed)))
        roll = [Mark(trainee["id"], mark) for trainee, mark in zip(listed, marks, strict=True)]
        self.write(lambda w: service.call_roll(w, session, roll))

    @rule(data=st.data(), day=DAYS, part=st.sampled_from(PARTS), minutes=LENGTHS)
    def correct_session(self, data: st.DataObject, day: dt.date, part: str, minutes: int | None) -> None:
        held = self.room.office.reader().all("SELECT * FROM training_session ORDER BY id")
        session = data.draw(st.sampled_from(held))
        values = {"held_on": day.isoformat(), "part": part, "minutes": minutes}
        self.write(lambda w: service.save_session(w, session["class_id"], values, session["id"]))

    @rule(credit=st.integers(0, 400), late=st.integers(0, 100))
    def change_the_rule(self, credit: int, late: int) -> None:
        """A new version changes no row already written."""
        self.versions += 1
        before = self.attendance()
        shipped_rule = shipped("training-credit")
        body = json.loads(json.dumps(dict(shipped_rule.body)))
        body["parts"]["上午"]["credit"] = credit
        body["marks"]["迟到"] = late
        row = {"kind": "training-credit", "name": "改过的", "version": self.versions, "source": "本地文件"}
        row |= {"effective_on": "2026-05-01", "body": json.dumps(body, ensure_ascii=False)}
        self.write(lambda w: w.insert("rule_set", row))
        assert self.attendance() == before

    @rule(
        form=FORMS,
        marks=st.lists(st.sampled_from(["√", "迟到", "早退", "请假", "×", "", "?"]), min_size=6, max_size=6),
    )
    def import_twice(self, form: str, marks: list[str]) -> None:
        """A second import of the same sheet adds nothing."""
        sheet = SignInSheet(
            "姓名",
            "单位及职务",
            "11日上午",
            "12日",
            title=f"{form}导入班签到表",
            lines={"时间": "2026年5月11日—13日", "形式": form},
        )
        for place, name in enumerate(NAMES):
            sheet.add(name, "书记", marks[2 * place], marks[2 * place + 1])
        try:
            sheet.take(self.room.office)
        except Refusal:
            return
        before = self.attendance()
        assert sheet.take(self.room.office)[1] == 0
        assert self.attendance() == before

    @invariant()
    def no_hours_beyond_the_time_spent(self) -> None:
        if not hasattr(self, "room"):
            return
        rows = self.attendance()
        for row in rows:
            usual = json.loads(row["body"])["parts"][row["part"]]
            assert 0 <= row["minutes"] <= row["length"]
            assert row["credit"] * usual["minutes"] <= usual["credit"] * row["length"]
            if row["mark"] in ("请假", "缺勤"):
                assert (row["minutes"], row["credit"]) == (0, 0)
        present = [row for row in rows if row["minutes"]]
        for place, row in enumerate(present):
            for other in present[place + 1 :]:
                same = (row["person_id"], row["held_on"]) == (other["person_id"], other["held_on"])
                assert not (same and rules.overlap(row["part"], other["part"])), "counted twice"

    @invariant()
    def the_year_sheet_adds_up_and_online_stays_apart(self) -> None:
        if not hasattr(self, "room"):
            return
        reader = self.room.office.reader()
        top = top_unit(reader)
        assert top is not None
        sheet = year_sheet(reader, 2026, unit_scope(top["id"], top["name"]))
        rows = self.attendance()
        for line in sheet:
            mine = [row for row in rows if row["person_id"] == line.person_id]
            assert line.got.total == sum(row["credit"] for row in mine)
            central = sum(row["credit"] for row in mine if row["form"] == "脱产")
            assert line.got.central == central
            assert line.short == max(0, 3200 - central)

    def teardown(self) -> None:
        if hasattr(self, "room"):
            self.room.office.close()
        shutil.rmtree(self.folder)


TestTraining = Training.TestCase
TestTraining.settings = settings(max_examples=12, stateful_step_count=16, deadline=None)
