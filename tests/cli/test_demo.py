"""The rehearsal from the command line: a whole session that needs nothing and leaves nothing."""

from __future__ import annotations

import json

from tests.house import command_line, make_place, processes_of


async def test_the_demo_ends_with_summary_branch_diff_stat_and_0_and_leaves_nothing(tmp_path):
    place = make_place(tmp_path)
    done = await command_line(place, "--demo", "--no-tui")
    assert done.code == 0, done
    assert "✓ done" in done.out
    assert "branch agentorchestr/" in done.out
    assert "4 files changed" in done.out
    assert "throw-away repository" in done.out
    assert "git merge" not in done.out
    assert done.err == ""
    assert processes_of(place) == []
    assert list(place.runtime.iterdir()) == []
    assert not place.paths.data.exists()
    assert not place.paths.config.exists()


async def test_the_demo_speaks_json_too_and_works_with_an_empty_home(tmp_path):
    place = make_place(tmp_path)
    done = await command_line(place, "--demo", "--no-tui", "--json", env={"HOME": ""})
    assert done.code == 0, done
    kinds = [json.loads(line)["kind"] for line in done.out.splitlines()]
    assert kinds.count("worker_spawned") == 2
    assert "goal_done" in kinds
