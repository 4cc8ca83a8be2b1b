"""Fields of service orders (工单): registers and the small forms of steps are made of them."""

from __future__ import annotations

from hongyao_desktop.core.fields import (
    Choice,
    Code,
    Date,
    Minutes,
    Name,
    Phone,
    Reference,
    Text,
    TimeOfDay,
)
from hongyao_desktop.core.fields import Search as SearchKind
from hongyao_desktop.core.register import Field, Sensitivity
from hongyao_desktop.orders.records.states import CHANNELS, Matter, Outcome, State

NUMBER = Field(
    name="number",
    label="工单号",
    type=Code(max_chars=20),
    sensitivity=Sensitivity.OPEN,
    derived=True,
    width=6,
    search=SearchKind.CODE,
)
RESIDENT = Field(
    name="resident",
    label="居民姓名",
    type=Name(),
    sensitivity=Sensitivity.PERSONAL,
    required=True,
    width=5,
    search=SearchKind.NAME,
    aliases=("点单人", "居民", "姓名", "诉求人", "来电人", "求助人", "群众姓名"),
)
PHONE = Field(
    name="phone",
    label="联系电话",
    type=Phone(),
    sensitivity=Sensitivity.SECRET,
    width=8,
    search=SearchKind.PHONE,
    aliases=("电话", "联系方式", "手机", "手机号", "手机号码", "来电号码"),
)
TOPIC = Field(
    name="topic",
    label="诉求内容",
    type=Text(max_chars=300),
    sensitivity=Sensitivity.INTERNAL,
    required=True,
    width=16,
    search=SearchKind.TEXT,
    aliases=("内容", "诉求", "点单内容", "反映问题", "工单内容", "服务内容", "问题描述", "事项"),
    example="厨房水管漏水，请人上门修",
)
ADDRESS = Field(
    name="address",
    label="住址",
    type=Text(max_chars=100),
    sensitivity=Sensitivity.SECRET,
    width=12,
    aliases=("地址", "家庭住址", "居住地址", "楼栋房号"),
)
CHANNEL = Field(
    name="channel",
    label="来源",
    type=Choice(
        CHANNELS, synonyms=(("电话", "一键呼叫"), ("窗口", "一窗受理"), ("入户", "走访")), open_list=True
    ),
    sensitivity=Sensitivity.OPEN,
    default=CHANNELS[0],
    width=5,
    aliases=("工单来源", "诉求来源", "受理渠道", "渠道"),
)
KIND = Field(
    name="kind",
    label="类别",
    type=Text(max_chars=20),
    sensitivity=Sensitivity.OPEN,
    width=5,
    aliases=("工单类别", "诉求类别", "服务类别", "类型"),
    help="留空时按诉求内容的字眼判断。",
)
MATTER = Field(
    name="matter",
    label="性质",
    type=Choice(tuple(Matter), synonyms=(("民情", "民情事项"), ("纠纷", "矛盾纠纷"), ("服务", "服务需求"))),
    sensitivity=Sensitivity.OPEN,
    default=Matter.NEED.value,
    width=5,
    aliases=("事项性质",),
)
UNIT = Field(
    name="unit_id",
    label="受理组织",
    type=Reference("units"),
    sensitivity=Sensitivity.OPEN,
    width=10,
    aliases=("所属社区", "社区", "受理单位", "所在网格", "网格", "所在组织"),
    help="留空时归本单位。",
)
UNIT_NAME = Field(
    name="unit_name",
    label="组织名称",
    type=Text(max_chars=60),
    sensitivity=Sensitivity.OPEN,
    derived=True,
    width=8,
)
ASKED_ON = Field(
    name="asked_on",
    label="点单日期",
    type=Date(past_only=True),
    sensitivity=Sensitivity.OPEN,
    required=True,
    width=6,
    aliases=("日期", "受理日期", "登记日期", "诉求时间", "点单时间", "受理时间", "来电时间"),
)
WANTED_BY = Field(
    name="wanted_by",
    label="希望办结日",
    type=Date(),
    sensitivity=Sensitivity.OPEN,
    width=6,
    aliases=("期望日期", "希望时间"),
)
PARTIES = Field(
    name="parties",
    label="当事人",
    type=Text(max_chars=100),
    sensitivity=Sensitivity.SECRET,
    width=8,
    aliases=("纠纷双方", "当事双方"),
    help="矛盾纠纷写明双方，只在内部可见。",
)
NOTE = Field(
    name="note",
    label="备注",
    type=Text(max_chars=200),
    sensitivity=Sensitivity.INTERNAL,
    width=10,
)
VOLUNTEER = Field(
    name="volunteer_id",
    label="接单党员",
    type=Reference("volunteers"),
    sensitivity=Sensitivity.INTERNAL,
    required=True,
    width=12,
)
HELPER = Field(
    name="helper_name",
    label="接单人",
    type=Name(),
    sensitivity=Sensitivity.INTERNAL,
    derived=True,
    section="办理",
    width=5,
)
STATE = Field(
    name="state",
    label="状态",
    type=Choice(tuple(State)),
    sensitivity=Sensitivity.OPEN,
    derived=True,
    section="办理",
    width=5,
)
DUE_ON = Field(
    name="due_on",
    label="本步到期",
    type=Date(),
    sensitivity=Sensitivity.OPEN,
    derived=True,
    section="办理",
    width=6,
)
HELD_ON = Field(
    name="held_on",
    label="挂起日期",
    type=Date(),
    sensitivity=Sensitivity.OPEN,
    derived=True,
    section="办理",
    width=6,
    help="正挂起的工单不计时限，恢复后清空。",
)
COMPLETED_ON = Field(
    name="completed_on",
    label="完成日期",
    type=Date(past_only=True),
    sensitivity=Sensitivity.OPEN,
    derived=True,
    section="办理",
    width=6,
    aliases=("办结日期", "办结时间", "完成时间", "服务日期"),
)
STARTS = Field(
    name="starts_minute",
    label="开始时间",
    type=TimeOfDay(),
    sensitivity=Sensitivity.INTERNAL,
    width=5,
    example="8:30",
)
ENDS = Field(
    name="ends_minute",
    label="结束时间",
    type=TimeOfDay(next_day=True),
    sensitivity=Sensitivity.INTERNAL,
    width=5,
    example="9:30",
)
MINUTES = Field(
    name="minutes",
    label="服务时长",
    type=Minutes(),
    sensitivity=Sensitivity.INTERNAL,
    width=5,
    help="小时数；留空时按起止时间，都留空不记时长。",
    example="1.5",
)
OUTCOME = Field(
    name="outcome",
    label="办理结果",
    type=Choice(
        tuple(Outcome),
        synonyms=(
            ("解决", "已解决"),
            ("办结", "已解决"),
            ("已办结", "已解决"),
            ("调解成功", "已调解"),
            ("化解", "已调解"),
        ),
    ),
    sensitivity=Sensitivity.OPEN,
    width=5,
    aliases=("结果", "处理结果"),
)
RESULT = Field(
    name="result",
    label="办理情况",
    type=Text(max_chars=300),
    sensitivity=Sensitivity.INTERNAL,
    width=14,
    aliases=("处理情况", "情况说明", "办理过程"),
)
DELIBERATED = Field(
    name="deliberated_at",
    label="议事协商",
    type=Text(max_chars=60),
    sensitivity=Sensitivity.OPEN,
    width=6,
    aliases=("议事平台", "协商平台", "议事会", "是否议事", "是否议事协商", "协商议事"),
    help="议事会上商定的写哪个平台，没有的留空。",
    example="小院议事",
)
POSTED = Field(
    name="posted_minutes",
    label="登记时长",
    type=Minutes(),
    sensitivity=Sensitivity.INTERNAL,
    derived=True,
    section="办理",
    width=5,
    help="接单人现在有效的时长：更正过的按更正后的，冲正的为 0。",
)
SPOT = Field(
    name="spot_report_id",
    label="对应随手拍",
    type=Reference("spot_reports"),
    sensitivity=Sensitivity.INTERNAL,
    derived=True,
    section="出处",
    width=10,
)
