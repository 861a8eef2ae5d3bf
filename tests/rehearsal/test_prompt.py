"""What is found in prompts that others write."""

from __future__ import annotations

import pytest

from agentorchestr_tui.rehearsal import prompt

PARTS = {"implementer", "tester"}


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("Rules.\nGoal: Add a flag\nMore.", "Add a flag"),
        ("## Goal: Add a flag", "Add a flag"),
        ("**Goal:** Add a flag", "Add a flag"),
        ("goal:\n\n  Add a flag\n", "Add a flag"),
        ("# Goal:\nAdd a flag", "Add a flag"),
        ("Add a flag\nand more", "Add a flag"),
        ("", ""),
    ],
)
def test_the_goal_is_found(text, goal):
    assert prompt.goal(text) == goal


@pytest.mark.parametrize(
    ("text", "nonce"),
    [("nonce: 0af3", "0af3"), ("Write `nonce: 0af3` there.", "0af3"), ("nonce: `0af3`", "0af3"), ("", "")],
)
def test_the_nonce_is_found(text, nonce):
    assert prompt.nonce(text) == nonce


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Perspective: tester", "tester"),
        ("## Role: Tester", "tester"),
        ("**Role**: tester", "tester"),
        ("# Role\n\nYou are the tester of this team.", "tester"),
        ("You are a worker.\nYour perspective is tester.", "tester"),
        ("You are the **tester**.", "tester"),
        ("You are the reviewer.", "implementer"),
        ("A tester works beside you.", "implementer"),
        ("", "implementer"),
    ],
)
def test_the_part_is_found(text, part):
    assert prompt.part(text, PARTS, "implementer") == part


def test_a_prompt_of_any_size_is_read_in_no_time():
    assert prompt.goal("x " * 200_000 + "\nGoal: found") == "found"


def test_what_a_score_may_ask_of_the_prompt():
    text = "You take over from another lead\nRole: tester\nnonce: 0af3\n\nTask: Write it\nall of it\n"
    assert prompt.facts(text) == {
        "goal": "You take over from another lead",
        "nonce": "0af3",
        "role": "tester",
        "task": "Write it\nall of it",
        "successor": "yes",
    }
    assert prompt.facts("Goal: Go")["task"] == ""
