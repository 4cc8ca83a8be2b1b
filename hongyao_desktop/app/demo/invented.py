"""Invented people. Identity numbers use 320290, which is no assigned county, so none can be a real person's."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

AREA = "320290"
_SURNAMES = (
    *"王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁",
    *"任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴",
    *"单仇解区查朴盖翟乐缪",
    *("尉迟", "欧阳", "上官", "诸葛"),
)
_GIVEN = (
    *"伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红梅建国志鹏文斌辉宁婷雪琳浩凯欣怡佳俊峰",
    *"海燕云春秋德福祥荣秀珍凤莲素淑",
    *"喆堃祎昇玥翀彧曌犇旻昉璟禛龑𬬭䶮𠮷",
)
_RARE_FROM = _GIVEN.index("喆")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


def check_digit(body: str) -> str:
    """The last character of an identity number (GB 11643) for its first 17 digits."""
    return _CHECK[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


@dataclass(slots=True)
class Inventor:
    """Invents people, one after the other, from one seed; names and numbers do not repeat a number."""

    chance: random.Random
    today: dt.date
    made: int = 0

    def person(self, *, oldest: int = 78, youngest: int = 19) -> dict[str, Any]:
        """A person's values: name, sex, birth date, identity number, phone, politics."""
        chance = self.chance
        self.made += 1
        sex = chance.choice("男女")
        days = chance.randrange(youngest * 365, oldest * 365)
        born = self.today - dt.timedelta(days=days)
        order = (self.made * 2 + (1 if sex == "男" else 0)) % 1000
        body = f"{AREA}{born:%Y%m%d}{order:03d}"
        return {
            "name": self.name(),
            "sex": sex,
            "birth_on": born.isoformat(),
            "id_kind": "居民身份证",
            "id_number": body + check_digit(body),
            "phone": f"1{chance.choice('35789')}{chance.randrange(10**9):09d}",
            "politics": chance.choices(("群众", "中共党员", "共青团员"), (70, 25, 5))[0],
        }

    def name(self) -> str:
        """A name of two or three characters; about one in a hundred has a rare one."""
        chance = self.chance
        usual = _GIVEN[:_RARE_FROM]
        given: list[str] = chance.sample(usual, chance.choice((1, 2, 2)))
        if chance.random() < 0.012:
            given[-1] = chance.choice(_GIVEN[_RARE_FROM:])
        surname: str = chance.choices(_SURNAMES, [max(1, 40 - index) for index in range(len(_SURNAMES))])[0]
        return surname + "".join(given)
