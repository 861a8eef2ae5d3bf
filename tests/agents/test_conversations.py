from __future__ import annotations

import json
import os
from pathlib import Path

from agentorchestr_tui.agents.card import SHIPPED, load_cards
from agentorchestr_tui.agents.conversations import Conversation, kept, listed, told

CARDS = load_cards([SHIPPED])
ID, OTHER = "01a2043b-bf10-7121-94ee-96ca275af64f", "11111111-bf10-7121-94ee-96ca275af64f"


def rollout(home: Path, identity: str, folder: Path, written: float) -> Path:
    path = home / "sessions" / "2026" / "03" / "05" / f"rollout-2026-03-05T10-00-00-{identity}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"payload": {"cwd": str(folder)}}) + "\n")
    os.utime(path, (written, written))
    return path


def test_the_id_that_an_agent_told_last_counts():
    rows = [f"codex resume {OTHER}", "To continue this session, run:", f"  codex resume {ID}", ""]
    assert told(CARDS["codex"].conversation, rows) == ID


def test_an_agent_that_told_nothing_told_no_id():
    assert told(CARDS["codex"].conversation, ["bye"]) is None
    assert told(Conversation(), [f"codex resume {ID}"]) is None


def test_the_newest_conversation_of_the_folder_is_found(tmp_path):
    folder = tmp_path / "wörk tree"
    rollout(tmp_path / ".codex", OTHER, folder, 100)
    rollout(tmp_path / ".codex", ID, folder, 200)
    rollout(tmp_path / ".codex", OTHER.replace("1", "2"), tmp_path / "elsewhere", 300)
    assert kept(CARDS["codex"].conversation, {"HOME": str(tmp_path)}, folder, since=50) == ID


def test_a_conversation_from_before_the_launch_is_not_its(tmp_path):
    rollout(tmp_path / ".codex", ID, tmp_path, 100)
    assert kept(CARDS["codex"].conversation, {"HOME": str(tmp_path)}, tmp_path, since=150) is None


def test_a_home_that_the_user_moved_is_looked_into(tmp_path):
    rollout(tmp_path / "moved", ID, tmp_path, 100)
    env = {"HOME": str(tmp_path), "CODEX_HOME": str(tmp_path / "moved")}
    assert kept(CARDS["codex"].conversation, env, tmp_path, since=0) == ID


def test_no_home_and_no_place_are_no_conversation(tmp_path):
    assert kept(CARDS["codex"].conversation, {"HOME": str(tmp_path)}, tmp_path, since=0) is None
    assert kept(CARDS["claude"].conversation, {"HOME": str(tmp_path)}, tmp_path, since=0) is None


def test_of_a_listing_the_newest_conversation_of_each_folder_counts():
    printed = """[
  { "id": "ses_new", "title": "a", "updated": 3, "directory": "/w/one" },
  { "id": "ses_old", "title": "b \\"directory\\"", "updated": 2, "directory": "/w/one" },
  {
    "id": "ses_two",
    "title": "c",
    "directory": "/w/\\u00fcber"
  }, { "id": "ses_cut", "directory": "/w/cut\\"}
]"""
    found = listed(CARDS["opencode"].conversation.listed, printed)
    assert found == {Path("/w/one"): "ses_new", Path("/w/über"): "ses_two"}
    assert listed(CARDS["opencode"].conversation.listed, "Unexpected error") == {}


def test_a_conversation_is_found_by_its_folders_real_name_too(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    path = tmp_path / ".codex" / "sessions" / "2026" / "11" / "27" / f"rollout-1-{ID}.jsonl"
    path.parent.mkdir(parents=True)
    other = "/elsewhere"
    path.write_text(f'{{"payload":{{"cwd":"{tmp_path / "real"}"}}}}\n{{"worktree":"{other}"}}\n')
    ways = CARDS["codex"].conversation
    assert kept(ways, {"HOME": str(tmp_path)}, tmp_path / "link", 0.0) == ID
    assert kept(ways, {"HOME": str(tmp_path)}, Path(other), 0.0) is None  # told of, and not where it runs
