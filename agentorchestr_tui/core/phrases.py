"""Phrases about how things stand, for sentences, captions and questions; they need no event."""

from __future__ import annotations

from collections.abc import Sequence

from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import Evidence, MergeStep, Overlap, Source, shortened

_HEARD = {
    Source.REPORT: "as it reported",
    Source.FLAG: "as its done.flag says",
    Source.LINE: "as a line on its screen says",
    Source.TURN: "as it stopped twice without a word",
    Source.EXIT: "as its process ended",
    Source.ORDER: "as somebody ended it",
}
WIDTH = 160  # characters of somebody's words that stand in one phrase


def change(evidence: Evidence) -> str:
    """Say how much was changed: `+12 -3 in 2 files, 1 commit`."""
    if evidence.empty:
        return "no changes"
    parts = [f"+{evidence.insertions} -{evidence.deletions} in {count(len(evidence.files), 'file')}"]
    if evidence.commits:
        parts.append(count(evidence.commits, "commit"))
    if evidence.uncommitted:
        parts.append(f"{evidence.uncommitted} uncommitted")
    return ", ".join(parts)


def heard(source: Source) -> str:
    """Say where an outcome was heard: `as it reported`."""
    return _HEARD[source]


def overlap(of: Overlap) -> str:
    """Say who changes what beside whom: `w01 and w02 both change src/auth.py 40-62`."""
    return f"{of.worker_a} and {of.worker_b} both change {of.path}{spans(of.lines_a)}"


def spans(lines: Sequence[tuple[int, int]]) -> str:
    """Say ranges of lines, with a blank before: ` 40-62, 70`."""
    said = [f"{first}" if first == last else f"{first}-{last}" for first, last in lines]
    return f" {shortened(', '.join(said), 40)}" if said else ""


def team(agents: Sequence[str], lead: str, seats: int, verify: Sequence[str]) -> str:
    """Say what will start: who leads, up to how many workers of which agents, and what proves their work."""
    workers = f"up to {count(seats, 'worker')} of {_listed(agents)}"
    proof = f"verify: {'; '.join(verify)}" if verify else "no verify command is known"
    return f"{lead} leads, {workers}, {proof}"


def integrating(session: Session) -> str:
    """Say where the integration is whose turn it is, or nothing: `integrates w02, 2 of 5`."""
    if not session.integrating:
        return ""
    now = session.integrating[0]
    if now.cancelled:
        return "integration is being ended"
    if not now.worker_id:
        return f"integration waits for verify {session.verifying}" if session.verifying else "integration begins"
    return f"integrates {now.worker_id}{' again' if now.again else ''}, {now.number} of {now.of}"


def merging(session: Session) -> str:
    """Say where the merge into the user's branch is, or nothing: `merge into main: writes 12 files`."""
    now = session.merging
    if now is None:
        return ""
    into = session.base_branch or "HEAD"
    if now.cancelled:
        return f"merge into {into} is being taken back"
    match now.step:
        case MergeStep.LOOKS:
            said = "looks at your checkout"
        case MergeStep.TRIES:
            said = "tries it in memory"
        case MergeStep.WRITES:
            said = f"writes {count(now.files, 'file')}"
    return f"merge into {into}: {said}"


def verifying(session: Session) -> str:
    """Say where the verify is that runs, or nothing: `verify v1 runs 2 of 3: pytest -q`."""
    if not session.verifying:
        return ""
    if not session.verify_at:
        return f"verify {session.verifying} makes its tree ready"
    which = f"{session.verify_at} of {len(session.verify_commands)}{' again' if session.verify_again else ''}"
    return f"verify {session.verifying} runs {which}: {session.verify_commands[session.verify_at - 1]}"


def span(seconds: float) -> str:
    """Say how long: `04:12`, `1:04:12`; a time of day is told from it by the word or the day before it."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def name(session: Session, worker_id: str) -> str:
    """Say which worker: `w01 implementer`."""
    worker = session.workers.get(worker_id)
    return f"{worker_id} {worker.perspective}" if worker else worker_id


def asked(seen: str) -> str:
    """Return the question in what was seen of an agent that asks: of an OSC 7501 report, its message."""
    words = seen.partition(" msg=")[2] if seen.startswith("state=") else seen
    return shortened(words, WIDTH)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def count(number: int, what: str) -> str:
    """Say how many: `1 file`, `2 files`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
