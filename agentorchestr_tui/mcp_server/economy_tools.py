"""The lead's tools for its own memory: later reads return less; docstrings are what the model reads."""

from __future__ import annotations

from agentorchestr_tui.core.commands import ClearResults, CompactSession
from agentorchestr_tui.core.events import SessionCompacted
from agentorchestr_tui.mcp_server import shapes
from agentorchestr_tui.mcp_server.desk import Desk
from agentorchestr_tui.orchestrator.handover import write_progress_log


class EconomyTools:
    """The tools that a lead's token opens when its context runs short."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def compact_session(self, keep_last_n: int = 3, include_running: bool = False) -> shapes.CompactedShape:
        """Shorten what later reads tell: of ended workers but the last n (include_running: of all but the last n) only
        the gist of task, summary and output. Nothing is lost: read_worker_output with since=0 has the terminal.
        """
        before = shapes.size(self._desk.session)
        granted = await self._desk.perform(CompactSession(keep_last_n, include_running))
        ids = [each for row in granted if isinstance(row.event, SessionCompacted) for each in row.event.worker_ids]
        after = shapes.size(self._desk.session)
        return shapes.CompactedShape(compacted=ids, roster_characters_before=before, roster_characters_after=after)

    async def clear_tool_results(self, progress_log: bool = True) -> shapes.ClearedShape:
        """Let go of earlier results: from now on read_worker_output tells only what is new. With progress_log, the
        goal, the plan, all workers and open threads are written to a file first, so that you can look them up.
        """
        path = str(await write_progress_log(self._desk.orchestrator)) if progress_log else ""
        panes = {each: self._desk.orchestrator.pane(each) for each in self._desk.session.workers}
        lines = tuple((each, pane.emulator.settled) for each, pane in panes.items() if pane is not None)
        await self._desk.perform(ClearResults(lines))
        return shapes.ClearedShape(cleared=[each for each, _ in lines], progress_log=path)
