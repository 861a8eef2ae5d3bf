"""Where things live: data, configuration, cache, a project's own folder, and a session's private one."""

from __future__ import annotations

import os
import pwd
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from agentorchestr_tui.core.errors import CannotRun

APPLICATION = "agentorchestr"
PROJECT_FOLDER = ".agentorchestr"
SOCKET = "panes.sock"  # of a session's pane host, in its private folder
SOCKET_PATH_LIMIT = 100  # bytes; a unix socket's path holds 104 on macOS and 108 on Linux, with the closing zero


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one user."""

    data: Path
    config: Path
    cache: Path
    runtime: Path

    @property
    def database(self) -> Path:
        """The event log of all sessions."""
        return self.data / "state.db"

    @property
    def log(self) -> Path:
        """Where diagnostics go."""
        return self.data / "agentorchestr.log"

    @property
    def trust(self) -> Path:
        """The projects whose commands may run, by content hash."""
        return self.data / "trust.json"

    @property
    def drafts(self) -> Path:
        """What a person was writing when it was not sent."""
        return self.data / "drafts"

    def worktrees(self, session: str) -> Path:
        """Return the folder of a session's worktrees."""
        return self.data / "worktrees" / session

    def recordings(self, session: str) -> Path:
        """Return the folder of a session's recordings."""
        return self.data / "recordings" / session

    def launches(self, session: str) -> Path:
        """Return the 0700 folder of files written for a session's launches alone."""
        return self.data / "launches" / session

    @property
    def starts(self) -> Path:
        """The folder of the locks at which agents wait for their turn to start."""
        return self.data / "starts"

    def session(self, session: str) -> Path:
        """Return a session's private folder for sockets, unmade. Raises: CannotRun when a socket would not fit."""
        folder = self.runtime / f"{APPLICATION}-{session}"
        if len(os.fsencode(folder / SOCKET)) > SOCKET_PATH_LIMIT:
            raise CannotRun(f"{folder} is too long a path for a socket; set TMPDIR to a shorter folder.")
        return folder


def environment() -> Mapping[str, str]:
    """Return a copy of the environment this program was started in."""
    return dict(os.environ)


def user_id() -> int:
    """Return the effective user id."""
    return os.geteuid()


def user_paths() -> Paths:
    """Return this user's folders: XDG on Linux, Library on macOS, or an existing ~/.agentorchestr."""
    old = _home() / PROJECT_FOLDER
    dirs = platformdirs.PlatformDirs(APPLICATION, appauthor=False)
    chosen = (old, old) if old.is_dir() else (_xdg("XDG_DATA_HOME", dirs.user_data_path), _config(dirs))
    return Paths(
        data=chosen[0],
        config=chosen[1],
        cache=_xdg("XDG_CACHE_HOME", dirs.user_cache_path),
        runtime=Path(tempfile.gettempdir()),
    )


def _config(dirs: platformdirs.PlatformDirs) -> Path:
    return _xdg("XDG_CONFIG_HOME", dirs.user_config_path)


def _xdg(variable: str, default: Path) -> Path:
    """Honour an absolute XDG folder on every system: platformdirs does so on Linux alone."""
    folder = os.environ.get(variable, "")
    return Path(folder) / APPLICATION if os.path.isabs(folder) else _home() / default


def _home() -> Path:
    """Return the home folder; with HOME empty or relative, the one that the system knows."""
    home = Path(os.path.expanduser("~"))  # Path.home() would make an empty HOME the current folder
    return home if home.is_absolute() else Path(pwd.getpwuid(os.geteuid()).pw_dir)


def private_folder(folder: Path) -> Path:
    """Make a folder that only its owner may enter, or check one that is there. Raises: CannotRun."""
    try:
        for parent in (*reversed(folder.parents), folder):
            if not parent.is_dir():
                parent.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise CannotRun(f"{folder} cannot be made ({error.strerror}); make its parent writable.") from error
    if not folder.is_dir() or folder.is_symlink() or found.st_uid != os.geteuid():
        raise CannotRun(f"{folder} belongs to somebody else; remove it, or set TMPDIR to a folder of your own.")
    if found.st_mode & 0o077:
        folder.chmod(0o700)
    return folder


def remove_private(folder: Path) -> None:
    """Remove a private folder of ours and the plain files in it; blocks."""
    for entry in folder.glob("*"):
        if not entry.is_dir() or entry.is_symlink():
            entry.unlink(missing_ok=True)
    if folder.is_dir():
        folder.rmdir()
