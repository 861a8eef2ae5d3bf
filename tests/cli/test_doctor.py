"""`--doctor` says what keeps a session from beginning, and what is only good to know."""

from __future__ import annotations

import json

import pytest

from tests.house import command_line, make_place


@pytest.fixture
def place(tmp_path):
    place = make_place(tmp_path)
    tools = tmp_path / "bin"
    tools.mkdir()
    return place, tools


def install(tools, name: str, says: str) -> None:
    (tools / name).write_text(f"#!/bin/sh\necho {says}\n", encoding="utf-8")
    (tools / name).chmod(0o755)


async def findings(place, tools, **env: str) -> tuple[int, dict[str, dict[str, object]]]:
    done = await command_line(place, "--doctor", "--json", env={"PATH": f"{tools}:/usr/bin:/bin", **env})
    told = json.loads(done.out)
    assert told["healthy"] is (done.code == 0)
    return done.code, {each["name"]: each for each in told["findings"]}


async def test_without_an_agent_it_is_ill_and_with_one_that_leads_it_is_well(place):
    place, tools = place
    code, found = await findings(place, tools)
    assert code == 1
    assert not found["agents"]["well"]
    assert "--demo" in found["agents"]["fix"]
    install(tools, "aider", "aider 0.86.2")
    code, found = await findings(place, tools)
    assert (code, found["agents"]["found"]) == (1, "none can lead; installed: Aider")
    install(tools, "codex", "codex-cli 9.9.9")
    code, found = await findings(place, tools)
    assert code == 0
    assert found["agents"]["found"] == "2 installed; Codex CLI would lead"
    assert "9.9.9 is installed; tried with" in found["codex"]["found"]
    text = await command_line(place, "--doctor", env={"PATH": f"{tools}:/usr/bin:/bin"})
    assert "All is well." in text.out
    assert "! codex" in text.out


async def test_it_names_a_broken_card_and_folders_that_dead_sessions_left(place):
    place, tools = place
    install(tools, "codex", "codex-cli 0.169.0")
    (place.paths.data / "launches" / "0a1b2c3d").mkdir(parents=True)
    code, found = await findings(place, tools)
    assert (code, found["leftovers"]["found"]) == (0, "folders of 1 dead session")
    assert "--gc" in found["leftovers"]["fix"]
    (place.paths.config / "agents").mkdir(parents=True)
    (place.paths.config / "agents" / "mine.toml").write_text('name = "mine"\n')
    code, found = await findings(place, tools)
    assert (code, found["cards"]["well"]) == (1, False)
    assert "mine.toml" in found["cards"]["found"]
