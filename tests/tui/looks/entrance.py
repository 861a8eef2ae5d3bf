"""What stands before a session in the pictures: what was found on the machine, and the sessions there were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.core.words import Outcome, Phase
from agentorchestr_tui.orchestrator.archive import Archive
from agentorchestr_tui.tui.lobby import Findings, Found, KeptWork
from tests.tui.looks.still import NOW
from tests.tui.looks.told import GOAL

_NPM = {
    "claude": ("Claude Code", "2.1.330", "@anthropic-ai/claude-code"),
    "codex": ("Codex", "0.169.0", "@openai/codex"),
    "gemini": ("Gemini CLI", "", "@google/gemini-cli"),
    "opencode": ("OpenCode", "", "opencode-ai"),
    "qwen": ("Qwen Code", "", "@qwen-code/qwen-code"),
    "pi": ("Pi", "", "@mariozechner/pi-coding-agent"),
    "copilot": ("GitHub Copilot CLI", "", "@github/copilot"),
    "cline": ("Cline", "", "cline"),
}
_HERE = tuple(
    Found(name, title, bool(version), version, f"npm install -g {package}")
    for name, (title, version, package) in _NPM.items()
)
HERE = Findings(_HERE, "/home/you/api", "on main at 0123456789, nothing uncommitted", ("ANTHROPIC_API_KEY",))
NOTHING = Findings(
    tuple(Found(each.name, each.title, installed=False, install=each.install) for each in _HERE), "/home/you", "", (),
    "No agent is installed yet: any of the commands below brings one; then look again.",
    "/home/you is in no git repository: run `git init` and commit there, or name another folder with --project.",
)  # fmt: skip


def _done(number: int) -> Worker:
    return Worker(
        f"w{number:02}", "implementer", "codex", "", (), "", "", None, "n", "c", "", NOW, outcome=Outcome.DONE
    )


SESSIONS = (
    Session(id="5e55a0b1", goal=GOAL, phase=Phase.PAUSED, updated=NOW - 900, workers={"w01": _done(1)}),
    Session(id="0ddba115", goal="Let marmalade print recipes", phase=Phase.PAUSED, updated=NOW - 90_000),
    Session(id="c0ffee12", goal="Move the build to uv", phase=Phase.DONE, updated=NOW - 190_000,
            workers={"w01": _done(1), "w02": _done(2)}),
    Session(id="deadbeef", goal="Find the flaky test", phase=Phase.FAILED, updated=NOW - 40_000_000),
)  # fmt: skip
KEPT = (
    KeptWork("refs/agentorchestr/5e55a0b1/w02/1", "w02", ("src/auth.py", "tests/test_auth.py"), "when it was ended"),
    KeptWork("refs/agentorchestr/5e55a0b1/w03/1", "w03", (), "before its worktree was removed"),
)


@dataclass
class StillLobby:
    """A lobby in which nothing moves."""

    found: Findings = HERE
    earlier: tuple[Session, ...] = SESSIONS

    async def look(self, tell: Callable[[Findings], None]) -> Findings:
        return self.found

    async def sessions(self) -> tuple[Session, ...]:
        return self.earlier

    async def kept(self, session_id: str) -> tuple[KeptWork, ...]:
        return KEPT

    async def archive(self, session_id: str) -> Archive:
        raise NotImplementedError

    async def bring_back(self, ref: str) -> str:
        raise NotImplementedError
