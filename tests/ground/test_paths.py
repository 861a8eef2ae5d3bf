"""Paths: XDG folders, an old home that is honoured, and private folders that are private."""

from __future__ import annotations

import stat

import pytest

from agentorchestr_tui.core.errors import CannotRun
from agentorchestr_tui.paths import Paths, private_folder, remove_private, user_paths


def test_xdg_folders_are_honoured(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    paths = user_paths()
    assert paths.data == tmp_path / "data" / "agentorchestr"
    assert paths.config == tmp_path / "config" / "agentorchestr"
    assert paths.cache == tmp_path / "cache" / "agentorchestr"


@pytest.mark.parametrize("home", ["", "relative"])
def test_without_a_usable_home_the_system_is_asked(home, monkeypatch):
    monkeypatch.setenv("HOME", home)
    paths = user_paths()
    assert all(folder.is_absolute() for folder in (paths.data, paths.config, paths.cache))


def test_an_existing_old_folder_takes_the_place_of_data_and_config(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".agentorchestr").mkdir()
    paths = user_paths()
    assert paths.data == paths.config == tmp_path / ".agentorchestr"


def test_a_private_folder_is_its_owners_alone_even_when_it_was_there(tmp_path):
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True, mode=0o755)
    assert stat.S_IMODE(private_folder(folder).stat().st_mode) == 0o700


def test_a_link_in_place_of_a_private_folder_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CannotRun, match="belongs to somebody else"):
        private_folder(tmp_path / "link")


def test_a_file_in_place_of_a_folder_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CannotRun, match="cannot be made"):
        private_folder(tmp_path / "file" / "below")


def test_a_session_folder_too_long_for_a_socket_is_refused(tmp_path):
    paths = Paths(tmp_path, tmp_path, tmp_path, tmp_path / ("x" * 90))
    with pytest.raises(CannotRun, match="too long a path for a socket; set TMPDIR"):
        paths.session("abcd1234")


def test_removing_a_private_folder_leaves_nothing(tmp_path):
    folder = private_folder(tmp_path / "session")
    (folder / "access.json").write_text("{}", encoding="utf-8")
    remove_private(folder)
    assert not folder.exists()
    remove_private(folder)
