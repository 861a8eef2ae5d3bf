"""Whether an act can be done now: each answer is nothing, or a sentence that says why not and what to do instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from agentorchestr_tui.core.state import Session, Worker


@dataclass(frozen=True, slots=True)
class Situation:
    """What the stage shows, as far as acts depend on it; `focus` is `lead` or a worker's id."""

    session: Session = field(default_factory=Session)
    focus: str = "lead"
    tiles: int = 1
    needing: int = 0
    page: int = 1
    pages: int = 1
    alone: bool = True  # one tile stands alone
    zoomed: bool = False  # because somebody wished it
    keeps: bool = True  # what is left can be come back to
    looks_back: bool = False  # in the focused terminal, by keys
    keys_of: Callable[[str], str] = lambda _: ""  # how the keys of an act are written

    @property
    def worker(self) -> Worker | None:
        """The focused worker, unless the lead has the focus."""
        return self.session.workers.get(self.focus)

    def key(self, name: str) -> str:
        """Say what runs an act: the first of its keys, or the palette, which has all acts."""
        return self.keys_of(name).partition(", ")[0] or "the palette"


WhyNot = Callable[[Situation], str]


def always(_: Situation) -> str:
    """Allow it at any time."""
    return ""


def another_pane(now: Situation) -> str:
    """Allow what needs a second tile."""
    return "" if now.tiles > 1 else "There is only the lead so far."


def a_worker(now: Situation) -> str:
    """Allow what is done to a worker."""
    return "" if now.worker else f"This is the lead: go to a worker first ({now.key('worker_1')})."


def a_worker_to_end(now: Situation) -> str:
    """Allow what ends a worker that has not ended."""
    if now.worker is None:
        return f"This is the lead. {now.key('leave')} leaves the session; {now.key('end_worker')} ends a worker."
    if not now.worker.live and not now.worker.running:
        return f"{now.worker.id} has ended already."
    return ""


def a_worker_that_ended(now: Situation) -> str:
    """Allow what starts a worker's task anew."""
    if now.worker is None:
        return f"This is the lead: go to a worker first ({now.key('worker_1')})."
    if now.worker.live:
        return f"{now.worker.id} is at work: {now.key('message')} sends it a message, {now.key('end_worker')} ends it."
    return "" if not now.session.over else "The session is over; start the next goal first."


def somebody_needs(now: Situation) -> str:
    """Allow what goes to those who need a person."""
    return "" if now.needing else "Nothing needs you."


def a_session(now: Situation) -> str:
    """Allow what needs a session with something in it."""
    if not now.session.id:
        return "The session is being opened; a moment."
    return "" if now.session.goal else f"Nothing has begun yet: {now.key('goal')} sets the goal."


def a_plan(now: Situation) -> str:
    """Allow what needs a plan of the lead."""
    return "" if now.session.plan else "There is no plan: the lead lays one out for a goal of several steps."


def a_long_act(now: Situation) -> str:
    """Allow cancelling what runs on the integrated tree."""
    runs = now.session.verifying or now.session.integrating or now.session.merging
    return "" if runs else "No verify, integration or merge runs now, so there is none to cancel."


def an_end(now: Situation) -> str:
    """Allow what needs a session that has reached its end."""
    return "" if now.session.over else "The goal is not reached yet."


def one_that_stays(now: Situation) -> str:
    """Allow leaving the agents running."""
    if not now.keeps:
        return "The rehearsal's project is thrown away at its end, so its agents cannot be left running."
    if not now.session.goal or now.session.over:
        return f"No agent is at work; {now.key('leave')} leaves."
    return ""


def more_pages(now: Situation) -> str:
    """Allow turning pages."""
    if now.pages > 1:
        return ""
    if now.alone and now.tiles > 1:
        return f"One tile stands alone here; {now.key('left')} and {now.key('right')} go to the others."
    return "Everybody is on this page."


def a_zoom(now: Situation) -> str:
    """Allow showing one tile alone, or all again, where that shows another picture."""
    if now.zoomed or not now.alone:
        return ""
    return another_pane(now) or "One tile stands alone here: there is no room for more."


def several_shown(now: Situation) -> str:
    """Allow what changes how tiles share the place."""
    if now.tiles < 2:
        return "There is only the lead so far."
    return "" if not now.alone else f"One tile stands alone here; {now.key('zoom')} shows all where there is room."
