"""Colour specifications: what XParseColor reads, as programs write colours in OSC 4 to 19 (XParseColor(3))."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Sequence

Rgb = tuple[int, int, int]
Triple = tuple[float, float, float]

_hex = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{9}|[0-9a-fA-F]{12})").fullmatch
_rgb_spec = re.compile(r"rgb:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})").fullmatch
_NUMBER = r"([-+]?(?:\d{1,9}\.?\d{0,9}|\.\d{1,9})(?:[eE][-+]?\d{1,2})?)"
_triple = re.compile(f"(rgbi|ciexyz|ciexyy|cieuvy|cielab|cieluv|tekhvc):{_NUMBER}/{_NUMBER}/{_NUMBER}", re.I).fullmatch
_grey = re.compile(r"gr[ae]y(\d{1,3})").fullmatch

# X11's own names, and its values: its green is not CSS's. Spaces and case do not matter.
_NAMES = {
    "black": 0x000000, "white": 0xFFFFFF, "red": 0xFF0000, "green": 0x00FF00, "blue": 0x0000FF, "yellow": 0xFFFF00,
    "cyan": 0x00FFFF, "magenta": 0xFF00FF, "gray": 0xBEBEBE, "grey": 0xBEBEBE, "orange": 0xFFA500, "purple": 0xA020F0,
    "brown": 0xA52A2A, "pink": 0xFFC0CB, "navy": 0x000080, "maroon": 0xB03060, "violet": 0xEE82EE, "gold": 0xFFD700,
    "turquoise": 0x40E0D0, "salmon": 0xFA8072, "tan": 0xD2B48C, "beige": 0xF5F5DC, "coral": 0xFF7F50,
    "khaki": 0xF0E68C, "orchid": 0xDA70D6, "plum": 0xDDA0DD, "tomato": 0xFF6347, "ivory": 0xFFFFF0,
    "lightblue": 0xADD8E6, "lightgreen": 0x90EE90, "lightgray": 0xD3D3D3, "lightgrey": 0xD3D3D3,
    "lightyellow": 0xFFFFE0, "darkblue": 0x00008B, "darkcyan": 0x008B8B, "darkgray": 0xA9A9A9, "darkgrey": 0xA9A9A9,
    "darkgreen": 0x006400, "darkmagenta": 0x8B008B, "darkorange": 0xFF8C00, "darkred": 0x8B0000,
    "steelblue": 0x4682B4, "skyblue": 0x87CEEB, "royalblue": 0x4169E1, "slateblue": 0x6A5ACD, "slategray": 0x708090,
    "forestgreen": 0x228B22, "seagreen": 0x2E8B57, "firebrick": 0xB22222, "chocolate": 0xD2691E, "indianred": 0xCD5C5C,
}  # fmt: skip
# The display that Xlib takes for granted when no one has measured the real one, as nobody does any more.
_GUNS = (
    (3.48340481, -1.52176375, -0.55923133), (-1.07152751, 1.96593795, 0.03673691), (0.0635118, -0.20020501, 0.81070942),
)  # fmt: skip
"""From CIE XYZ to the linear intensities of red, green and blue."""
_WHITE = (0.94966, 1.0, 1.40604)
_WHITE_U, _WHITE_V = 0.18835, 0.44626
_CURVES = (
    ((0.00138, 14), (0.00375, 26), (0.056, 82), (0.112, 108), (0.5, 193), (1.0, 255)),
    ((0.00042, 19), (0.00079, 20), (0.0552, 79), (0.1104, 103), (0.3613, 163), (0.5, 187), (1.0, 255)),
    ((0.0004, 14), (0.00078, 15), (0.055, 79), (0.11, 103), (0.337, 160), (0.4174, 174), (0.5, 187), (1.0, 255)),
)
"""How bright some values of each gun are; between them intensities go as a power does."""
_POWER = 0.4
_LEAST = 1e-6  # intensity of a gun that is hardly on
_DARK = 0.008856  # of the white's luminance: below, lightness is linear (CIE 1976)
_REDDEST_U, _REDDEST_V = 0.7127, 0.4931  # from where TekHVC counts hues


def parse_color(spec: str) -> Rgb | None:
    """Read a colour as XParseColor does; None if it is none.

    `#rgb` and its longer forms, `rgb:r/g/b`, `rgbi:` with linear intensities from 0 to 1, a name of X11's, or a space
    that no device shapes: CIE's (`CIEXYZ:`, `CIExyY:`, `CIEuvY:`, `CIELab:`, `CIELuv:`) and `TekHVC:`.
    """
    if match := _rgb_spec(spec):
        red, green, blue = (int(part, 16) * 255 // (16 ** len(part) - 1) for part in match.groups())
        return red, green, blue
    if match := _hex(spec):
        size = len(match[1]) // 3
        parts = [match[1][at : at + size].ljust(2, "0")[:2] for at in range(0, len(match[1]), size)]
        return int(parts[0], 16), int(parts[1], 16), int(parts[2], 16)
    if match := _triple(spec):
        numbers = float(match[2]), float(match[3]), float(match[4])
        space = match[1].lower()
        return _values(numbers if space == "rgbi" else _shown(*_SPACES[space](*numbers)))
    return _named(spec.lower().replace(" ", ""))


def _named(name: str) -> Rgb | None:
    if (match := _grey(name)) and int(match[1]) <= 100:
        value = (int(match[1]) * 255 + 50) // 100
        return value, value, value
    code = _NAMES.get(name)
    return None if code is None else (code >> 16, code >> 8 & 255, code & 255)


def _values(intensities: Sequence[float]) -> Rgb:
    """Return the values that make the guns as bright as this, from 0 to 1."""
    red, green, blue = map(_value, intensities, _CURVES)
    return red, green, blue


def _value(intensity: float, curve: Sequence[tuple[float, int]]) -> int:
    if intensity <= 0:
        return 0
    if intensity <= curve[0][0]:
        return curve[0][1]
    at = min(bisect_left(curve, (intensity, 0)), len(curve) - 1)
    (dark, low), (bright, high) = curve[at - 1 : at + 1]
    start, end = math.pow(dark, _POWER), math.pow(bright, _POWER)
    return round(low + (high - low) * (math.pow(min(intensity, 1.0), _POWER) - start) / (end - start))


def _shown(x: float, y: float, z: float) -> Triple:
    """Return intensities for a colour of CIE XYZ; one that is too colourful is shown less so, of the same lightness."""
    if y >= 1:
        return 1.0, 1.0, 1.0
    if not y > 0:
        return 0.0, 0.0, 0.0
    if _can_be_shown(guns := _guns(x, y, z)):
        return guns
    total = x + 15 * y + 3 * z
    off = (4 * x / total - _WHITE_U, 9 * y / total - _WHITE_V) if total else (0.0, 0.0)
    if not all(map(math.isfinite, off)):
        off = (0.0, 0.0)
    least, most = 0.0, 1.0
    for _ in range(30):
        part = (least + most) / 2
        if _can_be_shown(_guns(*_from_uv(_WHITE_U + part * off[0], _WHITE_V + part * off[1], y))):
            least = part
        else:
            most = part
    return _guns(*_from_uv(_WHITE_U + least * off[0], _WHITE_V + least * off[1], y))


def _guns(x: float, y: float, z: float) -> Triple:
    red, green, blue = (row[0] * x + row[1] * y + row[2] * z for row in _GUNS)
    return red, green, blue


def _can_be_shown(intensities: Triple) -> bool:
    return all(_LEAST <= intensity <= 1 for intensity in intensities)


def _as_it_is(x: float, y: float, z: float) -> Triple:
    return x, y, z


def _from_chromaticity(x: float, y: float, luminance: float) -> Triple:
    if not y:
        return 0.0, 0.0, 0.0
    return x * luminance / y, luminance, (1 - x - y) * luminance / y


def _from_uv(u: float, v: float, luminance: float) -> Triple:
    below = 6 * u - 16 * v + 12
    return _from_chromaticity(9 * u / below, 4 * v / below, luminance) if below else (0.0, 0.0, 0.0)


def _from_lab(lightness: float, a: float, b: float) -> Triple:
    middle = (lightness + 16) / 116
    if _cube(middle) < _DARK:  # Xlib divides by a hundredth of what CIE has, and so does xterm
        dark = lightness / 9.03292
        return _WHITE[0] * (a / 3893.5 + dark), dark, _WHITE[2] * (dark - b / 1557.4)
    x, y, z = (_cube(middle + off) * white for off, white in zip((a / 500, 0.0, -b / 200), _WHITE, strict=True))
    return x, y, z


def _from_luv(lightness: float, u: float, v: float) -> Triple:
    if lightness <= 0:
        return 0.0, 0.0, 0.0
    reach = 0.13 * lightness  # Xlib's: to CIE it is 13
    return _from_uv(u / reach + _WHITE_U, v / reach + _WHITE_V, _luminance(lightness))


def _from_hvc(hue: float, lightness: float, chroma: float) -> Triple:
    if lightness <= 0:
        return 0.0, 0.0, 0.0
    angle = math.radians(hue % 360) + math.atan2(_REDDEST_V - _WHITE_V, _REDDEST_U - _WHITE_U)
    reach = chroma / (7.50725 * lightness)
    return _from_uv(_WHITE_U + reach * math.cos(angle), _WHITE_V + reach * math.sin(angle), _luminance(lightness))


def _luminance(lightness: float) -> float:
    luminance = _cube((lightness + 16) / 116)
    return luminance if luminance > _DARK else lightness / 903.292


def _cube(value: float) -> float:
    return value * value * value  # which goes to infinity where ** raises


_SPACES: dict[str, Callable[[float, float, float], Triple]] = {
    "ciexyz": _as_it_is, "ciexyy": _from_chromaticity, "cieuvy": _from_uv, "cielab": _from_lab, "cieluv": _from_luv,
    "tekhvc": _from_hvc,
}  # fmt: skip
