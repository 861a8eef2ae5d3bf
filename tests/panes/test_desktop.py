"""The desktop outside: what is copied reaches a real tmux and the programs of a platform; addresses open."""

from __future__ import annotations

import subprocess
import sys

import pytest

from agentorchestr_tui.panes import desktop
from agentorchestr_tui.panes.desktop import Desktop

TEXT = "é 漢字\nsecond line"


def program(folder, name, does):
    """Put a program on a PATH of its own."""
    path = folder / name
    path.write_text(f"#!{sys.executable}\nimport sys, pathlib\nhere = pathlib.Path({str(folder)!r})\n{does}\n")
    path.chmod(0o755)
    return str(folder)


async def test_inside_tmux_its_buffer_takes_the_text(tmp_path):
    socket = tmp_path / "s"
    tmux = ["tmux", "-S", str(socket), "-f", "/dev/null"]
    subprocess.run([*tmux, "new-session", "-d", "-s", "a", "sleep 600"], check=True, timeout=30)
    try:
        outside = Desktop({"TMUX": f"{socket},1,0", "PATH": "/usr/bin:/bin:/usr/local/bin"}, limit=30)
        assert await outside.copy(TEXT)
        shown = subprocess.run([*tmux, "show-buffer"], check=True, capture_output=True, text=True, timeout=30)
        assert shown.stdout == TEXT
    finally:
        subprocess.run([*tmux, "kill-server"], check=True, timeout=30)


TAKES = "(here / 'taken').write_bytes(sys.stdin.buffer.read()); (here / 'asked').write_text(' '.join(sys.argv[1:]))"


def took(folder):
    """Return what a program was given to copy, and how it was called."""
    return (folder / "taken").read_text(encoding="utf-8"), (folder / "asked").read_text()


@pytest.mark.parametrize(
    ("variable", "name", "asked"),
    [
        ("WAYLAND_DISPLAY", "wl-copy", ""), ("DISPLAY", "xclip", "-selection clipboard -in"),
        ("DISPLAY", "xsel", "--clipboard --input"), ("TERMUX_VERSION", "termux-clipboard-set", ""),
    ],
)  # fmt: skip
async def test_the_platforms_own_program_takes_the_text(tmp_path, variable, name, asked):
    path = program(tmp_path, name, TAKES)
    assert await Desktop({variable: ":0", "PATH": path}, limit=30).copy(TEXT)
    assert took(tmp_path) == (TEXT, asked)


async def test_on_a_mac_its_own_programs_come_before_those_of_x(tmp_path, monkeypatch):
    monkeypatch.setattr(desktop, "_MAC", sys.platform)  # as if this were one
    program(tmp_path, "xclip", "(here / 'asked').write_text('xclip')")
    program(tmp_path, "open", "(here / 'opened').write_text(sys.argv[1])")
    path = program(tmp_path, "pbcopy", TAKES)
    outside = Desktop({"DISPLAY": ":0", "PATH": path}, limit=90)
    assert await outside.copy(TEXT)
    assert took(tmp_path) == (TEXT, "")
    assert await outside.open("https://x.org/")
    assert (tmp_path / "opened").read_text() == "https://x.org/"


async def test_in_termux_its_own_program_opens_an_address(tmp_path):
    path = program(tmp_path, "termux-open-url", "(here / 'opened').write_text(sys.argv[1])")
    assert await Desktop({"TERMUX_VERSION": "0.118", "PATH": path}, limit=90).open("https://x.org/")
    assert (tmp_path / "opened").read_text() == "https://x.org/"


async def test_without_a_display_or_a_program_nothing_is_started_and_nothing_raised(tmp_path):
    path = program(tmp_path, "wl-copy", "(here / 'taken').touch()")
    assert not await Desktop({}).copy(TEXT)
    assert not await Desktop({"PATH": path}).copy(TEXT)
    assert not await Desktop({"DISPLAY": ":0", "PATH": path}).copy(TEXT)
    assert not (tmp_path / "taken").exists()


async def test_a_program_that_fails_hands_over_to_the_next_and_one_that_hangs_is_ended(tmp_path):
    program(tmp_path, "wl-copy", "import time; time.sleep(600)")
    program(tmp_path, "xclip", "print('no display'); sys.exit(1)")
    path = program(tmp_path, "xsel", "(here / 'taken').write_bytes(sys.stdin.buffer.read())")
    outside = Desktop({"WAYLAND_DISPLAY": "w", "DISPLAY": ":0", "PATH": path}, limit=3)
    assert await outside.copy("x" * 200_000)
    assert (tmp_path / "taken").stat().st_size == 200_000


async def test_a_web_address_is_opened_and_nothing_else_is(tmp_path):
    path = program(tmp_path, "xdg-open", "(here / 'opened').write_text(sys.argv[1])")
    outside = Desktop({"DISPLAY": ":0", "PATH": path}, limit=90)
    assert await outside.open("https://x.org/?a=b c")
    assert (tmp_path / "opened").read_text() == "https://x.org/?a=b c"
    (tmp_path / "opened").unlink()
    for address in ("file:///etc/passwd", "javascript:x", "-version", "", "ssh://x"):
        assert not await outside.open(address)
    assert not await Desktop({"PATH": path}).open("https://x.org")
    assert not (tmp_path / "opened").exists()


async def test_a_browser_that_stays_counts_as_opened(tmp_path):
    path = program(tmp_path, "xdg-open", "(here / 'opened').touch(); sys.stdin.read(); import time; time.sleep(20)")
    assert await Desktop({"DISPLAY": ":0", "PATH": path}, limit=1.5).open("https://x.org")
    browser = desktop._lasting.pop()
    browser.kill()
    browser.wait(30)
