"""Time, queries and bytes of a piece of work, and a person at the board."""

import statistics
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from funnelcrm.models import User


@dataclass(slots=True)
class Cost:
    """What a piece of work takes, in milliseconds of one thread, warm."""

    median: float
    p95: float
    n: int
    queries: int = 0
    bytes: int = 0


def costs_of(*acts: Callable[[], object], n: int, warm: int = 3) -> list[Cost]:
    """Do each `warm` times for nothing, once to count its queries, then in turns against the clock.

    In turns, so that a machine that is busy with something else slows all of them alike.
    """
    for _ in range(warm):
        for act in acts:
            act()
    counts = []
    for act in acts:
        with counted() as statements:
            answer = act()
        counts.append((len(statements), len(answer.content) if isinstance(answer, HttpResponse) else 0))
    times: list[list[float]] = [[] for _ in acts]
    for _ in range(n):
        for act, taken in zip(acts, times, strict=True):
            began = time.perf_counter()
            act()
            taken.append((time.perf_counter() - began) * 1000)
    return [
        Cost(statistics.median(taken), sorted(taken)[int(n * 0.95)], n, queries, size)
        for taken, (queries, size) in zip(times, counts, strict=True)
    ]


@contextmanager
def counted():
    """The statements that Django sends meanwhile, savepoints left out."""
    statements: list[str] = []

    def keep(execute, sql, params, many, context):
        if "SAVEPOINT" not in sql:
            statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        yield statements


class Browser:
    """A signed-in person: the real middleware, session and CSRF check, without a network."""

    def __init__(self, person: User) -> None:
        self.person = person
        self.client = Client(enforce_csrf_checks=True, headers={"HX-Request": "true"})
        self.client.force_login(person)
        self.client.get(reverse("leads:board"))

    @property
    def session_key(self) -> str:
        return self.client.cookies[settings.SESSION_COOKIE_NAME].value

    def get(self, name: str, *args: object, **query: object) -> HttpResponse:
        return self._fine(self.client.get(reverse(f"leads:{name}", args=args), query))

    def post(self, name: str, *args: object, **data: object) -> HttpResponse:
        token = self.client.cookies[settings.CSRF_COOKIE_NAME].value
        url = reverse(f"leads:{name}", args=args)
        return self._fine(self.client.post(url, data, headers={"X-CSRFToken": token}))

    @staticmethod
    def _fine(response: HttpResponse) -> HttpResponse:
        if response.status_code not in (200, 204):
            raise RuntimeError(f"{response.status_code}: {response.content[:300]!r}")
        return response
