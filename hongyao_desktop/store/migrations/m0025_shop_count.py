"""m0025: inventory counts (盘点) are kept whole, what agreed with the books as well as what did not.

A difference was a movement of stock and stays one; a count that found none left no trace, and nobody could say later
whether anything had been counted. ``shop_count`` is one count, ``shop_count_line`` one good of it with the number on
the books at that moment, the number found, and the movement that set it right. Both are only ever added to.
"""

STATEMENTS = (
    """
    CREATE TABLE shop_count(
        id TEXT PRIMARY KEY NOT NULL,
        counted_on TEXT NOT NULL,
        shelf INTEGER NOT NULL CHECK(shelf >= 0),
        recorded_by TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX shop_count_day ON shop_count(counted_on, id)",
    """
    CREATE TABLE shop_count_line(
        id TEXT PRIMARY KEY NOT NULL,
        count_id TEXT NOT NULL REFERENCES shop_count(id) ON DELETE RESTRICT,
        good_id TEXT NOT NULL REFERENCES shop_good(id) ON DELETE RESTRICT,
        book INTEGER NOT NULL CHECK(book >= 0),
        counted INTEGER NOT NULL CHECK(counted >= 0),
        reason TEXT,
        movement_id TEXT UNIQUE REFERENCES shop_movement(id) ON DELETE RESTRICT,
        UNIQUE(count_id, good_id),
        CHECK((movement_id IS NULL) = (book = counted))
    ) STRICT
    """,
    "CREATE INDEX shop_count_line_good ON shop_count_line(good_id)",
)
APPEND_ONLY = ("shop_count", "shop_count_line")
