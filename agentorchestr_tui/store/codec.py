"""Events to JSON and back, by the dataclasses they are."""

from __future__ import annotations

import inspect
from functools import cache

from pydantic import TypeAdapter, ValidationError

from agentorchestr_tui.core import events
from agentorchestr_tui.core.errors import StoreError

_CLASSES: dict[str, type[events.Event]] = {
    events.kind(each): each
    for each in vars(events).values()
    if inspect.isclass(each) and issubclass(each, events.Event) and each is not events.Event
}


def encode(event: events.Event) -> str:
    """Return an event's fields as JSON."""
    return _adapter(events.kind(event)).dump_json(event).decode()


def decode(kind: str, payload: str) -> events.Event:
    """Return the event that was stored. Raises: StoreError when it is of a newer version, or damaged."""
    if kind not in _CLASSES:
        raise StoreError(f"The log holds a {kind!r} event, which this version does not know; upgrade agentorchestr.")
    try:
        return _adapter(kind).validate_json(payload)
    except ValidationError as error:
        raise StoreError(
            f"A {kind!r} event in the log cannot be read ({error.error_count()} errors in it): it was written by "
            "another version, or the file is damaged."
        ) from error


@cache
def _adapter(kind: str) -> TypeAdapter[events.Event]:
    return TypeAdapter(_CLASSES[kind])
