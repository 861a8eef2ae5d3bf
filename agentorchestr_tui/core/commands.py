"""What somebody wishes of a session, not yet granted; clock, ids and facts from outside are arguments."""

from __future__ import annotations

from dataclasses import dataclass

from agentorchestr_tui.core.words import (
    NOTHING,
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
    Source,
    Status,
    Team,
    When,
)


@dataclass(frozen=True, slots=True)
class Command:
    """A wish."""


@dataclass(frozen=True, slots=True)
class CreateSession(Command):
    """Begin a session; `lead_agent` empty means: choose one."""

    session_id: str
    project: str
    base_commit: str
    base_branch: str | None
    agents: tuple[AgentChoice, ...]
    perspectives: tuple[Perspective, ...]
    lead_agent: str = ""
    seats: int = 8
    permissions: Permissions = Permissions.SKIP


@dataclass(frozen=True, slots=True)
class SetGoal(Command):
    """Give the session its goal; with `team`, what a person chose for it too."""

    goal: str
    team: Team | None = None


@dataclass(frozen=True, slots=True)
class NoteLeadStarted(Command):
    """The lead's process was started; its conversation is "" as long as nobody knows what the agent calls it."""

    agent: str
    pane: str
    pid: int
    conversation: str
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class NoteLeadExited(Command):
    """The lead's process ended; with `replace` a fresh one takes over what it had begun."""

    code: int | None
    how: str
    replace: bool = False


@dataclass(frozen=True, slots=True)
class NudgeLead(Command):
    """Remind a lead that stopped."""

    text: str


@dataclass(frozen=True, slots=True)
class TellLead(Command):
    """Give the lead a message: a person's note, or news of a worker."""

    text: str
    when: When = When.NOW
    by: str = "person"


@dataclass(frozen=True, slots=True)
class SpawnWorker(Command):
    """Start a worker on a task; `nonce` and `conversation` are fresh, and used only if a new one is made."""

    task: str
    perspective: str = "implementer"
    file_scope: tuple[str, ...] = ()
    pass_criteria: str = ""
    extra_context: str = ""
    agent_hint: str | None = None
    nonce: str = ""
    conversation: str = ""
    plan_task: str = ""  # the task of the plan that this worker is to do
    reviews: str = ""  # the worker whose change this one is to review
    resolves: tuple[str, ...] = ()  # the workers whose conflict with the integrated tree it is to settle


@dataclass(frozen=True, slots=True)
class NoteWorkerStarted(Command):
    """A worker's process was started."""

    worker_id: str
    pane: str
    pid: int
    worktree: str
    base: str
    conversation: str | None = None
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class NoteWorkerExited(Command):
    """A worker's process ended."""

    worker_id: str
    code: int | None
    how: str


@dataclass(frozen=True, slots=True)
class NoteConversation(Command):
    """What an agent calls its own conversation was learned."""

    who: str
    conversation: str


@dataclass(frozen=True, slots=True)
class NoteStatus(Command):
    """An agent was seen to do something."""

    who: str
    status: Status
    rule: str
    seen: str


@dataclass(frozen=True, slots=True)
class SendToWorker(Command):
    """Give a worker a message; `by` says who wrote it: `lead`, `person`, or `house` for a reminder of ours."""

    worker_id: str
    text: str
    when: When = When.NOW
    by: str = "lead"


@dataclass(frozen=True, slots=True)
class NoteMessageTyping(Command):
    """A message is about to be handed over."""

    message_id: str


@dataclass(frozen=True, slots=True)
class NoteMessageDelivered(Command):
    """The agent took a message."""

    message_id: str


@dataclass(frozen=True, slots=True)
class NoteMessageRefused(Command):
    """A message cannot be handed over; `reason` is a sentence."""

    message_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class NoteNeed(Command):
    """Something needs a person; the same is not raised twice while it stands."""

    who: str
    kind: NeedKind
    text: str
    choices: tuple[NeedChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteNeedGone(Command):
    """A need is met, or has gone by itself; `how` says so in words."""

    need_id: str
    how: str


@dataclass(frozen=True, slots=True)
class AnswerNeed(Command):
    """Answer a need by one of its choices, or in words where it offers none; `by` says who answers."""

    need_id: str
    choice: str
    text: str = ""
    by: str = "person"


@dataclass(frozen=True, slots=True)
class NoteAnswerFailed(Command):
    """An answer did not do; the need stands as before, and may be answered again."""

    need_id: str
    why: str


@dataclass(frozen=True, slots=True)
class DismissNeed(Command):
    """Put a need aside; nothing is typed anywhere."""

    need_id: str


@dataclass(frozen=True, slots=True)
class NoteLimit(Command):
    """An agent met a limit of its account; `until` is seconds since 1970, None where it did not say."""

    who: str
    account: str
    agent: str
    text: str
    until: float | None = None


@dataclass(frozen=True, slots=True)
class NoteLimitLifted(Command):
    """An account's limit is over."""

    account: str


@dataclass(frozen=True, slots=True)
class ReportOutcome(Command):
    """A worker's task ended."""

    worker_id: str
    outcome: Outcome
    summary: str
    source: Source
    confirmed: bool
    evidence: Evidence
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class KillWorker(Command):
    """End a worker; what it did is kept."""

    worker_id: str
    reason: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class NoteWorkKept(Command):
    """A worker's work was put under a ref of ours."""

    worker_id: str
    ref: str
    commit: str


@dataclass(frozen=True, slots=True)
class Integrate(Command):
    """Merge finished branches into the integration branch; none named means: all that are ready.

    `by` is who asked for it, where that is a person.
    """

    worker_ids: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True)
class NoteTrying(Command):
    """An integration merges a worker's branch now: the `number`th of `of`; `again`: it clashed before."""

    integration_id: str
    worker_id: str
    number: int
    of: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class NoteIntegrationEnded(Command):
    """An integration has tried all its branches, or met what ends it."""

    integration_id: str


@dataclass(frozen=True, slots=True)
class CancelIntegration(Command):
    """Have the integration that runs ended: what is merged stays merged, the rest stays out."""


@dataclass(frozen=True, slots=True)
class NoteIntegrated(Command):
    """A worker's branch was merged into the integration branch."""

    worker_id: str
    branch_commit: str
    integration_commit: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class NoteConflict(Command):
    """A worker's branch did not merge."""

    worker_id: str
    branch_commit: str
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Verify(Command):
    """Run the project's commands on the integrated tree; `commands` are filled in from the project."""

    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteVerified(Command):
    """Verify commands ran."""

    verify_id: str
    commit: str
    passed: bool
    commands: tuple[CommandRun, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class NoteVerifying(Command):
    """A verify runs its `number`th command now; `again`: it failed once."""

    verify_id: str
    number: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class CancelVerify(Command):
    """Have the verify that runs ended at once; it then proves nothing."""


@dataclass(frozen=True, slots=True)
class ReportProgress(Command):
    """Say how far it is."""

    message: str


@dataclass(frozen=True, slots=True)
class Notice(Command):
    """Tell the person something."""

    text: str


@dataclass(frozen=True, slots=True)
class MarkGoalDone(Command):
    """Finish; `ahead` names workers whose branches hold work that is not integrated, `evidence` is the whole change."""

    summary: str
    ahead: tuple[str, ...] = ()
    evidence: Evidence = NOTHING


@dataclass(frozen=True, slots=True)
class MarkGoalFailed(Command):
    """Give up."""

    reason: str


@dataclass(frozen=True, slots=True)
class PauseSession(Command):
    """Stop before the end, so that it can be resumed."""

    reason: str


@dataclass(frozen=True, slots=True)
class ResumeSession(Command):
    """Go on; `alive` are the panes whose processes still run, `returning` the workers to start again as they were."""

    alive: tuple[str, ...] = ()
    returning: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CloseSession(Command):
    """All that ran is gone."""


# -- what a lead plans, asks for and costs ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SetPlan(Command):
    """Add tasks to the plan, change those that nobody was given yet, and `drop` some."""

    tasks: tuple[PlanTask, ...]
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AskLead(Command):
    """A worker asks the lead something; the same open question asked again is one question."""

    worker_id: str
    question: str


@dataclass(frozen=True, slots=True)
class AnswerQuestion(Command):
    """Answer a worker's question."""

    question_id: str
    answer: str
    by: str = "lead"


@dataclass(frozen=True, slots=True)
class AskReview(Command):
    """Note that these `reviewers` review the changes of `about`, each the one at its own place."""

    about: tuple[str, ...]
    reviewers: tuple[str, ...]
    focus: str


@dataclass(frozen=True, slots=True)
class ReportFindings(Command):
    """A worker says what it found, in place of what it said before."""

    worker_id: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class NoteHook(Command):
    """One of the user's own commands ran at a moment of the session."""

    moment: str
    scope: str
    command: str
    code: int | None
    seconds: float
    output: str


@dataclass(frozen=True, slots=True)
class ReplaceLead(Command):
    """Have a fresh lead take over from one that died or is at its limit."""

    reason: str


@dataclass(frozen=True, slots=True)
class NoteContext(Command):
    """An agent was seen to use so much of its context."""

    who: str
    use: ContextUse


@dataclass(frozen=True, slots=True)
class NoteStalled(Command):
    """A worker has shown nothing for `seconds`: no output, no commit, no change of status."""

    worker_id: str
    seconds: float


@dataclass(frozen=True, slots=True)
class NoteStirred(Command):
    """A worker that had stalled moves again."""

    worker_id: str


@dataclass(frozen=True, slots=True)
class CompactSession(Command):
    """Shorten what later reads tell of ended workers, but for the last few; `running` includes those at work."""

    keep: int = 3
    running: bool = False


@dataclass(frozen=True, slots=True)
class ClearResults(Command):
    """Let later reads tell only what is new from now on; `lines` are the workers' next lines, by id."""

    lines: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class NoteWork(Command):
    """A worker's worktree holds this now."""

    worker_id: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class NoteOverlaps(Command):
    """These are all the lines that two workers both changed, as it stands now."""

    overlaps: tuple[Overlap, ...]


@dataclass(frozen=True, slots=True)
class NoteEscape(Command):
    """Files outside a worker's worktree changed while it worked; `sure` when nobody else can have done it.

    `of` is the worker whose worktree they are in; empty for the user's own checkout.
    """

    worker_id: str
    paths: tuple[str, ...]
    sure: bool
    of: str = ""


@dataclass(frozen=True, slots=True)
class NoteShell(Command):
    """These shell lines stand on a worker's screen as run."""

    worker_id: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AcceptWork(Command):
    """Say that a worker's change is good as it is."""

    worker_id: str


@dataclass(frozen=True, slots=True)
class SendBack(Command):
    """Give a worker its change back with comments: a new turn, after which it is judged anew."""

    worker_id: str
    comments: tuple[Comment, ...]


@dataclass(frozen=True, slots=True)
class UndoIntegration(Command):
    """Take a worker's work out of the integration; `commit` is the tree without it, filled in from git."""

    worker_id: str
    commit: str = ""


@dataclass(frozen=True, slots=True)
class MergeResult(Command):
    """Merge the integration branch into the user's branch."""


@dataclass(frozen=True, slots=True)
class NoteMerging(Command):
    """The merge into the user's branch is at a step, which concerns so many files."""

    step: MergeStep
    files: int = 0


@dataclass(frozen=True, slots=True)
class NoteMergeEnded(Command):
    """The merge into the user's branch has ended, whatever came of it."""


@dataclass(frozen=True, slots=True)
class CancelMerge(Command):
    """Have the merge into the user's branch ended: branch and checkout are as they were before it."""


@dataclass(frozen=True, slots=True)
class NoteMerged(Command):
    """The integration branch was merged into the user's branch."""

    branch: str
    commit: str


@dataclass(frozen=True, slots=True)
class NoteReadied(Command):
    """A fresh worktree (a worker's, or `verify`) got these files, and these setup commands ran in it."""

    name: str
    copied: tuple[str, ...]
    commands: tuple[CommandRun, ...]


@dataclass(frozen=True, slots=True)
class MeasureWork(Command):
    """Look at all work now, so that counts and overlaps are fresh."""
