"""Typed rows of the ledgers, as rules and services handle them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hongyao_desktop.core import dates, hours
from hongyao_desktop.core.text import quoted

_DAY = 24 * 60
OPENING_HOURS = "期初时长"
"""What hours of older books are called (service.openings)."""


class Evidence(StrEnum):
    """What an hour rests on (时长来源); totals keep the three apart everywhere.

    SIGNED (签到): keyed in here from a sign-in sheet of the activity. MADE_UP (补录): entered afterwards with a reason.
    IMPORTED (导入): taken over from another table; this office has the table, not the sign-in.
    """

    SIGNED = "签到"
    MADE_UP = "补录"
    IMPORTED = "导入"


class VolunteerStatus(StrEnum):
    """Where a volunteer stands (状态)."""

    PENDING = "待审核"
    ACTIVE = "在册"
    PAUSED = "停用"
    LEFT = "退出"


class VolunteerKind(StrEnum):
    """Ordinary volunteers, and the couriers, riders, drivers and streamers counted apart (新就业群体)."""

    ORDINARY = "普通"
    NEW_EMPLOYMENT = "新就业群体"


class PointKind(StrEnum):
    """Why points moved (积分类别). REVERSAL (冲正) takes back one named entry."""

    SERVICE = "服务"
    SPOT = "随手拍"
    BONUS = "奖励"
    DEDUCTION = "扣减"
    REDEMPTION = "兑换"
    EXPIRY = "到期"
    OPENING = "期初"
    REVERSAL = "冲正"


class SpotStatus(StrEnum):
    """Where a spot report stands (办理状态)."""

    OPEN = "待办"
    CLOSED = "办结"
    MERGED = "并入"
    VOID = "作废"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """An activity (活动). Minutes count from midnight of ``held_on``; past 1440 it ends on the next day."""

    title: str
    held_on: dt.date
    id: str | None = None
    category: str | None = None
    unit_id: str | None = None
    place: str | None = None
    starts_minute: int | None = None
    ends_minute: int | None = None
    leader: str | None = None
    served: str | None = None
    dangerous: bool = False
    wanted: int | None = None
    source: str | None = None
    note: str | None = None

    @property
    def minutes(self) -> int | None:
        """Length of the activity in minutes, None where its times are not known."""
        if self.starts_minute is None or self.ends_minute is None:
            return None
        return self.ends_minute - self.starts_minute

    def columns(self) -> dict[str, Any]:
        """The row as the table ``activity`` holds it, without the id."""
        return {
            "title": self.title,
            "category": self.category,
            "unit_id": self.unit_id,
            "place": self.place,
            "held_on": self.held_on.isoformat(),
            "starts_minute": self.starts_minute,
            "ends_minute": self.ends_minute,
            "leader": self.leader,
            "served": self.served,
            "dangerous": int(self.dangerous),
            "wanted": self.wanted,
            "source": self.source,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRecord:
    """One person's service (服务记录), on file or about to be. ``minutes`` is the length of service credited."""

    volunteer_id: str
    title: str
    served_on: dt.date
    minutes: int
    evidence: Evidence
    id: str | None = None
    activity_id: str | None = None
    unit_id: str | None = None
    starts_minute: int | None = None
    ends_minute: int | None = None
    reason: str | None = None
    witness: str | None = None
    source: str | None = None

    @property
    def span(self) -> tuple[int, int] | None:
        """First and last minute on an absolute scale, so that services over midnight compare rightly."""
        if self.starts_minute is None or self.ends_minute is None:
            return None
        base = self.served_on.toordinal() * _DAY
        return base + self.starts_minute, base + self.ends_minute

    def described(self) -> str:
        """The record in one phrase, so that a finding can show both sides."""
        when = dates.format_cn(self.served_on)
        if self.starts_minute is not None and self.ends_minute is not None:
            when += f" {clock_text(self.starts_minute)}—{clock_text(self.ends_minute)}"
        return f"{quoted(self.title)}（{when}，{duration_text(self.minutes)}，{self.evidence.value}）"

    def columns(self) -> dict[str, Any]:
        """The row as the table ``service_record`` holds it, without id, day and hand of recording."""
        return {
            "volunteer_id": self.volunteer_id,
            "unit_id": self.unit_id,
            "activity_id": self.activity_id,
            "title": self.title,
            "served_on": self.served_on.isoformat(),
            "starts_minute": self.starts_minute,
            "ends_minute": self.ends_minute,
            "minutes": self.minutes,
            "evidence": self.evidence.value,
            "reason": self.reason,
            "witness": self.witness,
            "source": self.source,
        }


def activity_of(row: Mapping[str, Any]) -> Activity:
    """An activity from its table row."""
    return Activity(
        id=row["id"],
        title=row["title"],
        held_on=dt.date.fromisoformat(row["held_on"]),
        category=row["category"],
        unit_id=row["unit_id"],
        place=row["place"],
        starts_minute=row["starts_minute"],
        ends_minute=row["ends_minute"],
        leader=row["leader"],
        served=row["served"],
        dangerous=bool(row["dangerous"]),
        wanted=row["wanted"],
        source=row["source"],
        note=row["note"],
    )


def service_of(row: Mapping[str, Any]) -> ServiceRecord:
    """A service record from its table row."""
    return ServiceRecord(
        id=row["id"],
        volunteer_id=row["volunteer_id"],
        title=row["title"],
        served_on=dt.date.fromisoformat(row["served_on"]),
        minutes=row["minutes"],
        evidence=Evidence(row["evidence"]),
        activity_id=row["activity_id"],
        unit_id=row["unit_id"],
        starts_minute=row["starts_minute"],
        ends_minute=row["ends_minute"],
        reason=row["reason"],
        witness=row["witness"],
        source=row["source"],
    )


@dataclass(frozen=True, slots=True)
class Training:
    """A training session somebody attended (培训): its day, the part of the day, and the class."""

    day: dt.date
    part: str
    title: str

    @property
    def span(self) -> tuple[int, int]:
        """The part of the day in minutes from midnight, as wide as such a part can be."""
        return {"上午": (480, 720), "下午": (720, 1080), "晚上": (1080, 1320)}.get(self.part, (480, 1080))


@dataclass(frozen=True, slots=True)
class Duty:
    """A post on the staff (在岗): its category, what it is called, and the days it is held."""

    category: str
    post: str | None
    from_on: dt.date
    until_on: dt.date | None

    @property
    def shown(self) -> str:
        """Category and post in words."""
        return (
            f"{self.category}（{self.post}）" if self.post and self.post != self.category else self.category
        )

    def on(self, day: dt.date) -> bool:
        """Whether it is held that day."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What must be known of a volunteer before service is recorded (在册情况)."""

    id: str
    person_id: str
    number: str
    name: str
    status: VolunteerStatus
    unit_id: str | None
    joined_on: dt.date | None = None
    left_on: dt.date | None = None
    birth_on: dt.date | None = None
    guardian: str | None = None
    insured_until: dt.date | None = None
    person_status: str = "在册"
    person_status_on: dt.date | None = None
    kind: str | None = None

    @property
    def shown(self) -> str:
        """Name with the public number."""
        return f"{self.name}（{self.number}）"


def standing_of(row: Mapping[str, Any]) -> Standing:
    """A volunteer's standing from a row of ``volunteer_view``."""
    return Standing(
        id=row["id"],
        person_id=row["person_id"],
        number=row["number"],
        name=row["name"],
        status=VolunteerStatus(row["status"]),
        unit_id=row["unit_id"],
        joined_on=_day(row["joined_on"]),
        left_on=_day(row["left_on"]),
        birth_on=_day(row["birth_on"]),
        guardian=row["guardian"],
        insured_until=_day(row["insured_until"]),
        person_status=row["person_status"],
        person_status_on=_day(row["person_status_on"]),
        kind=row.get("kind"),
    )


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def clock_text(minute: int) -> str:
    """Minutes since midnight as a clerk writes them: 540 → "9:00", 1500 → "次日1:00"."""
    days, rest = divmod(minute, _DAY)
    shown = f"{rest // 60}:{rest % 60:02d}"
    return f"次日{shown}" if days else shown


def duration_text(minutes: int) -> str:
    """A length with its unit for sentences: 90 → "1.5 小时", 91 → "1 小时 31 分钟"; 分 alone would mean points."""
    if minutes % 3 == 0:
        return f"{hours.format_minutes(minutes)} 小时"
    hour, rest = divmod(minutes, 60)
    return f"{hour} 小时 {rest} 分钟" if hour else f"{rest} 分钟"
