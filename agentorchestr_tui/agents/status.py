"""What a running agent is doing, judged by its card's rules from its signals and the bottom of its screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agentorchestr_tui.agents.rules import Field, StatusRule, bottom
from agentorchestr_tui.core.words import Status


@dataclass(frozen=True, slots=True)
class Signal:
    """Something the agent told its terminal: a title's text, or an OSC 7501 report as `state=... kind=... msg=...`."""

    kind: Field
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status, the rule that decided it, and the text that the rule found."""

    status: Status
    rule: str
    evidence: str


class Judge:
    """Judge one running agent; what it says is news only when the status is another one than before."""

    def __init__(self, rules: Sequence[StatusRule]) -> None:
        self._rules = rules
        self._heard: dict[Field, str] = {}
        self._screen: tuple[str, ...] = ()
        self._texts: dict[int, str] = {}  # the screen's last rows as one text, by how many
        self._found: list[tuple[str | None, Verdict | None]] = [(None, None)] * len(rules)  # the text it last saw
        self._starting = True
        self.verdict = Verdict(Status.STARTING, "started", "")
        self.rows = max((rule.rows for rule in rules if rule.field is Field.SCREEN), default=0)

    def hear(self, signal: Signal) -> Verdict | None:
        """Take a signal; return the verdict if the status changed by it."""
        if self._heard.get(signal.kind) == signal.text:
            return None
        self._heard[signal.kind] = signal.text
        return self._judge()

    def look(self, screen: Sequence[str]) -> Verdict | None:
        """Take the live screen's rows (its last `rows` with text suffice); return the verdict if the status changed."""
        shown = bottom(screen, self.rows)
        if shown == self._screen:
            return None
        self._screen = shown
        self._texts.clear()
        return self._judge()

    def settle(self) -> Verdict | None:
        """Call the start over: from now on, what no rule fits is unknown and no longer starting."""
        self._starting = False
        return self._judge()

    def _judge(self) -> Verdict | None:
        before, self.verdict = self.verdict, self._decided() or self._undecided()
        self._starting = self._starting and self.verdict.status is Status.STARTING
        return self.verdict if self.verdict.status is not before.status else None

    def _decided(self) -> Verdict | None:
        for place, rule in enumerate(self._rules):
            text = self._text(rule)
            saw, found = self._found[place]
            if saw != text:
                match = rule.match.search(text)
                found = Verdict(rule.status, rule.name, match[0]) if match else None
                self._found[place] = text, found
            if found is not None:
                return found
        return None

    def _undecided(self) -> Verdict:
        if self._starting:
            return Verdict(Status.STARTING, "started", "")
        return Verdict(Status.UNKNOWN, "no rule fits", "\n".join(self._screen))

    def _text(self, rule: StatusRule) -> str:
        if rule.field is not Field.SCREEN:
            return self._heard.get(rule.field, "")
        if (text := self._texts.get(rule.rows)) is None:
            text = self._texts[rule.rows] = "\n".join(self._screen[-rule.rows :])
        return text
