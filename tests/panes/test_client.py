import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from agentorchestr_tui.core.errors import LaunchError, PaneError, PaneGone
from agentorchestr_tui.emulator import Emulator
from agentorchestr_tui.panes.client import HostedPanes
from agentorchestr_tui.panes.host import ENDED_KEPT
from agentorchestr_tui.panes.pane import Exit, Launch
from tests.panes.support import ENV, alive, finish, kill, python, screen, shell, until

# --- leave and come back


async def test_a_client_that_comes_back_finds_every_pane_as_it_was(panes, socket_path):
    one = await panes.open("w01", shell("echo before; read x; echo after $x; read x"))
    two = await panes.open("w02", shell("echo two; exit 4"))
    await until(lambda: "before" in screen(one))
    await two.wait()
    await one.resize(50, 10)
    await panes.leave()
    again = await HostedPanes.connect(socket_path)
    assert list(again.panes) == ["w01", "w02"]
    back = again.panes["w01"]
    assert (back.pid, back.recording, screen(back)) == (one.pid, one.recording, "before")
    assert (len(back.emulator.display), len(back.emulator.display[0])) == (10, 50)
    assert await again.panes["w02"].wait() == Exit(code=4)
    assert screen(again.panes["w02"]) == "two"
    await back.write(b"typed\n")
    await until(lambda: "after typed" in screen(back))
    await back.end(0.3)


async def test_output_printed_while_nobody_listens_is_not_lost(panes, socket_path, place):
    go = place / "go"
    script = f"echo ready; while [ ! -e {go} ]; do sleep 0.01; done; seq 1 100000; echo all; read x"
    pane = await panes.open("w01", shell(script))
    await until(lambda: "ready" in screen(pane))
    await panes.leave()
    go.touch()
    await until(lambda: '"all' in pane.recording.read_text() or "all\\r\\n" in pane.recording.read_text())
    back = (await HostedPanes.connect(socket_path)).panes["w01"]
    assert screen(back).splitlines()[-2:] == ["100000", "all"]
    assert back.emulator.display[0].strip() == "99979"
    await back.end(0.3)


async def test_a_screen_whose_beginning_is_gone_from_the_ring_keeps_its_modes_and_title(panes, socket_path):
    script = (
        r"printf '\033[?2004h\033[?1h\033[>5u\033]2;Working\007'; yes 0123456789 | head -c 6000000; echo all; read x"
    )
    pane = await panes.open("w01", shell(script))
    await until(lambda: "all" in screen(pane))
    await panes.leave()
    back = (await HostedPanes.connect(socket_path)).panes["w01"]
    for emulator in (pane.emulator, back.emulator):
        assert (2004 in emulator.modes, 1 in emulator.modes, emulator.modes.key_flags) == (True, True, 5)
        assert emulator.title == "Working"
    assert list(back.emulator.display) == list(pane.emulator.display)
    await back.end(0.3)


async def test_events_and_queries_of_the_past_are_not_told_twice(panes, socket_path):
    code = (
        "import os, tty, select; tty.setraw(0)\n"
        "os.write(1, b'\\x1b]2;old\\x07\\x1b[c'); got = os.read(0, 100); os.write(1, b'answered')\n"
        "while True:\n"
        "    got = os.read(0, 100)\n"
        "    os.write(1, b'\\x1b]2;new\\x07' + repr(got).encode())"
    )
    pane = await panes.open("w01", python(code))
    heard = []
    pane.listen_events(heard.append)
    await until(lambda: "answered" in screen(pane))
    assert [event.text for event in heard] == ["old"]
    await panes.leave()
    back = (await HostedPanes.connect(socket_path)).panes["w01"]
    later = []
    back.listen_events(later.append)
    await back.write(b"!")
    await until(lambda: later)
    assert [event.text for event in later] == ["new"]
    assert "b'!'" in screen(back)
    await back.end(0.3)


async def test_after_a_leave_a_pane_says_that_its_process_lives_on(panes, socket_path):
    pane = await panes.open("w01", shell("read x"))
    waiting = asyncio.ensure_future(pane.wait())
    await asyncio.sleep(0)
    await panes.leave()
    with pytest.raises(PaneGone, match="lives on"):
        await waiting
    with pytest.raises(PaneGone, match="lives on"):
        await pane.write(b"x")
    assert pane.exit is None
    assert alive(pane.pid)
    back = (await HostedPanes.connect(socket_path)).panes["w01"]
    await back.end(0.3)


async def test_a_second_client_takes_over_and_the_first_is_told(panes, socket_path):
    first = await panes.open("w01", shell("read x; echo got $x; read x"))
    second = await HostedPanes.connect(socket_path)
    with pytest.raises(PaneGone, match="took over"):
        await first.wait()
    back = second.panes["w01"]
    await back.write(b"it\n")
    await until(lambda: "got it" in screen(back))
    await back.end(0.3)


CLIENT = """
import asyncio, sys
from pathlib import Path
from agentorchestr_tui.panes.client import HostedPanes
from agentorchestr_tui.panes.pane import Launch

async def main():
    panes = await HostedPanes.start(Path(sys.argv[1]), Path(sys.argv[2]))
    script = 'i=0; while :; do i=$((i+1)); echo count $i; sleep 0.01; done'
    pane = await panes.open('w01', Launch(('/bin/sh', '-c', script), Path('/'), {'PATH': '/usr/bin:/bin'}, 80, 24))
    print(panes.host, pane.pid, flush=True)
    await pane.wait()

asyncio.run(main())
"""


async def test_a_killed_client_costs_no_agent_a_line(socket_path, recordings):
    command = [sys.executable, "-c", CLIENT, str(socket_path), str(recordings)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as client:
        host, pid = map(int, (await asyncio.to_thread(client.stdout.readline)).split())
        cast = recordings / "w01.cast"
        await until(lambda: "count 5\\r" in cast.read_text())
        client.kill()
    try:
        before = cast.stat().st_size
        await until(lambda: cast.stat().st_size > before + 500)
        assert alive(host)
        assert alive(pid)
        panes = await HostedPanes.connect(socket_path)
        lines = [line for line in screen(panes.panes["w01"]).splitlines() if line]
        numbers = [int(line.split()[1]) for line in lines]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        await finish(panes)
    finally:
        kill(host)
        kill(pid)


# --- the host's own life


async def test_a_killed_host_leaves_no_process_and_its_panes_say_so(socket_path, recordings):
    panes = await HostedPanes.start(socket_path, recordings)
    script = "trap '' HUP TERM; env -i /usr/bin/setsid /bin/sh -c \"trap '' HUP TERM; /bin/sleep 600\" & sleep 600"
    pane = await panes.open("w01", shell(script))
    keeper = psutil.Process(pane.pid).parent()
    await until(lambda: len(keeper.children(recursive=True)) >= 3)
    family = [keeper, *keeper.children(recursive=True)]
    kill(panes.host)
    assert await pane.wait() == Exit(signal=signal.SIGKILL)
    with pytest.raises(PaneGone, match="terminals are gone"):
        await pane.write(b"x")
    with pytest.raises(LaunchError, match="terminals are gone"):
        await panes.open("w02", shell("true"))
    assert await pane.end() == Exit(signal=signal.SIGKILL)
    await until(lambda: not any(alive(process.pid) for process in family))
    await panes.close()
    fresh = await HostedPanes.start(socket_path, recordings)  # the stale socket is in nobody's way
    await fresh.close()


async def test_closing_ends_every_pane_then_the_host_then_the_socket(socket_path, recordings):
    panes = await HostedPanes.start(socket_path, recordings)
    opened = [await panes.open(f"w{i:02}", shell("sleep 600 & setsid sleep 600 & sleep 600")) for i in range(3)]
    family = psutil.Process(panes.host).children(recursive=True)
    await panes.close()
    assert not any(alive(process.pid) for process in family)
    assert not alive(panes.host)
    assert not socket_path.exists()
    assert all(pane.exit == Exit(signal=signal.SIGHUP) for pane in opened)


async def test_closing_minds_no_pane_that_the_host_has_forgotten(panes):
    for first in range(0, ENDED_KEPT + 22, 11):
        opened = [panes.open(f"w{first + i:02}", Launch(("/bin/true",), Path("/"), ENV)) for i in range(11)]
        await asyncio.gather(*[pane.wait() for pane in await asyncio.gather(*opened)])
    with pytest.raises(PaneError, match="forgotten"):
        await panes.panes["w00"].mark("here")
    await panes.close()
    assert not alive(panes.host)


async def test_a_terminated_host_ends_its_panes_first(socket_path, recordings):
    panes = await HostedPanes.start(socket_path, recordings)
    await panes.open("w01", shell("sleep 600"))
    family = psutil.Process(panes.host).children(recursive=True)
    os.kill(panes.host, signal.SIGTERM)
    await until(lambda: not alive(panes.host))
    assert not any(alive(process.pid) for process in family)
    assert not socket_path.exists()
    await panes.leave()


async def test_a_host_without_client_and_live_pane_ends_itself(socket_path, recordings):
    panes = await HostedPanes.start(socket_path, recordings, idle=0.3)
    pane = await panes.open("w01", shell("exit 0"))
    await pane.wait()
    await panes.leave()
    await until(lambda: not alive(panes.host))
    assert not socket_path.exists()


async def test_a_host_with_a_live_pane_waits_for_a_client(socket_path, recordings, place):
    panes = await HostedPanes.start(socket_path, recordings, idle=0.1)
    pane = await panes.open("w01", shell(f"while [ ! -e {place}/go ]; do sleep 0.05; done"))
    await panes.leave()
    again = await HostedPanes.start(place / "other.sock", recordings)  # takes longer than the idle time
    await again.close()
    assert alive(panes.host)
    assert alive(pane.pid)
    (place / "go").touch()
    await until(lambda: not alive(panes.host))


async def test_a_host_that_nobody_can_reach_any_more_ends(socket_path, recordings):
    panes = await HostedPanes.start(socket_path, recordings)
    pane = await panes.open("w01", shell("sleep 600"))
    socket_path.unlink()
    assert alive(pane.pid)
    await panes.leave()
    await until(lambda: not alive(panes.host))
    assert not alive(pane.pid)


async def test_the_host_leads_a_session_of_its_own_and_holds_no_folder(panes):
    host = psutil.Process(panes.host)
    assert os.getsid(host.pid) != os.getsid(0)
    assert host.cwd() == "/"
    assert host.ppid() != os.getpid()


# --- doors that stay shut


async def test_a_socket_path_that_is_too_long_is_one_sentence(place, recordings):
    with pytest.raises(LaunchError, match="bytes long and this system takes"):
        await HostedPanes.start(place / ("x" * 120), recordings)


async def test_a_folder_that_others_can_enter_is_refused(place, recordings):
    folder = place / "open"
    folder.mkdir()
    folder.chmod(0o755)
    with pytest.raises(LaunchError, match="open to other users"):
        await HostedPanes.start(folder / "host.sock", recordings)


async def test_a_socket_that_is_served_already_is_not_taken(panes, socket_path, recordings):
    with pytest.raises(LaunchError, match=r"serves .* already"):
        await HostedPanes.start(socket_path, recordings)
    pane = await panes.open("w01", shell("echo fine"))
    await pane.wait()


async def test_a_file_in_the_place_of_the_socket_is_left_alone(socket_path, recordings):
    socket_path.write_text("precious")
    with pytest.raises(LaunchError, match="no socket"):
        await HostedPanes.start(socket_path, recordings)
    assert socket_path.read_text() == "precious"


async def test_a_folder_for_recordings_that_cannot_be_made_is_one_sentence(socket_path, place):
    (place / "file").touch()
    with pytest.raises(LaunchError, match="cannot use"):
        await HostedPanes.start(socket_path, place / "file" / "recordings")
    assert not socket_path.exists()


def test_a_host_called_by_hand_without_its_arguments_says_which():
    command = [sys.executable, "-m", "agentorchestr_tui.panes.host"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "SOCKET RECORDINGS" in done.stderr


async def test_nobody_at_the_socket_is_one_sentence(socket_path):
    with pytest.raises(PaneError, match="terminals do not answer"):
        await HostedPanes.connect(socket_path)


async def test_junk_on_the_socket_harms_nobody(panes, socket_path):
    pane = await panes.open("w01", shell("read x; echo got $x"))
    junk = [b"GET / HTTP/1.1\r\n\r\n" * 10, b"\1\0\0\0\0\0\0\0\2{}", b"\1\0\0\0\0\0\0\0\2[[", b"\xff" * 100]
    for words in junk:
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.settimeout(5)
            stranger.connect(str(socket_path))
            stranger.sendall(words)
            assert await asyncio.to_thread(stranger.recv, 10) == b""
    await pane.write(b"it\n")
    await pane.wait()
    assert "got it" in screen(pane)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can call as somebody else")
async def test_another_user_is_hung_up_on_even_if_the_folder_lets_them_in(panes, socket_path):
    socket_path.parent.chmod(0o711)
    socket_path.chmod(0o666)
    call = (
        "import os, socket; os.setuid(65534); s = socket.socket(socket.AF_UNIX);"
        f"s.connect({str(socket_path)!r}); print(s.recv(9))"
    )
    command = [sys.executable, "-I", "-S", "-c", call]
    stranger = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    said, _ = await stranger.communicate()
    assert said == b"b''\n"


# --- recordings


def replay(path):
    header, *events = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    emulator = Emulator(header["width"], header["height"])
    for _, code, text in events:
        if code == "o":
            emulator.feed(text.encode())
        elif code == "r":
            emulator.resize(*map(int, text.split("x")))
    return emulator.display


async def test_a_recording_replays_to_the_same_screen(panes):
    code = (
        "import sys, time, signal, os\n"
        "signal.signal(signal.SIGWINCH, lambda *_: None)\n"
        "for i in range(400):\n"
        "    sys.stdout.write(f'\\x1b[{i % 30};{i % 90}H\\x1b[3{i % 8}mé世🙂{i}' + 'x' * (i % 50))\n"
        "    sys.stdout.flush()\n"
        "    time.sleep(0.001)"
    )
    pane = await panes.open("w01", python(code))
    for columns, lines in ((100, 30), (60, 12), (90, 25)):
        await pane.resize(columns, lines)
        await pane.mark(f"{columns} columns")
    await pane.wait()
    assert replay(pane.recording) == list(pane.emulator.display)
    marks = [json.loads(line)[2] for line in pane.recording.read_text().splitlines()[1:] if '"m"' in line]
    assert marks == ["100 columns", "60 columns", "90 columns"]


async def test_a_disk_without_room_stops_the_recording_and_not_the_agent(panes):
    resource = pytest.importorskip("resource")
    if not hasattr(resource, "prlimit"):
        pytest.skip("limits of another process can be set on Linux only")
    resource.prlimit(panes.host, resource.RLIMIT_FSIZE, (2000, 2000))
    pane = await panes.open("w01", shell("seq 1 5000; echo last"))
    await pane.wait()
    assert screen(pane).endswith("last")
    assert pane.recording.stat().st_size <= 2000
    assert [json.loads(line) for line in pane.recording.read_text().splitlines()]


async def test_a_lost_folder_of_recordings_is_no_reason_not_to_run(panes, recordings):
    recordings.rmdir()
    pane = await panes.open("w01", shell("echo fine"))
    await pane.wait()
    assert screen(pane) == "fine"
    assert pane.recording is None
