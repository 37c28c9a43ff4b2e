"""What the tests of whole processes share: a clean environment, free ports, waiting, and who still runs."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, str(ROOT / "manage.py")]
OURS = (
    "DATABASE",
    "REDIS",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "FUNNEL_",
    "DJANGO_",
    "DEBUG",
    "PORT",
    "PYTEST",
    "CONN_",
)
SECRET = "a-key-for-the-tests-of-team-mode-and-nothing-else-0123456789"


def environment(**settings: str) -> dict[str, str]:
    """Only what is said here; nothing of this test run, which has settings of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return kept | {"PYTHONUNBUFFERED": "1"} | settings


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(true: Callable[[], object], *, within: float, what: str) -> float:
    """How long it took; fails when it takes longer."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < within, f"{what}: not within {within} s"
        time.sleep(0.05)
    return time.monotonic() - began


def on_a_quiet_machine(seconds: float) -> float:
    """A promise in seconds, stretched where this machine is busy with other work too."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def run(*command: object, env: dict[str, str], timeout: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*map(str, command)],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=timeout,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def shell(code: str, env: dict[str, str]) -> str:
    """Run Python in the product, in a process of its own. Its output."""
    done = run(*MANAGE, "shell", "--no-imports", "-c", code, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def start(command: list[str], env: dict[str, str], log: Path) -> subprocess.Popen:
    with log.open("w") as file:
        return subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=file, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        )


def stop(process: subprocess.Popen, number: int = signal.SIGINT, *, within: float = 10) -> float:
    """Send the signal; how long the process took to end."""
    began = time.monotonic()
    process.send_signal(number)
    try:
        process.wait(within)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    return time.monotonic() - began


def descendants(pid: int) -> list[int]:
    found = []
    for child in _children(pid):
        found += [child, *descendants(child)]
    return found


def _children(pid: int) -> list[int]:
    try:
        return [int(part) for part in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def runs(pid: int) -> bool:
    """Alive, and no zombie that only waits to be counted."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
