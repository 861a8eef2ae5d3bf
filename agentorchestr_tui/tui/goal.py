"""The goal modal: what a team is to do, who is in it, and what proves its work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static, TextArea

from agentorchestr_tui.core.decide import GOAL_BYTES, SEATS
from agentorchestr_tui.core.phrases import team
from agentorchestr_tui.core.state import Session
from agentorchestr_tui.core.words import AgentChoice, Permissions, Team
from agentorchestr_tui.orchestrator.sizing import measure
from agentorchestr_tui.tui.composer import Composer, row
from agentorchestr_tui.tui.drafts import Drafts
from agentorchestr_tui.widgets.picks import Pick, Picks, Stepper

EXAMPLE = "For example: add a --json flag to every command, document it, and cover it with tests"
EMPTY = "Say what the team is to do."
LOOKING = "Looking for agents and the project…"

Send = Callable[[str, Team | None], Awaitable[str]]  # takes the goal and the team, returns why not, or nothing


@dataclass(frozen=True, slots=True)
class Offer:
    """What a goal can be given from: the session as it was opened, and what its project offers."""

    session: Session
    agents: tuple[AgentChoice, ...]
    verify: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()


class GoalScreen(Composer):
    """An editor for the goal, and the team below it; `next_one` when the session before has ended."""

    DEFAULT_CSS = """
    GoalScreen {
        & .estimate { min-height: 2; }
        & #verify {
            height: auto;
            max-height: 3;
            width: 1fr;
            padding: 0;
            border: none;
            background: $surface;
            color: $foreground;

            &:focus { background: $panel; }
            & .text-area--cursor-line { background: transparent; }
            & .text-area--placeholder { color: $foreground-muted; }
        }
    }
    """

    def __init__(self, drafts: Drafts, name: str, send: Send, offer: Offer | None, *, next_one: bool = False) -> None:
        heading = "What is the team to do next?" if next_one else "What is the team to do?"
        super().__init__(heading, EXAMPLE, "start", drafts, name)
        self._send = send
        self._next_one = next_one
        self._team_is_wrong = False
        self._offer = offer
        self._lead = Picks(id="lead")
        self._agents = Picks(several=True, id="agents")
        self._seats = Stepper(8, 1, SEATS, "workers at a time", id="seats")
        self._verify = TextArea(
            "", id="verify", compact=True, tab_behavior="focus", show_line_numbers=False,
            placeholder="none known: a line each, for example  make test",
        )  # fmt: skip
        self._where = Static(LOOKING, markup=False, classes="said")
        self._asking = Static("", markup=False, classes="said")
        self._said = Static("", markup=False, classes="said estimate")

    def facts(self) -> ComposeResult:
        """Stack the choices, and the sentence on what will start."""
        yield row("lead", self._lead)
        yield row("agents", self._agents)
        yield row("seats", self._seats)
        yield row("verify", self._verify)
        yield row("branch", self._where)
        yield row("asking", self._asking)
        yield self._said

    def on_mount(self) -> None:
        """Show what can be chosen, if that is known."""
        super().on_mount()
        if self._offer is not None:
            self.tell(self._offer)

    def tell(self, offer: Offer) -> None:
        """Offer what there is to choose from; what a person has chosen already stays."""
        first = self._offer is None or not self._agents.chosen
        self._offer = offer
        session = offer.session
        self.know(session.project, offer.files, offer.earlier)
        if first:
            self._agents.offer([Pick(each.name, each.version) for each in offer.agents], _names(offer.agents))
            self._lead.offer([Pick(each.name, why_not=_why_not(each)) for each in offer.agents], [session.lead_agent])
            self._seats.set(session.seats)
        if not self._verify.text:
            self._verify.text = "\n".join(offer.verify)
        self._where.update(_where_next(session) if self._next_one else _where(session))
        self._asking.update(_asking(session))
        self._estimate()

    @property
    def team(self) -> Team | None:
        """What a person has chosen; None while nothing can be chosen yet."""
        if self._offer is None:
            return None
        commands = tuple(line.strip() for line in self._verify.text.splitlines() if line.strip())
        changed = () if commands == self._offer.verify else commands
        return Team(self._agents.chosen, "".join(self._lead.chosen), self._seats.number, changed)

    def wrong(self) -> str:
        """Say what is wrong with goal or team."""
        if not self.editor.text.strip():
            return EMPTY
        if len(self.editor.whole.encode()) > GOAL_BYTES:
            return f"The goal is larger than {GOAL_BYTES // 1024**2} MiB. Put it into a file of the project."
        return self.blocked()

    def blocked(self) -> str:
        """Say what is wrong with the team."""
        chosen, lead = self._agents.chosen, "".join(self._lead.chosen)
        if self._offer is None:
            return ""
        if not chosen:
            return "Choose at least one agent: tab to the line, space."
        return "" if lead in chosen else f"{lead} cannot lead while it is not among the agents."

    async def hand_over(self, text: str) -> str:
        """Start."""
        return await self._send(text.strip(), self.team)

    @on(Picks.Changed)
    @on(Stepper.Changed)
    @on(TextArea.Changed, "#verify")
    def _estimate(self) -> None:
        wrong = self.blocked()
        if wrong or self._team_is_wrong:
            self.show_trouble(wrong)
        self._team_is_wrong = bool(wrong)
        self.allow()
        if self._offer is None:
            return
        verify = tuple(line.strip() for line in self._verify.text.splitlines() if line.strip())
        chosen = self._agents.chosen
        sentence = team(chosen, "".join(self._lead.chosen), self._seats.number, verify) if chosen else ""
        if sentence and self._offer.files:
            sentence = f"{sentence}. {measure(self._offer.files, verify, SEATS).advice(self._seats.number)}."
        self._said.update(Content.styled(sentence, "bold $foreground") if not wrong else "")

    @on(Picks.Refused)
    def _refuse(self, message: Picks.Refused) -> None:
        self.show_trouble(message.why)


def _names(agents: tuple[AgentChoice, ...]) -> list[str]:
    return [agent.name for agent in agents]


def _why_not(agent: AgentChoice) -> str:
    return "" if agent.mcp else f"{agent.name} cannot lead because it does not speak MCP; it can work for another lead."


def _where_next(session: Session) -> str:
    kept = f"; the earlier work stays on agentorchestr/{session.id}/integration" if session.integration else ""
    return f"a new branch from {session.base_branch or 'HEAD'}{kept}"


def _where(session: Session) -> str:
    return f"{session.base_branch or 'detached HEAD'} at {session.base_commit[:10]}"


def _asking(session: Session) -> Content:
    """Say whether agents ask before they act: nothing on the page weighs more."""
    if session.permissions is Permissions.ASK:
        return Content.assemble(("agents ask before they act", "bold $foreground"), "; what they ask is in the inbox")
    skip = ("agents act without asking", "bold $warning")
    return Content.assemble(skip, "; --permissions ask lets them ask")
