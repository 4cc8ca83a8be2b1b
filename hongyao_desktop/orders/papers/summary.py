"""How a period went (五单服务情况表): the figures by unit, by source and by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hongyao_desktop.core.dates import format_cn
from hongyao_desktop.core.desk import Row
from hongyao_desktop.core.fields import CellKind
from hongyao_desktop.orders.queries.figures import FIGURES
from hongyao_desktop.orders.records.states import Matter, Outcome
from hongyao_desktop.paper.catalogue import PaperRequest
from hongyao_desktop.paper.document import (
    Column,
    Document,
    Heading,
    Note,
    Orientation,
    Paragraph,
    Role,
    SignatureRow,
    Sum,
    Table,
    Title,
)

_CODES = (
    ("GD-01", "受理"),
    ("GD-05", "不受理、转出"),
    ("GD-02", "办结"),
    ("GD-03", "按时"),
    ("GD-04", "逾期办结"),
    ("GD-06", "期末在办"),
    ("GD-07", "其中逾期"),
    ("GD-12", "居民满意"),
    ("GD-13", "基本满意"),
    ("GD-14", "不满意"),
)
_GROUPS = (("unit_name", "组织"), ("channel", "来源"), ("kind", "类别"), ("matter", "性质"))
Cells = tuple[str | int, ...]
_UNSAID = "未注明"
_BY_CODE = {figure.code: figure for figure in FIGURES}


def order_summary(request: PaperRequest) -> Document:
    """The figures of the period, counted by unit, source, kind and matter of the rows behind them."""
    counts: dict[str, dict[str, Counter[str]]] = {name: {} for name, _label in _GROUPS}
    for code, _label in _CODES:
        rows = _BY_CODE[code].drill(request.reader, request.period, request.scope)
        for name, _heading in _GROUPS:
            counts[name][code] = Counter(str(row[name]) for row in rows)
    first, last = format_cn(request.period.first), format_cn(request.period.last)
    blocks: list[Heading | Table] = []
    for name, heading in _GROUPS:
        blocks += [Heading(1, f"按{heading}"), _table(heading, counts[name])]
    blocks += [
        Heading(1, "办理结果"),
        _results(_BY_CODE["GD-02"].drill(request.reader, request.period, request.scope)),
    ]
    return Document(
        f"五单服务情况表（{request.scope.label}）",
        (
            Title("五单服务情况表"),
            Paragraph(f"{request.scope.label}　{first}至{last}", Role.KAI),
            *blocks,
            Note(
                "单位：件。受理按点单日期，办结按完成日期，评价按评单日期；期末在办为截至最后一天。"
                "各列与同期指标相同，口径见指标说明；解决或调解的合计为解决居民诉求。"
            ),
            SignatureRow(("负责人", "审核人", "制表人", f"打印日期：{format_cn(request.clock.today())}")),
        ),
        meta=request.meta("五单服务情况表"),
        foot=request.foot(),
        orientation=Orientation.LANDSCAPE,
    )


def _results(done: Sequence[Row]) -> Table:
    """What became of the finished orders: matters of residents solved, disputes mediated, and what is still open."""
    counts: dict[str, Counter[str]] = {matter.value: Counter() for matter in Matter}
    talked: Counter[str] = Counter()
    for row in done:
        counts[row["matter"]][row["outcome"] or _UNSAID] += 1
        if row["deliberated_at"] and row["outcome"] in (Outcome.SOLVED, Outcome.MEDIATED):
            talked[row["matter"]] += 1
    outcomes = [outcome.value for outcome in Outcome]
    if any(count[_UNSAID] for count in counts.values()):
        outcomes.append(_UNSAID)  # of older books that did not say
    rows: list[Cells] = [
        (
            matter,
            count.total(),
            *(count[outcome] for outcome in outcomes),
            count[Outcome.SOLVED] + count[Outcome.MEDIATED],
            talked[matter],
        )
        for matter, count in counts.items()
        if count
    ]
    return Table(
        (
            Column("性质", 36),
            *(
                Column(label, 12, kind=CellKind.INTEGER, sum=Sum.ADD)
                for label in ("办结", *outcomes, "解决或调解", "其中议事协商")
            ),
        ),
        rows,
        name="办理结果",
        total_label="合计" if rows else "",
        size=9,
        empty_text="期间没有办结的工单",
    )


def _table(heading: str, counts: dict[str, Counter[str]]) -> Table:
    """One line for each group, the one with most orders taken first; the totals are the figures."""
    groups = sorted(
        {group for counter in counts.values() for group in counter},
        key=lambda group: (-counts[_CODES[0][0]][group], group),
    )
    numbers = (Column(label, 12, kind=CellKind.INTEGER, sum=Sum.ADD) for _code, label in _CODES)
    return Table(
        (Column(heading, 36), *numbers),
        [(group, *(counts[code][group] for code, _label in _CODES)) for group in groups],
        name=f"按{heading}",
        total_label="合计" if groups else "",
        size=9,
        empty_text="期间没有工单",
    )
