"""The bundled fonts: what they cover, what they are called, that the chain falls back glyph by glyph."""

import hashlib
import json
import re

import pytest
from fontTools.ttLib import TTFont

from hongyao_desktop.paper import fonts
from hongyao_desktop.paper.document import Face
from hongyao_desktop.paper.problem import PaperError
from tests.paper.papers import NO_GLYPH, RARE

LISTED = json.loads((fonts.FOLDER / "fonts.json").read_text(encoding="utf-8"))
STANDARD = "".join(
    (fonts.FOLDER.parents[1] / "packaging/fonts/standard_8105.txt").read_text(encoding="utf-8").split()
)
# GB 18030-2022 level 3 (级别3): 87,887 ideographs.
LEVEL_3 = [
    *range(0x4E00, 0x9FF0),
    *range(0x3400, 0x4DB6),
    *range(0x20000, 0x2A6D7),
    *range(0x2A700, 0x2B735),
    *range(0x2B740, 0x2B81E),
    *range(0x2B820, 0x2CEA2),
    *range(0x2CEB0, 0x2EBE1),
    *(0xFA0E, 0xFA0F, 0xFA11, 0xFA13, 0xFA14, 0xFA1F, 0xFA21, 0xFA23, 0xFA24, 0xFA27, 0xFA28, 0xFA29),
]


def test_the_files_are_those_that_were_built() -> None:
    on_disk = {path.name for path in fonts.FOLDER.glob("*.ttf")}
    assert on_disk == {entry["file"] for entry in LISTED}
    for entry in LISTED:
        data = (fonts.FOLDER / entry["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == entry["sha256"], entry["file"]


def test_each_face_has_a_family_of_its_own_and_a_licence() -> None:
    names = [(entry["family"], entry["style"]) for entry in LISTED]
    assert len(set(names)) == len(names)
    for entry in LISTED:
        assert not re.search("noto|source|lxgw|霞鹜|hanazono|hanamin|花園", entry["family"], re.IGNORECASE)
    licences = "".join(path.name for path in (fonts.FOLDER / "LICENSES").iterdir())
    for origin in ("NotoSerifSC", "NotoSansSC", "LXGWWenKai", "Hanazono", "BabelStoneHan", "Fandol"):
        assert origin in licences


@pytest.mark.parametrize("entry", LISTED, ids=[entry["file"] for entry in LISTED])
def test_units_and_tables_fit_the_library(entry: dict[str, str]) -> None:
    with TTFont(fonts.FOLDER / entry["file"], lazy=True) as font:
        assert font["head"].unitsPerEm == 1000
        assert not {"GSUB", "GPOS", "GDEF", "fpgm", "prep", "CFF "} & set(font.keys())
        assert font["OS/2"].fsType == 0
        assert str(font["name"].getDebugName(1)) == entry["family"]


def test_the_standard_list_is_whole() -> None:
    assert len(STANDARD) == len(set(STANDARD)) == 8105


@pytest.mark.parametrize("face", list(Face))
def test_every_face_draws_the_standard_list_in_its_own_style(face: Face) -> None:
    styled = set(fonts.CHAINS[face]) - {"HYRareA", "HYRareB", "HYRareC"}
    table = fonts.glyphs(face)
    strangers = [c for c in STANDARD if (glyph := table[c]) is None or glyph.font not in styled]
    assert strangers == []


def test_the_chain_draws_gb18030_level_3() -> None:
    assert len(LEVEL_3) == 87_887
    table = fonts.glyphs(Face.SONG)
    assert [hex(code) for code in LEVEL_3 if table[chr(code)] is None] == []


@pytest.mark.parametrize("face", list(Face))
def test_rare_characters_of_names_have_a_glyph_in_every_face(face: Face) -> None:
    assert [c for c in RARE if fonts.glyphs(face)[c] is None] == []


def test_what_no_font_has_is_written_as_its_code_point() -> None:
    lost: list[str] = []
    assert fonts.legible(f"王{NO_GLYPH}", lost) == "王[U+31353]"
    assert lost == [NO_GLYPH]
    assert fonts.missing(f"王{NO_GLYPH}明{NO_GLYPH}") == (NO_GLYPH,)


def test_marks_that_are_not_seen_are_dropped_and_not_reported() -> None:
    assert fonts.legible("张\u200b伟\ufeff\u00a0A\tB\r\nC") == "张伟 A B\nC"
    assert fonts.missing("张\u200b伟\ufe0f") == ()


def test_runs_change_font_only_where_the_glyph_asks_for_it() -> None:
    assert fonts.runs(Face.FANG, "王喆𠮷12") == [
        ("HYFangSong", "王", 0.0),
        ("HYFangFill", "喆", 0.0),
        ("HYRareA", "𠮷", 0.0),
        ("HYSong", "12", 0.0),
    ]


def test_thin_glyphs_beside_a_bold_face_get_a_stroke() -> None:
    assert fonts.runs(Face.BIAO, "王𠮷") == [("HYBiaoSong", "王", 0.0), ("HYRareA", "𠮷", 0.024)]


@pytest.mark.parametrize("face", [Face.SONG, Face.FANG, Face.BIAO])
def test_digits_are_half_width_so_that_money_stands_straight(face: Face) -> None:
    assert {fonts.width(face, digit, 10) for digit in "0123456789"} == {5.0}


@pytest.mark.parametrize("face", list(Face))
def test_chinese_marks_are_one_em(face: Face) -> None:
    assert {character: fonts.width(face, character, 10) for character in "，。（）“”—·"} == dict.fromkeys(
        "，。（）“”—·", 10.0
    )


def test_width_of_mixed_text_is_the_sum_of_its_glyphs() -> None:
    text = "王喆𠮷12,3"
    single = sum(fonts.width(Face.FANG, character, 16) for character in text)
    assert fonts.width(Face.FANG, text, 16) == pytest.approx(single)


def test_a_missing_font_file_is_a_sentence() -> None:
    with pytest.raises(PaperError, match="请重新安装程序"):
        fonts.load("HYNothing")
