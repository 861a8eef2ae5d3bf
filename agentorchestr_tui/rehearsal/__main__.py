"""The command line: `--role lead|worker --prompt-file PATH [--score PATH] [--pace FACTOR]`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import prompt
from .agent import Agent, Engagement
from .score import Score, ScoreError, read

SCORES = Path(__file__).with_name("scores")
LEAD, DEFAULT_PART = "lead", "implementer"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code."""
    options = _options(argv)
    try:
        engagement = _engagement(options, os.environ)
    except (ScoreError, OSError, UnicodeDecodeError) as error:
        return _refuse(str(error))
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _refuse("A rehearsal agent plays on a terminal; start it in one.")
    return asyncio.run(_run(engagement))


async def _run(engagement: Engagement) -> int:
    return await Agent(engagement).run()


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="rehearsal", description="A program that behaves like a coding agent.")
    parser.add_argument("--role", choices=(LEAD, "worker"), required=True, help="which side of the tools it is on")
    parser.add_argument("--prompt-file", type=Path, required=True, help="its first prompt, a UTF-8 file")
    parser.add_argument("--score", type=Path, help="what it does, a TOML file; default: the built-in piece")
    parser.add_argument("--pace", type=float, default=1.0, help="factor on every pause; 0 is without any")
    return parser.parse_args(argv)


def _engagement(options: argparse.Namespace, environment: Mapping[str, str]) -> Engagement:
    text = options.prompt_file.read_text(encoding="utf-8")
    part = LEAD if options.role == LEAD else prompt.part(text, _worker_parts(), DEFAULT_PART)
    return Engagement(
        role=options.role,
        part=part,
        score=_score(options.score, part),
        prompt=text,
        folder=Path.cwd(),
        pace=max(0.0, options.pace),
        mcp_url=environment.get("AGENTORCHESTR_MCP_URL", ""),
        mcp_token=environment.get("AGENTORCHESTR_MCP_TOKEN", ""),
    )


def _score(path: Path | None, part: str) -> Score:
    return read(path or SCORES / f"{part}.toml")


def _worker_parts() -> set[str]:
    return {path.stem for path in SCORES.glob("*.toml")} - {LEAD}


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"rehearsal: {sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
