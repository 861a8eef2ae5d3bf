"""Workers that leave their own branch: seen at once, told to lead and person, and nothing is lost."""

from __future__ import annotations

import pytest

from agentorchestr_tui.core.commands import SetGoal
from agentorchestr_tui.core.events import EscapeSeen
from agentorchestr_tui.core.words import NeedKind
from tests.house import make_place, session
from tests.mcp_server.client import connected, told

IDLE_LEAD = '[[opening]]\nhang = "Leading"\n'
COMMIT = "git -c user.name=A -c user.email=a@b commit -q"


@pytest.fixture
async def led(tmp_path):
    """A session whose lead does nothing: the test is the lead. The project has two commits and a branch beside main."""
    place = make_place(tmp_path)
    (place.project / "second.txt").write_text("second\n")
    place.git("add", "--all")
    place.git("-c", "user.name=T", "-c", "user.email=t@localhost", "commit", "--quiet", "-m", "second")
    place.git("branch", "feature", "HEAD~1")
    place.agent("lead", IDLE_LEAD, rank=2)
    place.agent("told", "does_as_told")
    place.agent("hangs")
    async with session(place.opening(lead="lead", verify=("true",))) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        yield place, orchestrator


async def worked(client, task):
    """Have a task done; return how it ended and all the news that came with it."""
    worker = (await told(client, "spawn_worker", task=task, agent_hint="told"))["worker_id"]
    news = []
    while (waited := await told(client, "wait_for_worker", worker_id=worker))["state"] == "running":
        news += waited.get("news", [])
    return waited, "\n".join([*news, *waited.get("news", [])])


def pointed_out(orchestrator):
    return [need.text for need in orchestrator.state.needs.values() if need.kind is NeedKind.ESCAPE]


async def test_what_a_worker_does_to_the_users_branches_is_told_with_its_end_and_kept(led):
    place, orchestrator = led
    async with connected(orchestrator) as client:
        main = place.git("rev-parse", "main")

        waited, news = await worked(
            client, f"cd {place.project} && echo x > x.txt && git add x.txt && {COMMIT} -m mine"
        )
        stray = place.git("rev-parse", "main")
        assert "w01 committed 1 commit on main, a branch of the user's, instead of its own" in news
        assert f"git cherry-pick {main[:10]}..{stray[:10]}" in news
        assert (waited["state"], waited["evidence"]["commits"]) == ("done", 0)
        assert "branch main" in waited["hint"]
        (need,) = pointed_out(orchestrator)
        assert need.startswith(f"w01 moved your branch main from {main[:10]} to {stray[:10]}, 1 commit of its own.")
        (kept,) = orchestrator.state.workers["w01"].kept
        assert place.git("rev-parse", f"{kept}^") == stray  # whatever becomes of main

        task = f"echo 2 > two.txt && git add --all && {COMMIT} -m two && git update-ref refs/heads/feature HEAD"
        waited, news = await worked(client, task)
        assert "w02 committed 2 commits on feature, a branch of the user's" in news  # feature was behind by one
        assert waited["evidence"]["files"] == ["two.txt"]

        waited, news = await worked(client, f"cd {place.project} && git reset -q --hard HEAD~1")
        assert "w03 moved main, a branch of the user's: tell it to stay on its own branch." in news
        (lost,) = [each for each in place.git("for-each-ref", "--format=%(refname)").split() if "/user/" in each]
        assert place.git("rev-parse", f"{lost}^") == stray
        assert f"kept under {lost}" in news

        _, news = await worked(client, "git branch -D feature")
        assert "w04 deleted feature, a branch of the user's" in news
        assert any("w04 deleted your branch feature; `git branch feature" in each for each in pointed_out(orchestrator))

        _, news = await worked(client, f"git -C {place.project} switch -q -c elsewhere")
        assert "w05 switched the user's own checkout from main to elsewhere" in news
        assert [worker.id for worker in orchestrator.state.workers.values() if not worker.escaped] == []


async def test_a_worker_that_leaves_deletes_or_rewrites_its_own_branch_is_told_of_and_loses_nothing(led):
    place, orchestrator = led
    async with connected(orchestrator) as client:
        own = f"agentorchestr/{orchestrator.state.id}/implementer"

        _, news = await worked(client, "git switch -q -c mine && echo 1 > one.txt")
        assert f"w01 works on the branch mine in its worktree, not on its own ({own}-w01)" in news

        task = f"echo 2 > two.txt && git add --all && {COMMIT} -m two && git checkout -q --detach HEAD~1"
        _, news = await worked(client, f"{task} && git branch -qD {own}-w02 && echo 3 > three.txt")
        assert f"w02 deleted its own branch {own}-w02: integrate takes what its worktree holds. What it let go" in news
        (kept,) = orchestrator.state.workers["w02"].kept
        assert place.git("show", f"{kept}:two.txt") == "2"

        task = (
            f"echo 4 > four.txt && git add --all && {COMMIT} -m four && git update-ref -d refs/heads/{own}-w03; false"
        )
        waited, news = await worked(client, task)
        assert f"w03 deleted its own branch {own}-w03 (made anew)" in news
        assert (waited["state"], waited["evidence"]["files"]) == ("failed", ["four.txt"])
        assert place.git("show", f"{own}-w03:four.txt") == "4"

        waited, news = await worked(client, f"echo 5 > five.txt && git add --all && {COMMIT} --amend -m other")
        base = orchestrator.state.workers["w04"].base
        assert f"w04 rewrote commits from before its task: its branch no longer holds {base[:10]}" in news

        task = (
            f"echo 6 > six.txt && git add --all && {COMMIT} -m six && git reset -q --hard HEAD~1 && echo 7 > seven.txt"
        )
        await worked(client, task)
        (kept,) = orchestrator.state.workers["w05"].kept
        assert place.git("show", f"{kept}:six.txt") == "6"

        merged = await told(client, "integrate")
        assert (merged["integrated"], merged["conflicts"]) == (["w01", "w02", "w04", "w05"], [])
        files = place.git("ls-tree", "--name-only", merged["commit"]).split()
        assert {"one.txt", "three.txt", "five.txt", "seven.txt", "second.txt"} <= set(files)
        assert not pointed_out(orchestrator)  # all of it in their own worktrees
        said = [notice for notice in orchestrator.state.notices if "own branch" in notice or "rewrote" in notice]
        assert len(said) == 3


async def test_a_worker_that_deletes_its_folder_and_its_branch_loses_none_of_its_commits(led):
    place, orchestrator = led
    async with connected(orchestrator) as client:
        own = f"agentorchestr/{orchestrator.state.id}/implementer-w01"
        task = (
            f"echo 1 > one.txt && git add --all && {COMMIT} -m one && git update-ref -d refs/heads/{own} && rm -rf $PWD"
        )
        _, news = await worked(client, task)
        assert "w01 deleted its own worktree" in news
        (kept,) = orchestrator.state.workers["w01"].kept
        assert place.git("show", f"{kept}:one.txt") == "1"


async def test_what_the_user_commits_meanwhile_accuses_nobody(led):
    place, orchestrator = led
    async with connected(orchestrator) as client:
        seen = []
        orchestrator.listen(lambda recorded, _: seen.append(recorded.event))
        await told(client, "spawn_worker", task="Think", agent_hint="hangs")
        await orchestrator.hands.measurer.look(orchestrator)
        (place.project / "mine.txt").write_text("mine\n")
        place.git("add", "--all")
        place.git("-c", "user.name=T", "-c", "user.email=t@localhost", "commit", "--quiet", "-m", "mine")
        place.git("switch", "--quiet", "feature")
        await orchestrator.hands.measurer.look(orchestrator)
        assert EscapeSeen("w01", ("branch main",), False) in seen
        assert not any(isinstance(each, EscapeSeen) and each.sure for each in seen)
        assert not pointed_out(orchestrator)
        assert "news" not in await told(client, "wait_for_worker", worker_id="w01", timeout_s=0)
