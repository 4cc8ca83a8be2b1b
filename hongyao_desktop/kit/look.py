"""The look in force: style sheet with the tokens filled in, fonts, icons, and lengths at the chosen text size."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Final

from PySide6.QtCore import (
    QByteArray,
    QLibraryInfo,
    QLocale,
    QObject,
    QRectF,
    QSize,
    QTimer,
    QTranslator,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from hongyao_desktop.kit import tokens
from hongyao_desktop.kit.tokens import Height, Palette, Radius, Space, TypeSize, Width

RESOURCES: Final = Path(__file__).resolve().parents[2] / "resources"
"""Where style, icons and fonts lie in a checkout; a frozen program hands its own folder to :func:`dress`."""

_UI_FACES: Final = ("HYHei.ttf", "HYHeiBold.ttf")
_RARE_FACES: Final = ("HYRareA.ttf", "HYRareB.ttf", "HYRareC.ttf")
"""Fallbacks for rare characters: the largest files, and no sentence of the program needs them."""


class Look(QObject):
    """The look of this program run.

    Signals:
        asked: text size or theme is about to become another one; what is not in sight need not be dressed anew.
        changed: it did; painters and fixed heights follow.
    """

    asked = Signal()
    changed = Signal()

    def __init__(self, resources: Path, palette: Palette = tokens.LIGHT, scale: float = 1.0) -> None:
        super().__init__()
        self.resources = resources
        self.palette = palette
        self.scale = scale
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}
        self._fonts: dict[tuple[int, bool], QFont] = {}
        self._colours: dict[str, QColor] = {}

    def px(self, length: int) -> int:
        """A length of the design in pixels at the chosen text size; hair lines stay hair lines."""
        return length if length <= 2 else round(length * self.scale)

    def colour(self, name: str) -> QColor:
        """A colour of the palette by its token name."""
        found = self._colours.get(name)
        if found is None:
            found = self._colours[name] = QColor(getattr(self.palette, name))
        return found

    def font(self, size: int = TypeSize.BODY, *, bold: bool = False) -> QFont:
        """The screen face at a size of the type scale."""
        found = self._fonts.get((size, bold))
        if found is None:
            found = QFont()
            found.setFamilies([*tokens.SANS, *tokens.SANS_ELSEWHERE])
            found.setPixelSize(self.px(size))
            found.setBold(bold)
            self._fonts[size, bold] = found
        return found

    def text_width(self, text: str, size: int = TypeSize.BODY, *, bold: bool = False) -> int:
        """How wide a text is drawn, in pixels."""
        return QFontMetrics(self.font(size, bold=bold)).horizontalAdvance(text)

    def icon(self, name: str, colour: str = "ink_2", active: str | None = None) -> QIcon:
        """One of the program's own icons in a colour of the palette; ``active`` colours its chosen state."""
        icon = QIcon()
        for ratio in (1.0, 2.0):
            icon.addPixmap(self.pixmap(name, colour, Width.ICON, ratio))
            icon.addPixmap(self.pixmap(name, "ink_off", Width.ICON, ratio), QIcon.Mode.Disabled)
            if active:
                icon.addPixmap(
                    self.pixmap(name, active, Width.ICON, ratio),
                    QIcon.Mode.Normal,
                    QIcon.State.On,
                )
        return icon

    def pixmap(self, name: str, colour: str = "ink_2", size: int = Width.ICON, ratio: float = 1.0) -> QPixmap:
        """An icon drawn at ``size`` of the design, tinted; raises FileNotFoundError for an unknown name."""
        key = (name, colour, size, ratio)
        found = self._pixmaps.get(key)
        if found is None:
            found = self._pixmaps[key] = self._draw(name, colour, size, ratio)
        return found

    def _draw(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        from PySide6.QtSvg import QSvgRenderer

        svg = (self.resources / "icons" / f"{name}.svg").read_text(encoding="utf-8")
        tinted = svg.replace("currentColor", getattr(self.palette, colour))
        edge = self.px(size)
        pixmap = QPixmap(QSize(round(edge * ratio), round(edge * ratio)))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor("transparent"))
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        QSvgRenderer(QByteArray(tinted.encode())).render(painter, QRectF(0, 0, edge, edge))
        painter.end()
        return pixmap

    def style_sheet(self) -> str:
        """The style sheet with every token filled in; an unknown token in the file raises KeyError."""
        sheet = (self.resources / "style" / "hongyao.qss").read_text(encoding="utf-8")
        icons = self.resources / "icons"
        values = {**self.palette.named(), "icons": icons.as_posix()}
        # With the keyboard in it a widget's border is 1 px wider, so its padding is 1 px less: nothing inside moves.
        for space in Space:
            values[f"space_{space.name.lower()}_focus_side"] = f"{self.px(space) - 1}px"
        for prefix, family in (
            ("space", Space),
            ("type", TypeSize),
            ("height", Height),
            ("width", Width),
            ("radius", Radius),
        ):
            for name, member in family.__members__.items():  # aliases too: equal heights have several names
                values[f"{prefix}_{name.lower()}"] = f"{self.px(int(member))}px"
                values[f"{prefix}_{name.lower()}_inner"] = f"{self.px(int(member)) - 2}px"
                values[f"{prefix}_{name.lower()}_focus"] = f"{self.px(int(member)) - 4}px"
        return Template(sheet).substitute(values)

    def ask(self, *, scale: float | None = None, palette: Palette | None = None) -> None:
        """As :meth:`change`, once whoever hears :attr:`asked` has taken down what is not in sight.

        Dressing costs by the widget: with every page of the window open, seconds.
        """
        self.asked.emit()
        # After what was let go is gone; not within the click that asked, whose page may be among it.
        QTimer.singleShot(0, self, lambda: self.change(scale=scale, palette=palette))

    def change(self, *, scale: float | None = None, palette: Palette | None = None) -> None:
        """Switch text size or theme while the program runs."""
        self.scale = scale if scale is not None else self.scale
        self.palette = palette if palette is not None else self.palette
        self._pixmaps.clear()
        self._fonts.clear()
        self._colours.clear()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            self.apply(application)
        self.changed.emit()

    def apply(self, application: QApplication) -> None:
        """Give fonts, palette and style sheet to the application."""
        application.setFont(self.font())
        application.setPalette(self._qt_palette())
        application.setStyleSheet(self.style_sheet())

    def _qt_palette(self) -> QPalette:
        roles = QPalette.ColorRole
        palette = QPalette()
        for role, name in (
            (roles.Window, "paper"),
            (roles.WindowText, "ink"),
            (roles.Base, "surface"),
            (roles.AlternateBase, "surface"),
            (roles.Text, "ink"),
            (roles.PlaceholderText, "ink_3"),
            (roles.Button, "surface"),
            (roles.ButtonText, "ink"),
            (roles.Highlight, "seal"),
            (roles.HighlightedText, "on_seal"),
            (roles.ToolTipBase, "surface"),
            (roles.ToolTipText, "ink"),
            (roles.Link, "info"),
        ):
            palette.setColor(role, self.colour(name))
        return palette


_FUSION: Final = "began with Fusion"


def begin_application(program: str) -> QApplication:
    """The application of this run, with the base style said as an argument.

    ``setStyle`` hands the style to Python, which then learns all of a style's constants: 4 ms before the first window.
    """
    application = QApplication([program, "-style", "fusion"])
    application.setProperty(_FUSION, True)
    return application


_worn: list[Look] = []
_translators: list[QTranslator] = []


def dress(
    application: QApplication, resources: Path = RESOURCES, scale: float = 1.0, *, rare: bool = True
) -> Look:
    """Dress the application: base style, bundled fonts, Qt's own words in Chinese, style sheet. Call once per run.

    Without ``rare`` the faces of rare characters are left for :func:`load_rare_fonts`, once the window is drawn.
    """
    if not application.property(_FUSION):
        application.setStyle("Fusion")
    load_fonts(resources / "fonts")
    if not _translators:
        application.focusChanged.connect(_enter_clicks)
        QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
        translator = QTranslator(application)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load("qtbase_zh_CN", folder):
            application.installTranslator(translator)
            _translators.append(translator)
    _worn[:] = [Look(resources, scale=scale)]
    if rare:
        load_rare_fonts()
    _worn[0].apply(application)
    return _worn[0]


def _enter_clicks(_before: QWidget | None, now: QWidget | None) -> None:
    """Enter presses the button that has the keyboard, as clerks expect; Qt does so in dialogs only."""
    if isinstance(now, QPushButton) and not now.autoDefault():
        now.setAutoDefault(True)


def look() -> Look:
    """The look in force; a default one before the application is dressed (first use in a test or a tool)."""
    if not _worn:
        _worn.append(Look(RESOURCES))
    return _worn[0]


def load_fonts(folder: Path) -> tuple[str, ...]:
    """Make the bundled screen faces known to Qt; returns the families found there."""
    return _load(folder, _UI_FACES)


def load_rare_fonts() -> tuple[str, ...]:
    """Make the faces of rare characters known too; what is on the screen is drawn anew with them."""
    return _load(look().resources / "fonts", _RARE_FACES)


@lru_cache(maxsize=8)
def _load(folder: Path, faces: Sequence[str]) -> tuple[str, ...]:
    families: list[str] = []
    for name in faces:
        path = folder / name
        if path.is_file():
            number = QFontDatabase.addApplicationFont(str(path))
            families += QFontDatabase.applicationFontFamilies(number)
    return tuple(families)
