import asyncio
import itertools
from time import perf_counter

from agentorchestr_tui.panes.pump import HUSH, ROUNDS, SHARE, Pump


class Eater:
    """Something with a number of slices to parse; every slice takes a while and is noted."""

    def __init__(self, name, slices, diary, cost=0.0002):
        self.name, self.left, self.diary, self.cost = name, slices, diary, cost
        self.turns = 0

    def digest(self, until):
        self.turns += 1
        while self.left:
            begun = perf_counter()
            while perf_counter() - begun < self.cost:
                pass
            self.left -= 1
            self.diary.append((self.name, begun))
            if perf_counter() >= until:
                break
        return self.left > 0


async def finished(*eaters):
    async with asyncio.timeout(20):
        while any(eater.left for eater in eaters):
            await asyncio.sleep(0)


async def test_everything_is_parsed_in_the_end():
    diary, pump = [], Pump()
    eaters = [Eater(name, 40, diary) for name in "abc"]
    for eater in eaters:
        pump.stir(eater)
    await finished(*eaters)
    assert len(diary) == 120


async def test_the_favoured_pane_is_parsed_first():
    diary, pump = [], Pump()
    flood, typed = Eater("flood", 200, diary), Eater("typed", 3, diary)
    pump.favoured = typed
    pump.stir(flood)
    pump.stir(typed)
    await finished(typed)
    assert [name for name, _ in diary[:3]] == ["typed"] * 3
    pump.forget(flood)


async def test_background_panes_take_turns():
    diary, pump = [], Pump()
    one, other = Eater("one", 60, diary), Eater("other", 60, diary)
    pump.stir(one)
    pump.stir(other)
    await finished(one, other)
    first_of_other = [name for name, _ in diary].index("other")
    assert first_of_other < 40


async def test_the_loop_goes_round_between_turns_of_a_flood():
    diary, pump = [], Pump()
    flood = Eater("flood", 100, diary)
    pump.favoured = flood
    pump.stir(flood)
    rounds = 0
    while flood.left:
        await asyncio.sleep(0)
        rounds += 1
    assert rounds >= 5


async def test_what_takes_several_rounds_of_the_loop_waits_for_one_turn_of_a_flood():
    """As a key does, which Textual hands from queue to queue: each of its rounds waited for a turn of its own."""
    diary, pump = [], Pump()
    flood = Eater("flood", 2000, diary)
    pump.stir(flood)
    for _ in range(20):
        before = flood.turns
        for _ in range(ROUNDS):
            await asyncio.sleep(0)
        assert flood.turns - before <= 1
    assert flood.turns >= 10
    pump.forget(flood)


async def test_a_flooding_background_pane_waits_for_the_next_frame_after_its_share():
    diary, pump = [], Pump()
    flood = Eater("flood", 60, diary, cost=SHARE / 4)
    pump.favoured = Eater("typed", 0, diary)
    pump.stir(flood)
    await finished(flood)
    pauses = [later[1] - earlier[1] for earlier, later in itertools.pairwise(diary)]
    assert sum(1 for pause in pauses if pause > SHARE) >= 5


async def test_background_panes_wait_a_moment_after_a_key():
    diary, pump = [], Pump()
    back = Eater("back", 1, diary)
    pump.hush()
    hushed = perf_counter()
    pump.stir(back)
    await finished(back)
    assert diary[0][1] >= hushed + HUSH


async def test_a_forgotten_pane_is_not_parsed():
    diary, pump = [], Pump()
    gone, stays = Eater("gone", 5, diary), Eater("stays", 1, diary)
    pump.stir(gone)
    pump.stir(stays)
    pump.forget(gone)
    await finished(stays)
    assert [name for name, _ in diary] == ["stays"]
