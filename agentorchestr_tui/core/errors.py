"""The one exception tree; every message is a sentence that ends with the way out.

    OrchestraError            anything of ours that a person may read
    ├── UsageError            the call's words are off                      (exit 2)
    ├── CannotRun             the machine or the project is not ready       (exit 1)
    │   ├── ProjectUnusable   the folder cannot hold a session
    │   └── NoAgent           no agent CLI fits
    ├── PaneError             a process could not be started or reached
    │   ├── LaunchError       it never ran: missing binary, bad folder, argv too long
    │   └── PaneGone          it ran, and is gone
    ├── GitError              git said no
    ├── StoreError            the event log could not be read or written
    ├── Cancelled             a person had it ended before its end
    └── CardError             an agent's card is wrong

`Refused` is not here: a refusal is an answer of `decide`, not an accident.
"""

from __future__ import annotations


class OrchestraError(Exception):
    """Anything of ours that a person may read."""


class UsageError(OrchestraError):
    """The call's words are off."""


class CannotRun(OrchestraError):
    """The machine or the project is not ready."""


class ProjectUnusable(CannotRun):
    """The folder cannot hold a session."""


class NoAgent(CannotRun):
    """No agent CLI fits."""


class PaneError(OrchestraError):
    """A process could not be started or reached."""


class LaunchError(PaneError):
    """A process never ran: missing binary, bad folder, argv too long."""


class PaneGone(PaneError):
    """A process ran, and is gone."""


class GitError(OrchestraError):
    """Git said no."""


class Cancelled(OrchestraError):
    """A person had it ended before its end."""


class StoreError(OrchestraError):
    """The event log could not be read or written."""


class CardError(OrchestraError):
    """An agent's card is wrong."""
