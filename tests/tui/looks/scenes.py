"""The table of pictures: each screen with the session it shows and the keys that lead to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from textual.app import App

from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import (
    AgentChoice,
    CommandRun,
    ContextUse,
    Evidence,
    NeedChoice,
    NeedKind,
    Outcome,
    Overlap,
    Perspective,
    Phase,
    PlanTask,
    Source,
    Status,
)
from agentorchestr_tui.tui.asking import TroublePanel
from agentorchestr_tui.tui.drafts import Drafts
from agentorchestr_tui.tui.explaining import ExplainPanel
from agentorchestr_tui.tui.first_run import FirstRun
from agentorchestr_tui.tui.lobby import KEPT, NEW, Findings, Found, session_options
from agentorchestr_tui.tui.log import Tab
from agentorchestr_tui.tui.log_help import LogHelp
from agentorchestr_tui.tui.looks import ACCENT
from agentorchestr_tui.tui.picker import Picker
from agentorchestr_tui.tui.reply import ReplyScreen
from agentorchestr_tui.widgets.options import Option
from tests.tui.looks import changed, written
from tests.tui.looks.still import NOW, screen

Told = list[tuple[float, e.Event]]  # seconds before now, and what happened
Shown = dict[str, Sequence[str]]  # what stands in whose terminal

GOAL = "Add JWT auth to /api/users"
AGENTS = ("claude", "codex", "gemini", "opencode", "qwen", "pi", "copilot", "cline")
PERSPECTIVES = tuple(
    Perspective(name, "", "", read_only=name in ("reviewer", "security", "verifier"))
    for name in ("implementer", "tester", "reviewer", "security", "performance", "verifier")
)
CHOICES = (NeedChoice("once", "allow once"), NeedChoice("always", "always for this worker"), NeedChoice("deny", "deny"))
TASKS = (
    "Add JWT middleware and refresh tokens to src/auth.py.",
    "Test the login with a wrong password, an expired token and none.",
    "Review the token's life time and where it is stored.",
    "Document the new endpoints in docs/api.md.",
)


@dataclass(frozen=True)
class Scene:
    """One picture: a session, or none; the keys that lead to the screen; words that say it is there.

    `then` is awaited with the running app instead of keys, where keys do not lead there.
    """

    told: Callable[[], Told]
    keys: tuple[str, ...] = ()
    until: str = ""
    shown: Callable[[], Shown] = field(default=lambda: panes(4))
    then: Callable[[App[object]], Awaitable[None]] | None = None
    toasts: bool = False  # short notices are left out elsewhere: they pass


def begun() -> Told:
    """Tell of a session whose lead works on its goal."""
    agents = tuple(AgentChoice(name, "1.0", 9 - n, 9 - n, mcp=True) for n, name in enumerate(AGENTS))
    created = e.SessionCreated("still", "/home/you/api", "0" * 40, "main", agents, "claude", PERSPECTIVES, 32)
    return [
        (1130, created),
        (1122, e.GoalSet(GOAL)),
        (1122, e.LeadStarted("claude", "lead", 1, "c")),
        (1100, e.ProgressReported("Plan: three pieces, then tests and a review.")),
        (134, e.StatusChanged("lead", Status.WORKING, "works", "state=working")),
        (90, e.ContextSeen("lead", ContextUse(48_000, 200_000, 1.83))),
    ]


def spawned(number: int, *, agent: str = "", perspective: str = "", working: float = 252) -> Told:
    """Tell of a worker that works."""
    agent, name = agent or AGENTS[number % len(AGENTS)], f"w{number:02}"
    perspective = perspective or PERSPECTIVES[(number - 1) % len(PERSPECTIVES)].name
    task, branch = TASKS[(number - 1) % len(TASKS)], f"agentorchestr/still/{perspective}-{name}"
    worker = e.WorkerSpawned(name, perspective, agent, task, (), "", "", None, "n", "c", branch)
    return [
        (700 - number, worker),
        (650 - number, e.WorkerStarted(name, name, 1, f"/home/you/worktrees/{name}", "0" * 40)),
        (working, e.StatusChanged(name, Status.WORKING, "works", "state=working")),
    ]


def four() -> Told:
    """Tell of four workers: one at work, one that asks, one that overlaps, one that is done."""
    edits = Evidence("1" * 40, 3, ("src/auth.py",), 212, 18)
    done = Evidence("2" * 40, 1, ("src/tokens.py", "docs/api.md"), 96, 4)
    run = CommandRun("pytest -q", 0, 4.2, "48 passed")
    return [
        *begun(),
        *spawned(1, agent="codex", perspective="implementer"),
        *spawned(2, agent="claude", perspective="tester", working=40),
        *spawned(3, agent="gemini", perspective="implementer", working=41),
        *spawned(4, agent="opencode", perspective="implementer", working=363),
        (30, e.WorkMeasured("w01", edits)),
        (25, e.OverlapsFound((Overlap("w01", "w03", "src/auth.py", ((40, 62),), ((40, 62),)),))),
        (21, e.StatusChanged("w02", Status.NEEDS_INPUT, "asks", "run npm test?")),
        (20, e.NeedArose("n1", "w02", NeedKind.PERMISSION, "run npm test?", CHOICES)),
        (15, e.OutcomeReached("w04", Outcome.DONE, "JWT middleware and refresh tokens", Source.REPORT, True, done)),
        (14, e.StatusChanged("w04", Status.IDLE, "idle", "state=idle")),
        (12, e.BranchIntegrated("w04", "2" * 40, "3" * 40)),
        (9, e.VerifyStarted("v1", "3" * 40, ("pytest -q",))),
        (5, e.VerifyFinished("v1", "3" * 40, True, (run,), "")),
    ]


def many(workers: int) -> Callable[[], Told]:
    """Tell of many workers; some ask, wait for a limit, failed, or are done."""

    def told() -> Told:
        found = begun()
        for number in range(1, workers + 1):
            found += spawned(number, working=15.0 * number)
        found += [
            (9, e.StatusChanged("w09", Status.NEEDS_INPUT, "asks", "delete build/?")),
            (8, e.LimitMet("w05", "pi", "pi", "usage limit reached", 1_796_004_000.0)),
            (8, e.StatusChanged("w05", Status.LIMITED, "limit", "usage limit reached")),
            (7, e.OutcomeReached("w03", Outcome.FAILED, "The tests need a database.", Source.REPORT, True, Evidence())),
            (6, e.OutcomeReached("w07", Outcome.DONE, "Reviewed; two findings.", Source.LINE, False, Evidence())),
        ]
        return found

    return told


def planned() -> Told:
    """Tell of a plan of six tasks: two done, one at work in its second try, one ready, two that wait."""
    done = Evidence("2" * 40, 1, ("src/tokens.py",), 96, 4)
    plan = (
        PlanTask("t1", "Tokens", TASKS[0], file_scope=("src/tokens.py",)),
        PlanTask("t2", "Where they are stored", TASKS[2], "reviewer", ("t1",)),
        PlanTask("t3", "Middleware", TASKS[0], "implementer", ("t1",), ("src/auth.py", "src/users.py"),
                 "pytest -q passes, and no token is ever logged"),
        PlanTask("t4", "Documentation", TASKS[3], "implementer", ("t2",)),
        PlanTask("t5", "Tests", TASKS[1], "tester", ("t3",)),
        PlanTask("t6", "Whole suite", "Run the whole suite and every linter.", "verifier", ("t4", "t5")),
    )  # fmt: skip
    given = {"w01": "t1", "w02": "t2", "w03": "t3", "w04": "t3"}
    found = [*begun(), (1000, e.PlanSet(plan))]
    for number, agent in enumerate(("codex", "claude", "gemini", "opencode"), 1):
        perspective = "reviewer" if number == 2 else "implementer"
        for at, event in spawned(number, agent=agent, perspective=perspective, working=130):
            task = given[f"w{number:02}"]
            found.append((at, replace(event, plan_task=task) if isinstance(event, e.WorkerSpawned) else event))
    found += [
        (400, e.OutcomeReached("w01", Outcome.DONE, "Tokens that expire.", Source.REPORT, True, done)),
        (390, e.OutcomeReached("w02", Outcome.DONE, "Two findings.", Source.REPORT, True, Evidence())),
        (380, e.OutcomeReached("w03", Outcome.FAILED, "The users have no id.", Source.REPORT, True, Evidence())),
    ]
    return found


async def _explained(app: App[object]) -> None:
    app.push_screen(ExplainPanel(app.orchestrator, "w02"))


async def _log_help(app: App[object]) -> None:
    app.push_screen(LogHelp())


async def _reply(app: App[object]) -> None:
    app.push_screen(ReplyScreen(Drafts(None), app.orchestrator, app.orchestrator.state.needs["n1"]))


async def _trouble(app: App[object]) -> None:
    app.push_screen(TroublePanel("No agent that can lead is installed: agentorchestr --detect says what is there."))


async def _noticed(app: App[object]) -> None:
    app.notify("w04 is ended, its work is kept. ctrl+b r gives its task to a new one.", timeout=1 << 20)
    app.notify("The token may be wrong: the server says 401.", severity="warning", timeout=1 << 20)


def over() -> Told:
    """Tell of a goal that was reached."""
    whole = Evidence("3" * 40, 4, ("src/auth.py", "src/tokens.py", "docs/api.md"), 308, 22)
    asks = {"w02", "w01", "w03"}
    quiet = [each for each in four() if not isinstance(each[1], (e.NeedArose, e.OverlapsFound))]
    ends = [(4.0, e.OutcomeReached(who, Outcome.DONE, "Done and tested.", Source.REPORT, True, whole)) for who in asks]
    return [*quiet, *sorted(ends, key=lambda each: str(each[1])), (3, e.GoalDone("JWT auth is in.", "3" * 40, whole))]


_PLAY = ("codex.thinking.working", "claude.write_prompt.needs_input", "gemini.thinking.working",
         "opencode.turn_over.idle", "qwen.thinking.working", "pi.thinking.working", "copilot.thinking.working",
         "cline.thinking.working")  # fmt: skip


def panes(workers: int) -> Shown:
    """Give the lead and so many workers a captured screen each."""
    found = {"lead": screen("claude.thinking.working")}
    for number in range(1, workers + 1):
        found[f"w{number:02}"] = screen(_PLAY[(number - 1) % len(_PLAY)])
    return found


def _team(workers: int) -> Callable[[], Shown]:
    return lambda: panes(workers)


FOUND = tuple(
    Found(name, name.title(), name in ("claude", "codex"), "1.2.3" if name in ("claude", "codex") else "",
          f"npm install -g {name}")
    for name in AGENTS
)  # fmt: skip
HERE = Findings(FOUND, "/home/you/api", "on main at 0123456789, nothing uncommitted", ("ANTHROPIC_API_KEY",))
NOTHING = Findings(
    tuple(Found(each.name, each.title, False, "", each.install) for each in FOUND), "/home/you", "", (),
    "No agent is installed yet: any of the commands below brings one; then look again.",
)  # fmt: skip


def _shown_around(found: Findings) -> Callable[[App[object]], Awaitable[None]]:
    async def look() -> Findings:
        return found

    async def then(app: App[object]) -> None:
        app.push_screen(FirstRun(look))

    return then


async def _sessions(app: App[object]) -> None:
    sessions = [
        Session(id="5e55a0b1", goal=GOAL, phase=Phase.PAUSED, updated=NOW - 9000),
        Session(id="c0ffee12", goal="Move the build to uv", phase=Phase.DONE, updated=NOW - 90000),
        Session(id="deadbeef", goal="Find the flaky test", phase=Phase.FAILED, updated=NOW - 190000),
    ]
    new = Option("Start something new", NEW, glyph="+", style=ACCENT)
    app.push_screen(
        Picker("Sessions", [new, *session_options(sessions, "")], others=[("ctrl+k", "its kept work", KEPT)])
    )


SCENES: dict[str, Scene] = {
    "first-run": Scene(begun, until="2 of 8 installed", shown=_team(0), then=_shown_around(HERE)),
    "first-run-nothing": Scene(begun, until="0 of 8 installed", shown=_team(0), then=_shown_around(NOTHING)),
    "sessions": Scene(begun, until="flaky", shown=_team(0), then=_sessions),
    "stage-lead": Scene(begun, until="claude", shown=_team(0)),
    "stage-4": Scene(four, until="w02"),
    "stage-12": Scene(many(12), until="claude", shown=_team(12)),
    "stage-32": Scene(many(32), until="claude", shown=_team(32)),
    "stage-zoom": Scene(four, ("alt+1", "alt+z"), "[1 w01"),
    "stage-beside": Scene(four, ("ctrl+b", "space"), "w01"),
    "stage-leader": Scene(four, ("ctrl+b",), "esc cancel"),
    "team": Scene(many(12), ("ctrl+b", "t"), "Team", shown=_team(12)),
    "scrollback": Scene(four, ("alt+1", "ctrl+b", "[", "/", *"def", "enter"), "def"),
    "help": Scene(four, ("f1",), "after ctrl+b"),
    "palette": Scene(four, ("ctrl+b", ":"), "What to do"),
    "themes": Scene(four, ("ctrl+b", "T"), "Themes"),
    "leave": Scene(four, ("ctrl+b", "q"), "Leave the session?"),
    "plan": Scene(planned, ("ctrl+b", "P", "down", "down"), "t6 Whole suite"),
    "inbox-empty": Scene(begun, ("ctrl+b", "i"), "Nothing needs you", shown=_team(0)),
    "reply": Scene(four, until="npm test", then=_reply),
    "explain": Scene(four, until="state=working", then=_explained),
    "trouble": Scene(begun, until="It cannot begin", shown=_team(0), then=_trouble),
    "notices": Scene(four, until="401", then=_noticed, toasts=True),
    "inbox": Scene(four, ("ctrl+b", "i"), "npm test"),
    "message": Scene(four, ("alt+1", "ctrl+b", "m"), "w01"),
    "goal": Scene(begun, until="claude leads", shown=_team(0), then=written.goal()),
    "log-transcript": Scene(four, until="Transcript", then=written.log(Tab.TRANSCRIPT, screen(_PLAY[0]))),
    "log-replay": Scene(four, until="04:20", then=written.log(Tab.REPLAY, screen(_PLAY[0]))),
    "log-events": Scene(four, until="worker_spawned", then=written.log(Tab.EVENTS, screen(_PLAY[0]))),
    "log-prompt": Scene(four, until="JWT middleware", then=written.log(Tab.PROMPT, screen(_PLAY[0]))),
    "log-diff": Scene(four, until="auth.py", then=changed.in_log()),
    "log-help": Scene(four, until="The log", then=_log_help),
    "log-evidence": Scene(four, until="outcome", then=written.log(Tab.EVIDENCE, screen(_PLAY[0]))),
    "diff": Scene(four, until="auth.py", then=changed.diff()),
    "summary": Scene(over, until="2 files changed", then=changed.summary()),
    "note": Scene(four, ("ctrl+b", "g"), "lead"),
}


def named(names: Iterable[str]) -> list[str]:
    """Return the scenes to take: those named, or all."""
    return [name for name in SCENES if not list(names) or name in names]
