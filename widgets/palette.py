"""The palette: what a cell's style looks like in the theme of the app."""

from __future__ import annotations

from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.style import Style as RichStyle
from textual.app import App
from textual.color import Color, ColorParseError

from agentorchestr_tui.emulator.colors import BACKGROUND, CURSOR, FOREGROUND, Colors, Rgb
from agentorchestr_tui.emulator.styles import COLOR_NAMES, Style

_VARIABLES = tuple(
    f"terminal-{prefix}{name}"
    for prefix in ("", "bright-")
    for name in ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
)

_SYSTEMS = {
    "standard": ColorSystem.STANDARD,
    "256": ColorSystem.EIGHT_BIT,
    "truecolor": ColorSystem.TRUECOLOR,
    "windows": ColorSystem.WINDOWS,
}
_TINT = 45  # per cent


class Palette:
    """The theme's colours for terminals: sixteen, foreground, background, cursor and selection; `block` marks a cell.

    A theme may name them (`terminal-red`, `terminal-bright-red`, `terminal-foreground`, ...); else the app's ANSI
    theme and its own foreground and background are taken. An ANSI theme leaves them to the terminal outside.
    """

    def __init__(self, app: App[object]) -> None:
        variables = app.theme_variables
        ansi = app.ansi_theme
        self.native = app.native_ansi_color
        self.colorless = app.no_color
        self.color_system = _SYSTEMS.get(app.console.color_system or "", ColorSystem.TRUECOLOR)
        self.sixteen = [
            _color(variables.get(name), tuple(ansi.ansi_colors[index])) for index, name in enumerate(_VARIABLES)
        ]
        ground = _color(variables.get("background"), tuple(ansi.background_color))
        ink = _color(variables.get("foreground"), tuple(ansi.foreground_color))
        self.foreground = _color(variables.get("terminal-foreground"), ink)
        self.background = _color(variables.get("terminal-background"), ground)
        self.cursor = _color(variables.get("terminal-cursor"), self.foreground)
        self.selection = self._selection(_color(variables.get("primary"), self.foreground))
        self.block = RichStyle(reverse=True)
        if self.native and not self.colorless and (under := variables.get("screen-selection-background")):
            over = variables.get("screen-selection-foreground", "ansi_black")
            self.selection = RichStyle(color=Color.parse(over).rich_color, bgcolor=Color.parse(under).rich_color)
            self.block += RichStyle(color=RichColor.default(), bgcolor=RichColor.default())  # on what is selected too

    def _selection(self, accent: Rgb) -> RichStyle:
        """Return the look of selected text: its ground tinted with the theme's accent."""
        if self.native or self.colorless:
            return RichStyle(reverse=True)
        tinted = (low + (high - low) * _TINT // 100 for low, high in zip(self.background, accent, strict=True))
        return RichStyle(bgcolor=RichColor.from_rgb(*tinted))

    def style(self, style: Style, colors: Colors) -> RichStyle:
        """Return what Rich draws for a cell's style, with the program's own changes to the palette."""
        fg, bg = style.fg, style.bg
        return RichStyle(
            color=self._color(fg, FOREGROUND, colors),
            bgcolor=self._color(bg, BACKGROUND, colors),
            bold=style.bold or None,
            dim=style.dim or None,
            italic=style.italics or None,
            underline=style.underscore in {1, 3, 4, 5} or bool(style.link and not style.underscore) or None,
            underline2=style.underscore == 2 or None,
            strike=style.strikethrough or None,
            reverse=style.reverse or None,
            blink=style.blink or None,
            conceal=style.conceal or None,
            overline=style.overline or None,
            link=style.link or None,
        )

    def _color(self, name: str, default: int, colors: Colors) -> RichColor | None:
        if self.colorless:
            return None
        if name == "default":
            return RichColor.default() if self.native else self._rgb(self._place(default, colors))
        if name in COLOR_NAMES:
            index = COLOR_NAMES.index(name)
            if self.native and index not in colors.changed:
                return RichColor.from_ansi(index)
            return self._rgb(colors.changed.get(index, self.sixteen[index]))
        return self._rgb((int(name[:2], 16), int(name[2:4], 16), int(name[4:6], 16)))

    def rgb(self, name: str) -> Rgb | None:
        """Return a colour by pyte's name for it; None for the default."""
        if name == "default":
            return None
        if name in COLOR_NAMES:
            return self.sixteen[COLOR_NAMES.index(name)]
        return int(name[:2], 16), int(name[2:4], 16), int(name[4:6], 16)

    def _place(self, place: int, colors: Colors) -> Rgb:
        theme = {FOREGROUND: self.foreground, BACKGROUND: self.background, CURSOR: self.cursor}[place]
        return colors.changed.get(place, theme)

    @staticmethod
    def _rgb(color: Rgb) -> RichColor:
        return RichColor.from_rgb(*color)


def _color(text: str | None, otherwise: tuple[int, ...]) -> Rgb:
    """Read a theme's variable; one that is missing, or that leaves the colour to the terminal, is `otherwise`."""
    red, green, blue = otherwise
    if text:
        try:
            color = Color.parse(text)
        except ColorParseError:
            return red, green, blue
        if color.ansi is None:
            return color.rgb
    return red, green, blue
