"""The service certificate (志愿服务证明, 单位出具) and its number register (证明登记簿).

Items as the state rules ask (DOMAIN 1.2): person with identity and volunteer number; hours and content; issuer,
person in charge, handler, contact; number, date, notes. A place that is not linked to the national system says so.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import Any, Final

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.core.identity import IdKind
from hongyao_desktop.core.masking import Purpose, mask_id
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec, Parameter
from hongyao_desktop.paper.document import (
    Block,
    Column,
    Document,
    Note,
    Orientation,
    Paragraph,
    QrCode,
    Role,
    Row,
    Seal,
    SignatureRow,
    Sum,
    Table,
    Title,
    serial_column,
)
from hongyao_desktop.paper.geometry import CHARACTERS, MM, PITCH
from hongyao_desktop.people.papers import SCAN, dated, signed
from hongyao_desktop.volunteers.queries import paper_rows
from hongyao_desktop.volunteers.records.rows import duration_text

_ROOM: Final = 107.0
"""What title, number, signatures and the place for issuer and stamp leave of a page, in mm."""
_TALL: Final = 12.0
_NOTE: Final = 5.7
_SIZES: Final = ((14.0, 9.4), (12.0, 7.9), (10.5, 6.7), (9.0, 0.0))
"""Sizes of the table's text with the least height of a row, in points and mm."""
_NARROW: Final = 0x2E80
"""Below it stand letters, digits and signs; ideographs begin here."""
_NOT_YET = "（存盘或打印时开具）"
_TO_FILL = "（待填）"
ISSUED_BY_THE_UNIT = "单位出具：依据本单位志愿服务记录，非全国志愿服务信息系统出具；时长为实际服务时间。"


def build_certificate(request: PaperRequest) -> Document:
    """A certificate as it was entered in the number register."""
    return document_of(request, paper_rows.certificate(request.reader, request.text("number")))


def preview_certificate(request: PaperRequest) -> Document:
    """A certificate as it will be once it has its number."""
    if request.text("number"):
        return build_certificate(request)
    if not request.text("volunteer"):
        raise Refusal("先填志愿者，再按 F5 预览", exit_code=2)
    person = paper_rows.volunteer_named(request.reader, request.text("volunteer"))
    done = paper_rows.served(request.reader, person["id"], request.period)
    if not sum(done.minutes.values()):
        raise Refusal(f"{person['name']}在这段时间没有服务记录，不能开具证明，请核对起止日期")
    row = {
        **{name: person[name] for name in ("name", "id_kind", "id_number")},
        "volunteer_number": person["number"],
        "number": _NOT_YET,
        "status": "有效",
        "first_on": request.period.first.isoformat(),
        "last_on": request.period.last.isoformat(),
        "services": done.services,
        "signed_minutes": done.minutes["签到"],
        "made_up_minutes": done.minutes["补录"],
        "imported_minutes": done.minutes["导入"],
        "content": json.dumps(done.content, ensure_ascii=False),
        "used_for": request.text("use"),
        "replaces": request.text("replaces"),
        "chief": request.text("chief") or _TO_FILL,
        "handler": request.text("handler") or request.printed_by,
        "contact": request.text("contact") or _TO_FILL,
        "issued_on": request.clock.today().isoformat(),
    }
    return document_of(request, row)


def document_of(request: PaperRequest, row: dict[str, Any]) -> Document:
    """The paper of one row of the number register: one page, its table as large as the page has room."""
    void = "（已作废）" if row["status"] != "有效" else ""
    blocks: list[Block] = [
        Title("志愿服务证明"),
        Paragraph(f"（单位出具）　编号：{row['number']}{void}", Role.KAI),
    ]
    said, note = _testimony(row, request.purpose), _void_words(row) + _remarks(row) + ISSUED_BY_THE_UNIT
    room = _ROOM - PITCH / MM * _lines(said) - _NOTE * math.ceil(len(note) / 40)
    blocks += [
        Paragraph(said),
        _content(row, room),
        SignatureRow(
            (
                f"单位负责人：{row['chief']}",
                f"经办人：{row['handler']}",
                f"联系方式：{row['contact']}",
            )
        ),
        Note(note),
        QrCode(caption=SCAN),
        Seal(request.office, dt.date.fromisoformat(row["issued_on"])),
    ]
    return Document(
        f"志愿服务证明 {row['name']} {row['number']}".removesuffix(f" {_NOT_YET}"),
        tuple(blocks),
        meta=request.meta("志愿服务证明"),
        foot=request.foot(row["number"], dated=False),
    )


def _void_words(row: dict[str, Any]) -> str:
    if row["status"] == "有效":
        return ""
    after = f"，换开为{row['replaced_by']}" if row["replaced_by"] else ""
    return f"本证明已于{_cn(row['status_on'])}作废（{row['status_reason']}{after}），仅供查考。"


def _cn(day: str) -> str:
    return format_cn(dt.date.fromisoformat(day))


def _testimony(row: dict[str, Any], purpose: Purpose) -> str:
    kind = row["id_kind"] or IdKind.RESIDENT.value
    number = mask_id(row["id_number"] or "", purpose)
    identity = f"{kind}号码 {number}，" if number else "未登记证件号码，"
    older = _taken_over(row)
    split = "、".join(
        f"{word} {duration_text(minutes)}"
        for word, minutes in (
            ("签到", row["signed_minutes"]),
            ("补录", row["made_up_minutes"]),
            ("导入", row["imported_minutes"] - older),
            (paper_rows.TAKEN_OVER, older),
        )
        if minutes
    )
    total = row["signed_minutes"] + row["made_up_minutes"] + row["imported_minutes"]
    times = f"参加服务 {row['services']} 次，" if row["services"] else ""
    return (
        f"兹证明{row['name']}（{identity}志愿者编号 {row['volunteer_number']}）"
        f"自{_cn(row['first_on'])}至{_cn(row['last_on'])}在我单位登记的志愿服务中，{times}"
        f"服务时长 {duration_text(total)}（其中{split}），服务内容见下表，特此证明。"
    )


def _lines(said: str) -> int:
    """Lines of the official page a paragraph takes, at most: letters and digits are counted half as wide."""
    wide = sum(1.0 if ord(letter) > _NARROW else 0.5 for letter in said)
    return math.ceil((wide + 2) / CHARACTERS)


def _content(row: dict[str, Any], room: float) -> Table:
    """What was served, as large as ``room`` (in mm) allows: a paper to hand over, and still one page."""
    rows: list[Row] = [
        (number, content, "—" if times is None else times, minutes)
        for number, (content, times, minutes) in enumerate(json.loads(row["content"]), 1)
    ]
    height = min(room / (len(rows) + 2), _TALL)
    size = next(size for size, least in _SIZES if height >= least)
    return Table(
        (
            serial_column(),
            Column("服务内容", 6),
            Column("次数", 1.4, kind=CellKind.INTEGER, sum=Sum.ADD),
            Column("时长（小时）", 2.4, kind=CellKind.HOURS),
        ),
        rows,
        name="服务内容",
        total_label="合计",
        size=size,
        row_height=height,
        together=True,
    )


def _remarks(row: dict[str, Any]) -> str:
    """Other notes in the small letter of a note: in that of the text two of them would begin a second page."""
    used = f"本证明用于{row['used_for']}。" if row["used_for"] else ""
    older = f"{paper_rows.TAKEN_OVER}是启用本台账以前的服务，不计次数。" if _taken_over(row) else ""
    return used + (f"本证明替换已作废的 {row['replaces']}。" if row["replaces"] else "") + older


def _taken_over(row: dict[str, Any]) -> int:
    """Minutes of older books: the line of content whose times nobody knows."""
    return sum(minutes for _content, times, minutes in json.loads(row["content"]) if times is None)


CERTIFICATE = PaperSpec(
    name="certificate",
    label="志愿服务证明",
    help="开具一份志愿服务证明并登记编号；写明已有编号则照登记重印。更正时写明被替换的编号和原因，旧号自动作废。",
    build=build_certificate,
    purposes=(Purpose.REPORT,),
    issued_as="开具志愿服务证明",
    preview=preview_certificate,
    parameters=(
        Parameter("volunteer", "志愿者", "", "志愿者编号或姓名"),
        Parameter("number", "证明编号", "", "已开具的证明的编号，写了就只重印，不再开具"),
        Parameter("chief", "单位负责人", "", "证明上的单位负责人", kept=True),
        Parameter("handler", "经办人", "", "不填则为打印人"),
        Parameter("contact", "联系方式", "", "单位联系电话", kept=True),
        Parameter("use", "用途", "", "证明用在哪里，可不填"),
        Parameter("replaces", "替换编号", "", "更正时，被替换并作废的证明编号"),
        Parameter("reason", "更正原因", "", "替换旧证明的原因"),
    ),
)


def build_register(request: PaperRequest) -> Document:
    """The number register of the period: every number, also the void ones."""
    rows: list[Row] = [
        (
            number,
            row["number"],
            row["name"],
            row["volunteer_number"],
            f"{row['first_on']} 至 {row['last_on']}",
            row["signed_minutes"] + row["made_up_minutes"] + row["imported_minutes"],
            row["used_for"],
            row["issued_on"],
            row["handler"],
            row["status"] if row["status"] == "有效" else f"作废：{row['status_reason']}",
        )
        for number, row in enumerate(paper_rows.certificates(request.reader, request.period), 1)
    ]
    table = Table(
        (
            serial_column(),
            Column("证明编号", 2.4, kind=CellKind.CODE),
            Column("姓名", 1.2),
            Column("志愿者编号", 1.7, kind=CellKind.CODE),
            Column("证明期间", 2.6, kind=CellKind.CODE),
            Column("时长（小时）", 1.2, kind=CellKind.HOURS, sum=Sum.NONE),
            Column("用途", 1.6),
            Column("开具日期", 1.5, kind=CellKind.DATE),
            Column("经办人", 1.1),
            Column("状态", 1.7),
        ),
        rows,
        name="志愿服务证明登记簿",
        size=9,
        empty_text="期间没有开具证明",
    )
    return Document(
        f"志愿服务证明登记簿（{request.scope.label}）",
        (Title("志愿服务证明登记簿"), dated(request, ""), table, signed(request, "负责人", "登记人")),
        meta=request.meta("志愿服务证明登记簿"),
        foot=request.foot(),
        orientation=Orientation.LANDSCAPE,
    )


CERTIFICATE_REGISTER = PaperSpec(
    name="certificate-register",
    label="志愿服务证明登记簿",
    help="期间内开具和作废的证明，按编号排列。",
    build=build_register,
    purposes=(Purpose.INTERNAL, Purpose.AUDIT),
)
