"""Processes killed in the middle of moves: what was acknowledged stands, what was not can be asked again."""

import os
import random
import signal
import threading
import time
from uuid import uuid4

import pytest
from django.conf import settings

from tests.ops.machine import command_of, descendants, on_a_quiet_machine, wait_until
from tests.ops.test_team import CELERY, WORKER, Redis, running
from tests.stress.checker import violations
from tests.stress.client import Person, Post, all_at_once
from tests.stress.site import Site, Web

pytestmark = pytest.mark.stress
SECONDS = 15
WRITERS, DEALS = 8, 4


def web_processes(web: Web) -> list[int]:
    name = "gunicorn" if settings.TEAM_MODE else "embedded_web"
    return [pid for pid in descendants(web.pid) if name in command_of(pid)]


def kill_now_and_then(web: Web, until: float, killed: list[int]) -> None:
    """One process at a time, as fast as new ones come up: embedded has a single one."""
    pause = on_a_quiet_machine(0.5 if settings.TEAM_MODE else 2)
    while time.monotonic() < until:
        time.sleep(pause)
        if pids := web_processes(web):
            killed.append(random.choice(pids))
            os.kill(killed[-1], signal.SIGKILL)


def insist(person: Person, deal: int, seen: int, to: int) -> tuple[Post, dict, int]:
    """Ask until somebody answers, each time with the same key. The last number: how often nobody did."""
    operation = uuid4()
    for silence in range(100):
        post, answer = person.move(deal, seen, to, operation)
        if answer.status:
            return post, answer.cards, silence
        time.sleep(0.1)
    raise AssertionError("nobody answers any more")


def test_kill_9_of_web_processes_loses_nothing(site: Site):
    cast = site.cast(people=WRITERS, deals=DEALS)
    path = [cast.stages[slug] for slug in ("awareness", "interest", "evaluation")]
    onward = {stage: path[(place + 1) % 3] for place, stage in enumerate(path)}
    killed: list[int] = []
    with site.web() as web:
        until = time.monotonic() + SECONDS
        killer = threading.Thread(target=kill_now_and_then, args=(web, until, killed))
        killer.start()

        def write(person: Person, number: int) -> tuple[list[Post], int]:
            deal, posts, silences = cast.deals[number % DEALS], [], 0
            version, stage = 1, path[0]
            while time.monotonic() < until:
                post, cards, silence = insist(person, deal, version, onward[stage])
                version, stage = cards.get(deal, (version, stage))
                posts.append(post)
                silences += silence
            return posts, silences

        done = all_at_once(web, cast.sessions, write)
        killer.join()

    posts = [post for some, _ in done for post in some]
    assert len(killed) >= (3 if settings.TEAM_MODE else 1)
    assert sum(silences for _, silences in done) > 0, "no request was hit: this test tests nothing"
    assert sum(post.status == 200 for post in posts) >= 20
    assert violations(posts, site.ledger(cast.deals)) == []
    assert site.audit() == ""


@pytest.mark.postgresql
@pytest.mark.skipif(not settings.TEAM_MODE, reason="needs PostgreSQL and Redis")
def test_kill_9_of_workers_leaves_one_next_step_for_each_won_deal(site: Site, tmp_path):
    cast = site.cast(people=WRITERS, deals=40)
    redis = Redis(tmp_path)
    env = site.env | {"REDIS_URL": redis.url}
    beat = [*CELERY, "beat", f"--schedule={tmp_path / 'beat'}", "--pidfile=", "--loglevel=WARNING"]
    try:
        with site.web(REDIS_URL=redis.url) as web, running(beat, env, tmp_path):
            for round_number in range(4):
                with running(WORKER, env, tmp_path) as worker:
                    time.sleep(on_a_quiet_machine(1.5))  # it is up, and takes what comes
                    some = cast.deals[round_number * 10 : round_number * 10 + 10]
                    win(web, cast, some)
                    for pid in [*descendants(worker.pid), worker.pid]:
                        os.kill(pid, signal.SIGKILL)
                    worker.wait()
            with running(WORKER, env, tmp_path):
                wait_until(lambda: site.count("stages.Outbox") == 0, within=120, what="outbox drained")
    finally:
        redis.stop()
    assert site.count("leads.Touchpoint", deal__in=cast.deals) == len(cast.deals)
    assert site.count("leads.Deal", pk__in=cast.deals, next_step__isnull=False) == len(cast.deals)
    assert site.audit() == ""


def win(web: Web, cast, deals: list[int]) -> None:
    def move(person: Person, number: int) -> list[int]:
        mine = deals[number::WRITERS]
        return [person.move(deal, 1, cast.stages["purchase"])[1].status for deal in mine]

    assert {status for some in all_at_once(web, cast.sessions, move) for status in some} == {200}
