"""Why an agent's status is what it is: its changes with their rules and texts, and what its card goes by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from agentorchestr_tui.agents.card import Card
from agentorchestr_tui.agents.rules import Field
from agentorchestr_tui.core.events import Recorded, StatusChanged
from agentorchestr_tui.core.words import Status
from agentorchestr_tui.times import clock

_LEFT_OUT = re.compile(r" (?:kind|msg)=(?= |$)")
Change = tuple[float, StatusChanged]
_SOURCES = {
    Field.HTTP: "its own server",
    Field.OSC7501: "its own reports (OSC 7501)",
    Field.HOOK: "its own hooks",
    Field.TITLE: "its window title",
    Field.SCREEN: "the bottom of its screen",
}


def changes(events: Iterable[Recorded], who: str) -> Iterator[Change]:
    """Choose an agent's changes of status."""
    return ((each.at, each.event) for each in events if isinstance(each.event, StatusChanged) and each.event.who == who)


def told(at: float, change: StatusChanged) -> str:
    """Write a change in a line: when, to what, by which rule, on what text."""
    status = "needs you" if change.status is Status.NEEDS_INPUT else change.status
    rule = f" (rule “{change.rule}”)" if change.rule else ""
    return f"{clock(at)} {status:<12} {saw(change.seen) or 'nothing was seen that tells it'}{rule}"


def seen_words(seen: str) -> str:
    """Return what a rule found as one line, without what could steer a terminal, or was left out of a report."""
    shown = " ".join("".join(each if each.isprintable() else " " for each in seen).split())
    return _LEFT_OUT.sub("", shown) if shown.startswith("state=") else shown


def saw(seen: str) -> str:
    """Say what was seen as a person would: the words of a report of the agent itself, else the text of its screen."""
    words = seen_words(seen)
    if not words.startswith("state="):
        return words
    state, _, rest = words.removeprefix("state=").partition(" ")
    said = rest.partition("msg=")[2] or rest.removeprefix("kind=")
    return f"it reports: {state}{f', {said}' if said else ''}"


def authority(card: Card) -> str:
    """Say what a card judges a status by, what counts more first."""
    signs = {sign.name for sign in card.signs}
    fields = list(dict.fromkeys(rule.field for rule in card.status if rule.name not in signs))
    return ", then ".join(_SOURCES[field] for field in fields) or "nothing: no rule is known for it"


def source(card: Card, rule: str) -> str:
    """Say where a rule of a card looks, and what kind of rule it is; nothing for what is no rule of the card."""
    found = next((each for each in card.status if each.name == rule), None)
    if found is None:
        return ""
    kinds = (("dialog", card.dialogs), ("prompt", card.prompts), ("limit", card.limits))
    kind = next((name for name, signs in kinds if any(sign.name == rule for sign in signs)), "rule")
    rows = f", {found.rows} rows" if found.field is Field.SCREEN else ""
    return f"a {kind} that is looked for in {_SOURCES[found.field]}{rows}"
