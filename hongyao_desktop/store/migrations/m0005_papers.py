"""m0005: print runs (打印记录) and the number register of service certificates (志愿服务证明登记).

A print run says who printed what for which purpose and when, over which records; it is only ever added to.  With it
a paper is matched to the moment it was printed from, and printed again exactly as it was.

A certificate keeps what it says as it was issued (name, numbers, minutes, content), so that printing it again years
later gives the same paper; a mistake is made good by voiding it and issuing another one that names it.
"""

STATEMENTS = (
    """
    CREATE TABLE print_run(
        id TEXT PRIMARY KEY NOT NULL,
        printed_at TEXT NOT NULL,
        operator TEXT NOT NULL,
        paper TEXT NOT NULL,
        title TEXT NOT NULL,
        form TEXT NOT NULL CHECK(form IN ('PDF', 'PDF/A', '加密PDF', 'XLSX', 'CSV')),
        purpose TEXT NOT NULL,
        unit_id TEXT,
        unit_name TEXT NOT NULL,
        first_on TEXT NOT NULL,
        last_on TEXT NOT NULL,
        options TEXT NOT NULL CHECK(json_valid(options)),
        line_count INTEGER NOT NULL CHECK(line_count >= 0),
        pages INTEGER NOT NULL CHECK(pages >= 0),
        head TEXT NOT NULL,
        checksum TEXT NOT NULL,
        digest TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX print_run_checksum ON print_run(checksum)",
    "CREATE INDEX print_run_digest ON print_run(digest)",
    "CREATE INDEX print_run_at ON print_run(printed_at, id)",
    """
    CREATE TABLE service_certificate(
        id TEXT PRIMARY KEY NOT NULL,
        number TEXT NOT NULL UNIQUE,
        year INTEGER NOT NULL,
        volunteer_id TEXT NOT NULL REFERENCES volunteer(id) ON DELETE RESTRICT,
        volunteer_number TEXT NOT NULL,
        name TEXT NOT NULL,
        id_kind TEXT,
        id_number TEXT,
        unit_name TEXT,
        first_on TEXT NOT NULL,
        last_on TEXT NOT NULL,
        services INTEGER NOT NULL CHECK(services >= 0),
        signed_minutes INTEGER NOT NULL CHECK(signed_minutes >= 0),
        made_up_minutes INTEGER NOT NULL CHECK(made_up_minutes >= 0),
        imported_minutes INTEGER NOT NULL CHECK(imported_minutes >= 0),
        content TEXT NOT NULL CHECK(json_valid(content)),
        used_for TEXT,
        chief TEXT NOT NULL CHECK(chief <> ''),
        handler TEXT NOT NULL CHECK(handler <> ''),
        contact TEXT NOT NULL CHECK(contact <> ''),
        issued_on TEXT NOT NULL,
        issued_by TEXT NOT NULL,
        replaces_id TEXT UNIQUE REFERENCES service_certificate(id) ON DELETE RESTRICT,
        note TEXT,
        status TEXT NOT NULL DEFAULT '有效' CHECK(status IN ('有效', '作废')),
        status_reason TEXT,
        status_on TEXT,
        CHECK((status = '作废') = (status_reason IS NOT NULL AND status_on IS NOT NULL)),
        CHECK(last_on >= first_on)
    ) STRICT
    """,
    "CREATE INDEX service_certificate_volunteer ON service_certificate(volunteer_id)",
    "CREATE INDEX service_certificate_year ON service_certificate(year, number)",
)
WATCHED = ("service_certificate",)
APPEND_ONLY = ("print_run",)
