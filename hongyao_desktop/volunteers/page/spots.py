"""The page of spot reports (随手拍)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from hongyao_desktop.core import dates
from hongyao_desktop.core.desk import Reader, Role, Row, Writer
from hongyao_desktop.core.fields import Reference
from hongyao_desktop.core.lookup import Lookup, Match
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.kit.pages import Page, WorkItem
from hongyao_desktop.kit.parts import Facts, RegisterPageParts
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.volunteers.module import MODULE
from hongyao_desktop.volunteers.page.volunteers import IMPORT, REASON
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries.finding import volunteer_lookup
from hongyao_desktop.volunteers.records.photos import PHOTOS
from hongyao_desktop.volunteers.records.points import SPOTS
from hongyao_desktop.volunteers.records.rows import SpotStatus
from hongyao_desktop.volunteers.service import spot_photos, spots

PLACE = "volunteers.spots"
PHOTO_PLACE = "volunteers.spot_photos"
_TONES = {"待办": "warn", "办结": "good", "并入": "ink_3", "作废": "ink_3"}


def _id_of(row: Row | None) -> str:
    if row is None:
        raise ValueError("this step needs a record")
    return str(row["id"])


def _close(writer: Writer, values: Row, row: Row | None) -> str:
    day = dt.date.fromisoformat(values["closed_on"])
    spots.close_spot(writer, _id_of(row), closed_on=day, outcome=values.get("outcome"))
    return _id_of(row)


def _claim(writer: Writer, values: Row, row: Row | None) -> str:
    spots.claim_spot(writer, _id_of(row), values["volunteer_id"])
    return _id_of(row)


def _merge(writer: Writer, values: Row, row: Row | None) -> str:
    spots.merge_spot(writer, _id_of(row), values["first_id"])
    return _id_of(row)


def _split(writer: Writer, values: Row, row: Row | None) -> str:
    spots.split_spot(writer, _id_of(row), values["reason"])
    return _id_of(row)


def _attach(writer: Writer, values: Row, row: Row | None) -> str:
    spot_photos.attach_photo(writer, _id_of(row), values["file"], values.get("note"))
    return _id_of(row)


def _void(writer: Writer, values: Row, row: Row | None) -> str:
    spots.void_spot(writer, _id_of(row), values["reason"])
    return _id_of(row)


_CLOSE = Verb(
    label="办结",
    run=_close,
    fields=(
        replace(SPOTS.field("closed_on"), derived=False, required=True),
        replace(SPOTS.field("outcome"), derived=False),
    ),
    note="办结后给首报人记积分；还没有对应志愿者的，对应之后记上。",
    defaults=lambda session, _row: {"closed_on": session.today().isoformat()},
    shows=lambda row: bool(row["status"] == SpotStatus.OPEN),
    done="已办结",
)
_ORDER = Verb(
    label="转工单",
    direct=lambda session, row: session.go("orders", f"spot:{_id_of(row)}"),
    note="要派人办理的转为工单；工单完成时随手拍一并办结。",
    shows=lambda row: bool(row["status"] == SpotStatus.OPEN and not row["order_number"]),
)
_CLAIM = Verb(
    label="对应志愿者",
    run=_claim,
    fields=(replace(SPOTS.field("volunteer_id"), required=True),),
    shows=lambda row: row["status"] in (SpotStatus.OPEN, SpotStatus.CLOSED),
    done="已对应志愿者",
)
_MERGE = Verb(
    label="并入首报",
    run=_merge,
    fields=(
        Field(
            name="first_id",
            label="首报",
            type=Reference("spot_reports"),
            sensitivity=Sensitivity.INTERNAL,
            required=True,
            width=14,
        ),
    ),
    lookups=lambda row: {"first_id": first_lookup(row)},
    note="地点或类别写得不一样、其实是同一问题的，并入更早的那一件；积分归首报人。",
    shows=lambda row: row["status"] in (SpotStatus.OPEN, SpotStatus.CLOSED),
    done="已并入首报",
)
_SPLIT = Verb(
    label="拆出",
    run=_split,
    fields=(replace(REASON, example="是另一盏路灯"),),
    note="不是同一问题的拆出来，单独办理、单独记积分。",
    shows=lambda row: bool(row["status"] == SpotStatus.MERGED),
    reason="reason",
    done="已拆出，待办",
)
_PHOTO = Verb(
    label="登记照片",
    run=_attach,
    check=lambda reader, values, row: spot_photos.check_photo(reader, _id_of(row), values["file"]),
    fields=(replace(PHOTOS.field("note"), derived=False),),
    file="照片",
    note="记下文件名和校验值，照片留在原处，请妥善保存；同一张照片用在别的随手拍上会提示。",
    shows=lambda row: bool(row["status"] != SpotStatus.VOID),
    done="已登记照片",
)
_PHOTOS = Verb(label="照片名录", direct=lambda session, _row: session.go(PHOTO_PLACE))
_VOID = Verb(
    label="作废",
    run=_void,
    fields=(REASON,),
    note="记录保留，已记的积分收回。",
    reason="reason",
    done="已作废",
)


def tone(field: Field, row: Row) -> str | None:
    """Colours of the state."""
    return _TONES.get(row.get("status") or "") if field.name == "status" else None


def _facts(reader: Reader, row: Row) -> Facts:
    said = []
    if row["status"] == SpotStatus.MERGED:
        first = reader.one(
            "SELECT reporter, reported_on FROM spot_report WHERE id = ?", (row["merged_into_id"],)
        )
        if first is not None:
            day = dates.format_cn(dt.date.fromisoformat(first["reported_on"]))
            said.append(f"并入{first['reporter']}{day}的首报")
    if row["merged_reports"]:
        said.append(f"另有 {row['merged_reports']} 件并入本件")
    said += _orders_said(reader, row["id"])
    for photo in spot_photos.photos_of(reader, row["id"]):
        twice = f"，另有 {photo['elsewhere']} 件用了同一张" if photo["elsewhere"] else ""
        said.append(f"照片 {photo['file_name']}（校验值 {photo['file_hash'][:8]}{twice}）")
    if row["volunteer_id"] is None and row["status"] not in (SpotStatus.MERGED, SpotStatus.VOID):
        said.append("上报人还没有对应到志愿者")
    entries = lookups.point_entries_in_force(reader, "spot_report_id", row["id"])
    said += [entry["explanation"] for entry in entries]
    return Facts(note="；".join(said))


def _orders_said(reader: Reader, report_id: str) -> list[str]:
    """Each order that was made of the report and where it stands, with the reason where it was not gone on with."""
    rows = reader.all(
        "SELECT number, state, (SELECT reason FROM order_step WHERE order_id = service_order.id "
        "ORDER BY id DESC LIMIT 1) AS reason FROM service_order WHERE spot_report_id = ? ORDER BY id",
        (report_id,),
    )
    said = []
    for row in rows:
        over = row["state"] in ("不受理", "已转出", "作废")
        why = f"：{row['reason']}" if over and row["reason"] else ""
        said.append(f"{'曾' if over else '已'}转工单 {row['number']}（{row['state']}{why}）")
    return said


def _load(reader: Reader, row_id: str) -> Row | None:
    """A report with the order that was made of it; the table of orders is another room's, its rows are not."""
    return reader.one(
        "SELECT spot_view.*, (SELECT number FROM service_order WHERE spot_report_id = spot_view.id "
        "AND state NOT IN ('不受理', '作废') LIMIT 1) AS order_number FROM spot_view WHERE id = ?",
        (row_id,),
    )


def build(session: Session) -> Page:
    """The page of spot reports."""
    desk = next(desk for desk in MODULE.desks if desk.register is SPOTS)
    checker = bool(session.who.roles.intersection((Role.REVIEW, Role.APPROVE)))

    def may_void(row: Row) -> bool:
        return checker and row["status"] in (SpotStatus.OPEN, SpotStatus.CLOSED)

    parts = RegisterPageParts(
        title="随手拍",
        search_hint="上报人、拼音首字母、内容",
        new_label="登记随手拍",
        facts=_facts,
        verbs=(_CLOSE, _ORDER, _CLAIM, _PHOTO, _MERGE, _SPLIT, replace(_VOID, shows=may_void), _PHOTOS),
        importing=lambda page: page.session.go(IMPORT, SPOTS.name),
        tone=tone,
        defaults=lambda made: {"reported_on": made.today().isoformat()},
        lookups={"volunteer_id": volunteer_lookup(session.lookups)},
        watches=("point_entry", "service_order", "spot_photo"),
        load=_load,
    )
    return RegisterPage(session, desk, parts)


def build_photos(session: Session) -> Page:
    """The list of photos; those under two reports stand out by their count."""
    desk = next(desk for desk in MODULE.desks if desk.register is PHOTOS)
    parts = RegisterPageParts(
        title="随手拍照片",
        search_hint="上报人、内容、文件名",
        tone=lambda field, row: "warn" if field.name == "elsewhere" and row["elsewhere"] else None,
        watches=("spot_photo",),
    )
    return RegisterPage(session, desk, parts)


def first_lookup(own: Row | None) -> Lookup:
    """Reports ``own`` may be merged into: earlier ones that wait or are closed, of its kind first, then the latest.

    Words of place, content or reporter narrow them down.
    """
    row: Row = own or {}

    def find(reader: Reader, typed: str, limit: int) -> Sequence[Match]:
        rows = reader.all(
            """
            SELECT * FROM spot_report WHERE status IN ('待办', '办结') AND id IS NOT :own
                AND (:day IS NULL OR reported_on < :day
                    OR reported_on = :day AND COALESCE(reported_minute, 0) <= COALESCE(:minute, 0))
                AND (place LIKE :words OR content LIKE :words OR reporter LIKE :words)
            ORDER BY kind IS :kind DESC, reported_on DESC, id DESC LIMIT :most
            """,
            {
                "own": row.get("id"),
                "day": row.get("reported_on"),
                "minute": row.get("reported_minute"),
                "kind": row.get("kind"),
                "words": f"%{typed.strip()}%",
                "most": limit,
            },
        )
        return [_match(row) for row in rows]

    def show(reader: Reader, row_id: str) -> Match | None:
        row = reader.one("SELECT * FROM spot_report WHERE id = ?", (row_id,))
        return None if row is None else _match(row)

    return Lookup(find=find, show=show)


def _match(row: Row) -> Match:
    day = dates.format_cn(dt.date.fromisoformat(row["reported_on"]))
    return Match(row["id"], f"{row['place']}：{row['content']}"[:24], f"{row['reporter']}　{day}", row)


def work(reader: Reader, _session: Session) -> list[WorkItem]:
    """Reports nobody has closed yet."""
    waiting = lookups.open_spots(reader)
    return [WorkItem(words="待办的随手拍", count=waiting, place=PLACE)] if waiting else []
