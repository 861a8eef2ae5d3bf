"""What is exported from the log: a picture of a widget, lines, or a recording, each to a file that a person named."""

from __future__ import annotations

import contextlib
import io
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from rich.console import Console
from rich.segment import Segment, Segments
from textual.strip import Strip

_FONTS = re.compile(r"@font-face\s*{[^}]*}")  # that a picture would fetch from elsewhere when it is looked at
PIECE = 1024 * 1024  # bytes copied between two looks whether to go on
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
        console.print(Segments([*strip, Segment.line()]), soft_wrap=True)
    return _FONTS.sub("", console.export_svg(title=title))


class Export:
    """One export to a file that a person named: lines, a picture, or a recording, as the name's end says.

    `write` blocks, so call it in a thread; `share` says meanwhile how much is written, and `stop` ends it.
    """

    def __init__(self, path: Path, text: str, picture: str, recording: Path | None) -> None:
        self._path = path.absolute()
        self._text, self._picture, self._recording = text, picture, recording
        self._stopped = False
        self.done = False  # the file stands there, whole
        self.share = 0.0

    def stop(self) -> None:
        """Have it stop; nothing of it is left then."""
        self._stopped = True

    def write(self) -> str:
        """Write the file; return a sentence on what came of it."""
        path = self._path
        if path.suffix not in KINDS:
            return f"{path.name}: end the name in {', '.join(KINDS[:-1])} or {KINDS[-1]}."
        if path.suffix == ".cast" and self._recording is None:
            return "There is no recording of it."
        aside = path.with_name(f".{path.name}.part")  # what was there before stays until the new file is whole
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with aside.open("wb") as into:
                self._fill(into)
            if not self._stopped:
                aside.replace(path)
                self.done = True
                return f"Exported to {path}"
        except OSError as error:
            return f"{path} cannot be written: {error.strerror or error}."
        finally:
            with contextlib.suppress(OSError):
                aside.unlink()
        return f"The export is stopped: {path.name} is as it was."

    def _fill(self, into: BinaryIO) -> None:
        if self._path.suffix != ".cast" or self._recording is None:
            into.write((self._picture if self._path.suffix == ".svg" else self._text).encode())
            return
        with self._recording.open("rb") as recording:
            size, written = max(1, os.fstat(recording.fileno()).st_size), 0
            while not self._stopped and (piece := recording.read(PIECE)):
                written += into.write(piece)
                self.share = min(1.0, written / size)
