"""m0004: the party-care fund (党内关爱基金): funds, categories and the ledger that cannot be edited.

An entry carries either an amount in or an amount out, in 分.  A red entry (冲正) has the negative of the amount
it takes back and names it.  Numbers run without a gap per fund and year.
"""

STATEMENTS = (
    """
    CREATE TABLE fund(
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL UNIQUE,
        unit_id TEXT NOT NULL REFERENCES unit(id) ON DELETE RESTRICT,
        opened_on TEXT NOT NULL,
        status TEXT NOT NULL DEFAULT '在用' CHECK(status IN ('在用', '停用')),
        status_reason TEXT,
        note TEXT
    ) STRICT
    """,
    """
    CREATE TABLE fund_category(
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL UNIQUE,
        direction TEXT NOT NULL CHECK(direction IN ('收入', '支出', '期初')),
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
        source_number TEXT,
        reverses_id TEXT UNIQUE REFERENCES fund_entry(id) ON DELETE RESTRICT,
        source TEXT,
        UNIQUE(fund_id, year, number),
        CHECK(in_fen = 0 OR out_fen = 0),
        CHECK(in_fen <> 0 OR out_fen <> 0),
        CHECK((in_fen < 0 OR out_fen < 0) = (reverses_id IS NOT NULL))
    ) STRICT
    """,
    "CREATE INDEX fund_entry_day ON fund_entry(fund_id, entry_on, number)",
)
WATCHED = ("fund", "fund_category")
APPEND_ONLY = ("fund_entry",)
