"""The tools of later issues: listed with their arguments, answering that they are not here yet."""

from __future__ import annotations

from typing import NoReturn

from mcp.server.mcpserver.exceptions import ToolError


class LaterTools:
    """What a lead will be able to do, and cannot yet."""

    async def cross_review(self, worker_a: str, worker_b: str, focus: str = "correctness") -> str:
        """Let two workers review each other's changes."""
        _not_yet("cross_review", "spawn a reviewer with the branches in its task instead")

    async def check_overlap(self) -> str:
        """Show files that two live workers both touch."""
        _not_yet("check_overlap", "give each worker its own file_scope instead")

    async def discover_running_agents(self, include_tmux: bool = True, mdns_timeout: float = 1.0) -> str:
        """Find agents that run in other terminals of this machine."""
        _not_yet("discover_running_agents", "spawn workers instead")

    async def send_to_external_agent(self, agent_id: str, text: str) -> str:
        """Send text to an agent in another terminal."""
        _not_yet("send_to_external_agent", "spawn workers instead")

    async def read_from_external_agent(self, agent_id: str, max_bytes: int = 4096) -> str:
        """Read the screen of an agent in another terminal."""
        _not_yet("read_from_external_agent", "spawn workers instead")

    async def compact_session(self, keep_last_n: int = 3, include_running: bool = False) -> str:
        """Shorten what later reads of finished workers return."""
        _not_yet("compact_session", "read_worker_output with few tail_lines is short already")

    async def clear_tool_results(self, progress_log: bool = True) -> str:
        """Let go of earlier tool results."""
        _not_yet("clear_tool_results", "go on without it")

    async def web_research(
        self,
        query: str,
        max_results: int = 5,
        fetch_top_n: int = 2,
        force_refresh: bool = False,
        ttl_hours: float = 24,
    ) -> str:
        """Look something up on the web."""
        _not_yet("web_research", "use your own tools for it")

    async def ask_lead(self, question: str) -> str:
        """Ask the lead a question."""
        _not_yet("ask_lead", "decide sensibly, or report_blocked with the question")


def _not_yet(tool: str, instead: str) -> NoReturn:
    raise ToolError(f"{tool} is not available yet; {instead}.")
