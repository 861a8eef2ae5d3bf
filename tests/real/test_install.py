"""What the installer of published CLIs takes for installed."""

from __future__ import annotations

from tests.real.install import _once


def test_a_command_whose_interpreter_is_gone_is_installed_anew(tmp_path):
    home = tmp_path / "aider@1"
    command = home / "aider"
    built = []

    def build() -> None:
        home.mkdir(exist_ok=True)
        command.write_text(f"#!{'/bin/sh' if built else tmp_path / 'gone'}\n")
        built.append(1)

    build()
    for _ in range(2):
        _once(home, command, build)
    assert len(built) == 2
