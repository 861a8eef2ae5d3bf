"""Colour specifications: what XParseColor reads, as programs write colours in OSC 4 to 19 (XParseColor(3))."""

from __future__ import annotations

import re
from collections.abc import Callable

Rgb = tuple[int, int, int]
Triple = tuple[float, float, float]

_hex = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{9}|[0-9a-fA-F]{12})").fullmatch
_rgb_spec = re.compile(r"rgb:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})").fullmatch
_NUMBER = r"([-+]?(?:\d{1,9}\.?\d{0,9}|\.\d{1,9})(?:[eE][-+]?\d{1,2})?)"
_triple = re.compile(f"(rgbi|ciexyz|ciexyy|cieuvy|cielab|cieluv):{_NUMBER}/{_NUMBER}/{_NUMBER}", re.I).fullmatch
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
_WHITE = (0.95047, 1.0, 1.08883)  # CIE XYZ of D65
_WHITE_U, _WHITE_V = 0.19783, 0.46832


def parse_color(spec: str) -> Rgb | None:
    """Read a colour as XParseColor does; None if it is none.

    `#rgb` and its longer forms, `rgb:r/g/b`, `rgbi:` with linear intensities from 0 to 1, CIE's spaces (`CIEXYZ:`,
    `CIExyY:`, `CIEuvY:`, `CIELab:`, `CIELuv:`, shown as sRGB does), or a name of X11's.
    """
    if match := _rgb_spec(spec):
        red, green, blue = (int(part, 16) * 255 // (16 ** len(part) - 1) for part in match.groups())
        return red, green, blue
    if match := _hex(spec):
        size = len(match[1]) // 3
        parts = [match[1][at : at + size].ljust(2, "0")[:2] for at in range(0, len(match[1]), size)]
        return int(parts[0], 16), int(parts[1], 16), int(parts[2], 16)
    if match := _triple(spec):
        return _shown(*_SPACES[match[1].lower()](float(match[2]), float(match[3]), float(match[4])))
    return _named(spec.lower().replace(" ", ""))


def _named(name: str) -> Rgb | None:
    if (match := _grey(name)) and int(match[1]) <= 100:
        value = (int(match[1]) * 255 + 50) // 100
        return value, value, value
    code = _NAMES.get(name)
    return None if code is None else (code >> 16, code >> 8 & 255, code & 255)


def _shown(red: float, green: float, blue: float) -> Rgb:
    """Turn linear intensities into sRGB's values."""
    return _gamma(red), _gamma(green), _gamma(blue)


def _gamma(intensity: float) -> int:
    linear = max(0.0, min(1.0, intensity))
    return round(255 * (12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055))


def _from_xyz(x: float, y: float, z: float) -> Triple:
    return (
        3.2406 * x - 1.5372 * y - 0.4986 * z,
        -0.9689 * x + 1.8758 * y + 0.0415 * z,
        0.0557 * x - 0.2040 * y + 1.0570 * z,
    )


def _from_chromaticity(x: float, y: float, luminance: float) -> Triple:
    if y <= 0:
        return 0.0, 0.0, 0.0
    return _from_xyz(x * luminance / y, luminance, (1 - x - y) * luminance / y)


def _from_uv(u: float, v: float, luminance: float) -> Triple:
    below = 6 * u - 16 * v + 12
    return _from_chromaticity(9 * u / below, 4 * v / below, luminance) if below else (0.0, 0.0, 0.0)


def _from_lab(lightness: float, a: float, b: float) -> Triple:
    middle = (lightness + 16) / 116
    x, y, z = (_cubed(middle + off) * white for off, white in zip((a / 500, 0.0, -b / 200), _WHITE, strict=True))
    return _from_xyz(x, y, z)


def _cubed(value: float) -> float:
    return value**3 if value > 6 / 29 else (value - 4 / 29) * 3 * (6 / 29) ** 2


def _from_luv(lightness: float, u: float, v: float) -> Triple:
    if lightness <= 0:
        return 0.0, 0.0, 0.0
    luminance = _cubed((lightness + 16) / 116)
    return _from_uv(u / (13 * lightness) + _WHITE_U, v / (13 * lightness) + _WHITE_V, luminance)


_SPACES: dict[str, Callable[[float, float, float], Triple]] = {
    "rgbi": lambda red, green, blue: (red, green, blue), "ciexyz": _from_xyz, "ciexyy": _from_chromaticity,
    "cieuvy": _from_uv, "cielab": _from_lab, "cieluv": _from_luv,
}  # fmt: skip
