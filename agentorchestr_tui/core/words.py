"""The words of a session: closed sets of names and the small values that travel between rooms."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """What a running agent is doing now."""

    STARTING = "starting"
    WORKING = "working"
    IDLE = "idle"
    NEEDS_INPUT = "needs_input"
    LIMITED = "limited"
    EXITED = "exited"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """How a worker's task ended."""

    DONE = "done"
    BLOCKED = "blocked"
    FAILED = "failed"
    KILLED = "killed"
    LOST = "lost"


class Source(StrEnum):
    """Where an outcome was heard, strongest first."""

    REPORT = "report"  # the worker's own MCP report_*
    FLAG = "flag"  # .agentorchestr/done.flag with the nonce of the prompt
    LINE = "line"  # a WORKER_DONE line in the transcript, after the turn
    TURN = "turn"  # the agent stopped, twice, without a word
    EXIT = "exit"  # the process ended
    ORDER = "order"  # somebody ended it on purpose


class Phase(StrEnum):
    """Where a session stands between its goal and its end."""

    CREATED = "created"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"


class Permissions(StrEnum):
    """What happens to the agents' own permission prompts."""

    SKIP = "skip"
    ASK = "ask"


class Receipt(StrEnum):
    """What became of a message."""

    QUEUED = "queued"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class When(StrEnum):
    """When a message is handed over: as soon as the agent takes it, or once its present turn has ended."""

    NOW = "now"
    AFTER_TURN = "after_turn"


class NeedKind(StrEnum):
    """What a person must see to."""

    PERMISSION = "permission"  # a tool wants to be allowed
    DIALOG = "dialog"  # a question of the agent's own as it starts
    LOGIN = "login"
    QUESTION = "question"  # it asks something in words
    BLOCKED = "blocked"
    LIMITED = "limited"  # a rate or quota is used up, for long
    DRIFT = "drift"  # a screen that no rule of its card fits
    ESCAPE = "escape"  # it changed something outside its worktree
    STALLED = "stalled"
    CONFLICT = "conflict"
    DAEMON = "daemon"  # a process that an agent left behind


ON_SCREEN = frozenset({NeedKind.PERMISSION, NeedKind.DIALOG, NeedKind.LOGIN, NeedKind.QUESTION, NeedKind.DRIFT})


@dataclass(frozen=True, slots=True)
class NeedChoice:
    """One answer to a need: its name (`once`, `always`, `deny`, `trust`, `retry`, `dismiss`…), and it in words."""

    name: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Perspective:
    """A worker's role text; the work of a read-only one is never integrated."""

    name: str
    summary: str
    text: str
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class AgentChoice:
    """An agent that this session may use, as its card and the machine describe it."""

    name: str
    version: str = ""
    lead_rank: int = 0
    implement_rank: int = 0
    mcp: bool = False


@dataclass(frozen=True, slots=True)
class Team:
    """What a person chose for a session with its goal: agents by name, who of them leads, seats, verify commands."""

    agents: tuple[str, ...]
    lead: str
    seats: int
    verify: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands in a worker's worktree beside its base: counts, and the branch's commit."""

    commit: str = ""
    commits: int = 0
    files: tuple[str, ...] = ()
    insertions: int = 0
    deletions: int = 0
    uncommitted: int = 0

    @property
    def empty(self) -> bool:
        """Say whether nothing at all was changed."""
        return not (self.commits or self.files or self.uncommitted)


NOTHING = Evidence()


class TaskState(StrEnum):
    """Where a task of the plan stands; derived from the workers that were given it."""

    WAITING = "waiting"  # for other tasks
    READY = "ready"  # for a seat
    RUNNING = "running"
    DONE = "done"
    HELD = "held"  # its worker asked for something, its work conflicts, or a task before it failed: the lead decides
    FAILED = "failed"  # in as many tries as it has


@dataclass(frozen=True, slots=True)
class PlanTask:
    """One task of the lead's plan; it starts once those it depends on are done and part of the integrated tree."""

    id: str
    title: str
    task: str
    perspective: str = "implementer"
    depends_on: tuple[str, ...] = ()
    file_scope: tuple[str, ...] = ()
    pass_criteria: str = ""
    extra_context: str = ""
    agent_hint: str | None = None
    tries: int = 2  # workers that may be given it, one after the other


@dataclass(frozen=True, slots=True)
class Finding:
    """What a reviewer found, and where: `line` is 0 when it is about the whole file, `path` empty for all of it."""

    path: str
    line: int
    severity: str
    text: str

    @property
    def place(self) -> str:
        """Say where: `src/a.py:12`."""
        return f"{self.path}:{self.line}" if self.path and self.line else self.path


@dataclass(frozen=True, slots=True)
class ContextUse:
    """How much of its context an agent uses, in tokens; `size` 0 means unknown, `cost` is in dollars."""

    used: int
    size: int = 0
    cost: float | None = None

    @property
    def share(self) -> float | None:
        """The used part, 0 to 1; None while the size is unknown."""
        return self.used / self.size if self.size else None


@dataclass(frozen=True, slots=True)
class CommandRun:
    """One verify command as it ran: its line, exit code, seconds, and the tail of its output."""

    command: str
    exit_code: int
    seconds: float
    output: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A file that two branches changed in ways that do not merge, and the clash as git shows it."""

    path: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Lines of one file that two workers both changed: ranges (first, last), each side in its own file's numbers.

    No ranges where the clash is the file itself: both removed, renamed or replaced it whole.
    """

    worker_a: str
    worker_b: str
    path: str
    lines_a: tuple[tuple[int, int], ...] = ()
    lines_b: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody says of a line of a worker's change; without a path, of the whole."""

    path: str
    line: int
    text: str


class MergeStep(StrEnum):
    """How far the merge into the user's branch is."""

    LOOKS = "looks"  # whether the checkout is clean
    TRIES = "tries"  # in memory
    WRITES = "writes"  # into the checkout


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line of a change: its number before and after, from 1; None on the side where it is not."""

    text: str
    old: int | None
    new: int | None


@dataclass(frozen=True, slots=True)
class Hunk:
    """Changed lines with those around them, and what git found above them."""

    heading: str
    lines: tuple[ChangedLine, ...]


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file's change: `before` is its old path where it was renamed or copied, `note` what lines cannot say."""

    path: str
    status: str  # added, deleted, modified, renamed, copied, retyped
    note: str = ""
    before: str = ""
    hunks: tuple[Hunk, ...] = ()


def shortened(text: str, width: int) -> str:
    """Return the first line of text in at most `width` characters."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"
