"""What the sessions in the pictures tell: from one with nothing but a lead to one with thirty-two workers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.words import (
    AgentChoice,
    CommandRun,
    Conflict,
    ContextUse,
    Evidence,
    NeedChoice,
    NeedKind,
    Outcome,
    Overlap,
    Perspective,
    PlanTask,
    Source,
    Status,
)
from tests.tui.looks.still import Screens, screens

Told = list[tuple[float, e.Event]]  # seconds before now, and what happened
Shown = dict[str, Screens]  # what stands in whose terminal

GOAL = "Add JWT auth to /api/users"
ASKED = "create api/tokens.py?"
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
    edits = Evidence("1" * 40, 3, ("api/tokens.py", "docs/logo.png", "src/auth.py"), 18, 2)
    done = Evidence("2" * 40, 1, ("api/tokens.py", "docs/logo.png", "src/auth.py"), 18, 2)
    other = Evidence("4" * 40, 1, ("src/auth.py",), 31, 6)
    run = CommandRun("pytest -q", 0, 4.2, "48 passed")
    return [
        *begun(),
        *spawned(1, agent="codex", perspective="implementer"),
        *spawned(2, agent="claude", perspective="tester", working=40),
        *spawned(3, agent="gemini", perspective="implementer", working=41),
        *spawned(4, agent="opencode", perspective="implementer", working=363),
        (30, e.WorkMeasured("w01", edits)),
        (28, e.WorkMeasured("w03", other)),
        (25, e.OverlapsFound((Overlap("w01", "w03", "src/auth.py", ((9, 16),), ((9, 16),)),))),
        (21, e.StatusChanged("w02", Status.NEEDS_INPUT, "asks", ASKED)),
        (20, e.NeedArose("n1", "w02", NeedKind.PERMISSION, ASKED, CHOICES)),
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


def over() -> Told:
    """Tell of a goal that was reached."""
    whole = Evidence("3" * 40, 4, ("src/auth.py", "src/tokens.py", "docs/api.md"), 308, 22)
    asks = {"w02", "w01", "w03"}
    quiet = [each for each in four() if not isinstance(each[1], (e.NeedArose, e.OverlapsFound))]
    ends = [(4.0, e.OutcomeReached(who, Outcome.DONE, "Done and tested.", Source.REPORT, True, whole)) for who in asks]
    return [*quiet, *sorted(ends, key=lambda each: str(each[1])), (3, e.GoalDone("JWT auth is in.", "3" * 40, whole))]


PLAY = ("codex.thinking.working", "claude.write_prompt.needs_input", "gemini.thinking.working",
         "opencode.turn_over.idle", "qwen.thinking.working", "pi.thinking.working", "copilot.thinking.working",
         "cline.thinking.working")  # fmt: skip


def panes(workers: int) -> Shown:
    """Give the lead and so many workers a captured screen each."""
    found = {"lead": screens("claude.thinking.working")}
    for number in range(1, workers + 1):
        found[f"w{number:02}"] = screens(PLAY[(number - 1) % len(PLAY)])
    return found


def team(workers: int) -> Callable[[], Shown]:
    """Give the lead and so many workers their screens once they are asked for."""
    return lambda: panes(workers)


def failed() -> Told:
    """Tell of a goal that was given up, with nothing integrated."""
    lost = (60, e.OutcomeReached("w01", Outcome.LOST, "Its terminal is gone.", Source.EXIT, False, Evidence()))
    why = e.GoalFailed("The users have no id, and the lead may not change the schema.")
    return [*begun(), *spawned(1, agent="codex"), lost, (30, e.WorkerExited("w01", None, "ended by itself")), (3, why)]


def waiting() -> Told:
    """Tell of a lead that is only just started, and of nobody else."""
    return [each for each in begun() if not isinstance(each[1], (e.StatusChanged, e.ContextSeen, e.ProgressReported))]


def opened() -> Told:
    """Tell of a session that has no goal yet."""
    return begun()[:1]


def one() -> Told:
    """Tell of a lead and one worker."""
    return [*begun(), *spawned(1, agent="codex", perspective="implementer")]


def states() -> Told:
    """Tell of a worker in every state there is."""
    done, some = Evidence("2" * 40, 1, ("src/tokens.py",), 96, 4), Evidence("4" * 40, 1, ("src/auth.py",), 12, 3)
    clash = Conflict("src/auth.py", "<<<<<<< integration\nlifetime = 900\n=======\nlifetime = 3600\n>>>>>>> w06\n")
    found = begun()
    for number in range(1, 13):
        found += spawned(number, perspective="implementer", working=30.0 * number)
    found = [each for each in found if not isinstance(each[1], e.StatusChanged) or each[1].who not in ("w01", "w12")]
    found += [
        (40, e.StatusChanged("w02", Status.IDLE, "idle", "state=idle")),
        (39, e.StatusChanged("w03", Status.NEEDS_INPUT, "asks", ASKED)),
        (38, e.NeedArose("n3", "w03", NeedKind.PERMISSION, ASKED, CHOICES)),
        (37, e.LimitMet("w04", "qwen", "qwen", "usage limit reached", 1_796_004_000.0)),
        (36, e.StatusChanged("w05", Status.UNKNOWN, "", "")),
        (35, e.OutcomeReached("w06", Outcome.DONE, "Tokens live an hour.", Source.REPORT, True, some)),
        (34, e.IntegrationConflicted("w06", "4" * 40, (clash,))),
        (33, e.OutcomeReached("w07", Outcome.BLOCKED, "The database has no user.", Source.REPORT, True, some)),
        (32, e.OutcomeReached("w08", Outcome.FAILED, "The tests need a database.", Source.REPORT, True, Evidence())),
        (31, e.OutcomeReached("w09", Outcome.KILLED, "Ended by you.", Source.ORDER, True, some)),
        (30, e.OutcomeReached("w10", Outcome.LOST, "Its terminal is gone.", Source.EXIT, False, Evidence())),
        (29, e.OutcomeReached("w11", Outcome.DONE, "Tokens that expire.", Source.REPORT, True, done)),
        (28, e.BranchIntegrated("w11", "2" * 40, "3" * 40)),
    ]
    return found


_STRANGE = "whether it works, waits or asks. On its screen"
_NEEDS = (
    (NeedKind.LOGIN, "gemini waits for a login: open its terminal and sign in.", ()),
    (NeedKind.QUESTION, "May the public API of /api/users change?", ()),
    (NeedKind.BLOCKED, "The database has no user for the tests.", ()),
    (NeedKind.LIMITED, "weekly limit reached, until Monday", ()),
    (NeedKind.DRIFT, f"Gemini CLI 0.58.0 does not show, as 0.50.0 does, {_STRANGE}: What is new?", ()),
    (NeedKind.ESCAPE, "It changed ../api/settings.py, which is outside its worktree.", ()),
    (NeedKind.STALLED, "No output, no commit, no change of status for 10 minutes.", ()),
    (NeedKind.CONFLICT, "src/auth.py conflicts with what is integrated.", ()),
    (NeedKind.DAEMON, "It left a process behind: node server.js, on port 3000.", ()),
    (NeedKind.DIALOG, "trust the files in this folder?", (NeedChoice("trust", "yes, trust them"), NeedChoice("no"))),
    (NeedKind.PERMISSION, ASKED, CHOICES),
)


def needy() -> Told:
    """Tell of everything that may need a person, the permission last."""
    found = begun()
    for number in range(1, 12):
        found += spawned(number, perspective="implementer", working=300)
    for number, (kind, text, choices) in enumerate(_NEEDS, 1):
        found.append((60.0 * (12 - number), e.NeedArose(f"n{number}", f"w{number:02}", kind, text, choices)))
    return found
