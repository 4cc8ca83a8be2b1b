"""Suspicions (疑点) as values: what is suspicious, the sentence, and the records behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hongyao_desktop.core.desk import Row


class Kind(StrEnum):
    """What is suspicious (DOMAIN 1.4, fraud tests a to j, and patterns of entry), and whom conduct would strike off."""

    STRIKE_OFF = "建议注销"
    BURST = "成批录入"
    OVERLAP = "时间重叠"
    DOUBLE = "重复登记"
    EARLY = "提前录入"
    GONE = "离册登记"
    OWN = "本人登记"
    LONG_DAY = "单日过长"
    NIGHT = "深夜录入"
    PHOTO = "同一照片"
    WINDOW = "超出活动"
    LATE = "超期录入"
    STAFF = "在岗服务"
    NO_ACTIVITY = "没有活动"
    ROUND = "全是整点"
    SURNAME = "同姓登记"


_WEIGHTS: Final = {
    Kind.STRIKE_OFF: 7,
    Kind.BURST: 6,
    Kind.OVERLAP: 5,
    Kind.DOUBLE: 5,
    Kind.EARLY: 5,
    Kind.GONE: 5,
    Kind.OWN: 4,
    Kind.LONG_DAY: 3,
    Kind.NIGHT: 3,
    Kind.PHOTO: 3,
    Kind.WINDOW: 2,
    Kind.LATE: 2,
    Kind.STAFF: 2,
    Kind.NO_ACTIVITY: 2,
    Kind.ROUND: 2,
    Kind.SURNAME: 1,
}
GRAVE: Final = frozenset(kind for kind, weight in _WEIGHTS.items() if weight >= 4)
DOUBTFUL: Final = frozenset(kind for kind, weight in _WEIGHTS.items() if weight == 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One suspicion: what, who entered, how many records and minutes, the sentence, ids of the records behind it.

    The records are services; those of :attr:`Kind.PHOTO` are spot reports, those of a striking-off are incidents, and
    ``volunteer_id`` is who it is about.
    """

    kind: Kind
    key: str
    operator: str
    records: int
    minutes: int
    sentence: str
    record_ids: tuple[str, ...]
    dismissed: str = ""
    volunteer_id: str = ""

    @property
    def hands(self) -> tuple[str, ...]:
        """Everybody who entered one of the records; none of them may set the suspicion aside."""
        return tuple(self.operator.split("、"))

    @property
    def weight(self) -> tuple[int, int]:
        """The gravest first, then the biggest."""
        return _WEIGHTS[self.kind], self.minutes


def made(kind: Kind, hand: str, rows: Sequence[Row], sentence: str) -> Signal:
    """A suspicion about ``rows`` (id, minutes) that ``hand`` entered; the key holds as long as the rows do."""
    ids = tuple(row["id"] for row in rows)
    return Signal(
        kind=kind,
        key=f"{hand}|{ids[0]}|{ids[-1]}|{len(ids)}",
        operator=hand,
        records=len(rows),
        minutes=sum(row["minutes"] or 0 for row in rows),
        sentence=sentence,
        record_ids=ids,
    )


def hands_of(rows: Sequence[Row]) -> str:
    """Everybody who entered one of these rows, each once."""
    return "、".join(dict.fromkeys(row["recorded_by"] for row in rows))
