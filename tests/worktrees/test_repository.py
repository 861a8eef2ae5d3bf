"""Opening a repository: what works, and what gets one sentence with the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentorchestr_tui.core.errors import CannotRun, ProjectUnusable
from agentorchestr_tui.worktrees.repository import Repository

from .conftest import Folder


async def test_a_repository_opens_at_its_root_commit_and_branch(project: Folder, env: dict[str, str]) -> None:
    repository = await Repository.open(project.path, env)

    assert (repository.root, repository.branch) == (project.path, "main")
    assert repository.head == project.git("rev-parse", "HEAD")
    assert repository.common == project.path / ".git"


async def test_a_sub_directory_opens_the_repository_around_it(project: Folder, env: dict[str, str]) -> None:
    assert (await Repository.open(project.path / "src", env)).root == project.path


async def test_a_detached_head_opens_without_a_branch(project: Folder, env: dict[str, str]) -> None:
    project.git("switch", "-q", "--detach")

    assert (await Repository.open(project.path, env)).branch is None


async def test_a_root_with_a_newline_and_other_letters_opens(tmp_path: Path, env: dict[str, str]) -> None:
    odd = Folder(tmp_path / "zwei\nZeilen é 漢", env)
    odd.path.mkdir()
    odd.git("init", "-q")
    odd.commit("a", "a\n")

    assert (await Repository.open(odd.path, env)).root == odd.path


async def test_a_linked_worktree_of_the_user_opens_as_its_own_root(
    project: Folder, env: dict[str, str], tmp_path: Path
) -> None:
    project.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))

    repository = await Repository.open(tmp_path / "side", env)

    assert (repository.root, repository.branch) == (tmp_path / "side", "side")
    assert repository.common == project.path / ".git"


async def test_a_submodules_inside_opens_as_its_own_repository(project: Folder, env: dict[str, str]) -> None:
    project.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(project.path), "inner")

    assert (await Repository.open(project.path / "inner", env)).root == project.path / "inner"


async def test_dirty_names_changed_staged_and_untracked_paths_as_they_are(project: Folder, env: dict[str, str]) -> None:
    project.write("README.md", "changed\n")
    project.write("src/app.py", "staged\n")
    project.git("add", "src/app.py")
    project.write("new/ü\n file", "x")
    project.write(".env", "SECRET=1\n")
    project.git("mv", "notes with spaces.txt", "notes moved.txt")

    dirty = await (await Repository.open(project.path, env)).dirty()

    assert sorted(dirty) == ["README.md", "new/ü\n file", "notes moved.txt", "notes with spaces.txt", "src/app.py"]


async def test_a_clean_checkout_is_not_dirty(project: Folder, env: dict[str, str]) -> None:
    assert await (await Repository.open(project.path, env)).dirty() == []


async def test_variables_that_point_git_elsewhere_are_not_heard(
    project: Folder, env: dict[str, str], tmp_path: Path
) -> None:
    led_astray = {**env, "GIT_DIR": str(tmp_path / "nowhere"), "GIT_INDEX_FILE": "/nowhere", "GIT_WORK_TREE": "/"}

    assert (await Repository.open(project.path, led_astray)).root == project.path


async def refusal(folder: Path, env: dict[str, str]) -> str:
    with pytest.raises(CannotRun) as refused:
        await Repository.open(folder, env)
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


async def test_a_plain_folder_is_refused_with_the_way_out(tmp_path: Path, env: dict[str, str]) -> None:
    assert "run `git init`" in await refusal(tmp_path, env)


async def test_a_repository_without_commits_is_refused_with_the_way_out(tmp_path: Path, env: dict[str, str]) -> None:
    Folder(tmp_path, env).git("init", "-q")

    assert "no commit yet" in await refusal(tmp_path, env)


async def test_a_bare_repository_and_the_inside_of_dot_git_are_refused(
    project: Folder, env: dict[str, str], tmp_path: Path
) -> None:
    Folder(tmp_path, env).git("init", "-q", "--bare", "bare.git")

    assert "no checkout" in await refusal(tmp_path / "bare.git", env)
    assert "no checkout" in await refusal(project.path / ".git", env)


async def test_a_missing_folder_and_a_file_are_refused(project: Folder, env: dict[str, str]) -> None:
    assert "does not exist" in await refusal(project.path / "missing", env)
    assert "is not a folder" in await refusal(project.path / "README.md", env)


async def test_an_unreadable_folder_is_refused(tmp_path: Path, env: dict[str, str]) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")  # unreadable for root too

    assert "cannot be read (too many levels of symbolic links)" in await refusal(tmp_path / "loop", env)


async def test_a_machine_without_git_is_told_to_install_it(project: Folder, env: dict[str, str]) -> None:
    assert "git is not installed" in await refusal(project.path, {**env, "PATH": str(project.path)})


@pytest.mark.parametrize(
    ("says", "told"),
    [("git version 2.37.9 (Apple Git-1)", "git 2.37.9 (Apple Git-1) is too old"), ("nonsense", "does not work")],
)
async def test_a_git_that_cannot_merge_in_memory_is_refused(
    project: Folder, env: dict[str, str], tmp_path: Path, says: str, told: str
) -> None:
    old = tmp_path / "bin" / "git"
    old.parent.mkdir()
    old.write_text(f"#!/bin/sh\necho '{says}'\n")
    old.chmod(0o755)

    sentence = await refusal(project.path, {**env, "PATH": f"{old.parent}:{env['PATH']}"})

    assert told in sentence
    assert "install git 2.38" in sentence


async def test_a_repository_with_a_broken_configuration_is_refused_in_gits_words(
    project: Folder, env: dict[str, str]
) -> None:
    project.write(".git/config", "[core\n")

    with pytest.raises(ProjectUnusable, match="bad config"):
        await Repository.open(project.path, env)
