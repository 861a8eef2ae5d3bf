from __future__ import annotations

from pathlib import Path

import pytest

from agentorchestr_tui.agents.card import SHIPPED, Card, load_cards
from agentorchestr_tui.core.errors import CardError
from agentorchestr_tui.core.words import Status

MINIMAL = """
name = "mimic"
title = "Mimic"
binaries = ["mimic"]

[launch]
argv = ["{binary}", "{prompt}"]
"""


def card_of(folder: Path, text: str, name: str = "mimic") -> Card:
    (folder / f"{name}.toml").write_text(text)
    return load_cards([folder])[name]


def complaint(folder: Path, text: str, name: str = "mimic") -> str:
    with pytest.raises(CardError) as caught:
        card_of(folder, text, name)
    return str(caught.value)


CARDS = load_cards([SHIPPED])
PROMISED = {
    *("claude", "openclaude", "kiro", "opencode", "codex", "gemini", "aider", "goose", "amp", "qwen"),
    *("crush", "copilot", "cursor-agent", "cline", "droid", "auggie", "kilocode", "vibe", "kimi", "pi"),
}


def test_every_promised_agent_has_a_card():
    assert set(CARDS) == {*PROMISED, "rehearsal"}


def test_kiro_is_found_by_any_of_its_names():
    assert CARDS["kiro"].binaries == ("kiro-cli", "kiro", "kirocli")


def test_only_the_rehearsal_is_hidden():
    assert [card.name for card in load_cards([SHIPPED]).values() if card.hidden] == ["rehearsal"]


def test_a_card_says_what_it_was_checked_with_or_why_with_nothing():
    for card in CARDS.values():
        assert bool(card.checked) != bool(card.unverified) or card.hidden, card.name


def test_every_card_says_how_its_agent_ends():
    for card in CARDS.values():
        assert card.exit, card.name


def test_a_card_that_was_checked_knows_when_its_agent_works_rests_and_waits():
    for card in CARDS.values():
        told = {rule.status for rule in card.status}
        assert card.unverified or {Status.WORKING, Status.IDLE} <= told, card.name
        assert card.unverified or card.name == "pi" or Status.NEEDS_INPUT in told, card.name


def test_a_card_that_was_checked_knows_its_prompts_or_its_agent_has_none():
    for card in CARDS.values():
        promptless = card.hidden or card.name in {"pi", "aider"}
        assert card.prompts or card.unverified or promptless, card.name


def test_what_a_card_cannot_do_about_permissions_stands_in_its_notes():
    for card in CARDS.values():
        told = card.permissions.skip != card.permissions.ask or "permission" in card.notes
        assert told or card.hidden, card.name


def test_what_speaks_no_mcp_says_why_it_cannot_lead():
    for card in CARDS.values():
        assert card.mcp or "cannot lead" in " ".join(card.notes.split()), card.name


def test_every_card_knows_a_way_back_into_a_conversation_but_those_that_have_none():
    assert {card.name for card in CARDS.values() if card.conversation is None} == {"rehearsal"}


def test_lead_ranks_put_what_was_checked_before_what_was_not():
    checked = [card.lead_rank for card in CARDS.values() if card.checked and card.name != "vibe" and card.lead_rank]
    assert min(checked) >= max(
        card.lead_rank for card in CARDS.values() if card.unverified and card.name != "openclaude"
    )


def test_ranks_of_leads_differ():
    ranks = [card.lead_rank for card in CARDS.values() if card.lead_rank]
    assert len(ranks) == len(set(ranks))


@pytest.mark.parametrize("name", sorted(CARDS))
def test_signs_of_one_card_have_names_of_their_own(name):
    names = [rule.name for rule in CARDS[name].status]
    assert len(names) == len(set(names))


def test_an_agent_without_mcp_does_not_rank_as_lead():
    for card in load_cards([SHIPPED]).values():
        assert card.mcp or card.lead_rank == 0, card.name


def test_an_agent_is_added_by_one_file(tmp_path):
    card = card_of(tmp_path, MINIMAL)
    assert (card.name, card.binaries, card.mcp) == ("mimic", ("mimic",), None)


def test_a_users_card_overrides_a_shipped_one(tmp_path):
    (tmp_path / "codex.toml").write_text(MINIMAL.replace("mimic", "codex").replace("Mimic", "Mine"))
    cards = load_cards([SHIPPED, tmp_path])
    assert cards["codex"].title == "Mine"
    assert cards["claude"].title == "Claude Code"


def test_a_folder_that_is_not_there_holds_no_cards(tmp_path):
    assert load_cards([tmp_path / "nowhere"]) == {}


def test_an_unknown_key_is_named_with_card_and_nearest_key(tmp_path):
    said = complaint(tmp_path, "binarys = []\n" + MINIMAL)
    assert "mimic.toml" in said
    assert "'binarys'" in said
    assert "'binaries'" in said


def test_an_unknown_key_deep_inside_is_named_with_its_place(tmp_path):
    said = complaint(tmp_path, MINIMAL + '[[status]]\nname="x"\nfield="title"\nmatsch="x"\nstatus="idle"\n')
    assert "status[0]" in said
    assert "'match'" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (MINIMAL.replace('title = "Mimic"', ""), "lacks the key 'title'"),
        (MINIMAL.replace('"Mimic"', "7"), "title is 7: give a string"),
        (MINIMAL.replace('["mimic"]', '"mimic"'), "binaries is 'mimic': give a list"),
        ("lead_rank = 1.5\n" + MINIMAL, "lead_rank is 1.5: give a whole number"),
        ("hidden = 1\n" + MINIMAL, "hidden is 1: give true or false"),
        ("mcp = true\n" + MINIMAL, "mcp is True: give a table"),
        (MINIMAL.replace('"{prompt}"', '"{promt}", "{prompt}"'), "{promt}"),
        (MINIMAL.replace('"{prompt}"', '"x"'), "names no {prompt} and no {prompt_file}"),
        (MINIMAL.replace('"{prompt}"', '"{prompt}", "@mpc"'), "@mpc: say one of @mcp"),
        (MINIMAL + '[mcp]\nargv = ["--x"]\n', "no @mcp"),
        (MINIMAL + '[[status]]\nname="x"\nfield="title"\nmatch="("\nstatus="idle"\n', "no regular expression"),
        (
            MINIMAL + '[[status]]\nname="x"\nfield="titel"\nmatch="x"\nstatus="idle"\n',
            "say one of title, osc7501, http, hook, screen",
        ),
        (MINIMAL + '[[status]]\nname="x"\nfield="title"\nmatch="x"\nstatus="busy"\n', "say one of starting, working"),
        (MINIMAL.replace('name = "mimic"', 'name = "other"'), "say 'mimic', as the file is called"),
        ("name = ", "cannot be read as TOML"),
        (MINIMAL + '[[dialogs]]\nname="x"\nmatch="x"\n', "give keys that answer it, or ask = true"),
        (MINIMAL + '[[dialogs]]\nname="x"\nmatch="x"\nask=true\nkeys=["y"]\n', "'x': give keys"),
        (MINIMAL + '[[prompts]]\nname="x"\nmatch="x"\nonce=["y"]\ndeny=["n"]\n', "no group (?P<asked>...)"),
        (MINIMAL + '[[prompts]]\nname="x"\nmatch="(?P<asked>x)"\nonce=["{no}"]\ndeny=["n"]\n', "no group (?P<no>...)"),
        (MINIMAL + '[[limits]]\nname="x"\nmatch="(?P<when>x)"\n', "say one of span, clock, date, zone, epoch"),
        (MINIMAL + '[conversation]\nresume=["-r", "{conversation}"]\n', "no @conversation"),
    ],
)
def test_a_wrong_card_is_refused_with_what_is_wrong(tmp_path, text, words):
    assert words in complaint(tmp_path, text)


def test_a_card_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "mimic.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CardError, match=r"mimic\.toml cannot be read"):
        load_cards([tmp_path])


def test_a_whole_number_serves_where_a_number_is_wanted(tmp_path):
    assert card_of(tmp_path, MINIMAL + "[submit]\ngap_seconds = 1\n").submit.gap_seconds == 1.0
