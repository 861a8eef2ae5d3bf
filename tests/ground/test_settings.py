"""Settings: one set of names, four sources, and mistakes that name the way out."""

from __future__ import annotations

import pytest

from agentorchestr_tui.core.errors import CannotRun
from agentorchestr_tui.core.words import Permissions
from agentorchestr_tui.settings import load, project_commands


@pytest.fixture
def folders(tmp_path):
    user, project = tmp_path / "user", tmp_path / "project"
    user.mkdir()
    project.mkdir()
    return user, project


def write(folder, text):
    (folder / "config.toml").write_text(text, encoding="utf-8")


def test_without_any_source_the_defaults_hold(folders):
    settings = load({}, user=folders[0], project=folders[1])
    assert (settings.max_workers, settings.permissions, settings.backend) == (8, Permissions.SKIP, "auto")


def test_the_stronger_source_wins(folders, monkeypatch):
    user, project = folders
    write(user, 'max_workers = 2\nlead = "user"\ntheme = "light"\n')
    write(project, 'max_workers = 3\nlead = "project"\n')
    monkeypatch.setenv("AGENTORCHESTR_LEAD", "environment")
    settings = load({"max_workers": 5, "lead": None}, user=user, project=project)
    assert (settings.max_workers, settings.lead, settings.theme) == (5, "environment", "light")


def test_lists_in_the_environment_are_words_and_lines(folders, monkeypatch):
    monkeypatch.setenv("AGENTORCHESTR_AGENTS", "codex, claude aider")
    monkeypatch.setenv("AGENTORCHESTR_VERIFY", "make test\n\nmake lint")
    settings = load({}, user=folders[0])
    assert settings.agents == ("codex", "claude", "aider")
    assert settings.verify == ("make test", "make lint")


def test_an_unknown_key_names_the_nearest_one_and_where_it_stands(folders):
    write(folders[0], "max_worker = 3\n")
    with pytest.raises(CannotRun, match=r"config\.toml has it; did you mean max_workers\?"):
        load({}, user=folders[0])


def test_an_unknown_key_in_the_environment_is_an_error_too(folders, monkeypatch):
    monkeypatch.setenv("AGENTORCHESTR_LEED", "claude")
    with pytest.raises(CannotRun, match=r"AGENTORCHESTR_LEED\) has it; did you mean lead\?"):
        load({}, user=folders[0])


@pytest.mark.parametrize("text", ['max_workers = "three"', "max_workers = 0", 'backend = "screen"', "agents = 3"])
def test_a_wrong_value_is_one_sentence(folders, text):
    write(folders[0], text)
    with pytest.raises(CannotRun, match=r"The setting \w+ is wrong"):
        load({}, user=folders[0])


def test_broken_toml_is_one_sentence(folders):
    write(folders[0], "max_workers = = 3")
    with pytest.raises(CannotRun, match="cannot be read"):
        load({}, user=folders[0])


def test_a_projects_own_commands_count_only_when_they_are_trusted(folders):
    user, project = folders
    write(project, 'verify = ["rm -rf /"]\nmax_workers = 2\n')
    assert project_commands(project)
    assert load({}, user=user, project=project).verify == ()
    assert load({}, user=user, project=project, commands=True).verify == ("rm -rf /",)
    assert load({}, user=user, project=project).max_workers == 2
