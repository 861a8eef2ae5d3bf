"""Stories for the recorder: what an agent is brought to, moment by moment, and the status that is true in each."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from agentorchestr_tui.agents.launch import Composed
from agentorchestr_tui.agents.standing import Choice, DialogStands, PromptStands, standing
from agentorchestr_tui.agents.status import Judge, Signal
from tests.real import scripts
from tests.real.conversation import Answer, Call, Conversation, Fail, Say, Script, Tool
from tests.real.terminal import COLUMNS, LINES, Terminal

Size = tuple[int, int]
SIZES: tuple[Size, ...] = ((COLUMNS, LINES), (80, 24), (60, 20))
DRAWN = 2.5  # seconds that a moment gets to be drawn
REDRAWN = 1.5  # seconds after a change of size
HOLDS = 150.0  # seconds that the model waits for the story at most
RUNS = 25  # seconds that a command runs: longer than all looks at it
LONG = "\n".join(f"{n}. A line of an answer that is **long**, about `part{n}.py`." for n in range(1, 41))
QUESTIONS = (
    "AskUserQuestion",
    "ask_user_question",
    "ask_user",
    "request_user_input",
    "question",
    "ask_question",
    "ask_followup_question",
)


@dataclass(frozen=True, slots=True)
class Moment:
    """What is written down: in which scene, the status that is true, the one that was judged, signals and screen."""

    scene: str
    status: str
    judged: str
    text: str


class Stage:
    """One run of a CLI: the model answers when the story says so, and moments are taken of the terminal."""

    terminal: Terminal

    def __init__(
        self, name: str, folder: Path, keep: Callable[[Moment], None], sizes: tuple[Size, ...] = SIZES
    ) -> None:
        self.name = name
        self.sizes = sizes  # columns and lines; it is started in the first
        self.folder = folder  # that the agent works in
        self._keep = keep
        self._waiting = threading.Semaphore(0)
        self._answers: list[Script] = []
        self._ready = threading.Semaphore(0)
        self._free: Script | None = None
        self.ended: int | None = None  # its exit code, once it has left

    @property
    def status(self) -> str:
        """What our rules make of the screen now."""
        return str(self.terminal.judge.verdict.status)

    def script(self, conversation: Conversation) -> Answer:
        """Answer as the story says, once it says so; side questions at once."""
        if not scripts.is_asked(conversation):
            return Say("Hello")
        if self._free is not None:
            return self._free(conversation)
        self._waiting.release()
        if not self._ready.acquire(timeout=HOLDS):
            return Say("The story is over.")
        script = self._answers.pop(0) if self._answers else self._free or says("The story is over.")
        return script(conversation)

    async def asked(self, seconds: float = 90) -> None:
        """Return once the agent waits for the model."""
        end = time.monotonic() + seconds
        while not self._waiting.acquire(blocking=False):
            assert time.monotonic() < end, f"the model is not asked\n{self.terminal.screen}"
            await self.terminal.answer_dialogs()
            await asyncio.sleep(0.05)

    def answer(self, script: Script) -> None:
        """Let the model answer the request that waits."""
        self._answers.append(script)
        self._ready.release()

    def always(self, script: Script) -> None:
        """Let the model answer every request from now on, those that wait too."""
        self._free = script
        self._ready.release(20)

    def over(self) -> None:
        """Let every request go."""
        self.always(says("The story is over."))

    async def take(self, what: str, status: str, sizes: tuple[Size, ...] = ()) -> None:
        """Write the moment down, in each size."""
        await asyncio.sleep(DRAWN)
        sizes = sizes or self.sizes
        for columns, lines in sizes:
            if (columns, lines) != (self.terminal.emulator.columns, self.terminal.emulator.lines):
                self.terminal.resize(columns, lines)
                await asyncio.sleep(REDRAWN)
            scene = what if columns == COLUMNS else f"{what}_{columns}"
            self._keep(Moment(scene, status, self._judged(), self._written()))
            mark = "" if self.status == status else "   WRONG"
            verdict = self.terminal.judge.verdict
            sys.stdout.write(f"{self.name} {scene} {status}: {verdict.status} by {verdict.rule!r}{mark}\n")
            sys.stdout.flush()
        if sizes[-1] != self.sizes[0]:
            self.terminal.resize(*self.sizes[0])
            await asyncio.sleep(REDRAWN)

    async def submit(self, text: str) -> None:
        """Say something to the agent."""
        await self.terminal.submit(text)

    async def press(self, choice: Choice) -> None:
        """Answer the prompt that stands there as the card says."""
        stands = await self._stands()
        keys = stands.keys.get(choice, ()) if isinstance(stands, PromptStands) else ()
        assert keys, f"no {choice}\n{self.terminal.screen}"
        await self.terminal.type(keys)

    async def _stands(self) -> DialogStands | PromptStands | None:
        for _ in range(40):
            if stands := standing(self.terminal.card, self.terminal.emulator.display):
                return stands
            await asyncio.sleep(0.25)
        return None

    def _judged(self) -> str:
        judge = Judge(self.terminal.card.status)
        for kind, text in self.terminal.heard.items():
            judge.hear(Signal(kind, text))
        judge.look(self.terminal.emulator.display)
        judge.settle()
        return str(judge.verdict.status)

    def _written(self) -> str:
        rows = [row.rstrip() for row in self.terminal.emulator.display]
        while rows and not rows[-1]:
            rows.pop()
        signals = [f"{kind}: {text}" for kind, text in self.terminal.heard.items()]
        ended = [] if self.ended is None else [f"exit: {self.ended}"]
        return "\n".join([*ended, *signals, "", *rows, ""])


# -- what the model says ----------------------------------------------------------------------------------------------


def says(text: str) -> Script:
    """Say something and end the turn."""
    return lambda _: Say(text)


def runs(line: str) -> Script:
    """Run a line with the agent's own shell."""
    return lambda conversation: _escalated(scripts.in_shell(conversation, line))


def writes(path: Path, text: str = "hello\n") -> Script:
    """Write a file with the agent's own tool."""
    return lambda conversation: _write(conversation, str(path), text)


def _write(conversation: Conversation, path: str, text: str) -> Answer:
    writer = conversation.tool("write", "Write", "write_file", "create")
    if writer is None:
        return _escalated(scripts.in_shell(conversation, "printf 'hello\\n' > hello.txt"))
    name = "file_text" if "file_text" in writer.properties else "content"
    known = {name: text}
    for needed in writer.parameters.get("required") or []:
        if "path" in needed.lower() or "file_path" in needed.lower():
            known[needed] = path
    return Call(writer, _filled(writer, known))


def asks_in(conversation: Conversation, words: str) -> Answer:
    """Ask the person something in these words."""
    tool = conversation.tool(*QUESTIONS)
    return Call(tool, _filled(tool, {}, words)) if tool else Say("It has no tool for a question.")


def _escalated(call: Call) -> Call:
    if "sandbox_permissions" not in call.tool.properties:
        return call
    wish = {"sandbox_permissions": "require_escalated", "justification": "It writes to the repository."}
    return Call(call.tool, call.arguments | wish)


def _filled(tool: Tool, known: dict[str, Any], question: str = "") -> dict[str, Any]:
    example = _example(tool.parameters, tool.parameters.get("$defs") or {})
    return {**(_asked(example, question) if question else example), **known}


def _asked(value: object, words: str) -> object:
    """Put these words where an example asks; `value` is any JSON, as an agent's own schema has it."""
    if isinstance(value, dict):
        return {key: words if key == "question" else _asked(each, words) for key, each in value.items()}
    return [_asked(each, words) for each in value] if isinstance(value, list) else value


def _example(schema: dict[str, Any], shared: dict[str, Any], name: str = "") -> Any:
    """Return a small value that fits a JSON schema: what is required, and the options of a question."""
    if "$ref" in schema:
        schema = shared.get(schema["$ref"].rpartition("/")[2], {})
    if "enum" in schema:
        return schema["enum"][0]
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return _example(schema[word][0], shared, name)
    match schema.get("type"):
        case "object":
            parts = schema.get("properties") or {}
            wanted = [*(schema.get("required") or []), *(k for k in ("options", "choices") if k in parts)]
            return {key: _example(parts.get(key, {}), shared, key) for key in wanted}
        case "array":
            count = max(1, schema.get("minItems", 1), 2 if name in ("options", "choices") else 1)
            values = [_example(schema.get("items") or {}, shared, name) for _ in range(count)]
            return [_numbered(value, number) for number, value in enumerate(values)] if count > 1 else values
        case "boolean":
            return False
        case "integer" | "number":
            return 1
        case _:
            return _WORDS.get(name, "Blue")


def _numbered(value: Any, number: int) -> Any:
    """Tell the options of a question apart; `value` is any JSON, as an agent's own schema has it."""
    if isinstance(value, str):
        return ("Blue", "Green", "Red")[number % 3]
    if isinstance(value, dict):
        told = ("label", "value", "name")
        return {key: _numbered(each, number) if key in told else each for key, each in value.items()}
    return value


_WORDS = {"question": "Which colour shall the door have?", "header": "Colour", "id": "colour", "title": "Colour"}
_REFUSED = Fail(400, "The request is not well formed")


# -- stories ----------------------------------------------------------------------------------------------------------


async def work(stage: Stage) -> None:
    """Think, run a command, answer at length, and take more messages."""
    await stage.asked()
    await stage.take("thinking", "working")
    if stage.name != "aider":
        stage.answer(runs(f"for i in 1 2 3; do echo line $i; done; sleep {RUNS}; echo done"))
        await stage.take("command_runs", "working")
        await stage.asked()
        await stage.take("after_command", "working")
    stage.answer(says(LONG))
    await asyncio.sleep(2)
    await stage.take("long_answer", "idle")
    stage.terminal.write("a draft that")
    await stage.take("draft", "idle", SIZES[:2])
    for _ in range(14):
        stage.terminal.write("\x7f")
    await asyncio.sleep(0.5)
    await stage.submit("Go on with it.")
    await stage.asked()
    await stage.take("thinking_again", "working")
    stage.always(says("All is well."))  # some ask the model more than once
    await asyncio.sleep(4)
    await stage.take("turn_over", "idle")


async def interrupted(stage: Stage) -> None:
    """Stop a turn in its middle, and have another end in an error, which some agents report as such."""
    await stage.asked()
    await asyncio.sleep(DRAWN)
    stage.terminal.write(_STOPS.get(stage.name, "\x1b"))
    if stage.name in ("opencode", "kilocode", "copilot"):
        await asyncio.sleep(0.2)
        stage.terminal.write("\x1b")
    await stage.take("interrupted", "idle")
    stage.answer(says("Too late."))
    await stage.submit("Go on with it.")
    await stage.asked()
    stage.always(lambda _: _REFUSED)
    await asyncio.sleep(6)
    await stage.take("refused", "needs_input" if stage.name in ("claude", "codex", "vibe") else "idle")


_STOPS = {"aider": "\x03"}


async def asks(stage: Stage) -> None:
    """Ask before a file is written and before a command is run; the first is allowed, the second denied."""
    await stage.asked()
    stage.answer(writes(stage.folder / "hello.txt") if stage.name != "aider" else says("See README.md for more."))
    await stage.take("write_prompt", "needs_input")
    if stage.name == "aider":
        return
    await stage.press(Choice.ONCE)
    await stage.asked()
    await stage.take("after_write", "working", SIZES[:2])
    stage.answer(runs("git add hello.txt && rm -rf build && echo done"))
    await stage.take("command_prompt", "needs_input")
    await stage.press(Choice.DENY)
    stage.always(says("I leave it."))
    await asyncio.sleep(2)
    await stage.take("denied", "idle", SIZES[:2])


async def question(stage: Stage) -> None:
    """Ask the person something."""
    offered: list[bool] = []

    def asks_once(conversation: Conversation) -> Answer:
        offered.append(conversation.tool(*QUESTIONS) is not None)
        return asks_in(conversation, _WORDS["question"])

    await stage.asked()
    stage.answer(asks_once)
    await asyncio.sleep(1)
    assert offered == [True], "it has no tool for a question"
    await stage.take("question", "needs_input")


async def limited(stage: Stage) -> None:
    """Meet a rate limit."""
    await stage.asked()
    await asyncio.sleep(DRAWN)
    fail = Fail(429, "Rate limit reached for requests", retry_after=None if stage.name == "pi" else 3600)
    stage.always(lambda _: fail)
    await asyncio.sleep(12)
    await stage.take("rate_limit", "limited")


async def trust(stage: Stage) -> None:
    """Stand in a folder that the agent has not seen."""
    await asyncio.sleep(8)
    await stage.take("trust_dialog", "needs_input")


STORIES: dict[str, Callable[[Stage], Awaitable[None]]] = {
    "work": work,
    "interrupted": interrupted,
    "asks": asks,
    "question": question,
    "limited": limited,
    "trust": trust,
}
ONLY = {"trust": ("claude", "codex", "copilot")}  # of the others the card's launch leaves no such moment
NEVER = {
    "limited": ("gemini", "qwen", "cline"),  # they try again for minutes without a word
    "asks": ("pi",),  # it asks nothing
    "question": ("aider", "codex", "pi"),  # they have no tool for it
}
ASKING = frozenset({"asks", "trust"})
STRANGE_FOLDER = frozenset({"trust"})


def without_trust(composed: Composed) -> Composed:
    """Return a launch that says nothing of trust."""
    argv = list(composed.argv)
    for at, word in enumerate(argv):
        if word.startswith("projects="):
            del argv[at - 1 : at + 1]
            break
    return replace(composed, argv=tuple(argv))
