"""The lines that the README shows embed a terminal in an app."""

from __future__ import annotations

import re
from pathlib import Path

README = Path(__file__).parents[2] / "widgets" / "README.md"


async def test_the_lines_in_the_readme_show_a_shell_that_can_be_typed_into():
    (lines,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    names = {"__name__": "readme"}
    exec(compile(lines, str(README), "exec"), names)
    app = names["Shell"]()
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.pause()
        await pilot.press(*"echo $((6*7))", "enter")
        for _ in range(500):
            await pilot.pause(0.01)
            if any(line.strip() == "42" for line in app.terminal.emulator.display):
                break
        assert any(line.strip() == "42" for line in app.terminal.emulator.display)
        assert (app.terminal.emulator.columns, app.terminal.emulator.lines) == (60, 10)
        app.child.fileobj.close()
        app.child.closed = True
