"""Balanced titles."""

import pytest

from hongyao_desktop.paper.titles import balance


def measure(text: str) -> float:
    return sum(11.0 if ord(character) < 0x2000 else 22.0 for character in text)


ROOM = 18 * 22.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("志愿者花名册", ["志愿者花名册"]),
        (
            "水湾社区2026年前三季度党建引领志愿服务和干部培训工作情况汇总",
            ["水湾社区2026年前三季度党建引领", "志愿服务和干部培训工作情况汇总"],
        ),
        (
            "关于印发《样例街道党内关爱基金管理使用办法（试行）》的通知",
            ["关于印发《样例街道党内关爱基金", "管理使用办法（试行）》的通知"],
        ),
        (
            "样例街道2026年为民办实事项目评选结果公示名单汇总表",
            ["样例街道2026年为民办实事", "项目评选结果公示名单汇总表"],
        ),
        (
            "中共样例街道工作委员会关于进一步加强新就业群体党建引领基层治理志愿服务积分管理工作的实施意见",
            [
                "中共样例街道工作委员会关于",
                "进一步加强新就业群体党建引领基层治理",
                "志愿服务积分管理工作的实施意见",
            ],
        ),
        ("第一行\n第二行很长", ["第一行", "第二行很长"]),
    ],
)
def test_vectors(text: str, expected: list[str]) -> None:
    assert balance(text, measure, ROOM) == expected


@pytest.mark.parametrize("count", range(19, 72))
def test_no_line_is_too_long_or_a_leftover(count: int) -> None:
    text = ("为民办实事党建引领志愿服务积分兑换干部培训关爱基金" * 3)[:count]
    lines = balance(text, measure, ROOM)
    assert "".join(lines) == text
    assert max(map(measure, lines)) <= ROOM
    assert min(map(measure, lines)) >= max(map(measure, lines)) * 0.5


def test_numbers_stay_whole() -> None:
    for start in range(8, 18):
        text = "一" * start + "2026年度" + "二" * 12
        assert any("2026" in line for line in balance(text, measure, ROOM))
