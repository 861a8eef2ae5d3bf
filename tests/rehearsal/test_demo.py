"""The built-in piece, end to end over a real MCP server, real git and real PTYs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from agentorchestr_tui.rehearsal.project import DEMO_GOAL, DEMO_VERIFY, make_project
from tests.rehearsal.orchestra import Orchestra, Player, git

PROMPT = f"You lead the work on one goal.\n\nGoal: {DEMO_GOAL}\n\nSpawn workers with spawn_worker.\n"


def lead(play, orchestra: Orchestra, **options) -> Player:
    env = orchestra.env(orchestra.lead_token)
    return play(prompt=PROMPT, folder=orchestra.repository, role="lead", env=env, **options)


def test_lead_and_workers_bring_the_goal_to_done(play, orchestra):
    player = lead(play, orchestra).until(lambda player: "mark_goal_done" in orchestra.called)
    player.until_state("idle:app=rehearsal")
    assert "mark_goal_failed" not in orchestra.called
    assert [worker.state for worker in orchestra.workers.values()] == ["done", "done"]
    assert orchestra.called.count("wait_for_worker") > 2  # "running" was answered by asking again
    changed = git(orchestra.repository, "diff", "--stat", "main").splitlines()
    assert {line.split("|")[0].strip() for line in changed[:-1]} == {
        "README.md",
        "marmalade/__main__.py",
        "marmalade/metric.py",
        "tests/test_metric.py",
    }
    assert subprocess.run(DEMO_VERIFY, cwd=orchestra.repository, capture_output=True, check=False).returncode == 0
    assert "480 ml flour" in printed(orchestra.repository, "recipes/pancakes.txt", "--metric")
    for worker in orchestra.workers.values():
        assert git(worker.worktree, "status", "--porcelain") == ""


def test_a_goal_that_does_not_verify_is_given_up_with_the_reason(play, orchestra):
    orchestra.verify_passes = False
    lead(play, orchestra).until(lambda player: "mark_goal_failed" in orchestra.called)
    assert "passed is false" in str(orchestra.arguments("mark_goal_failed"))
    assert "mark_goal_done" not in orchestra.called


def test_a_refused_spawn_is_given_up_with_the_servers_own_sentence(play, orchestra):
    orchestra.refuse["spawn_worker"] = "All 8 seats are taken; kill a worker first."
    player = lead(play, orchestra).until(lambda player: "mark_goal_failed" in orchestra.called)
    player.until_state("idle:app=rehearsal")
    assert player.states[-2].startswith("error:app=rehearsal:msg=")
    assert "All 8 seats are taken; kill a worker first." in str(orchestra.arguments("mark_goal_failed"))
    assert "All 8 seats are taken" in player.transcript


def test_a_worker_answers_a_message_with_a_note_a_commit_and_a_new_report(play, orchestra, repository):
    env = orchestra.env(orchestra.worker_token("w01"))
    player = play(prompt="Perspective: implementer", folder=repository, env=env)
    player.until(lambda player: orchestra.called == ["report_done"]).until_state("idle:app=rehearsal")
    player.paste("Please also think\nof teaspoons.")
    player.type("\r")
    player.until(lambda player: orchestra.called == ["report_done"] * 2)
    assert (repository / "NOTES.md").read_text() == "- Please also think\nof teaspoons.\n"
    assert git(repository, "log", "--format=%s", "-1") == "Note what was asked"


def test_a_server_that_goes_away_is_told_in_a_sentence_and_the_agent_lives_on(play, orchestra, repository):
    score = '[[opening]]\ncall = "report_done"\narguments = { summary = "x" }\n[[reply]]\n'
    score += 'call = "report_done"\narguments = { summary = "y" }\n'
    player = play(score, folder=repository, env=orchestra.env(orchestra.worker_token("w01")))
    player.until(lambda player: orchestra.called == ["report_done"]).until_state("idle:app=rehearsal")
    orchestra.close()
    player.type("again\r")
    player.until_shown(f"The MCP server at {orchestra.url} cannot be used").until_state("idle:app=rehearsal")
    player.type("/quit\r")
    assert player.until_over() == 0


@pytest.mark.parametrize("url", ["nonsense", "http://127.0.0.1:99999/mcp", "ftp://127.0.0.1/mcp"])
def test_an_address_that_makes_no_sense_is_told_in_a_sentence(play, url):
    player = play('[[opening]]\ncall = "report_done"', env={"AGENTORCHESTR_MCP_URL": url})
    player.until_shown(f"The MCP server at {url} cannot be used")


def test_a_worker_without_a_server_prints_its_outcome(play, repository):
    player = play(prompt="You are the tester.", folder=repository)
    player.until(lambda player: "WORKER_DONE: tests/test_metric.py" in player.transcript)
    assert git(repository, "diff", "--stat", "HEAD~1").startswith("tests/test_metric.py")


def test_a_worker_in_another_project_says_that_it_failed(play, orchestra, tmp_path):
    env = orchestra.env(orchestra.worker_token("w01"))
    player = play(prompt="Perspective: implementer", env=env)
    player.until(lambda player: orchestra.called == ["report_failed"])
    assert "marmalade/recipe.py cannot be read: no such file or directory." in player.transcript


def test_a_wrong_token_is_told_in_a_sentence(play, orchestra):
    player = play('[[opening]]\ncall = "report_done"\narguments = { summary = "x" }', env=orchestra.env("wrong"))
    player.until_shown(f"The MCP server at {orchestra.url} cannot be used")
    assert orchestra.calls == []


def test_a_server_that_is_not_there_is_told_in_a_sentence(play):
    env = {"AGENTORCHESTR_MCP_URL": "http://127.0.0.1:9/mcp", "AGENTORCHESTR_MCP_TOKEN": "t"}
    player = play('[[opening]]\ncall = "report_done"\narguments = { summary = "x" }', env=env)
    player.until_shown("The MCP server at http://127.0.0.1:9/mcp cannot be used")


def test_the_project_passes_its_own_tests_and_lacks_the_feature(tmp_path):
    make_project(tmp_path / "a folder")
    verify = subprocess.run(DEMO_VERIFY, cwd=tmp_path / "a folder", capture_output=True, text=True, check=False)
    assert verify.returncode == 0
    assert "Ran 6 tests" in verify.stderr
    assert printed(tmp_path / "a folder", "recipes/pancakes.txt", "--servings", "6").startswith("Pancakes, for 6\n")
    lacking = printed(tmp_path / "a folder", "recipes/pancakes.txt", "--metric")
    assert "unrecognized arguments: --metric" in lacking


def printed(folder: Path, *words: str) -> str:
    argv = [sys.executable, "-m", "marmalade", *words]
    ran = subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr
