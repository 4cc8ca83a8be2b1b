"""What an hour was before, or became (更正的来龙去脉)."""

from __future__ import annotations

from hongyao_desktop.core.desk import Reader
from hongyao_desktop.volunteers.records.rows import duration_text


def correction_words(reader: Reader, record_id: str) -> str:
    """A sentence for a record that was corrected, and for the one that took its place; "" for all others."""
    said = []
    for mine, other, word in (("after_id", "before_id", "更正前是"), ("before_id", "after_id", "已更正为")):
        row = reader.one(
            f"""
            SELECT correction.*, other.minutes FROM service_correction AS correction
            JOIN service_record AS other ON other.id = correction.{other} WHERE correction.{mine} = ?
            """,
            (record_id,),
        )
        if row is not None:
            raised = f"{row['raised_by']}提出，" if row["raised_by"] else ""
            said.append(
                f"{word} {duration_text(row['minutes'])}（{raised}{row['recorded_by']} {row['corrected_on']} 更正："
                f"{row['reason']}）"
            )
    return "；".join(said)


def living_record(reader: Reader, record_id: str) -> str:
    """The record that stands today in the place of this one: corrected since, or gone along with a merge."""
    heir = reader.value(
        """
        WITH RECURSIVE heir(id, place) AS (
            SELECT ?, 0
            UNION ALL
            SELECT COALESCE(
                (SELECT after_id FROM service_correction WHERE before_id = heir.id),
                (SELECT after_id FROM service_transfer WHERE before_id = heir.id)
            ), heir.place + 1 FROM heir WHERE heir.id IS NOT NULL
        ) SELECT id FROM heir WHERE id IS NOT NULL ORDER BY place DESC LIMIT 1
        """,
        (record_id,),
    )
    return str(heir)
