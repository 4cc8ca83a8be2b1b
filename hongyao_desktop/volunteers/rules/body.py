"""Reading the body of a dated rule set (规则版本), with one sentence naming the rule when it is written wrongly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from hongyao_desktop.core import hours
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.rules import RuleSet

T = TypeVar("T")


def read_body(rule: RuleSet, reading: Callable[[Mapping[str, Any]], T]) -> T:
    """What ``reading`` makes of the rule's body; a missing or unreadable entry becomes a refusal naming the rule."""
    try:
        return reading(rule.body)
    except KeyError as missing:
        raise Refusal(f"规则{rule.title}缺少“{missing.args[0]}”一项，请在“规则”页里补上") from missing
    except (ValueError, TypeError) as wrong:
        raise Refusal(f"规则{rule.title}的内容看不懂（{wrong}），请在“规则”页里改正") from wrong


def centi(value: Any) -> int:
    """Hundredths from a decimal written as text, such as "1.5"; a JSON fraction would not be exact."""
    if not isinstance(value, str):
        raise TypeError(f"“{value}”要写成带引号的数字")
    return hours.parse_centi(value)


def minutes_of_hours(value: Any) -> int:
    """Minutes from a number of hours written as text, such as "100" or "1.5"."""
    if not isinstance(value, str):
        raise TypeError(f"“{value}”要写成带引号的小时数")
    return hours.parse_hours(value)


def whole(value: Any, lowest: int = 0) -> int:
    """A whole number not below ``lowest``."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"“{value}”不是整数")
    if value < lowest:
        raise ValueError(f"{value} 小于 {lowest}")
    return value
