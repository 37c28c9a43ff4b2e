"""Redis hangs, and Redis is gone: every page and move still works, and none waits for it."""

import signal
import time

import pytest
from django.conf import settings

from tests.ops.machine import on_a_quiet_machine
from tests.ops.test_team import Redis
from tests.stress.client import Person

pytestmark = [
    pytest.mark.stress,
    pytest.mark.postgresql,
    pytest.mark.skipif(not settings.TEAM_MODE, reason="needs PostgreSQL and Redis"),
]


def seconds(act) -> float:
    began = time.monotonic()
    assert act() == 200
    return time.monotonic() - began


def test_nobody_waits_for_redis(site, tmp_path):
    cast = site.cast(people=1, deals=9)
    deals = iter(cast.deals)
    redis = Redis(tmp_path)
    try:
        with site.web(REDIS_URL=redis.url, WEB_CONCURRENCY="1") as web:
            person = Person(web, cast.sessions[0])

            def slowest() -> float:
                """Three wins, and as often the board."""
                return max(
                    max(
                        seconds(lambda: person.move(next(deals), 1, cast.stages["purchase"])[1].status),
                        seconds(lambda: person.get("/board/").status),
                    )
                    for _ in range(3)
                )

            slowest()  # warm
            redis.process.send_signal(signal.SIGSTOP)
            assert slowest() < on_a_quiet_machine(2), "waited for a Redis that hangs"
            redis.stop()
            assert slowest() < on_a_quiet_machine(2), "waited for a Redis that is gone"
            person.close()
    finally:
        redis.stop()
    assert site.count("stages.Outbox", deal__in=cast.deals) == 9
    assert site.audit() == ""
