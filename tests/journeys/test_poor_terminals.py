"""The installed command in terminals that can do little: no colour, sixteen of them, no Unicode."""

from __future__ import annotations

import re

import pytest

from tests.house import make_place
from tests.journeys.glass import Glass, surroundings

NO_COLOR = {"NO_COLOR": "1"}
SIXTEEN = {"TERM": "screen", "COLORTERM": ""}
CONSOLE = {"TERM": "linux", "COLORTERM": "", "LANG": "C", "LC_ALL": "C"}

LETTERS = {"PYTHONIOENCODING": "ascii"}


@pytest.fixture
def glass(tmp_path):
    """Open a tmux of our own."""
    place = make_place(tmp_path)
    found = Glass(place.runtime, surroundings(place), (100, 30))
    yield lambda env: found.run("--demo", cwd=place.project, env=env) or found
    found.end()


def colors(styled):
    """Return the colours that a screen asks for: numbers of SGR, without shades of grey that are told as RGB."""
    found = set()
    for words in re.findall(r"\x1b\[([0-9;:]*)m", styled):
        numbers = [int(word or 0) for word in re.split("[;:]", words)]
        while numbers:
            number = numbers.pop(0)
            if number in (38, 48) and numbers[:1] == [2]:
                red, green, blue = numbers[1:4]
                numbers = numbers[4:]
                found |= {"rgb"} if not red == green == blue else set()
            elif number in (38, 48) and numbers[:1] == [5]:
                found |= {"256"} if numbers[1] < 232 else set()
                numbers = numbers[2:]
            elif 30 <= number <= 37 or 40 <= number <= 47 or 90 <= number <= 97 or 100 <= number <= 107:
                found.add(number)
    return found


@pytest.mark.parametrize(
    "env", [NO_COLOR, SIXTEEN, CONSOLE, LETTERS], ids=["no colour", "sixteen colours", "no Unicode", "ASCII"]
)
def test_a_poor_terminal_is_given_no_more_than_it_can_show(glass, env):
    """Nothing of the words is lost: each status has its glyph, in ASCII where there is nothing else."""
    shown = glass(env)
    for keys, words in (((), ("lead", "w01", "w02")), (("C-b", "?"), ("after ctrl+b", "needs you", "unknown"))):
        shown.press(*keys)
        text, styled = shown.until_shown(*words), shown.styled
        if env is NO_COLOR:
            assert colors(styled) == set()
        elif env is not LETTERS:
            assert not colors(styled) & {"rgb", "256"}
        if env in (CONSOLE, LETTERS):
            assert text.isascii()
            assert "working" in text
