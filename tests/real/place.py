"""Where a real CLI runs: a user's home, a project with a worktree, a private folder, and a launch composed for them."""

from __future__ import annotations

import os
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from agentorchestr_tui.agents.card import SHIPPED, Card, load_cards
from agentorchestr_tui.agents.detection import find
from agentorchestr_tui.agents.launch import Composed, LaunchRequest, compose
from agentorchestr_tui.core.words import Permissions
from tests.real import house, rig, scripts
from tests.real.model_server import ModelServer

PROMPT_TAIL = "\n\nLine two: \"double\" 'single' $HOME `ls` {prompt} \\ ünïcode ✓\n"


@dataclass(frozen=True, slots=True)
class Place:
    """A user's home, project, worktree, and the private folder of one launch."""

    home: Path
    project: Path
    worktree: Path
    private: Path


def make_place(folder: Path) -> Place:
    """Make a place in a folder."""
    place = Place(folder / "home", folder / "a project", folder / "worktree", folder / "private")
    for path in (place.home, place.project, place.private):
        path.mkdir(parents=True, mode=0o700)
    git(place.project, "init", "-q", "-b", "main")
    (place.project / "README.md").write_text("A project\n")
    git(place.project, "add", ".")
    git(place.project, "commit", "-q", "-m", "Begin")
    git(place.project, "worktree", "add", "-q", "-b", "work", str(place.worktree))
    return place


def git(folder: Path, *words: str) -> str:
    """Run git as somebody; return what it printed."""
    identity = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.invalid", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True).stdout


def launch(
    name: str,
    role: Literal["lead", "worker"],
    place: Place,
    model: ModelServer,
    at: house.House,
    permissions: Permissions = Permissions.SKIP,
    *,
    conversation: str = "",
    resume: str = "",
    prompt: str = "",
) -> tuple[Card, Composed]:
    """Compose a CLI's launch as its card says; its prompt is the goal or the task of the ready scripts."""
    card = load_cards([SHIPPED])[name]
    base = rig.environment(name, place.home, model)
    (found,) = find({name: card}, base["PATH"])
    request = LaunchRequest(
        role=role,
        prompt=prompt or (scripts.GOAL if role == "lead" else scripts.TASK) + PROMPT_TAIL,
        mcp_url=at.url,
        token=at.token,
        private=place.private,
        worktree=place.worktree,
        project=place.project,
        permissions=permissions,
        user_id=os.getuid(),
        conversation=resume or conversation or str(uuid.uuid4()),
        resume=bool(resume),
        base=base,
        model_arguments=rig.model_arguments(name, model),
    )
    return card, compose(card, found.binary, request)
