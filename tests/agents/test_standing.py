"""What stands on recorded screens of real CLIs, and the keys that answer it."""

from __future__ import annotations

import re

import pytest

from agentorchestr_tui.agents.card import SHIPPED, Card, LaunchPart, load_cards
from agentorchestr_tui.agents.rules import Dialog, Prompt
from agentorchestr_tui.agents.standing import Choice, DialogStands, PromptStands, standing
from agentorchestr_tui.core.words import Status
from tests.agents.recorded import AGENTS, MOMENTS, moments_of

CARDS = load_cards([SHIPPED])
ASKING = sorted({each.agent for each in MOMENTS.values() if "_prompt" in each.scene})
TRUSTING = sorted({each.agent for each in MOMENTS.values() if each.scene == "trust_dialog"})


def stands(name: str) -> DialogStands | PromptStands | None:
    return standing(CARDS[MOMENTS[name].agent], MOMENTS[name].screen)


def card(*, dialogs: tuple[Dialog, ...] = (), prompts: tuple[Prompt, ...] = ()) -> Card:
    return Card("mimic", "Mimic", ("mimic",), LaunchPart(("{prompt}",)), dialogs=dialogs, prompts=prompts)


def pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.MULTILINE)


MENU = Prompt(
    "menu",
    pattern(r"^Allow (?P<asked>.*)\?\n1 yes(\n(?P<always>\d) always)?\n(?P<deny>\d) no"),
    once=("1",),
    always=("{always}", "\r"),
    deny=("{deny}",),
)


@pytest.mark.parametrize("agent", ASKING)
def test_recorded_permission_prompts_are_read_with_what_they_ask_and_how_they_are_answered(agent):
    for name in moments_of(agent, lambda each: "_prompt" in each.scene and each.status is Status.NEEDS_INPUT):
        found = stands(name)
        assert isinstance(found, PromptStands), name
        assert any(word in found.text for word in ("hello", "README.md", "notes.md", "build.sh", "interrupt", "Yes")), (
            name
        )
        assert {Choice.ONCE, Choice.DENY} <= set(found.keys), name
        assert not any("{" in key for keys in found.keys.values() for key in keys), name


HEADER = [" Cline needs permission", "", " Approve tool call?", ""]
OURS = [*HEADER, " agentorchestr__spawn_worker", ""]


def test_cline_is_answered_for_tools_of_ours_and_for_nothing_that_looks_like_them():
    real = list(MOMENTS["cline.write_prompt.needs_input"].screen)
    begins, tool = real.index(HEADER[0]), real.index(" run_commands")
    ours = [*real[:begins], *OURS, "   {}", *real[tool + 4 :]]
    found = standing(CARDS["cline"], ours)
    assert found == DialogStands("a tool of ours", "Approve tool call?\nagentorchestr__spawn_worker\n{}", ("y",), True)
    before, within = [*OURS, *real[begins:]], [*real[: tool + 2], *OURS, *real[tool + 2 :]]
    for forged in (before, within):
        assert isinstance(standing(CARDS["cline"], forged), PromptStands)


def test_vibe_is_answered_for_tools_of_ours_and_for_nothing_that_looks_like_them():
    real = list(MOMENTS["vibe.write_prompt.needs_input"].screen)
    first = next(at for at, row in enumerate(real) if "Permission for the" in row)
    wide = len(real[first])
    header = "│ Permission for the mcp_agentorchestr.spawn_worker tool".ljust(wide - 1) + "│"
    found = standing(CARDS["vibe"], [*real[:first], header, *real[first + 1 :]])
    assert (found.name, found.keys, found.recurs) == ("a tool of ours", ("\r",), True)
    quoted = ["│ ┌─┐".ljust(wide - 1) + "│", header]
    assert isinstance(standing(CARDS["vibe"], [*real[: first + 1], *quoted, *real[first + 3 :]]), PromptStands)


LOOP = """\
      "status": "working",
      "hint": "It is still at work. Call wait_for_worker again; nothing else is needed."
    }
   ╭──────────────────────────────────────────────────────────────────────────────────────────────────
   │ ?  A potential loop was detected
   │
   │ This can happen due to repetitive tool calls or other model behavior. Do you want to keep loop
   │ detection enabled or disable it for this session?
   │
   │ › 1. Keep loop detection enabled (esc)
   │   2. Disable loop detection for this session
   │
   │ Note: Setting "model.skipLoopDetection" to true in your settings.json disables only the
   │ heuristic loop checks for future sessions.
   ╰──────────────────────────────────────────────────────────────────────────────────────────────────
"""


def test_qwen_that_suspects_a_loop_is_answered_where_it_only_waits_for_a_worker():
    waits = standing(CARDS["qwen"], LOOP.splitlines())
    assert waits.keys == ("2",)
    other = standing(CARDS["qwen"], LOOP.replace("Call wait_for_worker again; nothing else", "Nothing").splitlines())
    assert (other.name, other.keys) == ("loop suspected", ())


@pytest.mark.parametrize("agent", TRUSTING)
def test_recorded_trust_dialogs_are_read_with_the_keys_that_trust(agent):
    for name in moments_of(agent, lambda each: each.scene.startswith("trust_dialog")):
        found = stands(name)
        assert isinstance(found, DialogStands), name
        assert "trust" in found.name, name
        assert found.keys, name


@pytest.mark.parametrize("agent", AGENTS)
def test_nothing_stands_where_the_agent_waits_for_nothing(agent):
    waiting = moments_of(agent, lambda each: each.status is not Status.NEEDS_INPUT)
    assert {name: found for name in waiting if (found := stands(name))} == {}


def test_keys_of_claudes_trust_dialog_depend_on_where_the_cursor_is():
    rows = list(MOMENTS["claude.trust_dialog.needs_input"].screen)
    on_no = standing(CARDS["claude"], rows)
    moved = [row.replace(" ❯ No", "   No").replace("   Yes, I", " ❯ Yes, I") for row in rows]
    on_yes = standing(CARDS["claude"], moved)
    assert (on_no.keys, on_yes.keys) == (("\x1b[B",), ("\r",))


def test_the_text_asked_is_shown_without_its_frame():
    found = stands("gemini.write_prompt.needs_input")
    assert found.text.splitlines() == ["WriteFile  Writing to hello.txt", "1 hello", "Apply this change?"]


def test_a_choice_that_a_prompt_does_not_offer_has_no_keys():
    with_always = standing(card(prompts=(MENU,)), ["Allow rm?", "1 yes", "2 always", "3 no"])
    without = standing(card(prompts=(MENU,)), ["Allow rm?", "1 yes", "2 no"])
    assert with_always.keys == {Choice.ONCE: ("1",), Choice.ALWAYS: ("2", "\r"), Choice.DENY: ("3",)}
    assert without.keys == {Choice.ONCE: ("1",), Choice.DENY: ("2",)}


def test_a_dialog_for_a_person_has_words_and_no_keys():
    login = Dialog("login", pattern("Please log in.*"), ask=True)
    assert standing(card(dialogs=(login,)), ["Please log in: _", ""]) == DialogStands("login", "Please log in: _", ())


def test_a_dialog_that_scrolled_up_stands_no_more():
    login = Dialog("login", pattern("Please log in.*"), ask=True, rows=3)
    assert standing(card(dialogs=(login,)), ["Please log in: _", "done", "ready", "> "]) is None


def test_a_prompt_says_needs_input_before_any_other_rule(tmp_path):
    (tmp_path / "mimic.toml").write_text(
        'name = "mimic"\ntitle = "Mimic"\nbinaries = ["mimic"]\n[launch]\nargv = ["{binary}", "{prompt}"]\n'
        '[[status]]\nname = "rests"\nfield = "screen"\nmatch = "y/n"\nstatus = "idle"\n'
        '[[prompts]]\nname = "asks"\nmatch = "(?P<asked>.*) y/n"\nonce = ["y"]\ndeny = ["n"]\n'
    )
    rules = load_cards([tmp_path])["mimic"].status
    assert [(rule.name, rule.status) for rule in rules] == [("asks", Status.NEEDS_INPUT), ("rests", Status.IDLE)]
