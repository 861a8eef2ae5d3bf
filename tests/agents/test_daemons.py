from __future__ import annotations

import pytest

from agentorchestr_tui.agents.card import SHIPPED, load_cards

CARDS = load_cards([SHIPPED])


@pytest.mark.parametrize(
    ("agent", "argv", "name"),
    [
        ("cline", ["/x/bin/cline", "--cline-hub-daemon", "--cwd", "/w", "--port", "25463"], "hub"),
        ("codex", ["/x/bin/codex", "app-server", "daemon"], "app server"),
        ("codex", ["/x/codex-x86_64", "app-server", "daemon", "pid-update-loop"], "app server"),
    ],
)
def test_a_daemon_is_known_by_its_command_line(agent, argv, name):
    assert next(daemon.name for daemon in CARDS[agent].daemons if daemon.is_it(argv)) == name


@pytest.mark.parametrize(
    ("agent", "argv"),
    [
        ("cline", ["/x/bin/cline", "--tui", "Do it."]),
        ("codex", ["/x/bin/codex", "--", "Do it."]),
        ("codex", ["vim", "app-server.md"]),
    ],
)
def test_an_agent_at_work_is_no_daemon(agent, argv):
    assert not any(daemon.is_it(argv) for daemon in CARDS[agent].daemons)
