"""`python served.py LOG PORT`: an agent that is watched and spoken to by its own HTTP server, and logs what came in.

Its screen says that it works, whatever it does. Keys: `t` a turn, `p` a permission prompt in it, `s` a session of a
helper that ends at once, `x` the end of the server. Each line of the log is a JSON string (a message) or a table.
"""

from __future__ import annotations

import base64
import json
import os
import queue
import sys
import threading
import tty
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

LOG, PORT = Path(sys.argv[1]), int(sys.argv[2])
KEY = "Basic " + base64.b64encode(f"opencode:{os.environ['OPENCODE_SERVER_PASSWORD']}".encode()).decode()
MAIN, HELPER = "ses_main", "ses_helper"


class State:
    """What it does, and who listens."""

    def __init__(self) -> None:
        self.busy: dict[str, dict[str, str]] = {}  # by session, as the server tells it
        self.asked: list[dict[str, str | dict[str, str]]] = []
        self.listeners: list[queue.Queue[bytes]] = []
        self.turns = 0

    def tell(self, kind: str, **properties: object) -> None:
        """Tell everyone who listens."""
        line = b"data: " + json.dumps({"type": kind, "properties": properties}).encode() + b"\n\n"
        for listener in list(self.listeners):
            listener.put(line)

    def does(self, session: str, status: str) -> None:
        """Begin or end a turn."""
        self.busy = {name: each for name, each in self.busy.items() if name != session}
        if status != "idle":
            self.busy[session] = {"type": status}
        self.tell("session.status", sessionID=session, status={"type": status})

    def ask(self) -> None:
        """Ask for permission."""
        self.turns += 1
        metadata = {"command": f"rm -rf build{self.turns}"}
        asked = {"id": f"per_{self.turns}", "sessionID": MAIN, "permission": "bash", "metadata": metadata}
        self.asked.append(asked)
        self.tell("permission.asked", **asked)


STATE = State()


def note(what: object) -> None:
    """Write a line of the log."""
    with LOG.open("a", encoding="utf-8") as log:
        log.write(json.dumps(what) + "\n")


class Handler(BaseHTTPRequestHandler):
    """The server."""

    def log_message(self, *_: object) -> None:
        """Say nothing: the terminal is a screen."""

    def do_GET(self) -> None:
        """Answer what is the case, or stream what happens."""
        if self.headers.get("Authorization") != KEY:
            self.answer(401, None)
        elif self.path == "/event":
            self.stream()
        elif self.path == "/session/status":
            self.answer(200, STATE.busy)
        elif self.path == f"/session/{HELPER}":
            self.answer(200, {"id": HELPER, "parentID": MAIN})
        elif self.path.startswith("/session/"):
            self.answer(200, {"id": MAIN})
        else:
            self.answer(200, STATE.asked if self.path == "/permission" else [])

    def do_POST(self) -> None:
        """Take an answer or a message."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers.get("Authorization") != KEY:
            self.answer(401, None)
        elif self.path.startswith("/permission/"):
            asked = self.path.split("/")[2]
            note({"replied": body["reply"], "id": asked})
            STATE.asked = [each for each in STATE.asked if each["id"] != asked]
            self.answer(200, True)
            STATE.tell("permission.replied", sessionID=MAIN, requestID=asked, reply=body["reply"])
        elif self.path == f"/session/{MAIN}/prompt_async":
            note(body["parts"][0]["text"])
            self.answer(204, None)
            STATE.does(MAIN, "busy")
            STATE.does(MAIN, "idle")
        else:
            self.answer(404, None)

    def answer(self, code: int, body: object) -> None:
        """Send one answer."""
        text = b"" if code == 204 else json.dumps(body).encode()
        self.send_response(code)
        if text:
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def stream(self) -> None:
        """Send what happens, in pieces that split lines."""
        mine: queue.Queue[bytes] = queue.Queue()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        STATE.listeners.append(mine)
        self.end_headers()
        mine.put(b'data: {"type": "server.connected", "properties": {}}\n\n')
        while line := mine.get():
            for piece in (line[:9], line[9:]):
                self.wfile.write(piece)
                self.wfile.flush()


def main() -> None:
    """Draw the screen, serve, and do what the keys say."""
    tty.setraw(0)
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write("\x1b[?2004h\x1b[2Jworking\r\nesc interrupt")
    sys.stdout.flush()
    while data := os.read(0, 65536):
        if len(data) > 1:
            note({"typed": data.decode(errors="replace")})
        elif data == b"t":
            STATE.does(MAIN, "idle" if MAIN in STATE.busy else "busy")
        elif data == b"s":
            STATE.does(HELPER, "busy")
            STATE.does(HELPER, "idle")
        elif data == b"p":
            STATE.ask()
        elif data == b"x":
            server.shutdown()
            server.server_close()
            for listener in STATE.listeners:
                listener.put(b"")


if __name__ == "__main__":
    main()
