"""Gunicorn in team mode: `gunicorn --config python:funnelcrm.gunicorn funnelcrm.wsgi`."""

import os

bind = os.environ.get("FUNNEL_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "") or 2 * (os.cpu_count() or 1) + 1)
# Threads take slow callers and the boards' polls; each thread keeps one connection to the database.
worker_class = "gthread"
threads = int(os.environ.get("FUNNEL_THREADS", "4"))
# A statement ends after 10 s by itself, so a worker that is silent this long is stuck.
timeout = 30
graceful_timeout = 20
# Longer than a usual proxy keeps its side open: it never sends a request into a closing connection.
keepalive = 75
# New processes now and then, not all at once: what leaks stays small.
max_requests = 5000
max_requests_jitter = 500
limit_request_line = 8190
# The heartbeat of the workers is a file: in memory, so that the disk may be read-only or slow.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
control_socket_disable = True
preload_app = False
errorlog = "-"
accesslog = os.environ.get("FUNNEL_ACCESS_LOG") or None
loglevel = "warning"
# The proxy in front is named by FUNNEL_BEHIND_PROXY, and Django alone decides what to believe of it.
forwarded_allow_ips = ""
proc_name = "funnelcrm"
