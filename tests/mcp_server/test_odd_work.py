"""Work that is not plain text on a branch, integrated over the lead's own tools: merged, or refused with a sentence."""

from __future__ import annotations

import pytest

from agentorchestr_tui.core.commands import SetGoal
from tests.house import git, make_place, session
from tests.mcp_server.client import connected, refused, told

IDLE_LEAD = '[[opening]]\nhang = "Leading"\n'
POINTER = "version https://git-lfs.github.com/spec/v1\\noid sha256:%s\\nsize 12345\\n"
LINES = "".join(f"line {number}\n" for number in range(1, 21))
WHO = ("-c", "user.name=T", "-c", "user.email=t@localhost")


@pytest.fixture
async def led(tmp_path):
    """A session in a project with all of it; the test is the lead."""
    place = make_place(
        tmp_path,
        {
            ".gitattributes": "*.dos text eol=crlf\n*.bin filter=lfs diff=lfs merge=lfs -text\n",
            "a.dos": LINES,
            "auto.txt": LINES,
            "old.py": LINES,
            "run.sh": "#!/bin/sh\n",
            "model.bin": (POINTER % ("a" * 64)).replace("\\n", "\n"),
            "picture.dat": "\0\1\2 a\n",
        },
    )
    upstream = tmp_path / "upstream"
    upstream.mkdir()
    git(upstream, "init", "--quiet")
    (upstream / "lib.py").write_text("lib\n")
    git(upstream, "add", "--all")
    git(upstream, *WHO, "commit", "--quiet", "-m", "lib")
    place.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(upstream), "lib")
    place.git(*WHO, "commit", "--quiet", "-m", "lib")
    place.git("config", "core.autocrlf", "true")
    place.agent("lead", IDLE_LEAD, rank=2)
    place.agent("told", "does_as_told")
    async with session(place.opening(lead="lead", verify=("true",))) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        yield place, orchestrator


async def worked(client, *tasks):
    """Have tasks done side by side; return how each ended."""
    ids = [(await told(client, "spawn_worker", task=task))["worker_id"] for task in tasks]
    ends = []
    for worker_id in ids:
        while (waited := await told(client, "wait_for_worker", worker_id=worker_id))["state"] == "running":
            pass
        assert waited["state"] == "done", waited
        ends.append(waited)
    return ends


INSIDE = "git -c user.name=A -c user.email=a@b -C lib commit -qm"


async def test_line_ends_pointers_modes_renames_and_submodules_come_together(led):
    place, orchestrator = led
    crlf = "sed -i 's/^line {0}\\r$/changed {0}\\r/' a.dos auto.txt"
    async with connected(orchestrator) as client:
        one, _ = await worked(
            client,
            f"{crlf.format(2)} && git mv old.py new.py && chmod +x run.sh && "
            f"printf '{POINTER % ('b' * 64)}' > model.bin",
            f"{crlf.format(18)} && sed -i 's/^line 9/edited 9/' old.py && printf '\\0\\9' > picture.dat && echo new >"
            f" lib/new.py && git -C lib add new.py && {INSIDE} new",
        )
        assert sorted(one["evidence"]["files"]) == ["a.dos", "auto.txt", "model.bin", "new.py", "run.sh"]
        assert (one["evidence"]["insertions"], one["evidence"]["uncommitted"]) == (3, 0)  # whole files would be 40
        merged = await told(client, "integrate")
        assert (merged["integrated"], merged["conflicts"]) == (["w01", "w02"], [])
        assert merged["hint"] == "Next: verify."

        def show(path):
            return place.git("show", f"{merged['commit']}:{path}")

        for path in ("a.dos", "auto.txt"):
            text = show(path)
            assert "\r" not in text
            assert ("changed 2\n" in text, "changed 18\n" in text) == (True, True)
        assert "edited 9" in show("new.py")  # the edit went along with the rename
        assert "b" * 64 in show("model.bin")
        assert place.git("ls-tree", merged["commit"], "run.sh").startswith("100755")
        assert "old.py" not in place.git("ls-tree", "--name-only", merged["commit"])
        inner = place.git("rev-parse", f"{merged['commit']}:lib")
        assert git(place.project / "lib", "show", f"{inner}:new.py") == "new"  # the user has the submodule's commit
        assert (await told(client, "verify"))["passed"]


async def test_what_cannot_be_merged_comes_back_as_a_sentence_for_each_file(led):
    _, orchestrator = led
    move = "echo {0} > lib/{0}.py && git -C lib add {0}.py && " + INSIDE + " {0}"
    side = (
        "printf '{1}' > model.bin && printf '\\0{0}' > picture.dat && git mv old.py {0}.py && echo {0} > run.sh && "
        + move
    )
    async with connected(orchestrator) as client:
        await worked(client, *(side.format(name, POINTER % (name[0] * 64)) for name in ("blue", "cyan")))
        merged = await told(client, "integrate")
        (left,) = {each["worker_id"] for each in merged["conflicts"]}
        texts = {each["path"]: each["text"] for each in merged["conflicts"]}
        assert set(texts) >= {"model.bin", "picture.dat", "lib", "run.sh", "old.py"}
        assert "binary" in texts["picture.dat"]
        assert "oid sha256:" + "b" * 64 in texts["model.bin"]
        assert "the integrated tree" in texts["run.sh"]
        assert "the branch points to" in texts["lib"]
        assert "renamed" in texts["old.py"]
        assert f"spawn_worker with resolves=['{left}']" in merged["hint"]
        sentence = await refused(client, "mark_goal_done", summary="x")
        assert f"The work of {left} is not in the integration branch" in sentence


async def test_a_hook_that_refuses_commits_and_half_done_submodules_hold_nobody_up(led):
    place, orchestrator = led
    hook = place.project / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'The linter says no.' >&2\nexit 1\n")
    hook.chmod(0o755)
    async with connected(orchestrator) as client:
        hooked, _ = await worked(client, "echo 1 > one.txt", "echo half > lib/half.py")
        assert (hooked["evidence"]["files"], hooked["evidence"]["uncommitted"]) == (["one.txt"], 1)
        assert "1 file is not committed" in hooked["hint"]
        output = (await told(client, "read_worker_output", worker_id="w01"))["output"]
        assert "The linter says no." in output
        sentence = await refused(client, "integrate")
        assert sentence == (
            f"w02 left uncommitted changes inside the submodule lib ({half_place(orchestrator)}): have them committed "
            "there first. Tell w02 so with send_to_worker, or leave its work out with kill_worker. Integrated are: w01."
        )
        assert place.git("show", f"{orchestrator.state.integration}:one.txt") == "1"
        sent = await told(client, "send_to_worker", worker_id="w02", message=f"git -C lib add -A && {INSIDE} half")
        assert sent["sent"]
        await told(client, "wait_for_worker", worker_id="w02")
        merged = await told(client, "integrate")
        assert merged["integrated"] == ["w01", "w02"]


def half_place(orchestrator):
    return f"{orchestrator.state.workers['w02'].worktree}/lib"
