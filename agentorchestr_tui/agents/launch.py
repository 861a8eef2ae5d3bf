"""From a card to what is executed: argv, environment and private files of one launch, without side effects."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from agentorchestr_tui.agents.card import Card, CardFile, Part
from agentorchestr_tui.agents.control import ADDRESS_FILE, Address
from agentorchestr_tui.agents.environment import inherited
from agentorchestr_tui.agents.hooks import TOLD_FILE, TOLD_VARIABLE
from agentorchestr_tui.agents.placeholders import fill, fill_json
from agentorchestr_tui.agents.reading import Json, JsonTable
from agentorchestr_tui.core.errors import CannotRun
from agentorchestr_tui.core.words import Permissions

ARGUMENT_LIMIT = 100 * 1024  # bytes; Linux refuses one argument of 128 KiB
PASTE_LIMIT = 32 * 1024  # bytes; more of it is slow in some input lines
PROMPT_IN_WORKTREE = Path(".agentorchestr") / "prompt.md"
_READ_IT = "Read the file {path} in this folder now, all of it, and do exactly what it says."


@dataclass(frozen=True, slots=True)
class LaunchRequest:
    """All that one launch depends on beside its card; secrets stay out of its repr."""

    role: Literal["lead", "worker"]
    prompt: str = field(repr=False)
    mcp_url: str
    token: str = field(repr=False)
    private: Path  # a 0700 folder of this launch alone, in a place that only the user can write to
    worktree: Path  # the folder that the agent works in
    project: Path  # the main repository's root, where agents keep their trust
    permissions: Permissions
    user_id: int
    conversation: str  # a UUID that the agent shall name its conversation by, where it can
    base: Mapping[str, str] = field(repr=False)
    model_arguments: tuple[str, ...] = ()
    address: Address | None = None  # where the agent's own server shall listen, if it has one
    resume: bool = False  # go on with the conversation; where that is "", with the latest one of the folder


@dataclass(frozen=True, slots=True)
class PrivateFile:
    """A file of one launch: where, what, and its permission bits."""

    path: Path
    content: str = field(repr=False)
    mode: int = 0o600


@dataclass(frozen=True, slots=True)
class Composed:
    """A launch ready to be executed once its files are written; `message` is submitted when the agent is idle."""

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    files: tuple[PrivateFile, ...] = ()
    message: str = ""
    told: str = field(default="", repr=False)  # the text that argv begins the first turn with


def compose(card: Card, binary: Path, request: LaunchRequest) -> Composed:
    """Say how to launch `card`'s agent for `request`; nothing is touched. Raises: CannotRun."""
    parts = _parts(card, request)
    prompt, prompt_files = _prompt(card, request)
    words = _words(binary, request, prompt)
    after = _comes_after(card, request)
    launch = [word for word in card.launch.argv if not (after and "{prompt}" in word)]
    return Composed(
        argv=tuple(_argv(launch, parts, request.model_arguments, words)),
        env=_environment(parts.values(), request.base, words) | _told_where(card, request),
        files=(
            *_files(parts.values(), request.private, words),
            *prompt_files,
            *_address_file(card, request),
            *_told(card, request),
        ),
        message=prompt if after else fill(card.launch.message, words),
        told="" if after or not card.launch.names("prompt") else prompt,
    )


def _parts(card: Card, request: LaunchRequest) -> dict[str, Part]:
    return {
        "launch": card.launch,
        "mcp": card.mcp or Part(),
        "permissions": card.permissions.skip if request.permissions is Permissions.SKIP else card.permissions.ask,
        "lead": card.lead if request.role == "lead" else Part(),
        "worker": card.worker if request.role == "worker" else Part(),
        "root": card.root if request.user_id == 0 else Part(),
        "conversation": _conversation(card, request),
        "http": Part(card.http.argv, card.http.env) if card.http and request.address else Part(),
    }


def _conversation(card: Card, request: LaunchRequest) -> Part:
    ways = card.conversation
    if not request.resume:
        return Part(ways.start) if ways else Part()
    argv = (ways.resume if request.conversation else ways.latest) if ways else ()
    if not argv:
        raise CannotRun(f"{card.title} cannot go on with that conversation: start it anew.")
    return Part(argv)


def _comes_after(card: Card, request: LaunchRequest) -> bool:
    """Say whether the prompt is no part of the argv, and is submitted once the agent rests."""
    return request.resume and card.conversation is not None and card.conversation.prompt_after


def _prompt(card: Card, request: LaunchRequest) -> tuple[str, tuple[PrivateFile, ...]]:
    """Return the text that the agent gets first, and the file that holds the prompt where the text cannot."""
    if not card.launch.names("prompt"):
        return request.prompt, (PrivateFile(_prompt_file(request), request.prompt),)
    limit = PASTE_LIMIT if _comes_after(card, request) else ARGUMENT_LIMIT
    if len(request.prompt.encode()) <= limit:
        return request.prompt, ()
    text, long = in_a_file(request.prompt, request.worktree)
    return text, (long,)


def in_a_file(prompt: str, worktree: Path) -> tuple[str, PrivateFile]:
    """Return what to say in place of a prompt that is too long, and the file of the worktree that it lies in then."""
    return _READ_IT.format(path=PROMPT_IN_WORKTREE), PrivateFile(worktree / PROMPT_IN_WORKTREE, prompt)


def _prompt_file(request: LaunchRequest) -> Path:
    return request.private / "prompt.md"


def _address_file(card: Card, request: LaunchRequest) -> Iterable[PrivateFile]:
    if card.http and request.address:
        yield PrivateFile(request.private / ADDRESS_FILE, request.address.to_json())


def _told(card: Card, request: LaunchRequest) -> Iterable[PrivateFile]:
    if card.hooks:
        yield PrivateFile(request.private / TOLD_FILE, "")


def _told_where(card: Card, request: LaunchRequest) -> dict[str, str]:
    return {TOLD_VARIABLE: str(request.private / TOLD_FILE)} if card.hooks else {}


def _words(binary: Path, request: LaunchRequest, prompt: str) -> dict[str, str]:
    return {
        "binary": str(binary),
        "python": sys.executable,
        "prompt": prompt,
        "prompt_file": str(_prompt_file(request)),
        "role": request.role,
        "mcp_url": request.mcp_url,
        "token": request.token,
        "private": str(request.private),
        "worktree": str(request.worktree),
        "project": str(request.project),
        "conversation": request.conversation,
        "port": str(request.address.port) if request.address else "",
        "password": request.address.password if request.address else "",
    }


def _argv(
    launch: Iterable[str], parts: Mapping[str, Part], model_arguments: tuple[str, ...], words: Mapping[str, str]
) -> Iterable[str]:
    for word in launch:
        if word == "@model":
            yield from model_arguments
        elif word.startswith("@"):
            yield from (fill(argument, words) for argument in parts[word[1:]].argv)
        else:
            yield fill(word, words)


def _environment(parts: Iterable[Part], base: Mapping[str, str], words: Mapping[str, str]) -> dict[str, str]:
    env = inherited(base)
    tables: dict[str, JsonTable] = {}
    for part in parts:
        env |= {name: fill(value, words) for name, value in part.env.items()}
        for name, table in part.json_env.items():
            tables[name] = merged(tables.get(name) or _json_variable(name, env), _filled(table, words))
    return env | {name: json.dumps(table) for name, table in tables.items()}


def _json_variable(name: str, env: Mapping[str, str]) -> JsonTable:
    if not (text := env.get(name, "").strip()):
        return {}
    try:
        table: Json = json.loads(text)
    except ValueError:
        table = text
    if not isinstance(table, dict):
        raise CannotRun(f"The environment variable {name} holds no JSON object: mend it or unset it.")
    return table


def _files(parts: Iterable[Part], private: Path, words: Mapping[str, str]) -> Iterable[PrivateFile]:
    files: dict[str, CardFile] = {}
    for part in parts:
        for name, file in part.files.items():
            files[name] = _joined(files.get(name), file)
    return [PrivateFile(private / name, _content(file, words)) for name, file in files.items()]


def _joined(first: CardFile | None, second: CardFile) -> CardFile:
    if first is None or first.json is None or second.json is None:
        return second
    return CardFile(json=merged(first.json, second.json))


def _content(file: CardFile, words: Mapping[str, str]) -> str:
    return fill(file.text, words) if file.json is None else json.dumps(_filled(file.json, words), indent=2) + "\n"


def _filled(table: JsonTable, words: Mapping[str, str]) -> JsonTable:
    return {fill(key, words): fill_json(value, words) for key, value in table.items()}


def merged(under: JsonTable, over: JsonTable) -> JsonTable:
    """Return both tables as one, table by table; where both hold a plain value, `over` wins."""
    result = dict(under)
    for key, value in over.items():
        there = result.get(key)
        result[key] = merged(there, value) if isinstance(there, dict) and isinstance(value, dict) else value
    return result
