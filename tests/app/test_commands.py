"""The commands that tests, packaging and auditors rely on, each as they would call it."""

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from hongyao_desktop.app.resources import resource
from tests.app.demonstrations import Told

Run = Callable[..., Told]
SAMPLES = resource("demo", "samples")
EXPECTED = json.loads((SAMPLES / "EXPECTED.json").read_text(encoding="utf-8"))


def sample(number: str) -> Path:
    return next(SAMPLES.glob(f"{number} *"))


def test_demo_tells_who_may_open_it(run: Run, tmp_path: Path) -> None:
    made = run("demo", tmp_path / "新.hongyao", "--json")
    assert made.code == 0
    assert made.data["password"]
    names = [person["name"] for person in made.data["operators"]]
    assert names == ["李静", "赵审核", "钱审计", "孙系统", "周安全", "吴日志"]
    assert (tmp_path / "新.hongyao").exists()


def test_check_passes_on_a_fresh_file_and_knows_its_printed_head(run: Run, office: Path) -> None:
    checked = run("check", office, "--json")
    assert (checked.code, checked.data["ok"], checked.data["findings"]) == (0, True, [])
    assert run("check", office, "--head", checked.data["head"][:12]).code == 0
    assert run("check", office, "--head", "0" * 12).code == 1


def test_every_figure_equals_the_rows_behind_it(run: Run, office: Path) -> None:
    figures = run("figures", office, "--json").data["figures"]
    assert len(figures) > 25
    for figure in figures:
        drilled = run("figures", office, "--code", figure["code"], "--rows", "--json").data
        assert drilled["figures"] == [figure]
        if figure["unit"] not in ("小时", "分", "学时", "元") and figure["code"] != "JJ-06":
            assert len(drilled["rows"]) == figure["value"], figure["label"]


def test_a_street_is_the_sum_of_its_communities(run: Run, office: Path) -> None:
    def values(*unit: str) -> dict[str, int]:
        told = run("figures", office, "--json", *unit)
        return {figure["code"]: figure["value"] for figure in told.data["figures"]}

    street = values()
    communities = [values("--unit", name) for name in ("水湾社区", "柳巷社区", "石桥社区")]
    for code in ("ZY-01", "ZY-12", "ZY-21", "ZY-41"):
        assert sum(community[code] for community in communities) == street[code], code


def test_list_finds_by_initials_and_keeps_secrets(run: Run, office: Path) -> None:
    everyone = run("list", office, "people", "--limit", "1000", "--json").data
    assert everyone["total"] == len(everyone["rows"]) == 422
    name = everyone["rows"][0]["name"]
    found = run("list", office, "人员", "--search", name, "--json").data
    assert name in [row["name"] for row in found["rows"]]
    assert "id_number" not in everyone["rows"][0]
    assert "address" not in everyone["rows"][0]


def test_export_leaves_secrets_out_unless_a_purpose_is_stated(run: Run, office: Path, tmp_path: Path) -> None:
    assert run("export", office, "volunteers", tmp_path / "名册.xlsx").code == 0
    header = next(openpyxl.load_workbook(tmp_path / "名册.xlsx").worksheets[0].iter_rows(values_only=True))
    assert "证件号码" not in header
    assert run("export", office, "volunteers", tmp_path / "审计.xlsx", "--purpose", "审计").code == 0
    sheet = openpyxl.load_workbook(tmp_path / "审计.xlsx").worksheets[0]
    rows = sheet.iter_rows()
    place = [cell.value for cell in next(rows)].index("证件号码")
    cell = next(rows)[place]
    assert cell.data_type == "s"
    assert len(str(cell.value)) == 18
    assert cell.number_format == "@"


def test_export_as_text_opens_in_a_spreadsheet(run: Run, office: Path, tmp_path: Path) -> None:
    assert run("export", office, "现金日记账", tmp_path / "账.csv").code == 0
    content = (tmp_path / "账.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert "上年结转".encode() in content


def test_the_dry_run_says_what_is_wrong_and_writes_nothing(run: Run, office: Path) -> None:
    before = run("check", office, "--json").data["head"]
    told = run("import", office, "volunteers", sample("01"), "--json")
    assert told.code == 1
    assert told.data["read"] == EXPECTED["01"]["rows_with_people"]
    assert told.data["tables"][0]["header_rows"] == EXPECTED["01"]["header_rows"]
    damaged = {problem["row"] for problem in told.data["findings"] if problem["code"].startswith("id.")}
    assert len(damaged) == EXPECTED["01"]["rows_with_wrong_or_damaged_id"]
    assert told.data["committed"] is False
    assert run("check", office, "--json").data["head"] == before


def test_commit_writes_the_good_rows_and_returns_the_others(run: Run, office: Path, tmp_path: Path) -> None:
    back = tmp_path / "退回.xlsx"
    done = run("import", office, "volunteers", sample("01"), "--commit", "--back", back, "--json").data
    assert (done["written"], done["returned"]) == (55, 4)
    rows = list(openpyxl.load_workbook(back).worksheets[0].iter_rows(values_only=True))
    assert "退回原因" in rows[2] + rows[3]
    assert sum("证件号码" in str(row[-1]) for row in rows) == 4
    again = run("import", office, "volunteers", sample("01"), "--commit", "--back", back, "--json").data
    assert again["written"] == 0
    assert again["earlier_import"]
    assert run("check", office).code == 0


@pytest.mark.parametrize(
    ("target", "number", "key", "count"),
    [
        ("service_records", "02", "records", 73),
        ("attendance", "03", "people", 40),
        ("spot_reports", "05", "reports", 12),
    ],
)
def test_each_sample_is_read_whole(
    run: Run, office: Path, target: str, number: str, key: str, count: int
) -> None:
    told = run("import", office, target, sample(number), "--json")
    assert told.data["read"] == EXPECTED[number][key] == count


def test_session_columns_of_a_sign_in_sheet_are_not_called_unknown(run: Run, office: Path) -> None:
    findings = run("import", office, "attendance", sample("03"), "--json").data["findings"]
    assert not [finding for finding in findings if finding["code"] == "mapping.unknown"]


def test_paper_and_workbook_say_what_figures_say(run: Run, office: Path, tmp_path: Path) -> None:
    from pypdf import PdfReader

    pdf, book = tmp_path / "汇总.pdf", tmp_path / "汇总.xlsx"
    assert run("paper", office, "summary", pdf, "--json").data["missing"] == []
    assert run("paper", office, "工作情况汇总", book).code == 0
    text = "".join(page.extract_text() for page in PdfReader(pdf).pages).replace("\n", "")
    sheet = openpyxl.load_workbook(book)["指标核对"]
    printed = {row[0]: row[3] for row in sheet.iter_rows(values_only=True)}
    for figure in run("figures", office, "--json").data["figures"]:
        scale = (
            1
            if figure["unit"] not in ("分", "学时", "元", "小时")
            else 60
            if figure["unit"] == "小时"
            else 100
        )
        assert printed[figure["code"]] == pytest.approx(figure["value"] / scale, abs=0.005)
        assert figure["shown"] in text, figure["label"]
        if figure["code"] in ("ZY-01", "ZY-21", "PX-05", "JJ-03"):
            assert f"{figure['shown']}{figure['unit']}" in text, figure["label"]


@pytest.mark.needs("soffice")
def test_another_program_computes_the_same_figures(
    run: Run, office: Path, tmp_path: Path, recalculate: Callable[[Path], Path]
) -> None:
    book = tmp_path / "汇总.xlsx"
    assert run("paper", office, "summary", book).code == 0
    fresh = openpyxl.load_workbook(recalculate(book), data_only=True)
    for name, place in (("指标核对", 5), ("合计核对", 4)):
        numbers = [
            row[place]
            for row in fresh[name].iter_rows(values_only=True)
            if isinstance(row[place], (int, float))
        ]
        assert len(numbers) > 25
        assert set(numbers) == {0}


def test_papers_are_listed_with_their_parameters(run: Run) -> None:
    listed = run("papers", "--json").data
    summary = next(paper for paper in listed if paper["name"] == "summary")
    assert [parameter["name"] for parameter in summary["parameters"]] == [
        "from",
        "to",
        "unit",
        "purpose",
        "ranked",
    ]
