"""What a person has typed into an agent's input and not yet sent: told from the keys, for we hand on every one."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from agentorchestr_tui.orchestrator.echoes import squeezed

RECALLED = 30.0  # seconds that what an arrow key or a menu may have brought back is taken for a draft
ECHOED = 1.0  # seconds after which what was typed shows, if it is there at all
UNSEEN = 0.5  # seconds that a menu may stand before it is seen, and take keys for its own
SHORT = 3  # characters that a text has at least to be told from the rest of a screen
_TAIL = 16  # characters by which a draft is looked for on the screen
_PASTE_END = "\x1b[201~"
_TOKEN = re.compile(
    r"\x1b\[200~.*?\x1b\[201~"  # a paste
    r"|\x1b\[[<=>?0-9;:]*[ -/]*[@-~]"  # CSI: keys, mouse, focus
    r"|\x1bO."  # SS3: keys
    r"|\x1b."  # alt and a key
    r"|.",
    re.DOTALL,
)
_KITTY = re.compile(r"\x1b\[(\d+)(?::\d*)*(?:;(\d*)(?::(\d))?)?u")
_UP_OR_DOWN = re.compile(r"\x1b(?:\[(?:1;\d+)?|O)[AB]")
_ENTER, _ESCAPE, _BACKSPACE = 13, 27, 127
_CTRL = 4  # of the kitty protocol's modifier bits


@dataclass(slots=True)
class Draft:
    """The text in one agent's input as far as a person typed it; `at` is when the last key of it came."""

    text: str = ""
    pasted: bool = False
    recalled: bool = False  # an arrow key may have brought an earlier text back
    at: float = float("-inf")
    doubted: bool = False  # it was sent or erased, unless a menu took those keys
    _gone: str = ""  # what the last keys sent or erased
    _gone_at: float = float("-inf")
    _rest: str = ""  # the beginning of a paste whose end is still to come
    _decoder: codecs.IncrementalDecoder = field(default_factory=lambda: codecs.getincrementaldecoder("utf-8")("ignore"))

    def take(self, keys: bytes, now: float) -> None:
        """Take what a person typed, as it goes to the agent."""
        typed = self._rest + self._decoder.decode(keys)
        self._rest = ""
        if (start := typed.rfind("\x1b[200~")) >= 0 and _PASTE_END not in typed[start:]:
            typed, self._rest = typed[:start], typed[start:]
        before = self.text
        for token in _TOKEN.findall(typed):
            self._key(token)
        if len(self.text) < len(before):
            again = now - self._gone_at < UNSEEN and len(self._gone) > len(before)
            self._gone, self._gone_at = self._gone if again else before, now
        self.at = now

    def clear(self) -> None:
        """Forget it: it was sent, or is gone."""
        self.text, self.pasted, self.recalled, self._rest = "", False, False, ""
        self.doubted = False

    def covered(self, now: float) -> None:
        """Take that a menu has come up: what was just sent or erased may stand yet, for the menu may have the keys."""
        if now - self._gone_at < UNSEEN and len(self._gone) > len(self.text):
            self.text, self.doubted = self._gone, True

    def uncovered(self, now: float) -> None:
        """Take that a menu is gone: what was typed before it may stand there again, and shows if it does."""
        self.recalled, self.at = False, now
        if len(squeezed(self.text)) < SHORT:
            self.clear()  # most likely what answered the menu

    def stands(self, screen: Sequence[str], now: float) -> bool:
        """Say whether there is a draft; one that should show on the screen and does not is none any more."""
        if self.pasted or self._rest:
            return True
        if self.text.strip():
            shows = now - self.at < ECHOED or squeezed(self.text)[-_TAIL:] in squeezed("\n".join(screen))
            return shows and not (self.doubted and now - self.at >= RECALLED)
        return self.recalled and now - self.at < RECALLED

    def _key(self, token: str) -> None:
        if token.startswith("\x1b[200~"):
            self.text += token[6 : -len(_PASTE_END)]
            self.pasted = True
        elif kitty := _KITTY.fullmatch(token):
            self._kitty(int(kitty[1]), int(kitty[2] or 1) - 1, kitty[3] or "1")
        elif token in ("\x1b\r", "\n"):
            self.text += "\n"
        elif _UP_OR_DOWN.fullmatch(token):
            self.recalled = self.recalled or not self.text
        elif not token.startswith("\x1b"):
            self._plain(token)

    def _plain(self, key: str) -> None:
        if key == "\r":
            self._enter()
        elif key == "\x03":
            self.clear()
        elif key == "\x15":
            self.text = self.text.rpartition("\n")[0]
        elif key == "\x17":
            self.text = self.text.rstrip().rpartition(" ")[0]
        elif key in ("\x7f", "\x08"):
            self.text = self.text[:-1]
        elif key.isprintable():
            self.text += key
        self.pasted = self.pasted and bool(self.text)

    def _kitty(self, code: int, modifiers: int, event: str) -> None:
        if event == "3":
            return  # a key that was let go
        if modifiers & _CTRL and chr(code).isalpha():
            self._plain(chr(ord(chr(code).upper()) - ord("@")))
        elif code == _ENTER and modifiers:
            self.text += "\n"
        elif code not in (_ESCAPE,) and (code in (_ENTER, _BACKSPACE) or chr(code).isprintable()):
            self._plain(chr(code))

    def _enter(self) -> None:
        if self.text.endswith("\\"):
            self.text = self.text[:-1] + "\n"  # several agents take this for a new line
        else:
            self.clear()
