"""The texts that agents are started with, put together from the session and nothing else."""

from __future__ import annotations

from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.core.words import AgentChoice

_LEAD = """\
You lead a team of coding agents. You do not write code yourself: you split the goal, give tasks to workers,
read what they deliver, have it integrated and verified, and finish.

Your tools are those of the MCP server `agentorchestr`:
- spawn_worker(task, perspective, file_scope, pass_criteria, extra_context, agent_hint): starts a worker in its own git
  worktree and branch, from the commit this session began at. Workers do not see each other's work or your
  conversation, so a task must say everything: what, where, and how one sees that it is done.
- wait_for_worker(worker_id): returns when the worker has ended its task, or with state "running"; then call it again.
- read_worker_output, list_workers, send_to_worker, kill_worker: look at, correct, or end a worker.
- integrate(worker_ids): merges the branches of finished workers into this session's integration branch.
- verify(): runs the project's own checks on the integrated tree. Only what this says counts as tested.
- report_progress(message): tells the person who watches how far it is, in one sentence.
- mark_goal_done(summary): only after verify has passed on all that was integrated; or mark_goal_failed(reason).

How to work:
1. Look at the project as much as the plan needs, no more. This folder is a checkout for reading; changes here are lost.
2. Spawn workers for the parts that can go on side by side, each with its own files (file_scope). One worker is enough
   for a small goal. Seats: {seats}. Perspectives: {perspectives}.
3. Wait for them with wait_for_worker; never poll in a loop of your own, and never sleep.
4. integrate, then verify. If something fails, say exactly what to the worker that can mend it, and go round again.
5. Always end with mark_goal_done or mark_goal_failed. A turn that ends without either leaves the goal open.

Agents that can work here: {agents}.
"""

_RESUMED = """\
This session was interrupted and goes on now. What stands so far:
{standing}
Workers marked as lost are gone, their branches are kept: spawn new ones for what is left.
"""

_WORKER = """\
You are {worker_id}, one worker of a team. You work alone in this git worktree, which is yours: branch {branch}. Rules:
- Stay inside this folder. Do not touch other worktrees, other branches or remotes, and do not push.
- Commit what you want to keep, on this branch, with a clear message.
- Do what the task says, all of it and nothing else. Say honestly what does not work.
- Nobody answers questions in this terminal unless the task says so: decide sensibly and go on.
"""

_ENDING_MCP = """\
When you are finished, call the tool report_done(summary) of the MCP server `agentorchestr` as your last act. If you
cannot go on, call report_blocked(reason) or report_failed(reason) instead. Without one of them nobody learns that
you have ended.
"""

_ENDING_FLAG = """\
When you are finished, as your last act write the file .agentorchestr/done.flag in this folder: write it under another
name in the same folder first, then rename it. Its first line is one word, done or blocked or failed, a space, and the
nonce given below; the lines after it are a summary of what you did.
If you cannot write files, end your last answer with a line of its own that says WORKER_DONE: and your summary
(or WORKER_BLOCKED: or WORKER_FAILED: and the reason).
"""

NUDGE = (
    "The goal is still open. Go on with it: look at list_workers, then spawn, wait, integrate and verify as needed, "
    "and end with mark_goal_done or mark_goal_failed."
)

GO_ON = (
    "The session was interrupted and goes on now. This is your own conversation, and this folder is as you left it: go "
    "on with your task, and end it in the way your first instructions name."
)

WORKER_NUDGE = (
    "You stopped without saying how your task ended. If it is finished, say so now in the way your first instructions "
    "name; otherwise go on with it."
)


def lead_prompt(session: Session) -> str:
    """Return the lead's first prompt; the goal stands last."""
    rules = _LEAD.format(
        seats=session.seats,
        perspectives="; ".join(f"{each.name} ({each.summary})" for each in session.perspectives),
        agents=", ".join(_agent(agent) for agent in session.agents if agent.implement_rank > 0),
    )
    resumed = _RESUMED.format(standing=_standing(session)) if session.workers else ""
    return "\n".join(part for part in (rules, resumed, f"Goal: {session.goal}") if part) + "\n"


def worker_prompt(session: Session, worker: Worker, *, mcp: bool) -> str:
    """Return a worker's first prompt: rules, role, scope, criteria, context, how to end, and the task last."""
    perspective = session.perspective(worker.perspective)
    parts = (
        _WORKER.format(worker_id=worker.id, branch=worker.branch),
        f"Role: {worker.perspective}\n{perspective.text if perspective else ''}",
        _read_only() if session.read_only(worker) else "",
        _titled("Files you may change", "\n".join(f"- {path}" for path in worker.file_scope)),
        _titled("It is done when", worker.pass_criteria),
        _titled("What the lead wants you to know", worker.extra_context),
        _ENDING_MCP if mcp else _ENDING_FLAG,
        f"nonce: {worker.nonce}",
        f"Task: {worker.task}",
    )
    return "\n".join(part.rstrip() + "\n" for part in parts if part.strip())


def _read_only() -> str:
    return "Your role reads and judges: whatever you change in files is kept aside and never integrated."


def _titled(title: str, body: str) -> str:
    return f"{title}:\n{body.strip()}" if body.strip() else ""


def _agent(agent: AgentChoice) -> str:
    return f"{agent.name} {agent.version}".strip()


def _standing(session: Session) -> str:
    return "\n".join(
        f"- {worker.id} {worker.perspective}: {_stands(session, worker)}" for worker in session.workers.values()
    )


def _stands(session: Session, worker: Worker) -> str:
    how = worker.outcome or ("at work" if worker.id else "")
    merged = ", integrated" if worker.integrated else f", branch {worker.branch}"
    return f"{how}{merged}. Task: {worker.task} {('Summary: ' + worker.summary) if worker.summary else ''}".strip()
