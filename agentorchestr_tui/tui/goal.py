"""The goal modal: says what the team is to do, before the session; during it, a note to the lead."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static, TextArea

from agentorchestr_tui import tasks
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import AgentChoice, Permissions
from agentorchestr_tui.widgets.goal_editor import GoalEditor

EXAMPLE = "For example: add a --json flag to every command, document it, and cover it with tests"
NOTE_EXAMPLE = "For example: leave the public API as it is; the tests in tests/slow may be skipped"
EMPTY = "Say what the team is to do."

Send = Callable[[str], Awaitable[str]]  # takes the text, returns why not, or nothing


class GoalScreen(ModalScreen[str]):
    """An editor with what the session is made of below it; gives back the draft, which is empty when it was sent."""

    DEFAULT_CSS = """
    GoalScreen {
        align: center middle;
        background: $background 55%;

        & > Vertical {
            width: 92;
            max-width: 96%;
            height: 22;
            max-height: 96%;
            padding: 1 2 0 2;
            background: $surface;
            border: round $accent;
            border-title-color: $accent;
            border-title-style: bold;
        }
        & .facts { height: auto; color: $foreground-muted; margin: 1 0 0 0; }
        & .trouble { height: auto; color: $warning; }
        & Horizontal { height: 1; margin: 1 0; }
        & Button { min-width: 12; background: $accent; color: $background; text-style: bold; }
        & Button:focus { background: $accent; color: $background; text-style: bold underline; }
        & Button:disabled { background: $panel; color: $foreground-muted; opacity: 100%; text-opacity: 100%; }
        & .keys { width: 1fr; height: 1; margin: 0 0 0 2; color: $foreground-muted; }
    }
    """
    AUTO_FOCUS = "GoalEditor"
    ESCAPE_TO_MINIMIZE = False

    def __init__(self, draft: str, session: Session, send: Send) -> None:
        super().__init__()
        self._noting = bool(session.goal)
        self._session = session
        self._send = send
        self._sending = False
        self._editor = GoalEditor(draft, NOTE_EXAMPLE if self._noting else EXAMPLE)
        self._facts = Static("", markup=False, classes="facts")
        self._trouble = Static("", markup=False, classes="trouble")
        self._button = Button("Send" if self._noting else "Start", compact=True)

    def compose(self) -> ComposeResult:
        """Stack editor, facts, trouble, and the way to start."""
        with Vertical() as frame:
            frame.border_title = " A note to the lead " if self._noting else " What is the team to do? "
            yield self._editor
            yield self._facts
            yield self._trouble
            with Horizontal():
                yield self._button
                doing = "send" if self._noting else "start"
                yield Static(f"ctrl+enter or ctrl+s to {doing} · esc keeps the draft", markup=False, classes="keys")

    def on_mount(self) -> None:
        """Show the facts that are known."""
        self.tell(self._session)
        self._check()

    def tell(self, session: Session) -> None:
        """Show what the session is made of."""
        self._session = session
        self._facts.update(facts(session))

    # -- handlers

    def on_key(self, event: events.Key) -> None:
        """Keep the draft and close."""
        if event.key == "escape":
            event.stop()
            self.dismiss(self._editor.text)

    @on(TextArea.Changed)
    def _check(self) -> None:
        self._trouble.update("")
        self._button.disabled = not self._editor.text.strip()

    @on(GoalEditor.Sent)
    @on(Button.Pressed)
    def _start(self) -> None:
        if not self._editor.text.strip():
            self._trouble.update("The note is empty." if self._noting else EMPTY)
        elif not self._sending:
            self._sending = True
            self._trouble.update("Sending…" if self._noting else "Starting…")
            tasks.start(self._hand_over(self._editor.text), name="goal")

    async def _hand_over(self, text: str) -> None:
        try:
            refusal = await self._send(text)
        finally:
            self._sending = False
        if not self.is_attached:
            return
        if refusal:
            self._trouble.update(refusal)
        else:
            self.dismiss("")


def facts(session: Session) -> Content:
    """Say in a line each who leads, who works, on what, and with which permissions."""
    if not session.id:
        return Content("Looking for agents and the project…")
    versions = {agent.name: _named(agent) for agent in session.agents}
    others = [name for name in versions if name != session.lead_agent] or [session.lead_agent]
    branch = f"branch {session.base_branch}" if session.base_branch else "detached HEAD"
    asks = session.permissions is Permissions.ASK
    lines = [
        ("lead", versions[session.lead_agent]),
        ("workers", f"up to {session.seats} at a time, of {', '.join(versions[name] for name in others)}"),
        ("project", f"{Path(session.project).name} · {branch} at {session.base_commit[:10]}"),
        ("prompts", "the agents ask before they act" if asks else "the agents act without asking for permission"),
    ]
    return Content("\n").join([Content.assemble((f"{name:<9}", "bold $foreground"), what) for name, what in lines])


def _named(agent: AgentChoice) -> str:
    return f"{agent.name} {agent.version}".strip()
