"""The one way git is run: asynchronously, bounded, without the user's hooks, in an environment that is given."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice, takewhile
from pathlib import Path

from agentorchestr_tui.core.errors import GitError, ProjectUnusable

from .call import TIME_LIMIT, Call

BUSY_FOR = 6.0  # seconds to keep asking while another git holds a lock
FIRST_PAUSE = 0.02  # seconds before the first retry; each next one doubles
LONGEST_PAUSE = 0.4  # seconds
AT_ONCE = 16  # git processes of ours; more only wait for each other on the disk
OUTPUT_LIMIT = 64 * 1024 * 1024  # bytes kept of one answer
NAMES_LISTED = 5  # of the files that git complains about

# Ours for every call: no background repacking, none of the user's hooks or daemons, names as they are.
SETTINGS = (
    "gc.auto=0",
    "maintenance.auto=false",
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.quotePath=false",
    "color.ui=false",
    "advice.addEmbeddedRepo=false",
    "submodule.recurse=false",
)
# Of the caller's GIT_* variables only these pass: who somebody is, which configuration holds, how far to look.
KEPT_VARIABLES = re.compile(
    r"GIT_(AUTHOR_NAME|AUTHOR_EMAIL|COMMITTER_NAME|COMMITTER_EMAIL|EXEC_PATH|TEMPLATE_DIR|SSH|SSH_COMMAND"
    r"|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)"
    r"|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|SSL_\w+|LFS_\w+)"
)
# A lock held by another git, or its half-written entry of a worktree: gone a moment later.
BUSY = re.compile(r"\.lock': File exists|cannot lock ref .*File exists|failed to read \S*worktrees/\S*: Success")
WAYS_OUT = (
    (re.compile(r"\.lock': File exists"), "if no git runs there, delete that lock file"),
    (re.compile(r"would be overwritten"), "commit or move those files first"),
    (re.compile(r"No space left"), "free some disk space"),
    (re.compile(r"Permission denied|Read-only file system"), "make that place writable"),
    (re.compile(r"filter|smudge|git-lfs"), "install the filter it names, or take it out of the git configuration"),
    (re.compile(r"cannot lock ref|unable to create directory"), "rename the branch that stands in its way"),
)


_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="git")


@dataclass(frozen=True, slots=True)
class Answer:
    """What git said: its exit code, output and complaint, undecodable bytes as surrogates."""

    code: int
    out: str
    complaint: str

    @property
    def fields(self) -> list[str]:
        """Split an answer given with -z."""
        return self.out.split("\0")[:-1]

    @property
    def line(self) -> str:
        """Return the output without its last newline."""
        return self.out.removesuffix("\n")


@dataclass(frozen=True, slots=True)
class Git:
    """Git in one folder: the absolute path of the program, where it runs, and its whole environment."""

    program: str
    folder: Path
    env: Mapping[str, str]

    def at(self, folder: Path, **variables: str) -> Git:
        """Return the same git for another folder, with more variables."""
        return replace(self, folder=folder, env={**self.env, **variables})

    async def run(self, *words: str, stdin: bytes = b"") -> str:
        """Run git and return its output without the last newline. Raises: GitError."""
        return (await self.answer(*words, stdin=stdin)).line

    async def answer(self, *words: str, stdin: bytes = b"", at_most: int = OUTPUT_LIMIT) -> Answer:
        """Run git and return its answer. Raises: GitError when git exits with anything but 0."""
        answer = await self.ask(*words, stdin=stdin, at_most=at_most)
        if answer.code:
            raise GitError(sentence(self.folder, words, answer.complaint or answer.out))
        return answer

    async def says(self, *words: str) -> bool:
        """Return whether a question that git answers by its exit code (0 or 1) is true. Raises: GitError."""
        answer = await self.ask(*words)
        if answer.code not in {0, 1}:
            raise GitError(sentence(self.folder, words, answer.complaint))
        return answer.code == 0

    async def ask(self, *words: str, stdin: bytes = b"", at_most: int = OUTPUT_LIMIT) -> Answer:
        """Run git whatever it answers, keeping `at_most` bytes of output; asks again while another git holds a lock."""
        clock = asyncio.get_running_loop().time
        until, pause = clock() + BUSY_FOR, FIRST_PAUSE
        while True:
            answer = await self._once(words, stdin, at_most)
            if not answer.code or not BUSY.search(answer.complaint) or clock() + pause > until:
                return answer
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _once(self, words: tuple[str, ...], stdin: bytes, at_most: int) -> Answer:
        settings = (word for setting in SETTINGS for word in ("-c", setting))
        call = Call((self.program, *settings, *words), self.folder, self.env, stdin, at_most)
        ended = asyncio.get_running_loop().run_in_executor(_threads, call.run)
        ended.add_done_callback(_heard)
        try:
            code, out, complaint = await asyncio.shield(ended)
        except asyncio.CancelledError:
            call.stop()
            await asyncio.wait([ended])
            raise
        except TimeoutError as error:
            raise GitError(sentence(self.folder, words, f"no answer within {TIME_LIMIT:.0f} s")) from error
        except OSError as error:
            raise GitError(sentence(self.folder, words, f"{error.strerror or error}")) from error
        return Answer(code, _text(out), _text(complaint))


def find_git(folder: Path, env: Mapping[str, str]) -> Git:
    """Return git as the given PATH has it. Raises: ProjectUnusable when there is none."""
    program = shutil.which("git", path=env.get("PATH"))
    if program is None:
        raise ProjectUnusable("git is not installed, or not on PATH: install git 2.38 or newer.")
    return Git(program, folder, environment(env))


def environment(env: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for our git calls: the caller's without what would point git elsewhere or make it ask."""
    kept = {name: value for name, value in env.items() if not name.startswith("GIT_") or KEPT_VARIABLES.fullmatch(name)}
    ours = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_EDITOR": "true", "GIT_PAGER": "cat"}
    return {**kept, **ours, "LC_ALL": "C", "LANGUAGE": "C"}


def shown(path: str) -> str:
    """Return a path as text that can travel: bytes that are no UTF-8 stand as backslash escapes."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def sentence(folder: Path, words: Iterable[str], complaint: str) -> str:
    """Say in one sentence what git would not do, why, and the way out."""
    reason = _reason([line.rstrip() for line in complaint.splitlines() if line.strip()])
    command = shown(" ".join(_plain_words(words)))
    way_out = next((way for sign, way in WAYS_OUT if sign.search(complaint)), "run it there to see the whole answer")
    return f"`git {command}` failed in {folder}: {reason}; {way_out}."


def _heard(ended: asyncio.Future[tuple[int, bytes, bytes]]) -> None:
    """Take note of how a call ended that nobody waits for any more."""
    if not ended.cancelled():
        ended.exception()


def _reason(lines: list[str]) -> str:
    """Return the last line that git marks as the reason, with the names that it lists below a colon."""
    marked = [at for at, line in enumerate(lines) if line.startswith(("fatal:", "error:"))]
    at = marked[-1] if marked else len(lines) - 1
    if at < 0:
        return "it gave no reason"
    listed = takewhile(lambda line: line.startswith("\t"), lines[at + 1 :])
    names = ", ".join(name.strip() for name in islice(listed, NAMES_LISTED))
    return shown(re.sub(r"^(fatal|error): ", "", lines[at]).strip().rstrip(".") + (names and f" {names}"))


def _plain_words(words: Iterable[str]) -> list[str]:
    taken: list[str] = []
    for word in words:
        if word.startswith("-") and taken:
            break
        taken.append(word)
    return taken[:2] or ["(nothing)"]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
