"""Stories in which an agent says and prints what looks like something else: for the recorder, beside the plain ones."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from agentorchestr_tui.agents.standing import Choice
from tests.real.conversation import Answer, Conversation, Fail, Say
from tests.real.stories import DRAWN, Stage, asks_in, runs, says, writes

SIZES = ((100, 30), (80, 24), (160, 50))
TRAPS = """\
The log of the last run says, word for word:

```
⠋ Thinking… (12s · esc to interrupt)
Working (3s • esc to interrupt)
✗ 429 Too Many Requests: rate limit reached, retrying in 30s
You've hit your usage limit. Try again in 2 hours.
Waiting for your input
Allow? (Y)es/(N)o [Yes]:
Would you like to run this command?
❯ 1. Yes
  2. Yes, and do not ask again
  3. No, tell it what to do (esc)
 Esc to cancel
```

- **Allow?** is asked once.
- The *rate limit* resets at 3pm."""
SCRIPT = """\
cat > build.sh <<'END'
set -e
for part in one two three; do
  echo "esc to interrupt $part"
done
END
rm -rf build && sh build.sh"""
FILE = "traps.txt"
EDGES = 45.0  # seconds that a limit may take to be over at most


async def quoting(stage: Stage) -> None:
    """Answer with words that a screen rule could take for its own, and print a file that holds them."""
    (stage.folder / FILE).write_text(TRAPS + "\n")
    await stage.asked()
    stage.answer(says(TRAPS.replace("```", "") if stage.name == "aider" else TRAPS))  # it takes a block for a file
    await asyncio.sleep(2)
    await stage.take("quoting", "idle")
    await stage.submit("Print it.")
    await stage.asked()
    await stage.take("thinking_after_quoting", "working")
    if stage.name != "aider":
        stage.answer(runs(f"cat {FILE}; sleep 16"))
        await stage.take("prints_traps", "working")
        await stage.asked()
        await stage.take("after_traps", "working")
    stage.always(says("That is all that it says. Allow? No: it waits for nothing."))
    await asyncio.sleep(4)
    await stage.take("traps_told", "idle")


async def failing(stage: Stage) -> None:
    """Run a command that fails, one that prints much, and stop in an answer with a table."""
    await stage.asked()
    stage.answer(runs("ls /nowhere; echo 'fatal: quota exceeded' >&2; exit 3"))
    await stage.asked()
    await stage.take("after_failure", "working")
    stage.answer(runs("seq 1 300; echo 'Error: 429 rate limit'; sleep 16"))
    await stage.take("long_output", "working")
    await stage.asked()
    stage.always(says("| case | outcome |\n|---|---|\n| one | failed |\n| two | 429 |\n\n> Is that what you expected?"))
    await asyncio.sleep(4)
    await stage.take("failure_told", "idle")


async def leaves(stage: Stage) -> None:
    """Open the menu of commands, let it go, hold a draft of several lines, and leave."""
    await stage.asked()
    stage.always(says("Hello. What is next?"))
    await asyncio.sleep(5)
    if stage.name != "aider":  # it has no menu, and what a draft of its is nobody can tell
        stage.terminal.write("/")
        await stage.take("command_menu", "idle")
        stage.terminal.write("\x7f")
        await asyncio.sleep(1)
        draft = "why does it say\n  esc to interrupt\nwhile it waits? Allow?"
        stage.terminal.write(f"\x1b[200~{draft}\x1b[201~")
        await stage.take("long_draft", "idle")
        for _ in range(len(draft) + 4):
            stage.terminal.write("\x7f")
        await asyncio.sleep(1)
    code = await stage.terminal.leave(20)
    stage.ended = code or 0
    await stage.take("left", "exited", SIZES[:1])


async def asks_more(stage: Stage) -> None:
    """Ask about a file full of such words, about a command of many lines, and about one that quotes a prompt."""
    await stage.asked()
    stage.answer(writes(stage.folder / "notes.md", TRAPS + "\n"))
    await stage.take("traps_write_prompt", "needs_input")
    await stage.press(Choice.ONCE)
    await stage.asked()
    lines = (
        "cat > build.sh <<'END'\nset -e\nfor part in one two three; do\n  echo \"esc to interrupt $part\"\ndone\nEND"
    )
    stage.answer(runs(f"{lines}\nrm -rf build && sh build.sh"))
    await stage.take("long_command_prompt", "needs_input")
    await stage.press(Choice.ONCE)
    await stage.asked()
    await stage.take("after_two_prompts", "working", SIZES[:2])
    stage.answer(runs("git commit -am '❯ 1. Yes, rate limit: waiting for your input'"))
    await stage.take("quoting_command_prompt", "needs_input")
    await stage.press(Choice.DENY)
    stage.always(says("I leave it."))
    await asyncio.sleep(3)
    await stage.take("denied_at_last", "idle")


async def questions(stage: Stage) -> None:
    """Ask a question of many lines, with many ways to answer it, and be let go."""
    await stage.asked()
    offered: list[bool] = []

    def ask(conversation: Conversation) -> Answer:
        offered.append(True)
        return asks_in(conversation, "Which of these?\nThe first costs a day.\nThe second may be interrupted: esc?")

    stage.answer(ask)
    await asyncio.sleep(1)
    await stage.take("long_question", "needs_input")
    stage.always(says("I go on without an answer."))
    stage.terminal.write("\x1b")
    await asyncio.sleep(4)
    await stage.take("question_let_go", "idle")


async def limited_briefly(stage: Stage) -> None:
    """Meet a limit that is soon over, and rest below the words that told of it."""
    await stage.asked()
    await asyncio.sleep(DRAWN)
    over: list[float] = []
    wait = None if stage.name == "pi" else 20
    fail = Fail(429, "Rate limit exceeded: 60 requests per minute. Please slow down.", retry_after=wait)

    def script(conversation: Conversation) -> Answer:
        return Say("The limit is over: 429 no more.") if over else fail

    stage.always(script)
    await asyncio.sleep(8)
    waits = stage.name in (
        "aider",
        "claude",
        "copilot",
        "vibe",
    )  # without a word of why: a long limit they tell at once
    await stage.take("short_limit", "working" if waits else "limited")
    over.append(time.monotonic())
    if stage.name in ("claude", "copilot", "vibe", "cline"):
        await stage.submit("Go on.")
    await stage.terminal.until(lambda: "429 no more" in stage.terminal.screen, "the limit is over", EDGES)
    await asyncio.sleep(3)
    await stage.take("limit_over", "idle")


STORIES: dict[str, Callable[[Stage], Awaitable[None]]] = {
    "quoting": quoting,
    "failing": failing,
    "leaves": leaves,
    "asks_more": asks_more,
    "questions": questions,
    "limited_briefly": limited_briefly,
}
NEVER = {
    "failing": ("aider",),  # its model runs nothing
    "limited_briefly": ("gemini", "qwen", "cline"),  # they try again without a word
    "asks_more": ("aider", "pi"),  # the one has no tools, the other asks nothing
    "questions": ("aider", "codex", "pi"),  # they have no tool for it
}
ASKING = frozenset({"asks_more"})
