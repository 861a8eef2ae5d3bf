"""What a person can do: one table, from which keys are run, the status line, help page and palette are drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from agentorchestr_tui.tui import able
from agentorchestr_tui.tui.able import WhyNot

LEADER = "ctrl+b"  # as in tmux; keys.toml may name another


class Group(StrEnum):
    """Where an act stands on the help page."""

    GO = "go to"
    SEE = "look at"
    SAY = "say"
    WORKER = "this worker"
    PLACE = "arrange"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do: its name in keys.toml, the stage's action, and what it does in words.

    `after` are its keys after the leader, `direct` those at any time; `label` is for the status line, `also` for what
    stands there only after the leader, when there is room; `said` is for the palette where the words of the help page
    say too little; `why_not` says when it cannot be done, and then it does not stand in the status line. Acts with the
    same words are one line of help.
    """

    name: str
    action: str
    group: Group
    help: str
    after: tuple[str, ...] = ()
    direct: tuple[str, ...] = ()
    label: str = ""
    also: str = ""
    said: str = ""
    why_not: WhyNot = able.always


_NUMBERED = "the lead, or a worker"
_STEPS = (("left", "H", "on the left"), ("down", "J", "below"), ("up", "K", "above"), ("right", "L", "on the right"))


def _all_acts() -> Iterable[Act]:
    yield from _places()
    yield from _screens()
    yield from _deeds()
    yield from _arranging()
    yield from _session()


def _places() -> Iterable[Act]:
    go = Group.GO
    yield Act("lead", "enter(0)", go, _NUMBERED, ("0",), ("alt+0",), said="the lead")
    for number in range(1, 10):
        label = "pane" if number == 1 else ""
        after, direct = (f"{number}",), (f"alt+{number}",)
        yield Act(f"worker_{number}", f"enter({number})", go, _NUMBERED, after, direct, label)
    for direction, letter, where in _STEPS:
        yield Act(direction, f"step('{direction}')", go, "the one beside it", (direction, letter),
                  (f"alt+{direction}",), said=f"the one {where}", why_not=able.another_pane)  # fmt: skip
    yield Act("last", "last", go, "the one before", ("tab",), also="last pane", why_not=able.another_pane)
    yield Act("next_need", "next_need", go, "the next that needs you", ("n",), label="next ◆",
              why_not=able.somebody_needs)  # fmt: skip
    yield Act("team", "team", go, "the team, to choose from", ("t",), label="team", said="the team",
              why_not=able.another_pane)  # fmt: skip


def _screens() -> Iterable[Act]:
    see = Group.SEE
    yield Act("inbox", "ask('inbox')", see, "what needs you", ("i",), label="inbox", why_not=able.a_session)
    yield Act("log", "ask('log')", see, "what happened", ("l",), label="log", why_not=able.a_session)
    yield Act("diff", "ask('diff')", see, "what was changed", ("d",), label="diff", why_not=able.a_session,
              said="diff: see what was changed, accept or integrate it")  # fmt: skip
    yield Act("plan", "ask('plan')", see, "the plan and its tasks", ("P",), label="plan", why_not=able.a_plan)
    yield Act("explain", "ask('explain')", see, "why its status is so", ("e",), also="why so", why_not=able.a_session)
    yield Act("scrollback", "scrollback", see, "scrollback: search, copy", ("[",), also="scrollback",
              said="search, mark and copy by keys")  # fmt: skip
    yield Act("summary", "ask('summary')", see, "how it ended, the result", ("S",), also="summary", why_not=able.an_end)
    yield Act("palette", "ask('palette')", see, "all that can be done", (":",), label="palette")
    yield Act("help", "ask('help')", see, "this page", ("?",), ("f1",), label="help", said="all keys and signs")


def _deeds() -> Iterable[Act]:
    say, worker = Group.SAY, Group.WORKER
    yield Act("goal", "ask('goal')", say, "the goal, or a note", ("g",), label="goal",
              said="write the goal, or a note to the lead")  # fmt: skip
    yield Act(
        "message", "ask('message')", say, "a message to this worker", ("m",), also="message", why_not=able.a_worker
    )
    yield Act("paste", "paste", say, "paste what was copied", ("]",), said="paste what was copied")
    yield Act("send_leader", "send_leader", say, "the leader key itself", ("leader",),
              said="send the leader key itself")  # fmt: skip
    yield Act("end_worker", "end_worker", worker, "end it; its work is kept", ("x",), label="end worker",
              said="end this worker; its work is kept", why_not=able.a_worker_to_end)  # fmt: skip
    yield Act(
        "retry",
        "retry",
        worker,
        "its task to a new worker",
        ("r",),
        also="retry",
        said="give its task to a new worker",
        why_not=able.a_worker_that_ended,
    )
    yield Act("pin", "pin", worker, "keep it on the first page", ("p",), also="pin", why_not=able.a_worker)
    yield Act("hide", "hide", worker, "hide its tile", ("h",), also="hide", said="hide its tile; it goes on",
              why_not=able.a_worker)  # fmt: skip


def _arranging() -> Iterable[Act]:
    place = Group.PLACE
    yield Act("zoom", "zoom", place, "this one alone, or all", ("z",), ("alt+z",), label="zoom", why_not=able.a_zoom)
    yield Act("layout", "layout", place, "the next layout", ("space",), also="layout", why_not=able.several_shown)
    for name, key in (("narrower", "<"), ("wider", ">"), ("shorter", "-"), ("taller", "+")):
        yield Act(
            name,
            f"resize('{name}')",
            place,
            "resize this one",
            (key,),
            said=f"make this tile {name}",
            why_not=able.several_shown,
        )
    yield Act(
        "back",
        "move(-1)",
        place,
        "move it back or forward",
        ("{",),
        said="move it one place back",
        why_not=able.a_worker,
    )
    yield Act(
        "forward",
        "move(1)",
        place,
        "move it back or forward",
        ("}",),
        said="move it one place forward",
        why_not=able.a_worker,
    )
    for name, key, by, label in (("page_before", "pageup", -1, ""), ("next_page", "pagedown", 1, "page")):
        said = f"the {name.replace('_', ' ')}"
        yield Act(name, f"page({by})", place, "turn the page", (key,), label=label, said=said, why_not=able.more_pages)
    yield Act("theme", "ask('theme')", place, "choose a theme", ("T",), also="theme")


def _session() -> Iterable[Act]:
    session = Group.SESSION
    yield Act("sessions", "ask('sessions')", session, "other sessions", ("s",), also="sessions")
    yield Act("cancel_verify", "ask('cancel_verify')", session, "cancel verify, merging", ("c",), label="cancel",
              said="cancel the running verify, integration or merge", why_not=able.a_long_act)  # fmt: skip
    yield Act(
        "detach",
        "detach",
        session,
        "leave; the agents go on",
        ("D",),
        also="detach",
        said="detach; the agents go on without you",
        why_not=able.one_that_stays,
    )
    yield Act("leave", "ask('leave')", session, "leave: pause, stop, go on", ("q",), label="leave",
              said="leave: pause, stop, or let the agents go on")  # fmt: skip


ACTS: tuple[Act, ...] = tuple(_all_acts())
