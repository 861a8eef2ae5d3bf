"""The nevers that an import contract cannot say, each read off the source itself."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "agentorchestr_tui"
OWN_PROGRAM = "rehearsal"  # ships with us and is started by us, but is an agent: a program of its own
NAMES = re.compile(
    r"\b(claude|codex|opencode|gemini|aider|goose|qwen|copilot|cursor-agent|cline|droid|auggie|kilocode|kiro)\b", re.I
)


def modules(*rooms: str) -> Iterator[tuple[str, ast.Module, str]]:
    """Walk our modules (of some rooms, or of all): name, tree and text."""
    roots = [PACKAGE / room for room in rooms] if rooms else [PACKAGE, ROOT / "widgets", ROOT / "themes"]
    for root in roots:
        for path in [root] if root.suffix == ".py" else sorted(root.rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            yield str(path.relative_to(ROOT)), ast.parse(text), text


def calls(tree: ast.Module) -> Iterator[str]:
    """Name what is called, dotted."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def imported(tree: ast.Module) -> Iterator[str]:
    """Name what is imported at any depth."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_every_module_says_what_it_is_for():
    bare = [name for name, tree, _ in modules() if not (ast.get_docstring(tree) or "").strip()]
    assert bare == []


def test_core_imports_the_standard_library_only_and_reads_neither_clock_nor_environment():
    banned = {"os", "time", "datetime", "random", "secrets", "uuid", "pathlib", "subprocess", "socket"}
    for name, tree, _ in modules("core"):
        for module in imported(tree):
            top = module.split(".")[0]
            assert top in sys.stdlib_module_names or module.startswith("agentorchestr_tui.core"), (name, module)
            assert top not in banned, (name, module)


def test_nothing_below_the_faces_loads_textual_or_rich():
    script = (
        "import sys\n"
        "import agentorchestr_tui.mcp_server.door, agentorchestr_tui.headless.run\n"
        "import agentorchestr_tui.orchestrator.closing\n"
        "print(*[name for name in sys.modules if name.split('.')[0] in ('textual', 'rich')])"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == ""


def test_widgets_and_themes_know_no_application():
    for name, tree, _ in modules():
        if not name.startswith(("widgets/", "themes/")):
            continue
        for module in imported(tree):
            ours = module.startswith("agentorchestr_tui")
            allowed = name.startswith("widgets/") and module.startswith("agentorchestr_tui.emulator")
            assert not ours or allowed, (name, module)


def test_nobody_imports_widgets_or_themes_by_their_names_in_the_checkout():
    for name, tree, _ in modules():
        for module in imported(tree):
            assert module.split(".")[0] not in {"widgets", "themes"}, (name, module)


def test_no_colour_stands_outside_the_themes():
    colour = re.compile(r"""["'\s:]#[0-9a-fA-F]{6}\b|\brgb\(\d""")
    for name, _, text in modules():
        if name.startswith("themes/") or "/emulator/" in name:
            continue
        assert not colour.search(text), name


def test_only_the_cards_know_an_agents_name():
    for name, _, text in modules():
        if "/agents/" in name:
            continue
        code = "\n".join(line.split("#")[0] for line in text.splitlines())
        found = NAMES.search(code)
        assert found is None, (name, found)


def test_processes_are_started_in_three_places_only():
    starters = re.compile(r"subprocess|os\.(fork|exec|spawn|posix_spawn|kill|killpg)|pty\.|PtyProcess|psutil\.Process")
    allowed = ("/panes/", "/worktrees/", "hooks.py", f"/{OWN_PROGRAM}/", "widgets/__main__.py", "/launcher.py")
    for name, tree, _ in modules():
        if any(place in f"/{name}" for place in allowed):
            continue
        for call in calls(tree):
            assert not starters.search(call), (name, call)


def test_only_the_store_speaks_sql():
    for name, tree, _ in modules():
        if "/store/" not in name and "/memory/" not in name:
            assert not {"sqlite3", "apsw"} & set(imported(tree)), name


def test_only_settings_and_paths_read_the_environment():
    for name, _, text in modules():
        if name.endswith(("/settings.py", "/paths.py", "__main__.py")) or f"/{OWN_PROGRAM}/" in name:
            continue
        assert not re.search(r"os\.environ|os\.getenv|getenv\(", text), name


def test_every_tool_is_a_coroutine():
    for name, tree, _ in modules("mcp_server"):
        if not name.endswith(("_tools.py", "later.py")):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                public = [each for each in node.body if isinstance(each, ast.FunctionDef) and each.name[0] != "_"]
                assert [each.name for each in public] == [], name


def test_tasks_are_started_in_one_place():
    for name, tree, _ in modules():
        if name.endswith("/tasks.py"):
            continue
        for call in calls(tree):
            loose = call.endswith(("create_task", "ensure_future")) and not call.startswith(("group.", "tasks."))
            assert not loose or f"/{OWN_PROGRAM}/" in name, (name, call)


def test_everything_is_caught_only_where_it_must_be():
    outermost = ("cli/command_line.py", "tasks.py", "mcp_server/server.py")
    for name, tree, _ in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type else "everything"
                wide = caught in {"Exception", "everything"}
                assert not wide or name.endswith(outermost) or f"/{OWN_PROGRAM}/" in name, (name, node.lineno)


def test_printing_is_for_the_command_line():
    for name, tree, _ in modules():
        if "/cli/" not in name and "/headless/" not in name and not name.endswith("__main__.py"):
            assert "print" not in set(calls(tree)), name


@pytest.mark.parametrize("folder", ["widgets", "themes"])
def test_the_links_of_a_checkout_are_there(folder):
    link = PACKAGE / folder
    assert link.is_symlink()
    assert link.resolve() == ROOT / folder
