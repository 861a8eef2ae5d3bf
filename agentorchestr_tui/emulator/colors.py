"""Colours: the palette a program may ask for and change; the theme's stands below it."""

from __future__ import annotations

from pyte.graphics import FG_BG_256

from agentorchestr_tui.emulator.color_specs import Rgb

__all__ = ["Colors", "Rgb"]
FOREGROUND, BACKGROUND, CURSOR = 256, 257, 258
"""Places in the palette after its 256 colours."""
_DEPTH = 10  # palettes kept on the stack
DYNAMIC, SPECIAL, LAST = 256, 266, 270
"""Where xterm's dynamic colours (OSC 10 to 19) and special ones (OSC 5: bold, ...) begin, and the last place."""


def _rgb(text: str) -> Rgb:
    return int(text[:2], 16), int(text[2:4], 16), int(text[4:6], 16)


class Colors:
    """The theme's palette and the program's changes to it; 0 to 255, then foreground, background, cursor."""

    def __init__(self) -> None:
        light, dark = _rgb(FG_BG_256[15]), _rgb(FG_BG_256[0])
        self._theme: list[Rgb] = [*map(_rgb, FG_BG_256), light, dark, light]
        self._theme += [light, dark, light, dark, dark, light, light] + [light] * (LAST - SPECIAL + 1)
        self.changed: dict[int, Rgb] = {}
        self._stack: list[dict[int, Rgb]] = []

    def __getitem__(self, index: int) -> Rgb:
        return self.changed.get(index) or self._theme[index]

    @property
    def dark(self) -> bool:
        """Say whether the theme's ground is dark."""
        return sum(self._theme[BACKGROUND]) < sum(self._theme[FOREGROUND])

    def take_theme(self, sixteen: list[Rgb], foreground: Rgb, background: Rgb, cursor: Rgb) -> None:
        """Take a theme's colours."""
        self._theme[: len(sixteen)] = sixteen
        self._theme[FOREGROUND : CURSOR + 1] = [foreground, background, cursor]

    def change(self, index: int, color: Rgb) -> None:
        """Take a program's colour for a place of the palette."""
        if 0 <= index <= LAST:
            self.changed[index] = color

    def reset(self, index: int | None = None) -> None:
        """Go back to the theme's colour of one place, or of all."""
        if index is None:
            self.changed.clear()
            self._stack.clear()
        else:
            self.changed.pop(index, None)

    @property
    def kept(self) -> int:
        """How many palettes are kept on the stack."""
        return len(self._stack)

    def push(self) -> None:
        """Keep the program's palette; the oldest are forgotten."""
        self._stack = [*self._stack, dict(self.changed)][-_DEPTH:]

    def pop(self) -> None:
        """Take back the palette that was kept last."""
        if self._stack:
            self.changed = self._stack.pop()

    def spec(self, index: int) -> str:
        """Write a colour as answers have it: `rgb:rrrr/gggg/bbbb`."""
        return "rgb:" + "/".join(f"{value:02x}{value:02x}" for value in self[index])
