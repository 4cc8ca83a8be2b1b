"""Papers of aid given (帮扶): the signature sheet for money (领款签收表) and the public notice (帮扶公示).

Who gets money signs for it on rows of 12 mm, with masked numbers and the total in capitals; a notice names category
and amount with a masked name and nothing else (DOMAIN 4.2: no illness, no number, no address, no account).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from hongyao_desktop.core import masking, money, strokes
from hongyao_desktop.core.desk import Reader, Row
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.masking import Kind, Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.settings import ZERO_BEFORE_JIAO
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec, Parameter
from hongyao_desktop.paper.document import (
    Column,
    Document,
    Fill,
    HeadGroup,
    Line,
    Note,
    Orientation,
    SignatureRow,
    Table,
    Title,
    serial_column,
)
from hongyao_desktop.people import queries as people
from hongyao_desktop.people.papers import NOTICE_PARAMETERS, Notice, dated, notice_document, period_words

ROW_HEIGHT: Final = 12.0
"""Millimetres; a signature or thumb-print needs them (DOMAIN 4.2)."""
ORDERS: Final = ("日期", strokes.LABEL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """One line: who gets how much (分) for what; ``entry_id`` of the ledger, "" for money not booked yet."""

    name: str
    unit: str
    id_number: str
    phone: str
    cause: str
    amount_fen: int
    day: str = ""
    voucher: str = ""
    category: str = ""
    entry_id: str = ""
    persons: int = 1


def aid_entries(request: PaperRequest) -> list[Row]:
    """Help paid within the period by the funds of the scope: neither red entries nor those taken back."""
    return request.reader.all(
        f"""
        WITH RECURSIVE {request.scope.sql}
        SELECT entry.*, person.name AS person_name, person.id_number, person.phone, unit.name AS unit_name
        FROM fund_entry_view AS entry LEFT JOIN person ON person.id = entry.person_id
        LEFT JOIN unit ON unit.id = person.unit_id
        WHERE entry.kind = '帮扶' AND entry.state = '正常' AND entry.entry_on BETWEEN :first AND :last
          AND entry.unit_id IN (SELECT id FROM scope)
        ORDER BY entry.entry_on, entry.fund_name, entry.number
        """,
        request.params(),
    )


def payees(request: PaperRequest) -> list[Payee]:
    """Those named, with one amount each, or those whom the ledger paid in the period."""
    named = request.text("people")
    if not named:
        return [_of_entry(row) for row in aid_entries(request) if _asked_for(request, row)]
    if not request.text("amount") or not request.text("cause"):
        raise Refusal("写明领款人时，还要写明 amount（每人金额）和 cause（事由）", exit_code=2)
    try:
        amount = money.parse_fen(request.text("amount"))
    except money.MoneyProblem as problem:
        raise Refusal(str(problem), exit_code=2) from problem
    names = [word for word in re.split("[,，、;；\\s]+", named) if word]
    return [_named(request.reader, name, request.text("cause"), amount) for name in names]


def _asked_for(request: PaperRequest, row: Row) -> bool:
    wanted = request.text("voucher")
    return not wanted or row["voucher"] == wanted


def _of_entry(row: Row) -> Payee:
    name = row["person_name"] or row["counterparty"] or _name_in(row["summary"])
    return Payee(
        name=name,
        unit=row["unit_name"] or "",
        id_number=row["id_number"] or "",
        phone=row["phone"] or "",
        cause=row["summary"],
        amount_fen=row["out_fen"],
        day=row["entry_on"],
        voucher=row["voucher"],
        category=row["category"],
        entry_id=row["id"],
        persons=row["persons"],
    )


def _name_in(summary: str) -> str:
    """What stands behind the colon of 慰问老党员：王喆堃; nothing where the summary names nobody."""
    _head, colon, tail = summary.replace(":", "：").partition("：")
    return tail.strip() if colon and len(tail.strip()) <= 12 else ""


def _named(reader: Reader, name: str, cause: str, amount_fen: int) -> Payee:
    found = people.find_people(reader, name)
    if not found:
        raise Refusal(f"人员台账里没有“{name}”，请先登记或核对姓名", exit_code=2)
    if len(found) > 1:
        units = "、".join(str(row["unit_name"] or "无组织") for row in found[:6])
        raise Refusal(f"叫“{name}”的有 {len(found)} 人（{units}），请改用台账里的付款记录打印", exit_code=2)
    row: dict[str, Any] = found[0]
    return Payee(
        name=name,
        unit=row["unit_name"] or "",
        id_number=row["id_number"] or "",
        phone=row["phone"] or "",
        cause=cause,
        amount_fen=amount_fen,
    )


def build_receipts(request: PaperRequest) -> Document:
    """The sheet on which everybody signs for the money, with its total in figures and capitals."""
    lines = payees(request)
    if not lines:
        raise Refusal("期间没有帮扶支出，没有可签收的款项；也可以用 people 写明领款人")
    rows = [
        Line(
            (
                place,
                line.name or None,
                line.unit or None,
                id_tail(line.id_number),
                _cause(line),
                line.amount_fen,
                masking.mask_phone(line.phone, Purpose.INTERNAL) or None,
                *(None,) * 5,
            ),
            f"fund_entries/{line.entry_id}" if line.entry_id else "",
        )
        for place, line in enumerate(lines, 1)
    ]
    total = sum(line.amount_fen for line in lines)
    zero = ZERO_BEFORE_JIAO.read(request.settings)
    table = Table(
        (
            serial_column(),
            Column("姓名", 1.5),
            Column("所在组织", 2.2),
            Column("证件号码", 1.4, kind=CellKind.CODE),
            Column("事由", 2.6),
            Column("金额", 1.7, kind=CellKind.MONEY),
            Column("联系电话", 1.85, kind=CellKind.CODE),
            Column("领款人签字\n（按手印）", 2.1),
            Column("日期", 1.1),
            Column("姓名", 1.4),
            Column("与领款人\n关系", 1.3),
            Column("证件后四位", 1.2),
        ),
        rows,
        name="领款签收表",
        head_groups=(*(HeadGroup("") for _ in range(9)), HeadGroup("代领人（须说明原因）", 3)),
        page_subtotal=True,
        total_label="合计",
        caption_left=f"发放单位：{request.office}",
        caption_right="单位：元",
        row_height=ROW_HEIGHT,
        fill=Fill.STRUCK,
        size=9,
    )
    return Document(
        f"领款签收表（{request.scope.label} {len(lines)} 笔）",
        (
            Title("党内关爱基金领款签收表"),
            dated(request, request.text("cause") or period_words(request)),
            table,
            Note(
                f"合计（大写）：{money.capital(total, zero_before_jiao=zero)}　（小写）{money.format_yuan_sign(total)}"
            ),
            Note(
                "由本人签字；代领的写明代领人姓名、与领款人关系、证件后四位，并在背面写明原因。空白行已画线注销。"
            ),
            SignatureRow(("经办人", "经办人", "审核人", "审批人", "单位（盖章）")),
        ),
        meta=request.meta("领款签收表"),
        foot=request.foot(),
        orientation=Orientation.LANDSCAPE,
    )


def id_tail(number: str) -> str:
    """A number as a signature sheet shows it: only the last four."""
    return f"****{number[-4:]}" if len(number) >= 8 else ""


def _cause(line: Payee) -> str:
    words = line.cause if line.persons <= 1 else f"{line.cause}（{line.persons} 人，附名单）"
    return f"{words}\n{line.voucher}" if line.voucher else words


RECEIPTS = PaperSpec(
    name="receipt-sheet",
    label="领款签收表",
    help="发放帮扶款时的签收表：证件只印后四位，行高 12 毫米，合计有大写，有代领人栏。期间的帮扶支出，或写明的领款人。",
    build=build_receipts,
    purposes=(Purpose.INTERNAL,),
    parameters=(
        Parameter("voucher", "凭证号", "", "只印这一张凭证，如 记-005"),
        Parameter("people", "领款人", "", "还没有记账时，写领款人姓名，用逗号分开"),
        Parameter("amount", "每人金额", "", "与领款人一起写，每人多少元"),
        Parameter("cause", "事由", "", "与领款人一起写，印在表上"),
    ),
)


def build_aid_notice(request: PaperRequest) -> Document:
    """The aid of the period or, by category, its sums: masked names, categories, amounts."""
    lines = [_of_entry(row) for row in aid_entries(request)]
    if not lines:
        raise Refusal("期间没有帮扶支出，不需要公示，请核对起止日期")
    if request.choice("order", "排序", ORDERS) == strokes.LABEL:
        lines.sort(key=lambda line: (strokes.name_key(line.name), line.day, line.entry_id))
    rows = [
        Line(
            (place, _public_name(line), line.unit or None, line.category, line.amount_fen, line.day),
            f"fund_entries/{line.entry_id}",
        )
        for place, line in enumerate(lines, 1)
    ]
    total = sum(line.amount_fen for line in lines)
    table = Table(
        (
            serial_column(),
            Column("帮扶对象", 1.8),
            Column("所在组织", 2.6),
            Column("帮扶类别", 2.2),
            Column("金额", 1.6, kind=CellKind.MONEY),
            Column("日期", 1.5, kind=CellKind.DATE),
        ),
        rows,
        name="帮扶公示",
        total_label="合计",
        page_subtotal=True,
        caption_right="单位：元",
    )
    persons = sum(max(1, line.persons) for line in lines)
    title = f"{request.scope.label}党内关爱基金帮扶情况公示"
    basis = request.text("basis")
    opening = (
        f"{f'根据{basis}，' if basis else ''}{period_words(request)}，党内关爱基金帮扶 {persons} 人次，"
        f"支出 {money.format_fen(total)} 元。"
    )
    return notice_document(request, Notice(title=title, opening=opening, table=table, subject="帮扶公示"))


def _public_name(line: Payee) -> str:
    """A masked name; a group as a number of people, an institution never by what the summary says of it."""
    if line.persons > 1:
        return f"{line.persons} 人"
    return masking.mask(Kind.NAME, line.name, Purpose.PUBLIC) if line.name else "—"


AID_NOTICE = PaperSpec(
    name="aid-notice",
    label="帮扶公示",
    help="期间的帮扶支出公示：脱敏姓名、组织、类别、金额；不印病情、证件、电话、住址、账号；公示期按工作日计算。",
    build=build_aid_notice,
    purposes=(Purpose.PUBLIC,),
    parameters=(
        Parameter("basis", "依据", "", "公示依据的文件名称，可不填"),
        Parameter("order", "排序", ORDERS[0], "名单的先后", choices=ORDERS),
        *NOTICE_PARAMETERS,
    ),
)
