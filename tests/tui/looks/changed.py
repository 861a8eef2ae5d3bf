"""What a worker changed in the pictures, and what the result holds, where no repository stands behind them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

from textual.app import App

from agentorchestr_tui.core.words import ChangedLine, FileChange, Hunk
from agentorchestr_tui.orchestrator.archive import LiveArchive
from agentorchestr_tui.tui.diff import DiffScreen
from agentorchestr_tui.tui.log import LogScreen, Tab
from tests.tui.looks.written import until

_AUTH = """\
 import time

-from flask import request
+from flask import g, request
+
+from api.tokens import Token, TokenExpired


 def login():
-    user = request.json["user"]
+    user = request.json["user"].strip()
+    token = Token.issue(user, lifetime=900)
+    return {"token": token.text, "expires": token.expires}
+
+
+def require_token(view):
+    \"\"\"Let only callers with a valid token through.\"\"\"
+    header = request.headers.get("Authorization", "")
+    try:
+        g.user = Token.read(header.removeprefix("Bearer ")).user
+    except TokenExpired:
+        return {"error": "expired"}, 401
     return view
"""
STAT = """ api/tokens.py | 41 ++++++++++++++++
 src/auth.py   | 14 ++++--
 2 files changed, 53 insertions(+), 2 deletions(-)
"""


def _lines(text: str, old: int, new: int) -> Iterator[ChangedLine]:
    for line in text.splitlines():
        sign = line[:1] or " "
        yield ChangedLine(line[1:], old if sign != "+" else None, new if sign != "-" else None)
        old, new = old + (sign != "+"), new + (sign != "-")


CHANGES = (
    FileChange("api/tokens.py", "added", "new file", hunks=(
        Hunk("", tuple(_lines("+\"\"\"Tokens that expire.\"\"\"\n+\n+LIFETIME = 900  # seconds\n", 1, 1))),
    )),
    FileChange("docs/logo.png", "modified", "binary"),
    FileChange("src/auth.py", "modified", hunks=(Hunk("def login():", tuple(_lines(_AUTH, 1, 1))),)),
)  # fmt: skip


async def _changes(_worker_id: str | None = None) -> tuple[FileChange, ...]:
    return CHANGES


async def _nothing(_worker_id: str | None = None) -> tuple[FileChange, ...]:
    return ()


def diff(*, changed: bool = True) -> Callable[[App[object]], Awaitable[None]]:
    """Open the diff of the focused one."""

    async def then(app: App[object]) -> None:
        app.orchestrator.changes = _changes if changed else _nothing
        await app.show("diff")
        await until(lambda: isinstance(app.screen, DiffScreen) and app.screen._reading and app.screen._reading.done())

    return then


def known(then: Callable[[App[object]], Awaitable[None]]) -> Callable[[App[object]], Awaitable[None]]:
    """Let the change be known to what is opened."""

    async def both(app: App[object]) -> None:
        app.orchestrator.changes = _changes
        await then(app)

    return both


def in_log() -> Callable[[App[object]], Awaitable[None]]:
    """Open the log of a worker at its change."""

    async def then(app: App[object]) -> None:
        app.orchestrator.changes = _changes
        app.push_screen(LogScreen(LiveArchive(app.orchestrator), "w01", Tab.DIFF))

    return then


def summary() -> Callable[[App[object]], Awaitable[None]]:
    """Open the summary of a session that is over."""

    async def stat(*_: object, **__: object) -> str:
        return STAT

    async def then(app: App[object]) -> None:
        app.orchestrator.ground.worktrees.diff = stat
        await app.show("summary")

    return then
