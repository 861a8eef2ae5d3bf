"""How large a project is, and how many workers at a time suit it: measured on its files, never more than the seats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from agentorchestr_tui.core.errors import OrchestraError
from agentorchestr_tui.orchestrator.project import known_commands, tracked_files

if TYPE_CHECKING:
    from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

STEPS = (20, 80, 300, 1_200)  # source files from which one worker more has room of its own
SHARE = 0.1  # of the source files that a language needs to count as one of the project's
_LANGUAGES = {
    "Python": "py pyi",
    "TypeScript": "ts tsx mts cts",
    "JavaScript": "js jsx mjs cjs",
    "Rust": "rs",
    "Go": "go",
    "Java": "java",
    "Kotlin": "kt kts",
    "C": "c h",
    "C++": "cc cpp cxx hpp hh",
    "C#": "cs",
    "Ruby": "rb",
    "PHP": "php",
    "Swift": "swift",
    "Scala": "scala",
    "Elixir": "ex exs",
    "Shell": "sh bash zsh",
    "SQL": "sql",
    "HTML and CSS": "html css scss less vue svelte",
}
_BY_SUFFIX = {suffix: name for name, suffixes in _LANGUAGES.items() for suffix in suffixes.split()}


@dataclass(frozen=True, slots=True)
class Size:
    """A project in figures: source files, its main languages, its test suites, and the workers that suit it."""

    files: int
    languages: tuple[str, ...]
    suites: int
    workers: int

    @property
    def sentence(self) -> str:
        """Say it in one sentence."""
        of = f" of {' and '.join(self.languages)}" if self.languages else ""
        suites = f"{self.suites} test {'suite' if self.suites == 1 else 'suites'}" if self.suites else "no test suite"
        return f"This project has {self._counted}{of} and {suites}; {self._suiting} it."

    def advice(self, seats: int) -> str:
        """Say in a few words how so many seats suit it."""
        if seats > self.workers:
            needs = "needs" if self.files == 1 else "need"
            return f"{seats} seats are more than its {self._counted} {needs}; {self.workers} would do"
        if seats < self.workers:
            return f"Its {self._counted} have room for {self.workers} workers at a time"
        return f"{seats} {'seat suits' if seats == 1 else 'seats suit'} its {self._counted}"

    @property
    def _suiting(self) -> str:
        return "one worker at a time suits" if self.workers == 1 else f"up to {self.workers} workers at a time suit"

    @property
    def _counted(self) -> str:
        return f"{self.files} source {'file' if self.files == 1 else 'files'}"


def measure(files: Iterable[str], suites: Sequence[str], seats: int) -> Size:
    """Measure a project by its tracked files and its verify commands."""
    found = Counter(
        language for each in files if (language := _BY_SUFFIX.get(PurePosixPath(each).suffix[1:].lower())) is not None
    )
    total = found.total()
    languages = tuple(name for name, count in found.most_common(3) if count >= SHARE * total)
    room = 1 + sum(total >= step for step in STEPS) + (len(suites) > 1)
    return Size(total, languages, len(suites), max(1, min(room, seats)))


async def project_size(orchestrator: Orchestrator) -> Size | None:
    """Measure the session's project; None where its files cannot be listed."""
    try:
        files = await tracked_files(orchestrator)
    except OrchestraError:
        return None
    return measure(files, await known_commands(orchestrator), orchestrator.state.seats)
