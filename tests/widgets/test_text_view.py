"""The text view: wrapping, following, searching; and the time line's marks."""

from __future__ import annotations

from textual.app import App

from agentorchestr_tui.widgets.tabs_line import TabsLine
from agentorchestr_tui.widgets.text_view import TextView
from agentorchestr_tui.widgets.time_line import TimeLine, TimeMark


class Page(App):
    """A view alone."""

    def __init__(self):
        super().__init__()
        self.view, self.line, self.tabs = TextView(), TimeLine(), TabsLine()
        self.sought, self.chosen = [], []

    def compose(self):
        yield self.tabs
        yield self.view
        yield self.line

    def on_time_line_sought(self, message):
        self.sought.append(message.at)

    def on_tabs_line_chosen(self, message):
        self.chosen.append(message.key)

    def rows(self):
        return [self.view.render_line(y).text.rstrip() for y in range(self.view.size.height)]


async def test_long_and_wide_lines_are_wrapped_and_none_is_lost():
    page = Page()
    async with page.run_test(size=(30, 24)) as pilot:
        page.view.show(["short", "x" * 60, "日本" * 20, ""], ["", "good", "", ""])
        await pilot.pause()
        rows = page.rows()
        assert rows[0] == "short"
        assert "".join(row for row in rows if row.startswith("x")) == "x" * 60
        assert "".join(rows).count("日") == 20
        await pilot.resize_terminal(20, 24)
        await pilot.pause()
        assert "".join(page.rows()).count("日") == 20


async def test_prose_is_cut_between_words():
    page = Page()
    async with page.run_test(size=(30, 24)) as pilot:
        page.view.show(["one two three four five six seven eight nine ten"])
        await pilot.pause()
        assert page.rows()[:2] == ["one two three four five six", "seven eight nine ten"]


async def test_it_follows_what_grows_until_one_scrolls_up_and_again_at_the_end():
    page = Page()
    async with page.run_test(size=(40, 12)) as pilot:
        page.view.focus()
        page.view.show([f"line {n}" for n in range(100)], follow=True)
        await pilot.pause()
        assert page.rows()[-1] == "line 99"
        page.view.add(["line 100"])
        await pilot.pause()
        assert page.rows()[-1] == "line 100"
        await pilot.press("up", "up")
        page.view.add(["line 101"])
        await pilot.pause()
        assert page.rows()[-1] == "line 98"
        await pilot.press("end")
        page.view.put(100, ["other 100", "other 101", "other 102"])
        await pilot.pause()
        assert page.rows()[-2:] == ["other 101", "other 102"]
        page.view.put(0, ["few", "are", "left", *(f"line {n}" for n in range(20))])
        await pilot.pause()
        page.view.add(["the newest"])
        await pilot.pause()
        assert page.rows()[-1] == "the newest"
        await pilot.press("home")
        assert page.rows()[0] == "few"


async def test_places_found_are_walked_and_kept_right_while_lines_come_and_go():
    page = Page()
    async with page.run_test(size=(40, 12)) as pilot:
        page.view.show([f"line {n} {'Needle' if n % 40 == 5 else ''}" for n in range(100)])
        await pilot.pause()
        assert await page.view.search("needle") == 3
        assert page.view.text_in_view.startswith("line 85")
        assert page.view.search_on(1) == 1
        assert page.view.text_in_view.startswith("line 5 ")
        page.view.add(["needle at the end"])
        assert page.view.search_on(-1) == 4
        page.view.put(80, ["gone"])
        assert page.view.search_on(1) in (1, 2)
        assert await page.view.search("") == 0
        assert page.view.search_on(1) == 0


async def test_the_time_line_shows_the_weightiest_mark_and_a_click_seeks():
    page = Page()
    async with page.run_test(size=(42, 12)) as pilot:
        page.line.marks = [TimeMark(5.0, "·", words="small"), TimeMark(5.0, "◆", "attention", "asks", 5), TimeMark(9.0)]
        page.line.show(6.0, 10.0, "▶ 2x · 6s of 10s")
        text = page.line.render().plain
        assert text.count("◆") == 1
        assert "▶ 2x · 6s of 10s" in text
        assert page.line.beside(6.0, 1) == 9.0
        assert page.line.beside(6.0, -1) == 5.0
        assert page.line.beside(9.0, 1) == 10.0
        page.line.marks = [TimeMark(1.0), TimeMark(1.04), TimeMark(1.08), TimeMark(2.0)]  # a step back undoes a step on
        stops = [1.0]
        for by in (1, 1, -1, -1):
            stops.append(page.line.beside(stops[-1], by))
        assert stops == [1.0, 1.08, 2.0, 1.08, 1.0]
        await pilot.click(page.line, offset=(20, 0))
        assert 4 < page.sought[0] < 6


async def test_a_line_of_many_tabs_keeps_the_chosen_one_in_view():
    page = Page()
    async with page.run_test(size=(30, 12)) as pilot:
        names = [(f"k{n}", f"name {n}") for n in range(12)]
        page.tabs.show(names, "k11")
        assert "name 11" in page.tabs.render().plain
        assert page.tabs.render().plain.startswith("‹")
        assert page.tabs.beside(1) == "k0"
        page.tabs.show(names, "k0")
        await pilot.click(page.tabs, offset=(12, 0))
        assert page.chosen == ["k1"]


async def test_an_empty_line_is_drawn_where_no_colour_is_wanted(monkeypatch):
    """It had no style, and with NO_COLOR the log of an agent ended the whole program."""
    monkeypatch.setenv("NO_COLOR", "1")
    app = Page()
    async with app.run_test(size=(20, 8)) as pilot:
        app.view.show(["one", "", "two"])
        await pilot.pause()
        drawn = [strip.text.strip() for strip in app.screen._compositor.render_strips()]
        assert drawn[drawn.index("one") :][:3] == ["one", "", "two"]
