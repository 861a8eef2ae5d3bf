"""A screen as a small SVG of our own: runs of text and rectangles by class, rules and frames as paths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from html import escape

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

WIDE, HIGH = 8, 17  # pixels of a cell
_LEVEL, _UPRIGHT = {"─": 1, "━": 2}, {"│": 1, "┃": 2}  # characters drawn as lines, and their strength
_SIXTEEN = [f"#{each}" for each in (  # of the Linux console
    "000000", "aa0000", "00aa00", "aa5500", "0000aa", "aa00aa", "00aaaa", "aaaaaa",
    "555555", "ff5555", "55ff55", "ffff55", "5555ff", "ff55ff", "55ffff", "ffffff",
)]  # fmt: skip
_NAMES = [f"{bright}{each}" for bright in ("", "bright ") for each in (
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
)]  # fmt: skip


def draw(strips: Sequence[Strip], ink: str, ground: str) -> str:
    """Return the picture of a screen; `ink` and `ground` stand for the terminal's own colours."""
    ink, ground = ink.lower(), ground.lower()
    rows = [_cells(strip, ink, ground) for strip in strips]
    width, height = max(len(row) for row in rows), len(rows)
    classes: dict[str, str] = {}
    body = [*_grounds(rows, ground, classes), *_lines(rows, classes), *_words(rows, classes)]
    css = "".join(f".{name}{{{rule}}}" for rule, name in classes.items())
    size = f"{width * WIDE} {height * HIGH}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" font-family="monospace" font-size="13.3"'
    head += ' xml:space="preserve">'
    base = f"<style>text{{fill:{ink}}}path{{fill:none}}{css}</style>"
    return "\n".join([head, base, f'<rect width="100%" height="100%" fill="{ground}"/>', *body, "</svg>", ""])


Cell = tuple[str, str, str, str]  # character ("" right of a wide one), ink, ground, other style


def _cells(strip: Strip, ink: str, ground: str) -> list[Cell]:
    cells: list[Cell] = []
    for text, style, control in strip:
        if control:
            continue
        look = _look(style or Style(), ink, ground)
        for character in text:
            wide = 1 if character.isascii() else cell_len(character)
            if wide:
                cells += [(character.replace("\u00a0", " "), *look), *[("", *look)] * (wide - 1)]
            elif cells:
                cells[-1] = (cells[-1][0] + character, *cells[-1][1:])
    return cells


def colors_of(style: Style, ink: str, ground: str) -> tuple[str, str]:
    """Return ink and ground of a style."""
    over, under = _hex(style.color, ink), _hex(style.bgcolor, ground)
    if style.dim:
        over = _mixed(over, under)
    return (under, over) if style.reverse else (over, under)


def names_of(style: Style) -> tuple[str, str]:
    """Return ink and ground of a style by name: one of sixteen, or the terminal's own `ink` or `ground`."""
    pairs = zip((style.color, style.bgcolor), ("ink", "ground"), strict=True)
    numbers = [(None if color is None else color.number, own) for color, own in pairs]
    over, under = (own if number is None else _NAMES[number] for number, own in numbers)
    return (under, over) if style.reverse else (over, under)


def _look(style: Style, ink: str, ground: str) -> tuple[str, str, str]:
    over, under = colors_of(style, ink, ground)
    other = ("font-weight:700;" if style.bold else "") + ("font-style:italic;" if style.italic else "")
    lines = [name for name, on in (("underline", style.underline), ("line-through", style.strike)) if on]
    return over, under, other + (f"text-decoration:{' '.join(lines)};" if lines else "")


def _hex(color: object, otherwise: str) -> str:
    triplet, number = getattr(color, "triplet", None), getattr(color, "number", None)
    if triplet is not None:
        return str(triplet.hex)
    return _SIXTEEN[number] if number is not None and number < 16 else otherwise


def _mixed(over: str, under: str) -> str:
    pairs = zip((1, 3, 5), (3, 5, 7), strict=True)
    return "#" + "".join(f"{(int(over[a:b], 16) + int(under[a:b], 16)) // 2:02x}" for a, b in pairs)


def _named(rule: str, classes: dict[str, str]) -> str:
    number = len(classes)
    return classes.setdefault(rule, (chr(97 + number // 26 - 1) if number >= 26 else "") + chr(97 + number % 26))


def _grounds(rows: list[list[Cell]], ground: str, classes: dict[str, str]) -> Iterable[str]:
    """Draw grounds that differ from the screen's, equal ones below each other as one."""
    open_: dict[tuple[int, int, str], int] = {}
    for y in range(len(rows) + 1):
        runs = {run for run in _runs(rows[y], 2) if run[2] != ground} if y < len(rows) else set()
        for run in [run for run in open_ if run not in runs]:
            top = open_.pop(run)
            x, length, color = run
            size = f'x="{x * WIDE}" y="{top * HIGH}" width="{length * WIDE}" height="{(y - top) * HIGH}"'
            yield f'<rect class="{_named(f"fill:{color}", classes)}" {size}/>'
        for run in sorted(runs):
            open_.setdefault(run, y)


def _runs(row: list[Cell], part: int) -> Iterable[tuple[int, int, str]]:
    start = 0
    for x in range(1, len(row) + 1):
        if x == len(row) or row[x][part] != row[start][part]:
            yield start, x - start, row[start][part]
            start = x


def _lines(rows: list[list[Cell]], classes: dict[str, str]) -> Iterable[str]:
    """Draw rules and frames, as few strokes as possible."""
    strokes: dict[tuple[str, int], list[str]] = defaultdict(list)
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            character, color, *_ = row[x]
            end = x + 1
            if character in _LEVEL:
                while end < len(row) and row[end][:2] == (character, color):
                    end += 1
                strokes[color, _LEVEL[character]].append(f"M{x * WIDE} {y * HIGH + HIGH // 2}h{(end - x) * WIDE}")
            x = end
    for x in range(max(len(row) for row in rows)):
        y = 0
        while y < len(rows):
            character, color = rows[y][x][:2] if x < len(rows[y]) else ("", "")
            end = y + 1
            if character in _UPRIGHT:
                while end < len(rows) and x < len(rows[end]) and rows[end][x][:2] == (character, color):
                    end += 1
                strokes[color, _UPRIGHT[character]].append(f"M{x * WIDE + WIDE // 2} {y * HIGH}v{(end - y) * HIGH}")
            y = end
    for (color, strength), paths in sorted(strokes.items()):
        name = _named(f"stroke:{color};stroke-width:{strength}", classes)
        yield f'<path class="{name}" d="{"".join(paths)}"/>'


def _words(rows: list[list[Cell]], classes: dict[str, str]) -> Iterable[str]:
    """Draw text, a row a line; blanks and what was drawn as lines are left out."""
    for y, row in enumerate(rows):
        spans = []
        for x, text, color, other in _pieces(row):
            name = _named(f"fill:{color};{other}".rstrip(";"), classes)
            spans.append(f'<tspan class="{name}" x="{x * WIDE}">{escape(text, quote=False)}</tspan>')
        if spans:
            yield f'<text y="{y * HIGH + 13}">{"".join(spans)}</text>'


def _pieces(row: list[Cell]) -> Iterable[tuple[int, str, str, str]]:
    """Cut a row into runs of one look; a wide character ends its run, so that no font can move what follows."""
    x = 0
    while x < len(row):
        character, color, _, other = row[x]
        if not character or character.isspace() or character in _LEVEL or character in _UPRIGHT:
            x += 1
            continue
        end = x
        while end < len(row) and row[end][1] == color and row[end][3] == other and row[end][0]:
            if row[end][0] in _LEVEL or row[end][0] in _UPRIGHT or "".join(c[0] for c in row[end : end + 3]) == "   ":
                break
            end += 1
        yield x, "".join(cell[0] for cell in row[x:end]).rstrip(), color, other
        x = max(end, x + 1)
