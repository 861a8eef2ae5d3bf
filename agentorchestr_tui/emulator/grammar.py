"""Grammar: the compiled expressions that cut a stream into text runs, controls and sequences (ECMA-48, xterm)."""

from __future__ import annotations

import codecs
import re

_CANCEL = "\x18\x1a"
_CSI_BODY = f"[^@-~{_CANCEL}\x1b]*"
_OSC_BODY = f"[^\x07{_CANCEL}\x1b]*"
_STRING_BODY = f"[^{_CANCEL}\x1b]*"
_SEQUENCE = (
    f"\x1b\\[{_CSI_BODY}(?:[@-~{_CANCEL}]|(?=\x1b|\\Z))"
    f"|\x1b\\]{_OSC_BODY}(?:\x07|\x1b\\\\|[{_CANCEL}]|(?=\x1b|\\Z))"
    f"|\x1b[PX^_]{_STRING_BODY}(?:\x1b\\\\|[{_CANCEL}]|(?=\x1b|\\Z))"
    "|\x1b[ -/]*[0-~]"
    "|\x1b"
)

_RUN = "[\x20-\x7e\xa0-\U0010ffff]*+"  # what stands for one control, 0x80 to 0x9f, is rewritten before
_LOOK = "\x1b\\[[0-9;:]{0,255}+m"

tokens = re.compile(
    f"({_RUN}(?:{_LOOK}{_RUN})*+)"  # a stretch of text and styles, then at most one of:
    "(?:\x1b\\[([0-9;]{0,255})([@-~])"  # a plain control sequence: parameters, final
    "|(\r\n|[\x00-\x1a\x1c-\x1f\x7f])"  # a control
    f"|({_SEQUENCE})"  # any other sequence, aborted ones too
    "|\\Z)"
).findall
"""Cut a stream without an open tail into (stretch, parameters, final, control, sequence)."""

open_tail = re.compile(f"\x1b(?:\\[{_CSI_BODY}|\\]{_OSC_BODY}\x1b?|[PX^_]{_STRING_BODY}\x1b?|[ -/]*)\\Z").match
"""Match a sequence that the stream's end leaves incomplete."""

_plain_lines = re.compile(f"(?:{_RUN}\r\n)*+").match
_lines = re.compile(f"(?:{_RUN}(?:{_LOOK}{_RUN})*+\r\n)*+").match


def end_of_lines(text: str) -> int:
    """Return how far text begins with whole lines that are nothing but text and styles."""
    lines = _lines(text) if "\x1b" in text else _plain_lines(text)
    return lines.end() if lines else 0


eight_bit = re.compile("[\x80-\x9f]")
"""Controls of one character; each means ESC and the character 0x40 below."""

STRAY = "agentorchestr.stray"
"""How decoding treats what is no UTF-8: a byte 0x80 to 0x9f becomes what PEP 383 makes of it, all else U+FFFD."""
stray_bytes = re.compile("[\udc80-\udc9f]")
"""Such a byte; whether it is a control depends on what the program said before (S8C1T)."""


def _stray(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    first = error.object[error.start]
    alone = error.end - error.start == 1 and first in range(0x80, 0xA0)
    return chr(0xDC00 + first) if alone else "\ufffd", error.end


codecs.register_error(STRAY, _stray)

csi_parts = re.compile("\x1b\\[([<=>?]?)([0-9;:]*)([ -/]*)([@-~])").fullmatch
"""Cut a control sequence into prefix, parameters, intermediates and final."""

end_of_skipped = {
    "[": re.compile(f"[@-~{_CANCEL}]|(?=\x1b)").search,
    "]": re.compile(f"[\x07{_CANCEL}]|(?=\x1b)").search,
    "P": re.compile(f"[{_CANCEL}]|(?=\x1b)").search,
}
"""By kind: where a sequence that is too long to keep ends."""


def start_of_open_tail(text: str) -> int:
    """Return where an incomplete sequence at the end of text starts; its length if there is none."""
    last = text.rfind("\x1b")
    if last < 0:
        return len(text)
    if last == len(text) - 1:  # perhaps the first half of a string's terminator
        opener = text.rfind("\x1b", 0, last)
        if opener >= 0 and text[opener + 1] in "]PX^_" and open_tail(text, opener):
            return opener
    return last if open_tail(text, last) else len(text)
