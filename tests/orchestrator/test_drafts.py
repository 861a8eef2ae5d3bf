"""What a person began to type: still there under a menu, and after it if the screen shows it."""

from __future__ import annotations

import pytest

from agentorchestr_tui.orchestrator.drafts import ECHOED, RECALLED, UNSEEN, Draft

SHOWS, EMPTY = ["> earlier", "❯ half a thought"], ["> earlier", "❯"]
LATER = 10.0


def typed(*keys: bytes) -> Draft:
    """Type at 0, and each of `keys` a little later."""
    draft = Draft()
    for at, each in enumerate([b"half a thought", *keys]):
        draft.take(each, at / 10)
    return draft


def test_a_draft_outlasts_a_menu_if_it_shows_after_it():
    draft = typed()
    draft.covered(1.0)
    draft.uncovered(LATER)
    assert draft.stands(EMPTY, LATER)  # not painted again yet
    assert draft.stands(SHOWS, LATER + ECHOED)
    assert not draft.stands(EMPTY, LATER + ECHOED)


@pytest.mark.parametrize("key", [b"\x15", b"\r", b"\x03"])
def test_keys_that_a_menu_may_have_taken_do_not_end_a_draft_that_still_shows(key):
    draft = typed(key)
    draft.covered(0.1 + UNSEEN / 2)
    draft.uncovered(LATER)
    assert draft.stands(SHOWS, LATER + ECHOED)
    assert not draft.stands(SHOWS, LATER + RECALLED)  # it may be what was said, not what stands in the input
    assert not typed(key).stands(SHOWS, LATER)


def test_a_draft_that_was_sent_long_before_a_menu_is_none():
    draft = typed(b"\r")
    draft.covered(0.1 + UNSEEN)
    draft.uncovered(LATER)
    assert not draft.stands(SHOWS, LATER)


def test_what_answered_a_menu_before_it_was_seen_is_no_draft():
    draft = Draft()
    draft.take(b"2", 0.0)
    draft.covered(0.1)
    draft.uncovered(LATER)
    assert not draft.stands(["2 files"], LATER)
