"""m0004: the party-care fund (党内关爱基金): funds, categories and the ledger that cannot be edited.

An entry carries either an amount in or an amount out, in 分.  A red entry (冲正) has the negative of the amount
it takes back and names it; a blue correction (更正) names the entry of an earlier year it makes good.  Numbers run
without a gap per fund and year, number 0 being the opening balance.

``fund_day`` and ``fund_month`` hold sums of the ledger, kept by a trigger and never written otherwise, so that a
balance on any day costs months and days, not postings; ``fund.queries.book_problems`` recomputes them.
"""

_TOTALS_COLUMNS = """
        category_id TEXT NOT NULL REFERENCES fund_category(id) ON DELETE RESTRICT,
        method TEXT NOT NULL,
        in_fen INTEGER NOT NULL,
        out_fen INTEGER NOT NULL,
        entries INTEGER NOT NULL,
"""


def _add_to_totals(table: str, column: str, value: str) -> str:
    return f"""
        INSERT INTO {table}(fund_id, {column}, category_id, method, in_fen, out_fen, entries)
        VALUES (NEW.fund_id, {value}, NEW.category_id, NEW.method, NEW.in_fen, NEW.out_fen, 1)
        ON CONFLICT(fund_id, {column}, category_id, method) DO UPDATE SET
            in_fen = in_fen + excluded.in_fen,
            out_fen = out_fen + excluded.out_fen,
            entries = entries + 1;
    """


STATEMENTS = (
    """
    CREATE TABLE fund(
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL UNIQUE CHECK(name <> ''),
        unit_id TEXT NOT NULL REFERENCES unit(id) ON DELETE RESTRICT,
        opened_on TEXT NOT NULL CHECK(date(opened_on) IS opened_on),
        status TEXT NOT NULL DEFAULT '在用' CHECK(status IN ('在用', '停用')),
        status_reason TEXT,
        note TEXT
    ) STRICT
    """,
    "CREATE INDEX fund_unit ON fund(unit_id)",
    """
    CREATE TABLE fund_category(
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL UNIQUE CHECK(name <> ''),
        direction TEXT NOT NULL CHECK(direction IN ('收入', '支出', '期初')),
        kind TEXT NOT NULL DEFAULT '其他'
            CHECK(kind IN ('财政', '党费', '捐赠', '利息', '帮扶', '更正', '其他', '期初')),
        position INTEGER NOT NULL,
        status TEXT NOT NULL DEFAULT '在用' CHECK(status IN ('在用', '停用'))
    ) STRICT
    """,
    """
    CREATE TABLE fund_entry(
        id TEXT PRIMARY KEY NOT NULL,
        fund_id TEXT NOT NULL REFERENCES fund(id) ON DELETE RESTRICT,
        year INTEGER NOT NULL,
        number INTEGER NOT NULL CHECK(number >= 0),
        entry_on TEXT NOT NULL,
        category_id TEXT NOT NULL REFERENCES fund_category(id) ON DELETE RESTRICT,
        summary TEXT NOT NULL CHECK(summary <> ''),
        counterparty TEXT,
        person_id TEXT REFERENCES person(id) ON DELETE RESTRICT,
        in_fen INTEGER NOT NULL DEFAULT 0,
        out_fen INTEGER NOT NULL DEFAULT 0,
        method TEXT NOT NULL DEFAULT '银行' CHECK(method IN ('银行', '现金')),
        handler TEXT,
        attachments INTEGER NOT NULL DEFAULT 0 CHECK(attachments >= 0),
        persons INTEGER NOT NULL DEFAULT 0 CHECK(persons >= 0),
        receipt_number TEXT CHECK(receipt_number <> ''),
        source_number TEXT CHECK(source_number <> ''),
        reverses_id TEXT UNIQUE REFERENCES fund_entry(id) ON DELETE RESTRICT,
        corrects_id TEXT REFERENCES fund_entry(id) ON DELETE RESTRICT,
        reason TEXT,
        rule_id TEXT REFERENCES rule_set(id) ON DELETE RESTRICT,
        source TEXT,
        made_on TEXT NOT NULL CHECK(date(made_on) IS made_on),
        made_by TEXT NOT NULL CHECK(made_by <> ''),
        UNIQUE(fund_id, year, number),
        CHECK(date(entry_on) IS entry_on AND CAST(substr(entry_on, 1, 4) AS INTEGER) = year),
        CHECK(in_fen = 0 OR out_fen = 0),
        CHECK(in_fen <> 0 OR out_fen <> 0),
        CHECK((in_fen < 0 OR out_fen < 0) = (reverses_id IS NOT NULL)),
        CHECK(reverses_id IS NULL OR (reason IS NOT NULL AND corrects_id IS NULL))
    ) STRICT
    """,
    "CREATE INDEX fund_entry_day ON fund_entry(fund_id, entry_on, number)",
    "CREATE INDEX fund_entry_on ON fund_entry(entry_on, fund_id)",
    "CREATE INDEX fund_entry_receipt ON fund_entry(receipt_number) WHERE receipt_number IS NOT NULL",
    "CREATE INDEX fund_entry_source ON fund_entry(fund_id, year, source_number) WHERE source_number IS NOT NULL",
    "CREATE INDEX fund_entry_person ON fund_entry(person_id, year) WHERE person_id IS NOT NULL",
    "CREATE INDEX fund_entry_red ON fund_entry(fund_id, entry_on) WHERE reverses_id IS NOT NULL",
    "CREATE INDEX fund_entry_corrects ON fund_entry(corrects_id) WHERE corrects_id IS NOT NULL",
    """
    CREATE TRIGGER fund_entry_gapless BEFORE INSERT ON fund_entry WHEN NEW.number <> 0 AND NEW.number <> 1 + coalesce(
        (SELECT max(number) FROM fund_entry WHERE fund_id = NEW.fund_id AND year = NEW.year), 0)
    BEGIN SELECT RAISE(ABORT, 'fund_entry: numbers run without a gap'); END
    """,
    """
    CREATE TRIGGER fund_entry_side BEFORE INSERT ON fund_entry WHEN NOT EXISTS (
        SELECT 1 FROM fund_category c WHERE c.id = NEW.category_id
        AND (c.direction = '支出') = (NEW.out_fen <> 0) AND (NEW.number <> 0 OR c.direction = '期初'))
    BEGIN SELECT RAISE(ABORT, 'fund_entry: amount and category are on different sides'); END
    """,
    """
    CREATE TRIGGER fund_entry_red BEFORE INSERT ON fund_entry WHEN NEW.reverses_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM fund_entry e WHERE e.id = NEW.reverses_id AND e.reverses_id IS NULL
        AND e.fund_id = NEW.fund_id AND e.category_id = NEW.category_id AND e.method = NEW.method
        AND e.in_fen = -NEW.in_fen AND e.out_fen = -NEW.out_fen AND e.entry_on <= NEW.entry_on)
    BEGIN SELECT RAISE(ABORT, 'fund_entry: a red entry mirrors the entry it takes back'); END
    """,
    f"""
    CREATE TABLE fund_day(
        fund_id TEXT NOT NULL REFERENCES fund(id) ON DELETE RESTRICT,
        day TEXT NOT NULL,
        {_TOTALS_COLUMNS}
        PRIMARY KEY(fund_id, day, category_id, method)
    ) STRICT, WITHOUT ROWID
    """,
    f"""
    CREATE TABLE fund_month(
        fund_id TEXT NOT NULL REFERENCES fund(id) ON DELETE RESTRICT,
        month TEXT NOT NULL,
        {_TOTALS_COLUMNS}
        PRIMARY KEY(fund_id, month, category_id, method)
    ) STRICT, WITHOUT ROWID
    """,
    f"""
    CREATE TRIGGER fund_entry_totals AFTER INSERT ON fund_entry BEGIN
        {_add_to_totals("fund_day", "day", "NEW.entry_on")}
        {_add_to_totals("fund_month", "month", "substr(NEW.entry_on, 1, 7)")}
    END
    """,
    """
    CREATE VIEW fund_view AS
    SELECT fund.*, unit.name AS unit_name,
        (SELECT coalesce(sum(m.in_fen), 0) FROM fund_month m JOIN fund_category c ON c.id = m.category_id
            WHERE m.fund_id = fund.id AND c.direction = '期初') AS opening_fen,
        (SELECT e.source FROM fund_entry e JOIN fund_category c ON c.id = e.category_id
            WHERE e.fund_id = fund.id AND e.entry_on = fund.opened_on AND c.direction = '期初'
            AND +e.reverses_id IS NULL ORDER BY e.number DESC LIMIT 1) AS opening_source,
        (SELECT coalesce(sum(m.in_fen - m.out_fen), 0) FROM fund_month m WHERE m.fund_id = fund.id) AS balance_fen,
        (SELECT coalesce(sum(m.entries), 0) FROM fund_month m WHERE m.fund_id = fund.id) AS entries
    FROM fund JOIN unit ON unit.id = fund.unit_id
    """,
    """
    CREATE VIEW fund_entry_view AS
    SELECT e.*,
        CASE e.number WHEN 0 THEN '期初' ELSE printf('记-%03d', e.number) END AS voucher,
        c.name AS category, c.direction, c.kind,
        f.name AS fund_name, f.unit_id,
        r.id AS reversed_by_id,
        CASE WHEN e.reverses_id IS NOT NULL THEN '红字' WHEN r.id IS NOT NULL THEN '已冲正' ELSE '正常' END AS state,
        (SELECT coalesce(sum(m.in_fen - m.out_fen), 0) FROM fund_month m
            WHERE m.fund_id = e.fund_id AND m.month < substr(e.entry_on, 1, 7))
        + (SELECT coalesce(sum(d.in_fen - d.out_fen), 0) FROM fund_day d
            WHERE d.fund_id = e.fund_id AND d.day >= substr(e.entry_on, 1, 7) || '-01' AND d.day < e.entry_on)
        + (SELECT coalesce(sum(s.in_fen - s.out_fen), 0) FROM fund_entry s
            WHERE s.fund_id = e.fund_id AND s.entry_on = e.entry_on AND s.number <= e.number) AS balance_fen
    FROM fund_entry e
    JOIN fund_category c ON c.id = e.category_id
    JOIN fund f ON f.id = e.fund_id
    LEFT JOIN fund_entry r ON r.reverses_id = e.id
    """,
)
WATCHED = ("fund", "fund_category")
APPEND_ONLY = ("fund_entry",)
