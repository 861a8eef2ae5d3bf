from __future__ import annotations

import pytest

from agentorchestr_tui.agents.perspectives import SHIPPED, load_perspectives
from agentorchestr_tui.core.errors import CardError


def test_the_shipped_perspectives_are_those_that_the_tools_promise():
    shipped = load_perspectives([SHIPPED])
    read_only = {name for name, each in shipped.items() if each.read_only}
    assert set(shipped) - read_only == {"implementer", "tester"}
    assert read_only == {"reviewer", "security", "performance", "verifier", "researcher"}


def test_each_shipped_perspective_says_what_to_do_in_a_few_lines():
    for each in load_perspectives([SHIPPED]).values():
        assert each.summary, each.name
        assert 5 <= len(each.text.strip().splitlines()) <= 12, each.name


def test_a_user_adds_one_and_overrides_another(tmp_path):
    (tmp_path / "poet.toml").write_text('name = "poet"\nsummary = "rhymes"\ntext = "Rhyme."\n')
    (tmp_path / "tester.toml").write_text('name = "tester"\nsummary = "mine"\ntext = "Test."\n')
    perspectives = load_perspectives([SHIPPED, tmp_path])
    assert perspectives["poet"].text == "Rhyme."
    assert perspectives["tester"].summary == "mine"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('name = "poet"\nsummary = "x"\ntext = " "\n', "empty text"),
        ('name = "poet"\nsummary = "x"\ntext = "x"\nreadonly = true\n', "'read_only'"),
        ('name = "poet"\nsummary = "x"\n', "lacks the key 'text'"),
    ],
)
def test_a_wrong_perspective_is_refused_with_what_is_wrong(tmp_path, text, words):
    (tmp_path / "poet.toml").write_text(text)
    with pytest.raises(CardError, match=words):
        load_perspectives([tmp_path])
