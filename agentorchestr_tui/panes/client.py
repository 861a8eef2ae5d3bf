"""The session's door to its pane host: start one or join a living one, open panes, leave, close."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

import psutil
import ptyprocess

from agentorchestr_tui.core.errors import LaunchError, PaneError

from . import frames
from .host import HOST_IDLE
from .hosted import HostedPane, Standing
from .pane import GRACE, Launch
from .pump import Pump
from .wire import Wire, connect

START_PATIENCE = 20.0  # seconds for a fresh host to listen, and for a program to be exec'd
REPLAY_PATIENCE = 60.0  # seconds for the emulators to catch up with a living host
END_PATIENCE = 15.0  # seconds for a host to end
LOOK = 0.005  # seconds between two looks whether the host's process is gone

_BOOT = (  # isolated and without site: the host imports next to nothing, and nothing from the current folder
    "import sys; sys.path += sys.argv[4:]; from agentorchestr_tui.panes.host import main; sys.exit(main(sys.argv[1:4]))"
)


class HostedPanes:
    """The panes of one session in one pane host; implements `PaneBackend`."""

    def __init__(self, socket_path: Path, wire: Wire, host: int) -> None:
        self._socket_path, self._wire, self._host = socket_path, wire, host
        self._pump = Pump()
        self._panes: dict[str, HostedPane] = {}
        self._favoured: str | None = None

    @classmethod
    async def start(cls, socket_path: Path, recordings: Path, *, idle: float = HOST_IDLE) -> HostedPanes:
        """Start a host that serves at a socket and records into a folder, and connect. Raises: LaunchError."""
        await _start_host(socket_path, recordings, idle)
        try:
            return await cls.connect(socket_path)
        except PaneError as error:
            raise LaunchError(str(error)) from error

    @classmethod
    async def connect(cls, socket_path: Path) -> HostedPanes:
        """Join a living host and rebuild its panes, whoever served them before. Raises: PaneError."""
        wire = await connect(socket_path)
        try:
            host, cards = await wire.ask("hello", _greeting)
            backend = cls(socket_path, wire, host)
            await backend._join(cards)
        except BaseException:
            wire.leave()
            raise
        return backend

    @property
    def panes(self) -> Mapping[str, HostedPane]:
        """The panes there are, by name."""
        return self._panes

    @property
    def socket_path(self) -> Path:
        """Where the host serves."""
        return self._socket_path

    @property
    def left(self) -> bool:
        """Whether this client has no connection any more: it left, was replaced, or the host is gone."""
        return bool(self._wire.reason)

    @property
    def host(self) -> int:
        """The process id of the host."""
        return self._host

    async def open(self, name: str, launch: Launch) -> HostedPane:
        """Start a process in a new pane. Raises: LaunchError."""
        try:
            return await self._wire.ask(
                "open",
                lambda card: self._add(card, Standing.read(card)),
                patience=START_PATIENCE,
                name=name,
                argv=launch.argv,
                cwd=str(launch.cwd),
                names=list(launch.env),
                values=list(launch.env.values()),
                columns=launch.columns,
                lines=launch.lines,
                spare=launch.spare,
            )
        except PaneError as error:
            raise LaunchError(str(error)) from error

    def favour(self, name: str | None) -> None:
        """Parse this pane's output before any other's: a person types into it."""
        self._favoured = name
        self._pump.favoured = None if name is None else self._panes.get(name)

    async def leave(self) -> None:
        """Let go of the panes; their processes live on."""
        self._wire.leave()

    async def close(self, grace: float = GRACE) -> None:
        """End every pane's process tree, `grace` seconds between steps, then the host.

        Raises: PaneError when a process cannot be ended.
        """
        if self._wire.reason:  # let go of, taken over, or ended with its host: nothing here is ours to end
            return
        ends = await asyncio.gather(*(pane.end(grace) for pane in self._panes.values()), return_exceptions=True)
        self._wire.tell("quit")
        await asyncio.wait([self._wire.gone], timeout=END_PATIENCE)
        self._wire.leave()
        await _gone(self._host)
        for end in ends:
            if isinstance(end, BaseException):
                raise end

    async def _join(self, cards: list[frames.Words]) -> None:
        for card in cards:
            await self._attach(card)
        try:
            async with asyncio.timeout(REPLAY_PATIENCE):
                for pane in list(self._panes.values()):
                    await pane.caught_up()
        except TimeoutError as error:
            raise PaneError(
                f"The agents' terminals took longer than {REPLAY_PATIENCE:.0f} seconds to read; try again."
            ) from error

    async def _attach(self, card: frames.Words) -> None:
        number = card.number("number")
        await self._wire.ask("attach", lambda answer: self._add(card, Standing.read(answer)), pane=number, offset=0)

    def _add(self, card: frames.Words, standing: Standing) -> HostedPane:
        pane = HostedPane(card, standing, self._wire, self._pump)
        self._panes[pane.name] = pane
        if pane.name == self._favoured:
            self._pump.favoured = pane
        return pane


def _greeting(answer: frames.Words) -> tuple[int, list[frames.Words]]:
    if answer.number("protocol") != frames.PROTOCOL:
        raise PaneError(
            "The agents' terminals run under another version of agentorchestr; end the session with that version."
        )
    return answer.number("pid"), answer.parts("panes")


async def _start_host(socket_path: Path, recordings: Path, idle: float) -> None:
    """Run the host's starter, which is done once the host listens. Raises: LaunchError."""
    command = [sys.executable, "-I", "-S", "-c", _BOOT, str(socket_path), str(recordings), str(idle), *_homes()]
    null = asyncio.subprocess.DEVNULL
    try:
        starter = await asyncio.create_subprocess_exec(
            *command, stdin=null, stdout=null, stderr=asyncio.subprocess.PIPE, start_new_session=True
        )
    except OSError as error:
        raise LaunchError(
            f"The agents' terminals could not be started ({error.strerror}); check {sys.executable}."
        ) from error
    try:
        async with asyncio.timeout(START_PATIENCE):
            _, said = await starter.communicate()
    except TimeoutError as error:
        starter.kill()
        await starter.wait()
        raise LaunchError(f"The agents' terminals did not start in {START_PATIENCE:.0f} seconds; try again.") from error
    except asyncio.CancelledError:  # nobody would end the host that it is about to leave in the background
        starter.kill()
        raise
    if starter.returncode:
        lines = said.decode("utf-8", "replace").strip().splitlines()
        raise LaunchError(
            lines[-1] if lines else f"The agents' terminals could not be started; check {sys.executable}."
        )


def _homes() -> list[str]:
    """Return the folders that hold this package and the two that its host imports."""
    modules = (Path(__file__).parents[2], Path(ptyprocess.__file__).parents[1], Path(psutil.__file__).parents[1])
    return list(dict.fromkeys(map(str, modules)))


async def _gone(process: int) -> None:
    """Return when a process is gone, or has ended uncollected. Raises: PaneError after a while."""
    looks = int(END_PATIENCE / LOOK)
    for _ in range(looks):
        if not _stands(process):
            return
        await asyncio.sleep(LOOK)
    raise PaneError(
        f"What held the agents' terminals, process {process}, does not end; end it by hand (kill {process})."
    )


def _stands(process: int) -> bool:
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
