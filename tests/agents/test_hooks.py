"""What an agent's hooks wrote: read once, line by line, and said in the words that its card chooses."""

from __future__ import annotations

from agentorchestr_tui.agents.hooks import SHOWN, TOLD_FILE, Hooks, Told

HOOKS = Hooks(("hook_event_name", "error", "message"), conversation="session_id")


def test_each_line_is_told_once_and_not_before_it_is_whole(tmp_path):
    told = Told(tmp_path)
    assert told.news() == []
    with (tmp_path / TOLD_FILE).open("a") as file:
        for text, news in [
            ('{"hook_event_name": "Stop"}\n{"hook_ev', [{"hook_event_name": "Stop"}]),
            ('ent_name": ', []),
            ('"Start"}\n', [{"hook_event_name": "Start"}]),
            ("", []),
            ('\n\nno JSON\n[1]\n{"a": 1}\n\n', [{"a": 1}]),
        ]:
            file.write(text)
            file.flush()
            assert told.news() == news


def test_what_is_told_is_one_short_line_of_the_values_that_count():
    told = {"error": "rate_limit", "hook_event_name": "StopFailure", "prompt": "secret", "message": "Two\nlines " * 100}
    words = HOOKS.words(told)
    assert words.startswith("StopFailure rate_limit Two lines Two")
    assert len(words) == len("StopFailure rate_limit ") + SHOWN
    assert HOOKS.words({"error": 5}) == ""
    assert (HOOKS.conversation_of({"session_id": "abc"}), HOOKS.conversation_of({})) == ("abc", "")


def test_a_shell_line_is_read_from_the_hooks_that_tell_of_one_that_ran():
    hooks = Hooks((), ran="tool_input.command", ran_in=("PostToolUse",))
    told = {
        "hook_event_name": "PostToolUse",
        "tool_input": {"command": "make\n  test"},
        "tool_response": {"stdout": "x"},
    }
    assert hooks.line_of(told) == "make test"
    assert hooks.line_of(told | {"hook_event_name": "PreToolUse"}) == ""
    assert hooks.line_of(told | {"tool_input": "x"}) == ""
    assert hooks.line_of({}) == ""
