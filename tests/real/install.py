"""Published agent CLIs from npm, installed once into `<repository>/.real/<name>@<version>`."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).resolve().parents[2] / ".real"
LIMIT = 600  # seconds for one installation


class NotInstallable(Exception):
    """A CLI cannot be installed here; the message says why and what would help."""


@dataclass(frozen=True, slots=True)
class Package:
    """An npm package at a fixed version, the command that it brings, and the script of its own that finishes it."""

    package: str
    version: str
    command: str
    finish: str = ""


PACKAGES = {
    "codex": Package("@openai/codex", "0.169.0", "codex"),
    "opencode": Package("opencode-ai", "1.18.33", "opencode", "postinstall.mjs"),
    "claude": Package("@anthropic-ai/claude-code", "2.1.330", "claude", "install.cjs"),
    "gemini": Package("@google/gemini-cli", "0.61.0", "gemini"),
}


def install(name: str) -> Path:
    """Return the folder of the CLI's command, installing it if it is not there; blocks. Raises: NotInstallable."""
    package = PACKAGES[name]
    home = CACHE / f"{name}@{package.version}"
    if not (home / "node_modules" / ".bin" / package.command).exists():
        _install(package, home)
    return home / "node_modules" / ".bin"


def _install(package: Package, home: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NotInstallable("npm is not on PATH: install Node.js with npm.")
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE, prefix=".partial-") as folder:
        partial = Path(folder) / "it"
        partial.mkdir()
        (partial / "package.json").write_text('{"private": true}\n')
        _run([npm, *_INSTALL, f"{package.package}@{package.version}"], partial)
        if package.finish:
            _run(["node", package.finish], partial / "node_modules" / package.package)
        try:
            partial.rename(home)
        except OSError:  # another run of the tests was faster
            if not home.is_dir():
                raise


# No scripts of any package run unseen; the two CLIs that need their own name it.
_INSTALL = ["install", "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "--loglevel=error"]


def _run(argv: list[str], folder: Path) -> None:
    # The tests' home is an empty one; npm's settings (registry, proxy, cache) are this machine's.
    env = os.environ | {"HOME": pwd.getpwuid(os.getuid()).pw_dir}
    done = subprocess.run(argv, cwd=folder, env=env, capture_output=True, text=True, timeout=LIMIT, check=False)
    if done.returncode:
        raise NotInstallable(f"{' '.join(argv)} failed: {(done.stderr or done.stdout).strip()[-2000:]}")


if __name__ == "__main__":
    for wanted in sys.argv[1:] or PACKAGES:
        sys.stdout.write(f"{install(wanted)}{os.linesep}")
