"""Words that offices write around their tables (表头、合计、签字等用语), and how header texts are made comparable.

Everything here is vocabulary: what a word *means* for a row is decided in `rows`, for a header in `header`.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from hongyao_desktop.core import text
from hongyao_desktop.sheets.book import Cell

_UNITS = """
元 万元 千元 百元 亿元 角 分 小时 时 分钟 天 日 周 月 年 次 人 人次 名 户 个 件 条 份 张 篇 场 场次 期 岁
学时 课时 学分 分值 % ％ 平方米 ㎡ 公里 米 公斤 千克 台 辆 本 册 支 个数 h min
"""
UNITS = frozenset(_UNITS.split())
# What stands in brackets after a header and does not make it another column.
_HARMLESS = re.compile(
    r"^(?:必填|选填|必须?填写?|可不填|可空|是/否|是或否|男/女|有/无|签字|签名|盖章|公章|手写|打印|全称|简称|"
    r"与.*一致|手机|本人|座机|固话|移动电话|\d{1,2}位|1\d位.*|格式.*|例.*|如.*|请.*|下拉.*|可?多选|单选|年/?月/?日?|年月日|年月|[yY]{2,4}[^)]*|"
    r"单位.*|不含.*|含.*|[A-Za-z]|\d{1,2}|[一二三四五六七八九十])$"
)
_BELOW_A_NAME = re.compile(
    r"^(?:是/否|是或否|是否|男/女|有/无|必填|选填|全称|如[:：].*|例[:：].*|格式.*|[yY]{4}.*)$"
)
_ALREADY_PLAIN = re.compile(r"[\u4e00-\u9fff0-9A-Za-z.,/\-]*")
NAMING = re.compile(r"姓名|名称|名字|号码?$|摘要|项目|内容|单位|日期|对象|人$")
"""Headers of columns that name somebody or something in each row."""

PERSON = re.compile(r"姓名|名字$|人员$")
_SPACE = re.compile(r"\s+")
_LEADING = re.compile(r"^(?:[*★☆●※·#]+|\(?\d{1,2}\)?[.、)](?=\D)|[一二三四五六七八九十]{1,2}、)")
_TRAILING = re.compile(r"[*★☆※:：。;；、]+$")
_BRACKET = re.compile(r"^(.*?)[(\[【〔「〈<]([^()\[\]【】〔〕「」〈〉<>]*)[)\]】〕」〉>]$")
_SLASH_UNIT = re.compile(r"^(.{2,})/([^/]{1,3})$")

_SEQUENCE = "序号 序 顺序 顺序号 序列 序列号 编号 号 行次 行号 项次 no no. 序次 排序 №"
SEQUENCE = frozenset(_SEQUENCE.split())
"""Headers of a column that only counts the rows."""

_GENERIC = """
姓名 名字 性别 年龄 民族 籍贯 学历 学位 出生年月 出生日期 出生年月日 生日 身份证 身份证号 身份证号码
公民身份号码 证件号码 证件类型 身份证后四位 联系电话 联系方式 电话 电话号码 手机 手机号 手机号码 地址 住址
家庭住址 现住址 居住地址 户籍地址 单位 工作单位 单位名称 单位及职务 所在单位 部门 科室 职务 职称 岗位
政治面貌 入党时间 入党日期 转正时间 党支部 所在党支部 所属党支部 所在支部 党组织 所属党组织 社区 村社区
村(社区) 所属社区 所在社区 网格 所属网格 街道 区县 小区 楼栋 房号 备注 说明 日期 时间 活动日期 活动时间
开始时间 结束时间 起止时间 登记日期 登记时间 填报时间 地点 活动地点 活动名称 活动内容 活动主题 主题 内容
主要内容 项目 项目名称 名称 类别 类型 服务类别 服务类型 服务时长 时长 服务时间 积分 分值 得分 总分 等级 星级
签到 签退 签名 签字 领取人 领取人签字 代领人 数量 单价 金额 合计金额 收入 支出 结余 余额 借方 贷方 摘要
凭证号 凭证号码 凭证字号 票据号 科目 经办人 审核人 负责人 责任人 联系人 填报人 录入人 受助人 慰问对象 对象
困难类型 致困原因 慰问金额 救助金额 捐款人 捐赠人 捐款金额 用途 附件 附件张数 课程 课程名称 培训内容 培训班
培训班名称 班次 主讲人 授课人 学时 课时 成绩 考勤 出勤 出勤情况 上午 下午 晚上 请假 缺勤 人数 参加人数 应到
实到 缺席 平台 所属平台 所在平台 车牌号 志愿者编号 志愿者姓名 是否党员 是否新就业群体 办结时间 上报时间
办理情况 完成情况 进度 状态 处理结果 满意度 反馈 关系 与户主关系 户主 户主姓名 开户行 开户银行 账号 银行账号
银行卡号 收款人 付款人 收支类型 资金来源 批次 批准人 年度 月份 季度 来源 照片 网址
"""
GENERIC = SEQUENCE | frozenset(_GENERIC.split())
"""Headers seen in offices' tables of every kind: they tell a header even where no register knows it."""

_TOTAL_CORE = r"(?:[合小总共累]计数?|总合计|[合小總共]計|平均(?:值|数|分)?|总数|总人数|总金额)"
_TAIL = r"(?:[:：]?[\d,，.\s]*(?:元|万元|人|人次|户|次|小时|分|个|件|笔|名)?)"
TOTAL = re.compile(
    rf"^[^,，。;；:：]{{0,12}}?{_TOTAL_CORE}(?:[(（][^()（）]{{0,8}}[)）])?{_TAIL}$"
    rf"|^(?:金额)?[合总共小]计[(（]?(?:人民币)?大写.*$|^(?:合计|总计|共计|小计|累计)[:：\d].{{1,60}}$"
    r"|^共计?\d+(?:人|户|条|件|名|次|人次|个)[。.]?$"
)
CARRY = re.compile(
    r"^(?:\d{4}年)?(?:上年|上月|上期|上季|去年|年初|月初|期初|本年|本期|上页|前页|承前|承上|接上|转下|过次|结转|结前)"
    r"(?:度|末)?(?:结\s*转|结\s*余|余\s*额|转\s*入|页|次页|下年|下页|下期|下月|上年|上页|期初)(?:余额|金额|数)?[:：]?$"
    r"|^(?:承前页|过次页|承上页|转下页|接上页|结转下年|结转下页|结转下期|结转下月|结转次页|上年结转|期初余额|年初余额|期初数|年初数)$"
)
_NOTE_LABEL = (
    r"(?:填表|制表|填报|报送|统计|录入|登记|编制|审核|复核|审批|批准|负责|分管|主管|经办|经手|联系|记账|出纳|会计|校对|核对|领导|主要领导)"
    r"(?:单位|部门|日期|时间|人|员|人员|领导)?(?:签字|签名|盖章|签章|电话|意见)?"
    r"|(?:单位|部门|科室|村|社区|街道|支部|书记|主任|党组织|党支部)(?:负责人|领导|书记)?(?:签字|签名|盖章|签章|公章|意见)"
    r"|单位负责人|负责人|联系电话|电话|日期|签字|签名|盖章|公章|监交人|证明人|监督人|监督电话|举报电话|公示时间|公示期"
)
NOTE_LABELLED = re.compile(rf"^(?:{_NOTE_LABEL})(?:[(（][^()（）]{{0,12}}[)）])?[:：]")
NOTE_OPENING = re.compile(
    r"^(?:[注註]\s*\d*|说明|備?备注|附注|附记|填表说明|填写说明|填报说明|填报要求|填写要求|要求|提示|温馨提示|注意事项?|公示说明|特此|声明|[※★*＊]{1,2}\s*\S)"
    r"(?:[:：.、，,\s\d(（一]|$)|^[※★]"
)
NUMBERED_REMARK = re.compile(
    r"^(?:[(（]?\d{1,2}[)）.、．]|[(（]?[一二三四五六七八九十]{1,3}[)）、.]|[①-⑳])\s*\S{4,}"
)
BLANK_BELOW = re.compile(r"^(?:以下空白|此行以下空白|以下无正文|以下无内容|下空|此处空白|空白)$")
SEAL = re.compile(r"(?:盖章|公章|签字|签章|签名|落款)[)）]?[:：]?$")
COUNTER = re.compile(r"^[(（]?(?:\d{1,6}|[一二三四五六七八九十百]{1,4}|[①-⑳㈠-㈩])[)）.、．]?$")
"""How rows are numbered when not by a plain number: ①, 一, (3), 4."""
HEADERISH = re.compile(
    r"(?:名称?|号码?|日期|时间|年月|情况|类[别型]|方式|内容|地[址点]|单位|部门|职务|金额|数量?|额|人数?|率|度|要求|结果|原因|标准|意见|状态|级别?|编码)$"
)
"""Endings of words that head columns."""
EXAMPLE = re.compile(
    r"^(?:例|示例|样例|范例|举例|填写示例|填写样例|填表示例|样表|如|例如|例子|样本)[:：\d一]?$"
)
ADVICE = re.compile(
    r"必填|选填|格式[为：:]|例如|^如[:：]|^例[:：]|下拉选|请填|请选|不要填|填写|位数字|\(?是/否\)?$"
)
ATTACHMENT = re.compile(r"^附\s*[件表]\s*[\d一二三四五六七八九十]*\s*[:：]?$")
LABELLED = re.compile(r"(?:^|(?<=\s))([^\s:：,，。;；]{1,14}?(?:[(（][^()（）]{0,12}[)）])?)\s*[:：]")
_NUMERIC = re.compile(
    r"^[-+−(（]?[¥￥$]?\s*[-+]?[\d,，]*\.?\d+\s*[)）]?(?:元|万元|%|％|小时|分钟|h|人|次|分|天|岁|学时)?$"
)
_DATEY = re.compile(
    r"^(?:\d{2,4}\s*[-./年]\s*)?\d{1,2}\s*[-./月]\s*(?:\d{1,2}\s*[日号]?)?(?:\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?$"
    r"|^\d{4}\s*[-./年]\s*\d{1,2}\s*月?$|^\d{8}$|^\d{1,2}[:：]\d{2}(?:[:：]\d{2})?$"
)
SECTION = re.compile(
    r"第[一二三四五六七八九十百\d]{1,3}(?:网格|小?组|党?支部|[分大]?队|片区?|社区|批|部分)[:：]?$"
    r"|^(?:(?:20\d\d年)?(?:1[0-2]|[1-9])|十[一二]?|[一二三四五六七八九])月份?[:：]?$"
    r"|^[\u4e00-\u9fff]{2,10}(?:小?组|分队|服务队|志愿队)[:：]?$"
)
"""A text that heads the rows below it and is nobody's name."""
_DASHES = "- -- — —— – / \\ 0 0.00 0.0 无 ／ － ―"
DASHES = frozenset(_DASHES.split())


@dataclass(frozen=True, slots=True)
class HeaderText:
    """A header text taken apart.

    Attributes:
        shown: as read aloud: one line, full-width signs kept.
        key: comparable form with the bracket's content: "身份证号(后四位)" becomes "身份证号后四位".
        base: comparable form without the bracket; equal to `key` when there was none.
        unit: unit of measure from the bracket or after a slash: "小时", "万元"; None if there is none.
        remark: other content of the bracket, "必填", "后四位"; None if there is none.
        harmless: the bracket only says how to fill in, so `base` alone names the column.
    """

    shown: str
    key: str
    base: str
    unit: str | None
    remark: str | None
    harmless: bool


def squeeze(value: str) -> str:
    """A text without any white space, full-width letters and signs as plain ones, lower case: for comparing."""
    if _ALREADY_PLAIN.fullmatch(value):
        return value.lower()
    return _SPACE.sub("", text.half_width(value)).lower()


def header_text(value: Cell) -> HeaderText:
    """Take a header cell's text apart; numbers and dates become the text a clerk sees."""
    raw = cell_text(value)
    shown = _SPACE.sub("" if re.search(r"[\u2e80-\U000323af]", raw) else " ", text.clean(raw))
    plain = _TRAILING.sub("", _LEADING.sub("", squeeze(raw)))
    bracketed = _BRACKET.match(plain)
    base, inside = (bracketed.group(1), bracketed.group(2)) if bracketed else (plain, None)
    unit = remark = None
    if inside is not None:
        candidate = re.sub(r"^(?:单位[:：]?|以|按)", "", inside)
        candidate = re.sub(r"计$", "", candidate)
        if candidate in UNITS:
            unit = candidate
        else:
            remark = inside
    else:
        slashed = _SLASH_UNIT.match(plain)
        if slashed and slashed.group(2) in UNITS:
            base, unit = slashed.group(1), slashed.group(2)
    base = _TRAILING.sub("", base)
    harmless = remark is None or not remark or _HARMLESS.match(remark) is not None
    key = base + (remark or "") if not harmless else base
    return HeaderText(shown=shown, key=key, base=base, unit=unit, remark=remark, harmless=harmless)


def is_remark(base: str) -> bool:
    """True for a text below a column's name that only says how to fill it in."""
    return _BELOW_A_NAME.match(base) is not None


def is_signature(base: str) -> bool:
    """True for a text that asks for a signature or seal."""
    return base in {"签字", "签名", "盖章", "签章"}


def cell_text(value: Cell) -> str:
    """A cell as a clerk would read it aloud; "" for an empty one."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value)


def is_numeric(value: Cell) -> bool:
    """True for a number, or a text that is nothing but one ("1,234.50元")."""
    if isinstance(value, str):
        return _NUMERIC.match(value.strip()) is not None
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_dated(value: Cell) -> bool:
    """True for a date or time, or a text that looks like nothing else."""
    if isinstance(value, str):
        return _DATEY.match(value.strip()) is not None
    return isinstance(value, (dt.date, dt.time, dt.timedelta))


def is_label(value: Cell) -> bool:
    """True for a text that could head a column: short, no sentence, no number, no "key: value"."""
    if not isinstance(value, str):
        return False
    plain = squeeze(value)
    if not plain or len(plain) > 40 or is_numeric(value) or is_dated(value):
        return False
    bare = _BRACKET.match(plain)
    core = bare.group(1) if bare and bare.group(1) else plain
    if len(core) > 20 or re.search(r"[，。；！!？?√×✓✔]|\d{6,}", core):
        return False
    return re.search(r"[:：](?=.)", core) is None
