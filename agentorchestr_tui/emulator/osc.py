"""Operating system commands: titles, colours, links, the clipboard, notifications, marks and program status."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from agentorchestr_tui.emulator.color_specs import parse_color
from agentorchestr_tui.emulator.colors import DYNAMIC, FOREGROUND, LAST, SPECIAL
from agentorchestr_tui.emulator.events import (
    ClipboardWrite,
    Folder,
    Notification,
    ProgramStatus,
    Progress,
    PromptMark,
)
from agentorchestr_tui.emulator.screen import Screen
from agentorchestr_tui.emulator.styles import number

_LONGEST_TEXT = 4096  # characters of a message
_LONGEST_LINK = 2083  # characters of an address
_CLIPBOARD = 1 << 20  # characters of base64 taken from OSC 52
_PROGRESS = ("none", "normal", "error", "indeterminate", "paused")
_STATES = frozenset({"idle", "working", "blocked", "done", "error", "clear"})
_DYNAMICS = range(10, 20)


def perform(screen: Screen, body: str) -> None:
    """Do what an OSC's body, without its introducer and terminator, asks for."""
    code, _, text = body.partition(";")
    if (act := _ACTS.get(code)) is not None:
        act(screen, text)


def answer_alike(screen: Screen, answers: int, bell: bool) -> None:
    """End the answers from number `answers` on as their question ended: by BEL or by ST."""
    if bell:
        screen.replies[answers:] = [
            text.removesuffix("\x1b\\").removesuffix("\udc9c") + "\x07" for text in screen.replies[answers:]
        ]


def _title(screen: Screen, text: str) -> None:
    screen.set_title(text)


def _both_titles(screen: Screen, text: str) -> None:
    screen.set_icon_name(text)
    screen.set_title(text)


def _icon(screen: Screen, text: str) -> None:
    screen.set_icon_name(text)


def _palette(screen: Screen, text: str) -> None:
    words = text.split(";")
    for index, spec in zip(words[::2], words[1::2], strict=False):
        if index.isdecimal() and (place := _place(number(index))) is not None:
            _color(screen, place, spec, f"4;{number(index)}")


def _place(index: int) -> int | None:
    """Return the place of a colour of OSC 4; after the palette it counts the special ones."""
    place = index if index < FOREGROUND else index - FOREGROUND + SPECIAL
    return place if place <= LAST else None


def _special(screen: Screen, text: str) -> None:
    words = text.split(";")
    for index, spec in zip(words[::2], words[1::2], strict=False):
        if index.isdecimal() and SPECIAL + number(index) <= LAST:
            _color(screen, SPECIAL + number(index), spec, f"5;{number(index)}")


def _color(screen: Screen, index: int, spec: str, code: str) -> None:
    if spec == "?":
        screen.write_process_input(f"\x1b]{code};{screen.colors.spec(index)}\x1b\\")
    elif color := parse_color(spec):
        screen.colors.change(index, color)
        screen.mark_unseen()


def _dynamic(first: int) -> Callable[[Screen, str], None]:
    def act(screen: Screen, text: str) -> None:
        for code, spec in enumerate(text.split(";"), first):
            if code in _DYNAMICS:
                _color(screen, DYNAMIC + code - 10, spec, str(code))

    return act


def _reset_palette(screen: Screen, text: str) -> None:
    if not text:
        for index in range(FOREGROUND):
            screen.colors.reset(index)
    for word in filter(None, text.split(";")):
        if (place := _place(number(word))) is not None:
            screen.colors.reset(place)
    screen.mark_unseen()


def _reset_special(screen: Screen, text: str) -> None:
    indices = [number(word) for word in text.split(";")] if text else range(LAST - SPECIAL + 1)
    for index in indices:
        screen.colors.reset(SPECIAL + index)
    screen.mark_unseen()


def _reset_dynamic(code: int) -> Callable[[Screen, str], None]:
    def act(screen: Screen, text: str) -> None:
        screen.colors.reset(DYNAMIC + code - 110)
        screen.mark_unseen()

    return act


def _folder(screen: Screen, text: str) -> None:
    try:
        parts = urlsplit(text)
    except ValueError:
        return
    if parts.scheme in {"file", "kitty-shell-cwd"} and parts.path:
        screen.events.append(Folder(unquote(parts.path)[:_LONGEST_TEXT], parts.netloc))


def _link(screen: Screen, text: str) -> None:
    address = text.partition(";")[2]
    style = screen.styles[screen.style]
    screen.style = screen.styles.code(style._replace(link=address if len(address) <= _LONGEST_LINK else ""))


def _notify(screen: Screen, text: str) -> None:
    """OSC 9: a notification, or ConEmu's progress (4) and folder (9)."""
    word, _, rest = text.partition(";")
    if word == "4" and rest:
        _progress(screen, rest)
    elif word == "9" and rest:
        screen.events.append(Folder(rest.strip('"')[:_LONGEST_TEXT]))
    elif not (word.isdecimal() and int(word[:4]) in range(1, 13)):
        screen.events.append(Notification(text[:_LONGEST_TEXT]))


def _progress(screen: Screen, text: str) -> None:
    state, _, percent = text.partition(";")
    if number(state) < len(_PROGRESS):
        screen.progress = Progress(_PROGRESS[number(state)], min(100, number(percent)))
        screen.events.append(screen.progress)


def _notify_urxvt(screen: Screen, text: str) -> None:
    word, _, rest = text.partition(";")
    title, _, body = rest.partition(";")
    if word == "notify":
        screen.events.append(Notification(body[:_LONGEST_TEXT], title[:_LONGEST_TEXT]))


def _notify_kitty(screen: Screen, text: str) -> None:
    """OSC 99: `key=value` pairs separated by colons, then the text; a query is answered with what we show."""
    pairs, _, body = text.partition(";")
    keys = dict(pair.partition("=")[::2] for pair in pairs.split(":"))
    if keys.get("p") == "?":
        screen.write_process_input(f"\x1b]99;i={keys.get('i', '0')[:64]}:p=?;p=title,body\x1b\\")
        return
    body = _decoded(body) if keys.get("e") == "1" else body
    if body and keys.get("p", "title") in {"title", "body"}:
        screen.events.append(Notification(body[:_LONGEST_TEXT]))


def _mark(screen: Screen, text: str) -> None:
    kind, _, rest = text.partition(";")
    if kind in {"A", "B", "C", "D", "P"}:
        code = rest.partition(";")[0]
        line = screen.finished + screen.aside + _line_on_screen(screen)
        screen.events.append(PromptMark(kind, line, number(code) if kind == "D" and code.isdecimal() else None))


def _line_on_screen(screen: Screen) -> int:
    return sum(not row.wrapped for row in screen.rows[: screen.cursor.y])


def _clipboard(screen: Screen, text: str) -> None:
    """OSC 52: writing only; what is in the clipboard is nobody's business."""
    content = text.partition(";")[2]
    if content != "?" and len(content) <= _CLIPBOARD and (decoded := _decoded(content)):
        screen.events.append(ClipboardWrite(decoded))


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _status(screen: Screen, text: str) -> None:
    """OSC 7501: what the program says of itself; it speaks only if its question is answered."""
    if text.startswith("?"):
        screen.write_process_input("\x1b]7501;?\x1b\\")
        return
    keys = {key.strip(): value.strip() for key, _, value in (pair.partition("=") for pair in text.split(":"))}
    if keys.get("state") in _STATES:
        progress = keys.get("progress", "")
        screen.events.append(
            ProgramStatus(
                state=keys["state"],
                app=keys.get("app", "")[:_LONGEST_TEXT],
                kind=keys.get("kind", "")[:_LONGEST_TEXT],
                progress=min(100, number(progress)) if progress.isdecimal() else None,
                message=_decoded(keys.get("msg", ""))[:_LONGEST_TEXT],
                title=_decoded(keys.get("title", ""))[:_LONGEST_TEXT],
            )
        )


_ACTS: dict[str, Callable[[Screen, str], None]] = {
    "0": _both_titles, "1": _icon, "2": _title, "4": _palette, "7": _folder, "8": _link, "9": _notify,
    "5": _special, "52": _clipboard, "99": _notify_kitty, "104": _reset_palette, "105": _reset_special,
    "133": _mark, "777": _notify_urxvt, "7501": _status,
}  # fmt: skip
for _code in _DYNAMICS:
    _ACTS[str(_code)] = _dynamic(_code)
    _ACTS[str(_code + 100)] = _reset_dynamic(_code + 100)
