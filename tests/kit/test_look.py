"""Colours can be read, the style sheet knows only tokens, text grows without anything being cut off."""

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFontDatabase, QFontInfo
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from hongyao_desktop.kit import tokens
from hongyao_desktop.kit.look import RESOURCES, Look
from hongyao_desktop.kit.tokens import HIGH_CONTRAST, LIGHT, Palette, contrast

INKS = ("ink", "ink_2", "ink_3")
GROUNDS = ("surface", "paper", "paper_deep", "hover", "seal_soft")


@pytest.mark.parametrize("palette", [LIGHT, HIGH_CONTRAST], ids=["light", "high-contrast"])
def test_every_ink_can_be_read_on_every_ground(palette: Palette) -> None:
    pairs = [(ink, ground) for ink in INKS for ground in GROUNDS]
    pairs += [
        (tone, ground) for tone in ("good", "warn", "bad", "info") for ground in ("surface", f"{tone}_soft")
    ]
    pairs += [("on_seal", "seal"), ("on_seal", "seal_deep"), ("seal", "surface"), ("seal", "seal_soft")]
    pairs += [("warn", "hover"), ("good", "seal_soft"), ("warn", "seal_soft"), ("info", "seal_soft")]
    weak = {
        pair: round(contrast(getattr(palette, pair[0]), getattr(palette, pair[1])), 2)
        for pair in pairs
        if contrast(getattr(palette, pair[0]), getattr(palette, pair[1])) < 4.5
    }
    assert weak == {}


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_style_sheet_holds_no_colour_and_no_length_of_type() -> None:
    sheet = (RESOURCES / "style" / "hongyao.qss").read_text(encoding="utf-8")
    assert re.findall(r"#[0-9A-Fa-f]{3,8}\b(?=[^{]*;)", sheet) == []
    assert re.findall(r"font-size:\s*\d", sheet) == []


def test_no_widget_writes_a_colour_of_its_own() -> None:
    kit = Path(tokens.__file__).parent
    app = kit.parent / "app"
    pages = list(kit.parent.glob("*/page.py")) + list(kit.parent.glob("*/page/*.py"))
    written = [
        f"{path.name}: {line.strip()}"
        for path in (*kit.glob("*.py"), *app.glob("*.py"), *pages)
        if path.name != "tokens.py"
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"[\"']#[0-9A-Fa-f]{6}[\"']|QColor\(\d|setPixelSize\(\d|setPointSize", line)
    ]
    assert written == []


def test_every_icon_is_drawn_in_the_colour_asked_for(dressed: Look) -> None:
    names = sorted(path.stem for path in (RESOURCES / "icons").glob("*.svg"))
    assert {"home", "volunteers", "training", "fund", "briefing", "system"} <= set(names)
    blank = [name for name in names if dressed.pixmap(name, "seal").toImage().isNull()]
    assert blank == []
    with pytest.raises(FileNotFoundError):
        dressed.pixmap("no-such-icon")


def test_bundled_faces_draw_rare_names(dressed: Look) -> None:
    families = QFontDatabase.families()
    assert [family for family in tokens.SANS if family not in families] == []
    assert QFontInfo(dressed.font()).family() == tokens.SANS[0]
    assert dressed.text_width("张𬬭𠮷") == 3 * dressed.text_width("张")


@pytest.mark.parametrize("scale", tokens.SCALES)
def test_text_grows_with_the_scale_and_still_fits_its_input(
    dressed: Look, qtbot: QtBot, scale: float
) -> None:
    line, button = QLineEdit("张伟华 312.5"), QPushButton("保存  Ctrl+S")
    for widget in (line, button):
        qtbot.addWidget(widget)
    dressed.change(scale=scale)
    try:
        line.setFixedHeight(dressed.px(tokens.Height.INPUT))
        for widget in (line, button):
            widget.ensurePolished()
            assert widget.fontMetrics().height() <= dressed.px(tokens.Height.INPUT) - 4
            assert widget.font().pixelSize() == dressed.px(tokens.TypeSize.BODY)
        assert button.sizeHint().width() >= dressed.text_width(button.text())
    finally:
        dressed.change(scale=1.0)
