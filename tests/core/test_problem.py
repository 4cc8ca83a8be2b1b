"""Findings and refusals carry what a list, a form and the command line need."""

from hongyao_desktop.core.problem import Level, Problem, Refusal, has_errors


def test_a_place_is_filled_in_once_and_then_kept() -> None:
    found = Problem(Level.ERROR, "id.damaged", "后三位丢失").at(row=5, column="C", value="1")
    assert found.at(row=9, field="id_no") == Problem(
        Level.ERROR, "id.damaged", "后三位丢失", field="id_no", row=5, column="C", value="1"
    )
    assert found.sentence() == "［错误］第 5 行 C 列：后三位丢失"


def test_without_a_place_the_sentence_has_no_colon() -> None:
    assert Problem(Level.QUESTION, "x.y", "请确认").sentence() == "［待确认］请确认"
    assert Problem(Level.WARNING, "x.y", "请核对", column="B").place() == "B 列"


def test_only_errors_stop_a_row() -> None:
    warning = Problem(Level.WARNING, "a.b", "提醒")
    assert not has_errors([warning, Problem(Level.QUESTION, "a.c", "问")])
    assert has_errors([warning, Problem(Level.ERROR, "a.d", "错")])


def test_a_refusal_prints_its_sentence() -> None:
    finding = Problem(Level.ERROR, "a.b", "错")
    refusal = Refusal("文件打不开，请换一个位置", 2, [finding])
    assert (str(refusal), refusal.exit_code, refusal.problems) == ("文件打不开，请换一个位置", 2, (finding,))
