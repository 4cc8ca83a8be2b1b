"""Taking back an import of hours as a whole (整批撤回导入的时长): what one import wrote, reversed in one step."""

from __future__ import annotations

from hongyao_desktop.core.desk import Reader, Role, Writer, require
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.volunteers.service.recording import reverse_service


def imported_with(reader: Reader, record_id: str) -> list[str]:
    """Ids of the records still in force that the same import wrote, this one included; empty for any other record.

    The journal knows what one import wrote; nothing else tells two imports of one file apart.
    """
    rows = reader.all(
        """
        SELECT other.row_id AS id FROM journal_image AS own
        JOIN journal_operation AS op ON op.seq = own.op_seq
        JOIN journal_image AS other ON other.n BETWEEN op.first_image AND op.first_image + op.images - 1
        JOIN service_view AS record ON record.id = other.row_id
        WHERE own.row_id = ? AND own.table_name = 'service_record' AND own.action = 'I'
            AND op.op LIKE '导入%' AND other.table_name = 'service_record' AND other.action = 'I'
            AND record.state = '有效'
        ORDER BY other.n
        """,
        (record_id,),
    )
    return [str(row["id"]) for row in rows]


def withdraw_import(writer: Writer, record_id: str, reason: str) -> int:
    """Reverse every record that came in with this one, with its points; returns how many.

    What was reversed by itself already is passed over.
    """
    require(writer, Role.ENTRY, Role.REVIEW)
    if not reason.strip():
        raise Refusal("整批撤回要写明原因")
    batch = imported_with(writer, record_id)
    if not batch:
        raise Refusal("这一条不是从表格导入的，或者整批都已经冲正，请单独冲正")
    for one in batch:
        reverse_service(writer, one, reason)
    return len(batch)
