"""Conditions of stars beside hours (DOMAIN 1.3): 龙岗's months, 福建's granters, 四川's five stars, 北京's hours."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest

from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.rules import RuleSet
from hongyao_desktop.paper.catalogue import PaperRequest
from hongyao_desktop.paper.document import Document, Note, cells_of
from hongyao_desktop.people.queries import unit_scope
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.page.care.rule_lines import star_words
from hongyao_desktop.volunteers.papers.notice import NOTICE, build_notice
from hongyao_desktop.volunteers.papers.star_review import STAR_REVIEW, build_review
from hongyao_desktop.volunteers.queries import honours as honour_queries
from hongyao_desktop.volunteers.queries import lookups
from hongyao_desktop.volunteers.queries.honours import candidates
from hongyao_desktop.volunteers.queries.life import life, nearly_there
from hongyao_desktop.volunteers.queries.rule_changes import star_changes
from hongyao_desktop.volunteers.queries.shelf import stars_rules
from hongyao_desktop.volunteers.records.rows import Activity
from hongyao_desktop.volunteers.rules.forms import form_of
from hongyao_desktop.volunteers.rules.forms.stars import STARS
from hongyao_desktop.volunteers.rules.stars import Merits, StarsRule, months_between, rank_of, stars_rule
from hongyao_desktop.volunteers.service import honours
from hongyao_desktop.volunteers.service.recording import Participant, record_activity
from tests.volunteers.conftest import RULES
from tests.volunteers.test_care import put_rule
from tests.volunteers.test_papers import request as paper_request

HOUR = 60


def shipped(name: str) -> dict[str, Any]:
    one: dict[str, Any] = json.loads((RULES / f"volunteer-stars-{name}.json").read_text(encoding="utf-8"))
    return one


def as_set(body: dict[str, Any]) -> RuleSet:
    day = dt.date(2018, 1, 1)
    return RuleSet(
        id="r", kind="volunteer-stars", name="样例", version=1, effective_on=day, source="样例", body=body
    )


def rule_of(name: str) -> StarsRule:
    return stars_rule(as_set(shipped(name)["body"]))


def take_on(office: Office, name: str) -> None:
    """The example of a place becomes the office's own rule."""
    one = shipped(name)

    def put(writer: Writer) -> None:
        row = {**one, "kind": "volunteer-stars", "effective_on": "2020-01-01"}
        writer.insert("rule_set", {**row, "body": json.dumps(one["body"], ensure_ascii=False)})

    office.transact("规则", put)


def serve(office: Office, who: str, day: dt.date, hours: int, category: str = "文明劝导") -> None:
    """So many hours, a day of eight at a time, before and on ``day``."""

    def put(writer: Writer) -> None:
        left, on = hours, day
        while left:
            part = min(left, 8)
            head = Activity(title=f"服务{on}", held_on=on, category=category)
            made = [Participant(volunteer_id=who, minutes=part * HOUR)]
            record_activity(writer, head, made)
            left, on = left - part, on - dt.timedelta(days=1)

    office.transact("登记", put)


@pytest.mark.parametrize(
    ("months", "minutes", "reached", "waits"),
    [
        (6, 100, 1, ()),
        (5, 100, 0, ("注册并服务满 6 个月（现在 5 个月）",)),
        (None, 100, 1, ()),
        (11, 600, 2, ("注册并服务满 12 个月（现在 11 个月）",)),
        (12, 1000, 4, ()),
        (12, 1500, 5, ()),
    ],
)
def test_longgang_asks_for_months_of_registration_and_service(
    months: int | None, minutes: int, reached: int, waits: tuple[str, ...]
) -> None:
    rank = rank_of(rule_of("longgang"), minutes * HOUR, 0, Merits(months=months))
    assert (rank.reached, rank.waits) == (reached, waits)
    assert all(word in rank.sentence for word in waits)


def test_months_are_whole_ones() -> None:
    assert months_between(dt.date(2026, 5, 20), dt.date(2026, 11, 20)) == 6
    assert months_between(dt.date(2026, 5, 21), dt.date(2026, 11, 20)) == 5
    assert months_between(dt.date(2025, 12, 31), dt.date(2026, 2, 28)) == 1


def test_fujian_names_who_grants_each_star() -> None:
    rule = rule_of("fujian")
    granters = [rank_of(rule, minutes * HOUR).by for minutes in (100, 300, 600, 1000, 1500)]
    assert granters == ["县级志愿者协会", "县级", "市级", "市级", "省级"]
    assert "由市级授予" in STARS.try_out(rule, {"minutes": 600 * HOUR})[0]


def test_sichuan_gives_five_stars_only_to_those_who_have_four() -> None:
    rule = rule_of("sichuan")
    without = rank_of(rule, 1500 * HOUR)
    assert (without.name, without.waits) == ("四星", ("先评上四星",))
    assert without.sentence == "五星还要先评上四星"
    assert rank_of(rule, 1500 * HOUR, 0, Merits(held=frozenset({"四星"}))).name == "五星"


def test_the_lines_of_a_form_say_every_condition_and_a_wrong_word_is_named() -> None:
    form = form_of("volunteer-stars")
    assert form is not None
    typed = {
        "stars": "一星 100\n二星 300 20 注册满6个月 由县级授予\n三星 600小时 先有二星",
        "evidence": "签到",
    }
    body = form.to_body({**typed, "uncounted": "捐款捐物 不是服务时间"})
    assert body["stars"] == [
        {"name": "一星", "hours": "100"},
        {"name": "二星", "hours": "300", "points": "20", "months": 6, "by": "县级"},
        {"name": "三星", "hours": "600", "after": "二星"},
    ]
    assert body["uncounted"] == {"捐款捐物": "不是服务时间"}
    for wrong, words in (
        ("一星 100 半年", "“半年”看不懂"),
        ("一星 注册6个月", "没有写小时数"),
        ("一星 1 2 3", "三个数"),
    ):
        with pytest.raises(Refusal, match=words):
            form.to_body({"stars": wrong, "evidence": "签到"})
    with pytest.raises(Refusal, match="不在它前面的星级里"):
        form.read(as_set(form.to_body({**typed, "stars": "一星 1 先有九星"})))


def test_hours_of_beijing_that_do_not_count_stand_apart_with_the_reason(
    office: Office, units: dict[str, str], enrol: Callable[..., str]
) -> None:
    who = enrol("曾国兰")
    today = office.clock.today()
    take_on(office, "beijing")
    serve(office, who, today, 96)
    serve(office, who, today - dt.timedelta(days=20), 8, "捐款捐物")
    row = lookups.volunteer(office.reader(), who)
    assert (row["total_minutes"], row["uncounted_minutes"], row["stars"]) == (104 * HOUR, 8 * HOUR, "")
    whole = life(office.reader(), who, today)
    assert whole.rank is not None
    assert whole.rank.sentence == "还差 4 小时到一星（100 小时）"
    assert whole.uncounted_words == "“捐款捐物”8 小时：捐款、捐物和网上捐赠不是服务时间"
    serve(office, who, today - dt.timedelta(days=40), 4)
    assert lookups.volunteer(office.reader(), who)["stars"] == "★"
    rule = stars_rules(office.reader()).on(today)
    scope = unit_scope(units["水湾社区"], "水湾社区")
    (found,) = candidates(office.reader(), scope, today, rule)
    assert (found.rank.name, found.uncounted) == ("一星", 8 * HOUR)
    office.transact("评定", lambda w: honours.begin_review(w, today, units["水湾社区"]))
    assert office.reader().value("SELECT minutes FROM star_grant") == 100 * HOUR


def test_the_column_of_the_list_asks_the_same_as_the_rule(office: Office, enrol: Callable[..., str]) -> None:
    today = office.clock.today()
    people = {
        "新来": enrol("新来", joined_on=(today - dt.timedelta(days=100)).isoformat()),
        "老人": enrol("老人", joined_on="2024-01-01"),
        "不清楚": enrol("不清楚"),
    }
    for who in people.values():
        serve(office, who, today - dt.timedelta(days=5), 104)
    take_on(office, "longgang")
    reader = office.reader()
    assert {name: lookups.volunteer(reader, who)["stars"] for name, who in people.items()} == {
        "新来": "",
        "老人": "★",
        "不清楚": "★",
    }
    ranks = {name: life(reader, who, today).rank for name, who in people.items()}
    assert {name: rank.reached for name, rank in ranks.items() if rank} == {"新来": 0, "老人": 1, "不清楚": 1}
    near = {row["name"]: rank.sentence for row, rank in nearly_there(reader, today, 600)}
    assert near == {"新来": "一星还要注册并服务满 6 个月（现在 3 个月）"}


def test_five_stars_follow_the_granting_of_four_and_each_names_its_granter(
    office: Office, units: dict[str, str], enrol: Callable[..., str]
) -> None:
    who = enrol("曾国兰")
    today = office.clock.today()
    one = shipped("sichuan")
    small = [{**step, "hours": str(int(step["hours"]) // 100), "by": "县级"} for step in one["body"]["stars"]]
    body = json.dumps({**one["body"], "stars": small}, ensure_ascii=False)
    row = {**one, "kind": "volunteer-stars", "effective_on": "2020-01-01", "body": body}
    office.transact("规则", lambda w: w.insert("rule_set", row))
    serve(office, who, today, 16)
    first = office.transact("评定", lambda w: honours.begin_review(w, today, units["水湾社区"])).result
    (proposed,) = honour_queries.grants_of(office.reader(), first)
    assert (proposed["star"], proposed["granter"]) == ("四星", "县级")
    assert lookups.volunteer(office.reader(), who)["stars"] == "★★★★"
    assert isinstance(office.clock, FixedClock)
    office.clock.advance(dt.timedelta(days=30))
    office.transact("授予", lambda w: honours.grant_review(w, first))
    assert lookups.volunteer(office.reader(), who)["stars"] == "★★★★★"
    later = office.clock.today()
    second = office.transact("评定", lambda w: honours.begin_review(w, later, units["水湾社区"])).result
    assert [grant["star"] for grant in honour_queries.grants_of(office.reader(), second)] == ["五星"]


def test_what_would_change_says_whose_star_differs(office: Office, enrol: Callable[..., str]) -> None:
    today = office.clock.today()
    enrol("单玥")
    who = enrol("曾国兰", joined_on=(today - dt.timedelta(days=30)).isoformat())
    serve(office, who, today, 100)
    found = star_changes(office.reader(), rule_of("longgang"), today)
    assert [(line.name, line.before, line.after) for line in found.lines] == [("曾国兰", "一星", "没有星级")]
    assert star_words(found)[0] == "假如今天按这一版评：2 人里，1 人的星级会不同（降低 1 人）"
    office.transact(
        "规则",
        lambda w: put_rule(
            w, "volunteer-stars", {"evidence": ["签到"], "stars": [{"name": "一星", "hours": "200"}]}
        ),
    )
    better = star_changes(office.reader(), rule_of("fujian"), today)
    assert star_words(better)[0] == "假如今天按这一版评：2 人里，1 人的星级会不同（升高 1 人）"


def test_the_same_stars_are_no_change(office: Office, enrol: Callable[..., str]) -> None:
    today = office.clock.today()
    enrol("单玥")
    serve(office, enrol("曾国兰"), today, 100)
    same = star_changes(office.reader(), rule_of("fujian"), today)
    assert star_words(same) == ["今天按这一版评，2 人的星级都不变"]


def test_papers_name_who_grants_and_what_does_not_count_only_where_the_rule_does(
    office: Office, units: dict[str, str], enrol: Callable[..., str]
) -> None:
    who = enrol("曾国兰", publish_consent=1)
    today = office.clock.today()
    serve(office, who, today, 100)
    serve(office, who, today - dt.timedelta(days=30), 8, "捐款捐物")

    def asked() -> PaperRequest:
        usual = {one.name: one.default for one in (*NOTICE.parameters, *STAR_REVIEW.parameters)}
        options = {**usual, "days": "5", "phone": "0431-1234", "place": "街道201室"}
        return paper_request(office, units["样例街道"], Purpose.INTERNAL, **options)

    def table(build: Callable[[PaperRequest], Document]) -> tuple[list[str], list[object]]:
        first = build(asked()).tables()[0]
        return [column.label for column in first.columns], list(cells_of(next(iter(first.rows))))

    plain, _cells = table(build_review)
    assert not {"不计入", "授予机关"} & set(plain)
    one = shipped("fujian")
    body = {**one["body"], "uncounted": shipped("beijing")["body"]["uncounted"]}
    row = {**one, "kind": "volunteer-stars", "effective_on": "2020-01-01"}
    text = json.dumps(body, ensure_ascii=False)
    office.transact("规则", lambda w: w.insert("rule_set", {**row, "body": text}))
    titles, cells = table(build_review)
    by_title = dict(zip(titles, cells, strict=True))
    assert (by_title["不计入"], by_title["拟评星级"], by_title["授予机关"]) == (480, "一星", "县级志愿者协会")
    assert 6000 in cells
    titles, cells = table(build_notice)
    assert (titles[-1], cells[-1]) == ("授予机关", "县级志愿者协会")
    said = " ".join(block.text for block in build_review(asked()).blocks if isinstance(block, Note))
    assert "捐款捐物：捐款、捐物和网上捐赠不是服务时间" in said
