"""What is exported from the log: whole, or not at all."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip

from agentorchestr_tui.tui import exporting


def test_a_picture_has_every_row_and_fetches_nothing():
    drawn = exporting.picture([Strip([Segment("first")]), Strip([Segment("second")])], "w01")
    rows = [part for part in drawn.split("<text") if ">first<" in part or ">second<" in part]
    assert len(rows) == 2
    assert rows[0].split('y="')[1] != rows[1].split('y="')[1]
    assert "url(http" not in drawn.replace('"', "")


def test_an_export_takes_the_place_of_the_one_before(tmp_path):
    there = tmp_path / "new" / "w01.txt"
    for text in ("one\n", "two\n"):
        assert exporting.Export(there, text, "", None).write() == f"Exported to {there}"
    assert there.read_text() == "two\n"
    assert [each.name for each in there.parent.iterdir()] == ["w01.txt"]


def test_an_export_that_cannot_be_finished_leaves_nothing_half(tmp_path):
    there = tmp_path / "w01.txt"
    there.mkdir()
    export = exporting.Export(there, "one\n", "", None)
    said = export.write()
    assert said.startswith(f"{there} cannot be written: ")
    assert not export.done
    assert [each.name for each in tmp_path.iterdir()] == ["w01.txt"]
    assert not list(there.iterdir())


def test_a_folder_that_is_a_file_is_told_in_a_sentence(tmp_path):
    (tmp_path / "log").write_text("")
    said = exporting.Export(tmp_path / "log" / "w01.svg", "", "<svg/>", None).write()
    assert "cannot be written" in said


def test_an_export_that_is_stopped_leaves_what_was_there(tmp_path):
    recording, there = tmp_path / "w01.cast", tmp_path / "out" / "w01.cast"
    recording.write_bytes(b"x" * (3 * exporting.PIECE))
    there.parent.mkdir()
    there.write_text("before")
    export = exporting.Export(there, "", "", recording)
    export.stop()
    assert export.write() == "The export is stopped: w01.cast is as it was."
    assert there.read_text() == "before"
    assert [each.name for each in there.parent.iterdir()] == ["w01.cast"]
    whole = exporting.Export(there, "", "", recording)
    assert whole.write() == f"Exported to {there}"
    assert (there.stat().st_size, whole.share, whole.done) == (3 * exporting.PIECE, 1.0, True)
