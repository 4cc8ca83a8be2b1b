"""Surnames: which are written with two characters, and which are read otherwise than the plain word.

Own table, because the pinyin library reads 单, 曾, 仇, 解, 查 and others as the common word (measured).
Sources: the surname senses in 现代汉语词典 and 新华字典 and the compound surnames of 百家姓, written down from general
knowledge. Readings are toneless syllables, ü as v (as clerks type it).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

# Left out on purpose: 马佳, 佟佳, 贺兰, 范姜 and the like, which far more often are a surname and half a given name.
COMPOUND_SURNAMES: Final[frozenset[str]] = frozenset(
    """
    欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶
    太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良
    漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 西门 第五 南荣
    东里 仲长 子桑 即墨 达奚 褚师 纳兰 归海 叶赫 完颜 耶律 赫舍里 那拉 富察 钮祜禄 爱新觉罗 瓜尔佳 碧鲁
    屈突 斛律 贺拔 哥舒 沙陀 宿勤 叱干 库狄 步六孤 单于 公户 公仪 贯丘
    """.split()  # noqa: SIM905 - a table of words is read and mended more easily than a list literal
)

_ONE_CHARACTER: Final = """
    单shan 曾zeng 仇qiu 解xie 查zha 区ou 朴piao 盖ge 翟zhai 乐yue 缪miao 任ren 华hua 召shao 宓mi 员yun 尉wei 覃qin
    秘bi 冼xian 洗xian 折she 种chong 逄pang 卜bu 幺yao 么yao 晁chao 谌chen 郇xun 车che 繁po 能nai 长zhang 祭zhai
    宁ning 燕yan 那na 令ling 应ying 曲qu 哈ha 纪ji 过guo 葛ge 隗wei 阚kan 冯feng 瞿qu 俞yu 沈shen 石shi 贾jia
    柏bai 薄bo 都du 佴nai 钭tou 句gou 炅gui 佘she 厍she 莘shen 舍she 郗xi 於yu 臧zang 占zhan 笮ze 訾zi 相xiang
    盛sheng 重chong 乜nie 朝chao 恽yun 佟tong 阙que 呙guo 六lu 陆lu 隽juan 圈juan 角jue 叶ye 仉zhang 万wan 郄qie
    宿su 贲ben 费fei 谭tan 甯ning 吕lv 闾lv 禄lu 逯lu 禚zhuo 麴qu 濮pu 卢lu 还huan 少shao 牟mou 撒sa 褚chu 强qiang
    尹yin 茆mao 胥xu 郝hao 郜gao 干gan 戈ge 勾gou 卞bian 邸di 娄lou 喻yu 岳yue 丰feng 酆feng 祖zu 伍wu 行xing
"""

_COMPOUND: Final[dict[str, str]] = {
    "尉迟": "yu chi",
    "万俟": "mo qi",
    "长孙": "zhang sun",
    "令狐": "ling hu",
    "澹台": "tan tai",
    "单于": "chan yu",
    "乐正": "yue zheng",
    "亓官": "qi guan",
    "仲长": "zhong chang",
    "鲜于": "xian yu",
    "宰父": "zai fu",
    "颛孙": "zhuan sun",
    "夹谷": "jia gu",
    "呼延": "hu yan",
    "皇甫": "huang fu",
    "拓跋": "tuo ba",
    "诸葛": "zhu ge",
    "欧阳": "ou yang",
    "上官": "shang guan",
    "达奚": "da xi",
    "库狄": "she di",
    "斛律": "hu lv",
    "屈突": "qu tu",
    "耶律": "ye lv",
    "褚师": "chu shi",
    "子车": "zi ju",
    "宿勤": "su qin",
    "叱干": "chi gan",
    "那拉": "na la",
    "叶赫": "ye he",
}

_READINGS: Final[dict[str, str]] = {word[0]: word[1:] for word in _ONE_CHARACTER.split()} | _COMPOUND

SURNAME_READINGS: Final = MappingProxyType({name: tuple(text.split()) for name, text in _READINGS.items()})
"""Surname → its syllables when it stands at the head of a name."""

_LONGEST = max(map(len, COMPOUND_SURNAMES))


def split_surname(name: str) -> tuple[str, str]:
    """Surname and given name of a Han name: "欧阳娜" → ("欧阳", "娜").

    A compound surname is taken only when at least one character is left for the given name, so that a person called
    司马 (surname 司) keeps both characters apart. Text of one character or none gives it back as the surname.
    """
    for length in range(min(_LONGEST, len(name) - 1), 1, -1):
        if name[:length] in COMPOUND_SURNAMES:
            return name[:length], name[length:]
    return name[:1], name[1:]
