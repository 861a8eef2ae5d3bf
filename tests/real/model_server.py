"""A model server on loopback that answers from a script, in the protocols of four vendors."""

from __future__ import annotations

import asyncio
import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.real.conversation import Answer, Conversation, Fail, Script
from tests.real.protocols import MODEL, Body, ChatCompletions, GenerateContent, Messages, ModelProtocol, Responses


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came and what it was answered."""

    path: str
    body: Body
    conversation: Conversation
    answer: Answer


class ModelServer:
    """Serve a script to any number of clients: `async with ModelServer(script) as server`."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.requests: list[Asked] = []
        self.other: list[str] = []  # what was asked beside the model: "GET /v1/models"
        self.closing = threading.Event()
        self._http: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        """The address without a path: `http://127.0.0.1:PORT`."""
        assert self._http is not None, "enter the server first"
        return f"http://127.0.0.1:{self._http.server_port}"

    async def __aenter__(self) -> ModelServer:
        self._http = _Listener(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._http.serve_forever, args=(0.05,), name="model server", daemon=True).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._http is not None
        self.closing.set()
        await asyncio.to_thread(self._http.shutdown)
        self._http.server_close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up in mid-answer."""


def _handler(server: ModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.other.append(f"GET {self.path}")
            models = [
                {"id": MODEL, "object": "model", "slug": MODEL, "display_name": MODEL, "created": 0, "owned_by": "test"}
            ]
            self._send(200, {"object": "list", "data": models}) if "models" in self.path else self._send(404, {})

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            protocol = _protocol(self.path)
            if protocol is None:
                server.other.append(f"POST {self.path}")
                counted = {"input_tokens": 10, "totalTokens": 10}
                self._send(200, counted) if "count" in self.path else self._send(
                    404, {"error": {"message": "not here"}}
                )
                return
            body: Body = json.loads(text)
            conversation = protocol.read(body)
            answer = server.script(conversation)
            server.requests.append(Asked(self.path, body, conversation, answer))
            self._answer(protocol, body, answer)

        def _answer(self, protocol: ModelProtocol, body: Body, answer: Answer) -> None:
            if isinstance(answer, Fail):
                server.closing.wait(answer.after)
                retry = {"Retry-After": str(answer.retry_after)} if answer.retry_after is not None else {}
                error = {"type": "rate_limit_error" if answer.status == 429 else "error", "message": answer.message}
                self._send(answer.status, {"type": "error", "error": error | {"code": answer.status}}, retry)
            elif body.get("stream") or "stream" in self.path:
                self._open(200, "text/event-stream", {"Cache-Control": "no-cache"})
                for event in protocol.stream(answer):
                    self.wfile.write(event.encode())
                    self.wfile.flush()
            else:
                self._send(200, protocol.whole(answer))

        def _send(self, status: int, body: Body, headers: dict[str, str] | None = None) -> None:
            text = json.dumps(body).encode()
            self._open(status, "application/json", {"Content-Length": str(len(text))} | (headers or {}))
            self.wfile.write(text)

        def _open(self, status: int, kind: str, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in ({"Content-Type": kind, "Connection": "close"} | headers).items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Keep stderr for the tests."""

    return Handler


def _protocol(path: str) -> ModelProtocol | None:
    route = path.partition("?")[0]
    if route.endswith("/responses"):
        return Responses()
    if route.endswith("/chat/completions"):
        return ChatCompletions()
    if route.endswith("/messages"):
        return Messages()
    return GenerateContent() if route.endswith(("enerateContent",)) else None
