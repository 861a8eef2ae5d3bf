"""A real repository in a folder with spaces, a session's worktrees beside it, and a home without any configuration."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from agentorchestr_tui.worktrees.repository import Repository
from agentorchestr_tui.worktrees.worktree import Worktree
from agentorchestr_tui.worktrees.worktrees import Worktrees

WHO = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")


@dataclass(frozen=True)
class Folder:
    """A checkout as somebody at a shell uses it: the user in the project, an agent in its worktree."""

    path: Path
    env: dict[str, str]

    def git(self, *words: str, check: bool = True, stdin: str = "") -> str:
        done = subprocess.run(
            ["git", *WHO, *words], cwd=self.path, env=self.env, input=stdin, capture_output=True, text=True, check=False
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout.removesuffix("\n")

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def commit(self, name: str, text: str | bytes, message: str = "change") -> str:
        self.write(name, text)
        self.git("add", "-A")
        self.git("commit", "-qm", message)
        return self.git("rev-parse", "HEAD")

    def status(self) -> str:
        return self.git("status", "--porcelain=v2", "-uall")

    def show(self, name: str) -> str:
        return self.git("show", name)


At = Callable[[Path], Folder]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    home = tmp_path / "empty home"
    home.mkdir()
    return {"PATH": os.environ["PATH"], "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"}


@pytest.fixture
def project(tmp_path: Path, env: dict[str, str]) -> Folder:
    folder = Folder(tmp_path / "a project", env)
    folder.path.mkdir()
    folder.git("init", "-q", "-b", "main")
    folder.write("README.md", "# A project\n")
    folder.write("src/app.py", "".join(f"line {number}\n" for number in range(1, 21)))
    folder.write(".gitignore", ".env\ncache/\n")
    folder.commit("notes with spaces.txt", "one\ntwo\nthree\n", "start")
    return folder


@pytest.fixture
async def session(project: Folder, env: dict[str, str], tmp_path: Path) -> Worktrees:
    repository = await Repository.open(project.path, env)
    return Worktrees(repository, "s1", tmp_path / "data home" / "worktrees" / "s1")


@pytest.fixture
def at(env: dict[str, str]) -> At:
    return lambda path: Folder(path, env)


@pytest.fixture
async def worktree(session: Worktrees) -> Worktree:
    return await session.add("w01", "implementer", "HEAD")


@pytest.fixture
def agent(worktree: Worktree, at: At) -> Folder:
    return at(worktree.path)
