"""Team mode as a whole: gunicorn, a Celery worker and beat, on PostgreSQL and a Redis of their own."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import psycopg
import pytest
import redis
from django.conf import settings as django_settings

from funnelcrm.health import answers
from tests.ops.deals import WAITING, WIN_A_DEAL, WITH_A_NEXT_STEP
from tests.ops.machine import (
    MANAGE,
    SECRET,
    command_of,
    descendants,
    environment,
    free_port,
    on_a_quiet_machine,
    run,
    runs,
    shell,
    start,
    stop,
    wait_until,
)

pytestmark = [pytest.mark.postgresql, pytest.mark.stress]
CELERY = [sys.executable, "-m", "celery", "--app", "funnelcrm"]
WORKER = [*CELERY, "worker", "--concurrency=2", "--loglevel=WARNING"]
GUNICORN = [sys.executable, "-m", "gunicorn", "--config", "python:funnelcrm.gunicorn", "funnelcrm.wsgi"]


class Redis:
    """A Redis server of our own, so that it may be stopped."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self):
        command = ["redis-server", "--port", str(self.port), "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until(self.answers, within=10, what="Redis")

    def answers(self):
        try:
            with redis.Redis.from_url(self.url) as client:
                return client.ping()
        except redis.ConnectionError:
            return False

    def stop(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def own_redis(tmp_path):
    if not django_settings.TEAM_MODE:
        pytest.skip("needs PostgreSQL (DATABASE_URL)")
    if not shutil.which("redis-server"):
        pytest.skip("needs a redis-server of its own, and none is installed")
    own = Redis(tmp_path)
    yield own
    own.stop()


@pytest.fixture
def env(own_redis, tmp_path):
    """A migrated database of its own, and what a process of the team must be told."""
    given = {
        key: value
        for key, value in django_settings.DATABASES["default"].items()
        if key in ("USER", "PASSWORD")
    }
    host, port = (django_settings.DATABASES["default"].get(key) for key in ("HOST", "PORT"))
    login = ":".join(filter(None, (given.get("USER"), given.get("PASSWORD"))))
    where = f"{login}@" * bool(login) + f"{host or ''}" + f":{port}" * bool(port)
    name = f"funnel_ops_{os.getpid()}"
    with psycopg.connect(f"postgresql://{where}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
        env = environment(
            DATABASE_URL=f"postgres://{where}/{name}",
            REDIS_URL=own_redis.url,
            SECRET_KEY=SECRET,
            ALLOWED_HOSTS="crm.example.com",
            FUNNEL_DATA=str(tmp_path / "data"),
            FUNNEL_BIND=f"127.0.0.1:{free_port()}",
            WEB_CONCURRENCY="3",
        )
        for command in (
            ["wait_for_database"],
            ["migrate", "-v0"],
            ["set_up"],
            ["collectstatic", "--no-input"],
        ):
            done = run(*MANAGE, *command, env=env)
            assert done.returncode == 0, done.stderr
        yield env
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def running(command, env, tmp_path):
    log = tmp_path / f"{time.monotonic_ns()}.log"
    process = start(command, env, log)
    try:
        yield process
    finally:
        if process.poll() is None:
            stop(process, signal.SIGTERM, within=15)


def drained(env, *, within):
    return wait_until(lambda: shell(WAITING, env) == "0", within=within, what="outbox drained")


def seconds_of_a_move(env):
    return float(shell(WIN_A_DEAL, env).split()[1])


def page(env, path="readyz"):
    return answers(f"http://{env['FUNNEL_BIND']}/{path}", host="crm.example.com")


def well(part, env):
    return run(sys.executable, "-m", "funnelcrm.health", part, env=env).returncode == 0


def test_a_hint_through_redis_wakes_the_worker(env, tmp_path):
    """Beat is off: only the message can have brought the worker here."""
    with running(GUNICORN, env, tmp_path) as web, running(WORKER, env, tmp_path):
        wait_until(lambda: page(env), within=20, what="web")
        assert len(descendants(web.pid)) >= 3
        wait_until(lambda: well("worker", env), within=20, what="worker")
        assert well("web", env)
        shell(WIN_A_DEAL, env)
        drained(env, within=on_a_quiet_machine(5))
        assert shell(WITH_A_NEXT_STEP, env) == "1"


def test_without_redis_work_goes_on_and_is_caught_up_with(env, own_redis, tmp_path):
    beat = [*CELERY, "beat", f"--schedule={tmp_path / 'beat'}", "--pidfile=", "--loglevel=WARNING"]
    with running(GUNICORN, env, tmp_path), running(WORKER, env, tmp_path):
        wait_until(lambda: page(env), within=20, what="web")
        wait_until(lambda: well("worker", env), within=20, what="worker")
        own_redis.process.send_signal(signal.SIGSTOP)
        assert seconds_of_a_move(env) < 2, "the move waited for a Redis that hangs"
        own_redis.stop()
        assert seconds_of_a_move(env) < 2, "the move waited for a Redis that is gone"
        assert seconds_of_a_move(env) < 2
        assert page(env)
        assert shell(WAITING, env) == "3"

        own_redis.start()
        with running(beat, env, tmp_path):
            drained(env, within=60)
            assert well("beat", env | {"FUNNEL_BEAT_FILE": str(tmp_path / "beat")})
        assert shell(WITH_A_NEXT_STEP, env) == "3"


def test_one_command_runs_it_all_and_stops_it_all(env, tmp_path):
    with running([*MANAGE, "run_team"], env, tmp_path) as team:
        wait_until(lambda: page(env), within=30, what="web")
        web = next(pid for pid in descendants(team.pid) if "gunicorn" in command_of(pid))
        for worker in descendants(web)[:2]:
            os.kill(worker, signal.SIGKILL)
        assert page(env), "killed workers, and a visitor notices"
        shell(WIN_A_DEAL, env)
        drained(env, within=30)
        family = descendants(team.pid)
        assert stop(team, signal.SIGINT) < on_a_quiet_machine(6)
    assert team.returncode == 0
    wait_until(lambda: not any(map(runs, family)), within=3, what="all gone")


def test_a_database_that_does_not_answer_is_waited_for_and_then_named(env):
    gone = env | {"DATABASE_URL": f"postgres://nobody@127.0.0.1:{free_port()}/nothing"}
    began = time.monotonic()
    done = run(*MANAGE, "wait_for_database", "--seconds=2", env=gone)
    assert time.monotonic() - began >= 2
    assert done.returncode == 1
    assert "The database does not answer" in done.stderr
    assert "Traceback" not in done.stderr
