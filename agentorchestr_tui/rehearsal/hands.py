"""What the agent does to its folder: files, edits, programs, commits."""

from __future__ import annotations

import asyncio
import contextlib
import difflib
import os
import shlex
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SECRETS = ("AGENTORCHESTR_MCP_TOKEN",)  # no program that the agent starts gets to see these
_IDENTITY = ("-c", "user.name=Rehearsal", "-c", "user.email=rehearsal@example.invalid", "-c", "commit.gpgsign=false")


class HandsError(Exception):
    """Something could not be done; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit did: counts of lines, and the lines with `+` or `-` before them."""

    added: int
    removed: int
    lines: tuple[str, ...]

    def __str__(self) -> str:
        """Count it."""
        return f"+{self.added} -{self.removed}"


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended, and what it printed on both streams."""

    code: int
    output: str


class Hands:
    """Hands that work in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, path: str) -> str:
        """Return a file's text. Raises: HandsError."""
        try:
            return (self._folder / path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise HandsError(f"{path} cannot be read: {_reason(error)}.") from None

    def write(self, path: str, text: str) -> Change:
        """Write a file whole, aside first and then under its name. Raises: HandsError."""
        target = self._folder / path
        before = self.read(path) if target.exists() else ""
        aside = target.with_name(target.name + ".part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            aside.write_text(text, encoding="utf-8")
            aside.replace(target)
        except OSError as error:
            raise HandsError(f"{path} cannot be written: {_reason(error)}.") from None
        return _change(before, text)

    def append(self, path: str, text: str) -> Change:
        """Write text at the end of a file, made if need be. Raises: HandsError."""
        before = self.read(path) if (self._folder / path).exists() else ""
        return self.write(path, before + text)

    def edit(self, path: str, old: str, new: str) -> Change:
        """Put `new` where `old` stands, which must be exactly once. Raises: HandsError."""
        before = self.read(path)
        if (times := before.count(old)) != 1:
            first = old.strip().splitlines()[0] if old.strip() else old
            raise HandsError(f"{path} holds '{first}' {times} times where once was expected.")
        return self.write(path, before.replace(old, new))

    async def run(self, argv: Sequence[str]) -> Ran:
        """Run a program to its end; when cancelled, end it with all it started. Raises: HandsError."""
        environment = {name: value for name, value in os.environ.items() if name not in SECRETS}
        try:
            process = await asyncio.create_subprocess_exec(
                *argv,
                cwd=self._folder,
                env=environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                process_group=0,
            )
        except OSError as error:
            raise HandsError(f"{argv[0]} cannot be started: {_reason(error)}.") from None
        try:
            output, _ = await process.communicate()
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        return Ran(process.returncode or 0, output.decode("utf-8", "replace"))

    async def commit(self, message: str) -> str:
        """Commit everything, under an identity of its own; return the short hash. Raises: HandsError."""
        await self._git("add", "-A")
        await self._git("commit", "-q", "-m", message)
        return await self._git("rev-parse", "--short", "HEAD")

    async def _git(self, *words: str) -> str:
        ran = await self.run(("git", *_IDENTITY, *words))
        if ran.code:
            raise HandsError(f"git {words[0]} failed: {_last_line(ran.output)}")
        return ran.output.strip()


def shown_argv(argv: Sequence[str]) -> str:
    """Return an argv as a person would type it."""
    return shlex.join("python" if word == sys.executable else word for word in argv)


def _change(before: str, after: str) -> Change:
    lines = [
        f"{line[0]} {line[1:]}"
        for line in difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
        if line[0] in "+-" and not line.startswith(("+++", "---"))
    ]
    added = sum(line[0] == "+" for line in lines)
    return Change(added, len(lines) - added, tuple(lines))


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error.strerror).lower()


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it printed nothing"])[-1]
