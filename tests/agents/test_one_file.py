"""An agent is added by one TOML file and no code: found, launched, judged, spoken to, answered, ended by it alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agentorchestr_tui.agents.card import SHIPPED, Card, load_cards
from agentorchestr_tui.agents.detection import detect
from agentorchestr_tui.agents.files import remove_files, write_files
from agentorchestr_tui.agents.launch import LaunchRequest, compose
from agentorchestr_tui.agents.rules import Field
from agentorchestr_tui.agents.standing import Choice, standing
from agentorchestr_tui.agents.status import Judge, Signal
from agentorchestr_tui.core.words import Permissions, Status

CARD = r"""
name = "mimic"
title = "Mimic"
binaries = ["mimic-cli", "mimic"]
lead_rank = 5
implement_rank = 5
unverified = "an example"

[version]
argv = ["{binary}", "version"]
pattern = 'mimic (\d+\.\d+)'

[launch]
argv = ["{binary}", "--config", "{private}/mimic.json", "@permissions", "@conversation", "@model", "--", "{prompt}"]
env = { MIMIC_UPDATES = "off" }

[launch.files."mimic.json".json]
theme = "dark"

[mcp.files."mimic.json".json.servers.agentorchestr]
url = "{mcp_url}"
headers = { Authorization = "Bearer {token}" }

[permissions.skip]
argv = ["--yes"]

[conversation]
start = ["--id", "{conversation}"]
resume = ["--go-on", "{conversation}"]

[submit]
gap_seconds = 0.3

[[exit]]
keys = "/bye\r"

[[dialogs]]
name = "trust"
match = 'Trust this\? \[y/n\]'
keys = ["y"]

[[prompts]]
name = "permission"
match = 'May I (?P<asked>.*)\? \(a\)llow, (?:\((?P<always>s)\)ession, )?\(d\)eny'
once = ["a"]
always = ["{always}"]
deny = ["d"]

[[status]]
name = "title spins"
field = "title"
match = '^\*'
status = "working"

[[status]]
name = "prompt"
field = "screen"
match = '^mimic> $|^mimic>$'
rows = 1
status = "idle"
"""


@pytest.fixture
def mimic(tmp_path: Path) -> Card:
    folder = tmp_path / "agents"
    folder.mkdir()
    (folder / "mimic.toml").write_text(CARD)
    return load_cards([SHIPPED, folder])["mimic"]


@pytest.fixture
def request_(tmp_path: Path) -> LaunchRequest:
    (tmp_path / "private").mkdir(mode=0o700)
    return LaunchRequest(
        role="lead",
        prompt="Do it.",
        mcp_url="http://127.0.0.1:1/mcp",
        token="t0k3n",
        private=tmp_path / "private",
        worktree=tmp_path,
        project=tmp_path,
        permissions=Permissions.SKIP,
        user_id=1000,
        conversation="c1",
        base={"PATH": str(tmp_path)},
    )


async def test_it_is_found_by_its_second_name_and_tells_its_version(mimic, tmp_path):
    binary = tmp_path / "mimic"
    binary.write_text("#!/bin/sh\n")
    binary.chmod(0o755)

    async def run(argv, env):
        assert argv == (str(binary), "version")
        return "mimic 1.2"

    (found,) = await detect({"mimic": mimic}, str(tmp_path), {}, run)
    assert (found.binary, found.version) == (binary, "1.2")


def test_it_is_launched_with_its_server_in_a_private_file(mimic, request_, tmp_path):
    launch = compose(mimic, Path("/bin/mimic"), request_)
    config = tmp_path / "private" / "mimic.json"
    assert launch.argv == ("/bin/mimic", "--config", str(config), "--yes", "--id", "c1", "--", "Do it.")
    assert launch.env["MIMIC_UPDATES"] == "off"
    write_files(launch)
    told = json.loads(config.read_text())
    assert (told["theme"], told["servers"]["agentorchestr"]["headers"]) == ("dark", {"Authorization": "Bearer t0k3n"})
    remove_files(launch)
    assert not config.exists()


def test_its_status_is_judged_and_its_questions_are_answered(mimic):
    judge = Judge(mimic.status)
    assert judge.look(["Trust this? [y/n]"]).status is Status.NEEDS_INPUT
    assert standing(mimic, ["Trust this? [y/n]"]).keys == ("y",)
    assert judge.look(["mimic> "]).status is Status.IDLE
    judge.hear(Signal(Field.TITLE, "* at it"))
    assert judge.verdict.status is Status.WORKING
    asked = ["May I run rm -rf x? (a)llow, (d)eny"]
    assert judge.look(asked).rule == "permission"
    assert standing(mimic, asked).text == "run rm -rf x"
    assert standing(mimic, asked).keys == {Choice.ONCE: ("a",), Choice.DENY: ("d",)}
