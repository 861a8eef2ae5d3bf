"""Ready scripts: a lead that has one worker write a file and finishes the goal, and that worker."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.real.conversation import Answer, Call, Conversation, Say, Tool

LEAD_MARK = "HELLO-GOAL"  # stands in the goal
WORKER_MARK = "HELLO-TASK"  # stands in the task
GOAL = f"{LEAD_MARK}: have a file hello.txt in this repository that says hello."
TASK = f"{WORKER_MARK}: write hello.txt with the line hello, commit it, and report done."
COMMIT = (
    "git add hello.txt && git -c user.name=Worker -c user.email=worker@example.invalid "
    "-c commit.gpgsign=false commit -q -m 'Add hello.txt' && git log --oneline -1"
)
_ENDED = re.compile(r"state\W{1,6}(done|blocked|failed|killed|lost)")
_SHELLS = (
    "exec_command",
    "shell_command",
    "shell",
    "bash",
    "Bash",
    "run_shell_command",
    "local_shell",
    "execute_command",
    "run_commands",
)
_SEARCHES = ("ToolSearch", "tool_search")
_SEARCH_LIMIT = 5  # searches in one conversation
_WRITERS = ("write", "Write", "write_file", "create")
_CODE = "run_typescript"  # its code calls what other tools there are
_TEXT_MARK = "read-only file prompt.md"  # stands in the message to a CLI whose model edits by text alone
_TEXT = "hello.txt\n```\nhello\n```\n\nWORKER_DONE: hello.txt says hello.\n"
_NONCE = re.compile(r"^nonce: ([0-9a-f]+)$", re.MULTILINE)


def session(conversation: Conversation) -> Answer:
    """Answer as lead or worker, by the tools there are or else by the user's words; side questions get a word."""
    if not conversation.tools:
        return Say(_TEXT if is_asked(conversation) else "Hello")
    leads, works = conversation.tool("spawn_worker"), conversation.tool("report_done")
    if WORKER_MARK in conversation.prompt if bool(leads) == bool(works) else works:
        return worker(conversation)
    return lead(conversation) if leads or LEAD_MARK in conversation.prompt else Say("Nothing to do.")


def is_asked(conversation: Conversation) -> bool:
    """Say whether this is a turn of the agent, and no side question such as a title."""
    prompt = conversation.prompt
    return bool(conversation.tools) or (_TEXT_MARK in prompt and (WORKER_MARK in prompt or bool(_NONCE.search(prompt))))


def asking(conversation: Conversation) -> Answer:
    """Answer as `session` does, and want the shell outside of its sandbox where there is one."""
    answer = session(conversation)
    if isinstance(answer, Call) and "sandbox_permissions" in answer.tool.properties:
        wish = {"sandbox_permissions": "require_escalated", "justification": "It writes to the repository."}
        return Call(answer.tool, answer.arguments | wish)
    return answer


def lead(conversation: Conversation) -> Answer:
    """Spawn a worker, wait until it is done, integrate, verify, and mark the goal done."""
    spawned = conversation.results_of("spawn_worker")
    if not spawned:
        return call(conversation, "spawn_worker", task=TASK, perspective="implementer")
    worker_id = re.search(r"\bw\d\d+\b", spawned[-1])
    if worker_id is None:
        return _once(conversation, "mark_goal_failed", reason=f"no worker was spawned: {spawned[-1]}")
    if is_waiting(conversation):
        return call(conversation, "wait_for_worker", worker_id=worker_id[0], timeout_s=100)
    for tool in ("integrate", "verify"):
        offered = conversation.tool(tool) or (tool == "verify" and conversation.tool(_CODE))
        if offered and not conversation.results_of(tool):
            return call(conversation, tool)
    return _once(conversation, "mark_goal_done", summary="hello.txt says hello.")


def worker(conversation: Conversation) -> Answer:
    """Write hello.txt with a file tool or the shell, commit it in the shell, and report done."""
    return worker_with_notes(conversation, ())


def worker_with_notes(conversation: Conversation, notes: tuple[str, ...]) -> Answer:
    """Work as `worker` does, and report once more for each of these marks that a message brought."""
    if not conversation.tools:
        return Say(_TEXT)
    reports = 1 + sum(note in conversation.prompt for note in notes)
    writer, shell = conversation.tool(*_WRITERS), conversation.tool(*_SHELLS)
    if writer and not conversation.results_of(writer.name):
        return Call(writer, _arguments(writer, {_content(writer): "hello\n"}, path="hello.txt"))
    assert shell is not None, f"no shell among {[tool.name for tool in conversation.tools]}"
    if not conversation.results_of(shell.name):
        written = writer and "absolute" not in conversation.results_of(writer.name)[-1]
        line = COMMIT if written else f"printf 'hello\\n' > hello.txt && {COMMIT}"
        return Call(shell, _shell_arguments(shell, line))
    nonce = _NONCE.search(conversation.prompt)
    if nonce and not conversation.tool("report_done", _CODE, *_SEARCHES):
        return _flag(conversation, shell, nonce[1], reports)
    said = conversation.results_of("report_done")
    if len(said) >= reports:
        return Say(f"report_done: {said[-1]}")
    return call(conversation, "report_done", summary=f"hello.txt is committed: word {len(said) + 1}.")


def _flag(conversation: Conversation, shell: Tool, nonce: str, times: int) -> Answer:
    """Write the flag by which a worker without MCP says that it is done, and end the turn."""
    if len(conversation.results_of(shell.name)) > times:
        return Say("The flag is written.")
    told = f"printf 'done {nonce}\\nhello.txt is committed.\\n' > .agentorchestr/new"
    return Call(shell, _shell_arguments(shell, f"{told} && mv .agentorchestr/new .agentorchestr/done.flag"))


def in_shell(conversation: Conversation, line: str) -> Call:
    """Run a line with the CLI's own shell tool."""
    shell = conversation.tool(*_SHELLS)
    assert shell is not None, f"no shell among {[tool.name for tool in conversation.tools]}"
    return Call(shell, _shell_arguments(shell, line))


def shell_results(conversation: Conversation) -> list[str]:
    """Return what the lines run so far came back with."""
    return conversation.results_of(*_SHELLS)


def call(conversation: Conversation, short: str, **arguments: Any) -> Answer:
    """Call a tool of ours by whatever name the client listed it."""
    if tool := conversation.tool(short):
        return Call(tool, arguments)
    if code := conversation.tool(_CODE):
        named = f"tools.mcp_agentorchestr.{short}({json.dumps(arguments)})"
        return Call(code, {"code": f"async function main() {{ return await {named}; }}"})
    search = conversation.tool(*_SEARCHES)  # it finds what is deferred, and waits for servers that still connect
    if search and len(conversation.results_of(search.name)) < _SEARCH_LIMIT:
        return Call(search, _arguments(search, {"query": f"select:mcp__agentorchestr__{short}"}))
    return Say(f"There is no tool {short}.")


def _once(conversation: Conversation, short: str, **arguments: Any) -> Answer:
    results = conversation.results_of(short)
    return Say(f"{short}: {results[-1]}") if results else call(conversation, short, **arguments)


def is_waiting(conversation: Conversation) -> bool:
    """Say whether the lead has still to wait: it never did, the worker runs, or the call was cut off."""
    results = conversation.results_of("wait_for_worker")
    return not results or not _ENDED.search(results[-1])


def _shell_arguments(shell: Tool, line: str) -> dict[str, Any]:
    name = next(name for name in ("cmd", "commands", "command") if name in shell.properties)
    words = [line] if name == "commands" else ["bash", "-c", line]
    is_list = (shell.properties.get(name) or {}).get("type") == "array"
    return _arguments(shell, {name: words if is_list else line})


def _content(writer: Tool) -> str:
    return "file_text" if "file_text" in writer.properties else "content"


def _arguments(tool: Tool, known: dict[str, Any], path: str = "") -> dict[str, Any]:
    """Fill what the tool requires beside `known`: a path by the name of its property, words for the rest."""
    given = dict(known)
    for name in tool.parameters.get("required") or []:
        if name not in given:
            is_path = "path" in name.lower() or "file" in name.lower()
            kind = (tool.properties.get(name) or {}).get("type")
            given[name] = path if is_path else _FILLERS.get(kind, "as the task says")
    return given


_FILLERS: dict[Any, Any] = {"number": 5, "integer": 5, "boolean": False, "array": [], "object": {}}
