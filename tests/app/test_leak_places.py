"""Leaks planted in every place a workbook or PDF has: found, named by their place, and not repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink

from hongyao_desktop.app.modules import REGISTERS
from hongyao_desktop.app.printing.leaks import refuse_leaks
from hongyao_desktop.core.problem import Refusal
from hongyao_desktop.paper.document import Face, Heading, Note, Orientation, PageBreak, Paragraph, Span
from hongyao_desktop.paper.render import render_pdf
from hongyao_desktop.store import Office
from tests.golden.office import ID_NUMBERS, PHONES, golden_office
from tests.paper.papers import document


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with golden_office(tmp_path_factory.mktemp("office")) as opened:
        yield opened


def _in_a_cell(book: openpyxl.Workbook, leak: str) -> None:
    book.create_sheet("名单")["C7"] = leak


def _in_a_formula(book: openpyxl.Workbook, leak: str) -> None:
    book.create_sheet("名单")["C7"] = f'="{leak}"'


def _in_a_hidden_sheet(book: openpyxl.Workbook, leak: str) -> None:
    sheet = book.create_sheet("底稿")
    sheet.sheet_state = "veryHidden"
    sheet["B2"] = leak


def _in_a_hidden_column(book: openpyxl.Workbook, leak: str) -> None:
    sheet = book.create_sheet("名单")
    sheet["Z9"] = leak
    sheet.column_dimensions["Z"].hidden = True


def _in_a_property(book: openpyxl.Workbook, leak: str) -> None:
    book.properties.keywords = leak


def _in_a_custom_property(book: openpyxl.Workbook, leak: str) -> None:
    book.custom_doc_props.append(  # type: ignore[attr-defined]  # the stubs lag behind
        StringProperty(name="备注", value=leak)
    )


def _in_a_comment(book: openpyxl.Workbook, leak: str) -> None:
    book.create_sheet("名单")["A1"].comment = Comment(leak, "我")


def _as_author_of_a_comment(book: openpyxl.Workbook, leak: str) -> None:
    book.create_sheet("名单")["A1"].comment = Comment("见附件", leak)


def _in_a_defined_name(book: openpyxl.Workbook, leak: str) -> None:
    book.defined_names["联系人"] = DefinedName("联系人", attr_text=f'"{leak}"')


def _in_the_comment_of_a_name(book: openpyxl.Workbook, leak: str) -> None:
    book.defined_names["联系人"] = DefinedName("联系人", attr_text="Sheet!$A$1", comment=leak)


def _as_name_of_a_sheet(book: openpyxl.Workbook, leak: str) -> None:
    book.create_sheet(leak)


def _in_a_header(book: openpyxl.Workbook, leak: str) -> None:
    book.create_sheet("名单").oddHeader.center.text = leak


def _in_the_footer_of_even_pages(book: openpyxl.Workbook, leak: str) -> None:
    book.create_sheet("名单").evenFooter.left.text = leak


def _in_a_link(book: openpyxl.Workbook, leak: str) -> None:
    sheet = book.create_sheet("名单")
    sheet["A1"] = "详见"
    sheet["A1"].hyperlink = f"https://example.invalid/?q={leak}"


def _in_the_tip_of_a_link(book: openpyxl.Workbook, leak: str) -> None:
    sheet = book.create_sheet("名单")
    sheet["A1"].hyperlink = Hyperlink(ref="A1", location="A2", tooltip=leak)


def _in_a_list_to_choose_from(book: openpyxl.Workbook, leak: str) -> None:
    sheet = book.create_sheet("名单")
    sheet.add_data_validation(DataValidation("list", formula1=f'"甲,{leak}"', sqref="A1"))


def _in_a_hint(book: openpyxl.Workbook, leak: str) -> None:
    sheet = book.create_sheet("名单")
    sheet.add_data_validation(DataValidation("whole", prompt=leak, showInputMessage=True, sqref="A1"))


def _in_a_number_format(book: openpyxl.Workbook, leak: str) -> None:
    cell = book.create_sheet("名单")["A1"]
    cell.value, cell.number_format = 1, f'"{leak}"'


def _in_a_chart(book: openpyxl.Workbook, leak: str) -> None:
    sheet = book.create_sheet("名单")
    chart = BarChart()
    chart.title = leak
    sheet.add_chart(chart)


PLACES: dict[Callable[[openpyxl.Workbook, str], None], str] = {
    _in_a_cell: "工作表“名单” C7",
    _in_a_formula: "工作表“名单” C7",
    _in_a_hidden_sheet: "隐藏工作表“底稿” B2",
    _in_a_hidden_column: "工作表“名单” Z9",
    _in_a_property: "文件属性",
    _in_a_custom_property: "文件属性",
    _in_a_comment: "部件 xl/comments",
    _as_author_of_a_comment: "部件 xl/comments",
    _in_a_defined_name: "工作表名称",
    _in_the_comment_of_a_name: "工作表名称",
    _as_name_of_a_sheet: "工作表名称",
    _in_a_header: "工作表“名单” 页眉页脚",
    _in_the_footer_of_even_pages: "工作表“名单” 页眉页脚",
    _in_a_link: "部件 xl/worksheets/_rels",
    _in_the_tip_of_a_link: "工作表“名单” hyperlink",
    _in_a_list_to_choose_from: "工作表“名单” formula1",
    _in_a_hint: "工作表“名单” dataValidation",
    _in_a_number_format: "部件 xl/styles.xml",
    _in_a_chart: "部件 xl/charts",
}


@pytest.mark.parametrize("plant", PLACES, ids=lambda plant: plant.__name__)
@pytest.mark.parametrize("leak", [ID_NUMBERS[0], PHONES[2]])
def test_wherever_a_leak_is_planted_in_a_workbook_it_is_found_and_named(
    plant: Callable[[openpyxl.Workbook, str], None], leak: str, office: Office, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("目录")["A1"] = "志愿者公示"
    plant(book, leak)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(Refusal) as refused:
        refuse_leaks(tmp_path / "a.xlsx", office.reader(), REGISTERS)
    assert PLACES[plant] in refused.value.message
    assert leak not in refused.value.message


def test_a_clean_workbook_passes(office: Office, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("名单")["A1"] = "王*堃"
    book.properties.keywords = "志愿者，公示，2026"
    book.save(tmp_path / "a.xlsx")
    refuse_leaks(tmp_path / "a.xlsx", office.reader(), REGISTERS)


def _property(pdf: pikepdf.Pdf, leak: str) -> None:
    pdf.docinfo["/Keywords"] = leak


def _metadata(pdf: pikepdf.Pdf, leak: str) -> None:
    with pdf.open_metadata(update_docinfo=False) as metadata:
        metadata["dc:description"] = leak


def _bookmark(pdf: pikepdf.Pdf, leak: str) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("一", 0))
        outline.root[0].children.append(pikepdf.OutlineItem(leak, 0))


def _note(pdf: pikepdf.Pdf, leak: str) -> None:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents=leak
    )
    pdf.pages[1].Annots = pdf.make_indirect(pikepdf.Array([note]))


def _attachment_name(pdf: pikepdf.Pdf, leak: str) -> None:
    pdf.attachments[leak] = b"x"


PDF_PLACES: dict[Callable[[pikepdf.Pdf, str], None], str] = {
    _property: "文件属性 /Keywords",
    _metadata: "文件属性",
    _bookmark: "书签",
    _note: "第 2 页批注",
    _attachment_name: "附带文件名",
}


@pytest.mark.parametrize("plant", PDF_PLACES, ids=lambda plant: plant.__name__)
def test_wherever_a_leak_is_planted_in_a_pdf_it_is_found_and_named(
    plant: Callable[[pikepdf.Pdf, str], None], office: Office, tmp_path: Path
) -> None:
    clean, planted = tmp_path / "a.pdf", tmp_path / "b.pdf"
    render_pdf(document(Paragraph("公示"), PageBreak(Orientation.LANDSCAPE), Paragraph("第二页")), clean)
    refuse_leaks(clean, office.reader(), REGISTERS)
    leak = str(ID_NUMBERS[0])
    with pikepdf.open(clean) as pdf:
        plant(pdf, leak)
        pdf.save(planted)
    with pytest.raises(Refusal) as refused:
        refuse_leaks(planted, office.reader(), REGISTERS)
    assert PDF_PLACES[plant] in refused.value.message
    assert leak not in refused.value.message


@pytest.mark.parametrize(
    "block",
    [
        Paragraph(f"联系人电话{PHONES[1]}"),
        Paragraph((Span("证件"), Span(str(ID_NUMBERS[0])[:9], Face.HEI), Span(str(ID_NUMBERS[0])[9:]))),
        Heading(2, f"关于{PHONES[1]}"),
        Note(str(ID_NUMBERS[1])),
        Paragraph("字" * 24 + PHONES[1]),
    ],
    ids=["text", "two faces", "heading", "note", "over the end of a line"],
)
def test_words_of_a_page_are_read_as_they_stand(block: Paragraph, office: Office, tmp_path: Path) -> None:
    render_pdf(document(PageBreak(Orientation.LANDSCAPE), block), tmp_path / "a.pdf")
    with pytest.raises(Refusal, match=r"第 [12] 页出现"):
        refuse_leaks(tmp_path / "a.pdf", office.reader(), REGISTERS)
