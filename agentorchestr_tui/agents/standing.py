"""What stands on an agent's screen and waits for an answer, and which keys answer it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from agentorchestr_tui.agents.card import Card
from agentorchestr_tui.agents.rules import Dialog, Prompt, bottom

KEY_GAP = 0.25  # seconds between two keys of an answer: menus redraw in between
_FRAME = " \t│┃║╎┆╭╮╰╯┌┐└┘├┤─━═╌┄▀▄█▌▐▎▏▕╹╻"


class Choice(StrEnum):
    """How a permission prompt can be answered."""

    ONCE = "once"
    ALWAYS = "always"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class DialogStands:
    """A dialog on the screen: its words, and the keys that answer it; none where a person is to be asked."""

    name: str
    text: str
    keys: tuple[str, ...]
    recurs: bool = False
    deaf_seconds: float = 0.0  # in which it takes no keys yet


@dataclass(frozen=True, slots=True)
class PromptStands:
    """A permission prompt on the screen: what it asks, and the keys of each choice that it offers."""

    name: str
    text: str
    keys: Mapping[Choice, tuple[str, ...]]
    deaf_seconds: float = 0.0  # in which it takes no keys yet


def standing(card: Card, screen: Sequence[str]) -> DialogStands | PromptStands | None:
    """Return the dialog or prompt of the card that stands on the live screen's rows, None where none does."""
    for dialog in card.dialogs:
        if match := _found(dialog, screen):
            asked = match["asked"] if "asked" in dialog.match.groupindex else match[0]
            return DialogStands(dialog.name, words(asked), dialog.keys, dialog.recurs, dialog.deaf_seconds)
    for prompt in card.prompts:
        if match := _found(prompt, screen):
            return PromptStands(prompt.name, words(match["asked"]), _offered(prompt, match), prompt.deaf_seconds)
    return None


def _found(rule: Dialog | Prompt, screen: Sequence[str]) -> re.Match[str] | None:
    return rule.match.search("\n".join(bottom(screen, rule.rows)))


def _offered(prompt: Prompt, match: re.Match[str]) -> dict[Choice, tuple[str, ...]]:
    """Return the keys of each choice, less those whose groups found nothing: the prompt does not offer them."""
    said = {Choice.ONCE: prompt.once, Choice.ALWAYS: prompt.always, Choice.DENY: prompt.deny}
    seen = {name: text for name, text in match.groupdict().items() if text is not None}
    return {
        choice: tuple(_filled(key, seen) for key in keys)
        for choice, keys in said.items()
        if keys and all(name in seen for name in prompt.groups(keys))
    }


def _filled(key: str, seen: Mapping[str, str]) -> str:
    for name, text in seen.items():
        key = key.replace(f"{{{name}}}", text)
    return key


def words(text: str) -> str:
    """Return the text of a framed box: without its frame and its blank rows."""
    rows = (row.strip(_FRAME) for row in text.splitlines())
    return "\n".join(row for row in rows if row)
