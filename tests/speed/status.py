"""What the shipped rules make of the recorded moments of real CLIs: a confusion matrix."""

from __future__ import annotations

import sys
from collections import Counter

from agentorchestr_tui.agents.card import SHIPPED, load_cards
from agentorchestr_tui.agents.status import Judge
from agentorchestr_tui.core.words import Status
from tests.agents.recorded import MOMENTS
from tests.speed.table import Row


async def measure() -> list[Row]:
    """Judge every recorded moment, print what was judged of what was true, and return the share that is right."""
    cards = load_cards([SHIPPED])
    seen: Counter[tuple[Status, Status]] = Counter()
    for moment in MOMENTS.values():
        judge = Judge(cards[moment.agent].status)
        for signal in moment.signals:
            judge.hear(signal)
        judge.look(moment.screen)
        judge.settle()
        seen[moment.status, judge.verdict.status] += 1
    _show(seen)
    right = sum(count for (true, told), count in seen.items() if true is told)
    idle = sum(count for (true, told), count in seen.items() if told is Status.IDLE and true is not Status.IDLE)
    share = Row("recorded moments judged right", 100 * right / seen.total(), "%", bar="at least 99.5")
    return [share, Row("moments shown as idle that are not", idle, "", bar="none")]


def _show(seen: Counter[tuple[Status, Status]]) -> None:
    judged = [status for status in Status if any(told is status for _, told in seen)]
    sys.stdout.write(f"\n  true \\ judged  {''.join(f'{status:>13}' for status in judged)}\n")
    for true in Status:
        if any(truth is true for truth, _ in seen):
            sys.stdout.write(f"  {true:<14} {''.join(f'{seen[true, told]:>13}' for told in judged)}\n")
