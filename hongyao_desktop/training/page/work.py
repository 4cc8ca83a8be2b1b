"""What waits in training: classes under way in which not everybody has been marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hongyao_desktop.core.desk import Reader
from hongyao_desktop.kit.pages import WorkItem
from hongyao_desktop.kit.session import Session
from hongyao_desktop.training import queries

CLASSES_PLACE: Final = "training.classes"
YEAR_PLACE: Final = "training.year"
ATTENDANCE_PLACE: Final = "training.attendance"
CADRES_PLACE: Final = "training.cadres"
TRAINEES_PLACE: Final = "training.trainees"


def work(reader: Reader, session: Session) -> Sequence[WorkItem]:
    """Classes under way with seats nobody has marked."""
    waiting = [row for row in queries.board(reader, session.today().isoformat()) if row["unmarked"]]
    if not waiting:
        return ()
    return (
        WorkItem(
            words="没有点完名的培训班",
            count=len(waiting),
            due=f"共 {sum(row['unmarked'] for row in waiting)} 人次",
            place=CLASSES_PLACE,
            row_id=waiting[0]["id"],
        ),
    )
