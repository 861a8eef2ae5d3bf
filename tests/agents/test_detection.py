from __future__ import annotations

import sys
from pathlib import Path

import pytest

from agentorchestr_tui.agents.card import SHIPPED, load_cards
from agentorchestr_tui.agents.detection import detect, find
from agentorchestr_tui.core.errors import LaunchError

CARDS = load_cards([SHIPPED])


def install(folder: Path, name: str, mode: int = 0o755) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(mode)
    return path


def test_an_installed_agent_is_found_with_its_absolute_path(tmp_path):
    path = install(tmp_path / "bin", "codex")
    (found,) = find(CARDS, str(tmp_path / "bin"))
    assert (found.card.name, found.binary) == ("codex", path)


def test_a_relative_path_entry_still_gives_an_absolute_path(tmp_path, monkeypatch):
    install(tmp_path / "bin", "codex")
    monkeypatch.chdir(tmp_path)
    (found,) = find(CARDS, "bin")
    assert found.binary.is_absolute()


def test_a_file_that_cannot_be_executed_is_no_agent(tmp_path):
    install(tmp_path / "bin", "codex", mode=0o644)
    assert find(CARDS, str(tmp_path / "bin")) == []


def test_an_empty_path_finds_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find(CARDS, "") == []


def test_the_rehearsal_is_found_only_when_asked_for():
    (found,) = find(CARDS, "", hidden=True)
    assert (found.card.name, found.binary) == ("rehearsal", Path(sys.executable))


async def test_versions_are_read_from_what_the_binaries_print(tmp_path):
    said = {"codex": "codex-cli 0.169.0\n", "claude": "2.1.330 (Claude Code)\n", "opencode": "1.18.33\n"}
    said |= {"gemini": "0.61.0\n", "aider": "aider 0.86.2\n"}
    for name in said:
        install(tmp_path / "bin", name)

    async def run(argv, env):
        assert argv[1:] == ("--version",)
        assert env["PATH"] == str(tmp_path / "bin")
        assert "CLAUDECODE" not in env
        return said[Path(argv[0]).name]

    found = await detect(CARDS, str(tmp_path / "bin"), {"CLAUDECODE": "1"}, run)
    assert {each.card.name: each.version for each in found} == {
        "aider": "0.86.2", "claude": "2.1.330", "codex": "0.169.0", "gemini": "0.61.0", "opencode": "1.18.33",
    }  # fmt: skip


@pytest.mark.parametrize("trouble", [OSError("no"), TimeoutError(), LaunchError("no")])
async def test_an_agent_that_tells_no_version_is_detected_all_the_same(tmp_path, trouble):
    install(tmp_path / "bin", "codex")

    async def run(argv, env):
        raise trouble

    (found,) = await detect(CARDS, str(tmp_path / "bin"), {}, run)
    assert (found.card.name, found.version) == ("codex", "")


async def test_words_that_are_no_version_are_not_taken_for_one(tmp_path):
    install(tmp_path / "bin", "codex")

    async def run(argv, env):
        return "some other program 1.2.3"

    (found,) = await detect(CARDS, str(tmp_path / "bin"), {}, run)
    assert found.version == ""
