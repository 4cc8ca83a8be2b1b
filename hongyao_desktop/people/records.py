"""Registers of units (组织体系) and people (人员).

A person has one internal id and never answers to an identity number (DOMAIN section 8 item 1); roles such as
volunteer, trainee or payee live in the modules and point here.
"""

from __future__ import annotations

from typing import Final

from hongyao_desktop.core.fields import (
    Choice,
    Code,
    Date,
    IdNumber,
    Integer,
    Name,
    Phone,
    Reference,
    Search,
    Text,
)
from hongyao_desktop.core.identity import IdKind
from hongyao_desktop.core.register import Field, Register, Sensitivity

UNIT_LEVELS = ("街道", "社区", "网格", "楼栋")
"""The four levels of the organisation tree (街道大工委 → 社区大党委 → 网格大支部 → 楼栋党小组), top first."""

UNIT_KINDS = (
    "街道大工委",
    "社区大党委",
    "网格大支部",
    "楼栋党小组",
    "小区党支部",
    "微网格党小组",
    "党员中心户",
    "临时党支部",
    "攻坚党支部",
    "党员先锋队",
)

POLITICS = ("中共党员", "中共预备党员", "共青团员", "民主党派", "群众")
"""Shortened from GB/T 4762: the words clerks write."""

PERSON_GONE: Final = ("迁出", "去世")
"""States of somebody who is not to be chosen any more."""

UNITS = Register(
    name="units",
    label="组织体系",
    table="unit",
    source="unit_view",
    title_field="name",
    sort="code",
    list_columns=("code", "name", "level", "kind", "parent_name", "secretary", "status"),
    filters=("level", "kind"),
    tree_field="parent_id",
    status_field="status",
    help="街道、社区、网格、楼栋四级组织。其他台账都按这里的组织归口统计。",
    fields=(
        Field(
            name="code",
            label="组织编号",
            type=Code(max_chars=20),
            sensitivity=Sensitivity.OPEN,
            required=True,
            width=8,
            search=Search.CODE,
            aliases=("单位编号", "组织代码"),
            help="本办自编的短编号，列表按它排序。",
            example="SW-03",
        ),
        Field(
            name="name",
            label="组织名称",
            type=Text(max_chars=60),
            sensitivity=Sensitivity.OPEN,
            required=True,
            width=14,
            search=Search.TEXT,
            aliases=("单位名称", "党组织名称"),
            example="水湾社区第三网格大支部",
        ),
        Field(
            name="level",
            label="层级",
            type=Choice(UNIT_LEVELS),
            sensitivity=Sensitivity.OPEN,
            required=True,
            width=5,
            example="网格",
        ),
        Field(
            name="kind",
            label="组织类型",
            type=Choice(UNIT_KINDS, open_list=True),
            sensitivity=Sensitivity.OPEN,
            required=True,
            width=8,
            example="网格大支部",
        ),
        Field(
            name="parent_id",
            label="上级组织",
            type=Reference("units"),
            sensitivity=Sensitivity.OPEN,
            width=10,
            aliases=("隶属组织",),
        ),
        Field(
            name="parent_name",
            label="隶属",
            type=Text(),
            sensitivity=Sensitivity.OPEN,
            derived=True,
            width=12,
        ),
        Field(
            name="secretary",
            label="书记",
            type=Name(),
            sensitivity=Sensitivity.INTERNAL,
            width=6,
            search=Search.NAME,
            aliases=("负责人", "书记（组长）"),
        ),
        Field(name="founded_on", label="成立日期", type=Date(), sensitivity=Sensitivity.OPEN, section="沿革"),
        Field(name="closed_on", label="撤销日期", type=Date(), sensitivity=Sensitivity.OPEN, section="沿革"),
        Field(
            name="status",
            label="状态",
            type=Choice(("在用", "撤销")),
            sensitivity=Sensitivity.OPEN,
            default="在用",
            section="沿革",
            width=5,
        ),
        Field(
            name="status_reason",
            label="状态原因",
            type=Text(max_chars=100),
            sensitivity=Sensitivity.INTERNAL,
            section="沿革",
            width=10,
            help="撤销的写一句。",
        ),
        Field(
            name="position",
            label="排序号",
            type=Integer(high=9999),
            sensitivity=Sensitivity.OPEN,
            default=0,
            section="沿革",
            width=5,
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

NAME = Field(
    name="name",
    label="姓名",
    type=Name(),
    sensitivity=Sensitivity.INTERNAL,
    required=True,
    width=7,
    search=Search.NAME,
    aliases=("人员姓名", "志愿者姓名", "党员姓名", "学员姓名"),
    help="生僻字照原样录入；少数民族姓名中间的点会统一为“·”。",
    example="尉迟建国",
)
SEX = Field(
    name="sex",
    label="性别",
    type=Choice(("男", "女"), synonyms=(("1", "男"), ("2", "女"), ("男性", "男"), ("女性", "女"))),
    sensitivity=Sensitivity.INTERNAL,
    width=4,
    help="留空时按身份证号码填写。",
    example="男",
)
BIRTH_ON = Field(
    name="birth_on",
    label="出生日期",
    type=Date(past_only=True),
    sensitivity=Sensitivity.PERSONAL,
    width=8,
    aliases=("出生年月", "出生年月日", "生日"),
    help="留空时按身份证号码填写；与号码不一致时会提示，不会改写。",
    example="1968-04-05",
)
ID_KIND = Field(
    name="id_kind",
    label="证件类型",
    type=Choice(tuple(kind.value for kind in IdKind)),
    sensitivity=Sensitivity.PERSONAL,
    section="证件与联系",
    width=8,
    aliases=("证件种类",),
    help="决定号码怎样校验；留空时按号码判断。",
)
ID_NUMBER = Field(
    name="id_number",
    label="证件号码",
    type=IdNumber(),
    sensitivity=Sensitivity.SECRET,
    section="证件与联系",
    width=12,
    search=Search.ID,
    aliases=("身份证号码", "身份证号", "公民身份号码", "身份证", "身份证件号码", "证件号"),
    help="屏幕上只显示头尾；点“显示”查看全号，会记入访问日志。",
)
ID_OVERRIDE = Field(
    name="id_override",
    label="号码存疑说明",
    type=Text(max_chars=100),
    sensitivity=Sensitivity.INTERNAL,
    section="证件与联系",
    help="号码校验不通过但与证件原件一致时，写明核对情况后可以保存。",
)
PHONE = Field(
    name="phone",
    label="联系电话",
    type=Phone(),
    sensitivity=Sensitivity.PERSONAL,
    section="证件与联系",
    width=8,
    search=Search.PHONE,
    aliases=("联系方式", "手机号码", "手机号", "手机", "电话", "电话号码"),
)

PEOPLE = Register(
    name="people",
    label="人员",
    table="person",
    source="person_view",
    title_field="name",
    sort="sort_key",
    list_columns=("name", "sex", "birth_on", "unit_name", "politics", "phone", "status"),
    filters=("politics", "unit_id"),
    unit_field="unit_id",
    status_field="status",
    help="一人一条。志愿者、学员、帮扶对象等身份都从这里选人，不重复录入。",
    fields=(
        NAME,
        Field(
            name="name_note",
            label="证件用字说明",
            type=Text(max_chars=60),
            sensitivity=Sensitivity.INTERNAL,
            help="证件用字打不出来或与常用字不同时写在这里。",
        ),
        SEX,
        BIRTH_ON,
        ID_KIND,
        ID_NUMBER,
        ID_OVERRIDE,
        PHONE,
        Field(
            name="address",
            label="住址",
            type=Text(max_chars=100),
            sensitivity=Sensitivity.SECRET,
            section="证件与联系",
            width=14,
            aliases=("家庭住址", "居住地址", "现住址"),
        ),
        Field(
            name="unit_id",
            label="所在组织",
            type=Reference("units"),
            sensitivity=Sensitivity.INTERNAL,
            section="身份",
            width=10,
            aliases=("所在网格", "所属社区", "所在社区", "所在支部", "单位"),
        ),
        Field(
            name="unit_name",
            label="组织",
            type=Text(),
            sensitivity=Sensitivity.INTERNAL,
            derived=True,
            section="身份",
            width=10,
        ),
        Field(
            name="politics",
            label="政治面貌",
            type=Choice(
                POLITICS, synonyms=(("党员", "中共党员"), ("预备党员", "中共预备党员"), ("团员", "共青团员"))
            ),
            sensitivity=Sensitivity.PERSONAL,
            section="身份",
            width=7,
        ),
        Field(
            name="employer",
            label="工作单位及职务",
            type=Text(max_chars=60),
            sensitivity=Sensitivity.PERSONAL,
            section="身份",
            width=12,
            aliases=("单位及职务", "工作单位", "职务"),
        ),
        Field(
            name="status",
            label="状态",
            type=Choice(("在册", *PERSON_GONE)),
            sensitivity=Sensitivity.INTERNAL,
            default="在册",
            section="身份",
            width=5,
        ),
        Field(
            name="status_on",
            label="状态日期",
            type=Date(past_only=True),
            sensitivity=Sensitivity.INTERNAL,
            section="身份",
            width=8,
        ),
        Field(
            name="status_reason",
            label="状态原因",
            type=Text(max_chars=100),
            sensitivity=Sensitivity.INTERNAL,
            section="身份",
            width=10,
            help="迁出、去世的写一句。",
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
