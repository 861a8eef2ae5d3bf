import asyncio
import os
import signal
import stat
from pathlib import Path

import psutil
import pytest

from agentorchestr_tui.core.errors import LaunchError, PaneGone
from agentorchestr_tui.panes.hosted import HostedPane
from agentorchestr_tui.panes.pane import Exit, Launch
from tests.panes.support import ENV, alive, kill, python, screen, shell, until

# --- a process in a pane


async def test_what_a_process_prints_stands_on_the_screen_when_it_has_ended(panes):
    pane = await panes.open("w01", shell("echo hello; exit 3"))
    assert await pane.wait() == Exit(code=3) == pane.exit
    assert screen(pane) == "hello"


async def test_a_process_runs_on_a_terminal_of_its_own_of_the_asked_size_in_the_asked_folder(panes, place):
    code = (
        "import os; s = os.get_terminal_size(); print(s.columns, s.lines, os.getcwd(), os.getsid(0) == os.getpid(),"
        "os.tcgetpgrp(0) == os.getpid(), os.isatty(0) and os.isatty(1) and os.isatty(2))"
    )
    pane = await panes.open("w01", python(code, cwd=place))
    await pane.wait()
    assert screen(pane) == f"80 24 {os.path.realpath(place)} True True True"


async def test_a_process_gets_exactly_its_environment_and_our_marker(panes):
    pane = await panes.open("w01", Launch(("/usr/bin/env",), Path("/"), {"ONE": "1", "TWO": "é 2"}))
    await pane.wait()
    names = [line.split("=")[0] for line in screen(pane).splitlines()]
    assert sorted(names) == ["AGENTORCHESTR_PANE", "ONE", "TWO"]
    assert "TWO=é 2" in screen(pane)


async def test_a_process_inherits_no_descriptor_no_ignored_signal_and_no_blocked_one(panes):
    code = (
        "import os, signal\n"
        "open_ = [fd for fd in range(3, 200) if os.path.exists(f'/dev/fd/{fd}')]\n"
        "print('open', [fd for fd in open_ if os.readlink(f'/dev/fd/{fd}')[:5] != '/proc'])\n"
        "own = {signal.SIGPIPE, signal.SIGXFSZ}  # Python itself ignores these\n"
        "print('ignored', [s for s in signal.valid_signals() - own if signal.getsignal(s) == signal.SIG_IGN])\n"
        "print('blocked', list(signal.pthread_sigmask(signal.SIG_BLOCK, [])))"
    )
    pane = await panes.open("w01", python(code))
    await pane.wait()
    assert screen(pane) == "open []\nignored []\nblocked []"


async def test_typed_bytes_reach_the_process_in_order(panes):
    pane = await panes.open("w01", shell("stty -echo; echo ready; read one; read two; echo $one-$two"))
    await until(lambda: "ready" in screen(pane))
    await asyncio.gather(pane.write(b"fir"), pane.write(b"st\n"), pane.write(b"second\n"))
    await pane.wait()
    assert screen(pane).endswith("first-second")


async def test_ctrl_c_reaches_the_foreground_process(panes):
    pane = await panes.open("w01", shell("echo ready; exec sleep 60"))
    await until(lambda: "ready" in screen(pane))
    await pane.write(b"\x03")
    assert await pane.wait() == Exit(signal=signal.SIGINT)


async def test_a_resize_reaches_process_and_emulator(panes):
    code = (
        "import os, signal; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGWINCH]); print('ready', flush=True);"
        "signal.sigwait([signal.SIGWINCH]); print(os.get_terminal_size())"
    )
    pane = await panes.open("w01", python(code))
    await until(lambda: "ready" in screen(pane))
    await pane.resize(100, 40)
    assert (len(pane.emulator.display), len(pane.emulator.display[0])) == (40, 100)
    await until(lambda: "columns=100, lines=40" in screen(pane))
    await pane.resize(100, 40)
    await pane.wait()


async def test_a_query_of_the_terminal_is_answered_to_the_process(panes):
    code = (
        "import os, tty; tty.setraw(0); os.write(1, b'\\x1b[c'); answer = os.read(0, 50);"
        "os.write(1, repr(answer).encode())"
    )
    pane = await panes.open("w01", python(code))
    await pane.wait()
    assert "\\x1b[?6" in screen(pane)


async def test_a_process_is_told_no_title_and_changes_no_size(panes):
    code = (
        "import os, tty; tty.setraw(0); os.write(1, b'\\x1b]0;rm -rf\\x07\\x1b[8;50;132t\\x1b[21t\\x1b[5n');"
        "answer = b''.join(iter(lambda: os.read(0, 1), b'n')); os.write(1, repr(answer).encode())"
    )
    pane = await panes.open("w01", python(code))
    size = pane.emulator.columns, pane.emulator.lines
    await pane.wait()
    assert screen(pane) == r"b'\x1b]l\x1b\\\x1b[0'"
    assert (pane.emulator.columns, pane.emulator.lines) == size


async def test_a_bell_rings_after_output_and_at_the_end_until_it_is_stopped(panes):
    pane = await panes.open("w01", shell("echo hello; read x; echo more; read x"))
    rung, other = [], []
    pane.listen(lambda which: rung.append((which, screen(which))))
    stop = pane.listen(lambda which: other.append(which))
    await until(lambda: "hello" in screen(pane))
    assert rung[-1] == (pane, "hello")
    stop()
    before = len(other)
    await pane.write(b"\n")
    await until(lambda: "more" in screen(pane))
    await pane.write(b"\n")
    await pane.wait()
    assert len(other) == before
    assert rung[-1][0].exit == Exit(code=0)


async def test_every_listener_hears_every_event_once(panes):
    pane = await panes.open("w01", shell(r"printf '\033]2;first\007'; read x; printf '\033]2;second\007'; read x"))
    rung = []
    pane.listen(rung.append)
    await until(lambda: rung)
    one, other = [], []
    pane.listen_events(one.append)
    stop = pane.listen_events(other.append)
    assert [event.text for event in one] == ["first"]
    await pane.write(b"\n")
    await until(lambda: len(one) == 2)
    stop()
    assert [event.text for event in one] == ["first", "second"]
    assert [event.text for event in other] == ["second"]


# --- much of it


async def test_eight_megabytes_arrive_whole(panes):
    code = (
        "import sys, os, tty; tty.setraw(1)\n"
        "for i in range(8 * 1024): os.write(1, (b'%07d' % i * 146)[:1022] + b'\\r\\n')\n"
        "os.write(1, b'the end')"
    )
    pane = await panes.open("w01", python(code))
    assert await pane.wait() == Exit(code=0)
    rows = screen(pane).splitlines()
    assert rows[-1] == "the end"
    assert "0008191" in rows[-2]


async def test_output_of_a_process_that_ends_at_once_is_never_lost(panes):
    async def one(number):
        pane = await panes.open(f"w{number:02}", shell("seq 1 3000; echo last"))
        await pane.wait()
        return screen(pane).splitlines()[-2:]

    for batch in range(3):
        assert await asyncio.gather(*(one(batch * 6 + i) for i in range(6))) == [["3000", "last"]] * 6


async def test_a_megabyte_is_typed_without_loss(panes):
    code = (
        "import os, tty, hashlib; tty.setraw(0); os.write(1, b'ready'); n = 0; h = hashlib.sha256()\n"
        "while n < 1048576:\n"
        "    got = os.read(0, 65536); n += len(got); h.update(got)\n"
        "os.write(1, h.hexdigest()[:32].encode())"
    )
    import hashlib

    typed = bytes(range(256)) * 4096
    pane = await panes.open("w01", python(code))
    await until(lambda: "ready" in screen(pane))
    await pane.write(typed)
    await pane.wait()
    assert hashlib.sha256(typed).hexdigest()[:32] in screen(pane)


async def test_a_process_that_does_not_read_holds_up_nobody_else(panes):
    deaf = await panes.open(
        "deaf", python("import tty, time; tty.setraw(0); print('ready', flush=True); time.sleep(60)")
    )
    await until(lambda: "ready" in screen(deaf))
    typing = asyncio.ensure_future(deaf.write(b"x" * 1_000_000))
    other = await panes.open("other", shell("read x; echo got $x"))
    await other.write(b"it\n")
    await other.wait()
    assert "got it" in screen(other)
    used = psutil.Process(panes.host).cpu_times()
    before = used.user + used.system
    await other.resize(90, 30)
    await asyncio.wait([typing], timeout=0.5)
    used = psutil.Process(panes.host).cpu_times()
    assert not typing.done()
    assert used.user + used.system - before < 0.3  # the host sleeps meanwhile
    await deaf.end(0.2)
    with pytest.raises(PaneGone):
        await typing


async def test_a_flood_waits_while_its_client_does_not_parse(panes):
    pane = await panes.open("w01", shell("echo ready; read x; exec yes"))
    await until(lambda: "ready" in screen(pane))
    panes.favour("w01")
    size = pane.recording.stat().st_size
    await pane.write(b"\n")
    import time

    await until(lambda: "y" in screen(pane))
    time.sleep(0.5)  # the loop stands still: nobody reads, nobody parses
    assert pane.recording.stat().st_size - size < 4_000_000
    assert await pane.end(0.5) == Exit(signal=signal.SIGHUP)


async def test_typing_gets_through_while_seven_panes_flood(panes):
    floods = [await panes.open(f"flood-{i}", shell("exec yes flood")) for i in range(7)]
    typed = await panes.open("typed", shell("stty -echo; echo ready; while read x; do echo got $x; done"))
    panes.favour("typed")
    await until(lambda: "ready" in screen(typed))
    for count in range(10):
        await typed.write(b"%d\n" % count)
        await until(lambda count=count: f"got {count}" in screen(typed))
    assert all(flood.exit is None for flood in floods)


# --- ending


@pytest.mark.parametrize(
    "script",
    [
        "sleep 600",
        "trap '' HUP TERM; echo ready; while :; do sleep 600; done",
        "nohup sleep 600 >/dev/null 2>&1 & sleep 600",
        "setsid sleep 600 & sleep 600",
        "(setsid sh -c 'sleep 600 & sleep 600' &) ; sleep 600",
        "env -i /usr/bin/setsid /bin/sh -c '/bin/sleep 600 & /bin/sleep 600' & sleep 600",
        "sh -c 'kill -STOP $$' & sleep 600",
        "kill -STOP $$",
        "set -m; sleep 600 & sleep 600 & sleep 600",
    ],
)
async def test_ending_a_pane_leaves_no_process(panes, script):
    pane = await panes.open("w01", shell("echo ready; " + script))
    await until(lambda: "ready" in screen(pane))
    keeper = psutil.Process(pane.pid).parent()
    await until(lambda: len(keeper.children(recursive=True)) >= 1 + script.count("sleep 600 &"))
    family = keeper.children(recursive=True)
    ended = await pane.end(0.3)
    assert ended.signal in (signal.SIGHUP, signal.SIGTERM, signal.SIGKILL)
    assert [process for process in [keeper, *family] if alive(process.pid)] == []


@pytest.mark.parametrize("graces", [(600.0, 0.0), (0.0, 600.0)])
async def test_of_all_who_end_a_pane_whoever_has_the_least_patience_counts(panes, graces):
    pane = await panes.open("w01", shell("trap '' HUP TERM; echo ready; while :; do sleep 600; done"))
    await until(lambda: "ready" in screen(pane))
    ends = await asyncio.gather(*map(pane.end, graces))
    assert [end.signal for end in ends] == [signal.SIGKILL] * 2


@pytest.mark.parametrize("setsid", ["", "os.fork() and os._exit(0); os.setsid()"])
async def test_a_process_that_forks_and_ends_for_ever_is_caught(panes, place, setsid):
    code = (
        "import os, signal, sys, time\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN); signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"print('ready', flush=True); {setsid}\n"
        "end = time.time() + 60\n"
        "while time.time() < end and not os.path.exists(sys.argv[1]):\n"
        "    if os.fork(): os._exit(0)\n"
        "open(sys.argv[1] + '-outlived', 'w')"
    )
    pane = await panes.open("w01", python(code, str(place / "stop")))
    await until(lambda: "ready" in screen(pane))
    await pane.end(0.1)
    (place / "stop").touch()
    await asyncio.sleep(0.1)  # for one that were left, time enough to see the file
    assert not (place / "stop-outlived").exists()


async def test_what_a_process_leaves_behind_is_ended_with_its_pane(panes):
    code = (
        "import os, sys, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        null = os.open('/dev/null', os.O_RDWR); [os.dup2(null, fd) for fd in range(3)]\n"
        "        os.execve('/bin/sleep', ['sleep', '600'], {})\n"
        "    os._exit(0)\n"
        "os.wait(); time.sleep(0.1)"
    )
    pane = await panes.open("w01", python(code))
    keeper = psutil.Process(pane.pid).parent()
    assert await pane.wait() == Exit(code=0)
    (left,) = keeper.children(recursive=True)
    assert alive(left.pid)
    assert left.environ() == {}
    assert await pane.end(0.2) == Exit(code=0)
    assert not alive(left.pid)
    assert not alive(keeper.pid)


async def test_a_descendant_that_holds_the_terminal_does_not_delay_the_exit(panes):
    pane = await panes.open("w01", shell("trap '' HUP; (trap '' HUP; sleep 600) & echo done; exit 5"))
    async with asyncio.timeout(5):
        assert await pane.wait() == Exit(code=5)
    assert screen(pane) == "done"
    await pane.end(0.2)


async def test_a_process_that_closes_its_terminal_lives_on_and_may_come_back(panes):
    pane = await panes.open("w01", shell("exec 3</dev/tty 0<&- 1>&- 2>&-; exec 3<&-; sleep 0.3; echo back >/dev/tty"))
    await pane.wait()
    assert screen(pane) == "back"


async def test_zombies_are_collected(panes):
    pane = await panes.open("w01", shell("for i in 1 2 3 4 5; do (sleep 0.01 &) ; done; echo ready; read x"))
    await until(lambda: "ready" in screen(pane))
    keeper = psutil.Process(pane.pid).parent()
    await until(lambda: [child.pid for child in keeper.children(recursive=True)] == [pane.pid])


async def test_a_killed_keeper_takes_its_tree_along_and_says_so(panes):
    pane = await panes.open("w01", shell("env -i /usr/bin/setsid /bin/sleep 600 & sleep 600"))
    other = await panes.open("w02", shell("read x"))
    keeper = psutil.Process(pane.pid).parent()
    await until(lambda: len(keeper.children(recursive=True)) == 3)
    family = keeper.children(recursive=True)
    kill(keeper.pid)
    assert await pane.wait() == Exit(signal=signal.SIGKILL)
    await until(lambda: not any(alive(process.pid) for process in family))
    assert other.exit is None
    await other.write(b"\n")
    assert await other.wait() == Exit(code=0)


async def test_writing_to_an_ended_process_says_that_it_is_gone(panes):
    pane = await panes.open("w01", shell("exit 0"))
    await pane.wait()
    with pytest.raises(PaneGone, match="w01 has ended"):
        await pane.write(b"x")
    assert await pane.end() == Exit(code=0)
    await pane.resize(60, 20)
    assert len(pane.emulator.display) == 20


# --- what cannot be started


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ((), "empty"),
        (("sh",), "not an absolute path"),
        (("/no/such/program",), "no program at /no/such/program"),
        (("/etc/passwd",), "not executable"),
        (("/tmp",), "not executable"),
        (("/bin/echo", "a\0b"), "zero byte"),
        (("/bin/echo", "x" * 200_000), "too long"),
        (("/bin/echo", *["x" * 100_000] * 60), "too long"),
    ],
)
async def test_a_command_line_that_cannot_be_started_is_one_sentence(panes, argv, words):
    with pytest.raises(LaunchError, match=words) as refused:
        await panes.open("w01", Launch(argv, Path("/"), ENV))
    assert "\n" not in str(refused.value)
    assert "w01" not in panes.panes
    pane = await panes.open("w01", shell("echo fine"))
    await pane.wait()
    assert pane.recording.name == "w01.cast"


async def test_a_folder_that_cannot_be_entered_is_one_sentence(panes, place):
    with pytest.raises(LaunchError, match="does not exist"):
        await panes.open("w01", shell("true", place / "absent"))
    with pytest.raises(LaunchError, match="not an absolute path"):
        await panes.open("w01", shell("true", Path("relative")))
    (place / "file").touch()
    with pytest.raises(LaunchError, match="not a folder"):
        await panes.open("w01", shell("true", place / "file"))


@pytest.mark.parametrize("body", ["#!/no/such/interpreter\n", "no script at all\n"])
async def test_a_script_without_interpreter_is_one_sentence(panes, place, body):
    script = place / "script"
    script.write_text(body)
    script.chmod(0o755)
    with pytest.raises(LaunchError, match=r"script (could not be started|is no program)"):
        await panes.open("w01", Launch((str(script),), place, ENV))


async def test_sizes_names_and_environments_that_cannot_be_are_refused(panes):
    with pytest.raises(LaunchError, match="0x24"):
        await panes.open("w01", Launch(("/bin/true",), Path("/"), ENV, 0, 24))
    with pytest.raises(LaunchError, match="cannot name a pane"):
        await panes.open("../w01", shell("true"))
    with pytest.raises(LaunchError, match="environment variable"):
        await panes.open("w01", Launch(("/bin/true",), Path("/"), {"A=B": "c"}))
    await panes.open("w01", shell("sleep 60"))
    with pytest.raises(LaunchError, match="lives already"):
        await panes.open("w01", shell("true"))


async def test_too_many_open_files_is_one_sentence_and_the_others_live(panes):
    resource = pytest.importorskip("resource")
    if not hasattr(resource, "prlimit"):
        pytest.skip("limits of another process can be set on Linux only")
    pane = await panes.open("w01", shell("read x; echo alive"))
    resource.prlimit(panes.host, resource.RLIMIT_NOFILE, (12, 12))
    opening = (panes.open(f"more-{count}", shell("sleep 60")) for count in range(10))
    opened = await asyncio.gather(*opening, return_exceptions=True)
    assert any(isinstance(one, LaunchError) and "Too many files" in str(one) for one in opened)
    assert all(one is None or isinstance(one, (LaunchError, HostedPane)) for one in opened)
    await pane.write(b"\n")
    await pane.wait()
    assert "alive" in screen(pane)


async def test_the_name_of_an_ended_pane_can_be_used_again_with_a_recording_of_its_own(panes):
    first = await panes.open("w01", shell("echo one"))
    await first.wait()
    await first.end(0.2)
    second = await panes.open("w01", shell("echo two"))
    await second.wait()
    assert (screen(first), screen(second)) == ("one", "two")
    assert (first.recording.name, second.recording.name) == ("w01.cast", "w01-2.cast")
    assert dict(panes.panes) == {"w01": second}


async def test_four_panes_open_at_once(panes):
    opened = await asyncio.gather(*(panes.open(f"w{i:02}", shell(f"echo {i}")) for i in range(4)))
    assert [await pane.wait() for pane in opened] == [Exit(code=0)] * 4
    assert [screen(pane) for pane in opened] == ["0", "1", "2", "3"]


async def test_the_socket_is_for_its_owner_alone(panes, socket_path):
    assert stat.S_IMODE(socket_path.stat().st_mode) == 0o600
    assert stat.S_IMODE(socket_path.parent.stat().st_mode) == 0o700
