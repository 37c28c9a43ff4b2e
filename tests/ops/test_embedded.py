"""The embedded product as a whole, by its real command: opens, works in the background, stops, keeps."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from funnelcrm.health import answers
from tests.ops.deals import WIN_A_DEAL, WITH_A_NEXT_STEP
from tests.ops.machine import (
    MANAGE,
    command_of,
    descendants,
    environment,
    on_a_quiet_machine,
    run,
    runs,
    shell,
    start,
    stop,
    wait_until,
)


@dataclass
class Product:
    process: subprocess.Popen
    env: dict[str, str]
    log: Path
    url: str = ""

    @property
    def said(self) -> str:
        return self.log.read_text()

    def child(self, name: str) -> int | None:
        return next((pid for pid in descendants(self.process.pid) if name in command_of(pid)), None)

    def counts(self, table: str) -> int:
        with sqlite3.connect(Path(self.env["FUNNEL_DATA"]) / "funnel.sqlite3", timeout=20) as database:
            return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608


def open_product(data: Path, *, within: float = 40) -> Product:
    env = environment(FUNNEL_DATA=str(data))
    log = data.parent / f"run-{time.monotonic_ns()}.log"
    product = Product(start([*MANAGE, "run_embedded", "--port=0", "--no-demo"], env, log), env, log)

    def is_open() -> bool:
        assert product.process.poll() is None, product.said
        return "is open at" in product.said

    try:
        wait_until(is_open, within=within, what="open")
    except AssertionError:
        stop(product.process)
        raise
    product.url = re.search(r"http://\S+/", product.said).group()
    return product


@pytest.fixture
def data(tmp_path, settings):
    if settings.TEAM_MODE:
        pytest.skip("The embedded product runs on SQLite; the SQLite pass tests it.")
    return tmp_path / "data"


@pytest.fixture
def product(data):
    product = open_product(data)
    yield product
    if product.process.poll() is None:
        stop(product.process)


@pytest.mark.stress
def test_it_opens_works_stops_and_keeps(data):
    product = open_product(data)
    try:
        assert all(answers(product.url + page) for page in ("healthz", "readyz", "sign-in/"))
        shell(WIN_A_DEAL, product.env)
        took = wait_until(lambda: product.counts("stages_outbox") == 0, within=10, what="outbox drained")
        assert shell(WITH_A_NEXT_STEP, product.env) == "1", f"drained in {took:.1f} s, but no next step"
        family = [product.process.pid, *descendants(product.process.pid)]
    finally:
        stopped_in = stop(product.process)
    assert stopped_in < on_a_quiet_machine(5)
    assert "web process did not stop" not in product.said
    assert product.process.returncode == 0
    assert not any(map(runs, family)), "processes are left behind"
    assert "Traceback" not in product.said
    assert "Stopped" in product.said

    again = open_product(data, within=on_a_quiet_machine(5))
    try:
        assert again.counts("leads_deal") == 1
        assert again.counts("stages_stage") == 6
    finally:
        stop(again.process, signal.SIGTERM)
    assert again.process.returncode == 0
    assert "Traceback" not in again.said


@pytest.mark.stress
def test_a_killed_process_is_replaced_and_nobody_is_refused(product):
    for name in ("embedded_web", "embedded_worker"):
        before = product.child(name)
        os.kill(before, signal.SIGKILL)
        wait_until(lambda: product.child(name) not in (None, before), within=15, what=f"new {name}")  # noqa: B023
        assert answers(product.url + "readyz", timeout=15)
    shell(WIN_A_DEAL, product.env)
    wait_until(lambda: product.counts("stages_outbox") == 0, within=20, what="outbox drained")


@pytest.mark.stress
def test_kill_9_of_all_of_it_leaves_nothing_behind(product, data):
    family = descendants(product.process.pid)
    assert len(family) >= 2
    product.process.kill()
    product.process.wait()
    wait_until(lambda: not any(map(runs, family)), within=5, what="children gone")

    again = open_product(data)
    stop(again.process)


def test_a_taken_port_is_said_in_one_sentence(data):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run(*MANAGE, "run_embedded", f"--port={port}", env=environment(FUNNEL_DATA=str(data)))
    assert done.returncode == 1
    assert f"Port {port} of 127.0.0.1 cannot be used: Address already in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_does_not_mistake_a_teams_database_for_its_own(data):
    env = environment(FUNNEL_DATA=str(data), REDIS_URL="redis://127.0.0.1:1/0")
    done = run(*MANAGE, "run_embedded", "--port=0", env=env)
    assert done.returncode == 1
    assert "bin/team" in done.stderr
