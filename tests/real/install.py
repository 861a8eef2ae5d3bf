"""Published agent CLIs from npm and PyPI, installed once into `<repository>/.real/<name>@<version>`."""

from __future__ import annotations

import fcntl
import os
import platform
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CACHE = (Path(__file__).resolve().parents[2] / ".real").resolve()
LIMIT = 600  # seconds for one installation


class NotInstallable(Exception):
    """A CLI cannot be installed here; the message says why and what would help."""


@dataclass(frozen=True, slots=True)
class Npm:
    """An npm package at a fixed version, the command that it brings, and the script of its own that finishes it."""

    package: str
    version: str
    command: str
    finish: str = ""
    beside: tuple[str, ...] = ()  # packages that it needs and does not name
    node: str = ""  # the Node that it wants, where that may be newer than the machine's


@dataclass(frozen=True, slots=True)
class PyPI:
    """A PyPI package at a fixed version, the command that it brings, and the Python minor versions that it runs on."""

    package: str
    version: str
    command: str
    minors: tuple[int, ...]


_SYSTEM = "darwin" if sys.platform == "darwin" else "linux"
_CHIP = "arm64" if platform.machine() in ("arm64", "aarch64") else "x64"
_NODE = f"node-{_SYSTEM}-{_CHIP}"  # npm has Node itself, a package for each platform
_NODE_22 = "22.22.3"
PACKAGES: dict[str, Npm | PyPI] = {
    "codex": Npm("@openai/codex", "0.171.0", "codex"),
    "opencode": Npm("opencode-ai", "1.18.33", "opencode", "postinstall.mjs"),
    "claude": Npm("@anthropic-ai/claude-code", "2.1.332", "claude", "install.cjs"),
    "gemini": Npm("@google/gemini-cli", "0.61.0", "gemini"),
    "qwen": Npm("@qwen-code/qwen-code", "0.24.4", "qwen", node=_NODE_22),
    "copilot": Npm("@github/copilot", "1.0.102", "copilot", node=_NODE_22),
    "kilocode": Npm("@kilocode/cli", "7.7.7", "kilo", beside=(f"@kilocode/cli-{_SYSTEM}-{_CHIP}@7.7.7",)),
    "pi": Npm("@mariozechner/pi-coding-agent", "0.73.1", "pi", node=_NODE_22),
    "cline": Npm("cline", "3.0.65", "cline", node=_NODE_22),
    "aider": PyPI("aider-chat", "0.86.2", "aider", (12, 11, 10)),
    "vibe": PyPI("mistral-vibe", "3.0.2", "vibe", (12, 13)),
}


def install(name: str) -> tuple[Path, ...]:
    """Return the folders that make the CLI's command run, first on PATH first; blocks. Raises: NotInstallable."""
    package = PACKAGES[name]
    home = CACHE / f"{name}@{package.version}"
    if isinstance(package, PyPI):
        _once(home, home / "bin" / package.command, lambda: _pip(package, home))
        return (home / "bin",)
    node = _node(package.node) if package.node else ()
    commands = home / "node_modules" / ".bin"
    _once(home, commands / package.command, lambda: _npm(package, home, node))
    return (commands, *node)


def _once(home: Path, command: Path, build: Callable[[], None]) -> None:
    if _runs(command):
        return
    home.parent.mkdir(exist_ok=True)
    with _alone(home.parent / f".{home.name}.lock"):
        if not _runs(command):
            shutil.rmtree(home, ignore_errors=True)
            build()
    if not _runs(command):
        raise NotInstallable(f"{home.name} brings no {command.name}: look into {home}.")


def _runs(command: Path) -> bool:
    """Say whether a command is there, and the interpreter that its first line names: it goes with a moved checkout."""
    if not command.exists():
        return False
    with command.open("rb") as file:
        first = file.readline(4096)
    words = first[2:].split() if first.startswith(b"#!/") else []
    return not words or Path(os.fsdecode(words[0])).exists()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock, so that of several test processes one installs and the others wait for it."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _node(version: str) -> tuple[Path, ...]:
    home = CACHE / f"node@{version}"
    folder = home / "node_modules" / _NODE / "bin"
    _once(home, folder / "node", lambda: _npm(Npm(_NODE, version, "node"), home, ()))
    return (folder,)


def _npm(package: Npm, home: Path, node: tuple[Path, ...]) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NotInstallable("npm is not on PATH: install Node.js with npm.")
    with tempfile.TemporaryDirectory(dir=CACHE, prefix=".partial-") as folder:
        partial = Path(folder) / "it"
        partial.mkdir()
        (partial / "package.json").write_text('{"private": true}\n')
        _run([npm, *_INSTALL, f"{package.package}@{package.version}", *package.beside], partial, node)
        if package.finish:
            _run(["node", package.finish], partial / "node_modules" / package.package, node)
        partial.rename(home)


# No scripts of any package run unseen; the CLIs that need their own name it.
_INSTALL = ["install", "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "--loglevel=error"]


def _pip(package: PyPI, home: Path) -> None:
    _run([str(_python(package.minors)), "-m", "venv", str(home)], CACHE)
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, f"{package.package}=={package.version}"], CACHE)


def _python(minors: tuple[int, ...]) -> Path:
    """Find a Python of one of these minor versions: this one, one on PATH, or one that pyenv keeps."""
    for minor in minors:
        for path in _pythons(minor):
            seen = subprocess.run([path, "-c", "import venv"], capture_output=True, timeout=LIMIT, check=False)
            if seen.returncode == 0:  # a pyenv shim of a version that is not chosen fails
                return path
    raise NotInstallable(f"No Python 3.{' or 3.'.join(map(str, minors))} is on PATH: install one.")


def _pythons(minor: int) -> Iterator[Path]:
    if sys.version_info[:2] == (3, minor):
        yield Path(sys.executable)
    if found := shutil.which(f"python3.{minor}"):
        yield Path(found)
    pyenv = Path(os.environ.get("PYENV_ROOT") or _home() / ".pyenv")
    yield from sorted(pyenv.glob(f"versions/3.{minor}.*/bin/python3.{minor}"))


def _home() -> Path:
    return Path(pwd.getpwuid(os.getuid()).pw_dir)


def _run(argv: list[str], folder: Path, first: tuple[Path, ...] = ()) -> None:
    # The tests' home is an empty one; npm's and pip's settings (registry, proxy, cache) are this machine's.
    path = os.pathsep.join([*map(str, first), os.environ.get("PATH", "")])
    env = os.environ | {"HOME": str(_home()), "PATH": path}
    done = subprocess.run(argv, cwd=folder, env=env, capture_output=True, text=True, timeout=LIMIT, check=False)
    if done.returncode:
        raise NotInstallable(f"{' '.join(argv)} failed: {(done.stderr or done.stdout).strip()[-2000:]}")


if __name__ == "__main__":
    for wanted in sys.argv[1:] or PACKAGES:
        sys.stdout.write(f"{install(wanted)[0]}{os.linesep}")
