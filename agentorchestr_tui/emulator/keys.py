"""Keys: what a pressed key sends, by the modes of the program (xterm's ctlseqs, kitty's keyboard protocol)."""

from __future__ import annotations

import unicodedata

from agentorchestr_tui.emulator import modes as m
from agentorchestr_tui.emulator.modes import KeyFlags, Modes

_MODIFIERS = {"shift": 1, "alt": 2, "ctrl": 4, "super": 8, "hyper": 16, "meta": 32}
_SHIFT, _ALT, _CTRL = 1, 2, 4
_LETTERS = {
    "up": "A", "down": "B", "right": "C", "left": "D", "home": "H", "end": "F",
    "f1": "P", "f2": "Q", "f3": "R", "f4": "S",
}  # fmt: skip
_TILDES = {
    "insert": 2, "delete": 3, "pageup": 5, "pagedown": 6, "f5": 15, "f6": 17, "f7": 18, "f8": 19, "f9": 20,
    "f10": 21, "f11": 23, "f12": 24, "f13": 25, "f14": 26, "f15": 28, "f16": 29, "f17": 31, "f18": 32, "f19": 33,
    "f20": 34,
}  # fmt: skip
_CODES = {"escape": 27, "enter": 13, "tab": 9, "backspace": 127, "space": 32}
_KITTY_CODES = {f"f{n}": 57376 + n - 13 for n in range(13, 25)}
_NAMED = {"at": "@", "underscore": "_", "minus": "-", "plus": "+", "slash": "/", "backslash": "\\"}
_CONTROL = {"@": 0, " ": 0, "2": 0, "[": 27, "3": 27, "\\": 28, "4": 28, "]": 29, "5": 29, "^": 30, "6": 30,
            "~": 30, "_": 31, "7": 31, "/": 31, "?": 127, "8": 127}  # fmt: skip
_PASTE_START, _PASTE_END = b"\x1b[200~", b"\x1b[201~"


def encode(key: str, character: str | None, modes: Modes) -> bytes:
    """Return what a key press sends.

    `key` is Textual's name (`ctrl+shift+up`, `a`, `full_stop`), `character` the text it types, if any, or ESC and a key
    as they came: alt with that key, or escape and then the key; only a program that has the kitty protocol must be told
    which. Empty for a key that sends nothing.
    """
    if character is not None and len(character) == 2 and character[0] == "\x1b" and not modes.key_flags:
        return character.encode()
    *words, base = key.split("+") if key != "+" else ["plus"]
    bits = sum(_MODIFIERS.get(word, 0) for word in words)
    if not _is_known(base):
        typed = _character(base, character, bits)
        if not typed:
            return b""
        if typed.isupper() and bits & ~_SHIFT:
            typed, bits = typed.lower(), bits | _SHIFT
        return _encode_typed(typed, character, bits, modes).encode()
    return _encode_named(base, bits, modes).encode()


def paste(text: str, modes: Modes) -> bytes:
    """Return what a paste sends: line ends as Enter, no escapes, in brackets if the program asked for them."""
    clean = text.replace("\x1b", "").replace("\r\n", "\r").replace("\n", "\r").encode("utf-8", "replace")
    return _PASTE_START + clean + _PASTE_END if m.PASTE in modes else clean


def focus(gained: bool, modes: Modes) -> bytes:
    """Return what gaining or losing the focus sends, if the program wants to know."""
    return (b"\x1b[I" if gained else b"\x1b[O") if m.FOCUS in modes else b""


def _is_known(base: str) -> bool:
    return base in _LETTERS or base in _TILDES or base in _CODES or base in _KITTY_CODES


def _character(base: str, character: str | None, bits: int) -> str:
    """Find the character that a key's name stands for."""
    if len(base) == 1:
        return base
    if character and character.isprintable():
        return character
    if base in _NAMED:
        return _NAMED[base]
    try:
        return unicodedata.lookup(base.replace("_", " "))
    except KeyError:
        return ""


def _encode_named(base: str, bits: int, modes: Modes) -> str:
    flags = modes.key_flags
    if base in _CODES:
        return _encode_code(base, bits, modes)
    if flags and base in _KITTY_CODES:
        return _escape_code(_KITTY_CODES[base], bits)
    if base in _TILDES:
        return f"\x1b[{_TILDES[base]}{_suffix(bits)}~"
    if base not in _LETTERS:
        return ""
    final = _LETTERS[base]
    if flags and base == "f3":
        return f"\x1b[13{_suffix(bits)}~"  # CSI R would be a cursor position report
    if bits:
        return f"\x1b[1;{bits + 1}{final}"
    if final in "PQRS" or (m.CURSOR_KEYS in modes and not flags):
        return f"\x1bO{final}"
    return f"\x1b[{final}"


def _encode_code(base: str, bits: int, modes: Modes) -> str:
    """Encode the keys that have a control character: escape, enter, tab, backspace, space."""
    flags, code = modes.key_flags, _CODES[base]
    if flags & KeyFlags.ALL_AS_ESCAPES:
        text = " " if base == "space" and not bits & ~_SHIFT else ""
        return _escape_code(code, bits, text if flags & KeyFlags.TEXT else "")
    if flags & KeyFlags.DISAMBIGUATE and (base == "escape" or (bits and not (base == "space" and bits == _SHIFT))):
        return _escape_code(code, bits)
    if modes.modify_other_keys and bits and not (base == "tab" and bits == _SHIFT):
        return f"\x1b[27;{bits + 1};{code}~"
    meta = "\x1b" if bits & _ALT else ""
    if base == "tab":
        return meta + ("\x1b[Z" if bits & _SHIFT else "\t")
    if base == "backspace":
        erase = (bits & _CTRL != 0) == (m.BACKARROW in modes)
        return meta + ("\x7f" if erase else "\x08")
    if base == "space":
        return meta + ("\0" if bits & _CTRL else " ")
    return meta + chr(code)


def _encode_typed(typed: str, character: str | None, bits: int, modes: Modes) -> str:
    """Encode a key that types a character."""
    flags = modes.key_flags
    held = bits & ~_SHIFT
    if flags & KeyFlags.ALL_AS_ESCAPES or (flags & KeyFlags.DISAMBIGUATE and held):
        return _escape_typed(typed, character, bits, flags)
    if not held:
        return typed
    if modes.modify_other_keys == 2 or (modes.modify_other_keys and bits & _CTRL and not _control(typed)):
        return f"\x1b[27;{bits + 1};{ord(typed)}~"
    if bits & _CTRL:
        typed = _control(typed) or typed
    elif bits & _SHIFT:
        typed = typed.upper()
    return "\x1b" + typed if bits & (_ALT | 32) else typed


def _escape_typed(typed: str, character: str | None, bits: int, flags: KeyFlags) -> str:
    base = typed.lower() if len(typed.lower()) == 1 else typed
    if base != typed:
        bits |= _SHIFT
    code = str(ord(base))
    if flags & KeyFlags.ALTERNATES and base != typed:
        code += f":{ord(typed)}"
    text = (character or typed) if flags & KeyFlags.TEXT and not bits & ~_SHIFT else ""
    return _escape_code(code, bits, text)


def _control(typed: str) -> str:
    """Return the control character of ctrl and a character, or nothing."""
    if len(typed) == 1 and typed.isascii() and typed.isalpha():
        return chr(ord(typed.upper()) - 0x40)
    return chr(_CONTROL[typed]) if typed in _CONTROL else ""


def _escape_code(code: int | str, bits: int, text: str = "") -> str:
    if text:
        return f"\x1b[{code};{bits + 1 if bits else ''};{':'.join(str(ord(c)) for c in text)}u"
    return f"\x1b[{code}{_suffix(bits)}u"


def _suffix(bits: int) -> str:
    return f";{bits + 1}" if bits else ""
