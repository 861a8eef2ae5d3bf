"""Who may call which tools: the MCP address, and one bearer token for the lead and one for each worker."""

from __future__ import annotations

import hmac
import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path

TOKEN_BYTES = 32  # of randomness


@dataclass(slots=True)
class Access:
    """The session's door: its port, and its tokens by holder; kept in a 0600 file so that a resume finds them."""

    file: Path
    port: int = 0
    _tokens: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def url(self) -> str:
        """The MCP server's address."""
        return f"http://127.0.0.1:{self.port}/mcp"

    def token(self, holder: str) -> str:
        """Return the token of `lead` or of a worker, made on first use."""
        if holder not in self._tokens:
            self._tokens[holder] = secrets.token_urlsafe(TOKEN_BYTES)
            self.save()
        return self._tokens[holder]

    def holder(self, token: str) -> str | None:
        """Return who holds a token, compared in constant time."""
        shown = token.encode()
        found = None
        for holder, known in self._tokens.items():
            if hmac.compare_digest(known.encode(), shown):
                found = holder
        return found

    def opened(self, port: int) -> None:
        """Note the port that the server listens on."""
        self.port = port
        self.save()

    def save(self) -> None:
        """Write the file anew, for its owner's eyes only."""
        aside = self.file.with_suffix(".new")
        aside.touch(mode=0o600)
        aside.write_text(json.dumps({"port": self.port, "tokens": self._tokens}), encoding="utf-8")
        aside.replace(self.file)

    @classmethod
    def load(cls, file: Path) -> Access:
        """Read what an earlier run of the session left, or begin anew."""
        try:
            kept = json.loads(file.read_text(encoding="utf-8"))
            return cls(file, int(kept["port"]), {str(who): str(token) for who, token in kept["tokens"].items()})
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls(file)
