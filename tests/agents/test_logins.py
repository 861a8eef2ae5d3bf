"""When an agent's login has to be renewed, read off the file that it keeps it in."""

from __future__ import annotations

import base64
import json

import pytest

from agentorchestr_tui.agents.card import SHIPPED, load_cards
from agentorchestr_tui.agents.logins import MARGIN, Login, standing_of

NOW = 1_800_000_000.0


def jwt(claims: dict[str, object]) -> str:
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"head.{middle}.signature"


@pytest.mark.parametrize(
    ("kept", "expires", "ends"),
    [
        ({"expiry_date": NOW * 1000}, ("expiry_date",), NOW),
        ({"oauth": {"expiresAt": NOW}}, ("oauth", "expiresAt"), NOW),
        ({"tokens": {"access_token": jwt({"exp": NOW})}}, ("tokens", "access_token"), NOW),
        ({"at": "2027-01-15T08:00:00+00:00"}, ("at",), NOW),
        ({"one": {"expires": NOW + 5}, "two": {"expires": NOW}, "key": {"type": "api"}}, ("*", "expires"), NOW),
        ({"one": {"type": "api", "key": "k"}}, ("*", "expires"), None),
        ({"tokens": {"access_token": "not.a.jwt"}}, ("tokens", "access_token"), None),
        ({"tokens": None, "OPENAI_API_KEY": "k"}, ("tokens", "access_token"), None),
        ({"expiry_date": True}, ("expiry_date",), None),
        ({"expiry_date": 0}, ("expiry_date",), None),
        ([], ("expiry_date",), None),
    ],
)
def test_the_end_of_a_login_is_read_in_whatever_form_it_stands(tmp_path, kept, expires, ends):
    (tmp_path / ".mimic").mkdir()
    (tmp_path / ".mimic" / "auth.json").write_text(json.dumps(kept))
    standing = standing_of(Login(".mimic", "auth.json", expires), {"HOME": str(tmp_path)})
    assert standing.ends == ends
    assert standing.is_due(NOW - MARGIN + 1) is (ends is not None)
    assert not standing.is_due(NOW - MARGIN - 1)


def test_a_login_elsewhere_is_found_by_its_variable_and_none_is_no_trouble(tmp_path):
    login = Login(".mimic", "auth.json", ("at",), variable="MIMIC_HOME")
    assert standing_of(login, {"HOME": str(tmp_path)}).ends is None
    (tmp_path / "auth.json").write_text(json.dumps({"at": NOW}))
    assert standing_of(login, {"HOME": "/nowhere", "MIMIC_HOME": str(tmp_path)}).ends == NOW
    (tmp_path / "auth.json").write_text('{"at": 18')
    assert standing_of(login, {"MIMIC_HOME": str(tmp_path)}).ends is None


def test_the_cards_of_agents_with_a_login_that_is_used_up_say_where_it_is():
    logins = {name: card.login for name, card in load_cards([SHIPPED]).items() if card.login}
    assert {"claude", "codex", "gemini", "qwen", "opencode"} <= set(logins)
    assert all(login.file.endswith(".json") and login.expires for login in logins.values())
