"""Reading scores, filling blanks, deciding conditions."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentorchestr_tui.rehearsal import verbs
from agentorchestr_tui.rehearsal.conditions import Condition, parsed
from agentorchestr_tui.rehearsal.score import Score, ScoreError, Step, fill, read

BUILT_IN = Path(verbs.__file__).with_name("scores")


def scored(tmp_path: Path, text: str) -> Score:
    path = tmp_path / "score.toml"
    path.write_text(text, encoding="utf-8")
    return read(path)


def test_steps_are_read_in_order_with_their_settings(tmp_path):
    score = scored(
        tmp_path,
        """
        [[opening]]
        think = 2
        about = "Reading"
        [[opening]]
        run = ["git", "status"]
        as = "git"
        when = "not mcp"
        expect = "exit is 0"
        [[reply]]
        call = "wait_for_worker"
        arguments = { worker_id = "w01", timeout_s = 10 }
        again_while = "state is running"
        """,
    )
    assert score.opening == (
        Step(verbs.Think(2, "Reading")),
        Step(verbs.Run(("git", "status")), "git", Condition("mcp", negated=True), Condition("exit", "0")),
    )
    call = verbs.Call("wait_for_worker", {"worker_id": "w01", "timeout_s": 10}, Condition("state", "running"))
    assert score.reply == (Step(call),)
    assert score.setback == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[opening", "cannot be read"),
        ('[[encore]]\nsay = "x"', "has a part 'encore'; there are opening, reply, setback."),
        ('opening = "x"', "'opening' must be a list of steps"),
        ('[[opening]]\nshout = "x"', "Step 1 of 'opening' needs exactly one verb of append, ask,"),
        ('[[opening]]\nsay = "x"\nthink = 1', "needs exactly one verb"),
        ('[[opening]]\nsay = "x"\nloud = true', "'say' knows no 'loud'; it knows say."),
        ('[[opening]]\nwrite = "x"', "'write' needs 'text'."),
        ("[[opening]]\nsay = 3", "'say' must be text, not 3."),
        ("[[opening]]\ncrash = true", "'crash' must be a whole number, not True."),
        ('[[opening]]\nrun = "ls"', "'run' must be a list of texts"),
        ('[[opening]]\nsay = "x"\nwhen = "a == b"', "'a == b' is no condition"),
        ('[[opening]]\ncall = "x"\nagain_while = 3', "is no condition"),
    ],
)
def test_what_is_wrong_in_a_score_is_said(tmp_path, text, sentence):
    with pytest.raises(ScoreError) as refusal:
        scored(tmp_path, text)
    assert sentence in str(refusal.value)


def test_blanks_are_filled_everywhere_and_once():
    memory = {"goal": "{{goal}} in braces", "built.state": "done"}
    assert fill("<{{goal}}> {{ built.state }} {x} {{{}}}", memory) == "<{{goal}} in braces> done {x} {{{}}}"
    assert fill(("{{built.state}}", "x"), memory) == ("done", "x")
    assert fill({"a": ["{{built.state}}"], "b": 3}, memory) == {"a": ["done"], "b": 3}
    assert fill("{{built.summary}}", memory) == ""


def test_an_unknown_blank_is_an_error():
    with pytest.raises(ScoreError, match=r"'\{\{typo\}\}', which nothing has set; known are goal\."):
        fill("{{typo}}", {"goal": "x"})


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("a.state is done", True),
        ("a.state is not done", False),
        ("a.state is still going", False),
        ("a.state", True),
        ("a.off", False),
        ("not a.off", True),
        ("missing", False),
        ("missing is empty", True),
        ("a.state is not empty", True),
    ],
)
def test_conditions_are_decided_on_facts(text, holds):
    condition = parsed(text)
    assert condition.holds({"a.state": "done", "a.off": "false"}) is holds
    assert parsed(str(condition)) == condition


@pytest.mark.parametrize("path", sorted(BUILT_IN.glob("*.toml")), ids=lambda path: path.stem)
def test_every_built_in_score_reads(path):
    assert read(path).opening


def test_every_verb_can_be_performed():
    from agentorchestr_tui.rehearsal.performing import perform

    assert set(verbs.VERBS.values()) <= set(perform.registry)
