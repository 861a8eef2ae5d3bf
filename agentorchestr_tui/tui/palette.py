"""What the palette offers: every act with its key or why it cannot be done, everybody of the team, and the themes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from textual.theme import Theme

from agentorchestr_tui.core.words import shortened
from agentorchestr_tui.tui import looks
from agentorchestr_tui.tui.able import Situation
from agentorchestr_tui.tui.keymap import Keymap
from agentorchestr_tui.tui.keys import ACTS, Act, Group
from agentorchestr_tui.widgets.options import Option
from agentorchestr_tui.widgets.scrollback import Scrollback

ACT, ENTER, THEME, BACK = "act ", "enter ", "theme ", "back "  # what an answer begins with
_SAID = 60  # characters of a worker's task
_ONE_OF_MANY = "worker_"  # acts that the team's own lines stand for


def offered(keymap: Keymap, now: Situation, themes: Mapping[str, Theme]) -> list[Option]:
    """Return the team, the acts and the themes, and last the acts that cannot be done now.

    While somebody looks back in a terminal, its keys come first.
    """
    named = (replace(each, words=f"theme: {each.words}") for each in theme_options(themes))
    found = [*(_looking_back() if now.looks_back else ()), *_team(now, keymap), *_acts(keymap, now), *named]
    return sorted(found, key=lambda each: bool(each.why_not))


def theme_options(themes: Mapping[str, Theme], present: str = "") -> list[Option]:
    """Return the themes, the present one with a mark."""
    return [
        Option(name, f"{THEME}{name}", about=_about(theme), key="in use" if name == present else "")
        for name, theme in themes.items()
    ]


def _about(theme: Theme) -> str:
    return "the terminal's own sixteen colours" if theme.ansi else "a dark one" if theme.dark else "a light one"


def _in_words(act: Act) -> str:
    """Say what an act does, after the name that keys.toml has for it unless its words say that too."""
    name, said = act.name.replace("_", " "), act.said or act.help
    if act.group is Group.GO:
        return f"{act.group}: {said}"
    return said if set(name.split()) <= set(re.findall(r"\w+", said)) else f"{name}: {said}"


def _team(now: Situation, keymap: Keymap) -> Iterable[Option]:
    for number, worker in enumerate(now.session.workers.values(), 1):
        look = looks.look_of(worker, now.session)
        said = shortened(worker.summary or worker.task, _SAID)
        key = keymap.first_key_of(f"worker_{number}")
        words = f"go to: {number} {worker.id} {worker.perspective} · {worker.agent}"
        yield Option(words, f"{ENTER}{number}", said, key, glyph=look.glyph, style=look.style)


def _looking_back() -> Iterable[Option]:
    for line in Scrollback.TABLE:
        for key, said in line.said:
            yield Option(f"scrollback: {said}", f"{BACK}{key}", key=key.replace("ctrl+", "^"))


def _acts(keymap: Keymap, now: Situation) -> Iterable[Option]:
    for act in sorted(ACTS, key=lambda act: act.action.startswith("step")):  # the arrows say it themselves
        if not act.name.startswith(_ONE_OF_MANY) and act.name != "palette":
            yield Option(_in_words(act), f"{ACT}{act.name}", key=keymap.keys_of(act.name), why_not=act.why_not(now))
