"""Round trips: what real programs receive of keys, mouse, paste and focus, in the modes that they choose themselves."""

from __future__ import annotations

import sys

import pytest

from agentorchestr_tui.emulator import mouse
from agentorchestr_tui.emulator.mouse import Act
from tests.emulator.running import Running, environment, need

# Key, and vim's name for it (what CTRL-K and the key insert): application cursor keys and modifyOtherKeys.
IN_VIM = {
    "up": "<Up>", "shift+up": "<S-Up>", "ctrl+left": "<C-Left>", "alt+right": "<M-Right>",
    "ctrl+shift+down": "<C-S-Down>", "home": "<Home>", "end": "<End>", "ctrl+home": "<C-Home>", "f1": "<F1>",
    "f3": "<F3>", "f4": "<F4>", "f5": "<F5>", "shift+f5": "<S-F5>", "ctrl+f1": "<C-F1>", "f12": "<F12>",
    "insert": "<Insert>", "delete": "<Del>", "shift+delete": "<S-Del>", "pageup": "<PageUp>",
    "pagedown": "<PageDown>", "shift+tab": "<S-Tab>", "shift+enter": "<S-CR>", "ctrl+enter": "<C-CR>",
    "backspace": "<BS>", "ctrl+space": "<C-Space>", "ctrl+shift+a": "<C-S-A>",
}  # fmt: skip
# Key, and fzf's name for it: plain legacy keys.
IN_FZF = {
    "up": "up", "shift+up": "shift-up", "shift+left": "shift-left", "ctrl+a": "ctrl-a", "ctrl+space": "ctrl-space",
    "alt+a": "alt-a", "home": "home", "end": "end", "f1": "f1", "f5": "f5", "f12": "f12", "delete": "del",
    "insert": "insert", "pageup": "page-up", "pagedown": "page-down", "tab": "tab", "shift+tab": "btab",
    "enter": "enter", "alt+enter": "alt-enter", "backspace": "bspace", "alt+backspace": "alt-bspace",
    "ctrl+alt+a": "ctrl-alt-a", "ctrl+right_square_bracket": "ctrl-]",
}  # fmt: skip
# A Textual app names keys as we do; it asks for kitty's flags 1, 8 and 16.
IN_TEXTUAL = """
    a A é up shift+up ctrl+up alt+up ctrl+shift+up home end f1 f3 f5 shift+f5 f12 f13 insert delete pageup pagedown tab
    shift+tab enter shift+enter ctrl+enter alt+enter backspace ctrl+backspace escape ctrl+a ctrl+i ctrl+m alt+a
    ctrl+shift+a ctrl+space ctrl+backslash
"""
_APP = """
from textual.app import App
from textual.widgets import Static
class Heard(App):
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = []
    def compose(self):
        yield Static("ready")
    def note(self, *words):
        with open("heard", "a") as heard:
            print(*words, file=heard)
    def on_key(self, event):
        event.stop()
        event.prevent_default()
        self.note("key", event.key)
    def on_paste(self, event):
        self.note("paste", repr(event.text))
    def on_app_focus(self):
        self.note("focus")
    def on_app_blur(self):
        self.note("blur")
    def on_mouse_down(self, event):
        self.note("down", event.button, event.x, event.y, event.shift, event.meta, event.ctrl)
    def on_mouse_up(self, event):
        self.note("up", event.button, event.x, event.y)
    def on_mouse_move(self, event):
        self.note("move", event.button, event.x, event.y)
    def on_mouse_scroll_up(self, event):
        self.note("wheel", event.x, event.y)
Heard().run()
"""


def heard(folder):
    path = folder / "heard"
    return path.read_text().splitlines() if path.exists() else []


def test_vim_knows_every_key_by_its_name(tmp_path):
    need("vim")
    with Running(["vim", "-u", "NONE", "-N", "--cmd", "set ttimeoutlen=50"], tmp_path) as vim:
        vim.until("~")
        vim.type("i")
        vim.until("INSERT")
        assert vim.modes.modify_other_keys == 2
        for key, name in IN_VIM.items():
            vim.type("\x0b")
            vim.press(key)
            vim.until(lambda name=name: any(row == name for row in vim.rows), f"{key} as {name}")
            vim.type("\r")


def test_vim_takes_a_paste_as_text(tmp_path):
    need("vim")
    with Running(["vim", "-u", "NONE", "-N", "-c", "set autoindent"], tmp_path) as vim:
        vim.until("~")
        vim.settle()  # what it asks at its start is answered before it takes text
        vim.type("i")
        vim.until("INSERT")
        vim.paste("    one\n  two\x1b:q!\n\tthree")
        vim.until("three")
        assert vim.rows[:3] == ["    one", "  two:q!", "        three"]


@pytest.mark.parametrize(("way", "mode"), [("sgr", 1006), ("urxvt", 1015), ("xterm2", 0), ("xterm", 0)])
def test_vim_goes_where_the_mouse_clicks(tmp_path, way, mode):
    need("vim")
    (tmp_path / "text").write_text("".join(f"line {n} of many words\n" for n in range(99)))
    start = ["--cmd", "set term=builtin_ansi", "-c", f"set mouse=a ruler ttymouse={way}", "text"]
    with Running(["vim", "-n", "-u", "NONE", "-N", *start], tmp_path) as vim:
        vim.until(lambda: vim.modes.mouse and "1,1" in vim.rows[-1], "it starts")
        assert vim.modes.mouse_encoding == mode
        vim.click(7, 4)
        vim.until("5,8")
        vim.point(Act.PRESS, mouse.WHEEL_DOWN, 7, 4)
        vim.until(lambda: vim.rows[0] != "line 0 of many words", "the wheel scrolls")


def test_fzf_knows_every_key_by_its_name(tmp_path):
    need("fzf")
    binds = [f"{name}:execute-silent(echo {name} >> heard)" for name in IN_FZF.values()]
    with Running(["sh", "-c", 'seq 1 9 | fzf "$@"', "sh", *(f"--bind={bind}" for bind in binds)], tmp_path) as fzf:
        fzf.until("9/9")
        for number, (key, name) in enumerate(IN_FZF.items()):
            fzf.press(key)
            fzf.until(lambda number=number: len(heard(tmp_path)) > number, f"{key} as {name}")
            assert heard(tmp_path)[number] == name, key


def test_readline_edits_its_line_by_keys_and_keeps_a_paste_together(tmp_path):
    need("bash")
    (tmp_path / "inputrc").write_text("set enable-keypad on\nset bell-style none\n")
    env = environment(tmp_path, INPUTRC=str(tmp_path / "inputrc"))
    with Running(["bash", "--norc", "--noprofile"], tmp_path, env=env) as bash:
        bash.until("$")
        assert 1 in bash.modes
        for key in "abc def":
            bash.press("space" if key == " " else key, key)
        for key in ("home", "delete", "right", "X", "end", "left", "backspace", "Y", "alt+b", "ctrl+k", "ctrl+y", "Z"):
            bash.press(key)
        bash.until("$ bXc dYfZ")
        bash.press("ctrl+u")
        bash.paste("echo one\necho two\n")
        bash.until("echo two")
        bash.take(0.1)
        assert not any(row in {"one", "two"} for row in bash.rows)
        bash.press("enter")
        bash.until(lambda: "two" in bash.rows, "both commands ran")
        bash.until(lambda: bash.rows[bash.emulator.cursor.y] == "$" and 1 in bash.modes, "it reads keys again")
        bash.press("up")
        bash.until(lambda: bash.rows[bash.emulator.cursor.y] == "$ echo two", "the history comes back")


def test_less_moves_by_keys_and_by_the_wheel(tmp_path):
    need("less")
    (tmp_path / "text").write_text("".join(f"line {n}\n" for n in range(200)))
    with Running(["less", "--mouse", "text"], tmp_path) as less:

        def first(line):
            less.until(lambda: less.rows[0] == f"line {line}", f"line {line} at the top")

        first(0)
        for key, line in [("down", 1), ("pagedown", 30), ("up", 29), ("pageup", 0), ("end", 171), ("home", 0)]:
            less.press(key)
            first(line)
        less.point(Act.PRESS, mouse.WHEEL_DOWN, 1, 1)
        less.until(lambda: less.rows[0] not in {"line 0", ""}, "the wheel scrolls")


def test_a_textual_app_hears_what_was_done(tmp_path):
    with Running([sys.executable, "-c", _APP], tmp_path) as app:
        app.until("ready")
        app.until(lambda: app.modes.mouse and app.modes.key_flags and 2004 in app.modes, "its modes")
        told = []

        def does(act, *words):
            act()
            told.extend(words)
            app.until(lambda: len(heard(tmp_path)) >= len(told), f"it hears {words}")

        for key in IN_TEXTUAL.split():
            does(lambda key=key: app.press(key), f"key {key}")
        does(lambda: app.paste("one\ntwo"), "paste 'one\\rtwo'")
        does(lambda: app.focus(False), "blur")
        does(lambda: app.focus(True), "focus")
        does(lambda: app.point(Act.PRESS, mouse.LEFT, 3, 4, ctrl=True), "down 1 3 4 False False True")
        does(lambda: app.point(Act.MOVE, mouse.LEFT, 5, 6), "move 1 5 6")
        does(lambda: app.point(Act.RELEASE, mouse.LEFT, 5, 6), "up 1 5 6")
        does(lambda: app.point(Act.PRESS, mouse.WHEEL_UP, 7, 8), "wheel 7 8")
        assert heard(tmp_path)[: len(told)] == told
