"""What a pane is to run, and in one sentence why it cannot; imports next to nothing."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping, Sequence

WIDEST = 10_000  # cells


class Program:
    """A program to start: argv, folder, environment, size; checked, so that exec itself cannot raise."""

    def __init__(
        self, argv: list[str], cwd: str, env: Mapping[str, str], columns: int, lines: int, *, spare: Sequence[str] = ()
    ) -> None:
        self.argv, self.cwd, self.env = argv, cwd, dict(env)
        self.columns, self.lines = columns, lines
        self.spare = tuple(spare)

    def fault(self) -> str | None:
        """Say in one sentence why this cannot be started, as far as one can tell without the file system."""
        if not self.argv or not self.argv[0]:
            return "There is no program to start: the command line is empty."
        if not os.path.isabs(self.argv[0]):
            return f"{self.argv[0]!r} is not an absolute path; find the program first and start it by its full path."
        if not os.path.isabs(self.cwd):
            return f"The folder {self.cwd!r} is not an absolute path; name it from the root."
        if any("\0" in text for text in (*self.argv, self.cwd, *self.env, *self.env.values())):
            return "A zero byte stands in the command line, folder or environment; take it out."
        if any(not name or "=" in name for name in self.env):
            return "The name of an environment variable is empty or holds an equals sign; rename it."
        return size_fault(self.columns, self.lines)


def size_fault(columns: int, lines: int) -> str | None:
    """Say in one sentence why a terminal cannot have this size."""
    if 1 <= columns <= WIDEST and 1 <= lines <= WIDEST:
        return None
    return f"A terminal of {columns}x{lines} cells cannot be; ask for 1x1 to {WIDEST}x{WIDEST}."


def enter(program: Program) -> None:
    """Enter the program's folder and look at its binary. Raises: OSError with a sentence as its message."""
    folder, binary = program.cwd, program.argv[0]
    try:
        os.chdir(folder)
        os.close(os.open(".", os.O_RDONLY))
    except OSError as error:
        raise OSError(error.errno, _folder_sentence(folder, error)) from error
    if not os.path.exists(binary):
        raise OSError(errno.ENOENT, f"There is no program at {binary}; install it or correct the path.")
    if os.path.isdir(binary) or not os.access(binary, os.X_OK):
        raise OSError(errno.EACCES, f"{binary} is not executable; make it so (chmod +x) or name another program.")


def _folder_sentence(folder: str, error: OSError) -> str:
    if error.errno == errno.ENOENT:
        return f"The folder {folder} does not exist; create it or name another."
    if error.errno == errno.ENOTDIR:
        return f"{folder} is not a folder; name one."
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return no_room(error)
    return f"The folder {folder} cannot be entered ({os.strerror(error.errno or 0)}); check its permissions."


def no_room(error: OSError) -> str:
    """Say in one sentence what the machine has no more of."""
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return "Too many files are open; end some agents, or raise the limit (ulimit -n)."
    return f"The machine has no room for another process ({os.strerror(error.errno or 0)}); end some first."


def sentence(error: OSError, program: Program) -> str:
    """Say in one sentence why a program did not start."""
    if error.__cause__ is not None or error.errno in (errno.ENOENT, errno.EACCES):
        return str(error.strerror or f"{program.argv[0]} could not be started; check that its interpreter is there.")
    if error.errno == errno.E2BIG:
        longest = max(len(os.fsencode(text)) for text in program.argv)
        return (
            f"The command line is too long for this system (its longest argument has {longest:,} bytes);"
            " hand long text over in a file."
        )
    if error.errno == errno.ENOEXEC:
        return f"{program.argv[0]} is no program for this machine (a script needs a first line like #!/bin/sh)."
    if error.errno in (errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM):
        return no_room(error)
    return f"{program.argv[0]} could not be started ({error}); check that it runs in a shell."
