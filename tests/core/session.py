"""Sessions to test the rules with: commands in, events and state out, a clock that ticks by itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from agentorchestr_tui.core import commands as c
from agentorchestr_tui.core.apply import apply
from agentorchestr_tui.core.decide import Refused, decide
from agentorchestr_tui.core.events import Event, Recorded
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import AgentChoice, Evidence, Outcome, Perspective, Source

CLAUDE = AgentChoice("claude", lead_rank=100, implement_rank=90, mcp=True)
CODEX = AgentChoice("codex", lead_rank=80, implement_rank=95, mcp=True)
AIDER = AgentChoice("aider", lead_rank=0, implement_rank=60, mcp=False)
PERSPECTIVES = (Perspective("implementer", "", "Change it."), Perspective("reviewer", "", "Read it.", read_only=True))
WORK = Evidence(commit="c1", commits=1, files=("a.py",), insertions=3)


def create(**changes) -> c.CreateSession:
    wish = {
        "session_id": "s1",
        "project": "/project",
        "base_commit": "base",
        "base_branch": "main",
        "agents": (CLAUDE, CODEX, AIDER),
        "perspectives": PERSPECTIVES,
        "seats": 2,
    }
    return c.CreateSession(**(wish | changes))


@dataclass
class Story:
    """A session that commands are told to, one after the other."""

    session: Session = field(default_factory=Session)
    log: list[Recorded] = field(default_factory=list)

    def tell(self, command: c.Command) -> tuple[Event, ...]:
        """Have a command granted; returns its events."""
        verdict = decide(self.session, command)
        assert not isinstance(verdict, Refused), verdict.reason
        for event in verdict:
            recorded = Recorded(self.session.seq + 1, 1000.0 + self.session.seq, event)
            self.session = apply(self.session, recorded)
            self.log.append(recorded)
        return verdict

    def refused(self, command: c.Command) -> str:
        """Have a command refused; returns the sentence."""
        verdict = decide(self.session, command)
        assert isinstance(verdict, Refused), verdict
        return verdict.reason


def running(**changes) -> Story:
    """A session with a goal and a lead."""
    story = Story()
    story.tell(create(**changes))
    story.tell(c.SetGoal("Add a login"))
    story.tell(c.NoteLeadStarted("claude", "lead", 10, "conversation"))
    return story


def spawned(story: Story, task: str = "Write it", **changes) -> str:
    """Spawn a worker and start it; returns its id."""
    (event,) = story.tell(c.SpawnWorker(task, nonce="abc", conversation="x", **changes))
    worker_id = event.worker_id
    story.tell(c.NoteWorkerStarted(worker_id, worker_id, 11, f"/trees/{worker_id}", "base"))
    return worker_id


def reported(story: Story, worker_id: str, outcome: Outcome = Outcome.DONE, evidence: Evidence = WORK) -> None:
    """Have a worker report over MCP."""
    story.tell(c.ReportOutcome(worker_id, outcome, "as asked", Source.REPORT, True, evidence))


def integrated(story: Story, worker_id: str, tip: str = "tip") -> None:
    """Have a worker's branch merged."""
    story.tell(c.NoteIntegrated(worker_id, "c1", tip, before=story.session.integration))


def verified(story: Story, *, passed: bool = True) -> None:
    """Have the present tree verified."""
    (event,) = story.tell(c.Verify(("pytest -q",)))
    story.tell(c.NoteVerified(event.verify_id, story.session.tip, passed, ()))
