"""Which commands prove a project right: those that its people named, else those that its files give away."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

NPM_PLACEHOLDER = "no test specified"  # what `npm init` writes where a test script should stand

_VERIFY_BLOCK = re.compile(
    r"^#{1,6}[^\n]*\b(?:verif|test|check)[^\n]*\n(?:(?!^#{1,6} )[^\n]*\n)*?^```[^\n]*\n(.*?)^```",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)


def detect_commands(root: Path, path: str) -> tuple[str, ...]:
    """Guess the test commands of the project at `root`, with `path` as PATH; blocks, so call it in a thread."""
    return tuple(dict.fromkeys(_commands(root, path)))


def written_commands(text: str) -> tuple[str, ...]:
    """Return the lines of the first code block below a heading of PROJECT.md that speaks of verifying or testing."""
    found = _VERIFY_BLOCK.search(text)
    lines = found[1].splitlines() if found else []
    return tuple(
        line.strip().removeprefix("$ ") for line in lines if line.strip() and not line.lstrip().startswith("#")
    )


def _commands(root: Path, path: str) -> Iterator[str]:
    if _python_tests(root):
        yield _python_command(root, path)
    if _npm_test(root):
        yield "npm test --silent"
    if (root / "Cargo.toml").is_file():
        yield "cargo test --quiet"
    if (root / "go.mod").is_file():
        yield "go test ./..."
    if _make_test(root) and not (_python_tests(root) or _npm_test(root)):
        yield "make test"


def _python_tests(root: Path) -> bool:
    return any(_matches(folder, "test*.py") for folder in (root, root / "tests", root / "test"))


def _matches(folder: Path, pattern: str) -> bool:
    return (
        folder.is_dir()
        and next(folder.rglob(pattern) if folder.name.startswith("test") else folder.glob(pattern), None) is not None
    )


def _python_command(root: Path, path: str) -> str:
    python = "python3" if shutil.which("python3", path=path) else "python"
    if _says_pytest(root) and shutil.which("pytest", path=path):
        return "pytest -q"
    return f"{python} -m pytest -q" if _says_pytest(root) else f"{python} -m unittest discover -q{_start(root)}"


def _start(root: Path) -> str:
    has_package = (root / "tests" / "__init__.py").is_file() or not (root / "tests").is_dir()
    return "" if has_package else " -s tests -t ."


def _says_pytest(root: Path) -> bool:
    if any((root / name).is_file() for name in ("pytest.ini", "conftest.py", "tests/conftest.py")):
        return True
    return any(
        "pytest" in _text(root / name) for name in ("pyproject.toml", "setup.cfg", "tox.ini", "requirements.txt")
    )


def _npm_test(root: Path) -> bool:
    try:
        script = json.loads(_text(root / "package.json") or "{}").get("scripts", {}).get("test", "")
    except (ValueError, AttributeError):
        return False
    return bool(script) and NPM_PLACEHOLDER not in script


def _make_test(root: Path) -> bool:
    return any(line.startswith("test:") for line in _text(root / "Makefile").splitlines())


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
