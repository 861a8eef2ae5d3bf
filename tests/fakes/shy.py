"""An agent that shares a home badly: two starts at once meet a locked database, two renewals lose the login."""

from __future__ import annotations

import fcntl
import json
import os
import runpy
import sys
import time
from pathlib import Path

HOME = Path(os.environ["SHY_HOME"])
OPENS = 0.6  # seconds that the database is locked by a start
RENEWS = 0.4  # seconds from reading the old login to writing the new one


def open_database() -> None:
    lock = (HOME / "database").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        note("locked")
        sys.exit("Unexpected error: database is locked")
    time.sleep(OPENS)
    lock.close()


def renew_login() -> None:
    path = HOME / "auth.json"
    if not path.exists():
        return
    login = json.loads(path.read_text())
    if login["expires"] > time.time() + 60:
        return
    time.sleep(RENEWS)
    used = HOME / f"used-{login['token']}"
    try:
        used.touch(exist_ok=False)
    except FileExistsError:
        note("logged-out")
        sys.stdout.write("Your refresh token was already used. Log in again.\n")
        sys.stdout.flush()
        while json.loads(path.read_text())["expires"] < time.time():
            time.sleep(0.05)
        return
    aside = HOME / "auth.new"
    aside.write_text(json.dumps({"token": login["token"] + 1, "expires": time.time() + 3600}))
    aside.replace(path)


def note(what: str) -> None:
    with (HOME / "notes").open("a") as notes:
        notes.write(f"{what}\n")


if os.environ.get("SHY_DATABASE"):
    open_database()
renew_login()
note("started")
runpy.run_module("agentorchestr_tui.rehearsal", run_name="__main__")
