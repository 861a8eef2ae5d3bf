"""The throw-away repository of the demo: a small real Python project, and the feature it lacks."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

DEMO_GOAL = (
    "Let marmalade print recipes in metric units: `python -m marmalade RECIPE --metric` gives grams and millilitres "
    "instead of cups, spoons, ounces and pounds. Document it in the README and cover it with tests."
)
DEMO_VERIFY = (sys.executable, "-m", "unittest", "discover", "-q")  # argv; passes in the fresh project, in under 1 s

_FILES = Path(__file__).with_name("project.toml")


def make_project(folder: Path) -> None:
    """Write the project's files into a folder, which is made if need be; the caller makes it a repository."""
    files: dict[str, str] = tomllib.loads(_FILES.read_text(encoding="utf-8"))["files"]
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
