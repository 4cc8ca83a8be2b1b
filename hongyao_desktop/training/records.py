"""Registers of training: classes (培训班次), cadres (干部类别), attendance (考勤); the fields of a session (课次)."""

from __future__ import annotations

from hongyao_desktop.core.fields import (
    Choice,
    Code,
    CreditHours,
    Date,
    Integer,
    Minutes,
    Name,
    Reference,
    Search,
    Text,
)
from hongyao_desktop.core.register import Field, Register, Sensitivity

MARKS = ("到", "迟到", "早退", "请假", "缺勤")
PRESENT = ("到", "迟到", "早退")
"""Marks of somebody who was there."""

PARTS = ("上午", "下午", "晚上", "全天")
FORMS = ("脱产", "在职", "网络", "现场", "送学上门", "自学", "组织生活")
TIERS = ("头雁", "雏雁", "红雁", "群雁")
CATEGORIES = (
    "乡科级以下干部",
    "村（社区）书记",
    "村（社区）班子成员",
    "社区工作者",
    "党员",
    "助理社会工作师",
    "社会工作师",
)


_OPEN, _INTERNAL, _PERSONAL = Sensitivity.OPEN, Sensitivity.INTERNAL, Sensitivity.PERSONAL

CLASSES = Register(
    name="training_classes",
    label="培训班次",
    table="training_class",
    source="training_class_view",
    title_field="name",
    sort="starts_on",
    list_columns=("number", "name", "tier", "form", "starts_on", "ends_on", "sessions", "trainees", "status"),
    filters=("tier", "form", "year"),
    status_field="status",
    unit_field="unit_id",
    sum_columns=("trainees",),
    help="每办一期培训登记一条，再按课次点名，学时由点名折算，不另行填写。",
    fields=(
        Field(
            name="number",
            label="班次编号",
            type=Code(max_chars=20),
            sensitivity=_OPEN,
            width=8,
            search=Search.CODE,
            help="留空时自动编号。",
            example="2026-03",
        ),
        Field(
            name="name",
            label="班次名称",
            type=Text(max_chars=80),
            sensitivity=_OPEN,
            required=True,
            width=18,
            search=Search.TEXT,
            aliases=("培训班名称", "培训名称"),
            example="2026年村（社区）党组织书记培训班",
        ),
        Field(
            name="year",
            label="年度",
            type=Integer(low=2000, high=2100),
            sensitivity=_OPEN,
            derived=True,
            width=5,
        ),
        Field(name="tier", label="雁阵", type=Choice(TIERS), sensitivity=_OPEN, width=5),
        Field(
            name="form",
            label="培训形式",
            type=Choice(FORMS),
            sensitivity=_OPEN,
            required=True,
            default="脱产",
            width=6,
            help="网络学时单独统计，不计入集中培训。",
        ),
        Field(
            name="starts_on",
            label="开始日期",
            type=Date(),
            sensitivity=_OPEN,
            required=True,
            width=8,
            aliases=("开班日期",),
        ),
        Field(
            name="ends_on",
            label="结束日期",
            type=Date(),
            sensitivity=_OPEN,
            required=True,
            width=8,
            aliases=("结业日期",),
        ),
        Field(
            name="planned_credit",
            label="计划学时",
            type=CreditHours(),
            sensitivity=_OPEN,
            default=0,
            width=6,
        ),
        Field(
            name="host",
            label="主办单位",
            type=Text(max_chars=60),
            sensitivity=_OPEN,
            section="组织",
            width=12,
            aliases=("主办",),
        ),
        Field(
            name="place",
            label="地点",
            type=Text(max_chars=60),
            sensitivity=_OPEN,
            section="组织",
            width=10,
            aliases=("培训地点",),
        ),
        Field(
            name="teacher",
            label="主讲",
            type=Text(max_chars=60),
            sensitivity=_OPEN,
            section="组织",
            width=8,
            aliases=("主讲人", "授课老师"),
        ),
        Field(
            name="unit_id",
            label="承办组织",
            type=Reference("units"),
            sensitivity=_OPEN,
            section="组织",
            width=10,
        ),
        Field(
            name="sessions",
            label="课次",
            type=Integer(),
            sensitivity=_OPEN,
            derived=True,
            section="组织",
            width=4,
        ),
        Field(
            name="trainees",
            label="学员",
            type=Integer(),
            sensitivity=_OPEN,
            derived=True,
            section="组织",
            width=4,
        ),
        Field(
            name="status",
            label="状态",
            type=Choice(("计划", "进行中", "结业", "取消")),
            sensitivity=_OPEN,
            default="进行中",
            section="组织",
            width=5,
        ),
        Field(
            name="note",
            label="备注",
            type=Text(multiline=True),
            sensitivity=_INTERNAL,
            section="其他",
            width=14,
        ),
    ),
)

CADRES = Register(
    name="cadres",
    label="干部类别",
    table="cadre",
    source="cadre_view",
    title_field="person_name",
    sort="sort_key",
    search_via=(("person_id", "people"),),
    list_columns=("person_name", "category", "post", "from_on", "until_on", "exempt_reason"),
    filters=("category",),
    help="谁按哪一类完成年度学时。一人可有几类；免学的写明原因和起止，不算缺学时。",
    fields=(
        Field(
            name="person_id",
            label="干部",
            type=Reference("people"),
            sensitivity=_INTERNAL,
            required=True,
            width=8,
        ),
        Field(name="person_name", label="姓名", type=Name(), sensitivity=_INTERNAL, derived=True, width=7),
        Field(
            name="category",
            label="类别",
            type=Choice(CATEGORIES, open_list=True),
            sensitivity=_INTERNAL,
            required=True,
            width=10,
        ),
        Field(
            name="post",
            label="职务",
            type=Text(max_chars=60),
            sensitivity=_INTERNAL,
            width=12,
            aliases=("单位及职务",),
        ),
        Field(name="from_on", label="起始日期", type=Date(), sensitivity=_INTERNAL, required=True, width=8),
        Field(name="until_on", label="截止日期", type=Date(), sensitivity=_INTERNAL, width=8),
        Field(
            name="exempt_reason",
            label="免学原因",
            type=Text(max_chars=60),
            sensitivity=_PERSONAL,
            section="免学",
            width=10,
            help="年老、患病、残疾等不作硬性要求的，写明原因（党员教育管理工作条例第二十三条）。",
        ),
        Field(
            name="exempt_from", label="免学起", type=Date(), sensitivity=_PERSONAL, section="免学", width=8
        ),
        Field(
            name="exempt_until", label="免学止", type=Date(), sensitivity=_PERSONAL, section="免学", width=8
        ),
        Field(
            name="note",
            label="备注",
            type=Text(multiline=True),
            sensitivity=_INTERNAL,
            section="其他",
            width=14,
        ),
    ),
)

TRAINEES = Register(
    name="trainees",
    label="培训学员",
    table="trainee",
    source="trainee_view",
    title_field="person_name",
    sort="starts_on",
    search_via=(("person_id", "people"),),
    list_columns=("person_name", "post", "class_number", "class_name", "starts_on", "credit", "status"),
    status_field="status",
    sum_columns=("credit",),
    help="每人每个班次一条，由班次名单产生；单位及职务是入学时的。",
    fields=(
        Field(name="person_name", label="姓名", type=Name(), sensitivity=_INTERNAL, derived=True, width=7),
        Field(name="post", label="单位及职务", type=Text(), sensitivity=_INTERNAL, derived=True, width=12),
        Field(name="class_number", label="班次编号", type=Code(), sensitivity=_OPEN, derived=True, width=7),
        Field(name="class_name", label="班次", type=Text(), sensitivity=_OPEN, derived=True, width=18),
        Field(name="starts_on", label="开班日期", type=Date(), sensitivity=_OPEN, derived=True, width=8),
        Field(name="credit", label="学时", type=CreditHours(), sensitivity=_INTERNAL, derived=True, width=5),
        Field(
            name="status",
            label="状态",
            type=Choice(("在学", "结业", "退学")),
            sensitivity=_INTERNAL,
            derived=True,
            width=5,
        ),
        Field(
            name="status_reason", label="退学原因", type=Text(), sensitivity=_INTERNAL, derived=True, width=12
        ),
    ),
)

ATTENDANCE = Register(
    name="attendance",
    label="培训考勤",
    table="attendance",
    source="attendance_view",
    title_field="person_name",
    sort="held_on",
    search_via=(("trainee_id", "trainees"),),
    list_columns=("held_on", "part", "class_name", "person_name", "mark", "minutes", "credit"),
    filters=("mark", "part", "form"),
    sum_columns=("minutes", "credit"),
    help="每人每课次一条，由班次点名产生。学时按当日生效的折算规则算出，规则以后变了也不改动旧的。",
    fields=(
        Field(name="held_on", label="日期", type=Date(), sensitivity=_INTERNAL, derived=True, width=8),
        Field(name="part", label="时段", type=Choice(PARTS), sensitivity=_INTERNAL, derived=True, width=4),
        Field(name="class_name", label="班次", type=Text(), sensitivity=_INTERNAL, derived=True, width=16),
        Field(name="form", label="形式", type=Choice(FORMS), sensitivity=_INTERNAL, derived=True, width=5),
        Field(name="person_name", label="姓名", type=Name(), sensitivity=_INTERNAL, derived=True, width=7),
        Field(name="post", label="单位及职务", type=Text(), sensitivity=_INTERNAL, derived=True, width=12),
        Field(name="mark", label="考勤", type=Choice(MARKS), sensitivity=_INTERNAL, required=True, width=4),
        Field(name="reason", label="原因", type=Text(max_chars=60), sensitivity=_INTERNAL, width=10),
        Field(
            name="minutes", label="时长（小时）", type=Minutes(), sensitivity=_INTERNAL, derived=True, width=6
        ),
        Field(name="credit", label="学时", type=CreditHours(), sensitivity=_INTERNAL, derived=True, width=5),
        Field(
            name="explanation", label="折算说明", type=Text(), sensitivity=_INTERNAL, derived=True, width=20
        ),
    ),
)

SESSION_FIELDS = (
    Field(name="held_on", label="日期", type=Date(), sensitivity=_OPEN, required=True, width=8),
    Field(
        name="part",
        label="时段",
        type=Choice(PARTS),
        sensitivity=_OPEN,
        required=True,
        width=6,
        help="上午、下午各为半天。",
    ),
    Field(
        name="minutes",
        label="时长（小时）",
        type=Minutes(),
        sensitivity=_OPEN,
        width=6,
        help="留空按该时段通常的时长。",
    ),
    Field(name="teacher", label="主讲", type=Text(max_chars=60), sensitivity=_OPEN, width=8),
    Field(name="topic", label="课题", type=Text(max_chars=80), sensitivity=_OPEN, width=18),
)
"""What is typed of one session (课次); sessions live inside their class and have no list of their own."""
