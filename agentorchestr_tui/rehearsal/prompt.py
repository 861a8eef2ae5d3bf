"""What the first prompt says: goal, nonce, perspective; others wrote it, so little is taken for granted."""

from __future__ import annotations

import re
from collections.abc import Iterable

_DECORATION = r"[ \t]*[#>*_`-]*[ \t]*"
_GOAL = re.compile(rf"^{_DECORATION}goal\b[*_`]*[ \t]*:[*_` \t]*(?P<same>.*)(?:\n\s*(?P<next>.+))?", re.I | re.M)
_NONCE = re.compile(r"\bnonce:\s*`?(?P<nonce>[0-9a-f]+)", re.I)
_PART = re.compile(
    rf"^{_DECORATION}(?:perspective|role|part)\b[*_`]*[ \t]*:?[*_` \t]*(?P<named>[a-z]+)"
    r"|\b(?:you are|act as|your role is|perspective is)\s+(?:an?|the)?\s*[*_`\"']*(?P<said>[a-z]+)",
    re.I | re.M,
)
_ROLE = re.compile(r"^Role: (?P<role>[a-z]+)", re.M)
_TASK = "\nTask: "
_SUCCESSOR = "You take over from another lead"


def facts(prompt: str) -> dict[str, str]:
    """Return all that a score can ask of the prompt: goal, nonce, role, task, and whether a lead is a successor."""
    role = _ROLE.search(prompt)
    return {
        "goal": goal(prompt),
        "nonce": nonce(prompt),
        "role": role["role"] if role else "",
        "task": prompt.rpartition(_TASK)[2].strip() if _TASK in prompt else "",
        "successor": "yes" if _SUCCESSOR in prompt else "",
    }


def goal(prompt: str) -> str:
    """Return the text of the line that starts with `Goal:`, else the prompt's first line."""
    if found := _GOAL.search(prompt):
        text = found["same"].strip() or (found["next"] or "").strip()
        if text:
            return text
    return next((line.strip() for line in prompt.splitlines() if line.strip()), "")


def nonce(prompt: str) -> str:
    """Return the nonce that the done flag must carry, or nothing."""
    found = _NONCE.search(prompt)
    return found["nonce"] if found else ""


def part(prompt: str, known: Iterable[str], default: str) -> str:
    """Return which of the known parts the prompt gives to this agent."""
    names = set(known)
    for found in _PART.finditer(prompt):
        name = (found["named"] or found["said"]).lower()
        if name in names:
            return name
    return default
