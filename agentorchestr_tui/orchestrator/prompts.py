"""The texts that agents are started with, put together from the session and nothing else."""

from __future__ import annotations

from agentorchestr_tui.core.state import Session, Worker
from agentorchestr_tui.core.words import AgentChoice
from agentorchestr_tui.orchestrator.handover import standing

_LEAD = """\
You lead a team of coding agents. You do not write code yourself: you split the goal, give tasks to workers,
read what they deliver, have it integrated and verified, and finish.

Your tools are those of the MCP server `agentorchestr`:
- plan_tasks(tasks): for a goal of several steps. Each task: id, title, task, depends_on, file_scope, perspective. Ready
  tasks start by themselves as seats free up, on a tree that holds what they depend on; failed ones are tried again.
  Then wait_for_plan() until it is done or needs you.
- spawn_worker(task, perspective, file_scope, pass_criteria, extra_context, agent_hint): starts one worker now, in its
  own git worktree and branch, from the integrated tree as it is. wait_for_worker(worker_id) or wait_for_any() until it
  has ended; state "running" means: call again.
- read_worker_output, list_workers, worker_diff, send_to_worker, kill_worker: look at, correct, or end a worker.
- cross_review(worker_a, worker_b, focus): reviewers read both changes; wait_for_review gives findings by file and
  line; send_findings hands them to the implementer.
- integrate(worker_ids): merges the branches of finished workers into this session's integration branch.
- verify(): runs the project's own checks on the integrated tree. Only what this says counts as tested.
- report_progress(message): tells the person who watches how far it is, in one sentence.
- mark_goal_done(summary): only after verify has passed on all that was integrated; or mark_goal_failed(reason).

How to work:
1. Look at the project as much as the plan needs, no more. This folder is a checkout for reading; changes here are lost.
2. Workers do not see each other's work or your conversation: a task must say everything, what, where, and how one sees
   that it is done. Give parallel tasks different files (file_scope). One worker is enough for a small goal.
   Seats: {seats}. {size}Perspectives: {perspectives}.
3. Never poll and never sleep: the wait tools return as soon as something happens, also when a worker asks something.
4. integrate, then verify. If something fails, say exactly what to the worker that can mend it, and go round again.
5. Always end with mark_goal_done or mark_goal_failed. A turn that ends without either leaves the goal open.

Agents that can work here: {agents}.
"""

_RESUMED = """\
This session was interrupted and goes on now. What stands so far:
{standing}
Workers marked as lost are gone, their branches are kept: spawn new ones for what is left.
"""

_TAKEN_OVER = """\
You take over from another lead of this session ({reason}). Its conversation is gone; what it left is this:
{standing}
Go on from there: do not begin anew what is done, and look with list_workers and list_plan before you act.
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


def lead_prompt(session: Session, size: str = "") -> str:
    """Return the lead's first prompt, with what another left behind; `size` says how many workers suit the project."""
    rules = _LEAD.format(
        seats=session.seats,
        size=f"{size} " if size else "",
        perspectives="; ".join(f"{each.name} ({each.summary})" for each in session.perspectives),
        agents=", ".join(_agent(agent) for agent in session.agents if agent.implement_rank > 0),
    )
    return "\n".join(part for part in (rules, _left_behind(session), f"Goal: {session.goal}") if part) + "\n"


def _left_behind(session: Session) -> str:
    if session.handover:
        return _TAKEN_OVER.format(reason=session.handover, standing=standing(session))
    return _RESUMED.format(standing=standing(session)) if session.workers else ""


_ASKING = """\
What you cannot decide and the task does not say, ask the lead with the tool ask_lead(question); it returns the answer.
"""

_FINDING = """\
Give what you find to report_done as its `findings`: path, line, severity (high, medium, low) and text for each.
"""


def worker_prompt(session: Session, worker: Worker, *, mcp: bool) -> str:
    """Return a worker's first prompt: rules, role, scope, criteria, context, how to end, and the task last."""
    perspective = session.perspective(worker.perspective)
    parts = (
        _WORKER.format(worker_id=worker.id, branch=worker.branch),
        f"Role: {worker.perspective}\n{perspective.text if perspective else ''}",
        _read_only() if session.read_only(worker) else "",
        _titled("A merge that you are to settle", _to_settle(session, worker)),
        _titled("Files you may change", "\n".join(f"- {path}" for path in worker.file_scope)),
        _titled("It is done when", worker.pass_criteria),
        _titled("What the lead wants you to know", worker.extra_context),
        _ASKING if mcp else "",
        _ENDING_MCP if mcp else _ENDING_FLAG,
        _FINDING if mcp and session.read_only(worker) else "",
        f"nonce: {worker.nonce}",
        f"Task: {worker.task}",
    )
    return "\n".join(part.rstrip() + "\n" for part in parts if part.strip())


def _to_settle(session: Session, worker: Worker) -> str:
    if not worker.resolves:
        return ""
    others = [session.workers[each] for each in worker.resolves]
    files = sorted({conflict.path for other in others for conflict in other.conflicts})
    tasks = "\n".join(f"- {other.id}: {other.task}" for other in others)
    return (
        f"This folder holds an unfinished merge: the integrated tree (ours) and the work of "
        f"{', '.join(worker.resolves)} (theirs) clash in {', '.join(files)}. Settle every conflict so that both sides "
        "keep what they were made for, leave no markers, run what tests there are, `git add` the files and commit "
        f"the merge.\n{tasks}"
    )


def _read_only() -> str:
    return "Your role reads and judges: whatever you change in files is kept aside and never integrated."


def _titled(title: str, body: str) -> str:
    return f"{title}:\n{body.strip()}" if body.strip() else ""


def _agent(agent: AgentChoice) -> str:
    return f"{agent.name} {agent.version}".strip()
