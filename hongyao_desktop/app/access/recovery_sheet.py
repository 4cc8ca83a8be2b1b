"""The recovery sheet (恢复密钥打印件): the file key as groups of letters and as a QR code, with what to do with it.

It is printed once, when the office file is made, and locked away: with it whoever holds it opens the file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.fields import Align, CellKind
from hongyao_desktop.paper.document import (
    Column,
    Document,
    Foot,
    Meta,
    Note,
    PageNumber,
    Paragraph,
    QrCode,
    Role,
    SignatureRow,
    Table,
    Title,
)
from hongyao_desktop.paper.render import Rendered, render_pdf
from hongyao_desktop.store import Office
from hongyao_desktop.store.recovery import recovery_rows

_ROW_WORDS = ("第一行", "第二行", "第三行", "第四行")
_RULES = (
    "一、本页就是打开台账文件的钥匙，持有者可以看到全部内容。请折叠密封，由单位负责人锁入保险柜，不得拍照、扫描或带离。",
    "二、系统管理员都忘记口令，或者钥匙文件丢失时才使用：在登录页选“用恢复密钥”，按行输入，为系统管理员重设口令。",
    "三、字母不分大小写，没有 I、L、O、U；每行最后两位用来核对抄写，抄错时程序会指出是哪一行。",
    "四、本页丢失或被人看到，请新建台账文件并导入，停用旧文件。",
)


def recovery_document(office: Office, rows: Sequence[str]) -> Document:
    """The sheet for an open office; ``rows`` are the four rows of the key."""
    created = office.clock.now()
    number = office.opened.file_id.hex().upper()
    shown = " ".join(number[start : start + 4] for start in range(0, 16, 4))
    table = Table(
        columns=(
            Column("行", width=24.0, align=Align.CENTER),
            *(Column(label, width=44.0, kind=CellKind.CODE) for label in ("第一组", "第二组", "第三组")),
        ),
        rows=tuple((words, *row.split()) for words, row in zip(_ROW_WORDS, rows, strict=True)),
        size=14.0,
        row_height=8.5,
    )
    day: dt.date = created.date()
    return Document(
        title="恢复密钥",
        blocks=(
            Title("恢复密钥"),
            Paragraph(f"单位：{office.info.name}", Role.FLUSH),
            Paragraph(f"台账文件：{office.path.name}", Role.FLUSH),
            Paragraph(f"文件编号：{shown}", Role.FLUSH),
            Paragraph(f"打印：{format_cn(day)}　打印人：{office.who.name}", Role.FLUSH),
            table,
            QrCode("\n".join(rows), "二维码内容与上面四行相同", edge=30.0),
            *(Note(rule) for rule in _RULES),
            SignatureRow(("密封人", "监封人", "保管人", "封存日期")),
        ),
        meta=Meta(created, author=office.info.name, subject="恢复密钥"),
        foot=Foot(run="密封保管，不得复制", number=PageNumber.NONE),
    )


def print_recovery_sheet(office: Office, out: Path, reason: str) -> Rendered:
    """Write the sheet to ``out``; the printing is noted in the access log first. Only for system administrators."""
    rows = recovery_rows(office, reason)
    return render_pdf(recovery_document(office, rows), out)
