"""What the command line answers by itself, and what it loads for that."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from tests.house import command_line, make_place

HEAVY = ("textual", "rich", "mcp", "pydantic", "uvicorn", "psutil")


def loaded(*words: str) -> set[str]:
    """Run the command line in a process of its own; returns the top-level modules that it loaded."""
    script = (
        "import sys\nfrom agentorchestr_tui.__main__ import main\n"
        f"try:\n    main({list(words)!r})\nexcept SystemExit:\n    pass\n"
        "print('loaded:', *{name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60)
    return set(done.stdout.splitlines()[-1].removeprefix("loaded:").split())


@pytest.mark.parametrize("words", [["--version"], ["--help"]])
def test_version_and_help_load_nothing_heavy(words):
    assert not loaded(*words) & set(HEAVY)


@pytest.mark.parametrize("words", [["--detect"], ["--list-sessions"]])
def test_detect_and_list_sessions_load_neither_textual_nor_mcp(words):
    assert not loaded(*words) & {"textual", "rich", "mcp", "uvicorn"}


async def test_detect_tells_what_is_installed_with_version_and_what_is_not(tmp_path):
    place = make_place(tmp_path)
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "codex").write_text("#!/bin/sh\necho codex-cli 0.169.0\n", encoding="utf-8")
    (tools / "codex").chmod(0o755)
    done = await command_line(place, "--detect", "--json", env={"PATH": f"{tools}:/usr/bin:/bin"})
    rows = {row["name"]: row for row in json.loads(done.out)}
    assert rows["codex"]["installed"]
    assert rows["codex"]["version"] == "0.169.0"
    assert rows["codex"]["binary"] == str(tools / "codex")
    assert not rows["aider"]["installed"]
    assert "rehearsal" not in rows
    text = await command_line(place, "--detect", env={"PATH": f"{tools}:/usr/bin:/bin"})
    assert "✓ codex" in text.out
    assert "aider        not found on PATH" in text.out
    assert "droid        not found on PATH  (untried: needs login)" in text.out
    assert "0.169.0" in rows["codex"]["checked"]
    assert "tried with" not in text.out
    (tools / "codex").write_text("#!/bin/sh\necho codex-cli 9.0.0\n", encoding="utf-8")
    newer = await command_line(place, "--detect", env={"PATH": f"{tools}:/usr/bin:/bin"})
    assert re.search(r"\(tried with [^)]*0\.169\.0", newer.out)


async def test_no_sessions_is_a_sentence_and_an_empty_list(tmp_path):
    place = make_place(tmp_path)
    assert "No sessions yet" in (await command_line(place, "--list-sessions")).out
    assert json.loads((await command_line(place, "--list-sessions", "--json")).out) == []


async def test_the_module_and_the_command_are_the_same(tmp_path):
    place = make_place(tmp_path)
    assert (await command_line(place, "--version")).out.startswith("agentorchestr 0.")


async def test_a_projects_commands_run_only_after_they_were_trusted_as_they_are(tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", "plain_lead", rank=2)
    place.agent("works")
    words = ("--no-tui", "--goal", "Say hello", "--agents", "lead", "works", "--lead", "lead")
    (place.project / ".agentorchestr").mkdir()
    config = place.project / ".agentorchestr" / "config.toml"
    config.write_text('verify = ["test -f hello.txt"]\n', encoding="utf-8")
    untrusted = await command_line(place, *words)
    assert "they run only after: agentorchestr --trust" in untrusted.err
    assert "test -f hello.txt" not in untrusted.out
    assert (await command_line(place, "--trust")).code == 0
    trusted = await command_line(place, *words)
    assert (trusted.code, trusted.err) == (0, "")
    assert "verify: test -f hello.txt" in trusted.out
    config.write_text('verify = ["touch /tmp/evil"]\n', encoding="utf-8")
    assert "run only after" in (await command_line(place, *words)).err


async def test_a_projects_hooks_are_trusted_with_the_scripts_beside_them_and_a_change_asks_anew(tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", "plain_lead", rank=2)
    place.agent("works")
    words = ("--no-tui", "--goal", "Say hello", "--agents", "lead", "works", "--lead", "lead")
    ours, ran = place.project / ".agentorchestr", tmp_path / "ran"
    (ours / "hooks").mkdir(parents=True)
    script, table = ours / "hooks" / "note.sh", ours / "hooks.json"
    script.write_text(f"echo first >> {ran}\n", encoding="utf-8")
    table.write_text(json.dumps({"post_task": [f"sh {script}"]}), encoding="utf-8")
    assert "names hooks; they run only after: agentorchestr --trust" in (await command_line(place, *words)).err
    assert not ran.exists()
    assert (await command_line(place, "--trust")).code == 0
    trusted = await command_line(place, *words)
    assert (trusted.code, trusted.err) == (0, "")
    assert ran.read_text() == "first\n"
    script.write_text(f"echo second >> {ran}\n", encoding="utf-8")
    assert "names hooks; they run only after" in (await command_line(place, *words)).err
    script.write_text(f"echo first >> {ran}\n", encoding="utf-8")
    table.write_text(json.dumps({"post_task": [f"sh {script} again"]}), encoding="utf-8")
    assert "names hooks; they run only after" in (await command_line(place, *words)).err
    assert ran.read_text() == "first\n"
