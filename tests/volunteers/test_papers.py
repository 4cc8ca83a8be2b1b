"""The roster on paper agrees with the figure; what hangs on a wall names nobody who did not agree."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.masking import HIDDEN_TEXT, Purpose, leak_scan
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.paper.catalogue import PaperRequest
from hongyao_desktop.paper.document import Chart, Document, Note, Poster, Sum, Table, cells_of
from hongyao_desktop.paper.preview import page_text
from hongyao_desktop.paper.render import render_pdf
from hongyao_desktop.people.queries import unit_scope
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.papers import certificate
from hongyao_desktop.volunteers.papers.board import BOARD, TEAM_BOARD, build_board, build_team_board
from hongyao_desktop.volunteers.papers.certificate import build_certificate
from hongyao_desktop.volunteers.papers.life_file import LIFE, build_life
from hongyao_desktop.volunteers.papers.notice import NOTICE
from hongyao_desktop.volunteers.papers.poster import POSTER, build_poster
from hongyao_desktop.volunteers.papers.roster import ROSTER, volunteer_list
from hongyao_desktop.volunteers.queries.figures import FIGURES
from hongyao_desktop.volunteers.records.rows import Evidence, ServiceRecord
from hongyao_desktop.volunteers.service import certificates, honours, openings, recording

NOVEMBER = Period(dt.date(2026, 11, 1), dt.date(2026, 11, 30))


def request(
    office: Office, unit_id: str, purpose: Purpose = Purpose.INTERNAL, **options: str
) -> PaperRequest:
    return PaperRequest(
        reader=office.reader(),
        clock=office.clock,
        office=office.info.name,
        printed_by=office.who.name,
        head=office.head(),
        period=NOVEMBER,
        scope=unit_scope(unit_id, "样例街道"),
        purpose=purpose,
        options=options,
    )


@pytest.fixture
def served(office: Office, enrol: Callable[..., str]) -> list[str]:
    """Four volunteers with 4, 3, 3 and 1 hours; the last has not agreed to be named."""
    people = [
        enrol(name, phone=f"1381234567{place}", id_number=number, publish_consent=int(place < 3))
        for place, (name, number) in enumerate(
            (("朱丽𬬭", "320290198506185169"), ("郭䶮", None), ("尉迟玉", None), ("单玥", None))
        )
    ]
    for volunteer_id, hours in zip(people, (4, 3, 3, 1), strict=True):
        record = ServiceRecord(
            volunteer_id=volunteer_id,
            title="巡查",
            served_on=dt.date(2026, 11, 10),
            minutes=hours * 60,
            evidence=Evidence.IMPORTED,
        )
        office.transact("登记", lambda w, record=record: recording.record_service(w, record))  # type: ignore[misc]
    return people


def rows_of(document: Document) -> list[tuple[object, ...]]:
    (table,) = document.tables()
    return [cells_of(row) for row in table.rows]


def test_the_roster_holds_who_the_figure_counts(
    office: Office, served: list[str], units: dict[str, str]
) -> None:
    asked = request(office, units["样例街道"])
    rows = rows_of(volunteer_list(asked))
    figure = next(figure for figure in FIGURES if figure.label == "在册志愿者")
    assert len(rows) == figure.value(office.reader(), asked.period, asked.scope) == 4
    assert rows[0] == (1, "水湾-0001", "朱丽𬬭", "女", "水湾社区", "普通", None, 0, 0, 240, 240, 2000, "")
    assert rows_of(volunteer_list(request(office, units["东门社区"]))) == []


def test_a_public_board_states_ties_and_names_nobody_who_did_not_agree(
    office: Office, served: list[str], units: dict[str, str]
) -> None:
    asked = BOARD.options({})
    document = build_board(request(office, units["样例街道"], Purpose.PUBLIC, **asked))
    rows = rows_of(document)
    assert [row[:2] for row in rows] == [
        (1, "水湾-0001"),
        (2, "水湾-0002"),
        (2, "水湾-0003"),
        (4, "水湾-0004"),
    ]
    names = [str(row[2]) for row in rows]
    assert all("*" in name for name in names)
    assert not {"朱丽𬬭", "郭䶮", "尉迟玉", "单玥"} & set(names)
    assert not {"单", "玥"} & set(names[3]), "the one who did not agree is not even hinted at"
    said = "".join(getattr(block, "text", "") or "" for block in document.blocks)
    assert "未登记同意公开姓名的志愿者只列编号" in said
    first = build_board(request(office, units["样例街道"], Purpose.PUBLIC, **{**asked, "limit": "1"}))
    assert rows_of(first) == rows[:1]
    second = build_board(request(office, units["样例街道"], Purpose.PUBLIC, **{**asked, "limit": "2"}))
    assert rows_of(second) == rows[:3], "the last place is shared"


def test_boards_say_which_hours_are_of_earlier_years(
    office: Office, served: list[str], units: dict[str, str]
) -> None:
    def notes() -> list[str]:
        asked = (BOARD.options({}), BOARD.options({"by": "积分"}), TEAM_BOARD.options({}))
        papers = (build_board, build_board, build_team_board)
        documents = [
            make(request(office, units["样例街道"], Purpose.INTERNAL, **options))
            for make, options in zip(papers, asked, strict=True)
        ]
        return [next(one.text for one in made.blocks[::-1] if isinstance(one, Note)) for made in documents]

    assert not any("旧台账" in said for said in notes())
    day = dt.date(2026, 11, 3)
    office.transact("转入", lambda w: openings.opening_hours(w, served[0], 90, "旧册第1页", day))
    by_hours, by_points, by_unit = notes()
    said = "期间内含由旧台账转入的期初时长 1.5 小时（1 人），是以前年度的服务。"
    assert said in by_hours
    assert said in by_unit
    assert "旧台账" not in by_points


def test_names_of_two_characters_are_as_wide_as_those_of_three_beside_the_bars(
    office: Office, served: list[str], units: dict[str, str]
) -> None:
    document = build_board(request(office, units["样例街道"], Purpose.INTERNAL, **BOARD.options({})))
    chart = next(block for block in document.blocks if isinstance(block, Chart))
    assert {"朱丽𬬭", "尉迟玉", "单　玥", "郭　䶮"} <= {label.partition("　")[2] for label in chart.labels}
    assert {"单玥", "郭䶮"} <= {row[2] for row in rows_of(document)}, "the table keeps the name as it is"


def test_hours_of_older_books_are_no_bar_among_the_months_of_a_file(
    office: Office, served: list[str], units: dict[str, str]
) -> None:
    day = dt.date(2025, 12, 31)
    office.transact("转入", lambda w: openings.opening_hours(w, served[0], 7680, "旧册第1页", day))
    earlier = ServiceRecord(
        volunteer_id=served[0],
        title="义剪",
        served_on=dt.date(2026, 8, 3),
        minutes=60,
        evidence=Evidence.IMPORTED,
    )
    office.transact("登记", lambda w: recording.record_service(w, earlier))
    number = str(office.reader().value("SELECT number FROM volunteer WHERE id = ?", (served[0],)))
    document = build_life(
        request(office, units["样例街道"], Purpose.INTERNAL, **LIFE.options({"volunteer": number}))
    )
    chart = next(block for block in document.blocks if isinstance(block, Chart))
    assert "不含期初转入的 128 小时" in chart.title
    assert chart.title.startswith("2026年8月至11月各月服务时长，")
    assert chart.labels == ("8月", "9月", "10月", "11月"), "months without service stand too"
    assert 7680 not in chart.series[0].values


def test_months_without_service_stand_among_those_with_it(
    office: Office, served: list[str], units: dict[str, str]
) -> None:
    """Two bars beside each other looked like two months in a row."""
    record = ServiceRecord(
        volunteer_id=served[0],
        title="夜巡",
        served_on=dt.date(2026, 8, 5),
        minutes=90,
        evidence=Evidence.IMPORTED,
    )
    office.transact("登记", lambda w: recording.record_service(w, record))
    number = str(office.reader().value("SELECT number FROM volunteer WHERE id = ?", (served[0],)))
    options = LIFE.options({"volunteer": number})
    document = build_life(request(office, units["样例街道"], Purpose.INTERNAL, **options))
    chart = next(block for block in document.blocks if isinstance(block, Chart))
    assert chart.title == "2026年8月至11月各月服务时长"
    assert chart.labels == ("8月", "9月", "10月", "11月")
    assert chart.series[0].values == (90, 0, 0, 240)


def test_hours_of_older_books_leave_the_other_months_in_sight(
    office: Office, served: list[str], units: dict[str, str]
) -> None:
    day = dt.date(2025, 12, 31)
    office.transact("转入", lambda w: openings.opening_hours(w, served[0], 7680, "旧册第1页", day))
    number = str(office.reader().value("SELECT number FROM volunteer WHERE id = ?", (served[0],)))
    options = LIFE.options({"volunteer": number})
    document = build_life(request(office, units["样例街道"], Purpose.INTERNAL, **options))
    chart = next(block for block in document.blocks if isinstance(block, Chart))
    assert sum(chart.series[0].values) > 0


def test_a_poster_names_nobody_who_did_not_agree_and_leaves_no_equal_out(
    office: Office,
    served: list[str],
    units: dict[str, str],
    enrol: Callable[..., str],
    tmp_path: Path,
) -> None:
    asked = POSTER.options({"limit": "4"})
    document = build_poster(request(office, units["样例街道"], Purpose.PUBLIC, **asked))
    (poster,) = (block for block in document.blocks if isinstance(block, Poster))
    numbers = [str(row[1]) for row in rows_of(document)]
    assert [(line.place, line.value) for line in poster.lines] == [(1, "4"), (2, "3"), (2, "3"), (4, "1")]
    assert [line.name for line in poster.lines][3] == numbers[3], "who did not agree stands as a number"
    assert all("*" in line.name for line in poster.lines[:3])
    assert [row[4] for row in rows_of(document)] == [240, 180, 180, 60], "raw minutes for the spreadsheet"
    rendered = render_pdf(document, tmp_path / "海报.pdf")
    assert (rendered.pages, rendered.missing, rendered.rows) == (1, (), 4)
    assert leak_scan(page_text(tmp_path / "海报.pdf", 1)) == []
    for place in range(40):
        name = f"赵{'甲乙丙丁戊己庚辛壬癸'[place % 10]}{'一二三四'[place // 10]}"
        record = ServiceRecord(
            volunteer_id=enrol(name, phone=f"1370000{place:04d}"),
            title="巡查",
            served_on=dt.date(2026, 11, 11),
            minutes=120,
            evidence=Evidence.IMPORTED,
        )
        office.transact("登记", lambda w, record=record: recording.record_service(w, record))  # type: ignore[misc]
    crowded = build_poster(request(office, units["样例街道"], Purpose.PUBLIC, **POSTER.options({})))
    (poster,) = (block for block in crowded.blocks if isinstance(block, Poster))
    assert len(poster.lines) == 3, "forty share the fourth place: none of them stands there"
    assert any("只列到第 2 名" in note for note in poster.notes)


@pytest.mark.parametrize("places", ["0", "很多", "5001"])
def test_a_wrong_number_of_places_is_refused(office: Office, units: dict[str, str], places: str) -> None:
    with pytest.raises(Refusal, match="名次数"):
        build_board(
            request(office, units["样例街道"], Purpose.PUBLIC, **{**BOARD.options({}), "limit": places})
        )


def test_names_are_masked_by_purpose(office: Office, served: list[str], units: dict[str, str]) -> None:
    rows = rows_of(volunteer_list(request(office, units["样例街道"], Purpose.PUBLIC)))
    assert all("*" in str(row[2]) for row in rows)


def test_it_prints_with_rare_characters_and_leak_nothing(
    office: Office, served: list[str], units: dict[str, str], tmp_path: Path
) -> None:
    for paper in (ROSTER, TEAM_BOARD):
        document = paper.build(replace(request(office, units["样例街道"]), options=paper.options({})))
        out = tmp_path / f"{paper.name}.pdf"
        render_pdf(document, out)
        assert out.read_bytes().startswith(b"%PDF")
        printed = "；".join(str(cell) for row in rows_of(document) for cell in row)
        assert leak_scan(printed) == []


def test_a_certificate_with_its_use_and_the_one_it_replaces_is_one_page(
    office: Office, enrol: Callable[..., str], units: dict[str, str], tmp_path: Path
) -> None:
    who = enrol("林凯秋", id_number="320290198506185169")
    for place, title in enumerate(
        ("理论宣讲", "环境整治", "助老", "网格巡查", "应急值守", "文体活动", "助学")
    ):
        record = ServiceRecord(
            volunteer_id=who,
            title=title,
            served_on=dt.date(2026, 11, 1 + place),
            minutes=120,
            evidence=Evidence.IMPORTED,
        )
        office.transact("登记", lambda w, record=record: recording.record_service(w, record))  # type: ignore[misc]
    used = "申请积分入学、评选年度优秀志愿者和申报志愿服务奖学金，交区教育局和街道党工委各一份"
    asked = certificates.Application(
        volunteer=who, period=NOVEMBER, chief="周立", handler="李静", contact="0512-65001234", used_for=used
    )

    def issue(writer: Writer) -> str:
        first = certificates.issue_certificate(writer, asked)
        return certificates.issue_certificate(writer, replace(asked, replaces=first, reason="姓名写错"))

    number = office.transact("开具", issue).result
    document = build_certificate(request(office, units["样例街道"], Purpose.REPORT, number=number))
    said = "".join(str(getattr(block, "text", "")) for block in document.blocks)
    assert f"本证明用于{used}。本证明替换已作废的 志证〔2026〕0001号。" in said
    assert render_pdf(document, tmp_path / "证明.pdf").pages == 1
    void = build_certificate(request(office, units["样例街道"], Purpose.REPORT, number="志证〔2026〕0001号"))
    assert "作废（姓名写错" in "".join(str(getattr(block, "text", "")) for block in void.blocks)
    assert render_pdf(void, tmp_path / "作废.pdf").pages == 1, "a void one is as long as it was"


def test_the_board_of_units_adds_up_how_often_service_was_done(
    office: Office, served: list[str], units: dict[str, str], tmp_path: Path
) -> None:
    document = build_team_board(request(office, units["样例街道"], Purpose.PUBLIC, **TEAM_BOARD.options({})))
    (table,) = document.tables()
    assert [column.summed for column in table.columns][2:] == [Sum.NONE, Sum.ADD, Sum.ADD]
    early = replace(
        request(office, units["样例街道"], Purpose.PUBLIC, **TEAM_BOARD.options({})),
        period=Period(dt.date(2020, 1, 1), dt.date(2020, 1, 31)),
    )
    (empty,) = build_team_board(early).tables()
    assert (list(empty.rows), empty.total_label) == ([], ""), "no sum of nothing"


@pytest.mark.parametrize("lines", [1, 3, 5])
@pytest.mark.parametrize("used", ["", "申请积分入学", "申报年度优秀志愿者，" * 3])
@pytest.mark.parametrize("status", ["有效", "作废"])
def test_a_certificate_fills_its_page_and_never_begins_a_second_one(
    office: Office, units: dict[str, str], tmp_path: Path, lines: int, used: str, status: str
) -> None:
    content = [(f"文明实践志愿服务{place}", 2, 240) for place in range(1, lines)] + [("期初转入", None, 7680)]
    old = used and status == "有效"
    row = {
        "name": "欧阳海",
        "id_kind": None,
        "id_number": "320290198506185169",
        "services": 2 * lines - 2,
        "volunteer_number": "水湾-0231",
        "number": "志证〔2026〕0007号",
        "status": status,
        "first_on": "2020-01-01",
        "last_on": "2026-11-30",
        "signed_minutes": 240 * (lines - 1),
        "made_up_minutes": 0,
        "imported_minutes": 7680,
        "content": json.dumps(content),
        "used_for": used,
        "replaces": "志证〔2026〕0001号" if old else "",
        "replaced_by": None,
        "issued_on": "2026-11-30",
        "chief": "周立",
        "handler": "李静",
        "contact": "0512-65001234",
        "status_on": "2026-12-01",
        "status_reason": "姓名写错",
    }
    document = certificate.document_of(request(office, units["样例街道"], Purpose.REPORT), row)
    assert render_pdf(document, tmp_path / "证明.pdf").pages == 1
    table = next(block for block in document.blocks if isinstance(block, Table))
    assert table.size >= 9
    if lines == 3 and not used and status == "有效":
        assert table.size >= 12, "few lines are set large"
    assert table.rows[-1] == (lines, "期初转入", "—", 7680)  # type: ignore[index]


def test_the_notice_of_a_review_has_its_names_and_leaves_out_who_was_objected_to(
    office: Office, enrol: Callable[..., str], units: dict[str, str]
) -> None:
    day = dt.date(2025, 12, 31)
    people = [
        enrol(name, publish_consent=consent) for name, consent in (("曾国兰", 1), ("单玥", 0), ("郭艳", 1))
    ]
    for who in people:
        hours = partial(openings.opening_hours, volunteer_id=who, minutes=6_000, source="旧册", as_of=day)
        office.transact("期初", hours)
    today = office.clock.today()
    review = office.transact("评定", lambda w: honours.begin_review(w, today, units["样例街道"])).result
    office.transact("异议", lambda w: honours.object_star(w, review, people[2], "代签"))
    contact = {"phone": "0512-65001234", "place": "街道", "number": "星2026-01", "start": str(today)}
    document = NOTICE.build(request(office, units["样例街道"], Purpose.PUBLIC, **NOTICE.options(contact)))
    (table,) = document.tables()
    assert [(row[2], row[4], row[5], row[6]) for row in map(cells_of, table.rows)] == [
        ("曾*兰", 6_000, "—", "一星"),
        (HIDDEN_TEXT, 6_000, "—", "一星"),
    ]
    assert "评定编号 星2026-01" in "".join(str(getattr(block, "text", "")) for block in document.blocks)
    wrong = NOTICE.options({**contact, "number": "星2026-09"})
    with pytest.raises(Refusal, match="没有编号为“星2026-09”的星级评定"):
        NOTICE.build(request(office, units["样例街道"], Purpose.PUBLIC, **wrong))


def test_a_certificate_says_minutes_that_are_no_decimals_in_words(
    office: Office, enrol: Callable[..., str], units: dict[str, str]
) -> None:
    who = enrol("林凯秋", id_number="320290198506185169")
    record = ServiceRecord(
        volunteer_id=who,
        title="助老",
        served_on=dt.date(2026, 11, 2),
        minutes=91,
        evidence=Evidence.IMPORTED,
    )
    office.transact("登记", lambda w: recording.record_service(w, record))
    asked = certificates.Application(
        volunteer=who, period=NOVEMBER, chief="周立", handler="李静", contact="0512-65001234", used_for="入学"
    )
    number = office.transact("开具", lambda w: certificates.issue_certificate(w, asked)).result
    document = build_certificate(request(office, units["样例街道"], Purpose.REPORT, number=number))
    said = "".join(str(getattr(block, "text", "")) for block in document.blocks)
    assert "服务时长 1 小时 31 分钟（其中导入 1 小时 31 分钟）" in said
