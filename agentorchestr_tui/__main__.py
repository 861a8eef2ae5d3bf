"""The roof: which face to open."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code. `--version` loads nothing else of ours."""
    words = list(sys.argv[1:] if argv is None else argv)
    if argv is not None:
        return _run(words)
    try:
        from agentorchestr_tui.launcher import stand_over

        return stand_over(lambda: _run(words), words)
    except KeyboardInterrupt:  # before anything stood that could hear it
        return 130


def _run(words: Sequence[str]) -> int:
    if words == ["--version"]:
        from agentorchestr_tui import __version__

        print(f"agentorchestr {__version__}")  # noqa: T201  # the roof is the command line
        return 0
    from agentorchestr_tui.cli.command_line import run

    return run(words)


if __name__ == "__main__":
    sys.exit(main())
