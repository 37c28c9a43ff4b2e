"""The two processes of the embedded product: a web server, and a Celery worker with its clock.

They share nothing but the database. The broker is in the worker's memory, so no
message crosses over: the clock looks for waiting rows every two seconds.
"""

import logging
import os
import signal
import socket
import threading
import warnings
from pathlib import Path

from celery.beat import Service
from celery.exceptions import WorkerShutdown
from celery.platforms import SecurityWarning
from celery.signals import worker_ready
from django.core.handlers.wsgi import WSGIHandler
from waitress import serve

from funnelcrm.celery import app

logger = logging.getLogger(__name__)


def run_web(application: WSGIHandler, *, listening: int) -> None:
    """Answer requests on a socket that the supervisor listens on, until SIGTERM.

    The socket outlives this process: while a new one starts, callers wait and are not refused.
    """
    signal.signal(signal.SIGTERM, _leave)
    # Waitress warns of each request that has to queue for a thread; queueing is what we want.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    serve(
        application,
        sockets=[socket.socket(fileno=listening)],
        threads=8,
        connection_limit=500,
        channel_timeout=60,
        max_request_body_size=20 * 1024 * 1024,
        clear_untrusted_proxy_headers=True,
        ident=None,
        _quiet=True,
    )


def run_worker(schedule_file: Path) -> None:
    """Work off what waits, until SIGTERM. A task that is under way is finished first."""
    # Inside a container, root is the normal user of a small machine; Celery's page-long warning helps nobody.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    worker_ready.connect(_stop_at_once)
    clock = threading.Thread(target=_keep_time, args=(schedule_file,), name="clock", daemon=True)
    clock.start()
    worker = app.Worker(
        hostname="worker@localhost",
        pool="threads",
        concurrency=2,
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        loglevel="WARNING",
    )
    worker.start()


def _keep_time(schedule_file: Path) -> None:
    try:
        Service(app, max_interval=1, schedule_filename=str(schedule_file), remote_control=False).start()
    except Exception:
        # A worker without its clock would look well and do nothing. The supervisor starts both again.
        logger.exception("The clock of the worker stopped")
        os._exit(1)


def _stop_at_once(**kwargs: object) -> None:
    """Leave Celery's loop where it sleeps; its own way takes up to four seconds longer."""
    signal.signal(signal.SIGTERM, _shut_down)


def _shut_down(number: int, frame: object) -> None:
    raise WorkerShutdown(0)


def _leave(number: int, frame: object) -> None:
    raise SystemExit
