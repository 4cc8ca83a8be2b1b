"""Photos of spot reports (随手拍照片): noted by their hash; one that stands under another report is asked about."""

from __future__ import annotations

import datetime as dt

from hongyao_desktop.core import dates
from hongyao_desktop.core.attached import FileMark
from hongyao_desktop.core.desk import Reader, Role, Row, Writer, require
from hongyao_desktop.core.problem import Level, Problem, Refusal
from hongyao_desktop.volunteers.records.rows import SpotStatus


def photos_of(reader: Reader, report_id: str) -> list[Row]:
    """The photos of a report in the order they were noted, each with how many other reports show the same one."""
    return reader.all("SELECT * FROM spot_photo_view WHERE spot_report_id = ? ORDER BY id", (report_id,))


def check_photo(reader: Reader, report_id: str, photo: FileMark) -> list[Problem]:
    """What is wrong or doubtful about a photo: here already, or under another report (DOMAIN 1.4, fraud test h)."""
    found = []
    for row in reader.all("SELECT * FROM spot_photo_view WHERE file_hash = ? ORDER BY id", (photo.sha256,)):
        if row["spot_report_id"] == report_id:
            message = f"“{photo.name}”与本件已登记的照片“{row['file_name']}”完全相同，不用再登记"
            return [Problem(Level.ERROR, "spot.photo.here", message)]
        day = dates.format_cn(dt.date.fromisoformat(row["reported_on"]))
        message = (
            f"这张照片已用在{row['reporter']}{day}上报的“{row['content']}”，请核对是不是同一问题；"
            "是的请用“并入首报”"
        )
        found.append(Problem(Level.QUESTION, "spot.photo.elsewhere", message))
    return found[:1]


def attach_photo(writer: Writer, report_id: str, photo: FileMark, note: str | None = None) -> None:
    """Note a photo that shows what was reported (登记照片); whoever calls has had the question answered."""
    require(writer, Role.ENTRY, Role.REVIEW)
    status = writer.value("SELECT status FROM spot_report WHERE id = ?", (report_id,))
    if status is None:
        raise Refusal("这件随手拍不在台账里，请刷新列表后重新选择")
    if status == SpotStatus.VOID:
        raise Refusal("这件随手拍已作废，不能再登记照片")
    errors = [problem for problem in check_photo(writer, report_id, photo) if problem.level is Level.ERROR]
    if errors:
        raise Refusal(errors[0].message, problems=errors)
    writer.insert(
        "spot_photo",
        {
            "spot_report_id": report_id,
            "file_name": photo.name,
            "file_bytes": photo.size,
            "file_hash": photo.sha256,
            "note": (note or "").strip() or None,
            "recorded_on": writer.clock.today().isoformat(),
            "recorded_by": writer.who.name,
        },
    )
