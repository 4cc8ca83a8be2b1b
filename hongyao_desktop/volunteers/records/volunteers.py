"""The register of volunteers (志愿者): the person's own fields beside those of volunteering."""

from __future__ import annotations

from dataclasses import replace

from hongyao_desktop.core.fields import (
    Choice,
    Code,
    Date,
    Flag,
    Integer,
    Minutes,
    Points,
    Reference,
    Search,
    Text,
)
from hongyao_desktop.core.register import Field, Register, Sensitivity
from hongyao_desktop.people.records import BIRTH_ON, ID_KIND, ID_NUMBER, ID_OVERRIDE, NAME, PEOPLE, PHONE, SEX
from hongyao_desktop.volunteers.records.rows import VolunteerKind, VolunteerStatus

CATEGORIES = (
    "文明劝导",
    "助老",
    "理论宣讲",
    "网格巡查",
    "助残",
    "助学",
    "环境整治",
    "应急值守",
    "文体活动",
    "便民服务",
)
"""Service categories offered first; an office may write its own. Coefficients hang on these words."""

PLATFORMS = ("外卖配送", "快递", "网约车", "货运", "网络主播")
"""Employers of 新就业群体 offered first (DOMAIN 1.5); free text is accepted."""

PLATFORM_SYNONYMS = (
    ("外卖", "外卖配送"),
    ("外卖员", "外卖配送"),
    ("外卖骑手", "外卖配送"),
    ("快递员", "快递"),
    ("网约车司机", "网约车"),
    ("货车司机", "货运"),
    ("主播", "网络主播"),
    ("网络直播", "网络主播"),
)

PERSON_FIELDS = (
    *("name", "name_note", "sex", "birth_on", "id_kind", "id_number", "id_override"),
    *("phone", "address", "unit_id", "politics", "employer"),
)
"""Fields of the form that belong to the person, not to the role of volunteer."""

KIND = Field(
    name="kind",
    label="人员类别",
    type=Choice(
        tuple(kind.value for kind in VolunteerKind),
        synonyms=(
            ("是", "新就业群体"),
            ("√", "新就业群体"),
            ("否", "普通"),
            ("×", "普通"),
            ("新就业", "新就业群体"),
            ("新业态", "新就业群体"),
            ("一般", "普通"),
        ),
    ),
    sensitivity=Sensitivity.INTERNAL,
    default=VolunteerKind.ORDINARY.value,
    section="志愿服务",
    width=7,
    aliases=("是否新就业群体", "是否新就业群体是/否", "是否新就业群体 是/否", "新就业群体", "是否新业态"),
    help="快递员、外卖员、网约车司机、货车司机、网络主播等选“新就业群体”。",
    example="新就业群体",
)
PLATFORM = Field(
    name="platform",
    label="所属平台",
    type=Choice(PLATFORMS, synonyms=PLATFORM_SYNONYMS, open_list=True),
    sensitivity=Sensitivity.INTERNAL,
    section="志愿服务",
    width=7,
    aliases=("平台", "是否新就业群体所属平台", "是否新就业群体 所属平台", "从业平台", "新就业群体所属平台"),
    help="新就业群体填写。",
    example="外卖配送",
)
CATEGORY = Field(
    name="category",
    label="服务类别",
    type=Choice(CATEGORIES, open_list=True),
    sensitivity=Sensitivity.OPEN,
    section="志愿服务",
    width=5,
    aliases=("志愿服务类别", "服务项目", "服务意向", "擅长服务"),
    example="文明劝导",
)
TEAM = Field(
    name="team",
    label="服务队伍",
    type=Text(max_chars=40),
    sensitivity=Sensitivity.OPEN,
    section="志愿服务",
    width=9,
    aliases=("所属队伍", "志愿服务队"),
    example="红领网格服务队",
)
JOINED_ON = Field(
    name="joined_on",
    label="注册日期",
    type=Date(past_only=True),
    sensitivity=Sensitivity.INTERNAL,
    section="志愿服务",
    width=8,
    aliases=("加入日期", "注册时间", "登记日期"),
    help="不清楚可以留空，统计时按早已注册计。",
)
NOTE = Field(
    name="note",
    label="备注",
    type=Text(max_chars=500, multiline=True),
    sensitivity=Sensitivity.INTERNAL,
    section="其他",
    width=14,
    aliases=("说明",),
)
UNIT_NAME = Field(
    name="unit_name",
    label="组织",
    type=Text(),
    sensitivity=Sensitivity.INTERNAL,
    derived=True,
    width=9,
)


def _from_person(name: str, **changes: object) -> Field:
    return replace(PEOPLE.field(name), search=None, **changes)  # type: ignore[arg-type]


def _total(name: str, label: str) -> Field:
    return Field(
        name=name,
        label=label,
        type=Minutes(),
        sensitivity=Sensitivity.INTERNAL,
        derived=True,
        section="时长积分",
        width=5,
    )


VOLUNTEERS = Register(
    name="volunteers",
    label="志愿者",
    table="volunteer",
    source="volunteer_view",
    title_field="name",
    sort="number",
    list_columns=(
        "number",
        "name",
        "sex",
        "unit_name",
        "category",
        "total_minutes",
        "points",
        "stars",
        "status",
    ),
    filters=("category", "unit_id"),
    unit_field="unit_id",
    status_field="status",
    search_via=(("person_id", "people"),),
    sum_columns=("total_minutes", "points"),
    help="登记志愿者和新就业群体志愿者。可以点“新增”逐个登记，也可以从花名册表格导入。",
    fields=(
        Field(
            name="number",
            label="编号",
            type=Code(max_chars=20),
            sensitivity=Sensitivity.OPEN,
            derived=True,
            width=6,
            search=Search.CODE,
            aliases=("志愿者编号",),
            help="系统按所在社区自动编号，公示时代替证件号码。",
            example="水湾-0231",
        ),
        replace(NAME, search=None, width=5, aliases=(*NAME.aliases, "姓 名", "姓　名")),
        replace(SEX, search=None, width=3),
        replace(BIRTH_ON, search=None),
        replace(ID_KIND, search=None),
        replace(ID_NUMBER, search=None, aliases=(*ID_NUMBER.aliases, "证件编号", "公民身份证号码")),
        ID_OVERRIDE,
        _from_person("name_note", section="证件与联系"),
        replace(PHONE, search=None, aliases=(*PHONE.aliases, "联系电话号码", "本人电话")),
        _from_person("address"),
        _from_person(
            "unit_id", required=True, section="基本", help="志愿者所在的网格或社区，时长和积分按它归口。"
        ),
        UNIT_NAME,
        _from_person("politics"),
        _from_person("employer"),
        KIND,
        PLATFORM,
        CATEGORY,
        TEAM,
        Field(
            name="skills",
            label="技能特长",
            type=Text(max_chars=100),
            sensitivity=Sensitivity.INTERNAL,
            section="志愿服务",
            width=10,
            aliases=("特长", "服务技能"),
        ),
        Field(
            name="free_times",
            label="可服务时段",
            type=Text(max_chars=60),
            sensitivity=Sensitivity.INTERNAL,
            section="志愿服务",
            width=9,
            aliases=("服务时段",),
            help="倒班、接单间隙等都可以写明。",
        ),
        Field(
            name="relation_at",
            label="组织关系所在",
            type=Text(max_chars=60),
            sensitivity=Sensitivity.PERSONAL,
            section="志愿服务",
            width=10,
            help="党员组织关系不在本社区的写明所在党组织。",
        ),
        JOINED_ON,
        Field(
            name="recruiter_id",
            label="介绍人",
            type=Reference("volunteers"),
            sensitivity=Sensitivity.INTERNAL,
            section="志愿服务",
            width=9,
            help="由哪位志愿者介绍加入；积分办法写明介绍加入得分的，登记后自动记给介绍人。",
        ),
        Field(
            name="insured_until",
            label="保险到期",
            type=Date(),
            sensitivity=Sensitivity.INTERNAL,
            section="志愿服务",
            width=8,
            aliases=("保险到期日", "意外险到期"),
            help="有人身危险的活动须在保险期内（志愿服务条例第十七条）。",
        ),
        Field(
            name="guardian",
            label="监护人同意",
            type=Text(max_chars=40),
            sensitivity=Sensitivity.PERSONAL,
            section="志愿服务",
            width=8,
            help="未满十八周岁的，写明同意的监护人和日期。",
        ),
        Field(
            name="publish_consent",
            label="同意公开",
            type=Flag(),
            sensitivity=Sensitivity.INTERNAL,
            default=0,
            section="志愿服务",
            width=5,
            help="本人同意后才可公开其志愿服务信息（志愿服务条例第二十条）。",
        ),
        Field(
            name="status",
            label="状态",
            type=Choice(tuple(status.value for status in VolunteerStatus)),
            sensitivity=Sensitivity.INTERNAL,
            default=VolunteerStatus.ACTIVE.value,
            section="志愿服务",
            width=4,
        ),
        Field(
            name="left_on",
            label="离开日期",
            type=Date(past_only=True),
            sensitivity=Sensitivity.INTERNAL,
            section="志愿服务",
            width=8,
            help="停用或退出的日期，这一天起不再登记时长。",
        ),
        Field(
            name="status_reason",
            label="状态原因",
            type=Text(max_chars=100),
            sensitivity=Sensitivity.INTERNAL,
            section="志愿服务",
            width=10,
        ),
        NOTE,
        _total("total_minutes", "总时长"),
        _total("signed_minutes", "签到时长"),
        _total("made_up_minutes", "补录时长"),
        _total("imported_minutes", "导入时长"),
        Field(
            name="services",
            label="服务次数",
            type=Integer(),
            sensitivity=Sensitivity.INTERNAL,
            derived=True,
            section="时长积分",
            width=5,
        ),
        Field(
            name="points",
            label="积分",
            type=Points(allow_negative=True),
            sensitivity=Sensitivity.INTERNAL,
            derived=True,
            section="时长积分",
            width=5,
        ),
        Field(
            name="stars",
            label="星级",
            type=Text(),
            sensitivity=Sensitivity.INTERNAL,
            derived=True,
            section="时长积分",
            width=5,
            help="按今天生效的星级标准和累计时长；花掉积分不降星级。",
        ),
    ),
)
