"""A whole installation under load: its own database, its web processes, and what stands in it afterwards."""

import json
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.conf import settings

from funnelcrm.health import answers
from tests.ops.machine import MANAGE, SECRET, environment, free_port, run, shell, start, stop, wait_until

# Deals for many people of one team, and a session for each of them. The arguments come as JSON.
SET_UP = """
import json
from django.conf import settings
from django.test import Client
from funnelcrm.models import Team, User
from leads.domain.deals import create_deal
from stages.models import LossReason, Stage

asked = json.loads({asked!r})
team, _ = Team.objects.get_or_create(name="Stress")
people = [User.objects.get_or_create(email=f"stress{{n}}@example.com", defaults={{"name": f"Person {{n}}",
          "team": team, "role": "rep"}})[0] for n in range(asked["people"])]
sessions = []
for person in people:
    client = Client()
    client.force_login(person)
    sessions.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
stage = Stage.objects.get(slug="awareness")
deals = [create_deal(title=f"Deal {{n}}", stage=stage, by=people[0], owner=people[n % len(people)]).pk
         for n in range(asked["deals"])]
print(json.dumps({{"sessions": sessions, "deals": deals,
    "stages": dict(Stage.objects.values_list("slug", "pk")),
    "reason": LossReason.objects.filter(needs_note=False).first().pk}}))
"""
LEDGER = """
import json
from stages.models import DealEvent
rows = DealEvent.objects.filter(deal__in={deals}).order_by("deal_id", "seq")
names = ("deal_id", "seq", "kind", "from_stage_id", "to_stage_id", "operation", "voids_id", "pk")
print(json.dumps([dict(zip(names, map(lambda v: v if v is None or isinstance(v, (int, str)) else v.hex, row)))
                  for row in rows.values_list(*names)]))
"""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays in a test: sessions of people, deals in Awareness, stages by name."""

    sessions: list[str]
    deals: list[int]
    stages: dict[str, int]
    reason: int


class Site:
    """One installation. In team mode on PostgreSQL, otherwise embedded on SQLite."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = environment(FUNNEL_DATA=str(folder / "data"))
        if settings.TEAM_MODE:
            self.env |= {
                "DATABASE_URL": _url_of(f"funnel_stress_{os.getpid()}", make=True),
                "SECRET_KEY": SECRET,
                "ALLOWED_HOSTS": "127.0.0.1",
                "FUNNEL_HTTPS": "0",
            }
        for command in (["migrate", "-v0"], ["set_up"], ["collectstatic", "--no-input", "-v0"]):
            (folder / "data").mkdir(exist_ok=True)
            done = run(*MANAGE, *command, env=self.env)
            assert done.returncode == 0, done.stderr

    def close(self) -> None:
        if settings.TEAM_MODE:
            _url_of(f"funnel_stress_{os.getpid()}", make=False)

    def cast(self, *, people: int, deals: int) -> Cast:
        asked = json.dumps({"people": people, "deals": deals})
        return Cast(**json.loads(shell(SET_UP.format(asked=asked), self.env)))

    def ledger(self, deals: list[int]) -> list[dict]:
        """The events of some deals, in the order of their numbers."""
        return json.loads(shell(LEDGER.format(deals=deals), self.env))

    def count(self, model: str, **which: object) -> int:
        rows = f"apps.get_model({model!r}).objects.filter(**{which!r})"
        return int(shell(f"from django.apps import apps; print({rows}.count())", self.env))

    def audit(self) -> str:
        """What `manage.py audit` has to say; blank where every row is what the ledger says."""
        done = run(*MANAGE, "audit", env=self.env, timeout=300)
        return "" if done.returncode == 0 else done.stdout + done.stderr

    @contextmanager
    def web(self, broken: str = "", **env: str) -> Iterator["Web"]:
        """The product's web server. `broken`: with that guard taken out (tests.stress.broken)."""
        port = free_port()
        log = self.folder / f"web-{time.monotonic_ns()}.log"
        app = "tests.stress.broken:application" if broken else "funnelcrm.wsgi:application"
        given = {"FUNNEL_BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "4", "STRESS_BROKEN": broken}
        process = start(_command(port, app, broken), self.env | given | env, log)
        web = Web(process.pid, port, log)
        try:
            wait_until(lambda: answers(f"http://127.0.0.1:{port}/readyz"), within=60, what="web")
            yield web
        finally:
            stop(process, within=30)


@dataclass(frozen=True, slots=True)
class Web:
    """A running web server."""

    pid: int
    port: int
    log: Path

    @property
    def complaints(self) -> list[str]:
        """What its log says about errors."""
        return re.findall(r".*(?:Traceback|locked|deadlock|Error).*", self.log.read_text())


def _command(port: int, app: str, broken: str) -> list[str]:
    if settings.TEAM_MODE:
        return [sys.executable, "-m", "gunicorn", "--config", "python:funnelcrm.gunicorn", app]
    if broken:
        return [sys.executable, "-m", "waitress", f"--listen=127.0.0.1:{port}", "--threads=8", app]
    return [*MANAGE, "run_embedded", f"--port={port}", "--no-demo"]


def _url_of(name: str, *, make: bool) -> str:
    """A database beside the one of the tests, made afresh or dropped."""
    given = settings.DATABASES["default"]
    login = ":".join(filter(None, (given.get("USER"), given.get("PASSWORD"))))
    host, port = given.get("HOST") or "", given.get("PORT") or ""
    where = f"{login}@" * bool(login) + host + f":{port}" * bool(port)
    with psycopg.connect(f"postgresql://{where}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        if make:
            connection.execute(f"CREATE DATABASE {name}")
    return f"postgres://{where}/{name}"
