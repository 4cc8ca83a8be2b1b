"""The registers behind the counter: goods, redemptions, stock movements (商品、兑换记录、库存流水)."""

from __future__ import annotations

import datetime as dt
from functools import partial

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Reader, Role, Row, Writer
from hongyao_desktop.core.hours import format_centi
from hongyao_desktop.core.money import format_fen
from hongyao_desktop.core.register import Field
from hongyao_desktop.kit.pages import Page
from hongyao_desktop.kit.parts import Facts, RegisterPageParts, View
from hongyao_desktop.kit.register_page import RegisterPage
from hongyao_desktop.kit.session import Session
from hongyao_desktop.kit.verb_form import Verb
from hongyao_desktop.volunteers.module import MODULE
from hongyao_desktop.volunteers.page.shop import places
from hongyao_desktop.volunteers.page.shop.places import COUNT, STOCK_IN
from hongyao_desktop.volunteers.page.tabs import reversal_tone
from hongyao_desktop.volunteers.page.volunteers import IMPORT, REASON
from hongyao_desktop.volunteers.queries import shop as queries
from hongyao_desktop.volunteers.records.shop import (
    GOODS,
    MOVEMENTS,
    OFFERED,
    REDEMPTIONS,
    STOPPED,
    Movement,
    Stage,
)
from hongyao_desktop.volunteers.service import shop

STAGE_TONES = {Stage.WAITING: "warn", Stage.HANDED: "good", Stage.CANCELLED: "ink_3", Stage.RETURNED: "ink_3"}
_TABS = (
    ("积分超市", places.COUNTER),
    ("兑换商品", places.GOODS),
    ("兑换记录", places.REDEMPTIONS),
    ("库存流水", places.MOVEMENTS),
)
SHELF_TONES = {"有货": "good", "不足": "warn", "缺货": "bad"}


def _id_of(row: Row | None) -> str:
    if row is None:
        raise ValueError("this step needs a record")
    return str(row["id"])


def _with_tabs(page: RegisterPage) -> Page:
    """The shop's own pages as tabs in the title line; the window gives none to pages it does not list."""
    for words, place in _TABS:
        page.add_sibling(words, partial(page.session.go, place), front=words == page.title.text())
    return page


# ------------------------------------------------------------------------------------------------ goods


def _stop(writer: Writer, values: Row, row: Row | None) -> str:
    shop.stop_good(writer, _id_of(row), values["reason"])
    return _id_of(row)


def _offer(writer: Writer, _values: Row, row: Row | None) -> str:
    shop.offer_good(writer, _id_of(row))
    return _id_of(row)


_STOP = Verb(
    label="停换",
    run=_stop,
    roles=(Role.ENTRY, Role.REVIEW),
    fields=(REASON,),
    note="不再兑换，库存和以前的兑换记录都保留。",
    shows=lambda row: bool(row["status"] == OFFERED),
    reason="reason",
    done="已停换",
)
_OFFER = Verb(
    label="恢复兑换",
    run=_offer,
    roles=(Role.ENTRY, Role.REVIEW),
    shows=lambda row: bool(row["status"] == STOPPED),
    done="已恢复兑换",
)


def good_tone(field: Field, row: Row) -> str | None:
    """Empty shelves in red, scarce ones in amber, what is no longer offered steps back."""
    if field.name in ("shelf", "stock"):
        tone = SHELF_TONES[row["shelf"]]
        return tone if field.name == "shelf" or tone != "good" else None
    return "ink_3" if row["status"] == STOPPED else None


def _good_facts(reader: Reader, row: Row) -> Facts:
    price = GOODS.field("points").type.format(row["points"])
    said = [f"停换原因：{row['status_reason']}"] if row["status_reason"] else []
    for before in queries.earlier_prices(reader, row["id"])[:2]:
        points, day = format_centi(before["price_points"]), dt.date.fromisoformat(before["last_on"])
        said.append(f"以前按 {points} 分兑换，最后一次{format_cn(day)}")
    return Facts(
        figures=(("积分价", f"{price} 分"), ("库存", f"{row['stock']} {row['measure']}")),
        note="；".join(said),
        subtitle=row["number"],
    )


def build_goods(session: Session) -> Page:
    """The page of goods."""
    desk = next(desk for desk in MODULE.desks if desk.register is GOODS)
    parts = RegisterPageParts(
        title="兑换商品",
        search_hint="品名、拼音首字母、编号",
        new_label="新增商品",
        facts=_good_facts,
        verbs=(_STOP, _OFFER),
        batch=lambda page: page.session.go(STOCK_IN),
        batch_label="登记进货",
        printing=lambda page: page.session.go("papers", "shop-count"),
        importing=lambda page: page.session.go(IMPORT, GOODS.name),
        tone=good_tone,
        defaults=lambda _made: {"category": "实物", "measure": "件"},
        watches=("shop_movement",),
    )
    return _with_tabs(RegisterPage(session, desk, parts))


# ------------------------------------------------------------------------------------------------ redemptions


def _hand_over(writer: Writer, _values: Row, row: Row | None) -> str:
    return shop.hand_over(writer, _id_of(row))


def _cancel(writer: Writer, values: Row, row: Row | None) -> str:
    return shop.cancel_redemption(writer, _id_of(row), values["reason"])


def _return(writer: Writer, values: Row, row: Row | None) -> str:
    return shop.return_redemption(writer, _id_of(row), values["reason"])


def _redemption_row(reader: Reader, row_id: str) -> Row | None:
    row = reader.one(f"SELECT * FROM {REDEMPTIONS.source} WHERE id = ?", (row_id,))
    if row is None:
        return None
    names = {
        "volunteer_id": f"{row['name']}（{row['volunteer_number']}）",
        "good_id": row["good_name"],
        "unit_id": row["unit_name"],
    }
    return {**row, **names}


def build_redemptions(session: Session) -> Page:
    """The page of redemptions."""
    desk = next(desk for desk in MODULE.desks if desk.register is REDEMPTIONS)
    parts = RegisterPageParts(
        title="兑换记录",
        search_hint="姓名、品名、拼音首字母",
        verbs=(
            Verb(
                label="领取",
                run=_hand_over,
                roles=(Role.ENTRY, Role.REVIEW),
                shows=lambda row: bool(row["state"] == Stage.WAITING),
                done="已领取",
            ),
            Verb(
                label="取消",
                run=_cancel,
                roles=(Role.ENTRY, Role.REVIEW),
                fields=(REASON,),
                note="积分和库存一并加回，原记录保留。",
                shows=lambda row: bool(row["state"] == Stage.WAITING),
                reason="reason",
                done="已取消，积分和库存已加回",
            ),
            Verb(
                label="退回",
                run=_return,
                roles=(Role.ENTRY, Role.REVIEW),
                fields=(REASON,),
                note="领走的东西退回来了：积分和库存一并加回，原记录保留。",
                shows=lambda row: bool(row["state"] == Stage.HANDED),
                reason="reason",
                done="已退回，积分和库存已加回",
            ),
        ),
        tone=lambda field, row: STAGE_TONES[Stage(row["state"])] if field.name == "state" else None,
        views=(
            View(label="全部"),
            *(View(label=stage.value, equals=(("state", stage.value),)) for stage in Stage),
        ),
        facts=lambda _reader, row: Facts(subtitle=f"{row['number']}　{row['good_name']}"),
        load=_redemption_row,
        printing=lambda page: page.session.go("papers", "shop-register"),
        watches=("shop_step", "shop_delivery", "shop_reminder", "shop_good", "volunteer", "person"),
    )
    return _with_tabs(RegisterPage(session, desk, parts))


# ------------------------------------------------------------------------------------------------ stock


def _reverse(writer: Writer, values: Row, row: Row | None) -> str:
    return shop.reverse_movement(writer, _id_of(row), values["reason"])


def _movement_row(reader: Reader, row_id: str) -> Row | None:
    row = reader.one(f"SELECT * FROM {MOVEMENTS.source} WHERE id = ?", (row_id,))
    return None if row is None else {**row, "good_id": row["good_name"], "unit_id": row["unit_name"]}


def _movement_facts(reader: Reader, row: Row) -> Facts:
    good = queries.good(reader, reader.value("SELECT good_id FROM shop_movement WHERE id = ?", (row["id"],)))
    year = int(row["moved_on"][:4])
    return Facts(
        figures=(
            ("现有库存", f"{good['stock']} {good['measure']}"),
            (f"{year}年进货（元）", format_fen(queries.spent_in_year(reader, year))),
        ),
        subtitle=row["good_number"],
    )


def build_movements(session: Session) -> Page:
    """The page of stock movements."""
    desk = next(desk for desk in MODULE.desks if desk.register is MOVEMENTS)
    parts = RegisterPageParts(
        title="库存流水",
        search_hint="品名、拼音首字母、编号",
        verbs=(
            Verb(
                label="冲正",
                run=_reverse,
                roles=(Role.REVIEW, Role.APPROVE),
                fields=(REASON,),
                note="原记录保留，另记一笔相反的变动；兑换的请在兑换记录里取消或退回。",
                shows=lambda row: bool(row["state"] == "有效" and not row["redemption_id"]),
                reason="reason",
                done="已冲正",
            ),
            Verb(label="盘点", direct=lambda made, _row: made.go(COUNT)),
        ),
        tone=reversal_tone,
        views=(
            View(label="全部"),
            *(
                View(label=kind.value, equals=(("kind", kind.value),))
                for kind in (Movement.STOCKED, Movement.REDEEMED, Movement.SURPLUS, Movement.LOSS)
            ),
        ),
        facts=_movement_facts,
        load=_movement_row,
        batch=lambda page: page.session.go(STOCK_IN),
        batch_label="登记进货",
        printing=lambda page: page.session.go("papers", "shop-count?what=结果"),
        watches=("shop_good",),
    )
    return _with_tabs(RegisterPage(session, desk, parts))
