"""The MCP server of one session: which token may call which tool."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import ParamSpec, TypeVar

from mcp.server import MCPServer
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken, TokenVerifier
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import AnyHttpUrl

from agentorchestr_tui import __version__
from agentorchestr_tui.core.errors import OrchestraError
from agentorchestr_tui.mcp_server.desk import Desk
from agentorchestr_tui.mcp_server.economy_tools import EconomyTools
from agentorchestr_tui.mcp_server.lead_tools import LeadTools
from agentorchestr_tui.mcp_server.listing import Listing
from agentorchestr_tui.mcp_server.meter import Meter
from agentorchestr_tui.mcp_server.plan_tools import PlanTools, TaskWish
from agentorchestr_tui.mcp_server.review_tools import ReviewTools
from agentorchestr_tui.mcp_server.roles import RoleFilter
from agentorchestr_tui.mcp_server.wording import Wording
from agentorchestr_tui.mcp_server.worker_tools import FindingWish, WorkerTools
from agentorchestr_tui.orchestrator.access import Access
from agentorchestr_tui.orchestrator.orchestrator import Orchestrator

NAME = "agentorchestr"
LEAD = "lead"
WORK = (
    "spawn_worker",
    "wait_for_worker",
    "wait_for_any",
    "read_worker_output",
    "send_to_worker",
    "answer_worker",
    "list_workers",
    "kill_worker",
    "worker_diff",
    "check_overlap",
    "integrate",
    "verify",
    "report_progress",
    "mark_goal_done",
    "mark_goal_failed",
    "list_perspectives",
)
PLANS = ("plan_tasks", "list_plan", "wait_for_plan")
REVIEWS = ("cross_review", "wait_for_review", "send_findings")
ECONOMY = ("compact_session", "clear_tool_results")
LEAD_TOOLS = (*WORK, *PLANS, *REVIEWS, *ECONOMY)
WORKER_TOOLS = ("report_done", "report_blocked", "report_failed", "ask_lead")
KEYS = {"tasks": tuple(TaskWish.__annotations__), "findings": tuple(FindingWish.__annotations__)}
_P = ParamSpec("_P")
_R = TypeVar("_R")


class HolderOfToken(TokenVerifier):
    """Tells the session's own tokens from any other."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def verify_token(self, token: str) -> AccessToken | None:
        """Return who holds the token, as `client_id`."""
        holder = self._access.holder(token)
        return None if holder is None else AccessToken(token=token, client_id=holder, scopes=[_scope(holder)])


def caller_by_token() -> str:
    """Return who calls: `lead` or a worker's id. Raises: ToolError when nobody was let in."""
    token = get_access_token()
    if token is None:
        raise ToolError("This call carries no token of the session: use the configuration that you were started with.")
    return token.client_id


def build(
    orchestrator: Orchestrator, caller: Callable[[], str] = caller_by_token, *, guarded: bool = True
) -> MCPServer:
    """Make the server; `guarded` asks for bearer tokens (a client in this process needs none)."""
    access = orchestrator.ground.access
    issuer = AnyHttpUrl(f"http://127.0.0.1:{access.port}")
    tools = _tools(orchestrator, caller)
    server = MCPServer(
        NAME,
        version=__version__,
        token_verifier=HolderOfToken(access) if guarded else None,
        auth=AuthSettings(issuer_url=issuer, resource_server_url=None, required_scopes=[]) if guarded else None,
        log_level="WARNING",
        middleware=[
            Listing(),
            Meter(caller, orchestrator.tally),
            RoleFilter(caller, {LEAD: frozenset(LEAD_TOOLS)}, frozenset(WORKER_TOOLS)),
            Wording({name: _arguments(tool) for name, tool in tools.items()}, KEYS),
        ],
    )
    for name, tool in tools.items():
        server.add_tool(_plain(tool), name=name, annotations=_hints(name))
    return server


def _tools(orchestrator: Orchestrator, caller: Callable[[], str]) -> dict[str, Callable[..., Awaitable[object]]]:
    desk = Desk(orchestrator)
    rooms: Mapping[object, tuple[str, ...]] = {
        LeadTools(desk): WORK,
        PlanTools(desk): PLANS,
        ReviewTools(desk): REVIEWS,
        EconomyTools(desk): ECONOMY,
        WorkerTools(orchestrator, caller): WORKER_TOOLS,
    }
    return {name: getattr(room, name) for room, names in rooms.items() for name in names}


def _arguments(tool: Callable[..., Awaitable[object]]) -> tuple[str, ...]:
    return tuple(name for name in inspect.signature(tool).parameters if name != "context")


def _hints(name: str) -> ToolAnnotations:
    looks = name.startswith(("list_", "read_", "wait_", "worker_diff"))
    return ToolAnnotations(read_only_hint=looks, destructive_hint=name == "kill_worker", open_world_hint=False)


def _scope(holder: str) -> str:
    return LEAD if holder == LEAD else "worker"


def _plain(tool: Callable[_P, Awaitable[_R]]) -> Callable[_P, Awaitable[_R]]:
    """Turn an accident of ours into a tool error in one sentence."""

    @functools.wraps(tool)
    async def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return await tool(*args, **kwargs)
        except OrchestraError as error:
            raise ToolError(str(error)) from error

    return call
