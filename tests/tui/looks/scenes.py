"""The table of pictures: each screen with the session it shows and the keys that lead to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from textual.app import App

from agentorchestr_tui.tui.drafts import Drafts
from agentorchestr_tui.tui.explaining import ExplainPanel
from agentorchestr_tui.tui.house import Visit
from agentorchestr_tui.tui.log import Tab
from agentorchestr_tui.tui.reply import ReplyScreen
from tests.tui.looks import changed, entrance, told, written
from tests.tui.looks.entrance import StillLobby
from tests.tui.looks.still import screens
from tests.tui.looks.told import Shown, Told, team

Then = Callable[[App[object]], Awaitable[None]]
_LINK = "\x1b]8;;https://jwt.io/introduction\x1b\\https://jwt.io/introduction\x1b]8;;\x1b\\"
_CODEX = screens(told.PLAY[0])[80]


@dataclass(frozen=True)
class Scene:
    """One picture: a session; the keys that lead to the screen; words that say it is there.

    `then` is awaited with the running app before the keys, where keys alone do not lead there, `typed` are keys for
    what it opened, and the mouse is put over the words `under`.
    """

    told: Callable[[], Told]
    keys: tuple[str, ...] = ()
    until: str = ""
    shown: Callable[[], Shown] = field(default=lambda: told.panes(4))
    then: Then | None = None
    typed: tuple[str, ...] = ()
    under: str = ""
    visit: Visit = field(default=Visit(resume=True, folder="api"))
    trouble: str = ""  # why the session cannot be opened
    toasts: bool = False  # short notices are left out elsewhere: they pass
    themes: bool = False  # it lists the themes, and marks the one it is in


async def _explained(app: App[object]) -> None:
    app.push_screen(ExplainPanel(app.orchestrator, "w02"))


async def _reply(app: App[object]) -> None:
    app.push_screen(ReplyScreen(Drafts(None), app.orchestrator, app.orchestrator.state.needs["n1"]))


async def _noticed(app: App[object]) -> None:
    app.notify("w04 is ended, its work is kept. ctrl+b r gives its task to a new one.", timeout=1 << 20)
    app.notify(
        "claude cannot sign in: its server answers 401. Sign in again in its terminal.",
        severity="warning",
        timeout=1 << 20,
    )


def _linked() -> Shown:
    return {**told.panes(4), "w01": {80: ["", "  See how a token is built:", "", f"  {_LINK}", "", "› "]}}


def _inbox(kind: str, downs: int) -> Scene:
    """Show the inbox at one kind of need; the newest stands first."""
    return Scene(told.needy, ("ctrl+b", "i", *["j"] * downs), kind, team(11))


def _log(tab: Tab, until: str, who: str = "w01", typed: tuple[str, ...] = ()) -> Scene:
    return Scene(told.four, until=until, then=changed.known(written.log(tab, _CODEX, who)), typed=typed)


_FIRST = Visit(lobby=StillLobby(earlier=()), folder="api")
_BACK = Visit(lobby=StillLobby(), folder="api")
_MISSING = "No agent that can lead is installed: agentorchestr --detect says what is there."
_ALL = ("alt+4",)  # the worker that is done

SCENES: dict[str, Scene] = {
    # before a session
    "first-run": Scene(told.opened, until="2 of 8 installed", shown=dict, visit=_FIRST),
    "first-run-nothing": Scene(told.opened, until="0 of 8 installed", shown=dict,
                               visit=Visit(lobby=StillLobby(entrance.NOTHING, ()), folder="api")),
    "sessions": Scene(told.opened, until="flaky", shown=dict, visit=_BACK),
    "sessions-kept": Scene(told.opened, ("down", "ctrl+k"), "Work kept of:", shown=dict, visit=_BACK),
    "trouble": Scene(told.opened, until="It cannot begin", shown=dict, trouble=_MISSING,
                     visit=Visit(goal=told.GOAL, lobby=StillLobby(), folder="api")),
    # the goal
    "goal": Scene(told.opened, until="claude leads", shown=dict, then=written.goal()),
    "goal-written": Scene(told.opened, until="claude leads", shown=dict, then=written.goal(written.GOAL)),
    "goal-path": Scene(told.opened, until="src/tokens.py", shown=dict,
                       then=written.goal("Let the tokens expire: @src/")),
    "goal-wrong": Scene(told.opened, until="cannot lead while", shown=dict, then=written.goal(written.GOAL),
                        typed=("tab", "tab", "space")),
    "goal-next": Scene(told.over, until="to do next", then=written.goal(next_one=True)),
    # the stage
    "stage-lead": Scene(told.waiting, until="claude", shown=team(0)),
    "stage-1": Scene(told.one, until="w01", shown=team(1)),
    "stage-4": Scene(told.four, until="w02"),
    "stage-12": Scene(told.many(12), until="claude", shown=team(12)),
    "stage-32": Scene(told.many(32), until="claude", shown=team(32)),
    "stage-32-next": Scene(told.many(32), ("ctrl+b", "pagedown"), "claude", team(32)),
    "stage-states": Scene(told.states, until="claude", shown=team(11)),
    "stage-zoom": Scene(told.four, ("alt+1", "alt+z"), "[1 w01"),
    "stage-beside": Scene(told.four, ("ctrl+b", "space"), "w01"),
    "stage-leader": Scene(told.four, ("ctrl+b",), "esc cancel"),
    "stage-pinned": Scene(told.four, ("alt+4", "ctrl+b", "p"), "pinned"),
    "stage-link": Scene(told.four, ("alt+1",), "jwt.io", _linked, under="jwt.io"),
    "team": Scene(told.many(12), ("ctrl+b", "t"), "Team", team(12)),
    "scrollback": Scene(told.four, ("alt+1", "ctrl+b", "[", "/", *"model", "enter"), "model:"),
    "scrollback-marked": Scene(told.four, ("alt+1", "ctrl+b", "[", "up", "up", "v", "up", "up", "right"), "copy"),
    "notices": Scene(told.four, until="401", then=_noticed, toasts=True),
    # over it
    "help": Scene(told.four, ("f1",), "after ctrl+b"),
    "scrollback-help": Scene(told.four, ("alt+1", "ctrl+b", "[", "f1"), "Scrollback"),
    "palette": Scene(told.four, ("ctrl+b", ":"), "What to do"),
    "palette-typed": Scene(told.four, ("ctrl+b", ":", *"lo"), "log: what happened"),
    "themes": Scene(told.four, ("ctrl+b", "T"), "Themes", themes=True),
    "leave": Scene(told.four, ("ctrl+b", "q"), "Leave the session?"),
    "leave-rehearsal": Scene(told.four, ("ctrl+b", "q"), "Leave the rehearsal?", visit=Visit(resume=True, keeps=False)),
    "closing": Scene(told.four, until="Still ending", then=written.closing()),
    "plan": Scene(told.planned, ("ctrl+b", "P", "down", "down"), "t6 Whole suite"),
    "explain": Scene(told.four, until="Why w02", then=_explained),
    "message": Scene(told.four, ("alt+1", "ctrl+b", "m"), "A message to w01"),
    "note": Scene(told.four, ("ctrl+b", "g", *"Keep the public API."), "Keep the public API."),
    "reply": Scene(told.four, until=told.ASKED, then=_reply),
    "summary": Scene(told.over, until="2 files changed", then=changed.summary()),
    "summary-failed": Scene(told.failed, ("ctrl+b", "S"), "Nothing was integrated", team(1)),
    # the inbox
    "inbox": Scene(told.four, ("ctrl+b", "i"), told.ASKED),
    "inbox-empty": Scene(told.waiting, ("ctrl+b", "i"), "Nothing needs you", team(0)),
    "inbox-help": Scene(told.four, ("ctrl+b", "i", "question_mark"), "The inbox"),
    "inbox-dialog": _inbox("asks as it starts", 1),
    "inbox-conflict": _inbox("conflicts", 3),
    "inbox-drift": _inbox("is not known", 6),
    "inbox-question": _inbox("reply", 9),
    "inbox-login": _inbox("needs a login", 10),
    "inbox-limited": Scene(told.many(12), ("ctrl+b", "i", "j"), "goes on by itself", team(12)),
    # the log
    "log-transcript": _log(Tab.TRANSCRIPT, "OpenAI Codex"),
    "log-session": _log(Tab.TRANSCRIPT, "goal:", ""),
    "log-search": _log(Tab.TRANSCRIPT, "next hit", typed=("/", *"auth", "enter")),
    "log-replay": _log(Tab.REPLAY, "04:20"),
    "log-stored": Scene(told.over, until="1x", then=written.stored(_CODEX)),
    "log-events": _log(Tab.EVENTS, "gets a task"),
    "log-filter": _log(Tab.EVENTS, "only: working", "", ("f", *"working", "enter")),
    "log-prompt": _log(Tab.PROMPT, "JWT middleware"),
    "log-diff": Scene(told.four, until="auth.py", then=changed.in_log()),
    "log-evidence": _log(Tab.EVIDENCE, "outcome"),
    "log-verify": _log(Tab.EVIDENCE, "48 passed", "verify-v1"),
    "log-export": Scene(told.four, until=".txt", then=written.exporting(_CODEX)),
    "log-help": _log(Tab.TRANSCRIPT, "The log", typed=("question_mark",)),
    # the diff
    "diff": Scene(told.four, until="auth.py", then=changed.diff()),
    "diff-worker": Scene(told.four, _ALL, "undo", then=changed.diff()),
    "diff-overlap": Scene(told.four, ("alt+1",), "11 +┃", then=changed.diff()),
    "diff-nothing": Scene(told.states, ("alt+8",), "Nothing was changed", team(11), changed.diff(changed=False)),
    "diff-comment": Scene(told.four, _ALL, "What should change here?", then=changed.diff(), typed=("n", "n", "c")),
    "diff-send-back": Scene(told.four, _ALL, "Send back to", then=changed.diff(),
                            typed=("n", "c", *"Why 900?", "ctrl+s", "b")),
    "diff-merge": Scene(told.four, until="Merge the result?", then=changed.diff(), typed=("M",)),
    "diff-help": Scene(told.four, until="The diff", then=changed.diff(), typed=("question_mark",)),
}  # fmt: skip


def named(names: Iterable[str]) -> list[str]:
    """Return the scenes to take: those named, or all."""
    return [name for name in SCENES if not list(names) or name in names]
