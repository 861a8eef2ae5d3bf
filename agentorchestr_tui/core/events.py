"""What has happened in a session: facts, past tense, in the order in which they were decided."""

from __future__ import annotations

from dataclasses import dataclass

from agentorchestr_tui.core.words import (
    AgentChoice,
    CommandRun,
    Comment,
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
    PlanTask,
    Receipt,
    Source,
    Status,
    When,
)


@dataclass(frozen=True, slots=True)
class Event:
    """A fact about one session."""


@dataclass(frozen=True, slots=True)
class SessionCreated(Event):
    """A session began in a project, at a commit, with these agents and seats."""

    session_id: str
    project: str
    base_commit: str
    base_branch: str | None
    agents: tuple[AgentChoice, ...]
    lead_agent: str
    perspectives: tuple[Perspective, ...]
    seats: int
    permissions: Permissions = Permissions.SKIP


@dataclass(frozen=True, slots=True)
class GoalSet(Event):
    """The session got the goal it is to reach."""

    goal: str


@dataclass(frozen=True, slots=True)
class TeamChosen(Event):
    """A person chose, before the goal was set, from the agents there are; `verify` empty means the project's own."""

    agents: tuple[str, ...]
    lead: str
    seats: int
    verify: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeadStarted(Event):
    """The lead's process runs in its pane; `resumed` says that it goes on with an earlier conversation of its own."""

    agent: str
    pane: str
    pid: int
    conversation: str
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class LeadExited(Event):
    """The lead's process ended; `how` is a sentence, `code` None when a signal ended it."""

    code: int | None
    how: str


@dataclass(frozen=True, slots=True)
class LeadNudged(Event):
    """A lead that had stopped was reminded of its goal."""

    text: str


@dataclass(frozen=True, slots=True)
class LeadTold(Event):
    """The lead got a message."""

    text: str


@dataclass(frozen=True, slots=True)
class WorkerSpawned(Event):
    """A worker was granted a seat; its branch and process are still to come."""

    worker_id: str
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
    plan_task: str = ""
    reviews: str = ""
    resolves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkerStarted(Event):
    """A worker's process runs in its pane and worktree; its conversation is None in logs that do not tell."""

    worker_id: str
    pane: str
    pid: int
    worktree: str
    base: str
    conversation: str | None = None
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class WorkerExited(Event):
    """A worker's process ended; `how` is a sentence."""

    worker_id: str
    code: int | None
    how: str


@dataclass(frozen=True, slots=True)
class ConversationKnown(Event):
    """What a running agent calls its own conversation was learned. `who` is `lead` or a worker."""

    who: str
    conversation: str


@dataclass(frozen=True, slots=True)
class StatusChanged(Event):
    """What a running agent does changed; `rule` judged so from the text `seen`. `who` is `lead` or a worker."""

    who: str
    status: Status
    rule: str
    seen: str


@dataclass(frozen=True, slots=True)
class MessageSent(Event):
    """A message to a worker was taken; with `new_turn` its earlier outcome no longer counts."""

    worker_id: str
    text: str
    receipt: Receipt
    new_turn: bool


@dataclass(frozen=True, slots=True)
class MessageQueued(Event):
    """A message to `lead` or a worker was taken; with `new_turn` the worker's earlier outcome no longer counts."""

    message_id: str
    to: str
    text: str
    when: When
    by: str
    new_turn: bool = False


@dataclass(frozen=True, slots=True)
class MessageTyping(Event):
    """A message is being handed over from here on: who finds it so after a crash must not hand it over again."""

    message_id: str


@dataclass(frozen=True, slots=True)
class MessageDelivered(Event):
    """The agent took a message."""

    message_id: str


@dataclass(frozen=True, slots=True)
class MessageRefused(Event):
    """A message did not reach its agent; `reason` is a sentence."""

    message_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class NeedArose(Event):
    """Something needs a person. `who` is `lead`, a worker, or empty for the session."""

    need_id: str
    who: str
    kind: NeedKind
    text: str
    choices: tuple[NeedChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class NeedAnswered(Event):
    """A need was answered, and that is being carried out."""

    need_id: str
    choice: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class AnswerFailed(Event):
    """An answer did not do: the need stands as before; `why` is a sentence."""

    need_id: str
    why: str


@dataclass(frozen=True, slots=True)
class NeedSettled(Event):
    """A need is met or gone; `how` says so in words."""

    need_id: str
    how: str


@dataclass(frozen=True, slots=True)
class LimitMet(Event):
    """An account's rate or quota is used up: `who` is parked, and nobody else of the account is started or told."""

    who: str
    account: str
    agent: str
    text: str
    until: float | None


@dataclass(frozen=True, slots=True)
class LimitLifted(Event):
    """An account's limit is over; these go on, in this order."""

    account: str
    parked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutcomeReached(Event):
    """A worker's task ended, heard from `source`, with what stands in its worktree."""

    worker_id: str
    outcome: Outcome
    summary: str
    source: Source
    confirmed: bool
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class WorkKept(Event):
    """Everything in a worker's worktree stands under a ref of ours."""

    worker_id: str
    ref: str
    commit: str


@dataclass(frozen=True, slots=True)
class IntegrationStarted(Event):
    """These workers' branches are to be merged; `by` is who asked for it, where that is a person."""

    worker_ids: tuple[str, ...]
    integration_id: str = ""  # of logs written before integrations had one
    by: str = ""


@dataclass(frozen=True, slots=True)
class BranchTried(Event):
    """An integration merges a worker's branch now: the `number`th of `of`; `again`: it clashed before."""

    integration_id: str
    worker_id: str
    number: int
    of: int
    again: bool


@dataclass(frozen=True, slots=True)
class IntegrationEnded(Event):
    """An integration has tried all its branches, or met what ended it."""

    integration_id: str


@dataclass(frozen=True, slots=True)
class IntegrationCancelled(Event):
    """A person cancelled an integration: the branch it was at, and those after it, stay out."""

    integration_id: str


@dataclass(frozen=True, slots=True)
class BranchIntegrated(Event):
    """A worker's branch is part of the integration branch; an empty one changed nothing."""

    worker_id: str
    branch_commit: str
    integration_commit: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class IntegrationConflicted(Event):
    """A worker's branch does not merge; the integration branch stays as it was."""

    worker_id: str
    branch_commit: str
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class VerifyStarted(Event):
    """Commands are to run on the tree of `commit`."""

    verify_id: str
    commit: str
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CommandBegan(Event):
    """A verify runs its `number`th command now; `again`: it failed once."""

    verify_id: str
    number: int
    again: bool


@dataclass(frozen=True, slots=True)
class VerifyFinished(Event):
    """The project's commands ran on the tree of `commit`; `note` says what a person should know."""

    verify_id: str
    commit: str
    passed: bool
    commands: tuple[CommandRun, ...]
    note: str


@dataclass(frozen=True, slots=True)
class VerifyCancelled(Event):
    """A person cancelled a verify before its end: it neither passed nor failed."""

    verify_id: str


@dataclass(frozen=True, slots=True)
class ProgressReported(Event):
    """The lead said how far it is."""

    message: str


@dataclass(frozen=True, slots=True)
class Noticed(Event):
    """Something a person should know; the session goes on."""

    text: str


@dataclass(frozen=True, slots=True)
class GoalDone(Event):
    """The goal is reached, on this commit; without one, nothing was changed."""

    summary: str
    commit: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class GoalFailed(Event):
    """The goal is given up."""

    reason: str


@dataclass(frozen=True, slots=True)
class SessionPaused(Event):
    """The session stopped before its end and can be resumed."""

    reason: str


@dataclass(frozen=True, slots=True)
class SessionResumed(Event):
    """A paused or crashed session goes on: who was found alive, and which workers come back with what they knew."""

    alive: tuple[str, ...]
    returning: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionClosed(Event):
    """No process, socket or temporary folder of the session is left."""


@dataclass(frozen=True, slots=True)
class PlanSet(Event):
    """The plan as it stands now, whole."""

    tasks: tuple[PlanTask, ...]


@dataclass(frozen=True, slots=True)
class LeadAsked(Event):
    """A worker asked the lead something and waits for the answer."""

    question_id: str
    worker_id: str
    question: str


@dataclass(frozen=True, slots=True)
class QuestionAnswered(Event):
    """A worker's question was answered, by the lead or a person."""

    question_id: str
    answer: str
    by: str
    worker_id: str = ""


@dataclass(frozen=True, slots=True)
class ReviewAsked(Event):
    """Reviewers look at the changes of `about`, each at the one at its own place; it ends when they end."""

    review_id: str
    about: tuple[str, ...]
    reviewers: tuple[str, ...]
    focus: str


@dataclass(frozen=True, slots=True)
class FindingsReported(Event):
    """A worker said what it found, in place of what it said before."""

    worker_id: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class HookRan(Event):
    """One of the user's own commands ran at `moment`; `code` None means that it was ended after its time."""

    moment: str
    scope: str  # global or project
    command: str
    code: int | None
    seconds: float
    output: str


@dataclass(frozen=True, slots=True)
class LeadSucceeded(Event):
    """A fresh lead takes over; `number` counts them."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class ContextSeen(Event):
    """An agent uses so much of its context; `who` is `lead` or a worker."""

    who: str
    use: ContextUse


@dataclass(frozen=True, slots=True)
class WorkerStalled(Event):
    """A worker has shown nothing for `seconds`: no output, no commit, no change of status."""

    worker_id: str
    seconds: float


@dataclass(frozen=True, slots=True)
class WorkerStirred(Event):
    """A worker that had stalled moves again."""

    worker_id: str


@dataclass(frozen=True, slots=True)
class SessionCompacted(Event):
    """Later reads tell only the gist of these workers."""

    worker_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResultsCleared(Event):
    """Later reads tell only what came after these lines, by worker."""

    lines: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class WorkMeasured(Event):
    """The worktree of a worker that is at work holds this."""

    worker_id: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class OverlapsFound(Event):
    """These are all the lines that two workers both changed; those of before no longer count."""

    overlaps: tuple[Overlap, ...]


@dataclass(frozen=True, slots=True)
class EscapeSeen(Event):
    """Files outside a worker's worktree changed while it worked; `of` is whose they are, empty for the user's."""

    worker_id: str
    paths: tuple[str, ...]
    sure: bool
    of: str = ""


@dataclass(frozen=True, slots=True)
class ShellSeen(Event):
    """A worker ran these shell lines, as its screen shows: each is told once."""

    worker_id: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorktreeReadied(Event):
    """A fresh worktree (a worker's, or `verify`) got these files, and these setup commands ran in it."""

    name: str
    copied: tuple[str, ...]
    commands: tuple[CommandRun, ...]


@dataclass(frozen=True, slots=True)
class WorkAccepted(Event):
    """A person said that a worker's change is good."""

    worker_id: str


@dataclass(frozen=True, slots=True)
class WorkSentBack(Event):
    """A worker got its change back with comments; what it reported before no longer counts."""

    worker_id: str
    comments: tuple[Comment, ...]


@dataclass(frozen=True, slots=True)
class IntegrationUndone(Event):
    """A worker's work is out of the integration again, which stood at `before` and stands at `commit`."""

    worker_id: str
    commit: str
    before: str


@dataclass(frozen=True, slots=True)
class MergeStarted(Event):
    """The integration branch is to be merged into the user's branch."""

    commit: str


@dataclass(frozen=True, slots=True)
class MergeReached(Event):
    """The merge into the user's branch is at a step, which concerns so many files."""

    step: MergeStep
    files: int


@dataclass(frozen=True, slots=True)
class MergeCancelled(Event):
    """A person cancelled the merge into their branch."""


@dataclass(frozen=True, slots=True)
class MergeEnded(Event):
    """The merge into the user's branch has ended, whatever came of it."""


@dataclass(frozen=True, slots=True)
class ResultMerged(Event):
    """The user's branch holds the result."""

    branch: str
    commit: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as it stands in the log: number, seconds since 1970, and the fact."""

    seq: int
    at: float
    event: Event


def kind(event: Event | type[Event]) -> str:
    """Return an event's name in the log: `WorkerSpawned` is `worker_spawned`."""
    name = event.__name__ if isinstance(event, type) else type(event).__name__
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
