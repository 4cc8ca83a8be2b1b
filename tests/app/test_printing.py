"""The one way out for every paper: scanned, archived, locked, noted, matched again, printed again."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pikepdf
import pytest

from hongyao_desktop.app.modules import REGISTERS, find_register
from hongyao_desktop.app.printing.exports import export_register
from hongyao_desktop.app.printing.leaks import leaks_in
from hongyao_desktop.app.printing.paper_check import check_paper
from hongyao_desktop.app.printing.papers import Wishes, file_name, find_paper, print_paper
from hongyao_desktop.app.printing.print_runs import runs
from hongyao_desktop.app.printing.reprints import reprint
from hongyao_desktop.core.clock import FixedClock
from hongyao_desktop.core.desk import Writer
from hongyao_desktop.core.figure import Period
from hongyao_desktop.core.masking import Purpose
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.core.register import Register
from hongyao_desktop.paper.archive import archive_findings
from hongyao_desktop.paper.catalogue import PaperRequest, PaperSpec, Parameter
from hongyao_desktop.paper.document import Column as PaperColumn
from hongyao_desktop.paper.document import Document, Meta, Paragraph, Table, Title
from hongyao_desktop.paper.preview import page_text
from hongyao_desktop.paper.render import render_pdf
from hongyao_desktop.paper.stamp import read_stamp
from hongyao_desktop.paper.words import words_of_pdf
from hongyao_desktop.sheets.words import words_of_book
from hongyao_desktop.store import Office
from hongyao_desktop.volunteers.service.certificates import void_certificate
from tests.golden.office import ID_NUMBERS, PHONES, golden_office

PERIOD = Period(dt.date(2026, 1, 1), dt.date(2026, 11, 20))
CONTACT = {"phone": "13911112222", "place": "街道党群服务中心 1 单元 102 室"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with golden_office(tmp_path) as opened:
        yield opened


def paper_of(text: str) -> PaperSpec:
    """A paper for the public that says this."""

    def build(request: PaperRequest) -> Document:
        table = Table((PaperColumn("内容"),), [(text,)], name="内容")
        return Document("公示", (Title("公示"), table), meta=request.meta("公示"), foot=request.foot())

    parameter = Parameter("phone", "电话", "", "公开电话", public=True)
    return PaperSpec(
        name="x", label="公示", help="测试", build=build, purposes=(Purpose.PUBLIC,), parameters=(parameter,)
    )


LEAKS = {
    "an identity number": str(ID_NUMBERS[0]),
    "an identity number in groups": "110105 19491231 002X",
    "an identity number on file with a wrong check digit": str(ID_NUMBERS[3]),
    "a mobile": "电话13912345678",
    "a mobile in groups": "139 1234 5678",
    "a mobile in full-width figures": "１３９１２３４５６７８",
    "a bank card": "6222021234567890128",
    "a bank card in groups": "6222 0212 3456 7890 128",
    "an address on file": "家住水湾社区和平小区2号楼2单元201室",
    "an address nobody has": "幸福里3号楼2单元501室",
}


@pytest.mark.parametrize("what", LEAKS)
@pytest.mark.parametrize("kind", [".pdf", ".xlsx", ".csv"])
def test_what_is_for_the_public_may_not_hold(what: str, kind: str, office: Office, tmp_path: Path) -> None:
    out = tmp_path / f"公示{kind}"
    with pytest.raises(Refusal, match=r"没有生成.*出现") as refused:
        print_paper(office, paper_of(LEAKS[what]), out, PERIOD)
    assert not out.exists()
    assert LEAKS[what] not in str(refused.value), "the sentence itself must not leak"
    assert refused.value.problems[0].code.startswith("leak.")
    assert runs(office.reader(), "2026-01-01", "2026-12-31") == []


def test_the_sentence_names_the_place(office: Office, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="第 1 页出现完整的手机号码"):
        print_paper(office, paper_of(PHONES[0]), tmp_path / "a.pdf", PERIOD)
    with pytest.raises(Refusal, match="工作表“内容” A3出现完整的手机号码"):
        print_paper(office, paper_of(PHONES[0]), tmp_path / "a.xlsx", PERIOD)
    with pytest.raises(Refusal, match="第 2 行出现"):
        print_paper(office, paper_of(PHONES[0]), tmp_path / "a.csv", PERIOD)


def test_inside_the_office_the_same_may_be_printed(office: Office, tmp_path: Path) -> None:
    paper = replace(paper_of(PHONES[0]), purposes=(Purpose.INTERNAL,))
    assert print_paper(office, paper, tmp_path / "a.pdf", PERIOD).pages == 1


def test_what_is_published_on_purpose_passes(office: Office, tmp_path: Path) -> None:
    out = tmp_path / "公示.pdf"
    options = {**CONTACT, "what": "积分"}
    print_paper(office, find_paper("volunteer-notice"), out, PERIOD, options=options)
    assert "13911112222" in page_text(out, 1)
    print_paper(office, paper_of(f"电话{PHONES[1]}"), out, PERIOD, options={"phone": PHONES[1]})


def test_numbers_of_neighbouring_cells_are_no_number(office: Office) -> None:
    harmless = [
        ("第 1 页", "138 12 34 56 7\n1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18"),
        ("第 1 页", "2026-09-01 至 2026-11-20 合计 1,234,567.00 139 120 45 678 11"),
        ("第 1 页", "水湾社区 联系人 张*三 水湾-0001 ****"),
        ("第 1 页", "3 号楼前清洁，2 单元报名 15 人"),
    ]
    assert leaks_in(harmless, office.reader(), REGISTERS) == []


def test_properties_and_bookmarks_of_a_pdf_are_scanned_too(office: Office, tmp_path: Path) -> None:
    paper = replace(paper_of("无"), purposes=(Purpose.INTERNAL,))
    print_paper(office, paper, tmp_path / "a.pdf", PERIOD)
    with pikepdf.open(tmp_path / "a.pdf", allow_overwriting_input=True) as pdf:
        pdf.docinfo["/Subject"] = f"联系 {PHONES[0]}"
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem(str(ID_NUMBERS[1]), 0))
        pdf.save()
    problems = leaks_in(list(words_of_pdf(tmp_path / "a.pdf")), office.reader(), REGISTERS)
    assert {problem.message.split("出现")[0] for problem in problems} == {"文件属性 /Subject", "书签"}


def test_a_purpose_the_paper_is_not_for_is_refused(office: Office, tmp_path: Path) -> None:
    wishes = Wishes(purpose=Purpose.PUBLIC)
    with pytest.raises(Refusal, match="只能用于内部、报送、审计"):
        print_paper(office, find_paper("class-attendance"), tmp_path / "a.pdf", PERIOD, wishes=wishes)


@pytest.mark.parametrize("name", ["board", "list", "class-roster"])
def test_for_the_public_names_are_masked_and_the_scan_finds_nothing(
    name: str, office: Office, tmp_path: Path
) -> None:
    out = tmp_path / "a.pdf"
    options = {"register": "人员", "columns": "姓名，证件号码，联系电话，住址"} if name == "list" else {}
    wishes = Wishes(purpose=Purpose.PUBLIC)
    print_paper(office, find_paper(name), out, PERIOD, options=options, wishes=wishes)
    words = page_text(out, 1)
    assert "欧阳**" in words
    assert "欧阳建国" not in words
    assert not any(phone in words for phone in PHONES)


@pytest.mark.parametrize("kind", [".xlsx", ".csv"])
def test_an_export_for_the_public_goes_through_the_same_scan(
    kind: str, office: Office, tmp_path: Path
) -> None:
    out = tmp_path / f"人员{kind}"
    with pytest.raises(Refusal, match="出现完整的"):
        export_register(office, find_register("people"), out, purpose="公示")
    assert not out.exists()
    assert export_register(office, find_register("units"), out, purpose="公示") == 2
    assert out.exists()


def test_an_export_in_gb18030_keeps_rare_names(office: Office, tmp_path: Path) -> None:
    out = tmp_path / "人员.csv"
    export_register(office, find_register("people"), out, encoding="gb18030")
    assert "曾𬬭" in out.read_bytes().decode("gb18030")


def test_who_was_chosen_from_another_list_goes_out_by_name_and_number(office: Office, tmp_path: Path) -> None:
    """The recruiter (介绍人) was left out: the register holds his id only."""
    rows = office.reader().all("SELECT id, name, number FROM volunteer_view ORDER BY number LIMIT 2")
    change = {"recruiter_id": rows[0]["id"]}
    office.transact("改介绍人", lambda writer: writer.update("volunteer", rows[1]["id"], change))
    out = tmp_path / "志愿者.csv"
    export_register(office, find_register("volunteers"), out)
    with out.open(encoding="utf-8-sig", newline="") as stream:
        lines = {line["编号"]: line for line in csv.DictReader(stream)}
    assert lines[rows[1]["number"]]["介绍人"] == f"{rows[0]['name']}（{rows[0]['number']}）"
    assert lines[rows[0]["number"]]["介绍人"] == ""


# ------------------------------------------------------------------------------------------------- archive and proof


def test_a_paper_for_the_archive_passes_and_a_locked_one_opens_with_its_password(
    office: Office, tmp_path: Path
) -> None:
    paper = find_paper("board")
    done = print_paper(office, paper, tmp_path / "a.pdf", PERIOD, wishes=Wishes(archive=True, code=True))
    assert done.form == "PDF/A"
    assert archive_findings((tmp_path / "a.pdf").read_bytes()) == ()
    locked = print_paper(office, paper, tmp_path / "b.pdf", PERIOD, wishes=Wishes(password="开门-1"))
    assert locked.form == "加密PDF"
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(tmp_path / "b.pdf")
    with pikepdf.open(tmp_path / "b.pdf", password="开门-1") as opened:
        assert opened.encryption.bits == 256
    with pytest.raises(Refusal, match="不能加打开密码"):
        Wishes(archive=True, password="x")


def test_a_print_run_says_who_when_what_and_how_much(office: Office, tmp_path: Path) -> None:
    done = print_paper(office, find_paper("board"), tmp_path / "a.pdf", PERIOD, options={"limit": "3"})
    (run,) = runs(office.reader(), "2026-11-20", "2026-11-20")
    assert (run["operator"], run["paper"], run["line_count"], run["purpose"]) == (
        "全某",
        "board",
        4,
        "internal",
    )
    assert run["printed_at"].startswith("2026-11-20T09:00:00")
    assert run["checksum"] == done.checksum == read_stamp(done.path).checksum
    assert "登记" not in str(office.undoable() or ""), "a print is passed over by undo"
    foot = page_text(done.path, 1)
    assert f"{run['head'][:12]}-{done.checksum[:8]}" in foot
    assert "4 行" in foot


def test_the_checksum_covers_every_figure_and_word(office: Office, tmp_path: Path) -> None:
    first = print_paper(office, paper_of("12 小时"), tmp_path / "a.pdf", PERIOD)
    second = print_paper(office, paper_of("13 小时"), tmp_path / "b.pdf", PERIOD)
    again = print_paper(office, paper_of("12 小时"), tmp_path / "c.pdf", PERIOD)
    assert first.checksum != second.checksum
    assert first.checksum == again.checksum


@pytest.mark.parametrize("wishes", [Wishes(), Wishes(code=True), Wishes(archive=True)])
def test_printing_again_from_the_same_data_gives_the_same_bytes(
    wishes: Wishes, office: Office, tmp_path: Path
) -> None:
    paper = find_paper("board")
    done = print_paper(office, paper, tmp_path / "a.pdf", PERIOD, wishes=wishes)
    office.clock.advance(dt.timedelta(days=3))  # type: ignore[attr-defined]
    again = reprint(office, paper, done.checksum[:8], tmp_path / "b.pdf")
    assert (tmp_path / "b.pdf").read_bytes() == (tmp_path / "a.pdf").read_bytes()
    assert again.digest == done.digest


def test_after_a_change_a_paper_is_not_printed_again_as_it_was(office: Office, tmp_path: Path) -> None:
    paper = find_paper("list")
    done = print_paper(office, paper, tmp_path / "a.pdf", PERIOD, options={"register": "人员"})

    def rename(writer: Writer) -> None:
        row = writer.one("SELECT id FROM person WHERE name = '丁一'")
        assert row is not None
        writer.update("person", row["id"], {"name": "丁小一"})

    office.transact("改名", rename)
    with pytest.raises(Refusal, match=r"有改动，.*不能原样重印"):
        reprint(office, paper, done.checksum[:8], tmp_path / "b.pdf")
    assert not (tmp_path / "b.pdf").exists()
    with pytest.raises(Refusal, match="打印记录里没有"):
        reprint(office, paper, "00000000", tmp_path / "b.pdf")


def test_a_paper_is_matched_with_its_file(office: Office, tmp_path: Path) -> None:
    done = print_paper(office, find_paper("board"), tmp_path / "a.pdf", PERIOD)
    found = check_paper(office.reader(), done.path)
    assert found.findings == ()
    assert any("与打印记录一致：全某 2026-11-20 09:00" in line for line in found.told)
    changed = tmp_path / "b.pdf"
    with pikepdf.open(done.path) as pdf:
        pdf.save(changed)
    assert [one.code for one in check_paper(office.reader(), changed).findings] == ["paper.changed"]


def test_a_paper_of_another_file_is_told_apart(office: Office, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with golden_office(tmp_path / "other") as other:
        done = print_paper(other, find_paper("board"), tmp_path / "a.pdf", PERIOD)
    assert [one.code for one in check_paper(office.reader(), done.path).findings] == ["paper.head"]
    bare = Document("甲", (Paragraph("甲"),), meta=Meta(office.clock.now()))
    render_pdf(bare, tmp_path / "c.pdf")
    assert [one.code for one in check_paper(office.reader(), tmp_path / "c.pdf").findings] == [
        "paper.no_code"
    ]


def test_a_paper_printed_while_the_file_is_open_elsewhere_says_so(office: Office, tmp_path: Path) -> None:
    done = print_paper(office, find_paper("board"), tmp_path / "a.pdf", PERIOD, wishes=Wishes(noted=False))
    assert not done.noted
    assert "未登记打印" in page_text(done.path, 1)
    assert [one.code for one in check_paper(office.reader(), done.path).findings] == ["paper.unknown"]


def test_a_shifted_paper_is_not_taken_for_a_changed_one(office: Office, tmp_path: Path) -> None:
    paper = find_paper("board")
    done = print_paper(office, paper, tmp_path / "a.pdf", PERIOD, wishes=Wishes(offset=(1.5, -2)))
    with pytest.raises(Refusal, match="内容没有变，请用同样的偏移"):
        reprint(office, paper, done.checksum[:8], tmp_path / "b.pdf")


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.name)
def test_every_register_is_a_list_on_paper(register: Register, office: Office, tmp_path: Path) -> None:
    count = office.reader().value(f"SELECT COUNT(*) FROM {register.source}")
    done = print_paper(
        office, find_paper("list"), tmp_path / "a.pdf", PERIOD, options={"register": register.label}
    )
    assert done.rows == count
    words = page_text(done.path, 1)
    assert register.label in words
    assert not any(number in words for number in ID_NUMBERS if number), "secret columns only when asked for"


def listed(office: Office, tmp_path: Path, where: str) -> int:
    asked = {"register": "积分明细", "where": where}
    done = print_paper(office, find_paper("list"), tmp_path / f"{len(where)}.pdf", PERIOD, options=asked)
    if where:
        said = "".join(page_text(done.path, done.pages).split())
        assert f"条件：{where}" in said, "the paper says what it leaves out"
    return done.rows


def test_a_list_is_narrowed_down_as_on_the_screen(office: Office, tmp_path: Path) -> None:
    reader = office.reader()
    kinds = reader.all("SELECT kind, COUNT(*) AS rows FROM point_view GROUP BY kind ORDER BY kind")
    assert len(kinds) > 1
    for one in kinds:
        assert listed(office, tmp_path, f"类别={one['kind']}") == one["rows"]
    day = reader.value("SELECT MAX(entered_on) FROM point_view")
    on_it = reader.value("SELECT COUNT(*) FROM point_view WHERE entered_on = ?", (day,))
    assert listed(office, tmp_path, f"记分日期={day}..{day}") == on_it
    assert listed(office, tmp_path, f"记分日期={day}..；积分=..-0.01") == reader.value(
        "SELECT COUNT(*) FROM point_view WHERE entered_on >= ? AND points < 0", (day,)
    )


@pytest.mark.parametrize(
    ("where", "told"), [("何物=1", "看不懂"), ("类别", "看不懂"), ("记分日期=..", "没有写起止")]
)
def test_a_condition_that_cannot_be_read_is_told(
    office: Office, tmp_path: Path, where: str, told: str
) -> None:
    with pytest.raises(Refusal, match=told):
        listed(office, tmp_path, where)


# -------------------------------------------------------------------------------------------------------- file and form


def test_a_folder_gets_the_paper_under_its_own_name(office: Office, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    done = print_paper(office, find_paper("certificate-register"), tmp_path / "out", PERIOD)
    assert done.path.name == "志愿服务证明登记簿（水湾街道）.pdf"
    assert file_name('a/b:c*"?') == "a-b-c---"
    assert file_name("..") == "文件"


def test_any_paper_with_a_table_is_a_workbook_with_the_same_rows(office: Office, tmp_path: Path) -> None:
    done = print_paper(office, find_paper("board"), tmp_path / "a.xlsx", PERIOD)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet = book["水湾街道志愿者时长榜"]
    assert (done.form, done.rows) == ("XLSX", 5)
    assert sheet.freeze_panes is not None
    assert sheet.auto_filter.ref is not None
    assert str(sheet.page_setup.paperSize) == "9"
    assert "合计核对" in book.sheetnames
    cells = [place for place, text in words_of_book(tmp_path / "a.xlsx") if text == "水湾-0001"]
    assert cells == ["工作表“水湾街道志愿者时长榜” B4"]


def test_one_table_is_a_text_file_also_in_gb18030(office: Office, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    print_paper(office, find_paper("board"), out, PERIOD)
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    print_paper(office, find_paper("board"), out, PERIOD, wishes=Wishes(encoding="gb18030"))
    assert "曾𬬭" in out.read_bytes().decode("gb18030")
    with pytest.raises(Refusal, match="一个文本文件放不下"):
        print_paper(office, find_paper("volunteer-file"), out, PERIOD, options={"volunteer": "单玥"})


def test_what_a_paper_cannot_do_without_is_asked_for(office: Office, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="还要写明 phone（异议电话）"):
        print_paper(office, find_paper("aid-notice"), tmp_path / "a.pdf", PERIOD)
    with pytest.raises(Refusal, match="没有参数“colour”"):
        print_paper(office, find_paper("board"), tmp_path / "a.pdf", PERIOD, options={"colour": "1"})
    with pytest.raises(Refusal, match="只能是时长、积分"):
        print_paper(office, find_paper("board"), tmp_path / "a.pdf", PERIOD, options={"by": "年龄"})
    with pytest.raises(Refusal, match="1 到 5000 之间的整数"):
        print_paper(office, find_paper("board"), tmp_path / "a.pdf", PERIOD, options={"limit": "x"})
    with pytest.raises(Refusal, match=r"以 .pdf、.xlsx 或 .csv 结尾"):
        print_paper(office, find_paper("board"), tmp_path / "a.doc", PERIOD)
    with pytest.raises(Refusal, match="“志愿服务证明”还要写明证明编号"):
        print_paper(office, find_paper("pack"), tmp_path / "a.pdf", PERIOD, options={"papers": "certificate"})


# -------------------------------------------------------------------------------------------------------- certificates

ASKED = {"volunteer": "单玥", "chief": "张书记", "contact": "0512-65001234"}


def test_certificates_are_numbered_kept_and_replaced(office: Office, tmp_path: Path) -> None:
    paper, out = find_paper("certificate"), tmp_path / "a.pdf"
    print_paper(office, paper, out, PERIOD, options=ASKED)
    first = out.read_bytes()
    options = {**ASKED, "replaces": "志证〔2026〕0001号", "reason": "用途写错", "use": "评优"}
    print_paper(office, paper, out, PERIOD, options=options)
    assert "本证明替换已作废的 志证〔2026〕0001号" in page_text(out, 1).replace("\r\n", "")
    print_paper(office, paper, out, PERIOD, options={"number": "志证〔2026〕0001号"})
    assert "作废（用途写错，换开为志证〔2026〕0002号）" in page_text(out, 1).replace("\r\n", "")
    assert out.read_bytes() != first
    rows = office.reader().all("SELECT number, status FROM service_certificate ORDER BY number")
    assert [row["status"] for row in rows] == ["作废", "有效"]
    with pytest.raises(Refusal, match="已经作废"):
        print_paper(office, paper, out, PERIOD, options=options)
    with pytest.raises(Refusal, match=r"作废证明 .*要写明原因"):
        office.transact("作废", lambda writer: void_certificate(writer, "志证〔2026〕0002号", " "))


def test_a_certificate_needs_service_and_names(office: Office, tmp_path: Path) -> None:
    paper, out = find_paper("certificate"), tmp_path / "a.pdf"
    with pytest.raises(Refusal, match="还要写明单位负责人、联系方式"):
        print_paper(office, paper, out, PERIOD, options={"volunteer": "单玥"})
    with pytest.raises(Refusal, match="没有服务记录，不能开具"):
        print_paper(office, paper, out, PERIOD, options={**ASKED, "volunteer": "李小龙"})
    with pytest.raises(Refusal, match="没有编号或姓名为“张三”"):
        print_paper(office, paper, out, PERIOD, options={**ASKED, "volunteer": "张三"})
    assert office.reader().value("SELECT COUNT(*) FROM service_certificate") == 0
    assert not out.exists()


def test_the_moment_of_a_paper_is_one(office: Office, tmp_path: Path) -> None:
    """A clock that runs on while the paper is made must not give a paper of two moments."""
    office.clock = FixedClock(office.clock.now(), dt.timedelta(seconds=40))
    done = print_paper(office, find_paper("board"), tmp_path / "a.pdf", PERIOD)
    again = reprint(office, find_paper("board"), done.checksum[:8], tmp_path / "b.pdf")
    assert again.digest == done.digest
