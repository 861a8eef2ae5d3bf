"""What the shipped rules make of the recorded moments of real CLIs: confusion matrices, now and at first sight."""

from __future__ import annotations

import sys
from collections import Counter

from agentorchestr_tui.agents.card import SHIPPED, Card, load_cards
from agentorchestr_tui.agents.status import Judge
from agentorchestr_tui.core.words import Status
from tests.agents.recorded import MOMENTS, Moment
from tests.speed.table import Row

Seen = Counter[tuple[Status, Status]]  # how often a status that is true was judged as which


async def measure() -> list[Row]:
    """Judge every recorded moment, print what was judged of what was true, and return the share that is right."""
    cards = load_cards([SHIPPED])
    now: Seen = Counter((each.status, judged(each, cards[each.agent])) for each in MOMENTS.values())
    fresh = [each for each in MOMENTS.values() if each.first is not None]
    first: Seen = Counter((each.status, Status.EXITED if each.ended else each.first) for each in fresh if each.first)
    _show("as the rules are now, most of which were made by these moments", now)
    _show("as the rules were when they first saw a moment of another story", first)
    return [
        Row(f"of {now.total()} recorded moments judged right", _right(now), "%", bar="at least 99.5"),
        Row("moments shown as idle that are not", _idle(now), "", bar="none"),
        Row(f"of {first.total()} judged right at first sight", _right(first), "%"),
        Row("shown as idle at first sight that are not", _idle(first), ""),
    ]


def judged(moment: Moment, card: Card) -> Status:
    """Judge a recorded moment; of an agent that has ended its end decides, whatever its screen shows."""
    if moment.ended:
        return Status.EXITED
    judge = Judge(card.status)
    for signal in moment.signals:
        judge.hear(signal)
    judge.look(moment.screen)
    judge.settle()
    return judge.verdict.status


def _right(seen: Seen) -> float:
    return 100 * sum(count for (true, told), count in seen.items() if true is told) / seen.total()


def _idle(seen: Seen) -> int:
    return sum(count for (true, told), count in seen.items() if told is Status.IDLE and true is not Status.IDLE)


def _show(title: str, seen: Seen) -> None:
    sys.stdout.write(f"\n  {title}")
    shown = [status for status in Status if any(told is status for _, told in seen)]
    sys.stdout.write(f"\n  true \\ judged  {''.join(f'{status:>13}' for status in shown)}\n")
    for true in Status:
        if any(truth is true for truth, _ in seen):
            sys.stdout.write(f"  {true:<14} {''.join(f'{seen[true, told]:>13}' for told in shown)}\n")
