"""Make the fonts of resources/fonts out of free packages, once; the result is stored as data and not rebuilt in CI.

Usage: ``python packaging/fonts/build.py PACKAGES OUT`` where PACKAGES is a folder holding the archives named in
``sources.json`` (README.md beside this file says how to get them). An archive whose SHA-256 differs is refused. The
same archives give the same bytes: no clock, no machine path enters a font.

What is done to each face, and why:

* layout tables and hints are dropped: neither ReportLab nor Qt's CJK drawing needs them, they are a third of the size;
* every face gets 1000 units per em: ReportLab writes wrong advances for 1024-unit fonts and PDF/A checkers refuse them;
* every face gets a family name of its own: the licences ask for it, and Qt mixes up weights that share one;
* digits of the 宋 faces become the half-width ones (半角), so columns of money stand straight;
* dash, middle dot and quotation marks become one em wide, as Chinese setting wants them;
* FandolFang sits 0.07 em low; its ideographs and brackets are lifted to where digits and other faces expect them;
* the 1,467 standard characters FandolFang lacks are filled from a thin 宋, smaller and with rising strokes like 仿宋.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.scaleUpem import scale_upem

HERE = Path(__file__).resolve().parent
# 2026-01-01 in seconds since 1904, the fonts' own time; fixed so that a rebuild is identical.
EPOCH = 3849984000
UNITS = 1000
SYMBOLS_BELOW = 0x3400  # Latin, Greek, punctuation, kana, enclosed figures: everything before the ideographs
IDEOGRAPH_RANGES = (
    (0x2E80, 0x2FDF),  # radicals
    (0x2FF0, 0x2FFF),  # description characters
    (0x31C0, 0x31EF),  # strokes
    (0x3400, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x323AF),  # Extensions B to H, I and the compatibility supplement
)
# Full-width characters of FandolFang that already sit right beside lifted ideographs.
KEEP_HEIGHT = set("，。、；：？！％℃№．") | {
    chr(code)
    for first, last in (
        (0x3040, 0x30FF),
        (0xFF10, 0xFF5A),
        (0x2160, 0x217F),
        (0x2460, 0x249B),
        (0x370, 0x4FF),
    )
    for code in range(first, last + 1)
}
FANDOL_LIFT = 72
MIDDLE = 375  # half height of an ideograph in all these faces
# Thickness of the dash and size of the middle dot, by eye, a little over the horizontal strokes of each face.
DASH_AND_DOT = {
    "HYFangSong.ttf": (36, 106),
    "HYSong.ttf": (34, 116),
    "HYBiaoSong.ttf": (44, 150),
    "HYHei.ttf": (58, 130),
    "HYHeiBold.ttf": (84, 164),
    "HYKai.ttf": (44, 130),
}


@dataclass(frozen=True, slots=True)
class Face:
    """One font to make: where its outlines come from, what it keeps, what it is called."""

    file: str
    family: str
    style: str
    source: str
    path: str
    licence: str
    weight: int = 400
    note: str = ""


FANDOL = "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/FandolFang-Regular.otf"
SERIF = "package/{0}/NotoSerifSC_{0}.ttf"
SANS = "package/{0}/NotoSansSC_{0}.ttf"
FACES = (
    Face("HYFangSong.ttf", "HY FangSong", "Regular", "texlive-lang-chinese", FANDOL, "GPL-3.0 with font exception",
         note="cubic outlines turned into quadratic ones, full-width glyphs lifted, thinner dash"),
    Face("HYFangFill.ttf", "HY Fang Fill", "Regular", "noto-serif-sc", SERIF.format("300Light"), "OFL-1.1",
         note="standard characters that HY FangSong lacks, made smaller with rising strokes"),
    Face("HYSong.ttf", "HY Song", "Regular", "noto-serif-sc", SERIF.format("400Regular"), "OFL-1.1",
         note="half-width digits, one-em dash and middle dot"),
    Face("HYBiaoSong.ttf", "HY BiaoSong", "Regular", "noto-serif-sc", SERIF.format("700Bold"), "OFL-1.1",
         note="standard characters and symbols; half-width digits, one-em dash and middle dot"),
    Face("HYHei.ttf", "HY Hei", "Regular", "noto-sans-sc", SANS.format("400Regular"), "OFL-1.1",
         note="one-em dash, smaller middle dot"),
    Face("HYHeiBold.ttf", "HY Hei", "Bold", "noto-sans-sc", SANS.format("700Bold"), "OFL-1.1", 700,
         note="standard characters and symbols; one-em dash, smaller middle dot"),
    Face("HYKai.ttf", "HY Kai", "Regular", "fonts-lxgw-wenkai",
         "usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf", "OFL-1.1",
         note="standard characters and symbols; one-em quotation marks and middle dot"),
    Face("HYRareA.ttf", "HY Rare A", "Regular", "fonts-hanazono",
         "usr/share/fonts/truetype/hanazono/HanaMinA.ttf", "Hanazono Font License (or OFL-1.1)",
         note="what HY Song lacks; 1000 units per em"),
    Face("HYRareB.ttf", "HY Rare B", "Regular", "fonts-hanazono",
         "usr/share/fonts/truetype/hanazono/HanaMinB.ttf", "Hanazono Font License (or OFL-1.1)",
         note="what HY Song and HY Rare A lack; 1000 units per em"),
    Face("HYRareC.ttf", "HY Rare C", "Regular", "fonts-babelstone-han",
         "usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf", "Arphic Public License",
         note="ideographs that HY Song, HY Rare A and B lack; 1000 units per em"),
)  # fmt: skip


def is_ideograph(code: int) -> bool:
    """Whether a code point is a Han character or one of its parts, compatibility forms included."""
    return any(first <= code <= last for first, last in IDEOGRAPH_RANGES)


def is_private(code: int) -> bool:
    """Whether a code point is for private use: such text is mended when read, never drawn by luck."""
    return 0xE000 <= code <= 0xF8FF or code >= 0xF0000


def standard_characters() -> set[int]:
    """The 8,105 characters of the 2013 general standard list (通用规范汉字表), from Unicode's kTGH."""
    text = (HERE / "standard_8105.txt").read_text(encoding="utf-8")
    return {ord(character) for character in text if not character.isspace()}


def unpack(packages: Path, into: Path) -> dict[str, Path]:
    """Check every archive against sources.json and unpack it; returns the folder of each source."""
    folders: dict[str, Path] = {}
    for source in json.loads((HERE / "sources.json").read_text(encoding="utf-8")):
        archive = packages / source["archive"]
        if not archive.is_file():
            sys.exit(f"missing: {archive.name} ({source['get']})")
        if hashlib.sha256(archive.read_bytes()).hexdigest() != source["sha256"]:
            sys.exit(f"not the expected file: {archive.name}")
        folder = into / source["name"]
        folder.mkdir()
        if archive.suffix == ".deb":
            subprocess.run(["dpkg-deb", "-x", str(archive), str(folder)], check=True)
        else:
            with tarfile.open(archive) as tar:
                tar.extractall(folder, filter="data")
        folders[source["name"]] = folder
    return folders


def to_quadratic(font: TTFont) -> None:
    """Turn PostScript (CFF) outlines into TrueType ones with a tolerance of one unit, in place."""
    glyphs = font.getGlyphSet()
    order = font.getGlyphOrder()
    drawn = {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        drawn[name] = pen.glyph()
    glyf = newTable("glyf")
    glyf.glyphs = drawn
    glyf.glyphOrder = order
    font["glyf"] = glyf
    font["loca"] = newTable("loca")
    del font["CFF "]
    font.sfntVersion = "\x00\x01\x00\x00"
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    maxp.maxZones = 1
    maxp.maxTwilightPoints = maxp.maxStorage = maxp.maxFunctionDefs = maxp.maxInstructionDefs = 0
    maxp.maxStackElements = maxp.maxSizeOfInstructions = maxp.maxComponentElements = 0


def redraw(font: TTFont, code: int, transform: tuple[float, ...], advance: int | None = None) -> None:
    """Replace the glyph of a code point by its transformed outline (a b c d e f); composites are resolved."""
    name = font.getBestCmap()[code]
    glyphs = font.getGlyphSet()
    record = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(record)
    pen = TTGlyphPen(None)
    record.replay(TransformPen(pen, transform))
    glyph = pen.glyph()
    glyph.recalcBounds(font["glyf"])
    font["glyf"][name] = glyph
    old = font["hmtx"][name][0]
    font["hmtx"][name] = (old if advance is None else advance, getattr(glyph, "xMin", 0))


def bounds(font: TTFont, code: int) -> tuple[float, float, float, float]:
    """The outline's box of a code point."""
    glyphs = font.getGlyphSet()
    pen = BoundsPen(glyphs)
    glyphs[font.getBestCmap()[code]].draw(pen)
    box: tuple[float, float, float, float] = pen.bounds
    return box


def single_substitutions(font: TTFont, tag: str) -> dict[str, str]:
    """Glyph to glyph by one layout feature, to be made the default before the layout tables go."""
    table = font["GSUB"].table
    found: dict[str, str] = {}
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == tag:
            for index in record.Feature.LookupListIndex:
                for subtable in table.LookupList.Lookup[index].SubTable:
                    found.update(getattr(getattr(subtable, "ExtSubTable", subtable), "mapping", {}))
    return found


def remap(font: TTFont, changes: dict[int, str]) -> None:
    """Point code points at other glyphs in every cmap of the font."""
    for table in font["cmap"].tables:
        for code, name in changes.items():
            if code in table.cmap:
                table.cmap[code] = name


def half_width_digits(font: TTFont) -> None:
    """Make the half-width digits (hwid, 500 units) the ordinary ones; period, comma and hyphen stay as they are."""
    substitutions, cmap = single_substitutions(font, "hwid"), font.getBestCmap()
    remap(font, {code: substitutions[cmap[code]] for code in map(ord, "0123456789")})


def one_em_dash(font: TTFont, thickness: float) -> None:
    """Draw U+2014 as a bar of one em at mid height, so that 破折号 (two of them) is one line without a gap."""
    left, bottom, right, top = bounds(font, 0x2014)
    wide, high = UNITS / (right - left), thickness / (top - bottom)
    redraw(font, 0x2014, (wide, 0, 0, high, -left * wide, MIDDLE - high * (bottom + top) / 2), UNITS)


def one_em_dot(font: TTFont, size: float) -> None:
    """Centre the middle dot (间隔号 of names) in one em, at mid height of the ideographs."""
    left, bottom, right, top = bounds(font, 0xB7)
    scale = size / (right - left)
    redraw(
        font,
        0xB7,
        (scale, 0, 0, scale, (UNITS - scale * (left + right)) / 2, MIDDLE - scale * (bottom + top) / 2),
        UNITS,
    )


def one_em_quotes(font: TTFont) -> None:
    """Give quotation marks one em, opening ones at its right, closing ones at its left."""
    for character in "“‘":
        right = bounds(font, ord(character))[2]
        redraw(font, ord(character), (1, 0, 0, 1, UNITS - 60 - right, 0), UNITS)
    for character in "”’":
        left = bounds(font, ord(character))[0]
        redraw(font, ord(character), (1, 0, 0, 1, 60 - left, 0), UNITS)


def lift_fandol(font: TTFont) -> None:
    """Lift the full-width glyphs of FandolFang: their middle lies at 300 units, everybody else's at 380."""
    metrics = font["hmtx"]
    done: set[str] = set()
    for code, name in sorted(font.getBestCmap().items()):
        if metrics[name][0] == UNITS and chr(code) not in KEEP_HEIGHT and name not in done:
            done.add(name)
            redraw(font, code, (1, 0, 0, 1, 0, FANDOL_LIFT))


def like_fang(font: TTFont) -> None:
    """Make thin 宋 ideographs pass beside 仿宋: narrower, a little smaller, horizontals rising to the right."""
    for code in sorted(font.getBestCmap()):
        if is_ideograph(code):
            slope, wide, high = 0.045, 0.92, 0.97
            redraw(font, code, (wide, slope, 0, high, 500 * (1 - wide), 380 * (1 - high) - 500 * slope))


def subset(font: TTFont, codes: Iterable[int]) -> None:
    """Keep these code points only, no hints, no layout, no names of glyphs."""
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.glyph_names = False
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG", "STAT", "gasp", "MERG",
                            "meta", "prop", "PfEd", "FFTM", "TeX "]  # fmt: skip
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=sorted(codes))
    subsetter.subset(font)


def christen(font: TTFont, face: Face) -> None:
    """Write the names: own family, where it came from, what was changed (the Arphic licence asks for that), licence."""
    old = font["name"]
    copyright_notice = old.getDebugName(0) or ""
    notice = (
        f"Made from {Path(face.path).name} for 红耀台账 on 2026-01-01 by packaging/fonts/build.py: {face.note}; "
        "subset, without hints and layout tables, renamed."
    )
    full = face.family if face.style == "Regular" else f"{face.family} {face.style}"
    name = newTable("name")
    name.names = []
    values = {
        0: copyright_notice, 1: face.family, 2: face.style, 3: f"{full} 2026", 4: full, 5: "Version 1.0",
        6: full.replace(" ", ""), 10: notice, 13: face.licence,
    }  # fmt: skip
    for number, value in values.items():
        name.setName(value, number, 3, 1, 0x409)
    font["name"] = name
    font["head"].created = font["head"].modified = EPOCH
    font["head"].fontRevision = 1.0
    font["head"].macStyle = 1 if face.style == "Bold" else 0
    os2 = font["OS/2"]
    os2.usWeightClass = face.weight
    os2.fsType = 0
    os2.fsSelection = 0x20 if face.style == "Bold" else 0x40
    font["post"].formatType = 3.0


def square_metrics(font: TTFont) -> None:
    """Line height of one em, so that one rare character on the screen does not push its row apart."""
    font["hhea"].ascent = font["OS/2"].sTypoAscender = font["OS/2"].usWinAscent = 880
    font["hhea"].descent = font["OS/2"].sTypoDescender = -120
    font["OS/2"].usWinDescent = 120
    font["hhea"].lineGap = font["OS/2"].sTypoLineGap = 0


def make(face: Face, file: Path, wanted: Callable[[set[int]], set[int]]) -> TTFont:
    """Build one face; ``wanted`` chooses code points out of those the source has."""
    font = TTFont(file, recalcTimestamp=False)
    if face.file in {"HYSong.ttf", "HYBiaoSong.ttf"}:
        half_width_digits(font)
    codes = wanted({code for code in font.getBestCmap() if not is_private(code)})
    subset(font, codes)
    if "CFF " in font:
        to_quadratic(font)
        lift_fandol(font)
    if font["head"].unitsPerEm != UNITS:
        scale_upem(font, UNITS)
    if face.file in DASH_AND_DOT:
        dash, dot = DASH_AND_DOT[face.file]
        one_em_dash(font, dash)
        one_em_dot(font, dot)
    if face.file == "HYKai.ttf":
        one_em_quotes(font)
    if face.file == "HYFangFill.ttf":
        like_fang(font)
    if face.file.startswith(("HYRare", "HYFangFill")):
        square_metrics(font)
    christen(font, face)
    return font


def main() -> None:
    """Build all faces and the list of what was made (fonts.json: file, family, style, hash, licence, origin)."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("packages", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", help="one file name")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    standard = standard_characters()
    covered: dict[str, set[int]] = {}
    made: list[dict[str, Any]] = []

    def common(has: set[int]) -> set[int]:
        return {code for code in has if code < SYMBOLS_BELOW or code in standard or 0xFF00 <= code <= 0xFFEF}

    rules: dict[str, Callable[[set[int]], set[int]]] = {
        "HYFangSong.ttf": lambda has: has,
        "HYFangFill.ttf": lambda has: common(has) - covered["HYFangSong.ttf"],
        "HYSong.ttf": lambda has: has,
        "HYBiaoSong.ttf": common,
        "HYHei.ttf": lambda has: has,
        "HYHeiBold.ttf": common,
        "HYKai.ttf": common,
        "HYRareA.ttf": lambda has: {c for c in has if c >= 0x2000} - covered["HYSong.ttf"],
        "HYRareB.ttf": lambda has: (
            {c for c in has if c >= 0x2000} - covered["HYSong.ttf"] - covered["HYRareA.ttf"]
        ),
        "HYRareC.ttf": lambda has: (
            {c for c in has if is_ideograph(c)}
            - covered["HYSong.ttf"]
            - covered["HYRareA.ttf"]
            - covered["HYRareB.ttf"]
        ),
    }
    with tempfile.TemporaryDirectory() as folder:
        folders = unpack(arguments.packages, Path(folder))
        for face in FACES:
            target = arguments.out / face.file
            if arguments.only in {None, face.file}:
                font = make(face, folders[face.source] / face.path, rules[face.file])
                font.save(target, reorderTables=None)
            with TTFont(target, lazy=True) as written:
                covered[face.file] = set(written.getBestCmap())
                glyphs = written["maxp"].numGlyphs
            data = target.read_bytes()
            print(
                f"{face.file:16} {glyphs:6} glyphs {len(covered[face.file]):6} characters {len(data):9} bytes"
            )
            made.append({
                "file": face.file, "family": face.family, "style": face.style, "characters": len(covered[face.file]),
                "sha256": hashlib.sha256(data).hexdigest(), "from": Path(face.path).name, "package": face.source,
                "licence": face.licence, "changes": face.note,
            })  # fmt: skip
    text = json.dumps(made, ensure_ascii=False, indent=1)
    (arguments.out / "fonts.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
