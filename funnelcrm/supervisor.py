"""Keeps the processes of one machine running: starts them, replaces what died, stops them together."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

STOP_WITHIN = 4.0
# A child that dies sooner than this after its start waits before the next one: no tight loop of crashes.
TOO_SOON = 5.0
DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, of <sys/prctl.h>


@dataclass
class Child:
    """One process to keep. `fds` are open files that it inherits, such as the listening socket."""

    name: str
    command: list[str]
    fds: tuple[int, ...] = ()
    process: subprocess.Popen | None = field(default=None, repr=False)
    started_at: float = 0.0
    start_again_at: float = 0.0

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.start_again_at = 0.0
        # Its own session: Ctrl-C in the terminal reaches the supervisor alone, which stops them in order.
        self.process = subprocess.Popen(  # noqa: S603 -- our own command lines
            self.command, pass_fds=self.fds, start_new_session=True, preexec_fn=_die_with_parent
        )

    def look_after(self) -> None:
        """Start the child again if it died: at once, or after a while if it died at birth."""
        if self.process and self.process.poll() is not None:
            lived = time.monotonic() - self.started_at
            _say(f"The {self.name} process ended ({_reason(self.process.returncode)}). Starting it again.")
            self.process = None
            self.start_again_at = time.monotonic() + (0 if lived > TOO_SOON else TOO_SOON)
        if not self.process and time.monotonic() >= self.start_again_at:
            self.start()


class Supervisor:
    """Runs until SIGINT, SIGTERM or SIGHUP."""

    def __init__(self, children: list[Child]) -> None:
        self.children = children
        self.stopping = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)

    def run(self, when_started: Callable[[], bool]) -> None:
        """Keep the children running. `when_started` is asked until it says that all is up, then no more."""
        started = False
        for child in self.children:
            child.start()
        while not self.stopping:
            for child in self.children:
                child.look_after()
            started = started or when_started()
            time.sleep(0.1)
        self._end_children()

    def _stop(self, number: int, frame: object) -> None:
        self.stopping = True

    def _end_children(self) -> None:
        """Ask all of them, wait a little, and then insist: what is not committed is done again next time."""
        running = [child for child in self.children if child.process]
        for child in running:
            child.process.terminate()
        until = time.monotonic() + STOP_WITHIN
        for child in running:
            try:
                child.process.wait(timeout=max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                _say(f"The {child.name} process did not stop in time, and was killed.")
                os.killpg(child.process.pid, signal.SIGKILL)
                child.process.wait()


def listen(address: str, port: int) -> socket.socket:
    """The socket that callers reach. Held here, so that nobody is refused while a web process is replaced."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address, port))
    except OSError as error:
        listening.close()
        raise OSError(error.errno, f"Port {port} of {address} cannot be used: {error.strerror}") from None
    listening.listen(1024)
    listening.set_inheritable(True)
    return listening


def _die_with_parent() -> None:
    """Even kill -9 of the supervisor must leave nothing behind that holds the port or the database."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DEATH_SIGNAL, signal.SIGTERM)


def _reason(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
