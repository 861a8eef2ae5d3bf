"""Who gets in: the session's own tokens, from this machine, and nobody else."""

from __future__ import annotations

import asyncio
import socket
import sys

import httpx2 as httpx
import pytest

from agentorchestr_tui.core.commands import SetGoal
from agentorchestr_tui.core.words import Phase
from agentorchestr_tui.mcp_server.server import LEAD_TOOLS, WORKER_TOOLS
from tests.house import make_place, session
from tests.mcp_server.client import ERAS, connected, words

CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "list_workers", "arguments": {}}}
HEADERS = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}


@pytest.fixture
async def led(tmp_path):
    place = make_place(tmp_path)
    place.agent("lead", '[[opening]]\nhang = "Leading"\n')
    async with session(place.opening()) as orchestrator:
        await orchestrator.perform(SetGoal("Say hello"))
        yield orchestrator


async def post(orchestrator, **headers) -> httpx.Response:
    async with httpx.AsyncClient(timeout=20) as client:
        return await client.post(orchestrator.ground.access.url, json=CALL, headers=HEADERS | headers)


async def test_without_a_token_or_with_a_wrong_one_nobody_gets_in(led):
    assert (await post(led)).status_code == 401
    assert (await post(led, Authorization="Bearer wrong")).status_code == 401
    token = led.ground.access.token("lead")
    assert (await post(led, Authorization=f"Bearer {token[:-1]}")).status_code == 401


async def test_a_web_page_does_not_get_in_even_with_a_token(led):
    token = f"Bearer {led.ground.access.token('lead')}"
    assert (await post(led, Authorization=token, Origin="http://evil.example")).status_code == 403
    assert (await post(led, Authorization=token, Origin="null")).status_code == 403


async def test_a_rebound_host_does_not_get_in(led):
    token = f"Bearer {led.ground.access.token('lead')}"
    assert (await post(led, Authorization=token, Host="evil.example")).status_code == 421


@pytest.mark.parametrize("mode", ERAS)
async def test_a_workers_token_does_not_open_the_leads_tools_nor_the_other_way_round(led, mode):
    async with connected(led, "w01", mode=mode) as client:
        for tool in LEAD_TOOLS:
            refused = await client.call_tool(tool, {"task": "x"})
            assert refused.is_error
            assert f"{tool} is not for w01" in words(refused)
    async with connected(led, mode=mode) as client:
        for tool in WORKER_TOOLS:
            assert "is not for lead" in words(await client.call_tool(tool, {"summary": "x"}))
    assert not led.state.workers


async def test_another_process_of_this_machine_does_not_get_in(led):
    """One that guesses the address, as any program can, with no token, an invented one, or one of another session."""
    script = (
        "import json, sys, urllib.error, urllib.request\n"
        "for token in sys.argv[2:]:\n"
        "    headers = {'Content-Type': 'application/json', 'Accept': 'application/json, text/event-stream'}\n"
        "    if token: headers['Authorization'] = f'Bearer {token}'\n"
        "    call = {'jsonrpc': '2.0', 'id': 1, 'method': 'tools/call', 'params': {'name': 'mark_goal_done',"
        " 'arguments': {'summary': 'x'}}}\n"
        "    try: print(urllib.request.urlopen(urllib.request.Request(sys.argv[1], json.dumps(call).encode(),"
        " headers)).status)\n"
        "    except urllib.error.HTTPError as error: print(error.code)\n"
    )
    words = [led.ground.access.url, "", "lead", "w01", "0" * 43]
    done = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, *words, stdout=asyncio.subprocess.PIPE, env={"PATH": "/usr/bin:/bin"}
    )
    told, _ = await done.communicate()
    assert told.split() == [b"401"] * 4
    assert led.state.phase is Phase.RUNNING


@pytest.mark.parametrize("path", ["/", "/mcp/", "/healthz", "/sse", "/messages/", "/register", "/authorize", "/token"])
async def test_there_is_no_other_way_in(led, path):
    address = led.ground.access.url.removesuffix("/mcp")
    token = f"Bearer {led.ground.access.token('lead')}"
    async with httpx.AsyncClient(timeout=20, follow_redirects=False) as client:
        for method in ("GET", "POST"):
            for headers in ({}, {"Authorization": token, "Origin": "http://evil.example"}):
                answer = await client.request(method, address + path, headers=HEADERS | headers, json=CALL)
                assert answer.status_code in (307, 401, 403, 404, 405, 421), (method, path, answer.text)
                assert "w01" not in answer.text


async def test_a_token_counts_in_its_header_alone_and_nothing_but_json_is_read(led):
    url, token = led.ground.access.url, led.ground.access.token("lead")
    bearer = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(timeout=20, headers=HEADERS) as client:
        for address in (f"{url}?token={token}", f"{url}?access_token={token}", url.replace("//", f"//lead:{token}@")):
            assert (await client.post(address, json=CALL)).status_code == 401
        for headers in ({"Cookie": f"token={token}"}, {"Authorization": f"Basic {token}"}):
            assert (await client.post(url, json=CALL, headers=headers)).status_code == 401
        for method in ("GET", "HEAD", "OPTIONS", "DELETE", "PUT"):
            assert (await client.request(method, url)).status_code == 401
        for kind in ("text/plain", "application/x-www-form-urlencoded", ""):  # what a page may send unasked
            answer = await client.post(url, content=b"{}", headers=bearer | {"Content-Type": kind})
            assert answer.status_code == 400
        answer = await client.post(url, content=b"x" * 5_000_000, headers=bearer | {"Content-Type": "application/json"})
        assert answer.status_code == 413


async def test_a_worker_cannot_speak_in_the_leads_conversation_with_the_server(led):
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}
    first = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}
    lead, worker = ({"Authorization": f"Bearer {led.ground.access.token(who)}"} for who in ("lead", "w01"))
    async with httpx.AsyncClient(timeout=20, headers=HEADERS) as client:
        begun = await client.post(led.ground.access.url, json=first, headers=lead)
        said = {"Mcp-Session-Id": begun.headers["mcp-session-id"]}
        for headers, code in ((worker, 404), ({}, 401), (lead, 200)):
            assert (await client.post(led.ground.access.url, json=CALL, headers=said | headers)).status_code == code


async def test_half_sent_requests_and_old_versions_of_the_protocol_hold_nobody_up(led):
    address = ("127.0.0.1", led.ground.access.port)
    slow = [socket.create_connection(address, timeout=5) for _ in range(100)]
    try:
        for each in slow:
            each.sendall(b"POST /mcp HTTP/1.1\r\nHost: x\r\nX-")
        async with asyncio.timeout(30), connected(led) as client:
            assert not (await client.call_tool("list_workers", {})).is_error
        slow[0].sendall(b"Y: z\r\n\r\n")
        reader, writer = await asyncio.open_connection(*address)
        writer.write(b"POST /mcp HTTP/1.0\r\nAuthorization: Bearer x\r\n\r\n")
        assert b" 401 " in await reader.read()
        writer.close()
    finally:
        for each in slow:
            each.close()


@pytest.mark.parametrize("mode", ERAS)
async def test_a_workers_token_stays_that_workers(led, mode):
    """It cannot speak for another worker: the caller is who holds the token, whatever the arguments say."""
    async with connected(led, "w02", mode=mode) as client:
        assert "no argument 'worker_id'" in words(
            await client.call_tool("report_done", {"summary": "x", "worker_id": "w01"})
        )
        assert "no worker 'w02'" in words(await client.call_tool("report_done", {"summary": "x"}))


async def test_the_door_is_on_loopback_alone_and_answers_without_delay(led):
    port = led.ground.access.port
    with socket.create_connection(("127.0.0.1", port), timeout=5):
        pass
    with pytest.raises(OSError, match=r"refused|unreachable"), socket.create_connection(("127.0.0.2", port), timeout=5):
        pass


async def test_accepted_connections_do_not_wait_for_more_bytes(led):
    """asyncio leaves Nagle's algorithm on when the listening socket does not name its protocol."""
    seen = []
    original = asyncio.selector_events._SelectorSocketTransport.__init__

    def spy(self, loop, sock, *rest, **named):
        original(self, loop, sock, *rest, **named)
        if sock.family == socket.AF_INET and sock.getsockname()[1] == led.ground.access.port:
            seen.append(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    asyncio.selector_events._SelectorSocketTransport.__init__ = spy
    try:
        await post(led)
    finally:
        asyncio.selector_events._SelectorSocketTransport.__init__ = original
    assert seen
    assert all(seen)


async def test_the_tokens_stand_in_a_file_of_the_owner_alone(led):
    file = led.ground.access.file
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
