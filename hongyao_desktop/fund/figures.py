"""Figures (指标) of the party-care fund. Amounts are 分, counted by the day of the entry, red entries set off."""

from __future__ import annotations

from hongyao_desktop.core.figure import Figure, PeriodRule, Unit

_GROUP = "关爱基金"
_ENTRIES = """
    SELECT e.id, e.entry_on, CASE e.number WHEN 0 THEN '期初' ELSE printf('记-%03d', e.number) END AS voucher,
        e.summary, c.name AS category, e.in_fen, e.out_fen, e.persons, f.name AS fund_name
    FROM fund f JOIN fund_entry e ON e.fund_id = f.id JOIN fund_category c ON c.id = e.category_id
    WHERE f.unit_id IN (SELECT id FROM scope) AND e.entry_on BETWEEN :first AND :last AND {which}
    ORDER BY e.entry_on, f.name, e.number
"""
_STANDING = """
    +e.reverses_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM fund_entry r WHERE r.reverses_id = e.id AND r.entry_on <= :last)
"""
_BALANCES = """
    SELECT f.id, f.name AS fund_name, c.name AS category, sum(t.in_fen) AS in_fen, sum(t.out_fen) AS out_fen,
        sum(t.in_fen - t.out_fen) AS net_fen
    FROM (
        SELECT m.fund_id, m.category_id, m.in_fen, m.out_fen FROM fund CROSS JOIN fund_month m ON m.fund_id = fund.id
        WHERE fund.unit_id IN (SELECT id FROM scope) AND m.month < substr(:last, 1, 7)
        UNION ALL
        SELECT d.fund_id, d.category_id, d.in_fen, d.out_fen FROM fund CROSS JOIN fund_day d ON d.fund_id = fund.id
        WHERE fund.unit_id IN (SELECT id FROM scope)
        AND d.day BETWEEN substr(:last, 1, 7) || '-01' AND :last
    ) t
    JOIN fund f ON f.id = t.fund_id JOIN fund_category c ON c.id = t.category_id
    GROUP BY f.id, c.id ORDER BY f.name, c.position
"""
_DAY_VOUCHER = (("entry_on", "日期"), ("voucher", "凭证号"), ("summary", "摘要"), ("category", "类别"))
_FUND = ("fund_name", "基金")


def _entries(
    code: str, label: str, unit: Unit, definition: str, which: str, measure: str, column: str
) -> Figure:
    heading = {"in_fen": "收入", "out_fen": "支出", "persons": "受助人次"}[column]
    return Figure(
        code=code,
        label=label,
        unit=unit,
        definition=definition,
        period_rule=PeriodRule.WITHIN,
        rows=_ENTRIES.format(which=which),
        measure=measure,
        columns=(*_DAY_VOUCHER, (column, heading), _FUND),
        register="fund_entries",
        group=_GROUP,
    )


_IN, _OUT = "COALESCE(SUM(in_fen), 0)", "COALESCE(SUM(out_fen), 0)"
_SET_OFF = "冲正的红字按登记冲正的日期冲减。"

FIGURES = (
    _entries(
        "JJ-01",
        "基金收入",
        Unit.YUAN,
        f"期间内各类收入合计，不含期初结转；{_SET_OFF}",
        "c.direction = '收入'",
        _IN,
        "in_fen",
    ),
    _entries(
        "JJ-02",
        "基金支出",
        Unit.YUAN,
        f"期间内各类支出合计；{_SET_OFF}",
        "c.direction = '支出'",
        _OUT,
        "out_fen",
    ),
    Figure(
        code="JJ-03",
        label="期末结余",
        unit=Unit.YUAN,
        definition="截至期末当日，期初结转加全部收入减全部支出，按基金和类别列出。",
        period_rule=PeriodRule.AS_OF,
        rows=_BALANCES,
        measure="COALESCE(SUM(net_fen), 0)",
        columns=(_FUND, ("category", "类别"), ("in_fen", "收入"), ("out_fen", "支出"), ("net_fen", "净额")),
        register="funds",
        group=_GROUP,
    ),
    _entries(
        "JJ-04",
        "收入笔数",
        Unit.ENTRIES,
        "期间内登记的收入笔数；截至期末已冲正的和红字不计，期初结转不计。",
        f"c.direction = '收入' AND {_STANDING}",
        "COUNT(*)",
        "in_fen",
    ),
    _entries(
        "JJ-05",
        "支出笔数",
        Unit.ENTRIES,
        "期间内登记的支出笔数；截至期末已冲正的和红字不计。",
        f"c.direction = '支出' AND {_STANDING}",
        "COUNT(*)",
        "out_fen",
    ),
    _entries(
        "JJ-06",
        "帮扶人次",
        Unit.TIMES,
        "期间内帮扶类支出的受助人次之和，同一人受助两次计 2 人次；截至期末已冲正的不计。",
        f"c.kind = '帮扶' AND {_STANDING}",
        "COALESCE(SUM(persons), 0)",
        "persons",
    ),
    _entries(
        "JJ-07",
        "帮扶支出",
        Unit.YUAN,
        f"期间内帮扶类支出合计；{_SET_OFF}",
        "c.kind = '帮扶'",
        _OUT,
        "out_fen",
    ),
    _entries(
        "JJ-08",
        "财政投入",
        Unit.YUAN,
        f"期间内财政拨款类收入合计；{_SET_OFF}",
        "c.direction = '收入' AND c.kind = '财政'",
        _IN,
        "in_fen",
    ),
    _entries(
        "JJ-09",
        "专项党费",
        Unit.YUAN,
        f"期间内上级下拨和本级划入的党费合计；{_SET_OFF}",
        "c.direction = '收入' AND c.kind = '党费'",
        _IN,
        "in_fen",
    ),
    _entries(
        "JJ-10",
        "捐赠收入",
        Unit.YUAN,
        f"期间内党员自愿捐款和单位定向捐赠合计；{_SET_OFF}",
        "c.direction = '收入' AND c.kind = '捐赠'",
        _IN,
        "in_fen",
    ),
)
