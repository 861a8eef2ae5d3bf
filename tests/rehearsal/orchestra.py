"""A small real MCP server on loopback that spawns rehearsal workers in worktrees, and PTYs to drive programs in."""

from __future__ import annotations

import contextlib
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import termios
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import uvicorn
from mcp.server import MCPServer
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver.exceptions import ToolError
from ptyprocess import PtyProcess

from agentorchestr_tui.emulator import Emulator
from agentorchestr_tui.rehearsal.project import DEMO_VERIFY, make_project

PATIENCE = 15.0  # seconds that any wait may last
OVER = "the end"
GLANCE = 0.1  # seconds between two looks at whether to hang up
KEPT = 5000  # bytes of a blind player
_IDENTITY = ("-c", "user.name=Test", "-c", "user.email=test@example.invalid")


def git(folder: Path, *words: str) -> str:
    ran = subprocess.run(["git", *_IDENTITY, *words], cwd=folder, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def make_repository(folder: Path) -> Path:
    make_project(folder)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Marmalade")
    return folder


class Player:
    """One rehearsal program in a PTY; a thread feeds what it prints to a screen."""

    def __init__(
        self,
        folder: Path,
        prompt: str,
        *options: str,
        role: str = "worker",
        score: Path | None = None,
        pace: float = 0,
        size: tuple[int, int] = (100, 30),
        env: dict[str, str] | None = None,
        answers: bool = True,
        blind: bool = False,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        prompt_file = folder.parent / f"prompt-{secrets.token_hex(4)}.md"
        prompt_file.write_text(prompt, encoding="utf-8")
        argv = [sys.executable, "-m", "agentorchestr_tui.rehearsal", "--role", role]
        argv += ["--prompt-file", str(prompt_file), "--pace", str(pace)]
        argv += ["--score", str(score)] if score else []
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder.parent), "TERM": "xterm-256color"} | (env or {})
        self.screen = Emulator(*size)
        self.raw = b""
        self._heard = threading.Condition()
        self._over = False
        self._hanging_up, self._hung_up = threading.Event(), threading.Event()
        self._answers = answers  # whether the terminal answers queries
        self._blind = blind  # for floods: count the bytes, keep the last, draw none
        self.received = 0
        columns, lines = size
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of forkpty beside threads
            self.process = PtyProcess.spawn(
                [*argv, *options], cwd=str(folder), env=environment, dimensions=(lines, columns)
            )
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def lines(self) -> list[str]:
        with self._heard:
            return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def transcript(self) -> str:
        """The scrollback and the screen."""
        with self._heard:
            return "\n".join(line.text for line in self.screen.transcript(0, 100_000))

    @property
    def states(self) -> list[str]:
        """The program statuses it told, without repetition."""
        told = [part.split(b"\x1b\\")[0].decode() for part in self.raw.split(b"\x1b]7501;state=")[1:]]
        return [state for place, state in enumerate(told) if not place or told[place - 1] != state]

    def type(self, text: str | bytes) -> None:
        self.process.write(text.encode() if isinstance(text, str) else text)

    def paste(self, text: str) -> None:
        self.type(f"\x1b[200~{text}\x1b[201~")

    def resize(self, columns: int, lines: int) -> None:
        with self._heard:
            self.screen.resize(columns, lines)
        self.process.setwinsize(lines, columns)

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def until(self, fact: Callable[[Player], object], what: str = "") -> Player:
        """Wait for a fact about the screen or the bytes."""
        with self._heard:
            came = self._heard.wait_for(lambda: fact(self) or (self._over and what != OVER), PATIENCE)
            if not came or not fact(self):
                raise AssertionError(f"never came: {what or fact}\n{self.text}\n{self.states}")
        return self

    def until_shown(self, *texts: str) -> Player:
        return self.until(lambda player: all(text in player.text for text in texts), f"{texts}")

    def until_state(self, state: str) -> Player:
        return self.until(lambda player: player.states[-1:] == [state], state)

    def until_over(self) -> int:
        """Wait for the end; return the exit code, or minus the signal."""
        self.until(lambda player: player._over, OVER)
        self._thread.join(PATIENCE)
        return self._status

    _status = 0

    def close(self) -> None:
        if not self._over:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self.until_over()
        if not self.process.closed:
            self.process.fileobj.close()
            self.process.closed = True

    @property
    def raw_mode(self) -> bool:
        """Whether the terminal hands keys on unprocessed."""
        return not termios.tcgetattr(self.process.fd)[3] & termios.ICANON

    def hang_up(self) -> None:
        """Take the terminal away."""
        self._hanging_up.set()
        assert self._hung_up.wait(PATIENCE)

    def _listen(self) -> None:
        fd = self.process.fd
        with contextlib.suppress(OSError):
            while not self._hanging_up.is_set():
                if select.select([fd], [], [], GLANCE)[0]:
                    data = os.read(fd, 65536)
                    if not data:
                        break
                    self._hear(data)
        if self._hanging_up.is_set():
            self.process.fileobj.close()  # by the thread that reads it: its number may be another file's at once
            self.process.closed = True
            self._hung_up.set()
        _, status = os.waitpid(self.pid, 0)
        with self._heard:
            self._status = os.waitstatus_to_exitcode(status)
            self._over = True
            self._heard.notify_all()

    def _hear(self, data: bytes) -> None:
        with self._heard:
            self.received += len(data)
            self.raw = (self.raw + data)[-KEPT:] if self._blind else self.raw + data
            if not self._blind:
                self.screen.feed(data)
            self._heard.notify_all()
            replies = self.screen.take_replies()
        if replies and self._answers:
            self.type(replies)


@dataclass
class Worker:
    player: Player
    worktree: Path
    branch: str
    state: str = "running"
    summary: str = ""
    ended: threading.Event = field(default_factory=threading.Event)


class Orchestra:
    """The tools that a rehearsal needs, done for real in a repository; every call is kept in `calls`."""

    def __init__(self, repository: Path, pace: float = 0) -> None:
        self.repository, self.pace = repository, pace
        self.calls: list[tuple[str, dict[str, object]]] = []
        self.refuse: dict[str, str] = {}  # tool -> the sentence it refuses with
        self.verify_passes: bool | None = None  # None: as it really is
        self.workers: dict[str, Worker] = {}
        self.lead_token = secrets.token_hex(8)
        self._tokens = {self.lead_token: "lead"}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/mcp"
        app = self._server().streamable_http_app()
        config = uvicorn.Config(app, log_config=None, ws="none", lifespan="on", timeout_graceful_shutdown=1)
        self._http = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._http.run, args=([self._socket],), daemon=True)
        self._thread.start()

    @property
    def called(self) -> list[str]:
        return [name for name, _ in self.calls]

    def arguments(self, tool: str) -> dict[str, object]:
        return next(arguments for name, arguments in self.calls if name == tool)

    def env(self, token: str) -> dict[str, str]:
        return {"AGENTORCHESTR_MCP_URL": self.url, "AGENTORCHESTR_MCP_TOKEN": token}

    def worker_token(self, name: str) -> str:
        token = secrets.token_hex(8)
        self._tokens[token] = name
        return token

    def close(self) -> None:
        for worker in self.workers.values():
            worker.player.close()
        self._http.should_exit = True
        self._thread.join(PATIENCE)
        self._socket.close()

    async def verify_token(self, token: str) -> AccessToken | None:
        name = self._tokens.get(token)
        return AccessToken(token=token, client_id=name, scopes=["agent"]) if name else None

    def _server(self) -> MCPServer:
        server = MCPServer(
            "agentorchestr",
            token_verifier=self,
            auth=AuthSettings(issuer_url="http://127.0.0.1/", resource_server_url=None, required_scopes=["agent"]),
        )
        for tool in (
            self.spawn_worker,
            self.wait_for_worker,
            self.integrate,
            self.verify,
            self.report_progress,
            self.mark_goal_done,
            self.mark_goal_failed,
            self.report_done,
            self.report_failed,
        ):
            server.tool()(tool)
        return server

    def _note(self, tool: str, **arguments: object) -> None:
        self.calls.append((tool, arguments))
        if tool in self.refuse:
            raise ToolError(self.refuse[tool])

    async def spawn_worker(
        self, task: str, perspective: str = "implementer", file_scope: tuple[str, ...] = (), pass_criteria: str = ""
    ) -> dict[str, str]:
        self._note("spawn_worker", task=task, perspective=perspective)
        name = f"w{len(self.workers) + 1:02}"
        worktree = self.repository.parent / name
        branch = f"agentorchestr/s1/{perspective}-{name}"
        git(self.repository, "worktree", "add", "-q", "-b", branch, str(worktree))
        prompt = (
            f"You work with others on one goal.\nPerspective: {perspective}\nnonce: 0123abcd\n"
            f"When done print WORKER_DONE: <summary>\n\nTask: {task}\n"
        )
        env = self.env(self.worker_token(name))
        self.workers[name] = Worker(Player(worktree, prompt, pace=self.pace, env=env), worktree, branch)
        return {"worker_id": name, "perspective": perspective, "branch": branch}

    async def wait_for_worker(self, worker_id: str, timeout_s: float = 300) -> dict[str, str]:
        first = worker_id not in [asked.get("worker_id") for tool, asked in self.calls if tool == "wait_for_worker"]
        self._note("wait_for_worker", worker_id=worker_id)
        worker = self.workers[worker_id]
        if first:  # "running" is an answer too, however quick the work is
            return {"worker_id": worker_id, "state": "running", "summary": ""}
        await anyio.to_thread.run_sync(worker.ended.wait, 0.3)
        return {"worker_id": worker_id, "state": worker.state, "summary": worker.summary}

    async def integrate(self) -> dict[str, list[str]]:
        self._note("integrate")
        git(self.repository, "checkout", "-q", "-b", "agentorchestr/s1/integration")
        for worker in self.workers.values():
            git(self.repository, "merge", "-q", "--no-edit", worker.branch)
        return {"merged": list(self.workers), "conflicts": []}

    async def verify(self) -> dict[str, bool | str]:
        self._note("verify")
        ran = subprocess.run(DEMO_VERIFY, cwd=self.repository, capture_output=True, text=True, check=False)
        passed = ran.returncode == 0 if self.verify_passes is None else self.verify_passes
        return {"passed": passed, "output": ran.stderr}

    async def report_progress(self, message: str) -> dict[str, bool]:
        self._note("report_progress", message=message)
        return {"acknowledged": True}

    async def mark_goal_done(self, summary: str) -> dict[str, bool]:
        self._note("mark_goal_done", summary=summary)
        return {"acknowledged": True}

    async def mark_goal_failed(self, reason: str) -> dict[str, bool]:
        self._note("mark_goal_failed", reason=reason)
        return {"acknowledged": True}

    async def report_done(self, summary: str) -> dict[str, bool]:
        return self._report("report_done", "done", summary)

    async def report_failed(self, reason: str) -> dict[str, bool]:
        return self._report("report_failed", "failed", reason)

    def _report(self, tool: str, state: str, summary: str) -> dict[str, bool]:
        from mcp.server.auth.middleware.auth_context import get_access_token

        self._note(tool, summary=summary)
        access = get_access_token()
        if access is not None and (worker := self.workers.get(access.client_id)):
            worker.state, worker.summary = state, summary
            worker.ended.set()
        return {"acknowledged": True}
