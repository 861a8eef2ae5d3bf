"""What agents drop beside their work is no work: neither counted nor committed, whatever else is ignored."""

from __future__ import annotations

from agentorchestr_tui.worktrees.repository import Repository
from agentorchestr_tui.worktrees.worktrees import Worktrees


async def test_an_agents_litter_is_neither_counted_nor_committed_and_what_the_user_ignores_stays_ignored(
    project, env, tmp_path, at
):
    ignore = tmp_path / "empty home/.config/git/ignore"
    ignore.parent.mkdir(parents=True)
    ignore.write_text("*.swp\n")
    more = {"GIT_CONFIG_COUNT": "2", "GIT_CONFIG_KEY_0": "user.name", "GIT_CONFIG_VALUE_0": "Ada"}
    more |= {"GIT_CONFIG_KEY_1": "user.email", "GIT_CONFIG_VALUE_1": "ada@example.org"}
    repository = await Repository.open(project.path, env | more)
    session = Worktrees(repository, "s1", tmp_path / "worktrees", litter=[".mimic*"])
    worktree = await session.add("w01", "implementer", "HEAD")
    folder = at(worktree.path)
    for name in (".mimic.history", ".mimic.cache/a.db", "x.swp", "hello.txt"):
        folder.write(name, "hello\n")
    seen = await session.evidence(worktree)
    assert (seen.files, seen.uncommitted) == (("hello.txt",), 1)
    commit = await session.commit_leftovers(worktree, "Keep it")
    assert folder.git("diff", "--name-only", worktree.base, commit) == "hello.txt"
    assert folder.git("log", "-1", "--format=%cn") == "Ada"
    assert project.status() == ""


async def test_a_users_ignore_file_that_the_configuration_names_is_heeded(project, env, tmp_path, at):
    named = tmp_path / "ignored"
    named.write_text("*.swp\n")
    project.git("config", "core.excludesFile", str(named))
    session = Worktrees(await Repository.open(project.path, env), "s1", tmp_path / "worktrees", litter=[".mimic*"])
    worktree = await session.add("w01", "implementer", "HEAD")
    for name in (".mimic.history", "x.swp"):
        at(worktree.path).write(name, "hello\n")
    assert (await session.evidence(worktree)).files == ()
