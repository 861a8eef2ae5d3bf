"""Drafts: what a person was writing, kept in the data folder until it is sent, across Esc, crashes and sessions."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
from pathlib import Path
from types import MappingProxyType

from agentorchestr_tui import tasks
from agentorchestr_tui.paths import private_folder
from agentorchestr_tui.widgets.draft import Draft

SOON = 0.4  # seconds after the last change in which a draft goes to the disk
_log = logging.getLogger(__name__)


class Drafts:
    """The drafts of one user, each under a name; without a folder they last as long as the program."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._held: dict[str, Draft] = {}
        self._writing: dict[str, asyncio.Task[None]] = {}

    async def load(self, name: str) -> Draft:
        """Return a draft; the empty one when there is none, or none that can be read."""
        if name not in self._held:
            self._held[name] = await asyncio.to_thread(self._read, name)
        return self._held[name]

    def keep(self, name: str, draft: Draft) -> None:
        """Keep a draft from now on; an empty one is forgotten."""
        self._held[name] = draft
        if name not in self._writing:
            self._writing[name] = tasks.start(self._write_soon(name), name=f"keep the draft {name}")

    async def settle(self) -> None:
        """Return when every draft is on the disk."""
        while self._writing:
            await asyncio.wait(self._writing.values())

    async def _write_soon(self, name: str) -> None:
        await asyncio.sleep(SOON)
        del self._writing[name]
        await asyncio.to_thread(self._write, name, self._held[name])

    def _file(self, name: str) -> Path | None:
        return self._folder / f"{hashlib.sha256(name.encode()).hexdigest()[:16]}.json" if self._folder else None

    def _read(self, name: str) -> Draft:
        file = self._file(name)
        if file is not None:
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
                words = json.loads(file.read_text(encoding="utf-8"))
                return Draft(str(words["text"]), MappingProxyType({str(k): str(v) for k, v in words["folds"].items()}))
        return Draft()

    def _write(self, name: str, draft: Draft) -> None:
        file = self._file(name)
        if file is None:
            return
        try:
            if not draft.text.strip():
                file.unlink(missing_ok=True)
                return
            private_folder(file.parent)
            aside = file.with_suffix(".new")
            aside.write_text(json.dumps({"text": draft.text, "folds": dict(draft.folds)}), encoding="utf-8")
            aside.chmod(0o600)
            aside.replace(file)
        except OSError as error:
            _log.warning("the draft %s is not kept: %s", name, error)
