"""Registers of funds (关爱基金) and their ledger (收支流水), and what a clerk hands in for booking.

The ledger is append-only: an entry is booked, and taken back by a red entry (冲正); it is never changed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hongyao_desktop.core.fields import Choice, Code, Date, Integer, Money, Name, Reference, Search, Text
from hongyao_desktop.core.register import Field, Register, Sensitivity

METHODS = ("银行", "现金")
"""How money moved (结算方式); a small payment in cash, the rest by bank (现金管理暂行条例)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One receipt (收款) or payment (付款) before it is booked; exactly one of ``in_fen`` and ``out_fen`` is above 0.

    ``category`` None means: by the words of the summary. ``persons`` counts the helped (受助人次); None means one for
    a help category and none for any other. ``source_number`` is the voucher number in the book it was taken from,
    ``receipt_number`` that of the invoice or receipt (票据号), ``corrects_id`` the entry it replaces or makes good.
    """

    day: dt.date
    summary: str
    in_fen: int = 0
    out_fen: int = 0
    category: str | None = None
    method: str = METHODS[0]
    counterparty: str | None = None
    person_id: str | None = None
    handler: str | None = None
    attachments: int = 0
    persons: int | None = None
    receipt_number: str | None = None
    source_number: str | None = None
    corrects_id: str | None = None
    source: str | None = None

    @property
    def net_fen(self) -> int:
        """What the entry adds to the balance, in 分."""
        return self.in_fen - self.out_fen

    @property
    def direction(self) -> str:
        """收入 or 支出."""
        return "支出" if self.out_fen else "收入"


FUNDS = Register(
    name="funds",
    label="关爱基金",
    table="fund",
    source="fund_view",
    title_field="name",
    sort="name",
    list_columns=("name", "unit_name", "opened_on", "opening_fen", "balance_fen", "entries", "status"),
    sum_columns=("balance_fen",),
    unit_field="unit_id",
    status_field="status",
    help="一个基金一本账。建账时录入期初余额和出处，以后每一笔都从现金日记账登记。",
    fields=(
        Field(
            name="name",
            label="基金名称",
            type=Text(max_chars=60),
            sensitivity=Sensitivity.OPEN,
            required=True,
            width=11,
            search=Search.TEXT,
            aliases=("账套名称", "账户名称"),
            example="样例街道党内关爱基金",
        ),
        Field(
            name="unit_id",
            label="所属组织",
            type=Reference("units"),
            sensitivity=Sensitivity.OPEN,
            required=True,
            width=10,
            aliases=("管理单位",),
            help="报表按它归口统计。",
        ),
        Field(
            name="unit_name", label="组织", type=Text(), sensitivity=Sensitivity.OPEN, derived=True, width=7
        ),
        Field(
            name="opened_on",
            label="建账日期",
            type=Date(past_only=True),
            sensitivity=Sensitivity.OPEN,
            required=True,
            width=6,
            aliases=("启用日期",),
            help="从这一天起记账。",
            example="2026-01-01",
        ),
        Field(
            name="opening_fen",
            label="期初余额",
            type=Money(),
            sensitivity=Sensitivity.INTERNAL,
            section="期初",
            width=7,
            aliases=("年初余额", "上年结转金额"),
            help="建账那天账上已有的钱，没有就填 0。",
            example="52,300.00",
        ),
        Field(
            name="opening_source",
            label="期初出处",
            type=Text(max_chars=100),
            sensitivity=Sensitivity.INTERNAL,
            section="期初",
            width=12,
            help="写明依据哪张对账单或哪本旧账。",
            example="2025年12月31日银行对账单",
        ),
        Field(
            name="balance_fen",
            label="结余",
            type=Money(allow_negative=True),
            sensitivity=Sensitivity.INTERNAL,
            derived=True,
            section="期初",
            width=7,
        ),
        Field(
            name="entries",
            label="笔数",
            type=Integer(),
            sensitivity=Sensitivity.INTERNAL,
            derived=True,
            section="期初",
            width=3,
        ),
        Field(
            name="status",
            label="状态",
            type=Choice(("在用", "停用")),
            sensitivity=Sensitivity.OPEN,
            derived=True,
            section="其他",
            width=4,
        ),
        Field(
            name="note",
            label="备注",
            type=Text(multiline=True),
            sensitivity=Sensitivity.INTERNAL,
            section="其他",
            width=14,
        ),
    ),
)

ENTRY_ON = Field(
    name="entry_on",
    label="日期",
    type=Date(past_only=True),
    sensitivity=Sensitivity.OPEN,
    required=True,
    width=7,
    aliases=("记账日期", "业务日期", "发生日期", "收支日期", "凭证日期"),
    example="2026-03-05",
)
VOUCHER = Field(
    name="voucher",
    label="凭证号",
    type=Code(),
    sensitivity=Sensitivity.OPEN,
    derived=True,
    width=6,
    search=Search.CODE,
    aliases=("凭证编号", "凭证字号", "记账凭证号", "凭单号"),
    help="按基金和年度连续编号，不能改，不留空号。",
)
SUMMARY = Field(
    name="summary",
    label="摘要",
    type=Text(max_chars=100),
    sensitivity=Sensitivity.INTERNAL,
    required=True,
    width=16,
    search=Search.TEXT,
    aliases=("内容", "事由", "用途", "收支内容", "项目"),
    example="慰问老党员：王喆堃",
)
CATEGORY = Field(
    name="category",
    label="类别",
    type=Text(max_chars=30),
    sensitivity=Sensitivity.OPEN,
    width=9,
    aliases=("收支类别", "科目", "对方科目", "收支项目", "资金来源"),
    help="留空时按摘要判断。",
)
IN_FEN = Field(
    name="in_fen",
    label="收入",
    type=Money(allow_negative=True),
    sensitivity=Sensitivity.INTERNAL,
    width=8,
    aliases=("借方", "收入金额", "借方金额", "收入（元）", "收入(元)", "收款", "收款金额", "增加"),
)
OUT_FEN = Field(
    name="out_fen",
    label="支出",
    type=Money(allow_negative=True),
    sensitivity=Sensitivity.INTERNAL,
    width=8,
    aliases=("贷方", "支出金额", "贷方金额", "支出（元）", "支出(元)", "付款", "付款金额", "减少"),
)
BALANCE = Field(
    name="balance_fen",
    label="结余",
    type=Money(allow_negative=True),
    sensitivity=Sensitivity.INTERNAL,
    derived=True,
    width=9,
    aliases=("余额", "结存", "结余金额", "账面余额", "结余（元）", "结余(元)", "余额（元）"),
)
COUNTERPARTY = Field(
    name="counterparty",
    label="对方单位/个人",
    type=Text(max_chars=60),
    sensitivity=Sensitivity.PERSONAL,
    width=9,
    search=Search.TEXT,
    aliases=("对方单位", "收款人", "付款人", "交款人", "领款人", "受助人", "捐款人", "收款单位", "付款单位"),
)
HANDLER = Field(
    name="handler",
    label="经办人",
    type=Name(),
    sensitivity=Sensitivity.INTERNAL,
    width=6,
    aliases=("经手人", "经办", "办理人"),
)
ATTACHMENTS = Field(
    name="attachments",
    label="附件张数",
    type=Integer(high=9999),
    sensitivity=Sensitivity.OPEN,
    default=0,
    width=5,
    aliases=("附件", "附单据数", "附单据", "单据张数", "附件数", "附件（张）"),
)
METHOD = Field(
    name="method",
    label="结算方式",
    type=Choice(
        METHODS,
        synonyms=(
            ("转账", "银行"),
            ("银行转账", "银行"),
            ("网银", "银行"),
            ("银行存款", "银行"),
            ("库存现金", "现金"),
        ),
    ),
    sensitivity=Sensitivity.OPEN,
    default=METHODS[0],
    width=5,
    aliases=("支付方式", "收付方式"),
)
RECEIPT_NUMBER = Field(
    name="receipt_number",
    label="票据号",
    type=Code(),
    sensitivity=Sensitivity.INTERNAL,
    width=8,
    search=Search.CODE,
    aliases=("收据号", "发票号", "发票号码", "收据编号", "票据号码"),
    help="发票或收据上的号码；同一张票据不能记两次。",
)
PERSONS = Field(
    name="persons",
    label="受助人次",
    type=Integer(high=100_000),
    sensitivity=Sensitivity.OPEN,
    width=5,
    aliases=("人次", "帮扶人次", "慰问人数", "人数"),
    help="一笔发给多人时填人数；帮扶类支出留空按 1 人次计。",
)

FUND_ENTRIES = Register(
    name="fund_entries",
    label="现金日记账",
    table="fund_entry",
    source="fund_entry_view",
    title_field="summary",
    sort="entry_on",
    append_only=True,
    list_columns=(
        "entry_on",
        "voucher",
        "summary",
        "category",
        "in_fen",
        "out_fen",
        "balance_fen",
        "handler",
        "attachments",
        "state",
        "fund_name",
    ),
    sum_columns=("in_fen", "out_fen"),
    filters=("category", "method", "fund_name"),
    unit_field="unit_id",
    status_field="state",
    help="一收一付都在这里，登记后不能改也不能删；记错了用“冲正”。",
    fields=(
        ENTRY_ON,
        VOUCHER,
        SUMMARY,
        CATEGORY,
        IN_FEN,
        OUT_FEN,
        BALANCE,
        COUNTERPARTY,
        HANDLER,
        ATTACHMENTS,
        METHOD,
        PERSONS,
        RECEIPT_NUMBER,
        Field(
            name="source_number",
            label="原凭证号",
            type=Code(),
            sensitivity=Sensitivity.INTERNAL,
            derived=True,
            section="来历",
            width=6,
            help="从旧账导入时，旧账上的凭证号。",
        ),
        Field(
            name="source",
            label="来源",
            type=Text(),
            sensitivity=Sensitivity.INTERNAL,
            derived=True,
            section="来历",
            width=12,
        ),
        Field(
            name="reason",
            label="冲正原因",
            type=Text(),
            sensitivity=Sensitivity.INTERNAL,
            derived=True,
            section="来历",
            width=10,
        ),
        Field(
            name="state",
            label="状态",
            type=Choice(("正常", "红字", "已冲正")),
            sensitivity=Sensitivity.OPEN,
            derived=True,
            section="来历",
            width=5,
        ),
        Field(
            name="made_on",
            label="登记日期",
            type=Date(),
            sensitivity=Sensitivity.INTERNAL,
            derived=True,
            section="来历",
            width=7,
        ),
        Field(
            name="made_by",
            label="登记人",
            type=Text(),
            sensitivity=Sensitivity.INTERNAL,
            derived=True,
            section="来历",
            width=6,
        ),
        Field(
            name="fund_name",
            label="基金",
            type=Text(),
            sensitivity=Sensitivity.OPEN,
            derived=True,
            section="来历",
            width=10,
        ),
        Field(
            name="unit_id",
            label="所属组织",
            type=Reference("units"),
            sensitivity=Sensitivity.OPEN,
            derived=True,
            section="来历",
            width=10,
        ),
    ),
)
