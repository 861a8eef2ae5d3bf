"""A session as it stands: a frozen projection of its events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from agentorchestr_tui.core.words import (
    NOTHING,
    AgentChoice,
    CommandRun,
    Conflict,
    ContextUse,
    Evidence,
    Finding,
    MergeStep,
    NeedChoice,
    NeedKind,
    Outcome,
    Overlap,
    Permissions,
    Perspective,
    Phase,
    PlanTask,
    Receipt,
    Source,
    Status,
    When,
)


@dataclass(frozen=True, slots=True)
class Lead:
    """The running (or ended) lead; times are seconds since 1970."""

    agent: str
    pane: str
    pid: int
    conversation: str
    started: float
    status: Status = Status.STARTING
    rule: str = ""
    seen: str = ""
    since: float = 0.0
    nudges: int = 0
    ended: str = ""
    context: ContextUse | None = None

    @property
    def running(self) -> bool:
        """Say whether its process runs."""
        return not self.ended


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker, from its seat to its outcome; times are seconds since 1970."""

    id: str
    perspective: str
    agent: str
    task: str
    file_scope: tuple[str, ...]
    pass_criteria: str
    extra_context: str
    agent_hint: str | None
    nonce: str
    conversation: str
    branch: str
    spawned: float
    pane: str = ""
    pid: int = 0
    worktree: str = ""
    base: str = ""
    status: Status = Status.STARTING
    rule: str = ""
    seen: str = ""
    since: float = 0.0
    turn: int = 1
    outcome: Outcome | None = None
    summary: str = ""
    source: Source | None = None
    confirmed: bool = False
    evidence: Evidence = NOTHING
    finished: float = 0.0
    ended: str = ""
    kept: tuple[str, ...] = ()
    integrated: str = ""
    conflicts: tuple[Conflict, ...] = ()
    plan_task: str = ""
    reviews: str = ""
    findings: tuple[Finding, ...] = ()
    context: ContextUse | None = None
    stalled: float = 0.0  # seconds of silence when it was noticed; 0 while it moves
    compacted: bool = False
    cleared: int = 0  # the first line of its terminal that reads still tell
    resolves: tuple[str, ...] = ()  # the workers whose conflict it is to settle
    accepted: bool = False
    withheld: bool = False  # taken out of the integration: only asked for by name does it go in again
    shell: tuple[str, ...] = ()  # lines that it ran, as its screen showed them, each once; the newest are kept
    escaped: tuple[str, ...] = ()  # files outside its worktree that changed while it worked

    @property
    def live(self) -> bool:
        """Say whether its task has not ended yet."""
        return self.outcome is None

    @property
    def running(self) -> bool:
        """Say whether its process runs."""
        return bool(self.pane) and not self.ended


@dataclass(frozen=True, slots=True)
class Integration:
    """An integration under way, at a worker's branch: the `number`th of `of`; before its turn it is at none."""

    id: str
    since: float  # seconds since 1970
    worker_id: str = ""
    number: int = 0
    of: int = 0
    again: bool = False
    cancelled: bool = False  # a person wants its end


@dataclass(frozen=True, slots=True)
class Merging:
    """The merge into the user's branch under way, at a step that concerns so many files."""

    since: float  # seconds since 1970
    step: MergeStep = MergeStep.LOOKS
    files: int = 0
    cancelled: bool = False  # a person wants its end


@dataclass(frozen=True, slots=True)
class Verification:
    """One run of the verify commands on one commit."""

    id: str
    commit: str
    passed: bool
    commands: tuple[CommandRun, ...]
    note: str
    at: float


@dataclass(frozen=True, slots=True)
class Question:
    """A worker's open question to the lead."""

    id: str
    worker_id: str
    text: str
    at: float


@dataclass(frozen=True, slots=True)
class Review:
    """Reviewers and the workers whose changes they look at, place by place; their findings stand with them."""

    id: str
    about: tuple[str, ...]
    reviewers: tuple[str, ...]
    focus: str


@dataclass(frozen=True, slots=True)
class Need:
    """Something a person must see to; `who` is `lead`, a worker's id, or empty for the session; `since` 1970."""

    id: str
    who: str
    kind: NeedKind
    text: str
    choices: tuple[NeedChoice, ...]
    since: float
    answer: str = ""  # the choice that was taken, while it is being carried out


@dataclass(frozen=True, slots=True)
class Message:
    """A message to the lead or a worker, and what became of it; `since` is seconds since 1970."""

    id: str
    to: str
    text: str
    when: When
    by: str
    new_turn: bool
    since: float
    typing: bool = False
    receipt: Receipt = Receipt.QUEUED
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LimitStands:
    """A used-up rate or quota of an account: whom it parked, in order, and when it is over, if that was told."""

    account: str
    agent: str
    text: str
    until: float | None  # seconds since 1970
    since: float
    parked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """A session; the empty one has no id."""

    id: str = ""
    project: str = ""
    base_commit: str = ""
    base_branch: str | None = None
    agents: tuple[AgentChoice, ...] = ()
    lead_agent: str = ""
    perspectives: tuple[Perspective, ...] = ()
    seats: int = 8
    verify: tuple[str, ...] = ()
    permissions: Permissions = Permissions.SKIP
    goal: str = ""
    phase: Phase = Phase.CREATED
    why: str = ""
    lead: Lead | None = None
    workers: Mapping[str, Worker] = field(default_factory=lambda: MappingProxyType({}))
    integration: str = ""
    integrating: tuple[Integration, ...] = ()  # under way, in their order; each waits for those before it
    integration_runs: int = 0
    overlaps: tuple[Overlap, ...] = ()
    merging: Merging | None = None
    merged: str = ""  # the commit of the user's branch that holds the result
    verifications: tuple[Verification, ...] = ()
    verify_runs: int = 0
    verifying: str = ""
    verifying_since: float = 0.0  # seconds since 1970
    verify_commands: tuple[str, ...] = ()  # of the verify that runs, or ran last
    verify_at: int = 0  # which of them runs, from 1; 0 before the first
    verify_again: bool = False
    verifies_cancelled: tuple[str, ...] = ()
    progress: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    needs: Mapping[str, Need] = field(default_factory=lambda: MappingProxyType({}))  # the open ones, oldest first
    needs_raised: int = 0
    messages: Mapping[str, Message] = field(default_factory=lambda: MappingProxyType({}))  # settled ones fade
    messages_taken: int = 0
    limits: Mapping[str, LimitStands] = field(default_factory=lambda: MappingProxyType({}))  # by account
    evidence: Evidence = NOTHING
    plan: tuple[PlanTask, ...] = ()
    questions: Mapping[str, Question] = field(default_factory=lambda: MappingProxyType({}))
    asked: int = 0  # questions, ever
    reviews: tuple[Review, ...] = ()
    successions: int = 0
    handover: str = ""  # why the present lead took over from another
    created: float = 0.0
    updated: float = 0.0
    closed: bool = False
    seq: int = 0

    @property
    def live_workers(self) -> tuple[Worker, ...]:
        """The workers whose task has not ended."""
        return tuple(worker for worker in self.workers.values() if worker.live)

    @property
    def tip(self) -> str:
        """The commit of the integrated tree: the integration branch, or the base before any merge."""
        return self.integration or self.base_commit

    @property
    def over(self) -> bool:
        """Say whether the goal was reached or given up."""
        return self.phase in (Phase.DONE, Phase.FAILED)

    @property
    def resumable(self) -> bool:
        """Say whether `--resume` can go on with it."""
        return bool(self.id and self.goal) and not self.over

    def agent_of(self, who: str) -> str:
        """Return the agent that leads, or that a worker is; empty when there is nobody of that name."""
        if who == "lead":
            return self.lead.agent if self.lead else self.lead_agent
        return self.workers[who].agent if who in self.workers else ""

    def needs_of(self, who: str) -> tuple[Need, ...]:
        """Return the open needs of one, oldest first."""
        return tuple(need for need in self.needs.values() if need.who == who)

    def queued(self, to: str) -> tuple[Message, ...]:
        """Return the messages that wait to be handed to one, oldest first."""
        return tuple(each for each in self.messages.values() if each.to == to and each.receipt is Receipt.QUEUED)

    def limit_of(self, agent: str) -> LimitStands | None:
        """Find the limit that an agent's account stands under."""
        return next((limit for limit in self.limits.values() if limit.agent == agent), None)

    def parked(self, who: str) -> bool:
        """Say whether a limit keeps this one from its work."""
        return any(who in limit.parked for limit in self.limits.values())

    def perspective(self, name: str) -> Perspective | None:
        """Find a perspective by name."""
        return next((each for each in self.perspectives if each.name == name), None)

    def read_only(self, worker: Worker) -> bool:
        """Say whether a worker's changes are kept out of the integration."""
        perspective = self.perspective(worker.perspective)
        return perspective is not None and perspective.read_only

    def verified(self, commit: str) -> Verification | None:
        """Find the latest verification of a commit, passed or not."""
        return next((each for each in reversed(self.verifications) if each.commit == commit), None)
