"""The parser: bytes to acts on the screen, one expression per chunk and never a step per byte."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import repeat
from operator import mul

from pyte.screens import Cursor

from agentorchestr_tui.emulator import modes as m
from agentorchestr_tui.emulator import osc, replies, reports
from agentorchestr_tui.emulator.controls import CONTROL, CSI, ESC, LEVELS, SLOTS, numbers
from agentorchestr_tui.emulator.grammar import (
    STRAY,
    csi_parts,
    eight_bit,
    end_of_lines,
    end_of_skipped,
    start_of_open_tail,
    stray_bytes,
    tokens,
)
from agentorchestr_tui.emulator.rows import PLAIN, Row
from agentorchestr_tui.emulator.screen import Screen

_CHUNK = 1 << 16  # characters cut into tokens at once
_LONGEST_OSC = 1 << 20  # characters; a clipboard's content
_LONGEST = 4096  # characters of any other sequence
_MAYBE_EIGHT_BIT = b"\xc2"  # how a control of one character begins in UTF-8
_USUAL_SET = "\x1b(B"  # programs say so again and again
_FEW_LOOKS = 5  # styles in a stretch that are read one by one as soon as all at once
_FEW = 8  # lines that are not worth taking as a block


class Parser:
    """Feeds a screen; keeps what one chunk leaves incomplete until the next."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._cut_off = b""
        self._held = ""
        self._skipping = ""

    def feed(self, data: bytes) -> None:
        """Take bytes of the child's output, cut anywhere."""
        if self._cut_off:
            data = self._cut_off + data
        try:
            text, taken = codecs.utf_8_decode(data, "strict", False)
        except UnicodeDecodeError:
            text, taken = codecs.utf_8_decode(data, STRAY, False)
            if stray_bytes.search(text):
                text = self._take_strays(text)
        self._cut_off = data[taken:]
        if _MAYBE_EIGHT_BIT in data and eight_bit.search(text):
            text = eight_bit.sub(_escaped, text)
        for at in range(0, len(text), _CHUNK):
            self._take(text[at : at + _CHUNK])
        self._screen.sweep()

    def _take_strays(self, text: str) -> str:
        """Take text up to its last byte that is a control or nothing (as S8C1T has it); return the text after it."""
        at = 0
        for stray in stray_bytes.finditer(text):
            self._take(eight_bit.sub(_escaped, text[at : stray.start()]))
            control = chr(ord(stray.group()) - 0xDC40)
            self._take("\x1b" + control if self._screen.eight_bit else "\ufffd")
            at = stray.end()
        return text[at:]

    def _take(self, text: str) -> None:
        if self._skipping:
            text = self._skip(text)
        if self._held:
            text, self._held = self._held + text, ""
        start = start_of_open_tail(text)
        if start < len(text):
            self._hold(text[start:])
            text = text[:start]
        text = self._take_lines(text)
        if text:
            self._run(text)

    def _hold(self, tail: str) -> None:
        """Keep an incomplete sequence; of one that is too long, forget the body and skip to its end."""
        kind = tail[1:2] if tail[1:2] in {"[", "]"} else "P"
        if _body_length(tail) <= (_LONGEST_OSC if kind == "]" else _LONGEST):
            self._held = tail
        elif tail[-1] == "\x1b":
            self._held = "\x1b"
        else:
            self._skipping = kind

    def _skip(self, text: str) -> str:
        """Return what follows the sequence that is being skipped."""
        end = end_of_skipped[self._skipping](text)
        if end is None:
            return ""
        self._skipping = ""
        return text[end.end() :]

    def _take_lines(self, text: str) -> str:
        """Put whole lines of text and styles onto the bottom of the screen at once; return the text that is left."""
        screen = self._screen
        if not _takes_blocks(screen):
            return text
        ahead = screen.bottom - screen.cursor.y + (screen.cursor.x > 0) + bool(screen.rows[-1].text)
        if text.count("\n", 0, _CHUNK // 4) <= ahead + _FEW:
            return text
        end = end_of_lines(text)
        at = 0
        for _ in range(ahead):
            at = text.find("\n", at, end) + 1
            if not at:
                return text
        self._run(text[:at])
        if end - at > _FEW and screen.cursor.x == 0 and screen.cursor.y == screen.bottom and not screen.rows[-1].text:
            at += _put_lines(screen, text[at:end])
        return text[at:]

    def _run(self, text: str) -> None:  # noqa: PLR0915
        """Act on every token; what is most frequent is done here, in place, on the row's strings.

        Long on purpose: a call per token would cost more than the work it does.
        """
        screen = self._screen
        rows, cursor, code, columns, last, plain, free, down, wraps = _state(screen)
        styles = screen.styles
        known = styles.stretches
        all_simple = screen.glyphs.clustering.all_simple
        for stretch, parameters, final, control, sequence in tokens(text):
            if stretch:
                laid, codes = None, ""
                if "\x1b" not in stretch:
                    run, codes, after = stretch, code * len(stretch), code
                    simple = run.isascii() or all_simple(run)
                elif stretch.count("\x1b") < _FEW_LOOKS:
                    run, codes, after, judge = styles.read(code, stretch, all_simple)
                    simple = judge is not None
                else:
                    run, laid, after, judge = known.get((code, stretch)) or styles.lay(code, stretch, all_simple)
                    simple = judge is all_simple or run.isascii()
                x = cursor.x
                end = x + len(run)
                row = rows[cursor.y]
                if not run:
                    screen.style = after
                elif plain and simple and laid is not None and not x and not row.text and end <= columns:
                    row.lay(run, laid)
                    cursor.x = end
                    screen.last_printed = run[-1]
                    screen.style = after
                elif plain and simple and end <= columns and not row.wide:
                    codes = codes if laid is None else laid.codes
                    old = row.text
                    size = len(old)
                    row.drawing = None
                    if x == size:
                        row.text = old + run
                        row.codes += codes
                    elif x > size:
                        row.text = old + " " * (x - size) + run
                        row.codes += PLAIN * (x - size) + codes
                    else:
                        row.text = old[:x] + run + old[end:]
                        under = row.codes
                        row.codes = under[:x] + codes + under[end:]
                    cursor.x = end
                    screen.last_printed = run[-1]
                    screen.style = after
                elif plain and simple and wraps:
                    screen.lay(run, codes if laid is None else laid.codes)
                    screen.style = after
                else:
                    self._draw(stretch)
                    plain = plain or _is_plain(screen)
                code = after
            if final:
                if free:
                    if final == "H":
                        p = numbers[parameters]
                        y, x = p[0] or 1, (p[1] or 1) if len(p) > 1 else 1
                        cursor.y = y - 1 if y <= last else last
                        cursor.x = x - 1 if x <= columns else columns - 1
                        continue
                    if final == "K" and not parameters and code == PLAIN:
                        row = rows[cursor.y]
                        x = cursor.x = cursor.x if cursor.x < columns else columns - 1
                        row.wrapped = False
                        if x < len(row.text):
                            if row.wide:
                                row.cut(x)
                            row.text = row.text[:x]
                            row.codes = row.codes[:x]
                            row.drawing = None
                        continue
                    if final == "K" and parameters == "2" and code == PLAIN:
                        row = rows[cursor.y]
                        row.text = row.codes = ""
                        row.wide = row.wrapped = False
                        row.drawing = None
                        if cursor.x == columns:
                            cursor.x -= 1
                        continue
                if (act := CSI.get(final)) is not None:
                    act(screen, numbers[parameters])
                    if final in "hlrstu":
                        rows, cursor, code, columns, last, plain, free, down, wraps = _state(screen)
            elif control:
                if control == "\r\n" and free:
                    cursor.x = 0
                    if cursor.y == screen.bottom:
                        screen.scroll_up()
                    elif cursor.y < last:
                        cursor.y += 1
                elif control == "\r" and free:
                    cursor.x = 0
                elif control == "\n" and down:
                    if cursor.x == columns:
                        cursor.x -= 1
                    if cursor.y == screen.bottom:
                        screen.scroll_up()
                    elif cursor.y < last:
                        cursor.y += 1
                elif (control_act := CONTROL.get(control)) is not None:
                    control_act(screen)
                    plain = _is_plain(screen)
            elif sequence and not (sequence == _USUAL_SET and screen.charsets.codes[0] == "B"):
                self._perform(sequence)
                rows, cursor, code, columns, last, plain, free, down, wraps = _state(screen)
                all_simple = screen.glyphs.clustering.all_simple

    def _draw(self, stretch: str) -> None:
        """Print a stretch run by run."""
        screen = self._screen
        first, *others = stretch.split("\x1b[")
        if first:
            screen.draw(first)
        for part in others:
            parameters, _, run = part.partition("m")
            screen.style = screen.styles.turn(screen.style, parameters)
            if run:
                screen.draw(run)

    def _perform(self, sequence: str) -> None:
        """Do what a sequence other than a plain control sequence asks for."""
        kind = sequence[1:2]
        if kind == "[":
            self._control_sequence(sequence)
        elif kind == "]":
            if _is_ended(sequence) and _body_length(sequence) <= _LONGEST_OSC:
                answered = len(self._screen.replies)
                osc.perform(self._screen, _body(sequence))
                osc.answer_alike(self._screen, answered, bell=sequence[-1] == "\x07")
        elif kind == "P":
            if sequence.endswith("\x1b\\") and _body_length(sequence) <= _LONGEST:
                self._device_control(_body(sequence))
        elif kind in SLOTS and len(sequence) == 3:
            self._screen.charsets.designate(SLOTS[kind], sequence[2])
        elif (act := ESC.get(sequence[1:])) is not None:
            act(self._screen)

    def _control_sequence(self, sequence: str) -> None:
        if _body_length(sequence) > _LONGEST:
            return
        controls = [character for character in sequence[2:] if character < " " and character not in "\x18\x1a"]
        for control in controls:  # a control inside a sequence acts at once, and the sequence goes on
            self._run(control)
        if controls:
            sequence = "\x1b" + "".join(character for character in sequence if character >= " ")
        parts = csi_parts(sequence)
        if parts is None:
            return
        prefix, parameters, intermediates, final = parts.groups()
        if prefix + intermediates + final == "m":
            self._screen.style = self._screen.styles.turn(self._screen.style, parameters)
            return
        form = prefix + intermediates + final
        if ":" not in parameters and self._screen.level >= LEVELS.get(form, 0) and (act := CSI.get(form)) is not None:
            act(self._screen, numbers[parameters])

    def _device_control(self, body: str) -> None:
        if body.startswith("+q"):
            replies.capability(self._screen, body[2:])
        elif body.startswith("$q"):
            replies.setting(self._screen, body[2:])
        elif body[1:3] == "$t":
            reports.restore(self._screen, body)


def _escaped(control: re.Match[str]) -> str:
    return "\x1b" + chr(ord(control.group()) - 0x40)


def _state(screen: Screen) -> tuple[list[Row], Cursor, str, int, int, bool, bool, bool, bool]:
    """Return what the loop keeps at hand: rows, cursor, style, columns, last row, and what may be done in place."""
    free = screen.full_width and m.ORIGIN not in screen.modes and screen.guard != "iso"
    down = free and m.NEW_LINE not in screen.modes.ansi
    plain, wraps = _is_plain(screen), m.WRAP in screen.modes
    return screen.rows, screen.cursor, screen.style, screen.columns, screen.lines - 1, plain, free, down, wraps


def _is_plain(screen: Screen) -> bool:
    """Say whether text that fits goes into cells as it is."""
    return screen.full_width and screen.charsets.active is None and m.INSERT not in screen.modes.ansi


def _takes_blocks(screen: Screen) -> bool:
    """Say whether whole lines may be put in below the screen."""
    return (
        _is_plain(screen) and screen.margins is None and m.WRAP in screen.modes and m.NEW_LINE not in screen.modes.ansi
    )


def _put_lines(screen: Screen, block: str) -> int:
    """Put lines onto an empty bottom row, and scroll what is above out of the screen; return how much was taken.

    That is all of the block, or nothing where a glyph is not one cell, or a new row would not be erased to plain cells.
    """
    columns, rows, code = screen.columns, screen.rows, screen.style
    text, laid = (block, None) if "\x1b" not in block else screen.styles.cut(code, block)
    if not (text.isascii() or screen.glyphs.clustering.all_simple(text.replace("\r\n", ""))):
        return 0
    paints = screen.erased != PLAIN if laid is None else laid.paints and any(coded.paints for coded in laid.at("\n"))
    if paints:
        return 0
    lines = text.split("\r\n")
    lines.pop()
    lines, at = _forget(screen, lines) if screen.main_rows is None else (lines, 0)
    sizes = map(len, lines)
    codes = map(mul, repeat(code), sizes) if laid is None else _split(laid.codes, at, sizes)
    rows.pop()
    add = rows.append
    for line, under in zip(lines, codes, strict=True):
        if len(line) <= columns:
            add(Row(line, under))
            continue
        for x in range(0, len(line), columns):
            row = Row(line[x : x + columns], under[x : x + columns])
            row.wrapped = x + columns < len(line)
            add(row)
    add(Row())
    gone = rows[: -screen.lines]
    del rows[: -screen.lines]
    if screen.main_rows is None:
        screen.remember(gone)
    screen.style = code if laid is None else laid.styles[-1].code
    if printed := text.rstrip("\r\n"):
        screen.last_printed = printed[-1]
    return len(block)


def _split(codes: str, at: int, sizes: Iterable[int]) -> Iterator[str]:
    """Split the codes of lines from `at` on by the lines' sizes."""
    for size in sizes:
        yield codes[at : at + size]
        at += size + 2


def _forget(screen: Screen, lines: list[str]) -> tuple[list[str], int]:
    """Count the lines of a flood that scrollback would forget at once; return those that stay, and where they begin."""
    most = (screen.history.maxlen or 0) + screen.lines
    spare = len(lines) - most
    if spare <= 0:
        return lines, 0
    columns = screen.columns
    screen.finished += spare
    screen.pushed += sum(-(-len(line) // columns) or 1 for line in lines[:spare])
    return lines[spare:], sum(map(len, lines[:spare])) + 2 * spare


def _is_ended(sequence: str) -> bool:
    """Say whether a string came to its terminator, and was not cancelled or cut short."""
    return sequence[-1] == "\x07" or sequence.endswith("\x1b\\")


def _body(sequence: str) -> str:
    return sequence[2:-1] if sequence[-1] == "\x07" else sequence[2:-2]


def _body_length(sequence: str) -> int:
    """Return the characters of a sequence after its introducer, without terminator or final."""
    if sequence[1:2] not in {"]", "P", "X", "^", "_"}:
        return len(sequence.rstrip("\x1b")) - 2 - (sequence[-1:] >= "@")
    return len(sequence) - 2 - (2 if sequence.endswith("\x1b\\") else sequence[-1] in "\x07\x18\x1a\x1b")
