"""What is exported from the log: whole, or not at all."""

from __future__ import annotations

from agentorchestr_tui.tui import exporting


def test_an_export_takes_the_place_of_the_one_before(tmp_path):
    there = tmp_path / "new" / "w01.txt"
    for text in ("one\n", "two\n"):
        assert exporting.write(there, text=text, picture="", recording=None) == f"Exported to {there}"
    assert there.read_text() == "two\n"
    assert [each.name for each in there.parent.iterdir()] == ["w01.txt"]


def test_an_export_that_cannot_be_finished_leaves_nothing_half(tmp_path):
    there = tmp_path / "w01.txt"
    there.mkdir()
    said = exporting.write(there, text="one\n", picture="", recording=None)
    assert said.startswith(f"{there} cannot be written: ")
    assert [each.name for each in tmp_path.iterdir()] == ["w01.txt"]
    assert not list(there.iterdir())


def test_a_folder_that_is_a_file_is_told_in_a_sentence(tmp_path):
    (tmp_path / "log").write_text("")
    said = exporting.write(tmp_path / "log" / "w01.svg", text="", picture="<svg/>", recording=None)
    assert "cannot be written" in said
