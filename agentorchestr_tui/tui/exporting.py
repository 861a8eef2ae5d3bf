"""What is exported from the log: a picture of a widget, lines, or a recording, each to a file that a person named."""

from __future__ import annotations

import contextlib
import io
import shutil
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.segment import Segments
from textual.strip import Strip

KINDS = (".txt", ".cast", ".svg")


def picture(strips: Sequence[Strip], title: str) -> str:
    """Draw strips as an SVG."""
    width = max((strip.cell_length for strip in strips), default=1)
    console = Console(
        record=True,
        file=io.StringIO(),
        width=width,
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
    )
    for strip in strips:
        console.print(Segments([*strip]), end="\n", soft_wrap=True)
    return console.export_svg(title=title)


def write(path: Path, *, text: str, picture: str, recording: Path | None) -> str:
    """Write the file that the name asks for; return a sentence on what came of it. Blocks."""
    path = path.absolute()
    if path.suffix not in KINDS:
        return f"{path.name}: end the name in {', '.join(KINDS[:-1])} or {KINDS[-1]}."
    if path.suffix == ".cast" and recording is None:
        return "There is no recording of it."
    aside = path.with_name(f".{path.name}.part")  # what was there before stays until the new file is whole
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".cast" and recording is not None:
            shutil.copyfile(recording, aside)
        else:
            aside.write_text(picture if path.suffix == ".svg" else text, encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink()
        return f"{path} cannot be written: {error.strerror or error}."
    return f"Exported to {path}"
