"""Whether a process is well, as an exit code: `python -m funnelcrm.health web|worker|beat`."""

import os
import socket
import sys
import time
import urllib.request
from pathlib import Path

from funnelcrm.celery import app

# The clock writes its file at least every three minutes.
CLOCK_IS_LATE = 10 * 60


def answers(url: str, *, host: str = "", timeout: float = 2.0) -> bool:
    """Whether the address answers 200. `host` is the name to ask for, where the server insists on its own."""
    request = urllib.request.Request(url, headers={"Host": host} if host else {})  # noqa: S310 -- our own address
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=timeout) as response:
            return response.status == 200
    except OSError:
        return False


def web() -> bool:
    """The web server answers, under the name that it was told to answer to."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    port = os.environ.get("FUNNEL_BIND", "127.0.0.1:8000").rpartition(":")[2]
    return answers(f"http://127.0.0.1:{port}/healthz", host=host, timeout=5)


def worker() -> bool:
    """The worker on this machine takes messages and answers them."""
    name = f"celery@{socket.gethostname()}"
    return bool(app.control.inspect(destination=[name], timeout=10).ping())


def beat() -> bool:
    """The clock still writes down what it did; in one file or in several, as the system's dbm does it."""
    file = Path(os.environ.get("FUNNEL_BEAT_FILE", "beat-schedule"))
    written = [part.stat().st_mtime for part in file.parent.glob(f"{file.name}*")]
    return bool(written) and time.time() - max(written) < CLOCK_IS_LATE


if __name__ == "__main__":
    sys.exit(0 if {"web": web, "worker": worker, "beat": beat}[sys.argv[1]]() else 1)
