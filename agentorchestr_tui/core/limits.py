"""Used-up rates and quotas: whom they park, and who goes on when they are over."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from agentorchestr_tui.core import commands as c
from agentorchestr_tui.core import events as e
from agentorchestr_tui.core.granting import Refused, Verdict, rule
from agentorchestr_tui.core.state import LimitStands, Session

_DAY = 86_400  # seconds
_ERA, _TO_ERA = 146_097, 719_468  # days of 400 years, and from 1 March 0 to 1970
_MONTHS = ("Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb")

# -- rules ------------------------------------------------------------------------------------------------------------


@rule(c.NoteLimit)
def met(session: Session, wish: c.NoteLimit) -> Verdict:
    """Note a limit, and everyone whom it parks, once."""
    if not session.agent_of(wish.who):
        return Refused(f"There is no {wish.who}.")
    stands = session.limits.get(wish.account)
    if stands is not None and wish.who in stands.parked and wish.until in (None, stands.until):
        return ()
    return (e.LimitMet(wish.who, wish.account, wish.agent, wish.text, wish.until),)


@rule(c.NoteLimitLifted)
def lifted(session: Session, wish: c.NoteLimitLifted) -> Verdict:
    """Note that a limit is over."""
    stands = session.limits.get(wish.account)
    return () if stands is None else (e.LimitLifted(wish.account, stands.parked),)


def held_back(session: Session, agent: str) -> str:
    """Say why nothing of an agent is started now, or nothing."""
    stands = session.limit_of(agent)
    return (
        f"{agent} has met a limit ({stands.text}) and is not started {until(stands.until, stands.since)}"
        if stands
        else ""
    )


def until(at: float | None, since: float) -> str:
    """Say when a limit that was met at `since` is over: `until 15:00 UTC`, with its day where that is another one."""
    if at is None:
        return "until it is over"
    days, seconds = divmod(int(at), _DAY)
    day = "" if days == int(since) // _DAY else f"{_named(days)} "
    return f"until {day}{seconds // 3600:02d}:{seconds // 60 % 60:02d} UTC"


def _named(days: int) -> str:
    """Name the day that is so many days after 1970 began: `9 Mar`; by Gregorian years that begin in March."""
    of_era = (days + _TO_ERA) % _ERA
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    return f"{of_year - (153 * month + 2) // 5 + 1} {_MONTHS[month]}"


# -- changes ----------------------------------------------------------------------------------------------------------


def was_met(session: Session, event: e.LimitMet, at: float) -> Session:
    """Add a limit, or one more whom it parks."""
    before = session.limits.get(event.account)
    parked = before.parked if before else ()
    limit = LimitStands(
        account=event.account,
        agent=event.agent,
        text=event.text,
        until=event.until if event.until is not None or before is None else before.until,
        since=before.since if before else at,
        parked=parked if event.who in parked else (*parked, event.who),
    )
    return replace(session, limits=MappingProxyType({**session.limits, limit.account: limit}))


def was_lifted(session: Session, event: e.LimitLifted, _at: float) -> Session:
    """Take a limit away."""
    left = {account: limit for account, limit in session.limits.items() if account != event.account}
    return replace(session, limits=MappingProxyType(left))
