"""The table at the end of a run: what each published CLI was seen to do, and what it cannot do and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tests.real.clis import ALL

ACTS = (
    "launch",
    "session",
    "permission",
    "denial",
    "answer_worker",
    "limit",
    "limited day",
    "follow-ups, kill",
    "resume",
    "lead a team",
)
_NO_MCP = "it speaks no MCP: it works for another lead"
_SILENT = "it tries again without a word, and is seen as working"
CANNOT: Mapping[tuple[str, str], str] = {
    **{(name, "limit"): _SILENT for name in ("gemini", "qwen")},
    ("pi", "limit"): "it says so in passing, and rests",
    ("pi", "permission"): "it has no permission prompts",
    ("pi", "denial"): "it has no permission prompts",
    ("aider", "permission"): "its questions are lines of text: they go to the person",
    ("aider", "denial"): "its questions are lines of text: they go to the person",
    ("pi", "answer_worker"): "it has no permission prompts",
    ("aider", "answer_worker"): "its questions are lines of text: they go to the person",
}
_PATIENT = "limited day: a short limit it waits out by itself, and its task is no failed one"
NOTES: Mapping[str, tuple[str, ...]] = {
    "pi": (_NO_MCP, _PATIENT),
    "aider": (_NO_MCP,),
    **dict.fromkeys(("gemini", "qwen", "cline"), (_PATIENT,)),
    "codex": ("limit: one that it meets in the first second, while its MCP servers start, it draws over",),
}
Seen = Mapping[tuple[str, str], str]  # (CLI, act) -> passed, failed or skipped


def table(seen: Seen) -> Iterator[str]:
    """Draw the table, line by line, and the reasons below it."""
    names = [name for name in ALL if any(cli == name for cli, _ in seen)]
    if not names:
        return
    widths = [max(len(act), 8) for act in ACTS]
    yield _row("", ACTS, widths)
    for name in names:
        yield _row(name, [_cell(name, act, seen) for act in ACTS], widths)
    reasons = {(name, why) for (name, _), why in CANNOT.items() if name in names} | {
        (name, why) for name, notes in NOTES.items() if name in names for why in notes
    }
    for name, why in sorted(reasons):
        yield f"{name}: {why}"


def _cell(name: str, act: str, seen: Seen) -> str:
    if (name, act) in seen:
        return seen[name, act]
    return "cannot" if (name, act) in CANNOT else "not run"


def _row(first: str, cells: Iterable[str], widths: Iterable[int]) -> str:
    return f"{first:<10}" + "".join(f"  {cell:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()
